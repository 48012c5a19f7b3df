"""Locations -> places: which entry of a gazetteer a mention names, lies in or lies near, with a score.

"حي الكرادة وسط بغداد" lies in Baghdad, "20 كيلومتراً شمال الرقة" near Raqqa, "بلدة دوما" is Duma. Of several
places with one name those of the country that the mention itself says are taken, then those of the countries that
the report speaks of, then the larger. What it leaves out: mentions in which no name is known, and names that stay
in doubt: they have no place.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from math import sqrt

from .gazetteer import COUNTRY, OWN, Entry, Gazetteer
from .place_names import AT, Part, country_of_adjective, hint, is_country, known_names, relation, words_of
from .results import Entity, EventFrame, LocationMention, Mention, Place

#: The people of a place whose number nobody gives.
_HAMLET = 1000
#: Without this share of the evidence a name stays in doubt.
_SURE = 0.5


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
    words = words_of(name)
    parts = known_names(words, gazetteer)
    said = {code for word in words if (code := country_of_adjective(word))}
    said |= {e.country for part in parts for e in part.entries if e.kind == COUNTRY}
    for part in sorted(parts, key=lambda part: is_country(words, part)):
        around = {e.country for other in parts if other is not part for e in other.entries}
        entries = _possible(words, part, said, around, countries or {})
        if entries:
            break
    else:
        return None
    votes = Counter(countries or {}) + Counter(actors or {})
    chosen, share = _likeliest(entries, votes, around, hint(words, part))
    if share < _SURE:
        return None
    spot = chosen.latitude, chosen.longitude
    lies = relation(words, part, chosen)
    return Place(chosen.name, chosen.country, *spot, chosen.kind, lies, round(share, 3), chosen.id)


def _possible(
    words: Sequence[str], part: Part, said: set[str], around: set[str], countries: Mapping[str, float]
) -> list[Entry]:
    """The places that the name can mean: in a country that the mention itself says, if it says one; a place that only
    a large gazetteer knows must lie in a country that the mention or the report speaks of."""
    places = [e for e in part.entries if (e.kind == COUNTRY) == is_country(words, part)] or list(part.entries)
    if said:
        return [e for e in places if e.country in said]
    return [e for e in places if e.id.startswith(OWN) or e.country in around or countries.get(e.country)]


def _likeliest(
    entries: Sequence[Entry], countries: Mapping[str, float], around: set[str], kind: str
) -> tuple[Entry, float]:
    """The entry with most evidence, and its share of it: people, the report's countries, the mention's other names."""
    total = sum(countries.values()) or 1.0

    def weight(entry: Entry) -> float:
        size = sqrt(10**7 if entry.kind == COUNTRY else max(entry.population, _HAMLET))
        told = 1.0 + 12.0 * countries.get(entry.country, 0.0) / total
        beside = 3.0 if entry.country in around else 1.0
        fits = 2.0 if kind == entry.kind else 1.0
        return size * told * beside * fits

    ranked = sorted(entries, key=lambda e: (-weight(e), e.id))
    best = ranked[0]
    # a place that no gazetteer has may bear the name as well, the more so in a country that the report speaks of
    elsewhere = 0.0 if best.country in around or not countries else 1.0 - countries.get(best.country, 0.0) / total
    unknown = sqrt(_HAMLET) * (1.0 + 12.0 * elsewhere)
    return best, weight(best) / (sum(weight(e) for e in entries) + unknown)


def _said_countries(locations: Iterable[Mention], gazetteer: Gazetteer) -> Counter[str]:
    """How much a report's locations speak of each country: by name, by adjective, by towns that only one has."""
    votes: Counter[str] = Counter()
    for mention in locations:
        words = words_of(mention.name)
        votes.update({code: 3 for word in words if (code := country_of_adjective(word))})
        for part in known_names(words, gazetteer):
            codes = {entry.country for entry in part.entries if entry.id.startswith(OWN)}
            if len(codes) == 1:
                votes[codes.pop()] += 3 if part.entries[0].kind == COUNTRY else 2
    return votes


def _actors(frames: Sequence[EventFrame]) -> Counter[str]:
    """How often attackers, targets and sources are of each country, by their adjectives: a weaker hint."""
    votes: Counter[str] = Counter()
    for frame in frames:
        for mention in (*frame.attacker, *frame.target, *frame.source):
            votes.update({code: 1 for word in words_of(mention.name) if (code := country_of_adjective(word))})
    return votes
