"""What every reader does with what it found: spans made from offsets and checked, documents settled or refused.

A span is refused where its offsets leave the text or where the file's own words for it differ from the text there:
with its own words at hand, `repair` moves it to the one place where they stand; else nothing can know what was meant.
A span that breaks a word is refused too, or widened to whole words on request,
and each widening is told in ``report.repaired``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ..errors import DataError
from ..jsonl import widen_to_words
from ..schema import ROLES, TRIGGER, Document, Event, Span, check_document, words
from .offsets import placed, spots_of
from .report import Report

SHIFTED = (
    "offsets counted in other units (UTF-16, graphemes) shift like this behind an emoji; repair moves the span to "
    "where these words stand, if that is one place"
)


@dataclass(slots=True)
class Reading:
    """One pass over one file: where errors point to, whether to repair, and the ids already used."""

    file: str
    repair: bool = False
    report: Report = field(default_factory=Report)
    seen: dict[str, str] = field(default_factory=dict)
    edges: tuple[str, frozenset[int], frozenset[int]] = ("", frozenset(), frozenset())  # of the text read last
    spots: tuple[Sequence[int] | None, dict[int, int]] = field(default=(None, {}))  # of the units used last

    def refuse(self, problem: str, line: int | None = None, document: str | None = None) -> DataError:
        return DataError(problem, file=self.file, line=line, document=document)

    def span(
        self,
        text: str,
        start: object,
        end: object,
        *,
        line: int | None,
        document: str,
        said: str | None = None,
        units: Sequence[int] | None = None,
        counted: str = "UTF-16 units",
        whole: bool = True,
    ) -> Span:
        """The span of ``text`` from ``start`` to ``end``. ``said``: the file's own words for it, which must be the
        same. ``units``: the offset of each code point as the file counts, in units
        called ``counted``. ``whole``: whole words, unless repaired
        later; off for pieces that are joined first. Raises `DataError`."""
        if type(start) is not int or type(end) is not int:
            raise self.refuse(f"start and end must be integers, found {start!r} and {end!r}", line, document)
        where = f"[{start}, {end})" + (f" {said!r}" if said is not None else "")
        a, b, problem = self._spot(text, start, end, units, counted)
        if not problem and said is not None and said != text[a:b]:
            problem = f"the text there is {text[a:b]!r}; {SHIFTED}"
        if problem:
            found = placed(text, start, end, said) if self.repair and said else None
            if found is None:
                raise self.refuse(f"{where}: {problem}", line, document)
            a, b = found
            self.report.repaired.append(
                str(self.refuse(f"{where} moved to [{a}, {b}), where its words stand", line, document))
            )
        if whole and not self.repair:
            self._refuse_broken_words(text, a, b, line, document)
        return Span(a, b, text[a:b])

    def _spot(
        self, text: str, start: int, end: int, units: Sequence[int] | None, counted: str
    ) -> tuple[int, int, str | None]:
        """(start, end) in code points, and what is wrong with them, if anything is."""
        if units is not None:
            if self.spots[0] is not units:
                self.spots = units, spots_of(units)
            spots = self.spots[1]
            if start not in spots or end not in spots:
                inside = 0 <= start <= units[-1] and 0 <= end <= units[-1]
                problem = "offsets cut a character in two" if inside else "offsets outside the text"
                return 0, 0, f"{problem} of {units[-1]} {counted}"
            start, end = spots[start], spots[end]
        if not 0 <= start < end <= len(text):
            return 0, 0, f"offsets outside the text of {len(text)} characters"
        return start, end, None

    def _refuse_broken_words(self, text: str, start: int, end: int, line: int | None, document: str) -> None:
        """The schema's rule once more, so that the error bears the line of the span and not of its document."""
        if self.edges[0] != text:
            spots = words(text)
            self.edges = text, frozenset(a for a, _ in spots), frozenset(b for _, b in spots)
        if start not in self.edges[1] or end not in self.edges[2]:
            edge = "begins" if start not in self.edges[1] else "ends"
            problem = f"{edge} inside a word or on white space; spans are whole words (repair widens them)"
            raise self.refuse(f"[{start}, {end}) {text[start:end]!r}: {problem}", line, document)

    def loose(self, problem: str, line: int | None, document: str) -> None:
        """A mention that no event owns: our documents have no place for it. Refused, or dropped and told."""
        if not self.repair:
            raise self.refuse(f"{problem}; link it to a trigger or delete it (repair drops it)", line, document)
        self.report.repaired.append(str(self.refuse(f"{problem}: dropped", line, document)))

    def settle(self, doc: Document, line: int | None = None) -> Document:
        """``doc`` if it is sound and its id new; with ``repair`` its spans are widened first. Raises `DataError`."""
        if self.repair:
            before, doc = doc, mended(doc)
            for change in changes(before, doc):
                self.report.repaired.append(str(self.refuse(change, line, doc.id)))
        check_document(doc, file=self.file, line=line)
        if doc.id in self.seen:
            raise self.refuse(f"id already used at {self.seen[doc.id]}", line, doc.id)
        self.seen[doc.id] = f"line {line}" if line is not None else self.file
        self.report.documents += 1
        return doc


def mended(doc: Document) -> Document:
    """``doc`` with its spans widened to whole words, and without what then overlaps: a trigger gives way to an earlier
    trigger (and takes its event along), a filler to any trigger."""
    wide = widen_to_words(doc)
    triggers: list[Span] = []
    kept: list[Span | None] = []
    for event in wide.events:
        free = event.trigger and all(event.trigger == t or not _overlap(event.trigger, t) for t in triggers)
        kept.append(event.trigger if free else None)
        triggers += [event.trigger] if event.trigger and free else []
    events = []
    for old, event, trigger in zip(doc.events, wide.events, kept, strict=True):
        if trigger is None and old.trigger is not None:
            continue
        fillers = {
            role: tuple(s for s in getattr(event, role) if not any(_overlap(s, t) for t in triggers)) for role in ROLES
        }
        events.append(Event(event.type, trigger, **fillers))
    return Document(doc.id, doc.text, doc.title, tuple(events), doc.meta)


def _overlap(a: Span, b: Span) -> bool:
    return a.start < b.end and b.start < a.end


def changes(before: Document, after: Document) -> Iterator[str]:
    """A sentence for every span of ``before`` that ``after``, its `mended` self, has widened or dropped."""
    rest = list(after.events)
    for number, old in enumerate(before.events, 1):
        new = rest[0] if rest and _same(old, rest[0]) else None
        if new is None:
            yield f"event {number} ({old.type}): dropped, its trigger {_told(old.trigger)} would overlap another"
            continue
        rest.pop(0)
        kept = _mentions(new)
        for role, span in _mentions(old):
            if (role, span) in kept:
                continue
            now = next((s for r, s in kept if r == role and s.start <= span.start and span.end <= s.end), None)
            became = f"widened to {_told(now)}" if now else "dropped, it would overlap another or holds no word"
            yield f"event {number}: {role} {_told(span)} {became}"


def _same(old: Event, new: Event) -> bool:
    if old.trigger is None or new.trigger is None:
        return old.trigger is new.trigger
    return old.type == new.type and _overlap(old.trigger, new.trigger)


def _told(span: Span | None) -> str:
    return f"[{span.start}, {span.end}) {span.text!r}" if span else "(none)"


def _mentions(event: Event) -> list[tuple[str, Span]]:
    return [*([(TRIGGER, event.trigger)] if event.trigger else []), *event.spans()]
