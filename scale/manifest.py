"""What a run was asked to do, kept in its work folder: a run that goes on must be asked the same.

The manifest holds the list of inputs (number, bytes, digest), the options that change what comes out, and digests of
the model's files. Where any of them differs the run is refused, with what differs and what to do.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Any

FILE = "manifest.json"
RUNNING, DONE = "running", "done"

Manifest = dict[str, Any]


def digest_of(file: Path) -> str:
    """SHA-256 of a file's bytes."""
    found = sha256()
    with file.open("rb") as held:
        while block := held.read(1 << 20):
            found.update(block)
    return found.hexdigest()


def folder_of(model: str | None) -> Path:
    """The folder of ``model``; None: the embedded one, found without loading what predicts."""
    return Path(model) if model else Path(str(files("adwar.model").joinpath("embedded")))


def model_digests(folder: Path, gate: Path | None) -> dict[str, str]:
    """A digest of each file that decides what a model says, by name; the gate's among them where it is used."""
    names = ("adwar.json", "tokenizer.json", "linker.npz", "model.onnx", "model.safetensors", "config.json")
    found = {name: digest_of(folder / name) for name in names if (folder / name).is_file()}
    return found | ({"gate": digest_of(gate)} if gate else {})


def read_manifest(folder: Path) -> Manifest | None:
    """The manifest of a work folder, or None. Raises ValueError if it is broken."""
    file = folder / FILE
    if not file.exists():
        return None
    try:
        held = json.loads(file.read_text(encoding="utf-8"))
        return {"state": held["state"], "asked": dict(held["asked"]), **held}
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError(f"{file}: broken: {error}; begin anew with --restart") from None


def write_manifest(folder: Path, manifest: Mapping[str, Any]) -> None:
    """Write it beside and rename it."""
    beside = folder / (FILE + ".part")
    with beside.open("w", encoding="utf-8") as out:
        json.dump(manifest, out, ensure_ascii=False, indent=1)
        out.flush()
        os.fsync(out.fileno())
    os.replace(beside, folder / FILE)


def differences(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """What was asked then and now, where it differs: a sentence each, nested keys with dots."""
    found: list[str] = []
    for key in [*before, *(k for k in now if k not in before)]:
        old, new = before.get(key), now.get(key)
        if old == new:
            continue
        if isinstance(old, Mapping) and isinstance(new, Mapping):
            found += [f"{key}.{line}" for line in differences(old, new)]
        else:
            found.append(f"{key}: {_short(old)} then, {_short(new)} now")
    return found


def _short(value: Any) -> str:
    told = "nothing" if value is None else str(value)
    return told if len(told) <= 60 else f"{told[:12]}…"
