"""How long a piece takes by the size of a batch, in processor time: what `engine.BATCH_PIECES` is chosen by.

python benchmarks/batch_sizes.py [--threads 1] [--rounds 3]
"""

from __future__ import annotations

import argparse
import statistics
import time

import adwar
from adwar.data.jsonl import read_jsonl
from adwar.data.splits import split_file

SIZES = (1, 256, 512, 1024, 2048, 4096)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--documents", type=int, default=64)
    asked = parser.parse_args()
    labeler = adwar.load(threads=asked.threads)
    texts = [doc.text for doc in read_jsonl(split_file("test"))][: asked.documents]
    pieces = sum(len(piece.ids) for reading in labeler.read(texts) for piece in reading.encoded.windows)
    core: dict[int, list[float]] = {size: [] for size in SIZES}
    wall: dict[int, list[float]] = {size: [] for size in SIZES}
    for _ in range(asked.rounds):
        for size in SIZES:  # in turn, so that a noisy minute falls on all
            labeler.batch_pieces = size
            began, spent = time.perf_counter(), time.process_time()
            labeler.read(texts)
            wall[size].append(time.perf_counter() - began)
            core[size].append(time.process_time() - spent)
    best = min(statistics.median(times) for times in wall.values())
    print(f"{len(texts)} reports, {pieces} pieces, {asked.threads} threads, median of {asked.rounds}")
    for size in SIZES:
        took, used = statistics.median(wall[size]), statistics.median(core[size])
        print(f"{size:6} pieces a batch: {took / best:.2f} x the quickest, {1e6 * used / pieces:.0f} core-us a piece")


if __name__ == "__main__":
    main()
