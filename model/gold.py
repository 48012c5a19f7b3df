"""From annotated documents to event frames, and from predictions to documents: the bridge that converters cross.

Frames of a document have scores of 1. A document of a prediction holds what our schema can hold of it, and counts the
rest: frames without a trigger, spans that no frame holds, and numbers read off a noun (they stand on the target's own
words, which bear one role).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from ..data.schema import ROLES, Document, Event, Span
from .frames import EventFrame, Prediction, RoleSpan, Trigger, build_frame
from .sentences import sentences


def frames_of_document(doc: Document) -> tuple[EventFrame, ...]:
    """The frames of ``doc``'s events, their counts read and names brought to form as in a prediction."""
    spots = sentences(doc.text)
    frames = []
    for event in doc.events:
        named = event.trigger
        trigger = Trigger(named.start, named.end, named.text, event.type, 1.0) if named else None
        fillers = [RoleSpan(s.start, s.end, s.text, role, 1.0) for role, s in event.spans()]
        frames.append(build_frame(doc.text, trigger, fillers, spots, event.type))
    return tuple(frames)


def document_of(
    prediction: Prediction,
    identity: str,
    *,
    title: str = "",
    meta: Mapping[str, Any] | None = None,
    lost: Counter[str] | None = None,
) -> tuple[Document, dict[tuple[int, int], float]]:
    """(the document that ``prediction`` makes, the score of each of its spans by offsets). ``lost`` counts by name
    what it cannot hold."""
    lost = lost if lost is not None else Counter()
    scores: dict[tuple[int, int], float] = {}
    events = []
    for frame in prediction.frames:
        if frame.trigger is None:
            lost["events without a trigger"] += 1
            continue
        targets = {(m.start, m.end) for m in frame.target}
        fillers: dict[str, tuple[Span, ...]] = {}
        for role in ROLES:
            found = getattr(frame, role)
            if role == "count":
                lost["numbers told by a noun"] += sum((m.start, m.end) in targets for m in found)
                found = [m for m in found if (m.start, m.end) not in targets]
            fillers[role] = tuple(Span(m.start, m.end, m.text) for m in found)
            scores |= {(m.start, m.end): m.score for m in found}
        scores[frame.trigger.start, frame.trigger.end] = frame.trigger.score
        named = Span(frame.trigger.start, frame.trigger.end, frame.trigger.text)
        events.append(Event(frame.type, named, **fillers))
    doc = Document(identity, prediction.text, title, tuple(events), dict(meta or {}))
    lost["spans of no event"] += sum((s.start, s.end) not in scores for s in prediction.spans)
    return doc, scores
