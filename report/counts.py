"""What the pictures show, counted over every event once, in one pass: days, places, names, pairs, tolls.

Names are joined by their folded spelling and shown in the commonest. An event with two attackers counts for each of
them. Only what is counted is kept, so memory does not grow with the texts.
"""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from ..model.arabic import fold
from .events import KINDS, NAMED, Event, Figure

#: Tolls that the page shows of each kind, and groups of reports that differ.
LARGEST, DIFFERING = 12, 10
Spot = tuple[float, float]


@lru_cache(maxsize=200_000)
def key_of(name: str) -> str:
    """The name as names are joined by."""
    return " ".join(fold(name).split()).casefold()


class Told(NamedTuple):
    """A toll of one event; ``number`` is that of the event in the table."""

    number: int
    event: Event
    figure: Figure


@dataclass(slots=True)
class Counts:
    events: int = 0
    documents: set[str] = field(default_factory=set)
    empty: int = 0
    own_days: int = 0
    days: Counter[int] = field(default_factory=Counter)
    types: Counter[str] = field(default_factory=Counter)
    attributions: Counter[str] = field(default_factory=Counter)
    names: dict[str, Counter[str]] = field(default_factory=lambda: {role: Counter() for role in NAMED})
    spellings: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    pairs: Counter[tuple[str, str]] = field(default_factory=Counter)
    places: Counter[Spot] = field(default_factory=Counter)
    place_names: dict[Spot, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    largest: dict[str, list[tuple[int, int, Told]]] = field(default_factory=lambda: {kind: [] for kind in KINDS})
    together: dict[str, dict[tuple[int, Spot], list[Told]]] = field(
        default_factory=lambda: {kind: defaultdict(list) for kind in KINDS}
    )

    def add(self, event: Event) -> None:
        """Count one more event."""
        number = self.events
        self.events += 1
        self.documents.add(event.document)
        self.types[event.type] += 1
        self.attributions[event.attribution] += 1
        if event.day is not None:
            self.days[event.day] += 1
            self.own_days += event.own_day
        keys = {role: {key_of(name) for name in event.names[role]} for role in NAMED}
        for role in NAMED:
            self.names[role].update(keys[role])
            for name in event.names[role]:
                self.spellings[key_of(name)][name] += 1
        self.pairs.update((a, t) for a in keys["attacker"] for t in keys["target"])
        if event.spot:
            self.places[event.spot] += 1
            self.place_names[event.spot].update(event.names["location"][:1] or (event.country,))
        for kind, figure in event.shown.items():
            self._toll(kind, Told(number, event, figure))

    def _toll(self, kind: str, told: Told) -> None:
        height = told.figure.number or 0
        held = self.largest[kind]
        (heapq.heappush if len(held) < LARGEST else heapq.heappushpop)(held, (height, -told.number, told))
        if told.event.spot and told.event.own_day and told.event.day is not None:
            self.together[kind][told.event.day, told.event.spot].append(told)

    def name(self, key: str) -> str:
        """The commonest spelling of a joined name."""
        held = self.spellings[key]
        return max(held, key=lambda name: (held[name], name))

    def place(self, spot: Spot) -> str:
        """What reports mostly call a spot."""
        held = self.place_names[spot]
        return max(held, key=lambda name: (held[name], name))

    def largest_of(self, kind: str) -> list[Told]:
        return [told for _, _, told in sorted(self.largest[kind], reverse=True)]

    def differing(self, kind: str) -> list[list[Told]]:
        """Groups of tolls of one day and one spot, from two documents or more, that are not all the same number; the
        widest first."""
        found = []
        for group in self.together[kind].values():
            numbers = {(t.figure.value, t.figure.min, t.figure.max) for t in group}
            if len(numbers) > 1 and len({t.event.document for t in group}) > 1:
                found.append(sorted(group, key=lambda t: (t.figure.number or 0, t.number)))
        found.sort(key=lambda group: (-_spread(group), group[0].number))
        return found[:DIFFERING]


def _spread(group: Sequence[Told]) -> int:
    numbers = [t.figure.number or 0 for t in group]
    return max(numbers) - min(numbers)


class Bin(NamedTuple):
    """A bar of the picture over time: its name, first and last day (ordinals) and its events."""

    name: str
    first: int
    last: int
    events: int


def bins(days: Counter[int]) -> list[Bin]:
    """Days, months or years, whichever gives a readable number of bars, without gaps. Where there are 50 events and
    more, the bars span the days of the central 98%; those outside stand in the first and last bar, whose name says so
    ("≤2011")."""
    if not days:
        return []
    from datetime import date

    ordered = sorted(days)
    first, last = _central(days, ordered)
    span = last - first + 1
    size = 10 if span <= 92 else 7 if span <= 4000 else 4

    def named(day: int) -> str:
        return date.fromordinal(day).isoformat()[:size]

    edges: dict[str, list[int]] = {}
    for day in range(first, last + 1):
        edges.setdefault(named(day), [day, day])[1] = day
    counted: Counter[str] = Counter()
    for day, number in days.items():
        counted[named(min(max(day, first), last))] += number
    found = [Bin(name, a, b, counted[name]) for name, (a, b) in edges.items()]
    if ordered[0] < first:
        found[0] = Bin("≤" + found[0].name, ordered[0], found[0].last, found[0].events)
    if ordered[-1] > last:
        found[-1] = Bin("≥" + found[-1].name, found[-1].first, ordered[-1], found[-1].events)
    return found


def _central(days: Counter[int], ordered: Sequence[int]) -> tuple[int, int]:
    total = sum(days.values())
    if total < 50:
        return ordered[0], ordered[-1]
    seen, first, last = 0, ordered[0], ordered[-1]
    for day in ordered:
        before, seen = seen, seen + days[day]
        if before <= 0.01 * total < seen:
            first = day
        if before < 0.99 * total <= seen:
            last = day
    return first, last
