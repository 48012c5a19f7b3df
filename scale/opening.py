"""Files by their ending: what kind of records they hold, and a stream of them unpacked.

``.gz`` and ``.xz`` need nothing; ``.zst`` needs the package zstandard.
"""

from __future__ import annotations

import gzip
import lzma
import os
import shutil
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from io import BufferedReader
from pathlib import PurePath
from typing import IO, Any

from ..data.errors import DataError

KINDS = (".txt", ".jsonl", ".csv", ".parquet")
PACKED = (".gz", ".xz", ".zst")


def endings(path: str) -> tuple[str, str]:
    """(kind, packing) of a file's name, ``""`` for what it lacks: ``("a.jsonl.gz")`` -> ``(".jsonl", ".gz")``."""
    suffixes = [s.lower() for s in PurePath(path).suffixes]
    packing = suffixes.pop() if suffixes and suffixes[-1] in PACKED else ""
    return (suffixes[-1] if suffixes else ""), packing


def stem(path: str) -> str:
    """``path`` without its kind and packing; other dots stay."""
    kind, packing = endings(path)
    cut = len(packing) + (len(kind) if kind in KINDS else 0)
    return path[: len(path) - cut] if cut else path


def broken() -> tuple[type[BaseException], ...]:
    """What reading a damaged or vanished file raises (pyarrow's errors are among ValueError)."""
    found: list[type[BaseException]] = [OSError, EOFError, ValueError, zlib.error, lzma.LZMAError]
    try:
        from zstandard import ZstdError

        found.append(ZstdError)
    except ImportError:
        pass
    return tuple(found)


def check_packing(path: str) -> None:
    """Raise `DataError` where ``path`` needs a package that is not installed."""
    kind, packing = endings(path)
    needed = {"zstandard": packing == ".zst", "pyarrow": kind == ".parquet"}
    for package, wanted in needed.items():
        if wanted:
            try:
                __import__(package)
            except ImportError:
                raise DataError(f"needs {package}: pip install 'adwar[bulk]'", file=path) from None


@contextmanager
def unpacked(path: str) -> Iterator[tuple[IO[bytes], IO[bytes]]]:
    """(unpacked stream, the file below it): how far the file below has been read tells how much is done."""
    packing = endings(path)[1]
    with ExitStack() as held:
        raw = held.enter_context(open(path, "rb"))
        stream: Any = raw
        if packing == ".gz":
            stream = held.enter_context(gzip.GzipFile(fileobj=raw))
        elif packing == ".xz":
            stream = held.enter_context(lzma.LZMAFile(raw))
        elif packing == ".zst":
            from zstandard import ZstdDecompressor

            stream = ZstdDecompressor().stream_reader(raw, read_across_frames=True, closefd=False)
            stream = held.enter_context(BufferedReader(stream, 1 << 20))
        yield stream, raw


@contextmanager
def seekable(path: str) -> Iterator[IO[bytes]]:
    """The unpacked file to jump about in: itself, or unpacked to a temporary file first."""
    with unpacked(path) as (stream, raw):
        if stream is raw:
            yield raw
            return
        with tempfile.TemporaryFile() as spread:
            shutil.copyfileobj(stream, spread, 1 << 20)
            spread.seek(0, os.SEEK_SET)
            yield spread
