"""Precision, recall and F1 from counts; sums of counts over documents."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Score:
    """Counts of what was predicted, what is gold, and what is right on each side (they differ for partial credit)."""

    predicted: float = 0
    gold: float = 0
    right_predicted: float = 0
    right_gold: float = 0

    def __add__(self, other: Score) -> Score:
        return Score(
            self.predicted + other.predicted,
            self.gold + other.gold,
            self.right_predicted + other.right_predicted,
            self.right_gold + other.right_gold,
        )

    @property
    def precision(self) -> float:
        return self.right_predicted / self.predicted if self.predicted else 0.0

    @property
    def recall(self) -> float:
        return self.right_gold / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean; 0 where nothing is right."""
        p, r = self.precision, self.recall
        return 2 * p * r / (p + r) if p + r else 0.0

    def to_dict(self) -> dict[str, Any]:
        return {
            "precision": self.precision,
            "recall": self.recall,
            "f1": self.f1,
            "predicted": self.predicted,
            "gold": self.gold,
            "right": self.right_gold,
        }


def macro(scores: Collection[Score]) -> dict[str, Any]:
    """Means of precision, recall and F1 over ``scores``, those with nothing gold and nothing predicted left out (as
    seqeval's macro average leaves out a class that does not occur); ``roles`` says over how many.

    Every role weighs the same, however rare: the mean F1 is the mean of the roles' F1, not the F1 of the means.
    """
    there = [s for s in scores if s.gold or s.predicted]
    means = {name: sum(getattr(s, name) for s in there) / max(1, len(there)) for name in ("precision", "recall", "f1")}
    return {**means, "roles": len(there)}


def by_role(scores: dict[str, Score]) -> dict[str, Any]:
    """JSON-ready: each role's score, ``micro`` over the summed counts, ``macro`` over the roles."""
    rows = {role: score.to_dict() for role, score in scores.items()}
    return {**rows, "micro": sum(scores.values(), Score()).to_dict(), "macro": macro(scores.values())}
