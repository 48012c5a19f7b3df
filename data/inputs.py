"""Reports to read from files or standard input: ``.txt``, ``.jsonl``, ``.csv``, each also as ``.gz``.

Streams; refuses by file and line. Files are UTF-8 unless another encoding is named.
"""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from .encodings import decode
from .errors import DataError
from .unpacking import MOST, read_lines, read_whole

OnError = Callable[[DataError], None]


def read_inputs(
    names: Sequence[str],
    text_column: str = "text",
    id_column: str = "id",
    *,
    encoding: str | None = None,
    on_error: OnError | None = None,
    max_unpacked: int = MOST,
) -> Iterator[tuple[str, str]]:
    """(id, text) of every report in ``names``. A report without an id is named by file and line.

    ``encoding`` is that of every file (None: UTF-8). ``on_error``: a broken line of JSON Lines, a broken row of CSV
    or a file that cannot be read is handed to it and the rest is read; without it the first one raises `DataError`.
    ``max_unpacked``: bytes to which a ``.gz`` may unpack, or one line of ``.jsonl.gz``.
    """
    for found in _read(names, text_column, id_column, encoding, on_error, max_unpacked):
        yield found.identity, found.text


def read_reports(
    names: Sequence[str], text_column: str = "text", id_column: str = "id"
) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """(id, text, what else its record or row says) of every report in ``names``; the last is empty for ``.txt``."""
    for found in _read(names, text_column, id_column, None, None, MOST):
        yield found.identity, found.text, {k: v for k, v in found.row.items() if k not in (text_column, id_column)}


def read_dated(
    names: Sequence[str],
    text_column: str = "text",
    id_column: str = "id",
    date_column: str | None = None,
    read_date: Callable[[str], date | None] | None = None,
    *,
    encoding: str | None = None,
    on_error: OnError | None = None,
    max_unpacked: int = MOST,
) -> Iterator[tuple[str, str, date | None]]:
    """(id, text, date) of every report in ``names``: `read_inputs` with the report's own date from ``date_column``, as
    ``read_date`` reads it (a `ValueError` of its is told with file and line). No column, or an empty cell: None."""
    for found in _read(names, text_column, id_column, encoding, on_error, max_unpacked):
        try:
            day = _day(found, date_column, read_date)
        except DataError as error:
            if on_error is None:
                raise
            on_error(error)
            continue
        yield found.identity, found.text, day


@dataclass(frozen=True, slots=True)
class _Found:
    """One report, where it stood, and its whole record or row (empty for ``.txt``)."""

    identity: str
    text: str
    file: str
    line: int | None = None
    row: Mapping[str, Any] = field(default_factory=dict)


def _day(found: _Found, column: str | None, read_date: Callable[[str], date | None] | None) -> date | None:
    if column is None or read_date is None or found.line is None:
        return None
    if column not in found.row:
        keys = ", ".join(map(str, found.row))
        raise DataError(f"no date under {column!r} (found: {keys[:200]})", file=found.file, line=found.line)
    value = found.row[column]
    try:
        return read_date(str(value)) if value not in (None, "") else None
    except ValueError as error:
        raise DataError(str(error), file=found.file, line=found.line) from None


def _read(
    names: Sequence[str], text_column: str, id_column: str, encoding: str | None, on_error: OnError | None, most: int
) -> Iterator[_Found]:
    for name in names:
        try:
            yield from _read_one(name, text_column, id_column, encoding, on_error, most)
        except DataError as error:
            if on_error is None:
                raise
            on_error(error)


def _read_one(
    name: str, text_column: str, id_column: str, encoding: str | None, on_error: OnError | None, most: int
) -> Iterator[_Found]:
    if name == "-":
        yield _Found("-", decode(sys.stdin.buffer.read(), "standard input", encoding=encoding), name)
        return
    path = Path(name)
    if path.is_dir():
        raise DataError("is a folder; give its files, e.g. FOLDER/*.txt", file=name)
    inner = Path(path.stem) if path.suffix.lower() == ".gz" else path
    kind = inner.suffix.lower()
    if kind in (".txt", ""):
        yield _Found(inner.stem, decode(read_whole(path, most), name, encoding=encoding), name)
    elif kind == ".jsonl":
        yield from _jsonl(path, inner.stem, text_column, id_column, encoding, on_error, most)
    elif kind == ".csv":
        yield from _csv(path, inner.stem, text_column, id_column, encoding, on_error, most)
    else:
        raise DataError("unknown kind of file; .txt, .jsonl and .csv (and these as .gz) can be read", file=name)


def _lines(path: Path, encoding: str | None, most: int) -> Iterator[tuple[int, str | DataError]]:
    """(number, line or why it cannot be decoded). Other encodings are decoded whole: their line ends are not bytes."""
    if encoding is not None:
        yield from enumerate(decode(read_whole(path, most), str(path), encoding=encoding).split("\n"), 1)
        return
    for number, raw in read_lines(path, most):
        try:
            yield number, decode(raw, str(path), line=number)
        except DataError as error:
            yield number, error


def _jsonl(
    path: Path, stem: str, text_column: str, id_column: str, encoding: str | None, on_error: OnError | None, most: int
) -> Iterator[_Found]:
    for number, line in _lines(path, encoding, most):
        try:
            if isinstance(line, DataError):
                raise line
            if line.strip():
                yield _report(line, path, number, f"{stem}:{number}", text_column, id_column)
        except DataError as error:
            if on_error is None:
                raise
            on_error(error)


def _report(line: str, path: Path, number: int, name: str, text_column: str, id_column: str) -> _Found:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:  # ValueError: bad JSON, or an integer of thousands of digits
        raise DataError(f"not JSON: {error}; one object a line", file=str(path), line=number) from None
    if not isinstance(record, dict) or not isinstance(record.get(text_column), str):
        keys = ", ".join(map(str, record)) if isinstance(record, dict) else type(record).__name__
        problem = f"no text under {text_column!r} (found: {keys[:200]}); name it with --text-column"
        raise DataError(problem, file=str(path), line=number)
    identity = record.get(id_column)
    return _Found(name if identity is None else str(identity), record[text_column], str(path), number, record)


def _csv(
    path: Path, stem: str, text_column: str, id_column: str, encoding: str | None, on_error: OnError | None, most: int
) -> Iterator[_Found]:
    # decoded whole: the csv module would report a bad byte without its place
    csv.field_size_limit(2**31 - 1)
    reader = csv.DictReader(io.StringIO(decode(read_whole(path, most), str(path), encoding=encoding), newline=""))
    try:
        columns = reader.fieldnames or []
        if text_column not in columns:
            problem = f"no column {text_column!r}; columns: {', '.join(columns)[:200]}; name it with --text-column"
            raise DataError(problem, file=str(path), line=1)
        for row in reader:
            text = row[text_column]
            if text is None:
                short = DataError("the row has too few columns", file=str(path), line=reader.line_num)
                if on_error is None:
                    raise short
                on_error(short)
                continue
            identity = row.get(id_column) or f"{stem}:{reader.line_num}"
            yield _Found(identity, text, str(path), reader.line_num, row)
    except csv.Error as error:
        raise DataError(f"no CSV: {error}", file=str(path), line=reader.line_num) from None
