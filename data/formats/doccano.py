"""doccano JSON Lines, the "JSONL (relation)" kind: ``text``, ``entities`` with ids, ``relations`` between them.

Lossless: a trigger's label is its event's type, a filler's its role, and a relation leads from the trigger to each
filler. Our id, title and meta stand beside as ``document``, ``title`` and ``meta``, which doccano keeps as metadata.
Offsets: doccano's pages count UTF-16 units (its issue 2290), so ``utf16`` is on unless told otherwise; a project with
"Count grapheme clusters as one character" counts those: ``graphemes``, which needs regex. Entities do not repeat their
words, so a wrong choice shows as spans that break words: a document whose spans are all whole words when counted
otherwise is refused with the choice that fits, or read by it with ``repair``.
As pre-annotation a record has ``score``, the least of its spans', and ``scores`` by the ids of its entities.
Cannot hold: nothing of ours. Not read, but counted: comments.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from ..errors import DataError
from ..jsonl import parse_object
from ..schema import Document
from ..whole_file import whole_file
from .linked import Arrow, Mark, Scores, events_of, marks_and_arrows
from .offsets import UNITS, other_units
from .reading import Reading
from .report import Report, checked, read_text

#: The option that says which units a file counts.
OPTIONS = {"code points": "--no-utf16", "UTF-16 units": "--utf16", "grapheme clusters": "--graphemes"}


def counted(utf16: bool, graphemes: bool) -> str:
    """Which of `UNITS` the two options mean; ``graphemes`` goes before."""
    return "grapheme clusters" if graphemes else "UTF-16 units" if utf16 else "code points"


def write_doccano(
    docs: Iterable[Document],
    path: str | Path,
    *,
    utf16: bool = True,
    graphemes: bool = False,
    scores: Scores | None = None,
) -> Report:
    """Write ``docs``, a line each, whole or not at all. ``utf16``: count as doccano's pages do; ``graphemes``: as the
    pages of a project that counts grapheme clusters do. Raises `DataError` where a span ends inside a cluster."""
    report = Report()
    with whole_file(path) as out:
        for number, doc in enumerate(checked(docs), 1):
            record = _record(doc, number, counted(utf16, graphemes), (scores or {}).get(doc.id, {}))
            out.write(json.dumps(record, ensure_ascii=False) + "\n")
            report.documents += 1
    return report


def _record(doc: Document, number: int, unit: str, scores: Mapping[tuple[int, int], float]) -> dict[str, Any]:
    units = UNITS[unit](doc.text)
    marks, arrows = marks_and_arrows(doc)
    for m in marks:
        if units[m.span.start] < 0 or units[m.span.end] < 0:
            raise DataError(f"{m.label} {m.span.text!r} ends inside a grapheme cluster", document=doc.id)
    given = {m.key: scores[m.span.start, m.span.end] for m in marks if (m.span.start, m.span.end) in scores}
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
        **({"score": min(given.values()), "scores": given} if given else {}),
    }


def read_doccano(
    path: str | Path,
    *,
    repair: bool = False,
    report: Report | None = None,
    utf16: bool = True,
    graphemes: bool = False,
) -> Iterator[Document]:
    """The documents of ``path``. Raises `DataError` with line and document. A file from elsewhere needs no
    ``document``: its ``id`` serves."""
    reading = Reading(str(path), repair, report if report is not None else Report())
    for line, row in enumerate(read_text(path).split("\n"), 1):
        if row.strip():
            record = parse_object(row.encode("utf-8"), file=str(path), number=line)
            yield reading.settle(_document(record, reading, line, counted(utf16, graphemes)), line)


def _document(record: dict[str, Any], reading: Reading, line: int, unit: str) -> Document:
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
    unit = _unit(text, entities, unit, reading, line, name)
    units = UNITS[unit](text)
    marks = []
    for one in entities:
        if not isinstance(one, dict) or not {"id", "label", "start_offset", "end_offset"} <= set(one):
            raise reading.refuse(f"an entity needs id, label, start_offset, end_offset; found {one!r}", line, name)
        place: Any = {"line": line, "document": name, "units": units, "counted": unit}
        span = reading.span(text, one["start_offset"], one["end_offset"], **place)
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


def _unit(text: str, entities: list[Any], unit: str, reading: Reading, line: int, name: str) -> str:
    """The units to read ``entities`` in: ``unit``, or others where the whole document fits those alone."""
    pairs = [(one.get("start_offset"), one.get("end_offset")) for one in entities if isinstance(one, dict)]
    other = other_units(text, pairs, unit)
    if other is None:
        return unit
    problem = f"counted in {unit} its spans break words, counted in {other} all are whole words"
    if not reading.repair:
        raise reading.refuse(f"{problem}; say {OPTIONS[other]} (repair reads this document so)", line, name)
    reading.report.repaired.append(str(reading.refuse(f"{problem}: read so", line, name)))
    return other
