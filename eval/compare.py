"""Paired comparison of two sets of predictions on the same documents: is B better than A, and by how much?

The bootstrap draws documents with replacement, the *same* draw for both (Koehn 2004), and takes the difference of
F1 = 2·right / (predicted + gold), B minus A, each time. The 95% interval is the 2.5th to the 97.5th percentile. The
two-sided p-value is twice the smaller share of draws on one side of zero, draws at zero counting for both sides and
one draw added to each (Davison and Hinkley 1997), at most 1; so it agrees with the interval. *Ambiguities:* others
centre the distribution first (Efron and Tibshirani 1993), which differs where it is skewed; p-values of several
measures are not corrected for their number; and with few documents no bootstrap is to be trusted. A measure with
nothing predicted and nothing gold in a draw has F1 0 there for both.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ..data.schema import ROLES, Document
from .frames import score_document as frame_scores
from .intervals import macro_values, share
from .scores import Score
from .spans import score_document as span_scores

_KINDS = ("spans strict", "spans overlap", "fillers")
#: What is counted, and, with the macro averages that follow from it, what is compared.
COUNTED = (*(f"{kind} {role}" for kind in _KINDS for role in ("micro", *ROLES)), "events")
MEASURES = (*(f"{kind} {name}" for kind in _KINDS for name in ("micro", "macro", *ROLES)), "events")


def document_counts(docs: Sequence[Document], predictions: Sequence[Any]) -> np.ndarray:
    """Counts (documents, measures, 3): predicted, gold, right, for each of `COUNTED`."""
    rows = []
    for doc, prediction in zip(docs, predictions, strict=True):
        spans, frames = span_scores(doc, prediction.spans), frame_scores(doc, prediction.frames)
        scores: list[Score] = []
        for whole, by_role in (
            (spans.strict, spans.strict_by_role),
            (spans.overlap, spans.overlap_by_role),
            (frames.micro, frames.fillers),
        ):
            scores += [whole, *(by_role[role] for role in ROLES)]
        scores.append(frames.events)
        rows.append([[s.predicted, s.gold, s.right_gold] for s in scores])
    return np.array(rows, dtype=float).reshape(-1, len(COUNTED), 3)


def f1_of(counts: np.ndarray) -> np.ndarray:
    """F1 from counts (…, 3), shape (…); 0 where nothing is predicted and nothing gold."""
    return share(2 * counts[..., 2], counts[..., 0] + counts[..., 1])


def measures_of(counts: np.ndarray) -> np.ndarray:
    """F1 of each of `MEASURES` from counts (…, `COUNTED`, 3): the macro average of a kind follows its micro one."""
    f1, size = f1_of(counts), counts[..., 0] + counts[..., 1]
    columns = []
    for kind in _KINDS:
        first = COUNTED.index(f"{kind} micro")
        roles = slice(first + 1, first + 1 + len(ROLES))
        columns += [f1[..., first, None], macro_values(f1[..., roles], size[..., roles])[..., None], f1[..., roles]]
    return np.concatenate([*columns, f1[..., -1:]], axis=-1)


def paired_bootstrap(
    a: np.ndarray,
    b: np.ndarray,
    *,
    samples: int = 2000,
    seed: int = 0,
    of: Callable[[np.ndarray], np.ndarray] = f1_of,
) -> tuple[np.ndarray, np.ndarray]:
    """(intervals (values, 2), p-values (values,)) of what ``of`` makes of summed counts, ``b`` minus ``a``, both
    (documents, measures, 3); by default the F1 of every measure."""
    if a.shape != b.shape:
        raise ValueError(f"the two sets of counts differ in shape: {a.shape} and {b.shape}")
    documents, measures = a.shape[:2]
    if not documents:
        values = of(a.sum(0)).shape[-1]
        return np.zeros((values, 2)), np.ones(values)
    rng = np.random.default_rng(seed)
    picks = rng.multinomial(documents, np.full(documents, 1 / documents), samples).astype(float)
    drawn = [of((picks @ counts.reshape(documents, -1)).reshape(samples, measures, 3)) for counts in (a, b)]
    gain = drawn[1] - drawn[0]
    below, above = ((side.sum(0) + 1) / (samples + 1) for side in (gain <= 0, gain >= 0))
    return np.percentile(gain, [2.5, 97.5], axis=0).T, np.minimum(1.0, 2 * np.minimum(below, above))


def compare(
    docs: Sequence[Document], a: Sequence[Any], b: Sequence[Any], *, samples: int = 2000, seed: int = 0
) -> dict[str, Any]:
    """JSON-ready: for each of `MEASURES` both F1, the difference (b minus a), its 95% interval and its p-value.

    ``a[i]`` and ``b[i]`` are predictions for ``docs[i]``, with ``spans`` and ``frames``.
    """
    counts = document_counts(docs, a), document_counts(docs, b)
    intervals, p_values = paired_bootstrap(*counts, samples=samples, seed=seed, of=measures_of)
    f1 = [measures_of(c.sum(0)) for c in counts]
    gold = {name: float(counts[0][:, i, 1].sum()) for i, name in enumerate(COUNTED)}
    measures = {
        name: {
            "a": float(f1[0][i]),
            "b": float(f1[1][i]),
            "difference": float(f1[1][i] - f1[0][i]),
            "interval": [float(edge) for edge in intervals[i]],
            "p": float(p_values[i]),
            "gold": gold[name.replace("macro", "micro")],
        }
        for i, name in enumerate(MEASURES)
    }
    return {"documents": len(docs), "samples": samples, "seed": seed, "measures": measures}


def comparison_table(report: dict[str, Any]) -> str:
    """Plain text, fixed width; a star marks an interval without zero."""
    head = f"{'F1':<26}{'A':>7}{'B':>7}{'B - A':>8}  {'95%':<17}{'p':>7}{'gold':>7}"
    lines = [f"{report['documents']} documents, {report['samples']} paired bootstrap samples", "", head]
    for name, row in report["measures"].items():
        low, high = row["interval"]
        star = " *" if low > 0 or high < 0 else ""
        spread = f"{low:+.3f} to {high:+.3f}"
        lines.append(
            f"  {name:<24}{row['a']:>7.3f}{row['b']:>7.3f}{row['difference']:>+8.3f}  {spread:<17}"
            f"{row['p']:>7.3f}{row['gold']:>7.0f}{star}"
        )
    return "\n".join(lines)
