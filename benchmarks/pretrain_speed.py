"""Pieces a second of pre-training, and what share of the machine's own matrix-product peak that is, fp32 and bf16.

    python benchmarks/pretrain_speed.py --shards runs/shards --minutes 2 -o docs/figures/pretrain_speed.json
    python benchmarks/pretrain_speed.py --config pretrain-gpu batch=1024 --only bf16

The peak is measured on the spot, with the same threads, at the encoder's shapes and at a large square one; operations
are counted by `flops.py`. Without ``--shards`` the pieces are random: the speed is the same. The first steps, in which
the model is compiled, are not timed. Run it on an otherwise idle machine.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import torch
from flops import peak, step_flops
from kept import keep, kept

from adwar.train.config import load_config
from adwar.train.encoder import OUR_ENCODER
from adwar.train.packing import Batches, shape
from adwar.train.pretrain import Run
from adwar.train.pretrain_config import PretrainConfig

KINDS = {"fp32": torch.float32, "bf16": torch.bfloat16}


def random_shards(folder: Path, pieces: int) -> Path:
    """Shards of random pieces with the shipped tokenizer."""
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer = (OUR_ENCODER / "tokenizer.json").read_bytes()
    size = len(json.loads(tokenizer)["model"]["vocab"])
    (folder / "tokenizer.json").write_bytes(tokenizer)
    lengths = np.full(max(2, -(-pieces // 400)), 400)
    np.save(folder / "tokens.npy", np.random.default_rng(0).integers(5, size, lengths.sum()).astype(np.uint16))
    np.save(folder / "lengths.npy", lengths)
    return folder


def measure(config: PretrainConfig, minutes: float, warm: int = 5) -> dict[str, Any]:
    """Speed and share of the peak of ``config`` on this machine."""
    run = Run(config)
    batches = Batches(run.shards, config)
    run.model.train()
    masked = done = 0

    def step(number: int) -> int:
        batch = run.hide(batches.batch(number), [config.seed, 7, number])
        run.train_step(batch)
        return int(batch.chosen.sum())

    for number in range(warm):
        step(number)
    _wait(run.device)
    began = time.perf_counter()
    while not done or time.perf_counter() - began < 60 * minutes:
        masked += step(warm + done)
        done += 1
    _wait(run.device)
    seconds = time.perf_counter() - began
    rows, length = shape(warm, config)
    pieces = rows * length * done
    encoder = run.model.config
    kind = KINDS["bf16" if config.bf16 else "fp32"]
    most = peak(rows * length, encoder.hidden_size, encoder.intermediate_size, kind, run.device)
    reached = step_flops(run.model, pieces, length, masked) / seconds
    return {
        "pieces a second": pieces / seconds,
        "GFLOP/s": reached / 1e9,
        "peak GFLOP/s": most / 1e9,
        "share of the peak": reached / most,
        "steps": done,
        "batch": f"{rows} x {length}",
        "parameters": sum(p.numel() for p in run.model.parameters()),
        "threads": torch.get_num_threads(),
        "device": torch.cuda.get_device_name() if run.device.type == "cuda" else "processor",
        "compiled": config.compile,
    }


def _wait(device: torch.device) -> None:
    if device.type == "cuda":
        torch.cuda.synchronize(device)


def table(runs: dict[str, Any]) -> str:
    lines = ["| arithmetic | pieces a second | GFLOP/s | peak | share | threads |", "|---|---:|---:|---:|---:|---:|"]
    for name, r in runs.items():
        speeds = " | ".join(f"{r[key]:,.0f}" for key in ("pieces a second", "GFLOP/s", "peak GFLOP/s"))
        lines.append(f"| {name} | {speeds} | {r['share of the peak']:.0%} | {r['threads']} |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--config", default="pretrain-small")
    parser.add_argument("--shards", type=Path)
    parser.add_argument("--minutes", type=float, default=2.0, help="timed, for each arithmetic")
    parser.add_argument("--only", choices=tuple(KINDS))
    parser.add_argument("-o", "--output", type=Path, default=Path("docs/figures/pretrain_speed.json"))
    parser.add_argument("overrides", nargs="*", metavar="key=value")
    options = parser.parse_intermixed_args()
    runs = kept(options.output)
    with tempfile.TemporaryDirectory() as scratch:
        for kind in (options.only,) if options.only else KINDS:
            config = load_config(options.config, options.overrides, PretrainConfig)
            shards = options.shards or random_shards(Path(scratch), 4 * config.batch * config.length)
            config.shards, config.output, config.bf16 = str(shards), f"{scratch}/out", kind == "bf16"
            runs[f"{options.config}, {kind}"] = measure(config, options.minutes)
            keep(options.output, runs)
    print(table(runs))


if __name__ == "__main__":
    main()
