"""How far a run is, on standard error: a bar in a terminal, a line now and then in a log, or nothing."""

from __future__ import annotations

import sys
import time
from typing import Any

#: Seconds between two lines where standard error is no terminal.
EVERY = 30.0


class Quiet:
    """Says nothing; the others' interface. Counts are this run's own; positions are bytes of input."""

    def begin(self, total: int, position: int) -> None:
        """``total`` bytes of input (0: not known), of which earlier runs read ``position``."""

    def step(self, position: int, counts: dict[str, int]) -> None:
        """The run has come to ``position``, with ``counts`` documents (see `work.tally`)."""

    def end(self) -> None:
        """No more is to be said."""


class Bar(Quiet):
    """A bar with documents, rate and time left, drawn by rich."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

        told = TextColumn("{task.fields[told]}")
        self.bar = Progress(
            TextColumn("reading"),
            BarColumn(),
            TaskProgressColumn(),
            told,
            TimeRemainingColumn(),
            TextColumn("left"),
            console=Console(stderr=True),
            transient=True,
        )
        self.task: Any = None

    def begin(self, total: int, position: int) -> None:
        self.rate = Rate()
        self.task = self.bar.add_task("", total=total or None, completed=position, told="")
        self.bar.start()

    def step(self, position: int, counts: dict[str, int]) -> None:
        self.bar.update(self.task, completed=position, told=self.rate.told(counts))

    def end(self) -> None:
        self.bar.stop()


class Lines(Quiet):
    """A line every `EVERY` seconds."""

    def begin(self, total: int, position: int) -> None:
        self.rate, self.total, self.start = Rate(), total, position
        self.said = self.rate.begun

    def step(self, position: int, counts: dict[str, int]) -> None:
        now = time.monotonic()
        if now - self.said < EVERY:
            return
        self.said = now
        left = ""
        if self.total and position > self.start:
            seconds = (now - self.rate.begun) * (self.total - position) / (position - self.start)
            left = f", {position / self.total:.0%}, {clock(seconds)} left"
        print(f"adwar: {self.rate.told(counts)}{left}", file=sys.stderr, flush=True)


class Rate:
    """Documents a second since it was made."""

    def __init__(self) -> None:
        self.begun = time.monotonic()

    def told(self, counts: dict[str, int]) -> str:
        rate = counts["documents"] / max(1e-9, time.monotonic() - self.begun)
        failed = f", {counts['failed']:,} failed" if counts["failed"] else ""
        return f"{counts['documents']:,} documents, {counts['frames']:,} frames{failed}, {rate:,.1f}/s"


def clock(seconds: float) -> str:
    """``3723.0`` -> ``1:02:03``."""
    whole = int(seconds)
    return f"{whole // 3600}:{whole % 3600 // 60:02d}:{whole % 60:02d}"


def meter(quiet: bool) -> Quiet:
    """The one that suits where standard error goes."""
    if quiet:
        return Quiet()
    return Bar() if sys.stderr.isatty() else Lines()
