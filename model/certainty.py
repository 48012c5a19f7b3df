"""From two raw chances to one score that means what it says.

A tagger's mean chance of a span's tags says little once a linker has sifted the spans, and the linker's own chance
knows nothing of their edges. A logistic regression on both (Platt 1999, with two scores for one), fitted on dev for
each role by `train.choose`, gives the chance that the span is right as it stands; another, on a frame's deed and its
parts, that the frame is an attack of the report. It changes scores; only the cut on whole frames and ``min_score`` look
at them.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, inf, isfinite, log
from typing import Any

#: Chances are kept so far from 0 and 1, where their log-odds have no number.
_EDGE = 1e-4
#: Log-odds beyond this are a chance of 0 or 1 to the last digit.
_SURE = 30.0


def finite(value: Any) -> float:
    """``value`` of a file as a number. Raises ValueError for what is none, no finite one, or a bool."""
    try:
        number = float(value) if isinstance(value, int | float) and not isinstance(value, bool) else inf
    except OverflowError:  # a whole number of hundreds of digits
        number = inf
    if not isfinite(number):
        raise ValueError(f"{str(value)[:40]!r}: a finite number is expected")
    return number


def log_odds(chance: float) -> float:
    held = min(1 - _EDGE, max(_EDGE, chance))
    return log(held / (1 - held))


@dataclass(frozen=True, slots=True)
class Scale:
    """The log-odds of the score: ``base``, and ``own`` and ``other`` times those of the two chances."""

    base: float
    own: float
    other: float = 0.0

    def score(self, own: float, other: float = 0.5) -> float:
        """A chance in (0, 1). ``other`` at 0.5 adds nothing."""
        odds = self.base + self.own * log_odds(own) + self.other * log_odds(other)
        return 1 / (1 + exp(-min(_SURE, max(-_SURE, odds))))

    @classmethod
    def read(cls, held: Any) -> Scale:
        """From ``[base, own, other]``. Raises ValueError for anything else."""
        if not isinstance(held, list) or len(held) != 3:
            raise ValueError(f"{held!r}: three numbers (base, own, other) are expected")
        return cls(*(finite(number) for number in held))

    def numbers(self) -> list[float]:
        return [self.base, self.own, self.other]
