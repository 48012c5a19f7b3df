"""The Arabic gold-standard records of the Open Event Data Alliance (assault), JSON Lines: read only.

Each record is a sentence coded by two to four people, who may have coded different deeds, so there is no one gold: a
document is given for each coder, ``ID/1``, ``ID/2``, ... Spans that only blanks part are joined (coders marked word
by word). Each joined trigger is an event of type ``other`` with all of the coder's attackers and targets.
Cannot be held: a coder who marked actors but no trigger (counted; the document has no event). Not in the records:
types, counts, places, sources. To compare a system with the coders use ``adwar eval``, which keeps them apart.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ..jsonl import parse_object
from ..schema import TRIGGER, Document, Event, Span
from .reading import Reading
from .report import Report, read_text

PARTS = (TRIGGER, "attacker", "target")


def read_gsr(path: str | Path, *, repair: bool = False, report: Report | None = None) -> Iterator[Document]:
    """A document for each coder of each record of ``path``. Raises `DataError` with line and document."""
    reading = Reading(str(path), repair, report if report is not None else Report())
    for line, row in enumerate(read_text(path).split("\n"), 1):
        if not row.strip():
            continue
        record = parse_object(row.encode("utf-8"), file=str(path), number=line)
        name, text, coders = str(record.get("id") or f"line-{line}"), record.get("text"), record.get("annotations")
        if not isinstance(text, str) or not isinstance(coders, list):
            raise reading.refuse("a record needs 'text' and 'annotations'", line, name)
        meta = {"source": record["source"]} if record.get("source") else {}
        for number, coder in enumerate(coders, 1):
            events = _events(coder, text, reading, line, f"{name}/{number}")
            yield reading.settle(Document(f"{name}/{number}", text, "", events, {**meta, "coder": number}), line)


def _events(coder: Any, text: str, reading: Reading, line: int, name: str) -> tuple[Event, ...]:
    if not isinstance(coder, dict) or not all(isinstance(coder.get(part), list) for part in PARTS):
        raise reading.refuse(f"a coder's record needs lists of {', '.join(PARTS)}", line, name)
    found = {part: _joined(coder[part], text, reading, line, name) for part in PARTS}
    if not found[TRIGGER] and (found["attacker"] or found["target"]):
        reading.report.lost["coders who marked actors but no trigger"] += 1
    return tuple(
        Event("other", trigger, attacker=tuple(found["attacker"]), target=tuple(found["target"]))
        for trigger in found[TRIGGER]
    )


def _joined(spots: list[Any], text: str, reading: Reading, line: int, name: str) -> list[Span]:
    joined: list[Span] = []
    if not all(isinstance(spot, list) and len(spot) == 2 for spot in spots):
        raise reading.refuse(f"spans are pairs of offsets, found {spots!r}", line, name)
    for span in sorted(
        (reading.span(text, *s, line=line, document=name, whole=False) for s in spots), key=lambda s: s.start
    ):
        last = joined[-1] if joined else None
        if last and (span.start <= last.end or not text[last.end : span.start].strip()):
            end = max(last.end, span.end)
            joined[-1] = Span(last.start, end, text[last.start : end])
        else:
            joined.append(span)
    return joined
