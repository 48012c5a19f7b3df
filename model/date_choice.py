"""Which date of a report is an attack's own.

The rule, in order: the date in the trigger's sentence that stands nearest to the trigger; else that of the
frame's other sentence nearest to it; else the report's first date, if that is a day, stands before the trigger,
and the trigger's sentence does not look back ("وكان قد قُتل", "في وقت سابق"). Dates of what was told rather than
done ("قال المتحدث الأحد إن") are taken only where there is no other, and marked. Left out are days to come, what
something has lasted since ("منذ 2011"), and, where a day is given nearby, whole years.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import replace

from .arabic import fold
from .attribution_cues import SAYING
from .date_grammar import Dated
from .date_words import FUTURE
from .folded import Token, bare, between
from .results import DateMention, EventFrame

_THAT = frozenset(
    fold(
        "أن إن أنه أنها أنهم إنه إنها إنهم بأن بأنه بأنها عن حول بمقتل بسقوط لمقتل أنّ إنّ بوقوع بإصابة "
        "عندما الذي التي الذين اللذين اللذان حين حيث بعد"
    ).split()
)
_STATEMENTS = frozenset(fold("بيان تصريح تصريحات مؤتمر مقابلة خطاب كلمة بلاغ تغريدة منشور").split())
#: Openings of sentences that look back: the report's first date is not theirs.
_LOOKING_BACK = frozenset(fold("كان كانت وكان وكانت سبق وسبق قبل وقبل سابق يذكر ويذكر يشار ويشار").split())
#: A whole year, and what has lasted since a day, count as this many characters farther off than they stand.
_COARSE = 200
#: A verb of saying farther before a date than this (in words) is not read: long input takes linear time.
_FAR = 80
Found = Sequence[tuple[DateMention, Dated]]


def mark_statements(
    found: Found, tokens: Sequence[Token], sentences: Sequence[tuple[int, int]], triggers: Iterable[int]
) -> list[tuple[DateMention, Dated]]:
    """``found`` with `DateMention.statement` set where a date tells when something was said. ``triggers``: the offsets
    of the words that name deeds."""
    deeds = frozenset(triggers)
    starts = [a for a, _ in sentences]
    marked = []
    for mention, dated in found:
        at = bisect_right(starts, mention.start) - 1
        first, last = between(tokens, starts[at] if at >= 0 else 0, mention.start)
        told = _is_statement(tokens[first:last], deeds)
        marked.append((replace(mention, statement=told), dated))
    return marked


def _is_statement(before: Sequence[Token], deeds: frozenset[int]) -> bool:
    """A verb of saying before the date with nothing in between that opens what is said, or "في بيان" right before."""
    if any(bare(token.word, _STATEMENTS) for token in before[-3:]):
        return True
    for token in reversed(before[-_FAR:]):
        if token.word in _THAT or bare(token.word, _THAT) or token.start in deeds:
            return False
        if bare(token.word, SAYING):
            return True
    return False


class Choice:
    """The dates of a report, of which each frame has one or none. Sorted once, so that frames take time of their own
    sentences only."""

    def __init__(self, found: Found, sentences: Sequence[tuple[int, int]]) -> None:
        usable = [(m, d) for m, d in found if FUTURE not in (d.when.tense, d.when.year_tense) and not _lasting(d)]
        usable.sort(key=lambda pair: pair[0].start)
        self.first = usable[0] if usable else None
        self.of_kind = [[pair for pair in usable if pair[0].statement == told] for told in (False, True)]
        self.starts = [[mention.start for mention, _ in kind] for kind in self.of_kind]
        self.sentences, self.openings = sentences, [start for start, _ in sentences]

    def of(self, frame: EventFrame, tokens: Sequence[Token]) -> DateMention | None:
        """The date of ``frame`` among the report's, None if it has none."""
        anchor = frame.trigger.start if frame.trigger else (frame.sentences[0][0] if frame.sentences else 0)
        at = bisect_right(self.openings, anchor) - 1
        home = [self.sentences[at]] if at >= 0 and anchor < self.sentences[at][1] else []
        for kind, starts in zip(self.of_kind, self.starts, strict=True):
            for spots in (home, frame.sentences):
                runs = (slice(bisect_left(starts, a), bisect_left(starts, b)) for a, b in sorted(set(spots)))
                inside = [pair for run in runs for pair in kind[run]]
                if inside:
                    return min(inside, key=lambda pair: _distance(pair, anchor))[0]
        if self.first and self.first[0].start < anchor and self.first[1].when.is_day and not _looks_back(home, tokens):
            return self.first[0]
        return None


def _lasting(dated: Dated) -> bool:
    """منذ 2011, منذ 30 آذار: no day of the attack; منذ فجر السبت can be."""
    return dated.since and dated.when.offset is None and dated.when.weekday is None


def _distance(pair: tuple[DateMention, Dated], anchor: int) -> int:
    mention, dated = pair
    coarse = (dated.when.year is not None and dated.when.month is None) or dated.since
    return abs(mention.start - anchor) + (_COARSE if coarse else 0)


def _looks_back(home: Sequence[tuple[int, int]], tokens: Sequence[Token]) -> bool:
    for start, end in home:
        first, last = between(tokens, start, end)
        return any(token.word in _LOOKING_BACK for token in tokens[first : min(last, first + 4)])
    return True
