"""Arabic spelling, evened out: what the modules that read words by rule (counts, names) compare by.

What it does: folds a short text to one spelling (tashkeel, tatweel, bidi marks, presentation forms, digits of all
sets, hamza on alif, final ya and ta), cuts it into words, and reads digits. What it leaves out: offsets. A folded text
no longer indexes the caller's own, so only decisions come from here, never spans; and the tokenizer's clean-up is its
own.
"""

from __future__ import annotations

import re
import unicodedata
from fractions import Fraction

#: Marks that carry no letter: tashkeel, Quranic signs, tatweel, bidi and zero-width controls, soft hyphen.
MARK_CLASS = (
    "\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed\u08d3-\u08ff"
    "\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff"
)
_MARKS = re.compile(f"[{MARK_CLASS}]")
#: The alif that only carries tanwin (شخصاً): it goes with its mark, so that شخصاً, شخصًا and شخص are one word.
_TANWIN_ALIF = re.compile("\u0627\u064b|\u064b\u0627")
#: Tatweel between digits is a dash in real copy ("10ـ15"), not a stretch.
_TATWEEL_DASH = re.compile(r"(?<=\d)\u0640+(?=\d)")
_LETTERS = str.maketrans("أإآٱؤئىیېةھہکڪ", "ااااوييييهههكك")
#: A longer run of digits is a telephone number or noise.
_MAX_DIGITS = 15
_TOKEN = re.compile(r"\d+(?:[.,٫٬،'’]\d+)*|[^\W\d_]+|[^\w\s]")


#: More marks than this on one letter are no writing (Unicode's stream-safe format has the same bound).
_MOST_MARKS = 30
#: Shorter texts are normalised as they are: there the quadratic sort below is too small to measure.
_SHORT = 1000


def _nfkc(text: str) -> str:
    """NFKC, in linear time: Python sorts the marks on one letter by insertion, so those past 30 are dropped first."""
    if len(text) > _SHORT and not text.isascii():
        run, kept = 0, []
        for char in text:
            run = run + 1 if unicodedata.combining(char) else 0
            if run <= _MOST_MARKS:
                kept.append(char)
        text = "".join(kept)
    return unicodedata.normalize("NFKC", text)


def clean(text: str) -> str:
    """``text`` without marks and presentation forms, hamza and ta marbuta kept. Linear in its length."""
    return _MARKS.sub("", _nfkc(text))


def fold(text: str) -> str:
    """One spelling for comparing: `clean`, ASCII digits, أإآ as ا, ى as ي, ة as ه, ؤ as و, ئ as ي, اً dropped."""
    text = _nfkc(text)
    text = _TATWEEL_DASH.sub("-", text)
    text = _MARKS.sub("", _TANWIN_ALIF.sub("", text)).translate(_LETTERS)
    if text.isascii():
        return text
    return "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in text)


def tokens(folded: str) -> list[str]:
    """Numbers (with their inner marks), words and single punctuation marks of a folded text, in order."""
    return _TOKEN.findall(folded)


def strip_letters(word: str) -> list[tuple[bool, str]]:
    """Readings of a folded ``word`` with fewer attached letters, the fullest first: (joined by و or ف, rest).

    ``strip_letters("وبالعشرات")`` -> ``[(False, "وبالعشرات"), (True, "بالعشرات"), (True, "العشرات"), …]``.
    A rest is never empty.
    """
    found = [(False, word)]
    if word[:1] in "وف" and len(word) > 1:
        found.append((True, word[1:]))
    for joined, rest in tuple(found):
        if rest[:1] in "بلك" and len(rest) > 2:
            found.append((joined, rest[1:]))
    for joined, rest in tuple(found):
        if rest.startswith(("ال", "لل")) and len(rest) > 3:
            found.append((joined, rest[2:]))
    return found


def digits_value(token: str, scaled: bool) -> Fraction | None:
    """The value of a digit token with its inner marks; ``scaled``: a scale word (مليون) follows.

    One mark before exactly three digits parts thousands ("1.200" is 1200), unless a scale follows ("1.200 مليون" is
    1.2 million); ٫ is always the decimal mark and ٬ never. None for what is neither ("12.5.2015").
    """
    digits = "".join(c for c in token if c.isdecimal())
    if len(digits) > _MAX_DIGITS:
        return None
    marks = [c for c in token if not c.isdecimal()]
    groups = "".join(c if c.isdecimal() else " " for c in token).split()
    if not marks:
        return Fraction(int(digits))
    if len(groups) != len(marks) + 1:  # a mark with no digits on both sides, as NFKC makes of "⒌"
        return None
    decimal = marks[-1] == "٫" or (marks[-1] in ".,،" and _last_is_decimal(marks, groups, scaled))
    whole = groups[:-1] if decimal else groups
    if any(len(g) != 3 for g in whole[1:]) or (len(whole) > 1 and (len(whole[0]) > 3 or whole[0][0] == "0")):
        return None
    value = Fraction(int("".join(whole)))
    return value + Fraction(int(groups[-1]), 10 ** len(groups[-1])) if decimal else value


def _last_is_decimal(marks: list[str], groups: list[str], scaled: bool) -> bool:
    if len(marks) > 1:
        return marks[-1] not in marks[:-1]
    return scaled or len(groups[-1]) != 3 or len(groups[0]) > 3 or groups[0][0] == "0"
