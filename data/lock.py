"""One run at a time for one output. The lock is the kernel's, so that it goes with the process that held it, however
that ended; who holds it stands in the file."""

from __future__ import annotations

import contextlib
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


class Locked(ValueError):
    """Another run writes the same output."""


class Lock:
    """A file held by this process alone. Use as a context; raises `Locked` at once where another process holds it.

    ``output`` is what the message names (default: the file's folder). ``remove`` takes the file away at the end; what
    a killed process leaves of it holds nobody back.
    """

    def __init__(self, file: Path, output: str | Path | None = None, *, remove: bool = False) -> None:
        self.file, self.output, self.remove = file, output or file.parent, remove
        self.held: Any = None

    def __enter__(self) -> Lock:
        while True:
            # not inherited by worker processes (PEP 446), which may outlive this one by a moment
            self.held = self.file.open("a+b", buffering=0)
            try:
                _take(self.held)
            except OSError:
                self.held.seek(0)
                who = self.held.read().decode("utf-8", "replace").strip() or "another process"
                self.held.close()
                raise Locked(
                    f"{self.output}: another run is at work on this output ({who}); wait for it or stop it"
                ) from None
            if _is_still(self.held, self.file):
                break
            self.held.close()  # the one that held it took the file away as we opened it
        now = time.strftime("%Y-%m-%d %H:%M:%S")
        with contextlib.suppress(OSError):  # a full disk takes no note of who; the lock holds all the same
            self.held.truncate(0)
            self.held.write(f"process {os.getpid()} on {socket.gethostname()} since {now}\n".encode())
        return self

    def __exit__(self, *_: object) -> None:
        if self.remove:
            with contextlib.suppress(OSError):  # Windows keeps an open file
                self.file.unlink()
        self.held.close()


@contextmanager
def only_run(output: str | Path, *, beside: bool = False) -> Iterator[None]:
    """Nobody else writes the folder ``output`` meanwhile: raises `Locked`. The folder is made where there is none;
    ``beside``: the lock's file lies next to it, for a folder that is replaced as a whole."""
    folder = Path(output).resolve()
    file = folder.with_name(f"{folder.name}.lock") if beside else folder / ".lock"
    file.parent.mkdir(parents=True, exist_ok=True)
    with Lock(file, output, remove=True):
        yield


def _is_still(held: Any, file: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(held.fileno()), os.stat(file))
    except FileNotFoundError:
        return False


def _take(file: Any) -> None:
    try:
        import fcntl
    except ImportError:  # Windows: the byte locked lies far behind the text, which others may read
        import msvcrt

        file.seek(1 << 20)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
        file.seek(0)
    else:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
