"""What the report linker is told of a report's candidate words, spans and sentences: arrays from a `View`, numpy only.

Sentences stand among the items because what decides whether there was an attack at all ("the blast came from a gas
cylinder") is often told where nobody and nothing is named.

All positions are relative (words and sentences apart), so that a stretch of a long report looks like a short one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from ..data.schema import ROLES
from .arabic import fold
from .frames import RoleSpan, Trigger
from .labels import LABELS
from .link import View, sentence_of

#: Distances are told as signed powers of two up to 2**FAR words, sentences apart up to NEAR.
FAR, NEAR = 7, 3
#: Of each pair of items: distance, sentences apart, same paragraph, words shared (twice), and three plain numbers.
PAIR_FEATURES = (2 * FAR + 1) + (2 * NEAR + 1) + 1 + 2 + 3
#: Of each item: the labels' chances at its first word, what it is, its score, length, place, how many candidates.
FACTS = len(LABELS) + len(ROLES) + 1 + 4
#: The kind of a sentence; those within so many of one that holds a deed or a span are told.
SENTENCE, AROUND = len(ROLES) + 1, 3

_WORD = re.compile(r"\w+")
_ATTACHED = re.compile("^[وف]?[بلك]?(?:ال|لل)?")


@dataclass(frozen=True, slots=True)
class Candidates:
    """Items are the deeds (D), the spans (S) and, if asked for, sentences of a view, N in all. ``first`` (N, width) are
    the encoder's states at each one's first word (of a sentence: the highest of its words, number by number), ``inner``
    (N, width) their mean over its words, ``around`` (N, 2 × width) the means over its sentence and over all sentences
    that hold a deed or a span, ``facts`` (N, `FACTS`), ``kind`` (N,) 0 for a deed, 1 + the role's index for a span, or
    `SENTENCE`, ``pairs`` (N, N, `PAIR_FEATURES`); ``deeds`` (D,) and ``spans`` (S,) index the items."""

    first: np.ndarray
    inner: np.ndarray
    around: np.ndarray
    facts: np.ndarray
    kind: np.ndarray
    pairs: np.ndarray
    deeds: np.ndarray
    spans: np.ndarray


def candidates(view: View, sentences: bool = False) -> Candidates:
    """The arrays of ``view``, which must bear the report's words (`View.words`)."""
    words, deeds, spans = view.words, len(view.triggers), len(view.spans)
    assert words is not None and view.trigger_words is not None and view.span_words is not None
    starts = np.concatenate([view.trigger_words, view.span_words[:, 0]]).astype(np.int64)
    ends = np.concatenate([view.trigger_words, view.span_words[:, 1]]).astype(np.int64)
    items: list[Trigger | RoleSpan] = [*view.triggers, *view.spans]
    sentence = np.array([sentence_of(item.start, view.sentences) for item in items])
    kind = np.concatenate([np.zeros(deeds, np.int64), [1 + ROLES.index(s.role) for s in view.spans]]).astype(np.int64)
    facts = np.zeros((len(items), FACTS), dtype=np.float32)
    facts[:, : len(LABELS)] = np.exp(words.log_probs[starts])
    facts[np.arange(len(items)), len(LABELS) + np.where(kind > 0, kind - 1, len(ROLES))] = 1.0
    facts[:, -4] = [item.score for item in items]
    first = words.states[starts]
    inner = np.stack([words.states[a : b + 1].mean(axis=0) for a, b in zip(starts, ends, strict=True)])
    held = [content_words(item.text) for item in items]
    begins = np.array([item.start for item in items])
    runs = _runs(view, sentence, AROUND if sentences else 0)
    means = {n: _mean(words.states[low:high]) for n, (low, high) in runs.items()}
    whole = np.mean([means[n] for n in sorted(set(sentence.tolist()))], axis=0)
    if sentences and (told := [n for n, (low, high) in runs.items() if low < high]):
        lows, highs = (np.array(edge) for edge in zip(*(runs[n] for n in told), strict=True))
        highest = [words.states[low:high].max(axis=0) for low, high in zip(lows, highs, strict=True)]
        first, inner = np.concatenate([first, highest]), np.concatenate([inner, [means[n] for n in told]])
        starts, ends = np.concatenate([starts, lows]), np.concatenate([ends, highs - 1])
        sentence = np.concatenate([sentence, told])
        begins = np.concatenate([begins, [words.spots[low][0] for low in lows]])
        kind = np.concatenate([kind, np.full(len(told), SENTENCE)])
        facts = np.concatenate([facts, np.zeros((len(told), FACTS), np.float32)])
        held += [frozenset()] * len(told)
    facts[:, -3] = np.log1p(ends - starts)
    facts[:, -2] = starts / max(1, len(words.spots))
    facts[:, -1] = min(1.0, deeds / 20)
    return Candidates(
        first.astype(np.float32),
        inner.astype(np.float32),
        np.stack([np.concatenate([means[n], whole]) for n in sentence.tolist()]).astype(np.float32),
        facts,
        kind,
        pair_features(starts, sentence, _paragraphs(view.text, begins), held),
        np.arange(deeds),
        np.arange(deeds, deeds + spans),
    )


