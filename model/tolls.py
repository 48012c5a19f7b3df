"""The figures to show for an attack: how many were killed and how many wounded, out of all that its report says.

The rule, in order. A part of a figure ("بينهم ثلاثة أطفال") and one that the report itself calls old ("وكانت
حصيلة سابقة") do not stand for the whole. A vague word ("العشرات") yields to a number. Of the rest the first
stands, until a later one counts the same people, or people of no particular sort ("شخصاً", "قتيلاً"), and is
greater, since tolls rise, or is told as the total ("ارتفعت الحصيلة إلى", "عدد القتلى"). Of two figures that are
the same number the exact one stands, then the later. Nothing is added up: "9 مدنيين و3 جنود" shows 9. Every other
figure of the kind is kept beside it, with the sources that its sentence credits.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from .arabic import fold
from .count_kinds import KILLED, WOUNDED
from .entity_names import stem
from .folded import Token, bare, between, tokenize
from .results import CountMention, EventFrame, Figure, Toll

_PARTS = frozenset(fold("بينهم بينها بينهما بينهن منهم منها منهما منهن ضمنهم ضمنها هم أحدهم أحدهما").split())
_OLD = frozenset(fold("سابقة السابقة سابق سابقا كانت وكانت كان وكان").split())
#: Nouns for people of no particular sort.
_ANYBODY = frozenset(
    fold("شخص أشخاص قتيل قتلى القتلى شهيد شهداء ضحية ضحايا جثة جثث آخر آخرين آخرون جريح جرحى مصاب مصابين").split()
)
_TALLY = ("حصيل", "الحصيل")
_DEAD = frozenset(
    fold("القتلى الضحايا الشهداء الجرحى المصابين الوفيات قتلى ضحايا شهداء جرحى قتلاه ضحاياه قتلاها ضحاياها").split()
)
_TRIED = ("محاول", "المحاول", "نجا", "احباط")
_TOTALS = frozenset(fold("إجمالي مجموع ارتفع ارتفعت ترتفع يرتفع ارتفاع رفع ليرتفع لترتفع").split())
#: No more words than these are read before a figure: long input takes linear time.
_FAR = 200
#: How many words before a figure may say that it is a total or an old one.
_REACH = 14


def tolls(frame: EventFrame, tokens: Sequence[Token]) -> tuple[Toll | None, Toll | None]:
    """(killed, wounded): the figures to show of ``frame``; ``tokens`` are those of the whole text."""
    killed, wounded = _toll(frame, tokens, KILLED), _toll(frame, tokens, WOUNDED)
    return killed, wounded


def toll_of(text: str, frame: EventFrame, kind: str) -> Toll | None:
    """The figure to show for one ``kind`` of count (`count_kinds`), None if ``frame`` has no number of it."""
    return _toll(frame, tokenize(text), kind)


def _toll(frame: EventFrame, tokens: Sequence[Token], kind: str) -> Toll | None:
    counts = [c for c in frame.count if c.kind == kind and _number(c) is not None and not _is_tried(c, frame, tokens)]
    whole = [c for c in counts if not _is_part(c, counts, frame, tokens)] or counts
    fresh = [c for c in whole if not _is_old(c, frame, tokens)] or whole
    exact = [c for c in fresh if not _is_vague(c) or not any(_allows(c, other) for other in fresh)]
    if not exact:
        return None
    shown = exact[0]
    for count in exact[1:]:
        if _same_people(shown, count, frame):
            shown = _stands(shown, count, _is_total(count, frame, tokens))
    others = tuple(_figure(c, frame) for c in counts if c is not shown)
    return Toll(shown, _figure(shown, frame).sources, others)


def _number(count: CountMention) -> int | None:
    """The number that figures are compared by: the one written, else the least that a vague word means."""
    return next((n for n in (count.value, count.min, count.max) if n is not None), None)


def _is_vague(count: CountMention) -> bool:
    return count.value is None


def _allows(vague: CountMention, other: CountMention) -> bool:
    """Can the number ``other`` be what the vague word meant? 17 can be "dozens"; 3 are a part of them."""
    return (
        other.value is not None
        and 2 * other.value >= (vague.min or 0)
        and (vague.max is None or other.value <= vague.max)
    )


def _stands(shown: CountMention, later: CountMention, total: bool) -> CountMention:
    a, b = _number(shown), _number(later)
    assert a is not None and b is not None
    if a == b:
        return shown if _exactness(shown) > _exactness(later) else later
    return later if total or b > a else shown


def _same_people(shown: CountMention, later: CountMention, frame: EventFrame) -> bool:
    """Does a later figure count the sort of people that the shown one does, or people of no particular sort?"""
    a, b = (_noun(count, frame) for count in (shown, later))
    return not a or not b or b in _ANYBODY or stem(a) == stem(b)


def _noun(count: CountMention, frame: EventFrame) -> str:
    """The first word of the target that a figure counts, folded, without article; "" if none stands beside it."""
    near = [m for m in frame.target if m.start == count.start or 0 <= m.start - count.end <= 12]
    words = fold(near[0].name).split() if near else []
    words = words[1:] if words[:1] == ["من"] else words
    return words[0].removeprefix("ال").removesuffix("ا") if words else ""


def _exactness(count: CountMention) -> int:
    return 2 if count.value is not None and count.value == count.min == count.max else int(count.value is not None)


def _before(count: CountMention, frame: EventFrame, tokens: Sequence[Token]) -> list[str]:
    """The folded words before a figure in its sentence."""
    return [token.word for token in _tokens_before(count, frame, tokens)]


def _tokens_before(count: CountMention, frame: EventFrame, tokens: Sequence[Token]) -> Sequence[Token]:
    start = max((a for a, b in frame.sentences if a <= count.start < b), default=count.start)
    first, last = between(tokens, start, count.start)
    return tokens[max(first, last - _FAR) : last]


def _is_part(count: CountMention, counts: Sequence[CountMention], frame: EventFrame, tokens: Sequence[Token]) -> bool:
    """Does "among them" stand right before the figure, or between a larger one of its sentence and it?"""
    near = _tokens_before(count, frame, tokens)
    among = [at for at, token in enumerate(near) if bare(token.word, _PARTS)]
    if not among:
        return False
    if among[-1] >= len(near) - 2:
        return True
    said, own = near[among[-1]].start, _number(count) or 0
    home = [(a, b) for a, b in frame.sentences if a < count.start < b]
    return any(
        other.end <= said and (_number(other) or 0) >= own and any(a <= other.start for a, _ in home)
        for other in counts
    )


def _is_tried(count: CountMention, frame: EventFrame, tokens: Sequence[Token]) -> bool:
    """محاولة اغتيال وزير: one who was to be killed, read off his own noun."""
    words = _before(count, frame, tokens)[-4:]
    return any(m.start == count.start for m in frame.target) and any(word.startswith(_TRIED) for word in words)


def _is_old(count: CountMention, frame: EventFrame, tokens: Sequence[Token]) -> bool:
    words = _before(count, frame, tokens)[-_REACH:]
    return any(word.startswith(_TALLY) for word in words) and any(word in _OLD for word in words)


def _is_total(count: CountMention, frame: EventFrame, tokens: Sequence[Token]) -> bool:
    words = _before(count, frame, tokens)[-_REACH:]
    counted = any(bare(a, ("عدد", "العدد")) and b in _DEAD for a, b in pairwise(words))
    return counted or any(word.startswith(_TALLY) or bare(word, _TOTALS) for word in words)


def _figure(count: CountMention, frame: EventFrame) -> Figure:
    spot = next(((a, b) for a, b in frame.sentences if a <= count.start < b), (count.start, count.end))
    return Figure(count, tuple(source for source in frame.source if spot[0] <= source.start < spot[1]))
