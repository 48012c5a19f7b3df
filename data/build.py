"""The authors' markup to the three splits: ``corpus/markup/*.txt`` to ``corpus/{train,dev,test}.jsonl``.

The split hangs on the document's id alone, so that a document never moves when others are added or taken away. An id
is ``CELL-NUMBER``; the cell says who wrote about what. Every document of the cell ``tst`` is test: it is a world of its
own, with theatres, people and places that the other cells leave alone. Of the other cells a hash of the id (BLAKE2b,
the same on every machine) sends 4 in 100 to test, so that test holds the known world too, 8 in 100 to dev, and the
rest to train.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from .errors import DataError
from .jsonl import write_jsonl
from .lock import only_run
from .markup import parse_file
from .schema import Document
from .splits import CORPUS, SPLITS

MARKUP = CORPUS / "markup"
TEST_CELL = "tst"
TEST_SHARE, DEV_SHARE = 0.04, 0.08


def cell_of(identity: str) -> str:
    """The part of a document's id before its first '-'."""
    return identity.split("-", 1)[0]


def split_of(identity: str) -> str:
    """'train', 'dev' or 'test', by the document's id alone."""
    if cell_of(identity) == TEST_CELL:
        return "test"
    place = int.from_bytes(hashlib.blake2b(identity.encode()).digest()[:8], "big") / 2**64
    if place < TEST_SHARE:
        return "test"
    return "dev" if place < TEST_SHARE + DEV_SHARE else "train"


def read_markup(folder: str | Path) -> Iterator[Document]:
    """Every document of the ``.txt`` files in ``folder``, by file name and then in the file's order.

    Raises `DataError` at the first fault, and for an id that an earlier file has used.
    """
    folder = Path(folder)
    files = sorted(folder.glob("*.txt"))
    if not files:
        raise DataError("no markup here: a folder with .txt files is expected", file=str(folder))
    seen: dict[str, Path] = {}
    for file in files:
        for doc in parse_file(file):
            if doc.id in seen:
                raise DataError(f"id already used in {seen[doc.id]}", file=str(file), document=doc.id)
            seen[doc.id] = file
            yield doc


def compile_corpus(markup: str | Path = MARKUP, out: str | Path = CORPUS) -> dict[str, int]:
    """Write the three splits of ``markup`` into the folder ``out``; returns how many documents each holds.

    Nothing is written unless every document is sound. Raises `DataError`, and `Locked` where another run writes there.
    """
    docs: dict[str, list[Document]] = {split: [] for split in SPLITS}
    for doc in read_markup(markup):
        docs[split_of(doc.id)].append(doc)
    with only_run(out):
        return {split: write_jsonl(docs[split], Path(out) / f"{split}.jsonl") for split in SPLITS}
