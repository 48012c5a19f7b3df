"""Mentions of one role that name the same thing, joined into entities: التحالف الدولي = قوات التحالف = التحالف.

``entities_of(frames)`` -> (entities of the report, the frames with each mention's entity). It works by sieves,
the surest first, and joins only where one candidate is left: equal names, a name and its beginning (الوزارة,
المرصد السوري), a person and his surname, a kind and its only bearer (التنظيم), then within a frame common nouns
(المهاجم, القتلى). What it leaves out: pronouns, metonyms (واشنطن), and joining across roles.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

from .arabic import fold
from .entity_generic import generic_joins
from .entity_names import Name, read_name
from .entity_words import BREAKS, COMMON, KIND_OF, KINDS, LONE_TITLES, REGIONS, SETTLEMENTS, TITLES
from .results import Entity, EventFrame, Mention

ROLES = ("attacker", "target", "location", "source")


class Groups:
    """Mentions of one role in text order, as names, and which of them are joined (a union of sets)."""

    def __init__(self, mentions: Sequence[Mention], role: str) -> None:
        self.mentions, self.role = mentions, role
        self.names = [read_name(mention.name, role) for mention in mentions]
        self._parent = list(range(len(mentions)))

    def find(self, i: int) -> int:
        while self._parent[i] != i:
            self._parent[i] = self._parent[self._parent[i]]
            i = self._parent[i]
        return i

    def join(self, i: int, j: int) -> None:
        a, b = sorted((self.find(i), self.find(j)))
        self._parent[b] = a

    def only(self, candidates: Iterable[int]) -> int | None:
        """One of ``candidates`` if they are all of one entity, else None."""
        found = {self.find(i): i for i in candidates}
        return next(iter(found.values())) if len(found) == 1 else None


def entities_of(frames: Sequence[EventFrame]) -> tuple[tuple[Entity, ...], tuple[EventFrame, ...]]:
    """The entities of a report, numbered by their first mentions, and its frames with ``Mention.entity`` and
    ``EventFrame.entities`` filled."""
    groups = {role: _joined(frames, role) for role in ROLES}
    members: list[tuple[int, str, list[Mention]]] = []
    for role, held in groups.items():
        by_root: dict[int, list[Mention]] = {}
        for i, mention in enumerate(held.mentions):
            by_root.setdefault(held.find(i), []).append(mention)
        members += [(mentions[0].start, role, mentions) for mentions in by_root.values()]
    members.sort(key=lambda member: (member[0], ROLES.index(member[1])))
    number: dict[tuple[str, int, int], int] = {}
    for index, (_, role, mentions) in enumerate(members):
        number |= {(role, m.start, m.end): index for m in mentions}
    namers = {index: _namer(mentions, role) for index, (_, role, mentions) in enumerate(members)}
    whole = tuple(
        _entity(index, role, namers[index], [replace(m, entity=index) for m in mentions])
        for index, (_, role, mentions) in enumerate(members)
    )
    return whole, tuple(_numbered(frame, number, namers) for frame in frames)


def _numbered(frame: EventFrame, number: dict[tuple[str, int, int], int], namers: dict[int, Mention]) -> EventFrame:
    roles: dict[str, Any] = {
        role: tuple(replace(m, entity=number[role, m.start, m.end]) for m in getattr(frame, role)) for role in ROLES
    }
    parts: dict[int, list[Mention]] = {}
    for mention in (m for role in ROLES for m in roles[role]):
        parts.setdefault(mention.entity, []).append(mention)
    role_of = {m.entity: role for role in ROLES for m in roles[role]}
    held = tuple(_entity(index, role_of[index], namers[index], parts[index]) for index in sorted(parts))
    return replace(frame, entities=held, **roles)


def _entity(index: int, role: str, namer: Mention, mentions: list[Mention]) -> Entity:
    """The naming mention first, the others in text order; a state that only adjectives name is called by its name."""
    ordered = sorted(mentions, key=lambda m: ((m.start, m.end) != (namer.start, namer.end), m.start))
    name = read_name(namer.name, role)
    return Entity(index, role, name.state[1:] if name.words == (name.state,) else namer.name, tuple(ordered))


def _namer(mentions: Sequence[Mention], role: str) -> Mention:
    """The longest mention that names, by what of it identifies; one of the actor himself before one of his machines."""

    def rank(mention: Mention) -> tuple[bool, int, bool, int, int]:
        name = read_name(mention.name, role)
        names = name.naming and (name.definite or name.words[0] in TITLES)
        return names, len(name.core), not name.forced, len(mention.name), -mention.start

    return max(mentions, key=rank)


def _joined(frames: Sequence[EventFrame], role: str) -> Groups:
    distinct = {(m.start, m.end): m for frame in frames for m in getattr(frame, role)}
    groups = Groups([distinct[spot] for spot in sorted(distinct)], role)
    _equal(groups)
    for sieve in (_longer, _surname, _kind):
        _unambiguous(groups, sieve)
    index = {(m.start, m.end): i for i, m in enumerate(groups.mentions)}
    for frame in frames:
        generic_joins(groups, [index[m.start, m.end] for m in getattr(frame, role)], frame)
    return groups


def _equal(groups: Groups) -> None:
    """Definite names with the same core; states by their own forces; settlements and regions kept apart."""
    occupier = _occupier(groups)
    first: dict[tuple[str, ...], int] = {}
    for i, name in enumerate(groups.names):
        if not (name.definite and name.naming) or (len(name.words) == 1 and name.words[0].endswith(("ها", "هم"))):
            continue  # أراضيها: whose, only the text around it tells
        key: tuple[str, ...] = (name.state,) if name.state else name.core
        if name.core == ("احتلال",) and occupier:
            key = (occupier,)
        if groups.role == "location":
            key = (*_place(name), _level(groups, name))
        elif groups.role == "target" and name.kind in SETTLEMENTS | REGIONS:
            key = name.words
        if key in first:
            groups.join(first[key], i)
        first.setdefault(key, i)


def _occupier(groups: Groups) -> str:
    """The state that the report itself calls the occupation, for mentions of الاحتلال alone."""
    if groups.role != "attacker":
        return ""
    said = {word for name in groups.names if "احتلال" in name.words for word in name.words if word.startswith("@")}
    return said.pop() if len(said) == 1 else ""


def _place(name: Name) -> tuple[str, ...]:
    """The words of a location up to where a larger place begins ("الخالص" of "مدينة الخالص بمحافظة ديالى")."""
    for i, word in enumerate(name.core):
        if any(part not in COMMON and part not in _DIRECTIONS for part in name.core[:i]) and (
            word in BREAKS or word in _DIRECTIONS or (word[0] == "ب" and word[1:] in _WITHIN) or word in _WITHIN
        ):
            return name.core[:i]
    return name.core


_DIRECTIONS = frozenset(fold("شمال جنوب شرق غرب وسط شمالي جنوبي شرقي غربي ريف ضواحي محيط واقعه الواقعه").split())
_WITHIN = frozenset(KINDS) & (SETTLEMENTS | REGIONS) | frozenset(
    fold("ريف العاصمه مديريه قضاء ناحيه شمال جنوب شرق غرب وسط").split()
)


def _level(groups: Groups, name: Name) -> str:
    """ "region" only where the report has a settlement of the same name beside it."""
    if name.kind not in REGIONS:
        return ""
    place = _place(name)
    twins = (other for other in groups.names if other.kind in SETTLEMENTS and _place(other) == place)
    return "region" if next(twins, None) else ""


def _unambiguous(groups: Groups, candidates: Callable[[Groups, int], Iterable[int]]) -> None:
    """Join each mention with the only entity that ``candidates`` offers for it."""
    for i in range(len(groups.names)):
        found = groups.only(candidates(groups, i))
        if found is not None:
            groups.join(found, i)


def _longer(groups: Groups, i: int) -> Iterable[int]:
    """Longer names that begin with this one: الوزارة, وزارة الداخلية -> وزارة الداخلية العراقية."""
    short = groups.names[i]
    if not short.definite or short.state or not _can_stand_short(short, groups.role):
        return
    for j, long in enumerate(groups.names):
        if j == i or len(long.core) <= len(short.core) or long.core[: len(short.core)] != short.core:
            continue
        if not long.definite and (j > i or groups.role not in ("source", "attacker")):
            continue
        after = long.core[len(short.core)]
        if after in BREAKS and not (len(short.core) == 1 and short.core[0] in TITLES):
            continue
        if groups.role == "location" and _place(long) != short.core and short.core[0] not in COMMON:
            continue
        yield j


def _can_stand_short(name: Name, role: str) -> bool:
    """In targets and places a lone common noun is left to the frame's sieve: the report may tell of many such."""
    if role in ("source", "attacker"):
        return True
    return len(name.core) > 1 or name.naming


