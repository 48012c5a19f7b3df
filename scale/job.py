"""What a run is asked to do, what it says at its end, and what of it must stay the same for a run to go on."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from pathlib import Path

from .assemble import Outputs
from .inventory import STDIN, Listing
from .manifest import Manifest, folder_of, model_digests
from .parts import CHARACTERS, DOCUMENTS
from .reports import Columns
from .work import Setup


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What to do. ``engine``: "local", processes of this machine (0 ``workers``: in this process), or "ray", those of a
    Ray cluster at ``ray_address`` (0: one a core). Everything but these, ``restart`` and ``outputs`` must stay the same
    for a run to go on."""

    inputs: tuple[str, ...]
    outputs: Outputs
    setup: Setup
    columns: Columns = field(default_factory=Columns)
    stdin_kind: str = ".jsonl"
    workers: int = 1
    engine: str = "local"
    ray_address: str | None = None
    restart: bool = False
    part_documents: int = DOCUMENTS
    part_characters: int = CHARACTERS


@dataclass(frozen=True, slots=True)
class Summary:
    """Counts over the whole output, by this run and earlier ones; ``now`` and ``seconds`` are this run's reading."""

    documents: int
    frames: int
    skipped: int
    failed: int
    now: int
    seconds: float
    left_out: int
    finished_before: bool = False

    @property
    def rate(self) -> float:
        """Documents a second of this run."""
        return self.now / self.seconds if self.seconds else 0.0


def asked(job: Job, listing: Listing) -> Manifest:
    """What the manifest remembers and compares."""
    return {
        "inputs": {
            "given": list(job.inputs),
            "files": listing.files,
            "bytes": listing.bytes,
            "digest": listing.digest,
        },
        "columns": asdict(job.columns),
        "stdin": job.stdin_kind if STDIN in job.inputs else None,
        "min score": job.setup.min_score,
        "longest": job.setup.longest,
        "part": [job.part_documents, job.part_characters],
        **reads_with(job.setup),
    }


def reads_with(setup: Setup) -> Manifest:
    """The version and what the model's and the gate's files hold."""
    return {
        "adwar": version("adwar"),
        "labeler": f"{setup.labeler.__module__}.{setup.labeler.__qualname__}",
        "model": model_digests(folder_of(setup.model), Path(setup.gate) if setup.gate else None),
    }
