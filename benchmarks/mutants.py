"""Mutation testing: would the tests notice a small fault in the modules on which every figure rests?

    python benchmarks/mutants.py --module eval/match.py            # every mutant of one module
    python benchmarks/mutants.py --module eval/match.py --times 5  # five more of those not yet tried
    python benchmarks/mutants.py                                   # all four modules; hours
    python benchmarks/mutants.py --show                            # shares killed so far, and the survivors

Each mutant (`mutations.py`) takes the module's place in a copy of the project whose other files are links, and the
module's own tests run in a process of their own until the first fails. Killed: a test failed, or hung. What is found is
kept in docs/figures/mutants.json after each, by the module's digest, so that a run goes on where it stood.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from hashlib import sha256
from pathlib import Path
from typing import Any

from kept import keep, kept
from mutations import mutants

ROOT = Path(__file__).resolve().parent.parent
FIGURES = ROOT / "docs" / "figures" / "mutants.json"
#: A module and the tests that are its own: those that read it without a trained model.
TESTS = {
    "model/decode.py": ("test_decode.py",),
    "model/counts.py": ("test_counts.py", "test_frames.py"),
    "model/frames.py": ("test_frames.py", "test_counts.py", "test_show.py", "test_tables.py"),
    "eval/match.py": ("test_scores.py", "test_eval_ceaf.py"),
}
KILLED, HUNG, SURVIVED = "killed", "hung", "survived"


def copy_of(project: Path, folder: Path) -> None:
    """The project's packages as one package ``adwar``, its tests and tools, every file a link."""
    packages = [p.parent.name for p in sorted(project.glob("*/__init__.py")) if p.parent.name != "adwar"]
    for source, target in [("adwar", "adwar"), *((name, f"adwar/{name}") for name in packages)]:
        _link(project / source, folder / target)
    for name in ("tests", "benchmarks", "examples", "docs"):
        _link(project / name, folder / name)
    (folder / "pyproject.toml").symlink_to(project / "pyproject.toml")


def _link(source: Path, target: Path) -> None:
    for file in source.rglob("*"):
        if file.is_file() and "__pycache__" not in file.parts:
            place = target / file.relative_to(source)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.symlink_to(file)


def outcome(folder: Path, module: str, seconds: float | None) -> str:
    """What the tests of ``module`` say of the copy as it is."""
    told = os.environ | {"PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1", "OMP_NUM_THREADS": "1"}
    tests = [f"tests/{name}" for name in TESTS[module]]
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "--hypothesis-seed=0", *tests]
    try:
        done = subprocess.run(command, cwd=folder, env=told, capture_output=True, text=True, timeout=seconds)
    except subprocess.TimeoutExpired:
        return HUNG
    if done.returncode not in (0, 1, 2):
        raise SystemExit(f"pytest ended with {done.returncode}:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return SURVIVED if done.returncode == 0 else KILLED


def tried(module: str) -> dict[str, Any]:
    """What is known of ``module`` as it stands; nothing where its source has changed since."""
    digest = sha256((ROOT / module).read_bytes()).hexdigest()[:16]
    row = kept(FIGURES).get(module, {})
    return row if row.get("digest") == digest else {"digest": digest, "mutants": 0, "tried": {}, "survivors": []}


def run(module: str, times: int | None) -> None:
    row = tried(module)
    every = list(mutants((ROOT / module).read_text(encoding="utf-8")))
    row["mutants"] = len(every)
    waiting = [one for one in every if one.name not in row["tried"]][:times]
    if not waiting:
        return
    with tempfile.TemporaryDirectory(prefix="mutants-") as name:
        folder = Path(name)
        copy_of(ROOT, folder)
        began = time.monotonic()
        if outcome(folder, module, None) != SURVIVED:
            raise SystemExit(f"{module}: its tests fail without any mutant: {', '.join(TESTS[module])}")
        limit = 20 + 5 * (time.monotonic() - began)
        place = folder / "adwar" / module
        for number, one in enumerate(waiting, 1):
            place.unlink()
            place.write_text(one.source, encoding="utf-8")
            found = outcome(folder, module, limit)
            row["tried"][one.name] = found
            if found == SURVIVED:
                row["survivors"].append({"line": one.line, "change": one.change})
            held = kept(FIGURES) | {module: row}
            keep(FIGURES, held, in_order=True)
            print(f"{module}:{one.line}: {one.change}: {found} ({number} of {len(waiting)})", flush=True)


def show() -> None:
    print(f"{'module':<18} {'mutants':>8} {'tried':>6} {'killed':>7} {'share':>7}")
    for module, row in sorted(kept(FIGURES).items()):
        killed = sum(found != SURVIVED for found in row["tried"].values())
        share = killed / max(1, len(row["tried"]))
        print(f"{module:<18} {row['mutants']:>8} {len(row['tried']):>6} {killed:>7} {share:>7.1%}")
        for one in row["survivors"]:
            print(f"    survived: line {one['line']}: {one['change']}")


def main() -> None:
    parser = argparse.ArgumentParser(description="Mutation testing; see the head of this file.")
    parser.add_argument("--module", choices=["all", *TESTS], default="all")
    parser.add_argument("--times", type=int, help="how many mutants to try (default: all that are left)")
    parser.add_argument("--show", action="store_true", help="print what is known, and end")
    arguments = parser.parse_args()
    if not arguments.show:
        for module in TESTS if arguments.module == "all" else [arguments.module]:
            run(module, arguments.times)
    show()


if __name__ == "__main__":
    main()
