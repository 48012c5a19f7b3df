"""What our encoder is worth for roles: fine-tuned on the same real reports, beside its random twin and a BiLSTM.

    python benchmarks/encoder_value.py --real REAL --raw TEXT --steps 1200 --seeds 1 2 3

Three sides, each scored on the real development set by the plain labeler (no thresholds chosen):

- **pre-trained**: ``--encoder`` with the settings of the ``embedded`` config;
- **random twin**: the same configuration from noise, the same tokenizer, settings and number of steps;
- **BiLSTM**: two layers of 200 both ways over CBOW vectors of the same pieces, trained on ``--raw`` (documents that
  share eight words with the development set left out), with settings of its own: AdamW 2e-3, dropout 0.3, more passes
  (``--passes``), for it learns slower a step and a step costs it less.

A finished side is kept in the JSON file and not run again, and so are the vectors. Needs the real reports and raw text,
which are not shipped.
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
from bilstm import cbow, train_bilstm
from kept import keep, kept
from short_runs import figures, run, table

from adwar.data.jsonl import read_jsonl
from adwar.data.whole_file import whole_path
from adwar.eval.report import evaluate
from adwar.model.encoding import Settings
from adwar.train.config import load_config
from adwar.train.encoder import OUR_ENCODER, load_tokenizer_of

#: Of an encoder's config: what is not its shape.
NO_SHAPE = {"architectures", "dtype", "torch_dtype", "transformers_version", "_name_or_path"}


def twin(encoder: Path) -> list[str]:
    """Overrides of the ``embedded`` config that start ``encoder``'s configuration from noise."""
    shape = json.loads((encoder / "config.json").read_text(encoding="utf-8"))
    shape = {k: v for k, v in shape.items() if k not in NO_SHAPE and v is not None}
    shape |= load_config("embedded").model.overrides  # dropout, the kind of attention
    # YAML reads 1e-05 as a word, 1.0e-05 as a number
    plain = re.sub(r"(?<=[ \[]\d)(?=e[-+]\d)", ".0", json.dumps(shape))
    return ["model.encoder=null", f"model.tokenizer={encoder}", f"model.random={plain}"]


def bilstm_side(options: argparse.Namespace, docs: list[Any], dev: list[Any], seed: int) -> dict[str, Any]:
    """The figures of the BiLSTM, its vectors made first where ``--vectors`` does not hold them."""
    tokenizer, ids = load_tokenizer_of(str(options.encoder))
    if not options.vectors.exists():
        options.vectors.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory() as scratch:
            made = cbow(options.raw, tokenizer, [options.real / "dev.jsonl"], options.cbow_pieces, Path(scratch))
        with whole_path(options.vectors) as part, part.open("wb") as out:
            np.save(out, made)
    began = time.monotonic()
    labeler, steps = train_bilstm(
        docs, tokenizer, Settings(512, 128, *ids), np.load(options.vectors, allow_pickle=False), options.passes, seed
    )
    minutes = (time.monotonic() - began) / 60
    found = labeler.predict_many([d.text for d in dev])
    return {**figures(docs, evaluate(dev, list(found)), minutes), "steps": steps}


def summary(runs: dict[str, Any]) -> str:
    """One row a side over its seeds: mean exact and overlapping F1."""
    lines = ["", "| side | seeds | exact F1 | overlapping F1 |", "|---|---:|---:|---:|"]
    for side in dict.fromkeys(name.rsplit(", seed", 1)[0] for name in runs):
        these = [r for name, r in runs.items() if name.rsplit(", seed", 1)[0] == side]
        exact, overlapping = (statistics.mean(r[c] for r in these) for c in ("exact", "overlapping"))
        lines.append(f"| {side} | {len(these)} | {exact:.3f} | {overlapping:.3f} |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--real", type=Path, required=True, help="folder with the real train.jsonl and dev.jsonl")
    parser.add_argument("--raw", type=Path, help="folder of raw text for the BiLSTM's vectors")
    parser.add_argument("--encoder", type=Path, default=OUR_ENCODER)
    parser.add_argument("--steps", type=int, default=1200, help="of the encoder and of its twin")
    parser.add_argument("--passes", type=int, default=12, help="of the BiLSTM")
    parser.add_argument("--cbow-pieces", type=int, default=60_000_000)
    parser.add_argument("--vectors", type=Path, default=Path("runs/cbow.npy"))
    parser.add_argument("--seeds", type=int, nargs="+", default=[1])
    parser.add_argument("-o", "--output", type=Path, default=Path("docs/figures/encoder_value.json"))
    options = parser.parse_args()
    for name in ("train", "dev"):
        if not (options.real / f"{name}.jsonl").exists():
            raise SystemExit(f"{options.real / name}.jsonl is not here: nothing to measure on, skipped")
    docs, dev = (list(read_jsonl(options.real / f"{name}.jsonl", repair=True)) for name in ("train", "dev"))
    runs = kept(options.output)
    for seed in options.seeds:
        sides = {
            f"pre-trained, {options.steps} steps": [f"model.encoder={options.encoder}"],
            f"random twin, {options.steps} steps": twin(options.encoder),
            f"BiLSTM, {options.passes} passes": None,
        }
        for side, overrides in sides.items():
            key = f"{side}, seed {seed}"
            if key in runs:
                continue
            if overrides is not None:
                runs[key] = run(docs, dev, options.steps, seed, overrides)
            elif options.raw or options.vectors.exists():
                runs[key] = bilstm_side(options, docs, dev, seed)
            else:
                print(f"{side}: --raw is not given, left out")
                continue
            keep(options.output, runs)
            print(key, runs[key], flush=True)
    print(table("side", runs) + "\n" + summary(runs))


if __name__ == "__main__":
    main()
