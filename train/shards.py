"""Token shards on disk: the pre-training text as one row of piece ids, its documents, and its tokenizer.

A shards folder holds ``tokens.npy`` (uint16 piece ids, documents one after another), ``lengths.npy`` (pieces of
each), ``weights.npy`` (how often a document is seen in an epoch), ``tokenizer.json``, and, when made,
``skipgram.npy`` (vocabulary × width start values for the embeddings). The last documents are held out.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import numpy as np

SPECIAL_TOKENS = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
HELD_OUT_EVERY = 200


class Shards:
    """A shards folder opened for reading; the ids stay memory-mapped."""

    def __init__(self, folder: str | Path) -> None:
        folder = Path(folder)
        for name in ("tokens.npy", "lengths.npy", "tokenizer.json"):
            if not (folder / name).exists():
                raise FileNotFoundError(
                    f"{folder / name} is missing; make the shards first: adwar shards TEXT -o {folder}"
                )
        self.folder = folder
        self.tokens = np.load(folder / "tokens.npy", mmap_mode="r")
        lengths = np.load(folder / "lengths.npy")
        if lengths.sum() != len(self.tokens):
            raise ValueError(
                f"{folder}: lengths.npy counts {lengths.sum()} pieces, tokens.npy holds {len(self.tokens)}"
            )
        if len(self.tokens) == 0:
            raise ValueError(f"{folder / 'tokens.npy'} is empty")
        self.ends = np.cumsum(lengths)
        self.starts = self.ends - lengths
        weights_file = folder / "weights.npy"
        weights = np.load(weights_file).astype(float) if weights_file.exists() else np.ones(len(lengths))
        self.held = np.arange(len(lengths)) % HELD_OUT_EVERY == HELD_OUT_EVERY - 1
        self.weights = np.where(self.held, 0.0, weights)
        vocabulary = json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))["model"]["vocab"]
        self.vocabulary = len(vocabulary)
        self.special = len(SPECIAL_TOKENS)
        self.mask_id, self.separator = vocabulary["[MASK]"], vocabulary["[SEP]"]
        self._ids = {name: vocabulary[name] for name in SPECIAL_TOKENS}
        self.continuation = np.zeros(self.vocabulary, dtype=bool)
        for piece, number in vocabulary.items():
            self.continuation[number] = piece.startswith("##")
        table = folder / "skipgram.npy"
        self.skipgram = np.load(table) if table.exists() else None

    def digests(self) -> dict[str, str]:
        """What tells these shards from others, by file: of the pieces only their number and some at both ends and in
        the middle, because there may be gigabytes."""
        size, few = len(self.tokens), 500_000
        some = [self.tokens[at : at + few].tobytes() for at in (0, max(0, size // 2), max(0, size - few))]
        weights = self.folder / "weights.npy"
        return {
            "tokenizer.json": sha256((self.folder / "tokenizer.json").read_bytes()).hexdigest(),
            "lengths.npy": sha256(self.ends.tobytes()).hexdigest(),
            "weights.npy": sha256(weights.read_bytes() if weights.exists() else b"").hexdigest(),
            "tokens.npy": sha256(b"".join([str(size).encode(), *some])).hexdigest(),
        }

    def special_ids(self) -> dict[str, int]:
        """Settings that tie a model's config to this vocabulary."""
        return {
            "pad_token_id": self._ids["[PAD]"],
            "cls_token_id": self._ids["[CLS]"],
            "sep_token_id": self._ids["[SEP]"],
            "bos_token_id": self._ids["[CLS]"],
            "eos_token_id": self._ids["[SEP]"],
        }

    def concatenate(self, order: np.ndarray) -> np.ndarray:
        """The documents ``order`` in one row, each closed by a separator."""
        sizes = self.ends[order] - self.starts[order] + 1
        out = np.empty(int(sizes.sum()), dtype=np.uint16)
        at = 0
        for number, size in zip(order, sizes, strict=True):
            out[at : at + size - 1] = self.tokens[self.starts[number] : self.ends[number]]
            out[at + size - 1] = self.separator
            at += size
        return out

    def held_out(self, length: int, sequences: int, batch: int) -> Iterator[np.ndarray]:
        """Batches ``(≤ batch, length)`` of the held-out documents, at most ``sequences`` rows."""
        row = self.concatenate(np.flatnonzero(self.held))
        rows = row[: len(row) // length * length].reshape(-1, length)
        picked = rows[:: max(1, len(rows) // sequences)][:sequences] if len(rows) else rows
        for at in range(0, len(picked), batch):
            yield picked[at : at + batch].astype(np.int64)

    def save_tokenizer(self, folder: str | Path) -> None:
        """Copy ``tokenizer.json`` and say which class reads it."""
        folder = Path(folder)
        shutil.copyfile(self.folder / "tokenizer.json", folder / "tokenizer.json")
        settings = {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": 512,
            "pad_token": "[PAD]",
            "unk_token": "[UNK]",
            "cls_token": "[CLS]",
            "sep_token": "[SEP]",
            "mask_token": "[MASK]",
        }
        (folder / "tokenizer_config.json").write_text(json.dumps(settings, indent=2))
