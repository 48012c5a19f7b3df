"""One run at a time for one output. The lock is the kernel's, so that it goes with the process that held it, however
that ended; who holds it stands in the file."""

from __future__ import annotations

import os
import socket
import time
from pathlib import Path
from typing import Any


class Locked(ValueError):
    """Another run writes the same output."""


class Lock:
    """A file held by this process alone. Use as a context; raises `Locked` at once where another process holds it."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.held: Any = None

    def __enter__(self) -> Lock:
        # not inherited by worker processes (PEP 446), which may outlive this one by a moment
        self.held = self.file.open("a+b")
        try:
            _take(self.held)
        except OSError:
            self.held.seek(0)
            who = self.held.read().decode("utf-8", "replace").strip() or "another process"
            self.held.close()
            raise Locked(
                f"{self.file.parent}: another run is at work on this output ({who}); wait for it or stop it"
            ) from None
        self.held.truncate(0)
        now = time.strftime("%Y-%m-%d %H:%M:%S")
        self.held.write(f"process {os.getpid()} on {socket.gethostname()} since {now}\n".encode())
        self.held.flush()
        return self

    def __exit__(self, *_: object) -> None:
        self.held.close()


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
