"""Reports to read from files or standard input: ``.txt``, ``.jsonl``, ``.csv``. Streams; refuses by file and line."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from .errors import DataError


def read_inputs(names: Sequence[str], text_column: str = "text", id_column: str = "id") -> Iterator[tuple[str, str]]:
    """(id, text) of every report in ``names``. A report without an id is named by file and line."""
    for identity, text, _ in read_dated(names, text_column, id_column):
        yield identity, text


def read_dated(
    names: Sequence[str],
    text_column: str = "text",
    id_column: str = "id",
    date_column: str | None = None,
    read_date: Callable[[str], date | None] | None = None,
) -> Iterator[tuple[str, str, date | None]]:
    """(id, text, date) of every report in ``names``: `read_inputs` with the report's own date from ``date_column``, as
    ``read_date`` reads it (a `ValueError` of its is told with file and line). No column, or an empty cell: None."""

    def day(record: Mapping[str, Any], path: Path, line: int) -> date | None:
        if date_column is None or read_date is None:
            return None
        if date_column not in record:
            keys = ", ".join(map(str, record))
            raise DataError(f"no date under {date_column!r} (found: {keys})", file=str(path), line=line)
        value = record[date_column]
        try:
            return read_date(str(value)) if value not in (None, "") else None
        except ValueError as error:
            raise DataError(str(error), file=str(path), line=line) from None

    for name in names:
        if name == "-":
            yield "-", _decode(sys.stdin.buffer.read(), "standard input"), None
            continue
        path = Path(name)
        if path.is_dir():
            raise DataError("is a folder; give its files, e.g. FOLDER/*.txt", file=name)
        kind = path.suffix.lower()
        if kind == ".jsonl":
            for line, identity, record in _jsonl(path, text_column, id_column):
                yield identity, record[text_column], day(record, path, line)
        elif kind == ".csv":
            for line, identity, record in _csv(path, text_column, id_column):
                yield identity, record[text_column], day(record, path, line)
        elif kind in (".txt", ""):
            yield path.stem, _decode(_bytes(path), name), None
        else:
            raise DataError("unknown kind of file; .txt, .jsonl and .csv can be read", file=name)


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


_Row = tuple[int, str, Mapping[str, Any]]


def _jsonl(path: Path, text_column: str, id_column: str) -> Iterator[_Row]:
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
            yield number, str(record.get(id_column, f"{path.stem}:{number}")), record


def _csv(path: Path, text_column: str, id_column: str) -> Iterator[_Row]:
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
            if row[text_column] is None:
                raise DataError("the row has too few columns", file=str(path), line=reader.line_num)
            yield reader.line_num, row.get(id_column) or f"{path.stem}:{reader.line_num}", row
