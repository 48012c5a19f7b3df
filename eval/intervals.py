"""95% intervals by bootstrap over documents: the document is the unit that was drawn from the world."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

import numpy as np

T = TypeVar("T")


def bootstrap(
    parts: Sequence[T], measure: Callable[[Sequence[T]], float], *, samples: int = 1000, seed: int = 0
) -> tuple[float, float]:
    """The 2.5th and 97.5th percentile of ``measure`` over documents drawn with replacement from ``parts``."""
    if not parts:
        return 0.0, 0.0
    rng = np.random.default_rng(seed)
    values = [measure([parts[i] for i in rng.integers(0, len(parts), len(parts))]) for _ in range(samples)]
    low, high = np.percentile(values, [2.5, 97.5])
    return float(low), float(high)


def f1_interval(counts: np.ndarray, *, samples: int = 1000, seed: int = 0) -> tuple[float, float]:
    """The interval of micro F1 from ``counts`` (documents, 3): predicted, gold, right. Vectorised."""
    if not len(counts):
        return 0.0, 0.0
    rng = np.random.default_rng(seed)
    picks = rng.multinomial(len(counts), np.full(len(counts), 1 / len(counts)), samples)
    predicted, gold, right = (picks @ counts).T
    f1 = np.where(predicted + gold > 0, 2 * right / np.maximum(predicted + gold, 1), 0.0)
    low, high = np.percentile(f1, [2.5, 97.5])
    return float(low), float(high)
