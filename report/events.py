"""A row of the events table as the page needs it: names by entity, figures with their sources, marked sentences.

`Event` holds display text that is safe already: what steers direction or prints nothing stands by its number
(`eval.html_text`), so that offsets and escapes are settled here, once, and the page's script only shows strings.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from ..data.schema import ROLES, TRIGGER
from ..eval.html_text import visible

KINDS = ("killed", "wounded")
NAMED = ("attacker", "target", "location", "source")
_LETTER = {TRIGGER: "e", **{role: role[0] for role in ROLES}}
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of killed or wounded: what is written, its bounds (None: open), the sources its sentence credits."""

    value: int | None
    min: int | None
    max: int | None
    sources: tuple[str, ...] = ()

    @property
    def number(self) -> int | None:
        """The number that figures are compared by: the one written, else the lower bound, else the upper."""
        return next((n for n in (self.value, self.min, self.max) if n is not None), None)

    def told(self) -> str:
        """ "12", "≥30", "≤5", "20–30", "~20": the same signs in every language."""
        if self.value is not None and self.value == self.min == self.max:
            return f"{self.value:,}"
        if self.min is not None and self.max is None:
            return f"≥{self.min:,}"
        if self.max is not None and self.min is None:
            return f"≤{self.max:,}"
        if self.value is not None:
            return f"~{self.value:,}"
        return f"{self.min:,}–{self.max:,}"


@dataclass(frozen=True, slots=True)
class Event:
    """One frame. ``day`` is an ordinal: of the attack if ``own_day``, else of the report. ``sentences`` are lists that
    alternate text and the letters of the roles that mark it ("" for none). ``others`` are, by kind of loss, the
    report's figures beside the shown one."""

    document: str
    title: str
    reported: str
    frame: int
    type: str
    trigger: str
    names: Mapping[str, tuple[str, ...]]
    attribution: str
    date: str
    day: int | None
    own_day: bool
    country: str
    spot: tuple[float, float] | None
    shown: Mapping[str, Figure]
    others: Mapping[str, tuple[Figure, ...]]
    score: float
    sentences: tuple[list[str], ...]


def event_of(row: Mapping[str, Any]) -> Event:
    """The event of a row of `table.read_events`. Raises ValueError where an offset lies outside its sentence."""
    told = row.get("date") or ""
    own, reported = _day(told), _day(row.get("document_date") or "")
    shown = {kind: figure for kind in KINDS if (figure := _shown(row, kind))}
    figures = {kind: _figures(row, kind) for kind in KINDS}
    latitude, longitude = row.get("latitude"), row.get("longitude")
    return Event(
        document=visible(str(row["document_id"])),
        title=visible(row.get("document_title") or ""),
        reported=visible(row.get("document_date") or ""),
        frame=int(row["frame"]),
        type=visible(row.get("type") or "other"),
        trigger=visible(row.get("trigger") or ""),
        names=_names(row),
        attribution=visible(row.get("attribution") or "unknown"),
        date=visible(told),
        day=own or reported,
        own_day=own is not None,
        country=visible(row.get("country") or ""),
        spot=None if latitude is None or longitude is None else (round(latitude, 1), round(longitude, 1)),
        shown={kind: _credited(figure, figures[kind]) for kind, figure in shown.items()},
        others={kind: _without(figures[kind], shown.get(kind)) for kind in KINDS},
        score=row.get("score") or 0.0,
        sentences=tuple(marked(s, row["evidence"] or ()) for s in row["sentences"] or ()),
    )


def _day(told: str) -> int | None:
    """The ordinal of the first day of an ISO date or interval."""
    found = _DAY.match(told)
    try:
        return date.fromisoformat(found[0]).toordinal() if found else None
    except ValueError:
        return None


def _names(row: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """By role, a name for each entity of the frame; the table's names where it has no entities."""
    held = row.get("entities")
    if isinstance(held, str):
        held = json.loads(held)
    found: dict[str, list[str]] = {role: [] for role in NAMED}
    for entity in held or ():
        if entity["role"] in found:
            found[entity["role"]].append(entity["name"])
    return {
        role: tuple(dict.fromkeys(visible(" ".join(name.split())) for name in found[role] or row[role] or ()))
        for role in NAMED
    }


def _shown(row: Mapping[str, Any], kind: str) -> Figure | None:
    figure = Figure(row.get(kind), row.get(f"{kind}_min"), row.get(f"{kind}_max"))
    return None if figure.number is None else figure


def _figures(row: Mapping[str, Any], kind: str) -> list[Figure]:
    """Every figure of ``kind``; counts and the evidence's counts stand in one order."""
    evidence = row["evidence"] or ()
    spots = [e for e in evidence if e["role"] == "count"]
    counts = row.get("counts") or ()
    if len(spots) != len(counts):
        spots = [{"start": -1}] * len(counts)
    found = []
    for count, spot in zip(counts, spots, strict=True):
        if count["kind"] == kind:
            home = next((s for s in row["sentences"] if s["start"] <= spot["start"] < s["end"]), None)
            credited = [
                visible(e["name"] or e["text"])
                for e in evidence
                if home and e["role"] == "source" and home["start"] <= e["start"] < home["end"]
            ]
            found.append(Figure(count["value"], count["min"], count["max"], tuple(dict.fromkeys(credited))))
    return [figure for figure in found if figure.number is not None]


def _same(a: Figure, b: Figure) -> bool:
    return (a.value, a.min, a.max) == (b.value, b.min, b.max)


def _credited(shown: Figure, figures: Sequence[Figure]) -> Figure:
    return next((figure for figure in figures if _same(figure, shown)), shown)


def _without(figures: Sequence[Figure], shown: Figure | None) -> tuple[Figure, ...]:
    distinct = {(f.value, f.min, f.max): f for f in figures if shown is None or not _same(f, shown)}
    return tuple(distinct.values())


def marked(sentence: Mapping[str, Any], evidence: Sequence[Mapping[str, Any]]) -> list[str]:
    """A sentence cut at every edge of its evidence: [text, letters, text, letters, …]. Letters are e (the word for the
    deed) and the first of each role, in one string where mentions share words."""
    start, end, text = sentence["start"], sentence["end"], sentence["text"]
    if len(text) != end - start:
        raise ValueError(f"sentence [{start}, {end}) has {len(text)} characters; was the table changed by hand?")
    inside = [e for e in evidence if e["role"] in _LETTER and e["start"] < end and start < e["end"]]
    cuts = {start, end}
    for mention in inside:
        cuts |= {max(start, mention["start"]), min(end, mention["end"])}
    parts = []
    for low, high in pairwise(sorted(cuts)):
        letters = "".join(dict.fromkeys(_LETTER[e["role"]] for e in inside if e["start"] <= low and high <= e["end"]))
        parts += [visible(text[low - start : high - start]), letters]
    return parts
