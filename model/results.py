"""The result types: what `predict` gives back. Plain, frozen, and each with ``to_dict`` for JSON.

Every answer keeps its place in the text: ``text[m.start:m.end] == m.text``. What each field means, with an
example, is in ``docs/frames.md``. How the fields come about is in the module of each: `frames`, `entities`,
`attribution`, `dates`, `places`, `tolls`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..data.schema import ROLES
from .mentions import CountMention, LocationMention, Mention, Place, RoleSpan

ASSERTED, CLAIMED, ACCUSED, DENIED, UNKNOWN = "asserted", "claimed", "accused", "denied", "unknown"


@dataclass(frozen=True, slots=True)
class Entity:
    """Mentions of one role that name the same thing. ``name`` is the longest naming mention's; ``mentions`` are in text
    order: of the whole report in ``Prediction.entities``, of the frame alone in ``EventFrame.entities``."""

    id: int
    role: str
    name: str
    mentions: tuple[Mention, ...]

    def to_dict(self) -> dict[str, Any]:
        spots = [[mention.start, mention.end] for mention in self.mentions]
        return {"id": self.id, "role": self.role, "name": self.name, "mentions": spots}


@dataclass(frozen=True, slots=True)
class Cue:
    """The words that say how it is known who attacked. ``status`` is what they say; ``entity`` the attacker's."""

    start: int
    end: int
    text: str
    status: str
    entity: int | None = None

    def to_dict(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in ("start", "end", "text", "status", "entity")}


@dataclass(frozen=True, slots=True)
class Attribution:
    """How it is known who attacked: asserted (by the report, no cue), claimed, accused, denied, or unknown (the frame
    has no attacker). ``cues`` are all the evidence in text order; ``cue`` is the one that decided."""

    status: str = UNKNOWN
    cue: Cue | None = None
    cues: tuple[Cue, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        return {
            "status": self.status,
            "cue": self.cue.to_dict() if self.cue else None,
            "cues": [cue.to_dict() for cue in self.cues],
        }


@dataclass(frozen=True, slots=True)
class DateMention:
    """A date in the text. ``first`` and ``last`` are its first and last day in ISO form, equal for a single day, None
    where they cannot be known. ``relative``: it needed the report's date. ``statement``: it says when something was
    told, not done."""

    start: int
    end: int
    text: str
    first: str | None
    last: str | None
    relative: bool
    statement: bool = False

    @property
    def value(self) -> str | None:
        """ "2017-09-05", or an ISO interval "2017-09-01/2017-09-30", or None."""
        return self.first if self.first == self.last else f"{self.first}/{self.last}"

    def to_dict(self) -> dict[str, Any]:
        names = ("start", "end", "text", "value", "first", "last", "relative", "statement")
        return {name: getattr(self, name) for name in names}


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a toll: the count it was read from and the sources that the same sentence credits."""

    mention: CountMention
    sources: tuple[Mention, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        count = self.mention
        names = ("value", "min", "max", "approximate", "start", "end", "text")
        return {name: getattr(count, name) for name in names} | {"sources": [source.name for source in self.sources]}


@dataclass(frozen=True, slots=True)
class Toll(Figure):
    """The figure to show for one kind of loss, and ``others``: the report's other figures of that kind."""

    others: tuple[Figure, ...] = ()

    @property
    def value(self) -> int | None:
        return self.mention.value

    @property
    def min(self) -> int | None:
        return self.mention.min

    @property
    def max(self) -> int | None:
        return self.mention.max

    def to_dict(self) -> dict[str, Any]:
        return {**Figure.to_dict(self), "others": [other.to_dict() for other in self.others]}


@dataclass(frozen=True, slots=True)
class EventFrame:
    """One attack. ``sentences`` are the offsets of the sentences it rests on; ``trigger`` may be missing.
    ``killed`` and ``wounded`` are the figures to show; ``date`` is the attack's, or when it was told of."""

    type: str
    trigger: Mention | None
    attacker: tuple[Mention, ...]
    target: tuple[Mention, ...]
    count: tuple[CountMention, ...]
    location: tuple[Mention, ...]
    source: tuple[Mention, ...]
    sentences: tuple[tuple[int, int], ...]
    score: float
    entities: tuple[Entity, ...] = ()
    attribution: Attribution = Attribution()
    date: DateMention | None = None
    killed: Toll | None = None
    wounded: Toll | None = None

    def to_dict(self) -> dict[str, Any]:
        return {
            "type": self.type,
            "trigger": self.trigger.to_dict() if self.trigger else None,
            **{role: [mention.to_dict() for mention in getattr(self, role)] for role in ROLES},
            "sentences": [[start, end] for start, end in self.sentences],
            "score": self.score,
            "entities": [entity.to_dict() for entity in self.entities],
            "attribution": self.attribution.to_dict(),
            "date": self.date.to_dict() if self.date else None,
            "killed": self.killed.to_dict() if self.killed else None,
            "wounded": self.wounded.to_dict() if self.wounded else None,
        }


@dataclass(frozen=True, slots=True)
class Prediction:
    """What was read from one text: every role span, the frames, and how many windows the text took; the entities and
    dates of the whole text; ``date`` is the report's own, as given."""

    text: str
    spans: tuple[RoleSpan, ...]
    frames: tuple[EventFrame, ...]
    windows: int
    entities: tuple[Entity, ...] = ()
    dates: tuple[DateMention, ...] = ()
    date: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """Plain Python types only, ready for ``json.dumps``."""
        return {
            "text": self.text,
            "spans": [span.to_dict() for span in self.spans],
            "frames": [frame.to_dict() for frame in self.frames],
            "windows": self.windows,
            "entities": [entity.to_dict() for entity in self.entities],
            "dates": [date.to_dict() for date in self.dates],
            "date": self.date,
        }

    def _repr_html_(self) -> str:
        """What a notebook shows: the text right to left with its spans marked, and a table of the events."""
        from .show import html_of

        return html_of(self)


__all__ = [
    "ACCUSED",
    "ASSERTED",
    "CLAIMED",
    "DENIED",
    "UNKNOWN",
    "Attribution",
    "CountMention",
    "Cue",
    "DateMention",
    "Entity",
    "EventFrame",
    "Figure",
    "LocationMention",
    "Mention",
    "Place",
    "Prediction",
    "RoleSpan",
    "Toll",
]
