"""What is chosen on dev documents after training: boosts and thresholds by role, the temperature, the linker's
numbers, and the scales that make chances of scores.

One coordinate at a time over small grids, each changed only if the dev score rises by a little; the temperature and the
scales by likelihood. All are stored in the model folder with the scores before and after, so that a reader sees what
they gave; its checksums are the caller's to renew. Never run it on a set that is reported.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
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
from .checkpoint import write_json
from .scales import DEED, PARTS, frame_scale, span_scales

BOOSTS = (-0.6, -0.3, 0.0, 0.3, 0.6, 0.9, 1.2)
CUTS = (0.0, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6)
FRAME_CUTS = (0.0, 0.1, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5)
#: No higher: a deed left out merges two attacks into one, which is worse than the score shows.
SURE = (0.4, 0.5, 0.6)
REAL = (0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6)
SURE_OF_REPORT = (0.3, 0.35, 0.4, 0.45, 0.5, 0.55)
NEED = (0.2, 0.3, 0.5, 0.8)
LEAST = (0.0, 0.1, 0.2)
SHARES = (0.4, 0.5, 0.6, 0.7)
#: What a change has to gain.
GAIN = 2e-4
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
    # decoding is nearly the same at every temperature, but the cuts are on scores, so they come after it
    readings = [_scaled(r, temperature) for r in readings]
    for role in ROLES:
        _climb(labeler, "boosts", role, BOOSTS, spans_f1)
        _climb(labeler, "roles", role, CUTS, spans_f1)
    linker = labeler.linker
    if isinstance(linker, PairLinker):
        _best(linker, ("sure", "need"), product(SURE, NEED), frames_f1)
    elif isinstance(linker, ReportLinker):
        _best(linker, ("real",), product(REAL), spans_f1)
        _best(linker, ("sure",), product(SURE_OF_REPORT), frames_f1)
    if isinstance(linker, PairLinker | ReportLinker):
        _best(linker, ("shared",), product(SHARES), frames_f1)
        _best(linker, ("least",), product(LEAST), frames_f1)
    if isinstance(linker, ReportLinker):  # once more: which span may join which deed changes how many deeds pay
        _best(linker, ("sure",), product(SURE_OF_REPORT), frames_f1)
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
    if isinstance(linker, PairLinker | ReportLinker):
        linker.save(folder / LINKER_FILE)
    write_json(folder / SETTINGS_FILE, settings)
    return chosen


def _scaled(reading: Reading, temperature: float) -> Reading:
    scaled = reading.log_probs / temperature
    with np.errstate(invalid="ignore"):
        scaled = scaled - np.logaddexp.reduce(scaled, axis=1, keepdims=True)
    return replace(reading, log_probs=np.where(np.isnan(scaled), -np.inf, scaled))


def _best(linker: Any, names: Sequence[str], grid: Iterable[Sequence[float]], score: Callable[[], float]) -> None:
    """Set ``names`` of ``linker`` to the best of ``grid``; they stay as they are unless it gains at least `GAIN`."""
    top, best = score() + GAIN, [getattr(linker, name) for name in names]
    for values in grid:
        for name, value in zip(names, values, strict=True):
            setattr(linker, name, value)
        if (result := score()) > top:
            top, best = result, list(values)
    for name, value in zip(names, best, strict=True):
        setattr(linker, name, value)


def _climb(labeler: Labeler, what: str, key: str, grid: Sequence[float], score: Callable[[], float]) -> None:
    """Set ``thresholds.what[key]`` to the best of ``grid``; stay at 0 unless it gains at least `GAIN`."""

    def set_to(value: float) -> None:
        table = {**getattr(labeler.thresholds, what), key: value}
        labeler.thresholds = replace(labeler.thresholds, **{what: table})  # type: ignore[arg-type]

    set_to(0.0)
    base, best = score(), 0.0
    top = base + GAIN
    for value in grid:
        if value == 0.0:
            continue
        set_to(value)
        result = score()
        if result > top:
            top, best = result, value
    set_to(best)
