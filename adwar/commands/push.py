"""``adwar push``: a model folder to the Hugging Face hub, with the card that its evaluation writes."""

from __future__ import annotations

import argparse
from typing import Any


def register(subparsers: Any) -> None:
    p = subparsers.add_parser("push", help="publish a model folder on the Hugging Face hub, with its card")
    p.add_argument("folder", help="folder that 'adwar train' or 'adwar export' wrote, with its evaluation.json")
    p.add_argument("repository", help="owner/name on the hub")
    p.add_argument("--private", action="store_true", help="make a new repository private")
    p.add_argument("--dry-run", action="store_true", help="write the card, list the files, and publish nothing")
    p.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    from pathlib import Path

    from ..train.hub import files_of, push

    for name in files_of(arguments.folder):
        print(f"{(Path(arguments.folder) / name).stat().st_size:>12,}  {name}")
    if arguments.dry_run:
        return 0
    print(f"published: {push(arguments.folder, arguments.repository, private=arguments.private)}")
    return 0
