"""Every bad and hostile input of `zoo.py` through prediction, readers, markup, converters and the command line.

Nothing may end in an uncaught error, shift an offset, print JSON that is none, or harm the document beside it.
"""

import gzip
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_labeler import check_offsets
from zoo import FILES, GOOD, STRIKE, TEXTS

import adwar
from adwar.data.errors import DataError
from adwar.data.formats import FORMATS
from adwar.data.jsonl import read_jsonl
from adwar.data.markup import parse, render
from adwar.data.schema import Document
from adwar.model.labeler import Labeler
from adwar.model.link import RuleLinker

SHORT = [text for text in TEXTS.values() if len(text) < 5000]


@pytest.fixture(scope="module")
def embedded():
    return adwar.load()


def shape(prediction):
    return [(s.role, s.start, s.end) for s in prediction.spans], [(f.type, f.sentences) for f in prediction.frames]


@pytest.mark.parametrize("name", TEXTS)
def test_any_text_is_read_with_exact_offsets(embedded, name):
    prediction = embedded.predict(TEXTS[name])
    assert prediction.text == TEXTS[name]
    check_offsets(prediction)
    assert json.loads(json.dumps(prediction.to_dict())) == prediction.to_dict()


@pytest.mark.slow
def test_five_megabytes_of_one_word(embedded):
    check_offsets(embedded.predict("ق" * 5_000_000 + " " + STRIKE))


def test_composed_and_decomposed_say_the_same(embedded):
    one, two = (embedded.predict(TEXTS[name]) for name in ("composed", "decomposed"))
    assert [s.role for s in one.spans] == [s.role for s in two.spans] != []


def test_the_strike_is_found_among_markup_and_orders(embedded):
    for name in ("HTML and script", "a prompt", "terminal escapes", "mixed scripts"):
        assert any("مدنيين" in s.text for s in embedded.predict(TEXTS[name]).spans if s.role == "target"), name


def test_ten_thousand_sentences_with_an_event_each(labeler, documents):
    by_rule = Labeler(labeler.engine, labeler.tokenizer, labeler.settings, linker=RuleLinker())
    sentence = documents[0].text.split("\n")[0]
    prediction = by_rule.predict("\n".join([sentence] * 10_000))
    check_offsets(prediction)
    assert len(prediction.frames) == 10_000
    assert all(len(frame.sentences) == 1 for frame in prediction.frames)


@pytest.mark.slow
def test_ten_thousand_sentences_with_the_learned_linker(labeler, documents):
    pytest.importorskip("adwar.model.stretches", reason="the learned linker reads a report in one piece here")
    prediction = labeler.predict("\n".join([documents[0].text.split("\n")[0]] * 10_000))
    check_offsets(prediction)
    assert len(prediction.frames) > 9_000


# ------------------------------------------------------------------ neighbours, order, batches

ANY = st.one_of(st.sampled_from(SHORT), st.text(max_size=60), st.just(STRIKE))
FEW = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@FEW
@given(texts=st.lists(ANY, min_size=1, max_size=6), chunk=st.integers(1, 4))
def test_a_batch_gives_what_single_calls_give(labeler, texts, chunk):
    together = list(labeler.predict_many(texts, chunk=chunk))
    for one, text in zip(together, texts, strict=True):
        alone = labeler.predict(text)
        assert shape(one) == shape(alone)
        assert [s.score for s in one.spans] == pytest.approx([s.score for s in alone.spans], abs=1e-5)


@FEW
@given(texts=st.lists(ANY, min_size=2, max_size=6), random=st.randoms(use_true_random=False))
def test_order_never_matters(labeler, texts, random):
    order = list(range(len(texts)))
    random.shuffle(order)
    straight = list(labeler.predict_many(texts))
    shuffled = list(labeler.predict_many([texts[i] for i in order]))
    assert [shape(shuffled[place]) for place in range(len(order))] == [shape(straight[i]) for i in order]


@FEW
@given(poison=ANY, place=st.integers(0, 2))
def test_a_poisoned_document_never_harms_its_neighbours(labeler, documents, poison, place):
    plain = [d.text for d in documents]
    texts = [*plain[:place], poison, *plain[place:]]
    found = list(labeler.predict_many(texts))
    del found[place]
    assert [shape(p) for p in found] == [shape(labeler.predict(text)) for text in plain]


