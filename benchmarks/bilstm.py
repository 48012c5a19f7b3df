"""The yardstick without an encoder: two LSTM layers both ways over CBOW vectors of the same pieces.

Same words, windows, labels and decoding as the project's taggers, so that the scores compare; no pre-trained context.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import nn

from adwar.data.rawtext import documents
from adwar.data.schema import Document
from adwar.model.encoding import Settings
from adwar.model.labeler import Labeler
from adwar.model.labels import IGNORED, LABELS
from adwar.model.link import RuleLinker
from adwar.model.tagger import TorchEngine
from adwar.train.batches import Windows
from adwar.train.build_shards import measured_texts, piece_vectors
from adwar.train.config import OptimConfig, RunConfig
from adwar.train.contamination import Contamination

WIDTH, HIDDEN, LAYERS, DROPOUT = 200, 200, 2, 0.3
RATE, DECAY, WARMUP, CLIP = 2e-3, 0.01, 0.05, 1.0


def cbow(
    raw: Path, tokenizer: Tokenizer, keep_out: Sequence[Path], pieces: int, scratch: Path, seed: int = 1
) -> np.ndarray:
    """CBOW vectors (vocabulary, `WIDTH`) of the first ``pieces`` pieces of the text in ``raw``; what shares eight words
    with a text of ``keep_out`` is left out."""
    measured = Contamination()
    measured.add(measured_texts([str(file) for file in keep_out]))
    rows: list[np.ndarray] = []
    held: list[str] = []
    have = 0

    def encode() -> int:
        found = tokenizer.encode_batch_fast(held, add_special_tokens=False)
        rows.extend(np.array(e.ids, dtype=np.uint16) for e in found)
        held.clear()
        return sum(len(e.ids) for e in found)

    for doc in documents(raw):
        if not measured.touches(doc.text):
            held.append(doc.text)
        if len(held) == 500:
            have += encode()
            if have >= pieces:
                break
    encode()
    return piece_vectors(rows, tokenizer.get_vocab_size(), WIDTH, scratch, seed, skip_gram=False, passes=3)


class BiLSTM(nn.Module):
    """A tagger by the same call as the encoders': ids and mask (rows, length) to logits (rows, length, labels)."""

    def __init__(self, table: np.ndarray, hidden: int = HIDDEN) -> None:
        super().__init__()
        start = torch.from_numpy(table.astype(np.float32))
        seen = start.abs().sum(1) > 0
        start[seen] /= start[seen].std().clamp_min(1e-6)
        start[~seen] = torch.randn_like(start[~seen])  # pieces that the text never showed
        self.embedding = nn.Embedding.from_pretrained(start, freeze=False)
        self.drop = nn.Dropout(DROPOUT)
        self.lstm = nn.LSTM(start.shape[1], hidden, LAYERS, batch_first=True, bidirectional=True, dropout=DROPOUT)
        self.classifier = nn.Linear(2 * hidden, len(LABELS))

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor, **_: Any) -> SimpleNamespace:
        lengths = attention_mask.sum(1).cpu()
        packed = nn.utils.rnn.pack_padded_sequence(
            self.drop(self.embedding(input_ids)), lengths, batch_first=True, enforce_sorted=False
        )
        states, _ = nn.utils.rnn.pad_packed_sequence(
            self.lstm(packed)[0], batch_first=True, total_length=input_ids.shape[1]
        )
        return SimpleNamespace(logits=self.classifier(self.drop(states)), hidden_states=[states])


def train_bilstm(
    docs: Sequence[Document], tokenizer: Tokenizer, settings: Settings, table: np.ndarray, passes: int, seed: int
) -> tuple[Labeler, int]:
    """(labeler of the trained tagger, steps): AdamW at `RATE` with a rise and a straight fall, batches of 2,048 pieces;
    the last weights."""
    torch.manual_seed(seed)
    model = BiLSTM(table)
    config = RunConfig(optim=OptimConfig(drop_surface=0.15, mask_pieces=0.05))
    data = Windows(docs, tokenizer, settings, config, seed)
    optimizer = torch.optim.AdamW(model.parameters(), lr=RATE, weight_decay=DECAY)
    total, step = len(data) * passes, 0
    model.train()
    for epoch in range(passes):
        data.set_epoch(epoch)
        for batch in data:
            factor = min(1.0, (step + 1) / max(1.0, WARMUP * total), (total - step) / ((1 - WARMUP) * total))
            for group in optimizer.param_groups:
                group["lr"] = RATE * max(0.0, factor)
            logits = model(batch["input_ids"], batch["attention_mask"]).logits
            loss = nn.functional.cross_entropy(logits.flatten(0, 1), batch["labels"].flatten(), ignore_index=IGNORED)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), CLIP)
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
            step += 1
    return Labeler(TorchEngine(model), tokenizer, settings, linker=RuleLinker()), step
