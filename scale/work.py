"""What a worker does with a part: labeler and gate loaded once, then reports in, the bytes of the part's file out.

It knows of no processes; `crew.py` runs it in some, and a test or a cluster may call it as it is.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from .parts import Record, encode
from .read import LONGEST, Predicts, read_items
from .reports import Item

#: Why a report failed that ended every process that read it: the same words wherever that was, for the same tables.
ENDED = "the process that read it ended: too long, or too little memory"


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """What a worker needs to begin. ``labeler`` makes the labeler from the model's folder: a function at the top of a
    module, so that another process can import it. Tests put a stand-in there."""

    labeler: Callable[[str | None], Predicts]
    model: str | None = None
    gate: str | None = None
    min_score: float = 0.0
    longest: int = LONGEST


@dataclass(frozen=True, slots=True)
class Task:
    """A part to read. ``careful``: one report at a time; ``failed``: index -> reason of reports not to be tried."""

    number: int
    digest: str
    items: tuple[Item, ...]
    careful: bool = False
    failed: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Done:
    """A part that was read: its file's bytes, and what became of its reports."""

    number: int
    data: bytes
    counts: dict[str, int]


def on_one_thread() -> None:
    """Bind the libraries that this process will load to one thread: many workers are the better use of many cores."""
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "RAYON_NUM_THREADS"):
        os.environ[name] = "1"
    os.environ["TOKENIZERS_PARALLELISM"] = "false"


def embedded_or(model: str | None) -> Predicts:
    """The labeler of a real run: the model folder, or the embedded model, on one thread."""
    from ..model.loading import load

    return load(model, threads=1, device="cpu")


def on_a_gpu(model: str | None) -> Predicts:
    """The same on a GPU. A run that was begun with one must be ended with one: its scores are not bit for bit those of
    a processor."""
    from ..model.loading import load

    return load(model, threads=1, device="cuda")


def begin(setup: Setup) -> Callable[[Task, Callable[[int], None]], Done]:
    """A function from task to `Done`, with labeler and gate loaded. The second argument hears the index of each report
    before it is read."""
    labeler = setup.labeler(setup.model)
    gate = None
    if setup.gate:
        from .gate import Gate

        gate = Gate.load(setup.gate)

    def work(task: Task, at: Callable[[int], None] = lambda index: None) -> Done:
        source = read_items(
            task.items,
            labeler,
            gate=gate,
            min_score=setup.min_score,
            longest=setup.longest,
            one_by_one=task.careful,
            failed=task.failed,
        )
        records = []
        for index in range(len(task.items)):
            if task.careful:
                at(index)
            records.append(next(source))
        return Done(task.number, encode(task.digest, records), tally(records))

    return work


def tally(records: Iterable[Record]) -> dict[str, int]:
    """Documents, frames, and documents by status."""
    counts = {"documents": 0, "frames": 0, "read": 0, "skipped": 0, "failed": 0}
    for record in records:
        counts["documents"] += 1
        counts["frames"] += len(record.get("frames", ()))
        counts[record["status"]] += 1
    return counts
