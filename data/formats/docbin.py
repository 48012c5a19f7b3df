"""spaCy's DocBin (``.spacy``): what ``spacy train`` reads and ``DocBin.from_disk`` loads. Needs spaCy.

Tokens are our words and the white space between them, so every span of ours falls on token borders exactly and
``doc.text`` is the report's, to the character. ``doc.spans["adwar"]`` (`SPANS`) holds each role span and each trigger
once: label the role, or the event's type. ``doc.user_data["adwar"]`` holds id, title, meta and the events with their
offsets, plain types only (meta as a string of JSON). Lossless. ``spacy train`` aligns these tokens with the pipeline's.
Read back, both must tell the same: spans that were changed in the group alone are refused, for a group cannot say which
event a span belongs to. Cannot hold: nothing of ours. Errors name the document's place in the file as their line.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..jsonl import parse_record, to_record
from ..schema import Document, words
from ..whole_file import whole_binary
from .reading import Reading
from .report import Report, checked, read_bytes

if TYPE_CHECKING:
    from spacy.tokens import Doc
    from spacy.vocab import Vocab

#: The key of the span group and of the events in the user data, here and in the pipeline component.
SPANS = "adwar"


def tokens(text: str) -> tuple[list[str], list[bool]]:
    """Our words of ``text`` and, for each, whether one plain blank follows it; other white space is tokens itself."""
    found: list[str] = []
    blank: list[bool] = []
    position = 0

    def gap(end: int) -> None:
        space = text[position:end]
        if space.startswith(" ") and found:
            blank[-1], space = True, space[1:]
        if space:
            found.append(space)
            blank.append(False)

    for start, end in words(text):
        gap(start)
        found.append(text[start:end])
        blank.append(False)
        position = end
    gap(len(text))
    return found, blank


def to_spacy(doc: Document, vocab: Vocab) -> Doc:
    """``doc`` as a spaCy ``Doc``."""
    from spacy.tokens import Doc, Span

    found, blank = tokens(doc.text)
    record = {**to_record(doc), "meta": json.dumps(dict(doc.meta), ensure_ascii=False)}
    made = Doc(vocab, words=found, spaces=blank, user_data={SPANS: record})
    spots = {token.idx: token.i for token in made}
    ends = {token.idx + len(token): token.i + 1 for token in made}
    made.spans[SPANS] = [Span(made, spots[a], ends[b], label=label) for a, b, label in grouped(doc)]
    return made


def grouped(doc: Document) -> list[tuple[int, int, str]]:
    """(start, end, label) of every role span and trigger of ``doc``, once each, in text order."""
    triggers = {(e.trigger.start, e.trigger.end, e.type) for e in doc.events if e.trigger}
    return sorted(triggers | {(s.start, s.end, role) for role, s in doc.role_spans()})


def write_spacy(docs: Iterable[Document], path: str | Path) -> Report:
    """Write ``docs``, whole or not at all."""
    report = Report()
    vocab = _vocab()
    from spacy.tokens import DocBin

    held = DocBin(store_user_data=True)
    for doc in checked(docs):
        held.add(to_spacy(doc, vocab))
        report.documents += 1
    with whole_binary(path) as out:
        out.write(held.to_bytes())
    return report


def read_spacy(path: str | Path, *, repair: bool = False, report: Report | None = None) -> Iterator[Document]:
    """The documents of ``path``. Raises `DataError` with the document's number in the file."""
    reading = Reading(str(path), repair, report if report is not None else Report())
    raw = read_bytes(path)
    vocab = _vocab()
    from spacy.tokens import DocBin

    try:
        held = list(DocBin(store_user_data=True).from_bytes(raw).get_docs(vocab))
    except Exception as error:  # zlib, msgpack and spaCy each raise errors of their own
        raise reading.refuse(f"no DocBin of spaCy 3: {str(error)[:80] or type(error).__name__}") from None
    for number, made in enumerate(held, 1):
        yield reading.settle(_document(made, reading, number), number)


def _document(made: Any, reading: Reading, number: int) -> Document:
    record = made.user_data.get(SPANS)
    if not isinstance(record, dict) or "events" not in record:
        raise reading.refuse(f"no events in doc.user_data[{SPANS!r}]; spans alone do not say whose they are", number)
    name = str(record.get("id"))
    if record.get("text") != made.text:
        raise reading.refuse("doc.text is not the text that the events were marked in", number, name)
    try:
        meta = json.loads(record.get("meta") or "{}")
    except (ValueError, TypeError):
        raise reading.refuse("'meta' must be a string of JSON", number, name) from None
    doc = parse_record({**_lists(record), "meta": meta}, file=reading.file, number=number)
    shown = sorted((s.start_char, s.end_char, s.label_) for s in made.spans.get(SPANS, []))
    if shown != grouped(doc):
        changed = sorted(set(shown) ^ set(grouped(doc)))
        which = f"{changed[0][2]} [{changed[0][0]}, {changed[0][1]})" if changed else "a span that stands twice"
        raise reading.refuse(
            f"doc.spans[{SPANS!r}] and the events in doc.user_data differ at {which}; change both", number, name
        )
    return doc


def _lists(value: Any) -> Any:
    """``value`` with lists for the tuples that spaCy makes of them."""
    if isinstance(value, dict):
        return {key: _lists(held) for key, held in value.items()}
    return [_lists(held) for held in value] if isinstance(value, list | tuple) else value


def _vocab() -> Vocab:
    try:
        import spacy
    except ModuleNotFoundError:
        raise ModuleNotFoundError("a DocBin needs spaCy: pip install 'adwar[spacy]'", name="spacy") from None
    return spacy.vocab.Vocab()
