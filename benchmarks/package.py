"""Builds wheel and source archive, checks what is in them, and tries the wheel in an empty environment.

    python benchmarks/package.py [--folder build/package]

The wheel is made from the source archive, so that this is tried as well. Needs a network: build tools and the light
dependencies come from the package index. Prints a table of goals and findings; status 1 where one is missed. Times are
processor time (median of runs), because machines that build are busy; the clock's are beside them. Uploads nothing.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tarfile
import time
import venv
import zipfile
from dataclasses import dataclass
from pathlib import Path

from package_contents import source_faults, wheel_faults
from packaging.metadata import Metadata

ROOT = Path(__file__).resolve().parent.parent
WHEEL_MB, SOURCE_MB, INSTALLED_MB, HELP_SECONDS = 60, 60, 250, 0.5
RUNS = 7
#: What the light install must not bring: it predicts without.
HEAVY = ("torch", "transformers", "pandas", "datasets", "spacy", "scipy")


@dataclass(frozen=True)
class Row:
    what: str
    found: str
    goal: str
    good: bool


def build(folder: Path) -> tuple[Path, Path]:
    """(wheel, source archive), made in ``folder``, which is emptied."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    log = folder / "build.log"
    with log.open("w") as out:
        command = [sys.executable, "-m", "build", "--outdir", str(folder), str(ROOT)]
        if subprocess.run(command, stdout=out, stderr=subprocess.STDOUT).returncode:
            raise SystemExit(f"the build failed; the end of {log}:\n{log.read_text()[-2000:]}")
    (wheel,), (source,) = folder.glob("*.whl"), folder.glob("*.tar.gz")
    return wheel, source


def listed(title: str, faults: list[str]) -> Row:
    for fault in faults:
        print(fault, file=sys.stderr)
    return Row(title, f"{len(faults)} faults", "0", not faults)


def sized(title: str, size: float, most: float) -> Row:
    return Row(title, f"{size / 1e6:.1f} MB", f"< {most} MB", size < most * 1e6)


def metadata_faults(wheel: Path) -> list[str]:
    """What the package index would refuse, and what people who look there would miss."""
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        told = archive.read(next(n for n in names if n.endswith(".dist-info/METADATA")))
    try:
        data = Metadata.from_email(told, validate=True)
    except Exception as error:  # a group of its own making, whose name has moved between versions
        return [f"METADATA: {one}" for one in getattr(error, "exceptions", [error])]
    from adwar import __version__

    wanted = {
        "name adwar": data.name == "adwar",
        f"version {__version__}": str(data.version) == __version__ and __version__ in wheel.name,
        "a summary": bool(data.summary),
        "the README as Markdown": data.description_content_type == "text/markdown"
        and (data.description or "").startswith("# adwar"),
        "the licence": data.license_expression == "Apache-2.0",
        "the licence's text": any(name.endswith("licenses/LICENSE") for name in names),
        "the command": any(name.endswith("entry_points.txt") for name in names),
    }
    return [f"METADATA: {what} is missing or wrong" for what, there in wanted.items() if not there]


def environment(folder: Path, wheel: Path) -> tuple[Path, int, int]:
    """(bin folder, bytes that the wheel and its dependencies take, bytes of Python compiled on installing) of a new
    environment with nothing else in it."""
    venv.create(folder, with_pip=True, clear=True)
    binaries = folder / "bin"
    before, compiled = weight(folder)
    pip = [str(binaries / "python"), "-m", "pip", "install", "-q", "-c", str(ROOT / "constraints.txt")]
    subprocess.run([*pip, str(wheel)], check=True)
    after, more = weight(folder)
    return binaries, after - before, more - compiled


def weight(folder: Path) -> tuple[int, int]:
    """(bytes of the files below ``folder`` but compiled Python, bytes of compiled Python)."""
    files = [f for f in folder.rglob("*") if f.is_file() and not f.is_symlink()]
    compiled = sum(f.stat().st_size for f in files if f.suffix == ".pyc")
    return sum(f.stat().st_size for f in files) - compiled, compiled


def tried(binaries: Path, work: Path) -> list[str]:
    """What is wrong with an installation that reads the example, far from the repository."""
    work.mkdir(parents=True, exist_ok=True)
    article = work / "article.txt"
    shutil.copy(ROOT / "examples" / "article.txt", article)
    code = f"import importlib.util as u; print(*[n for n in {HEAVY!r} if u.find_spec(n)])"
    there = run([binaries / "python", "-c", code], work).split()
    faults = [f"{name}: is installed, so that this shows nothing" for name in there]
    (record,) = json.loads(run([binaries / "adwar", "predict", article, "--date", "2017-09-06", "--json"], work))
    if not record["frames"] or not record["spans"]:
        faults.append("adwar predict: nothing found in examples/article.txt")
    if any(record["text"][s["start"] : s["end"]] != s["text"] for s in record["spans"]):
        faults.append("adwar predict: an offset does not hold")
    if "embedded" not in run([binaries / "adwar", "train", "--help"], work):
        faults.append("adwar train --help: says nothing")
    return faults


def run(command: list[str | Path], work: Path) -> str:
    held = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "VIRTUAL_ENV")}
    return subprocess.run(
        list(map(str, command)), cwd=work, env=held, check=True, capture_output=True, text=True
    ).stdout


def timed(title: str, command: list[str | Path], work: Path, most: float) -> Row:
    """Median processor time of ``command`` over `RUNS` runs, after one that warms the disk."""
    spent, clock = [], []
    for number in range(RUNS + 1):
        before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        run(command, work)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        if number:
            clock.append(time.perf_counter() - started)
            spent.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    median = statistics.median(spent)
    return Row(title, f"{median:.3f} s ({statistics.median(clock):.2f} by the clock)", f"< {most} s", median < most)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", default=str(ROOT / "build" / "package"), help="where to work; emptied first")
    folder = Path(parser.parse_args().folder).resolve()
    wheel, source = build(folder)
    with zipfile.ZipFile(wheel) as archive:
        rows = [listed("wheel: contents", wheel_faults(archive.namelist(), ROOT))]
    with tarfile.open(source) as packed:
        names = [m.name.partition("/")[2] for m in packed.getmembers() if m.isfile()]
    rows.append(listed("source archive: contents", source_faults(names, ROOT)))
    rows.append(listed("metadata", metadata_faults(wheel)))
    rows += [sized("wheel", wheel.stat().st_size, WHEEL_MB), sized("source archive", source.stat().st_size, SOURCE_MB)]
    binaries, size, compiled = environment(folder / "venv", wheel)
    work = folder / "elsewhere"
    rows.append(sized("light install, with dependencies", size, INSTALLED_MB))
    rows.append(Row("and Python compiled on installing", f"{compiled / 1e6:.1f} MB", "-", True))
    rows.append(listed("reads the example without torch", tried(binaries, work)))
    rows.append(timed("adwar --help", [binaries / "adwar", "--help"], work, HELP_SECONDS))
    rows.append(timed("import adwar", [binaries / "python", "-c", "import adwar"], work, HELP_SECONDS))
    for row in rows:
        print(f"{row.what:34} {row.found:32} {row.goal:10} {'ok' if row.good else 'MISSED'}")
    return 0 if all(row.good for row in rows) else 1


if __name__ == "__main__":
    raise SystemExit(main())
