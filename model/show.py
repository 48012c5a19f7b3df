"""A prediction as HTML, for notebooks and pages: the text with every span marked, and a table of the events.

Pure string building: no template, no script, no style sheet, so that a notebook, an e-mail or a page shows the same.
All text is escaped. The text runs right to left, and so does each span in an isolate (``<bdi>``) of its own: labels
never reorder the words about them, and Latin names and numbers stand where plain Arabic text has them. Leaves out
fonts and layout, which are the page's.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from ..data.schema import ROLES

if TYPE_CHECKING:
    from .frames import CountMention, EventFrame, Mention, Prediction

#: Background of each kind of span: light, under dark letters, and told apart by those who see few colours, for the
#: label names the role as well.
COLOURS = {
    "attacker": "#ffd5cc",
    "target": "#cfe8ff",
    "count": "#fff0b3",
    "location": "#d5f0d0",
    "source": "#e6dcf7",
    "trigger": "#e2e2e2",
}
_LABEL = "font:0.7em sans-serif;padding-inline-end:0.4em;white-space:nowrap;user-select:none"
_CELL = "text-align:start;vertical-align:top;padding:0.2em 0.6em;color:#111"
#: Two numbers with a sign between: their order is that of the Arabic before them, which an isolate would hide.
_RANGE = re.compile(r"[0-9][^\w\s]+[0-9]")
_ARABIC_MARK = "\u061c"


def safe(text: str) -> str:
    """``text`` for HTML: escaped, control characters shown as their pictures, halves of characters as U+FFFD."""
    shown = "".join(
        chr(0x2400 + ord(c)) if c < " " and c not in "\t\n\r" else "\ufffd" if "\ud800" <= c <= "\udfff" else c
        for c in text
    )
    return escape(shown)


def amount(mention: CountMention) -> str:
    """'40 killed', '≥ 12 wounded', '20–99 casualties': the number as read, and its kind."""
    if mention.min is None and mention.max is None and mention.value is None:
        return mention.kind
    if mention.value is not None and mention.min in (None, mention.value) and mention.max in (None, mention.value):
        about = "~" if mention.approximate else ("≥ " if mention.min is not None and mention.max is None else "")
        return f"{about}{mention.value} {mention.kind}"
    if mention.max is None:
        return f"≥ {mention.min} {mention.kind}"
    if mention.min is None:
        return f"≤ {mention.max} {mention.kind}"
    return f"{mention.min}–{mention.max} {mention.kind}"


def html_of(prediction: Prediction) -> str:
    """One ``<div class="adwar">``: the marked text, and beneath it a row for each event."""
    return (
        '<div class="adwar" dir="rtl" style="text-align:start;max-width:60em">'
        f"{marked_text(prediction.text, marks_of(prediction))}{event_table(prediction.frames)}</div>"
    )


def marks_of(prediction: Prediction) -> list[tuple[int, int, str, str]]:
    """(start, end, kind, label) of every span and trigger, in text order. The label ends with the numbers of the
    events that the span serves, counted from 1."""
    served: dict[tuple[int, int, str], list[int]] = {}
    for number, frame in enumerate(prediction.frames, 1):
        if frame.trigger:
            served.setdefault((frame.trigger.start, frame.trigger.end, "trigger"), []).append(number)
        for role in ROLES:
            for mention in getattr(frame, role):
                served.setdefault((mention.start, mention.end, role), []).append(number)
    kinds = {(s.start, s.end, s.role) for s in prediction.spans} | {key for key in served if key[2] == "trigger"}
    marks = []
    for start, end, kind in sorted(kinds):
        numbers = served.get((start, end, kind), [])
        type_ = prediction.frames[numbers[0] - 1].type if kind == "trigger" else kind
        marks.append((start, end, kind, " ".join([type_, ",".join(map(str, numbers))]).strip()))
    return marks


def marked_text(text: str, marks: Iterable[tuple[int, int, str, str]]) -> str:
    """``text`` as a right-to-left paragraph with ``marks`` (start, end, kind, label) in it. Where marks overlap, each
    shared stretch is marked once for every one of them."""
    parts = []
    for start, end, kinds in _stretches(len(text), sorted(marks)):
        piece = safe(text[start:end])
        for kind, label in kinds:
            lead = _ARABIC_MARK if _needs_mark(text, start, end) else ""
            piece = (
                f'<mark class="adwar-{escape(kind)}" style="background:{COLOURS.get(kind, "#eee")};color:#111;'
                f'padding:0.1em 0.2em;border-radius:0.25em"><bdi dir="rtl">{lead}{piece}</bdi>'
                f'<bdi dir="ltr" class="adwar-label" style="{_LABEL}">{safe(label)}</bdi></mark>'
            )
        parts.append(piece)
    return (
        '<p class="adwar-text" lang="ar" dir="rtl" style="white-space:pre-wrap;line-height:2;margin:0">'
        f"{''.join(parts)}</p>"
    )


def _stretches(
    length: int, marks: Sequence[tuple[int, int, str, str]]
) -> Iterator[tuple[int, int, list[tuple[str, str]]]]:
    """The text cut at every edge of a mark: (start, end, the marks upon it)."""
    edges = sorted({0, length, *(m[0] for m in marks), *(m[1] for m in marks)})
    waiting, open_ = list(reversed(marks)), []
    for start, end in pairwise(edges):
        while waiting and waiting[-1][0] <= start:
            open_.append(waiting.pop())
        open_ = [m for m in open_ if m[1] > start]
        yield start, end, [(kind, label) for _, _, kind, label in open_]


def _needs_mark(text: str, start: int, end: int) -> bool:
    """Whether the stretch holds a range of numbers that Arabic letters before it turn right to left."""
    if not _RANGE.search(text, start, end):
        return False
    strong = next((c for c in reversed(text[:start]) if unicodedata.bidirectional(c) in ("L", "R", "AL")), "")
    return bool(strong) and unicodedata.bidirectional(strong) == "AL"


def event_table(frames: Sequence[EventFrame]) -> str:
    """A table: number, type, trigger and score of each event, and the names that fill its roles."""
    if not frames:
        return '<p class="adwar-none" dir="ltr" style="opacity:0.7">nothing to report: no attack is told</p>'
    head = "".join(
        f'<th style="{_CELL};background:{COLOURS.get(name, "#f4f4f4")}">{name}</th>'
        for name in ("event", "trigger", *ROLES)
    )
    return (
        '<table class="adwar-events" style="border-collapse:collapse;background:#fff;margin-top:0.8em">'
        f"<thead><tr>{head}</tr></thead><tbody>{''.join(map(_row, range(1, len(frames) + 1), frames))}</tbody></table>"
    )


def _row(number: int, frame: EventFrame) -> str:
    named = _names([frame.trigger] if frame.trigger else [])
    cells = [f'<bdi dir="ltr">{number}. {safe(frame.type)} {frame.score:.2f}</bdi>', named]
    cells += [_names(getattr(frame, role)) for role in ROLES]
    return "<tr>" + "".join(f'<td style="{_CELL}">{cell}</td>' for cell in cells) + "</tr>"


def _names(mentions: Iterable[Mention]) -> str:
    return "<br>".join(_name(m) for m in mentions)


def _name(mention: Any) -> str:
    told = (
        f' <bdi dir="ltr" style="white-space:nowrap">({safe(amount(mention))})</bdi>'
        if hasattr(mention, "kind")
        else ""
    )
    return f'<bdi dir="rtl" title="{mention.start}–{mention.end}, {mention.score:.2f}">{safe(mention.name)}</bdi>{told}'
