"""kill -9 at random points of all that writes, counted; after each restart the result is that of an unbroken run.

    python benchmarks/kills.py                              # 5 kills of each target
    python benchmarks/kills.py --target extract --times 200
    python benchmarks/kills.py --show                       # the table of what was counted so far

A round: a folder of its own, one to three kills at random moments of the unbroken run's length, then the same command
to its end. Lost: a file, row or weight that is not that of the unbroken run (weights to 1e-5, all else byte for byte),
a half-written file under a final name, or a command that would not go on. What is found is added to
docs/figures/kills.json after each round, so that the count goes on where it stood.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from kept import keep, kept
from kill_targets import ROOT, TARGETS, Target

FIGURES = ROOT / "docs" / "figures" / "kills.json"
TOLERANCE = 1e-5
MOST_IN_A_ROUND = 3
#: A command that takes so many times the unbroken run's length hangs.
PATIENCE = 20


class Ended(Exception):
    """The command was over before it was killed."""


def start(command: list[str]) -> subprocess.Popen[bytes]:
    """The command, begun: where it says so, after its imports. Its words go to a file in its own name's place."""
    says = "-c" in command[:2]
    log = tempfile.TemporaryFile()  # noqa: SIM115 (lives as long as the process)
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE if says else log, stderr=log, start_new_session=True, env=environment()
    )
    process.log = log  # type: ignore[attr-defined]
    if says:
        assert process.stdout is not None
        process.stdout.readline()
    return process


def environment() -> dict[str, str]:
    """One thread, so that weights are the same to the last bit or nearly."""
    return os.environ | {"OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "TOKENIZERS_PARALLELISM": "false"}


def finish(process: subprocess.Popen[bytes], seconds: float | None = None) -> None:
    """To the end of ``process``; raises RuntimeError with its last words if that is no good one."""
    try:
        process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        raise RuntimeError(f"not ended after {seconds:.0f} s") from None
    log = process.log  # type: ignore[attr-defined]
    log.seek(0)
    words = log.read().decode("utf-8", "replace").strip().splitlines()
    if process.returncode:
        raise RuntimeError(f"ended with {process.returncode}: {(words or ['no word'])[-1][:300]}")


def kill(process: subprocess.Popen[bytes], seconds: float, whole: bool) -> None:
    """Kill ``process`` after ``seconds``, with its workers or alone. Raises `Ended` if it was quicker."""
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        pass
    else:
        finish(process)
        raise Ended
    os.killpg(process.pid, signal.SIGKILL) if whole else process.kill()
    process.communicate()


def differences(expected: dict[str, Any], found: dict[str, Any]) -> str | None:
    import numpy as np

    if expected.keys() != found.keys():
        return (
            f"missing {sorted(expected.keys() - found.keys())[:3]}, more {sorted(found.keys() - expected.keys())[:3]}"
        )
    for name, held in expected.items():
        same = found[name] == held if isinstance(held, (bytes, int)) else np.allclose(held, found[name], atol=TOLERANCE)
        if not same:
            return f"{name} differs"
    return None


def one_round(target: Target, given: Path, expected: dict[str, Any], length: float, chance: random.Random) -> Any:
    """(kills, kills that came too late, what was lost or None)."""
    kills = late = 0
    with tempfile.TemporaryDirectory(prefix="kills-") as folder:
        output = Path(folder)
        try:
            for _ in range(chance.randint(1, MOST_IN_A_ROUND)):
                try:
                    whole = chance.random() < 0.5 or not target.alone
                    kill(start(target.command(output, given)), chance.uniform(0, length), whole)
                except Ended:
                    late += 1
                    continue
                kills += 1
                if wrong := target.sound(output, expected):
                    return kills, late, wrong
            finish(start(target.command(output, given)), 60 + PATIENCE * length)
            return kills, late, differences(expected, target.read(output))
        except (RuntimeError, OSError, ValueError) as error:
            return kills, late, f"{type(error).__name__}: {error}"


def count(name: str, times: int, seed: int | None) -> bool:
    """Kill ``name`` until ``times`` kills more are counted; whether nothing was lost."""
    target = TARGETS[name]
    missing = [module for module in target.needs if find_spec(module) is None]
    if missing:
        print(f"{name}: skipped, {', '.join(missing)} is not installed", file=sys.stderr)
        return True
    good, done = True, 0
    with tempfile.TemporaryDirectory(prefix="kills-") as folder:
        given, unbroken = Path(folder) / "given", Path(folder) / "unbroken"
        given.mkdir()
        unbroken.mkdir()
        target.prepare(given)
        with target.around(given):
            process = start(target.command(unbroken, given))
            began = time.monotonic()
            finish(process)
            length = time.monotonic() - began
            expected = target.read(unbroken)
            chance = random.Random(seed)
            print(
                f"{name}: an unbroken run takes {length:.1f} s and gives {len(expected)} files or weights", flush=True
            )
            while done < times:
                kills, late, lost = one_round(target, given, expected, length, chance)
                done += kills
                good &= lost is None
                add(name, kills, late, lost)
                print(f"{name}: {done} of {times} kills" + (f"; LOST: {lost}" if lost else ""), flush=True)
    return good


def add(name: str, kills: int, late: int, lost: str | None) -> None:
    held = kept(FIGURES)
    row = held.setdefault(name, {"kills": 0, "restarts": 0, "too late": 0, "lost": 0, "found": []})
    row["kills"] += kills
    row["restarts"] += 1
    row["too late"] += late
    row["lost"] += lost is not None
    row["found"] += [lost] if lost else []
    row["last"] = date.today().isoformat()
    keep(FIGURES, held, in_order=True)


def show() -> None:
    held = kept(FIGURES)
    print(f"{'target':<10} {'kills':>6} {'restarts compared':>18} {'lost':>5}")
    for name, row in sorted(held.items()):
        print(f"{name:<10} {row['kills']:>6} {row['restarts']:>18} {row['lost']:>5}")
    print(f"{'in all':<10} {sum(r['kills'] for r in held.values()):>6}")


def main() -> int:
    parser = argparse.ArgumentParser(description="kill -9 at random points; see the head of this file.")
    parser.add_argument("--target", choices=["all", *TARGETS], default="all")
    parser.add_argument("--times", type=int, default=5, help="kills to add for each target (default 5)")
    parser.add_argument("--seed", type=int, help="of the moments (default: another each time)")
    parser.add_argument("--show", action="store_true", help="print what was counted so far, and end")
    arguments = parser.parse_args()
    good = True
    if not arguments.show:
        for name in TARGETS if arguments.target == "all" else [arguments.target]:
            good &= count(name, arguments.times, arguments.seed)
    show()
    return 0 if good else 1


if __name__ == "__main__":
    raise SystemExit(main())
