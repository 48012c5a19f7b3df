"""Training the gate that bulk extraction uses, from the command line.

    python -m adwar.train.gate --real FOLDER --raw FOLDER --silver FILE [-o model/embedded/gate.npz]

``--real`` holds train.jsonl, dev.jsonl and dev2.jsonl, ``--raw`` the raw text that data/standoff and the sample are
taken from; ``--silver`` is what the embedded model read in the sample (made if it is not there). The threshold is the
highest at which reports with ``--keep`` of the gold spans pass, on the two dev sets and, each fourth left out of
training in turn, on the training sets; dev2, our test split and a fourth of the raw sample are only reported. The
figures go beside the weights as JSON.
"""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np

from ..data.jsonl import read_jsonl
from ..data.splits import CORPUS
from ..data.standoff import read_standoff
from ..scale.gate import WINDOW, Gate
from .gate_data import Example, annotated, read_sample, sample, silver
from .gate_fit import FitConfig, Windows, cut_windows, fit

STANDOFF = Path(__file__).resolve().parent.parent / "data" / "standoff" / "news.jsonl"
FOLDS = 4


def known_reports() -> set[tuple[str, int]]:
    """(collection, number) of the raw reports that are annotated, which the sample leaves out."""
    records = (json.loads(line) for line in STANDOFF.read_text(encoding="utf-8").splitlines() if line.strip())
    return {(record["source"], record["number"]) for record in records}


def threshold(scores: np.ndarray, spans: np.ndarray, keep: float) -> float:
    """The highest score at which the reports that pass hold at least ``keep`` of all ``spans``."""
    order = np.argsort(scores)
    lost = np.cumsum(spans[order]) / spans.sum()
    return float(scores[order][np.searchsorted(lost, 1 - keep, side="right")])


def out_of_fold(held: Windows, gold: Sequence[Example], config: FitConfig) -> np.ndarray:
    """The score of each of ``gold`` (the first examples of ``held``) by a gate that did not learn from it."""
    scores = np.zeros(len(gold))
    for fold in range(FOLDS):
        out = (held.example < len(gold)) & (held.example % FOLDS == fold)
        gate = fit(replace(held, label=np.where(out, -1, held.label)), config)
        scores[fold::FOLDS] = gate.scores(one.text for one in gold[fold::FOLDS])
        print(f"fold {fold + 1} of {FOLDS}", flush=True)
    return scores


def figures(scores: np.ndarray, examples: Sequence[Example], least: float) -> dict[str, Any]:
    """What passes at ``least``: of gold spans, of reports with attacks, of quiet ones."""
    spans = np.array([e.spans for e in examples])
    attack = np.array([e.attack is True for e in examples])
    passed = scores >= least
    return {
        "reports with attacks": int(attack.sum()),
        "quiet reports": int((~attack).sum()),
        "spans": int(spans.sum()),
        "share of spans that pass": round(float(spans[passed].sum() / max(1, spans.sum())), 5),
        "share of reports with attacks that pass": _share(passed[attack]),
        "share of quiet reports that pass": _share(passed[~attack]),
    }


def raw_figures(scores: np.ndarray, examples: Sequence[Example], least: float) -> dict[str, Any]:
    """What passes of raw news, judged by what the model finds in it without a gate."""
    passed = scores >= least
    best = np.array([max(e.frames, default=0.0) for e in examples])
    frames = np.array([(score, ok) for ok, e in zip(passed, examples, strict=True) for score in e.frames])
    scored, gone_through = (frames[:, 0], frames[:, 1]) if len(frames) else (np.zeros(0), np.zeros(0))
    kinds = {
        "reports": (passed, np.ones(len(examples), dtype=bool)),
        "reports without a frame": (passed, best == 0.0),
        "reports whose best frame has a score of 0.7 or more": (passed, best >= 0.7),
        "frames": (gone_through, scored > 0.0),
        "frames of a score of 0.5 or more": (gone_through, scored >= 0.5),
    }
    return {name: {"number": int(of.sum()), "share that pass": _share(ok[of])} for name, (ok, of) in kinds.items()}


