"""The tables of bulk extraction: what rows hold, that every kind of file holds the same, and that cells do no harm."""

import csv
import dataclasses
import json
import sqlite3

import pytest
import stub_labeler

from adwar.model.frames import EventFrame, Mention
from adwar.scale.assemble import Outputs, assemble
from adwar.scale.read import read_items
from adwar.scale.reports import Report, Unreadable
from adwar.scale.rows import MENTIONS, event_columns, event_rows, extra_columns, mention_rows, toll
from adwar.scale.tables import defused

TEXT = "غارة روسية على حلب فقتل 12 مدنيا و3 جنود.\nوقصف مدفعي على درعا، وأصيب 5 شرطيا، وفق المرصد."
ITEMS = [
    Report("=one", TEXT, "+عنوان", "2016-01-02", "in.jsonl", 1),
    Report("two", "افتتح الوزير المعرض."),
    Unreadable("three", "not JSON", "in.jsonl", 3),
]


@pytest.fixture(scope="module")
def records():
    return list(read_items(ITEMS, stub_labeler.Stub()))


def rows(records, **options):
    return [row for record in records for row in event_rows(record, event_columns(), **options)]


def test_a_row_a_frame(records):
    first, second = rows(records)
    assert list(first) == [c.name for c in event_columns()]
    assert (first["document_id"], first["document_title"], first["document_date"]) == ("=one", "+عنوان", "2016-01-02")
    assert (first["status"], first["frame"], first["type"], first["trigger"]) == ("frame", 1, "airstrike", "غارة")
    assert first["attacker"] == ["روسيا"] and first["location"] == ["حلب"] and first["target"] == ["مدنيا"]
    assert (first["killed"], first["killed_min"], first["killed_max"], first["wounded"]) == (12, 12, 12, None)
    assert (second["wounded"], second["type"], second["frame"]) == (5, "shelling", 2)
    for row in (first, second):
        for part in [*row["evidence"], *row["sentences"]]:
            assert TEXT[part["start"] : part["end"]] == part["text"]
        assert {e["role"] for e in row["evidence"]} == {"trigger", "attacker", "target", "count", "location"}
    assert json.loads(json.dumps(first, ensure_ascii=False)) == first


def test_all_documents_have_a_row_with_what_became_of_them(records):
    found = rows(records, all_documents=True)
    assert [(r["document_id"], r["status"], r["reason"]) for r in found] == [
        ("=one", "frame", None),
        ("=one", "frame", None),
        ("two", "nothing", None),
        ("three", "failed", "not JSON"),
    ]
    assert found[2]["frame"] is None and list(found[2]) == list(found[0])


def test_a_report_the_gate_stops_is_not_read():
    class Shut:
        least = 0.0

        def score(self, text):
            return 1.0 if "غارة" in text else -2.0

    kept, stopped, _ = read_items(ITEMS, stub_labeler.Stub(), gate=Shut())
    assert kept["status"] == "read" and kept["gate"] == 1.0 and len(kept["frames"]) == 2
    assert stopped["status"] == "skipped" and stopped["gate"] == -2.0 and "frames" not in stopped
    (row,) = event_rows(stopped, event_columns(), all_documents=True)
    assert row["status"] == "skipped" and row["gate_score"] == -2.0


def test_one_that_fails_harms_no_neighbour():
    texts = [stub_labeler.report(0), "انهار", stub_labeler.report(1), "x" * 500]
    found = list(read_items([Report(str(n), t) for n, t in enumerate(texts)], stub_labeler.Stub(), longest=400))
    assert [r["status"] for r in found] == ["read", "failed", "read", "failed"]
    assert found[1]["reason"].startswith("RuntimeError") and "500 characters" in found[3]["reason"]
    alone = list(read_items([Report("0", texts[0])], stub_labeler.Stub()))
    assert found[0] == alone[0]


def count(kind, value, least=None, most=None, score=0.5):
    return {"kind": kind, "value": value, "min": least, "max": most, "score": score}


def test_the_toll_is_the_highest_told():
    told = [count("killed", 4, 4, 4), count("killed", 15, 15, 15), count("wounded", 99), count("killed", None)]
    assert toll(told, "killed") == {"killed": 15, "killed_min": 15, "killed_max": 15}
    assert toll([count("killed", None, 20, 99)], "killed") == {"killed": None, "killed_min": 20, "killed_max": 99}
    assert toll([], "wounded") == {"wounded": None, "wounded_min": None, "wounded_max": None}


def test_a_row_a_mention(records):
    found = list(mention_rows(records[0]))
    assert all(list(r) == [c.name for c in MENTIONS] for r in found)
    assert all(TEXT[r["start"] : r["end"]] == r["text"] for r in found)
    assert [r["role"] for r in found if r["frame"] is None] == ["source"]  # found, but part of no frame
    (killed,) = [r for r in found if r["frame"] == 1 and r["role"] == "count"]
    assert (killed["value"], killed["kind"], killed["approximate"]) == (12, "killed", False)
    assert killed["sentence_start"] == 0 and killed["sentence_end"] == TEXT.index("\n")


