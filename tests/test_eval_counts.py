"""Count values: paired by overlap, figures and bounds compared, a plain reader standing in for the model's."""

import json
from dataclasses import dataclass

import pytest

from adwar.data.schema import Document, Event, Span
from adwar.eval.counts import count_values, in_range, same_value


@dataclass
class Said:
    value: int | None = None
    min: int | None = None
    max: int | None = None


@dataclass
class Counted:
    start: int
    end: int
    text: str
    value: int | None = None
    min: int | None = None
    max: int | None = None


@dataclass
class Frame:
    count: tuple


def exact(n):
    return Said(n, n, n)


def plain(text):
    digits = "".join(c for c in text if c.isdecimal())
    return exact(int(digits)) if digits else None


TEXT = "قتل نحو 40 وأصيب 12 وعشرات"
DOC = Document(
    "d", TEXT, events=(Event("other", None, count=(Span(4, 10, "نحو 40"), Span(17, 19, "12"), Span(20, 26, "وعشرات"))),)
)


def test_pairs_by_overlap_once_however_many_frames_share_them():
    ours = (Counted(8, 10, "40", 40, 40, 40), Counted(17, 19, "12", 13, 13, 13), Counted(20, 26, "وعشرات", None, 20))
    report = count_values([DOC], [[Frame(ours), Frame(ours[:1])]], plain)
    assert (report["paired"], report["readable"], report["exact"], report["within"]) == (3, 2, 1, 1)
    assert report["accuracy"] == 0.5
    (wrong,) = report["differing"]
    assert (wrong["gold"], wrong["gold_value"]["value"], wrong["predicted_value"]["value"]) == ("12", 12, 13)
    assert json.loads(json.dumps(report)) == report


def test_what_does_not_touch_is_not_paired():
    assert count_values([DOC], [[Frame((Counted(0, 3, "قتل", 1, 1, 1),))]], plain)["paired"] == 0
    assert count_values([DOC], [[]], plain)["accuracy"] == 0.0


@pytest.mark.parametrize(
    "predicted, gold, same, within",
    [
        (exact(5), exact(5), True, True),
        (exact(5), exact(6), False, False),
        (Said(20), Said(20, 21, None), True, False),  # the same figure; as ranges {20} and 21 up have nothing in common
        (exact(25), Said(20, 20, None), False, True),
        (Said(None, 10, 15), Said(None, 10, 15), True, True),
        (Said(None, 10, 15), Said(None, 12, 20), False, True),
        (Said(), Said(), False, False),
        (Said(None, 10, 15), exact(12), False, True),
    ],
)
def test_values_and_ranges(predicted, gold, same, within):
    assert same_value(predicted, gold) is same and in_range(predicted, gold) is within


def test_with_the_model_s_own_reader(documents):
    from adwar.model.counts import read_count

    found = []
    for doc in documents:
        spans = {(s.start, s.end): s for e in doc.events for s in e.count}
        read = [(s, read_count(s.text)) for s in spans.values()]
        found.append([Frame(tuple(Counted(s.start, s.end, s.text, r.value, r.min, r.max) for s, r in read))])
    report = count_values(documents, found, read_count)
    assert report["paired"] == 3 and report["accuracy"] == report["within_accuracy"] == 1.0
