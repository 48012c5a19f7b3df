"""CoNLL columns: word, IOB2 tag, start, end, tab-separated; a blank line between documents.

Holds the text to the last character, ids, titles and meta (comments ``# id = ...``, JSON where a plain line could not
hold the value), every role span and every trigger. A file without ``# text`` gets its text back from the offsets, a
blank in every gap; one without offsets, from its words with a blank between any two.
Cannot hold events: tags are flat. Written, event types and the links from spans to events are lost, and counted.
Read, each trigger opens an event of type ``other`` and each span falls to the nearest trigger: **a guess**, good for
the flat layer (what a tagger learns) and for nothing else. A file with spans and no trigger is refused.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from ..schema import ROLES, TRIGGER, Document, Event, Span, words
from ..whole_file import whole_file
from .reading import Reading
from .report import Report, checked, read_text

Row = tuple[int, list[str]]  # line, columns


def write_conll(docs: Iterable[Document], path: str | Path) -> Report:
    """Write ``docs``, whole or not at all."""
    report = Report()
    with whole_file(path) as out:
        for doc in checked(docs):
            comments = {"id": doc.id, "title": doc.title, "text": doc.text, "meta": dict(doc.meta)}
            for name, value in comments.items():
                if value or name in ("id", "text"):
                    out.write(f"# {name} = {json.dumps(value, ensure_ascii=False)}\n")
            for start, end, tag in _tags(doc):
                out.write(f"{doc.text[start:end]}\t{tag}\t{start}\t{end}\n")
            out.write("\n")
            report.documents += 1
            report.lost["events (types and links)"] += len(doc.events)
            report.lost["triggers shared by events"] += len(doc.events) - len(doc.triggers())
    return report


def _tags(doc: Document) -> Iterator[tuple[int, int, str]]:
    spans = sorted((s.start, s.end, r) for r, s in [*doc.role_spans(), *((TRIGGER, t) for t in doc.triggers())])
    rest = iter(spans)
    now = next(rest, None)
    for start, end in words(doc.text):
        while now and now[1] <= start:
            now = next(rest, None)
        inside = now is not None and now[0] <= start
        yield start, end, f"{'B' if start == now[0] else 'I'}-{now[2]}" if now and inside else "O"


def read_conll(path: str | Path, *, repair: bool = False, report: Report | None = None) -> Iterator[Document]:
    """The documents of ``path``; the first column is the word, the second the tag. Raises `DataError` with line and
    document for tags that are not IOB2, for offsets that run backwards and for words that are not in the text."""
    reading = Reading(str(path), repair, report if report is not None else Report())
    comments: dict[str, Any] = {}
    rows: list[Row] = []
    first = 1
    for line, raw in enumerate([*read_text(path).removeprefix("\ufeff").split("\n"), ""], 1):
        row = raw.rstrip("\r")
        if row.strip(" "):
            first = line if not comments and not rows else first
            if row.startswith("# ") and " = " in row and not rows:
                name, _, value = row[2:].partition(" = ")
                comments[name] = _value(value)
            elif row.startswith("-DOCSTART-"):
                continue
            else:
                rows.append((line, row.split("\t") if "\t" in row else row.split()))
        elif comments or rows:
            yield reading.settle(_document(comments, rows, reading, first), first)
            comments, rows = {}, []


def _value(value: str) -> Any:
    try:
        return json.loads(value) if value[:1] in ('"', "{") else value
    except ValueError:
        return value


def _document(comments: dict[str, Any], rows: list[Row], reading: Reading, first: int) -> Document:
    name, said, meta = str(comments.get("id") or f"line-{first}"), comments.get("text"), comments.get("meta") or {}
    if not isinstance(said, str | None) or not isinstance(meta, dict):
        raise reading.refuse("'# text' must be a line of text and '# meta' a JSON object", first, name)
    for line, columns in rows:
        if len(columns) < 2 or not columns[0] or (len(columns) >= 4) != (len(rows[0][1]) >= 4):
            raise reading.refuse(f"word and tag expected, then start and end or neither: {columns}", line, name)
    if rows and len(rows[0][1]) < 4 and said is not None:
        raise reading.refuse("'# text' without columns for start and end; drop one or add the other", first, name)
    text, spots = "", []
    for line, columns in rows:
        start = _number(columns[2], reading, line, name) if len(columns) >= 4 else len(text) + bool(text)
        end = _number(columns[3], reading, line, name) if len(columns) >= 4 else start + len(columns[0])
        if start < len(text) or end - start != len(columns[0]):
            raise reading.refuse(f"[{start}, {end}) {columns[0]!r}: offsets run backwards or misfit", line, name)
        text += " " * (start - len(text)) + columns[0]
        spots.append((start, end))
    if said is not None:
        for (line, columns), (start, end) in zip(rows, spots, strict=True):
            reading.span(said, start, end, line=line, document=name, said=columns[0], whole=False)
        text = said
    spans = _spans(text, rows, spots, reading, name)
    return Document(name, text, str(comments.get("title") or ""), _events(spans, reading, first, name), meta)


def _number(value: str, reading: Reading, line: int, name: str) -> int:
    if not (value.isascii() and value.isdigit() and len(value) < 10):
        raise reading.refuse(f"an offset is expected, found {value!r}", line, name)
    return int(value)


def _spans(
    text: str, rows: list[Row], spots: list[tuple[int, int]], reading: Reading, name: str
) -> list[tuple[str, Span]]:
    found: list[tuple[str, int, int]] = []
    before = "O"
    for (line, columns), (start, end) in zip(rows, spots, strict=True):
        tag = columns[1]
        mark, _, label = tag.partition("-")
        if tag != "O" and (mark not in ("B", "I") or label not in (TRIGGER, *ROLES)):
            known = ", ".join((TRIGGER, *ROLES))
            raise reading.refuse(f"tag {tag!r}; O, or B- or I- and one of {known}", line, name)
        if mark == "I":
            if before.partition("-")[2] != label:
                raise reading.refuse(f"tag {tag!r} behind {before!r}; IOB2 begins every span with B-", line, name)
            found[-1] = (label, found[-1][1], end)
        elif mark == "B":
            found.append((label, start, end))
        before = tag
    return [(label, Span(a, b, text[a:b])) for label, a, b in found]


def _events(spans: list[tuple[str, Span]], reading: Reading, line: int, name: str) -> tuple[Event, ...]:
    triggers = [span for label, span in spans if label == TRIGGER]
    owned: list[dict[str, list[Span]]] = [{} for _ in triggers]
    for label, span in spans:
        if label == TRIGGER:
            continue
        if not triggers:
            reading.loose(f"{label} [{span.start}, {span.end}) {span.text!r}: no trigger in the document", line, name)
            continue
        gaps = [max(trigger.start - span.end, span.start - trigger.end) for trigger in triggers]
        nearest = gaps.index(min(gaps))
        owned[nearest].setdefault(label, []).append(span)
    return tuple(
        Event("other", trigger, **{role: tuple(found) for role, found in mine.items()})
        for trigger, mine in zip(triggers, owned, strict=True)
    )
