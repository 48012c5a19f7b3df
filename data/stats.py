"""What a set of documents is like, in figures: sizes, coverage, roles, numbers, variety; and two sets side by side.

`statistics` returns plain JSON types; `figures` prints them. Words are the schema's words without lone punctuation,
compared folded (see `overlap`). A span that serves several events counts once.

The share of spans with attached letters is a guess by the first letter: a span counts when its first word has at
least three letters and begins with و ب ل ف or ك. Words that own that letter ("وزارة", "بغداد") count as well, so the
figure is good for comparing two sets and for nothing else.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean, quantiles
from typing import Any

from .overlap import folded_words, ngrams
from .patterns import patterns
from .schema import EVENT_TYPES, ROLES, Document

ATTACHED = "وبلفك"
NGRAM = 4
APART = 1 / 3
FLASH = 40
ROUND_UP = 5
_DIGITS = {"digits 0-9": "[0-9]", "digits ٠-٩": "[٠-٩]", "digits ۰-۹": "[۰-۹]"}


def statistics(docs: Iterable[Document]) -> dict[str, Any]:
    """The figures of ``docs``; shares are from 0 to 1."""
    docs = list(docs)
    texts = [folded_words(doc.text) for doc in docs]
    total = sum(map(len, texts))
    events = [event for doc in docs for event in doc.events]
    kinds = Counter(event.type for event in events)
    return {
        "documents": len(docs),
        "words": total,
        "words a document": _spread([len(t) for t in texts]),
        "events": len(events),
        "events a document": len(events) / max(len(docs), 1),
        "share without events": sum(not doc.events for doc in docs) / max(len(docs), 1),
        f"flashes under {FLASH} words": sum(len(t) < FLASH for t in texts),
        f"round-ups of {ROUND_UP} events or more": sum(len(doc.events) >= ROUND_UP for doc in docs),
        "event types": {kind: kinds[kind] for kind in EVENT_TYPES},
        "roles": {role: _role(role, docs, total) for role in ROLES},
        "counts written": _counts(docs),
        "distinct 4-grams": distinct_ngrams(docs),
        "theatre × voice": _matrix(docs),
        "patterns": patterns(docs),
        "years": dict(sorted(Counter(f"{str(d.meta['year'])[:3]}0s" for d in docs if d.meta.get("year")).items())),
    }


def _spread(values: Sequence[int]) -> dict[str, float]:
    if len(values) < 2:
        names = ("mean", "shortest", "5%", "25%", "median", "75%", "95%", "longest")
        return dict.fromkeys(names, float(sum(values)))
    cuts = quantiles(values, n=20, method="inclusive")
    return {
        "mean": fmean(values), "shortest": min(values), "5%": cuts[0], "25%": cuts[4], "median": cuts[9],
        "75%": cuts[14], "95%": cuts[18], "longest": max(values),
    }  # fmt: skip


def _role(role: str, docs: Sequence[Document], total: int) -> dict[str, float]:
    spans = [folded_words(span.text) for doc in docs for name, span in doc.role_spans() if name == role]
    attached = sum(bool(s) and len(s[0]) >= 3 and s[0][0] in ATTACHED for s in spans)
    return {
        "spans": len(spans),
        "spans per 100 words": 100 * len(spans) / max(total, 1),
        "words a span": fmean(map(len, spans)) if spans else 0.0,
        "spans of one word": sum(len(s) == 1 for s in spans) / max(len(spans), 1),
        "spans of five words or more": sum(len(s) >= 5 for s in spans) / max(len(spans), 1),
        "begins with و ب ل ف ك": attached / max(len(spans), 1),
    }


def _counts(docs: Sequence[Document]) -> dict[str, float]:
    """Shares of the count spans that are written in each set of digits, or in words alone."""
    spans = [span.text for doc in docs for role, span in doc.role_spans() if role == "count"]
    shares = {name: sum(bool(re.search(p, text)) for text in spans) for name, p in _DIGITS.items()}
    shares["words"] = sum(not re.search(r"\d", text) for text in spans)
    return {name: number / max(len(spans), 1) for name, number in shares.items()}


def _matrix(docs: Sequence[Document]) -> dict[str, dict[str, int]]:
    cells = Counter((str(d.meta.get("theatre", "")), str(d.meta.get("voice", ""))) for d in docs)
    rows: dict[str, dict[str, int]] = {}
    for (theatre, voice), number in sorted(cells.items()):
        if theatre or voice:
            rows.setdefault(theatre or "?", {})[voice or "?"] = number
    return rows


def distinct_ngrams(docs: Iterable[Document], words: int | None = None) -> float:
    """Different 4-grams over all 4-grams, within documents. The ratio falls as a set grows, so that two sets compare
    only over the same number of ``words``; these are taken from whole documents in the order of a hash of their ids."""
    runs: Counter[str] = Counter()
    taken = 0
    for doc in sorted(docs, key=lambda d: hashlib.sha256(d.id.encode()).digest()):
        tokens = folded_words(doc.text)
        if words is not None:
            tokens = tokens[: words - taken]
        taken += len(tokens)
        if len(tokens) >= NGRAM:
            runs.update(ngrams(tokens, NGRAM))
    return len(runs) / max(sum(runs.values()), 1)


@dataclass(frozen=True, slots=True)
class Row:
    """One figure of both sets. ``ratio`` is ours over theirs, None where theirs is zero."""

    name: str
    ours: float
    theirs: float

    @property
    def ratio(self) -> float | None:
        return self.ours / self.theirs if self.theirs else None

    @property
    def apart(self) -> bool:
        """Whether ours differs from theirs by more than a third of theirs."""
        return abs(self.ours - self.theirs) > APART * abs(self.theirs)


def compare(ours: Sequence[Document], theirs: Sequence[Document]) -> list[Row]:
    """The figures of both that do not hang on size, and the share of each one's words that the other never shows."""
    left, right = _flat(statistics(ours)), _flat(statistics(theirs))
    rows = [Row(name, left[name], right[name]) for name in left]
    length = min(sum(len(folded_words(d.text)) for d in docs) for docs in (ours, theirs))
    rows.append(
        Row(f"distinct 4-grams in {length} words", distinct_ngrams(ours, length), distinct_ngrams(theirs, length))
    )
    mine, other = (Counter(w for d in docs for w in folded_words(d.text)) for docs in (ours, theirs))
    rows.append(Row("running words unknown to the other", _unknown(mine, other), _unknown(other, mine)))
    rows.append(Row("distinct words unknown to the other", _types(mine, other), _types(other, mine)))
    return rows


def _unknown(mine: Counter[str], other: Counter[str]) -> float:
    return sum(number for word, number in mine.items() if word not in other) / max(sum(mine.values()), 1)


def _types(mine: Counter[str], other: Counter[str]) -> float:
    return sum(word not in other for word in mine) / max(len(mine), 1)


def _flat(stats: dict[str, Any]) -> dict[str, float]:
    """The comparable figures of ``stats``, one name each."""
    flat = {"events a document": stats["events a document"], "share without events": stats["share without events"]}
    flat |= {f"words a document, {name}": value for name, value in stats["words a document"].items()}
    for figure in next(iter(stats["roles"].values())):
        if figure != "spans":
            flat |= {f"{figure}, {role}": stats["roles"][role][figure] for role in ROLES}
    flat |= {f"counts written, {name}": value for name, value in stats["counts written"].items()}
    size = max(stats["documents"], 1)
    flat |= {f"share of documents, {name}": number / size for name, number in stats["patterns"].items()}
    events = max(stats["events"], 1)
    flat |= {f"share of events, {kind}": number / events for kind, number in stats["event types"].items()}
    return flat
