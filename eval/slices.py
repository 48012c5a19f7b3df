"""Strict span scores on slices of the documents and of the spans: where a model is weak.

A slice is a key and its values; each value has precision, recall and F1 with a 95% interval and its counts;
``documents`` are those with a gold or predicted span in the slice.
*Of documents*, taken whole: ``length`` (terciles of word counts of the documents scored), ``events`` (how many),
``theatre`` and ``voice`` (from ``meta``; left out if no document says). *Of spans*, read off the gold span for recall
and off the predicted span for precision, by the same rule, so that an exact hit falls into one slice on both sides:

- ``position``: in which third of the text the span starts;
- ``count``: written with digits or with words (role count alone);
- ``tashkeel``: whether a mark of vocalisation stands in the span (tanwin included: most print writes "شخصاً");
- ``attached``: whether its first word carries و ف ب ك ل or س. Known by the surface alone: a letter before a figure,
  before ال (or لل), or one whose rest, of three letters or more, is itself a word of the documents; so a rest that
  the documents never write goes unseen, and a word such as "فرد" is safe only for its short rest;
- ``surface``: seen or unseen as a gold mention of any role in the training documents, marks apart (only if given);
- ``type``: recall over the spans of gold events of a type, precision over the spans of predicted frames of it. A
  span is right if it is exact, whatever type its frame has, so the two sides may differ and no interval is given.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np

from ..data.schema import MARKS, Document, words
from .intervals import f1_interval
from .scores import Score

Found = tuple[str, int, int]
#: The values of one slice that a span has: gold or predicted, its document, and the events or frames it stands in.
Values = Callable[[Document, Found, Sequence[Any]], Iterable[str]]
_TASHKEEL = re.compile("[\u064b-\u0652\u0670]")
_MARKS = re.compile(f"[{MARKS}]")
_ORDER = ("short", "middle", "long", "first", "second", "last")
_BEFORE_FIGURE = re.compile(r"[وفبلك]{1,2}\d")
_BEFORE_ARTICLE = re.compile(r"[وفبك]{1,2}ال\w|[وف]?لل\w")


def slices(
    docs: Sequence[Document], predictions: Sequence[Any], training: Sequence[Document] = ()
) -> dict[str, dict[str, dict[str, Any]]]:
    """``{slice: {value: scores}}``, JSON-ready; a prediction needs ``spans`` and ``frames``."""
    vocabulary = {_surface(d.text[a:b]) for d in (*docs, *training) for a, b in words(d.text)}
    seen = {_surface(span.text) for d in training for _, span in d.role_spans()}
    rules: dict[str, Values] = {"length": _lengths(docs), "events": lambda d, f, e: [_number(len(d.events))]}
    for key in ("theatre", "voice"):
        if any(key in d.meta for d in docs):
            rules[key] = lambda d, f, e, key=key: [str(d.meta.get(key, "not given"))]  # type: ignore[misc]
    rules |= {
        "position": lambda d, f, e: [("first third", "second third", "last third")[3 * f[1] // len(d.text)]],
        "count": lambda d, f, e: [_writing(d.text[f[1] : f[2]])] if f[0] == "count" else [],
        "tashkeel": lambda d, f, e: ["with" if _TASHKEEL.search(d.text[f[1] : f[2]]) else "without"],
        "attached": lambda d, f, e: ["with" if attached(d.text[f[1] : f[2]], vocabulary) else "without"],
    }
    if training:
        rules["surface"] = lambda d, f, e: ["seen" if _surface(d.text[f[1] : f[2]]) in seen else "unseen"]
    rules["type"] = lambda d, f, e: sorted({one.type for one in e if _holds(one, f)}) or ["in no frame"]
    return {name: _scores(docs, predictions, values) for name, values in rules.items()}


def attached(span_text: str, vocabulary: set[str]) -> bool:
    """Whether the first word of a span carries an attached letter, as far as its surface and ``vocabulary`` tell."""
    text = _surface(span_text)
    if _BEFORE_FIGURE.match(text) or _BEFORE_ARTICLE.match(text):
        return True
    first = text.split()[0] if text.split() else ""
    return first[:1] in tuple("وفبلكس") and len(first) > 3 and first[1:] in vocabulary


def _surface(text: str) -> str:
    return " ".join(_MARKS.sub("", text).split())


def _number(events: int) -> str:
    return str(events) if events < 3 else "3 or more"


def _writing(text: str) -> str:
    return "digits" if any(c.isdecimal() for c in text) else "words"


def _holds(event: Any, found: Found) -> bool:
    return any((m.start, m.end) == found[1:] for m in getattr(event, found[0]))


def _lengths(docs: Sequence[Document]) -> Values:
    sizes = [len(words(d.text)) for d in docs] or [0]
    low, high = (int(q) for q in np.quantile(sizes, [1 / 3, 2 / 3]))

    def values(doc: Document, found: Found, events: Sequence[Any]) -> list[str]:
        size = len(words(doc.text))
        if size <= low:
            return [f"short, to {low} words"]
        return [f"middle, to {high} words"] if size <= high else [f"long, over {high} words"]

    return values


def _scores(docs: Sequence[Document], predictions: Sequence[Any], values: Values) -> dict[str, dict[str, Any]]:
    parts: dict[str, list[Score]] = {}
    for doc, prediction in zip(docs, predictions, strict=True):
        gold = {(role, s.start, s.end) for role, s in doc.role_spans()}
        found = {(s.role, s.start, s.end) for s in prediction.spans}
        one: dict[str, Score] = {}
        for span in gold:
            for value in values(doc, span, doc.events):
                one[value] = one.get(value, Score()) + Score(0, 1, 0, span in found)
        for span in found:
            for value in values(doc, span, prediction.frames):
                one[value] = one.get(value, Score()) + Score(1, 0, span in gold, 0)
        for value, score in one.items():
            parts.setdefault(value, []).append(score)
    return {value: _row(parts[value]) for value in sorted(parts, key=_rank)}


def _rank(value: str) -> tuple[int, str]:
    """Thirds and terciles in their own order, all else by the alphabet."""
    first = re.split(r"\W", value, maxsplit=1)[0]
    return (_ORDER.index(first) if first in _ORDER else 0, value)


def _row(parts: Sequence[Score]) -> dict[str, Any]:
    row = {"documents": len(parts), **sum(parts, Score()).to_dict()}
    if all(s.right_predicted == s.right_gold for s in parts):
        counts = np.array([[s.predicted, s.gold, s.right_gold] for s in parts], dtype=float)
        row["interval"] = list(f1_interval(counts))
    return row


def slices_table(report: dict[str, dict[str, dict[str, Any]]]) -> str:
    """Plain text, fixed width: one block a slice."""
    lines = []
    for name, values in report.items():
        lines.append(f"{name:<26}{'P':>7}{'R':>7}{'F1':>7}  {'95%':<14}{'gold':>6}{'found':>7}{'docs':>6}")
        for value, s in values.items():
            spread = f"{s['interval'][0]:.3f}–{s['interval'][1]:.3f}" if "interval" in s else ""
            lines.append(
                f"  {value:<24}{s['precision']:>7.3f}{s['recall']:>7.3f}{s['f1']:>7.3f}  {spread:<14}"
                f"{s['gold']:>6.0f}{s['predicted']:>7.0f}{s['documents']:>6}"
            )
    return "\n".join(lines)
