"""Measures the embedded model and writes every figure that the README, the model card and docs/quality.md show.

    python benchmarks/measure_embedded.py --real FOLDER [--raw FOLDER] [--gsr FOLDER] [--training FILE …]

FOLDER holds dev.jsonl and dev2.jsonl, real reports that are not in the repository; --raw is a folder of raw text, of
which 300 reports without attack words are read (is anything found where nothing is?); --gsr is the folder of the Arabic
event gold-standard records; --training tells mentions seen in these documents from unseen ones. Writes
model/embedded/evaluation.json, which holds no word of any text, model/embedded/README.md and the figures in README.md
and README.ar.md.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import readme_figures

import adwar
from adwar.data.jsonl import read_jsonl
from adwar.data.rawtext import documents
from adwar.data.schema import Document
from adwar.data.splits import CORPUS
from adwar.data.standoff import split_title
from adwar.data.whole_file import write_whole
from adwar.eval.gsr_set import read_set, score_set
from adwar.eval.whole import whole_report
from adwar.model.counts import read_count
from adwar.model.loading import EMBEDDED
from adwar.train.card import EVALUATION, card
from adwar.train.contamination import conflict_share

#: What the file says that is not measured: kept from one measurement to the next.
TOLD = ("load", "home", "limits")


def quiet(labeler: Any, raw: str, number: int = 300) -> dict[str, int]:
    """How many of ``number`` newspaper reports with hardly an attack word (share under 0.004) get a frame."""
    texts = [
        split_title(d)[1]
        for d in documents(raw)
        if d.source == "sanad_khaleej" and conflict_share(d.text) < 0.004 and 60 <= len(d.text.split()) <= 400
    ]
    picked = random.Random(7).sample(texts, number)
    found = [bool(p.frames) for p in labeler.predict_many(picked)]
    return {"documents": number, "with a frame": sum(found)}


def coders(labeler: Any, folder: str | None, held: Mapping[str, Any]) -> dict[str, Any]:
    """``{"gsr": …}`` of the records in ``folder``; without it, or where it is not there, what ``held`` has of it."""
    before = {"gsr": held["gsr"]} if "gsr" in held else {}
    if not folder:
        return before
    if not Path(folder).is_dir():
        print(f"{folder} is not here: the gold-standard records were skipped, figures of before are kept")
        return before
    return {"gsr": score_set(Path(folder).name, *read_set(folder), lambda texts: list(labeler.predict_many(texts)))}


def measure(labeler: Any, sets: Mapping[str, Path], training: Sequence[Document] = ()) -> dict[str, Any]:
    """The whole report of each set, without a word of its texts."""
    reports = {}
    for name, path in sets.items():
        docs = list(read_jsonl(path, repair=True))
        found = list(labeler.predict_many([d.text for d in docs]))
        reports[name] = whole_report(docs, found, read=read_count, training=training)
        print(name, f"{reports[name]['spans']['strict']['micro']['f1']:.4f}")
    return reports


def main(argv: Sequence[str] | None = None, *, folder: Path = EMBEDDED) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--real", required=True)
    parser.add_argument("--raw")
    parser.add_argument("--gsr", metavar="FOLDER")
    parser.add_argument("--training", nargs="*", default=[], metavar="FILE")
    parser.add_argument("--data", nargs="*", help="what it was trained on, a line each")
    arguments = parser.parse_args(argv)
    labeler = adwar.load()
    sets = {
        "real news, development set": Path(arguments.real) / "dev.jsonl",
        "real news, second set (only reported)": Path(arguments.real) / "dev2.jsonl",
        "our corpus, test split (a world of its own)": CORPUS / "test.jsonl",
    }
    file = folder / EVALUATION
    held = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    report = {"name": "adwar embedded model", **{key: held[key] for key in TOLD if key in held}}
    training = [doc for name in arguments.training for doc in read_jsonl(name, repair=True)]
    report |= {"sets": measure(labeler, sets, training), "data": arguments.data or held.get("data", [])}
    report |= coders(labeler, arguments.gsr, held)
    if arguments.raw:
        report["quiet"] = quiet(labeler, arguments.raw)
        print(report["quiet"])
    elif "quiet" in held:
        report["quiet"] = held["quiet"]
    write_whole(file, json.dumps(report, ensure_ascii=False, indent=1))
    write_whole(folder / "README.md", card(folder))
    if folder == EMBEDDED:
        readme_figures.main()


if __name__ == "__main__":
    main()
