"""Recipes of pre-training at equal time, from the same shards: which encoder learns most in half an hour?

    python benchmarks/pretrain_compare.py --shards runs/shards --minutes 30 --real REAL --steps 400
    python benchmarks/pretrain_compare.py --list

Each recipe is a set of overrides of the ``pretrain-small`` config (`RECIPES`). A few untimed steps say how fast it is;
its steps, and with them the fall of its rate, are set so that it ends after ``--minutes``. It is judged by the loss on
held-out documents with a quarter of the words masked, whatever it was trained with (none for replaced words), and by
exact and overlapping role F1 on the real development set after ``--steps`` steps of fine-tuning on the real training
reports, windows of 128 as in pre-training. ``nothing`` is fine-tuned from noise. A finished recipe is kept in the JSON
file and not run again; one that was killed begins anew, for its time could not be equal otherwise. Run it on an
otherwise idle machine.
"""

from __future__ import annotations

import argparse
import gc
import shutil
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
from kept import keep, kept
from short_runs import run

from adwar.data.jsonl import read_jsonl
from adwar.train.config import load_config
from adwar.train.packing import Batches
from adwar.train.pretrain import Run, pretrain
from adwar.train.pretrain_config import PretrainConfig

PLAIN = {"num_hidden_layers": 6, "hidden_size": 256, "num_attention_heads": 4, "intermediate_size": 1024}
PLAIN |= {"embedding_size": 256, "max_position_embeddings": 512}
NEAR = {"relative_attention": True, "position_buckets": 32, "norm_rel_ebd": "layer_norm", "share_att_key": True}
NEAR |= {"pos_att_type": ["p2c", "c2p"], "position_biased_input": False, "type_vocab_size": 0}


