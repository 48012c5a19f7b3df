"""One side of a speed comparison in a process of its own; `bench.py` starts these and reads the JSON they print.

    python benchmarks/bench_children.py labeler --threads 2 --texts a.jsonl b.jsonl # one process, that many threads
    python benchmarks/bench_children.py sessions --threads 2 --texts …                   # sessions of one thread each
    python benchmarks/bench_children.py crew --threads 2 --texts …                       # processes of one thread each
    python benchmarks/bench_children.py pipeline --checkpoint FOLDER --threads 2 --batch 8 --texts …
    python benchmarks/bench_children.py peak --threads 1                                 # matrix products alone
    python benchmarks/bench_children.py encoder --threads 1                              # the encoder alone

Each loads its model, reads a few texts to warm up, and prints documents a second for every file of texts.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import bench_peak
from bench_texts import read

#: What is read before the clock runs.
WARM = 4


def rates(files: Sequence[str], go: Callable[[list[str]], Any]) -> dict[str, float]:
    """Documents a second for each file, named by its stem."""
    found = {}
    for file in files:
        texts = read(file)
        go(texts[:WARM])
        begun = time.perf_counter()
        go(texts)
        found[Path(file).stem] = len(texts) / (time.perf_counter() - begun)
    return found


def labeler(options: argparse.Namespace) -> dict[str, float]:
    import adwar

    held = adwar.load(options.model, threads=options.threads)
    return rates(options.texts, lambda texts: list(held.predict_many(texts)))


def sessions(options: argparse.Namespace) -> dict[str, float]:
    import adwar

    held = adwar.load(options.model, threads=1, sessions=options.threads)
    return rates(options.texts, lambda texts: list(held.predict_many(texts)))


_labeler: Any = None


def _begin(model: str | None) -> None:
    global _labeler
    import adwar

    _labeler = adwar.load(model, threads=1)
    _labeler.predict("قتل ثلاثة مدنيين في غارة على بلدة.")


def _some(texts: list[str]) -> int:
    return sum(len(p.frames) for p in _labeler.predict_many(texts))


def crew(options: argparse.Namespace) -> dict[str, float]:
    """Processes of one thread each, as ``adwar extract`` has them; they are there before the clock runs."""
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    from adwar.scale.work import on_one_thread

    on_one_thread()
    number = options.threads
    with ProcessPoolExecutor(number, get_context("spawn"), _begin, (options.model,)) as pool:

        def go(texts: list[str]) -> None:
            size = max(1, min(64, len(texts) // (2 * number)))
            list(pool.map(_some, [texts[i : i + size] for i in range(0, len(texts), size)]))

        go([" "] * 8 * number)  # every process has begun
        return rates(options.texts, go)


def pipeline(options: argparse.Namespace) -> dict[str, float]:
    """The stock pipeline; with a stride, so that it reads long reports to their end, as we do."""
    import torch
    from transformers import pipeline as make
    from transformers.utils import logging

    logging.set_verbosity_error()
    torch.set_num_threads(options.threads)
    more = {"batch_size": options.batch} if options.batch > 1 else {}
    pipe = make(
        "token-classification", model=options.checkpoint, aggregation_strategy="simple", stride=128, device="cpu"
    )

    def go(texts: list[str]) -> list[Any]:
        return list(pipe(texts, **more)) if more else [pipe(text) for text in texts]

    return rates(options.texts, go)


def peak(options: argparse.Namespace) -> dict[str, float]:
    return bench_peak.products(options.threads)


def encoder(options: argparse.Namespace) -> dict[str, float]:
    from adwar.model.loading import EMBEDDED

    return bench_peak.encoder(Path(options.model) if options.model else EMBEDDED, options.threads)


KINDS = {f.__name__: f for f in (labeler, sessions, crew, pipeline, peak, encoder)}
RESULT = "result: "


def found_in(output: str) -> dict[str, float]:
    """What a child printed."""
    told: Iterator[str] = (line for line in reversed(output.splitlines()) if line.startswith(RESULT))
    return json.loads(next(told).removeprefix(RESULT))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kind", choices=sorted(KINDS))
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--model", help="model folder (default: the embedded model)")
    parser.add_argument("--checkpoint", help="for the pipeline: a folder that transformers reads")
    parser.add_argument("--batch", type=int, default=1)
    parser.add_argument("--texts", nargs="*", default=[])
    options = parser.parse_args()
    print(RESULT + json.dumps(KINDS[options.kind](options)))


if __name__ == "__main__":
    main()
