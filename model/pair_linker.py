"""The learned linker: a small network scores each pair of deed and span; numpy only.

It reads the encoder's states at the trigger and at the span's first word, the span's role, and where the two stand
to each other (`pair_features`). It is trained together with the tagger (``train/joint.py``), in the same encoder
pass; its weights lie beside the checkpoint in ``linker.npz``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from ..data.schema import ROLES
from ..data.whole_file import whole_path
from .link import Group, View, sentence_of, without_trigger
from .one_thread import one_thread
from .stretches import WHOLE, link_in_stretches

FILE = "linker.npz"
FEATURES = len(ROLES) + 17
NUMBERS = ("shared", "least", "sure", "need")
WEIGHTS = ("trigger_w", "trigger_b", "span_w", "span_b", "hidden_w", "hidden_b", "out_w", "out_b")


@dataclass(frozen=True, slots=True)
class Places:
    """Where the deeds (D of them) and spans (S) of a text stand: word index, sentence and paragraph of each, and each
    span's role as an index into `ROLES`. All int arrays of length D or S."""

    trigger_word: np.ndarray
    trigger_sentence: np.ndarray
    trigger_paragraph: np.ndarray
    span_word: np.ndarray
    span_sentence: np.ndarray
    span_paragraph: np.ndarray
    span_role: np.ndarray


def places(
    text: str,
    triggers: Sequence[tuple[int, int]],
    spans: Sequence[tuple[int, int]],
    roles: Sequence[str],
    sentence_spots: Sequence[tuple[int, int]],
) -> Places:
    """`Places` from offsets. Words and paragraphs are counted (by white space, by line ends) from the first deed or
    span to the last, for only their differences matter: a stretch of a long text costs what the stretch is long."""
    starts = [start for start, _ in (*triggers, *spans)]
    first, last = min(starts, default=0), max(starts, default=0)
    blanks = np.concatenate([[0], np.cumsum([c.isspace() for c in text[first:last]])])
    lines = np.concatenate([[0], np.cumsum([c == "\n" for c in text[first:last]])])

    def at(table: np.ndarray, spots: Sequence[tuple[int, int]]) -> np.ndarray:
        return np.array([table[start - first] for start, _ in spots], dtype=np.int64)

    def sentence(spots: Sequence[tuple[int, int]]) -> np.ndarray:
        return np.array([sentence_of(start, sentence_spots) for start, _ in spots], dtype=np.int64)

    return Places(
        at(blanks, triggers),
        sentence(triggers),
        at(lines, triggers),
        at(blanks, spans),
        sentence(spans),
        at(lines, spans),
        np.array([ROLES.index(role) for role in roles], dtype=np.int64),
    )


def with_triggers(p: Places, kept: list[int]) -> Places:
    """``p`` with only the deeds at the indices ``kept``."""
    return replace(
        p,
        trigger_word=p.trigger_word[kept],
        trigger_sentence=p.trigger_sentence[kept],
        trigger_paragraph=p.trigger_paragraph[kept],
    )


def pair_features(p: Places) -> np.ndarray:
    """(deeds, spans, `FEATURES`) float32: role, order, distance, sentences apart, which trigger is nearest."""
    deeds, spans = len(p.trigger_word), len(p.span_word)
    out = np.zeros((deeds, spans, FEATURES), dtype=np.float32)
    if not deeds or not spans:
        return out
    r = len(ROLES)
    out[:, np.arange(spans), p.span_role] = 1.0
    gap = p.span_word[None, :] - p.trigger_word[:, None]
    apart = p.span_sentence[None, :] - p.trigger_sentence[:, None]
    same = apart == 0
    out[:, :, r] = same
    out[:, :, r + 1] = same & (gap < 0)
    out[:, :, r + 2] = np.log1p(np.abs(gap)) / 5
    out[:, :, r + 3] = np.sign(gap) * np.log1p(np.abs(gap)) / 5
    for number, value in enumerate(range(-3, 4)):
        out[:, :, r + 4 + number] = np.clip(apart, -3, 3) == value
    low = np.minimum(p.span_word[None, :], p.trigger_word[:, None])
    high = np.maximum(p.span_word[None, :], p.trigger_word[:, None])
    others = p.trigger_word[:, None, None]
    between = ((others > low) & (others < high)).sum(axis=0)
    out[:, :, r + 11] = np.minimum(between, 3) / 3
    out[:, :, r + 12] = np.abs(gap) == np.abs(gap).min(axis=0, keepdims=True)
    last = np.where(apart >= 0, p.trigger_word[:, None], -1)
    out[:, :, r + 13] = (last == last.max(axis=0, keepdims=True)) & (last >= 0)
    out[:, :, r + 14] = (np.arange(deeds) == 0)[:, None]
    out[:, :, r + 15] = deeds == 1
    out[:, :, r + 16] = p.span_paragraph[None, :] == p.trigger_paragraph[:, None]
    return out


