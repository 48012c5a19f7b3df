"""Calibration: worked examples, a perfect and a boastful model, bins that hold everything."""

import json
from types import SimpleNamespace

import numpy as np
import pytest
from conftest import Found, Guess

from adwar.data.schema import ROLES, Span
from adwar.eval.calibration import calibration, calibration_table, reliability


def test_by_hand():
    one = reliability(np.array([0.9, 0.9, 0.9, 0.9, 0.2]), np.array([True, True, True, False, False]))
    assert one["expected_calibration_error"] == pytest.approx(0.8 * 0.15 + 0.2 * 0.2)
    assert one["brier"] == pytest.approx((3 * 0.01 + 0.81 + 0.04) / 5)
    assert [b["count"] for b in one["bins"]] == [0, 1, 0, 0, 0, 0, 0, 0, 4, 0]
    assert one["bins"][0]["score"] is None


def test_edges_belong_to_the_lower_bin():
    counts = [b["count"] for b in reliability(np.array([0.0, 0.5, 1.0]), np.array([True] * 3), bins=2)["bins"]]
    assert counts == [2, 1]


def test_scores_that_are_probabilities_have_almost_no_error():
    rng = np.random.default_rng(0)
    scores = rng.random(20_000)
    assert reliability(scores, rng.random(20_000) < scores)["expected_calibration_error"] < 0.02
    assert reliability(np.ones(100), np.zeros(100, dtype=bool))["expected_calibration_error"] == 1.0


def test_only_exact_spans_of_the_role_are_right(documents):
    guesses = [Guess([Found(s.start, s.end, role, 1.0) for role, s in d.role_spans()]) for d in documents]
    assert calibration(documents, guesses)["all"]["expected_calibration_error"] == 0.0
    first = guesses[0].spans[0]
    guesses[0].spans = [Found(first.start, first.end + 1, first.role, 0.75), guesses[0].spans[1]]
    report = calibration(documents[:1], guesses[:1])
    assert report["all"]["spans"] == 2 and report["all"]["right"] == 0.5
    assert report[first.role]["right"] == 0.0
    assert json.loads(json.dumps(report)) == report
    assert all(role in calibration_table(report) for role in ROLES)


def test_a_frame_is_right_if_it_is_paired_with_an_event(documents):
    doc = next(d for d in documents if len(d.events) > 0)
    far = len(doc.text)
    none = {role: () for role in ROLES}
    right = SimpleNamespace(score=0.75, **{name: getattr(doc.events[0], name) for name in ("trigger", *ROLES)})
    wrong = SimpleNamespace(score=0.35, trigger=Span(far, far + 1, "x"), **none)
    found = calibration([doc], [Guess([], [right, wrong, doc.events[0]])])["frames"]  # the last one has no score
    assert (found["spans"], found["right"], found["score"]) == (2, 0.5, pytest.approx(0.55))
    assert found["expected_calibration_error"] == pytest.approx((0.25 + 0.35) / 2)


def test_nothing_found_and_nonsense(documents):
    report = calibration(documents, [Guess() for _ in documents])
    assert report["all"]["expected_calibration_error"] is None and "all" in calibration_table(report)
    with pytest.raises(ValueError, match="bins"):
        reliability(np.ones(1), np.ones(1, dtype=bool), bins=0)
    with pytest.raises(ValueError, match="between 0 and 1"):
        reliability(np.array([1.5]), np.ones(1, dtype=bool))
