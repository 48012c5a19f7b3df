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
#: What needs no direction of its own among Arabic words.
ONE_WORD = re.compile(r"[A-Za-z0-9]([\w.-]*[A-Za-z0-9])?")


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
    """What is code in the one is code in the other; types and roles, which Arabic prose spells out, are prose there."""
    english, arabic = ({a or b for a, b in INLINE.findall(prose(page))} for page in pages)
    commands = {one for one in english if re.search(r"[\s./(=-]", one)}
    assert len(commands) >= 10 and commands - arabic == set()
    lines = [line for _, block in code(pages[0]) for line in block]
    more = {one for one in arabic - english if re.search(r"[\s(=]", one)}
    assert [one for one in more if not any(line.startswith(one) for line in lines)] == []


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
    assert numbers(written[0]) == numbers(written[1]) and len(numbers(written[0])) >= 78


def test_the_same_numbers_in_the_prose(pages):
    found = []
    for page in pages:
        text = LINK.sub("", INLINE.sub("", prose(re.sub(r"<!-- figures -->.*<!-- /figures -->", "", page, flags=re.S))))
        found.append(sorted(numbers(text)))
    assert found[0] == found[1]


def test_code_in_arabic_prose_keeps_its_direction(pages):
    """A sign at the edge of plain `code` would jump to its other end, and words would change places: such code stands
    in <code dir="ltr">. Comments in commands are Arabic alone, for the same reason."""
    for _, body in FENCE.findall(pages[1]):
        for comment in re.findall(r"\s# (.*)", body):
            assert not re.search("[A-Za-z]", comment) or comment.startswith("http"), comment
    arabic = prose(pages[1])
    for plain, _ in INLINE.findall(arabic):
        assert not plain or ONE_WORD.fullmatch(plain), f"{plain}: write <code dir=ltr>"
    assert not re.search("[\u200e\u200f\u202a-\u202e\u2066-\u2069]", pages[1]), "no invisible signs: they get copied"
    assert arabic.count('<div dir="rtl">') == arabic.count("</div>")
    outside = re.sub(r'<div dir="rtl">.*?</div>', "", arabic, flags=re.S)
    assert outside.strip() == ""
