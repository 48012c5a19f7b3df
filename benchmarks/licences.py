"""The licence of everything that an installation of adwar brings along, and a refusal of what must not ship.

    python benchmarks/licences.py                # what `pip install adwar` brings
    python benchmarks/licences.py train serve    # with these extras

Walks the metadata of the installed packages from adwar's own requirements. Status 1 if a licence is GPL or AGPL, or
cannot be told; LGPL is listed and allowed (it is linked, not copied). Leaves out what is not installed here: told.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution

from packaging.requirements import Requirement

#: Read by hand where the metadata says nothing a program can read.
BY_HAND: dict[str, str] = {}
REFUSED = re.compile(r"(?<![L-])\bA?GPL|(?<!Lesser )General Public|Affero", re.IGNORECASE)


def licence(held: Distribution) -> str:
    """The licence that the metadata of a package states: expression, else classifiers, else field."""
    data = held.metadata
    classes = [c.rpartition(":: ")[2] for c in data.get_all("Classifier") or [] if c.startswith("License ::")]
    said = data.get("License-Expression") or "; ".join(c for c in classes if c != "OSI Approved")
    said = said or next(iter((data.get("License") or "").strip().splitlines()), "")
    return BY_HAND.get(held.metadata["Name"].lower()) or said[:80]


def closure(extras: list[str]) -> Iterator[tuple[str, Distribution | None]]:
    """(name, package) of every requirement of adwar with ``extras``, and of theirs; None if it is not installed."""
    waiting: list[tuple[str, frozenset[str]]] = [("adwar", frozenset(extras))]
    seen: set[tuple[str, frozenset[str]]] = set()
    told: set[str] = set()
    while waiting:
        name, wanted = waiting.pop()
        if (name, wanted) in seen:
            continue
        seen.add((name, wanted))
        try:
            held = distribution(name)
        except PackageNotFoundError:
            yield name, None
            continue
        if name not in told and name != "adwar":
            told.add(name)
            yield name, held
        for line in held.requires or []:
            need = Requirement(line)
            if need.marker is None or any(need.marker.evaluate({"extra": e}) for e in ("", *wanted)):
                waiting.append((re.sub(r"[-_.]+", "-", need.name).lower(), frozenset(need.extras)))


def main() -> int:
    bad = []
    for name, held in sorted(closure(sys.argv[1:]), key=lambda pair: pair[0]):
        said = licence(held) if held else "(not installed here)"
        print(f"{name:30} {said or 'UNKNOWN'}")
        if not said or REFUSED.search(said):
            bad.append(name)
    if bad:
        print(f"not fit to ship, or unknown: {', '.join(bad)}", file=sys.stderr)
    return 1 if bad else 0


if __name__ == "__main__":
    raise SystemExit(main())