def modern(layers: int, width: int) -> dict[str, Any]:
    shape = {"num_hidden_layers": layers, "hidden_size": width, "intermediate_size": 2 * width}
    fixed = {"model_type": "modernbert", "local_attention": 32, "global_attn_every_n_layers": 3}
    return {"encoder": {**fixed, **shape, "num_attention_heads": width // 64, "max_position_embeddings": 1024}}


GENERATOR = {"num_hidden_layers": 4, "hidden_size": 64, "intermediate_size": 128, "num_attention_heads": 1}
RECIPES: dict[str, dict[str, Any]] = {
    "nothing": {"steps": 0},
    "modernbert-6x256": {},
    "modernbert-4x256": modern(4, 256),
    "modernbert-6x384": modern(6, 384),
    "modernbert-12x256": modern(12, 256),
    "bert": {"encoder": {"model_type": "bert", **PLAIN}},
    "convbert": {"encoder": {"model_type": "convbert", **PLAIN}},
    "roformer": {"encoder": {"model_type": "roformer", **PLAIN}},
    "deberta-v2": {"encoder": {"model_type": "deberta-v2", **PLAIN, **NEAR}},
    "mask-15": {"mask_rate": 0.15},
    "mask-40": {"mask_rate": 0.4},
    "replaced": {"task": "replaced", "generator": GENERATOR, "mask_rate": 0.2},
    "without-skipgram": {"skipgram": False},
    "rate-half": {"learning_rate": 5e-4, "muon_rate": 2e-3},
    "rate-double": {"learning_rate": 2e-3, "muon_rate": 8e-3},
    "adamw": {"muon_rate": 0.0},
    "batch-ramp": {"batch_start": 8, "batch_ramp": 400},
    "long-end": {"length_end": 512, "length_end_share": 0.1},
}
JUDGED_AT = 0.25


def config_of(name: str, options: argparse.Namespace) -> PretrainConfig:
    """The settings of recipe ``name``."""
    config: PretrainConfig = load_config("pretrain-small", options.overrides, PretrainConfig)
    return replace(config, shards=str(options.shards), output=str(options.work / name), **RECIPES[name])


def seconds_a_step(config: PretrainConfig, steps: int) -> float:
    """Of ``steps`` steps after as many untimed ones, in which the model is compiled."""
    run = Run(config)
    run.model.train()
    batches = Batches(run.shards, config)
    began = 0.0
    for step in range(2 * steps):
        if step == steps:
            began = time.perf_counter()
        float(run.train_step(run.hide(batches.batch(config.batch_ramp + step), [config.seed, 7, step])))
    return (time.perf_counter() - began) / steps


def train(name: str, options: argparse.Namespace) -> tuple[Path, dict[str, Any]]:
    """(folder of the trained encoder, what training it took and its held-out loss)."""
    config = config_of(name, options)
    shutil.rmtree(config.output, ignore_errors=True)
    if config.steps:
        each = seconds_a_step(replace(config, steps=10**6), options.trial)
        steps = max(1, round(60 * options.minutes / each))
        ramp = min(config.batch_ramp, steps // 4)
        config = replace(config, steps=steps, batch_ramp=ramp, batch_start=config.batch_start if ramp else 0)
    config = replace(config, warmup=min(config.warmup, config.steps // 4), checkpoint_minutes=1e6)
    torch.manual_seed(config.seed)
    began = time.monotonic()
    made = pretrain(config)
    minutes = (time.monotonic() - began) / 60
    made.config = replace(made.config, mask_rate=JUDGED_AT)
    folder = made.export(Path(config.output) / "encoder")
    return folder, {
        "parameters": sum(p.numel() for p in made.model.parameters()),
        "steps of pre-training": made.step,
        "minutes of pre-training": round(minutes, 1),
        "pieces a second": made.speed,
        "held-out loss": None if config.task == "replaced" else made.held_out(),
    }


def tuned(folder: Path, options: argparse.Namespace) -> dict[str, Any]:
    """Scores after fine-tuning the encoder in ``folder`` on the real reports."""
    sets = [list(read_jsonl(options.real / f"{name}.jsonl", repair=True)) for name in ("train", "dev")]
    settings = [f"model.encoder={folder}", "model.window=128", "model.overlap=32"]
    if load_kind(folder) != "modernbert":
        settings.append("model.overrides={}")  # the dropout of the others is on by itself
    return run(*sets, options.steps, 1, settings)


def load_kind(folder: Path) -> str:
    from transformers import AutoConfig

    return str(AutoConfig.from_pretrained(folder).model_type)


def table(runs: dict[str, Any]) -> str:
    head = ("recipe", "parameters", "steps", "pieces a second", "held-out loss", "exact F1", "overlapping F1")
    lines = [f"| {' | '.join(head)} |", "|---" + "|---:" * (len(head) - 1) + "|"]
    for name, r in runs.items():
        loss = "–" if r["held-out loss"] is None else f"{r['held-out loss']:.2f}"
        scores = " | ".join(f"{r[key]:.3f}" if key in r else "–" for key in ("exact", "overlapping"))
        sizes = f"{r['parameters'] / 1e6:.1f}M | {r['steps of pre-training']:,} | {r['pieces a second']:,.0f}"
        lines.append(f"| {name} | {sizes} | {loss} | {scores} |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--list", action="store_true", help="print the recipes and end")
    parser.add_argument("--shards", type=Path, default=Path("runs/shards"))
    parser.add_argument("--minutes", type=float, default=30.0, help="of pre-training, for each recipe")
    parser.add_argument("--recipes", nargs="+", choices=tuple(RECIPES), default=list(RECIPES), metavar="NAME")
    parser.add_argument("--real", type=Path, help="folder with the real train.jsonl and dev.jsonl; without: loss only")
    parser.add_argument("--steps", type=int, default=400, help="of fine-tuning")
    parser.add_argument("--trial", type=int, default=10, help="steps that are timed beforehand")
    parser.add_argument("--work", type=Path, default=Path("runs/compare"))
    parser.add_argument("-o", "--output", type=Path, default=Path("docs/figures/pretrain_compare.json"))
    parser.add_argument("--set", dest="overrides", nargs="*", default=[], metavar="key=value", help="for all recipes")
    options = parser.parse_args()
    if options.list:
        for name, changes in RECIPES.items():
            print(f"{name:<20}{changes or 'pretrain-small as it is'}")
        return
    if options.real and not (options.real / "dev.jsonl").exists():
        raise SystemExit(f"{options.real / 'dev.jsonl'} is not here; leave --real out to compare the loss alone")
    runs = kept(options.output)
    failed: list[str] = []
    for name in options.recipes:
        key = f"{name}, {options.minutes:g} minutes"
        if key in runs:
            continue
        try:
            folder, found = train(name, options)
        except RuntimeError as error:  # an architecture that this machine or this torch cannot compile
            failed.append(name)
            print(f"{name}: left out: {str(error).strip().splitlines()[0]}", file=sys.stderr, flush=True)
            continue
        gc.collect()
        torch.compiler.reset()
        runs[key] = {**found, **(tuned(folder, options) if options.real else {})}
        keep(options.output, runs)
        print(key, runs[key], flush=True)
    print(table(runs))
    if failed:
        raise SystemExit(f"not compared: {', '.join(failed)}")


if __name__ == "__main__":
    main()
