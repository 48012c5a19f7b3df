"""A table of events with ACLED's column names, for whoever's programs read ACLED's exports. Written only.

A cell is filled only from what the report says; what our types and roles do not settle stays empty:

- ``event_date``: the document's meta ``event_date``, if it has one. A report's own date is not the event's: it stands
  in ``report_date`` (meta ``date``).
- ``event_type``, ``sub_event_type``: by `TYPES`. ACLED tells a shooting of soldiers (a battle) from one of civilians
  by who was hit, a suicide bomb from a mine by how; our types don't, so these are empty.
- ``actor1``, ``actor2``: the names of attackers and of targets in naming form, not ACLED's actors. (In ACLED the
  order of the two means nothing; here it does.)
- ``location``: the places named, as they stand, not a gazetteer's. ``source``: who the report says tells it;
  the outlet is in ``outlet`` (meta ``outlet``).
- ``fatalities``: the number killed where the event tells exactly one ("at least 30" is 30); ``killed_told`` has all
  that is told, with bounds. Never a sum, never nought for silence.
- ``notes``: the sentences the event rests on.

The columns behind these are ours. ACLED's codes (actors' kinds, countries, coordinates, precision) are not here: no
report tells them.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from ..data.formats.report import Report
from ..data.formats.span_table import neutral
from ..data.whole_file import whole_file
from .frames import EventFrame
from .rows import BETWEEN, names, told_number
from .show import amount

REMOTE = "Explosions/Remote violence"
#: Our type to ACLED's event type and sub-event type, where the one implies the other.
TYPES = {
    "airstrike": (REMOTE, "Air/drone strike"),
    "shelling": (REMOTE, "Shelling/artillery/missile attack"),
    "bombing": (REMOTE, ""),
    "clash": ("Battles", "Armed clash"),
}
COLUMNS = (
    *("event_date", "event_type", "sub_event_type", "actor1", "actor2", "location", "fatalities", "source", "notes"),
    *("document", "event", "type", "trigger", "score", "killed_told", "report_date", "outlet", "start", "end"),
)


def acled_rows(
    text: str, frames: Sequence[EventFrame], document: str, meta: Mapping[str, Any]
) -> Iterator[dict[str, Any]]:
    """A row for each of ``frames``, with the keys `COLUMNS`; what is not told is an empty string."""
    for number, frame in enumerate(frames, 1):
        event_type, sub_event_type = TYPES.get(frame.type, ("", ""))
        killed = told_number(frame, "killed")
        yield {
            "event_date": str(meta.get("event_date") or ""),
            "event_type": event_type,
            "sub_event_type": sub_event_type,
            "actor1": names(frame, "attacker"),
            "actor2": names(frame, "target"),
            "location": names(frame, "location"),
            "fatalities": "" if killed is None else killed,
            "source": names(frame, "source"),
            "notes": " ".join(text[a:b] for a, b in frame.sentences),
            "document": document,
            "event": number,
            "type": frame.type,
            "trigger": frame.trigger.text if frame.trigger else "",
            "score": f"{frame.score:.3f}",
            "killed_told": BETWEEN.join(amount(m) for m in frame.count if m.kind == "killed"),
            "report_date": str(meta.get("date") or ""),
            "outlet": str(meta.get("outlet") or ""),
            "start": frame.trigger.start if frame.trigger else "",
            "end": frame.trigger.end if frame.trigger else "",
        }


def write_acled(read: Iterable[tuple[str, str, Sequence[EventFrame], Mapping[str, Any]]], path: str | Path) -> Report:
    """Write the frames of ``read``, (document id, text, frames, meta) each, whole or not at all; counted is what the
    table lacks. In UTF-8 with a byte order mark, for spreadsheets; cells that one would run are neutralised."""
    report = Report()
    with whole_file(path, "utf-8-sig") as out:
        table = csv.writer(out, lineterminator="\r\n")
        table.writerow(COLUMNS)
        for document, text, frames, meta in read:
            for row in acled_rows(text, frames, document, meta):
                table.writerow([neutral(str(row[name])) for name in COLUMNS])
                report.lost["events without an ACLED type"] += not row["event_type"]
                report.lost["events without a date"] += not row["event_date"]
                told = row["fatalities"] == "" and bool(row["killed_told"])
                report.lost["events whose number of killed is open or told in several ways"] += told
            report.documents += 1
            report.lost["documents without an event"] += not frames
    return report
