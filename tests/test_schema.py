"""The rules of the schema: each refusal by its message, and what a sound document is."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adwar.data.errors import DataError
from adwar.data.schema import Document, Event, Span, check_document, faults, words

TEXT = "قتل ثلاثة مدنيين في غارة على حارم"


def span(words_: str, text: str = TEXT) -> Span:
    start = text.index(words_)
    return Span(start, start + len(words_), words_)


EVENT = Event("airstrike", span("غارة"), target=(span("مدنيين"),), count=(span("ثلاثة"),), location=(span("حارم"),))
DOC = Document("d-1", TEXT, events=(EVENT,))

BROKEN = {
    "unknown type": (replace(EVENT, type="raid"), "event 1: unknown type 'raid'; one of airstrike, shelling"),
    "no trigger": (replace(EVENT, trigger=None), "event 1: no trigger"),
    "past the end": (replace(EVENT, target=(Span(30, 99, "x"),)), r"target \[30, 99\) 'x': offsets outside the text"),
    "negative": (replace(EVENT, target=(Span(-4, 3, "x"),)), "offsets outside the text of 33 characters"),
    "empty": (replace(EVENT, target=(Span(4, 4, ""),)), "offsets outside the text"),
    "backwards": (replace(EVENT, target=(Span(8, 4, ""),)), "offsets outside the text"),
    "other text": (replace(EVENT, target=(Span(10, 16, "عسكري"),)), "'عسكري': the text there is 'مدنيين'"),
    "begins inside": (replace(EVENT, target=(span("دنيين"),)), "begins inside a word"),
    "ends inside": (replace(EVENT, target=(span("مدني"),)), "ends inside a word"),
    "white space": (replace(EVENT, target=(span(" مدنيين"),)), "on white space"),
    "twice": (replace(EVENT, target=(span("مدنيين"), span("مدنيين"))), "stands twice in the same event"),
    "overlap": (replace(EVENT, target=(span("ثلاثة مدنيين"),)), "count .* and target .* overlap"),
}


@pytest.mark.parametrize("event, message", BROKEN.values(), ids=BROKEN)
def test_refusals_name_file_line_and_document(event, message):
    with pytest.raises(DataError, match=message) as caught:
        check_document(replace(DOC, events=(event,)), file="a.jsonl", line=7)
    assert str(caught.value).startswith("a.jsonl:7: document 'd-1': ")
    assert (caught.value.file, caught.value.line, caught.value.document) == ("a.jsonl", 7, "d-1")


def test_a_mention_bears_one_role_across_events():
    other = Event("clash", span("قتل"), attacker=(span("مدنيين"),))
    with pytest.raises(DataError, match="already target; a mention bears one role"):
        check_document(replace(DOC, events=(EVENT, other)))


def test_a_mention_may_serve_two_events():
    check_document(replace(DOC, events=(EVENT, replace(EVENT, trigger=span("قتل")))))


def test_half_a_surrogate_pair_is_refused():
    with pytest.raises(DataError, match="text: half a surrogate pair at character 0"):
        check_document(Document("d", "\ud800"))


def test_every_fault_is_listed():
    event = replace(EVENT, type="raid", trigger=None, target=(span("مدني"),))
    assert len(list(faults(replace(DOC, events=(event,))))) == 3
    assert not list(faults(DOC))


@given(st.text())
def test_words_cover_all_but_white_space(text):
    position = 0
    for start, end in words(text):
        assert start < end and text[position:start].strip() == ""
        position = end
    assert text[position:].strip() == ""


@pytest.mark.parametrize(
    "text, expected",
    [
        ("قُتِلَ 12جندي", ["قُتِلَ", "12", "جندي"]),
        ("#مجزرة_الكوت، (سانا)", ["#", "مجزرة", "_", "الكوت", "،", "(", "سانا", ")"]),
        ("١٬٢٠٠ مـــدني", ["١", "٬", "٢٠٠", "مـــدني"]),
    ],
)
def test_words_of_real_copy(text, expected):
    assert [text[a:b] for a, b in words(text)] == expected


def test_distinct_spans_in_text_order():
    doc = replace(DOC, events=(EVENT, replace(EVENT, trigger=span("قتل"))))
    assert [role for role, _ in doc.role_spans()] == ["count", "target", "location"]
    assert [t.text for t in doc.triggers()] == ["قتل", "غارة"]
