"""Mentions of one role that name the same thing, joined into entities: التحالف الدولي = قوات التحالف = التحالف.

``entities_of(frames)`` -> (entities of the report, the frames with each mention's entity). It works by sieves,
the surest first, and joins only where one candidate is left: equal names, a name and its beginning (الوزارة,
المرصد السوري), a person and his surname, a kind and its only bearer (التنظيم), then within a frame common nouns
(المهاجم, القتلى). What it leaves out: pronouns, metonyms (واشنطن), and joining across roles.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from .entity_generic import generic_joins
from .entity_names import read_name
from .entity_sieves import Groups, join_names
from .entity_words import TITLES
from .results import Entity, EventFrame, Mention

ROLES = ("attacker", "target", "location", "source")


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
    join_names(groups)
    index = {(m.start, m.end): i for i, m in enumerate(groups.mentions)}
    for frame in frames:
        generic_joins(groups, [index[m.start, m.end] for m in getattr(frame, role)], frame)
    return groups
