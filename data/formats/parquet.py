"""Parquet: a row a document, with the columns that `datasets.load_dataset("parquet", …)` and pandas then show.

Columns ``id``, ``title``, ``text``, ``events`` (the JSON Lines' own, nested) and ``meta``. Types are declared, not
guessed, so that every file of every split loads alike, however empty its lists. ``meta`` is a string of JSON, since
Parquet wants one type for each key and ours may hold any. Lossless. Needs pyarrow.
Cannot hold: nothing of ours. Errors name the row as their line, counted from 1.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from ..errors import DataError
from ..jsonl import parse_record, to_record
from ..schema import ROLES, TRIGGER, Document
from ..whole_file import whole_binary
from .reading import Reading
from .report import Report, checked, read_bytes

#: Documents in a row group: what is held in memory at a time.
GROUP = 1000


def schema() -> Any:
    """The file's columns and types, as a `pyarrow.Schema`."""
    pa = _pyarrow()
    span = pa.struct([("start", pa.int32()), ("end", pa.int32()), ("text", pa.string())])
    event = pa.struct([("type", pa.string()), (TRIGGER, span), *((role, pa.list_(span)) for role in ROLES)])
    columns = [(name, pa.string()) for name in ("id", "title", "text")]
    return pa.schema([*columns, ("events", pa.list_(event)), ("meta", pa.string())])


def write_parquet(docs: Iterable[Document], path: str | Path) -> Report:
    """Write ``docs``, whole or not at all."""
    pa = _pyarrow()
    import pyarrow.parquet as pq

    report, columns = Report(), schema()
    source = checked(docs)
    with whole_binary(path) as out, pq.ParquetWriter(out, columns, compression="zstd") as table:
        while group := list(islice(source, GROUP)):
            rows = [{**to_record(doc), "meta": json.dumps(dict(doc.meta), ensure_ascii=False)} for doc in group]
            table.write_table(pa.Table.from_pylist(rows, schema=columns))
            report.documents += len(group)
    return report


def read_parquet(path: str | Path, *, repair: bool = False, report: Report | None = None) -> Iterator[Document]:
    """The documents of ``path``. Raises `DataError` with row and document. Columns of others are counted, not read."""
    pa = _pyarrow()
    import pyarrow.parquet as pq

    reading = Reading(str(path), repair, report if report is not None else Report())
    raw = read_bytes(path)
    try:
        with pq.ParquetFile(pa.BufferReader(raw)) as table:
            names = table.schema_arrow.names
            if missing := [name for name in ("id", "text", "events") if name not in names]:
                raise reading.refuse(f"no column {missing[0]!r}; found {', '.join(map(str, names))}")
            ours = [name for name in schema().names if name in names]
            rows = (row for batch in table.iter_batches(GROUP, columns=ours) for row in batch.to_pylist())
            for number, row in enumerate(rows, 1):
                doc = parse_record(_plain(row, reading, number), file=str(path), number=number)
                reading.report.lost["columns of others"] += len(names) - len(ours)
                yield reading.settle(doc, number)
    except DataError:
        raise
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        raise reading.refuse(f"no Parquet file: {str(error).splitlines()[0]}") from None


def _plain(row: dict[str, Any], reading: Reading, number: int) -> dict[str, Any]:
    """The row as our JSON Lines have it: lists for missing ones, and ``meta`` read from its string. A ``meta`` of
    fields, as `adwar.data.hf.to_dataset` makes, keeps those that are set."""
    meta = row.get("meta")
    if isinstance(meta, str):
        try:
            meta = json.loads(meta) if meta else {}
        except (ValueError, RecursionError):
            raise reading.refuse("'meta' must be a string of JSON", number, str(row.get("id"))) from None
    elif isinstance(meta, dict):
        meta = {key: value for key, value in meta.items() if value is not None}
    if not isinstance(row.get("events") or [], list):
        raise reading.refuse("'events' must be a list", number, str(row.get("id")))
    events = [
        {key: value for key, value in event.items() if value is not None} if isinstance(event, dict) else event
        for event in row.get("events") or []
    ]
    return {**row, "events": events, "meta": meta}


def _pyarrow() -> Any:
    try:
        import pyarrow
    except ModuleNotFoundError:
        raise ModuleNotFoundError("Parquet needs pyarrow: pip install 'adwar[tables]'", name="pyarrow") from None
    return pyarrow
