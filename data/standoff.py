"""Annotations of texts that are not ours to ship: offsets only, joined with the text by whoever holds it.

Each line names a raw text collection, the document's number in it, where the annotated passage of its text begins and
how many characters it has, their digest, and the events as offsets into the passage. `read_standoff` finds the text,
checks the digest and gives ordinary documents; nothing of the text is in the file. A document's id is
``collection:number``, or ``collection:number+start`` for a passage that does not begin with the text.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

from .errors import DataError
from .rawtext import RawDocument, documents
from .schema import ROLES, Document, Event, Span, check_document
from .whole_file import write_whole

#: Collections whose documents have no title line of their own.
UNTITLED = frozenset({"sanad_khaleej", "ahdath"})


def split_title(raw: RawDocument) -> tuple[str, str]:
    """(title, text) of a raw document: its first line is the title where the collection has titles."""
    title, _, text = raw.text.partition("\n")
    return ("", raw.text.strip("\n")) if raw.source in UNTITLED or not text else (title.strip(), text.strip("\n"))


def digest(text: str) -> str:
    return sha256(text.encode("utf-8")).hexdigest()[:16]


def to_standoff(doc: Document) -> dict[str, Any]:
    """The record of ``doc``, which holds no word of its text. The id is ``collection:number`` or
    ``collection:number+start``."""
    source, _, place = doc.id.partition(":")
    number, _, passage = place.partition("+")
    start = int(passage or 0)

    def spot(span: Span) -> list[int]:
        return [span.start, span.end]

    events = [
        {
            "type": e.type,
            "trigger": spot(e.trigger) if e.trigger else None,
            **{role: [spot(s) for s in getattr(e, role)] for role in ROLES},
        }
        for e in doc.events
    ]
    told = {"source": source, "number": int(number)} | ({"start": start} if start else {})
    return told | {"length": len(doc.text), "digest": digest(doc.text), "events": events}


def write_standoff(docs: Iterable[Document], path: str | Path) -> int:
    """Write the records of ``docs``, whole or not at all; returns how many."""
    lines = [json.dumps(to_standoff(doc), separators=(",", ":")) for doc in docs]
    write_whole(path, "\n".join(lines) + "\n")
    return len(lines)


def read_standoff(path: str | Path, texts: str | Path) -> Iterator[Document]:
    """The documents of ``path``, with their text from the raw text folder ``texts``. A text that is not there or has
    changed is refused with its line: `DataError`."""
    records: dict[tuple[str, int, int], tuple[int, dict[str, Any]]] = {}
    for number, line in enumerate(Path(path).read_text(encoding="utf-8").split("\n"), 1):
        if line.strip():
            key, record = _record(line, str(path), number)
            if key in records:
                raise DataError(f"annotated in line {records[key][0]} already", file=str(path), line=number)
            records[key] = (number, record)
    wanted = {(source, number) for source, number, _ in records}
    found = {(r.source, r.number): split_title(r) for r in documents(texts) if (r.source, r.number) in wanted}
    for (source, number, start), (line_number, record) in records.items():
        name = f"{source}:{number}" + (f"+{start}" if start else "")
        if (source, number) not in found:
            raise DataError(f"its text is not in {texts}", file=str(path), line=line_number, document=name)
        title, text = found[source, number]
        length = record.get("length")  # older records have none: the whole text
        text = text[start:] if length is None else text[start : start + length]
        if digest(text) != record["digest"]:
            raise DataError(f"its text in {texts} is another version", file=str(path), line=line_number, document=name)
        try:
            doc = Document(name, text, title, tuple(_event(e, text) for e in record["events"]))
        except (KeyError, TypeError, ValueError) as error:
            told = f"its events cannot be read: {error!r}"
            raise DataError(told, file=str(path), line=line_number, document=name) from None
        check_document(doc, file=str(path), line=line_number)
        yield doc


def _record(line: str, file: str, number: int) -> tuple[tuple[str, int, int], dict[str, Any]]:
    """The key and the record of one line."""
    try:
        record = json.loads(line)
        start, length = record.get("start", 0), record.get("length", 0)
        key = (str(record["source"]), int(record["number"]), start)
        if not isinstance(record["digest"], str) or not isinstance(record["events"], list):
            raise TypeError("'digest' is to be text, 'events' a list")
        if not all(isinstance(n, int) and n >= 0 for n in (start, length)):
            raise TypeError("'start' and 'length' are to be whole numbers")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise DataError(f"no record of stand-off annotation: {error!r}", file=file, line=number) from None
    return key, record


def _event(record: dict[str, Any], text: str) -> Event:
    def span(spot: list[int]) -> Span:
        start, end = spot
        return Span(start, end, text[start:end])

    trigger = span(record["trigger"]) if record["trigger"] else None
    return Event(record["type"], trigger, **{role: tuple(span(s) for s in record[role]) for role in ROLES})
