"""Which files a run reads: folders, globs and names become one list in a fixed order, kept in the work folder.

The list is written, not held: a folder of a million reports costs the names of one folder at a time. A run that goes
on compares the list then with the list now, by name and size.
"""

from __future__ import annotations

import glob
import gzip
import json
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import zip_longest
from pathlib import Path
from typing import Any

from ..data.errors import DataError
from .opening import KINDS, check_packing, endings, stem

STDIN = "-"


@dataclass(frozen=True, slots=True)
class Source:
    """A file to read (or `STDIN`). ``name`` begins the ids of its reports that have none of their own."""

    path: str
    name: str
    size: int


@dataclass(frozen=True, slots=True)
class Listing:
    """What the list amounts to: number of files, bytes, a digest of names and sizes, files of other kinds left out."""

    files: int
    bytes: int
    digest: str
    left_out: int


class Inventory:
    """The files of ``inputs``. ``own`` are the run's own outputs and work folder, which are never read."""

    def __init__(self, inputs: Sequence[str], own: Iterable[str] = ()) -> None:
        self.inputs = inputs
        self.own = {os.path.abspath(path) for path in own}
        self.left_out = 0

    def sources(self) -> Iterator[Source]:
        """Every file once, arguments in their order, folders sorted. Raises `DataError` for what is not there."""
        self.left_out = 0
        seen: set[str] = set()
        for source in self._all():
            if len(self.inputs) > 1:  # only then can a file be named twice
                key = os.path.abspath(source.path) if source.path != STDIN else STDIN
                if key in seen:
                    continue
                seen.add(key)
            yield source

    def _all(self) -> Iterator[Source]:
        for given in self.inputs:
            if given == STDIN:
                yield Source(STDIN, "stdin", 0)
            elif os.path.isdir(given):
                yield from self._folder(given)
            elif os.path.exists(given):
                yield self._file(given)
            elif glob.has_magic(given):
                matches = sorted(set(glob.iglob(given, recursive=True)))
                if not matches:
                    raise DataError("no file matches", file=given)
                for path in matches:
                    if not os.path.isdir(path) and self._wanted(path):
                        yield _source(path, stem(os.path.basename(path)))
            else:
                raise DataError("no such file or folder", file=given)

    def _folder(self, top: str) -> Iterator[Source]:
        for folder, below, names in os.walk(top):
            below[:] = sorted(n for n in below if os.path.abspath(os.path.join(folder, n)) not in self.own)
            for name in sorted(names):
                path = os.path.join(folder, name)
                if self._wanted(path):
                    yield _source(path, stem(os.path.relpath(path, top)).replace(os.sep, "/"))

    def _wanted(self, path: str) -> bool:
        name = os.path.basename(path)
        if name.startswith(".") or name.endswith(".part") or os.path.abspath(path) in self.own:
            return False
        if endings(name)[0] not in KINDS:
            self.left_out += 1
            return False
        return True

    def _file(self, path: str) -> Source:
        if endings(path)[0] not in (*KINDS, ""):
            raise DataError(f"unknown kind of file; {', '.join(KINDS)} can be read, also .gz, .xz, .zst", file=path)
        if not os.path.isfile(path):
            raise DataError("is no ordinary file; pipe it in and give '-'", file=path)
        if os.path.abspath(path) in self.own:
            raise DataError("is the run's own output; give the table another name", file=path)
        return _source(path, stem(os.path.basename(path)))

    def write(self, file: Path) -> Listing:
        """Write the list to ``file`` (a line a file) and say what it amounts to."""
        digest, files, size = sha256(), 0, 0
        part = file.with_name(file.name + ".part")
        with gzip.GzipFile(part, "wb", compresslevel=1, mtime=0) as out:
            for source in self.sources():
                line = json.dumps([source.path, source.name, source.size]).encode() + b"\n"
                digest.update(line)
                out.write(line)
                files, size = files + 1, size + source.size
        os.replace(part, file)
        return Listing(files, size, digest.hexdigest(), self.left_out)


def _source(path: str, name: str) -> Source:
    check_packing(path)
    return Source(path, name, os.stat(path).st_size)


def read_list(file: Path) -> Iterator[Source]:
    """The files of a list that `Inventory.write` wrote."""
    with gzip.open(file, "rt", encoding="ascii") as lines:
        for line in lines:
            yield Source(*json.loads(line))


def changes(before: Path, now: Path, most: int = 5) -> list[str]:
    """The first ``most`` differences between two lists, a sentence each."""
    found: list[str] = []
    for old, new in zip_longest(read_list(before), read_list(now)):
        if old == new:
            continue
        found.append(_change(old, new))
        if len(found) == most or old is None or new is None or old.path != new.path:
            break  # behind a file that came or went, all places are shifted
    return found


def _change(old: Any, new: Any) -> str:
    if old is None:
        return f"new file {new.path}"
    if new is None:
        return f"missing file {old.path}"
    if old.path != new.path:
        return f"where {old.path} stood, there is now {new.path}"
    return f"{new.path} had {old.size:,} bytes and has {new.size:,}"
