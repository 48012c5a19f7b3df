"""Arabic numbers, from words and digits to integers: the table of number words and the reader of compounds.

``read_number(lex("مئتين وثلاثة وخمسين قتيلاً"), 0)`` -> 253. A compound is read by what may follow what (hundreds,
then units and tens joined by و, then a scale that multiplies), so two numbers side by side stay two. What it leaves
out: what surrounds a number (نحو, على الأقل, ranges), which is `counts`; ordinals and fractions are no numbers here.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from .arabic import digits_value, strip_letters

#: Kinds of number word. ``DUAL`` is both ألفاً (a scale after a number) and ألفا (two thousand, standing alone).
UNIT, TEEN, TEN, TENS, HUNDRED, HUNDREDS, SCALE, TWICE, DUAL, SCALES, PART = range(11)
#: What no count of people or things reaches.
LARGEST = 10**12

_UNITS = {
    0: "صفر",
    1: "واحد واحده واحدا احد احدي احدا",
    2: "اثنان اثنين اثنتان اثنتين اثنا اثني اثنتا اثنتي ثنتان ثنتين اتنان اتنين",
    3: "ثلاث ثلاثه ثلاثا تلاته ثلاته",
    4: "اربع اربعه اربعا",
    5: "خمس خمسه خمسا",
    6: "ست سته ستا",
    7: "سبع سبعه سبعا",
    8: "ثمان ثماني ثمانيه ثمانيا ثمانه",
    9: "تسع تسعه تسعا",
}
_TENS = {20: "عشر", 30: "ثلاث", 40: "اربع", 50: "خمس", 60: "ست", 70: "سبع", 80: "ثمان", 90: "تسع"}
_HUNDRED = ("ميه", "مايه", "ماءه", "ماه")  # مئة مائة ماية مأة: the middle hamza is written every way
_HUNDRED_STEMS = {3: "ثلاث", 4: "اربع", 5: "خمس", 6: "ست", 7: "سبع", 8: "ثمان ثماني ثمنا", 9: "تسع"}
#: Scale -> (singular, dual, plural). Nouns of scale agree with nothing, so these are all the forms there are.
_SCALES = {
    1_000: ("الف", "الفان الفين الفي", "الاف الوف"),
    1_000_000: ("مليون", "مليونان مليونين مليوني", "ملايين"),
    1_000_000_000: ("مليار بليون", "ملياران مليارين ملياري بليونين", "مليارات بلايين"),
}


def _table() -> dict[str, tuple[int, int]]:
    table: dict[str, tuple[int, int]] = {"عشر": (TEN, 10), "عشره": (TEN, 10), "عشرا": (TEN, 10)}
    for value, forms in _UNITS.items():
        table |= {form: (UNIT, value) for form in forms.split()}
        table |= {form + ten: (TEEN, 10 + value) for form in forms.split() for ten in ("عشر", "عشره")}
    for value, stem in _TENS.items():
        table |= {stem + ending: (TENS, value) for ending in ("ون", "ين")}
    table |= {form: (HUNDRED, 100) for form in _HUNDRED} | {"ميات": (HUNDREDS, 100), "مايات": (HUNDREDS, 100)}
    table |= {f + end: (HUNDRED, 200) for f in ("ميت", "مايت", "مات") for end in ("ان", "ين", "ا", "ي")}
    for value, stems in _HUNDRED_STEMS.items():
        table |= {stem + form: (HUNDRED, 100 * value) for stem in stems.split() for form in _HUNDRED}
    for scale, (singles, duals, plurals) in _SCALES.items():
        table |= {form: (SCALE, scale) for form in singles.split()}
        table |= {form + "ا": (DUAL, scale) for form in singles.split()}
        table |= {form: (TWICE, scale) for form in duals.split()}
        table |= {form: (SCALES, scale) for form in plurals.split()}
    return table | {"نصف": (PART, 2), "ربع": (PART, 4)}


NUMBER_WORDS = _table()
SCALE_KINDS = (SCALE, DUAL, SCALES, TWICE)
#: "I am not" and, unless عشر follows, Sunday: without their first letters they would read 6 and 1.
_NEVER = frozenset(("لست", "الاحد"))


class Word(NamedTuple):
    """One token: as folded, whether و or ف joins it to what stands before, and what number word it is if any."""

    text: str
    joined: bool
    kind: int = -1
    value: int = 0

    @property
    def is_digits(self) -> bool:
        return self.text[:1].isdecimal()

    @property
    def is_number(self) -> bool:
        """Whether a number can begin here (a plural scale, آلاف, or a fraction cannot)."""
        return self.is_digits or self.kind in (UNIT, TEEN, TEN, TENS, HUNDRED, SCALE, TWICE, DUAL)


def lex(folded_tokens: list[str]) -> list[Word]:
    """Tokens of `arabic.tokens` as `Word`; a lone و joins the token after it, other lone letters vanish."""
    words: list[Word] = []
    joined = False
    for i, token in enumerate(folded_tokens):
        if token in ("و", "ف"):
            joined = True
            continue
        if token not in ("ب", "ل", "ك", "ال", "لل", "ا"):  # "بـ12", "الـ12": what the digits left behind
            teen = folded_tokens[i + 1 : i + 2] in (["عشر"], ["عشره"])
            word = _word(token) if teen or token not in _NEVER else Word(token, False)
            # وأحد is folded to واحد: before عشر, and behind a number, its و joins.
            joined = joined or (token == "واحد" and (teen or (bool(words) and words[-1].kind >= 0)))
            words.append(word._replace(joined=word.joined or joined))
        joined = False
    return words


def _word(token: str) -> Word:
    for joined, rest in strip_letters(token):
        if rest in NUMBER_WORDS:
            return Word(token, joined, *NUMBER_WORDS[rest])
    return Word(token, False)


@dataclass(frozen=True, slots=True)
class Number:
    """A number read, and for ranges ("3 و5 آلاف") the scale its last part was multiplied by (1: by none)."""

    value: int
    scale: int = 1


class _Sum:
    """A compound in the making: what is closed by a scale, and the open group of hundreds, tens and units."""

    def __init__(self) -> None:
        self.closed = Fraction(0)
        self.group = Fraction(0)
        self.hundreds = self.tens = self.units = False
        self.digits = False
        self.smallest = LARGEST  # the last scale taken: the next must be smaller
        self.scale = 1
        self.empty = True
        self.last = -1

    def open(self, joined: bool) -> bool:
        """May a part that adds be taken here? The first may; any other must be joined by و."""
        return self.empty or joined

    def add(self, amount: int | Fraction, kind: int) -> bool:
        self.group += amount
        self.scale, self.empty, self.last = 1, False, kind
        return True

    def take(self, word: Word) -> bool:
        """Take ``word`` into the number; False if the number ends before it."""
        if word.kind in SCALE_KINDS:
            return self._take_scale(word)
        if word.kind == PART:
            return self._take_part(word)
        if self.digits and self.group:
            return self._take_hundred_of_digits(word)
        if word.kind in (HUNDRED, HUNDREDS):
            return self._take_hundred(word)
        return self._take_small(word)

    def _take_small(self, word: Word) -> bool:
        if word.kind == TEN and self.last == UNIT and not self.tens and not word.joined:
            self.tens = True  # ثلاثة عشر
            return self.add(10, TEEN)
        if self.tens or not self.open(word.joined) or word.kind not in (UNIT, TEEN, TEN, TENS):
            return False
        if self.units and word.kind != TENS:
            return False
        self.units = self.units or word.kind in (UNIT, TEEN, TEN)
        self.tens = word.kind != UNIT
        return self.add(word.value, word.kind)

    def _take_hundred(self, word: Word) -> bool:
        if self.last == UNIT and not self.tens and not word.joined and word.value == 100:
            unit = self.group % 10
            if self.hundreds or unit < 3:
                return False
            self.hundreds, self.units = True, False  # ثلاث مئة
            self.group = unit * 100
            return self.add(0, HUNDRED)
        if word.kind == HUNDREDS or self.group or not self.open(word.joined):
            return False
        self.hundreds = True
        return self.add(word.value, HUNDRED)

    def _take_hundred_of_digits(self, word: Word) -> bool:
        if word.kind not in (HUNDRED, HUNDREDS) or word.value != 100 or word.joined or self.group >= 10:
            return False
        self.group *= 100
        return self.add(0, HUNDRED)

    def take_digits(self, value: Fraction, joined: bool) -> bool:
        if self.group or not self.open(joined):
            return False
        self.digits = True
        return self.add(value, -1)

    def _take_scale(self, word: Word) -> bool:
        if word.value >= self.smallest and not (self.closed and not self.group and not word.joined):
            return False
        if self.group:
            if word.joined or word.kind == TWICE:
                return False
            amount = self.group * word.value
        elif self.closed and not word.joined:
            if self.closed >= word.value or word.kind == TWICE:
                return False
            amount, self.closed = self.closed * word.value, Fraction(0)  # ألف مليون
        elif word.kind == SCALES:
            return False
        else:
            amount = Fraction(word.value * (1 if word.kind == SCALE else 2))
        self._close(amount, word.value)
        return True

    def _take_part(self, word: Word) -> bool:
        """مليون ونصف: a half or a quarter of the scale just taken."""
        if not word.joined or self.scale == 1 or self.group:
            return False
        self._close(Fraction(self.scale, word.value), self.scale)
        return True

    def _close(self, amount: Fraction, scale: int) -> None:
        self.closed += amount
        self.group = Fraction(0)
        self.hundreds = self.tens = self.units = self.digits = self.empty = False
        self.smallest = self.scale = scale
        self.last = SCALE


def read_number(words: list[Word], start: int) -> tuple[Number, int] | None:
    """The number that begins at ``words[start]`` and the index after it; None if none does or it is no integer."""
    total, i = _Sum(), start
    if i + 1 < len(words) and words[i].kind == PART and words[i + 1].kind == SCALE and not words[i + 1].joined:
        total._close(Fraction(words[i + 1].value, words[i].value), words[i + 1].value)  # نصف مليون
        i += 2
    while i < len(words):
        word = words[i]
        if word.is_digits:
            scaled = i + 1 < len(words) and words[i + 1].kind in SCALE_KINDS and not words[i + 1].joined
            value = digits_value(word.text, scaled)
            if value is None or not total.take_digits(value, word.joined):
                break
        elif word.kind < 0 or not total.take(word):
            break
        i += 1
    value = total.closed + total.group
    if i == start or value.denominator != 1 or value > LARGEST:
        return None
    return Number(int(value), total.scale), i
