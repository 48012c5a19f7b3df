"""Are the numbers right? The values read off predicted counts against those read off the gold spans they touch.

Predicted and gold count spans of a document are paired one to one, best overlap first (optimal matching); what is not
paired is a matter of span scores, not of this one. The gold value is not annotated: a reader, given as an argument,
reads it off the gold span's own text. So this measures what wrong edges and missing context do to the value, not
whether the reader itself reads right (its own tests do). *Ambiguity:* the predicted value may rest on words outside
the span ("على الأقل" behind the noun), which the gold value does not see: ``exact`` compares figures alone where both
have one, and bounds only where neither has (ranges, "العشرات"); ``within`` asks whether the two ranges of possible
numbers, bounds included, have any number
in common, or the figures are the same ("more than 20" against "20" is exact, its bounds lost).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol

import numpy as np

from ..data.schema import Document
from .intervals import resampled, share, spread
from .match import best_matching


class Reading(Protocol):
    """A number said: its figure, None if only bounds are known, and its bounds, None if open."""

    @property
    def value(self) -> int | None: ...
    @property
    def min(self) -> int | None: ...
    @property
    def max(self) -> int | None: ...


Reader = Callable[[str], Reading | None]


def count_values(docs: Sequence[Document], frames: Sequence[Sequence[Any]], read: Reader) -> dict[str, Any]:
    """JSON-ready. ``paired`` counts, of these ``readable`` gold ones, ``exact`` and ``within`` among the readable,
    both as counts and as shares with 95% intervals, and every pair whose values differ. ``frames[i]`` belongs to
    ``docs[i]``."""
    counts = np.zeros((len(docs), 4))  # by document: paired, readable, exact, within
    wrong = []
    for row, doc, found in zip(counts, docs, frames, strict=True):
        gold = [s for role, s in doc.role_spans() if role == "count"]
        ours = list({(m.start, m.end): m for frame in found for m in frame.count}.values())
        weights = [[_shared(m, s) for s in gold] for m in ours]
        for i, j in best_matching(weights):
            row[0] += 1
            truth = read(gold[j].text)
            if truth is None or _silent(truth):
                continue
            same = same_value(ours[i], truth)
            row[1:] += (1, same, same or in_range(ours[i], truth))
            if not same:
                wrong.append(
                    {
                        "document": doc.id,
                        "start": gold[j].start,
                        "end": gold[j].end,
                        "gold": gold[j].text,
                        "gold_value": _plain(truth),
                        "predicted": ours[i].text,
                        "predicted_value": _plain(ours[i]),
                    }
                )
    paired, readable, exact, within = (int(n) for n in counts.sum(0))
    drawn = resampled(counts)
    return {
        "paired": paired,
        "readable": readable,
        "exact": exact,
        "within": within,
        "accuracy": exact / readable if readable else 0.0,
        "accuracy_interval": spread(share(drawn[:, 2], drawn[:, 1])),
        "within_accuracy": within / readable if readable else 0.0,
        "within_accuracy_interval": spread(share(drawn[:, 3], drawn[:, 1])),
        "differing": wrong,
    }


def same_value(predicted: Reading, gold: Reading) -> bool:
    """The same figure; or, where neither has a figure, the same bounds, at least one of them given."""
    if predicted.value is not None or gold.value is not None:
        return predicted.value == gold.value
    return not _silent(gold) and (predicted.min, predicted.max) == (gold.min, gold.max)


def in_range(predicted: Reading, gold: Reading) -> bool:
    """Whether the numbers that each allows have one in common; a reading that says nothing has none."""
    if _silent(predicted) or _silent(gold):
        return False
    (low_a, high_a), (low_b, high_b) = _range(predicted), _range(gold)
    return max(low_a, low_b) <= min(high_a, high_b)


def _range(reading: Reading) -> tuple[float, float]:
    if reading.value is not None and reading.min is None and reading.max is None:
        return reading.value, reading.value  # "about n" gives no bounds: the figure alone
    low = float("-inf") if reading.min is None else reading.min
    high = float("inf") if reading.max is None else reading.max
    return low, high


def _silent(reading: Reading) -> bool:
    return reading.value is None and reading.min is None and reading.max is None


def _plain(reading: Reading) -> dict[str, int | None]:
    return {"value": reading.value, "min": reading.min, "max": reading.max}


def _shared(a: Any, b: Any) -> int:
    return max(0, min(a.end, b.end) - max(a.start, b.start))
