"""Slices: they partition what they slice, each rule on an example, gold against gold is 1 everywhere."""

import json

import pytest
from conftest import Found, Guess, gold_guess

from adwar.data.schema import Document, Event, Span
from adwar.eval.slices import attached, slices, slices_table
from adwar.eval.spans import score_spans


def test_gold_against_gold_is_one_in_every_slice(documents):
    report = slices(documents, [gold_guess(d) for d in documents], documents)
    assert {"length", "events", "position", "count", "tashkeel", "attached", "surface", "type"} == set(report)
    for values in report.values():
        assert all(s["f1"] == 1.0 for s in values.values())
    assert set(report["surface"]) == {"seen"} and set(report["type"]) == {"airstrike", "shooting", "bombing"}
    assert list(report["position"]) == ["first third", "second third", "last third"]
    assert json.loads(json.dumps(report)) == report and "first third" in slices_table(report)


@pytest.mark.parametrize("name", ["length", "events", "position", "tashkeel", "attached"])
def test_a_slice_parts_all_spans(documents, name):
    guesses = [gold_guess(d) for d in documents]
    for guess in guesses:
        guess.spans = [*guess.spans[1:], Found(0, 3, "source")]
    whole = score_spans(documents, [g.spans for g in guesses]).strict
    values = slices(documents, guesses)[name].values()
    for key, total in (("gold", whole.gold), ("predicted", whole.predicted), ("right", whole.right_gold)):
        assert sum(s[key] for s in values) == total
    assert all(0 <= s["interval"][0] <= s["f1"] <= s["interval"][1] <= 1 for s in values)


def test_spans_in_no_frame_and_wrong_types_are_told(documents):
    doc = documents[0]
    other = Event("arson", None, target=doc.events[0].target)
    report = slices([doc], [Guess(gold_guess(doc).spans, [other])])["type"]
    assert report["airstrike"]["recall"] == 1.0 and report["airstrike"]["predicted"] == 0
    assert report["arson"]["precision"] == 1.0 and report["arson"]["gold"] == 0
    assert report["in no frame"]["predicted"] == len(doc.role_spans()) - 1


def test_meta_is_sliced_where_it_is_given():
    def doc(name, **meta):
        return Document(name, "قتل جندي", events=(Event("other", None, target=(Span(4, 8, "جندي"),)),), meta=meta)

    docs = [doc("a", theatre="yemen", voice="wire"), doc("b", theatre="syria"), doc("c")]
    report = slices(docs, [gold_guess(docs[0]), Guess(), Guess()])
    assert report["theatre"]["yemen"]["f1"] == 1.0 and report["theatre"]["syria"]["f1"] == 0.0
    assert set(report["theatre"]) == {"yemen", "syria", "not given"} and set(report["voice"]) == {"wire", "not given"}


def test_counts_by_writing_and_marks():
    text = "١٢ عشرون شخصاً شخص"
    words = [Span(0, 2, "١٢"), Span(3, 8, "عشرون"), Span(9, 14, "شخصاً"), Span(15, 18, "شخص")]
    doc = Document("d", text, events=(Event("other", None, target=tuple(words[2:]), count=tuple(words[:2])),))
    report = slices(
        [doc], [Guess()], [Document("t", "شخص", events=(Event("other", None, target=(Span(0, 3, "شخص"),)),))]
    )
    assert {k: s["gold"] for k, s in report["count"].items()} == {"digits": 1, "words": 1}
    assert {k: s["gold"] for k, s in report["tashkeel"].items()} == {"with": 1, "without": 3}
    assert report["surface"]["seen"]["gold"] == 1 and report["surface"]["unseen"]["gold"] == 3


def test_attached_letters_by_surface():
    known = {"قوات", "الرقة", "تنظيم", "دة"}
    assert all(attached(t, known) for t in ("وقوات النظام", "بالرقة", "لتنظيم داعش", "للجيش", "و12", "وَقوات"))
    assert not any(attached(t, known) for t in ("بلدة حارم", "وزير الدفاع", "قوات", "12", ""))
