"""The event table of ``/extract``: a row an event, as CSV for a spreadsheet or as JSON Lines.

Several mentions of one role share a cell, divided by " | ", each by its name without attached letters. JSON Lines hold
the whole frame with every offset and score. A report without an event gives no row.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator
from typing import Any

from ..data.formats.span_table import neutral
from ..model.frames import CountMention, EventFrame, Prediction

COLUMNS = (
    "document",
    "event",
    "type",
    "score",
    "trigger",
    "start",
    "end",
    "attacker",
    "target",
    "count",
    "killed",
    "wounded",
    "taken",
    "date",
    "location",
    "source",
    "sentence",
)
BETWEEN = " | "


def as_jsonl(read: Iterable[tuple[str, Prediction]]) -> Iterator[str]:
    """A line an event: ``document``, ``event`` (from 1), and the frame as `EventFrame.to_dict` gives it."""
    for identity, prediction in read:
        for number, frame in enumerate(prediction.frames, 1):
            yield json.dumps({"document": identity, "event": number, **frame.to_dict()}, ensure_ascii=False) + "\n"


def as_csv(read: Iterable[tuple[str, Prediction]]) -> Iterator[str]:
    """Lines of CSV with a byte order mark, so that Excel shows Arabic; cells that it would run bear an apostrophe."""
    held = io.StringIO()
    table = csv.writer(held, lineterminator="\r\n")
    table.writerow(COLUMNS)
    yield "\ufeff" + held.getvalue()
    for identity, prediction in read:
        for number, frame in enumerate(prediction.frames, 1):
            held.seek(0)
            held.truncate()
            table.writerow([neutral(str(cell)) for cell in _row(identity, number, frame, prediction.text)])
            yield held.getvalue()


def _row(identity: str, number: int, frame: EventFrame, text: str) -> Iterator[Any]:
    trigger = frame.trigger
    yield from (identity, number, frame.type, f"{frame.score:.3f}")
    yield from (trigger.text, trigger.start, trigger.end) if trigger else ("", "", "")
    for role in ("attacker", "target", "count"):
        yield BETWEEN.join(mention.name for mention in getattr(frame, role))
    for kind in ("killed", "wounded", "taken"):
        yield BETWEEN.join(amount(count) for count in frame.count if count.kind == kind)
    yield (frame.date.value or "") if frame.date else ""
    for role in ("location", "source"):
        yield BETWEEN.join(mention.name for mention in getattr(frame, role))
    first, last = frame.sentences[0] if frame.sentences else (0, 0)
    yield text[first:last]


def amount(count: CountMention) -> str:
    """The number as read: ``12``, ``>=12``, ``20..99``, ``<=9``; ``~`` before it where the report says "about"."""
    value, low, high = count.value, count.min, count.max
    if low is not None and low == high:
        said = str(low)
    elif low is not None and high is not None:
        said = f"{low}..{high}"
    elif low is not None:
        said = f">={low}"
    elif high is not None:
        said = f"<={high}"
    else:
        said = "" if value is None else str(value)
    return f"~{said}" if said and count.approximate and low is None and high is None else said
