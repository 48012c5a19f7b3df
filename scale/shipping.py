"""The model on another machine: used where it lies if the same files are there, sent with the work if not.

A worker is told the digests of what the run reads with (`job.reads_with`) and compares. So no machine reads with
another model, gate or version than the run was begun with, and nothing is sent to machines that share a disk or have
the same adwar installed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

from .gate import FILE as GATE
from .manifest import Manifest, folder_of, model_digests
from .work import Setup

#: What a model's folder and the gate hold: name -> bytes.
Packed = dict[str, bytes]


def pack(setup: Setup) -> Packed:
    """The files of the model's folder (not of folders in it) and the gate, as bytes."""
    folder = folder_of(setup.model)
    packed = {file.name: file.read_bytes() for file in sorted(folder.iterdir()) if file.is_file()}
    return packed | ({GATE: Path(setup.gate).read_bytes()} if setup.gate else {})


def setup_here(setup: Setup, reads: Manifest) -> Setup | None:
    """``setup`` with paths of this machine that hold what ``reads`` says, or None: they must be sent. Raises ValueError
    if another version of adwar is installed here."""
    if version("adwar") != reads["adwar"]:
        raise ValueError(f"adwar {version('adwar')} is installed there, {reads['adwar']} where the run was started")
    folder = folder_of(setup.model)
    gates = [Path(setup.gate), folder / GATE] if setup.gate else [None]
    for gate in gates:
        if folder.is_dir() and (gate is None or gate.is_file()) and model_digests(folder, gate) == reads["model"]:
            return replace(setup, gate=str(gate) if gate else None)
    return None


@contextmanager
def unpacked(setup: Setup, packed: Callable[[], Packed]) -> Iterator[Setup]:
    """``setup`` with the packed files in a folder that lasts as long as the context: long enough to load them."""
    with TemporaryDirectory(prefix="adwar-") as name:
        folder = Path(name)
        for file, held in packed().items():
            (folder / file).write_bytes(held)
        yield replace(setup, model=name, gate=str(folder / GATE) if setup.gate else None)
