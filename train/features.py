"""Documents to training rows: the same words and windows as prediction uses, with a label on each word's first piece.

Before training, `facts` says what the encoder can never predict: gold words that give no piece.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from tokenizers import Tokenizer

from ..data.schema import ROLES, Document
from ..model.encoding import Encoded, Piece, Settings, encode_all
from ..model.labels import IGNORED, LABELS, gold_labels
from ..model.pair_linker import places
from ..model.sentences import sentences


@dataclass(frozen=True, slots=True)
class Links:
    """Gold links of one window: piece positions of deeds (D,) and spans (S,), the spans' roles (S,), gold 0/1 (D, S).

    ``spots`` (W, 4) holds, of every word that the window keeps, the piece position, word index, sentence and paragraph,
    so that words which only look like deeds or spans can be placed in training, too."""

    triggers: np.ndarray
    spans: np.ndarray
    roles: np.ndarray
    gold: np.ndarray
    spots: np.ndarray


@dataclass(frozen=True, slots=True)
class Row:
    """One window: piece ids and, at each kept word's first piece, its label (elsewhere `IGNORED`)."""

    ids: np.ndarray
    labels: np.ndarray
    links: Links


def rows(docs: Sequence[Document], tokenizer: Tokenizer, settings: Settings) -> list[Row]:
    """Every window of every document."""
    found: list[Row] = []
    for doc, encoded in zip(docs, encode_all([d.text for d in docs], tokenizer, settings), strict=True):
        gold = np.array(gold_labels(doc, encoded.words), dtype=np.int64)
        for piece in encoded.windows:
            labels = np.full(len(piece.ids), IGNORED, dtype=np.int64)
            labels[piece.firsts] = gold[piece.words]
            found.append(Row(piece.ids, labels, window_links(doc, encoded, piece)))
    return found


def window_links(doc: Document, encoded: Encoded, piece: Piece) -> Links:
    """The deeds and spans whose first word this window keeps, and which belong together."""
    starts = {encoded.words[word][0]: int(first) for word, first in zip(piece.words, piece.firsts, strict=True)}
    events = sorted((e for e in doc.events if e.trigger and e.trigger.start in starts), key=lambda e: e.trigger.start)  # type: ignore[union-attr]
    spans = [(role, span) for role, span in doc.role_spans() if span.start in starts]
    owned = [{(s.start, s.end) for _, s in e.spans()} for e in events]
    gold = np.array([[(s.start, s.end) in own for _, s in spans] for own in owned], dtype=np.float32)
    where = places(
        doc.text, [], [encoded.words[w] for w in piece.words], ["count"] * len(piece.words), sentences(doc.text)
    )
    return Links(
        np.array([starts[e.trigger.start] for e in events if e.trigger], dtype=np.int64),
        np.array([starts[s.start] for _, s in spans], dtype=np.int64),
        np.array([ROLES.index(role) for role, _ in spans], dtype=np.int64),
        gold.reshape(len(events), len(spans)),
        np.stack([piece.firsts, where.span_word, where.span_sentence, where.span_paragraph], axis=1),
    )


_QUOTES = '"”“«»'
_TASHKEEL = re.compile("[\u064b-\u0652\u0670]")


def drop_surface(doc: Document, rng: random.Random) -> str:
    """The text of ``doc`` with one surface cue changed, letter for letter, so that every offset stays right: tashkeel
    (each mark becomes a tatweel, which the clean-up drops), the hamza on alif, quotes (become blanks), or final ى/ي."""
    kind = rng.randrange(4)
    if kind == 0:
        return _TASHKEEL.sub("\u0640", doc.text)
    if kind == 1:
        return doc.text.translate(str.maketrans("أإآ", "ااا"))
    if kind == 2:
        if any(span.text[0] in _QUOTES or span.text[-1] in _QUOTES for _, span in doc.role_spans()):
            return doc.text  # a span that begins or ends with a quote would lose its edge
        return doc.text.translate(str.maketrans(_QUOTES, " " * len(_QUOTES)))
    return re.sub(r"ي\b", "ى", doc.text)


def facts(docs: Sequence[Document], tokenizer: Tokenizer, settings: Settings) -> dict[str, Any]:
    """What is known before the first step: sizes, spans by role, unknown pieces, gold that no piece can carry."""
    encoded = encode_all([d.text for d in docs], tokenizer, settings)
    reachable = [{int(w) for piece in e.windows for w in piece.words} for e in encoded]
    roles: Counter[str] = Counter()
    lost = 0
    for doc, one, have in zip(docs, encoded, reachable, strict=True):
        starts = {start: number for number, (start, _) in enumerate(one.words)}
        for role, span in doc.role_spans():
            roles[role] += 1
            lost += starts[span.start] not in have
    unknown = tokenizer.token_to_id("[UNK]")
    pieces = sum(len(p.ids) - 2 for e in encoded for p in e.windows)
    strange = sum(int((p.ids == unknown).sum()) for e in encoded for p in e.windows)
    return {
        "documents": len(docs),
        "without events": sum(not d.events for d in docs),
        "words": sum(len(e.words) for e in encoded),
        "windows": sum(len(e.windows) for e in encoded),
        "pieces": pieces,
        "unknown pieces": strange,
        "events": sum(len(d.events) for d in docs),
        "spans": dict(roles),
        "spans that no piece carries": lost,
        "labels": len(LABELS),
    }
