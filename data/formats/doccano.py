"""doccano JSON Lines, the "JSONL (relation)" kind: ``text``, ``entities`` with ids, ``relations`` between them.

Lossless: a trigger's label is its event's type, a filler's its role, and a relation leads from the trigger to each
filler. Our id, title and meta stand beside as ``document``, ``title`` and ``meta``, which doccano keeps as metadata.
Offsets: doccano's pages count UTF-16 units (its issue 2290), so ``utf16`` is on unless told otherwise; a project with
"Count grapheme clusters as one character" counts otherwise and cannot be read: leave that option off.
Cannot hold: nothing of ours. Not read, but counted: comments.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from ..jsonl import parse_object
from ..schema import Document
from ..whole_file import whole_file
from .linked import Arrow, Mark, events_of, marks_and_arrows
from .reading import Reading, utf16_offsets
from .report import Report, checked, read_text


def write_doccano(docs: Iterable[Document], path: str | Path, *, utf16: bool = True) -> Report:
    """Write ``docs``, a line each, whole or not at all. ``utf16``: count as doccano's pages do."""
    report = Report()
    with whole_file(path) as out:
        for number, doc in enumerate(checked(docs), 1):
            out.write(json.dumps(_record(doc, number, utf16), ensure_ascii=False) + "\n")
            report.documents += 1
    return report


def _record(doc: Document, number: int, utf16: bool) -> dict[str, Any]:
    units = utf16_offsets(doc.text) if utf16 else range(len(doc.text) + 1)
    marks, arrows = marks_and_arrows(doc)
    return {
        "id": number,
        "text": doc.text,
        "entities": [
            {
                "id": int(m.key),
                "label": m.label,
                "start_offset": units[m.span.start],
                "end_offset": units[m.span.end],
            }
            for m in marks
        ],
        "relations": [
            {"id": n, "from_id": int(a.tail), "to_id": int(a.head), "type": a.role} for n, a in enumerate(arrows, 1)
        ],
        "document": doc.id,
        "title": doc.title,
        "meta": dict(doc.meta),
    }


def read_doccano(
    path: str | Path, *, repair: bool = False, report: Report | None = None, utf16: bool = True
) -> Iterator[Document]:
    """The documents of ``path``. Raises `DataError` with line and document. A file from elsewhere needs no
    ``document``: its ``id`` serves."""
    reading = Reading(str(path), repair, report if report is not None else Report())
    for line, row in enumerate(read_text(path).split("\n"), 1):
        if row.strip():
            record = parse_object(row.encode("utf-8"), file=str(path), number=line)
            yield reading.settle(_document(record, reading, line, utf16), line)


def _document(record: dict[str, Any], reading: Reading, line: int, utf16: bool) -> Document:
    identity = record.get("document", record.get("id"))
    if not isinstance(identity, str | int) or not str(identity):
        raise reading.refuse("neither 'document' nor 'id' names it", line)
    name, text = str(identity), record.get("text")
    if not isinstance(text, str):
        raise reading.refuse("'text' must be a string", line, name)
    entities, relations = record.get("entities"), record.get("relations")
    if not isinstance(entities, list) or not isinstance(relations, list):
        problem = "no 'entities' and 'relations'; export from doccano as JSONL (relation)"
        raise reading.refuse(problem, line, name)
    units = utf16_offsets(text) if utf16 else None
    marks = []
    for one in entities:
        if not isinstance(one, dict) or not {"id", "label", "start_offset", "end_offset"} <= set(one):
            raise reading.refuse(f"an entity needs id, label, start_offset, end_offset; found {one!r}", line, name)
        span = reading.span(text, one["start_offset"], one["end_offset"], line=line, document=name, units=units)
        marks.append(Mark(str(one["id"]), str(one["label"]), span))
    arrows = []
    for one in relations:
        if not isinstance(one, dict) or not {"from_id", "to_id", "type"} <= set(one):
            raise reading.refuse(f"a relation needs from_id, to_id, type; found {one!r}", line, name)
        arrows.append(Arrow(str(one["from_id"]), str(one["to_id"]), str(one["type"])))
    comments = record.get("Comments")
    reading.report.lost["doccano comments"] += len(comments) if isinstance(comments, list) else 0
    meta = record.get("meta") or {}
    if not isinstance(meta, dict):
        raise reading.refuse("'meta' must be an object", line, name)
    return Document(name, text, str(record.get("title") or ""), events_of(marks, arrows, reading, line, name), meta)
