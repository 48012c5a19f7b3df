"""Running a command to its end and measuring it: seconds by the clock, seconds of all cores, memory on the way."""

from __future__ import annotations

import os
import platform
import subprocess
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Run:
    """One run: seconds by the clock and of all cores, and memory (MB, all its processes) sampled on the way."""

    seconds: float
    core_seconds: float
    memory: tuple[float, ...]


def measured(command: Sequence[str]) -> Run:
    """Run ``command`` to its end. Raises CalledProcessError."""
    before = os.times()
    begun = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    samples: list[float] = []
    over = threading.Event()

    def watch() -> None:
        while not over.wait(0.25):
            samples.append(memory_of(process.pid))

    watcher = threading.Thread(target=watch)
    watcher.start()
    status = process.wait()
    over.set()
    watcher.join()
    if status:
        raise subprocess.CalledProcessError(status, command)
    after = os.times()
    spent = after.children_user + after.children_system - before.children_user - before.children_system
    return Run(time.perf_counter() - begun, spent, tuple(s for s in samples if s))


def memory_of(pid: int) -> float:
    """MB held by a process and its children (Linux; 0 elsewhere)."""
    total = 0.0
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
        total += next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024
        for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
            total += memory_of(int(child))
    except (OSError, StopIteration):
        pass
    return total


def machine() -> dict[str, Any]:
    """What the figures were measured on."""
    return {
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 1),
        "python": platform.python_version(),
        "processor": _processor(),
    }


def _processor() -> str:
    """Its name as Linux tells it, or else its kind."""
    told = Path("/proc/cpuinfo")
    lines = told.read_text().splitlines() if told.exists() else []
    return next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), platform.machine())
