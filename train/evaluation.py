"""What a fine-tuned folder can do, measured at the end of a run: ``evaluation.json`` and the card beside the weights.

The folder is loaded as a user would load it. No word of the documents goes into the file: the folder may be published.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ..data.schema import Document
from ..data.whole_file import write_whole
from ..eval.seeds import spread
from ..eval.whole import whole_report
from ..model.counts import read_count
from ..model.loading import load
from .card import EVALUATION, card
from .checkpoint import write_json
from .config import RunConfig

CHOSEN = "the best step was kept by the score on the development set, so its figures are a little flattered"


def write_evaluation(
    folder: Path, config: RunConfig, seed: int, train: Sequence[Document], measured: Mapping[str, Sequence[Document]]
) -> dict[str, Any]:
    """Score ``folder`` on each set of ``measured`` that has documents; write the JSON and the card; return the JSON."""
    labeler = load(folder, engine="torch")
    sets = {}
    for name, docs in measured.items():
        if docs:
            found = list(labeler.predict_many([d.text for d in docs]))
            sets[name] = whole_report(docs, found, read=read_count, training=train)
    held: dict[str, Any] = {"name": folder.name, "encoder": config.model.encoder, "seed": seed, "sets": sets}
    held["data"] = data_lines(config, train, bool(measured.get("development set")))
    write_folder_evaluation(folder, held)
    return held


def write_seeds(out: Path, folders: Mapping[int, Path]) -> dict[str, Any]:
    """``evaluation.json`` and the card of a run with several seeds: mean and spread, and every seed's own report."""
    held = {seed: json.loads((folder / EVALUATION).read_text(encoding="utf-8")) for seed, folder in folders.items()}
    first = next(iter(held.values()))
    runs = {seed: one["sets"] for seed, one in held.items()}
    found = {
        "name": out.name,
        "encoder": first["encoder"],
        "folders": {str(seed): folder.name for seed, folder in folders.items()},
        "seeds": spread(runs),
        "sets": {f"{name}, seed {seed}": report for seed, sets in runs.items() for name, report in sets.items()},
        "data": first["data"],
    }
    write_folder_evaluation(out, found)
    return found


def write_folder_evaluation(folder: Path, held: dict[str, Any]) -> None:
    """Write ``held`` and the card that follows from it into ``folder``."""
    write_json(folder / EVALUATION, held)
    write_whole(folder / "README.md", card(folder))


def data_lines(config: RunConfig, train: Sequence[Document], chosen: bool) -> list[str]:
    """What the card says of the data: a line each. Files are named without their folders."""
    events = sum(len(d.events) for d in train)
    files = ", ".join(Path(name).name for name in config.data.train)
    lines = [f"fine-tuned on {len(train)} annotated reports with {events} attacks ({files})"]
    lines.append(f"encoder: {config.model.encoder or 'from noise, never pre-trained'}")
    return [*lines, CHOSEN] if chosen else lines
