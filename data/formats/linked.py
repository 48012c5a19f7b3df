"""Events as annotation tools see them: labelled spans, and arrows from a trigger to the spans that fill its roles.

A trigger's label is the event's type, a filler's label its role; an arrow bears the role. Each event has a trigger
span of its own, even where two share a word, so that every arrow's tail says which event it means. Fillers stand
once, however many events share them. doccano and Label Studio are written and read through this.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ..schema import EVENT_TYPES, ROLES, Document, Event, Span
from .reading import Reading

#: Document id, then (start, end) in code points, to a score between 0 and 1.
Scores = Mapping[str, Mapping[tuple[int, int], float]]


@dataclass(frozen=True, slots=True)
class Mark:
    """A labelled span; ``key`` is the file's name for it, ``line`` where it stands, if lines mean something."""

    key: str
    label: str
    span: Span
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Arrow:
    """``role`` leads from the trigger named ``tail`` to the filler named ``head``."""

    tail: str
    head: str
    role: str


def marks_and_arrows(doc: Document) -> tuple[list[Mark], list[Arrow]]:
    """The marks of ``doc``, triggers first in the order of its events, keyed "1", "2", ...; and its arrows."""
    marks = [Mark(str(n), e.type, e.trigger) for n, e in enumerate(doc.events, 1) if e.trigger]
    keys: dict[tuple[int, int], str] = {}
    for role, span in doc.role_spans():
        keys[span.start, span.end] = str(len(marks) + 1)
        marks.append(Mark(str(len(marks) + 1), role, span))
    arrows = [
        Arrow(str(number), keys[span.start, span.end], role)
        for number, event in enumerate(doc.events, 1)
        for role, span in event.spans()
    ]
    return marks, arrows


def events_of(
    marks: Sequence[Mark], arrows: Sequence[Arrow], reading: Reading, line: int | None, document: str
) -> tuple[Event, ...]:
    """The events that ``marks`` and ``arrows`` make: one a trigger, in the order of the marks.

    Raises `DataError` for an unknown label, an arrow that leads nowhere or does not start at a trigger, a role that
    is not the filler's label, and a filler without an arrow (dropped and told where ``reading`` repairs).
    """
    by_key: dict[str, Mark] = {}
    for mark in marks:
        if mark.label not in EVENT_TYPES and mark.label not in ROLES:
            known = ", ".join((*EVENT_TYPES, *ROLES))
            raise reading.refuse(f"unknown label {mark.label!r}; one of {known}", mark.line or line, document)
        if mark.key in by_key:
            raise reading.refuse(f"two spans bear the name {mark.key!r}", mark.line or line, document)
        by_key[mark.key] = mark
    fillers: dict[str, dict[str, list[Span]]] = {m.key: {} for m in marks if m.label in EVENT_TYPES}
    linked: set[str] = set()
    for arrow in arrows:
        head = by_key.get(arrow.head)
        if arrow.tail not in by_key or head is None:
            missing = arrow.head if head is None else arrow.tail
            raise reading.refuse(f"a relation names span {missing!r}, which is not there", line, document)
        if arrow.tail not in fillers:
            raise reading.refuse(
                f"a relation starts at {by_key[arrow.tail].label} {by_key[arrow.tail].span.text!r}; "
                f"it must lead from a trigger to a role",
                line,
                document,
            )
        if head.label != arrow.role:
            raise reading.refuse(
                f"relation {arrow.role!r} leads to {head.label} {head.span.text!r}; both must name one role",
                line,
                document,
            )
        linked.add(arrow.head)
        spans = fillers[arrow.tail].setdefault(head.label, [])
        if head.span not in spans:  # the tools let one draw the same arrow twice
            spans.append(head.span)
    for mark in marks:
        if mark.key not in fillers and mark.key not in linked:
            text = f"{mark.label} [{mark.span.start}, {mark.span.end}) {mark.span.text!r} belongs to no event"
            reading.loose(text, mark.line or line, document)
    return tuple(
        Event(
            by_key[key].label,
            by_key[key].span,
            **{role: tuple(sorted(spans, key=lambda s: s.start)) for role, spans in roles.items()},
        )
        for key, roles in fillers.items()
    )
