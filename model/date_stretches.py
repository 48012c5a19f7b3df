"""Stretches of time and times ago: الأسبوع الماضي, الساعات الـ48 الماضية, قبل يومين, منذ ثلاثة أيام."""

from __future__ import annotations

from collections.abc import Sequence

from .arabic import fold
from .date_tokens import Read, When, number_at
from .date_words import CURRENT, DAY, PAST, TENSES, UNITS, WEEKDAYS
from .folded import Token, bare, word_at

_HEDGES = frozenset(fold("نحو حوالي قرابة أكثر أقل زهاء").split())
DEFINITE_UNITS = frozenset("ال" + form for form in UNITS)
_ANY_UNITS = UNITS.keys() | DEFINITE_UNITS


def stretch(tokens: Sequence[Token], i: int) -> Read:
    """الأسبوع الماضي, هذا الشهر, الأيام الثلاثة الماضية, الساعات الـ48 الماضية, الـ24 ساعة الماضية."""
    this = word_at(tokens, i + 1).removeprefix("ال")
    if bare(word_at(tokens, i), ("هذا", "هذه")) and this in UNITS and UNITS[this][1] == 1:
        unit = UNITS[this][0]
        return None if unit == DAY else (i + 2, When(stretch=True, unit=unit, tense=CURRENT))
    at, amount = i, None
    definite = bool(bare(word_at(tokens, i), ("ال",)))
    if definite or word_at(tokens, i).isdecimal():
        amount, at = number_at(tokens, i + definite)
    unit_word = bare(word_at(tokens, at), DEFINITE_UNITS if amount is None else _ANY_UNITS)
    if not unit_word:
        return None
    unit, told = UNITS[unit_word.removeprefix("ال")]
    at += 1
    if amount is None and told == 0:
        amount, at = number_at(tokens, at + (word_at(tokens, at) == "ال"))
    at += word_at(tokens, at) == "القليله"
    tense = TENSES.get(word_at(tokens, at), "")
    if not tense or (unit == DAY and told == 1):
        return None
    return at + 1, When(stretch=True, unit=unit, amount=amount if amount is not None else (told or None), tense=tense)


def ago(tokens: Sequence[Token], i: int) -> Read:
    """قبل يومين, منذ ثلاثة أيام; "قبل نحو شهرين" and "قبل أيام" name no day and come without an amount."""
    if not bare(word_at(tokens, i), ("قبل", "منذ")):
        return None
    at = i + 1
    hedged = word_at(tokens, at) in _HEDGES
    while word_at(tokens, at) in _HEDGES or (hedged and word_at(tokens, at) == "من"):
        at += 1
    amount, at = number_at(tokens, at)
    vague = word_at(tokens, at) in ("عده", "بضعه", "بضع")
    at += vague
    after = word_at(tokens, at + 1)
    if word_at(tokens, at) not in UNITS or bare(after, WEEKDAYS) or after.isdecimal():
        return None  # قبل يوم الأحد, منذ عام 2011
    unit, told = UNITS[word_at(tokens, at)]
    amount = amount if amount is not None else (told or None)
    return at + 1, When(amount=None if hedged or vague else amount, unit=unit, tense=PAST)
