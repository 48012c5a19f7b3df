"""The sieves that join mentions with a name, the surest first: equal names, a beginning, a surname, a kind's only
bearer.

``join_names(groups)`` works on one role of a report. What it leaves out: common nouns, which are
`entity_generic`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence

from .arabic import fold
from .entity_names import Name, read_name
from .entity_words import BREAKS, COMMON, KIND_OF, KINDS, LONE_TITLES, REGIONS, SETTLEMENTS, TITLES
from .mentions import Mention

_DIRECTIONS = frozenset(fold("شمال جنوب شرق غرب وسط شمالي جنوبي شرقي غربي ريف ضواحي محيط واقعه الواقعه").split())
_WITHIN = frozenset(KINDS) & (SETTLEMENTS | REGIONS) | frozenset(
    fold("ريف العاصمه مديريه قضاء ناحيه شمال جنوب شرق غرب وسط").split()
)


class Groups:
    """Mentions of one role in text order, as names, and which of them are joined (a union of sets)."""

    def __init__(self, mentions: Sequence[Mention], role: str) -> None:
        self.mentions, self.role = mentions, role
        self.names = [read_name(mention.name, role) for mention in mentions]
        self._parent = list(range(len(mentions)))
        regions = (name for name in self.names if name.kind in SETTLEMENTS)
        self.settled = {_place(name) for name in regions} if role == "location" else set()

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
        only: int | None = None
        for i in candidates:
            if only is not None and self.find(i) != self.find(only):
                return None
            only = i
        return only

    def indexed(self, keys: Callable[[Name], Iterable[Hashable]]) -> dict[Hashable, list[int]]:
        """Mentions by the ``keys`` of their names, in text order. Of those with one name in one entity the first two
        stand for all, so that a name told a thousand times is not compared with itself a million times."""
        told: Counter[tuple[Name, int]] = Counter()
        found: dict[Hashable, list[int]] = {}
        for i, name in enumerate(self.names):
            told[name, self.find(i)] += 1
            if told[name, self.find(i)] <= 2:
                for key in keys(name):
                    found.setdefault(key, []).append(i)
        return found


def join_names(groups: Groups) -> None:
    """Join what can only be one, sieve by sieve."""
    _equal(groups)
    _unambiguous(groups, _longer, groups.indexed(lambda name: (name.core[:1],)))
    _unambiguous(groups, _surname, groups.indexed(lambda name: (name.words[-1:],)))
    _unambiguous(groups, _kind, groups.indexed(_kinds_of))


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


def _level(groups: Groups, name: Name) -> str:
    """ "region" only where the report has a settlement of the same name beside it."""
    if name.kind not in REGIONS:
        return ""
    return "region" if _place(name) in groups.settled else ""


Index = Mapping[Hashable, Sequence[int]]


def _unambiguous(groups: Groups, candidates: Callable[[Groups, int, Index], Iterable[int]], index: Index) -> None:
    """Join each mention with the only entity that ``candidates`` offers for it, out of those in ``index``."""
    for i in range(len(groups.names)):
        found = groups.only(candidates(groups, i, index))
        if found is not None:
            groups.join(found, i)


def _longer(groups: Groups, i: int, index: Index) -> Iterable[int]:
    """Longer names that begin with this one: الوزارة, وزارة الداخلية -> وزارة الداخلية العراقية."""
    short = groups.names[i]
    if not short.definite or short.state or not _can_stand_short(short, groups.role):
        return
    for j in index.get(short.core[:1], ()):
        long = groups.names[j]
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


def _surname(groups: Groups, i: int, index: Index) -> Iterable[int]:
    """Longer names that end in this one: عبد الرحمن -> مدير المرصد رامي عبد الرحمن."""
    short = groups.names[i].words
    if groups.role == "location" or not short or short[0] in COMMON or short[0].startswith("@") or len(short) > 4:
        return
    if short[0] in BREAKS or short[0] in KINDS:
        return
    article = groups.mentions[i].name.startswith("ال")
    for j in index.get(short[-1:], ()):
        long = groups.names[j].words
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


def _kinds_of(name: Name) -> set[str]:
    """The kinds that a name bears: said by its head, or known of its one word."""
    known = KIND_OF.get(name.core[0], "") if len(name.core) == 1 else ""
    return {name.kind, known} - {""}


def _kind(groups: Groups, i: int, index: Index) -> Iterable[int]:
    """The bearers of the kind that this mention is: التنظيم -> تنظيم داعش, المدينة -> مدينة عفرين."""
    name = groups.names[i]
    if len(name.words) != 1 or not name.definite or name.words[0] not in KINDS:
        return
    kind = KINDS[name.words[0]]
    for j in index.get(kind, ()):
        other = groups.names[j]
        if j != i and len(other.words) > (other.kind == kind) and other.definite:
            yield j
