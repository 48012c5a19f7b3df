"""``adwar eval``: score a model on a split or file, per role and by frames; or against several coders of one set."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any


def register(subparsers: Any) -> None:
    p = subparsers.add_parser("eval", help="score a model on annotated documents")
    p.add_argument("--model", help="model folder (default: the embedded model)")
    p.add_argument("--data", nargs="+", help="train, dev or test of our corpus, or JSON Lines files")
    p.add_argument("--gsr", metavar="FILE", help="compare with the coders of the Arabic event gold-standard records")
    p.add_argument(
        "--repair", action="store_true", help="widen gold spans that begin inside a word, instead of refusing"
    )
    p.add_argument("--min-score", type=float, default=0.0)
    p.add_argument("--errors", metavar="FILE", help="write every error with its sentence here (.json or .txt)")
    p.add_argument("--slices", action="store_true", help="scores by length, position, writing of counts, theatre …")
    p.add_argument("--training", nargs="+", metavar="FILE", help="with --slices: tell seen from unseen mentions")
    p.add_argument("--calibration", action="store_true", help="reliability of the scores, by role")
    p.add_argument("--output", help="write the JSON report here")
    p.add_argument("--json", action="store_true", help="print the JSON report instead of the table")
    p.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    import json

    from ..data.whole_file import write_whole
    from ..model.labeler import load

    if not arguments.data and not arguments.gsr:
        raise ValueError("eval needs --data (annotated documents) or --gsr (a file of several coders), or both")
    if arguments.errors and Path(arguments.errors).suffix.lower() not in (".json", ".txt"):
        raise ValueError(f"--errors {arguments.errors}: the name must end in .json or .txt")
    if not arguments.data and (arguments.errors or arguments.slices or arguments.calibration):
        raise ValueError("--errors, --slices and --calibration need --data")
    if arguments.training and not arguments.slices:
        raise ValueError("--training is for --slices; give both")
    files, docs = read_documents(arguments.data or [], repair=arguments.repair)
    _, training = read_documents(arguments.training or [], repair=arguments.repair)
    records = _records(arguments.gsr) if arguments.gsr else []
    labeler = load(arguments.model)
    report: dict[str, Any] = {"model": arguments.model or "embedded", "data": [str(f) for f in files]}
    blocks: list[str] = []
    if arguments.data:
        predictions = list(labeler.predict_many([d.text for d in docs], min_score=arguments.min_score))
        more, blocks = _scores(arguments, docs, predictions, training)
        report |= more
    if arguments.gsr:
        from ..eval.gsr import agreement, agreement_table

        read = list(labeler.predict_many([r.text for r in records], min_score=arguments.min_score))
        report["gsr"] = {"file": arguments.gsr, **agreement(records, read)}
        blocks.append(agreement_table(report["gsr"]))
    if arguments.output:
        write_whole(arguments.output, json.dumps(report, ensure_ascii=False, indent=1))
    print(json.dumps(report, ensure_ascii=False, indent=1) if arguments.json else "\n\n".join(blocks))
    return 0


def read_documents(names: Iterable[str], *, repair: bool = False) -> tuple[list[Path], list[Any]]:
    """(files, their documents) of names of splits or files."""
    from ..data.jsonl import read_jsonl
    from ..data.splits import split_file

    files = [Path(split_file(name)) for name in names]
    return files, [doc for file in files for doc in read_jsonl(file, repair=repair)]


def _records(name: str) -> list[Any]:
    from ..eval.gsr import read_gsr

    return list(read_gsr(name))


def _scores(
    arguments: argparse.Namespace, docs: Sequence[Any], predictions: Sequence[Any], training: Sequence[Any]
) -> tuple[dict[str, Any], list[str]]:
    """The report's keys and the blocks of text to print."""
    from ..eval.ceaf import score_ceaf
    from ..eval.counts import count_values
    from ..eval.report import evaluate, table
    from ..model.counts import read_count

    frames = [p.frames for p in predictions]
    report = evaluate(docs, predictions)
    report["ceaf"] = score_ceaf(docs, frames)
    report["count values"] = count_values(docs, frames, read_count)
    blocks = [table(report) + "\n" + _frame_lines(report)]
    if arguments.slices:
        from ..eval.slices import slices, slices_table

        report["slices"] = slices(docs, predictions, training)
        blocks.append(slices_table(report["slices"]))
    if arguments.calibration:
        from ..eval.calibration import calibration, calibration_table

        report["calibration"] = calibration(docs, predictions)
        blocks.append(calibration_table(report["calibration"]))
    if arguments.errors:
        _write_errors(arguments.errors, docs, predictions)
    return report, blocks


def _frame_lines(report: dict[str, Any]) -> str:
    ree, rme, values = report["ceaf"]["REE"]["micro"], report["ceaf"]["RME"], report["count values"]
    return (
        f"CEAF-REE {ree['f1']:.3f}; CEAF-RME phi3 {rme['phi3-entity']['f1']:.3f} (entities), "
        f"{rme['phi3-mention']['f1']:.3f} (mentions), subset {rme['phi-subset']['f1']:.3f}\n"
        f"count values: {values['exact']} of {values['readable']} exact, {values['within']} within range"
    )


def _write_errors(name: str, docs: Sequence[Any], predictions: Sequence[Any]) -> None:
    import json

    from ..data.whole_file import write_whole
    from ..eval.error_text import listing
    from ..eval.errors import error_report

    report = error_report(docs, [p.spans for p in predictions])
    as_json = Path(name).suffix.lower() == ".json"
    write_whole(name, json.dumps(report, ensure_ascii=False, indent=1) if as_json else listing(report) + "\n")
