"""``adwar completion``: the few lines that make a shell complete adwar's commands, options, files and names.

The shell asks adwar itself at each Tab (argcomplete), so what it offers is always what this version takes. Leaves out
shells that nobody here runs: argcomplete's own `register-python-argcomplete adwar --shell SHELL` knows more.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from typing import Any

SHELLS = ("bash", "zsh", "fish")
#: The variable that argcomplete's lines set when they ask.
ASKED = "_ARGCOMPLETE"
FORMATS = (
    *("jsonl", "markup", "brat", "doccano", "label-studio", "conll", "csv", "parquet", "spacy", "plover", "acled"),
    "gsr",
)


def register(subparsers: Any) -> None:
    p = subparsers.add_parser(
        "completion",
        help="print the lines that make your shell complete adwar's commands",
        description='bash, in ~/.bashrc: eval "$(adwar completion bash)"; zsh, in ~/.zshrc after compinit: '
        'eval "$(adwar completion zsh)"; fish: adwar completion fish > ~/.config/fish/completions/adwar.fish',
    )
    p.add_argument("shell", choices=SHELLS)
    p.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    import argcomplete

    sys.stdout.write(argcomplete.shellcode(["adwar"], shell=arguments.shell).strip() + "\n")
    return 0


def answer(parser: argparse.ArgumentParser) -> None:
    """Tell the shell that asked what may stand at the cursor, and end the process."""
    import argcomplete

    for action in actions(parser):
        if action.dest in ANSWERS and action.choices is None:
            action.completer = ANSWERS[action.dest]  # type: ignore[attr-defined]
    argcomplete.autocomplete(parser)


def actions(parser: argparse.ArgumentParser) -> Iterator[argparse.Action]:
    """Every option and argument of ``parser`` and of the commands and parts below it."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for below in action.choices.values():
                yield from actions(below)
        else:
            yield action


def named(*names: str, files: bool | str | None = None) -> Callable[..., list[str]]:
    """A completer that offers ``names``, and with ``files`` folders and files: all (True), those with this ending, or
    folders alone (False)."""

    def offered(prefix: str, **_: Any) -> list[str]:
        from argcomplete.completers import DirectoriesCompleter, FilesCompleter

        found = [name for name in names if name.startswith(prefix)]
        if files is None:
            return found
        if files is False:
            return found + list(DirectoriesCompleter()(prefix))
        return found + list(FilesCompleter(() if files is True else (files,))(prefix))

    return offered


def configs() -> list[str]:
    """The names that ``--config`` takes."""
    from importlib.resources import files

    held = [file.name for file in files("adwar.configs").iterdir()]
    return sorted(name.removesuffix(".yaml") for name in held if name.endswith(".yaml"))


def _configs(prefix: str, **_: Any) -> list[str]:
    return named(*configs(), files=".yaml")(prefix)


#: What stands behind an option, by the name under which its command reads it. All else is completed as a file.
ANSWERS: dict[str, Callable[..., list[str]]] = {
    "config": _configs,
    "model": named(files=False),
    "a": named("embedded", files=False),
    "b": named("embedded", files=False),
    "data": named("train", "dev", "test", files=True),
    "gazetteer": named("geonames", files=True),
    "source_format": named(*FORMATS),
    "target_format": named(*FORMATS),
}
