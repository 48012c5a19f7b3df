"""Bounds: no span stops on a word that leans on the next or crosses a paragraph, and places side by side are one."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adwar.data.markup import parse
from adwar.data.schema import words
from adwar.model.bounds import LEAST, Bounds, bounds, hanging_words
from adwar.model.decode import _STEPS, _search, spans, viterbi
from adwar.model.labels import TAGS, log_softmax

TAG_ID = {tag: i for i, tag in enumerate(TAGS)}


def tagged(text, tags, *, sure=3.0, hanging=(), second=()):
    """The spans found in ``text`` if each word's best tag is as given, and the second best of some as in ``second``."""
    spots = words(text)
    scores = np.full((len(spots), len(TAGS)), -9.0)
    scores[np.arange(len(spots)), [TAG_ID[t] for t in tags]] = 0.0
    for word, tag in second:
        scores[word, TAG_ID[tag]] = -sure
    path = viterbi(scores, bounds(text, spots, frozenset(hanging)))
    return [(s.kind, text[spots[s.first][0] : spots[s.last][1]]) for s in spans(path, scores)]


def test_a_span_that_stops_on_a_hanging_word_goes_on_or_is_cut():
    text = "هاجموا منطقة دار سعد في عدن"
    tags = ["O", "B-location", "I-location", "I-location", "I-location", "O"]
    assert tagged(text, tags) == [("location", "منطقة دار سعد في")]
    assert tagged(text, tags, hanging={"في"}, second=[(4, "O")]) == [("location", "منطقة دار سعد")]
    assert tagged(text, tags, hanging={"في"}, second=[(5, "I-location")]) == [("location", "منطقة دار سعد في عدن")]


def test_a_hanging_word_at_the_end_of_the_text_ends_no_span():
    found = tagged("وصل إلى مدينة", ["O", "O", "B-location"], hanging={"مدينه"}, second=[(2, "O")])
    assert found == []


def test_places_side_by_side_are_one_unless_joined():
    tags = ["O", "B-location", "I-location", "B-location", "I-location", "I-location"]
    torn = "قرب حاجز الأنفاق غربي بيت لحم"
    assert tagged(torn, tags, second=[(3, "I-location")]) == [("location", "حاجز الأنفاق غربي بيت لحم")]
    joined = "قرب حاجز الأنفاق وغربي بيت لحم"
    assert len(tagged(joined, tags, second=[(3, "I-location")])) == 2


def test_targets_side_by_side_stay_two_if_the_scores_are_sure():
    tags = ["B-target", "B-target"]
    assert tagged("القتلى نساء", tags, second=[(1, "I-target")], sure=3.0) == [("target", "القتلى"), ("target", "نساء")]
    assert tagged("القتلى نساء", tags, second=[(1, "I-target")], sure=1.0) == [("target", "القتلى نساء")]


def test_no_span_crosses_a_paragraph():
    text = "قرب البصرة\nالشرطة العراقية"
    tags = ["O", "B-location", "I-location", "I-location"]
    assert tagged(text, tags, second=[(2, "O"), (3, "O")]) == [("location", "البصرة")]
    assert tagged(text.replace("\n", " "), tags) == [("location", "البصرة الشرطة العراقية")]


def test_a_lone_and_begins_no_span():
    assert tagged("قتل و 27 جنديا", ["O", "B-count", "I-count", "O"], second=[(1, "O"), (2, "B-count")]) == [
        ("count", "27")
    ]


def test_bounds_of_words():
    text = "في مدينة\nوغزة ("
    found = bounds(text, words(text), frozenset({"في"}))
    assert found.hanging.tolist() == [True, False, False, False]
    assert found.torn.tolist() == [True, True, False, False]
    assert found.fresh.tolist() == [False, False, True, False]
    assert len(found) == 4 and len(bounds("", [], frozenset())) == 0


def test_hanging_words_are_counted_in_the_documents():
    block = "@id: D{n}\n@event 1: clash\n---\n{{E1:اشتباكات}} في {{L1:{place}}} أمس"
    docs = [d for n in range(LEAST) for d in parse(block.format(n=n, place="مدينة تعز"), file="x")]
    assert hanging_words(docs) == ["مدينه"]
    assert hanging_words(docs[1:]) == []  # too few
    lone = list(parse(block.format(n=99, place="مدينة"), file="x"))
    assert hanging_words([*docs, *lone]) == []  # ends one span


def random_bounds(rng, length):
    flags = rng.random((4, length)) < 0.3
    return Bounds(*flags)


def allowed(path, limits):
    """Whether ``path`` keeps all rules that have no price, told word by word."""
    for t, tag in enumerate(path):
        name, before = TAGS[tag], TAGS[path[t - 1]] if t else "O"
        goes_on = t + 1 < len(path) and TAGS[path[t + 1]] == f"I-{name[2:]}"
        role = name != "O" and not name.endswith("trigger")
        if name.startswith("I-") and (before[2:] != name[2:] or limits.fresh[t]):
            return False
        if role and limits.hanging[t] and not goes_on:
            return False
        if role and name.startswith("B-") and limits.lone[t]:
            return False
    return True


@given(st.integers(0, 10**6))
@settings(max_examples=40)
def test_no_sequence_within_the_bounds_scores_higher(seed):
    rng = np.random.default_rng(seed)
    scores, limits = log_softmax(rng.normal(size=(3, len(TAGS)))), random_bounds(rng, 3)

    def total(path):
        steps = sum(_STEPS[int(limits.hanging[t]), int(limits.torn[t + 1])][path[t], path[t + 1]] for t in range(2))
        return sum(scores[i, t] for i, t in enumerate(path)) + steps

    best = max(total(p) for p in itertools.product(range(len(TAGS)), repeat=3) if allowed(p, limits))
    found = viterbi(scores, limits)
    assert allowed(found, limits) and np.isclose(total(found), best)


@given(st.integers(0, 10**6), st.integers(1, 60))
@settings(max_examples=60)
def test_searching_run_by_run_is_searching_all(seed, length):
    """With words that are surely outside between them, runs decode as they do together."""
    rng = np.random.default_rng(seed)
    scores = rng.normal(size=(length, len(TAGS))) * 3
    scores[rng.random(length) < 0.5, 0] += 25
    scores, limits = log_softmax(scores), random_bounds(rng, length)
    barred = np.array(
        [
            [(t[0] == "I" and f) or (t[0] == "B" and "trig" not in t and a) for t in TAGS]
            for f, a in zip(limits.fresh, limits.lone, strict=True)
        ]
    )
    whole = _search(np.where(barred, -np.inf, scores), limits.hanging, limits.torn)
    found = viterbi(scores, limits)

    def total(path):
        steps = [
            _STEPS[int(limits.hanging[t]), int(limits.torn[t + 1])][path[t], path[t + 1]] for t in range(length - 1)
        ]
        return sum(scores[i, t] for i, t in enumerate(path)) + sum(steps)

    assert allowed(found, limits) and total(found) == pytest.approx(total(whole))
