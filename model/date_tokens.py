"""What the readers of dates share: `When`, what a date says, and the number at a word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .folded import Token
from .number_words import lex, read_number


@dataclass(frozen=True, slots=True)
class When:
    """What a date says. ``offset`` days from the report's own; ``weekday`` to ``until`` (Monday is 0); ``day``,
    ``month`` (0: the one the report is of), ``year`` (``hijri``: of that calendar); ``amount`` of ``unit`` ago, or with
    ``stretch`` that long; ``tense`` past, current or future; ``year_tense`` that of "last year" beside a month."""

    offset: int | None = None
    weekday: int | None = None
    until: int | None = None
    day: int | None = None
    month: int | None = None
    year: int | None = None
    hijri: bool = False
    amount: int | None = None
    unit: str = ""
    stretch: bool = False
    tense: str = ""
    year_tense: str = ""

    @property
    def is_day(self) -> bool:
        return self.offset is not None or self.weekday is not None or self.day is not None


Read = tuple[int, When] | None


def number_at(tokens: Sequence[Token], i: int) -> tuple[int | None, int]:
    """(number, end) of the number at ``i``, also a definite one (الثلاثة, الأربع والعشرين); (None, i) if there is
    none."""
    plain = [tokens[k].word for k in range(i, min(i + 3, len(tokens)))]
    plain = ["و" + w.removeprefix("وال") if w.startswith("وال") else w.removeprefix("ال") for w in plain]
    for size in range(len(plain), 0, -1):
        read = read_number(lex(plain[:size]), 0)
        if read is not None and read[1] == size:
            return read[0].value, i + size
    return None, i
