"""What mkdocs is told beyond mkdocs.yml: pages that lie elsewhere in the repository, and the links that lead to them.

Every file is used where it lies, none is copied into docs/. `make docs` builds the site in strict mode: a link to what
is not on the site, a page that the navigation forgets or a name that the API reference doesn't find ends the build.
"""

from __future__ import annotations

import posixpath
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page

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
SOURCES = {site: source for source, site in PAGES.items()}
#: The folders of the packages, for the API reference: adwar's own first, the others below it.
FOLDERS = ("data", "model", "train", "eval", "scale", "serve")
_LINK = re.compile(r"(?<=\]\()([^)\s#]+)(#[^)\s]*)?(?=\))")
_FENCE = re.compile(r"^(```.*?^```[^\n]*$)", flags=re.S | re.M)
#: A list right behind a line of prose: GitHub begins a list there, Markdown proper wants an empty line between.
_TIGHT_LIST = re.compile(r"^((?![-*|#<>\s]|\d+\. )[^\n]+\n)(?=(?:- |\d+\. ))", flags=re.M)


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Put the code where it can be found under its installed name, without what is no code."""
    target = ROOT / "build" / "docs-source"
    shutil.rmtree(target, ignore_errors=True)
    for folder, name in (("adwar", "adwar"), *((folder, f"adwar/{folder}") for folder in FOLDERS)):
        for file in (ROOT / folder).rglob("*.py"):
            place = target / name / file.relative_to(ROOT / folder)
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, place)
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    from mkdocs.structure.files import File

    for source, site in PAGES.items():
        files.append(File.generated(config, site, abs_src_path=str(ROOT / source)))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    site = page.file.src_uri
    return for_the_site(markdown, SOURCES.get(site, f"docs/{site}"), site)


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
        return link[0]  # strict mode names it
    return posixpath.relpath(found, posixpath.dirname(site) or ".") + anchor
