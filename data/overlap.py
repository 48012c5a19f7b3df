"""What documents share: near-duplicates by shingles, repeated openings, and what a test split has unseen.

Pure functions on documents; `check` puts file and line to what they find. Words are compared folded: small letters,
without diacritics, tatweel and direction marks, and without punctuation. Spelling is left alone (أ is not ا), so two
texts that differ only in hamza count as different words there.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .schema import MARKS, Document, words

SHINGLE = 8
NEAR = 0.2
OPENING = 5
OPENING_TIMES = 3
NAMING_ROLES = ("attacker", "location", "source")
_INVISIBLE = re.compile(f"[{MARKS}]")


def folded_words(text: str) -> list[str]:
    """The words of ``text`` as they are compared: no punctuation, no marks, small letters."""
    runs = (_INVISIBLE.sub("", text[a:b]).lower() for a, b in words(text))
    return [run for run in runs if run and run[0].isalnum()]


def ngrams(tokens: Sequence[str], size: int) -> list[str]:
    """Every run of ``size`` tokens, joined; a text shorter than that is one run, an empty one none."""
    if len(tokens) <= size:
        return [" ".join(tokens)] if tokens else []
    return [" ".join(tokens[i : i + size]) for i in range(len(tokens) - size + 1)]


@dataclass(frozen=True, slots=True)
class Likeness:
    """Document ``later`` (an index) holds ``share`` of the shingles of the shorter of it and ``earlier``."""

    later: int
    earlier: int
    share: float


def near_duplicates(texts: Iterable[Sequence[str]], size: int = SHINGLE, least: float = NEAR) -> list[Likeness]:
    """For each text (as folded words) that is nearly an earlier one: the earlier one it is most like.

    Likeness is containment: shared shingles over those of the shorter text. Every text meets only those it shares a
    shingle with, through an index; a found duplicate adds only its new shingles, so that copies do not pile up.
    """
    index: dict[str, list[int]] = defaultdict(list)
    sizes: list[int] = []
    found: list[Likeness] = []
    for number, tokens in enumerate(texts):
        shingles = set(ngrams(tokens, size))
        sizes.append(len(shingles))
        shared = Counter(other for shingle in shingles for other in index.get(shingle, ()))
        best = max(
            ((count / min(sizes[number], sizes[other]), -other) for other, count in shared.items()), default=(0.0, 0)
        )
        copied = best[0] >= least
        if copied:
            found.append(Likeness(number, -best[1], best[0]))
        for shingle in shingles:
            if not (copied and shingle in index):
                index[shingle].append(number)
    return found


def repeated_openings(
    texts: Iterable[Sequence[str]], size: int = OPENING, times: int = OPENING_TIMES
) -> list[tuple[str, list[int]]]:
    """(opening, indexes of the texts) for every run of ``size`` words that begins more than ``times`` texts."""
    starts: dict[str, list[int]] = defaultdict(list)
    for number, tokens in enumerate(texts):
        if len(tokens) >= size:
            starts[" ".join(tokens[:size])].append(number)
    return [(opening, numbers) for opening, numbers in starts.items() if len(numbers) > times]


@dataclass(frozen=True, slots=True)
class Unseen:
    """Of ``surfaces`` distinct mentions ``new`` occur nowhere in train; so with the distinct words in them."""

    role: str
    surfaces: int
    new: int
    words: int
    new_words: int

    @property
    def share(self) -> float:
        return self.new / self.surfaces if self.surfaces else 0.0

    @property
    def word_share(self) -> float:
        return self.new_words / self.words if self.words else 0.0


def unseen(train: Iterable[Document], test: Iterable[Document]) -> list[Unseen]:
    """How much of the attackers, locations and sources of ``test`` is new: by role, then 'all'.

    A mention is new when its words in their order occur nowhere in the texts of ``train``, marked or not; long chains
    are new easily, so the share of single words that train never shows is given beside it.
    """
    tokens = [folded_words(doc.text) for doc in train]
    known = "\n" + "\n".join(f" {' '.join(t)} " for t in tokens)
    vocabulary = {word for t in tokens for word in t}
    surfaces: dict[str, set[str]] = {role: set() for role in NAMING_ROLES}
    for doc in test:
        for role, span in doc.role_spans():
            if role in surfaces:
                surfaces[role].add(" ".join(folded_words(span.text)))
    every = {surface for found in surfaces.values() for surface in found}
    rows = []
    for role, found in [*surfaces.items(), ("all", every)]:
        parts = {word for surface in found for word in surface.split()}
        new = sum(f" {surface} " not in known for surface in found)
        rows.append(Unseen(role, len(found), new, len(parts), len(parts - vocabulary)))
    return rows
