"""Tables for analysts: data frames, the ACLED-like table, Parquet; what is not told is missing, never invented."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

import adwar
from adwar.data.errors import DataError
from adwar.data.formats import FORMATS, Report, read_parquet, write_parquet
from adwar.data.jsonl import parse_line, write_jsonl
from adwar.data.schema import Document, faults
from adwar.model.acled import COLUMNS, TYPES
from adwar.model.frames import Prediction, RoleSpan, build_frame
from adwar.model.gold import document_of, frames_of_document
from adwar.model.rows import EVENT_COLUMNS, MENTION_COLUMNS, told_number

CORPUS = Path(__file__).parents[1] / "data" / "corpus"


def prediction_of(doc: Document, *more: RoleSpan) -> Prediction:
    spans = [RoleSpan(s.start, s.end, s.text, role, 0.5) for role, s in doc.role_spans()]
    return Prediction(doc.text, (*spans, *more), frames_of_document(doc), 1)


def test_a_row_an_event(documents):
    frame = adwar.to_dataframe(map(prediction_of, documents), ids=[d.id for d in documents])
    assert list(frame.columns) == list(EVENT_COLUMNS) and {k: str(v) for k, v in frame.dtypes.items()} == EVENT_COLUMNS
    assert list(zip(frame["document"], frame["event"], frame["type"], strict=True)) == [
        ("a-1", 1, "airstrike"),
        ("a-1", 2, "shooting"),
        ("a-3", 1, "bombing"),
    ]
    first = frame.iloc[0]
    assert (first["target"], first["killed"], first["attacker"]) == ("مدنيين", 3, "روسيا")
    assert frame["killed"].isna().tolist()[1] and frame["attacker"].isna().tolist() == [False, False, True]
    assert first["sentences"] in documents[0].text


def test_a_row_a_mention(documents):
    text = documents[0].text
    loose = RoleSpan(0, 3, text[:3], "source", 0.4)
    frame = adwar.to_dataframe(prediction_of(documents[0], loose), mentions=True)
    assert {k: str(v) for k, v in frame.dtypes.items()} == MENTION_COLUMNS
    assert all(text[a:b] == t for a, b, t in zip(frame["start"], frame["end"], frame["text"], strict=True))
    assert frame["role"].tolist()[:2] == ["trigger", "attacker"]
    counts = frame[frame["role"] == "count"]
    assert counts["value"].tolist() == [3, 12] and counts["kind"].tolist() == ["killed", "wounded"]
    last = frame.iloc[-1]
    assert last["role"] == "source" and last.isna()["event"] and last["document"] == "0"


@pytest.mark.parametrize("mentions", [False, True])
def test_no_predictions_give_the_same_columns(mentions):
    frame = adwar.to_dataframe([], mentions=mentions)
    assert len(frame) == 0 and {k: str(v) for k, v in frame.dtypes.items()} == (
        MENTION_COLUMNS if mentions else EVENT_COLUMNS
    )


def test_names_must_be_as_many_as_predictions(documents):
    for ids, error in (([], ValueError), (["a", "b"], ValueError), ("a", TypeError)):
        with pytest.raises(error):
            adwar.to_dataframe([prediction_of(documents[0])], ids=ids)


def test_a_prediction_becomes_the_document_it_came_from():
    lost: Counter[str] = Counter()
    for line in (CORPUS / "dev.jsonl").open("rb"):
        doc = parse_line(line, file="dev", number=1)
        found, scores = document_of(prediction_of(doc), doc.id, title=doc.title, meta=doc.meta, lost=lost)
        assert found == doc and not list(faults(found))
        assert set(scores) == {(s.start, s.end) for _, s in doc.role_spans()} | {
            (t.start, t.end) for t in doc.triggers()
        }
    assert lost["numbers told by a noun"] > 0 and not lost["events without a trigger"]


def test_what_a_document_cannot_hold_is_counted(documents):
    from dataclasses import replace

    prediction = prediction_of(documents[0], RoleSpan(0, 3, "قتل", "source", 0.4))
    without = replace(prediction, frames=(replace(prediction.frames[0], trigger=None), prediction.frames[1]))
    lost: Counter[str] = Counter()
    doc, _ = document_of(without, "x", lost=lost)
    assert len(doc.events) == 1 and lost["events without a trigger"] == 1 and lost["spans of no event"] == 6


def test_only_one_number_of_killed_is_a_number():
    told = {"غارة على حارم": None, "قتل 30 مدنيا في غارة": 30, "قتل 30 مدنيا في غارة وقتل 4 جنود": None}
    for text, expected in told.items():
        starts = [text.index(n) for n in ("30", "4") if n in text]
        spans = [RoleSpan(a, a + len(n), n, "count", 1.0) for a, n in zip(starts, ("30", "4"), strict=False)]
        frame = build_frame(text, None, spans, [(0, len(text))], "airstrike")
        assert told_number(frame, "killed") == expected


def test_the_acled_table(run_cli, documents, tmp_path):
    from dataclasses import replace

    dated = replace(documents[0], meta={"date": "2019-05-01", "outlet": "=cmd()"})
    known = replace(documents[2], meta={"event_date": "2018-01-02"})
    write_jsonl([dated, documents[1], known], tmp_path / "mine.jsonl")
    status, out, err = run_cli("data", "convert", tmp_path / "mine.jsonl", tmp_path / "e.csv", "--to", "acled")
    assert status == 0 and out.startswith("3 documents, jsonl to acled")
    assert "documents without an event 1" in err and "events without a date 2" in err
    with (tmp_path / "e.csv").open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert list(rows[0]) == list(COLUMNS)
    acleds = "event_date event_type sub_event_type actor1 actor2 location fatalities source notes"
    assert " ".join(COLUMNS[:9]) == acleds
    first, second, third = rows
    assert (first["event_type"], first["sub_event_type"]) == ("Explosions/Remote violence", "Air/drone strike")
    assert (first["actor1"], first["actor2"], first["fatalities"]) == ("روسيا", "مدنيين", "3")
    assert (first["event_date"], first["report_date"], first["outlet"]) == ("", "2019-05-01", "'=cmd()")
    assert first["notes"] in documents[0].text
    assert (second["event_type"], second["type"], second["fatalities"]) == ("", "shooting", "")
    assert (third["sub_event_type"], third["event_date"]) == ("", "2018-01-02")
    status, _, err = run_cli("data", "convert", tmp_path / "mine.jsonl", tmp_path / "mine.jsonl", "--to", "acled")
    assert status == 2 and "are the same" in err


def test_the_page_has_the_whole_mapping():
    page = (Path(__file__).parents[1] / "docs" / "formats.md").read_text("utf-8")
    for name, (event_type, sub_event_type) in TYPES.items():
        assert f"| `{name}` | {event_type} | {sub_event_type or '(empty)'} |" in page
    assert all(f"`{column}`" in page for column in COLUMNS)


def test_hugging_face_loads_the_corpus_and_its_parquet_alike(tmp_path, documents):
    datasets = pytest.importorskip("datasets")
    from adwar.data.hf import features

    folder = tmp_path / "folder"
    write_jsonl(documents, folder / "train.jsonl")
    write_jsonl(documents[1:2], folder / "dev.jsonl")  # no event at all: nothing to guess a type from
    for split in ("train", "dev"):
        write_parquet(FORMATS["jsonl"].read(folder / f"{split}.jsonl"), tmp_path / f"{split}.parquet")
    quiet = {"cache_dir": str(tmp_path / "cache")}
    ours = datasets.load_dataset("json", data_dir=str(folder), features=features(()), **quiet)
    assert ours["train"].features == ours["validation"].features == features(())
    files = {s: str(tmp_path / f"{s}.parquet") for s in ("train", "dev")}
    table = datasets.load_dataset("parquet", data_files=files, **quiet)
    declared = {**features(()), "meta": datasets.Value("string")}
    assert dict(table["train"].features) == dict(table["dev"].features) == declared
    assert table["train"][0]["events"][0]["trigger"] == ours["train"][0]["events"][0]["trigger"]
    assert len(datasets.concatenate_datasets([table["train"], table["dev"]])) == 4


def test_parquet_of_others_is_told_by_row(tmp_path, documents):
    pa = pytest.importorskip("pyarrow")
    import pyarrow.parquet as pq

    file = tmp_path / "a.parquet"

    def write(rows, **columns):
        pq.write_table(pa.Table.from_pylist(rows, **columns), file)
        return list(read_parquet(file))

    with pytest.raises(DataError, match=r"a\.parquet: no column 'events'; found id, text"):
        write([{"id": "x", "text": "y"}])
    sound = {"id": "x", "text": "غارة", "events": [], "meta": "{}"}
    with pytest.raises(DataError, match=r"a\.parquet:2: document 'z': 'meta' must be a string of JSON"):
        write([sound, {**sound, "id": "z", "meta": "{"}])
    with pytest.raises(DataError, match=r"a\.parquet:2: document 'x': id already used at line 1"):
        write([sound, sound])
    with pytest.raises(DataError, match=r"a\.parquet:1: document 'x': 'events' must be a list"):
        write([{**sound, "events": "none"}])
    assert write([{**sound, "meta": {"year": "2019", "voice": None}}]) == [
        Document("x", "غارة", "", (), {"year": "2019"})
    ]
    report = Report()
    pq.write_table(pa.Table.from_pylist([{**sound, "other": 1}]), file)
    assert len(list(read_parquet(file, report=report))) == 1 and report.lost["columns of others"] == 1
    from adwar.data.hf import to_dataset

    to_dataset(documents).to_parquet(str(file))
    assert list(read_parquet(file)) == documents


def test_missing_libraries_are_named_with_what_brings_them(run_cli, monkeypatch, tmp_path, documents):
    import sys

    write_jsonl(documents, tmp_path / "a.jsonl")
    for missing, extra, command in (
        ("pyarrow", "tables", ["a.jsonl", "a.parquet"]),
        ("spacy", "spacy", ["a.jsonl", "a.spacy"]),
        ("regex", "graphemes", ["a.jsonl", "d.jsonl", "--to", "doccano", "--graphemes"]),
    ):
        with monkeypatch.context() as patch:
            for name in [missing, *(n for n in sys.modules if n.startswith(f"{missing}."))]:
                patch.setitem(sys.modules, name, None)  # a part that is loaded would be found without its parent
            patch.chdir(tmp_path)
            status, _, err = run_cli("data", "convert", *command)
        assert status == 2 and f"pip install 'adwar[{extra}]'" in err
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(ModuleNotFoundError, match=r"pip install 'adwar\[tables\]'"):
        adwar.to_dataframe([])
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.jsonl"]
