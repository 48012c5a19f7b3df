"""Which spans belong to which deed. The interface is narrow so that linkers can be compared and exchanged.

``link(view) -> list[Group]``: a group is one deed: the index of its trigger (or None) and the indices of its spans.
A span may serve several groups (one source for a whole report). `RuleLinker` knows sentences and distance only; a
learned linker (`pair_linker.py`) reads the encoder's vectors as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from .frames import RoleSpan, Trigger


@dataclass(frozen=True, slots=True)
class View:
    """All a linker may look at. ``span_vectors`` (spans, width) and ``trigger_vectors`` (triggers, width) are the
    encoder's states at each span's first word, or None where the engine gives none."""

    text: str
    spans: Sequence[RoleSpan]
    triggers: Sequence[Trigger]
    sentences: Sequence[tuple[int, int]]
    span_vectors: np.ndarray | None = None
    trigger_vectors: np.ndarray | None = None


@dataclass(frozen=True, slots=True)
class Group:
    trigger: int | None
    spans: tuple[int, ...]


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
    """Nearest trigger of the same sentence, else the last one told before, else the first one after."""

    def link(self, view: View) -> list[Group]:
        if not view.triggers:
            return without_trigger(view)
        homes = [sentence_of(t.start, view.sentences) for t in view.triggers]
        members: list[list[int]] = [[] for _ in view.triggers]
        for number, span in enumerate(view.spans):
            home = sentence_of(span.start, view.sentences)
            here = [i for i, h in enumerate(homes) if h == home]
            if here:
                members[min(here, key=lambda i: abs(view.triggers[i].start - span.start))].append(number)
            else:
                earlier = [i for i, h in enumerate(homes) if h < home]
                members[earlier[-1] if earlier else 0].append(number)
        return [Group(i, tuple(m)) for i, m in enumerate(members)]
