"""The site's pages and links, without building it: `make docs` builds it in strict mode."""

import importlib.util
import re
from pathlib import Path

import pytest
import site_check
import yaml

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def site():
    spec = importlib.util.spec_from_file_location("docs_site", ROOT / "docs" / "site.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def in_navigation(part):
    if isinstance(part, str):
        return [part]
    return [page for one in (part.values() if isinstance(part, dict) else part) for page in in_navigation(one)]


def test_every_page_is_in_the_navigation_once(site):
    nav = in_navigation(yaml.safe_load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))["nav"])
    own = {file.name for file in (ROOT / "docs").glob("*.md")}
    elsewhere = {page for page in site.PAGES.values() if page.endswith(".md")}
    assert sorted(nav) == sorted(own | elsewhere) and not own & elsewhere
    assert [source for source in site.PAGES if not (ROOT / source).is_file()] == []


def test_every_link_of_every_page_ends_on_the_site(site):
    sources = {**{f"docs/{f.name}": f.name for f in (ROOT / "docs").glob("*.md")}, **site.PAGES}
    figures = {f.relative_to(ROOT / "docs").as_posix() for f in (ROOT / "docs" / "figures").iterdir()}
    reached = {*sources.values(), *figures}
    lost = []
    for source, page in sources.items():
        if not page.endswith(".md"):
            continue
        text = site.for_the_site((ROOT / source).read_text(encoding="utf-8"), source, page)
        for target in re.findall(r"\]\(([^)\s#]+)(?:#[^)]*)?\)", re.sub(r"^```.*?^```", "", text, flags=re.S | re.M)):
            if "://" not in target and target not in reached:
                lost.append(f"{source}: {target}")
    assert lost == []


@pytest.mark.parametrize(
    ("source", "page", "text", "there"),
    [
        ("docs/loop.md", "loop.md", "[g](../data/GUIDELINES.md)", "[g](guidelines.md)"),
        ("README.md", "index.md", "[f](docs/frames.md#a)", "[f](frames.md#a)"),
        ("data/standoff/README.md", "standoff.md", "[g](../GUIDELINES.md)", "[g](guidelines.md)"),
        ("docs/a.md", "a.md", "[x](https://example.org/y.md)", "[x](https://example.org/y.md)"),
        ("docs/a.md", "a.md", "as follows:\n- one\n- two\n", "as follows:\n\n- one\n- two\n"),
        ("docs/a.md", "a.md", "```\n[g](../data/GUIDELINES.md)\nx:\n- y\n```\n", None),
        ("README.ar.md", "ar.md", '<div dir="rtl">', '<div markdown dir="rtl">'),
    ],
)
def test_what_is_changed_for_the_site(site, source, page, text, there):
    assert site.for_the_site(text, source, page) == (text if there is None else there)


def test_what_a_page_fetches_from_elsewhere_is_found():
    page = '<link rel="stylesheet" href="https://fonts.example/x.css"><a href="https://a.example">a</a>'
    page += (
        '<script src="//cdn.example/m.js"></script><img src="figures/a.png"><link rel="canonical" href="https://b/">'
    )
    assert list(site_check.fetched("a.html", page)) == ["https://fonts.example/x.css", "//cdn.example/m.js"]
    assert list(site_check.fetched("a.css", "x{src:url('https://f.example/a.woff')} y{src:url(a.woff)}")) == [
        "https://f.example/a.woff"
    ]
    assert list(site_check.fetched("a.html", '<pre class="mermaid">')) != []
