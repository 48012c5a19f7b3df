"""One short fine-tuning run and its scores on dev, for the benchmarks that compare settings or data at equal steps."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from adwar.data.schema import Document
from adwar.eval.report import evaluate
from adwar.model.loading import load
from adwar.train.config import load_config
from adwar.train.finetune import train_one

COLUMNS = ("exact", "overlapping", "fillers", "attacks found")


def run(
    docs: Sequence[Document], dev: Sequence[Document], steps: int, seed: int, overrides: Sequence[str] = ()
) -> dict[str, Any]:
    """Train the ``embedded`` config with ``overrides`` on ``docs`` for ``steps`` and score the plain labeler (no
    thresholds chosen) on ``dev``."""
    quiet = ["training.eval_strategy='no'", "training.save_strategy='no'", "training.disable_tqdm=true"]
    with tempfile.TemporaryDirectory() as scratch:
        config = load_config("embedded", [f"training.max_steps={steps}", *quiet, *overrides])
        began = time.monotonic()
        folder = train_one(config, seed, Path(scratch) / "tagger", docs, {"development set": [], "test set": []})
        minutes = (time.monotonic() - began) / 60
        found = load(folder).predict_many([d.text for d in dev])
        return figures(docs, evaluate(dev, list(found)), minutes)


def figures(docs: Sequence[Document], report: dict[str, Any], minutes: float) -> dict[str, Any]:
    """What is kept of one run on ``docs``: sizes, scores of the evaluation ``report``, minutes of training."""
    spans, frames = report["spans"], report["frames"]
    return {
        "documents": len(docs),
        "words": sum(len(d.text.split()) for d in docs),
        "exact": spans["strict"]["micro"]["f1"],
        "exact low": spans["strict"]["micro"]["interval"][0],
        "exact high": spans["strict"]["micro"]["interval"][1],
        "overlapping": spans["overlap"]["micro"]["f1"],
        "fillers": frames["role_fillers"]["micro"]["f1"],
        "attacks found": frames["events"]["f1"],
        "minutes": round(minutes, 1),
    }


def table(first: str, runs: dict[str, Any]) -> str:
    """A Markdown table of ``runs``, a row each."""
    lines = [f"| {first} | documents | words | minutes | " + " | ".join(COLUMNS) + " |", "|---" * 8 + "|"]
    for name, r in runs.items():
        scores = " | ".join(f"{r[c]:.3f}" for c in COLUMNS)
        lines.append(f"| {name} | {r['documents']} | {r['words']:,} | {r['minutes']} | {scores} |")
    return "\n".join(lines)
