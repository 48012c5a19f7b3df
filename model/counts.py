"""Counts as numbers: "ما لا يقل عن ثلاثين", "12 ألفاً", "عشرات الآلاف", "بين 10 و15", "جنديين" to value and bounds.

What it does: reads one count span, with the words just outside it that bound it (نحو before, على الأقل after the
noun), and the number that a noun's own form tells. What it leaves out: finding counts in running text, which is the
tagger's work, and deciding what is counted, which is `count_kind`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from .arabic import fold, strip_letters, tokens
from .count_kinds import count_kind, governing_kind
from .count_phrases import (
    ABOUT,
    AT_LEAST,
    AT_MOST,
    BETWEEN,
    LESS,
    MORE,
    ORDINALS,
    PARTS,
    STOPS,
    bounds_after,
    bounds_before,
    unglue,
    vague,
)
from .nouns import number_of
from .number_words import PART, SCALE_KINDS, Number, Word, lex, read_number

__all__ = ["CountValue", "count_kind", "read_count", "read_noun"]

#: How much is read: of the span, before it and after it. Longer input is cut, so any length takes constant time.
_SPAN, _BEFORE, _AFTER = 400, 80, 200
#: "1 200": one to three digits, then groups of three, parted by single spaces.
_SPACED = re.compile(r"(?<![\d.,٬])\d{1,3}(?: \d{3})+(?!\d)")
_PERCENT = frozenset(("%", "٪", "بالميه", "بالمايه"))
_MARKS = frozenset(".،,؛;:!?؟")
#: What stands between the ends of a range: "10-15", "10 إلى 15", "عشرة أو اثني عشر".
_TO = frozenset(("-", "–", "—", "~", "−", "الي", "حتي", "او"))
#: Signs that mean something beside a number; quotes and brackets do not.
_SIGNS = _MARKS | _PERCENT | _TO | {"/", "\\"}


@dataclass(frozen=True, slots=True)
class CountValue:
    """A count: the figure written, the bounds its words put on it, and whether they leave it open.

    ``value`` is the figure the text writes; None for a range ("10-15") or a vague word ("العشرات"), which have bounds
    only. Bounds include themselves; None is no bound. An exact count has value == min == max, "about n" no bounds.
    ``min <= value <= max`` where all are given, save strict bounds, which exclude the figure that they name:
    "more than n" has min n + 1, "less than n" max n - 1. ``approximate``: the words hedge or name no exact figure
    (about, more than, less than, dozens); "at least n", "at most n" and "from n to m" state theirs and do not.
    """

    value: int | None
    min: int | None
    max: int | None
    approximate: bool


def read_count(text: str, after: str = "", before: str = "") -> CountValue | None:
    """The count that the span ``text`` writes, None if it writes none (ordinals, fractions, per cent, unknown words).

    ``before`` and ``after`` are the document's text up to and behind the span; only what bounds the count is used:
    from ``before`` the words that touch the span, from ``after`` its clause. Never raises.
    """
    words, following = lex(_words(text[:_SPAN])), _following(after)
    if words and following and following[0].kind in SCALE_KINDS and not following[0].joined:
        words.append(following.pop(0))  # [12] ألف, [عشرات] الآلاف
    if _is_share(words) or _is_percent(_words(after[:_BEFORE])[:2]):
        return None
    start = next((i for i in range(len(words)) if _begins(words, i)), len(words))
    if any(rest in ORDINALS for word in words[:start] for _, rest in strip_letters(word.text)):
        return None
    some = vague(words)
    if some is not None and (start == len(words) or some.eats_number):
        return CountValue(None, some.least, some.most, True)
    before_it = [] if _is_joined(words) else _preceding(before)
    return _read(words, start, bounds_before(before_it + words[:start]), following)


def read_noun(text: str) -> CountValue | None:
    """The number that a target with no count tells by its own form: 2 for a dual, 1 for a bare singular, else None.

    A plural, a name, a collective (عائلة) and a noun that the table lacks tell nothing. Never raises.
    """
    number = number_of([word for word in tokens(fold(text[:_SPAN])) if word.isalpha()])
    return None if number is None else CountValue(number, number, number, False)


def _words(text: str) -> list[str]:
    found = tokens(_SPACED.sub(lambda match: match[0].replace(" ", ""), fold(text)))
    return unglue([token for token in found if token[0].isalnum() or token in _SIGNS])


def _preceding(before: str) -> list[Word]:
    """The words that touch the span from before, back to another number or to a mark that ends a clause."""
    found = _words(before[-_BEFORE:].rsplit("\n", 1)[-1])
    cut = next((i for i in range(len(found) - 1, -1, -1) if found[i] in _MARKS), -1)
    words = lex(found[cut + 1 :])
    number = next((i for i in range(len(words) - 1, -1, -1) if words[i].is_number), -1)
    if number >= 0 and [word.text for word in words[-2:]] == ["علي", "الاقل"]:
        return []  # "مقتل 5 على الأقل [ثلاثة] منهم": the bound is the other number's
    return words[number + 1 :]


def _following(after: str) -> list[Word]:
    """The words behind the span up to the next number, event or clause, beyond which a bound is another's."""
    found: list[Word] = []
    for word in lex(_words(after[:_AFTER].split("\n", 1)[0])):
        another = bool(found) and (word.is_number or vague([word]) is not None)
        if another or word.text in _MARKS or word.text in STOPS:
            break
        if word.text.startswith("و") and governing_kind(word.text) is not None:
            break
        found.append(word)
    return found


