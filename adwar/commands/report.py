"""``adwar report``: an events table as one page for an analyst, or an evaluation's JSON as one page and as Markdown.

The name's ending tells which: tables end as ``adwar extract`` writes them, evaluations in .json.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

#: What belongs to one kind of page alone: option -> its value where it was not given.
OF_EVENTS = {"title": None, "language": "en", "rows": None}
OF_EVALUATIONS = {"markdown": None, "curve": None, "seeds": None}


def register(subparsers: Any) -> None:
    p = subparsers.add_parser(
        "report",
        help="one HTML page of an events table, or of an evaluation",
        description="Of what 'adwar extract' wrote (.parquet, .jsonl, .csv, .sqlite, .duckdb): a page for an analyst, "
        "docs/report.md. Of an evaluation's JSON: figures and errors. "
        "Example: adwar report events.parquet -o report.html",
    )
    p.add_argument(
        "file",
        metavar="FILE",
        help="an events table, or what 'adwar eval --output' wrote, or a model folder's evaluation.json",
    )
    p.add_argument("-o", "--output", "--html", metavar="FILE", help="the page to write (default: beside FILE, .html)")
    events = p.add_argument_group("events tables")
    events.add_argument("--title", help="title of the page (default: the file's name)")
    events.add_argument(
        "--language", choices=("en", "ar"), default="en", help="first language (default: en); it switches"
    )
    events.add_argument("--rows", type=int, metavar="N", help="most rows in the page's table (default: 100000)")
    figures = p.add_argument_group("evaluations")
    figures.add_argument("--markdown", metavar="FILE", help="write the figures as Markdown, too")
    figures.add_argument("--curve", metavar="FILE", help="show this learning curve (JSON of 'adwar curve')")
    figures.add_argument(
        "--seeds", metavar="FILE", help="write mean and spread over the seeds of a run as .json or as a table in .md"
    )
    p.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    from ..scale.tables import DATABASES, ONE_TABLE

    is_table = Path(arguments.file).suffix.lower() in (*ONE_TABLE, *DATABASES)
    strange = [
        f"--{name}"
        for name, unset in (OF_EVALUATIONS if is_table else OF_EVENTS).items()
        if getattr(arguments, name) != unset
    ]
    if strange:
        what = "evaluations (.json)" if is_table else "events tables (.parquet, .jsonl, .csv, .sqlite, .duckdb)"
        raise ValueError(f"{arguments.file}: {', '.join(strange)}: only for {what}")
    arguments.output = arguments.output or str(Path(arguments.file).with_suffix(".html"))
    if Path(arguments.output).absolute() == Path(arguments.file).absolute():
        raise ValueError(f"{arguments.output}: would overwrite what is read; give the page another name")
    return run_events(arguments) if is_table else run_evaluation(arguments)


def run_events(arguments: argparse.Namespace) -> int:
    from ..data.whole_file import write_whole
    from ..report.page import MOST_ROWS, events_page

    most = MOST_ROWS if arguments.rows is None else arguments.rows
    html, told = events_page(arguments.file, title=arguments.title, language=arguments.language, most_rows=most)
    write_whole(arguments.output, html)
    held = "" if told.rows == told.events else f", {told.rows:,} of them in its table (--rows)"
    print(f"written: {arguments.output}: {told.events:,} events{held}, {len(html.encode('utf-8')) / 1e6:.1f} MB")
    return 0


def run_evaluation(arguments: argparse.Namespace) -> int:
    from ..eval.whole import sets_of

    held = read_json(arguments.file)
    sets = sets_of(held, arguments.file)
    if arguments.seeds:
        write_seeds(arguments.seeds, held, arguments.file)
    arguments.html = arguments.output
    write_reports(sets, arguments, held=held)
    for name in (arguments.html, arguments.markdown, arguments.seeds):
        if name:
            print(f"written: {name}")
    if not any("texts" in report for _, report in sets):
        print("no texts in this evaluation: the page shows figures only")
    return 0


def write_seeds(name: str, held: dict[str, Any], file: str) -> None:
    """Mean and spread over the seeds of ``held`` (from ``file``), without the seeds' own reports. Raises ValueError."""
    import json

    from ..data.whole_file import write_whole
    from ..eval.markdown import seeds

    if "seeds" not in held:
        raise ValueError(f"{file}: of one seed; 'adwar train' with seeds=[1,2,3] writes an evaluation of several")
    if not name.endswith((".json", ".md")):
        raise ValueError(f"--seeds {name}: the name must end in .json or .md")
    if name.endswith(".md"):
        measures = list(next(iter(held["seeds"]["sets"].values()), {}))
        write_whole(name, "\n".join(seeds(held["seeds"], measures)))
    else:
        kept = {key: held[key] for key in ("name", "encoder", "data", "seeds") if key in held}
        write_whole(name, json.dumps(kept, ensure_ascii=False, indent=1) + "\n")


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
        parts = [document(report, f"{title}: {name}") for name, report in sets]
        if "gsr" in held:
            from ..eval.gsr_set import set_markdown

            parts.append("\n".join(["# Beside the coders of others' records", "", *set_markdown(held["gsr"])]))
        write_whole(arguments.markdown, "\n".join(parts))
