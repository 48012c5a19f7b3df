"""Inline markup for authors, so that nobody counts offsets by hand, and its compiler to documents.

A file holds documents separated by a line of ``===``. Each has header lines, a line ``---``, and the text::

    @id: yemen-014
    @title: مقتل جندي قرب تعز
    @theatre: yemen
    @event 1: shelling
    ---
    {E1:قصفت} {A1:قوات الحوثي} {L1:حي الروضة} ما أدى إلى مقتل {C1:ثلاثة} {T1:مدنيين}، بحسب {S1,2:مصدر طبي}.

The letters: A attacker, T target, C count, L location, S source, E trigger (one word, once an event). ``S1,2``
gives one mention to events 1 and 2. A brace or backslash that belongs to the text is written ``\\{`` ``\\}`` ``\\\\``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from .encodings import looks_like
from .errors import DataError
from .schema import ROLES, TRIGGER, Document, Event, Span, check_document

LETTERS = {"A": "attacker", "T": "target", "C": "count", "L": "location", "S": "source", "E": TRIGGER}
_LETTER_OF = {role: letter for letter, role in LETTERS.items()}
#: Six digits at most: Python refuses to read an integer of thousands.
_OPEN = re.compile(r"\{([A-Z])(\d{1,6}(?:,\d{1,6})*):")
_HEADER = re.compile(r"@([a-z_]+)(?: (\d{1,6}))?:(.*)")


def parse(source: str, *, file: str | None = None) -> Iterator[Document]:
    """Documents of one markup file, checked by every rule of the schema. Errors name file, line and document."""
    seen: dict[str, int] = {}
    for first, block in blocks(source):
        doc = parse_block(block, first, file)
        check_document(doc, file=file, line=first)
        if doc.id in seen:
            raise DataError(f"id already used at line {seen[doc.id]}", file=file, line=first, document=doc.id)
        seen[doc.id] = first
        yield doc


def parse_file(path: str | Path) -> Iterator[Document]:
    """`parse` for a file in UTF-8."""
    return parse(read_source(path), file=str(path))


def read_source(path: str | Path) -> str:
    """The markup in ``path``. Raises `DataError` if it cannot be read or is not UTF-8."""
    try:
        raw = Path(path).read_bytes()
        return raw.decode("utf-8")
    except OSError as error:
        raise DataError(f"cannot be read: {error.strerror}", file=str(path)) from None
    except UnicodeDecodeError as error:
        raise DataError(f"not UTF-8 at byte {error.start}; {looks_like(raw)}", file=str(path)) from None


def blocks(source: str) -> Iterator[tuple[int, list[str]]]:
    """(line number, rows) of every document in ``source``: what stands between two lines of ``===``."""
    block: list[str] = []
    first = 1
    lines = source.replace("\r\n", "\n").split("\n")
    for number, row in enumerate([*lines, "==="], 1):
        if row.strip() != "===":
            block.append(row)
            continue
        if any(r.strip() for r in block):
            yield first, block
        block, first = [], number + 1


def parse_block(block: list[str], first: int, file: str | None) -> Document:
    """The document of ``block``, whose rows begin at line ``first``; the schema's rules are not yet checked."""
    meta: dict[str, str] = {}
    types: dict[int, str] = {}
    body_at = None
    for offset, row in enumerate(block):
        if row.strip() == "---":
            body_at = offset + 1
            break
        if not row.strip():
            continue
        match = _HEADER.fullmatch(row.strip())
        if not match:
            raise DataError(f"expected '@name: value' or '---', found {row[:80]!r}", file=file, line=first + offset)
        name, number, value = match[1], match[2], match[3].strip()
        again = int(number) in types if number else name in meta
        if again or (number and name != "event"):
            problem = "stands twice" if again else "bears a number; only '@event' does"
            raise DataError(f"'@{name}' {problem}", file=file, line=first + offset, document=meta.get("id"))
        if number:
            types[int(number)] = value
        else:
            meta[name] = value
    if not meta.get("id"):
        raise DataError("the document has no '@id:' line", file=file, line=first)
    if body_at is None:
        raise DataError("no '---' line between header and text", file=file, line=first, document=meta["id"])
    body = "\n".join(block[body_at:])
    lead = len(body) - len(body.lstrip("\n"))
    text_line = first + body_at + lead
    text, marks = _strip_marks(body.strip("\n"), meta["id"], text_line, file)
    return _assemble(text, marks, types, meta, text_line, file)


Mark = tuple[str, tuple[int, ...], int, int, int]  # role, events, start, end, line


