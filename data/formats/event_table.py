"""A table of events after PLOVER (Open Event Data Alliance): JSON Lines, one event a line, written only.

Holds what an analyst of event data asks for: PLOVER's ``event_type``, ``event_mode`` and ``context``, our own finer
``type``, and the mentions of ``actor``, ``recipient``, ``count``, ``location`` and ``source`` as they stand in the
text, with the sentence's trigger as ``anchor`` and the document's meta (date, outlet) beside.
Cannot hold: offsets, so no document comes back; texts; documents without an event. All are counted. Actors are not
resolved to codes or countries, nor places to coordinates. Modes follow PLOVER's table of CAMEO codes (2021); it names
none for a clash, an execution, a stabbing and the rest, whose mode stays empty and is counted.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from ..schema import Document, Event
from ..whole_file import whole_file
from .report import Report, checked

MODES = {
    "airstrike": "heavy-weapons",
    "shelling": "heavy-weapons",
    "bombing": "explosives",
    "shooting": "firearms",
    "kidnapping": "abduct",
    "arson": "destroy",
}


def write_plover(docs: Iterable[Document], path: str | Path) -> Report:
    """Write the events of ``docs``, whole or not at all."""
    report = Report()
    with whole_file(path) as out:
        for doc in checked(docs):
            for number, event in enumerate(doc.events, 1):
                out.write(json.dumps(_row(doc, number, event), ensure_ascii=False) + "\n")
                report.lost["attack types without a PLOVER mode"] += event.type not in MODES
                report.lost["mentions' offsets"] += 1 + sum(1 for _ in event.spans())
            report.documents += 1
            report.lost.update({"texts": 1, "documents without an event": int(not doc.events)})
    return report


def _row(doc: Document, number: int, event: Event) -> dict[str, Any]:
    return {
        "event_id": f"{doc.id}#{number}",
        "document": doc.id,
        "title": doc.title,
        "event_type": "ASSAULT",
        "event_mode": MODES.get(event.type, ""),
        "context": ["military"] if event.type in ("airstrike", "shelling") else [],
        "type": event.type,
        "anchor": event.trigger.text if event.trigger else "",
        "actor": [s.text for s in event.attacker],
        "recipient": [s.text for s in event.target],
        "count": [s.text for s in event.count],
        "location": [s.text for s in event.location],
        "source": [s.text for s in event.source],
        "meta": dict(doc.meta),
    }
