"""Inline markup: the compiler's offsets, its refusals by file, line and document, and the way back."""

from __future__ import annotations

from dataclasses import replace

import pytest
from documents_strategy import TEXT, documents_of_any_text
from hypothesis import given
from hypothesis import strategies as st

from adwar.data.errors import DataError
from adwar.data.markup import parse, parse_file, render, render_all
from adwar.data.schema import Document, check_document

HEAD = "@id: d-1\n@title: عنوان\n@event 1: shelling\n---\n"


def one(body: str) -> Document:
    (doc,) = parse(HEAD + body)
    return doc


def test_marks_become_offsets():
    doc = one("{E1:قصفت} {A1:قوات الحوثي} {L1:حي الروضة}، بحسب {S1:مصدر طبي}.")
    assert doc.text == "قصفت قوات الحوثي حي الروضة، بحسب مصدر طبي."
    assert [(role, s.text) for role, s in doc.role_spans()] == [
        ("attacker", "قوات الحوثي"),
        ("location", "حي الروضة"),
        ("source", "مصدر طبي"),
    ]
    assert all(doc.text[s.start : s.end] == s.text for _, s in doc.role_spans())


def test_escaped_braces_are_text():
    assert one(r"{E1:قصف} \{A1:س\} \\").text == r"قصف {A1:س} " + "\\"


def test_one_mention_for_two_events(documents):
    (doc,) = parse(HEAD.replace("---", "@event 2: clash\n---") + "{E1:قصف} {E2:واشتباك} وفق {S1,2:الشرطة}")
    assert doc.events[0].source == doc.events[1].source


BAD = {
    "two triggers": ("{E1:قصف} {E1:قصف}", 5, "event 1 has 2 triggers; mark exactly one word"),
    "no trigger": ("قصف", 5, "event 1 has 0 triggers"),
    "unknown event": ("{E1:قصف}\n{A2:قوات}", 6, "event 2 has no '@event 2:' line"),
    "unknown letter": ("{E1:قصف}\n\n{X1:قوات}", 7, "bad mark '{X1:قوات}'"),
    "no number": ("{E1:قصف} {A:قوات}", 5, "bad mark '{A:قوات}'"),
    "nested": ("{E1:قصف} {A1:قوات {T1:س}}", 5, "mark '{T1:' inside another; spans never overlap"),
    "stray brace": ("{E1:قصف} قوات}", 5, "'}' closes nothing"),
    "open": ("{E1:قصف} {A1:قوات", 5, "a attacker mark is never closed"),
    "empty mark": ("{E1:قصف} {A1:}", 5, "an empty mark"),
    "inside a word": ("{E1:قصف} وال{A1:قوات}", 1, "begins inside a word"),
    "edge of white space": ("{E1:قصف} {A1:قوات }", 1, "ends inside a word or on white space"),
}


@pytest.mark.parametrize("body, line, message", BAD.values(), ids=BAD)
def test_refusals_name_file_line_and_document(body, line, message):
    with pytest.raises(DataError, match=message) as caught:
        list(parse(HEAD + body, file="a.txt"))
    assert str(caught.value).startswith(f"a.txt:{line}: document 'd-1': ")


HEADERS = {
    "no id": ("@title: x\n---\nنص", 1, "no '@id:' line"),
    "no rule": ("@id: d-1\n", 1, "no '---' line"),
    "free text": ("@id: d-1\nنص\n---\n", 2, "expected '@name: value' or '---'"),
    "unknown type": ("@id: d-1\n@event 1: raid\n---\n{E1:غارة}", 1, "unknown type 'raid'"),
    "event twice": ("@id: d-1\n@event 1: clash\n@event 1: other\n---\n", 3, "'@event' stands twice"),
    "title twice": ("@id: d-1\n@title: a\n@title: b\n---\n", 3, "'@title' stands twice"),
    "numbered title": ("@id: d-1\n@title 2: a\n---\n", 2, "'@title' bears a number"),
    "id twice": ("@id: d-1\n---\nنص\n===\n@id: d-1\n---\nنص", 5, "id already used at line 1"),
}


@pytest.mark.parametrize("source, line, message", HEADERS.values(), ids=HEADERS)
def test_bad_headers_name_their_line(source, line, message):
    with pytest.raises(DataError, match=message) as caught:
        list(parse(source, file="a.txt"))
    assert str(caught.value).startswith(f"a.txt:{line}: ")


def test_bad_bytes_and_missing_files_are_named(tmp_path):
    (tmp_path / "a.txt").write_bytes(b"@id: \xc7")
    with pytest.raises(DataError, match=r"a\.txt: not UTF-8 at byte 5"):
        parse_file(tmp_path / "a.txt")
    with pytest.raises(DataError, match=r"b\.txt: cannot be read"):
        parse_file(tmp_path / "b.txt")


def fits(text: str) -> bool:
    return "\r" not in text and text == text.strip("\n") and all(r.strip() != "===" for r in text.split("\n"))


LINE = st.text(st.characters(codec="utf-8", exclude_characters="\r\n"), max_size=12).map(str.strip)
KEYS = st.text("abc_", min_size=1, max_size=5)
RENDERABLE = documents_of_any_text(
    TEXT.filter(fits), ids=LINE.filter(bool), titles=LINE, metas=st.dictionaries(KEYS, LINE, max_size=3)
)


@given(st.lists(RENDERABLE, max_size=3, unique_by=lambda d: d.id))
def test_parse_of_render_is_identity(docs):
    for doc in docs:
        check_document(doc)
        assert list(parse(render(doc))) == [doc]
    assert list(parse(render_all(docs))) == docs


@given(documents_of_any_text())
def test_render_is_exact_or_refuses(doc):
    try:
        source = render(doc)
    except DataError as error:
        assert "cannot be written as markup" in str(error)
    else:
        assert list(parse(source)) == [doc]


@pytest.mark.parametrize(
    "change",
    [
        {"title": "a\nb"},
        {"title": " a"},
        {"text": "a\r\nb"},
        {"text": "a\n"},
        {"text": "a\n===\nb"},
        {"meta": {"year": 2016}},
        {"meta": {"id": "x"}},
        {"meta": {"Year": "x"}},
    ],
)
def test_what_markup_cannot_carry_is_refused(change):
    with pytest.raises(DataError, match="document 'd-1': cannot be written as markup"):
        render(replace(Document("d-1", "نص"), **change))
