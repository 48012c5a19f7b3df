"""Predictions as flat rows, one an event or one a mention, and as a pandas data frame of these.

Rows are plain dicts, so whoever writes them to a file or a database needs no pandas. Leaves out texts: a row names its
document and the offsets in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import count as numbers
from typing import TYPE_CHECKING, Any

from ..data.schema import ROLES, TRIGGER
from .frames import EventFrame, Prediction

if TYPE_CHECKING:
    import pandas

#: Between names in one cell. Arabic news writes "؛" and "،", so this is none of theirs.
BETWEEN = "; "
_KINDS = ("killed", "wounded", "taken", "destroyed")
#: Columns and their pandas types: nullable, so that what was not told is missing and never nought.
EVENT_COLUMNS = {
    "document": "string",
    "event": "Int64",
    "type": "string",
    "score": "Float64",
    "trigger": "string",
    **dict.fromkeys(ROLES, "string"),
    **dict.fromkeys(_KINDS, "Int64"),
    "start": "Int64",
    "end": "Int64",
    "sentences": "string",
}
MENTION_COLUMNS = {
    "document": "string",
    "event": "Int64",
    "type": "string",
    "role": "string",
    "start": "Int64",
    "end": "Int64",
    "text": "string",
    "name": "string",
    "score": "Float64",
    "value": "Int64",
    "min": "Int64",
    "max": "Int64",
    "approximate": "boolean",
    "kind": "string",
}


def told_number(frame: EventFrame, kind: str) -> int | None:
    """How many of ``kind`` (killed, wounded, taken, destroyed) the event says. None where it says none, or several
    different numbers: they may be parts of one whole or two accounts, and no sum or choice of ours is in the text."""
    told = {m.value for m in frame.count if m.kind == kind}
    return next(iter(told)) if len(told) == 1 else None


def names(frame: EventFrame, role: str) -> str:
    """The distinct names that fill ``role``, in text order, with `BETWEEN` between them."""
    return BETWEEN.join(dict.fromkeys(m.name for m in getattr(frame, role)))


def event_rows(prediction: Prediction, document: str) -> Iterator[dict[str, Any]]:
    """A row for each event, with the keys of `EVENT_COLUMNS`; ``start`` and ``end`` are the edges of its mentions."""
    for number, frame in enumerate(prediction.frames, 1):
        spots = [(m.start, m.end) for _, m in _mentions(frame)]
        yield {
            "document": document,
            "event": number,
            "type": frame.type,
            "score": frame.score,
            "trigger": frame.trigger.text if frame.trigger else None,
            **{role: names(frame, role) or None for role in ROLES},
            **{kind: told_number(frame, kind) for kind in _KINDS},
            "start": min(start for start, _ in spots),
            "end": max(end for _, end in spots),
            "sentences": " ".join(prediction.text[a:b] for a, b in frame.sentences),
        }


def mention_rows(prediction: Prediction, document: str) -> Iterator[dict[str, Any]]:
    """A row for each mention of each event, the trigger first, with the keys of `MENTION_COLUMNS`; then one for each
    span that no event holds, whose ``event`` is None."""
    held = set()
    for number, frame in enumerate(prediction.frames, 1):
        for role, mention in _mentions(frame):
            held.add((mention.start, mention.end, role))
            row = {"document": document, "event": number, "type": frame.type, "role": role, **mention.to_dict()}
            yield {**dict.fromkeys(MENTION_COLUMNS), **row}
    for span in prediction.spans:
        if (span.start, span.end, span.role) not in held:
            yield {**dict.fromkeys(MENTION_COLUMNS), "document": document, **span.to_dict()}


def _mentions(frame: EventFrame) -> Iterator[tuple[str, Any]]:
    if frame.trigger:
        yield TRIGGER, frame.trigger
    for role in ROLES:
        for mention in getattr(frame, role):
            yield role, mention


def to_dataframe(
    predictions: Prediction | Iterable[Prediction], *, ids: Iterable[object] | None = None, mentions: bool = False
) -> pandas.DataFrame:
    """A row for each event of ``predictions``, or with ``mentions`` for each mention. A report without an event has
    none.

    ``ids`` names the reports, one each (else they are numbered from 0). Columns keep their names and types however
    few rows there are: `EVENT_COLUMNS`, `MENTION_COLUMNS`. Raises `ValueError` where ids and predictions differ in
    number, `ModuleNotFoundError` without pandas.
    """
    try:
        import pandas
    except ModuleNotFoundError:
        raise ModuleNotFoundError("to_dataframe needs pandas: pip install 'adwar[tables]'", name="pandas") from None
    listed = [predictions] if isinstance(predictions, Prediction) else predictions
    rows_of, columns = (mention_rows, MENTION_COLUMNS) if mentions else (event_rows, EVENT_COLUMNS)
    rows: list[dict[str, Any]] = []
    for prediction, identity in zip(listed, numbers() if ids is None else _exactly(ids), strict=ids is not None):
        rows += rows_of(prediction, str(identity))
    return pandas.DataFrame(
        {name: pandas.array([row[name] for row in rows], dtype=kind) for name, kind in columns.items()}
    )


def _exactly(ids: Iterable[object]) -> Iterable[object]:
    if isinstance(ids, str):
        raise TypeError("ids takes one name a prediction, not one string")
    return ids


__all__ = ["event_rows", "mention_rows", "names", "to_dataframe", "told_number"]
