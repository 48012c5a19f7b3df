"""requirements.lock: the exact packages of every extra that ships, each with the SHA-256 of the files it may be.

    python benchmarks/lock.py            # write it, from constraints.txt (needs a network)
    pip install --require-hashes -r requirements.lock && pip install --no-deps .

pip resolves (a dry run that installs nothing) and says the file it would take and its digest. The digests are those of
this Python and platform; run it where the lock is to hold. Leaves out torch, whose builds differ by machine: install it
first, by its exact version, as the Makefile does.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from adwar.data.whole_file import write_whole

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements.lock"
EXTRAS = "train,serve,bulk,dates,places,tables,spacy,graphemes"
#: Packages that have no wheel.
SOURCES = ("seqeval",)
#: Builds of torch, and of what only some of its builds bring.
BY_MACHINE = re.compile(r"torch$|triton$|nvidia-|cuda-")


def resolved() -> list[dict[str, Any]]:
    """What pip would install into an empty environment, a record a package."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--dry-run", "--ignore-installed"]
        command += ["--only-binary", ":all:", "--no-binary", ",".join(SOURCES), "-c", "constraints.txt"]
        command += ["--report", str(report), f".[{EXTRAS}]"]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(f"pip could not resolve: {(done.stderr.strip().splitlines() or ['no word'])[-1]}")
        return json.loads(report.read_text(encoding="utf-8"))["install"]


def lines(packages: list[dict[str, Any]]) -> list[str]:
    """A line a package, by name. Raises SystemExit for one whose digest pip did not learn."""
    found = []
    for one in packages:
        name = re.sub(r"[-_.]+", "-", one["metadata"]["name"]).lower()
        if name == "adwar" or BY_MACHINE.match(name):
            continue
        digest = one["download_info"].get("archive_info", {}).get("hashes", {}).get("sha256")
        if not digest:
            raise SystemExit(f"{name}: the index tells no SHA-256")
        found.append(f"{name}=={one['metadata']['version']} --hash=sha256:{digest}")
    return sorted(found)


def main() -> int:
    held = lines(resolved())
    version = ".".join(map(str, sys.version_info[:2]))
    head = f"# made by `make lock` for Python {version} on {sys.platform}; torch comes first, see the Makefile\n"
    write_whole(LOCK, head + "\n".join(held) + "\n")
    print(f"{len(held)} packages: {LOCK.name}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
