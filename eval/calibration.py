"""Does a score mean what it says? Reliability bins and expected calibration error for each role, and for frames.

A predicted span is right if a gold span of its role has the same offsets, a frame if the best matching gives it an
event (`eval.frames`); a score is to be the probability of that.
Scores fall into bins of equal width over (0, 1], upper edge included. Expected calibration error (Naeini et al. 2015;
Guo et al. 2017) is the mean over spans of |share right in the span's bin - mean score in it|; the Brier score, the
mean of (score - right)², needs no bins. *What it cannot tell:* spans that were never predicted have no score, so a
model that finds little can be well calibrated. *Ambiguity:* bins of equal width, not of equal size; with ten bins and
few spans the error is biased upwards, so the count stands beside each bin; a draw of the bootstrap is biased once more,
so the interval tells the spread and may lie above the figure.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..data.schema import ROLES, Document
from .frames import aligned
from .intervals import resampled, spread

#: The name of the frames' row beside the roles'.
FRAMES = "frames"


def calibration(docs: Sequence[Document], predictions: Sequence[Any], *, bins: int = 10) -> dict[str, dict[str, Any]]:
    """For each role, ``all`` of them and ``frames``: `reliability` of the scores, and the 95% interval of the
    calibration error over documents (None where nothing was found). JSON-ready."""
    kinds = (*ROLES, FRAMES)
    cases: list[tuple[int, float, bool]] = []  # kind, score, right
    sums = np.zeros((len(docs), len(kinds), max(bins, 1), 3))  # by bin: spans, right ones, sum of scores
    for row, doc, prediction in zip(sums, docs, predictions, strict=True):
        found = _cases(doc, prediction)
        cases += found
        for kind, score, hit in found:
            row[kind, _bin(np.array(score), bins)] += (1, hit, score)
    drawn = resampled(sums)
    result = {}
    for name, held in {**{kind: {n} for n, kind in enumerate(kinds)}, "all": set(range(len(ROLES)))}.items():
        scores = [score for kind, score, _ in cases if kind in held]
        right = [hit for kind, _, hit in cases if kind in held]
        one = reliability(np.array(scores), np.array(right, dtype=bool), bins)
        errors = spread(_errors(drawn[:, sorted(held)].sum(1))) if scores else None
        result[name] = one | {"expected_calibration_error_interval": errors}
    return {name: result[name] for name in (*ROLES, "all", FRAMES)}


def _cases(doc: Document, prediction: Any) -> list[tuple[int, float, bool]]:
    """(index among the roles, or behind them for a frame; score; whether it is right) of all that was found. Frames
    without a score (gold ones) are left out."""
    gold = {(role, s.start, s.end) for role, s in doc.role_spans()}
    spans = {(s.role, s.start, s.end): s.score for s in prediction.spans}
    paired = {frame for frame, _ in aligned(doc, prediction.frames)}
    frames = [(getattr(frame, "score", None), number in paired) for number, frame in enumerate(prediction.frames)]
    found = [(ROLES.index(key[0]), float(score), key in gold) for key, score in spans.items()]
    return found + [(len(ROLES), float(score), hit) for score, hit in frames if score is not None]


def _bin(scores: np.ndarray, bins: int) -> np.ndarray:
    return np.clip(np.ceil(scores * bins).astype(int) - 1, 0, bins - 1)


def _errors(sums: np.ndarray) -> np.ndarray:
    """Expected calibration error of each draw (samples, bins, 3); no number where a draw has no span."""
    spans = sums[..., 0].sum(-1)
    apart = np.abs(sums[..., 1] - sums[..., 2]).sum(-1)
    return np.divide(apart, spans, out=np.full(spans.shape, np.nan), where=spans > 0)


def reliability(scores: np.ndarray, right: np.ndarray, bins: int = 10) -> dict[str, Any]:
    """Bins and errors of ``scores`` (n,) in [0, 1] against ``right`` (n,), bool. Empty bins are listed with count 0
    and None; with no score at all the errors are None too."""
    if bins < 1:
        raise ValueError(f"bins must be 1 or more, found {bins}")
    if scores.size and not (scores.min() >= 0 and scores.max() <= 1):
        raise ValueError("scores must lie between 0 and 1")
    index = _bin(scores, bins)
    rows: list[dict[str, Any]] = []
    error = 0.0
    for number in range(bins):
        inside = index == number
        count = int(inside.sum())
        mean = float(scores[inside].mean()) if count else None
        share = float(right[inside].mean()) if count else None
        if mean is not None and share is not None:
            error += count / scores.size * abs(share - mean)
        rows.append({"low": number / bins, "high": (number + 1) / bins, "count": count, "score": mean, "right": share})
    have = scores.size > 0
    return {
        "spans": int(scores.size),
        "score": float(scores.mean()) if have else None,
        "right": float(right.mean()) if have else None,
        "expected_calibration_error": float(error) if have else None,
        "brier": float(np.mean((scores - right) ** 2)) if have else None,
        "bins": rows,
    }


def calibration_table(report: dict[str, dict[str, Any]]) -> str:
    """Plain text: a row a role, one for frames, then the bins of all roles together."""
    lines = [f"{'calibration':<22}{'found':>7}{'score':>8}{'right':>8}{'Brier':>8}{'ECE':>8}  95%"]
    for role, one in report.items():
        figures = (one[k] for k in ("score", "right", "brier", "expected_calibration_error"))
        low, high = one["expected_calibration_error_interval"] or (None, None)
        spread_text = "" if low is None else f"  {low:.3f}–{high:.3f}"
        lines.append(f"  {role:<20}{one['spans']:>7}" + "".join(_figure(f) for f in figures) + spread_text)
    lines += ["", f"{'score, all roles':<22}{'spans':>7}{'score':>8}{'right':>8}"]
    for row in report["all"]["bins"]:
        name = f"{row['low']:.2f} to {row['high']:.2f}"
        lines.append(f"  {name:<20}{row['count']:>7}{_figure(row['score'])}{_figure(row['right'])}")
    return "\n".join(lines)


def _figure(value: float | None) -> str:
    return f"{'':>8}" if value is None else f"{value:>8.3f}"
