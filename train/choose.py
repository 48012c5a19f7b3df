"""What is chosen on dev documents after training: boosts and thresholds by role, the temperature, the linker's
numbers, and the scales that make chances of scores.

One coordinate at a time over small grids, each kept only if the dev score rises; all are stored in the model folder
with the scores before and after, so that a reader sees what they gave. Never run it on a set that is reported.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np

from ..data.schema import ROLES, Document
from ..eval.frames import score_frames
from ..eval.spans import score_spans
from ..model.certainty import Scale
from ..model.labeler import FRAME, Labeler, Reading, Thresholds
from ..model.labels import gold_labels
from ..model.loading import SETTINGS_FILE, load
from ..model.pair_linker import FILE as LINKER_FILE
from ..model.pair_linker import PairLinker
from ..model.report_linker import ReportLinker
from .scales import DEED, PARTS, frame_scale, span_scales

BOOSTS = (-0.6, -0.3, 0.0, 0.3, 0.6, 0.9, 1.2)
CUTS = (0.0, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6)
FRAME_CUTS = (0.0, 0.1, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5)
#: No higher: a deed left out merges two attacks into one, which is worse than the score shows.
SURE = (0.4, 0.5, 0.6)
REAL = (0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6)
SURE_OF_REPORT = (0.4, 0.45, 0.5, 0.55)
NEED = (0.2, 0.3, 0.5, 0.8)
LEAST = (0.0, 0.1, 0.2)
SHARES = (0.4, 0.5, 0.6, 0.7)
TEMPERATURES = (0.8, 0.9, 1.0, 1.1, 1.2, 1.35, 1.5, 1.7, 2.0)


def best_temperature(readings: Sequence[Reading], docs: Sequence[Document]) -> float:
    """The temperature with the least negative log-likelihood of the gold labels."""
    rows, gold = [], []
    for reading, doc in zip(readings, docs, strict=True):
        have = np.isfinite(reading.log_probs).all(axis=1)
        rows.append(reading.log_probs[have])
        gold.append(np.array(gold_labels(doc, reading.encoded.words))[have])
    scores, labels = np.concatenate(rows), np.concatenate(gold)

    def loss(temperature: float) -> float:
        scaled = scores / temperature
        scaled = scaled - np.logaddexp.reduce(scaled, axis=1, keepdims=True)
        return -float(scaled[np.arange(len(labels)), labels].mean())

    return min(TEMPERATURES, key=loss)


def predictions(labeler: Labeler, readings: Sequence[Reading]) -> list[Any]:
    return [labeler.frames_of(reading) for reading in readings]


def choose(folder: str | Path, docs: Sequence[Document]) -> dict[str, Any]:
    """Choose on ``docs`` for the model in ``folder``, write it there, and return what was chosen and what it gave."""
    folder = Path(folder)
    labeler = load(folder)
    labeler.thresholds = Thresholds({})
    readings = labeler.read([d.text for d in docs])

    def spans_f1() -> float:
        return score_spans(docs, [p.spans for p in predictions(labeler, readings)]).strict.f1

    def frames_f1() -> float:
        scored = score_frames(docs, [p.frames for p in predictions(labeler, readings)])
        return scored.micro.f1 + scored.events.f1

    before = {"span f1": spans_f1(), "frames": frames_f1()}
    temperature = best_temperature(readings, docs)
    # decoding is the same at every temperature; only the scores that users see change, so the cuts come after it
    readings = [_scaled(r, temperature) for r in readings]
    for role in ROLES:
        _climb(labeler, "boosts", role, BOOSTS, spans_f1)
        _climb(labeler, "roles", role, CUTS, spans_f1)
    linker = labeler.linker
    if isinstance(linker, PairLinker | ReportLinker):
        results: dict[Any, float] = {}
        if isinstance(linker, PairLinker):
            for linker.sure, linker.need in product(SURE, NEED):
                results[linker.sure, linker.need] = frames_f1()
            linker.sure, linker.need = max(results, key=lambda p: results[p])
        else:
            for linker.real in REAL:
                results[linker.real] = spans_f1()
            linker.real, results = max(results, key=lambda p: results[p]), {}
            for linker.sure in SURE_OF_REPORT:
                results[linker.sure] = frames_f1()
            linker.sure = max(results, key=lambda p: results[p])
        for name, grid in (("shared", SHARES), ("least", LEAST)):
            results = {}
            for value in grid:
                setattr(linker, name, value)
                results[value] = frames_f1()
            setattr(linker, name, max(results, key=lambda v: results[v]))
        linker.save(folder / LINKER_FILE)
    # what is found stands now, but for whole frames
    scales = span_scales(docs, [labeler.linked(reading)[2] for reading in readings])

    def frames_by(scale: Scale) -> list[Any]:
        labeler.thresholds = replace(labeler.thresholds, scales=scales | {FRAME: scale})
        return [p.frames for p in predictions(labeler, readings)]

    scales |= frame_scale(docs, frames_by(DEED), frames_by(PARTS))
    labeler.thresholds = replace(labeler.thresholds, scales=scales)
    _climb(labeler, "roles", FRAME, FRAME_CUTS, frames_f1)
    chosen = {
        "thresholds": labeler.thresholds.roles,
        "temperature": temperature,
        "boosts": labeler.thresholds.boosts,
        "scales": {kind: scale.numbers() for kind, scale in scales.items()},
        "documents": len(docs),
        "before": before,
        "after": {"span f1": spans_f1(), "frames": frames_f1()},
    }
    settings = json.loads((folder / SETTINGS_FILE).read_text(encoding="utf-8"))
    settings["chosen"] = chosen
    (folder / SETTINGS_FILE).write_text(json.dumps(settings, ensure_ascii=False, indent=1), encoding="utf-8")
    return chosen


def _scaled(reading: Reading, temperature: float) -> Reading:
    scaled = reading.log_probs / temperature
    with np.errstate(invalid="ignore"):
        scaled = scaled - np.logaddexp.reduce(scaled, axis=1, keepdims=True)
    return replace(reading, log_probs=np.where(np.isnan(scaled), -np.inf, scaled))


def _climb(
    labeler: Labeler, what: str, key: str, grid: Sequence[float], score: Callable[[], float], least: float = 2e-4
) -> None:
    """Set ``thresholds.what[key]`` to the best of ``grid``; stay at 0 unless it gains at least ``least``."""

    def set_to(value: float) -> None:
        table = {**getattr(labeler.thresholds, what), key: value}
        labeler.thresholds = replace(labeler.thresholds, **{what: table})  # type: ignore[arg-type]

    set_to(0.0)
    base, best = score(), 0.0
    top = base + least
    for value in grid:
        if value == 0.0:
            continue
        set_to(value)
        result = score()
        if result > top:
            top, best = result, value
    set_to(best)
