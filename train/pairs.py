"""What the pair head is trained on: the gold deeds and spans of a window, and the doubtful ones beside them.

At prediction time the linker meets candidates, not gold: words that look like deeds and are background, a second word
for the same deed, spans that belong to nothing. So in training the words that the tagger takes for such, as it stands
at that step, are put among the gold ones and belong to nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..data.schema import ROLES
from ..model.labels import FIRST_TRIGGER, LABELS
from ..model.pair_linker import FEATURES, Places, pair_features
from .features import Links

#: From this chance on a word that names no deed is a doubtful one.
DOUBTFUL = 0.03
#: How often a doubtful deed stands among the gold ones when these are measured, as a false one does in prediction.
AMONG = 0.25


@dataclass(frozen=True, slots=True)
class Pairs:
    """Piece positions of deeds (D,) and spans (S,), features (D, S, F) and gold 0/1 (D, S)."""

    triggers: np.ndarray
    spans: np.ndarray
    features: np.ndarray
    gold: np.ndarray


def window_pairs(links: Links, chances: np.ndarray | None, most: int, rng: np.random.Generator) -> Pairs:
    """The pairs of one window. ``chances`` (pieces, labels) are the tagger's probabilities there; at most ``most``
    doubtful deeds and as many doubtful spans are taken, the likeliest first; None or 0: the gold ones only."""
    deeds, spans, roles = links.triggers, links.spans, links.roles
    false_deeds = np.empty(0, dtype=np.int64)
    if most and chances is not None and len(links.spots):
        false_deeds, false_spans, false_roles = _doubtful(links, chances, most)
        spans, roles = np.concatenate([spans, false_spans]), np.concatenate([roles, false_roles])
    if not len(spans) or not len(deeds) + len(false_deeds):
        none = np.empty(0, dtype=np.int64)
        return Pairs(none, none, np.empty((0, 0, FEATURES), np.float32), np.empty((0, 0), np.float32))
    row_of = {int(piece): row for row, piece in enumerate(links.spots[:, 0])}
    among = rng.random(len(false_deeds)) < AMONG
    kept = np.sort(np.concatenate([deeds, false_deeds[among]]))
    parts = [(kept, _features(links, kept, spans, roles, row_of))] if len(kept) else []
    for single in false_deeds[~among]:
        with_it = np.sort(np.append(deeds, single))
        at = int(np.flatnonzero(with_it == single)[0])
        parts.append((np.array([single]), _features(links, with_it, spans, roles, row_of)[at : at + 1]))
    all_deeds = np.concatenate([d for d, _ in parts])
    gold = np.zeros((len(all_deeds), len(spans)), dtype=np.float32)
    number = {int(piece): row for row, piece in enumerate(deeds)}
    for row, piece in enumerate(all_deeds):
        if int(piece) in number:
            gold[row, : len(links.spans)] = links.gold[number[int(piece)]]
    return Pairs(all_deeds, spans, np.concatenate([f for _, f in parts]), gold)


def _features(
    links: Links, deeds: np.ndarray, spans: np.ndarray, roles: np.ndarray, row_of: dict[int, int]
) -> np.ndarray:
    t = links.spots[[row_of[int(d)] for d in deeds]]
    s = links.spots[[row_of[int(d)] for d in spans]]
    return pair_features(Places(t[:, 1], t[:, 2], t[:, 3], s[:, 1], s[:, 2], s[:, 3], roles))


def _doubtful(links: Links, chances: np.ndarray, most: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Piece positions of words wrongly taken for deeds, of words wrongly taken for the first of a span, their roles."""
    pieces = links.spots[:, 0]
    here = chances[pieces]
    deed = here[:, FIRST_TRIGGER:].sum(axis=1)
    deed[np.isin(pieces, links.triggers) | np.isin(pieces, links.spans)] = 0.0
    likely = np.argsort(-deed)[:most]
    deeds = pieces[likely[deed[likely] >= DOUBTFUL]]
    begins = here[:, [LABELS.index(f"B-{role}") for role in ROLES]]
    best = begins.argmax(axis=1)
    chance = begins.max(axis=1)
    chance[(chance < here.max(axis=1)) | np.isin(pieces, links.spans) | np.isin(pieces, links.triggers)] = 0.0
    first = np.argsort(-chance)[:most]
    first = first[chance[first] > 0]
    return deeds, pieces[first], best[first]