def _surname(groups: Groups, i: int) -> Iterable[int]:
    """Longer names that end in this one: عبد الرحمن -> مدير المرصد رامي عبد الرحمن."""
    short = groups.names[i].words
    if groups.role == "location" or not short or short[0] in COMMON or short[0].startswith("@") or len(short) > 4:
        return
    if short[0] in BREAKS or short[0] in KINDS:
        return
    article = groups.mentions[i].name.startswith("ال")
    for j, name in enumerate(groups.names):
        long = name.words
        if j == i or len(long) <= len(short) or long[-len(short) :] != short:
            continue
        before = long[-len(short) - 1]
        lone = len(short) == 1
        if before in BREAKS or before.startswith("@") or (lone and before in COMMON and before not in LONE_TITLES):
            continue
        if lone and (before in TITLES) and (article or before not in LONE_TITLES):
            continue
        if before.endswith("يه") and long[0] not in KINDS:
            continue  # النقيب … في القوة الدولية "إيساف"
        if long[0] in TITLES or long[0] in KINDS or not any(word in COMMON for word in long):
            yield j


def _kind(groups: Groups, i: int) -> Iterable[int]:
    """The bearers of the kind that this mention is: التنظيم -> تنظيم داعش, المدينة -> مدينة عفرين."""
    name = groups.names[i]
    if len(name.words) != 1 or not name.definite or name.words[0] not in KINDS:
        return
    kind = KINDS[name.words[0]]
    for j, other in enumerate(groups.names):
        bears = other.kind == kind or (len(other.core) == 1 and KIND_OF.get(other.core[0]) == kind)
        if j != i and bears and len(other.words) > (other.kind == kind) and other.definite:
            yield j
