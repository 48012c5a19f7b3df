"""From scores per word to spans: the best tag sequence that is valid BIO, and its spans with scores."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .labels import TAGS

_BEGIN = np.array([tag.startswith("B-") for tag in TAGS])
_INSIDE = np.array([tag.startswith("I-") for tag in TAGS])
_KIND = [tag[2:] for tag in TAGS]
#: allowed[a, b]: tag b may follow tag a. An I- needs a B- or I- of its own kind before it.
ALLOWED = np.array(
    [[not b.startswith("I-") or (_KIND[i] == b[2:] and a != "O") for b in TAGS] for i, a in enumerate(TAGS)]
)
_PENALTY = np.where(ALLOWED, 0.0, -np.inf)


@dataclass(frozen=True, slots=True)
class TaggedSpan:
    """Words ``first`` to ``last`` (inclusive) bear ``kind``; ``score`` is the mean probability of their tags."""

    kind: str
    first: int
    last: int
    score: float


def viterbi(scores: np.ndarray) -> np.ndarray:
    """(words, tags) log-scores -> (words,) tag ids: the valid sequence with the highest sum. Empty in, empty out."""
    if len(scores) == 0:
        return np.empty(0, dtype=np.int64)
    best = scores.argmax(axis=1)
    if not _INSIDE[best[0]] and ALLOWED[best[:-1], best[1:]].all():
        return best  # already valid, so no other sequence can have a higher sum
    total = np.where(_INSIDE, -np.inf, scores[0])
    back = np.empty(scores.shape, dtype=np.int64)
    for t in range(1, len(scores)):
        ways = total[:, None] + _PENALTY
        back[t] = ways.argmax(axis=0)
        total = ways[back[t], np.arange(len(TAGS))] + scores[t]
    path = np.empty(len(scores), dtype=np.int64)
    path[-1] = total.argmax()
    for t in range(len(scores) - 1, 0, -1):
        path[t - 1] = back[t, path[t]]
    return path


def spans(path: Sequence[int] | np.ndarray, scores: np.ndarray) -> list[TaggedSpan]:
    """The runs of a valid ``path``, in order, each with the mean probability of its tags under ``scores``."""
    found: list[TaggedSpan] = []
    word, length = 0, len(path)
    while word < length:
        if not _BEGIN[path[word]]:
            word += 1
            continue
        kind, last = _KIND[path[word]], word
        while last + 1 < length and _INSIDE[path[last + 1]] and _KIND[path[last + 1]] == kind:
            last += 1
        run = range(word, last + 1)
        score = float(np.mean([np.exp(scores[i, path[i]]) for i in run]))
        found.append(TaggedSpan(kind, word, last, min(1.0, score)))
        word = last + 1
    return found
