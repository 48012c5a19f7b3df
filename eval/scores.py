"""Precision, recall and F1 from counts; sums of counts over documents."""

from __future__ import annotations

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
