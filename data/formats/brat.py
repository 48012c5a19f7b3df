"""brat standoff: a folder with a ``.txt`` and an ``.ann`` for each document, and an ``annotation.conf`` for brat.

Holds the text to the last character, spans (``T``), events with roles (``E``), the event's type (``A``: attribute
``type`` of an event ``attack``). Offsets are code points, as brat counts. A span over a line break is written in
fragments, as brat asks, and read back as one. The id is the file's name, percent-encoded where a name may not bear it.
Cannot hold: titles and meta; the order of documents (files are read by name). Not read, but counted: notes,
relations, normalizations, other attributes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from urllib.parse import quote, unquote

from ..errors import DataError
from ..schema import EVENT_TYPES, ROLES, Document, Event, Span
from ..whole_file import whole_folder
from .reading import Reading
from .report import Report, checked, read_text

ATTACK = "attack"
_LINE_BREAK = re.compile(r"\s*\n\s*")
_CONF = "[entities]\n{entities}\n\n[relations]\n\n[events]\n{events}\n\n[attributes]\n{attributes}\n"


def write_brat(docs: Iterable[Document], path: str | Path) -> Report:
    """Write ``docs`` into a new folder ``path``, whole or not at all."""
    report = Report()
    with whole_folder(path) as folder:
        for doc in checked(docs):
            name = _name_of(doc.id)
            if len(name.encode()) > 240:
                raise DataError("the id is too long to be a file's name; shorten it", document=doc.id)
            if (folder / f"{name}.txt").exists():  # names that differ in case only, on a disk that does not care
                raise DataError("another document's id gives the same file name here", document=doc.id)
            (folder / f"{name}.txt").write_bytes(doc.text.encode("utf-8"))
            (folder / f"{name}.ann").write_bytes("".join(f"{line}\n" for line in _lines(doc)).encode("utf-8"))
            report.documents += 1
            report.lost.update({"title": int(bool(doc.title)), "meta": int(bool(doc.meta))})
        (folder / "annotation.conf").write_text(_conf(), encoding="utf-8")
    return report


def _name_of(identity: str) -> str:
    name = quote(identity, safe=" ()+,=@")
    return "%2E" + name[1:] if name.startswith(".") else name.replace("~", "%7E")


def _conf() -> str:
    fillers = ", ".join(f"{role}*:{role}" for role in ROLES)
    attributes = f"type\tArg:{ATTACK}, Value:{'|'.join(EVENT_TYPES)}"
    return _CONF.format(entities="\n".join(ROLES), events=f"{ATTACK}\t{fillers}", attributes=attributes)


def _lines(doc: Document) -> Iterator[str]:
    names: dict[tuple[int, int], str] = {}
    for role, span in doc.role_spans():
        names[span.start, span.end] = f"T{len(names) + 1}"
        yield f"{names[span.start, span.end]}\t{role} {_fragments(doc.text, span)}"
    for number, event in enumerate(doc.events, 1):
        assert event.trigger is not None  # checked
        trigger = f"T{len(names) + number}"
        yield f"{trigger}\t{ATTACK} {_fragments(doc.text, event.trigger)}"
        fillers = [
            f" {role}{n if n > 1 else ''}:{names[span.start, span.end]}"
            for role in ROLES
            for n, span in enumerate(getattr(event, role), 1)
        ]
        yield f"E{number}\t{ATTACK}:{trigger}{''.join(fillers)}"
        yield f"A{number}\ttype E{number} {event.type}"


def _fragments(text: str, span: Span) -> str:
    """Offsets of the span's lines and, behind a tab, their words joined by blanks."""
    edges = [span.start]
    for gap in _LINE_BREAK.finditer(text, span.start, span.end):
        edges += gap.span()
    edges.append(span.end)
    spots = list(zip(edges[::2], edges[1::2], strict=True))
    return ";".join(f"{a} {b}" for a, b in spots) + "\t" + " ".join(text[a:b] for a, b in spots)


