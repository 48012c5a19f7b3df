"""Batches of windows for training: under a token budget, lengths grouped, in an order that seed and pass decide."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer

from ..data.schema import Document
from ..model.encoding import Settings, batches
from ..model.labels import IGNORED
from .config import ConfigError, RunConfig
from .encoder import mask_token
from .features import Row, drop_surface, rows
from .swaps import forms, swapped


class Windows(torch.utils.data.IterableDataset):  # type: ignore[type-arg]
    """Batches of windows under a token budget, lengths grouped, order drawn anew each pass from seed and pass."""

    def __init__(
        self, docs: Sequence[Document], tokenizer: Tokenizer, settings: Settings, config: RunConfig, seed: int
    ):
        self.docs, self.tokenizer, self.settings, self.config, self.seed = docs, tokenizer, settings, config, seed
        self.plain = rows(docs, tokenizer, settings)
        self.known = forms(docs) if config.optim.swap_mentions else {}
        self.epoch = 0
        self.rank, self.world = 0, 1

    def __len__(self) -> int:
        return max(1, len(self._groups(self.plain)) // self.world)

    def share(self, rank: int, world: int) -> None:
        """Give every ``world``-th batch, beginning with number ``rank``, as one of several processes. Raises
        `ConfigError` if there are fewer batches than processes."""
        if (number := len(self._groups(self.plain))) < world:
            raise ConfigError(f"{number} batches for {world} processes; start fewer, or set optim.batch_pieces lower")
        self.rank, self.world = rank, world

    def set_epoch(self, epoch: int) -> None:
        self.epoch = epoch

    def _groups(self, found: Sequence[Row]) -> list[list[int]]:
        return batches([len(row.ids) for row in found], self.config.optim.batch_pieces)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        rng = random.Random(f"{self.seed}:{self.epoch}")
        found = self.plain
        if self.epoch and (self.known or self.config.optim.drop_surface):
            found = rows([self._changed(doc, rng) for doc in self.docs], self.tokenizer, self.settings)
        order = list(range(len(found)))
        rng.shuffle(order)
        shuffled = [found[i] for i in order]
        groups = self._groups(shuffled)
        rng.shuffle(groups)
        hide = np.random.default_rng([self.seed, self.epoch])
        whole = min(len(self), len(groups) // self.world) * self.world  # as many batches for each process
        for number, group in enumerate(groups[: max(1, whole)]):
            held = [shuffled[i] for i in group]
            # drawn for the other processes' batches, too: a batch is the same whoever has it
            drawn = (
                hide.random((len(held), max(len(row.ids) for row in held))) if self.config.optim.mask_pieces else None
            )
            if number % self.world != self.rank:
                continue
            batch = collate(held, self.settings.pad_id)
            if drawn is not None:
                batch["hidden"] = self._hide(batch["input_ids"], drawn)
            yield batch

    def _changed(self, doc: Document, rng: random.Random) -> Document:
        """``doc`` as a further pass sees it: some with other mentions, some with a surface cue dropped."""
        optim = self.config.optim
        if self.known and rng.random() < optim.swap_mentions:
            doc = swapped(doc, self.known, rng)
        if optim.drop_surface and rng.random() < optim.drop_surface:
            doc = Document(doc.id, drop_surface(doc, rng), doc.title, doc.events, doc.meta)
        return doc

    def _hide(self, ids: torch.Tensor, chances: np.ndarray) -> torch.Tensor:
        """Put the mask in place of a share of the pieces, by a number from 0 to 1 for each; the special ones stay.
        Returns what stood there, and `IGNORED` where nothing was hidden."""
        mask = self.tokenizer.token_to_id(mask_token(self.tokenizer) or "")
        if mask is None:
            raise ConfigError("optim.mask_pieces needs a tokenizer with a [MASK] token; set it to 0")
        special = torch.tensor([self.settings.cls_id, self.settings.sep_id, self.settings.pad_id])
        drawn = torch.from_numpy(chances < self.config.optim.mask_pieces)
        drawn &= ~torch.isin(ids, special)
        hidden = torch.where(drawn, ids, IGNORED)
        ids[drawn] = mask
        return hidden


def collate(found: Sequence[Row], pad_id: int) -> dict[str, Any]:
    """Padded tensors (rows, longest) of ids, mask and labels, and the rows' links."""
    longest = max(len(row.ids) for row in found)
    ids = np.full((len(found), longest), pad_id, dtype=np.int64)
    mask = np.zeros_like(ids)
    labels = np.full_like(ids, IGNORED)
    for number, row in enumerate(found):
        ids[number, : len(row.ids)] = row.ids
        mask[number, : len(row.ids)] = 1
        labels[number, : len(row.ids)] = row.labels
    return {
        "input_ids": torch.from_numpy(ids),
        "attention_mask": torch.from_numpy(mask),
        "labels": torch.from_numpy(labels),
        "links": [row.links for row in found],
    }
