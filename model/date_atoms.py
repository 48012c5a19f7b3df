"""The smallest parts of Arabic dates, each read by one rule at one word: أمس, الخميس, 5/9/2017, الخامس من سبتمبر,
قبل يومين.

``atom(tokens, i)`` -> (index after it, `When`) or None. What it does: today, yesterday, weekdays, days and months
of four calendars, years, stretches ("last week") and times ago. What it leaves out: joining them, which is
`date_grammar`, and finding the day, which is `dates`.
"""

from __future__ import annotations

from collections.abc import Sequence

from .arabic import fold
from .date_stretches import DEFINITE_UNITS, ago, stretch
from .date_tokens import Read, When
from .date_words import (
    CURRENT,
    DAY,
    MONTHS,
    NAMED,
    NARROWING,
    NOT_TODAY_AFTER,
    NOT_TODAY_BEFORE,
    NOT_WEEKDAY,
    ORDINALS,
    PARTS,
    PAST,
    TENSES,
    WEEKDAYS,
)
from .folded import Token, bare, readings, word_at
from .nouns import number_of

MARKS = frozenset(("/", "-", "–", "(", ",", "،"))
_NUMERIC = frozenset(("/", "-", ".", "\\"))
_YEAR_WORDS = frozenset(fold("عام العام سنة السنة لعام").split())
_ERAS = frozenset(fold("ه م هجري هجرية ميلادي ميلادية").split())
_ORDINAL_HEADS = frozenset(name[0] for name in ORDINALS)


_TODAY = ("اليوم", "امس", "الامس", "اول", "الليله")
#: Every word that a date begins with; a number can as well.
_OPENING = (
    frozenset((*_TODAY, "ال", "هذا", "هذه", "قبل", "منذ"))
    | WEEKDAYS.keys()
    | _ORDINAL_HEADS
    | _YEAR_WORDS
    | DEFINITE_UNITS
) | {name[0] for name in MONTHS}


def atom(tokens: Sequence[Token], i: int) -> Read:
    """The date that begins at ``tokens[i]`` by itself, None if none does."""
    word = word_at(tokens, i)
    if not (word[:1].isdecimal() or bare(word, _OPENING)):
        return None
    for rule in (_today, _weekday, _numeric, _day_of_month, _month, _year, stretch, ago):
        read = rule(tokens, i)
        if read is not None:
            return read
    return None


def _today(tokens: Sequence[Token], i: int) -> Read:
    before, after = word_at(tokens, i - 1), word_at(tokens, i + 1)
    word = bare(word_at(tokens, i), _TODAY)
    if word == "الليله":
        if TENSES.get(after) == PAST:
            return i + 2, When(offset=-1, stretch=True, unit=DAY, tense=PAST)
        return None if bare(before, PARTS) else (i + 1, When(offset=0))
    if word == "اول":
        steps = 2 if after == "امس" else 3 if (after, word_at(tokens, i + 2)) == ("من", "امس") else 0
        return (i + steps, When(offset=-2)) if steps else None
    if word in ("امس", "الامس"):
        if after == "الحاجه" or (word == "امس" and before == "في"):
            return None  # in dire need
        return (i + 2, When(offset=-2)) if after == "الاول" else (i + 1, When(offset=-2 if before == "قبل" else -1))
    if word == "اليوم":
        named = before in NOT_TODAY_BEFORE or after in NOT_TODAY_AFTER
        clear = bare(after, WEEKDAYS) or bare(before, PARTS)
        return None if named and not clear else (i + 1, When(offset=0))
    return None


def _weekday(tokens: Sequence[Token], i: int) -> Read:
    word = bare(word_at(tokens, i), WEEKDAYS)
    before = word_at(tokens, i - 1)
    if not word or bare(before, NOT_WEEKDAY) or (word == "الاثنين" and number_of([before]) == 2):
        return None  # سوق الثلاثاء, الجنديين الاثنين
    return i + 1, When(weekday=WEEKDAYS[word])


def _numeric(tokens: Sequence[Token], i: int) -> Read:
    """5/9/2017, 05-09-2017, 2017/9/5; the day comes first, as Arabic copy has it, unless only the other can be one."""
    if i + 4 >= len(tokens) or tokens[i + 4].end - tokens[i].start > 14 or word_at(tokens, i - 1) in _NUMERIC:
        return None
    a, mark, b, again, c = (tokens[i + k].word for k in range(5))
    if mark not in _NUMERIC or mark != again or not (a.isdecimal() and b.isdecimal() and c.isdecimal()):
        return None
    day, month, year = (int(c), int(b), int(a)) if len(a) == 4 else (int(a), int(b), int(c))
    if month > 12 >= day:
        day, month = month, day
    if not (1 <= day <= 31 and 1 <= month <= 12 and 1900 <= year <= 2100):
        return None
    return i + 5, When(day=day, month=month, year=year)