class PairLinker:
    """A span joins its likeliest deed, if it is at least ``least`` likely to serve it, and any other deed that it is at
    least ``shared`` likely to serve.

    Which trigger words name a deed of their own is decided here, too, because the spans know: a word of score ``sure``
    does; a less sure one does if enough spans fit it better than the deeds found so far (its score times the sum of
    what they gain is at least ``need``). So a deed with unmistakable fillers is found though its word is not.
    """

    def __init__(
        self,
        weights: Mapping[str, np.ndarray],
        shared: float = 0.5,
        least: float = 0.0,
        sure: float = 0.5,
        need: float = 0.5,
    ) -> None:
        missing = [name for name in WEIGHTS if name not in weights]
        if missing:
            raise ValueError(f"{FILE}: lacks {', '.join(missing)}; export the model again")
        self.weights = {name: np.asarray(weights[name], dtype=np.float32) for name in WEIGHTS}
        self.shared, self.least, self.sure, self.need = shared, least, sure, need

    @classmethod
    def load(cls, file: str | Path) -> PairLinker:
        with np.load(file, allow_pickle=False) as held:
            weights = {name: held[name] for name in held.files if name in WEIGHTS}
            return cls(weights, **{name: float(held[name]) for name in NUMBERS if name in held.files})

    def save(self, file: str | Path) -> None:
        numbers = {name: np.float32(getattr(self, name)) for name in NUMBERS}
        with whole_path(file) as part, part.open("wb") as out:
            np.savez(out, **numbers, **self.weights)  # type: ignore[arg-type]

    def scores(self, triggers: np.ndarray, spans: np.ndarray, features: np.ndarray) -> np.ndarray:
        """States (deeds, width), (spans, width) and features -> (deeds, spans) probabilities."""
        w = self.weights
        width = w["trigger_w"].shape[1]  # of the states it reads the last layer's, which stand last
        triggers, spans = triggers[:, -width:], spans[:, -width:]
        a = np.tanh(triggers @ w["trigger_w"].T + w["trigger_b"])
        b = np.tanh(spans @ w["span_w"].T + w["span_b"])
        shape = (len(a), len(b), a.shape[1])
        pair = np.concatenate(
            [np.broadcast_to(a[:, None], shape), np.broadcast_to(b[None], shape), a[:, None] * b[None], features],
            axis=2,
        )
        hidden = np.maximum(pair @ w["hidden_w"].T + w["hidden_b"], 0)
        return 1 / (1 + np.exp(-(hidden @ w["out_w"][0] + w["out_b"][0])))

    def link(self, view: View) -> list[Group]:
        if not view.triggers or not view.spans:
            return without_trigger(view) if view.spans else []
        with one_thread():
            if len(view.triggers) + len(view.spans) > WHOLE:
                return link_in_stretches(self._link, view)
            return self._link(view)

    def _link(self, view: View) -> list[Group]:
        if not view.triggers or not view.spans:
            return []
        kept, chance = self._deeds(view)
        if not kept:
            return without_trigger(view)
        members: list[list[int]] = [[] for _ in kept]
        for number in range(len(view.spans)):
            best = int(chance[:, number].argmax())
            for deed in range(len(kept)):
                if chance[deed, number] >= (self.least if deed == best else self.shared):
                    members[deed].append(number)
        return [Group(trigger, tuple(m)) for trigger, m in zip(kept, members, strict=True)]

    def _deeds(self, view: View) -> tuple[list[int], np.ndarray]:
        """Indices of the triggers that name a deed of their own, in text order, and their chances (deeds, spans)."""
        # measured once for all candidates: a pass over the text for each would be quadratic in a long report
        spot = places(
            view.text,
            [(t.start, t.end) for t in view.triggers],
            [(s.start, s.end) for s in view.spans],
            [s.role for s in view.spans],
            view.sentences,
        )
        kept = [i for i, t in enumerate(view.triggers) if t.score >= self.sure]
        chance = self._chances(view, spot, kept)
        for index in sorted(range(len(view.triggers)), key=lambda i: -view.triggers[i].score):
            if index in kept:
                continue
            with_it = sorted([*kept, index])
            grown = self._chances(view, spot, with_it)
            before = chance.max(axis=0) if kept else np.zeros(len(view.spans))
            gain = np.maximum(0.0, grown[with_it.index(index)] - before).sum()
            if view.triggers[index].score * gain >= self.need:
                kept, chance = with_it, grown
        return kept, chance

    def _chances(self, view: View, spot: Places, kept: list[int]) -> np.ndarray:
        """(kept deeds, spans) chances, as if no other candidate were there."""
        assert view.span_vectors is not None and view.trigger_vectors is not None
        return self.scores(view.trigger_vectors[kept], view.span_vectors, pair_features(with_triggers(spot, kept)))
