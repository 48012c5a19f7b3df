"""95% intervals by bootstrap over documents: the document is the unit that was drawn from the world.

Every document is counted once; a draw adds up the counts of the documents drawn, so a thousand draws cost one product
of matrices. All measures of an evaluation see the same draws (one seed), so their intervals can be held together.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any, TypeVar

import numpy as np

from .scores import Score

T = TypeVar("T")
SAMPLES = 1000


def bootstrap(
    parts: Sequence[T], measure: Callable[[Sequence[T]], float], *, samples: int = SAMPLES, seed: int = 0
) -> tuple[float, float]:
    """The 2.5th and 97.5th percentile of ``measure`` over documents drawn with replacement from ``parts``."""
    if not parts:
        return 0.0, 0.0
    rng = np.random.default_rng(seed)
    values = [measure([parts[i] for i in rng.integers(0, len(parts), len(parts))]) for _ in range(samples)]
    low, high = np.percentile(values, [2.5, 97.5])
    return float(low), float(high)


@lru_cache(maxsize=1)
def _picks(documents: int, samples: int, seed: int) -> np.ndarray:
    """How often each document is in each draw: (samples, documents)."""
    shares = np.full(documents, 1 / documents)
    return np.random.default_rng(seed).multinomial(documents, shares, samples).astype(float)


def resampled(counts: np.ndarray, *, samples: int = SAMPLES, seed: int = 0) -> np.ndarray:
    """``counts`` (documents, …) added up over each draw: (samples, …). With no documents: one draw, of zeros."""
    if not len(counts):
        return np.zeros((1, *counts.shape[1:]))
    drawn = _picks(len(counts), samples, seed) @ counts.reshape(len(counts), -1).astype(float)
    return drawn.reshape(samples, *counts.shape[1:])


def spread(values: np.ndarray) -> list[float]:
    """The 2.5th and 97.5th percentile of ``values`` (samples,), those that are no numbers left out; else zeros."""
    known = values[~np.isnan(values)]
    return [float(edge) for edge in np.percentile(known, [2.5, 97.5])] if known.size else [0.0, 0.0]


def count_array(parts: Sequence[Mapping[str, Score]], keys: Sequence[str]) -> np.ndarray:
    """(documents, keys, 4): predicted, gold, right among the predicted, right among the gold; 0 for a key not there."""
    none = Score()
    rows = [
        [[s.predicted, s.gold, s.right_predicted, s.right_gold] for s in (part.get(key, none) for key in keys)]
        for part in parts
    ]
    return np.array(rows, dtype=float).reshape(-1, len(keys), 4)


def f1_values(counts: np.ndarray) -> np.ndarray:
    """F1 of counts (…, 4) as `count_array` has them: shape (…); 0 where nothing is right."""
    precision, recall = (share(counts[..., 2 + side], counts[..., side]) for side in (0, 1))
    return share(2 * precision * recall, precision + recall)


def share(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """``part`` / ``whole``, 0 where ``whole`` is 0."""
    return np.divide(part, whole, out=np.zeros(np.broadcast(part, whole).shape), where=whole > 0)


def macro_values(f1: np.ndarray, size: np.ndarray) -> np.ndarray:
    """Mean of ``f1`` (…, roles) over the roles whose ``size`` (gold and predicted) is above 0: shape (…)."""
    return share((f1 * (size > 0)).sum(-1), (size > 0).sum(-1))


def add_intervals(rows: Mapping[str, dict[str, Any]], parts: Sequence[Mapping[str, Score]]) -> None:
    """Put the ``interval`` of F1 into each of ``rows``: those by name of ``parts`` (one a document), ``micro`` over all
    names, and ``macro``, if it is there."""
    keys = [key for key in rows if key not in ("micro", "macro")]
    drawn = resampled(count_array(parts, keys))
    f1 = f1_values(drawn)
    for i, key in enumerate(keys):
        rows[key]["interval"] = spread(f1[:, i])
    if "micro" in rows:
        rows["micro"]["interval"] = spread(f1_values(drawn.sum(1)))
    if "macro" in rows:
        rows["macro"]["interval"] = spread(macro_values(f1, drawn[..., 0] + drawn[..., 1]))


def f1_interval(counts: np.ndarray, *, samples: int = SAMPLES, seed: int = 0) -> tuple[float, float]:
    """The interval of micro F1 from ``counts`` (documents, 3): predicted, gold, right."""
    drawn = resampled(counts, samples=samples, seed=seed)
    low, high = spread(share(2 * drawn[:, 2], drawn[:, 0] + drawn[:, 1]))
    return low, high
