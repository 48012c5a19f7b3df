"""JSON Lines: every refusal by file, line and document; what is written is read back; half a file never appears."""

from __future__ import annotations

import json

import pytest
from documents_strategy import documents_of_any_text
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adwar.data.errors import DataError
from adwar.data.jsonl import read_jsonl, to_record, write_jsonl

TEXT = "قتل ثلاثة مدنيين في غارة على حارم"
SHARED_FOLDER = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)


def spot(word: str) -> dict:
    start = TEXT.index(word)
    return {"start": start, "end": start + len(word), "text": word}


def record(identity="d-2", **event):
    return {"id": identity, "text": TEXT, "events": [{"type": "airstrike", "trigger": spot("غارة"), **event}]}


GOOD = json.dumps(record("d-1")).encode()
BAD_LINES = {
    "bad UTF-8": (b'{"id": "\xc7\xe1"}', None, "not UTF-8 at byte 8 of the line; it looks like CP1256"),
    "bad JSON": (b'{"id": "d-2",', None, "not JSON: .*; one document a line"),
    "endless number": (b'{"id": ' + b"1" * 9000 + b"}", None, "not JSON: "),
    "endless depth": (b"[" * 200_000, None, "not JSON: "),
    "no object": (b"[1]", None, "a JSON object is expected, found list"),
    "no id": ({"text": TEXT}, None, "'id' must be a non-empty string"),
    "no text": ({"id": "d-2"}, "d-2", "'text' must be a string"),
    "events": ({"id": "d-2", "text": TEXT, "events": {}}, "d-2", "'events' must be a list"),
    "an event": ({"id": "d-2", "text": TEXT, "events": [1]}, "d-2", "event 1: an object is expected"),
    "meta": ({"id": "d-2", "text": TEXT, "meta": "x"}, "d-2", "'meta' must be an object"),
    "unknown role": (record(victim=[]), "d-2", "event 1: unknown role 'victim'; one of attacker, target"),
    "unknown type": (record(type="raid"), "d-2", "event 1: unknown type 'raid'; one of airstrike"),
    "no trigger": (record(trigger=None), "d-2", "event 1: no trigger; exactly one word"),
    "outside": (record(target=[{"start": 30, "end": 90, "text": "x"}]), "d-2", "offsets outside the text of 33"),
    "differing": (record(target=[{**spot("حارم"), "text": "سرمدا"}]), "d-2", "'سرمدا': the text there is 'حارم'"),
    "inside a word": (record(target=[spot("دنيين")]), "d-2", "begins inside a word"),
    "overlap": (record(target=[spot("ثلاثة مدنيين")], count=[spot("ثلاثة")]), "d-2", "overlap"),
    "two roles": (record(target=[spot("حارم")], location=[spot("حارم")]), "d-2", "stands twice in the same event"),
    "duplicate id": (record("d-1"), "d-1", "id already used at line 1"),
    "no list": (record(target=spot("حارم")), "d-2", "event 1: target must be a list of spans"),
    "no span": (record(target=["حارم"]), "d-2", "event 1: target: a span is an object with start, end and text"),
    "offsets as words": (record(target=[{**spot("حارم"), "start": "29"}]), "d-2", "start and end must be integers"),
    "offsets as truth": (record(target=[{**spot("حارم"), "start": True}]), "d-2", "start and end must be integers"),
    "half a pair": (b'{"id": "d-2", "text": "\\ud800"}', "d-2", "half a surrogate pair"),
}


@pytest.mark.parametrize("line, document, message", BAD_LINES.values(), ids=BAD_LINES)
def test_refusals_name_file_line_and_document(tmp_path, line, document, message):
    file = tmp_path / "some.jsonl"
    raw = line if isinstance(line, bytes) else json.dumps(line).encode()
    file.write_bytes(GOOD + b"\n\n" + raw + b"\n")
    with pytest.raises(DataError, match=message) as caught:
        list(read_jsonl(file))
    named = f"document {document!r}: " if document else ""
    assert str(caught.value).startswith(f"{file}:3: {named}")
    assert caught.value.document == document


def test_missing_file_is_named(tmp_path):
    with pytest.raises(DataError, match=r"none\.jsonl: cannot be read: No such file"):
        list(read_jsonl(tmp_path / "none.jsonl"))


@SHARED_FOLDER
@given(st.lists(documents_of_any_text(), max_size=4, unique_by=lambda d: d.id))
def test_read_of_write_is_identity(tmp_path, docs):
    file = tmp_path / "round.jsonl"
    assert write_jsonl(docs, file) == len(docs)
    assert list(read_jsonl(file)) == docs


@given(documents_of_any_text())
def test_repair_leaves_sound_documents_alone(doc):
    from adwar.data.jsonl import widen_to_words

    assert widen_to_words(doc) == doc


def test_repair_widens_to_whole_words(tmp_path):
    file = tmp_path / "a.jsonl"
    file.write_text(json.dumps(record(target=[spot("دني")], count=[spot("ثلاثة مد")])), encoding="utf-8")
    (doc,) = read_jsonl(file, repair=True)
    assert [(role, s.text) for role, s in doc.role_spans()] == [("target", "مدنيين")]


def test_an_unsound_document_leaves_no_file(tmp_path, documents):
    from dataclasses import replace

    broken = replace(documents[0], text="short")
    with pytest.raises(DataError):
        write_jsonl([documents[1], broken], tmp_path / "out.jsonl")
    assert not list(tmp_path.iterdir())


def test_record_is_plain_json(documents):
    assert json.loads(json.dumps(to_record(documents[0])))["events"][0]["trigger"]["text"] == "غارة"
