"""Files and folders that appear whole or not at all: written beside, under a name ending in ``.part``, then renamed.

A reader never meets a half-written file, a killed run leaves the last good one, and an error leaves nothing behind.
What it leaves out: protection against a power cut (nothing is forced to the disk) and against two writers at once.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, TextIO

from .errors import DataError


@contextmanager
def whole_path(path: str | Path) -> Iterator[Path]:
    """The path to write to in the place of ``path``, for writers that open files themselves (numpy, torch)."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    try:
        yield part
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def whole_file(path: str | Path, encoding: str = "utf-8") -> Iterator[TextIO]:
    """A text file to write to, line ends as written; it takes its name only when the block ends well."""
    with whole_path(path) as part, part.open("w", encoding=encoding, newline="") as out:
        yield out


@contextmanager
def whole_binary(path: str | Path) -> Iterator[BinaryIO]:
    """As `whole_file`, for bytes."""
    with whole_path(path) as part, part.open("wb") as out:
        yield out


def write_whole(path: str | Path, text: str) -> None:
    """``text`` as the UTF-8 file ``path``."""
    with whole_file(path) as out:
        out.write(text)


@contextmanager
def whole_folder(path: str | Path) -> Iterator[Path]:
    """A folder to write into; it takes its name only when the block ends well. A folder that already holds files is
    refused with `DataError`: old and new documents would mix."""
    path = Path(path)
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise DataError("already there and not an empty folder; name a new one", file=str(path))
    part = path.with_name(path.name + ".part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    try:
        yield part
        os.replace(part, path)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def replace_folder(part: Path, path: Path) -> None:
    """Give the folder ``part`` the name ``path``; a folder of that name is put aside until it is done. A folder cannot
    be replaced in one step: of a kill between the two renames `recover_folder` makes good, here or before."""
    recover_folder(path)
    old = _aside(path)
    if path.exists():
        os.replace(path, old)
    os.replace(part, path)
    shutil.rmtree(old, ignore_errors=True)


def recover_folder(path: Path) -> None:
    """Put back what a `replace_folder` killed between its two renames had put aside."""
    old = _aside(path)
    if old.exists() and not path.exists():
        os.replace(old, path)
    shutil.rmtree(old, ignore_errors=True)


def _aside(path: Path) -> Path:
    return path.with_name(f"{path.name}.old")