def _begins(words: list[Word], i: int) -> bool:
    """Does a number begin at ``words[i]``? نصف does where a scale follows (نصف مليون)."""
    scaled = words[i].kind == PART and i + 1 < len(words) and words[i + 1].kind in SCALE_KINDS
    return words[i].is_number or scaled


def _is_joined(words: list[Word]) -> bool:
    """Does the span itself begin with و ("و20", "ونحو 80")? Then the words before it bound something else."""
    return bool(words) and (words[0].joined or (words[0].text.startswith("و") and words[0].kind < 0))


def _is_percent(texts: list[str]) -> bool:
    return bool(texts) and (texts[0] in _PERCENT or (texts[0] == "في" and texts[1:2] in (["الميه"], ["المايه"])))


def _is_share(words: list[Word]) -> bool:
    """Per cent, a fraction of a whole, a date, a time: numbers that count nobody."""
    texts = [word.text for word in words]
    for i, text in enumerate(texts):
        if _is_percent(texts[i : i + 2]):
            return True
        if text in ("/", ":", "\\") and 0 < i < len(texts) - 1 and words[i - 1].is_digits and words[i + 1].is_digits:
            return True
        if not _begins(words, i) and any(rest in PARTS for _, rest in strip_letters(text)) and not words[i].joined:
            return True
    return False


def _read(words: list[Word], start: int, bounds: frozenset[str], following: list[Word]) -> CountValue | None:
    first = read_number(words, start)
    if first is None:
        return None
    number, end = first
    second = _second(words, end, BETWEEN in bounds, following)
    bounds |= bounds_after(words[end:])
    if not (following and following[0].is_number):  # else it is the next number that they bound
        bounds |= bounds_after(following)
    if second is None and BETWEEN in bounds:
        parted = _part(words, start, end)
        number, second = parted or (number, None)
    if second is None:
        return _bounded(number.value, bounds)
    low, high = number.value, second.value
    if number.scale == 1 and second.scale > 1 and low < high // second.scale:
        low *= second.scale  # "3 و5 آلاف"
    return CountValue(None, min(low, high), max(low, high), ABOUT in bounds)


def _second(words: list[Word], at: int, between: bool, following: list[Word]) -> Number | None:
    """The far end of a range whose near end stops before ``words[at]``."""
    rest = words[at:] or following
    if not rest:
        return None
    if rest[0].text in _TO and len(rest) > 1 and rest[1].is_number:
        rest = rest[1:]
    elif not (between and rest[0].joined and rest[0].is_number):
        return None
    far = read_number(rest, 0)
    return far[0] if far else None


def _part(words: list[Word], start: int, end: int) -> tuple[Number, Number] | None:
    """بين خمسة وعشرين: one compound by its form, but بين asks for two numbers, so it is parted at its last و."""
    for i in range(end - 1, start, -1):
        near, far = read_number(words[:i], start), read_number(words, i)
        if words[i].joined and near and far:
            return near[0], far[0]
    return None


def _bounded(value: int, bounds: frozenset[str]) -> CountValue:
    about = ABOUT in bounds
    if MORE in bounds:
        return CountValue(value, value + 1, None, True)
    if AT_LEAST in bounds:
        return CountValue(value, value, None, about)
    if LESS in bounds:
        return CountValue(value, None, max(value - 1, 0), True)
    if AT_MOST in bounds:
        return CountValue(value, None, value, about)
    if about:
        return CountValue(value, None, None, True)
    return CountValue(value, value, value, False)
