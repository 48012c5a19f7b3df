"""Dates in running text: where each one stands and what it says, not yet which day that is.

``read_dates("قتل خمسة مساء أمس الخميس")`` -> one `Dated` over "مساء أمس الخميس", which is a day before the report's and
a Thursday. Atoms (`date_atoms`) that tell of one day are joined; the time of day stays in the span and is not read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from .date_atoms import MARKS, atom
from .date_tokens import When
from .date_words import NARROWING, PARTS, TENSES, YEAR
from .folded import Token, bare, tokenize, word_at


@dataclass(frozen=True, slots=True)
class Dated:
    """A date's offsets and meaning. ``since``: it only says from when on something has lasted ("منذ 2011")."""

    start: int
    end: int
    when: When
    since: bool = False


_JOINS = frozenset(("،", ",", "(", ")", "/", "-", "–", "من", "في", "يوم", "ليوم", "الموافق"))
_OPENING = frozenset(("يوم", "يومي", "بيوم", "ليوم", "ويوم", "سنه", "شهر"))
#: Atoms farther apart than this (in characters) are two dates.
_NEAR = 12
_NOTHING = When()


def read_dates(text: str) -> list[Dated]:
    """Every date of ``text`` in order, none overlapping. Linear in its length; never raises."""
    tokens = tokenize(text)
    found: list[Dated] = []
    i = low = 0
    while i < len(tokens):
        read = _expression(tokens, i)
        if read is None:
            i += 1
            continue
        end, when = read
        first = _opened(tokens, i, low, when)
        before = (word_at(tokens, first - 1), word_at(tokens, first - 2))
        since = any(bare(word, ("منذ",)) for word in before)
        opened = sum(t.word == "(" for t in tokens[first:end]) > sum(t.word == ")" for t in tokens[first:end])
        end += opened and word_at(tokens, end) == ")"
        found.append(Dated(tokens[first].start, tokens[end - 1].end, when, since))
        i = low = end
    return found


def _opened(tokens: Sequence[Token], i: int, low: int, when: When) -> int:
    """Where the span begins: at the part of the day or the narrowing before what was read (مساء, بعد ظهر, مطلع,
    يوم)."""
    first = i
    while first > low and tokens[first].start - tokens[first - 1].end <= 1:
        word = word_at(tokens, first - 1)
        timed = bare(word, PARTS) or word in _OPENING
        halved = word in ("بعد", "قبل") and bare(word_at(tokens, first), PARTS)
        narrowed = bare(word, NARROWING) and not when.is_day
        if not (timed or halved or narrowed):
            break
        first -= 1
    return first


def _expression(tokens: Sequence[Token], i: int) -> tuple[int, When] | None:
    """The longest date at ``i``: atoms side by side, or joined, that say more of one day (أمس الخميس، 5 سبتمبر)."""
    read = atom(tokens, i)
    if read is None:
        return None
    end, when = read
    while True:
        end, when = _tense(tokens, end, when)
        at = end
        while at - end < 2 and word_at(tokens, at) in _JOINS:
            at += 1
        more = atom(tokens, at) if at < len(tokens) and tokens[at].start - tokens[end - 1].end < _NEAR else None
        grown = _grown(when, more[1], [t.word for t in tokens[end : at + 1]]) if more else None
        if more is None or grown is None:
            return end, when
        end, when = more[0], grown


def _tense(tokens: Sequence[Token], end: int, when: When) -> tuple[int, When]:
    tense = TENSES.get(word_at(tokens, end))
    if tense is None or when.offset is not None or when.tense or word_at(tokens, end) == "هذا":
        return end, when
    return end + 1, replace(when, tense=tense)


def _grown(old: When, new: When, between: list[str]) -> When | None:
    """Two atoms as one date; None where the second is a date of its own. ``between``: the words up to the second."""
    if new.stretch and new.unit == YEAR and old.month and not old.year:
        return replace(old, year_tense=new.tense)  # مايو من العام الماضي
    if any(part.stretch or part.unit for part in (old, new)):
        return None
    if old.weekday is not None and new.weekday is not None:
        return _pair(old, new, between)
    if (new.offset is not None and (old.offset is not None or old.month)) or (old.year and not old.month):
        return None
    if old.month is not None and new.month is not None:
        same = old.month == new.month and new.day is None and new.weekday is None
        return replace(old, year=old.year or new.year, tense=new.tense or old.tense) if same else None
    if new.year and not new.month:
        return replace(old, year=new.year) if old.month and not old.year else None
    if old.month and new.weekday is not None and between[0] not in MARKS and len(between) > 1:
        return None
    told = {name: value for name in When.__slots__ if (value := getattr(new, name)) is not getattr(_NOTHING, name)}
    grown = replace(old, **told)
    return grown if grown.is_day else None


def _pair(old: When, new: When, between: list[str]) -> When | None:
    """ليل الخميس الجمعة, يومي السبت والأحد: two days that follow each other, side by side or joined by و or a dash."""
    side_by_side = len(between) == 1 or between[0] in ("-", "/", "–")
    last = old.until if old.until is not None else old.weekday
    if new.weekday is None or last is None or not side_by_side or new.weekday != (last + 1) % 7:
        return None
    return replace(old, until=new.weekday)
