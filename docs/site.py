"""Lays out the documentation for the site: pages from all over the repository in one folder, their links made to hold.

    python docs/site.py build/docs          # make docs does this, then runs mkdocs on it

Every file is used where it lies and none is kept twice: docs/ and the files of `PAGES` are read, the folder is written
anew. Beside it, ``-source`` behind its name, stands the code under the name it is installed as, for the API reference.
Knows nothing of mkdocs: whatever makes sites of Markdown could read the folder.
"""

from __future__ import annotations

import posixpath
import re
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
#: Where a file of the repository stands on the site; those of docs/ keep their names.
PAGES = {
    "README.md": "index.md",
    "README.ar.md": "ar.md",
    "data/GUIDELINES.md": "guidelines.md",
    "data/DATA_CARD.md": "data-card.md",
    "data/standoff/README.md": "standoff.md",
    "model/embedded/README.md": "model-card.md",
    "SECURITY.md": "security.md",
    "CONTRIBUTING.md": "contributing.md",
    "CHANGELOG.md": "changelog.md",
    "examples/tutorial/mine.yaml": "examples/tutorial/mine.yaml",
}
#: The folders of the packages, for the API reference: adwar's own first, the others below it.
FOLDERS = sorted(init.parent.name for init in ROOT.glob("*/__init__.py") if init.parent.name != "adwar")
_LINK = re.compile(r"(?<=\]\()([^)\s#]+)(#[^)\s]*)?(?=\))")
_FENCE = re.compile(r"^(```.*?^```[^\n]*$)", flags=re.S | re.M)
#: A list right behind a line of prose: GitHub begins a list there, Markdown proper wants an empty line between.
_TIGHT_LIST = re.compile(r"^((?![-*|#<>\s]|\d+\. )[^\n]+\n)(?=(?:- |\d+\. ))", flags=re.M)


def lay_out(target: Path) -> None:
    """Write pages and pictures into ``target`` and the code into its neighbour; what stood there before is gone."""
    shutil.rmtree(target, ignore_errors=True)
    own = {f"docs/{file.name}": file.name for file in (ROOT / "docs").glob("*.md")}
    for source, site in {**own, **PAGES}.items():
        place = target / site
        place.parent.mkdir(parents=True, exist_ok=True)
        text = (ROOT / source).read_text(encoding="utf-8")
        place.write_text(for_the_site(text, source, site) if site.endswith(".md") else text, encoding="utf-8")
    shutil.copytree(ROOT / "docs" / "figures", target / "figures")
    code = target.with_name(f"{target.name}-source")
    shutil.rmtree(code, ignore_errors=True)
    for folder, name in (("adwar", "adwar"), *((folder, f"adwar/{folder}") for folder in FOLDERS)):
        for file in (ROOT / folder).rglob("*.py"):
            place = code / name / file.relative_to(ROOT / folder)
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, place)


def for_the_site(markdown: str, source: str, site: str) -> str:
    """``markdown`` of the repository's file ``source`` as it must be on the site's page ``site``."""
    parts = _FENCE.split(markdown)
    for number in range(0, len(parts), 2):  # what stands between the fences
        prose = _LINK.sub(lambda link: _moved(link, source, site), parts[number])
        prose = _TIGHT_LIST.sub(r"\1\n", prose)
        parts[number] = prose.replace('<div dir="', '<div markdown dir="')
    return "".join(parts)


def _moved(link: re.Match[str], source: str, site: str) -> str:
    target, anchor = link[1], link[2] or ""
    if "://" in target or target.startswith("mailto:"):
        return link[0]
    place = posixpath.normpath(posixpath.join(posixpath.dirname(source), target))
    found = PAGES.get(place) or (place.removeprefix("docs/") if place.startswith("docs/") else None)
    if found is None:
        return link[0]  # mkdocs, being strict, names it
    return posixpath.relpath(found, posixpath.dirname(site) or ".") + anchor


if __name__ == "__main__":
    lay_out(Path(sys.argv[1]).resolve())