# ------------------------------------------------------------------ readers, markup, converters

READ = sorted(name for name, held in FORMATS.items() if held.read)


@pytest.mark.parametrize("name", FILES)
def test_no_bytes_break_a_reader(tmp_path, name):
    for kind in READ:
        if kind == "brat":
            file = tmp_path / "brat"
            file.mkdir(exist_ok=True)
            (file / "a.txt").write_bytes(STRIKE.encode())
            (file / "a.ann").write_bytes(FILES[name])
        else:
            file = tmp_path / f"a.{kind}"
            file.write_bytes(FILES[name])
        for repair in (False, True):
            try:
                for doc in FORMATS[kind].read(file, repair=repair):
                    assert isinstance(doc, Document)
            except DataError as error:
                assert str(file) in str(error) and "\n" not in str(error).replace(repr("\n"), "")


@pytest.mark.parametrize("name", TEXTS)
def test_any_text_survives_markup_and_every_converter(tmp_path, name):
    doc = Document("zoo-1", TEXTS[name])
    try:
        assert list(parse(render(doc))) == [doc]
    except DataError as error:
        assert "zoo-1" in str(error)
    for kind, held in FORMATS.items():
        if held.read is None or held.write is None:
            continue
        target = tmp_path / kind
        try:
            held.write([doc], target)
        except DataError:
            assert not target.exists()
            continue
        assert [d.text for d in held.read(target)] == [doc.text], kind


def test_a_broken_line_is_told_and_the_rest_read(tmp_path):
    file = tmp_path / "a.jsonl"
    lines = [json.dumps({**GOOD, "id": f"d-{n}"}) for n in range(5)]
    lines[2] = '{"id": "d-2", "text": '
    file.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(DataError, match=r"a\.jsonl:3: not JSON"):
        list(read_jsonl(file))
    told = []
    assert [d.id for d in read_jsonl(file, on_error=told.append)] == ["d-0", "d-1", "d-3", "d-4"]
    assert [error.line for error in told] == [3]


# ------------------------------------------------------------------ the command line


def test_the_whole_zoo_in_one_file(run_cli, exported, tmp_path):
    file = tmp_path / "zoo.jsonl"
    texts = {name: text for name, text in TEXTS.items() if len(text) < 30_000}
    file.write_text("".join(json.dumps({"id": n, "text": t}) + "\n" for n, t in texts.items()), encoding="utf-8")
    status, out, err = run_cli("predict", file, "--model", exported, "--jsonl")
    found = [json.loads(line) for line in out.split("\n") if line]
    assert status == 0 and not err
    assert {one["id"]: one["text"] for one in found} == texts
    assert run_cli("predict", file, "--model", exported, "--json")[0] == 0
    status, out, _ = run_cli("predict", file, "--model", exported)
    assert status == 0 and not set(out) & set("\x1b\x00\x07\u202e\u202d\ud800")


@pytest.mark.parametrize("kind", ["txt", "jsonl", "csv", "gz"])
@pytest.mark.parametrize("name", FILES)
def test_any_file_ends_well_or_with_one_line(run_cli, exported, tmp_path, name, kind):
    file = tmp_path / ("a.jsonl.gz" if kind == "gz" else f"a.{kind}")
    file.write_bytes(gzip.compress(FILES[name])[:-5] if kind == "gz" else FILES[name])
    status, out, err = run_cli("predict", file, "--model", exported, "--jsonl")
    assert status in (0, 2)
    assert all(json.loads(line) for line in out.split("\n") if line)
    if status == 2:
        assert err.count("\n") == 1 and err.startswith("adwar: ") and str(file) in err


@pytest.mark.parametrize(
    ("encoding", "message"),
    [
        ("cp1256", "looks like CP1256 (Windows Arabic): read it with --encoding cp1256"),
        ("utf-16", "is UTF-16, not UTF-8: read it with --encoding utf-16"),
        ("utf-16-le", "looks like UTF-16: read it with --encoding utf-16-le or utf-16-be"),
        ("utf-32", "is UTF-32, not UTF-8: read it with --encoding utf-32"),
    ],
)
@pytest.mark.parametrize("kind", ["txt", "jsonl", "csv"])
def test_other_encodings_are_told_and_read_on_request(run_cli, exported, tmp_path, kind, encoding, message):
    plain = STRIKE.replace("\u064f", "")
    held = {"txt": plain, "jsonl": json.dumps({"text": plain}, ensure_ascii=False) + "\n", "csv": f'text\n"{plain}"\n'}
    file = tmp_path / f"a.{kind}"
    file.write_bytes(held[kind].encode(encoding))
    status, _, err = run_cli("predict", file, "--model", exported, "--jsonl")
    assert status == 2 and message in err and err.count("\n") == 1
    status, out, _ = run_cli("predict", file, "--model", exported, "--jsonl", "--encoding", encoding)
    assert status == 0 and json.loads(out)["text"] == plain


