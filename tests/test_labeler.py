"""The invariants of prediction: exact offsets for any text, batch equals single, nothing cut, errors that help."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import adwar
from adwar.data.schema import ROLES
from adwar.model.loading import ModelError, load

ARABIC = st.text(alphabet='ابتثجحخدذرزسشصضطظعغفقكلمنهويءآأإؤئىة \nًٌٍَُِّـ١٢12،.«»"#_()\u200f\u202e\u200c', max_size=200)
ODD = [
    "",
    "   \n ",
    "\ud800",
    "قتل\udc00 12",
    "قُتِلَ ثَلاثَةُ مَدَنِيِّينَ",
    "ـــــ",
    "\u202e\u202e\u200f",
    "😀 قتل 👨‍👩‍👧",
    "\x00\x01",
    "\x1f",
    "\x1f قتل \x1c",
    "a" * 5000,
    "ﷺ ﻻ ½ ①",
    "12جندي و٣٥جريحا",
    "\r\nقتل\r\n",
]


def check_offsets(prediction):
    text = prediction.text
    mentions = [*prediction.spans]
    for frame in prediction.frames:
        mentions += [frame.trigger] if frame.trigger else []
        for role in ("attacker", "target", "count", "location", "source"):
            mentions += getattr(frame, role)
        for start, end in frame.sentences:
            assert 0 <= start < end <= len(text)
    for m in mentions:
        assert text[m.start : m.end] == m.text
        assert 0 <= m.start < m.end <= len(text)
        assert 0 < m.score <= 1


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.one_of(st.text(max_size=120), ARABIC))
def test_offsets_slice_back_for_any_text(labeler, text):
    check_offsets(labeler.predict(text))


@pytest.mark.parametrize("text", ODD, ids=range(len(ODD)))
def test_odd_texts_are_read(labeler, text):
    prediction = labeler.predict(text)
    check_offsets(prediction)
    json.dumps(prediction.to_dict())


def test_the_sample_is_read_as_annotated(labeler, documents):
    for doc in documents:
        prediction = labeler.predict(doc.text)
        assert [(s.role, s.start, s.end) for s in prediction.spans] == [
            (role, s.start, s.end) for role, s in doc.role_spans()
        ]
        assert len(prediction.frames) == len(doc.events)


def test_batch_equals_single(labeler, documents):
    texts = [d.text for d in documents] * 3 + ODD + [" ".join(d.text for d in documents) * 4]
    together = list(labeler.predict_many(texts))
    assert [p.text for p in together] == texts
    for text, one in zip(texts, together, strict=True):
        alone = labeler.predict(text)
        assert [(s.role, s.start, s.end) for s in one.spans] == [(s.role, s.start, s.end) for s in alone.spans]
        assert [s.score for s in one.spans] == pytest.approx([s.score for s in alone.spans], abs=1e-5)
        assert len(one.frames) == len(alone.frames)


def test_a_poisoned_text_harms_no_neighbour(labeler, documents):
    plain = labeler.predict(documents[0].text)
    beside = list(labeler.predict_many(["\ud800" * 40, documents[0].text, "\x00" * 99]))[1]
    assert [(s.role, s.start) for s in beside.spans] == [(s.role, s.start) for s in plain.spans]


def test_a_long_report_is_read_to_its_end(labeler, documents):
    filler = documents[1].text + "\n"
    words = len(filler.split())
    text = filler * (5000 // words + 1) + documents[0].text
    assert len(text.split()) > 5000
    prediction = labeler.predict(text)
    assert prediction.windows > 1
    shift = len(text) - len(documents[0].text)
    at_end = {(s.role, s.start - shift) for s in prediction.spans if s.start >= shift}
    gold = {(role, s.start) for role, s in documents[0].role_spans()}
    assert len(at_end & gold) >= 0.8 * len(gold)  # a two-layer model may lose one in a context it never saw
    assert {role for role, _ in at_end} == {"attacker", "target", "count", "location", "source"}


def test_to_dict_has_exactly_the_promised_keys(labeler, documents):
    found = labeler.predict(documents[0].text).to_dict()
    assert list(found) == ["text", "spans", "frames", "windows", "entities", "dates", "date"]
    assert list(found["spans"][0]) == ["start", "end", "text", "role", "score"]
    frame = found["frames"][0]
    roles = ["attacker", "target", "count", "location", "source"]
    told = ["entities", "attribution", "date", "killed", "wounded"]
    assert list(frame) == ["type", "trigger", *roles, "sentences", "score", *told]
    assert list(frame["target"][0]) == ["start", "end", "text", "name", "score", "entity"]
    assert list(frame["location"][0]) == ["start", "end", "text", "name", "score", "entity", "place"]
    extra = ["value", "min", "max", "approximate", "kind"]
    assert list(frame["count"][0]) == ["start", "end", "text", "name", "score", *extra]
    assert type(frame["score"]) is float and type(found["spans"][0]["score"]) is float
    assert json.loads(json.dumps(found, ensure_ascii=False)) == found


def test_min_score_leaves_out_what_is_below_and_nothing_else(labeler, documents):
    text = documents[0].text
    assert labeler.predict(text, min_score=1.01).spans == ()
    whole = labeler.predict(text)
    middle = sorted(s.score for s in whole.spans)[len(whole.spans) // 2]
    less = labeler.predict(text, min_score=middle)
    assert less.spans == tuple(s for s in whole.spans if s.score >= middle) and 0 < len(less.spans) < len(whole.spans)
    weakest = min(m.score for f in whole.frames for role in ROLES for m in getattr(f, role))
    bound = min(weakest + 1e-6, *(f.score for f in whole.frames))
    less = labeler.predict(text, min_score=bound)
    assert [f.trigger.start for f in less.frames] == [f.trigger.start for f in whole.frames] and less.frames
    for before, after in zip(whole.frames, less.frames, strict=True):
        assert (after.type, after.score) == (before.type, before.score)
        assert [m.start for m in after.target] == [m.start for m in before.target if m.score >= bound]
    top = max(f.score for f in whole.frames)
    assert labeler.predict(text, min_score=top + 1e-6).frames == ()


def test_predict_refuses_what_is_no_text(labeler):
    with pytest.raises(TypeError, match="predict_many"):
        labeler.predict(["نص"])
    with pytest.raises(TypeError, match="use predict"):
        list(labeler.predict_many("نص"))
    with pytest.raises(TypeError, match="text 1 is NoneType"):
        list(labeler.predict_many(["نص", None]))


def test_predict_many_streams(labeler, documents):
    taken = []

    def source():
        for number in range(300):
            taken.append(number)
            yield documents[1].text

    next(labeler.predict_many(source(), chunk=8))
    assert len(taken) == 8


def test_a_missing_folder_is_told(tmp_path):
    with pytest.raises(ModelError, match="no such model folder"):
        load(tmp_path / "nowhere")
    with pytest.raises(ModelError, match=r"adwar\.json is missing"):
        load(tmp_path)


@pytest.mark.parametrize("name", ["adwar.json", "tokenizer.json", "model.onnx"])
def test_a_broken_file_is_named(exported, tmp_path, name):
    import shutil

    folder = tmp_path / "model"
    shutil.copytree(exported, folder)
    (folder / name).write_bytes((folder / name).read_bytes()[:100])
    with pytest.raises(ModelError, match=name.replace(".", r"\.")):
        load(folder)


def test_torch_and_onnx_agree(checkpoint, labeler, documents):
    torch_labeler = load(checkpoint, engine="torch")
    for doc in documents:
        a, b = torch_labeler.predict(doc.text), labeler.predict(doc.text)
        assert [(s.role, s.start, s.end) for s in a.spans] == [(s.role, s.start, s.end) for s in b.spans]
        assert [s.score for s in a.spans] == pytest.approx([s.score for s in b.spans], abs=5e-3)


def test_the_checkpoint_is_an_ordinary_transformers_folder(checkpoint):
    from transformers import AutoModelForTokenClassification, AutoTokenizer

    model = AutoModelForTokenClassification.from_pretrained(checkpoint)
    assert model.config.id2label[1] == "B-attacker"
    assert AutoTokenizer.from_pretrained(checkpoint).is_fast


def test_importing_adwar_loads_nothing_heavy():
    import subprocess
    import sys

    code = (
        "import sys, adwar; print([m for m in ('torch', 'transformers', 'onnxruntime', 'numpy') if m in sys.modules])"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert out.strip() == "[]"


def test_unknown_names_are_told():
    with pytest.raises(AttributeError, match="nothing_such"):
        _ = adwar.nothing_such