def read_brat(path: str | Path, *, repair: bool = False, report: Report | None = None) -> Iterator[Document]:
    """The documents of folder ``path``, by name. Raises `DataError` with the ``.ann``, its line and the document."""
    folder, report = Path(path), report if report is not None else Report()
    if not folder.is_dir():
        raise DataError("brat keeps its documents in a folder; this is none", file=str(path))
    names = sorted({p.stem for p in folder.iterdir() if p.suffix in (".txt", ".ann")})
    if not names and not (folder / "annotation.conf").exists():
        raise DataError("the folder holds no .txt with an .ann", file=str(path))
    for name in names:
        identity = unquote(name)
        for suffix, other in ((".txt", "text"), (".ann", "annotations; an empty file says that there are none")):
            if not (folder / (name + suffix)).exists():
                raise DataError(f"the document has no {other}", file=str(folder / (name + suffix)), document=identity)
        reading = Reading(str(folder / f"{name}.ann"), repair, report)
        text = read_text(folder / f"{name}.txt")
        yield reading.settle(Document(identity, text, events=_events(reading, text, identity)))


def _events(reading: Reading, text: str, doc: str) -> tuple[Event, ...]:
    spans: dict[str, tuple[str, Span, int]] = {}
    frames: dict[str, tuple[list[str], int]] = {}
    types: dict[str, str] = {}
    for line, row in enumerate(read_text(reading.file).split("\n"), 1):
        name, *rest = row.rstrip("\r").split("\t", 2)
        if not name:
            continue
        fields = rest[0].split(" ") if rest else []
        if name in spans or name in frames:
            raise reading.refuse(f"{name} stands twice", line, doc)
        if name[0] == "T" and len(rest) == 2 and len(fields) >= 3:
            spans[name] = (fields[0], _span(reading, text, rest[0].partition(" ")[2], rest[1], line, doc), line)
        elif name[0] == "E" and fields:
            frames[name] = ([f for f in fields if f], line)
        elif name[0] == "A" and len(fields) == 3 and fields[0] == "type":
            types[fields[1]] = fields[2]
        elif name[0] in "RNAM#*" and rest:
            reading.report.lost["brat notes, relations, attributes"] += 1
        else:
            raise reading.refuse(f"no line of brat's: {row[:60]!r}", line, doc)
    used: set[str] = set()
    events = tuple(_event(reading, n, frames[n], spans, types, used, doc) for n in frames)
    for name, (label, span, line) in spans.items():
        if name not in used:
            reading.loose(f"{name} {label} [{span.start}, {span.end}) {span.text!r} belongs to no event", line, doc)
    return events


def _span(reading: Reading, text: str, spots: str, said: str, line: int, doc: str) -> Span:
    try:
        pieces = [tuple(map(int, spot.split(" "))) for spot in spots.split(";")]
        found = [reading.span(text, a, b, line=line, document=doc) for a, b in pieces]
    except ValueError as error:
        if isinstance(error, DataError):
            raise
        raise reading.refuse(f"offsets expected, found {spots!r}", line, doc) from None
    words = " ".join(s.text for s in found)
    if said != words and said.rstrip() != words:
        raise reading.refuse(f"[{spots}] {said!r}: the text there is {words!r}", line, doc)
    start, end = found[0].start, found[-1].end
    for one, two in pairwise(found):
        if text[one.end : two.start].strip() or two.start < one.end:
            raise reading.refuse(f"[{spots}] {said!r}: a span in pieces; ours are whole", line, doc)
    return Span(start, end, text[start:end])


def _event(
    reading: Reading,
    name: str,
    frame: tuple[list[str], int],
    spans: dict[str, tuple[str, Span, int]],
    types: dict[str, str],
    used: set[str],
    doc: str,
) -> Event:
    fields, line = frame
    if not fields:
        raise reading.refuse(f"{name} names no trigger", line, doc)
    trigger: Span | None = None
    fillers: dict[str, list[Span]] = {}
    for position, field in enumerate(fields):
        label, _, target = field.partition(":")
        role = label.rstrip("0123456789")
        if target not in spans:
            raise reading.refuse(f"{name} names {target!r}, which is no span of this file", line, doc)
        used.add(target)
        if position == 0:
            if spans[target][0] != label:
                raise reading.refuse(f"{name}: {field} is marked {spans[target][0]!r}", line, doc)
            trigger = spans[target][1]
            types.setdefault(name, label)  # a project whose events are named by type needs no attribute
        elif role not in ROLES or spans[target][0] != role:
            raise reading.refuse(
                f"{name}: {field} is marked {spans[target][0]!r}; roles: {', '.join(ROLES)}", line, doc
            )
        else:
            fillers.setdefault(role, []).append(spans[target][1])
    if types.get(name) not in EVENT_TYPES:
        raise reading.refuse(f"{name} has no attribute 'type' of {', '.join(EVENT_TYPES)}", line, doc)
    return Event(types[name], trigger, **{role: tuple(sorted(s, key=lambda s: s.start)) for role, s in fillers.items()})
