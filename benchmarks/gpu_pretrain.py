"""Pre-training on one GPU within so many minutes, from prepared shards, going on from what an earlier call left.

    python benchmarks/gpu_pretrain.py runs/shards -o out --minutes 9
    python benchmarks/gpu_pretrain.py runs/shards -o out --minutes 9 --begin earlier --split 15 batch=1024

Trains ``--config`` (pretrain-gpu) at bf16 and leaves in ``-o``: ``encoder/`` (half precision, ready for `adwar train`),
``checkpoint.pt`` and ``report.json`` (pieces a second, and the share of ``--peak-tflops`` that the counted operations
reach). With ``--begin FOLDER`` a checkpoint found there is resumed exactly; where there is only an ``encoder/``, its
weights begin a new run. ``--split MB`` cuts larger files into ``NAME.part00``, ``.part01``, …, which ``--begin`` joins
again (by hand: ``cat NAME.part* > NAME``); ``--no-checkpoint`` leaves the encoder alone, which is a fifth of the size.
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path

import torch
from flops import step_flops

from adwar.data.whole_file import whole_path, write_whole
from adwar.train.config import load_config
from adwar.train.packing import shape
from adwar.train.pretrain import pretrain
from adwar.train.pretrain_checkpoint import CHECKPOINT
from adwar.train.pretrain_config import PretrainConfig


def split(folder: Path, most: int) -> list[Path]:
    """Cut every file below ``folder`` that is larger than ``most`` bytes into parts beside it; returns the parts."""
    made: list[Path] = []
    for file in sorted(p for p in folder.rglob("*") if p.is_file() and p.stat().st_size > most):
        with file.open("rb") as whole:
            for number in range(-(-file.stat().st_size // most)):
                made.append(file.with_name(f"{file.name}.part{number:02}"))
                made[-1].write_bytes(whole.read(most))
        file.unlink()
    return made


def join(source: Path, target: Path) -> None:
    """Copy ``source`` to ``target`` with the parts of every file put together. Raises ValueError if one is missing."""
    for file in sorted(p for p in source.rglob("*") if p.is_file()):
        name, mark, number = file.name.rpartition(".part")
        place = target / file.relative_to(source).parent
        place.mkdir(parents=True, exist_ok=True)
        if not mark:
            shutil.copyfile(file, place / file.name)
        elif int(number) == 0:
            parts = sorted(file.parent.glob(f"{name}.part*"))
            if [p.name for p in parts] != [f"{name}.part{n:02}" for n in range(len(parts))]:
                raise ValueError(
                    f"{file.parent}: a part of {name} is missing; found {', '.join(p.name for p in parts)}"
                )
            with whole_path(place / name) as whole, whole.open("wb") as out:
                for part in parts:
                    out.write(part.read_bytes())
        elif not (file.parent / f"{name}.part00").exists():
            raise ValueError(f"{file.parent}: the first part of {name} is missing")


def begin(config: PretrainConfig, source: Path | None, work: Path) -> PretrainConfig:
    """``config`` writing into ``work``, where the checkpoint of ``source`` is put; or starting from its encoder."""
    config = replace(config, output=str(work / "run"))
    if source is None or not source.exists():
        return config
    join(source, work / "begin")
    if (work / "begin" / CHECKPOINT).exists():
        (work / "run").mkdir(parents=True)
        (work / "begin" / CHECKPOINT).rename(work / "run" / CHECKPOINT)
    elif (work / "begin" / "encoder" / "config.json").exists():
        config = replace(config, start=str(work / "begin" / "encoder"))
    else:
        raise SystemExit(f"{source} holds neither {CHECKPOINT} nor encoder/; leave --begin out to start anew")
    return config


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shards", type=Path)
    parser.add_argument("-o", "--output", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=9.0, help="of training; loading and writing come on top")
    parser.add_argument("--config", default="pretrain-gpu")
    parser.add_argument("--begin", type=Path, metavar="FOLDER", help="the output of an earlier call")
    parser.add_argument("--peak-tflops", type=float, default=790.0, help="bf16 matrix products of the GPU")
    parser.add_argument("--split", type=float, metavar="MB", help="cut larger files into parts of so many megabytes")
    parser.add_argument("--no-checkpoint", action="store_true")
    parser.add_argument("overrides", nargs="*", metavar="key=value")
    options = parser.parse_intermixed_args()
    torch.set_float32_matmul_precision("high")
    with tempfile.TemporaryDirectory() as scratch:
        work = Path(scratch)
        config = replace(load_config(options.config, options.overrides, PretrainConfig), shards=str(options.shards))
        config = begin(config, options.begin, work)
        run = pretrain(config, stop_after_minutes=options.minutes)
        rows, length = shape(max(0, run.step - 1), config)
        flops = step_flops(run.model, 1000, length, round(1000 * config.mask_rate)) / 1000
        report = {
            "step": run.step,
            "of": config.steps,
            "batch": f"{rows} x {length}",
            "parameters": sum(p.numel() for p in run.model.parameters()),
            "pieces a second": round(run.speed),
            "TFLOP/s": flops * run.speed / 1e12,
            "share of the peak": flops * run.speed / 1e12 / options.peak_tflops,
            "device": torch.cuda.get_device_name() if run.device.type == "cuda" else "processor",
            "curve": run.curve,
        }
        ready = work / "ready"
        run.export(ready / "encoder")
        if not options.no_checkpoint:
            shutil.copyfile(Path(config.output) / CHECKPOINT, ready / CHECKPOINT)
        write_whole(ready / "report.json", json.dumps(report, indent=1))
        if options.split:
            split(ready, round(options.split * 1e6))
        shutil.copytree(ready, options.output, dirs_exist_ok=True)
    told = {key: value for key, value in report.items() if key != "curve"}
    print(json.dumps(told, indent=1) + f"\nwritten: {options.output}")


if __name__ == "__main__":
    main()