def _strip_marks(body: str, doc_id: str, line: int, file: str | None) -> tuple[str, list[Mark]]:
    out: list[str] = []
    marks: list[Mark] = []
    opened: tuple[str, tuple[int, ...], int] | None = None
    length = position = 0

    def refuse(problem: str) -> DataError:
        return DataError(problem, file=file, line=line, document=doc_id)

    while position < len(body):
        char = body[position]
        if char == "\\" and body[position + 1 : position + 2] in ("{", "}", "\\"):
            char, position = body[position + 1], position + 1
        elif char == "{":
            match = _OPEN.match(body, position)
            if not match or match[1] not in LETTERS:
                raise refuse(f"bad mark {body[position : position + 20]!r}; expected e.g. '{{A1:' or '\\{{'")
            if opened:
                raise refuse(f"mark {match[0]!r} inside another; spans never overlap")
            opened = (LETTERS[match[1]], tuple(int(n) for n in match[2].split(",")), length)
            position = match.end()
            continue
        elif char == "}":
            if not opened:
                raise refuse("'}' closes nothing; write '\\}' if it belongs to the text")
            if opened[2] == length:
                raise refuse("an empty mark")
            marks.append((*opened, length, line))
            opened = None
            position += 1
            continue
        elif char == "\n":
            line += 1
        out.append(char)
        length += 1
        position += 1
    if opened:
        raise refuse(f"a {opened[0]} mark is never closed")
    return "".join(out), marks


def _assemble(
    text: str, marks: list[Mark], types: dict[int, str], meta: dict[str, str], line: int, file: str | None
) -> Document:
    fillers: dict[int, dict[str, list[Span]]] = {n: {} for n in types}
    for role, numbers, start, end, at in marks:
        for number in numbers:
            if number not in types:
                raise DataError(
                    f"event {number} has no '@event {number}:' line", file=file, line=at, document=meta["id"]
                )
            fillers[number].setdefault(role, []).append(Span(start, end, text[start:end]))
    events = []
    for number in sorted(types):
        triggers = fillers[number].pop(TRIGGER, [])
        if len(triggers) != 1:
            raise DataError(
                f"event {number} has {len(triggers)} triggers; mark exactly one word with {{E{number}:…}}",
                file=file,
                line=line,
                document=meta["id"],
            )
        roles = {role: tuple(spans) for role, spans in fillers[number].items()}
        events.append(Event(types[number], triggers[0], **roles))
    rest = {k: v for k, v in meta.items() if k not in ("id", "title")}
    return Document(meta["id"], text, meta.get("title", ""), tuple(events), rest)


def render(doc: Document) -> str:
    """The markup of one document: `parse` of it gives the document back.

    Raises `DataError` for what markup cannot carry: a text that begins or ends with a line break, a carriage return,
    a line of ``===``, a header value of several lines or with blanks at its edges, an event without a trigger.
    """
    _check_renderable(doc)
    marks: dict[tuple[int, int], tuple[str, list[int]]] = {}
    for number, event in enumerate(doc.events, 1):
        for role, span in [(TRIGGER, event.trigger), *event.spans()]:
            if span is not None:
                marks.setdefault((span.start, span.end), (role, []))[1].append(number)
    head = [f"@id: {doc.id}", f"@title: {doc.title}"] + [f"@{k}: {v}" for k, v in doc.meta.items()]
    head += [f"@event {n}: {event.type}" for n, event in enumerate(doc.events, 1)]
    out, position = [], 0
    for (start, end), (role, numbers) in sorted(marks.items()):
        out.append(_escape(doc.text[position:start]))
        out.append(f"{{{_LETTER_OF[role]}{','.join(map(str, numbers))}:{_escape(doc.text[start:end])}}}")
        position = end
    out.append(_escape(doc.text[position:]))
    return "\n".join([*head, "---", "".join(out)])


def render_all(docs: Iterable[Document]) -> str:
    return "\n===\n".join(render(doc) for doc in docs) + "\n"


def _check_renderable(doc: Document) -> None:
    check_document(doc)
    problem = None
    for key, value in {"id": doc.id, "title": doc.title, **doc.meta}.items():
        if not isinstance(value, str) or value != value.strip() or "\n" in value or "\r" in value:
            problem = f"{key}: a header holds one line of text without blanks at its edges, found {value!r}"
    for key in doc.meta:
        if not re.fullmatch("[a-z_]+", key) or key in ("id", "title"):
            problem = f"meta key {key!r}: a header's name is small Latin letters, and neither 'id' nor 'title'"
    if "\r" in doc.text or doc.text != doc.text.strip("\n"):
        problem = "the text holds a carriage return, or a line break at its beginning or end"
    if any(row.strip() == "===" for row in doc.text.split("\n")):
        problem = "a line of the text is '===', which separates documents"
    if problem:
        raise DataError(f"cannot be written as markup: {problem}", document=doc.id)


def _escape(text: str) -> str:
    return re.sub(r"[\\{}]", lambda m: "\\" + m[0], text)


assert set(LETTERS.values()) == {*ROLES, TRIGGER}
