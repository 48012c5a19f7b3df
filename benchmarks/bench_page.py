"""The figures of `bench.py` as a page (docs/speed.md) and a plot: goals and what was found, nothing typed by hand.

A ratio is taken round by round, of neighbours in time; shown are its median and, in brackets, its quartiles.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from bench_goals import GOALS, LOAD, SEEN, Found, lengths

from adwar.data.whole_file import write_whole

ROOT = Path(__file__).resolve().parent.parent
PAGE, PLOT = ROOT / "docs" / "speed.md", ROOT / "docs" / "figures" / "speed.png"
MARKS = re.compile(r"(<!-- bench -->\n).*?(<!-- /bench -->)", flags=re.S)
NONE = "not measured"


def shown(found: Found | None) -> str:
    """Median and quartiles, as few digits as say something."""
    if found is None:
        return NONE
    low, middle, high = (f"{value:.{_digits(value)}f}" for value in np.percentile(found.values, [25, 50, 75]))
    told = f"{middle}{found.unit}"
    return told if len(found.values) == 1 else f"{told} ({low} to {high})"


def _digits(value: float) -> int:
    return 2 if abs(value) < 10 else 1 if abs(value) < 100 else 0


def goals(measures: Mapping[str, Any]) -> Iterator[tuple[str, str, str, str]]:
    """(what, found, goal, whether it is reached) for each of `GOALS`."""
    for goal in GOALS:
        found = goal.of(measures)
        met = "" if found is None or goal.good is None else "yes" if goal.good(found.median) else "no"
        yield goal.title, shown(found), goal.told, met


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def summary(report: Mapping[str, Any]) -> str:
    """The table of goals."""
    return table(("measure", "found: median (quartiles)", "goal", "reached"), list(goals(report["measures"])))


def details(measures: Mapping[str, Any]) -> Iterator[str]:
    """A table for each measure that was run: every side, every figure."""
    for record in measures.values():
        names = list(dict.fromkeys(key for found in record["sides"].values() for one in found for key in one))
        rows = []
        for side, found in record["sides"].items():
            values = ([one[name] for one in found if name in one] for name in names)
            rows.append([side, *(shown(Found(tuple(v))) if v else "" for v in values)])
        loads = record["load"] or [0.0]
        yield (
            f"### {record['title'][:1].upper()}{record['title'][1:]}\n\n{table(['', *names], rows)}\n\n"
            f"{_settings(record)}; load of the machine when a process began: {min(loads):.1f} to {max(loads):.1f}."
        )


def _settings(record: Mapping[str, Any]) -> str:
    told = record["settings"]
    count = max((len(found) for found in record["sides"].values()), default=0)
    return f"{count} rounds, {told['threads']} threads, {told['cores']} cores of {told['processor']}"


def page(report: Mapping[str, Any]) -> str:
    """What stands between the marks of docs/speed.md."""
    measures = report["measures"]
    parts = [summary(report)]
    loads = [one for record in measures.values() for one in record["load"]]
    if loads and max(loads) > LOAD:
        parts.append(f"**Measured beside other work** (load up to {max(loads):.1f}): take ratios with care, times not.")
    if rows := lengths(measures, shown):
        parts += ["## By length of report", table(SEEN, rows)]
    if PLOT.exists() and ("length" in measures or "number" in measures):
        parts.append("![time by length and by number of reports](figures/speed.png)")
    if measures:
        parts += ["## All sides", *details(measures)]
    return "\n\n".join(parts) + "\n"


def write_page(report: Mapping[str, Any]) -> Path:
    text = PAGE.read_text(encoding="utf-8")
    if not MARKS.search(text):
        raise SystemExit(f"{PAGE}: the marks <!-- bench --> and <!-- /bench --> are gone")
    write_whole(PAGE, MARKS.sub(lambda found: found[1] + page(report) + found[2], text))
    return PAGE


def draw(report: Mapping[str, Any]) -> Path | None:
    """Core milliseconds a report over its words, and seconds over the number of reports; None if neither is held."""
    held = {name: report["measures"][name] for name in ("length", "number") if name in report["measures"]}
    if not held:
        return None
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, places = pyplot.subplots(1, 2, figsize=(9, 3.6))
    told: dict[str, tuple[str, str, Callable[[dict[str, float]], float]]] = {
        "length": ("words of a report", "core ms a report", lambda f: 1000 * f["core seconds"] / f["documents"]),
        "number": ("reports of 150 words", "core seconds", lambda f: f["core seconds"]),
    }
    for axes, (name, (below, beside, value)) in zip(places, told.items(), strict=True):
        axes.set(xlabel=below, ylabel=beside)
        axes.grid(alpha=0.3)
        if name in held:
            xs, ys = _points(held[name], value)
            axes.plot(xs, [np.median(y) for y in ys], "o-", markersize=4)
            axes.fill_between(xs, [np.percentile(y, 25) for y in ys], [np.percentile(y, 75) for y in ys], alpha=0.3)
            axes.set(xlim=(0, None), ylim=(0, None))
    figure.tight_layout()
    figure.savefig(PLOT, dpi=120)
    pyplot.close(figure)
    return PLOT


def _points(record: Mapping[str, Any], value: Callable[[dict[str, float]], float]) -> tuple[list[int], list[Any]]:
    """The number that each side is named for, and the values of its rounds, start-up taken off."""
    start = float(np.median([one["core seconds"] for one in record["sides"]["start"]] or [0.0]))
    xs, ys = [], []
    for name, found in record["sides"].items():
        if name != "start" and found:
            xs.append(int(name.split()[0]))
            ys.append([value({**one, "core seconds": one["core seconds"] - start}) for one in found])
    return xs, ys
