"""The edges of a found span, tidied by what annotated spans obey: quotes and brackets that enclose it, or whose partner
stands outside, are no part of it; one that opens inside and closes right behind it is; other marks at its edges are
not. ``python benchmarks/edges.py FILE…`` says how many annotated spans these rules would change.
"""

from __future__ import annotations

from collections.abc import Sequence

PARTNER = {"«": "»", "“": "”", "(": ")", "[": "]", "‘": "’", "{": "}"}
CLOSING = {close: mark for mark, close in PARTNER.items()}
STRAIGHT = frozenset("\"'")
#: Marks that end or part clauses: never the first or the last of a span.
MARKS = frozenset(".,،;؛:؟?!-–—…")


def tidy(words: Sequence[str], first: int, last: int) -> tuple[int, int] | None:
    """``first`` and ``last`` of a span among ``words`` (lone marks are words of their own), tidied; None if nothing but
    marks is left."""
    while first <= last:
        if words[first] in MARKS:
            first += 1
        elif words[last] in MARKS and not _abbreviates(words, first, last):
            last -= 1
        elif (words[first] in PARTNER or words[first] in STRAIGHT) and _encloses(words, first, last):
            first, last = first + 1, last - 1
        elif _opens(words, first, last):
            first += 1
        elif _closes(words, first, last):
            last -= 1
        else:
            break
    if first > last:
        return None
    return first, _grown(words, first, last)


def _abbreviates(words: Sequence[str], first: int, last: int) -> bool:
    """Whether the last word is the point behind a single letter ("محمود ع.")."""
    return words[last] == "." and last > first and len(words[last - 1]) == 1


def _encloses(words: Sequence[str], first: int, last: int) -> bool:
    """Whether the span's first and last words are a pair around all of it."""
    mark = words[first]
    if first == last or words[last] != PARTNER.get(mark, mark):
        return False
    if mark in STRAIGHT:
        return mark not in words[first + 1 : last]
    depth = 0
    for at in range(first, last):
        depth += (words[at] == mark) - (words[at] == words[last])
        if depth == 0:
            return False  # the first pair closes before the end
    return True


def _opens(words: Sequence[str], first: int, last: int) -> bool:
    """Whether the first word opens what the span does not close."""
    mark, inside = words[first], words[first : last + 1]
    if mark in STRAIGHT:
        return inside.count(mark) % 2 == 1
    if mark in CLOSING:
        return inside.count(mark) % 2 == 1  # an even number: somebody writes both quotes alike
    return mark in PARTNER and inside.count(mark) > inside.count(PARTNER[mark])


def _closes(words: Sequence[str], first: int, last: int) -> bool:
    """Whether the last word closes what the span did not open."""
    mark, inside = words[last], words[first : last + 1]
    if mark in STRAIGHT:
        return inside.count(mark) % 2 == 1
    if mark in PARTNER:
        return inside.count(mark) % 2 == 1
    return mark in CLOSING and inside.count(mark) > inside.count(CLOSING[mark])


def _grown(words: Sequence[str], first: int, last: int) -> int:
    """The last word, or the one behind it if that closes what opened inside."""
    if last + 1 >= len(words):
        return last
    behind, inside = words[last + 1], words[first : last + 1]
    if behind in CLOSING and inside.count(CLOSING[behind]) > inside.count(behind):
        return last + 1
    return last
