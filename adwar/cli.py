"""The command line: one module a command, each with ``register(subparsers)``; heavy imports wait inside ``run``."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module

from . import __version__
from .commands.completion import ASKED, answer
from .data.disk import FULL, of_the_disk

COMMANDS = (
    "predict",
    "extract",
    "serve",
    "train",
    "curve",
    "evaluate",
    "report",
    "compare",
    "export",
    "push",
    "data",
    "annotate",
    "pretrain",
    "completion",
)
#: Which extra brings a library that a command may find missing.
EXTRAS = {
    "serve": ["fastapi", "uvicorn", "starlette", "pydantic", "h11", "prometheus_client", "multipart"],
    "train": [
        *("torch", "transformers", "datasets", "accelerate", "seqeval", "scipy", "onnx", "gensim", "matplotlib"),
        *("sentencepiece", "huggingface_hub"),
    ],
    "tables": ["pandas", "pyarrow"],
    "ray": ["ray"],
    "spacy": ["spacy"],
    "graphemes": ["regex"],
}


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(prog="adwar", description="Event frames from Arabic news.")
    top.add_argument("--version", action="version", version=f"adwar {__version__}")
    subparsers = top.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name in COMMANDS:
        import_module(f"adwar.commands.{name}").register(subparsers)
    return top


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command. Bad input ends with its message on standard error and status 2, never with a traceback."""
    if ASKED in os.environ:
        answer(parser())  # a shell asks what may stand at the cursor
    arguments = parser().parse_args(argv)
    try:
        return arguments.run(arguments) or 0
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        print("adwar: interrupted", file=sys.stderr)
        return 130
    except ModuleNotFoundError as error:
        missing = (error.name or "").split(".")[0]
        extra = next((extra for extra, names in EXTRAS.items() if missing in names), None)
        if extra:
            print(f"adwar: this command needs {missing}: pip install 'adwar[{extra}]'", file=sys.stderr)
            return 2
        raise
    except OSError as error:
        print(f"adwar: {_told(of_the_disk(error) or error, arguments)}", file=sys.stderr)
        return 2
    except ValueError as error:
        print(f"adwar: {error}", file=sys.stderr)
        return 2
    except Exception as error:
        # what torch, safetensors and tokenizers make of a full disk is none of the above
        found = of_the_disk(error)
        if found is None:
            raise
        print(f"adwar: {_told(found, arguments)}", file=sys.stderr)
        return 2


def _told(error: OSError, arguments: argparse.Namespace) -> str:
    """The system's error in one line. A full disk is told without the file's name, so the command's output is named."""
    if error.errno not in FULL and (error.filename or error.errno is None):
        return str(error)
    where = getattr(arguments, "output", None) or getattr(arguments, "out", None) or error.filename
    place = f"{where}: " if where else ""
    if error.errno not in FULL:
        return f"{place}{error.strerror or error}"
    return f"{place}cannot be written: {error.strerror}; nothing half-written is left; free some space and run it again"


if __name__ == "__main__":
    sys.exit(main())
