"""Fitting, on dev documents, the scales that make scores mean what they say (`model.certainty`)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..data.schema import ROLES, Document
from ..eval.frames import aligned
from ..model.certainty import Scale, log_odds
from ..model.labeler import FRAME

#: Fewer cases than this, or none of either kind, tell no scale: raw scores stay.
LEAST_CASES = 30
#: Weight of the squared distance from the raw score (base 0, own 1, other 0): it matters where cases are few.
PULL = 1.0


def fit_scale(own: Sequence[float], other: Sequence[float], right: Sequence[bool]) -> Scale | None:
    """The logistic regression of ``right`` on the log-odds of two chances, by maximum likelihood with a weak pull
    towards "the first chance as it is". None if there is too little to learn from."""
    from scipy.optimize import minimize

    if len(right) < LEAST_CASES or len(set(right)) < 2:
        return None
    table = np.array([[1.0, log_odds(a), log_odds(b)] for a, b in zip(own, other, strict=True)])
    signs = np.where(np.array(right), 1.0, -1.0)
    start = np.array([0.0, 1.0, 0.0])

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        margins = signs * (table @ weights)
        slope = -(signs / (1 + np.exp(np.clip(margins, -60, 60)))) @ table
        value = np.logaddexp(0, -margins).sum() + PULL / 2 * ((weights - start) ** 2).sum()
        return float(value), slope + PULL * (weights - start)

    found = minimize(loss, start, jac=True, method="L-BFGS-B")
    return Scale(*(round(float(number), 4) for number in found.x))


def span_scales(docs: Sequence[Document], sifted: Sequence[dict[Any, float]]) -> dict[str, Scale]:
    """By role; ``sifted[i]`` maps each span kept in ``docs[i]`` (raw score) to the linker's chance that it is real. A
    span is right if gold has one of its role at the same offsets."""
    cases: dict[str, list[tuple[float, float, bool]]] = {role: [] for role in ROLES}
    for doc, spans in zip(docs, sifted, strict=True):
        gold = {(role, s.start, s.end) for role, s in doc.role_spans()}
        for span, real in spans.items():
            cases[span.role].append((span.score, real, (span.role, span.start, span.end) in gold))
    return _fitted(cases)


#: Scales of a frame that show one of its two chances alone.
DEED, PARTS = Scale(0.0, 1.0), Scale(0.0, 0.0, 1.0)


def frame_scale(
    docs: Sequence[Document], deeds: Sequence[Sequence[Any]], parts: Sequence[Sequence[Any]]
) -> dict[str, Scale]:
    """Under `FRAME`, from the same frames scored by `DEED` and by `PARTS`. A frame is right if the best matching gives
    it an event."""
    cases: list[tuple[float, float, bool]] = []
    for doc, frames, same in zip(docs, deeds, parts, strict=True):
        right = {index for index, _ in aligned(doc, frames)}
        scored = zip(frames, same, strict=True)
        cases += [(deed.score, part.score, index in right) for index, (deed, part) in enumerate(scored)]
    return _fitted({FRAME: cases})


def _fitted(cases: dict[str, list[tuple[float, float, bool]]]) -> dict[str, Scale]:
    scales = {}
    for kind, rows in cases.items():
        if rows and (scale := fit_scale(*zip(*rows, strict=True))):
            scales[kind] = scale
    return scales
