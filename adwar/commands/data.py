"""``adwar data``: compile the authors' markup, check annotated files, print what they are like, convert them."""

from __future__ import annotations

import argparse
from typing import Any


def register(subparsers: Any) -> None:
    p = subparsers.add_parser("data", help="compile, check, describe and convert annotated documents")
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

    formats = "jsonl, markup, brat, doccano, label-studio, conll, csv, parquet, spacy, "
    formats += "plover and acled (written only), gsr (read only)"
    c = parts.add_parser(
        "convert",
        help="from one format to another",
        description=f"Formats: {formats}. What each holds: docs/formats.md",
    )
    c.add_argument("input", metavar="INPUT", help="a file, or brat's folder")
    c.add_argument("output", metavar="OUTPUT", help="a file, or a new folder for brat; appears whole or not at all")
    c.add_argument("--from", dest="source_format", metavar="F", help="the input's format, where it can't be guessed")
    c.add_argument("--to", dest="target_format", metavar="F", help="the output's format, where it can't be guessed")
    c.add_argument("--repair", action="store_true", help="mend what can be mended and tell it, not refuse it")
    c.add_argument(
        "--utf16",
        action=argparse.BooleanOptionalAction,
        help="doccano, Label Studio: offsets count UTF-16 units (default: doccano yes, Label Studio no)",
    )
    c.add_argument(
        "--graphemes", action="store_true", default=None, help="doccano: the project counts grapheme clusters as one"
    )
    c.add_argument(
        "--predictions",
        action="store_true",
        default=None,
        help="Label Studio: predictions for people to correct, instead of annotations",
    )
    c.set_defaults(run=run_convert)


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
        import json

        from ..data.whole_file import write_whole

        write_whole(arguments.json, json.dumps(written, ensure_ascii=False, indent=1) + "\n")
    if arguments.card:
        write_card(arguments.card, tables)
    return 0


def run_convert(arguments: argparse.Namespace) -> int:
    import sys

    from ..data.formats import convert

    if arguments.graphemes and arguments.utf16 is not None:
        raise ValueError("--graphemes and --utf16 say different things; give one")
    come, go, read, written = (_to_acled if arguments.target_format == "acled" else convert)(
        arguments.input,
        arguments.output,
        source_format=arguments.source_format,
        target_format=arguments.target_format,
        repair=arguments.repair,
        utf16=arguments.utf16,
        graphemes=arguments.graphemes,
        predictions=arguments.predictions,
    )
    for line in read.repaired:
        print(f"adwar: repaired: {line}", file=sys.stderr)
    for warning in (read.warning("an annotated document"), written.warning(go)):
        if warning:
            print(f"adwar: warning: {warning}", file=sys.stderr)
    print(f"{written.documents} documents, {come} to {go}: {arguments.output}")
    return 0


def _to_acled(source: str, target: str, **how: Any) -> tuple[str, str, Any, Any]:
    """As `convert`, to the table that needs what the model's half knows: numbers read and names brought to form."""
    from pathlib import Path

    from ..data.errors import DataError
    from ..data.formats import Report
    from ..data.formats.convert import guess_input, named, options_of
    from ..model.acled import write_acled
    from ..model.gold import frames_of_document

    if Path(source).resolve() == Path(target).resolve():
        raise DataError("input and output are the same", file=source)
    come = how["source_format"] or guess_input(Path(source))
    reader, told = named(come).read, Report()
    if reader is None:
        raise DataError(f"{come} is written only; see docs/formats.md", file=source)
    given = {k: v for k in ("utf16", "graphemes", "predictions") if (v := how[k]) is not None}
    docs = reader(source, repair=how["repair"], report=told, **options_of(come, given, source))
    written = write_acled(((d.id, d.text, frames_of_document(d), d.meta) for d in docs), target)
    return come, "acled", told, written


def _sizes(by_file: dict[Any, list[Any]]) -> tuple[str, list[Any]]:
    from ..data.figures import number
    from ..data.overlap import folded_words

    every = sum(map(len, by_file.values()))
    body = [
        (
            path.name,
            str(len(docs)),
            number(len(docs) / max(every, 1)),
            str(sum(len(folded_words(d.text)) for d in docs)),
            str(sum(len(d.events) for d in docs)),
        )
        for path, docs in by_file.items()
    ]
    return "Files", [("file", "documents", "share", "words", "events"), *body]


def _unseen(by_file: dict[Any, list[Any]]) -> tuple[str, list[Any]] | None:
    from ..data.figures import number
    from ..data.overlap import unseen

    named = {path.name: docs for path, docs in by_file.items()}
    if not named.get("train.jsonl") or not named.get("test.jsonl"):
        return None
    train, test = named["train.jsonl"], named["test.jsonl"]
    body = [
        (row.role, str(row.surfaces), number(row.share), str(row.words), number(row.word_share))
        for row in unseen(train, test)
    ]
    known, theirs = ({str(d.meta["theatre"]) for d in docs if d.meta.get("theatre")} for docs in (train, test))
    if theirs:
        body.append(("theatre", str(len(theirs)), number(len(theirs - known) / len(theirs)), "–", "–"))
    head = ("role", "distinct mentions", "share unseen", "distinct words in them", "share unseen")
    return "Test mentions that train never shows", [head, *body]
