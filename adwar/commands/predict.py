"""``adwar predict``: event frames of files or standard input, as a readable table or JSON."""

from __future__ import annotations

import argparse
import sys
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .device import add_device

if TYPE_CHECKING:
    from ..data.errors import DataError


def register(subparsers: Any) -> None:
    p = subparsers.add_parser(
        "predict",
        help="print the event frames of reports",
        description="Reads .txt (one report a file), .jsonl (one object a line), .csv, the same as .gz, or '-'.",
    )
    p.add_argument("inputs", nargs="*", metavar="FILE", help=".txt, .jsonl or .csv; '-' or nothing: standard input")
    p.add_argument("--model", help="model folder (default: the embedded model)")
    add_device(p)
    p.add_argument("--text-column", default="text", help="the key or column that holds the text (default: text)")
    p.add_argument("--id-column", default="id", help="the key or column that names the report (default: id)")
    p.add_argument("--date", help="the date of the reports (YYYY-MM-DD): 'yesterday' is resolved against it")
    p.add_argument("--date-column", help="the key or column that holds a report's date")
    p.add_argument(
        "--gazetteer",
        metavar="SOURCE",
        help="look places up in a larger gazetteer as well: 'geonames' (needs adwar[places]) or a GeoNames dump",
    )
    p.add_argument(
        "--encoding", help="the files' encoding, e.g. cp1256 or utf-16 (default: UTF-8, and what else it is is told)"
    )
    p.add_argument(
        "--skip-broken",
        action="store_true",
        help="tell broken lines and files on standard error, read the rest, and end with status 1",
    )
    p.add_argument(
        "--max-unpacked",
        type=int,
        metavar="BYTES",
        help="a .gz (a line of .jsonl.gz) that unpacks to more is refused (default: 268,435,456)",
    )
    p.add_argument("--min-score", type=float, default=0.0, help="leave out spans and frames below this score")
    form = p.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="one JSON array of {id, ...prediction}")
    form.add_argument("--jsonl", action="store_true", help="one JSON object a line, streamed")
    p.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    from ..data.encodings import known
    from ..data.inputs import read_dated
    from ..data.unpacking import MOST
    from ..model.dates import report_date
    from ..model.loading import load
    from .table import show

    if not 0.0 <= arguments.min_score <= 1.0:
        raise ValueError(f"--min-score {arguments.min_score}: a number from 0 to 1 is expected")
    if arguments.max_unpacked is not None and arguments.max_unpacked < 1:
        raise ValueError(f"--max-unpacked {arguments.max_unpacked}: a number of bytes above 0 is expected")
    if arguments.encoding:
        known(arguments.encoding)
    for name in arguments.inputs:
        if name != "-" and not Path(name).exists() and not arguments.skip_broken:
            raise ValueError(f"{name}: no such file")
    given = report_date(arguments.date)
    labeler = load(arguments.model, device=arguments.device, gazetteer=arguments.gazetteer)
    held: list[str] = []
    days: list[Any] = []
    skipped: list[DataError] = []

    def skip(error: DataError) -> None:
        skipped.append(error)
        print(f"adwar: skipped: {error}", file=sys.stderr)

    def texts() -> Any:
        columns = (arguments.text_column, arguments.id_column, arguments.date_column, report_date)
        on_error = skip if arguments.skip_broken else None
        inputs = arguments.inputs or ["-"]
        how: dict[str, Any] = {
            "encoding": arguments.encoding,
            "on_error": on_error,
            "max_unpacked": arguments.max_unpacked or MOST,
        }
        for identity, text, day in read_dated(inputs, *columns, **how):
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
            sys.stdout.write(as_json(record) + "\n")
        else:
            show(held[number], prediction)
    if arguments.json:
        sys.stdout.write(as_json(rows, indent=1) + "\n")
    if skipped:
        print(f"adwar: {len(skipped)} skipped; see above", file=sys.stderr)
    return 1 if skipped else 0


def as_json(value: Any, indent: int | None = None) -> str:
    """JSON that any UTF-8 stream takes: Arabic as it is, unless half a surrogate pair forces escapes."""
    import json

    found = json.dumps(value, ensure_ascii=False, indent=indent)
    try:
        found.encode("utf-8")
    except UnicodeEncodeError:
        return json.dumps(value, indent=indent)
    return found
