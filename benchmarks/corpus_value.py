"""What our corpus is worth on real news: trained on ours alone, on the real reports alone, on both, at equal steps.

    python benchmarks/corpus_value.py --real ../shared/real_news --steps 350 -o docs/figures/corpus_value.json

Every run starts from the shipped encoder with the settings of the ``embedded`` config and takes the same number of
steps of the same size; the score is that of the plain labeler (no thresholds chosen) on the real development set. With
``--shares`` parts of our corpus are run, too: the learning curve. A finished run is kept in the JSON file and not run
again. Needs the real reports, which are not shipped.
"""

from __future__ import annotations

import argparse
import random
from pathlib import Path

from kept import keep, kept
from short_runs import run, table

from adwar.data.jsonl import read_jsonl
from adwar.data.splits import split_file


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--real", type=Path, required=True, help="folder with the real train.jsonl and dev.jsonl")
    parser.add_argument("--steps", type=int, default=350)
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
    runs = kept(options.output)
    for name, docs in sets.items():
        key = f"{name}, {options.steps} steps, seed {options.seed}"
        if key not in runs:
            runs[key] = run(docs, dev, options.steps, options.seed, [f"model.encoder={options.encoder}"])
            keep(options.output, runs)
    print(table("trained on", runs))


if __name__ == "__main__":
    main()
