"""Spans and mentions: the parts that results are made of. ``text[m.start:m.end] == m.text``, always."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class RoleSpan:
    """A span the model found. ``score`` in (0, 1] is the mean probability of its words' tags."""

    start: int
    end: int
    text: str
    role: str
    score: float

    def to_dict(self) -> dict[str, Any]:
        return {"start": self.start, "end": self.end, "text": self.text, "role": self.role, "score": self.score}


@dataclass(frozen=True, slots=True)
class Mention:
    """A filler of a frame. ``name`` is the surface without attached letters and edge marks; ``entity`` the number of
    the entity that it names (an index of ``Prediction.entities``), None for a trigger or a count."""

    start: int
    end: int
    text: str
    name: str
    score: float
    entity: int | None = field(default=None, kw_only=True)

    def to_dict(self) -> dict[str, Any]:
        told = {"start": self.start, "end": self.end, "text": self.text, "name": self.name, "score": self.score}
        return told if self.entity is None else told | {"entity": self.entity}


@dataclass(frozen=True, slots=True)
class CountMention(Mention):
    """A number of people or things hit. ``value`` is the number said, ``min`` and ``max`` its bounds (None: open);
    ``kind`` is killed, wounded, taken, destroyed or casualties."""

    value: int | None = None
    min: int | None = None
    max: int | None = None
    approximate: bool = False
    kind: str = "casualties"

    def to_dict(self) -> dict[str, Any]:
        return {
            # not super(): a slotted dataclass is a new class, which super() without arguments does not know
            **Mention.to_dict(self),
            "value": self.value,
            "min": self.min,
            "max": self.max,
            "approximate": self.approximate,
            "kind": self.kind,
        }


@dataclass(frozen=True, slots=True)
class Place:
    """A gazetteer's entry that a location is at, in or near (``relation``). ``name`` is as the gazetteer has it,
    ``country`` an ISO 3166 code of two letters, ``latitude`` and ``longitude`` degrees of the entry, ``kind``
    country, region or city; ``score`` in (0, 1] is its share of the evidence among places of that name; ``id`` is
    the gazetteer's own ("geonames:170794", "adwar:SY:دير الزور")."""

    name: str
    country: str
    latitude: float
    longitude: float
    kind: str
    relation: str
    score: float
    id: str

    def to_dict(self) -> dict[str, Any]:
        names = ("name", "country", "latitude", "longitude", "kind", "relation", "score", "id")
        return {name: getattr(self, name) for name in names}


@dataclass(frozen=True, slots=True)
class LocationMention(Mention):
    """A location; ``place`` is None where no gazetteer entry could be chosen."""

    place: Place | None = None

    def to_dict(self) -> dict[str, Any]:
        return {**Mention.to_dict(self), "place": self.place.to_dict() if self.place else None}
