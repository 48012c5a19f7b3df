"""The table of events that `adwar extract` wrote, read back a row at a time, whatever kind of file holds it.

Rows come as dicts of plain Python with the columns of `scale.rows`: lists as lists, records as dicts. A table of
another kind is refused with what is missing. Leaves out every judgement of what the rows say.
"""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from ..data.errors import DataError
from ..scale.rows import event_columns
from ..scale.tables import FORMULA, kind_of

Row = dict[str, Any]
#: Without these it is no table of events; others may come and go with versions.
NEEDED = ("document_id", "frame", "type", "attacker", "target", "location", "source", "sentences", "evidence")
#: Only a table of mentions has these.
MENTIONS_ONLY = ("role", "sentence_start")
_KINDS = {column.name: column.kind for column in event_columns()}
_BATCH = 2000


def read_events(path: str) -> Iterator[Row]:
    """The rows of the events table at ``path``. Raises DataError naming the file (and line) for what is none,
    ValueError for an ending that no table has or a package that is missing."""
    kind = kind_of(path)
    if not Path(path).is_file():
        raise DataError("no such file; 'adwar extract INPUT -o FILE' writes a table of events", file=path)
    readers = {".parquet": _parquet, ".jsonl": _json_lines, ".csv": _csv, ".duckdb": _duckdb}
    for number, row in enumerate(readers.get(kind, _sqlite)(path), 1):
        if row["frame"] is not None and not isinstance(row["sentences"], list):
            raise DataError(f"row {number}: sentences: a list is expected", file=path)
        yield row


def check_columns(names: Iterable[str], path: str) -> None:
    """Raises DataError where columns of a table of events are missing."""
    found = set(names)
    if found.issuperset(MENTIONS_ONLY):
        raise DataError("a table of mentions; give the table of events, what 'adwar extract -o' wrote", file=path)
    missing = [name for name in NEEDED if name not in found]
    if missing:
        raise DataError(
            f"not a table of events: {', '.join(missing)} missing; 'adwar extract INPUT -o FILE' writes one", file=path
        )


def _parquet(path: str) -> Iterator[Row]:
    import pyarrow
    from pyarrow import parquet

    try:
        held = parquet.ParquetFile(path)
    except pyarrow.ArrowInvalid as error:
        raise DataError(f"not a Parquet file: {error}", file=path) from None
    with held:
        check_columns(held.schema_arrow.names, path)
        wanted = [name for name in held.schema_arrow.names if name in _KINDS]
        for batch in held.iter_batches(batch_size=_BATCH, columns=wanted):
            yield from batch.to_pylist()


def _json_lines(path: str) -> Iterator[Row]:
    with open(path, encoding="utf-8") as lines:
        try:
            for number, line in enumerate(lines, 1):
                if not line.strip():
                    continue
                row = json.loads(line)
                if not isinstance(row, dict):
                    raise DataError(f"an object is expected, found {type(row).__name__}", file=path, line=number)
                check_columns(row, path)
                yield row
        except UnicodeDecodeError as error:
            raise DataError(f"not UTF-8: {error.reason}", file=path) from None
        except json.JSONDecodeError as error:
            raise DataError(f"not JSON: {error.msg}", file=path, line=number) from None


def _csv(path: str) -> Iterator[Row]:
    csv.field_size_limit(min(sys.maxsize, 2**31 - 1))
    try:
        with open(path, encoding="utf-8-sig", newline="") as lines:
            rows = csv.DictReader(lines)
            check_columns(rows.fieldnames or (), path)
            for row in rows:
                try:
                    yield {name: _from_csv(row.get(name) or "", kind) for name, kind in _KINDS.items()}
                except ValueError as error:
                    raise DataError(f"a cell cannot be read: {error}", file=path, line=rows.line_num) from None
    except UnicodeDecodeError as error:
        raise DataError(f"not UTF-8: {error.reason}", file=path) from None


def _from_csv(cell: str, kind: Any) -> Any:
    if not cell:
        return [] if kind == "texts" else None
    if kind == "integer":
        return int(cell)
    if kind == "real":
        return float(cell)
    if isinstance(kind, tuple):
        return json.loads(cell)
    if cell[0] == "'" and cell[1:].startswith(FORMULA):
        cell = cell[1:]
    return cell.split(" | ") if kind == "texts" else cell


def _sqlite(path: str) -> Iterator[Row]:
    import sqlite3

    try:
        with closing(sqlite3.connect(f"{Path(path).absolute().as_uri()}?mode=ro", uri=True)) as base:
            found = base.execute("SELECT * FROM events")
            names = [column[0] for column in found.description]
            check_columns(names, path)
            nested = [isinstance(_KINDS.get(name), tuple) or _KINDS.get(name) == "texts" for name in names]
            for values in found:
                yield {
                    name: json.loads(value) if deep and isinstance(value, str) else value
                    for name, value, deep in zip(names, values, nested, strict=True)
                }
    except sqlite3.DatabaseError as error:
        raise DataError(f"no table of events can be read: {error}", file=path) from None
    except json.JSONDecodeError as error:
        raise DataError(f"a cell of lists or records is no JSON: {error}", file=path) from None


def _duckdb(path: str) -> Iterator[Row]:
    import duckdb

    try:
        with duckdb.connect(path, read_only=True) as base:
            found = base.execute("SELECT * FROM events")
            names = [column[0] for column in found.description]
            check_columns(names, path)
            while batch := found.fetchmany(_BATCH):
                for values in batch:
                    yield dict(zip(names, values, strict=True))
    except duckdb.Error as error:
        raise DataError(f"no table of events can be read: {error}", file=path) from None