def _share(passed: np.ndarray) -> float | None:
    return round(float(passed.mean()), 4) if len(passed) else None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--real", required=True, help="folder of real annotated reports")
    parser.add_argument("--raw", required=True, help="folder of raw text")
    parser.add_argument("--silver", required=True, help="what the model read in the sample; made if missing")
    parser.add_argument("-o", "--output", default="model/embedded/gate.npz")
    parser.add_argument("--keep", type=float, default=0.998)
    parser.add_argument("--bits", type=int, default=FitConfig().bits)
    parser.add_argument("--l2", type=float, default=FitConfig().l2)
    arguments = parser.parse_args()
    config = FitConfig(bits=arguments.bits, l2=arguments.l2)
    real = Path(arguments.real)
    told = list(read_standoff(STANDOFF, arguments.raw))
    picked = sample(arguments.raw, known_reports())
    if not Path(arguments.silver).exists():
        read_sample(picked, arguments.silver)
    raw = list(silver(picked, arguments.silver))
    held_out, learnt = raw[::4], [one for number, one in enumerate(raw) if number % 4]
    gold = annotated([*read_jsonl(CORPUS / "train.jsonl"), *read_jsonl(real / "train.jsonl", repair=True), *told])
    windows = cut_windows([*gold, *learnt], config.bits)
    print(f"{len(gold)} annotated, {len(learnt)} raw reports, {len(windows.label)} windows", flush=True)
    report = measure(windows, gold, held_out, real, config, arguments.keep)
    gate = report.pop("gate")
    report["raw reports learnt from"] = len(learnt)
    save(gate, report, Path(arguments.output))
    print(json.dumps(report, indent=1))


def measure(
    windows: Windows, gold: Sequence[Example], held_out: Sequence[Example], real: Path, config: FitConfig, keep: float
) -> dict[str, Any]:
    """Fit, choose the threshold, and say what passes; the gate itself under ``gate``."""
    gate = fit(windows, config)
    dev = annotated([*read_jsonl(real / "dev.jsonl", repair=True), *read_jsonl(CORPUS / "dev.jsonl")])
    folds = out_of_fold(windows, gold, config)
    chosen = {
        "dev": threshold(gate.scores(e.text for e in dev), np.array([e.spans for e in dev]), keep),
        "training, out of fold": threshold(folds, np.array([e.spans for e in gold]), keep),
    }
    gate = replace(gate, least=min(chosen.values()))
    sets = {
        "dev (real and ours), chosen on": dev,
        "dev2, reported only": annotated(read_jsonl(real / "dev2.jsonl", repair=True)),
        "our test split, reported only": annotated(read_jsonl(CORPUS / "test.jsonl")),
    }
    return {
        "gate": gate,
        "fit": asdict(config) | {"window": WINDOW},
        "keep": keep,
        "thresholds": {name: round(value, 4) for name, value in chosen.items()},
        "least": round(gate.least, 4),
        "sets": {
            "training, out of fold, chosen on": figures(folds, gold, gate.least),
            **{name: figures(gate.scores(e.text for e in s), s, gate.least) for name, s in sets.items()},
        },
        "raw news, held out": raw_figures(gate.scores(e.text for e in held_out), held_out, gate.least),
    }


def save(gate: Gate, report: dict[str, Any], file: Path) -> None:
    """Write the weights and, beside them, the figures (``.json``), each whole or not at all."""
    beside = file.with_name(file.stem + ".part.npz")
    gate.save(beside)
    os.replace(beside, file)
    report["bytes"] = file.stat().st_size
    note = file.with_suffix(".json")
    part = note.with_name(note.name + ".part")
    part.write_text(json.dumps(report, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    os.replace(part, note)


if __name__ == "__main__":
    main()
