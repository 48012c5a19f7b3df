"""The gate: a small linear model that says which reports hardly tell of an attack; the encoder never reads them.

A report is cut into overlapping windows of a few words; each word brings weights for its hashed spelling, for the
pair it makes with the word before, and for its character n-grams; a window's score is their sum and the report's is its
highest window's. So a long report passes for one sentence. Numpy alone, no Python loop over words: a report costs far
less than a thousandth of what the encoder needs. What it leaves out: training, which is `train/gate.py`.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

FILE = "gate.npz"
#: Characters of the n-grams, which lie within a word and the blanks around it.
GRAMS = (3, 4, 5)
#: Words of a window.
WINDOW = 16

_BLANK, _DROPPED = 32, 0xFFFF
_PRIME = 0x9E3779B97F4A7C15
_INVERSE = pow(_PRIME, -1, 1 << 64)
_MIX = np.uint64(0xD6E8FEB86659FD93)
#: What tells features of different kinds apart that happen to be spelt alike.
_WORD, _PAIR, _GRAM = (np.uint64(salt) for salt in (0x1F83D9ABFB41BD6B, 0x5BE0CD19137E2179, 0xA54FF53A5F1D36F1))


@cache
def _folding() -> np.ndarray:
    """(65536,) uint16: each character as one spelling; digits are all 0, what is no letter is a blank, marks go."""
    import unicodedata

    from ..model.arabic import fold

    table = np.full(0x10000, _BLANK, dtype=np.uint16)
    for code in range(0x10000):
        kind = unicodedata.category(chr(code))
        if kind in ("Mn", "Cf") or code == 0x640:
            table[code] = _DROPPED
        elif kind == "Nd":
            table[code] = ord("0")
        elif kind[0] == "L" and (code < 0x3000 or code >= 0xFB00):
            table[code] = ord((fold(chr(code)).lower() or " ")[0])
    return table


@cache
def _powers(length: int) -> tuple[np.ndarray, np.ndarray]:
    """Powers of the prime and of its inverse, modulo 2**64."""
    ones = np.ones(length, dtype=np.uint64)
    forth, back = ones.copy(), ones.copy()
    forth[1:], back[1:] = np.uint64(_PRIME), np.uint64(_INVERSE)
    return np.cumprod(forth), np.cumprod(back)


def _spelling(text: str) -> np.ndarray:
    """The folded characters of ``text`` as uint64, words parted by one blank, with a blank at either end."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    folded = _folding()[np.where(codes < 0x10000, codes, _BLANK)]
    folded = folded[folded != _DROPPED]
    folded = np.concatenate([[_BLANK], folded, [_BLANK]])
    doubled = (folded[1:] == _BLANK) & (folded[:-1] == _BLANK)
    return folded[np.concatenate([[True], ~doubled])].astype(np.uint64)


def features(text: str, bits: int) -> tuple[np.ndarray, np.ndarray, int]:
    """(word of each feature, its slot from 0 to 2**bits - 1, number of words); a word's features are not together."""
    spelt = _spelling(text)
    blanks = np.flatnonzero(spelt == _BLANK)
    count = len(blanks) - 1
    if count < 1:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64), 0
    size = 1 << max(10, len(spelt).bit_length())
    forth, back = _powers(size)
    sums = np.concatenate([np.zeros(1, dtype=np.uint64), np.cumsum(spelt * forth[: len(spelt)])])
    starts, ends = blanks[:-1] + 1, blanks[1:]

    def slots(first: np.ndarray, last: np.ndarray, salt: np.uint64) -> np.ndarray:
        mixed = ((sums[last] - sums[first]) * back[first] + salt) * _MIX
        mixed ^= mixed >> np.uint64(32)
        return ((mixed * _MIX) >> np.uint64(64 - bits)).astype(np.int64)

    numbers = np.arange(count)
    found = [(numbers, slots(starts, ends, _WORD)), (numbers[1:], slots(starts[:-1], ends[1:], _PAIR))]
    word_of = np.cumsum(spelt == _BLANK) - 1  # a word owns the blank before it
    for n in GRAMS:
        first = np.arange(max(0, len(spelt) - n + 1))
        # inside one word: no blank but at the edges
        inside = word_of[first + n - 2] == word_of[first]
        first = first[inside]
        found.append((word_of[first], slots(first, first + n, _GRAM)))
    return np.concatenate([w for w, _ in found]), np.concatenate([s for _, s in found]), count


def windows(count: int, width: int = WINDOW) -> np.ndarray:
    """(windows, 2) first word and end of the windows over ``count`` words: half of ``width`` apart, the last one flush
    with the end; one window where there are fewer words."""
    if count <= width:
        return np.array([[0, count]])
    starts = np.unique(np.append(np.arange(0, count - width, width // 2), count - width))
    return np.stack([starts, starts + width], axis=1)


def window_sums(values: np.ndarray, owners: np.ndarray, count: int) -> np.ndarray:
    """(windows,) sum of the ``values`` of each window's words; ``owners`` is the word of each value."""
    running = np.concatenate([[0.0], np.cumsum(np.bincount(owners, weights=values, minlength=count))])
    spots = windows(count)
    return running[spots[:, 1]] - running[spots[:, 0]]


@dataclass(frozen=True, slots=True)
class Gate:
    """``weights`` (2**bits,) float32; a report scores its best window's sum plus ``bias`` and passes at ``least``."""

    weights: np.ndarray
    bias: float
    least: float

    @property
    def bits(self) -> int:
        return len(self.weights).bit_length() - 1

    def score(self, text: str) -> float:
        """How much ``text`` looks like telling of an attack: log-odds of its best window; -inf without a word."""
        owners, slots, count = features(text, self.bits)
        if not count:
            return float("-inf")
        return float(window_sums(self.weights[slots], owners, count).max()) + self.bias

    def passes(self, text: str) -> bool:
        return self.score(text) >= self.least

    def scores(self, texts: Iterable[str]) -> np.ndarray:
        """(texts,) float64."""
        return np.array([self.score(text) for text in texts])

    @classmethod
    def load(cls, file: str | Path) -> Gate:
        """Read weights that `save` wrote. Nothing in the file is executed. Raises ValueError if it is broken."""
        try:
            with np.load(file, allow_pickle=False) as held:
                weights = held["weights"].astype(np.float32) * np.float32(held["scale"])
                gate = cls(weights, float(held["bias"]), float(held["least"]))
        except (OSError, ValueError, KeyError, EOFError, BadZipFile, zlib.error) as error:
            raise ValueError(f"{file}: no usable gate: {error}; run without it (--no-gate) or make it anew") from None
        if len(gate.weights) != 1 << gate.bits:
            raise ValueError(f"{file}: no usable gate: {len(gate.weights)} weights are no power of two")
        return gate

    def rounded(self) -> Gate:
        """The gate as `save` keeps it: a byte a weight. Its threshold is to be chosen on this one."""
        whole, scale = self._bytes()
        return replace(self, weights=whole.astype(np.float32) * scale)

    def save(self, file: str | Path) -> None:
        """Write the weights as whole numbers from -127 to 127 and one scale, packed."""
        whole, scale = self._bytes()
        np.savez_compressed(file, weights=whole, scale=scale, bias=np.float64(self.bias), least=np.float64(self.least))

    def _bytes(self) -> tuple[np.ndarray, np.float32]:
        scale = np.float32(max(float(np.abs(self.weights).max()) / 127, 1e-9))
        return np.round(self.weights / scale).astype(np.int8), scale


__all__ = ["FILE", "GRAMS", "WINDOW", "Gate", "features", "window_sums", "windows"]
