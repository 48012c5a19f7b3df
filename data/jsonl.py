"""Strict JSON Lines: documents in, documents out. Every refusal names file, line, document id and what is wrong."""

from __future__ import annotations

import json
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

from .encodings import looks_like
from .errors import DataError
from .schema import ROLES, TRIGGER, Document, Event, Span, check_document, words
from .whole_file import whole_file


def read_jsonl(
    path: str | Path, *, repair: bool = False, on_error: Callable[[DataError], None] | None = None
) -> Iterator[Document]:
    """The documents of a JSON Lines file, each checked by every rule of the schema.

    ``repair`` widens spans that begin or end inside a word to whole words and drops what then overlaps, instead of
    refusing; all other faults are refused as ever. ``on_error`` is handed the fault of each broken line and the rest is
    read; without it the first raises `DataError`.
    """
    path = Path(path)
    seen: dict[str, int] = {}
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise DataError(f"cannot be read: {error.strerror}", file=str(path)) from None
    for number, line in enumerate(raw.split(b"\n"), 1):
        if not line.strip():
            continue
        try:
            doc = parse_line(line, file=str(path), number=number)
            if repair:
                doc = widen_to_words(doc)
            check_document(doc, file=str(path), line=number)
            if doc.id in seen:
                problem = f"id already used at line {seen[doc.id]}"
                raise DataError(problem, file=str(path), line=number, document=doc.id)
        except DataError as error:
            if on_error is None:
                raise
            on_error(error)
            continue
        seen[doc.id] = number
        yield doc


def parse_line(line: bytes, *, file: str, number: int) -> Document:
    """The document of one line, its shape checked but not yet the schema's rules. Raises `DataError`."""
    return parse_record(parse_object(line, file=file, number=number), file=file, number=number)


def parse_object(line: bytes, *, file: str, number: int) -> dict[str, Any]:
    """The JSON object of one line, whatever is in it. Raises `DataError`."""
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError as error:
        raise DataError(
            f"not UTF-8 at byte {error.start} of the line; {looks_like(line)}", file=file, line=number
        ) from None
    try:
        record = json.loads(text)
    except (ValueError, RecursionError) as error:  # ValueError: bad JSON, or an integer of thousands of digits
        raise DataError(f"not JSON: {error}; one document a line", file=file, line=number) from None
    if not isinstance(record, dict):
        raise DataError(f"a JSON object is expected, found {type(record).__name__}", file=file, line=number)
    return record


def parse_record(record: dict[str, Any], *, file: str, number: int) -> Document:
    """The document of one record, its shape checked but not yet the schema's rules. Raises `DataError`."""
    identity = record.get("id")

    def refuse(problem: str) -> DataError:
        return DataError(problem, file=file, line=number, document=identity if isinstance(identity, str) else None)

    def span(value: Any, where: str) -> Span:
        if not isinstance(value, dict):
            raise refuse(f"{where}: a span is an object with start, end and text")
        start, end, text = value.get("start"), value.get("end"), value.get("text")
        if type(start) is not int or type(end) is not int or not isinstance(text, str):
            raise refuse(f"{where}: start and end must be integers and text a string, found {value!r}")
        return Span(start, end, text)

    if not isinstance(identity, str) or not identity:
        raise refuse("'id' must be a non-empty string")
    if not isinstance(record.get("text"), str):
        raise refuse("'text' must be a string")
    events = []
    raw_events = record.get("events", [])
    if not isinstance(raw_events, list):
        raise refuse("'events' must be a list")
    for place, raw in enumerate(raw_events, 1):
        if not isinstance(raw, dict):
            raise refuse(f"event {place}: an object is expected")
        unknown = set(raw) - {"type", TRIGGER, *ROLES}
        if unknown:
            raise refuse(f"event {place}: unknown role {sorted(unknown)[0]!r}; one of {', '.join(ROLES)}")
        trigger = raw.get(TRIGGER)
        fillers: dict[str, tuple[Span, ...]] = {}
        for role in ROLES:
            values = raw.get(role, [])
            if not isinstance(values, list):
                raise refuse(f"event {place}: {role} must be a list of spans")
            fillers[role] = tuple(span(v, f"event {place}: {role}") for v in values)
        named = span(trigger, f"event {place}: trigger") if trigger is not None else None
        events.append(Event(str(raw.get("type")), named, **fillers))
    meta = record.get("meta") or {}
    if not isinstance(meta, dict):
        raise refuse("'meta' must be an object")
    return Document(identity, record["text"], str(record.get("title") or ""), tuple(events), meta)


def widen_to_words(doc: Document) -> Document:
    """``doc`` with every span widened to the whole words it touches; a span that then overlaps another is dropped."""
    spots = words(doc.text)
    starts, ends = [a for a, _ in spots], [b for _, b in spots]

    def widen(span: Span) -> Span | None:
        first = bisect_right(ends, span.start)
        touched = spots[first : bisect_left(starts, span.end, first)]
        if not touched:
            return None
        start, end = touched[0][0], touched[-1][1]
        return Span(start, end, doc.text[start:end])

    taken: dict[tuple[int, int], str] = {}
    events = []
    for event in doc.events:
        trigger = widen(event.trigger) if event.trigger else None
        if trigger is not None:
            taken.setdefault((trigger.start, trigger.end), TRIGGER)
        fillers: dict[str, tuple[Span, ...]] = {}
        for role in ROLES:
            kept: list[Span] = []
            for span in getattr(event, role):
                wide = widen(span)
                if wide is None or wide in kept:
                    continue
                key = (wide.start, wide.end)
                if taken.get(key, role) != role or any(a < key[1] and key[0] < b and (a, b) != key for a, b in taken):
                    continue
                taken[key] = role
                kept.append(wide)
            fillers[role] = tuple(kept)
        events.append(Event(event.type, trigger, **fillers))
    return Document(doc.id, doc.text, doc.title, tuple(events), doc.meta)


def to_record(doc: Document) -> dict[str, Any]:
    """The JSON object of one document; `read_jsonl` of it gives the document back."""

    def span(s: Span) -> dict[str, Any]:
        return {"start": s.start, "end": s.end, "text": s.text}

    events = [
        {
            "type": e.type,
            TRIGGER: span(e.trigger) if e.trigger else None,
            **{role: [span(s) for s in getattr(e, role)] for role in ROLES},
        }
        for e in doc.events
    ]
    record: dict[str, Any] = {"id": doc.id, "title": doc.title, "text": doc.text, "events": events}
    if doc.meta:
        record["meta"] = dict(doc.meta)
    return record


def corpus_digest(docs: Iterable[Document]) -> str:
    """16 hexadecimal digits that change with any document, annotation or their order, and with nothing else."""
    whole = sha256()
    for doc in docs:
        whole.update(json.dumps(to_record(doc), ensure_ascii=True, sort_keys=True).encode() + b"\n")
    return whole.hexdigest()[:16]


def write_jsonl(docs: Iterable[Document], path: str | Path) -> int:
    """Write and count ``docs``. The file appears whole or not at all: it is written beside and renamed."""
    count = 0
    with whole_file(path) as out:
        for doc in docs:
            check_document(doc)
            out.write(json.dumps(to_record(doc), ensure_ascii=False) + "\n")
            count += 1
    return count
