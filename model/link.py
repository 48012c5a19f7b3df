"""Which spans belong to which deed. The interface is narrow so that linkers can be compared and exchanged.

``link(view) -> list[Group]``: a group is one deed: the index of its trigger (or None) and the indices of its spans.
A span may serve several groups (one source for a whole report). `RuleLinker` knows sentences and distance only; a
learned linker (`pair_linker.py`) reads the encoder's vectors as well.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from .frames import RoleSpan, Trigger


@dataclass(frozen=True, slots=True)
class Words:
    """A report's words as the model read them: their offsets, encoder states (words, width) and label log-probabilities
    (words, labels)."""

    spots: Sequence[tuple[int, int]]
    states: np.ndarray
    log_probs: np.ndarray


@dataclass(frozen=True, slots=True)
class View:
    """All a linker may look at. ``triggers`` are candidates: their scores say how sure each is.

    ``span_vectors`` (spans, width) and ``trigger_vectors`` (triggers, width) are the encoder's states at each one's
    first word, or None where the engine gives none. ``words`` are the report's own, ``span_words`` (spans, 2) the
    indices of each span's first and last of them, ``trigger_words`` (triggers,) of each trigger's."""

    text: str
    spans: Sequence[RoleSpan]
    triggers: Sequence[Trigger]
    sentences: Sequence[tuple[int, int]]
    span_vectors: np.ndarray | None = None
    trigger_vectors: np.ndarray | None = None
    words: Words | None = None
    span_words: np.ndarray | None = None
    trigger_words: np.ndarray | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """One deed: its trigger and its spans by index. ``type`` and ``score`` (that the trigger names a deed of its own)
    are given by linkers that read them off the report; else the trigger's own hold."""

    trigger: int | None
    spans: tuple[int, ...]
    type: str | None = None
    score: float | None = None


class Linker(Protocol):
    def link(self, view: View) -> list[Group]: ...


def sentence_of(offset: int, sentences: Sequence[tuple[int, int]]) -> int:
    """The index of the sentence that holds ``offset`` (the last one that begins at or before it)."""
    low, high = 0, len(sentences)
    while low < high:
        middle = (low + high) // 2
        if sentences[middle][0] <= offset:
            low = middle + 1
        else:
            high = middle
    return max(0, low - 1)


def tells_of_harm(spans: Sequence[RoleSpan]) -> bool:
    """Whether ``spans`` alone, with no trigger, say that somebody was hit."""
    roles = {span.role for span in spans}
    return {"attacker", "target"} <= roles or {"target", "count"} <= roles


def without_trigger(view: View) -> list[Group]:
    """The one group of a text whose spans no trigger names: kept only if somebody was hit."""
    return [Group(None, tuple(range(len(view.spans))))] if tells_of_harm(view.spans) else []


class RuleLinker:
    """Nearest trigger of the same sentence, else the last one told before, else the first one after. Triggers below
    ``sure`` are left out."""

    def __init__(self, sure: float = 0.5) -> None:
        self.sure = sure

    def link(self, view: View) -> list[Group]:
        kept = [i for i, t in enumerate(view.triggers) if t.score >= self.sure]
        if not kept:
            return without_trigger(view)
        starts = [view.triggers[i].start for i in kept]
        homes = [sentence_of(start, view.sentences) for start in starts]
        members: list[list[int]] = [[] for _ in kept]
        for number, span in enumerate(view.spans):
            home = sentence_of(span.start, view.sentences)
            # triggers stand in text order, so those of one sentence stand side by side
            here = range(bisect_left(homes, home), bisect_right(homes, home))
            after = bisect_left(starts, span.start, here.start, here.stop)
            beside = [i for i in (after - 1, after) if i in here]
            nearest = min(beside, key=lambda i: abs(starts[i] - span.start)) if beside else max(0, here.start - 1)
            members[nearest].append(number)
        return [Group(trigger, tuple(m)) for trigger, m in zip(kept, members, strict=True)]
