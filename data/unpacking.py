"""Bytes of a file, unpacked where its name ends in ``.gz``, with a limit: a few kilobytes can unpack to gigabytes.

The limit holds for what is unpacked and held at once: a whole file, or one line where lines are streamed. A file that
is not packed has the size that its owner sees, and no limit.
"""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .errors import DataError

#: Bytes; as much as 40,000 long reports in one file.
MOST = 256 << 20
_BLOCK = 1 << 20


def is_packed(path: Path) -> bool:
    return path.suffix.lower() == ".gz"


def read_whole(path: Path, most: int = MOST) -> bytes:
    """The bytes of ``path``. Raises `DataError` for a damaged archive, one of more than ``most`` bytes unpacked, and
    for what the system refuses."""
    with _told(path), _open(path) as source:
        if not is_packed(path):
            return source.read()
        found = bytearray()
        while block := source.read(_BLOCK):
            found += block
            if len(found) > most:
                raise _too_much(path, most)
        return bytes(found)


def read_lines(path: Path, most: int = MOST) -> Iterator[tuple[int, bytes]]:
    """(number from 1, line with its end) of ``path``, streamed. Raises as `read_whole`, line by line."""
    with _told(path), _open(path) as source:
        limit = most + 1 if is_packed(path) else -1
        number = 0
        while line := source.readline(limit):
            number += 1
            if 0 < limit <= len(line):
                raise _too_much(path, most, number)
            yield number, line


def _too_much(path: Path, most: int, line: int | None = None) -> DataError:
    what = "one line of it is" if line else "it is"
    problem = f"{what} more than {most:,} bytes unpacked: a broken or hostile .gz; if it is meant so, unpack it first, "
    return DataError(problem + "or allow more with --max-unpacked", file=str(path), line=line)


def _open(path: Path) -> io.BufferedIOBase:
    return gzip.open(path, "rb") if is_packed(path) else path.open("rb")


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Errors of the disk and of a broken archive as `DataError`."""
    try:
        yield
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise DataError(f"broken .gz, cut short or damaged: {error}; copy it again", file=str(path)) from None
    except OSError as error:
        raise DataError(f"cannot be read: {error.strerror or error}", file=str(path)) from None