def test_fields_that_frames_may_get_later_become_columns():
    fields = [("claim", "str | None", None), ("weight", "float", 0.5), ("day", "Mention | None", None)]
    later = dataclasses.make_dataclass(
        "Later", [(n, t, dataclasses.field(default=d)) for n, t, d in fields], bases=(EventFrame,), frozen=True
    )
    assert [(c.name, c.kind) for c in extra_columns(later)] == [("claim", "text"), ("weight", "real"), ("day", "json")]
    assert extra_columns() == () or all(c.name not in ("type", "score") for c in extra_columns())

    class Labeler:
        def predict_many(self, texts, *, min_score=0.0, chunk=64, dates=None):
            for prediction in stub_labeler.Stub().predict_many(texts):
                held = {f.name: getattr(prediction.frames[0], f.name) for f in dataclasses.fields(EventFrame)}
                frame = later(**held, claim="denied", weight=0.25, day=Mention(0, 4, "غارة", "غارة", 0.5))
                yield dataclasses.replace(prediction, frames=(frame,))

    (record,) = read_items([ITEMS[0]], Labeler())
    (row,) = event_rows(record, event_columns(later))
    assert (row["claim"], row["weight"], json.loads(row["day"])["text"]) == ("denied", 0.25, "غارة")
    assert [e["text"] for e in row["evidence"] if e["role"] == "day"] == ["غارة"]


def read_back(file):
    """Rows of any kind of table, lists as Python has them."""
    if file.suffix == ".jsonl":
        return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    if file.suffix == ".parquet":
        return pytest.importorskip("pyarrow.parquet").read_table(file).to_pylist()
    if file.suffix == ".duckdb":
        with pytest.importorskip("duckdb").connect(str(file), read_only=True) as base:
            found = base.execute("SELECT * FROM events")
            names = [d[0] for d in found.description]
            return [dict(zip(names, row, strict=True)) for row in found.fetchall()]
    with sqlite3.connect(file) as base:
        base.row_factory = sqlite3.Row
        listed = {c.name for c in event_columns() if c.kind == "texts" or isinstance(c.kind, tuple)}
        return [
            {k: json.loads(r[k]) if k in listed and r[k] is not None else r[k] for k in r.keys()}  # noqa: SIM118
            for r in base.execute("SELECT * FROM events")
        ]


@pytest.mark.parametrize("ending", [".jsonl", ".parquet", ".sqlite", ".db", ".duckdb"])
def test_every_kind_of_table_holds_the_same(records, tmp_path, ending):
    if ending in (".parquet", ".duckdb"):
        pytest.importorskip({".parquet": "pyarrow", ".duckdb": "duckdb"}[ending])
    file = tmp_path / f"events{ending}"
    counts = assemble(records, Outputs(events=str(file), all_documents=True))
    assert counts == {"documents": 3, "frames": 2, "read": 2, "skipped": 0, "failed": 1}
    assert read_back(file) == rows(records, all_documents=True)
    errors = [json.loads(line) for line in (tmp_path / f"events{ending}.errors.jsonl").read_text().splitlines()]
    assert errors == [{"document": "three", "file": "in.jsonl", "line": 3, "reason": "not JSON"}]
    assert {f.name for f in tmp_path.iterdir()} == {file.name, file.name + ".errors.jsonl"}


@pytest.mark.parametrize("ending", [".jsonl", ".parquet", ".csv", ".sqlite", ".duckdb"])
def test_an_empty_table_is_a_table(tmp_path, ending):
    if ending in (".parquet", ".duckdb"):
        pytest.importorskip({".parquet": "pyarrow", ".duckdb": "duckdb"}[ending])
    file = tmp_path / f"events{ending}"
    assemble([], Outputs(events=str(file)))
    assert file.exists() and (ending == ".csv" or read_back(file) == [])


@pytest.mark.parametrize("ending", [".sqlite", ".duckdb"])
def test_one_database_may_hold_both_tables(records, tmp_path, ending):
    package = sqlite3 if ending == ".sqlite" else pytest.importorskip("duckdb")
    file = tmp_path / f"all{ending}"
    assemble(records, Outputs(events=str(file), mentions=str(file)))
    with package.connect(str(file)) as base:
        joined = base.execute(
            "SELECT count(*) FROM events e JOIN mentions m ON e.document_id = m.document_id AND e.frame = m.frame"
        ).fetchone()
    assert joined == (sum(r["frame"] is not None for record in records for r in mention_rows(record)),)


def test_csv_is_for_spreadsheets(records, tmp_path):
    file = tmp_path / "events.csv"
    assemble(records, Outputs(events=str(file), mentions=str(tmp_path / "mentions.csv")))
    assert file.read_bytes().startswith(b"\xef\xbb\xbf")
    with file.open(encoding="utf-8-sig", newline="") as lines:
        first, _ = csv.DictReader(lines)
    assert (first["document_id"], first["document_title"]) == ("'=one", "'+عنوان")
    assert first["attacker"] == "روسيا" and first["killed"] == "12" and first["wounded"] == ""
    assert json.loads(first["counts"])[0]["value"] == 12
    with (tmp_path / "mentions.csv").open(encoding="utf-8-sig", newline="") as lines:
        assert {r["document_id"] for r in csv.DictReader(lines)} == {"'=one"}


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "\tx", "\rx"])
def test_no_cell_is_a_formula(cell):
    assert defused(cell) == "'" + cell
    assert defused("x" + cell) == "x" + cell and defused("") == ""


@pytest.mark.parametrize(
    ("outputs", "message"),
    [
        ({"events": "x.xls"}, "unknown kind of table"),
        ({"events": "x.jsonl", "mentions": "x.jsonl"}, "only a database holds both"),
        ({"events": "nowhere/x.jsonl"}, "its folder does not exist"),
        ({"events": "folder.csv"}, "is a folder"),
    ],
)
def test_outputs_that_cannot_be_are_refused(outputs, message, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(ValueError, match=message):
        Outputs(**outputs).files()


@pytest.mark.parametrize(("name", "package"), [("x.duckdb", "duckdb"), ("x.parquet", "pyarrow")])
def test_a_missing_package_is_told(name, package, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, package, None)
    with pytest.raises(ValueError, match=rf"needs {package}: pip install 'adwar\[bulk\]'"):
        Outputs(events=name).files()
