"""CSV of spans: a row for each span of each event, for a spreadsheet or a statistics program.

Columns ``document,event,type,role,start,end,text``. A document begins with a row of role ``document`` that holds its
text, then, where it has them, ``title`` and ``meta`` (JSON); then each event's trigger and fillers. Lossless.
A cell that a spreadsheet would take for a formula (it begins with ``= + - @``, their full-width forms, a tab or a
line end) is written with an apostrophe before it, and read back without. The file begins with a byte order mark, so
that Excel shows Arabic; files that Excel saved with semicolons are read too.
Cannot hold: nothing of ours, but a spreadsheet cuts cells of more than 32,767 characters: such texts are counted.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..schema import ROLES, TRIGGER, Document, Event, Span
from ..whole_file import whole_file
from .reading import Reading
from .report import Report, checked, read_text

COLUMNS = ("document", "event", "type", "role", "start", "end", "text")
CELL = 32_767
_FORMULA = re.compile(r"'*(?:[\t\r\n]|\s*[=+\-@＝＋－＠])")


def neutral(cell: str) -> str:
    """``cell`` with an apostrophe before it if a spreadsheet would run it; `plain` takes it off again."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def plain(cell: str) -> str:
    """What `neutral` was given."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def write_csv(docs: Iterable[Document], path: str | Path) -> Report:
    """Write ``docs``, whole or not at all."""
    report = Report()
    with whole_file(path, "utf-8-sig") as out:
        table = csv.writer(out, lineterminator="\r\n", quoting=csv.QUOTE_MINIMAL)
        table.writerow(COLUMNS)
        for doc in checked(docs):
            for row in _rows(doc):
                table.writerow([neutral(str(cell)) for cell in row])
            report.documents += 1
            report.lost["texts longer than a spreadsheet's cell"] += len(doc.text) > CELL
    return report


def _rows(doc: Document) -> Iterator[tuple[Any, ...]]:
    yield doc.id, "", "", "document", "", "", doc.text
    if doc.title:
        yield doc.id, "", "", "title", "", "", doc.title
    if doc.meta:
        yield doc.id, "", "", "meta", "", "", json.dumps(dict(doc.meta), ensure_ascii=False)
    for number, event in enumerate(doc.events, 1):
        assert event.trigger is not None  # checked
        for role, span in [(TRIGGER, event.trigger), *event.spans()]:
            yield doc.id, number, event.type, role, span.start, span.end, span.text


@dataclass(slots=True)
class _Held:
    """A document whose rows are still coming."""

    id: str
    line: int
    text: str
    title: str = ""
    meta: dict[str, Any] = field(default_factory=dict)
    types: dict[str, str] = field(default_factory=dict)
    triggers: dict[str, Span] = field(default_factory=dict)
    fillers: dict[str, dict[str, list[Span]]] = field(default_factory=dict)

    def document(self) -> Document:
        events = (
            Event(kind, self.triggers.get(n), **{r: tuple(s) for r, s in self.fillers.get(n, {}).items()})
            for n, kind in self.types.items()
        )
        return Document(self.id, self.text, self.title, tuple(events), self.meta)


def read_csv(path: str | Path, *, repair: bool = False, report: Report | None = None) -> Iterator[Document]:
    """The documents of ``path``. Raises `DataError` with the line where the row begins and the document."""
    reading = Reading(str(path), repair, report if report is not None else Report())
    held: _Held | None = None
    for line, row in _records(read_text(path).removeprefix("\ufeff"), reading):
        role, name = row["role"], row["document"]
        if role == "document":
            if held:
                yield reading.settle(held.document(), held.line)
            held = _Held(name, line, row["text"])
            if not name:
                raise reading.refuse("the document has no id", line)
        elif held is None or held.id != name:
            raise reading.refuse("its row of role 'document' must come first, its other rows next", line, name)
        elif role == "title":
            held.title = row["text"]
        elif role == "meta":
            held.meta = _meta(row["text"], reading, line, name)
        else:
            _add(held, row, reading, line)
    if held:
        yield reading.settle(held.document(), held.line)


def _records(source: str, reading: Reading) -> Iterator[tuple[int, dict[str, str]]]:
    csv.field_size_limit(2**31 - 1)
    header = source.split("\n", 1)[0].strip("\r")
    delimiter = next((d for d in ",;\t" if sorted(header.split(d)) == sorted(COLUMNS)), None)
    if delimiter is None:
        raise reading.refuse(f"the columns must be {','.join(COLUMNS)}; found {header[:80]!r}", 1)
    table = csv.reader(io.StringIO(source, newline=""), delimiter=delimiter, strict=True)
    names = next(table)
    while True:
        line = table.line_num + 1
        try:
            cells = next(table, None)
        except csv.Error as error:
            raise reading.refuse(f"no CSV: {error}", line) from None
        if cells is None:
            return
        if cells and len(cells) != len(names):
            raise reading.refuse(f"{len(names)} cells expected, found {len(cells)}", line)
        if any(cells):
            yield line, dict(zip(names, map(plain, cells), strict=True))


def _meta(text: str, reading: Reading, line: int, name: str) -> dict[str, Any]:
    try:
        meta = json.loads(text)
    except (ValueError, RecursionError):
        meta = None
    if not isinstance(meta, dict):
        raise reading.refuse("the meta row's text must be a JSON object", line, name)
    return meta


def _add(held: _Held, row: dict[str, str], reading: Reading, line: int) -> None:
    role, number = row["role"], row["event"]
    if role != TRIGGER and role not in ROLES:
        known = ", ".join((TRIGGER, *ROLES))
        raise reading.refuse(f"unknown role {role!r}; one of document, title, meta, {known}", line, held.id)
    if not number:
        raise reading.refuse("the row names no event", line, held.id)
    if held.types.setdefault(number, row["type"]) != row["type"]:
        raise reading.refuse(f"event {number} is {held.types[number]} and {row['type']}", line, held.id)
    edges = [_number(row[column]) for column in ("start", "end")]
    span = reading.span(held.text, *edges, line=line, document=held.id, said=row["text"])
    if role != TRIGGER:
        held.fillers.setdefault(number, {}).setdefault(role, []).append(span)
    elif held.triggers.setdefault(number, span) != span:
        raise reading.refuse(f"event {number} has two triggers", line, held.id)


def _number(cell: str) -> int | str:
    return int(cell) if cell.isascii() and cell.isdigit() and len(cell) < 10 else cell
