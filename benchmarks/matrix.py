"""The tests on every Python from 3.10 to 3.13 that this machine has, each in a virtual environment of its own.

    python benchmarks/matrix.py                 # what is there
    python benchmarks/matrix.py 3.10 3.13 -k "not train"    # these; the rest of the line is pytest's

Needs a network for what is not installed yet; environments stay in build/matrix. Prints a table; status 1 if the tests
fail anywhere, or a version that was named is not there.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VERSIONS = ("3.10", "3.11", "3.12", "3.13")
TORCH = os.environ.get("TORCH", "torch==2.13.0")
EXTRAS = "train,bulk,serve,dates,places,tables,spacy,graphemes,dev"


def interpreter(version: str) -> str | None:
    """The command that starts this version, on the path or among pyenv's; None if it is not there."""
    held = sorted(Path.home().glob(f".pyenv/versions/{version}.*/bin/python"))
    for found in (shutil.which(f"python{version}"), *map(str, reversed(held)), sys.executable):
        if found and _version(found) == version:
            return found
    return None


def _version(command: str) -> str:
    code = "import sys; print('%d.%d' % sys.version_info[:2])"
    return subprocess.run([command, "-c", code], capture_output=True, text=True).stdout.strip()


def tested(version: str, command: str, options: list[str]) -> str:
    """What pytest's last line says, or what went wrong before it."""
    folder = ROOT / "build" / "matrix" / version
    python = folder / "bin" / "python"
    pip = [str(python), "-m", "pip", "install", "-q"]
    steps = [[*pip, TORCH], [*pip, "-c", "constraints.txt", "-e", f".[{EXTRAS}]"]]
    if not python.exists():
        steps.insert(0, [command, "-m", "venv", str(folder)])
    for step in steps:
        done = subprocess.run(step, cwd=ROOT, capture_output=True, text=True)
        if done.returncode:
            last = (done.stderr.strip().splitlines() or ["no word"])[-1]
            return f"FAILED: {' '.join(step[1:4])}: {last}"
    print(f"{version}: {command}", flush=True)
    done = subprocess.run([str(python), "-m", "pytest", *options], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    last = next((line for line in reversed(done.stdout.splitlines()) if re.search(r"\d+ (passed|failed)", line)), "")
    if done.returncode:
        print(done.stdout[-4000:])
    return f"{'passed' if done.returncode == 0 else 'FAILED'}: {last.strip('= ')}"


def main() -> int:
    named = [word for word in sys.argv[1:] if word in VERSIONS]
    options = [word for word in sys.argv[1:] if word not in VERSIONS]
    found = {}
    for version in named or VERSIONS:
        command = interpreter(version)
        if command:
            found[version] = tested(version, command, options)
        else:
            found[version] = "FAILED: not on this machine" if named else "not on this machine"
    for version, told in found.items():
        print(f"{version:<6} {told}")
    return int(any(told.startswith("FAILED") for told in found.values()))


if __name__ == "__main__":
    raise SystemExit(main())
