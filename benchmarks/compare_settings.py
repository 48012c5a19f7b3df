"""What a setting of fine-tuning gives on dev: each at the same steps from the same encoder, one row each.

    python benchmarks/compare_settings.py --train TRAIN.jsonl … --dev DEV.jsonl -o docs/figures/settings.json \\
        "optim.muon_rate=0" "optim.muon_rate=1e-3" "optim.muon_rate=5e-3"

Every argument is one recipe: overrides of the ``embedded`` config, with blanks between them. A finished run is kept in
the JSON file and not run again. A few hundred steps say which recipe learns faster, not which is better in the end.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from kept import keep, kept
from short_runs import run, table

from adwar.data.jsonl import read_jsonl
from adwar.data.splits import split_file


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("recipes", nargs="+", metavar="'KEY=VALUE …'")
    parser.add_argument("--train", nargs="+", default=["train"])
    parser.add_argument("--dev", default="dev")
    parser.add_argument("--steps", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("-o", "--output", type=Path, required=True)
    options = parser.parse_args()
    docs = [doc for file in options.train for doc in read_jsonl(split_file(file), repair=True)]
    dev = list(read_jsonl(split_file(options.dev), repair=True))
    runs = kept(options.output)
    for recipe in options.recipes:
        key = f"{recipe} ({options.steps} steps, seed {options.seed})"
        if key not in runs:
            runs[key] = run(docs, dev, options.steps, options.seed, recipe.split())
            keep(options.output, runs)
            print(key, runs[key], flush=True)
    print(table("recipe", runs))


if __name__ == "__main__":
    main()
