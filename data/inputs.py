"""Reports to read from files or standard input: ``.txt``, ``.jsonl``, ``.csv``. Streams; refuses by file and line."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from .errors import DataError


def read_inputs(names: Sequence[str], text_column: str = "text", id_column: str = "id") -> Iterator[tuple[str, str]]:
    """(id, text) of every report in ``names``. A report without an id is named by file and line."""
    for identity, text, _ in read_reports(names, text_column, id_column):
        yield identity, text


def read_reports(
    names: Sequence[str], text_column: str = "text", id_column: str = "id"
) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """(id, text, what else its record or row says) of every report in ``names``; the last is empty for ``.txt``."""
    for name in names:
        if name == "-":
            yield "-", _decode(sys.stdin.buffer.read(), "standard input"), {}
            continue
        path = Path(name)
        if path.is_dir():
            raise DataError("is a folder; give its files, e.g. FOLDER/*.txt", file=name)
        kind = path.suffix.lower()
        if kind == ".jsonl":
            found = _jsonl(path, text_column, id_column)
        elif kind == ".csv":
            found = _csv(path, text_column, id_column)
        elif kind in (".txt", ""):
            found = iter([(path.stem, _decode(_bytes(path), name), {})])
        else:
            raise DataError("unknown kind of file; .txt, .jsonl and .csv can be read", file=name)
        for identity, text, row in found:
            yield identity, text, {k: v for k, v in row.items() if k not in (text_column, id_column)}


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise DataError(f"cannot be read: {error.strerror}", file=str(path)) from None


def _decode(raw: bytes, file: str, line: int | None = None) -> str:
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise DataError("is UTF-16; save it as UTF-8 (iconv -f UTF-16 -t UTF-8)", file=file)
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DataError(
            f"not UTF-8 at byte {error.start}; if it is Windows Arabic: iconv -f CP1256 -t UTF-8", file=file, line=line
        ) from None


def _jsonl(path: Path, text_column: str, id_column: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    with path.open("rb") as lines:
        for number, raw in enumerate(lines, 1):
            if not raw.strip():
                continue
            try:
                record = json.loads(_decode(raw, str(path), number))
            except json.JSONDecodeError as error:
                raise DataError(f"not JSON: {error}; one object a line", file=str(path), line=number) from None
            if not isinstance(record, dict) or not isinstance(record.get(text_column), str):
                keys = ", ".join(map(str, record)) if isinstance(record, dict) else type(record).__name__
                raise DataError(
                    f"no text under {text_column!r} (found: {keys}); name it with --text-column",
                    file=str(path),
                    line=number,
                )
            yield str(record.get(id_column, f"{path.stem}:{number}")), record[text_column], record


def _csv(path: Path, text_column: str, id_column: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    _decode(_bytes(path), str(path))  # the csv module would report a bad byte without its place
    csv.field_size_limit(2**31 - 1)
    with path.open(encoding="utf-8-sig", newline="") as lines:
        reader = csv.DictReader(lines)
        columns = reader.fieldnames or []
        if text_column not in columns:
            raise DataError(
                f"no column {text_column!r}; columns: {', '.join(columns)}; name it with --text-column",
                file=str(path),
                line=1,
            )
        for row in reader:
            text = row[text_column]
            if text is None:
                raise DataError("the row has too few columns", file=str(path), line=reader.line_num)
            yield row.get(id_column) or f"{path.stem}:{reader.line_num}", text, row
