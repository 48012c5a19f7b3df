"""Which pieces a step of pre-training sees: rows and length of its batch, and where in the text it begins.

All of it follows from the config and the step's number alone, so that a resumed run sees what a straight one does,
also while the batch grows (``batch_start``, ``batch_ramp``) and when the sequences get longer (``length_end``).
"""

from __future__ import annotations

import numpy as np

from .pretrain_config import PretrainConfig
from .shards import Shards

#: The batch grows in so many strides: every size of it is compiled anew.
STRIDES = 4


def long_from(config: PretrainConfig) -> int:
    """The first step with sequences of ``length_end``; ``steps`` if there is none."""
    return config.steps - round(config.length_end_share * config.steps) if config.length_end else config.steps


def shape(step: int, config: PretrainConfig) -> tuple[int, int]:
    """(rows, length) of the batch of ``step``."""
    if step < config.batch_ramp:
        stride = STRIDES * step // config.batch_ramp
        return config.batch_start + (config.batch - config.batch_start) * stride // STRIDES, config.length
    if config.length_end and step >= long_from(config):
        return config.batch * config.length // config.length_end, config.length_end
    return config.batch, config.length


def pieces_before(step: int, config: PretrainConfig) -> int:
    """How many pieces the steps before ``step`` have seen. Long sequences come as many pieces a batch as short ones."""
    ramp = min(step, config.batch_ramp)
    grown = config.batch_start * ramp
    if ramp:
        strides = STRIDES * np.arange(ramp, dtype=np.int64) // config.batch_ramp
        grown += int(((config.batch - config.batch_start) * strides // STRIDES).sum())
    return (grown + config.batch * (step - ramp)) * config.length


class Batches:
    """Packed sequences in an order that seed and step alone decide: a resumed run sees what a straight one does."""

    def __init__(self, shards: Shards, config: PretrainConfig) -> None:
        self.shards, self.config = shards, config
        self.epoch = -1
        self.stream = np.empty(0, dtype=np.uint16)
        self._pieces: list[int] = []

    def _order(self, epoch: int) -> np.ndarray:
        """Documents of this epoch, each as often as its weight says (fractions by chance), shuffled."""
        rng = np.random.default_rng([self.config.seed, epoch])
        weights = self.shards.weights
        times = np.floor(weights + rng.random(len(weights))).astype(int)
        return rng.permutation(np.repeat(np.arange(len(weights)), times))

    def _load(self, epoch: int) -> None:
        if epoch != self.epoch:
            self.stream = self.shards.concatenate(self._order(epoch))
            self.epoch = epoch

    def _usable(self, epoch: int) -> int:
        """Pieces of an epoch that are seen: whole batches; what is left over at its end is not."""
        while len(self._pieces) <= epoch:
            order = self._order(len(self._pieces))
            pieces = int((self.shards.ends[order] - self.shards.starts[order] + 1).sum())
            size = self.config.batch * self.config.length
            if pieces < size:
                raise ValueError(f"shards hold {pieces} pieces: fewer than one batch of {size}")
            self._pieces.append(pieces // size * size)
        return self._pieces[epoch]

    def batch(self, step: int) -> np.ndarray:
        """``(rows, length)`` piece ids of step ``step``."""
        rows, length = shape(step, self.config)
        epoch, at = 0, pieces_before(step, self.config)
        while at >= self._usable(epoch):
            at -= self._usable(epoch)
            epoch += 1
        parts: list[np.ndarray] = []
        need = rows * length
        while need:  # a batch of a growing run may reach into the next epoch
            self._load(epoch)
            part = self.stream[at : min(at + need, self._usable(epoch))]
            parts.append(part)
            need -= len(part)
            epoch, at = epoch + 1, 0
        return np.concatenate(parts).reshape(rows, length).astype(np.int64)
