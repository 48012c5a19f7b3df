"""The two READMEs say the same: commands, code, figures, links; and the Arabic one keeps its commands left to right."""

import json
import re
from pathlib import Path

import pytest
import readme_figures

ROOT = Path(__file__).resolve().parent.parent
PAGES = ("README.md", "README.ar.md")
FENCE = re.compile(r"^```(\w+)\n(.*?)^```", flags=re.S | re.M)
INLINE = re.compile(r'`([^`\n]+)`|<code dir="ltr">([^<]+)</code>')
LINK = re.compile(r"\]\(([^)\s#]+)\)")
LATIN = re.compile(r"[A-Za-z0-9]")


@pytest.fixture(scope="module")
def pages():
    return [(ROOT / name).read_text(encoding="utf-8") for name in PAGES]


def code(page):
    """(language, lines) of each block, without comments, which are translated."""
    blocks = [(kind, re.sub(r"\s+# .*|^# .*", "", body, flags=re.M)) for kind, body in FENCE.findall(page)]
    return [(kind, [line.rstrip() for line in body.splitlines() if line.strip()]) for kind, body in blocks]


def prose(page):
    return FENCE.sub("", page)


def numbers(text):
    return re.findall(r"\d+(?:\.\d+)?", text)


def test_the_same_commands_and_code(pages):
    english, arabic = map(code, pages)
    assert english == arabic and len(english) == 4
    assert sum(len(lines) for _, lines in english) >= 15


def test_the_same_inline_commands(pages):
    """What is code in the one is code in the other; names that Arabic prose spells out (types, roles) are prose there."""
    english, arabic = ({a or b for a, b in INLINE.findall(prose(page))} for page in pages)
    commands = {one for one in english if re.search(r"[\s./(=-]", one)}
    assert len(commands) >= 10 and commands - arabic == set()
    assert {one for one in arabic if re.search(r"[\s(=]", one)} - english == set()


def test_the_same_links_and_every_file_is_there(pages):
    english, arabic = (LINK.findall(page) for page in pages)
    assert set(english) - {"README.ar.md"} == set(arabic) - {"README.md"}
    assert "README.ar.md" in english and "README.md" in arabic
    assert [name for name in {*english, *arabic} if "://" not in name and not (ROOT / name).exists()] == []


def test_the_figures_are_those_of_the_evaluation(pages):
    held = json.loads((ROOT / "model/embedded/evaluation.json").read_text(encoding="utf-8"))
    written = readme_figures.figures(held["sets"])
    for page, text in zip(pages, written, strict=True):
        inside = re.search(r"<!-- figures -->\n(.*)\n<!-- /figures -->", page, re.S)[1]
        assert inside == text, "run python benchmarks/readme_figures.py"
    assert numbers(written[0]) == numbers(written[1]) and len(numbers(written[0])) > 80


def test_the_same_numbers_in_the_prose(pages):
    found = []
    for page in pages:
        text = LINK.sub("", INLINE.sub("", prose(re.sub(r"<!-- figures -->.*<!-- /figures -->", "", page, flags=re.S))))
        found.append(sorted(numbers(text)))
    assert found[0] == found[1]


def test_code_in_arabic_prose_keeps_its_direction(pages):
    """A sign at the edge of plain `code` would jump to its other end: such code stands in <code dir="ltr">."""
    arabic = prose(pages[1])
    for plain, _ in INLINE.findall(arabic):
        assert not plain or (LATIN.match(plain[0]) and LATIN.match(plain[-1])), f"{plain}: use <code dir=ltr>"
    assert arabic.count('<div dir="rtl">') == arabic.count("</div>")
    outside = re.sub(r'<div dir="rtl">.*?</div>', "", arabic, flags=re.S)
    assert outside.strip() == ""
