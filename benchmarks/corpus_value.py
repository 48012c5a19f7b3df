"""What our corpus is worth on real news: trained on ours alone, on the real reports alone, on both, at equal steps.

    python benchmarks/corpus_value.py --real ../shared/real_news --steps 500 -o docs/figures/corpus_value.json

Every run starts from the shipped encoder with the settings of the ``embedded`` config and takes the same number of
steps of the same size; the score is that of the plain labeler (no thresholds chosen) on the real development set. With
``--shares`` parts of our corpus are run, too: the learning curve. A finished run is kept in the JSON file and not run
again. Needs the real reports, which are not shipped.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import tempfile
from pathlib import Path

from adwar.data.jsonl import read_jsonl
from adwar.data.schema import Document
from adwar.data.splits import split_file
from adwar.eval.report import evaluate
from adwar.model.labeler import load
from adwar.train.config import load_config
from adwar.train.finetune import train_one


def run(docs: list[Document], dev: list[Document], steps: int, seed: int, encoder: str) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as scratch:
        config = load_config(
            "embedded",
            [
                f"training.max_steps={steps}",
                "training.eval_strategy='no'",
                "training.save_strategy='no'",
                "training.disable_tqdm=true",
                f"model.encoder={encoder}",
            ],
        )
        folder = train_one(config, seed, Path(scratch) / "tagger", docs, [], False)
        report = evaluate(dev, list(load(folder).predict_many([d.text for d in dev])))
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
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--real", type=Path, required=True, help="folder with the real train.jsonl and dev.jsonl")
    parser.add_argument("--steps", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--encoder", default="adwar/encoder")
    parser.add_argument("--shares", type=float, nargs="*", default=[0.1, 0.25, 0.5])
    parser.add_argument("-o", "--output", type=Path, required=True)
    options = parser.parse_args()
    if not (options.real / "train.jsonl").exists():
        raise SystemExit(f"{options.real / 'train.jsonl'} is not here: nothing to compare with, skipped")
    ours = list(read_jsonl(split_file("train")))
    real = list(read_jsonl(options.real / "train.jsonl", repair=True))
    dev = list(read_jsonl(options.real / "dev.jsonl", repair=True))
    mixed = random.Random(options.seed).sample(ours, len(ours))
    sets = {"ours": ours, "real": real, "both": ours + real}
    sets |= {f"ours {share:.0%}": mixed[: round(share * len(mixed))] for share in sorted(options.shares)}
    held = json.loads(options.output.read_text()) if options.output.exists() else {}
    for name, docs in sets.items():
        key = f"{name}, {options.steps} steps, seed {options.seed}"
        if key not in held:
            held[key] = run(docs, dev, options.steps, options.seed, options.encoder)
            part = options.output.with_name(options.output.name + ".part")
            part.write_text(json.dumps(held, indent=1))
            os.replace(part, options.output)
    columns = ("exact", "overlapping", "fillers", "attacks found")
    print("| trained on | documents | words | " + " | ".join(columns) + " |")
    print("|---" * (3 + len(columns)) + "|")
    for name, r in held.items():
        print(f"| {name} | {r['documents']} | {r['words']:,} | " + " | ".join(f"{r[c]:.3f}" for c in columns) + " |")


if __name__ == "__main__":
    main()
