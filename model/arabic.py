"""Arabic spelling, evened out: what the modules that read words by rule (counts, names) compare by.

What it does: folds a short text to one spelling (tashkeel, tatweel, bidi marks, presentation forms, digits of all
sets, hamza on alif, final ya and ta) and cuts it into words. What it leaves out: offsets. A folded text no longer
indexes the caller's own, so only decisions come from here, never spans; and the tokenizer's clean-up is its own.
"""

from __future__ import annotations

import re
import unicodedata

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
_TOKEN = re.compile(r"\d+(?:[.,٫٬،'’]\d+)*|[^\W\d_]+|[^\w\s]")


def clean(text: str) -> str:
    """``text`` without marks and presentation forms, hamza and ta marbuta kept. Linear in its length."""
    return _MARKS.sub("", unicodedata.normalize("NFKC", text))


def fold(text: str) -> str:
    """One spelling for comparing: `clean`, ASCII digits, أإآ as ا, ى as ي, ة as ه, ؤ as و, ئ as ي, اً dropped."""
    text = unicodedata.normalize("NFKC", text)
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