def _runs(view: View, sentence: np.ndarray, near: int) -> dict[int, tuple[int, int]]:
    """The first word, and the one behind the last, of each sentence that is one of ``sentence`` or at most ``near``
    from one, in order."""
    assert view.words is not None
    begins = np.array([start for start, _ in view.words.spots])
    wanted = {n + step for n in set(sentence.tolist()) for step in range(-near, near + 1)}
    numbers = [n for n in sorted(wanted) if 0 <= n < len(view.sentences)]
    edges = np.searchsorted(begins, [view.sentences[n] for n in numbers])
    return {n: (int(low), int(high)) for n, (low, high) in zip(numbers, edges, strict=True)}


def _mean(states: np.ndarray) -> np.ndarray:
    """(width,) the mean of (words, width); zeros where there are no words."""
    return states.mean(axis=0) if len(states) else np.zeros(states.shape[1])


def _paragraphs(text: str, starts: np.ndarray) -> np.ndarray:
    """(items,) how many line ends stand before each of the offsets ``starts``, counted from the first of them."""
    first, last = int(starts.min()), int(starts.max())
    lines = [match.start() for match in re.finditer("\n", text[first:last])]
    return np.searchsorted(lines, starts - first)


def pair_features(
    word: np.ndarray, sentence: np.ndarray, paragraph: np.ndarray, held: Sequence[frozenset[str]]
) -> np.ndarray:
    """(items, items, `PAIR_FEATURES`) float32 of items at these words, sentences and paragraphs, with these words."""
    items = len(word)
    out = np.zeros((items, items, PAIR_FEATURES), dtype=np.float32)
    rows, columns = np.arange(items)[:, None], np.arange(items)[None]
    gap = word[None] - word[:, None]
    steps = np.minimum(FAR, np.floor(np.log2(1 + np.abs(gap)))).astype(np.int64)
    out[rows, columns, FAR + np.sign(gap) * steps] = 1.0
    apart = sentence[None] - sentence[:, None]
    out[rows, columns, 2 * FAR + 1 + NEAR + np.clip(apart, -NEAR, NEAR)] = 1.0
    at = 2 * FAR + 2 * NEAR + 2
    out[:, :, at] = paragraph[None] == paragraph[:, None]
    out[:, :, at + 1], out[:, :, at + 2] = _shared(held)
    out[:, :, at + 3] = np.clip(gap / 200, -1, 1)
    out[:, :, at + 4] = np.log1p(np.abs(gap)) / 6
    out[:, :, at + 5] = np.clip(apart / 10, -1, 1)
    return out


def _shared(held: Sequence[frozenset[str]]) -> tuple[np.ndarray, np.ndarray]:
    """(items, items) twice: the words that two items share, over the fewer of the two and over all of both; 0 with
    itself."""
    known = {word: number for number, word in enumerate(sorted(set().union(*held)))}
    table = np.zeros((len(held), max(1, len(known))), dtype=np.float32)
    for row, words in enumerate(held):
        table[row, [known[word] for word in words]] = 1.0
    both, size = table @ table.T, table.sum(axis=1)
    np.fill_diagonal(both, 0.0)
    fewer = np.minimum(size[None], size[:, None])
    return both / np.maximum(fewer, 1), both / np.maximum(size[None] + size[:, None] - both, 1)


@lru_cache(maxsize=1 << 14)
def content_words(text: str) -> frozenset[str]:
    """The words of a mention in one spelling, without attached letters and article; single letters do not count."""
    found = (_ATTACHED.sub("", w) if len(w) > 4 else w for w in _WORD.findall(fold(text)))
    return frozenset(w for w in found if len(w) > 1 or w.isdecimal())
