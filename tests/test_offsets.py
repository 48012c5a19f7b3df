"""Offsets as other tools count them: emoji and marks shift no span; misaligned files are refused, or mended."""

from __future__ import annotations

import json

import pytest

from adwar.data.errors import DataError
from adwar.data.formats import FORMATS, Report, read_doccano, read_label_studio, write_doccano
from adwar.data.formats.label_studio import write_label_studio
from adwar.data.formats.offsets import UNITS, grapheme_offsets, other_units, placed, spots_of
from adwar.data.schema import Document, Event, Span

FAMILY = "👨‍👩‍👧"  # three people and two joiners: 5 code points, 8 UTF-16 units, 1 cluster
TEXT = f"{FAMILY} قُتِلَ ثَلاثةٌ في غَارَةٍ على حارم 🇸🇾 وفق e\u0301toile"


def span(word: str) -> Span:
    return Span(TEXT.index(word), TEXT.index(word) + len(word), word)


def document(identity="d-1"):
    event = Event(
        "airstrike", span("غَارَةٍ"), target=(span("ثَلاثةٌ"),), source=(span("e\u0301toile"),), location=(span("حارم"),)
    )
    return Document(identity, TEXT, events=(event,))


def options(unit):
    return {"utf16": unit == "UTF-16 units", "graphemes": unit == "grapheme clusters"}


@pytest.mark.parametrize("unit", UNITS)
def test_doccano_comes_back_in_every_unit(unit, tmp_path):
    file = tmp_path / "a.jsonl"
    write_doccano([document()], file, **options(unit))
    assert list(read_doccano(file, **options(unit))) == [document()]


def test_what_each_unit_counts():
    before = TEXT[: TEXT.index("غَارَةٍ")]
    marks = sum(c in "\u064e\u064f\u0650\u064c\u064d" for c in before)
    counts = {unit: UNITS[unit](TEXT)[len(before)] for unit in UNITS}
    assert counts == {
        "code points": len(before),
        "UTF-16 units": len(before) + 3,
        "grapheme clusters": len(before) - marks - 4,
    }
    assert grapheme_offsets("e\u0301x\r\n") == [0, -1, 1, 2, -1, 3] and grapheme_offsets("") == [0]
    assert spots_of(grapheme_offsets("e\u0301x")) == {0: 0, 1: 2, 2: 3}


@pytest.mark.parametrize("written", UNITS)
@pytest.mark.parametrize("read", UNITS)
def test_a_file_read_in_the_wrong_unit_is_refused_with_the_right_one_or_mended(written, read, tmp_path):
    if written == read:
        return
    file = tmp_path / "a.jsonl"
    write_doccano([Document("plain", "قتل مدني")], file)
    plain = file.read_text("utf-8")
    write_doccano([document()], file, **options(written))
    file.write_text(plain + file.read_text("utf-8"), "utf-8")
    flag = {"code points": "--no-utf16", "UTF-16 units": "--utf16", "grapheme clusters": "--graphemes"}[written]
    with pytest.raises(DataError, match=rf"a\.jsonl:2: document 'd-1': counted in {read} .* say {flag} "):
        list(read_doccano(file, **options(read)))
    report = Report()
    assert list(read_doccano(file, repair=True, report=report, **options(read)))[1] == document()
    (told,) = report.repaired
    assert told.startswith(f"{file}:2: document 'd-1': counted in {read}") and told.endswith("read so")


def test_a_span_inside_a_cluster_cannot_be_counted_in_clusters(tmp_path):
    doc = Document("d", FAMILY, events=(Event("other", Span(0, 1, FAMILY[0])),))
    with pytest.raises(DataError, match="ends inside a grapheme cluster"):
        write_doccano([doc], tmp_path / "a.jsonl", graphemes=True)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("wrong", [False, True])
def test_label_studio_regions_are_moved_to_their_words_on_request(wrong, tmp_path):
    file = tmp_path / "a.json"
    write_label_studio([document("d-0"), document()], file, utf16=not wrong)
    with pytest.raises(DataError, match=r"a\.json:2: document 'd-0': .*repair moves the span"):
        list(read_label_studio(file, utf16=wrong))
    report = Report()
    assert list(read_label_studio(file, utf16=wrong, repair=True, report=report)) == [document("d-0"), document()]
    assert len(report.repaired) == 8
    assert [line.partition(" document")[0] for line in report.repaired] == [f"{file}:2:"] * 4 + [f"{file}:3:"] * 4
    assert "moved to [" in report.repaired[0]


def test_words_are_moved_only_where_one_place_is_meant(tmp_path):
    assert placed("قتل قتل في غارة", 5, 8, "قتل") is None
    assert placed("قتل قتل في غارة", 90, 99, "غارة") == (11, 15)
    assert placed("😀 قتل قتل", 3, 6, "قتل") == (2, 5)  # UTF-16 units say which of the two
    assert placed("قتل", 0, 2, "غارة") is None
    assert other_units("😀 قتل", [(3, 6)], "code points") == "UTF-16 units"
    assert other_units("😀 قتل", [(2, 4)], "code points") is None
    assert other_units("😀 قتل", [("x", [])], "code points") is None
    rows = ["document,event,type,role,start,end,text", "d,,,document,,,قتل قتل", "d,1,clash,trigger,1,4,قتل"]
    file = tmp_path / "a.csv"
    file.write_text("\n".join(rows) + "\n", "utf-8")
    for repair in (False, True):
        with pytest.raises(DataError, match=r"a\.csv:3: document 'd'"):
            list(FORMATS["csv"].read(file, repair=repair))


def test_the_command_tells_each_repair_by_line(run_cli, tmp_path):
    file, out = tmp_path / "a.jsonl", tmp_path / "out.jsonl"
    write_doccano([document()], file, utf16=False)
    status, _, err = run_cli("data", "convert", file, out, "--from", "doccano")
    assert status == 2 and "a.jsonl:1: document 'd-1'" in err and "--no-utf16" in err and not out.exists()
    status, _, err = run_cli("data", "convert", file, out, "--from", "doccano", "--repair")
    assert status == 0 and "adwar: repaired: " in err and ":1: document 'd-1'" in err
    clusters = tmp_path / "g.jsonl"
    assert run_cli("data", "convert", out, clusters, "--to", "doccano", "--graphemes")[0] == 0
    assert (
        json.loads(clusters.read_text("utf-8"))["entities"][0]["start_offset"]
        == UNITS["grapheme clusters"](TEXT)[TEXT.index("غَارَةٍ")]
    )
    status, _, err = run_cli("data", "convert", out, clusters, "--to", "doccano", "--graphemes", "--utf16")
    assert status == 2 and "say different things" in err
