"""What the whole report adds to its frames: entities, how it is known who attacked, dates, places, the figures to show.

One function, called once a text after its frames are built. Each part is its own module; this one only orders them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from .attribution import attribute
from .date_choice import choose, mark_statements
from .dates import find_dates
from .entities import entities_of
from .folded import tokenize
from .gazetteer import Gazetteer
from .places import resolve_places
from .results import EventFrame, Prediction
from .sentences import sentences
from .tolls import tolls


def read_in_context(
    prediction: Prediction, *, reported: date | None = None, gazetteer: Gazetteer | None = None
) -> Prediction:
    """``prediction`` with its entities and dates, and its frames with theirs. ``reported``: the report's own date;
    ``gazetteer``: where places are looked up (None: they stay unresolved)."""
    text = prediction.text
    spots, tokens = sentences(text), tokenize(text)
    entities, frames = entities_of(prediction.frames)
    if gazetteer is not None:
        frames, entities = resolve_places(frames, entities, gazetteer)
    triggers = [frame.trigger.start for frame in frames if frame.trigger]
    dates = mark_statements(find_dates(text, reported), tokens, spots, triggers)
    told = []
    for frame in frames:
        killed, wounded = tolls(frame, tokens)
        told.append(
            replace(
                frame,
                attribution=attribute(text, tokens, frame, _free_behind(frame, frames, spots)),
                date=choose(dates, frame, tokens, spots),
                killed=killed,
                wounded=wounded,
            )
        )
    return replace(
        prediction,
        frames=tuple(told),
        entities=entities,
        dates=tuple(mention for mention, _ in dates),
        date=reported.isoformat() if reported else None,
    )


def _free_behind(
    frame: EventFrame, frames: Sequence[EventFrame], spots: Sequence[tuple[int, int]]
) -> list[tuple[int, int]]:
    """The sentences behind a sentence of ``frame``, up to the next one that any frame rests on."""
    taken = {spot for other in frames for spot in other.sentences}
    own, free, behind = set(frame.sentences), [], False
    for spot in spots:
        behind = spot in own or (behind and spot not in taken)
        if behind and spot not in taken:
            free.append(spot)
    return free
