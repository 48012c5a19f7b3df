"""``adwar eval``: score a model on a split or file, per role and by frames; or against several coders of one set."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from .device import add_device


def register(subparsers: Any) -> None:
    p = subparsers.add_parser(
        "eval",
        help="score a model on annotated documents",
        description="Example: adwar eval --data mine-test.jsonl --model runs/mine --html report.html",
    )
    p.add_argument("--model", help="model folder (default: the embedded model)")
    add_device(p)
    p.add_argument("--data", nargs="+", help="train, dev or test of our corpus, or JSON Lines files")
    p.add_argument(
        "--gsr",
        metavar="PATH",
        help="score on the Arabic event gold-standard records: a folder or file of theirs (coders, attack or none)",
    )
    p.add_argument(
        "--repair", action="store_true", help="widen gold spans that begin inside a word, instead of refusing"
    )
    p.add_argument("--min-score", type=float, default=0.0)
    p.add_argument("--errors", metavar="FILE", help="write every error with its sentence here (.json or .txt)")
    p.add_argument("--slices", action="store_true", help="print scores by length, position, writing of counts …")
    p.add_argument("--training", nargs="+", metavar="FILE", help="tell mentions seen in these documents from unseen")
    p.add_argument("--calibration", action="store_true", help="print the reliability of the scores, by role")
    p.add_argument("--output", metavar="FILE", help="write the whole evaluation as JSON ('adwar report' reads it)")
    p.add_argument("--no-texts", action="store_true", help="leave every word of the documents out of --output")
    p.add_argument("--html", metavar="FILE", help="write one self-contained page: figures, and the texts with errors")
    p.add_argument("--markdown", metavar="FILE", help="write the figures as Markdown")
    p.add_argument("--curve", metavar="FILE", help="show this learning curve (JSON of 'adwar curve') in --html")
    p.add_argument("--card", action="store_true", help="write evaluation.json and README.md into the model folder")
    p.add_argument("--json", action="store_true", help="print the JSON report instead of the table")
    p.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    import json

    from ..data.whole_file import write_whole
    from ..eval.whole import without_texts
    from ..model.loading import load

    _check(arguments)
    files, docs = read_documents(arguments.data or [], repair=arguments.repair)
    if arguments.data and not docs:
        raise ValueError(f"{', '.join(map(str, files))}: no documents to score")
    _, training = read_documents(arguments.training or [], repair=arguments.repair)
    coded = _coded(arguments.gsr) if arguments.gsr else None
    labeler = load(arguments.model, device=arguments.device)
    report: dict[str, Any] = {"model": arguments.model or "embedded", "data": [str(f) for f in files]}
    blocks: list[str] = []
    if arguments.data:
        predictions = list(labeler.predict_many([d.text for d in docs], min_score=arguments.min_score))
        more, blocks = _scores(arguments, docs, predictions, training)
        report |= more
    if coded:
        from ..eval.gsr_set import score_set, set_table

        report["gsr"] = score_set(
            Path(arguments.gsr).name,
            *coded,
            lambda texts: list(labeler.predict_many(texts, min_score=arguments.min_score)),
        )
        blocks.append(set_table(report["gsr"]))
    shown = without_texts(report) if arguments.no_texts else report
    if arguments.output:
        write_whole(arguments.output, json.dumps(shown, ensure_ascii=False, indent=1))
    if arguments.data:
        from .report import write_reports

        write_reports([(", ".join(f.name for f in files), report)], arguments, held=report)
    if arguments.card:
        _write_card(Path(arguments.model), files, report)
    figures = {key: value for key, value in shown.items() if key != "texts"}
    print(json.dumps(figures, ensure_ascii=False, indent=1) if arguments.json else "\n\n".join(blocks))
    return 0


def _check(arguments: argparse.Namespace) -> None:
    if not arguments.data and not arguments.gsr:
        raise ValueError("eval needs --data (annotated documents) or --gsr (records of several coders), or both")
    if arguments.errors and Path(arguments.errors).suffix.lower() not in (".json", ".txt"):
        raise ValueError(f"--errors {arguments.errors}: the name must end in .json or .txt")
    asked = ("errors", "slices", "calibration", "training", "html", "markdown", "card")
    if not arguments.data and any(getattr(arguments, name) for name in asked):
        raise ValueError(f"{', '.join(f'--{name}' for name in asked)} need --data")
    if arguments.card and not arguments.model:
        raise ValueError("--card writes into the model folder: name it with --model")
    if arguments.curve and not arguments.html:
        raise ValueError("--curve is shown in --html; give both")


def read_documents(names: Iterable[str], *, repair: bool = False) -> tuple[list[Path], list[Any]]:
    """(files, their documents) of names of splits or files."""
    from ..data.jsonl import read_jsonl
    from ..data.splits import split_file

    files = [Path(split_file(name)) for name in names]
    return files, [doc for file in files for doc in read_jsonl(file, repair=repair)]


def _coded(name: str) -> tuple[list[Any], list[Any]]:
    from ..eval.gsr_set import read_set

    return read_set(name)


def _scores(
    arguments: argparse.Namespace, docs: Sequence[Any], predictions: Sequence[Any], training: Sequence[Any]
) -> tuple[dict[str, Any], list[str]]:
    """The report's keys and the blocks of text to print."""
    from ..eval.report import table
    from ..eval.whole import whole_report
    from ..model.counts import read_count

    report = whole_report(docs, predictions, read=read_count, training=training, texts=True)
    blocks = [table(report) + "\n" + _frame_lines(report)]
    if arguments.slices or arguments.training:
        from ..eval.slices import slices_table

        blocks.append(slices_table(report["slices"]))
    if arguments.calibration:
        from ..eval.calibration import calibration_table

        blocks.append(calibration_table(report["calibration"]))
    if arguments.errors:
        _write_errors(arguments.errors, docs, predictions)
    return report, blocks


def _frame_lines(report: dict[str, Any]) -> str:
    ree, rme, values = report["ceaf"]["REE"]["micro"], report["ceaf"]["RME"], report["count values"]
    low, high = ree["interval"]
    return (
        f"CEAF-REE {ree['f1']:.3f} ({low:.3f}–{high:.3f}); CEAF-RME phi3 {rme['phi3-entity']['f1']:.3f} (entities), "
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


def _write_card(folder: Path, files: Sequence[Path], report: dict[str, Any]) -> None:
    """The sets of these names are measured anew; what else the folder's evaluation says (its data, its name) stays."""
    import json

    from ..data.whole_file import write_whole
    from ..eval.whole import without_texts
    from ..train.card import EVALUATION, card

    file = folder / EVALUATION
    held = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    held = {"name": folder.name, "data": ["not told"], **held}
    fresh = {k: v for k, v in without_texts(report).items() if k not in ("model", "data", "gsr")}
    held |= {"gsr": report["gsr"]} if "gsr" in report else {}
    held["sets"] = {**held.get("sets", {}), ", ".join(f.stem for f in files): fresh}
    write_whole(file, json.dumps(held, ensure_ascii=False, indent=1))
    write_whole(folder / "README.md", card(folder))
