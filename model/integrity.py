"""Checksums of a model folder: written when it is exported, compared whenever it is loaded.

They find what copying, disks and mix-ups do to a folder: a file cut short, a flipped bit, a file of another version.
What they leave out: proof of who made the folder (whoever can change a file can write its checksum anew); and its
prose, the model card and the evaluation behind it, on which no prediction rests and which are written later.

    python -m adwar.model.integrity FOLDER            # write checksums.json, after the folder was changed on purpose
    python -m adwar.model.integrity --check FOLDER    # compare only
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

CHECKSUMS = "checksums.json"
FORMAT = 1
PROSE = frozenset(("README.md", "evaluation.json"))
#: What a loader may read: a file of these kinds that nobody listed must not slip in.
READ = frozenset((".json", ".npz", ".onnx", ".safetensors"))
AGAIN = "copy or export the folder again, or, if you changed it on purpose: python -m adwar.model.integrity"


def digest(file: str | Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    held = sha256()
    with Path(file).open("rb") as source:
        while block := source.read(1 << 20):
            held.update(block)
    return held.hexdigest()


def write_checksums(folder: str | Path) -> Path:
    """Write `CHECKSUMS` for every file of ``folder`` but its `PROSE`; returns its path. Raises OSError."""
    folder = Path(folder)
    files = {
        file.name: {"bytes": file.stat().st_size, "sha256": digest(file)}
        for file in sorted(folder.iterdir())
        if file.is_file() and file.name not in PROSE and _counts(file.name)
    }
    if not files:
        raise FileNotFoundError(f"{folder}: no files to take checksums of; give a model folder")
    target = folder / CHECKSUMS
    part = folder / (CHECKSUMS + ".part")
    try:
        part.write_text(json.dumps({"format": FORMAT, "files": files}, indent=1) + "\n", encoding="utf-8")
        os.replace(part, target)
    finally:
        part.unlink(missing_ok=True)
    return target


def problem(folder: str | Path) -> str | None:
    """One sentence that names the first file of ``folder`` that is not as it was exported, and what to do; None if all
    are. A folder without checksums (a checkpoint in training) has none to break."""
    folder = Path(folder)
    if not (folder / CHECKSUMS).exists():
        return None
    try:
        listed = _listed(folder / CHECKSUMS)
    except (OSError, ValueError, RecursionError) as error:
        return f"{folder / CHECKSUMS}: broken: {error}; {AGAIN} {folder}"
    for name, expected in listed.items():
        file = folder / name
        if not file.is_file():
            return f"{file} is missing, though {CHECKSUMS} lists it; {AGAIN} {folder}"
        size = file.stat().st_size
        if size != expected["bytes"]:
            return f"{file} has {size} bytes, not the {expected['bytes']} that were exported; {AGAIN} {folder}"
        if digest(file) != expected["sha256"]:
            return f"{file} is not the file that was exported (its checksum differs); {AGAIN} {folder}"
    for file in sorted(folder.iterdir()):
        if file.suffix in READ and file.name not in listed and file.name not in PROSE and _counts(file.name):
            return f"{file} is not in {CHECKSUMS}; take it away, or: {AGAIN.rpartition(': ')[2]} {folder}"
    return None


def _counts(name: str) -> bool:
    return name != CHECKSUMS and not name.startswith(".") and not name.endswith(".part")


def _listed(file: Path) -> dict[str, dict[str, Any]]:
    held = json.loads(file.read_text(encoding="utf-8"))
    if not isinstance(held, dict) or held.get("format") != FORMAT:
        raise ValueError(f"its format is not {FORMAT}; is it of a newer adwar?")
    files = held.get("files")
    if not isinstance(files, dict) or not files:
        raise ValueError("it lists no files")
    for name, one in files.items():
        if not isinstance(one, dict) or type(one.get("bytes")) is not int or not isinstance(one.get("sha256"), str):
            raise ValueError(f"the entry of {name!r} has no 'bytes' and 'sha256'")
        if Path(name).name != name or name in (".", "..") or "\\" in name:
            raise ValueError(f"{name!r} is no plain file name")
    return files


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m adwar.model.integrity", description="Checksums of a model folder.")
    parser.add_argument("folder")
    parser.add_argument("--check", action="store_true", help="compare only, write nothing; status 1 if a file differs")
    arguments = parser.parse_args(argv)
    folder = Path(arguments.folder)
    if not folder.is_dir():
        print(f"{folder}: no such model folder", file=sys.stderr)
        return 2
    if arguments.check:
        found = problem(folder) if (folder / CHECKSUMS).exists() else f"{folder / CHECKSUMS} is missing"
        print(found or f"{folder}: every file is as it was exported", file=sys.stderr if found else sys.stdout)
        return 1 if found else 0
    try:
        print(f"written: {write_checksums(folder)}")
    except OSError as error:
        print(f"adwar: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
