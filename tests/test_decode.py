"""Decoding: always valid BIO, never worse than any other valid sequence, and its inverse gives the spans back."""

import itertools

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from adwar.model.decode import ALLOWED, spans, viterbi
from adwar.model.labels import LABELS, TAGS, log_softmax, tag_scores

TAG_ID = {tag: i for i, tag in enumerate(TAGS)}


def random_scores(words, seed):
    return log_softmax(np.random.default_rng(seed).normal(size=(words, len(TAGS))) * 3)


def valid(path):
    return not TAGS[path[0]].startswith("I-") and all(ALLOWED[a, b] for a, b in itertools.pairwise(path))


@given(st.integers(1, 40), st.integers(0, 10**6))
def test_path_is_valid_bio(words, seed):
    assert valid(viterbi(random_scores(words, seed)))


@given(st.integers(0, 10**6))
@settings(max_examples=25)
def test_no_valid_sequence_scores_higher(seed):
    scores = random_scores(3, seed)
    best = max(
        sum(scores[i, t] for i, t in enumerate(path))
        for path in itertools.product(range(len(TAGS)), repeat=3)
        if valid(path)
    )
    assert np.isclose(sum(scores[i, t] for i, t in enumerate(viterbi(scores))), best)


def test_an_inside_tag_without_its_beginning_is_repaired():
    scores = np.full((2, len(TAGS)), -9.0)
    scores[0, TAG_ID["O"]], scores[0, TAG_ID["B-target"]] = -0.5, -1.0
    scores[1, TAG_ID["I-target"]] = -0.1
    assert [TAGS[t] for t in viterbi(scores)] == ["B-target", "I-target"]


def test_neighbouring_spans_of_one_role_stay_apart():
    path = [TAG_ID[t] for t in ("B-target", "I-target", "B-target", "O", "B-trigger")]
    found = spans(path, np.zeros((5, len(TAGS))))
    assert [(s.kind, s.first, s.last) for s in found] == [("target", 0, 1), ("target", 2, 2), ("trigger", 4, 4)]


def test_trigger_types_are_summed():
    scores = log_softmax(np.random.default_rng(0).normal(size=(4, len(LABELS))))
    summed = tag_scores(scores)
    assert summed.shape == (4, len(TAGS))
    assert np.allclose(np.exp(summed).sum(axis=1), 1)


def test_empty_text():
    assert len(viterbi(np.empty((0, len(TAGS))))) == 0 and spans([], np.empty((0, len(TAGS)))) == []
