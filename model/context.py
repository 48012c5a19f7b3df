"""What the whole report adds to its frames: entities, how it is known who attacked, dates, places, the figures to show.

One function, called once a text after its frames are built. Each part is its own module; this one only orders them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

from .attribution import attribute
from .date_choice import Choice, mark_statements
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
    choice = Choice(dates, spots)
    free = _free_behind(frames, spots)
    for frame in frames:
        killed, wounded = tolls(frame, tokens)
        told.append(
            replace(
                frame,
                attribution=attribute(text, tokens, frame, free(frame)),
                date=choice.of(frame, tokens),
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
    frames: Sequence[EventFrame], spots: Sequence[tuple[int, int]]
) -> Callable[[EventFrame], list[tuple[int, int]]]:
    """For a frame: the sentences behind a sentence of its own, up to the next one that any frame rests on."""
    taken = {spot for frame in frames for spot in frame.sentences}
    index = {spot: i for i, spot in enumerate(spots)}

    def behind(frame: EventFrame) -> list[tuple[int, int]]:
        free = []
        for at in sorted({index[spot] for spot in frame.sentences if spot in index}):
            while (at := at + 1) < len(spots) and spots[at] not in taken:
                free.append(spots[at])
        return free

    return behind
