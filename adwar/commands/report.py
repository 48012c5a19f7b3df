"""``adwar report``: an evaluation's JSON as one HTML page and as Markdown. Nothing is measured anew."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any


def register(subparsers: Any) -> None:
    p = subparsers.add_parser(
        "report",
        help="an evaluation's JSON as one HTML page, or as Markdown",
        description="Example: adwar report evaluation.json --html report.html",
    )
    p.add_argument(
        "evaluation", metavar="FILE", help="what 'adwar eval --output' wrote, or a model folder's evaluation.json"
    )
    p.add_argument("--html", metavar="FILE", help="the page to write (default: beside the JSON, with .html)")
    p.add_argument("--markdown", metavar="FILE", help="write the figures as Markdown, too")
    p.add_argument("--curve", metavar="FILE", help="show this learning curve (JSON of 'adwar curve')")
    p.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    from ..eval.whole import sets_of

    held = read_json(arguments.evaluation)
    sets = sets_of(held, arguments.evaluation)
    arguments.html = arguments.html or str(Path(arguments.evaluation).with_suffix(".html"))
    write_reports(sets, arguments, held=held)
    for name in (arguments.html, arguments.markdown):
        if name:
            print(f"written: {name}")
    if not any("texts" in report for _, report in sets):
        print("no texts in this evaluation: the page shows figures only")
    return 0


def read_json(name: str) -> Any:
    """The JSON of a file. Raises ValueError naming the file, and the line where it is broken."""
    import json

    try:
        return json.loads(Path(name).read_text(encoding="utf-8"))
    except OSError as error:
        raise ValueError(f"{name}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise ValueError(f"{name}: not UTF-8 at byte {error.start}") from None
    except ValueError as error:
        raise ValueError(f"{name}: not JSON: {error}") from None


def write_reports(sets: list[tuple[str, dict[str, Any]]], arguments: argparse.Namespace, held: dict[str, Any]) -> None:
    """Write what ``arguments.html`` and ``arguments.markdown`` ask for."""
    from ..data.whole_file import write_whole
    from ..eval.html_report import html_report
    from ..eval.markdown import document

    title = str(held.get("name") or held.get("model") or "evaluation")
    if arguments.html:
        curve = None
        if arguments.curve:
            curve = read_json(arguments.curve)
            if not isinstance(curve, dict) or "points" not in curve:
                raise ValueError(f"{arguments.curve}: not a learning curve: 'points' missing; 'adwar curve' writes one")
        write_whole(arguments.html, html_report(sets, title=title, curve=curve, seeds=held.get("seeds")))
    if arguments.markdown:
        write_whole(arguments.markdown, "\n".join(document(report, f"{title}: {name}") for name, report in sets))
