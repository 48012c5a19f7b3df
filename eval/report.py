"""The evaluation of a set of predictions as one JSON-ready dictionary (the truth) and as a table for a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..data.schema import ROLES, Document
from .frames import score_document as frame_scores
from .frames import score_frames
from .intervals import f1_interval
from .scores import Score
from .spans import score_document as span_scores
from .spans import score_spans


def evaluate(docs: Sequence[Document], predictions: Sequence[Any]) -> dict[str, Any]:
    """Span and frame scores with 95% intervals. A prediction needs ``spans`` and ``frames``."""
    spans = [p.spans for p in predictions]
    frames = [p.frames for p in predictions]
    by_doc = [span_scores(d, s) for d, s in zip(docs, spans, strict=True)]
    framed = [frame_scores(d, f) for d, f in zip(docs, frames, strict=True)]
    whole = score_spans(docs, spans).to_dict()
    for kind in ("strict", "overlap"):
        for role in (*ROLES, "micro"):
            parts = [getattr(s, kind) if role == "micro" else getattr(s, f"{kind}_by_role")[role] for s in by_doc]
            whole[kind][role]["interval"] = _interval(parts)
    result = score_frames(docs, frames).to_dict()
    for role in ROLES:
        result["role_fillers"][role]["interval"] = _interval([f.fillers[role] for f in framed])
    result["role_fillers"]["micro"]["interval"] = _interval([f.micro for f in framed])
    result["events"]["interval"] = _interval([f.events for f in framed])
    silent = [f for d, f in zip(docs, frames, strict=True) if not d.events]
    return {
        "documents": len(docs),
        "gold events": sum(len(d.events) for d in docs),
        "spans": whole,
        "frames": result,
        "reports with no event": len(silent),
        "of these with a frame": sum(bool(f) for f in silent),
    }


def _interval(parts: Sequence[Score]) -> list[float]:
    counts = np.array([[s.predicted, s.gold, s.right_gold] for s in parts], dtype=float).reshape(-1, 3)
    return list(f1_interval(counts))


def table(report: dict[str, Any]) -> str:
    """Plain text, fixed width."""
    lines = [f"{report['documents']} documents, {report['gold events']} gold events", ""]
    for kind, title in (("strict", "spans, exact"), ("overlap", "spans, overlapping")):
        lines.append(f"{title:<22}{'P':>7}{'R':>7}{'F1':>7}  {'95%':<14}{'gold':>6}{'found':>7}{'right':>7}")
        for role in (*ROLES, "micro"):
            lines.append(_row(role, report["spans"][kind][role]))
        lines.append("")
    frames = report["frames"]
    lines.append(f"{'frames: fillers':<22}{'P':>7}{'R':>7}{'F1':>7}  {'95%':<14}{'gold':>6}{'found':>7}{'right':>7}")
    for role in (*ROLES, "micro"):
        lines.append(_row(role, frames["role_fillers"][role]))
    lines.append(_row("events found", frames["events"]))
    lines.append(
        f"type of found events: accuracy {frames['type_accuracy']:.3f}, macro F1 {frames['type_macro_f1']:.3f}"
    )
    lines.append(
        f"reports with no event: {report['reports with no event']}, with a frame: {report['of these with a frame']}"
    )
    return "\n".join(lines)


def _row(name: str, s: dict[str, Any]) -> str:
    interval = f"{s['interval'][0]:.3f}–{s['interval'][1]:.3f}" if "interval" in s else ""
    return (
        f"  {name:<20}{s['precision']:>7.3f}{s['recall']:>7.3f}{s['f1']:>7.3f}  {interval:<14}"
        f"{s['gold']:>6.0f}{s['predicted']:>7.0f}{s['right']:>7.0f}"
    )
