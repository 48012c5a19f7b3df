"""``adwar annotate``: read reports and write what was found in the format of another tool, for people to correct.

Predictions become documents of our schema (`adwar.model.gold`), so every format that holds documents takes them; Label
Studio and doccano get the scores beside. The loop from here to a better model: docs/loop.md.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator
from typing import Any

from .device import add_device


def register(subparsers: Any) -> None:
    p = subparsers.add_parser(
        "annotate",
        help="read reports and write the events found for Label Studio, doccano, brat, spaCy, a table …",
        description="Reads .txt, .jsonl, .csv or '-'; formats: docs/formats.md. What a record says beside its text "
        "and id (title, date, outlet) is kept as title and meta.",
    )
    p.add_argument("inputs", nargs="+", metavar="INPUT", help=".txt, .jsonl or .csv; '-': standard input")
    p.add_argument("output", metavar="OUTPUT", help="a file, or a new folder for brat; appears whole or not at all")
    p.add_argument("--to", dest="target_format", metavar="F", help="the output's format, where its name doesn't say")
    p.add_argument("--model", help="model folder (default: the embedded model)")
    add_device(p)
    p.add_argument("--min-score", type=float, default=0.0, help="leave out spans and frames below this score")
    p.add_argument("--uncertain-first", action="store_true", help="reports with the least certain span first")
    p.add_argument("--text-column", default="text", help="the key or column that holds the text (default: text)")
    p.add_argument("--id-column", default="id", help="the key or column that names the report (default: id)")
    p.add_argument("--utf16", action=argparse.BooleanOptionalAction, help="doccano, Label Studio: see data convert")
    p.add_argument("--graphemes", action="store_true", default=None, help="doccano: see data convert")
    p.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    from pathlib import Path

    from ..data.formats.convert import FORMATS, named, options_of
    from ..data.formats.convert import guess_output as guess
    from ..model.acled import write_acled

    if not 0.0 <= arguments.min_score <= 1.0:
        raise ValueError(f"--min-score {arguments.min_score}: a number from 0 to 1 is expected")
    if arguments.graphemes and arguments.utf16 is not None:
        raise ValueError("--graphemes and --utf16 say different things; give one")
    for name in arguments.inputs:
        if name != "-" and not Path(name).exists():
            raise ValueError(f"{name}: no such file")
    kind = arguments.target_format or guess(Path(arguments.output), "")
    options = {k: v for k in ("utf16", "graphemes") if (v := getattr(arguments, k)) is not None}
    found = _predictions(arguments)
    if kind == "acled":
        written, lost = write_acled(_frames(found), arguments.output), Counter[str]()
    else:
        writer = named(kind).write
        if writer is None:
            raise ValueError(f"{kind} is read only; write one of {', '.join(n for n, f in FORMATS.items() if f.write)}")
        scores: dict[str, dict[tuple[int, int], float]] = {}
        lost = Counter()
        known = options_of(kind, options, arguments.output)
        if kind in ("label-studio", "doccano"):
            known["scores"] = scores
        if kind == "label-studio":
            known["predictions"] = True
        docs = _documents(found, scores, lost)
        written = writer(_by_doubt(docs, scores) if arguments.uncertain_first else docs, arguments.output, **known)
    written.lost.update(lost)
    if warning := written.warning(kind):
        print(f"adwar: warning: {warning}", file=sys.stderr)
    print(f"{written.documents} reports, predicted to {kind}: {arguments.output}")
    return 0


def _predictions(arguments: argparse.Namespace) -> Iterator[tuple[str, dict[str, Any], Any]]:
    """(id, what else its record says, prediction) of every report, streamed."""
    from ..data.inputs import read_reports
    from ..model.loading import load

    labeler = load(arguments.model, device=arguments.device)
    held: list[tuple[str, dict[str, Any]]] = []

    def texts() -> Iterator[str]:
        for identity, text, beside in read_reports(arguments.inputs, arguments.text_column, arguments.id_column):
            held.append((identity, beside))
            yield text

    for number, prediction in enumerate(labeler.predict_many(texts(), min_score=arguments.min_score)):
        yield *held[number], prediction


def meta_of(beside: dict[str, Any]) -> dict[str, Any]:
    """The meta of a report: its record's ``meta``, and every other plain value that it says."""
    meta = beside.get("meta")
    plain = {k: v for k, v in beside.items() if k and k != "title" and isinstance(v, str | int | float | bool)}
    return {**plain, **(meta if isinstance(meta, dict) else {})}


def _documents(
    found: Iterator[tuple[str, dict[str, Any], Any]],
    scores: dict[str, dict[tuple[int, int], float]],
    lost: Counter[str],
) -> Iterator[Any]:
    from ..model.gold import document_of

    for identity, beside, prediction in found:
        title, meta = str(beside.get("title") or ""), meta_of(beside)
        doc, scores[identity] = document_of(prediction, identity, title=title, meta=meta, lost=lost)
        yield doc


def _frames(found: Iterator[tuple[str, dict[str, Any], Any]]) -> Iterator[Any]:
    for identity, beside, prediction in found:
        yield identity, prediction.text, prediction.frames, meta_of(beside)


def _by_doubt(docs: Iterator[Any], scores: dict[str, dict[tuple[int, int], float]]) -> list[Any]:
    return sorted(docs, key=lambda doc: min(scores[doc.id].values(), default=1.0))
