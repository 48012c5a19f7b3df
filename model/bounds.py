"""Where a role span may begin and end, whatever the scores say: what annotated Arabic news nearly always obeys.

- A word that leans on the next one ends no span ("في", "مدينة", "أحد"). Which words do is counted in the documents a
  tagger is trained on (`hanging_words`) and kept in its folder.
- No span runs on into the next paragraph, and none begins with a "و" that stands alone.
- Two places side by side, with neither a mark nor a "و" between, are one ("حاجز الأنفاق غربي بيت لحم"); so are two
  sources and two counts. Of attackers and targets that holds less strictly ("القتلى نساء").

Decoding (`decode.viterbi`) finds the best tags within these bounds, so that a span cut short is mended by what the
scores prefer: a longer span, a shorter one or none. ``python benchmarks/edges.py FILE…`` counts how many annotated
spans the rules would change.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from ..data.schema import Document, words
from .folded import folded

#: What it costs, in nats, to begin a span right behind another of its role without "و" or an opening mark between.
#: In 94,360 annotated spans that happens 9 times for places, twice each for sources and counts (out of question),
#: 30 times for attackers and 152 times for targets (a doubt).
APART = {"location": 100.0, "source": 100.0, "count": 100.0, "target": 2.0, "attacker": 2.0}
JOINERS = ("و", '"', "«", "“", "(", "[", "'", "‘")
LONE = frozenset({"و"})
#: A word hangs if it stands in spans this often, and ends this share of those at most.
LEAST, SHARE = 15, 0.005


@dataclass(frozen=True, slots=True)
class Bounds:
    """For each word: must a span that holds it go on (``hanging``), would a span that begins here be torn from one
    before it (``torn``), is it the first of a paragraph (``fresh``), may no span begin with it (``lone``)."""

    hanging: np.ndarray
    torn: np.ndarray
    fresh: np.ndarray
    lone: np.ndarray

    def __len__(self) -> int:
        return len(self.hanging)


def bounds(text: str, spots: Sequence[tuple[int, int]], hanging: frozenset[str] = frozenset()) -> Bounds:
    """The bounds of the words of ``text`` at ``spots`` (offsets, in order); ``hanging`` holds folded words."""
    spelled = [text[start:end] for start, end in spots]
    after = [*(start for start, _ in spots[1:]), len(text)]
    before = [0, *(end for _, end in spots)]
    return Bounds(
        np.fromiter((folded(word) in hanging for word in spelled), bool, len(spelled)),
        np.fromiter((not word.startswith(JOINERS) for word in spelled), bool, len(spelled)),
        np.fromiter(
            (start - end > 0 and "\n" in text[end:start] for end, (start, _) in zip(before, spots, strict=False)),
            bool,
            len(spelled),
        ),
        np.fromiter(
            (word in LONE and end < then for word, (_, end), then in zip(spelled, spots, after, strict=True)),
            bool,
            len(spelled),
        ),
    )


def hanging_words(docs: Iterable[Document]) -> list[str]:
    """The words, folded and sorted, that stand in the role spans of ``docs`` `LEAST` times or more and end next to none
    of them (`SHARE`)."""
    inside: Counter[str] = Counter()
    last: Counter[str] = Counter()
    for doc in docs:
        spots = words(doc.text)
        spelled = [folded(doc.text[start:end]) for start, end in spots]
        starts = {start: number for number, (start, _) in enumerate(spots)}
        ends = {end: number for number, (_, end) in enumerate(spots)}
        for _, span in doc.role_spans():
            if span.start in starts and span.end in ends:
                run = spelled[starts[span.start] : ends[span.end] + 1]
                inside.update(run)
                last[run[-1]] += 1
    return sorted(word for word, n in inside.items() if n >= LEAST and last[word] <= SHARE * n)
