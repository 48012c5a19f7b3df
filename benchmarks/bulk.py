"""Speed, memory and start of bulk extraction. Prints tables and, with ``--json``, writes the figures.

    python benchmarks/bulk.py [--raw FOLDER] [--documents 200] [--json docs/figures/bulk.json]

Every run is ``adwar extract`` in a process of its own. "A core-second" counts processor time of all its processes, so
that the figures hold on a machine that is busy with other things; seconds by the clock do so only on an idle one.
Reports of 30, 150 and 2,000 words are made from our corpus. The mixed stream has 5% reports of attacks; the others are
raw news from ``--raw`` that the gate never learnt from (without it, quiet reports of our corpus, which are harder).
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from processes import Run, machine, measured

from adwar.data.jsonl import read_jsonl
from adwar.data.splits import CORPUS

LENGTHS = (30, 150, 2000)
CONFLICT = 0.05
START = "import time; a = time.perf_counter(); import adwar; b = time.perf_counter(); labeler = adwar.load()"
FIRST = "; c = time.perf_counter(); labeler.predict(open('examples/article.txt', encoding='utf-8').read())"
TOLD = "; d = time.perf_counter(); print(b - a, c - b, d - c)"


def reports(words: int, number: int) -> list[str]:
    """``number`` reports of about ``words`` words, cut or joined from our test split."""
    flow = " ".join(doc.text for doc in read_jsonl(CORPUS / "test.jsonl") if doc.events).split(" ")
    flow = flow * (words * number // len(flow) + 1)
    return [" ".join(flow[n * words : (n + 1) * words]) for n in range(number)]


def mixed(number: int, raw: str | None) -> list[str]:
    """A stream with `CONFLICT` of its reports telling of attacks."""
    attacks = [doc.text for doc in read_jsonl(CORPUS / "test.jsonl") if doc.events]
    quiet = _raw_news(raw) if raw else [d.text for d in read_jsonl(CORPUS / "test.jsonl") if not d.events]
    every = round(1 / CONFLICT)
    return [attacks[n // every % len(attacks)] if n % every == 0 else quiet[n % len(quiet)] for n in range(number)]


def _raw_news(raw: str) -> list[str]:
    """The fourth of the gate's sample that it did not learn from."""
    from adwar.train.gate import known_reports
    from adwar.train.gate_data import sample

    return [text for _, _, text in sample(raw, known_reports())[::4]]


