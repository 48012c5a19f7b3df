"""Raw text: documents from a folder of ``.txt``/``.xz`` files, one paragraph a line, a blank line between documents."""

from __future__ import annotations

import lzma
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TextIO

from .errors import DataError


@dataclass(frozen=True, slots=True)
class RawDocument:
    """``source`` is the file's name without its endings, ``number`` the document's place in it, from 0."""

    source: str
    number: int
    text: str


def files(folder: str | Path) -> list[Path]:
    """The ``.txt``, ``.txt.xz`` files of ``folder`` in a fixed order. Raises FileNotFoundError if there are none."""
    found = sorted(p for p in Path(folder).glob("*") if p.suffix in (".txt", ".xz"))
    if not found:
        raise FileNotFoundError(f"{folder}: no .txt or .txt.xz files; give the folder that holds the raw text")
    return found


def documents(folder: str | Path) -> Iterator[RawDocument]:
    """Every document of every file, blank ones left out. Raises `DataError` for a file that is cut short, no archive
    or not UTF-8."""
    for path in files(folder):
        try:
            yield from _documents(path)
        except (EOFError, lzma.LZMAError) as error:
            raise DataError(f"broken .xz, cut short or damaged: {error}; copy it again", file=str(path)) from None
        except UnicodeDecodeError:
            raise DataError("not UTF-8; convert it first (iconv -t UTF-8)", file=str(path)) from None


def _documents(path: Path) -> Iterator[RawDocument]:
    name = path.name.split(".")[0]
    with _open(path) as lines:
        held: list[str] = []
        number = 0
        for line in chain(lines, "\n"):
            if line.strip():
                held.append(line.rstrip("\n"))
            elif held:
                yield RawDocument(name, number, "\n".join(held))
                number += 1
                held = []


def _open(path: Path) -> TextIO:
    return lzma.open(path, "rt", encoding="utf-8") if path.suffix == ".xz" else path.open(encoding="utf-8")
