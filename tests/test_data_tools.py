"""Compile, check, stats, and the way into `datasets`: on small documents, and on the corpus as it stands."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import SAMPLE
from hypothesis import given
from hypothesis import strategies as st

from adwar.data.build import MARKUP, compile_corpus, split_of
from adwar.data.check import check_files, corpus_files
from adwar.data.errors import DataError
from adwar.data.jsonl import read_jsonl, write_jsonl
from adwar.data.markup import parse, render_all
from adwar.data.overlap import folded_words, near_duplicates, repeated_openings, unseen
from adwar.data.schema import Document
from adwar.data.stats import compare, statistics

LETTERS = "ابتثجحخدذرزسشصضطظعغفقكلمنهوي"


def prose(seed: int, length: int = 28) -> str:
    """Words that no other seed shares runs with."""
    return " ".join(f"{LETTERS[seed % 28]}{LETTERS[i % 28]}{LETTERS[(seed + i * i) % 28]}" for i in range(length))


@pytest.fixture
def markup_folder(tmp_path, documents):
    folder = tmp_path / "markup"
    folder.mkdir()
    (folder / "a.txt").write_text(SAMPLE, encoding="utf-8")
    others = [replace(documents[0], id=f"tst-{n}", text=prose(n), events=()) for n in range(3)]
    (folder / "tst.txt").write_text(render_all(others), encoding="utf-8")
    return folder


# --- compile


def test_the_test_cell_is_test_and_the_rest_spreads():
    assert {split_of(f"tst-{n:03}") for n in range(200)} == {"test"}
    splits = [split_of(f"lev-{n:03}") for n in range(5000)]
    assert 0.03 < splits.count("test") / 5000 < 0.05
    assert 0.07 < splits.count("dev") / 5000 < 0.09


def test_splits_never_move():
    numbers = (1, 19, 34, 41, 51)
    assert [split_of(f"lev-{n:03}") for n in numbers] == ["train", "dev", "dev", "test", "test"]


def test_compile_writes_every_document_once(markup_folder, tmp_path, run_cli):
    status, out, _ = run_cli("data", "compile", "--markup", markup_folder, "--out", tmp_path)
    assert status == 0
    docs = [d for split in ("train", "dev", "test") for d in read_jsonl(tmp_path / f"{split}.jsonl")]
    assert sorted(d.id for d in docs) == ["a-1", "a-2", "a-3", "tst-0", "tst-1", "tst-2"]
    assert sum(int(part.split()[1]) for part in out.split(",")) == 6


def test_compile_is_deterministic(markup_folder, tmp_path):
    for name in ("one", "two"):
        compile_corpus(markup_folder, tmp_path / name)
    for split in ("train", "dev", "test"):
        assert (tmp_path / f"one/{split}.jsonl").read_bytes() == (tmp_path / f"two/{split}.jsonl").read_bytes()


def test_compile_refuses_an_id_of_two_files(markup_folder, tmp_path, run_cli):
    (markup_folder / "b.txt").write_text("@id: a-1\n---\nنص", encoding="utf-8")
    status, _, err = run_cli("data", "compile", "--markup", markup_folder, "--out", tmp_path / "out")
    assert status == 2 and "document 'a-1': id already used in" in err and "b.txt" in err
    assert not (tmp_path / "out").exists()


def test_compile_needs_markup(tmp_path, run_cli):
    status, _, err = run_cli("data", "compile", "--markup", tmp_path)
    assert status == 2 and "no markup here" in err


# --- check


def test_check_goes_on_and_lists_every_fault(tmp_path, run_cli):
    file = tmp_path / "a.jsonl"
    span = {"start": 0, "end": 2, "text": "قت"}
    event = {"type": "raid", "trigger": None, "target": [span]}
    rows = ["{", json.dumps({"id": "x", "text": "قتل", "events": [event]}), json.dumps({"id": "x", "text": "نص"})]
    file.write_text("\n".join(rows), encoding="utf-8")
    status, out, _ = run_cli("data", "check", file)
    assert status == 1
    for line, message in [(1, "not JSON"), (2, "unknown type 'raid'"), (2, "no trigger"), (2, "ends inside a word")]:
        assert any(row.startswith(f"{file}:{line}: ") and message in row for row in out.splitlines())
    assert f"{file}:3: document 'x': id already used at {file}:2" in out
    assert out.splitlines()[-1] == "2 documents in 1 files: 5 faults"


def test_check_reads_markup_to_its_end(tmp_path, run_cli):
    file = tmp_path / "a.txt"
    file.write_text(
        "@id: x\n---\n}\n===\n@id: y\n---\nنص\n===\n@id: z\n@event 1: raid\n---\n{E1:غارة}\n", encoding="utf-8"
    )
    status, out, _ = run_cli("data", "check", file)
    assert status == 1
    assert f"{file}:3: document 'x': '}}' closes nothing" in out
    assert f"{file}:9: document 'z': event 1: unknown type 'raid'" in out


def test_check_finds_near_duplicates_across_files(tmp_path):
    first, second = prose(1), prose(2)
    copied = " ".join([*second.split(), *first.split()[:15]])  # 8 of the 21 runs of the shorter one
    write_jsonl([Document("a", first)], tmp_path / "train.jsonl")
    write_jsonl([Document("b", copied), Document("c", prose(3))], tmp_path / "test.jsonl")
    (fault,) = check_files(corpus_files([tmp_path])).faults
    assert str(fault) == (
        f"{tmp_path}/test.jsonl:1: document 'b': near-duplicate: shares 38% of its 8-word runs with 'a' "
        f"at {tmp_path}/train.jsonl:1; rewrite or drop one"
    )


def test_check_finds_openings_used_four_times(tmp_path, run_cli):
    docs = [Document(f"d-{n}", f"قال مصدر أمني في بغداد {prose(n)}") for n in range(4)]
    write_jsonl(docs[:3], tmp_path / "a.jsonl")
    assert run_cli("data", "check", tmp_path / "a.jsonl")[0] == 0
    write_jsonl(docs, tmp_path / "a.jsonl")
    status, out, _ = run_cli("data", "check", tmp_path / "a.jsonl")
    assert status == 1
    assert "document 'd-3': opening 'قال مصدر أمني في بغداد' stands 4 times, 3 at most (also in d-0, d-1, d-2)" in out


def test_check_prints_the_unseen_share(tmp_path, run_cli):
    train, test = parse(SAMPLE), parse(SAMPLE.replace("حارم", "سرمدا").replace("@id: a", "@id: tst"))
    write_jsonl(train, tmp_path / "train.jsonl")
    write_jsonl(test, tmp_path / "test.jsonl")
    _, out, _ = run_cli("data", "check", tmp_path)
    assert "unseen in train, location: 33.3% of 3 distinct mentions" in out
    assert "unseen in train, attacker: 0.0% of 2 distinct mentions" in out


@pytest.mark.parametrize("name, message", [("none.jsonl", "no such file"), ("a.csv", "unknown kind of file")])
def test_check_names_what_it_cannot_read(name, message, run_cli, tmp_path):
    status, _, err = run_cli("data", "check", tmp_path / name)
    assert status == 2 and name in err and message in err
    with pytest.raises(DataError, match="holds no"):
        corpus_files([tmp_path])


def test_marks_and_punctuation_hide_no_duplicate():
    assert folded_words("قُتِلَ، «ثلاثــة» BBC 12جندي!") == ["قتل", "ثلاثة", "bbc", "12", "جندي"]


@given(st.lists(st.lists(st.sampled_from("abc"), max_size=9), max_size=6))
def test_index_agrees_with_comparing_all(texts):
    def runs(t):
        return {tuple(t[i : i + 3]) for i in range(max(len(t) - 2, 1))} if t else set()

    expected = {
        b
        for b in range(len(texts))
        for a in range(b)
        if runs(texts[a]) and runs(texts[b])
        and len(runs(texts[a]) & runs(texts[b])) / min(len(runs(texts[a])), len(runs(texts[b]))) >= 0.5
    }  # fmt: skip
    found = {likeness.later for likeness in near_duplicates(texts, size=3, least=0.5)}
    assert found <= expected
    assert bool(found) == bool(expected)


def test_repeated_openings_ignore_shorter_texts():
    assert repeated_openings([["a", "b"]] * 9) == []


def test_unseen_of_itself_is_nothing(documents):
    assert all(row.new == row.new_words == 0 for row in unseen(documents, documents))


# --- stats


def test_statistics_of_the_sample(documents):
    stats = statistics(documents)
    assert (stats["documents"], stats["events"]) == (3, 3)
    assert stats["share without events"] == pytest.approx(1 / 3)
    assert stats["roles"]["count"]["spans"] == 3
    assert stats["counts written"]["digits 0-9"] == pytest.approx(2 / 3)
    assert stats["roles"]["location"]["begins with و ب ل ف ك"] == pytest.approx(2 / 3)
    assert stats["event types"]["shooting"] == 1
    json.dumps(stats)


def test_a_set_against_itself_is_never_apart(documents):
    rows = compare(documents, documents)
    assert not any(row.apart for row in rows)
    assert {row.ratio for row in rows if row.theirs} == {1.0}


def test_statistics_of_nothing():
    assert statistics([])["documents"] == 0
    compare([], [])


def test_stats_prints_compares_and_writes(corpus_files, tmp_path, run_cli):
    train, dev = corpus_files
    card = tmp_path / "card.md"
    card.write_text("before\n<!-- figures -->\nold\n<!-- /figures -->\nafter\n", encoding="utf-8")
    argv = ["data", "stats", train, "--against", dev, "--json", tmp_path / "s.json", "--card", card]
    status, out, _ = run_cli(*argv)
    assert status == 0 and "share without events" in out and "ratio" in out
    written = json.loads((tmp_path / "s.json").read_text(encoding="utf-8"))
    assert written["figures"]["documents"] == 3 and written["against"]["documents"] == 1
    assert any(row["apart"] for row in written["comparison"])
    text = card.read_text(encoding="utf-8")
    assert (
        text.startswith("before\n") and text.endswith("after\n") and "| documents | 3 |" in text and "old" not in text
    )
    run_cli(*argv)
    assert card.read_text(encoding="utf-8") == text


def test_a_card_without_markers_is_refused(corpus_files, tmp_path, run_cli):
    (tmp_path / "card.md").write_text("nothing", encoding="utf-8")
    status, _, err = run_cli("data", "stats", corpus_files[0], "--card", tmp_path / "card.md")
    assert status == 2 and "card.md" in err and "<!-- figures -->" in err


def test_our_own_card_has_its_markers():
    from adwar.data.figures import CLOSE, OPEN

    card = (MARKUP.parents[1] / "DATA_CARD.md").read_text(encoding="utf-8")
    assert card.count(OPEN) == card.count(CLOSE) == 1


@pytest.mark.skipif(not MARKUP.is_dir(), reason="the corpus is in the repository, not in the wheel")
def test_the_card_was_written_after_the_last_change_of_the_corpus():
    card = (MARKUP.parents[1] / "DATA_CARD.md").read_text(encoding="utf-8")
    for split in ("train", "dev", "test"):
        size = sum(1 for _ in read_jsonl(MARKUP.parent / f"{split}.jsonl"))
        assert f"| {split}.jsonl | {size} |" in card, "adwar data stats --card data/DATA_CARD.md data/corpus"


# --- datasets


def test_to_dataset_keeps_every_span(documents):
    pytest.importorskip("datasets")
    from adwar.data.hf import to_dataset
    from adwar.data.jsonl import to_record

    rows = to_dataset(documents)
    assert rows["id"] == [d.id for d in documents]
    for row, doc in zip(rows, documents, strict=True):
        assert row == to_record(doc)
        for event in row["events"]:
            assert all(row["text"][s["start"] : s["end"]] == s["text"] for s in [event["trigger"], *event["target"]])


def test_meta_becomes_strings(documents):
    pytest.importorskip("datasets")
    from adwar.data.hf import to_dataset

    rows = to_dataset([replace(documents[0], meta={"year": 2016}), replace(documents[1], meta={"voice": "wire"})])
    assert rows["meta"] == [{"voice": None, "year": "2016"}, {"voice": "wire", "year": None}]


def test_compiled_files_load_with_datasets_alone(documents, tmp_path, monkeypatch):
    datasets = pytest.importorskip("datasets")
    monkeypatch.setattr(datasets.config, "HF_HUB_OFFLINE", True)
    from adwar.data.hf import features

    meta = {"theatre": "syria", "voice": "wire", "year": "2016"}
    write_jsonl([replace(doc, meta=meta) for doc in documents], tmp_path / "train.jsonl")
    files = {"train": str(tmp_path / "train.jsonl")}
    rows = datasets.load_dataset("json", data_files=files, features=features(), cache_dir=str(tmp_path / "cache"))
    assert [len(events) for events in rows["train"]["events"]] == [len(d.events) for d in documents]
    assert rows["train"][0]["events"][0]["attacker"][0]["text"] == "روسية"
    assert rows["train"][1]["meta"] == meta


# --- the corpus as it stands


@pytest.mark.skipif(not MARKUP.is_dir(), reason="the corpus is in the repository, not in the wheel")
def test_the_corpus_compiles_and_passes_the_check(tmp_path):
    sizes = compile_corpus(MARKUP, tmp_path)
    report = check_files(corpus_files([tmp_path]))
    assert not report.faults, "\n".join(map(str, report.faults))
    assert report.documents == sum(sizes.values()) and all(sizes.values())
    train, dev, test = ({d.id for d in read_jsonl(tmp_path / f"{s}.jsonl")} for s in ("train", "dev", "test"))
    assert not (train & dev or train & test or dev & test)
    for file in Path(tmp_path).glob("*.jsonl"):
        for doc in read_jsonl(file):
            assert {"theatre", "voice", "year"} <= set(doc.meta), doc.id
