"""Does the built site ask any other host for anything? Reading about attacks should tell nobody that one does.

    python benchmarks/site_check.py build/site

Looks at every page and style sheet for scripts, styles, fonts, pictures and frames from elsewhere; links that a reader
must click are none. Status 1 and the places if there is one. Leaves out what a script might fetch when it runs: the
theme's does so for diagrams and for a repository's stars, and the site has neither.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

#: Attributes by which a page fetches something by itself.
FETCHED = {
    "script": "src",
    "img": "src",
    "iframe": "src",
    "source": "src",
    "video": "src",
    "audio": "src",
    "embed": "src",
    "object": "data",
    "link": "href",
}
#: Kinds of <link> that fetch nothing.
QUIET = {"canonical", "next", "prev", "alternate", "license", "author"}
REMOTE = re.compile(r"^(?:[a-z][a-z0-9+.-]*:)?//", flags=re.I)
IN_STYLES = re.compile(r"(?:url\(|@import)\s*[\"']?((?:https?:)?//[^\"')\s]+)", flags=re.I)
#: What makes the theme's script fetch: a diagram (from a CDN), a repository (its stars).
ASKING = re.compile(r'class="[^"]*\bmermaid\b|data-md-component="source"')


class Fetches(HTMLParser):
    """Collects ``found``: what the page fetches from elsewhere."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        held = dict(attrs)
        where = held.get(FETCHED.get(tag, ""))
        if where and REMOTE.match(where) and not (tag == "link" and set((held.get("rel") or "").split()) <= QUIET):
            self.found.append(where)


def fetched(name: str, text: str) -> Iterator[str]:
    """Everything that a page or style sheet ``text`` fetches from another host."""
    if name.endswith(".html"):
        page = Fetches()
        page.feed(text)
        yield from page.found
        yield from (f"a script would ask elsewhere because of {match[0]}" for match in ASKING.finditer(text))
    yield from (match[1] for match in IN_STYLES.finditer(text))


def main() -> int:
    site = Path(sys.argv[1])
    files = [f for f in sorted(site.rglob("*")) if f.suffix in (".html", ".css")]
    if not any(f.suffix == ".html" for f in files):
        print(f"{site}: no pages; build them with 'make docs'", file=sys.stderr)
        return 2
    bad = [f"{f.relative_to(site)}: {one}" for f in files for one in fetched(f.name, f.read_text(encoding="utf-8"))]
    print("\n".join(bad) if bad else f"{len(files)} pages and style sheets ask no other host", flush=True)
    return 1 if bad else 0


if __name__ == "__main__":
    raise SystemExit(main())
