"""The option ``--device`` of the commands that predict."""

from __future__ import annotations

from typing import Any


def add_device(parser: Any) -> None:
    parser.add_argument(
        "--device", metavar="NAME", help="cpu, cuda or cuda:N (default: a GPU if there is one that can be used)"
    )
