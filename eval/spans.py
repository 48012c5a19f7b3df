"""Span scores per role, strict and overlapping. Strict equals seqeval's strict IOB2 mode on flat data (tested).

Overlapping: predicted and gold spans of one role are matched one to one, best total overlap first found by optimal
matching; a matched pair with at least one character in common is right.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from ..data.schema import ROLES, Document
from .match import best_matching
from .scores import Score, by_role


class HasRole(Protocol):
    """What is scored: offsets and a role (`model.frames.RoleSpan` fits; eval imports nothing of the model)."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...
    @property
    def role(self) -> str: ...


@dataclass(frozen=True, slots=True)
class SpanScores:
    strict_by_role: dict[str, Score]
    overlap_by_role: dict[str, Score]

    @property
    def strict(self) -> Score:
        return sum(self.strict_by_role.values(), Score())

    @property
    def overlap(self) -> Score:
        return sum(self.overlap_by_role.values(), Score())

    def __add__(self, other: SpanScores) -> SpanScores:
        return SpanScores(
            {r: self.strict_by_role[r] + other.strict_by_role[r] for r in ROLES},
            {r: self.overlap_by_role[r] + other.overlap_by_role[r] for r in ROLES},
        )

    def to_dict(self) -> dict[str, Any]:
        return {
            "strict": by_role(self.strict_by_role),
            "overlap": by_role(self.overlap_by_role),
        }


def score_document(doc: Document, predicted: Iterable[HasRole]) -> SpanScores:
    """Scores of one document."""
    gold: dict[str, set[tuple[int, int]]] = {role: set() for role in ROLES}
    for role, span in doc.role_spans():
        gold[role].add((span.start, span.end))
    found: dict[str, set[tuple[int, int]]] = {role: set() for role in ROLES}
    for one in predicted:
        found[one.role].add((one.start, one.end))
    strict, overlap = {}, {}
    for role in ROLES:
        p, g = sorted(found[role]), sorted(gold[role])
        right = len(gold[role] & found[role])
        strict[role] = Score(len(p), len(g), right, right)
        matched = matched_overlaps(p, g)
        overlap[role] = Score(len(p), len(g), matched, matched)
    return SpanScores(strict, overlap)


def matched_overlaps(predicted: Sequence[tuple[int, int]], gold: Sequence[tuple[int, int]]) -> int:
    """How many predicted spans can be paired one to one with a gold span that they touch."""
    # an overlap of any size counts once: the large constant makes the number of pairs come before their extent
    weights = [[_shared(p, g) for g in gold] for p in predicted]
    return len(best_matching([[1e6 + w if w else 0.0 for w in row] for row in weights]))


def _shared(a: tuple[int, int], b: tuple[int, int]) -> int:
    return max(0, min(a[1], b[1]) - max(a[0], b[0]))


def score_spans(docs: Sequence[Document], predicted: Sequence[Iterable[HasRole]]) -> SpanScores:
    """Counts summed over documents; ``predicted[i]`` belongs to ``docs[i]``."""
    return summed(score_document(doc, spans) for doc, spans in zip(docs, predicted, strict=True))


def summed(parts: Iterable[SpanScores]) -> SpanScores:
    """The counts of all ``parts`` together."""
    return sum(parts, SpanScores({r: Score() for r in ROLES}, {r: Score() for r in ROLES}))
