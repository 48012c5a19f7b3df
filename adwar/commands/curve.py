"""``adwar curve``: the learning curve, by training on growing shares of the annotated documents."""

from __future__ import annotations

import argparse
from typing import Any


def register(subparsers: Any) -> None:
    p = subparsers.add_parser(
        "curve",
        help="train on growing shares of the documents: what would more of them bring?",
        description="Example: adwar curve --config embedded --shares 0.1 0.25 0.5 1.0 output=runs/curve. "
        "A finished share is not trained again; a killed one goes on from its last checkpoint.",
    )
    p.add_argument("--config", required=True, help="a name in configs/ or a .yaml file")
    p.add_argument(
        "--shares", nargs="+", default=[], metavar="SHARE", help="above 0, at most 1 (default 0.1 0.25 0.5 1.0)"
    )
    p.add_argument(
        "--equal", choices=("steps", "passes"), default="steps", help="what all shares have alike (default steps)"
    )
    p.add_argument(
        "-o", "--output", metavar="FILE.json", help="write the curve here, too, with .svg and .png beside it"
    )
    p.add_argument("--json", action="store_true", help="print the curve as JSON; what the training says goes to stderr")
    p.add_argument("overrides", nargs="*", metavar="key.sub=value", help="override a key of the config")
    p.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    import json
    import sys
    from contextlib import AbstractContextManager, nullcontext, redirect_stdout
    from pathlib import Path

    from ..train.config import ConfigError, RunConfig, load_config

    # what follows --shares may be overrides: the parser cannot tell, a sign of equality can
    overrides = [*arguments.overrides, *(word for word in arguments.shares if "=" in word)]
    try:
        shares = [float(word) for word in arguments.shares if "=" not in word]
    except ValueError as error:
        raise ConfigError(f"--shares: {error}") from None
    config = load_config(arguments.config, overrides, RunConfig)
    if arguments.output and not arguments.output.endswith(".json"):
        raise ConfigError(f"--output {arguments.output}: the name must end in .json; .svg and .png go beside it")
    from ..train.learning_curve import CURVE, SHARES, run_curve, table, write_curve

    told: AbstractContextManager[Any] = redirect_stdout(sys.stderr) if arguments.json else nullcontext()
    with told:
        curve = run_curve(config, shares or SHARES, equal=arguments.equal)
    written = [f"{config.output}/{CURVE}, learning_curve.svg, learning_curve.png"]
    if arguments.output:
        write_curve(Path(arguments.output), curve)
        written.append(f"{arguments.output}, .svg and .png beside it")
    if arguments.json:
        print(json.dumps(curve, indent=1))
    else:
        print(table(curve))
        print(f"written: {'; '.join(written)}")
    return 0
