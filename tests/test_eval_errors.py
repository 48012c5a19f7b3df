"""Error lists: every miss and false find once, each boundary kind on an example, counts that add up."""

import json

import pytest
from conftest import Found

from adwar.data.schema import ROLES, Document, Event, Span
from adwar.eval.boundaries import KINDS, boundary_kinds
from adwar.eval.error_text import listing, marked
from adwar.eval.errors import document_errors, error_report, sentence_around
from adwar.eval.spans import score_spans


def kinds(longer, shorter):
    """The kinds of edge between ``longer``, found, and ``shorter`` inside it, gold."""
    start = longer.rindex(shorter)
    found = boundary_kinds(longer, (start, start + len(shorter)), (0, len(longer)))
    assert all(edge["prediction"] == "longer" and edge["kind"] in KINDS for edge in found)
    turned = boundary_kinds(longer, (0, len(longer)), (start, start + len(shorter)))
    assert [edge["kind"] for edge in turned] == [edge["kind"] for edge in found]
    assert all(edge["prediction"] == "shorter" for edge in turned)
    return [(edge["side"], edge["kind"]) for edge in found]


@pytest.mark.parametrize(
    "longer, shorter, expected",
    [
        ("و12", "12", ("left", "attached letter")),
        ("وَ قوات", "قوات", ("left", "attached letter")),
        ("الجنود", "جنود", ("left", "article")),
        ("والجنود", "جنود", ("left", "article")),
        ("«داعش", "داعش", ("left", "opening quote")),
        ("أربعين مسلحاً", "مسلحاً", ("left", "number word")),
        ("ما لا يقل عن ١٢ جندياً", "جندياً", ("left", "number word")),
        ("نحو 40 مسلحا", "مسلحا", ("left", "number word")),
        ("في بلدة حارم", "بلدة حارم", ("left", "preposition at the start")),
        ("وفي بلدة حارم", "بلدة حارم", ("left", "preposition at the start")),
        ("قائد الجيش", "الجيش", ("left", "words")),
        ('تنظيم "داعش"', 'تنظيم "داعش', ("right", "closing quote")),
        ("مسلحين الذين فروا", "مسلحين", ("right", "relative clause")),
        ("رجل، والذي فر", "رجل", ("right", "relative clause")),
        ("مدنيين ممن حضروا", "مدنيين", ("right", "relative clause")),
        ("المتحدث، العميد يحيى", "المتحدث", ("right", "apposition")),
        ("شرطي واحد", "شرطي", ("right", "number word")),
        ("سوق في بغداد", "سوق", ("right", "prepositional phrase")),
        ("جنود من الجيش", "جنود", ("right", "prepositional phrase")),
        ("الجيش،", "الجيش", ("right", "punctuation")),
        ("الجيش السوري", "الجيش", ("right", "words")),
    ],
)
def test_boundary_kinds(longer, shorter, expected):
    assert kinds(longer, shorter) == [expected]


def test_both_edges_may_differ_and_in_both_directions():
    text = "في بلدة حارم بريف إدلب"
    found = boundary_kinds(text, (3, 22), (0, 12))
    assert [(e["side"], e["prediction"], e["text"]) for e in found] == [
        ("left", "longer", "في"),
        ("right", "shorter", "بريف إدلب"),
    ]


def test_sentences_hold_the_span():
    text = "قتل جندي. أصيب 2.5 ألف؟\nانتهى"
    assert [text[slice(*sentence_around(text, i, i + 1))] for i in (0, 12, 26)] == [
        "قتل جندي.",
        "أصيب 2.5 ألف؟",
        "انتهى",
    ]
    assert sentence_around(text, 4, 14) == (0, 23)


def spans_of(doc):
    return [Found(s.start, s.end, role) for role, s in doc.role_spans()]


def test_nothing_wrong_gives_no_errors(documents):
    report = error_report(documents, [spans_of(d) for d in documents])
    assert report["errors"] == report["boundary"] == []
    assert sum(row["right"] for row in report["counts"].values()) == sum(len(d.role_spans()) for d in documents)


def test_each_error_has_its_kind_and_place():
    text = "قتل مسلحون الجندي في بغداد بحسب شهود اليوم"
    spot = {w: (text.index(w), text.index(w) + len(w)) for w in text.split()}
    span = {w: Span(*s, w) for w, s in spot.items()}
    event = Event("shooting", span["قتل"], (span["مسلحون"],), (span["الجندي"],), (), (span["بغداد"],), (span["شهود"],))
    doc = Document("d", text, events=(event,))
    guess = [
        Found(spot["في"][0], spot["بغداد"][1], "location"),
        Found(*spot["مسلحون"], "target"),
        Found(*spot["الجندي"], "target"),
        Found(*spot["اليوم"], "count"),
    ]
    errors, right = document_errors(doc, guess)
    assert [(e.kind, (e.gold or e.predicted)[0]) for e in errors] == [
        ("role", "attacker"),
        ("boundary", "location"),
        ("missed", "source"),
        ("spurious", "count"),
    ]
    assert [r for r, _, _ in right] == ["target"]
    report = error_report([doc], [guess])
    assert report["confusion"]["attacker"]["target"] == report["confusion"]["source"]["none"] == 1
    assert report["confusion"]["none"]["count"] == report["confusion"]["location"]["location"] == 1
    assert report["boundary"][0]["kind"] == "preposition at the start"
    assert json.loads(json.dumps(report)) == report
    assert marked(report["errors"][1]) == "قتل مسلحون الجندي {في [بغداد]} بحسب شهود اليوم"
    assert "role: gold attacker" in listing(report) and "spurious" in listing(report)


def test_one_long_find_is_one_boundary_error_and_one_miss():
    text = "جنود وضباط"
    doc = Document("d", text, events=(Event("other", None, target=(Span(0, 4, "جنود"), Span(5, 10, "وضباط"))),))
    errors, _ = document_errors(doc, [Found(0, 10, "target")])
    assert sorted(e.kind for e in errors) == ["boundary", "missed"]


def test_counts_agree_with_the_scores(documents):
    guesses = [[Found(s.start, s.end, ROLES[i % 5]) for i, s in enumerate(spans_of(d))] for d in documents]
    report = error_report(documents, guesses)
    strict = score_spans(documents, guesses).strict
    assert sum(row["right"] for row in report["counts"].values()) == strict.right_gold
    gold_side = [e for e in report["errors"] if e["gold"]]
    found_side = [e for e in report["errors"] if e["predicted"]]
    assert len(gold_side) + strict.right_gold == strict.gold
    assert len(found_side) + strict.right_gold == strict.predicted
    for error in report["errors"]:
        text = next(d.text for d in documents if d.id == error["document"])
        assert text[error["sentence"]["start"] : error["sentence"]["end"]] == error["sentence"]["text"]
