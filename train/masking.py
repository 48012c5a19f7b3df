"""Which words of a batch are hidden in pre-training: whole words, by chance alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class Hidden:
    """A batch with words hidden: gold ``ids``, ``inputs``, the ``chosen`` places, each (rows, length); and the source
    of what chance is left to draw."""

    ids: np.ndarray
    inputs: np.ndarray
    chosen: np.ndarray
    rng: np.random.Generator


def mask_words(
    ids: np.ndarray, continuation: np.ndarray, special: int, mask_id: int, rate: float, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Whole-word masking. ``ids`` (rows, length) -> inputs of the same shape and a boolean mask of the positions to
    predict. ``continuation[id]`` says that a piece continues a word; ids below ``special`` are never masked. Of the
    chosen words 80% become the mask, 10% random pieces, 10% stay."""
    vocabulary = len(continuation)
    starts = ~continuation[ids]
    starts[:, 0] = True
    word = np.cumsum(starts.ravel()) - 1
    draw = rng.random(word[-1] + 1)
    kind = rng.random(word[-1] + 1)
    chosen = (draw[word] < rate).reshape(ids.shape) & (ids >= special)
    how = kind[word].reshape(ids.shape)
    inputs = ids.copy()
    inputs[chosen & (how < 0.8)] = mask_id
    swap = chosen & (how >= 0.8) & (how < 0.9)
    inputs[swap] = rng.integers(special, vocabulary, int(swap.sum()))
    return inputs, chosen
