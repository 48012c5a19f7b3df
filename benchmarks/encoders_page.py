"""The measured encoders: a JSON file that a stopped run goes on from, and the table of docs/encoders.md made from it.

docs/figures/encoders.json holds ``{"NAME, N pieces": row}``, a row as `encoders.prove` returns it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import kept

from adwar.train.card import insert

ROOT = Path(__file__).resolve().parent.parent
FIGURES = ROOT / "docs" / "figures" / "encoders.json"
PAGE = ROOT / "docs" / "encoders.md"
MARKER = "measured"


def key(name: str, pieces: int) -> str:
    return f"{name}, {pieces} pieces"


def held(file: Path) -> dict[str, Any]:
    """What was measured already. Raises SystemExit where the file is not ours."""
    found = kept.kept(file)
    if not isinstance(found, dict):
        raise SystemExit(f"{file}: not measured encoders: an object by name and pieces is expected; name another file")
    return found


def keep(file: Path, rows: Mapping[str, Any], order: Sequence[str]) -> None:
    """Write all rows, beside and renamed, the encoders in ``order``."""
    place = {name: number for number, name in enumerate(order)}
    names = sorted(rows, key=lambda one: (place.get(one.split(",")[0], len(place)), rows[one]["pieces a step"]))
    kept.keep(file, {name: rows[name] for name in names})


def table(rows: Sequence[Mapping[str, Any]]) -> str:
    head = "| encoder | type | parameters | pieces a step | processor seconds a step | peak memory | export |"
    lines = [head, "|---|---|---:|---:|---:|---:|---:|"]
    for row in rows:
        lines.append(
            f"| {row['encoder']} | {row['model_type']} | {row['parameters'] / 1e6:.0f}M | {row['pieces a step']} "
            f"| {row['processor seconds a step']:.1f} | {row['peak memory in GiB']:.1f} GiB "
            f"| {row['export in MB']:.0f} MB |"
        )
    return "\n".join(lines)


def section(rows: Mapping[str, Mapping[str, Any]], of: int) -> str:
    """What stands between the markers: how many of ``of`` were measured, and the table."""
    measured = len({row["encoder"] for row in rows.values()})
    told = f"Measured: {measured} of the {of} encoders below." if measured < of else f"Measured: all {of}."
    return f"{told}\n\n{table(list(rows.values()))}"


def write_page(file: Path = FIGURES, page: Path = PAGE, *, of: int) -> None:
    """Put the table of ``file`` between the markers of ``page``. Raises SystemExit if there is nothing to put."""
    rows = held(file)
    if not rows:
        raise SystemExit(f"{file}: nothing measured yet; run benchmarks/encoders.py with the names of encoders")
    insert(page, section(rows, of), MARKER)
