"""``adwar serve``: the HTTP service and its page."""

from __future__ import annotations

import argparse
import os
from typing import Any

from ..serve.settings import ServeSettings, limits
from .device import add_device


def register(subparsers: Any) -> None:
    p = subparsers.add_parser(
        "serve",
        help="answer over HTTP, with a page to read and correct",
        description="Serves a page at / and the API (/predict, /extract). A bearer token is asked for where "
        "ADWAR_TOKEN or ADWAR_TOKEN_FILE is set in the environment or --token-file is given.",
    )
    p.add_argument("--model", help="model folder (default: the embedded model)")
    p.add_argument("--host", default="127.0.0.1", help="address to listen on (default: 127.0.0.1, this machine only)")
    p.add_argument("--port", type=int, default=8000, help="(default: 8000; 0: any free one)")
    p.add_argument("--token-file", metavar="FILE", help="file that holds the bearer token")
    p.add_argument("--threads", type=int, help="threads of the model (default: as many as the machine has, 4 at most)")
    p.add_argument("--sessions", type=int, default=1, help="batches worked on at once, each on --threads (default: 1)")
    add_device(p)
    p.add_argument("--no-access-log", action="store_true", help="do not log a line for each request")
    group = p.add_argument_group("limits")
    for limit in limits():
        told = f"{limit.metadata['told']} (default: {limit.default:,})"
        kind = int if limit.type == "int" else float
        group.add_argument(f"--{limit.name.replace('_', '-')}", type=kind, metavar="N", help=told)
    p.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    from .. import __version__
    from ..model.loading import load
    from ..serve.app import create_app
    from ..serve.run import serve
    from ..serve.token import read_token

    given = {one.name: value for one in limits() if (value := getattr(arguments, one.name)) is not None}
    settings = ServeSettings(host=arguments.host, port=arguments.port, **given)
    token = read_token(os.environ, arguments.token_file)
    labeler = load(arguments.model, threads=arguments.threads, sessions=arguments.sessions, device=arguments.device)
    labeler.predict("")
    app = create_app(labeler, settings, token=token, version=__version__)
    serve(app, settings, token=token, access_log=not arguments.no_access_log)
    return 0
