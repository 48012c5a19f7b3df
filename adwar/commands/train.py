"""``adwar train``: fine-tune a tagger from a config."""

from __future__ import annotations

import argparse
from typing import Any


def register(subparsers: Any) -> None:
    p = subparsers.add_parser(
        "train",
        help="fine-tune an encoder on annotated documents",
        description="Example: adwar train --config embedded data.train='[mine.jsonl]' training.num_train_epochs=4",
    )
    p.add_argument("--config", required=True, help="a name in configs/ or a .yaml file")
    p.add_argument("--resume", action="store_true", help="go on from the last checkpoint in the output folder")
    p.add_argument("--dry-run", action="store_true", help="print the page of facts and the expected time, and end")
    p.add_argument("overrides", nargs="*", metavar="key.sub=value", help="override a key of the config")
    p.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    from ..train.config import RunConfig, load_config

    config = load_config(arguments.config, arguments.overrides, RunConfig)
    arguments.output = config.output  # for the message of a full disk
    from ..train.finetune import train
    from ..train.options import rank_and_world

    folder = train(config, resume=arguments.resume, dry_run=arguments.dry_run)
    if not arguments.dry_run and rank_and_world()[0] == 0:
        print(f"written: {folder}")
    return 0
