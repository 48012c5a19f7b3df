"""A bill of materials: every package that adwar brings along with the extras named, in CycloneDX's JSON (1.5).

    python benchmarks/sbom.py -o build/sbom.json                 # every extra that ships
    python benchmarks/sbom.py -o build/sbom.json train serve     # these

From the metadata of what is installed: name, version, licence, and which packages each needs. The same packages give
the same bytes. What is not installed here is told on standard error and left out.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from importlib.metadata import Distribution, distribution
from typing import Any

from licences import closure, licence
from packaging.requirements import Requirement

from adwar.data.whole_file import write_whole

SHIPPED = ("train", "serve", "bulk", "ray", "dates", "places", "tables", "spacy", "graphemes")


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def reference(held: Distribution) -> str:
    return f"pkg:pypi/{normal(held.metadata['Name'])}@{held.version}"


def component(held: Distribution) -> dict[str, Any]:
    found: dict[str, Any] = {"type": "library", "bom-ref": reference(held), "name": normal(held.metadata["Name"])}
    found |= {"version": held.version, "purl": reference(held)}
    said = licence(held)
    return found | ({"licenses": [{"license": {"name": said}}]} if said else {})


def bill(extras: list[str]) -> dict[str, Any]:
    """The whole document."""
    pairs = sorted(closure(extras), key=lambda pair: pair[0])
    for name, held in pairs:
        if held is None:
            print(f"not installed here, left out: {name}", file=sys.stderr)
    packages = {normal(held.metadata["Name"]): held for _, held in pairs if held is not None}
    own = distribution("adwar")
    needs = [
        {"ref": reference(held), "dependsOn": sorted({reference(packages[name]) for name in _needs(held, extras)
                                                      if name in packages})}
        for held in (own, *(packages[name] for name in sorted(packages)))
    ]  # fmt: skip
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {"component": {**component(own), "type": "application"}},
        "components": [component(packages[name]) for name in sorted(packages)],
        "dependencies": needs,
    }


def _needs(held: Distribution, extras: list[str]) -> set[str]:
    own = held.metadata["Name"] == "adwar"
    found = set()
    for line in held.requires or []:
        need = Requirement(line)
        if need.marker is None or any(need.marker.evaluate({"extra": e}) for e in ("", *(extras if own else ()))):
            found.add(normal(need.name))
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description="A bill of materials; see the head of this file.")
    parser.add_argument("extras", nargs="*", default=list(SHIPPED), help=f"default: {' '.join(SHIPPED)}")
    parser.add_argument("-o", "--output", required=True)
    arguments = parser.parse_args()
    found = bill(arguments.extras)
    write_whole(arguments.output, json.dumps(found, indent=1, ensure_ascii=False) + "\n")
    print(f"{len(found['components'])} packages: {arguments.output}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
