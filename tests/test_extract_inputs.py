"""What bulk extraction reads: every kind of file, packed or not, in a fixed order; what is broken is told and left."""

import csv
import gzip
import json
import lzma

import pytest

from adwar.data.errors import DataError
from adwar.scale.inventory import Inventory, changes
from adwar.scale.opening import endings, stem
from adwar.scale.reading import Reader
from adwar.scale.reports import Columns, Report, Unreadable

TEXTS = ["قتل ثلاثة في غارة.", "لا شيء هنا،\nولا هناك.", "قصف على البلدة"]


def items(*inputs, columns=None, own=(), **options):
    sources = Inventory([str(i) for i in inputs], [str(o) for o in own]).sources()
    return list(Reader(sources, columns or Columns(), **options))


def write_records(file, records):
    """Records as JSON Lines, CSV or Parquet, packed as the name says."""
    name = file.name
    kind, packing = endings(name)
    if kind == ".parquet":
        arrow = pytest.importorskip("pyarrow")
        from pyarrow import parquet

        plain = file.with_name("plain")
        parquet.write_table(arrow.Table.from_pylist(records), plain)
        data = plain.read_bytes()
        plain.unlink()
    elif kind == ".csv":
        plain = file.with_name("plain")
        with plain.open("w", encoding="utf-8-sig", newline="") as out:
            rows = csv.DictWriter(out, list(records[0]))
            rows.writeheader()
            rows.writerows(records)
        data = plain.read_bytes()
        plain.unlink()
    else:
        data = "".join(json.dumps(r, ensure_ascii=False) + "\n" for r in records).encode()
    file.write_bytes(packed(data, packing))
    return file


def packed(data, packing):
    if packing == ".zst":
        return pytest.importorskip("zstandard").ZstdCompressor().compress(data)
    return {".gz": gzip.compress, ".xz": lzma.compress, "": bytes}[packing](data)


@pytest.mark.parametrize("packing", ["", ".gz", ".xz", ".zst"])
@pytest.mark.parametrize("kind", [".jsonl", ".csv", ".parquet"])
def test_records_of_every_kind(tmp_path, kind, packing):
    records = [
        {"key": f"k{n}", "body": text, "head": "عنوان", "day": f"2016-0{n + 1}-02"} for n, text in enumerate(TEXTS)
    ]
    file = write_records(tmp_path / f"all{kind}{packing}", records)
    found = items(file, columns=Columns(text="body", id="key", title="head", date="day"))
    told = [(r.id, r.text, r.title, r.date, r.file) for r in found]
    assert told == [(r["key"], r["body"], r["head"], r["day"], str(file)) for r in records]


@pytest.mark.parametrize("packing", ["", ".gz", ".xz", ".zst"])
def test_a_text_file_is_one_report(tmp_path, packing):
    file = tmp_path / f"one.txt{packing}"
    file.write_bytes(packed("\ufeffقتل ثلاثة\r\n".encode(), packing))
    assert items(file) == [Report("one", "قتل ثلاثة\r\n", file=str(file))]


def test_ids_are_made_up_from_file_and_line(tmp_path):
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "b" / "x.jsonl").write_text('{"text": "نص"}\n\n{"text": "نص", "id": 7}\n', encoding="utf-8")
    assert [(r.id, r.line) for r in items(tmp_path / "a")] == [("b/x:1", 1), ("7", 3)]


def test_keys_may_go_deeper(tmp_path):
    file = tmp_path / "x.jsonl"
    file.write_text('{"doc": {"body": "نص"}, "meta": {"date": "2016"}, "id": null, "title": null}\n', encoding="utf-8")
    (found,) = items(file, columns=Columns(text="doc.body", date="meta.date"))
    assert (found.text, found.date, found.title, found.id) == ("نص", "2016", "", "x:1")


def test_folders_globs_and_order(tmp_path):
    for name in ("b.txt", "a.txt", "sub/c.txt", "sub/d.txt.gz", ".hidden.txt", "notes.docx", "half.txt.part"):
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(gzip.compress(b"x") if name.endswith(".gz") else b"x")
    inventory = Inventory([str(tmp_path)])
    assert [s.name for s in inventory.sources()] == ["a", "b", "sub/c", "sub/d"]
    assert inventory.left_out == 1  # notes.docx
    assert [r.id for r in items(tmp_path / "**" / "*.txt")] == ["a", "b", "c"]
    assert [r.id for r in items(tmp_path / "b.txt", tmp_path, tmp_path / "*.txt")] == ["b", "a", "sub/c", "sub/d"]


