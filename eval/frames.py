"""Frame scores: predicted frames are aligned to gold events by best matching, then fillers are compared by role.

Two fillers agree if they share at least one character (``overlap``) or are the same span (``exact``). The weight of a
pair of frames is the number of its agreeing fillers, counted one to one within each role, plus one for the trigger.
Unaligned frames and events put all their fillers on the wrong side. ``found`` says which events were found at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..data.schema import EVENT_TYPES, ROLES, Document, Event
from .intervals import macro_values, resampled, share, spread
from .match import best_matching
from .scores import Score, by_role
from .spans import matched_overlaps

Spot = tuple[int, int]


@dataclass(frozen=True, slots=True)
class FrameScores:
    """``fillers`` by role (overlapping), ``exact`` by role, ``events`` found, and types of aligned pairs."""

    fillers: dict[str, Score]
    exact: dict[str, Score]
    events: Score
    types: tuple[tuple[str, str], ...] = ()

    def __add__(self, other: FrameScores) -> FrameScores:
        return FrameScores(
            {r: self.fillers[r] + other.fillers[r] for r in ROLES},
            {r: self.exact[r] + other.exact[r] for r in ROLES},
            self.events + other.events,
            self.types + other.types,
        )

    @property
    def micro(self) -> Score:
        return sum(self.fillers.values(), Score())

    @property
    def type_macro_f1(self) -> float:
        """Mean F1 over the types that occur among the aligned pairs' gold."""
        values = []
        for kind in EVENT_TYPES:
            gold = sum(g == kind for g, _ in self.types)
            predicted = sum(p == kind for _, p in self.types)
            right = sum(g == p == kind for g, p in self.types)
            if gold:
                values.append(Score(predicted, gold, right, right).f1)
        return sum(values) / len(values) if values else 0.0

    def to_dict(self) -> dict[str, Any]:
        right = sum(g == p for g, p in self.types)
        return {
            "role_fillers": by_role(self.fillers),
            "role_fillers_exact": by_role(self.exact),
            "events": self.events.to_dict(),
            "type_accuracy": right / len(self.types) if self.types else 0.0,
            "type_macro_f1": self.type_macro_f1,
        }


def _spots(frame: Any, role: str) -> list[Spot]:
    found = {(m.start, m.end) for m in getattr(frame, role)}
    if role == "count":
        # "جنديين" is a target alone in the annotation; that a frame also reads "2" off it is neither right nor wrong
        found -= {(m.start, m.end) for m in frame.target}
    return sorted(found)


def _trigger(frame: Any) -> list[Spot]:
    return [(frame.trigger.start, frame.trigger.end)] if frame.trigger else []


def score_document(doc: Document, frames: Sequence[Any]) -> FrameScores:
    """Scores of one document. A frame needs ``type``, ``trigger`` and the five roles as sequences of offsets."""
    pairs = aligned(doc, frames)
    fillers: dict[str, Score] = {}
    exact: dict[str, Score] = {}
    for role in ROLES:
        predicted = sum(len(_spots(f, role)) for f in frames)
        gold = sum(len(_spots(e, role)) for e in doc.events)
        touch = sum(matched_overlaps(_spots(frames[f], role), _spots(doc.events[e], role)) for f, e in pairs)
        same = sum(len(set(_spots(frames[f], role)) & set(_spots(doc.events[e], role))) for f, e in pairs)
        fillers[role] = Score(predicted, gold, touch, touch)
        exact[role] = Score(predicted, gold, same, same)
    events = Score(len(frames), len(doc.events), len(pairs), len(pairs))
    return FrameScores(fillers, exact, events, tuple((doc.events[e].type, frames[f].type) for f, e in pairs))


def aligned(doc: Document, frames: Sequence[Any]) -> list[tuple[int, int]]:
    """(frame, event) of each pair that is held against each other."""
    return best_matching([[_agreement(frame, event) for event in doc.events] for frame in frames])


def _agreement(frame: Any, event: Event) -> float:
    shared = sum(matched_overlaps(_spots(frame, role), _spots(event, role)) for role in ROLES)
    return shared + matched_overlaps(_trigger(frame), _trigger(event))


def score_frames(docs: Sequence[Document], frames: Sequence[Sequence[Any]]) -> FrameScores:
    """Counts summed over documents; ``frames[i]`` belongs to ``docs[i]``."""
    return summed(score_document(doc, found) for doc, found in zip(docs, frames, strict=True))


def summed(parts: Iterable[FrameScores]) -> FrameScores:
    """The counts of all ``parts`` together."""
    return sum(parts, FrameScores({r: Score() for r in ROLES}, {r: Score() for r in ROLES}, Score()))


def type_intervals(parts: Sequence[FrameScores]) -> dict[str, list[float]]:
    """95% intervals of the two figures of types, by the names of `FrameScores.to_dict`; a part a document."""
    counts = np.zeros((len(parts), len(EVENT_TYPES), 3))  # predicted, gold, right
    place = {kind: i for i, kind in enumerate(EVENT_TYPES)}
    for row, part in zip(counts, parts, strict=True):
        for gold, found in part.types:
            row[place[found], 0] += 1
            row[place[gold], 1] += 1
            row[place[gold], 2] += gold == found
    drawn = resampled(counts)
    predicted, gold_counts, right = (drawn[..., i] for i in range(3))
    f1 = share(2 * right, predicted + gold_counts)
    return {
        "type_accuracy_interval": spread(share(right.sum(-1), gold_counts.sum(-1))),
        "type_macro_f1_interval": spread(macro_values(f1, gold_counts)),
    }
