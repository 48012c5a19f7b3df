"""Other people's formats: what is written is read back, what can't be held is counted, what is wrong is refused."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from documents_strategy import documents_of_any_text
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adwar.data.errors import DataError
from adwar.data.formats import FORMATS, Report, convert, read_brat, read_conll, read_gsr, read_label_studio
from adwar.data.formats.label_studio import write_label_studio
from adwar.data.formats.offsets import utf16_offsets
from adwar.data.formats.reading import Reading, mended
from adwar.data.formats.span_table import COLUMNS, neutral, plain
from adwar.data.jsonl import read_jsonl, write_jsonl
from adwar.data.schema import EVENT_TYPES, Document, Event, Span, faults

CORPUS = Path(__file__).parents[1] / "data" / "corpus"
LOSSLESS = ("jsonl", "doccano", "label-studio", "csv", "parquet", "spacy")
BINARY = {"parquet": "no Parquet file", "spacy": "no DocBin of spaCy 3"}
TEXTUAL = [n for n, f in FORMATS.items() if f.read and f.write and n not in BINARY]
TWO_WAY = (*LOSSLESS, "brat", "conll")
MARKED = st.text(alphabet="قتل مدني \n\r\t😀👨🏻\u200d🚒e\u0301ـَّ\u200f١2=+-@'\",;#{}", max_size=60)
MANY = st.lists(documents_of_any_text(st.one_of(st.text(max_size=40), MARKED)), max_size=3, unique_by=lambda d: d.id)
PROPERTY = settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

TEXT = "😀 قتل ثلاثة مدنيين في غارة على حارم"


def spot(word: str) -> tuple[int, int]:
    return TEXT.index(word), TEXT.index(word) + len(word)


def span(word: str) -> Span:
    return Span(*spot(word), word)


DOC = Document("d-1", TEXT, "عنوان", (Event("airstrike", span("غارة"), target=(span("مدنيين"),)),), {"outlet": "x"})


def held(name: str, doc: Document):
    """What format ``name`` can hold of ``doc``."""
    if name == "conll":
        return doc.id, doc.text, doc.title, doc.meta, doc.role_spans() if doc.events else [], doc.triggers()
    if name == "brat":
        return doc.id, doc.text, doc.events
    return doc


def round_trip(name, docs, target, **options):
    report = FORMATS[name].write(docs, target, **options)
    assert report.documents == len(docs)
    back = list(FORMATS[name].read(target, **options))
    if name == "brat":  # files have no order but that of their names
        docs, back = (sorted(found, key=lambda d: d.id) for found in (docs, back))
    assert [held(name, d) for d in back] == [held(name, d) for d in docs]
    return report


@pytest.fixture(scope="module")
def corpus():
    return [doc for split in ("train", "dev", "test") for doc in read_jsonl(CORPUS / f"{split}.jsonl")]


@pytest.mark.parametrize("name", [*TWO_WAY, "markup"])
def test_the_corpus_comes_back(name, corpus, tmp_path):
    report = round_trip(name, corpus, tmp_path / "out")
    assert bool(+report.lost) == (name in ("brat", "conll"))


@pytest.mark.parametrize("name", TWO_WAY)
def test_any_document_comes_back(name, tmp_path_factory):
    @PROPERTY
    @given(MANY)
    def check(docs):
        round_trip(name, docs, tmp_path_factory.mktemp("any") / "out")

    check()


@pytest.mark.parametrize("name", ["doccano", "label-studio"])
@pytest.mark.parametrize("utf16", [True, False])
def test_either_unit_comes_back(name, utf16, tmp_path_factory):
    @PROPERTY
    @given(MANY)
    def check(docs):
        round_trip(name, docs, tmp_path_factory.mktemp("units") / "out", utf16=utf16)

    check()


@given(st.text(max_size=20))
def test_utf16_offsets_count_what_javascript_counts(text):
    units = utf16_offsets(text)
    assert all(units[i] == len(text[:i].encode("utf-16-le")) // 2 for i in range(len(text) + 1))


def test_emoji_shift_utf16_offsets_by_one(tmp_path):
    file = tmp_path / "a.json"
    for utf16 in (False, True):
        write_label_studio([DOC], file, utf16=utf16)
        value = json.loads(file.read_text("utf-8"))[0]["annotations"][0]["result"][0]["value"]
        assert (value["start"], value["text"]) == (spot("غارة")[0] + utf16, "غارة")
    with pytest.raises(DataError, match="offsets counted in other units"):
        list(read_label_studio(file))


def test_predictions_carry_scores(tmp_path):
    file = tmp_path / "a.json"
    write_label_studio([DOC], file, predictions=True, scores={"d-1": {spot("غارة"): 0.9, spot("مدنيين"): 0.5}})
    (task,) = json.loads(file.read_text("utf-8"))
    assert "annotations" not in task and task["predictions"][0]["score"] == 0.5
    assert [r.get("score") for r in task["predictions"][0]["result"]] == [0.9, 0.5, None]
    assert list(read_label_studio(file, predictions=True)) == [DOC]
    with pytest.raises(DataError, match=r"a\.json:2: document 'd-1': no annotations; annotate it"):
        list(read_label_studio(file))


def test_losses_are_counted(tmp_path):
    assert FORMATS["brat"].write([DOC], tmp_path / "b").warning("brat") == "brat cannot hold: meta 1, title 1"
    assert FORMATS["conll"].write([DOC], tmp_path / "c").lost["events (types and links)"] == 1
    report = FORMATS["plover"].write([DOC, replace(DOC, id="d-2", events=())], tmp_path / "p")
    assert +report.lost == {"mentions' offsets": 2, "texts": 2, "documents without an event": 1}
    (row,) = map(json.loads, (tmp_path / "p").read_text("utf-8").splitlines())
    assert (row["event_type"], row["event_mode"], row["recipient"]) == ("ASSAULT", "heavy-weapons", ["مدنيين"])
    assert FORMATS["csv"].write([replace(DOC, text=TEXT + " و" * 20_000)], tmp_path / "t").lost.total() == 1


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@a", "\tx", "\r", " =1", "'=1", "''@", "＝1", "a", "'", ""])
def test_no_cell_is_a_formula(cell):
    assert plain(neutral(cell)) == cell
    assert not neutral(cell).lstrip().startswith(("=", "+", "-", "@", "＝"))


@given(st.text(alphabet="=+-@'\t\r\n a＝", max_size=8))
def test_neutral_is_undone(cell):
    assert plain(neutral(cell)) == cell


def test_a_spreadsheet_with_semicolons_is_read(tmp_path):
    file = tmp_path / "a.csv"
    FORMATS["csv"].write([replace(DOC, meta={})], file)
    file.write_text(file.read_text("utf-8").replace(",", ";"), encoding="utf-8")
    assert list(FORMATS["csv"].read(file)) == [replace(DOC, meta={})]


@pytest.mark.parametrize("name", [n for n, f in FORMATS.items() if f.write])
def test_an_unsound_document_leaves_nothing(name, tmp_path):
    broken = replace(DOC, id="d-2", text="short")
    for docs in ([DOC, broken], [DOC, DOC]):
        with pytest.raises(DataError):
            FORMATS[name].write(docs, tmp_path / "out")
        assert not list(tmp_path.iterdir())


def test_brat_writes_no_second_time_into_a_folder(tmp_path):
    FORMATS["brat"].write([DOC], tmp_path / "b")
    with pytest.raises(DataError, match="not an empty folder"):
        FORMATS["brat"].write([DOC], tmp_path / "b")


def test_brat_folder_is_what_brat_expects(tmp_path):
    broken = Span(0, 3, "a\nb")
    doc = Document("x/1", "a\nb قتل", events=(Event("clash", Span(4, 7, "قتل"), attacker=(broken,)),))
    FORMATS["brat"].write([doc], tmp_path / "b")
    assert (tmp_path / "b" / "x%2F1.ann").read_text("utf-8").splitlines() == [
        "T1\tattacker 0 1;2 3\ta b",
        "T2\tattack 4 7\tقتل",
        "E1\tattack:T2 attacker:T1",
        "A1\ttype E1 clash",
    ]
    assert "type\tArg:attack, Value:airstrike|" in (tmp_path / "b" / "annotation.conf").read_text("utf-8")


def task(*result, **data):
    return json.dumps([{"id": 1, "data": {"text": TEXT, "document": "d", **data}, "annotations": [{"result": result}]}])


def region(label, start, end, text=None, key="1"):
    value = {"start": start, "end": end, "labels": [label], **({"text": text} if text else {})}
    return {"id": key, "from_name": "label", "to_name": "text", "type": "labels", "value": value}


def doccano(entities=(), relations=(), **more):
    found = [{"id": n, "label": e[0], "start_offset": e[1], "end_offset": e[2]} for n, e in enumerate(entities, 1)]
    arrows = [{"from_id": a, "to_id": b, "type": role} for a, b, role in relations]
    return json.dumps({"id": 7, "text": TEXT, "entities": found, "relations": arrows, **more})


def table(*rows):
    return "\n".join([",".join(COLUMNS), f"d,,,document,,,{TEXT}", *rows]) + "\n"


A, B = spot("غارة")
ANN = f"T1\tattack {A} {B}\tغارة\nE1\tattack:T1\nA1\ttype E1 airstrike\n"
CONLL = "# id = d\n"
COLUMN_FREE = "قتل\tB-trigger\nثلاثة\tB-count\nمدنيين\tB-target\n"
#: format, content, line (brat: of the .ann), document, message
REFUSED = {
    "doccano json": ("doccano", "{", 1, None, "not JSON"),
    "doccano list": ("doccano", "[]", 1, None, "a JSON object is expected"),
    "doccano id": ("doccano", "\n{}", 2, None, "neither 'document' nor 'id'"),
    "doccano text": ("doccano", '{"id": 7}', 1, "7", "'text' must be a string"),
    "doccano kind": ("doccano", '{"id": 7, "text": "x", "label": []}', 1, "7", r"as JSONL \(relation\)"),
    "doccano entity": ("doccano", doccano(entities=()).replace("[]", "[1]", 1), 1, "7", "an entity needs"),
    "doccano relation": ("doccano", doccano().replace('relations": []', 'relations": [1]'), 1, "7", "a relation needs"),
    "doccano meta": ("doccano", doccano(meta=3), 1, "7", "'meta' must be an object"),
    "doccano outside": ("doccano", doccano([("clash", 3, 99)]), 1, "7", "outside the text of 36 UTF-16 units"),
    "doccano half": ("doccano", doccano([("clash", 1, 6)]), 1, "7", "cut a character in two"),
    "doccano no number": ("doccano", doccano([("clash", "3", 6)]), 1, "7", "must be integers"),
    "doccano label": ("doccano", doccano([("raid", 3, 6)]), 1, "7", "unknown label 'raid'"),
    "doccano loose": ("doccano", doccano([("target", 3, 6)]), 1, "7", "belongs to no event; link it"),
    "doccano nowhere": ("doccano", doccano([("clash", 3, 6)], [(1, 9, "target")]), 1, "7", "names span '9'"),
    "doccano backwards": (
        "doccano",
        doccano([("clash", 3, 6), ("target", 7, 12)], [(2, 1, "target")]),
        1,
        "7",
        "starts at target",
    ),
    "doccano role": (
        "doccano",
        doccano([("clash", 3, 6), ("target", 7, 12)], [(1, 2, "count")]),
        1,
        "7",
        "both must name one role",
    ),
    "doccano word": ("doccano", doccano([("clash", 4, 6)]), 1, "7", "begins inside a word"),
    "doccano twice": ("doccano", doccano() + "\n" + doccano(), 2, "7", "id already used at line 1"),
    "studio object": ("label-studio", "{}", 1, None, "a list of tasks is expected"),
    "studio json": ("label-studio", "[\n{]", 2, None, "not JSON"),
    "studio cut": ("label-studio", task(), 1, None, "cut short"),
    "studio data": ("label-studio", '[{"text": "x"}]', 1, None, "not JSON-MIN"),
    "studio name": ("label-studio", '[{"data": {"text": "x"}}]', 1, None, "neither data.document nor id"),
    "studio none": ("label-studio", '[{"id": 4, "data": {"text": "x"}}]', 1, "4", "no annotations"),
    "studio text": ("label-studio", task(region("clash", 2, 5, "x")), 1, "d", "the text there is 'قتل'"),
    "studio labels": ("label-studio", task(region("clash", 2, 5)).replace('["clash"]', "[]"), 1, "d", "bear one label"),
    "studio part": ("label-studio", task({"type": "labels", "value": {"labels": ["x"]}}), 1, "d", "lacks a part"),
    "studio twice": ("label-studio", task(*[region("clash", 2, 5)] * 2), 1, "d", "two spans bear the name '1'"),
    "studio word": ("label-studio", task(region("clash", 2, 4)), 1, "d", "ends inside a word"),
    "studio meta": ("label-studio", task(meta=3), 1, "d", "data.meta must be an object"),
    "studio several": (
        "label-studio",
        task().replace('[{"result": []}]', '[{"result": []}, {"result": []}]'),
        1,
        "d",
        "mark one as ground truth",
    ),
    "conll tag": ("conll", f"{CONLL}قتل\tB-verb", 2, "d", "tag 'B-verb'; O, or B- or I-"),
    "conll iob2": ("conll", f"{CONLL}قتل\tO\nثلاثة\tI-count", 3, "d", "begins every span with B-"),
    "conll columns": ("conll", f"{CONLL}قتل", 2, "d", "word and tag expected"),
    "conll number": ("conll", f"{CONLL}قتل\tO\tx\t3", 2, "d", "an offset is expected, found 'x'"),
    "conll backwards": ("conll", f"{CONLL}قتل\tO\t0\t3\nو\tO\t2\t3", 3, "d", "run backwards"),
    "conll text": ("conll", f'{CONLL}# text = "قتل"\nقتى\tO\t0\t3', 3, "d", "the text there is 'قتل'"),
    "conll no offsets": ("conll", f'{CONLL}# text = "قتل"\nقتل\tO', 1, "d", "without columns for start"),
    "conll no trigger": ("conll", f"{CONLL}قتل\tB-target", 1, "d", "no trigger in the document"),
    "conll word": ("conll", f'{CONLL}# text = "قتل"\nقت\tB-trigger\t0\t2', 1, "d", "ends inside a word"),
    "conll meta": ("conll", f"{CONLL}# meta = x\nقتل\tO", 1, "d", "'# meta' a JSON object"),
    "csv columns": ("csv", "a,b\n", 1, None, "the columns must be document,event"),
    "csv cells": ("csv", table("d,1"), 3, None, "7 cells expected, found 2"),
    "csv quote": ("csv", table('d,1,clash,trigger,2,5,"x'), 3, None, "no CSV"),
    "csv id": ("csv", table().replace("\nd,", "\n,"), 2, None, "the document has no id"),
    "csv first": ("csv", table("e,1,clash,trigger,2,5,قتل"), 3, "e", "must come first"),
    "csv role": ("csv", table("d,1,clash,verb,2,5,قتل"), 3, "d", "unknown role 'verb'"),
    "csv event": ("csv", table("d,,clash,trigger,2,5,قتل"), 3, "d", "names no event"),
    "csv types": (
        "csv",
        table("d,1,clash,trigger,2,5,قتل", "d,1,arson,count,6,11,ثلاثة"),
        4,
        "d",
        "is clash and arson",
    ),
    "csv triggers": (
        "csv",
        table("d,1,clash,trigger,2,5,قتل", "d,1,clash,trigger,6,11,ثلاثة"),
        4,
        "d",
        "two triggers",
    ),
    "csv no trigger": ("csv", table("d,1,clash,count,6,11,ثلاثة"), 2, "d", "event 1: no trigger"),
    "csv offset": ("csv", table("d,1,clash,trigger,x,5,قتل"), 3, "d", "must be integers"),
    "csv text": ("csv", table("d,1,clash,trigger,3,6,قتل"), 3, "d", "the text there is"),
    "csv word": ("csv", table("d,1,clash,trigger,2,4,قت"), 3, "d", "ends inside a word"),
    "csv meta": ("csv", table("d,,,meta,,,x"), 3, "d", "must be a JSON object"),
    "csv type": ("csv", table("d,1,raid,trigger,2,5,قتل"), 2, "d", "unknown type 'raid'"),
    "csv twice": ("csv", table(f"d,,,document,,,{TEXT}"), 3, "d", "id already used at line 2"),
    "brat line": ("brat", ANN + "x", 4, "d", "no line of brat's"),
    "brat twice": ("brat", ANN + ANN, 4, "d", "T1 stands twice"),
    "brat offsets": ("brat", "T1\tattack x y\tغارة", 1, "d", "offsets expected"),
    "brat outside": ("brat", "T1\tattack 3 99\tغارة", 1, "d", "outside the text of 35"),
    "brat text": ("brat", f"T1\tattack {A} {B}\tغارات", 1, "d", "the text there is 'غارة'"),
    "brat pieces": ("brat", "T1\ttarget 2 5;12 18\tقتل مدنيين", 1, "d", "a span in pieces"),
    "brat loose": ("brat", ANN + "T2\ttarget 2 5\tقتل", 4, "d", "belongs to no event"),
    "brat nowhere": ("brat", ANN.replace("E1\tattack:T1", "E1\tattack:T9"), 2, "d", "names 'T9'"),
    "brat role": (
        "brat",
        ANN.replace("attack:T1", "attack:T1 victim:T1"),
        2,
        "d",
        "victim:T1 is marked 'attack'; roles",
    ),
    "brat trigger": ("brat", ANN.replace("T1\tattack", "T1\tcount"), 2, "d", "attack:T1 is marked 'count'"),
    "brat empty": ("brat", ANN.replace("attack:T1", ""), 2, "d", "E1 names no trigger"),
    "csv endless": ("csv", table(f"d,1,clash,trigger,{'9' * 5000},5,قتل"), 3, "d", "must be integers"),
    "brat type": ("brat", ANN.replace("airstrike", "raid"), 2, "d", "no attribute 'type' of airstrike"),
    "brat word": ("brat", "T1\tclash 2 4\tقت\nE1\tclash:T1", 1, "d", "ends inside a word"),
    "gsr parts": ("gsr", '{"id": "g", "text": "x"}', 1, "g", "needs 'text' and 'annotations'"),
    "gsr coder": ("gsr", '{"id": "g", "text": "x", "annotations": [{}]}', 1, "g/1", "needs lists of trigger"),
    "jsonl word": ("jsonl", "\n" + json.dumps({"id": "d", "text": 3}), 2, "d", "'text' must be a string"),
}
REFUSED["studio cut"] = ("label-studio", task()[:-1], 1, None, "cut short")


@pytest.mark.parametrize("name, content, line, document, message", REFUSED.values(), ids=REFUSED)
def test_refusals_name_file_line_and_document(tmp_path, name, content, line, document, message):
    file = tmp_path / "file"
    if name == "brat":
        file.mkdir()
        (file / "d.txt").write_text(TEXT, encoding="utf-8")
        place = file / "d.ann"
        place.write_text(content, encoding="utf-8")
    else:
        place = file
        file.write_text(content, encoding="utf-8")
    with pytest.raises(DataError, match=message) as caught:
        list(FORMATS[name].read(file))
    assert (caught.value.file, caught.value.line, caught.value.document) == (str(place), line, document)


@pytest.mark.parametrize("name", TEXTUAL)
def test_a_damaged_file_is_refused_or_sound(name, tmp_path_factory):
    source = tmp_path_factory.mktemp("sound") / "out"
    FORMATS[name].write([DOC], source)
    place = "d-1.ann" if name == "brat" else ""
    content = (source / place).read_text("utf-8")

    @settings(max_examples=120, deadline=None)
    @given(st.data())
    def check(data):
        start = data.draw(st.integers(0, len(content)))
        end = data.draw(st.integers(start, min(len(content), start + 12)))
        filler = data.draw(st.text(alphabet='0123456789-tTEA \t\n\r",;:[]{}قn', max_size=5))
        (source / place).write_text(content[:start] + filler + content[end:], "utf-8", newline="")
        try:
            found = list(FORMATS[name].read(source, repair=data.draw(st.booleans())))
        except DataError as error:
            assert error.file and (error.line or error.document)
        else:
            assert not any(fault for doc in found for fault in faults(doc))

    check()


def test_gsr_spans_are_pairs(tmp_path):
    record = {"id": "g", "text": "x", "annotations": [{"trigger": [3], "attacker": [], "target": []}]}
    (tmp_path / "g").write_text(json.dumps(record))
    with pytest.raises(DataError, match="spans are pairs"):
        list(read_gsr(tmp_path / "g"))


@pytest.mark.parametrize("name", [n for n, f in FORMATS.items() if f.read])
def test_files_that_cannot_be_read_are_named(name, tmp_path):
    file = tmp_path / "none"
    with pytest.raises(DataError, match=r"none: (cannot be read: No such file|brat keeps its documents in a folder)"):
        list(FORMATS[name].read(file))
    if name != "brat":
        file.write_bytes(b'{"id": "\xc7"}')
        with pytest.raises(DataError, match=BINARY.get(name, "not UTF-8 at byte 8")):
            list(FORMATS[name].read(file))


def test_brat_misses_a_file(tmp_path):
    with pytest.raises(DataError, match=r"no \.txt with an \.ann"):
        list(read_brat(tmp_path))
    for name, missing in (("a.txt", "no annotations"), ("a.ann", "no text")):
        (tmp_path / name).write_text("")
        with pytest.raises(DataError, match=missing):
            list(read_brat(tmp_path))
        (tmp_path / name).unlink()


def test_brat_project_named_by_type_is_read(tmp_path):
    (tmp_path / "d.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "d.ann").write_text(f"T1\tairstrike {A} {B}\tغارة\r\nE1\tairstrike:T1 \r\n#1\tNote T1\tx\r\n", "utf-8")
    report = Report()
    assert list(read_brat(tmp_path, report=report)) == [Document("d", TEXT, events=(Event("airstrike", span("غارة")),))]
    assert report.lost.total() == 1


def test_repair_widens_and_drops_and_tells(tmp_path):
    file = tmp_path / "a.jsonl"
    file.write_text(doccano([("clash", 4, 6), ("target", 7, 12), ("count", 13, 14)], [(1, 2, "target")]), "utf-8")
    report = Report()
    (doc,) = FORMATS["doccano"].read(file, repair=True, report=report)
    assert doc.events == (Event("clash", span("قتل"), target=(span("ثلاثة"),)),)
    assert report.repaired == [
        f"{file}:1: document '7': count [12, 13) 'م' belongs to no event: dropped",
        f"{file}:1: document '7': event 1: trigger [3, 5) 'تل' widened to [2, 5) 'قتل'",
    ]


@given(documents_of_any_text(), st.data())
def test_repair_mends_any_offsets(doc, data):
    if not doc.text:
        return
    edges = st.integers(0, len(doc.text) - 1)

    def shift(_):
        start = data.draw(edges)
        end = data.draw(st.integers(start + 1, len(doc.text)))
        return Span(start, end, doc.text[start:end])

    events = [
        replace(e, trigger=shift(0), target=tuple(map(shift, e.target)), count=tuple(map(shift, e.count)))
        for e in doc.events
    ]
    assert not list(faults(mended(replace(doc, events=tuple(events)))))
    assert mended(doc) == doc
    reading = Reading("f", repair=True)
    reading.settle(replace(doc, events=tuple(events)))
    assert reading.report.documents == 1


def test_conll_of_others_is_read(tmp_path):
    file = tmp_path / "a.conll"
    file.write_text("-DOCSTART- O\n\n" + COLUMN_FREE.replace("\t", " ") + "\n" + COLUMN_FREE, "utf-8")
    one, two = read_conll(file)
    assert (one.id, one.text, two.id) == ("line-3", "قتل ثلاثة مدنيين", "line-7")
    assert [s.text for _, s in one.role_spans()] == ["ثلاثة", "مدنيين"] and one.events[0].type == "other"


def test_gsr_gives_a_document_for_each_coder(tmp_path):
    def coder(*trigger):
        return {"trigger": list(trigger), "attacker": [], "target": [[6, 11], [12, 18]]}

    record = {"id": "g", "source": "s", "text": TEXT, "annotations": [coder([2, 5]), coder()]}
    file = tmp_path / "g.jsonl"
    file.write_text(json.dumps(record), "utf-8")
    report = Report()
    one, two = read_gsr(file, report=report)
    assert one.events == (Event("other", span("قتل"), target=(span("ثلاثة مدنيين"),)),)
    assert (one.id, two.id, two.events, report.lost.total()) == ("g/1", "g/2", (), 1)


def test_convert_guesses_and_asks(tmp_path):
    ours = tmp_path / "ours.jsonl"
    write_jsonl([DOC], ours)
    chain = ["tasks.json", "spans.csv", "back.jsonl"]
    for a, b in zip(["ours.jsonl", *chain], chain, strict=False):
        convert(tmp_path / a, tmp_path / b)
    assert list(read_jsonl(tmp_path / "back.jsonl")) == [DOC]
    for target in ("other.jsonl", "folder"):
        with pytest.raises(DataError, match="to which format"):
            convert(ours, tmp_path / target)
    (tmp_path / "plain.jsonl").write_text('{"id": "1", "text": "x"}')
    for source in ("plain.jsonl", "none.xyz"):
        with pytest.raises(DataError, match="which format is it"):
            convert(tmp_path / source, tmp_path / "o.csv")
    for kind, message in (({"target_format": "gsr"}, "read only"), ({"source_format": "plover"}, "written only")):
        with pytest.raises(DataError, match=message):
            convert(ours, tmp_path / "o.csv", **kind)
    with pytest.raises(DataError, match="are the same"):
        convert(ours, ours)
    with pytest.raises(DataError, match="unknown format 'x'"):
        convert(ours, tmp_path / "o", target_format="x")
    with pytest.raises(DataError, match="knows the option 'utf16'"):
        convert(ours, tmp_path / "o.csv", utf16=True)
    doccano_file = tmp_path / "d.jsonl"
    convert(ours, doccano_file, target_format="doccano")
    assert convert(doccano_file, tmp_path / "again.jsonl")[:2] == ("doccano", "jsonl")


def test_command_line(run_cli, tmp_path):
    ours, folder = tmp_path / "ours.jsonl", tmp_path / "folder"
    write_jsonl([DOC], ours)
    status, out, err = run_cli("data", "convert", ours, folder, "--to", "brat")
    assert status == 0 and out.startswith("1 documents, jsonl to brat: ")
    assert err == "adwar: warning: brat cannot hold: meta 1, title 1\n"
    (folder / "d-1.ann").write_text(f"T1\tclash {A} {B - 1}\tغار\nE1\tclash:T1\n", "utf-8")
    status, _, err = run_cli("data", "convert", folder, tmp_path / "x.jsonl")
    assert status == 2 and "d-1.ann:1: document 'd-1'" in err and not (tmp_path / "x.jsonl").exists()
    status, _, err = run_cli("data", "convert", folder, tmp_path / "x.jsonl", "--repair")
    assert status == 0 and "adwar: repaired: " in err and "widened to" in err
    assert run_cli("data", "convert", ours, tmp_path / "t.json", "--predictions", "--utf16")[0] == 0
    assert run_cli("data", "convert", tmp_path / "t.json", tmp_path / "b.csv", "--predictions", "--utf16")[0] == 0


def test_the_commands_of_the_page_run(run_cli, tmp_path, monkeypatch):
    page = (Path(__file__).parents[1] / "docs" / "formats.md").read_text("utf-8")
    monkeypatch.chdir(tmp_path)
    write_jsonl([DOC], "mine.jsonl")
    FORMATS["doccano"].write([DOC], "doccano-export.jsonl")
    FORMATS["label-studio"].write([DOC], "label-studio-export.json")
    coder = {"trigger": [[2, 5]], "attacker": [], "target": [[13, 18]]}
    Path("records.jsonl").write_text(json.dumps({"id": "g", "text": TEXT, "annotations": [coder]}), "utf-8")
    rows = [row.partition("#")[0].split() for row in page.split("\n")]
    commands = [row[1:] for row in rows if row[:3] == ["adwar", "data", "convert"] and "INPUT" not in row]
    assert len(commands) == 13
    for command in commands:
        assert run_cli(*command)[0] == 0, command


def test_the_page_names_every_format():
    page = (Path(__file__).parents[1] / "docs" / "formats.md").read_text("utf-8")
    assert all(f"`{name}`" in page for name in FORMATS) and len(EVENT_TYPES) == 10
