"""The table of goals and figures in docs/reliability.md, from the JSON that the benchmarks keep in docs/figures.

    python benchmarks/reliability_figures.py            # write it between its markers
    python benchmarks/reliability_figures.py --check    # status 1 if the page says something else

A goal whose benchmark has not run yet has no row. `make coverage` leaves its figure in build/coverage.json; it is taken
from there into docs/figures/coverage.json.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from kept import keep, kept

from adwar.data.whole_file import write_whole

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "reliability.md"
FIGURES = ROOT / "docs" / "figures"
BEGIN, END = "<!-- figures -->", "<!-- end of figures -->"
HEAD = ("| goal | found | command |", "|---|---|---|")


def kills() -> list[tuple[str, str, str]]:
    rows = kept(FIGURES / "kills.json")
    if not rows:
        return []
    each = ", ".join(f"{name} {row['kills']}" for name, row in sorted(rows.items()))
    lost = sum(row["lost"] for row in rows.values())
    total = sum(row["kills"] for row in rows.values())
    found = f"{total:,} kills ({each}), {lost} lost"
    return [("500 kills with nothing lost", found, "benchmarks/kills.py")]


def fuzz() -> list[tuple[str, str, str]]:
    rows = kept(FIGURES / "fuzz.json")
    if not rows:
        return []
    total, least = sum(row["executions"] for row in rows.values()), min(row["seconds"] for row in rows.values())
    findings = sum(row["findings"] for row in rows.values())
    found = f"{total:,} over {len(rows)} targets, {least / 60:.3g} minutes or more each, {findings} findings"
    return [("10 million fuzz executions, half an hour a target", found, "benchmarks/fuzz.py")]


def mutants() -> list[tuple[str, str, str]]:
    found = []
    for module, row in sorted(kept(FIGURES / "mutants.json").items()):
        tried = row["tried"].values()
        if len(tried) == row["mutants"]:  # a share of some says nothing of the rest
            killed = sum(one != "survived" for one in tried)
            told = f"{killed / len(tried):.1%} of {len(tried)}"
            found.append((f"85% of the mutants of `{module}` killed", told, "benchmarks/mutants.py"))
    return found


def load() -> list[tuple[str, str, str]]:
    figures = kept(FIGURES / "serve_load.json")
    if not figures:
        return []
    minutes = figures["seconds"] / 60
    return [
        (f"{goal}, {minutes:.0f} minutes at 2x load", f"{'' if one['met'] else '**missed**: '}{one['found']}",
         "benchmarks/serve_load.py")
        for goal, one in figures["goals"].items()
    ]  # fmt: skip


def coverage() -> list[tuple[str, str, str]]:
    made = ROOT / "build" / "coverage.json"
    if made.exists():
        total = json.loads(made.read_text(encoding="utf-8"))["totals"]
        figures = {"lines": total["num_statements"], "covered": total["covered_lines"]}
        keep(FIGURES / "coverage.json", figures)
    figures = kept(FIGURES / "coverage.json")
    if not figures:
        return []
    share = figures["covered"] / figures["lines"]
    return [("95% of the lines of `data`, `model`, `eval`", f"{share:.1%} of {figures['lines']:,}", "make coverage")]


def table() -> str:
    rows = [*kills(), *fuzz(), *load(), *coverage(), *mutants()]
    lines = [*HEAD, *(f"| {goal} | {found} | `{command}` |" for goal, found, command in rows)] if rows else []
    return "\n".join([BEGIN, *lines, END])


def renewed(page: str) -> str:
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return before + table() + after


def main() -> int:
    page = PAGE.read_text(encoding="utf-8")
    now = renewed(page)
    if "--check" in sys.argv[1:]:
        if now != page:
            print(f"{PAGE.name}: its figures are old: python benchmarks/reliability_figures.py", file=sys.stderr)
        return int(now != page)
    write_whole(PAGE, now)
    print(table())
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
