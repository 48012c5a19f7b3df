"""How the service bears up: requests at a chosen rate, whether or not earlier ones were answered (an open loop).

    python benchmarks/serve_load.py --times 2 --seconds 30
    python benchmarks/serve_load.py --times 2 --seconds 1800 --json docs/figures/serve_load.json
    python benchmarks/serve_load.py --url http://127.0.0.1:8000 --rate 50

Without ``--url`` a service with the embedded model is started and ended. First one client alone sends text after text:
the unloaded median. ``--times`` then measures the capacity (a closed loop of `WORKERS` clients that each wait for their
answer), and sends at that multiple of it. Arrivals are random (exponential gaps, fixed seed), as independent clients'
are; one text a request. Prints answers by status, the percentiles of the time to an answer, the service's memory as it
tells it in /metrics, and the goals, met or missed (status 1).
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import re
import subprocess
import sys
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle
from typing import Any

import httpx2

from adwar.data.inputs import read_inputs
from adwar.data.jsonl import read_jsonl
from adwar.data.whole_file import write_whole

WORKERS = 8
#: Seconds that a client of the closed loop waits where it was told to come again.
REFUSED = 0.05
#: The goals: p99 of what was answered, in unloaded medians; growth of memory after the first tenth of the run.
SLOWER, GROWTH = 5.0, 0.1
PATIENCE = 120.0
CORPUS = "data/corpus/dev.jsonl"


@contextmanager
def service(options: list[str]) -> Iterator[str]:
    """A service on a free port; yields its address."""
    command = [sys.executable, "-m", "adwar", "serve", "--port", "0", "--no-access-log", *options]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    try:
        for line in process.stderr:
            if found := re.search(r"running on (\S+)", line):
                # what else it says is read and thrown away, so that the pipe never fills
                threading.Thread(target=process.stderr.read, daemon=True).start()
                yield found[1]
                return
        raise SystemExit("the service did not start")
    finally:
        process.terminate()
        process.wait()


class Load:
    """Sends texts and keeps what came of each: (status, seconds)."""

    def __init__(self, client: httpx2.AsyncClient, texts: list[str]) -> None:
        self.client, self.texts = client, cycle(texts)
        self.found: list[tuple[str, float]] = []

    async def one(self) -> None:
        began = time.perf_counter()
        try:
            answer = await self.client.post("/predict", json={"text": next(self.texts)})
            status = str(answer.status_code)
            if status == "503" and "retry-after" not in answer.headers:
                status = "503 without Retry-After"
        except httpx2.HTTPError as error:
            status = type(error).__name__
        self.found.append((status, time.perf_counter() - began))

    async def closed(self, seconds: float, workers: int = WORKERS) -> float:
        """Answers a second when each of ``workers`` clients waits for its answer; a refused one waits a little."""
        end = time.perf_counter() + seconds

        async def worker() -> None:
            while time.perf_counter() < end:
                await self.one()
                if self.found[-1][0] == "503":
                    await asyncio.sleep(REFUSED)

        began = time.perf_counter()
        await asyncio.gather(*(worker() for _ in range(workers)))
        good = sum(status == "200" for status, _ in self.found)
        return good / (time.perf_counter() - began)

    async def opened(self, rate: float, seconds: float) -> float:
        """Send for ``seconds`` at ``rate`` requests a second, then wait for all answers; returns the time it took."""
        gaps = random.Random(7)
        began = due = time.perf_counter()
        sent = set()
        while (due := due + gaps.expovariate(rate)) < began + seconds:
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            task = asyncio.create_task(self.one())
            sent.add(task)
            task.add_done_callback(sent.discard)
        await asyncio.gather(*sent)
        return time.perf_counter() - began


async def memory(client: httpx2.AsyncClient) -> float:
    """Resident memory of the service in MB."""
    page = (await client.get("/metrics")).text
    found = re.search(r"^process_resident_memory_bytes (\S+)", page, re.MULTILINE)
    return float(found[1]) / 1e6 if found else float("nan")


async def watch_memory(client: httpx2.AsyncClient, curve: list[float]) -> None:
    while True:
        curve.append(await memory(client))
        await asyncio.sleep(1)


def percentile(times: list[float], share: float) -> float:
    times = sorted(times)
    return times[min(len(times) - 1, int(share * len(times)))]


def show(load: Load, took: float) -> None:
    by_status = defaultdict(list)
    for status, seconds in load.found:
        by_status[status].append(seconds)
    counts = Counter(status for status, _ in load.found)
    print(f"{len(load.found)} requests answered in {took:.1f} s; {counts['200'] / took:.1f} texts read a second")
    print(f"{'status':<24} {'answers':>8} {'p50':>8} {'p90':>8} {'p99':>8} {'longest':>8}  seconds")
    for status, times in sorted(by_status.items()):
        at = [percentile(times, share) for share in (0.5, 0.9, 0.99, 1.0)]
        print(f"{status:<24} {len(times):>8} " + " ".join(f"{t:>8.3f}" for t in at))


def verdict(load: Load, alone: float, curve: list[float]) -> dict[str, Any]:
    """The goals and what was found; printed, a line each."""
    answered = [seconds for status, seconds in load.found if status == "200"]
    others = Counter(status for status, _ in load.found if status not in ("200", "503"))
    p99 = percentile(answered, 0.99) if answered else float("inf")
    # the first tenth is warming up
    early, late = curve[len(curve) // 10], max(curve[-max(1, len(curve) // 10) :])
    goals = {
        "no error but 503": (not others, ", ".join(f"{n} of {status}" for status, n in others.items()) or "none"),
        f"p99 under {SLOWER:g}x the unloaded median": (
            p99 < SLOWER * alone,
            f"{p99:.3f} s against {SLOWER:g} x {alone:.3f} = {SLOWER * alone:.3f} s",
        ),
        f"memory grows by under {GROWTH:.0%}": (late <= (1 + GROWTH) * early, f"{early:.0f} MB to {late:.0f} MB"),
    }
    for goal, (met, found) in goals.items():
        print(f"{'met   ' if met else 'MISSED'} {goal}: {found}")
    return {goal: {"met": met, "found": found} for goal, (met, found) in goals.items()}


async def measure(url: str, arguments: argparse.Namespace, texts: list[str]) -> bool:
    headers = {"authorization": f"Bearer {token}"} if (token := os.environ.get("ADWAR_TOKEN")) else {}
    limits = httpx2.Limits(max_connections=None, max_keepalive_connections=100)
    async with httpx2.AsyncClient(base_url=url, headers=headers, timeout=PATIENCE, limits=limits) as client:
        load = Load(client, texts)
        await load.closed(arguments.warm / 3, workers=1)  # warms up
        load.found.clear()
        await load.closed(arguments.warm, workers=1)
        alone = percentile([seconds for status, seconds in load.found if status == "200"], 0.5)
        load.found.clear()
        print(f"unloaded: half of the texts are answered within {alone:.3f} s")
        rate = arguments.rate
        if not rate:
            capacity = await load.closed(arguments.warm)
            load.found.clear()
            rate = arguments.times * capacity
            print(f"capacity with {WORKERS} clients that wait: {capacity:.1f} texts a second")
        curve = [await memory(client)]
        watch = asyncio.create_task(watch_memory(client, curve))
        print(f"open loop: {rate:.1f} requests a second for {arguments.seconds:g} s")
        took = await load.opened(rate, arguments.seconds)
        watch.cancel()
        show(load, took)
        points = [curve[round(n * (len(curve) - 1) / 10)] for n in range(11)]
        print("memory of the service over the run, MB: " + " ".join(f"{point:.0f}" for point in points))
        goals = verdict(load, alone, curve)
        if arguments.json:
            figures = {"seconds": arguments.seconds, "rate": round(rate, 2), "unloaded median": round(alone, 4)}
            answers = Counter(status for status, _ in load.found)
            figures |= {"answers": dict(sorted(answers.items())), "memory": [round(m) for m in points], "goals": goals}
            write_whole(arguments.json, json.dumps(figures, indent=1) + "\n")
        return all(goal["met"] for goal in goals.values())


def main() -> int:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--url", help="a running service; its token in ADWAR_TOKEN (default: start one)")
    p.add_argument("--rate", type=float, help="requests a second")
    p.add_argument("--times", type=float, default=2.0, help="rate as a multiple of the capacity (default: 2)")
    p.add_argument("--seconds", type=float, default=30.0, help="how long to send (default: 30)")
    p.add_argument("--warm", type=float, default=15.0, help="how long to measure the capacity (default: 15)")
    p.add_argument("--texts", help=f".jsonl, .csv or .txt of reports (default: {CORPUS})")
    p.add_argument("--json", metavar="FILE", help="write the figures here, too")
    p.add_argument("options", nargs="*", help="options of 'adwar serve', after --")
    arguments = p.parse_args()
    texts = [t for _, t in read_inputs([arguments.texts])] if arguments.texts else [d.text for d in read_jsonl(CORPUS)]
    if arguments.url:
        return 0 if asyncio.run(measure(arguments.url, arguments, texts)) else 1
    with service(arguments.options) as url:
        return 0 if asyncio.run(measure(url, arguments, texts)) else 1


if __name__ == "__main__":
    raise SystemExit(main())
