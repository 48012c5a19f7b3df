"""A text with its spans as HTML: right to left, every span an isolate of its own, every character of it escaped.

Offsets are code points of the text. Latin names and digits keep their place because each span stands in a ``<bdi>``
inside a block of known direction. Characters that steer direction or print nothing are shown by their number instead
of being passed on: one of them could turn the rest of a page around, or hide a word. What it leaves out: any change to
the text itself; role letters and signs of error are drawn by the style sheet, so that copying gives the text alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import escape
from itertools import pairwise
from typing import Any

#: Controls but for tab and line break, bidi embeddings and isolates, and lone surrogates, which no file can hold.
_UNSAFE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff\ufffe\uffff]")
SIGNS = {"right": "", "boundary": "≈", "role": "⇄", "missed": "∅", "spurious": "+"}


def visible(text: str) -> str:
    """``text`` with unsafe characters as ``[U+202E]``; not escaped."""
    return _UNSAFE.sub(lambda m: f"[U+{ord(m[0]):04X}]", text)


def shown(text: str) -> str:
    """``text`` escaped for an element or a quoted attribute; unsafe characters as ``[U+202E]``."""
    return escape(visible(text), quote=True)


def isolated(text: str) -> str:
    """A run of any direction on one line, apart from its neighbours."""
    return f"<bdi>{shown(' '.join(text.split()))}</bdi>"


def arabic(inner: str, tag: str = "p") -> str:
    """A block of HTML that runs from right to left."""
    return f'<{tag} dir="rtl" lang="ar" class="ar">{inner}</{tag}>'


def marked_text(text: str, spans: Sequence[Mapping[str, Any]]) -> str:
    """``text`` with its ``spans`` marked. A span has ``start``, ``end``, ``role``, and maybe ``kind`` (of `SIGNS`),
    ``score``, ``id`` (of the element) and ``error`` (the name that gold and prediction share).

    Raises ValueError if spans overlap or lie outside the text.
    """
    parts = []
    at = 0
    for span in sorted(spans, key=lambda s: (s["start"], s["end"])):
        if not at <= span["start"] < span["end"] <= len(text):
            raise ValueError(
                f"span [{span['start']}, {span['end']}) overlaps another or lies outside the text of {len(text)}"
            )
        parts += [shown(text[at : span["start"]]), _span(text[span["start"] : span["end"]], span)]
        at = span["end"]
    return "".join([*parts, shown(text[at:])])


def _span(words: str, span: Mapping[str, Any]) -> str:
    kind = span.get("kind", "right")
    role = span["role"]
    score = "" if span.get("score") is None else f", score {span['score']:.2f}"
    told = f"{role}{score}" if kind == "right" else f"{role}{score}: {kind}"
    attributes = [
        f'class="s {shown(role)} {shown(kind)}"',
        f'data-mark="{shown(role[:1].upper())}{SIGNS.get(kind, "")}"',
        f'title="{shown(told)}"',
    ]
    if not any(c.isalpha() for c in words):
        attributes.append('dir="rtl"')  # digits alone have no direction; their mark is to stand where all others do
    attributes += [f'id="{shown(span["id"])}"'] if "id" in span else []
    attributes += [f'data-error="{shown(span["error"])}"'] if "error" in span else []
    return f"<bdi {' '.join(attributes)}>{shown(words)}</bdi>"


def compared_sentence(text: str, error: Mapping[str, Any]) -> str:
    """The sentence of an error with the gold words and the found words marked, where they part as well."""
    start, end = error["sentence"]["start"], error["sentence"]["end"]
    spots = {name: error[key] for name, key in (("g", "gold"), ("p", "predicted")) if error[key]}
    cuts = sorted({start, end, *(s[k] for s in spots.values() for k in ("start", "end") if start <= s[k] <= end)})
    parts = []
    for low, high in pairwise(cuts):
        names = [name for name, spot in spots.items() if spot["start"] <= low and high <= spot["end"]]
        words = shown(text[low:high])
        parts.append(f'<bdi class="{" ".join(names)}">{words}</bdi>' if names else words)
    return "".join(parts)