def test_an_unknown_encoding_is_told(run_cli, exported, tmp_path):
    for name in ("klingon", "base64", "rot13"):
        status, _, err = run_cli("predict", __file__, "--model", exported, "--encoding", name)
        assert status == 2 and f"encoding '{name}' is not known" in err


def test_gz_is_read_and_a_truncated_one_told(run_cli, exported, tmp_path):
    whole = gzip.compress(b"".join(json.dumps({"id": str(n), "text": STRIKE}).encode() + b"\n" for n in range(3)))
    file = tmp_path / "a.jsonl.gz"
    file.write_bytes(whole)
    out = run_cli("predict", file, "--model", exported, "--jsonl")[1]
    assert [json.loads(line)["id"] for line in out.splitlines()] == ["0", "1", "2"]
    file.write_bytes(whole[:-9])
    status, _, err = run_cli("predict", file, "--model", exported, "--jsonl")
    assert status == 2 and "broken .gz, cut short or damaged" in err and "copy it again" in err


@pytest.mark.parametrize(
    ("name", "held", "told"),
    [
        ("a.txt.gz", b"x" * 3_000_000, "it is more than 1,000,000 bytes unpacked"),
        ("a.csv.gz", b"text\n" + b"x\n" * 1_000_000, "it is more than 1,000,000 bytes unpacked"),
        (
            "a.jsonl.gz",
            b'{"text": "x"}\n{"text": "' + b"x" * 2_000_000 + b'"}\n',
            "a.jsonl.gz:2: one line of it is more",
        ),
    ],
)
def test_a_gzip_bomb_is_refused(run_cli, exported, tmp_path, name, held, told):
    file = tmp_path / name
    file.write_bytes(gzip.compress(held))
    assert file.stat().st_size < 10_000
    ask = ("predict", file, "--model", exported, "--jsonl")
    status, _, err = run_cli(*ask, "--max-unpacked", 1_000_000)
    assert status == 2 and told in err and "--max-unpacked" in err and err.count("\n") == 1
    assert run_cli(*ask, "--max-unpacked", 0)[0] == 2


def test_a_bomb_is_refused_before_it_fills_the_memory(tmp_path):
    import tracemalloc

    from adwar.data.inputs import read_inputs

    file = tmp_path / "a.txt.gz"
    with gzip.open(file, "wb", compresslevel=1) as out:
        for _ in range(300):
            out.write(bytes(1 << 20))
    tracemalloc.start()
    with pytest.raises(DataError, match="hostile"):
        list(read_inputs([str(file)], max_unpacked=4 << 20))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 32 << 20


def test_csv_with_quotes_and_line_breaks(run_cli, exported, tmp_path):
    text = 'قال "قتلنا"،\r\nثم\n""انسحب""'
    file = tmp_path / "a.csv"
    file.write_bytes(('id,text\r\nx,"' + text.replace('"', '""') + '"\r\n').encode())
    assert json.loads(run_cli("predict", file, "--model", exported, "--jsonl")[1])["text"] == text


def test_skip_broken_reads_the_rest(run_cli, exported, tmp_path):
    good = json.dumps({"text": STRIKE}).encode()
    file = tmp_path / "a.jsonl"
    file.write_bytes(b"\n".join([good, b"{bad", b"\xc7\xe1", good, b'{"text": 1}', good]))
    status, out, err = run_cli("predict", file, tmp_path / "gone.txt", "--model", exported, "--jsonl", "--skip-broken")
    assert [json.loads(line)["id"] for line in out.splitlines()] == ["a:1", "a:4", "a:6"]
    assert status == 1 and all(f"a.jsonl:{n}: " in err for n in (2, 3, 5))
    assert "gone.txt: cannot be read" in err and "4 skipped" in err