def _day_of_month(tokens: Sequence[Token], i: int) -> Read:
    read = _day_number(tokens, i)
    if read is None or bare(word_at(tokens, i - 1), NAMED):
        return None
    at, day = read
    while word_at(tokens, at) in ("من", "شهر", "-", "/") and at - i < 6:
        at += 1
    tense = TENSES.get(word_at(tokens, at + 1), "")
    if word_at(tokens, at) == "الشهر" and (tense or word_at(tokens, at - 1) == "من"):  # الخامس من الشهر الجاري
        return at + (2 if tense else 1), When(day=day, month=0, tense=tense or CURRENT)
    named = _month_name(tokens, at)
    if named is None:
        return None
    end, month, hijri = named
    end, year = _year_number(tokens, end, hijri)
    return end, When(day=day, month=month, year=year, hijri=hijri)


def _day_number(tokens: Sequence[Token], i: int) -> tuple[int, int] | None:
    """(end, day) of a day of the month in digits ("الـ17", "17") or as an ordinal ("السابع عشر")."""
    at = i + 1 if bare(word_at(tokens, i), ("ال",)) and word_at(tokens, i + 1).isdecimal() else i
    word = word_at(tokens, at)
    if word.isdecimal():
        return (at + 1, int(word)) if len(word) < 3 and 1 <= int(word) <= 31 else None
    head = bare(word, _ORDINAL_HEADS)
    if not head:
        return None
    for name in ((head, word_at(tokens, at + 1)), (head,)):
        if name in ORDINALS:
            return at + len(name), ORDINALS[name]
    return None


def _month_name(tokens: Sequence[Token], i: int) -> tuple[int, int, bool] | None:
    """(end, month, hijri) of a month at ``i``, with its name in another calendar beside it ("سبتمبر/أيلول")."""
    found = _one_month(tokens, i)
    if found is None:
        return None
    end, month, hijri = found
    other = _one_month(tokens, end + 1 if word_at(tokens, end) in MARKS else end)
    if other and not hijri and not other[2] and not word_at(tokens, end).startswith("و"):
        return other[0], month, hijri  # where the two differ (يوليو/حزيران) the first is taken
    return end, month, hijri


def _one_month(tokens: Sequence[Token], i: int) -> tuple[int, int, bool] | None:
    word, after = word_at(tokens, i), word_at(tokens, i + 1)
    for first in readings(word):
        for name in ((first, after), (first,)):
            if name in MONTHS:
                return i + len(name), *MONTHS[name]
    return None


def _year_number(tokens: Sequence[Token], i: int, hijri: bool) -> tuple[int, int | None]:
    """(end, year) of the year at ``i``, with عام before it and هـ or م behind it; (i, None) if there is none."""
    at = i
    while (word_at(tokens, at) in _YEAR_WORDS or word_at(tokens, at) in ("من", "،", ",", "/", "-")) and at - i < 2:
        at += 1
    word = word_at(tokens, at)
    low, high = (1300, 1500) if hijri else (1900, 2100)
    if not (word.isdecimal() and len(word) == 4 and low <= int(word) <= high):
        return i, None
    return at + (2 if word_at(tokens, at + 1) in _ERAS else 1), int(word)


def _month(tokens: Sequence[Token], i: int) -> Read:
    """A month without a day; ambiguous words (مارس, آب, ماي) count only where their neighbours say so."""
    named = _month_name(tokens, i)
    before = word_at(tokens, i - 1)
    if named is None or named[2] or before.isdecimal() or bare(before, NAMED):
        return None
    end, month, _ = named
    one = _one_month(tokens, i)
    end, year = _year_number(tokens, end, False)
    led = bare(before, NARROWING) or bare(before, ("في", "منذ", "حتي", "بين", "الي", "من"))
    attached = (word_at(tokens, i)[1:],) in MONTHS and word_at(tokens, i)[:1] in ("ب", "ل")
    doubled = one is not None and end > one[0]
    of_year = word_at(tokens, end) in ("من", *TENSES) and word_at(tokens, end) != "هذا"
    if year is None and not (led or attached or doubled or of_year):
        return None
    return end, When(month=month, year=year)


def _year(tokens: Sequence[Token], i: int) -> Read:
    number = word_at(tokens, i + 1)
    if not bare(word_at(tokens, i), _YEAR_WORDS) or not (number.isdecimal() and len(number) == 4):
        return None
    return (i + 2, When(year=int(number))) if 1900 <= int(number) <= 2100 else None
