"""``adwar export``: a checkpoint to an ONNX model folder that predicts without torch."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any


def register(subparsers: Any) -> None:
    p = subparsers.add_parser("export", help="turn a checkpoint into an ONNX model folder that needs no torch")
    p.add_argument("checkpoint", help="folder that 'adwar train' wrote")
    p.add_argument("-o", "--output", required=True, help="folder to write")
    p.add_argument("--dev", nargs="+", default=[], help="JSON Lines to compare the export's F1 with the original's")
    p.add_argument(
        "--choose",
        nargs="+",
        default=[],
        help="JSON Lines on which thresholds, boosts and the scales of scores are chosen",
    )
    p.add_argument("--max-loss", type=float, default=0.5, help="refuse if dev F1 drops by this many points or more")
    p.add_argument(
        "--int8",
        action="store_true",
        help="int8: smaller and often quicker, a little less exact; needs --dev, whose reports set its scales",
    )
    p.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    from ..train.export import export

    report = export(
        arguments.checkpoint,
        arguments.output,
        arguments.dev,
        max_loss=arguments.max_loss,
        int8=arguments.int8,
        choose_on=arguments.choose,
    )
    if arguments.choose and (Path(arguments.output) / "evaluation.json").exists():
        measure = f"adwar eval --model {arguments.output} --data … --card"
        print(f"its evaluation.json and card were measured before this choice; measure anew: {measure}")
    for key, value in report.items():
        print(f"{key}: {value}")
    print(f"written: {arguments.output}")
    return 0
