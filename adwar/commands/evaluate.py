"""``adwar eval``: score a model on a split or file, per role and by frames."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any


def register(subparsers: Any) -> None:
    p = subparsers.add_parser("eval", help="score a model on annotated documents")
    p.add_argument("--model", help="model folder (default: the embedded model)")
    p.add_argument("--data", required=True, nargs="+", help="train, dev or test of our corpus, or JSON Lines files")
    p.add_argument(
        "--repair", action="store_true", help="widen gold spans that begin inside a word, instead of refusing"
    )
    p.add_argument("--min-score", type=float, default=0.0)
    p.add_argument("--output", help="write the JSON report here")
    p.add_argument("--json", action="store_true", help="print the JSON report instead of the table")
    p.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    import json

    from ..data.jsonl import read_jsonl
    from ..data.splits import split_file
    from ..eval.report import evaluate, table
    from ..model.labeler import load

    files = [split_file(name) for name in arguments.data]
    docs = [doc for file in files for doc in read_jsonl(file, repair=arguments.repair)]
    labeler = load(arguments.model)
    predictions = list(labeler.predict_many([d.text for d in docs], min_score=arguments.min_score))
    report = {"model": arguments.model or "embedded", "data": [str(f) for f in files], **evaluate(docs, predictions)}
    if arguments.output:
        part = Path(arguments.output + ".part")
        part.write_text(json.dumps(report, ensure_ascii=False, indent=1), encoding="utf-8")
        part.replace(arguments.output)
    print(json.dumps(report, ensure_ascii=False, indent=1) if arguments.json else table(report))
    return 0
