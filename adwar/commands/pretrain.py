"""``adwar shards`` and ``adwar pretrain``: our own encoder from raw text."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any


def register(subparsers: Any) -> None:
    s = subparsers.add_parser("shards", help="raw text to token shards, with a tokenizer")
    s.add_argument("text", help="folder of .txt or .txt.xz files")
    s.add_argument("-o", "--output", required=True)
    s.add_argument(
        "--keep-out", nargs="*", default=[], help="files that are measured on; what shares 8 words is dropped"
    )
    s.add_argument("--weight", nargs="*", default=[], metavar="SOURCE=W", help="how often a source is seen in an epoch")
    s.add_argument("--vocabulary", type=int, default=24000)
    s.add_argument("--tokenizer", metavar="FILE", help="a tokenizer.json to use instead of training one")
    s.add_argument("--width", type=int, default=256, help="width of the skip-gram start values; 0: none")
    s.set_defaults(run=run_shards)
    p = subparsers.add_parser("pretrain", help="masked-word pre-training on shards, resumable")
    p.add_argument("--config", required=True, help="a name in configs/ or a .yaml file")
    p.add_argument("--minutes", type=float, help="stop after so many minutes, saved and ready to go on")
    p.add_argument("--export", help="write the encoder as a checkpoint folder (fp16) when done")
    p.add_argument("overrides", nargs="*", metavar="key=value")
    p.set_defaults(run=run_pretrain)


def run_shards(arguments: argparse.Namespace) -> int:
    from ..train.build_shards import build_shards

    weights = {}
    for pair in arguments.weight:
        name, mark, value = pair.partition("=")
        if not mark:
            raise ValueError(f"--weight {pair!r}: SOURCE=NUMBER is expected")
        weights[name] = float(value)
    report = build_shards(
        arguments.text,
        arguments.output,
        keep_out=arguments.keep_out,
        by_source=weights,
        vocabulary=arguments.vocabulary,
        width=arguments.width,
        tokenizer_file=arguments.tokenizer,
    )
    for key, value in report.items():
        print(f"{key}: {value}")
    return 0


def run_pretrain(arguments: argparse.Namespace) -> int:
    from ..train.config import load_config
    from ..train.pretrain_config import PretrainConfig

    config = load_config(arguments.config, arguments.overrides, PretrainConfig)
    arguments.output = config.output  # for the message of a full disk
    from ..train.loss_curve import draw_loss
    from ..train.pretrain import pretrain

    run = pretrain(config, stop_after_minutes=arguments.minutes)
    draw_loss(run.curve, Path(config.output) / "curve.png")
    if arguments.export:
        print(f"written: {run.export(arguments.export)}")
    return 0
