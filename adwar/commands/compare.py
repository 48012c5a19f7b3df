"""``adwar compare``: two models on the same documents, with a paired bootstrap over documents."""

from __future__ import annotations

import argparse
from typing import Any

from .device import add_device


def register(subparsers: Any) -> None:
    p = subparsers.add_parser("compare", help="is one model better than another? paired bootstrap over documents")
    p.add_argument("--a", required=True, metavar="MODEL", help="model folder, or 'embedded'")
    p.add_argument("--b", required=True, metavar="MODEL", help="model folder, or 'embedded'; differences are B minus A")
    p.add_argument("--data", required=True, nargs="+", help="train, dev or test of our corpus, or JSON Lines files")
    p.add_argument(
        "--repair", action="store_true", help="widen gold spans that begin inside a word, instead of refusing"
    )
    add_device(p)
    p.add_argument("--min-score", type=float, default=0.0)
    p.add_argument("--samples", type=int, default=2000, help="bootstrap samples (default 2000)")
    p.add_argument("--seed", type=int, default=0)
    p.add_argument("--output", help="write the JSON report here")
    p.add_argument("--json", action="store_true", help="print the JSON report instead of the table")
    p.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    import json

    from ..data.whole_file import write_whole
    from ..eval.compare import compare, comparison_table
    from ..model.loading import load
    from .evaluate import read_documents

    if arguments.samples < 1:
        raise ValueError(f"--samples must be 1 or more, found {arguments.samples}")
    files, docs = read_documents(arguments.data, repair=arguments.repair)
    if not docs:
        raise ValueError(f"{', '.join(map(str, files))}: no documents to compare on")
    texts = [d.text for d in docs]
    predictions = []
    for name in (arguments.a, arguments.b):
        labeler = load(None if name == "embedded" else name, device=arguments.device)
        predictions.append(list(labeler.predict_many(texts, min_score=arguments.min_score)))
    report = {
        "a": arguments.a,
        "b": arguments.b,
        "data": [str(f) for f in files],
        **compare(docs, *predictions, samples=arguments.samples, seed=arguments.seed),
    }
    if arguments.output:
        write_whole(arguments.output, json.dumps(report, ensure_ascii=False, indent=1))
    table = f"A: {arguments.a}\nB: {arguments.b}\n{comparison_table(report)}"
    print(json.dumps(report, ensure_ascii=False, indent=1) if arguments.json else table)
    return 0
