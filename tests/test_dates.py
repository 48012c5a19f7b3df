"""Dates: a table of phrases with the days they mean, and which date of a report is an attack's."""

import csv
import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adwar.model.context import read_in_context
from adwar.model.dates import find_dates, report_date
from adwar.model.frames import RoleSpan, Trigger, build_frame
from adwar.model.results import Prediction
from adwar.model.sentences import sentences

PHRASES = Path(__file__).resolve().parent.parent / "benchmarks" / "date_phrases.tsv"
REPORTED = datetime.date(2017, 9, 17)  # a Sunday


def rows():
    with PHRASES.open(encoding="utf-8", newline="") as lines:
        return [(r["kind"], r["sentence"], r["span"], r["value"]) for r in csv.DictReader(lines, delimiter="\t")]


@pytest.mark.parametrize(("kind", "sentence", "span", "value"), rows())
def test_phrases(kind, sentence, span, value):
    if kind == "hijri":
        pytest.importorskip("hijridate")
    found = [mention for mention, _ in find_dates(sentence, REPORTED)]
    if span == "-":
        assert found == []
        return
    (mention,) = found
    assert mention.text == span == sentence[mention.start : mention.end]
    assert mention.value == (None if value == "-" else value)


@pytest.mark.parametrize(("kind", "sentence", "span", "value"), rows())
def test_without_the_reports_date_only_what_is_absolute_is_resolved(kind, sentence, span, value):
    for mention, _ in find_dates(sentence):
        if mention.relative:
            assert mention.value is None
        elif kind == "absolute":
            assert mention.value == (None if value == "-" else value)


@pytest.mark.parametrize(
    ("given", "day"),
    [
        ("2017-09-05", "2017-09-05"),
        ("2017-09-05T23:10:00+03:00", "2017-09-05"),
        ("2017-09-05 08:00", "2017-09-05"),
        ("Tue, 05 Sep 2017 10:00:00 GMT", "2017-09-05"),
        (datetime.date(2017, 9, 5), "2017-09-05"),
        (datetime.datetime(2017, 9, 5, 12), "2017-09-05"),
    ],
)
def test_forms_of_the_reports_date(given, day):
    assert report_date(given).isoformat() == day


@pytest.mark.parametrize("given", ["05/09/2017", "2017-13-01", "أمس", "", "2017", 20170905])
def test_a_date_that_may_mean_two_days_is_refused(given):
    with pytest.raises(ValueError, match="YYYY-MM-DD"):
        report_date(given)
    assert report_date(None) is None


def read(text, *deeds, reported=REPORTED):
    """A report read with one frame for each (trigger, target) of ``deeds``."""
    spots, frames = sentences(text), []
    for trigger, target in deeds:
        a, b = text.index(trigger), text.index(target)
        span = RoleSpan(b, b + len(target), target, "target", 0.9)
        frames.append(build_frame(text, Trigger(a, a + len(trigger), trigger, "other", 0.9), [span], spots, "other"))
    return read_in_context(Prediction(text, (), tuple(frames), 1), reported=reported)


@pytest.mark.parametrize(
    ("text", "trigger", "target", "value", "statement"),
    [
        # in the trigger's sentence, the nearest
        ("بعد هدوء منذ الاثنين، قُتل جندي أمس السبت.", "قُتل", "جندي", "2017-09-16", False),
        # said on Sunday, done on Friday
        ("أعلن الجيش الأحد أن جندياً قُتل الجمعة.", "قُتل", "جندياً", "2017-09-15", False),
        # only the day it was told
        ("أعلن الجيش، الأحد، مقتل جندي.", "مقتل", "جندي", "2017-09-17", True),
        ("وقالت الشرطة في بيان أمس إن حارساً قُتل.", "قُتل", "حارساً", "2017-09-16", True),
        # another sentence of the frame
        ("أُصيب حارس السبت. وأدى الهجوم إلى تدمير المقر.", "الهجوم", "حارس", "2017-09-16", False),
        # the report's first
        ("شهدت البلدة السبت يوماً دامياً. وقُتل مزارع في قصف.", "قصف", "مزارع", "2017-09-16", False),
        # but not for what it looks back on
        ("شهدت البلدة السبت يوماً دامياً. وكان مزارع قُتل بقصف سابق.", "بقصف", "مزارع", None, False),
        # not what has lasted since, nor what is to come
        ("قُتل مزارع في المدينة المحاصرة منذ عام 2013.", "قُتل", "مزارع", None, False),
        ("قُتل مرشح قبل انتخابات الأحد المقبل.", "قُتل", "مرشح", None, False),
        ("قُتل مزارع في قصف على البلدة.", "قُتل", "مزارع", None, False),
    ],
)
def test_the_date_of_an_attack(text, trigger, target, value, statement):
    (frame,) = read(text, (trigger, target)).frames
    assert (frame.date.value if frame.date else None) == value
    assert frame.date is None or frame.date.statement == statement


def test_each_attack_has_its_own_date():
    text = "قُتل جندي السبت في حمص. وفي الحسكة خُطف طبيب الخميس."
    first, second = read(text, ("قُتل", "جندي"), ("خُطف", "طبيب")).frames
    assert (first.date.value, second.date.value) == ("2017-09-16", "2017-09-14")


def test_all_dates_stand_in_the_prediction():
    prediction = read("قُتل جندي السبت. وتعود الهدنة إلى 3 أيار 2016.", ("قُتل", "جندي"))
    assert [date.value for date in prediction.dates] == ["2017-09-16", "2016-05-03"]
    assert prediction.date == "2017-09-17"
    assert read("قُتل جندي السبت.", ("قُتل", "جندي"), reported=None).dates[0].to_dict()["value"] is None


WORDS = [word for _, sentence, _, _ in rows() for word in sentence.split()]


@given(st.lists(st.sampled_from([*WORDS, "31", "2016", "/", "،", "(", ")", "\n"]), max_size=12).map(" ".join))
def test_offsets_slice_back_and_never_overlap(text):
    end = 0
    for mention, _ in find_dates(text, REPORTED):
        assert text[mention.start : mention.end] == mention.text and mention.start >= end
        assert mention.first is None or mention.first <= mention.last
        end = mention.end


@given(st.text(), st.dates())
def test_any_text_and_day(text, reported):
    find_dates(text, reported)


@pytest.mark.parametrize("mark", ["❶", "²", "①", "፩", "๒", "𝟙"])
def test_digits_that_are_none_or_of_another_script_are_no_trouble(mark):
    for text in (
        f"غارة في {mark} سبتمبر 2017",
        f"قتل {mark} مدنيين يوم {mark}/{mark}/2017",
        f"قبل {mark} أيام، عام {mark * 4}",
    ):
        for found, _ in find_dates(text, datetime.date(2017, 9, 6)):
            assert text[found.start : found.end] == found.text
