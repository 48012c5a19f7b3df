"""All that the project says of its speed, measured in one run: sides in turn (A, B, C, A, B, C …), medians, quartiles.

    make bench                                                  # everything, and docs/speed.md written anew
    python benchmarks/bench.py --raw FOLDER --real FOLDER       # with raw news in the mixed stream, and real reports
    python benchmarks/bench.py --only pipeline cold --rounds 3
    python benchmarks/bench.py --list                           # the measures, their sides, and minutes
    python benchmarks/bench.py --write                          # measure nothing, write the page from what is held

Give it a quiet machine: nothing else may run. Each side is a process of its own. After every process the figures are
kept (docs/figures/bench.json), so a run that was stopped goes on where it stood; a measure that is finished is run
again only with ``--again``, and one asked for with other settings begins anew.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from bench_measures import Measure, Options, measures, settings
from bench_page import draw, summary, write_page
from processes import machine

from adwar.data.whole_file import write_whole

ROOT = Path(__file__).resolve().parent.parent
HELD = ROOT / "docs" / "figures" / "bench.json"


def unfinished(held: Mapping[str, Any] | None, asked: dict[str, Any], measure: Measure) -> dict[str, Any]:
    """What is held of ``measure`` if it was asked for alike, else an empty record to fill."""
    alike = held is not None and held["settings"] == asked and set(held["sides"]) == set(measure.sides)
    if alike:
        assert held is not None
        return {**held, "sides": {name: list(found) for name, found in held["sides"].items()}}
    return {
        "title": measure.title,
        "settings": asked,
        "sides": {name: [] for name in measure.sides},
        "load": [],
        "minutes": 0.0,
    }


def run(name: str, measure: Measure, record: dict[str, Any], keep: Any) -> None:
    """The rounds that ``record`` lacks, one process after another; ``keep`` is called after each."""
    for number in range(measure.rounds):
        for side, go in measure.sides.items():
            if len(record["sides"][side]) > number:
                continue
            load, begun = os.getloadavg()[0], time.perf_counter()
            found = go()
            seconds = time.perf_counter() - begun
            record["sides"][side].append({key: round(float(value), 5) for key, value in found.items()})
            record["load"].append(round(load, 2))
            record["minutes"] = round(record["minutes"] + seconds / 60, 3)
            keep()
            told = ", ".join(f"{key} {value:.4g}" for key, value in list(found.items())[:5])
            print(f"{name} {number + 1}/{measure.rounds} {side}: {told} ({seconds:.0f} s)", flush=True)


def read(file: Path) -> dict[str, Any]:
    return json.loads(file.read_text(encoding="utf-8")) if file.exists() else {"measures": {}}


def parser() -> argparse.ArgumentParser:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--only", nargs="+", metavar="MEASURE", help="these measures (--list names them)")
    p.add_argument("--list", action="store_true", help="name measures, sides and minutes, and end")
    p.add_argument("--again", action="store_true", help="also those that are finished")
    p.add_argument("--write", action="store_true", help="write docs/speed.md and its plot from the figures, and end")
    p.add_argument("--json", type=Path, default=HELD, help=f"the figures (default {HELD.relative_to(ROOT)})")
    p.add_argument("--rounds", type=int, default=Options.rounds, help="of the quick measures (default 4, the others 3)")
    p.add_argument("--documents", type=int, default=Options.documents, help="conflict reports a pass (default 40)")
    p.add_argument("--memory-documents", type=int, default=Options.memory_documents, help="short ones (default 5000)")
    p.add_argument("--threads", type=int, default=Options.threads, help="of each side (default: the machine's cores)")
    p.add_argument("--real", metavar="FOLDER", help="annotated real reports (.jsonl) beside our test split's")
    p.add_argument("--raw", metavar="FOLDER", help="raw news for the mixed stream, as train/gate.py takes it")
    return p


def main() -> None:
    command = parser()
    asked = command.parse_args()
    options = Options(**{f.name: getattr(asked, f.name) for f in fields(Options)})
    if asked.write:
        report = read(asked.json)
        print(f"written: {write_page(report)}" + (f", {file}" if (file := draw(report)) else ""))
        return
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        todo = measures(Path(folder), options)
        if unknown := set(asked.only or ()) - set(todo):
            command.error(f"unknown: {', '.join(sorted(unknown))}; there are {', '.join(todo)}")
        names = [name for name in todo if name in (asked.only or todo)]
        if asked.list:
            for name in names:
                print(f"{name:10} about {todo[name].minutes:g} minutes: {todo[name].title}")
                print(f"{'':10} {todo[name].rounds} rounds of " + "; ".join(todo[name].sides))
            return
        report = read(asked.json)
        for name in names:
            here = machine()
            held = None if asked.again else report["measures"].get(name)
            record = unfinished(held, settings(name, options, here), todo[name])
            report["machine"], report["measures"][name] = here, record

            def keep() -> None:
                write_whole(asked.json, json.dumps(report, ensure_ascii=False, indent=1) + "\n")

            run(name, todo[name], record, keep)
    print(summary(report))


if __name__ == "__main__":
    main()
