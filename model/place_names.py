"""The names of places in a location mention, and how the mention lies to each: at it, in it, near it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from .arabic import fold
from .entity_words import COMMON, KINDS
from .folded import readings
from .gazetteer import CITY, COUNTRY, REGION, Entry, Gazetteer, adjective_countries, name_key

AT, IN, NEAR = "at", "in", "near"
_WORD = re.compile(r"[^\W_]+")


def _set(words: str) -> frozenset[str]:
    return frozenset(fold(words).split())


_REGIONS = _set("محافظة محافظتي ولاية ولايتي إقليم مقاطعة مديرية قضاء ريف أرياف لواء محافظات")
_CITIES = _set("مدينة بلدة قرية مدينتي بلدتي عاصمة العاصمة منطقة ناحية")
_DIRECTIONS = _set(
    "شمال جنوب شرق غرب شمالي جنوبي شرقي غربي الشمال الجنوب الشرق الغرب الشمالي الجنوبي الشرقي الغربي أقصى"
)
_BESIDE = _set(
    "قرب محيط ضواحي ضاحية أطراف حدود الحدود مشارف تخوم بالقرب جوار كيلومترا كيلومتر كلم كم مخيم مطار معبر "
    "ميناء قاعدة جبهة سجن جامعة حقل مفرق طريق محور مدخل"
)
#: Behind these stands the name of a building or a quarter, whatever town is called so.
_BUILDINGS = _set(
    "حي شارع ساحة ميدان مسجد جامع فندق مستشفى سوق مدرسة كنيسة دوار مطعم جسر برج ملعب مقهى مجمع حسينية متحف "
    "قصر خليج مضيق بحر نهر معسكر ثكنة لواء"
)
_PLAIN = _set("في من على إلى عن بين مع حول خلف تحت فوق عبر قبل بعد نحو حوالي سور جزيرة هذه ذات نفس")
#: Words that some place on earth is called, and that no location is meant by alone.
_NO_NAMES = _REGIONS | _CITIES | _DIRECTIONS | _BESIDE | _PLAIN | _BUILDINGS | COMMON | KINDS.keys()


class Part(NamedTuple):
    """A known name in a mention: its first and last word, and the places called so."""

    first: int
    last: int
    entries: tuple[Entry, ...]


def words_of(name: str) -> list[str]:
    """The folded words of a mention's name; a long one is cut."""
    return _WORD.findall(fold(name[:300]))[:40]


def is_country(words: Sequence[str], part: Part) -> bool:
    """الجزائر is the country, unless "مدينة" or "العاصمة" stands before it."""
    return any(e.kind == COUNTRY for e in part.entries) and hint(words, part) != CITY


def known_names(words: Sequence[str], gazetteer: Gazetteer) -> list[Part]:
    """The known names among ``words``, the longest first at each, none overlapping."""
    found: list[Part] = []
    i = 0
    while i < len(words):
        building = bool(i) and bool(_BUILDINGS & set(readings(words[i - 1])))
        part = None if building else _known_at(words, i, gazetteer)
        if part is not None:
            found.append(part)
        i = part.last + 1 if part else i + 1
    return found


def _known_at(words: Sequence[str], i: int, gazetteer: Gazetteer) -> Part | None:
    for size in range(min(gazetteer.longest, len(words) - i), 0, -1):
        phrase = " ".join(words[i : i + size])
        forms = [phrase]
        if i or size > 1:  # the first word of a name has no attached letters left
            forms += [phrase[1:]] if phrase[0] in "بلو" else []
            forms += ["ال" + phrase[2:]] if phrase.startswith("لل") else []
        for reading in forms:
            entries = gazetteer.find_key(name_key(reading))
            if size == 1 and (len(reading) < 2 or _NO_NAMES & {reading, reading.removeprefix("ال")}):
                entries = [e for e in entries if e.kind == COUNTRY]  # سوريا is "two Syrians" as well
            if entries:
                return Part(i, i + size - 1, tuple(entries))
    return None


def hint(words: Sequence[str], part: Part) -> str:
    before = words[part.first - 1] if part.first else ""
    before = before[1:] if before[:1] in ("ب", "ل") and before[1:] in _REGIONS | _CITIES else before
    return REGION if before in _REGIONS else CITY if before in _CITIES else ""


def relation(words: Sequence[str], part: Part, chosen: Entry) -> str:
    """at: the mention is the place; near: a direction, a distance or a nearness leads to it; in: it lies there."""
    before = [w for w in words[: part.first] if w not in _CITIES and w not in _PLAIN and not country_of_adjective(w)]
    if chosen.kind in (COUNTRY, REGION):
        return IN if before and not all(word in _REGIONS for word in before) else AT
    if any(word.isdecimal() or (_DIRECTIONS | _BESIDE) & {word, word.removeprefix("ال")} for word in before[-3:]):
        return NEAR
    if before or hint(words, part) == REGION:
        return IN
    return AT


@lru_cache(maxsize=1)
def _adjectives() -> dict[str, str]:
    return adjective_countries()


def country_of_adjective(word: str) -> str:
    """The country code of an adjective in any form: السورية -> SY."""
    word = word.removeprefix("ال")
    return _adjectives().get(word) or _adjectives().get(word.removesuffix("ه")) or ""
