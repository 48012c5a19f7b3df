"""From scores per word to spans: the best tag sequence that is valid BIO and within its bounds (`bounds.py`), and its
spans with scores.

Words are decoded run by run: where two words or more in a row are surely outside, what stands before them cannot matter
to what stands behind, so only runs whose best tags break a rule are searched.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from .bounds import APART, Bounds
from .labels import OUTSIDE, TAGS

_BEGIN = np.array([tag.startswith("B-") for tag in TAGS])
_INSIDE = np.array([tag.startswith("I-") for tag in TAGS])
_KIND = [tag[2:] for tag in TAGS]
#: allowed[a, b]: tag b may follow tag a. An I- needs a B- or I- of its own kind before it.
ALLOWED = np.array(
    [[not b.startswith("I-") or (_KIND[i] == b[2:] and a != "O") for b in TAGS] for i, a in enumerate(TAGS)]
)
_PENALTY = np.where(ALLOWED, 0.0, -np.inf)
_ROLE = np.array([kind in APART for kind in _KIND])
#: A span that stops: a tag of a role, and none that goes on with it behind.
_STOPS = _ROLE[:, None] & ~np.array(
    [[b.startswith("I-") and _KIND[i] == b[2:] for b in TAGS] for i in range(len(TAGS))]
)
#: What it costs to begin a span right behind another of its role.
_TORN = np.array([[APART.get(b[2:], 0.0) * (b[0] == "B" and b[2:] == a[2:]) for b in TAGS] for a in TAGS])
#: What tag b behind tag a adds if the word of a hangs (first index) and that of b is torn off (second).
_STEPS = np.array(
    [[_PENALTY + np.where(hangs & _STOPS, -np.inf, 0.0) - torn * _TORN for torn in (0, 1)] for hangs in (False, True)]
)
_STEP_BREAKS = _STEPS < 0
_OUT = TAGS.index(OUTSIDE)
#: A word is surely outside if that is so many nats likelier than all else.
SURE = 4.0


@dataclass(frozen=True, slots=True)
class TaggedSpan:
    """Words ``first`` to ``last`` (inclusive) bear ``kind``; ``score`` is the mean probability of their tags."""

    kind: str
    first: int
    last: int
    score: float


def viterbi(scores: np.ndarray, bounds: Bounds | None = None) -> np.ndarray:
    """(words, tags) log-scores -> (words,) tag ids: the valid sequence with the highest sum. Empty in, empty out."""
    length = len(scores)
    if length == 0:
        return np.empty(0, dtype=np.int64)
    hanging, torn = (bounds.hanging, bounds.torn) if bounds else (np.zeros(length, bool), np.zeros(length, bool))
    if bounds:
        barred = (bounds.fresh[:, None] & _INSIDE) | (bounds.lone[:, None] & _BEGIN & _ROLE)
        scores = np.where(barred, -np.inf, scores)
    path = scores.argmax(axis=1)
    kinds = hanging[:-1].astype(int), torn[1:].astype(int)
    broken = np.zeros(length, bool)
    broken[1:] = _STEP_BREAKS[(*kinds, path[:-1], path[1:])]
    broken[0] |= _INSIDE[path[0]]
    broken[-1] |= hanging[-1] & _ROLE[path[-1]]
    if not broken.any():
        return path  # within all bounds, so no other sequence can have a higher sum
    for first, last in _runs(scores, broken):
        path[first:last] = _search(scores[first:last], hanging[first:last], torn[first:last])
    return path


def _runs(scores: np.ndarray, broken: np.ndarray) -> list[tuple[int, int]]:
    """From and to (exclusive) of the runs in which something is ``broken``, with a sure word on either side."""
    others = np.where(np.arange(len(TAGS)) == _OUT, -np.inf, scores).max(axis=1)
    sure = scores[:, _OUT] - others >= SURE
    sure &= ~broken
    cuts = [0, *(np.flatnonzero(sure[:-1] & sure[1:]) + 1).tolist(), len(scores)]  # a cut lies between two sure words
    return [(a, b) for a, b in pairwise(cuts) if broken[a:b].any()]


def _search(scores: np.ndarray, hanging: np.ndarray, torn: np.ndarray) -> np.ndarray:
    total = np.where(_INSIDE, -np.inf, scores[0])
    back = np.empty(scores.shape, dtype=np.int64)
    for t in range(1, len(scores)):
        ways = total[:, None] + _STEPS[int(hanging[t - 1]), int(torn[t])]
        back[t] = ways.argmax(axis=0)
        total = ways[back[t], np.arange(len(TAGS))] + scores[t]
    if hanging[-1]:
        total = np.where(_ROLE, -np.inf, total)
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
