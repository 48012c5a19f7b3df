"""What a million reports take on a laptop, on one GPU and on ten machines: a table computed from measured figures.

It measures nothing itself: `bench.py` does on the laptop, `bulk.py` on a GPU and a cluster. What was not measured is
said to be so. Hours are core-seconds a report, shared by the cores (parts are read independently); ten machines are ten
times the cores of one, unless a run on a cluster was measured.

    python benchmarks/bench.py --only length                                     # on the laptop
    python benchmarks/bulk.py gpu --json gpu.json                                # where onnxruntime-gpu is installed
    python benchmarks/bulk.py cluster --ray-address HOST:PORT --json cluster.json
    python benchmarks/million.py docs/figures/bench.json [--gpu gpu.json] [--cluster cluster.json] [--cores 8]
        [--price laptop=0.02 gpu=2.5 machine=0.4]
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import bench_goals

REPORTS = 1_000_000
WORDS = ("30 words", "150 words", "2000 words")
KINDS = ("laptop", "gpu", "machine")


def rows(
    laptop: Mapping[str, Any],
    gpu: Mapping[str, Any] | None,
    cluster: Mapping[str, Any] | None,
    *,
    cores: int,
    machines: int,
    prices: Mapping[str, float],
) -> Iterator[tuple[str, str, str, str]]:
    """(report, on what, time, money) for each length that was measured. ``prices``: of an hour of one, by `KINDS`."""
    for words in WORDS:
        if (each := core_ms(laptop, words)) is None:
            continue
        alone = REPORTS * each / 1000 / 3600 / cores
        yield words, f"a laptop, {cores} cores", _hours(alone), _money(alone, 1, prices.get("laptop"))
        if rate := _rate(gpu, "gpu", words):
            taken = REPORTS / rate / 3600
            yield words, "one GPU", _hours(taken), _money(taken, 1, prices.get("gpu"))
        else:
            yield words, "one GPU", "not measured", ""
        if cluster and (rate := _rate(cluster, "cluster", words)):
            taken = REPORTS / (rate / cluster["cluster"]["cores"] * cores * machines) / 3600
            told = f"{machines} machines of {cores} cores, as the cluster measured"
        else:
            taken, told = alone / machines, f"{machines} machines of {cores} cores, {machines} times one"
        yield words, told, _hours(taken), _money(taken, machines, prices.get("machine"))


def core_ms(held: Mapping[str, Any], words: str) -> float | None:
    """Core milliseconds a report, as `bench.py` holds them or as docs/figures/bulk.json does."""
    if "lengths" in held:
        return held["lengths"].get(words, {}).get("core ms each")
    found = bench_goals.core_ms(held.get("measures", {}), words)
    return found and found.median


def _load(held: Mapping[str, Any]) -> float | None:
    """The load of the machine while it was measured: the highest that is held."""
    loads = held.get("measures", {}).get("length", {}).get("load")
    return max(loads) if loads else held.get("machine", {}).get("load")


def _rate(held: Mapping[str, Any] | None, kind: str, words: str) -> float | None:
    """Reports a second by the clock."""
    return ((held or {}).get(kind, {}).get(words) or {}).get("by the clock, a second")


def _hours(hours: float) -> str:
    return f"{hours:.1f} h" if hours >= 1 else f"{60 * hours:.0f} min"


def _money(hours: float, number: int, price: float | None) -> str:
    return "" if price is None else f"{hours * number * price:.2f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("laptop", help="figures of benchmarks/bench.py")
    parser.add_argument("--gpu", help="figures of benchmarks/bulk.py gpu")
    parser.add_argument("--cluster", help="figures of benchmarks/bulk.py cluster")
    parser.add_argument("--cores", type=int, default=8, help="of the laptop and of each machine (default 8)")
    parser.add_argument("--machines", type=int, default=10, help="(default 10)")
    parser.add_argument("--price", nargs="*", default=[], metavar="KIND=AMOUNT", help=f"an hour of {', '.join(KINDS)}")
    arguments = parser.parse_args()
    held = {
        name: json.loads(Path(file).read_text(encoding="utf-8")) if (file := getattr(arguments, name)) else None
        for name in ("laptop", "gpu", "cluster")
    }
    prices = {}
    for told in arguments.price:
        kind, _, amount = told.partition("=")
        if kind not in KINDS:
            parser.error(f"--price {told}: one of {', '.join(KINDS)}, = and an amount")
        prices[kind] = float(amount)
    print("| a million reports of | on | time | money |\n|---|---|---|---|")
    for row in rows(
        held["laptop"] or {},
        held["gpu"],
        held["cluster"],
        cores=arguments.cores,
        machines=arguments.machines,
        prices=prices,
    ):
        print(f"| {' | '.join(row)} |")
    told = (held["laptop"] or {}).get("machine", {})
    print(f"\nMeasured on {told.get('processor')}, {told.get('cores')} cores, load {_load(held['laptop'] or {})}.")


if __name__ == "__main__":
    main()
