"""The paired bootstrap: signs, equal systems, power, reproducibility, shapes."""

import json

import numpy as np
import pytest
from conftest import Guess, gold_guess

from adwar.eval.compare import COUNTED, MEASURES, compare, comparison_table, document_counts, f1_of, paired_bootstrap
from adwar.eval.report import evaluate


def test_the_same_predictions_do_not_differ(documents):
    ours = [gold_guess(d) for d in documents]
    report = compare(documents, ours, ours, samples=200)
    assert set(report["measures"]) == set(MEASURES)
    for row in report["measures"].values():
        assert row["difference"] == 0 and row["p"] == 1.0 and row["interval"] == [0.0, 0.0]


def test_better_is_positive_and_sure_with_many_documents(documents):
    many = documents * 10
    report = compare(many, [Guess() for _ in many], [gold_guess(d) for d in many], samples=500)
    row = report["measures"]["spans strict micro"]
    assert (row["a"], row["b"], row["difference"]) == (0.0, 1.0, 1.0)
    assert row["p"] < 0.01 and row["interval"][0] > 0
    assert json.loads(json.dumps(report)) == report
    assert "*" in comparison_table(report)


def test_f1_is_that_of_the_report(documents):
    guesses = [gold_guess(d) for d in documents]
    for guess in guesses:
        guess.spans, guess.frames = guess.spans[1:], guess.frames[:1]
    report = evaluate(documents, guesses)
    mine = compare(documents, guesses, guesses, samples=10)["measures"]
    assert mine["spans strict target"]["a"] == pytest.approx(report["spans"]["strict"]["target"]["f1"])
    assert mine["fillers micro"]["b"] == pytest.approx(report["frames"]["role_fillers"]["micro"]["f1"])
    for name in ("spans strict macro", "spans overlap macro"):
        kind = name.split()[1]
        assert mine[name]["a"] == pytest.approx(report["spans"][kind]["macro"]["f1"]) and mine[name]["difference"] == 0
    assert mine["fillers macro"]["b"] == pytest.approx(report["frames"]["role_fillers"]["macro"]["f1"])
    assert mine["fillers macro"]["a"] != pytest.approx(mine["fillers micro"]["a"])
    assert mine["events"]["b"] == pytest.approx(report["frames"]["events"]["f1"])


def test_swapping_turns_the_sign_and_keeps_the_p_value():
    rng = np.random.default_rng(1)
    a = np.stack([np.full((40, 1), 10), np.full((40, 1), 10), rng.integers(3, 8, (40, 1))], axis=-1).astype(float)
    b = a.copy()
    b[..., 2] += rng.integers(-1, 3, (40, 1))
    (there, p), (back, q) = paired_bootstrap(a, b, seed=3), paired_bootstrap(b, a, seed=3)
    assert there == pytest.approx(-back[:, ::-1]) and p == pytest.approx(q)
    again = paired_bootstrap(a, b, seed=3)
    assert (again[0] == there).all() and (again[1] == p).all()


def test_under_chance_alone_small_p_values_are_rare():
    rng = np.random.default_rng(0)
    low = 0
    for trial in range(200):
        right = rng.binomial(10, 0.5, (2, 50, 1))
        a, b = (np.stack([np.full((50, 1), 10), np.full((50, 1), 10), r], axis=-1).astype(float) for r in right)
        low += paired_bootstrap(a, b, samples=400, seed=trial)[1][0] < 0.05
    assert low <= 24  # 5% of 200 is 10; the percentile bootstrap is a little bold


def test_empty_and_unequal_counts():
    none = document_counts([], [])
    assert none.shape == (0, len(COUNTED), 3) and (paired_bootstrap(none, none)[1] == 1).all()
    assert f1_of(np.zeros((2, 3))).tolist() == [0.0, 0.0]
    with pytest.raises(ValueError, match="differ in shape"):
        paired_bootstrap(none, np.zeros((1, len(COUNTED), 3)))
