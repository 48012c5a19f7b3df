"""Linking a long report stretch by stretch, because a linker's work grows with the cube of what it looks at at once.

Candidates and spans in text order are cut into cores with a margin on both sides. Each deed is taken from the stretch
in whose core its trigger stands, where it has the most context, with all the spans linked to it there, those of the
margins among them; so a deed and its spans are parted only where a whole margin of other mentions lies between.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from .link import Group, View, without_trigger

#: Candidates and spans that are linked in one piece; reports with fewer are not cut.
WHOLE = 300
CORE = 120
MARGIN = 40


def link_in_stretches(link: Callable[[View], list[Group]], view: View) -> list[Group]:
    """The groups of ``view``, in the order of their triggers; ``link`` is called on stretches of it."""
    marks = [(t.start, 0, i) for i, t in enumerate(view.triggers)] + [(s.start, 1, i) for i, s in enumerate(view.spans)]
    marks.sort()
    groups: list[Group] = []
    for core in range(0, len(marks), CORE):
        held = marks[max(0, core - MARGIN) : core + CORE + MARGIN]
        triggers = [i for _, kind, i in held if kind == 0]
        spans = [i for _, kind, i in held if kind == 1]
        own = {i for _, kind, i in marks[core : core + CORE] if kind == 0}
        for group in link(_part(view, triggers, spans)):
            if group.trigger is not None and triggers[group.trigger] in own:
                own_spans = tuple(sorted(spans[i] for i in group.spans))
                groups.append(replace(group, trigger=triggers[group.trigger], spans=own_spans))
    return sorted(groups, key=lambda group: group.trigger or 0) if groups else without_trigger(view)


def _part(view: View, triggers: list[int], spans: list[int]) -> View:
    def rows(vectors: np.ndarray | None, kept: list[int]) -> np.ndarray | None:
        return None if vectors is None else vectors[kept]

    return replace(
        view,
        triggers=[view.triggers[i] for i in triggers],
        spans=[view.spans[i] for i in spans],
        trigger_vectors=rows(view.trigger_vectors, triggers),
        span_vectors=rows(view.span_vectors, spans),
        trigger_words=rows(view.trigger_words, triggers),
        span_words=rows(view.span_words, spans),
    )
