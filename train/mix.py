"""One tagger from several: the weighted mean of the weights of runs that began from the same encoder.

Runs of one lineage lie close enough for their mean to be better than each (docs/quality.md says by how much here);
runs from different encoders do not, and their mean is worth nothing.

    python -m adwar.train.mix OUT RUN=0.6 OTHER=0.4

The mean has no thresholds: choose them on dev. Pair linkers are averaged too; a report linker belongs to the states of
one tagger, so fit it anew: ``python -m adwar.train.report_linker OUT --data …``.
"""

from __future__ import annotations

import argparse
import json
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ..data.whole_file import replace_folder
from ..model.linkers import FILE as LINKER_FILE
from ..model.linkers import load_linker
from ..model.loading import HANGING, SETTINGS_FILE
from ..model.pair_linker import PairLinker
from .checkpoint import RUN, versions, write_json

WEIGHTS = "model.safetensors"
COPIED = ("config.json", "tokenizer.json", "tokenizer_config.json")


def mix(out: str | Path, parts: Mapping[str, float]) -> Path:
    """Write ``out`` from the folders ``parts`` (folder -> weight; weights are scaled to a sum of 1). The folder appears
    whole or not at all. Raises ValueError if the folders do not fit each other or ``out`` is one of them."""
    from safetensors.numpy import load_file, save_file

    out = Path(out)
    folders = [Path(name) for name in parts]
    total = sum(parts.values())
    if len(folders) < 2 or min(parts.values()) <= 0:
        raise ValueError("a mean needs two folders or more, each with a weight above 0 (FOLDER=0.5)")
    if out.resolve() in [f.resolve() for f in folders]:
        raise ValueError(f"{out} is one of the parts: give another output folder")
    for folder in folders:
        if not (folder / WEIGHTS).exists():
            raise ValueError(f"{folder / WEIGHTS}: no such file; a folder that 'adwar train' wrote is needed")
        for name in ("config.json", "tokenizer.json"):
            if (folder / name).read_bytes() != (folders[0] / name).read_bytes():
                raise ValueError(
                    f"{folder / name} differs from {folders[0] / name}: only runs of one encoder have a mean"
                )
    shares = [weight / total for weight in parts.values()]
    states = [load_file(folder / WEIGHTS) for folder in folders]
    if any(set(s) != set(states[0]) for s in states):
        raise ValueError("the folders hold different weights: only runs of one encoder and head have a mean")
    part = out.with_name(f"{out.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    try:
        save_file(_mean(states, shares), part / WEIGHTS, {"format": "pt"})
        for name in COPIED:
            if (folders[0] / name).exists():
                shutil.copyfile(folders[0] / name, part / name)
        linkers = [load_linker(f / LINKER_FILE) for f in folders if (f / LINKER_FILE).exists()]
        pairs = [linker.weights for linker in linkers if isinstance(linker, PairLinker)]
        if len(pairs) == len(folders):
            PairLinker(_mean(pairs, shares)).save(part / LINKER_FILE)
        told = {f.name: round(share, 4) for f, share in zip(folders, shares, strict=True)}
        write_json(part / RUN, {"mean of": told, "versions": versions(), "runs": [_run(f) for f in folders]})
        settings = json.loads((folders[0] / SETTINGS_FILE).read_text(encoding="utf-8"))
        kept = {name: settings[name] for name in ("labels", "encoding", HANGING) if name in settings}
        write_json(part / SETTINGS_FILE, {**kept, "provenance": {**settings.get("provenance", {}), "mean of": told}})
        replace_folder(part, out)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return out


def _mean(states: Sequence[Mapping[str, np.ndarray]], shares: Sequence[float]) -> dict[str, np.ndarray]:
    pairs = list(zip(states, shares, strict=True))
    return {
        name: sum(state[name].astype(np.float32) * np.float32(share) for state, share in pairs)  # type: ignore[misc]
        for name in states[0]
    }


def _run(folder: Path) -> Any:
    file = folder / RUN
    return json.loads(file.read_text(encoding="utf-8")).get("config") if file.exists() else None


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m adwar.train.mix", description=__doc__)
    parser.add_argument("output", type=Path)
    parser.add_argument("parts", nargs="+", metavar="FOLDER=WEIGHT")
    asked = parser.parse_args(arguments)
    parts = {}
    for text in asked.parts:
        folder, sign, weight = text.rpartition("=")
        try:
            parts[folder] = float(weight)
        except ValueError:
            sign = ""
        if not sign:
            parser.error(f"{text!r}: FOLDER=WEIGHT is expected, as runs/a=0.6")
    try:
        print(f"{mix(asked.output, parts)}: now choose thresholds on dev, and fit the report linker anew")
    except ValueError as error:
        parser.error(str(error))


if __name__ == "__main__":
    main()
