"""Speed of reading on a GPU and on a Ray cluster, by length of report; what one machine does is `bench.py`'s.

    python benchmarks/bulk.py gpu --json gpu.json                                   # where ONNX Runtime sees a GPU
    python benchmarks/bulk.py cluster --ray-address HOST:PORT --json cluster.json

``million.py`` takes these files. Give them machines with nothing else to do.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from pathlib import Path
from typing import Any

from bench_measures import LENGTHS, extract
from bench_texts import of_length, write
from processes import machine

from adwar.data.whole_file import write_whole


def many(number: int) -> list[tuple[int, int]]:
    """(words, how many such reports) for runs of like duration, ``number`` being that of 150 words."""
    return [(words, max(8, round(number * min(4, 150 / words)))) for words in LENGTHS]


def gpu(number: int) -> dict[str, Any]:
    """The labeler in this process with ONNX Runtime on the GPU. Raises `ModelError` where it has none."""
    import adwar

    labeler, found = adwar.load(device="cuda"), {}
    for words, count in many(number):
        texts = of_length(words, count)
        list(labeler.predict_many(texts[:8]))
        begun = time.perf_counter()
        list(labeler.predict_many(texts))
        found[f"{words} words"] = told(count, time.perf_counter() - begun)
    return found


def cluster(folder: Path, number: int, address: str | None) -> dict[str, Any]:
    """The whole command on a Ray cluster, its start taken off; and how many cores the cluster has."""
    import ray

    ray.init(address=address, logging_level="ERROR", log_to_driver=False)
    found: dict[str, Any] = {"cores": int(ray.cluster_resources()["CPU"])}
    ray.shutdown()
    options = ("--no-gate", "--engine", "ray", *(("--ray-address", address) if address else ()))
    source = folder / "in.jsonl"
    start = extract(lambda: write(source, ["خبر"]), *options)["seconds"]
    for words, count in many(number):
        texts = of_length(words, count)
        seconds = extract(lambda texts=texts: write(source, texts), *options)["seconds"]  # type: ignore[misc]
        found[f"{words} words"] = told(count, max(1e-9, seconds - start))
    return found


def told(documents: int, seconds: float) -> dict[str, float]:
    return {"documents": documents, "by the clock, a second": round(documents / seconds, 2)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("gpu", "cluster"))
    parser.add_argument("--documents", type=int, default=2000, help="reports of 150 words (default 2000)")
    parser.add_argument("--ray-address", help="HOST:PORT of the cluster's head")
    parser.add_argument("--json", help="write the figures here")
    asked = parser.parse_args()
    report: dict[str, Any] = {"machine": machine()}
    if asked.what == "gpu":
        report["gpu"] = gpu(asked.documents)
    else:
        with tempfile.TemporaryDirectory() as folder:
            report["cluster"] = cluster(Path(folder), asked.documents, asked.ray_address)
    text = json.dumps(report, ensure_ascii=False, indent=1)
    print(text)
    if asked.json:
        write_whole(asked.json, text + "\n")


if __name__ == "__main__":
    main()
