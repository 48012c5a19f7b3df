"""The texts of an evaluation with gold and prediction, as JSON: what a report needs to show them side by side.

Offsets are code points of ``text``. Errors are those of `eval.errors`, in text order; ``pairs`` say which frame was
held against which event (`eval.frames`). What it leaves out: names and numbers read off mentions.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..data.schema import ROLES, Document
from .errors import document_errors
from .frames import aligned


def text_records(docs: Sequence[Document], predictions: Sequence[Any]) -> list[dict[str, Any]]:
    """One record a document; ``predictions[i]`` (with ``spans`` and ``frames``) belongs to ``docs[i]``."""
    return [text_record(doc, prediction) for doc, prediction in zip(docs, predictions, strict=True)]


def text_record(doc: Document, prediction: Any) -> dict[str, Any]:
    errors, right = document_errors(doc, prediction.spans)
    predicted = {(s.role, s.start, s.end): getattr(s, "score", None) for s in prediction.spans}
    return {
        "id": doc.id,
        "title": doc.title,
        "text": doc.text,
        "gold": [{"role": role, "start": s.start, "end": s.end} for role, s in doc.role_spans()],
        "predicted": [
            {"role": role, "start": start, "end": end, "score": None if score is None else float(score)}
            for (role, start, end), score in sorted(predicted.items(), key=lambda item: item[0][1:])
        ],
        "events": [_frame(event) for event in doc.events],
        "frames": [_frame(frame) for frame in prediction.frames],
        "pairs": [list(pair) for pair in aligned(doc, prediction.frames)],
        "right": len(right),
        "errors": [_without_words(error.to_dict(doc.text)) for error in errors],
    }


def _frame(frame: Any) -> dict[str, Any]:
    trigger = [frame.trigger.start, frame.trigger.end] if frame.trigger else None
    return {
        "type": frame.type,
        "trigger": trigger,
        **{role: [[m.start, m.end] for m in getattr(frame, role)] for role in ROLES},
    }


def _without_words(error: dict[str, Any]) -> dict[str, Any]:
    """An error whose words are in the text beside it: offsets are enough."""

    def spot(span: dict[str, Any] | None) -> dict[str, Any] | None:
        return {k: v for k, v in span.items() if k != "text"} if span else None

    kept = {k: error[k] for k in ("kind", "score", "boundary")}
    return {**kept, **{k: spot(error[k]) for k in ("gold", "predicted", "sentence")}}