def test_a_runs_own_files_are_not_read(tmp_path):
    for name in ("a.jsonl", "events.jsonl", "events.jsonl.errors.jsonl", "events.jsonl.work/parts.jsonl"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text('{"text": "x"}\n')
    own = [tmp_path / n for n in ("events.jsonl", "events.jsonl.errors.jsonl", "events.jsonl.work")]
    assert [r.id for r in items(tmp_path, own=own)] == ["a:1"]
    with pytest.raises(DataError, match="own output"):
        items(tmp_path / "events.jsonl", own=own)


@pytest.mark.parametrize(
    ("name", "message"),
    [("nowhere.txt", "no such file"), ("no*.txt", "no file matches"), ("a.docx", "unknown kind of file")],
)
def test_wrong_names_are_told(tmp_path, name, message):
    (tmp_path / "a.docx").write_bytes(b"PK")
    with pytest.raises(DataError, match=message):
        items(tmp_path / name)


def test_broken_records_are_told_and_the_rest_is_read(tmp_path):
    file = tmp_path / "x.jsonl"
    lines = [b'{"text": "1"}', b"{bad", b'["text"]', b'{"txt": 1}', "غارة".encode("cp1256"), b'{"text": null}']
    file.write_bytes(b"\n".join([*lines, b'{"text": "\\ud800 2"}']))
    found = items(file)
    assert [type(i) for i in found] == [Report, *[Unreadable] * 5, Report]
    reasons = ["not JSON", "found list", "found: txt", "not UTF-8 at byte 0", "no text under 'text'"]
    assert [f.line for f in found] == [1, 2, 3, 4, 5, 6, 7]
    assert all(reason in f.reason for reason, f in zip(reasons, found[1:], strict=False))
    assert found[-1].text == "\ufffd 2"  # half a pair of surrogates is no character; its place stays


@pytest.mark.parametrize("name", ["x.jsonl", "x.csv", "x.parquet"])
def test_a_wrong_text_column_is_refused_at_once(tmp_path, name):
    file = write_records(tmp_path / name, [{"body": "نص"}])
    with pytest.raises(DataError, match=r"no text under 'text' \(found: body\); name it with --text-column"):
        items(file)
    good = write_records(tmp_path / "a.jsonl", [{"text": "نص"}])
    assert [type(i) for i in items(good, file)] == [Report, Unreadable]  # later, it is that file's fault


def test_csv_of_a_spreadsheet(tmp_path):
    file = tmp_path / "x.csv"
    file.write_bytes('id;text\r\n1;"قتل; ""ثلاثة""\nفي غارة"\r\n2;'.encode() + b"\xe3\xe1" + "\r\n3;نص\r\n".encode())
    one, two, three = items(file)
    assert (one.id, one.text) == ("1", 'قتل; "ثلاثة"\nفي غارة')
    assert two.id == "2" and "not UTF-8" in two.reason and two.line == 4
    assert three.text == "نص"
    file.write_bytes("نص,text\n1,2\n".encode("cp1256"))
    assert "the header is not UTF-8" in items(file)[0].reason


def test_a_file_cut_short_is_told(tmp_path):
    whole = gzip.compress("".join(f'{{"text": "نص {n} {n * 7919 % 1000}"}}\n' for n in range(2000)).encode())
    (tmp_path / "a.jsonl.gz").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "b.txt").write_text("نص")
    (tmp_path / "c.parquet").write_bytes(b"PAR1 and nothing more")
    found = items(tmp_path)
    assert isinstance(found[0], Report) and isinstance(found[-2], Report) and found[-2].id == "b"
    broken = [i for i in found if isinstance(i, Unreadable)]
    assert [b.id for b in broken] == ["a", "c"] and "cannot be read on" in broken[0].reason


def test_what_is_too_large_is_not_held(tmp_path, monkeypatch):
    monkeypatch.setattr("adwar.scale.reading.LARGEST", 100)
    (tmp_path / "a.txt").write_bytes(b"x" * 101)
    (tmp_path / "b.jsonl").write_bytes(b'{"text": "' + b"x" * 500 + b'"}\n{"text": "y"}\n')
    found = items(tmp_path)
    assert [type(i) for i in found] == [Unreadable, Unreadable, Report]
    assert found[2].text == "y" and found[2].line == 2


def test_standard_input(monkeypatch):
    import io
    from types import SimpleNamespace

    def said(data):
        monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(data)))

    said('{"text": "نص"}\n'.encode())
    assert [(r.id, r.text) for r in items("-")] == [("stdin:1", "نص")]
    said("قتل ثلاثة".encode())
    assert [r.text for r in items("-", stdin_kind=".txt")] == ["قتل ثلاثة"]
    said("text\nنص\n".encode())
    assert [r.text for r in items("-", stdin_kind=".csv")] == ["نص"]


def test_the_position_ends_at_the_size(tmp_path):
    for name in ("a.jsonl.gz", "b.csv", "c.jsonl", "d.parquet"):
        write_records(tmp_path / name, [{"text": t} for t in TEXTS])
    inventory = Inventory([str(tmp_path)])
    reader = Reader(inventory.sources(), Columns())
    positions = [reader.position for _ in reader]
    assert positions == sorted(positions)
    assert reader.position == sum(f.stat().st_size for f in tmp_path.iterdir())


def test_changes_of_the_list_are_told(tmp_path):
    reports = tmp_path / "reports"
    reports.mkdir()
    for name in ("a.txt", "b.txt", "c.txt"):
        (reports / name).write_text("x")
    inventory = Inventory([str(reports)])
    before = inventory.write(tmp_path / "before")
    assert (before.files, before.bytes) == (3, 3)
    assert inventory.write(tmp_path / "same") == before
    (reports / "b.txt").write_text("xyz")
    assert inventory.write(tmp_path / "now").digest != before.digest
    assert changes(tmp_path / "before", tmp_path / "now") == [f"{reports}/b.txt had 1 bytes and has 3"]
    (reports / "b.txt").unlink()
    inventory.write(tmp_path / "now")
    assert changes(tmp_path / "before", tmp_path / "now") == [
        f"where {reports}/b.txt stood, there is now {reports}/c.txt"
    ]


def test_endings():
    assert endings("A.JSONL.GZ") == (".jsonl", ".gz") and endings("a") == ("", "") and endings("v1.2/x") == ("", "")
    assert stem("a.b.csv.xz") == "a.b" and stem("2015.12") == "2015.12" and stem("x.gz") == "x"
