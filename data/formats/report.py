"""What one conversion did: documents counted, losses counted, repairs told one by one.

Leaves out the formats themselves: each has a file of its own beside this one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

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


def read_bytes(path: str | Path) -> bytes:
    """The whole of a file. Raises `DataError`."""
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise DataError(f"cannot be read: {error.strerror}", file=str(path)) from None


def read_text(path: str | Path) -> str:
    """The whole of a UTF-8 file, line ends and byte order mark as they stand. Raises `DataError`."""
    try:
        raw = read_bytes(path)
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise DataError(f"not UTF-8 at byte {error.start}; {looks_like(raw)}", file=str(path)) from None
