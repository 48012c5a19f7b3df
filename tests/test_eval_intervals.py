"""Every figure of an evaluation has an interval that holds it, and the draws agree with counting anew."""

import json

import numpy as np
import pytest
from conftest import Found, Guess, gold_guess

from adwar.data.schema import ROLES
from adwar.eval.figures import figures
from adwar.eval.html_report import html_report
from adwar.eval.intervals import add_intervals, f1_values, macro_values, resampled, spread
from adwar.eval.markdown import document, figures_table
from adwar.eval.scores import Score, by_role, macro
from adwar.eval.whole import whole_report
from adwar.model.counts import read_count


@pytest.fixture(scope="module")
def half_right(documents):
    """Ten times the sample; every second document lacks its first event and its first span."""
    docs, guesses = list(documents) * 10, []
    for number, doc in enumerate(docs):
        guess = gold_guess(doc)
        if number % 2:
            guess.spans, guess.frames = guess.spans[1:], guess.frames[1:]
        guesses.append(guess)
    return docs, guesses


@pytest.fixture(scope="module")
def report(half_right):
    class Values:  # a frame whose counts have been read
        def __init__(self, event):
            self.event = event

        def __getattr__(self, name):
            return getattr(self.event, name)

        @property
        def count(self):
            return [Read(s) for s in self.event.count]

    class Read:
        def __init__(self, span):
            reading = read_count(span.text)
            self.start, self.end, self.text = span.start, span.end, span.text
            self.value, self.min, self.max = (reading.value or 0) + (span.start < 10), reading.min, reading.max

    docs, guesses = half_right
    return whole_report(docs, [Guess(g.spans, [Values(f) for f in g.frames]) for g in guesses], read=read_count)


def test_a_macro_average_by_hand():
    scores = {"a": Score(2, 2, 2, 2), "b": Score(4, 2, 1, 1), "c": Score()}
    found = macro(scores.values())
    assert found["roles"] == 2  # nothing gold and nothing found of c
    assert found["f1"] == pytest.approx((1 + 1 / 3) / 2) and found["precision"] == pytest.approx((1 + 1 / 4) / 2)
    assert by_role(scores)["micro"]["f1"] == pytest.approx(2 * 3 / (6 + 4))
    assert macro([Score()]) == {"precision": 0.0, "recall": 0.0, "f1": 0.0, "roles": 0}
    assert macro_values(np.array([1.0, 1 / 3, 0.0]), np.array([4, 6, 0])) == pytest.approx(found["f1"])


def test_draws_are_those_of_documents_counted_anew():
    rng = np.random.default_rng(5)
    parts = [{"x": Score(4, 5, int(n), int(n)), "y": Score(2, 2, 1, 2)} for n in rng.integers(0, 5, 30)]
    rows = by_role({k: sum((p[k] for p in parts), Score()) for k in ("x", "y")})
    add_intervals(rows, parts)
    picks = np.random.default_rng(0).multinomial(30, np.full(30, 1 / 30), 1000)
    slow = {name: [] for name in ("x", "micro", "macro")}
    for pick in picks:
        drawn = {
            k: sum((p[k] for p, times in zip(parts, pick, strict=True) for _ in range(times)), Score()) for k in "xy"
        }
        again = by_role(drawn)
        for name in slow:
            slow[name].append(again[name]["f1"])
    for name, values in slow.items():
        assert rows[name]["interval"] == pytest.approx(np.percentile(values, [2.5, 97.5]))


def test_partial_credit_has_both_sides():
    assert f1_values(np.array([4, 2, 2, 2])) == pytest.approx(Score(4, 2, 2, 2).f1)
    assert f1_values(np.zeros((3, 4))).tolist() == [0, 0, 0]


def test_every_figure_lies_in_its_interval(report):
    found = figures(report)
    names = {one.name for one in found}
    assert {"spans, exact: macro F1", "fillers, exact: F1", "CEAF-REE, F1", "CEAF-RME φ3, F1"} <= names
    assert {"type: accuracy", "type: macro F1", "count values: exact", "expected calibration error"} <= names
    for one in found:
        low, high = one.interval
        assert 0 <= low <= one.value + 1e-9 and one.value - 1e-9 <= high <= 1, one
    for table in (*report["spans"].values(), report["frames"]["role_fillers"], report["frames"]["role_fillers_exact"]):
        assert all("interval" in table[name] for name in (*ROLES, "micro", "macro"))
    assert all("interval" in row for part in ("REE", "RME") for row in report["ceaf"][part].values())
    assert json.loads(json.dumps(report)) == report


def test_figures_that_move_have_a_spread(report):
    spread_of = {one.name: one.interval for one in figures(report)}
    for name in ("spans, exact: macro F1", "CEAF-REE, F1", "CEAF-RME φ3, F1", "fillers, exact: macro F1"):
        assert spread_of[name][0] < spread_of[name][1]
    assert spread_of["count values: exact"][0] < spread_of["count values: exact"][1]


def test_pages_show_them(report):
    markdown, page = document(report, "x"), html_report([("sample", report)], title="x")
    for told in (markdown, page):
        assert "CEAF-REE, F1" in told and "fillers, exact: macro F1" in told and "count values: within range" in told
    assert "| mean of the roles |" in markdown and "mean of the five" in page
    short = figures_table(report, short=True)
    assert 6 < len(short) < len(figures_table(report)) and any(row.startswith("| CEAF-RME φ3, F1 |") for row in short)


def test_an_older_evaluation_without_them_is_still_shown(report):
    old = json.loads(json.dumps(report))
    for table in (*old["spans"].values(), old["frames"]["role_fillers"]):
        del table["macro"]
    del old["frames"]["role_fillers_exact"], old["ceaf"], old["calibration"], old["count values"]
    names = [one.name for one in figures(old)]
    assert names == ["fillers: F1", "type: accuracy", "type: macro F1"]
    assert "mean of" not in document(old, "x").split("## Other figures")[0]
    assert "mean of the five" not in html_report([("old", old)], title="x")


def test_no_documents_and_a_draw_without_spans():
    none = whole_report([], [], read=read_count)
    assert none["spans"]["strict"]["macro"]["interval"] == [0.0, 0.0]
    assert none["calibration"]["all"]["expected_calibration_error_interval"] is None
    assert resampled(np.zeros((0, 2))).tolist() == [[0, 0]] and spread(np.array([np.nan])) == [0.0, 0.0]


def test_a_calibration_interval_is_left_without_draws_of_nothing(documents):
    docs = [documents[0], *[documents[1]] * 3]  # three documents in which nothing is found
    role, span = documents[0].role_spans()[0]
    guesses = [Guess([Found(span.start, span.end, role, 0.5)]), *[Guess()] * 3]
    found = whole_report(docs, guesses, read=read_count)["calibration"]["all"]
    assert found["expected_calibration_error"] == 0.5 and found["expected_calibration_error_interval"] == [0.5, 0.5]
