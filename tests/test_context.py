"""A whole report read in context: offsets, plain types, the same answer every time, and the command line."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reports import read

from adwar.model.gazetteer import own_gazetteer

REPORT = (
    "{E:قُتل} {C:تسعة} {T:مدنيين} وأصيب {C:نحو عشرين} {T:آخرين}، مساء أمس الثلاثاء، في غارة {A:روسية} على "
    "{L:بلدة سراقب}، وفق {S:الدفاع المدني السوري}. وقال {S:الدفاع المدني} إن بين القتلى {C:ثلاثة} {T:أطفال}. "
    "وتبنى {A2:تنظيم داعش} {E2:تفجير} {T2:حاجز} في {L2:دير الزور} في 3 أيلول الجاري."
)


def test_all_of_it_together():
    first, second = read(REPORT, date="2017-09-06", gazetteer=own_gazetteer()).frames
    assert (first.killed.value, first.wounded.value) == (9, 20)
    assert first.date.value == "2017-09-05" and second.date.value == "2017-09-03"
    assert (first.attribution.status, second.attribution.status) == ("asserted", "claimed")
    assert first.location[0].place.country == second.location[0].place.country == "SY"
    assert [e.name for e in first.entities if e.role == "source"] == ["الدفاع المدني السوري"]


def test_everything_is_plain_and_deterministic():
    once = read(REPORT, date="2017-09-06", gazetteer=own_gazetteer()).to_dict()
    assert json.loads(json.dumps(once, ensure_ascii=False)) == once
    assert read(REPORT, date="2017-09-06", gazetteer=own_gazetteer()).to_dict() == once


def test_the_docs_tell_of_every_field():
    told = (Path(__file__).resolve().parent.parent / "docs" / "frames.md").read_text(encoding="utf-8")
    prediction = read(REPORT, date="2017-09-06", gazetteer=own_gazetteer()).to_dict()
    frame = prediction["frames"][0]
    parts = [frame, frame["killed"], frame["date"], frame["attribution"], frame["location"][0], frame["entities"][0]]
    for name in {name for part in parts for name in part}:
        assert f"`{name}`" in told or f"attribution.{name}`" in told, name


def test_a_report_without_frames_still_has_its_dates():
    prediction = read("اجتمع الوزراء يوم 3 أيار 2016.")
    assert prediction.frames == () and prediction.entities == ()
    assert [date.value for date in prediction.dates] == ["2016-05-03"]


MARKED = ["{A:تنظيم داعش}", "{A:المهاجمون}", "{T:جنود}", "{C:12}", "{C:العشرات}", "{L:مدينة حمص}", "{L:المدينة}",
          "{S:مصدر}", "{S:المصدر}", "{E:هجوم}", "{A2:إسرائيلية}", "{T2:القتلى}", "{E2:قصف}", "{C2:ثلاثة}", "تبنى",
          "نفى", "مسؤوليته", "أمس", "الخميس", "بينهم", "لم", "عدد القتلى", ".", "،", "\n", "ً", "ـ"]  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(MARKED), max_size=24).map(" ".join))
def test_every_answer_rests_on_the_text(marked):
    prediction = read(marked, date="2017-09-06", gazetteer=own_gazetteer())
    text = prediction.text
    pieces = [*prediction.dates, *(m for e in prediction.entities for m in e.mentions)]
    for frame in prediction.frames:
        pieces += [*frame.attribution.cues, *(m for e in frame.entities for m in e.mentions)]
        pieces += [frame.date] if frame.date else []
        for toll in (frame.killed, frame.wounded):
            pieces += [figure.mention for figure in (toll, *toll.others)] if toll else []
        assert {m.entity for m in frame.attacker} <= {e.id for e in frame.entities}
        assert (frame.attribution.status == "unknown") == (not frame.attacker)
    assert all(text[piece.start : piece.end] == piece.text for piece in pieces)


def test_the_command_line_reads_dates(run_cli, exported, tmp_path, documents):
    text = documents[0].text.replace("قتل", "قتل أمس", 1)
    lines = tmp_path / "in.jsonl"
    records = [{"text": text, "day": "2017-09-06"}, {"text": text, "day": ""}]
    lines.write_text("".join(json.dumps(r) + "\n" for r in records), encoding="utf-8")
    status, out, _ = run_cli(
        "predict", lines, "--model", exported, "--jsonl", "--date-column", "day", "--date", "2016-01-01"
    )
    found = [json.loads(line) for line in out.splitlines()]
    assert status == 0 and [f["date"] for f in found] == ["2017-09-06", "2016-01-01"]
    assert [f["dates"][0]["value"] for f in found] == ["2017-09-05", "2015-12-31"]


def test_the_table_shows_toll_date_and_attribution(run_cli, exported, tmp_path, documents):
    file = tmp_path / "report.txt"
    file.write_text(documents[0].text.replace("قتل", "قتل أمس", 1), encoding="utf-8")
    out = run_cli("predict", file, "--model", exported, "--date", "2017-09-06")[1]
    assert "2017-09-05" in out and "3 killed" in out and "attribution" in out and "asserted" in out


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--date", "05/09/2017"], "write it as YYYY-MM-DD"),
        (["--date-column", "when"], "in.jsonl:1: no date under 'when' (found: text, day)"),
        (["--date-column", "day"], "in.jsonl:1: the report's date '5/9/17' cannot be read"),
        (["--gazetteer", "nowhere.txt"], "no such gazetteer"),
    ],
)
def test_wrong_dates_and_gazetteers_are_told(run_cli, exported, tmp_path, options, message):
    lines = tmp_path / "in.jsonl"
    lines.write_text('{"text": "قتل جندي", "day": "5/9/17"}\n', encoding="utf-8")
    status, _, err = run_cli("predict", lines, "--model", exported, *options)
    assert status == 2 and message in err and "Traceback" not in err


def test_dates_go_with_their_texts(labeler, documents):
    text = documents[0].text + " وقع ذلك أمس."
    days = ["2017-09-06", None, "2016-03-01"]
    found = list(labeler.predict_many([text] * 3, dates=days, chunk=2))
    assert [p.dates[0].value for p in found] == ["2017-09-05", None, "2016-02-29"]
    assert labeler.predict(text, date="2017-09-06").to_dict() == found[0].to_dict()
    with pytest.raises(ValueError, match="dates ended before texts"):
        list(labeler.predict_many([text] * 3, dates=days[:2]))
