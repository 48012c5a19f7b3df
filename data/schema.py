"""The annotated document: text, events, spans. Frozen dataclasses and the rules every one of them obeys.

Offsets are half-open and count Unicode code points of the document's own text; ``text[s.start:s.end] == s.text``
always. The meaning of roles and types is in ``GUIDELINES.md`` beside this file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from .errors import DataError

ROLES = ("attacker", "target", "count", "location", "source")
TRIGGER = "trigger"
EVENT_TYPES = (
    "airstrike",
    "shelling",
    "bombing",
    "shooting",
    "clash",
    "kidnapping",
    "execution",
    "stabbing",
    "arson",
    "other",
)

#: A word: a run of letters, or of digits, with the marks written on or inside it. Digits glued to letters are a
#: word of their own ("12جندي" is a count and a target in real copy). Every other non-blank character stands alone.
#: Tatweel, ZWNJ and bidi marks never end a word; an underscore does (hashtags join words with it).
MARKS = (
    "\u0300-\u036f\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed\u08d3-\u08ff"
    "\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufe20-\ufe2f\ufeff\u00ad"
)
WORD = re.compile(rf"(?:\d[{MARKS}]*)+|(?:[^\W\d_]|[{MARKS}])+|\S")


@dataclass(frozen=True, slots=True)
class Span:
    """A run of text. ``start`` and ``end`` are code-point offsets, end exclusive; ``text`` repeats the slice."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Event:
    """One attack: its type, the word that names it, and for each role the spans that fill it, in text order."""

    type: str
    trigger: Span | None
    attacker: tuple[Span, ...] = ()
    target: tuple[Span, ...] = ()
    count: tuple[Span, ...] = ()
    location: tuple[Span, ...] = ()
    source: tuple[Span, ...] = ()

    def spans(self) -> Iterator[tuple[str, Span]]:
        """Every (role, span) of the five roles; the trigger is not among them."""
        for role in ROLES:
            for span in getattr(self, role):
                yield role, span


@dataclass(frozen=True, slots=True)
class Document:
    """One report with zero or more events. ``meta`` holds whatever the file says beside (outlet, date, theatre)."""

    id: str
    text: str
    title: str = ""
    events: tuple[Event, ...] = ()
    meta: Mapping[str, Any] = field(default_factory=dict)

    def role_spans(self) -> list[tuple[str, Span]]:
        """Each distinct (role, span) of the document once, in text order, however many events share it."""
        found = {(s.start, s.end, role): s for event in self.events for role, s in event.spans()}
        return [(key[2], found[key]) for key in sorted(found)]

    def triggers(self) -> list[Span]:
        """The distinct triggers in text order."""
        found = {(e.trigger.start, e.trigger.end): e.trigger for e in self.events if e.trigger}
        return [found[key] for key in sorted(found)]


def words(text: str) -> list[tuple[int, int]]:
    """Offsets of every word and every lone punctuation mark of ``text``, in order, never overlapping."""
    return [match.span() for match in WORD.finditer(text)]


def check_document(doc: Document, *, file: str | None = None, line: int | None = None) -> None:
    """Raise `DataError` at the first rule that ``doc`` breaks: offsets, whole words, roles, types, overlaps."""
    for problem in faults(doc):
        raise DataError(problem, file=file, line=line, document=doc.id)


def faults(doc: Document) -> Iterator[str]:
    """Every rule of the schema that ``doc`` breaks, one sentence each; nothing for a sound document."""
    for name, value in (("title", doc.title), ("text", doc.text)):
        lone = re.search("[\ud800-\udfff]", value)
        if lone:  # JSON can smuggle one in by escape; no file in UTF-8 could hold it
            yield f"{name}: half a surrogate pair at character {lone.start()}; it is no Unicode character"
    edges = words(doc.text)
    starts, ends = {a for a, _ in edges}, {b for _, b in edges}
    taken: dict[tuple[int, int], str] = {}
    for number, event in enumerate(doc.events, 1):
        if event.type not in EVENT_TYPES:
            yield f"event {number}: unknown type {event.type!r}; one of {', '.join(EVENT_TYPES)}"
        if event.trigger is None:
            yield f"event {number}: no trigger; exactly one word must name the event"
        seen: set[tuple[int, int]] = set()
        for role, span in [(TRIGGER, event.trigger), *event.spans()]:
            if span is None:
                continue
            where = f"event {number}: {role} [{span.start}, {span.end}) {span.text!r}"
            problem = _misplaced(doc.text, span, starts, ends)
            if problem:
                yield f"{where}: {problem}"
                continue
            key = (span.start, span.end)
            if key in seen:
                yield f"{where}: stands twice in the same event"
            elif taken.setdefault(key, role) != role:
                yield f"{where}: the same words are already {taken[key]}; a mention bears one role"
            seen.add(key)
    for (a1, a2), (b1, b2) in pairwise(sorted(taken)):
        if b1 < a2:
            yield (
                f"{taken[a1, a2]} [{a1}, {a2}) {doc.text[a1:a2]!r} and {taken[b1, b2]} [{b1}, {b2}) "
                f"{doc.text[b1:b2]!r} overlap"
            )


def _misplaced(text: str, span: Span, starts: set[int], ends: set[int]) -> str | None:
    if not 0 <= span.start < span.end <= len(text):
        return f"offsets outside the text of {len(text)} characters"
    if text[span.start : span.end] != span.text:
        return f"the text there is {text[span.start : span.end]!r}"
    if span.start not in starts or span.end not in ends:
        edge = "begins" if span.start not in starts else "ends"
        return f"{edge} inside a word or on white space; spans are whole words"
    return None
