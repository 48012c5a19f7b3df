"""Common nouns within one frame: المهاجم is the only attacker told of before, القتلى the only people told killed.

The last and least sure sieve of `entities`; it joins only inside a frame, only backwards, and only with one candidate.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from .arabic import fold
from .count_kinds import KILLED, WOUNDED
from .entity_names import Name, stem
from .entity_words import COMMON, KINDS
from .nouns import THINGS
from .results import CountMention, EventFrame, Mention

if TYPE_CHECKING:
    from .entity_sieves import Groups


def _set(words: str) -> frozenset[str]:
    return frozenset(fold(words).split())


#: Words for whoever did it, one or several: they name nobody, and can be anyone told of before in their number.
_DOER = _set("مهاجم منفذ جاني فاعل معتدي انتحاري مسلح رجل شخص إرهابي قاتل مشتبه شاب")
_DOERS = _set("مهاجمون مهاجمين منفذون منفذين جناة فاعلون مسلحون مسلحين إرهابيون إرهابيين انتحاريون انتحاريين مشتبه")
#: A single doer told of with these heads (beside those of _DOER).
_MAN = _set(
    "جندي شرطي طالب باحث سائق ضابط موظف قناص عنصر مواطن طفل امرأة سيدة فتاة مستوطن فلسطيني تونسي فدائي مفجر فتى مراهق"
)
_MEN = _set(
    "مجهولون مجهولين ملثمون ملثمين متشددون متشددين متمردون متمردين رجال أشخاص عناصر شبان مقاتلون مقاتلين "
    "مستوطنون مستوطنين "
    "متطرفون متطرفين مفجرون مفجرين مجموعة خلية قبليون"
)
#: Said of their sort rather than of those told of before: "معظمهم من النساء والأطفال".
_CLASSES = _set("نساء أطفال")
_NOUNS = COMMON | KINDS.keys()
_DEAD, _HURT = _set("قتلى شهداء قتيل شهيد"), _set("جرحى مصابون مصابين جريح مصاب")
_ONE = _set("قتيل شهيد جريح مصاب")
_PEOPLE = {KILLED: _DEAD, WOUNDED: _HURT}


def generic_joins(groups: Groups, members: Sequence[int], frame: EventFrame) -> None:
    """Join the common nouns among the frame's mentions ``members`` (indices, in text order) with their antecedents."""
    for at, i in enumerate(members):
        name = groups.names[i]
        if name.definite and not name.naming and name.words:
            found = _antecedent(groups, i, members[:at], frame)
            if found is not None:
                groups.join(found, i)
        elif groups.role == "target" and not name.definite:
            for j in members[:at]:
                if groups.names[j].words == name.words and _same_count(groups, i, j, frame):
                    groups.join(j, i)
                    break


def _antecedent(groups: Groups, i: int, before: Sequence[int], frame: EventFrame) -> int | None:
    """The only entity before that the common noun ``i`` can mean: of the same noun, else of a word for doers or
    dead."""
    words = groups.names[i].words
    same = [j for j in before if _same_noun(words, groups.names[j]) and words[0] not in _CLASSES]
    if same:
        return groups.only(same)
    if len(words) > 1:
        return None
    if groups.role == "attacker" and words[0] in _DOER | _DOERS:
        heads = _DOER | _MAN if words[0] in _DOER else _DOERS | _MEN
        # every attacker told of must be such a one: beside an organisation the doer is its man, and not itself
        people = [j for j in before if groups.names[j].words and groups.names[j].words[0] in heads]
        return groups.only(people)
    if groups.role == "target":
        for kind, nouns in _PEOPLE.items():
            if words[0] in nouns:
                return _counted(groups, i, before, frame, kind)
    return None


def _same_noun(words: tuple[str, ...], other: Name) -> bool:
    """The same head, and nothing in the shorter that the longer lacks: المسلحون -> مسلحون مجهولون."""
    if not other.words or stem(other.words[0]) != stem(words[0]) or other.words[0] not in _NOUNS:
        return False
    return {stem(word) for word in words[1:]} <= {stem(word) for word in other.words[1:]}


def _counted(groups: Groups, i: int, before: Sequence[int], frame: EventFrame, kind: str) -> int | None:
    """The only people among the targets before that a count of ``kind`` stands beside, of the number that ``i``
    is of."""
    own = _count_of(groups.mentions[i], frame)
    one = groups.names[i].words[0] in _ONE
    people = []
    for j in before:
        count = _count_of(groups.mentions[j], frame)
        if count is None or count.kind != kind or (groups.names[j].words and groups.names[j].words[0] in THINGS):
            continue
        if own is not None and (own.value is None or own.value != count.value):
            return None  # another figure: عشرات القتلى
        people.append((j, count.value == 1))
    return groups.only(j for j, _ in people) if all(single == one for _, single in people) else None


def _count_of(mention: Mention, frame: EventFrame) -> CountMention | None:
    """The count that stands before a target, or that its own form tells."""
    near = [c for c in frame.count if c.start == mention.start or 0 <= mention.start - c.end <= 12]
    return near[-1] if near else None


def _same_count(groups: Groups, i: int, j: int, frame: EventFrame) -> bool:
    """Whether the same exact number, above one, stands before both: "22 شخصا" told twice."""
    here, there = (_count_of(groups.mentions[k], frame) for k in (i, j))
    if here is None or there is None or here.start == groups.mentions[i].start:
        return False
    exact = here.value is not None and here.value == here.min == here.max and here.value > 1
    return exact and there.value == here.value == there.min == there.max
