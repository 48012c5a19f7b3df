"""``adwar predict``: event frames of files or standard input, as a readable table or JSON."""

from __future__ import annotations

import argparse
import sys
from itertools import count
from pathlib import Path
from typing import Any


def register(subparsers: Any) -> None:
    p = subparsers.add_parser(
        "predict",
        help="print the event frames of reports",
        description="Reads .txt (one report a file), .jsonl (one object a line), .csv, or standard input ('-').",
    )
    p.add_argument("inputs", nargs="*", metavar="FILE", help=".txt, .jsonl or .csv; '-' or nothing: standard input")
    p.add_argument("--model", help="model folder (default: the embedded model)")
    p.add_argument("--text-column", default="text", help="the key or column that holds the text (default: text)")
    p.add_argument("--id-column", default="id", help="the key or column that names the report (default: id)")
    p.add_argument("--date", help="the date of the reports (YYYY-MM-DD): 'yesterday' is resolved against it")
    p.add_argument("--date-column", help="the key or column that holds a report's date")
    p.add_argument(
        "--gazetteer",
        metavar="SOURCE",
        help="look places up in a larger gazetteer as well: 'geonames' (needs adwar[places]) or a GeoNames dump",
    )
    p.add_argument("--min-score", type=float, default=0.0, help="drop spans and triggers below this score")
    form = p.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="one JSON array of {id, ...prediction}")
    form.add_argument("--jsonl", action="store_true", help="one JSON object a line, streamed")
    p.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    import json

    from ..data.inputs import read_dated
    from ..model.dates import report_date
    from ..model.labeler import load
    from .table import show

    if not 0.0 <= arguments.min_score <= 1.0:
        raise ValueError(f"--min-score {arguments.min_score}: a number from 0 to 1 is expected")
    for name in arguments.inputs:
        if name != "-" and not Path(name).exists():
            raise ValueError(f"{name}: no such file")
    given = report_date(arguments.date)
    labeler = load(arguments.model, gazetteer=arguments.gazetteer)
    held: list[str] = []
    days: list[Any] = []

    def texts() -> Any:
        columns = (arguments.text_column, arguments.id_column, arguments.date_column, report_date)
        for identity, text, day in read_dated(arguments.inputs or ["-"], *columns):
            held.append(identity)
            days.append(day or given)
            yield text

    rows = []
    dates = (days[number] for number in count())  # read after the texts that they belong to
    for number, prediction in enumerate(labeler.predict_many(texts(), min_score=arguments.min_score, dates=dates)):
        record = {"id": held[number], **prediction.to_dict()}
        if arguments.json:
            rows.append(record)
        elif arguments.jsonl:
            sys.stdout.write(json.dumps(record, ensure_ascii=False) + "\n")
        else:
            show(held[number], prediction)
    if arguments.json:
        json.dump(rows, sys.stdout, ensure_ascii=False, indent=1)
        sys.stdout.write("\n")
    return 0
