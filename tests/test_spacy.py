"""spaCy: the component in a pipeline, exact offsets whatever the tokens are, and DocBin files both ways."""

from __future__ import annotations

import pytest
from documents_strategy import documents_of_any_text
from hypothesis import given, settings

from adwar.data.errors import DataError
from adwar.data.formats import read_spacy, write_spacy
from adwar.data.formats.docbin import grouped, to_spacy, tokens
from adwar.model.context import read_in_context
from adwar.model.frames import Prediction, RoleSpan, Trigger, build_frame
from adwar.model.gazetteer import own_gazetteer

spacy = pytest.importorskip("spacy")
GLUED = "أصيب 12جندي في غارة على #سوق_حارم"


@pytest.fixture(scope="module")
def nlp(exported):
    pipeline = spacy.blank("ar")
    pipeline.add_pipe("adwar", config={"model": str(exported)})
    return pipeline


def glued():
    def spot(word):
        return GLUED.index(word), GLUED.index(word) + len(word), word

    spans = [RoleSpan(*spot(w), role, 0.9) for w, role in (("12", "count"), ("جندي", "target"), ("سوق", "location"))]
    frame = build_frame(GLUED, Trigger(*spot("غارة"), "airstrike", 0.8), spans, [(0, len(GLUED))], "airstrike")
    return Prediction(GLUED, tuple(spans), (frame,), 1)


def test_the_component_says_what_the_labeler_says(nlp, labeler, documents):
    texts = [d.text for d in documents]
    for doc, text in zip(nlp.pipe(texts), texts, strict=True):
        expected = labeler.predict(text)
        assert doc.text == text and doc._.frames == expected.frames
        exact = {(s.start, s.end, s.role) for s in expected.spans}
        shown = {(s.start_char, s.end_char, s.label_) for s in doc.spans["adwar"]}
        assert {s for s in shown if s[2] in ("target", "attacker", "count", "location", "source")} == exact
        assert len(doc.spans["adwar"].attrs["scores"]) == len(doc.spans["adwar"]) and not doc._.adwar_widened
    assert nlp(texts[0])._.frames == labeler.predict(texts[0]).frames != ()


def test_spans_within_tokens_are_widened_and_told():
    from adwar.model.spacy_component import FrameReader, annotate

    FrameReader(None)
    doc = spacy.blank("ar")(GLUED)
    with pytest.warns(UserWarning, match="do not fall on this pipeline's token borders"):
        annotate(doc, glued())
    assert [s.text for s in doc.spans["adwar"]] == ["12جندي", "12جندي", "غارة", "سوق_حارم"]
    assert doc._.frames == read_in_context(glued(), gazetteer=own_gazetteer()).frames
    assert [(GLUED[a:b], label, GLUED[c:d]) for a, b, label, c, d in doc._.adwar_widened] == [
        ("12", "count", "12جندي"),
        ("جندي", "target", "12جندي"),
        ("سوق", "location", "سوق_حارم"),
    ]
    again = spacy.tokens.Doc(doc.vocab).from_bytes(doc.to_bytes())
    assert again._.frames == doc._.frames and len(again.spans["adwar"]) == 4
    with pytest.raises(ValueError, match="of another text"):
        annotate(spacy.blank("ar")("غيره"), glued())


def test_a_document_unseen_has_no_frames_and_bad_settings_are_told(nlp, tmp_path):
    assert spacy.blank("ar")("غارة")._.frames == ()
    for config, message in (({"min_score": 7}, "from 0 to 1"), ({"model": str(tmp_path / "x")}, "no such model")):
        with pytest.raises(ValueError, match=message):
            spacy.blank("ar").add_pipe("adwar", config=config)


def test_the_pipeline_is_saved_and_loaded(nlp, documents, tmp_path):
    nlp.to_disk(tmp_path / "nlp")
    text = documents[0].text
    assert spacy.load(tmp_path / "nlp")(text)._.frames == nlp(text)._.frames


@settings(max_examples=60, deadline=None)
@given(documents_of_any_text())
def test_tokens_are_the_text_and_spans_fall_on_them(doc):
    from spacy.vocab import Vocab

    found, blank = tokens(doc.text)
    assert "".join(t + " " * b for t, b in zip(found, blank, strict=True)) == doc.text
    made = to_spacy(doc, Vocab())
    assert made.text == doc.text
    assert [(s.start_char, s.end_char, s.label_) for s in made.spans["adwar"]] == grouped(doc)


def test_a_docbin_is_what_spacy_reads(documents, tmp_path):
    from spacy.tokens import DocBin
    from spacy.training import Corpus

    file = tmp_path / "dev.spacy"
    assert write_spacy(documents, file).documents == 3
    nlp = spacy.blank("ar")
    (first, *_) = DocBin().from_disk(file).get_docs(nlp.vocab)
    assert [s.label_ for s in first.spans["adwar"]][:3] == ["count", "target", "airstrike"]
    assert first.user_data["adwar"]["events"][0]["type"] == "airstrike"
    example = next(iter(Corpus(file)(nlp)))
    aligned = example.get_aligned_spans_y2x(example.reference.spans["adwar"], allow_overlap=True)
    assert [s.text for s in aligned] == [s.text for s in first.spans["adwar"]]


def test_a_docbin_changed_in_one_place_alone_is_refused(documents, tmp_path):
    from spacy.tokens import Doc, DocBin
    from spacy.vocab import Vocab

    def write(change):
        made = [to_spacy(doc, Vocab()) for doc in documents]
        change(made[1])
        change(made[0])
        DocBin(docs=made, store_user_data=True).to_disk(tmp_path / "x.spacy")
        return list(read_spacy(tmp_path / "x.spacy"))

    assert write(lambda doc: None) == documents
    with pytest.raises(DataError, match=r"x\.spacy:1: document 'a-1': doc.spans\['adwar'\] and the events .* change"):
        write(lambda doc: doc.spans.update({"adwar": []}))
    with pytest.raises(DataError, match=r"x\.spacy:1: no events in doc.user_data"):
        write(lambda doc: doc.user_data.pop("adwar"))
    with pytest.raises(DataError, match="not the text"):
        write(lambda doc: doc.user_data["adwar"].update(text="x"))
    with pytest.raises(DataError, match="must be a string of JSON"):
        write(lambda doc: doc.user_data["adwar"].update(meta="{"))
    DocBin(docs=[Doc(Vocab(), words=["غارة"])]).to_disk(tmp_path / "y.spacy")
    with pytest.raises(DataError, match="no events"):
        list(read_spacy(tmp_path / "y.spacy"))
