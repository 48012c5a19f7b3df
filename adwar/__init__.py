"""adwar (أدوار, "roles"): event frames from Arabic news, with the exact place of every answer in the text.

    import adwar
    prediction = adwar.predict("قتل ثلاثة مدنيين في غارة على بلدة ...")
    for frame in prediction.frames: ...

Heavy imports wait for the function that needs them, so that ``import adwar`` is quick.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .data.errors import DataError
    from .data.schema import Document, Event, Span
    from .model.labeler import Labeler
    from .model.loading import ModelError, load
    from .model.results import (
        Attribution,
        CountMention,
        Cue,
        DateMention,
        Entity,
        EventFrame,
        Figure,
        LocationMention,
        Mention,
        Place,
        Prediction,
        RoleSpan,
        Toll,
    )
    from .model.rows import to_dataframe

__version__ = "0.1.0"

_HOME = {
    "DataError": "data.errors",
    "Document": "data.schema",
    "Event": "data.schema",
    "Span": "data.schema",
    "Attribution": "model.results",
    "CountMention": "model.results",
    "Cue": "model.results",
    "DateMention": "model.results",
    "Entity": "model.results",
    "EventFrame": "model.results",
    "Figure": "model.results",
    "LocationMention": "model.results",
    "Mention": "model.results",
    "Place": "model.results",
    "Prediction": "model.results",
    "RoleSpan": "model.results",
    "Toll": "model.results",
    "Labeler": "model.labeler",
    "ModelError": "model.loading",
    "load": "model.loading",
    "to_dataframe": "model.rows",
}
__all__ = [
    "Attribution",
    "CountMention",
    "Cue",
    "DataError",
    "DateMention",
    "Document",
    "Entity",
    "Event",
    "EventFrame",
    "Figure",
    "Labeler",
    "LocationMention",
    "Mention",
    "ModelError",
    "Place",
    "Prediction",
    "RoleSpan",
    "Span",
    "Toll",
    "load",
    "predict",
    "to_dataframe",
]

_embedded: Any = None


def __getattr__(name: str) -> Any:
    if name in _HOME:
        from importlib import import_module

        return getattr(import_module(f"adwar.{_HOME[name]}"), name)
    raise AttributeError(f"module 'adwar' has no attribute {name!r}")


def predict(text: str, *, date: str | None = None) -> Prediction:
    """Spans and frames of one text with the embedded model, which is loaded at the first call and kept. ``date`` is the
    report's own (YYYY-MM-DD): "yesterday" and "5 September" are resolved against it."""
    global _embedded
    if _embedded is None:
        from .model.loading import load

        _embedded = load()
    return _embedded.predict(text, date=date)
