"""Parts: the reports cut into pieces of fixed size, each read by one worker and kept in one file.

Where a part ends follows from the reports alone, never from the number of workers or from when a run was stopped, so a
run that goes on cuts the same parts. A part's file begins with a digest of its reports: what was read is compared with
what is there now. Files are written beside, flushed to the disk and renamed: a part is there whole or not at all.
"""

from __future__ import annotations

import gzip
import json
import os
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from ..data.errors import DataError
from .reports import Item, Report

#: Reports of a part, and characters after which it ends earlier: what a worker holds in memory at a time, and what is
#: lost at most when a run is killed (times the number of workers).
DOCUMENTS, CHARACTERS = 256, 300_000

Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Part:
    """Items number ``number`` × …; ``position`` is how many bytes of input were read up to its end."""

    number: int
    items: tuple[Item, ...]
    position: int = 0

    def digest(self) -> str:
        """Of ids, texts, titles, dates and failures, in order; where they were read from does not count."""
        found = sha256()
        for item in self.items:
            told = (item.id, item.text, item.title, item.date) if isinstance(item, Report) else astuple(item)[:2]
            found.update(json.dumps(told).encode())
        return found.hexdigest()


def cut(reader: Any, *, documents: int = DOCUMENTS, characters: int = CHARACTERS) -> Iterator[Part]:
    """The parts of a `Reader`'s items (or of any iterable with a ``position``)."""
    held: list[Item] = []
    number = size = 0
    for item in reader:
        held.append(item)
        size += len(item.text) if isinstance(item, Report) else 0
        if len(held) == documents or size >= characters:
            yield Part(number, tuple(held), reader.position)
            held, number, size = [], number + 1, 0
    if held:
        yield Part(number, tuple(held), reader.position)


def encode(digest: str, records: Sequence[Record]) -> bytes:
    """The bytes of a part's file: gzip of a head and a JSON line a record. The same records give the same bytes."""
    head = {"digest": digest, "documents": len(records)}
    lines = [json.dumps(line, ensure_ascii=False, separators=(",", ":")) for line in (head, *records)]
    return gzip.compress(("\n".join(lines) + "\n").encode(), compresslevel=1, mtime=0)


def decode(data: bytes) -> list[Record]:
    """The records in the bytes of a part's file."""
    return [json.loads(line) for line in gzip.decompress(data).decode().split("\n")[1:-1]]


class PartFiles:
    """The finished parts of a run: one file each in ``folder``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def file(self, number: int) -> Path:
        return self.folder / f"{number:08d}.jsonl.gz"

    def write(self, number: int, data: bytes) -> None:
        file = self.file(number)
        beside = file.with_name(file.name + ".part")
        with beside.open("wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        os.replace(beside, file)

    def head(self, number: int) -> Record | None:
        """The head of a finished part; None if there is no such file or it is damaged (then it is read anew)."""
        try:
            with gzip.open(self.file(number), "rt", encoding="utf-8") as lines:
                return json.loads(next(lines))
        except (OSError, EOFError, ValueError, StopIteration, zlib.error):
            return None

    def records(self, numbers: Iterable[int]) -> Iterator[Record]:
        """The records of the parts ``numbers``, in order. Raises `DataError` for a missing or damaged one."""
        for number in numbers:
            file = self.file(number)
            try:
                with gzip.open(file, "rt", encoding="utf-8") as lines:
                    next(lines)
                    for line in lines:
                        yield json.loads(line)
            except (OSError, EOFError, ValueError, StopIteration, zlib.error) as error:
                raise DataError(
                    f"a finished part is damaged ({error}); delete this file and run the same command again",
                    file=str(file),
                ) from None

    def clear(self) -> None:
        """Delete all parts, finished and begun."""
        for file in self.folder.glob("*.jsonl.gz*"):
            file.unlink()
