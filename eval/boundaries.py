"""What kind of boundary error a span is: which words stand between the edge that was found and the gold edge.

Each edge that differs gets one kind. The left edge: attached letter (و before a figure), article, opening quote,
number word, preposition at the start. The right edge: closing quote, relative clause, apposition (behind a comma or
dash), prepositional phrase, number word. Both: punctuation, and ``words`` for all else. The first that fits, in that
order, counts. Kinds are read off the surface by short word lists and no grammar: "من" is always a preposition here
although it can be a relative pronoun, and "ما" is no relative pronoun since it mostly opens "ما لا يقل عن".
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from ..data.schema import MARKS

Spot = tuple[int, int]
KINDS = (
    "attached letter",
    "article",
    "opening quote",
    "closing quote",
    "relative clause",
    "apposition",
    "number word",
    "preposition at the start",
    "prepositional phrase",
    "punctuation",
    "words",
)
_MARKS = re.compile(f"[{MARKS}]")
_FOLD = str.maketrans("أإآٱىة", "اااايه")
_QUOTES = frozenset("\"'«»“”„‟‘’()[]{}<>＂")
_TOKEN = re.compile(r"[^\W_]+|[^\w\s]")
_WORD = re.compile(r"\w+")
_RELATIVE = frozenset(_WORD.findall("الذي التي الذين اللذان اللذين اللتان اللتين اللاتي اللواتي اللائي ممن"))
_APPOSITION = frozenset("،,؛;-–—:")
_PREPOSITIONS = frozenset(
    _WORD.findall(
        "في من علي الي عن قرب داخل خارج امام خلف بعد قبل بين ضد عند لدي نحو منذ خلال حول تحت فوق وسط مع عبر دون"
    )
)
_NUMBERS = frozenset(
    _WORD.findall(
        """واحد واحده اثنان اثنين اثنتين ثلاث ثلاثه اربع اربعه خمس خمسه ست سته سبع سبعه ثمان ثماني ثمانيه تسع تسعه
        عشر عشره عشرون عشرين ثلاثون ثلاثين اربعون اربعين خمسون خمسين ستون ستين سبعون سبعين ثمانون ثمانين تسعون تسعين
        مئه مائه مئات المئات مئتان مئتين مائتي الف الاف الالاف الفا مليون عشرات العشرات عده عدد بضعه بضع نحو حوالي
        زهاء قرابه اكثر اقل يقل يزيد الاقل احد احدي اثنا اثني اثنتا اثنتي العديد ما لا علي من عن"""
    )
)
#: Words that number phrases hold but that make none by themselves ("ما لا يقل عن", "على الأقل", "أكثر من").
_NUMBER_GLUE = frozenset(_WORD.findall("ما لا علي من عن و نحو"))


def fold(text: str) -> str:
    """``text`` without marks, with one spelling of alif, ya and ta marbuta; for comparing only."""
    return _MARKS.sub("", unicodedata.normalize("NFKC", text)).translate(_FOLD)


def boundary_kinds(text: str, gold: Spot, predicted: Spot) -> list[dict[str, Any]]:
    """One record an edge that differs: ``side`` (left, right), ``kind`` (`KINDS`), ``prediction`` longer or shorter
    than gold on that side, and ``text``, the run between the two edges. Left before right."""
    found = []
    for side, ours, theirs in (("left", predicted[0], gold[0]), ("right", predicted[1], gold[1])):
        if ours == theirs:
            continue
        low, high = min(ours, theirs), max(ours, theirs)
        longer = (ours < theirs) == (side == "left")
        kind = _left(text, low, high) if side == "left" else _right(text[low:high])
        found.append(
            {
                "side": side,
                "kind": kind,
                "prediction": "longer" if longer else "shorter",
                "text": text[low:high].strip(),
            }
        )
    return found


def _left(text: str, low: int, high: int) -> str:
    run = fold(text[low:high])
    tokens = _TOKEN.findall(run)
    touches = bool(run) and not run[-1].isspace() and high < len(text) and not text[high].isspace()
    if touches and len(tokens) == 1:
        rest = tokens[0]
        if re.fullmatch("[وفبلكس]{1,3}", rest):
            return "attached letter"
        if re.fullmatch("[وفبك]{0,2}ال|[وف]?لل", rest):
            return "article"
    if tokens == ["و"]:
        return "attached letter"
    if tokens and all(t in _QUOTES for t in tokens):
        return "opening quote"
    if _is_number(tokens):
        return "number word"
    words = [t for t in tokens if t[0].isalnum()]
    if words and _bare(words[0]) in _PREPOSITIONS:
        return "preposition at the start"
    return "words" if words else "punctuation"


def _right(run: str) -> str:
    tokens = _TOKEN.findall(fold(run))
    words = [t for t in tokens if t[0].isalnum()]
    if tokens and all(t in _QUOTES for t in tokens):
        return "closing quote"
    if any(_bare(t) in _RELATIVE for t in words):
        return "relative clause"
    if words and next((t for t in tokens if t not in _QUOTES), "") in _APPOSITION:
        return "apposition"
    if _is_number(tokens):
        return "number word"
    if words and _bare(words[0]) in _PREPOSITIONS:
        return "prepositional phrase"
    return "words" if words else "punctuation"


def _bare(word: str) -> str:
    """``word`` without a conjunction before it, where what is left is on one of the lists."""
    rest = word[1:]
    return rest if word[:1] in "وف" and (rest in _PREPOSITIONS or rest in _RELATIVE or rest in _NUMBERS) else word


def _is_number(tokens: list[str]) -> bool:
    words = [_bare(t) for t in tokens if t[0].isalnum()]
    numeric = [w for w in words if w.isdecimal() or w in _NUMBERS]
    return bool(words) and len(numeric) == len(words) and any(w not in _NUMBER_GLUE for w in words)
