"""What one conversion did: documents counted, losses counted, repairs told one by one; and files that appear whole.

Leaves out the formats themselves: each has a file of its own beside this one.
"""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from ..encodings import looks_like
from ..errors import DataError
from ..schema import Document, check_document


@dataclass(slots=True)
class Report:
    """``lost`` counts, by name, what the target could not hold (writing) or what the file said beyond our schema
    (reading). ``repaired`` tells every span that ``repair=True`` changed: file, line, document, before and after."""

    documents: int = 0
    lost: Counter[str] = field(default_factory=Counter)
    repaired: list[str] = field(default_factory=list)

    def warning(self, name: str) -> str:
        """One line for the user, empty if nothing was lost: ``brat cannot hold: title 12, meta 12``."""
        counts = ", ".join(f"{what} {number}" for what, number in sorted(self.lost.items()) if number)
        return f"{name} cannot hold: {counts}" if counts else ""


def checked(docs: Iterable[Document]) -> Iterator[Document]:
    """``docs`` as they come, each sound by every rule of the schema and with an id of its own, else `DataError`."""
    seen: set[str] = set()
    for doc in docs:
        check_document(doc)
        if doc.id in seen:
            raise DataError("two documents bear this id", document=doc.id)
        seen.add(doc.id)
        yield doc


@contextmanager
def whole_file(path: str | Path, encoding: str = "utf-8") -> Iterator[TextIO]:
    """A text file to write to; it takes its name only when the block ends well, else nothing is left behind."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    try:
        with part.open("w", encoding=encoding, newline="") as out:
            yield out
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)


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


def read_text(path: str | Path) -> str:
    """The whole of a UTF-8 file, line ends and byte order mark as they stand. Raises `DataError`."""
    try:
        raw = Path(path).read_bytes()
        return raw.decode("utf-8")
    except OSError as error:
        raise DataError(f"cannot be read: {error.strerror}", file=str(path)) from None
    except UnicodeDecodeError as error:
        raise DataError(f"not UTF-8 at byte {error.start}; {looks_like(raw)}", file=str(path)) from None
