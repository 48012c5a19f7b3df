"""A run from inputs to tables: list, lock, manifest, parts, tables. Killed at any moment, it goes on when run again.

The work folder ``OUT.work`` holds the lock, the manifest, the list of inputs and the finished parts. Parts are cut
anew from the inputs each time; those that are finished are checked by their digest and not read again; when all are
there the tables are written from them. So nothing is lost, nothing comes twice, and the bytes are those of an unbroken
run. When the tables stand the parts are deleted and the manifest says so.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from ..data.errors import DataError
from ..data.lock import Lock
from .assemble import assemble
from .cluster import Cluster
from .crew import Crew
from .inventory import Inventory, Listing, changes, read_list
from .job import Job, Summary, asked
from .manifest import DONE, RUNNING, Manifest, differences, read_manifest, write_manifest
from .parts import Part, PartFiles, cut
from .progress import Quiet
from .reading import Reader
from .work import Task, tally

LIST = "inputs.jsonl.gz"


def run(job: Job, meter: Quiet | None = None) -> Summary:
    """Do ``job``. Raises `Locked`, `DataError` or ValueError with what is wrong and what to do."""
    job.outputs.files()
    crew = crew_of(job)
    work = Path(job.outputs.work)
    inventory = Inventory(job.inputs, job.outputs.own())
    next(inventory.sources(), None)  # a name that is wrong is told before anything is made
    work.mkdir(exist_ok=True)
    with Lock(work / "lock"):
        parts = PartFiles(work / "parts")
        before = read_manifest(work) if not job.restart else None
        if before is None:
            _refuse_to_overwrite(job)
            parts.clear()
            listing = inventory.write(work / LIST)
            if not listing.files:
                raise DataError(f"{', '.join(job.inputs)}: no files to read (.txt, .jsonl, .csv, .parquet)")
            write_manifest(work, {"state": RUNNING, "asked": asked(job, listing)})
        else:
            listing = _same_as_before(job, before, inventory, work)
            if before["state"] == DONE:
                parts.clear()
                told = {**before["summary"], "now": 0, "seconds": 0.0, "finished_before": True}
                return Summary(left_out=listing.left_out, **told)
        return _go_on(job, listing, parts, work, crew, meter or Quiet())


def crew_of(job: Job) -> Crew | Cluster:
    """The workers of ``job``, not yet begun. Raises ValueError for an engine or a cluster that is not there."""
    if job.engine == "local":
        return Crew(job.workers, job.setup)
    if job.engine != "ray":
        raise ValueError(f"engine {job.engine!r}: local or ray")
    return Cluster(job.workers, job.setup, job.ray_address)


def _go_on(job: Job, listing: Listing, parts: PartFiles, work: Path, crew: Crew | Cluster, meter: Quiet) -> Summary:
    reader = Reader(read_list(work / LIST), job.columns, stdin_kind=job.stdin_kind)
    counts = tally([])
    seen = _Seen()
    reached = 0
    begun = time.monotonic()
    try:
        with crew:
            pieces = cut(reader, documents=job.part_documents, characters=job.part_characters)
            for done in crew.run(_unfinished(pieces, parts, seen, meter, listing.bytes)):
                parts.write(done.number, done.data)
                for key, number in done.counts.items():
                    counts[key] += number
                reached = max(reached, seen.positions.pop(done.number))  # parts come in any order
                meter.step(reached, counts)
    finally:
        meter.end()
    seconds = time.monotonic() - begun
    whole = assemble(parts.records(range(seen.parts)), job.outputs)
    told: dict[str, Any] = {key: whole[key] for key in ("documents", "frames", "skipped", "failed")}
    manifest = read_manifest(work)
    assert manifest is not None
    size = os.path.getsize(job.outputs.events)
    finished = {"state": DONE, "summary": told, "outputs": asdict(job.outputs), "events": {"bytes": size}}
    write_manifest(work, manifest | finished)
    parts.clear()
    return Summary(now=counts["documents"], seconds=seconds, left_out=listing.left_out, **told)


@dataclass(slots=True)
class _Seen:
    """How many parts there are, and where in the input those end that are being read."""

    parts: int = 0
    positions: dict[int, int] = field(default_factory=dict)


def _unfinished(pieces: Iterator[Part], parts: PartFiles, seen: _Seen, meter: Quiet, total: int) -> Iterator[Task]:
    """A task for each part that has no file yet. Raises `DataError` where a finished part's reports have changed."""
    reached, begun = 0, False
    for part in pieces:
        digest = part.digest()
        head = parts.head(part.number)
        seen.parts = part.number + 1
        if head is None:
            if not begun:
                meter.begin(total, reached)
                begun = True
            seen.positions[part.number] = part.position
            yield Task(part.number, digest, part.items)
        elif head["digest"] != digest:
            first = part.items[0]
            raise DataError(
                "the reports from here on are not those that the run began with: the input changed; put it back and "
                "run the same command again, or begin anew with --restart",
                file=first.file,
                line=first.line or None,
                document=first.id,
            )
        reached = part.position


def _same_as_before(job: Job, before: Manifest, inventory: Inventory, work: Path) -> Listing:
    """Raise ValueError if this run is asked for something else than the one whose work folder this is."""
    new = work / f"new-{LIST}"
    listing = inventory.write(new)
    found = differences(before["asked"], asked(job, listing))
    if listing.digest != before["asked"]["inputs"]["digest"]:
        found = [line for line in found if not line.startswith("inputs.digest")] + changes(work / LIST, new)
    else:
        os.replace(new, work / LIST)
    new.unlink(missing_ok=True)
    if found:
        raise ValueError(
            f"{work} belongs to a run that was asked for something else:\n"
            + "\n".join(f"  {line}" for line in found)
            + "\nGive the same command as then to go on with it, --restart to throw its work away, or another output."
        )
    if before["state"] == DONE:
        _check_done(job, before)
    return listing


def _check_done(job: Job, before: Manifest) -> None:
    """A finished run's tables must stand as they were written, and be those that are asked for now."""
    wanted = asdict(job.outputs)
    if before["outputs"] != wanted:
        told = "; ".join(differences(before["outputs"], wanted))
        raise ValueError(f"{job.outputs.events} is finished, but {told}; --restart reads everything again")
    size = os.path.getsize(job.outputs.events) if os.path.exists(job.outputs.events) else None
    if size != before["events"]["bytes"]:
        state = "was changed since" if size is not None else "is gone"
        raise ValueError(f"{job.outputs.events} was finished and {state}; --restart reads everything again")


def _refuse_to_overwrite(job: Job) -> None:
    for path in (job.outputs.events, job.outputs.mentions):
        if path and os.path.exists(path) and not job.restart:
            raise ValueError(f"{path} exists already; choose another name, remove it, or overwrite it with --restart")
