"""The evaluation of a set of predictions as one JSON-ready dictionary (the truth) and as a table for a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..data.schema import ROLES, Document
from .frames import score_document as score_frames
from .frames import summed as sum_of_frames
from .frames import type_intervals
from .intervals import add_intervals
from .spans import score_document as score_spans
from .spans import summed as sum_of_spans


def evaluate(docs: Sequence[Document], predictions: Sequence[Any]) -> dict[str, Any]:
    """Span and frame scores with 95% intervals. A prediction needs ``spans`` and ``frames``."""
    spans = [p.spans for p in predictions]
    frames = [p.frames for p in predictions]
    by_doc = [score_spans(d, s) for d, s in zip(docs, spans, strict=True)]
    framed = [score_frames(d, f) for d, f in zip(docs, frames, strict=True)]
    whole = sum_of_spans(by_doc).to_dict()
    add_intervals(whole["strict"], [s.strict_by_role for s in by_doc])
    add_intervals(whole["overlap"], [s.overlap_by_role for s in by_doc])
    result = sum_of_frames(framed).to_dict() | type_intervals(framed)
    add_intervals(result["role_fillers"], [f.fillers for f in framed])
    add_intervals(result["role_fillers_exact"], [f.exact for f in framed])
    add_intervals({"events": result["events"]}, [{"events": f.events} for f in framed])
    silent = [f for d, f in zip(docs, frames, strict=True) if not d.events]
    return {
        "documents": len(docs),
        "gold events": sum(len(d.events) for d in docs),
        "spans": whole,
        "frames": result,
        "reports with no event": len(silent),
        "of these with a frame": sum(bool(f) for f in silent),
    }


def table(report: dict[str, Any]) -> str:
    """Plain text, fixed width."""
    lines = [f"{report['documents']} documents, {report['gold events']} gold events", ""]
    for kind, title in (("strict", "spans, exact"), ("overlap", "spans, overlapping")):
        lines.append(f"{title:<22}{'P':>7}{'R':>7}{'F1':>7}  {'95%':<14}{'gold':>6}{'found':>7}{'right':>7}")
        for role in (*ROLES, "micro", "macro"):
            lines.append(_row(role, report["spans"][kind][role]))
        lines.append("")
    frames = report["frames"]
    lines.append(f"{'frames: fillers':<22}{'P':>7}{'R':>7}{'F1':>7}  {'95%':<14}{'gold':>6}{'found':>7}{'right':>7}")
    for role in (*ROLES, "micro", "macro"):
        lines.append(_row(role, frames["role_fillers"][role]))
    lines.append(_row("micro, exact", frames["role_fillers_exact"]["micro"]))
    lines.append(_row("events found", frames["events"]))
    lines.append(
        f"type of found events: accuracy {frames['type_accuracy']:.3f} ({_spread(frames['type_accuracy_interval'])}), "
        f"macro F1 {frames['type_macro_f1']:.3f} ({_spread(frames['type_macro_f1_interval'])})"
    )
    lines.append(
        f"reports with no event: {report['reports with no event']}, with a frame: {report['of these with a frame']}"
    )
    return "\n".join(lines)


def _row(name: str, s: dict[str, Any]) -> str:
    interval = _spread(s["interval"]) if "interval" in s else ""
    counts = f"{s['gold']:>6.0f}{s['predicted']:>7.0f}{s['right']:>7.0f}" if "gold" in s else ""
    figures = f"{s['precision']:>7.3f}{s['recall']:>7.3f}{s['f1']:>7.3f}"
    return f"  {name:<20}{figures}  {interval:<14}{counts}".rstrip()


def _spread(interval: Sequence[float]) -> str:
    return f"{interval[0]:.3f}–{interval[1]:.3f}"
