"""``adwar extract``: the event tables of files and folders of reports, in bulk; killed, it goes on when run again."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import Any


def register(subparsers: Any) -> None:
    p = subparsers.add_parser(
        "extract",
        help="make event tables of many reports",
        description="Reads .txt, .jsonl, .csv and .parquet, also .gz, .xz and .zst. If it is stopped or killed, the "
        "same command goes on where it stood. Columns and everything else: docs/scale.md",
    )
    p.add_argument("inputs", nargs="+", metavar="INPUT", help="files, folders, 'globs', or '-' for standard input")
    p.add_argument(
        "-o", "--output", required=True, metavar="FILE", help=".parquet, .jsonl, .csv, .sqlite (.db) or .duckdb"
    )
    p.add_argument("--mentions", metavar="FILE", help="also a row for each mention; may be the same database")
    p.add_argument("--all-documents", action="store_true", help="also a row for each report without a frame")
    p.add_argument("--text-column", default="text", help="key or column of the text (default: text); a.b goes deeper")
    p.add_argument("--id-column", default="id", help="of the report's id (default: id)")
    p.add_argument("--title-column", default="title", help="of its title (default: title)")
    p.add_argument("--date-column", default="date", help="of its date (default: date)")
    p.add_argument("--stdin-format", choices=("jsonl", "csv", "txt"), default="jsonl", help="of '-' (default: jsonl)")
    p.add_argument("--model", metavar="FOLDER", help="model folder (default: the embedded model)")
    p.add_argument("--min-score", type=float, default=0.0, help="leave out spans and frames below this score")
    p.add_argument("--max-characters", type=int, metavar="N", help="longest report that is read (default: 50000)")
    gate = p.add_mutually_exclusive_group()
    gate.add_argument("--no-gate", action="store_true", help="read every report, also what hardly tells of an attack")
    gate.add_argument(
        "--gate",
        metavar="GATE",
        help="a gate's file, a model folder that holds one, or 'embedded' (default: gate.npz in the model folder)",
    )
    p.add_argument(
        "--workers", type=int, metavar="N", help="processes that predict (default: one a core; one on a GPU)"
    )
    p.add_argument("--engine", choices=("local", "ray"), default="local", help="this machine, or a Ray cluster")
    p.add_argument("--device", choices=("cpu", "cuda"), default="cpu", help="where the model computes (default: cpu)")
    p.add_argument("--ray-address", metavar="HOST:PORT", help="of its head (default: the cluster this machine is in)")
    p.add_argument("--restart", action="store_true", help="throw away what an earlier run left, and overwrite")
    p.add_argument("--quiet", action="store_true", help="no progress and no summary")
    p.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    from ..scale.assemble import Outputs
    from ..scale.job import Job
    from ..scale.progress import meter
    from ..scale.read import LONGEST
    from ..scale.reports import Columns
    from ..scale.run import run as extract
    from ..scale.work import Setup, embedded_or, on_a_gpu

    if not 0.0 <= arguments.min_score <= 1.0:
        raise ValueError(f"--min-score {arguments.min_score}: a number from 0 to 1 is expected")
    for name in ("workers", "max_characters"):
        if getattr(arguments, name) is not None and getattr(arguments, name) < 1:
            raise ValueError(f"--{name.replace('_', '-')} must be 1 or more, found {getattr(arguments, name)}")
    if arguments.ray_address and arguments.engine != "ray":
        raise ValueError("--ray-address is for --engine ray")
    if arguments.device == "cuda" and arguments.engine == "ray":
        raise ValueError("--device cuda is for --engine local: a cluster's workers have a core each")
    if arguments.model and not Path(arguments.model).is_dir():
        raise ValueError(f"{arguments.model}: no such model folder; train one with 'adwar train'")
    gate = _gate(arguments)
    job = Job(
        inputs=tuple(arguments.inputs),
        outputs=Outputs(events=arguments.output, mentions=arguments.mentions, all_documents=arguments.all_documents),
        setup=Setup(
            labeler=on_a_gpu if arguments.device == "cuda" else embedded_or,
            model=arguments.model,
            gate=gate,
            min_score=arguments.min_score,
            longest=arguments.max_characters or LONGEST,
        ),
        columns=Columns(
            text=arguments.text_column,
            id=arguments.id_column,
            title=arguments.title_column,
            date=arguments.date_column,
        ),
        stdin_kind="." + arguments.stdin_format,
        workers=arguments.workers or _usual_workers(arguments),
        engine=arguments.engine,
        ray_address=arguments.ray_address,
        restart=arguments.restart,
    )
    try:
        summary = extract(job, meter(arguments.quiet))
    except KeyboardInterrupt:
        print("adwar: stopped; the same command goes on from here", file=sys.stderr)
        return 130
    if not arguments.quiet:
        _tell(summary, job)
    return 1 if summary.failed and summary.failed == summary.documents else 0


def cores() -> int:
    """The processor cores this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1


def _usual_workers(arguments: argparse.Namespace) -> int:
    """One a core; 0, for one a core of the cluster; one alone for a GPU, which it fills."""
    if arguments.engine == "ray":
        return 0
    return 1 if arguments.device == "cuda" else cores()


def _gate(arguments: argparse.Namespace) -> str | None:
    """The gate's file, if one is to be used. A model of one's own is judged by the embedded model's gate only where
    that is asked for."""
    if arguments.no_gate:
        return None
    from ..scale.gate import FILE
    from ..scale.manifest import folder_of

    if arguments.gate:
        named = folder_of(None) if arguments.gate == "embedded" else Path(arguments.gate)
        file = named / FILE if named.is_dir() else named
        if not file.is_file():
            raise ValueError(
                f"{file}: no such file; 'python -m adwar.train.gate' makes a gate, '--gate embedded' takes the one "
                "that ships, --no-gate reads everything"
            )
        return str(file)
    folder = folder_of(arguments.model)
    return str(folder / FILE) if (folder / FILE).is_file() else None


def _tell(summary: Any, job: Any) -> None:
    if summary.finished_before:
        print(f"{job.outputs.events}: finished before, nothing to do (--restart reads everything again)")
    elif summary.now < summary.documents:
        print(f"{summary.documents - summary.now:,} documents had been read by an earlier run")
    rows = [("documents", f"{summary.documents:,}"), ("frames", f"{summary.frames:,}")]
    rows.append(("skipped by the gate", f"{summary.skipped:,}" if job.setup.gate else "no gate"))
    rows.append(("failed", f"{summary.failed:,}" + (f" (see {job.outputs.errors})" if summary.failed else "")))
    if summary.now:
        workers = f"{job.workers} workers" if job.workers else "a worker for each core of the cluster"
        rows.append(("documents a second", f"{summary.rate:,.1f} ({workers}, {summary.seconds:,.1f} s)"))
    if summary.left_out:
        rows.append(("files of other kinds left out", f"{summary.left_out:,}"))
    rows.append(("written", ", ".join(filter(None, (job.outputs.events, job.outputs.mentions)))))
    for name, value in rows:
        print(f"{name:<30}{value}")
