"""Locations -> places: which entry of a gazetteer a mention names, lies in or lies near, with a score.

"حي الكرادة وسط بغداد" lies in Baghdad, "20 كيلومتراً شمال الرقة" near Raqqa, "بلدة دوما" is Duma. Of several
places with one name those of the country that the mention itself says are taken, then those of the countries that
the report speaks of, then the larger. What it leaves out: mentions in which no name is known, and names that stay
in doubt: they have no place.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from math import sqrt
from typing import NamedTuple

from .arabic import fold
from .entity_words import COMMON, KINDS
from .folded import readings
from .gazetteer import CITY, COUNTRY, OWN, REGION, Entry, Gazetteer, adjective_countries, name_key
from .results import Entity, EventFrame, LocationMention, Mention, Place

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
#: The people of a place whose number nobody gives.
_HAMLET = 1000
#: Without this share of the evidence a name stays in doubt.
_SURE = 0.5


class _Part(NamedTuple):
    """A known name in a mention: its first and last word, and the places called so."""

    first: int
    last: int
    entries: tuple[Entry, ...]


def resolve_places(
    frames: Sequence[EventFrame], entities: Sequence[Entity], gazetteer: Gazetteer
) -> tuple[tuple[EventFrame, ...], tuple[Entity, ...]]:
    """``frames`` and ``entities`` with the place of every location mention that could be resolved. A mention without a
    name of its own ("المدينة") has the place of its entity."""
    mentions = {(m.start, m.end): m for e in entities if e.role == "location" for m in e.mentions}
    said = _said_countries(mentions.values(), gazetteer)
    actors = _actors(frames)
    found = {spot: resolve_place(m.name, gazetteer, said, actors) for spot, m in mentions.items()}
    for entity in entities:
        if entity.role == "location":
            known = [place for m in entity.mentions if (place := found[m.start, m.end])]
            best = max(known, key=lambda place: (place.relation == AT, place.score), default=None)
            for m in entity.mentions:
                if found[m.start, m.end] is None:
                    found[m.start, m.end] = best
    return tuple(_with_places(frame, found) for frame in frames), tuple(_with_mentions(e, found) for e in entities)


_Found = Mapping[tuple[int, int], Place | None]


def _with_places(frame: EventFrame, found: _Found) -> EventFrame:
    location = tuple(_placed(mention, found) for mention in frame.location)
    return replace(frame, location=location, entities=tuple(_with_mentions(e, found) for e in frame.entities))


def _with_mentions(entity: Entity, found: _Found) -> Entity:
    return replace(entity, mentions=tuple(_placed(mention, found) for mention in entity.mentions))


def _placed(mention: Mention, found: _Found) -> Mention:
    if not isinstance(mention, LocationMention):
        return mention
    return replace(mention, place=found.get((mention.start, mention.end)))


def resolve_place(
    name: str,
    gazetteer: Gazetteer,
    countries: Mapping[str, float] | None = None,
    actors: Mapping[str, float] | None = None,
) -> Place | None:
    """The place that a location's ``name`` names, lies in or lies near; ``countries``, ``actors``: how much the
    report's locations, and those who act in it, speak of each country, by code. None if no name in it is known,
    or which of several is meant stays in doubt."""
    words = _WORD.findall(fold(name[:300]))[:40]
    parts = _known(words, gazetteer)
    said = {code for word in words if (code := _adjective(word))}
    said |= {e.country for part in parts for e in part.entries if e.kind == COUNTRY}
    for part in sorted(parts, key=lambda part: _is_country(words, part)):
        around = {e.country for other in parts if other is not part for e in other.entries}
        entries = _possible(words, part, said, around, countries or {})
        if entries:
            break
    else:
        return None
    votes = Counter(countries or {}) + Counter(actors or {})
    chosen, share = _likeliest(entries, votes, around, _hint(words, part))
    if share < _SURE:
        return None
    relation = _relation(words, part, chosen)
    spot = chosen.latitude, chosen.longitude
    return Place(chosen.name, chosen.country, *spot, chosen.kind, relation, round(share, 3), chosen.id)


def _is_country(words: Sequence[str], part: _Part) -> bool:
    """الجزائر is the country, unless "مدينة" or "العاصمة" stands before it."""
    return any(e.kind == COUNTRY for e in part.entries) and _hint(words, part) != CITY


def _possible(
    words: Sequence[str], part: _Part, said: set[str], around: set[str], countries: Mapping[str, float]
) -> list[Entry]:
    """The places that the name can mean: in a country that the mention itself says, if it says one; a place that only
    a large gazetteer knows must lie in a country that the mention or the report speaks of."""
    places = [e for e in part.entries if (e.kind == COUNTRY) == _is_country(words, part)] or list(part.entries)
    if said:
        return [e for e in places if e.country in said]
    return [e for e in places if e.id.startswith(OWN) or e.country in around or countries.get(e.country)]


def _known(words: Sequence[str], gazetteer: Gazetteer) -> list[_Part]:
    """The known names among ``words``, the longest first at each, none overlapping."""
    found: list[_Part] = []
    i = 0
    while i < len(words):
        building = bool(i) and bool(_BUILDINGS & set(readings(words[i - 1])))
        part = None if building else _known_at(words, i, gazetteer)
        if part is not None:
            found.append(part)
        i = part.last + 1 if part else i + 1
    return found


def _known_at(words: Sequence[str], i: int, gazetteer: Gazetteer) -> _Part | None:
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
                return _Part(i, i + size - 1, tuple(entries))
    return None


def _likeliest(
    entries: Sequence[Entry], countries: Mapping[str, float], around: set[str], hint: str
) -> tuple[Entry, float]:
    """The entry with most evidence, and its share of it: people, the report's countries, the mention's other names."""
    total = sum(countries.values()) or 1.0

    def weight(entry: Entry) -> float:
        size = sqrt(10**7 if entry.kind == COUNTRY else max(entry.population, _HAMLET))
        told = 1.0 + 12.0 * countries.get(entry.country, 0.0) / total
        beside = 3.0 if entry.country in around else 1.0
        fits = 2.0 if hint == entry.kind else 1.0
        return size * told * beside * fits

    ranked = sorted(entries, key=lambda e: (-weight(e), e.id))
    best = ranked[0]
    # a place that no gazetteer has may bear the name as well, the more so in a country that the report speaks of
    elsewhere = 0.0 if best.country in around or not countries else 1.0 - countries.get(best.country, 0.0) / total
    unknown = sqrt(_HAMLET) * (1.0 + 12.0 * elsewhere)
    return best, weight(best) / (sum(weight(e) for e in entries) + unknown)


def _hint(words: Sequence[str], part: _Part) -> str:
    before = words[part.first - 1] if part.first else ""
    before = before[1:] if before[:1] in ("ب", "ل") and before[1:] in _REGIONS | _CITIES else before
    return REGION if before in _REGIONS else CITY if before in _CITIES else ""


def _relation(words: Sequence[str], part: _Part, chosen: Entry) -> str:
    """at: the mention is the place; near: a direction, a distance or a nearness leads to it; in: it lies there."""
    before = [w for w in words[: part.first] if w not in _CITIES and w not in _PLAIN and not _adjective(w)]
    if chosen.kind in (COUNTRY, REGION):
        return IN if before and not all(word in _REGIONS for word in before) else AT
    if any(word.isdigit() or (_DIRECTIONS | _BESIDE) & {word, word.removeprefix("ال")} for word in before[-3:]):
        return NEAR
    if before or _hint(words, part) == REGION:
        return IN
    return AT


@lru_cache(maxsize=1)
def _adjectives() -> dict[str, str]:
    return adjective_countries()


def _adjective(word: str) -> str:
    """The country code of an adjective in any form: السورية -> SY."""
    word = word.removeprefix("ال")
    return _adjectives().get(word) or _adjectives().get(word.removesuffix("ه")) or ""


def _said_countries(locations: Iterable[Mention], gazetteer: Gazetteer) -> Counter[str]:
    """How much a report's locations speak of each country: by name, by adjective, by towns that only one has."""
    votes: Counter[str] = Counter()
    for mention in locations:
        words = _WORD.findall(fold(mention.name))
        votes.update({code: 3 for word in words if (code := _adjective(word))})
        for part in _known(words, gazetteer):
            codes = {entry.country for entry in part.entries if entry.id.startswith(OWN)}
            if len(codes) == 1:
                votes[codes.pop()] += 3 if part.entries[0].kind == COUNTRY else 2
    return votes


def _actors(frames: Sequence[EventFrame]) -> Counter[str]:
    """How often attackers, targets and sources are of each country, by their adjectives: a weaker hint."""
    votes: Counter[str] = Counter()
    for frame in frames:
        for mention in (*frame.attacker, *frame.target, *frame.source):
            votes.update({code: 1 for word in _WORD.findall(fold(mention.name)) if (code := _adjective(word))})
    return votes
