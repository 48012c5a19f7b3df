"""Coverage-guided fuzzing of everything that reads what strangers wrote, with atheris (pip install 'adwar[fuzz]').

    python benchmarks/fuzz.py all --seconds 60            # every target for a minute
    python benchmarks/fuzz.py markup --seconds 1800       # one target for half an hour
    python benchmarks/fuzz.py markup build/fuzz/markup/crash-1234    # a finding again
    python benchmarks/fuzz.py all --keep                  # the smallest of what was found interesting, into the tests
    python benchmarks/fuzz.py all --show                  # what was counted so far

Targets and what they assert: `fuzz_targets.py`. Inputs that reached something new stay in build/fuzz/TARGET/corpus,
where the next run begins; findings beside it. Executions, seconds and findings are added to docs/figures/fuzz.json.
"""

from __future__ import annotations

import argparse
import base64
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from fuzz_targets import ROOT, SEEDS, TARGETS, tried
from kept import keep, kept

from adwar.data.whole_file import write_whole

FIGURES = ROOT / "docs" / "figures" / "fuzz.json"
KEPT = ROOT / "tests" / "fuzz_corpus"
#: Bytes of a target's file in the tests.
MOST_KEPT = 12_000
FINDING = ("crash-*", "timeout-*", "oom-*", "leak-*")


def replayed(target: str) -> list[bytes]:
    """The inputs of ``target`` that the tests replay: a line each, in base64."""
    file = KEPT / f"{target}.txt"
    return [base64.b64decode(line) for line in file.read_text().split()] if file.exists() else []


def keep_inputs(target: str, held: Path) -> None:
    """Into the tests: what was kept, what was found, and the smallest of the corpus, as far as there is room."""
    found = [file.read_bytes() for mark in FINDING for file in sorted(held.glob(mark))]
    seeds = [mark + seed.encode() for seed in SEEDS for mark in (b"", b"\x00")]
    corpus = sorted((file.read_bytes() for file in (held / "corpus").glob("*")), key=lambda raw: (len(raw), raw))
    lines, size = [], 0
    for raw in dict.fromkeys([*found, *replayed(target), *seeds, *corpus]):
        line = base64.b64encode(raw).decode()
        if line and size + len(line) + 1 <= MOST_KEPT:
            lines.append(line)
            size += len(line) + 1
    write_whole(KEPT / f"{target}.txt", "\n".join(sorted(lines)) + "\n")
    print(f"{target}: {len(lines)} inputs, {size:,} bytes")


def fuzz(target: str, seconds: int, held: Path) -> int:
    """Fuzz in this process, which libFuzzer ends."""
    import atheris

    corpus = held / "corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    marks = (b"", b"\x00", b"\x01", b"\x02", b"\x03", b"\x04", b"\x05", b"\x80")
    inputs = [mark + seed.encode() for seed in SEEDS for mark in marks] + replayed(target)
    for number, raw in enumerate(inputs):
        (corpus / f"seed-{number}").write_bytes(raw)
    call = TARGETS[target]
    with atheris.instrument_imports(include=["adwar"]):
        for seed in SEEDS:
            tried(call, seed.encode())
    options = [f"-max_total_time={seconds}", f"-artifact_prefix={held}/", "-timeout=20", "-max_len=4096"]
    atheris.Setup([sys.argv[0], *options, "-print_final_stats=1", str(corpus)], lambda raw: tried(call, raw))
    atheris.Fuzz()
    return 0


def counted_run(target: str, seconds: int, findings: Path) -> bool:
    """A process of its own for ``target``, its executions counted; whether nothing was found."""
    held = findings / target
    held.mkdir(parents=True, exist_ok=True)
    before = {file for mark in FINDING for file in held.glob(mark)}
    command = [sys.executable, __file__, target, "--seconds", str(seconds), "--findings", str(findings), "--here"]
    with tempfile.TemporaryFile("w+", errors="replace") as log:
        status = subprocess.run(command, stderr=log).returncode
        log.seek(0)
        said = log.read()
    found = sorted({file for mark in FINDING for file in held.glob(mark)} - before)
    units = re.search(r"stat::number_of_executed_units:\s*(\d+)", said)
    steps = re.findall(r"^#(\d+)\s", said, re.MULTILINE)
    done = int(units[1]) if units else max(map(int, steps), default=0)
    add(target, done, seconds, len(found))
    print(f"{target}: {done:,} inputs in {seconds} s" + "".join(f"\n  found: {file}" for file in found), flush=True)
    if status:
        print("\n".join(said.splitlines()[-30:]), file=sys.stderr)
    return not status


def add(target: str, executions: int, seconds: int, findings: int) -> None:
    held = kept(FIGURES)
    row = held.setdefault(target, {"executions": 0, "seconds": 0, "findings": 0})
    for key, value in (("executions", executions), ("seconds", seconds), ("findings", findings)):
        row[key] += value
    keep(FIGURES, held, in_order=True)


def show() -> None:
    held = kept(FIGURES)
    print(f"{'target':<12} {'executions':>12} {'seconds':>8} {'findings':>9}")
    for name, row in sorted(held.items()):
        print(f"{name:<12} {row['executions']:>12,} {row['seconds']:>8,} {row['findings']:>9}")
    print(f"{'in all':<12} {sum(row['executions'] for row in held.values()):>12,}")


def main() -> int:
    parser = argparse.ArgumentParser(description="Fuzz the readers; see the head of this file.")
    parser.add_argument("target", choices=["all", *TARGETS])
    parser.add_argument("again", nargs="*", help="findings to run again")
    parser.add_argument("--seconds", type=int, default=60, help="how long each target runs (default 60)")
    parser.add_argument("--findings", default="build/fuzz", help="folder for what is found (default build/fuzz)")
    parser.add_argument("--keep", action="store_true", help="renew the inputs in tests/fuzz_corpus, and end")
    parser.add_argument("--show", action="store_true", help="print what was counted so far, and end")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    names, findings = list(TARGETS) if arguments.target == "all" else [arguments.target], Path(arguments.findings)
    if arguments.again:
        for file in arguments.again:
            tried(TARGETS[arguments.target], Path(file).read_bytes())
        print(f"{len(arguments.again)} inputs, nothing raised")
        return 0
    if arguments.keep:
        for name in names:
            keep_inputs(name, findings / name)
        return 0
    if arguments.show:
        show()
        return 0
    try:
        import atheris  # noqa: F401
    except ImportError:
        print("skipped: fuzzing needs atheris: pip install 'adwar[fuzz]'", file=sys.stderr)
        return 0
    if arguments.here:
        return fuzz(arguments.target, arguments.seconds, findings / arguments.target)
    failed = [name for name in names if not counted_run(name, arguments.seconds, findings)]
    print(f"findings in: {', '.join(failed)}; see {findings}" if failed else "no findings")
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
