"""Measures the embedded model and writes every figure that the README, the model card and docs/quality.md show.

    python benchmarks/measure_embedded.py --real FOLDER [--raw FOLDER] [--gsr FILE]

FOLDER holds dev.jsonl and dev2.jsonl, real reports that are not in the repository; --raw is a folder of raw text, of
which 300 reports without attack words are read (is anything found where nothing is?). Writes
model/embedded/evaluation.json, model/embedded/README.md and the figures in README.md.
"""

from __future__ import annotations

import argparse
import json
import random
from pathlib import Path

import adwar
from adwar.data.jsonl import read_jsonl
from adwar.data.rawtext import documents
from adwar.data.splits import CORPUS
from adwar.data.standoff import split_title
from adwar.eval.report import evaluate
from adwar.model.labeler import EMBEDDED
from adwar.train.card import EVALUATION, card, insert, table
from adwar.train.contamination import conflict_share

ROOT = Path(__file__).resolve().parent.parent


def quiet(labeler: adwar.Labeler, raw: str, number: int = 300) -> dict[str, int]:
    """How many of ``number`` newspaper reports with hardly an attack word (share under 0.004) get a frame."""
    texts = [
        split_title(d)[1]
        for d in documents(raw)
        if d.source == "sanad_khaleej" and conflict_share(d.text) < 0.004 and 60 <= len(d.text.split()) <= 400
    ]
    picked = random.Random(7).sample(texts, number)
    found = [bool(p.frames) for p in labeler.predict_many(picked)]
    return {"documents": number, "with a frame": sum(found)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--real", required=True)
    parser.add_argument("--raw")
    parser.add_argument("--data", nargs="*", help="what it was trained on, a line each")
    arguments = parser.parse_args()
    labeler = adwar.load()
    sets = {
        "real news, development set": Path(arguments.real) / "dev.jsonl",
        "real news, second set (only reported)": Path(arguments.real) / "dev2.jsonl",
        "our corpus, test split (a world of its own)": CORPUS / "test.jsonl",
    }
    file = EMBEDDED / EVALUATION
    held = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    told = {key: held[key] for key in ("load", "home", "limits") if key in held}
    report = {"name": "adwar embedded model", **told, "sets": {}, "data": arguments.data or held.get("data", [])}
    for name, path in sets.items():
        docs = list(read_jsonl(path, repair=True))
        report["sets"][name] = evaluate(docs, list(labeler.predict_many([d.text for d in docs])))
        print(name, f"{report['sets'][name]['spans']['strict']['micro']['f1']:.4f}")
    if arguments.raw:
        report["quiet"] = quiet(labeler, arguments.raw)
        print(report["quiet"])
    file.write_text(json.dumps(report, ensure_ascii=False, indent=1), encoding="utf-8")
    (EMBEDDED / "README.md").write_text(card(EMBEDDED), encoding="utf-8")
    shown = []
    for name in list(sets)[:2]:
        shown += [f"**{name}** ({report['sets'][name]['documents']} reports)", "", *table(report["sets"][name]), ""]
    insert(ROOT / "README.md", "\n".join(shown).rstrip())


if __name__ == "__main__":
    main()
