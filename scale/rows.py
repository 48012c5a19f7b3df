"""Rows out of records: one a frame, one a mention. The columns, their kinds and what each holds stand here alone.

Every row is a dict of plain Python with exactly the columns' names. Fields that `EventFrame` has beyond those known
here become columns by themselves: text, whole number, number or flag by their annotation, all else as JSON text; what
has a place in the text stands among the evidence as well.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ..data.schema import ROLES, TRIGGER
from ..model.frames import EventFrame
from .parts import Record
from .read import READ

#: The kinds of a column: ``texts`` is a list of text; a tuple of columns is a list of such records.
SCALARS = {"str": "text", "int": "integer", "float": "real", "bool": "flag"}
KNOWN = ("type", TRIGGER, *ROLES, "sentences", "score", "entities", "attribution", "date", "killed", "wounded")
NOTHING, FRAME = "nothing", "frame"


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    kind: str | tuple[Column, ...]


def _columns(**kinds: Any) -> tuple[Column, ...]:
    return tuple(Column(name, kind) for name, kind in kinds.items())


COUNT = _columns(value="integer", min="integer", max="integer", approximate="flag", kind="text", text="text")
SENTENCE = _columns(start="integer", end="integer", text="text")
EVIDENCE = _columns(role="text", text="text", name="text", start="integer", end="integer", score="real")


def extra_columns(frame_type: type = EventFrame) -> tuple[Column, ...]:
    """A column for each field of ``frame_type`` that is not known here."""
    found = []
    for field in dataclasses.fields(frame_type):
        if field.name not in KNOWN:
            told = str(field.type).replace("| None", "").replace("None |", "").strip()
            found.append(Column(field.name, SCALARS.get(told, "json")))
    return tuple(found)


def event_columns(frame_type: type = EventFrame) -> tuple[Column, ...]:
    """The columns of the table of events."""
    return (
        *_columns(document_id="text", document_title="text", document_date="text", status="text", frame="integer"),
        *_columns(type="text", trigger="text", attacker="texts", target="texts", location="texts", source="texts"),
        *_columns(attribution="text", date="text", country="text", latitude="real", longitude="real"),
        *_columns(killed="integer", killed_min="integer", killed_max="integer"),
        *_columns(wounded="integer", wounded_min="integer", wounded_max="integer"),
        *_columns(counts=COUNT, entities="json", score="real"),
        *extra_columns(frame_type),
        *_columns(sentences=SENTENCE, evidence=EVIDENCE, gate_score="real", reason="text"),
    )


MENTIONS = (
    *_columns(document_id="text", frame="integer", role="text", text="text", name="text"),
    *_columns(start="integer", end="integer", score="real"),
    *_columns(value="integer", min="integer", max="integer", approximate="flag", kind="text"),
    *_columns(sentence_start="integer", sentence_end="integer"),
)


def event_rows(record: Record, columns: tuple[Column, ...], *, all_documents: bool = False) -> Iterator[dict[str, Any]]:
    """A row for each frame of ``record``. ``all_documents``: where there is none, one row whose status says why:
    ``nothing`` found, ``skipped`` by the gate, ``failed`` with its reason."""
    base = dict.fromkeys(column.name for column in columns) | {
        "document_id": record["document"],
        "document_title": record.get("title", ""),
        "document_date": record.get("date", ""),
        "gate_score": record.get("gate"),
        "reason": record.get("reason"),
    }
    frames = record.get("frames", ())
    for number, frame in enumerate(frames, 1):
        yield base | {"status": FRAME, "frame": number} | _frame(frame, columns)
    if all_documents and not frames:
        yield base | {"status": NOTHING if record["status"] == READ else record["status"]}


def _frame(frame: Record, columns: tuple[Column, ...]) -> dict[str, Any]:
    names = {role: list(dict.fromkeys(m["name"] for m in frame[role])) for role in ROLES if role != "count"}
    wanted = [c.name for c in COUNT]
    row: dict[str, Any] = {
        "type": frame["type"],
        "trigger": frame["trigger"]["text"] if frame["trigger"] else None,
        **names,
        **_context(frame),
        **_figure(frame, "killed"),
        **_figure(frame, "wounded"),
        "counts": [{name: count.get(name) for name in wanted} for count in frame["count"]],
        "entities": _extra(frame.get("entities"), "json"),
        "score": frame["score"],
        "sentences": frame["sentences"],
        "evidence": [{c.name: m.get(c.name) for c in EVIDENCE} for m in mentions(frame)],
    }
    for column in columns:
        if column.name in frame and column.name not in row:
            row[column.name] = _extra(frame[column.name], column.kind)
    return row


def _context(frame: Record) -> dict[str, Any]:
    """Who says that the attacker did it, the day or interval of the attack, and where its first place lies."""
    place: Record = next((m["place"] for m in frame["location"] if m.get("place")), {})
    return {
        "attribution": (frame.get("attribution") or {}).get("status"),
        "date": (frame.get("date") or {}).get("value"),
        "country": place.get("country"),
        "latitude": place.get("latitude"),
        "longitude": place.get("longitude"),
    }


def _figure(frame: Record, kind: str) -> dict[str, int | None]:
    """The figure that the frame shows for ``kind``; where it shows none, the highest of its counts."""
    shown = frame.get(kind)
    if not shown:
        return toll(frame["count"], kind)
    return {kind: shown["value"], f"{kind}_min": shown["min"], f"{kind}_max": shown["max"]}


def _extra(value: Any, kind: Any) -> Any:
    if value is None or kind != "json" or isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)


def toll(counts: list[Record], kind: str) -> dict[str, int | None]:
    """The number of one kind (``killed``, ``wounded``) with its bounds: the highest that the frame tells.

    Reports tell a total beside its parts ("15, among them 4 children"); a sum would count the parts twice. All are in
    the column ``counts``."""
    told = [c for c in counts if c.get("kind") == kind and _height(c) is not None]
    best = max(told, key=lambda c: (_height(c), c["score"]), default={})
    return {kind: best.get("value"), f"{kind}_min": best.get("min"), f"{kind}_max": best.get("max")}


def _height(count: Record) -> int | None:
    told = [count[key] for key in ("value", "min", "max") if count.get(key) is not None]
    return max(told) if told else None


def mentions(frame: Record) -> Iterator[Record]:
    """Every mention of a frame with its ``role``: the trigger, the five roles, and fields of others with a place."""
    for field, value in frame.items():
        if field == "sentences":
            continue
        for held in value if isinstance(value, list) else [value]:
            if isinstance(held, dict) and {"start", "end", "text"} <= held.keys():
                yield {**held, "role": field}


def mention_rows(record: Record) -> Iterator[dict[str, Any]]:
    """A row for each mention of each frame, then those that were found but belong to no frame (``frame`` is null)."""
    empty = dict.fromkeys(column.name for column in MENTIONS) | {"document_id": record["document"]}
    for number, frame in enumerate(record.get("frames", ()), 1):
        for mention in mentions(frame):
            home: Record = next((s for s in frame["sentences"] if s["start"] <= mention["start"] < s["end"]), {})
            spot = {"sentence_start": home.get("start"), "sentence_end": home.get("end")}
            yield empty | {"frame": number, **_known(mention), **spot}
    for span in record.get("loose", ()):
        yield empty | _known(span)


def _known(mention: Record) -> Record:
    return {c.name: mention[c.name] for c in MENTIONS if c.name in mention}
