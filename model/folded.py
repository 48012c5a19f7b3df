"""A text's words, folded to one spelling (`arabic.fold`), at their offsets: what the readers of dates and cues
work on."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Container, Sequence
from functools import lru_cache
from typing import NamedTuple

from ..data.schema import words
from .arabic import fold


class Token(NamedTuple):
    """A word at its offsets, folded."""

    start: int
    end: int
    word: str


_LETTERS = ("و", "ب", "ل", "ف", "وب", "ول", "ك")
#: One word, folded.
folded = lru_cache(maxsize=1 << 16)(fold)


def tokenize(text: str) -> list[Token]:
    """The words and marks of ``text``, folded, with their offsets."""
    return [Token(a, b, folded(text[a:b])) for a, b in words(text)]


def word_at(tokens: Sequence[Token], i: int) -> str:
    return tokens[i].word if 0 <= i < len(tokens) else ""


@lru_cache(maxsize=1 << 16)
def readings(word: str) -> tuple[str, ...]:
    """``word``, and what is left of it without an attached letter."""
    return word, *(word[len(letter) :] for letter in _LETTERS if word.startswith(letter))


def bare(word: str, table: Container[str]) -> str:
    """The first of the `readings` of ``word`` that ``table`` holds, else ""."""
    for rest in readings(word):
        if rest in table:
            return rest
    return ""


def between(tokens: Sequence[Token], start: int, end: int) -> tuple[int, int]:
    """The run of tokens that begin in [start, end) of the text, as indices."""
    return bisect_left(tokens, (start,)), bisect_left(tokens, (end,))