class Bench:
    """Runs of ``adwar extract`` on texts, in a temporary folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def extract(self, texts: Sequence[str], *options: str, command: Sequence[str] | None = None) -> Run:
        source, out = self.folder / "in.jsonl", self.folder / "out.jsonl"
        with source.open("w", encoding="utf-8") as lines:
            lines.writelines(json.dumps({"text": text}, ensure_ascii=False) + "\n" for text in texts)
        head = command or [sys.executable, "-m", "adwar", "extract", "--quiet", "--restart"]
        return measured([*head, str(source), "-o", str(out), *options])

    def empty(self, *options: str) -> Run:
        """What it costs to begin and to end: one report of one word."""
        return self.extract(["خبر"], *options)


def rates(run: Run, empty: Run, number: int) -> dict[str, float]:
    """Documents a second by the clock (start included) and a core-second (start taken off), and what a million cost."""
    each = max(1e-9, run.core_seconds - empty.core_seconds) / number
    return {
        "documents": number,
        "by the clock, a second": round(number / run.seconds, 2),
        "a core-second": round(1 / each, 2),
        "core ms each": round(1000 * each, 2),
        "core-hours a million": round(1e6 * each / 3600, 2),
    }


def cold_start() -> dict[str, float]:
    """Seconds of import, load and first prediction, each the median of five processes."""
    found = []
    for _ in range(5):
        done = subprocess.run([sys.executable, "-c", START + FIRST + TOLD], capture_output=True, text=True, check=True)
        found.append([float(x) for x in done.stdout.split()])
    middle = [sorted(column)[2] for column in zip(*found, strict=True)]
    return dict(zip(("import", "load", "first prediction"), (round(m, 3) for m in middle), strict=True))


def _many(number: int) -> list[tuple[int, int]]:
    """(words, how many such reports) for runs of like duration, ``number`` being that of 150 words."""
    return [(words, max(8, round(number * min(4, 150 / words)))) for words in LENGTHS]


def lengths(bench: Bench, number: int) -> dict[str, Any]:
    """Rates by length of report, one worker, no gate."""
    options = ("--no-gate", "--workers", "1")
    empty = bench.empty(*options)
    found = {}
    for words, count in _many(number):
        found[f"{words} words"] = rates(bench.extract(reports(words, count), *options), empty, count)
    return found


def workers(bench: Bench, number: int) -> dict[str, Any]:
    """One worker of one thread, two of one, and one process whose labeler has two threads: the fastest of three runs
    each, taken in turn."""
    texts = reports(150, number)
    ways: dict[str, Callable[[Sequence[str]], Run]] = {
        "1 worker, 1 thread": lambda texts: bench.extract(texts, "--no-gate", "--workers", "1"),
        "2 workers, 1 thread each": lambda texts: bench.extract(texts, "--no-gate", "--workers", "2"),
        "1 process, 2 threads": lambda texts: bench.extract(texts, command=[sys.executable, __file__, "--two-threads"]),
    }
    runs: dict[str, list[Run]] = {name: [] for name in ways}
    for _ in range(3):
        for name, way in ways.items():
            runs[name].append(way(texts))
    best = {name: min(found, key=lambda run: run.seconds) for name, found in runs.items()}
    return {name: rates(best[name], way(["خبر"]), number) for name, way in ways.items()}


def gate(bench: Bench, number: int, raw: str | None) -> dict[str, Any]:
    """The mixed stream with the gate and without."""
    texts = mixed(number, raw)
    found = {}
    for name, options in {"gate": ("--workers", "1"), "no gate": ("--no-gate", "--workers", "1")}.items():
        found[name] = rates(bench.extract(texts, *options), bench.empty(*options), number)
    return found


def memory(bench: Bench, number: int) -> dict[str, Any]:
    """MB of all processes in each tenth of a run of one worker over many short reports, packed into small parts."""
    run = bench.extract(reports(30, number), "--no-gate", "--workers", "1")
    samples = run.memory
    tenths = [max(samples[len(samples) * i // 10 : len(samples) * (i + 1) // 10], default=0.0) for i in range(10)]
    return {"documents": number, "MB in each tenth": [round(t) for t in tenths]}


def two_threads(model: str | None) -> Any:
    from adwar.model.labeler import load

    return load(model, threads=2)


def run_two_threads(source: str, out: str) -> None:
    """The same run in this process, with a labeler of two threads."""
    from adwar.scale.assemble import Outputs
    from adwar.scale.job import Job
    from adwar.scale.run import run
    from adwar.scale.work import Setup

    run(Job(inputs=(source,), outputs=Outputs(events=out), setup=Setup(labeler=two_threads), workers=0, restart=True))


def gpu(number: int) -> dict[str, Any]:
    """The labeler in this process with ONNX Runtime on the GPU, by length. Raises SystemExit where it has none."""
    import onnxruntime

    from adwar.model.engine import OnnxEngine
    from adwar.model.labeler import EMBEDDED, load

    if "CUDAExecutionProvider" not in onnxruntime.get_available_providers():
        raise SystemExit("bulk.py: ONNX Runtime sees no GPU; pip install onnxruntime-gpu on a machine with one")
    labeler = load()
    labeler.engine = OnnxEngine(EMBEDDED, providers=["CUDAExecutionProvider"])
    return {f"{words} words": _by_the_clock(labeler, reports(words, many)) for words, many in _many(number)}


def _by_the_clock(labeler: Any, texts: list[str]) -> dict[str, float]:
    list(labeler.predict_many(texts[:8]))
    begun = time.perf_counter()
    list(labeler.predict_many(texts))
    seconds = time.perf_counter() - begun
    return {"documents": len(texts), "by the clock, a second": round(len(texts) / seconds, 2)}


def cluster(bench: Bench, number: int, address: str | None) -> dict[str, Any]:
    """The whole command on a Ray cluster, by length, its start taken off; and how many cores the cluster has."""
    import ray

    ray.init(address=address, logging_level="ERROR", log_to_driver=False)
    cores = int(ray.cluster_resources()["CPU"])
    ray.shutdown()
    options = ("--no-gate", "--engine", "ray", *(("--ray-address", address) if address else ()))
    found: dict[str, Any] = {"cores": cores}
    start = bench.extract(["خبر"], *options).seconds
    for words, many in _many(number):
        seconds = max(1e-9, bench.extract(reports(words, many), *options).seconds - start)
        found[f"{words} words"] = {"documents": many, "by the clock, a second": round(many / seconds, 2)}
    return found


def show(title: str, figures: dict[str, Any]) -> None:
    print(f"\n{title}")
    if all(isinstance(value, dict) for value in figures.values()):
        names = list(next(iter(figures.values())))
        print(f"{'':<28}" + "".join(f"{name:>24}" for name in names))
        for row, values in figures.items():
            print(f"{row:<28}" + "".join(f"{values[name]:>24}" for name in names))
    else:
        for name, value in figures.items():
            print(f"{name:<28}{value}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--raw", help="folder of raw news for the mixed stream")
    parser.add_argument("--documents", type=int, default=200, help="reports of 150 words a run (default 200)")
    parser.add_argument("--json", help="write the figures here")
    parser.add_argument("--only", nargs="+", help="cold, lengths, workers, gate, memory; gpu and cluster only so")
    parser.add_argument("--ray-address", help="HOST:PORT of the cluster's head, for --only cluster")
    arguments = parser.parse_args()
    number = arguments.documents
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder))
        parts: dict[str, tuple[str, Callable[[], dict[str, Any]]]] = {
            "cold": ("cold start, seconds", cold_start),
            "lengths": ("by length (no gate, one worker)", lambda: lengths(bench, number)),
            "workers": ("workers and threads (150 words, no gate)", lambda: workers(bench, number)),
            "gate": ("gate, 5% reports of attacks", lambda: gate(bench, number * 4, arguments.raw)),
            "memory": ("memory", lambda: memory(bench, number * 20)),
            "gpu": ("one GPU, by length (no gate)", lambda: gpu(number)),
            "cluster": ("a Ray cluster, by length (no gate)", lambda: cluster(bench, number, arguments.ray_address)),
        }
        report: dict[str, Any] = {"machine": machine(), "mixed stream": "raw news" if arguments.raw else "our corpus"}
        show("machine", report["machine"])
        for name, (title, measure) in parts.items():
            if name in (arguments.only or list(parts)[:5]):
                report[name] = measure()
                show(title, report[name])
    if arguments.json:
        held = Path(arguments.json)
        old = json.loads(held.read_text(encoding="utf-8")) if arguments.only and held.exists() else {}
        held.write_text(json.dumps(old | report, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--two-threads"]:
        run_two_threads(sys.argv[2], sys.argv[4])
    else:
        main()
