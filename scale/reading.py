"""Reports out of files, streamed: one a ``.txt``, one a line of ``.jsonl``, one a row of ``.csv`` and ``.parquet``.

A record that cannot be read becomes an `Unreadable` with file, line and reason, and reading goes on; only where the
text column is missing before a single report was read is the run refused, because then the option is wrong.
"""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from typing import IO, Any

from ..data.errors import DataError
from .inventory import STDIN, Source
from .opening import broken, endings, seekable, unpacked
from .reports import Columns, Item, Report, Unreadable, whole

#: Bytes of one record (a text file, a line): more is no report, and must not fill the memory.
LARGEST = 64 << 20
NOT_UTF8 = "not UTF-8; if it is Windows Arabic: iconv -f CP1256 -t UTF-8"


class Reader:
    """The items of ``sources`` in order. ``position`` is how many bytes of the files have been read so far."""

    def __init__(self, sources: Iterable[Source], columns: Columns, *, stdin_kind: str = ".jsonl") -> None:
        self.sources, self.columns, self.stdin_kind = sources, columns, stdin_kind
        self.position = 0
        self.read_one = False

    def __iter__(self) -> Iterator[Item]:
        done = 0
        for source in self.sources:
            try:
                for item in self._items(source, done):
                    self.read_one |= isinstance(item, Report)
                    yield item
            except DataError:
                raise
            except broken() as error:
                reason = f"cannot be read on: {type(error).__name__}: {error}"
                yield Unreadable(whole(source.name), whole(reason), whole(source.path))
            done += source.size
            self.position = done

    def _items(self, source: Source, done: int) -> Iterator[Item]:
        if source.path == STDIN:
            yield from self._records(source, self.stdin_kind, sys.stdin.buffer, None, done)
            return
        kind = endings(source.path)[0] or ".txt"
        if kind == ".parquet":
            with seekable(source.path) as file:
                yield from self._parquet(source, file, done)
            return
        with unpacked(source.path) as (stream, raw):
            yield from self._records(source, kind, stream, raw, done)

    def _records(
        self, source: Source, kind: str, stream: IO[bytes], raw: IO[bytes] | None, done: int
    ) -> Iterator[Item]:
        items = {".txt": self._text, ".jsonl": self._lines, ".csv": self._rows}[kind](source, stream)
        for item in items:
            if raw is not None:
                self.position = done + min(raw.tell(), source.size)
            yield item

    def _text(self, source: Source, stream: IO[bytes]) -> Iterator[Item]:
        data = stream.read(LARGEST + 1)
        reason = _too_large(data) or _encoding(data)
        if reason:
            yield Unreadable(whole(source.name), reason, whole(source.path))
        else:
            yield Report(whole(source.name), data.decode("utf-8-sig"), file=whole(source.path))

    def _lines(self, source: Source, stream: IO[bytes]) -> Iterator[Item]:
        number = 0
        while line := stream.readline(LARGEST + 1):
            number += 1
            reason = _too_large(line)
            while len(line) > LARGEST and not line.endswith(b"\n"):
                line = stream.readline(LARGEST + 1)
            if reason is None and not line.strip():
                continue
            reason = reason or _encoding(line)
            record: Any = None
            if reason is None:
                try:
                    record = json.loads(line.decode("utf-8-sig"))
                except (ValueError, RecursionError) as error:
                    reason = f"not JSON: {error}; one object a line"
            if reason is None and not isinstance(record, dict):
                reason = f"a JSON object is expected, found {type(record).__name__}"
            if reason is not None:
                yield Unreadable(whole(f"{source.name}:{number}"), reason, whole(source.path), number)
                if reason.startswith("is UTF-16"):
                    return
            else:
                yield self._report(source, number, record)

    def _rows(self, source: Source, stream: IO[bytes]) -> Iterator[Item]:
        csv.field_size_limit(LARGEST)
        # a byte that is not UTF-8 becomes half a surrogate pair, so that only its own row fails
        text = io.TextIOWrapper(stream, encoding="utf-8-sig", errors="surrogateescape", newline="")
        try:
            header = text.readline(LARGEST)
            mark = self._delimiter(header)
            names = next(csv.reader([header], delimiter=mark), [])
            if whole(header) != header:
                raise ValueError(f"the header is {NOT_UTF8}")
            if self.columns.text not in names:
                yield self._no_column(source, 1, names)
                return
            reader = csv.reader(text, delimiter=mark)
            while (row := _next_row(reader)) is not None:
                number = reader.line_num + 1
                if isinstance(row, str):
                    yield Unreadable(whole(f"{source.name}:{number}"), row, whole(source.path), number)
                elif row:
                    yield self._report(source, number, dict(zip(names, row, strict=False)))
        finally:
            text.detach()  # the stream is its owner's to close

    def _delimiter(self, header: str) -> str:
        """The comma, or else whichever of ; and tab makes the text column appear."""
        for mark in (",", ";", "\t"):
            if self.columns.text in next(csv.reader([header], delimiter=mark), []):
                return mark
        return ","

    def _parquet(self, source: Source, file: IO[bytes], done: int) -> Iterator[Item]:
        from pyarrow import parquet

        table = parquet.ParquetFile(file)
        names = table.schema_arrow.names
        if self.columns.text not in names:
            yield self._no_column(source, 0, names)
            return
        c = self.columns
        wanted = [n for n in dict.fromkeys((c.text, c.id, c.title, c.date)) if n in names]
        number = 0
        for batch in table.iter_batches(batch_size=256, columns=wanted):
            for record in batch.to_pylist():
                number += 1
                self.position = done + source.size * number // table.metadata.num_rows
                yield self._report(source, number, record)

    def _report(self, source: Source, number: int, record: Mapping[str, Any]) -> Item:
        c = self.columns
        text = _value(record, c.text)
        identity = _value(record, c.id)
        name = whole(str(identity)) if identity not in (None, "") else whole(f"{source.name}:{number}")
        if not isinstance(text, str):
            return self._no_column(source, number, list(map(str, record)), name)
        clean = whole(text)
        if clean != text and endings(source.path)[0] == ".csv":
            return Unreadable(name, NOT_UTF8, whole(source.path), number)
        title, date = _told(_value(record, c.title)), _told(_value(record, c.date))
        return Report(name, clean, title, date, whole(source.path), number)

    def _no_column(self, source: Source, number: int, names: list[str], name: str = "") -> Unreadable:
        found = whole(", ".join(names[:20]))
        reason = f"no text under {self.columns.text!r} (found: {found}); name it with --text-column"
        if not self.read_one:
            raise DataError(reason, file=source.path, line=number or None)
        return Unreadable(name or whole(source.name), reason, whole(source.path), number)


def _next_row(reader: Any) -> list[str] | str | None:
    """The next row, why it cannot be read, or None at the end."""
    try:
        return next(reader)
    except StopIteration:
        return None
    except csv.Error as error:
        return f"not CSV: {error}"


def _value(record: Mapping[str, Any], key: str) -> Any:
    if key in record or "." not in key:
        return record.get(key)
    value: Any = record
    for part in key.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return value


def _told(value: Any) -> str:
    return "" if value is None else whole(str(value))


def _too_large(data: bytes) -> str | None:
    return f"more than {LARGEST >> 20} MB in one record" if len(data) > LARGEST else None


def _encoding(data: bytes) -> str | None:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "is UTF-16; save it as UTF-8 (iconv -f UTF-16 -t UTF-8)"
    try:
        data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return f"not UTF-8 at byte {error.start}; if it is Windows Arabic: iconv -f CP1256 -t UTF-8"
    return None
