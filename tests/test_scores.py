"""Scores: parity with seqeval strict, gold against gold is 1, order never matters, optimal matching."""

import itertools
import random

import pytest
from conftest import Found, Guess
from hypothesis import given, settings
from hypothesis import strategies as st

from adwar.data.schema import ROLES, Document, Event, Span
from adwar.eval.frames import score_frames
from adwar.eval.intervals import bootstrap, f1_interval
from adwar.eval.match import best_matching
from adwar.eval.report import evaluate, table
from adwar.eval.spans import score_spans


def random_tags(rng, length):
    tags, inside = [], None
    for _ in range(length):
        if inside and rng.random() < 0.5:
            tags.append(f"I-{inside}")
        elif rng.random() < 0.5:
            inside = rng.choice(ROLES)
            tags.append(f"B-{inside}")
        else:
            inside = None
            tags.append("O")
    return tags


def tagged_spans(tags):
    found, start = [], None
    for i, tag in enumerate([*tags, "O"]):
        if start is not None and not tag.startswith("I-"):
            found.append((start, i, tags[start][2:]))
            start = None
        if tag.startswith("B-"):
            start = i
    return found


def as_document(tags, name="d"):
    text = " ".join("ك" for _ in tags)
    spans = {role: [] for role in ROLES}
    for a, b, role in tagged_spans(tags):
        spans[role].append(Span(2 * a, 2 * b - 1, text[2 * a : 2 * b - 1]))
    event = Event("other", Span(0, 1, "ك"), **{r: tuple(s) for r, s in spans.items()})
    return Document(name, text, events=(event,))


@pytest.mark.parametrize("seed", range(30))
def test_strict_scores_equal_seqeval(seed):
    metrics = pytest.importorskip("seqeval.metrics")
    from seqeval.scheme import IOB2

    rng = random.Random(seed)
    gold = [random_tags(rng, rng.randint(1, 25)) for _ in range(6)]
    guess = [[t if rng.random() < 0.7 else u for t, u in zip(g, random_tags(rng, len(g)), strict=True)] for g in gold]
    for tags in guess:  # make it valid IOB2, as the decoder always does
        for i, tag in enumerate(tags):
            before = tags[i - 1] if i else "O"
            if tag.startswith("I-") and before[2:] != tag[2:]:
                tags[i] = "B-" + tag[2:]
    docs = [as_document(g, str(i)) for i, g in enumerate(gold)]
    spans = [[Found(2 * a, 2 * b - 1, role) for a, b, role in tagged_spans(p)] for p in guess]
    ours = score_spans(docs, spans)
    theirs = metrics.classification_report(gold, guess, mode="strict", scheme=IOB2, output_dict=True, zero_division=0)
    for role in ROLES:
        if role in theirs:
            assert ours.strict_by_role[role].f1 == pytest.approx(theirs[role]["f1-score"])
            assert ours.strict_by_role[role].precision == pytest.approx(theirs[role]["precision"])
            assert ours.strict_by_role[role].gold == theirs[role]["support"]
    assert ours.strict.f1 == pytest.approx(theirs["micro avg"]["f1-score"])
    mean = ours.to_dict()["strict"]["macro"]
    names = (("f1", "f1-score"), ("precision", "precision"), ("recall", "recall"))
    assert all(mean[a] == pytest.approx(theirs["macro avg"][b]) for a, b in names)


def test_gold_against_gold_is_one(documents):
    spans = [[Found(s.start, s.end, role) for role, s in d.role_spans()] for d in documents]
    scored = score_spans(documents, spans)
    assert scored.strict.f1 == scored.overlap.f1 == 1.0
    frames = score_frames(documents, [list(d.events) for d in documents])
    assert frames.micro.f1 == frames.events.f1 == frames.type_macro_f1 == 1.0


def test_order_never_matters(documents):
    reverse = [[Found(s.start, s.end, r) for r, s in reversed(d.role_spans())] for d in documents]
    assert score_spans(documents, reverse).overlap.f1 == 1.0
    assert score_frames(documents, [list(reversed(d.events)) for d in documents]).micro.f1 == 1.0


def test_swapped_fillers_cost(documents):
    first, second = documents[0].events
    swapped = [Event(first.type, first.trigger, *[getattr(second, r) for r in ROLES])]
    assert score_frames(documents[:1], [swapped]).micro.recall < 0.6


def test_one_prediction_never_counts_for_two_gold_spans():
    doc = as_document(["B-target", "B-target", "O"])
    scored = score_spans([doc], [[Found(0, 3, "target")]])
    assert scored.overlap_by_role["target"].right_gold == 1 and scored.strict.right_gold == 0


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 5), st.integers(1, 5), st.integers(0, 10**6))
def test_matching_is_optimal(rows, columns, seed):
    rng = random.Random(seed)
    weights = [[rng.choice([0, 0, 1, 2, 3.5]) for _ in range(columns)] for _ in range(rows)]
    pairs = best_matching(weights)
    assert len({r for r, _ in pairs}) == len({c for _, c in pairs}) == len(pairs)
    small, large = sorted((rows, columns))
    cell = (lambda a, b: weights[a][b]) if rows <= columns else (lambda a, b: weights[b][a])
    best = max(sum(cell(a, b) for a, b in enumerate(p)) for p in itertools.permutations(range(large), small))
    assert sum(weights[r][c] for r, c in pairs) == pytest.approx(best)


@pytest.mark.parametrize(
    ("weights", "pairs"),
    [
        ([], []),
        ([[], []], []),
        ([[0.0]], []),
        ([[0.1]], [(0, 0)]),
        ([[2, 3], [0, 3]], [(0, 0), (1, 1)]),  # the best row alone would take (0, 1)
        ([[1], [3], [2]], [(1, 0)]),
        ([[0, 5], [4, 0], [0, 0]], [(0, 1), (1, 0)]),  # in the order of rows, pairs of 0 left out
        ([[5, 4, 0], [4, 0, 0], [1, 0, 0]], [(0, 1), (1, 0)]),
        ([[7, 5, 3, 1], [7, 6, 4, 1], [7, 6, 5, 1], [7, 6, 5, 4]], [(0, 0), (1, 1), (2, 2), (3, 3)]),
    ],
)
def test_what_is_matched(weights, pairs):
    assert best_matching(weights) == pairs


def test_intervals_hold_the_value(documents):
    import numpy as np

    counts = np.array([[4, 5, 3]] * 30 + [[5, 5, 5]] * 30)
    low, high = f1_interval(counts)
    assert low < 2 * 240 / (270 + 300) < high
    assert (
        bootstrap([1.0, 3.0] * 50, lambda p: sum(p) / len(p))[0]
        < 2
        < bootstrap([1.0, 3.0] * 50, lambda p: sum(p) / len(p))[1]
    )
    assert bootstrap([], len) == (0.0, 0.0)


def test_the_report_is_json_and_a_table(documents):
    import json

    guesses = [Guess([Found(s.start, s.end, r) for r, s in d.role_spans()], list(d.events)) for d in documents]
    report = evaluate(documents, guesses)
    assert json.loads(json.dumps(report))["spans"]["strict"]["micro"]["f1"] == 1.0
    assert report["reports with no event"] == 1 and report["of these with a frame"] == 0
    assert "micro" in table(report) and "macro" in table(report)
