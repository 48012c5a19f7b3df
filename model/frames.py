"""The step from linked spans to event frames: one frame an attack.

A frame's mentions keep their exact place in the text; what is read out of them (name, number, kind) stands beside. What
the rest of the report says of them (entities, attribution, dates, places, tolls) is added by `context`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ..data.schema import ROLES
from .certainty import Scale
from .count_kinds import governing_kind
from .counts import count_kind, read_count, read_noun
from .names import naming_form
from .results import CountMention, EventFrame, LocationMention, Mention, Prediction, RoleSpan


@dataclass(frozen=True, slots=True)
class Trigger:
    """A word that names a deed, with its most likely type. ``score`` is the probability that it names one."""

    start: int
    end: int
    text: str
    type: str
    score: float


#: How far before a count its governing word, and behind it its noun, is looked for.
_REACH = 120
#: How far a count may stand before the noun that it counts ("12 من الجنود").
_BESIDE = 12


def build_frame(
    text: str,
    trigger: Trigger | None,
    fillers: Sequence[RoleSpan],
    sentence_spots: Sequence[tuple[int, int]],
    type_: str,
    score: float | None = None,
) -> EventFrame:
    """The frame of one deed from the spans linked to it. Spans are taken in text order; ``score`` is `frame_score`'s of
    all spans of the deed where ``fillers`` are not all."""
    ordered = sorted(fillers, key=lambda s: s.start)
    by_role: dict[str, list[Any]] = {role: [] for role in ROLES}
    for span in ordered:
        if span.role == "count":
            by_role["count"].append(_count_mention(text, span, ordered, sentence_spots))
            continue
        by_role[span.role].append(_mention(text, span))
        if span.role == "target" and (told := _told_by_noun(text, span, ordered)):
            by_role["count"].append(told)
    parts = [(s.start, s.end) for s in ordered] + ([(trigger.start, trigger.end)] if trigger else [])
    resting = tuple((a, b) for a, b in sentence_spots if any(a <= start < b for start, _ in parts))
    named = (
        Mention(trigger.start, trigger.end, trigger.text, naming_form(trigger.text, "trigger"), trigger.score)
        if trigger
        else None
    )
    filled: dict[str, Any] = {role: tuple(found) for role, found in by_role.items()}
    return EventFrame(
        type=type_,
        trigger=named,
        **filled,
        sentences=resting,
        score=frame_score(trigger, ordered) if score is None else score,
    )


def frame_score(trigger: Trigger | None, fillers: Sequence[RoleSpan], scale: Scale | None = None) -> float:
    """From the trigger's score and the mean of the best filler of each role, so that an unsure deed or unsure parts
    lower it: by ``scale``, else their product."""
    best: dict[str, float] = {}
    for span in fillers:
        best[span.role] = max(best.get(span.role, 0.0), span.score)
    parts = sum(best.values()) / len(best) if best else 1.0
    deed = trigger.score if trigger else 0.5
    return scale.score(deed, parts) if scale else parts * deed


def _mention(text: str, span: RoleSpan) -> Mention:
    before = text[max(0, span.start - _REACH) : span.start]
    kind = LocationMention if span.role == "location" else Mention
    return kind(span.start, span.end, span.text, naming_form(span.text, span.role, before), span.score)


def _told_by_noun(text: str, span: RoleSpan, fillers: Sequence[RoleSpan]) -> CountMention | None:
    """The number that a target's own form tells: a dual ("جنديين"), or a singular right behind the word for the deed
    ("مقتل شخص"). It rests on the target's own words, so it has their offsets. None where a number stands before it."""
    if any(s.role == "count" and 0 <= span.start - s.end <= _BESIDE for s in fillers):
        return None
    read = read_noun(span.text)
    if read is None:
        return None
    before = text[max(0, span.start - _REACH) : span.start]
    if read.value == 1:
        words = before.split()
        definite = span.text.startswith(("ال", "لل", "بال", "وال"))
        if definite or not words or governing_kind(words[-1]) is None:
            return None
    kind = count_kind(before, span.text, text[span.end : span.end + _REACH])
    name = naming_form(span.text, "target")
    return CountMention(
        span.start, span.end, span.text, name, span.score, read.value, read.min, read.max, read.approximate, kind
    )


def _count_mention(
    text: str, span: RoleSpan, fillers: Sequence[RoleSpan], sentence_spots: Sequence[tuple[int, int]]
) -> CountMention:
    first = next((a for a, b in sentence_spots if a <= span.start < b), 0)
    last = next((b for a, b in sentence_spots if a <= span.start < b), len(text))
    before = text[max(first, span.start - _REACH) : span.start]
    after = text[span.end : min(last, span.end + _REACH)]
    noun = next((s for s in fillers if s.role == "target" and 0 <= s.start - span.end <= _BESIDE), None)
    counted = noun.text if noun else " ".join(after.split()[:1])
    read = read_count(span.text, after=after, before=before)
    kind = count_kind(before, counted, after)
    name = naming_form(span.text, "count")
    if read is None:
        return CountMention(span.start, span.end, span.text, name, span.score, kind=kind)
    return CountMention(
        span.start, span.end, span.text, name, span.score, read.value, read.min, read.max, read.approximate, kind
    )


__all__ = ["CountMention", "EventFrame", "Mention", "Prediction", "RoleSpan", "Trigger", "build_frame"]
