"""``adwar data``: compile the authors' markup, check annotated files, print what they are like."""

from __future__ import annotations

import argparse
from typing import Any


def register(subparsers: Any) -> None:
    p = subparsers.add_parser("data", help="compile, check and describe annotated documents")
    parts = p.add_subparsers(dest="part", metavar="PART", required=True)
    kinds = "JSON Lines, markup in .txt, or a folder: its .jsonl, or where it has none its .txt"

    c = parts.add_parser("compile", help="compile markup to train.jsonl, dev.jsonl and test.jsonl")
    c.add_argument("--markup", help="folder with the authors' .txt files (default: the project's own)")
    c.add_argument("--out", help="folder to write the splits into (default: the project's own)")
    c.set_defaults(run=run_compile)

    c = parts.add_parser("check", help="list every fault; status 1 if there is one")
    c.add_argument("inputs", nargs="+", metavar="FILE_OR_FOLDER", help=kinds)
    c.set_defaults(run=run_check)

    c = parts.add_parser("stats", help="print sizes, coverage, roles and variety")
    c.add_argument("inputs", nargs="+", metavar="FILE_OR_FOLDER", help=kinds)
    c.add_argument(
        "--against",
        nargs="+",
        metavar="FILE",
        default=[],
        help="a second set beside it; its spans that break words are widened",
    )
    c.add_argument("--json", metavar="FILE", help="write the figures here too")
    c.add_argument("--card", metavar="FILE", help="put the figures between the markers of this data card")
    c.set_defaults(run=run_stats)


def run_compile(arguments: argparse.Namespace) -> int:
    from ..data.build import MARKUP, compile_corpus
    from ..data.splits import CORPUS

    sizes = compile_corpus(arguments.markup or MARKUP, arguments.out or CORPUS)
    print(", ".join(f"{split} {size}" for split, size in sizes.items()))
    return 0


def run_check(arguments: argparse.Namespace) -> int:
    from ..data.check import check_files, corpus_files, lines

    report = check_files(corpus_files(arguments.inputs))
    for line in lines(report):
        print(line)
    return 1 if report.faults else 0


def run_stats(arguments: argparse.Namespace) -> int:
    from ..data.check import corpus_files, read_documents
    from ..data.figures import comparison, plain, write_card
    from ..data.figures import tables as stats_tables
    from ..data.stats import compare, statistics

    files = corpus_files(arguments.inputs)
    by_file = {path: list(read_documents(path)) for path in files}
    docs = [doc for found in by_file.values() for doc in found]
    stats = statistics(docs)
    written: dict[str, Any] = {"files": [path.name for path in files], "figures": stats}
    tables = list(stats_tables(stats))
    if len(files) > 1:
        tables.insert(0, _sizes(by_file))
    if new := _unseen(by_file):
        tables.append(new)
    if arguments.against:
        others = corpus_files(arguments.against)
        theirs = [doc for path in others for doc in read_documents(path, repair=True)]
        rows = compare(docs, theirs)
        # the folder's name tells two train.jsonl apart; the whole path would be one machine's
        tables.append(comparison(rows, ", ".join("/".join(path.resolve().parts[-2:]) for path in others)))
        written |= {
            "against": statistics(theirs),
            "comparison": [
                {"figure": r.name, "ours": r.ours, "theirs": r.theirs, "ratio": r.ratio, "apart": r.apart} for r in rows
            ],
        }
    for title, rows_ in tables:
        for line in plain(title, rows_):
            print(line)
    if arguments.json:
        _write_json(arguments.json, written)
    if arguments.card:
        write_card(arguments.card, tables)
    return 0


def _sizes(by_file: dict[Any, list[Any]]) -> tuple[str, list[Any]]:
    from ..data.overlap import folded_words

    body = [
        (path.name, str(len(docs)), str(sum(len(folded_words(d.text)) for d in docs)), str(sum(map(_events, docs))))
        for path, docs in by_file.items()
    ]
    return "Files", [("file", "documents", "words", "events"), *body]


def _events(doc: Any) -> int:
    return len(doc.events)


def _unseen(by_file: dict[Any, list[Any]]) -> tuple[str, list[Any]] | None:
    from ..data.figures import number
    from ..data.overlap import unseen

    named = {path.name: docs for path, docs in by_file.items()}
    if not named.get("train.jsonl") or not named.get("test.jsonl"):
        return None
    body = [
        (row.role, str(row.surfaces), number(row.share), str(row.words), number(row.word_share))
        for row in unseen(named["train.jsonl"], named["test.jsonl"])
    ]
    head = ("role", "distinct mentions", "share unseen", "distinct words in them", "share unseen")
    return "Test mentions that train never shows", [head, *body]


def _write_json(path: str, value: Any) -> None:
    import json
    import os
    from pathlib import Path

    part = Path(path + ".part")
    part.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    os.replace(part, path)
