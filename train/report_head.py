"""The report linker under torch: the twin of `model.report_linker`, and its loss. Fitting is `report_linker.py`.

Weights bear the same names in both, so that carrying them over is a copy.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
import torch
from torch import nn

from ..data.schema import EVENT_TYPES
from ..model.candidates import FACTS, PAIR_FEATURES, SENTENCE, Candidates
from ..model.labels import IGNORED
from ..model.report_linker import HEADS

#: Weights of the other losses beside the links': a candidate names a deed, of which type, a span fills a role.
NAMED_WEIGHT, TYPE_WEIGHT, REAL_WEIGHT = 0.5, 0.5, 0.5
#: Weight of the pairs of false candidates, which no span serves.
FALSE_WEIGHT = 0.3


@dataclass(frozen=True, slots=True)
class Gold:
    """Of one report's candidates: ``named`` (D,) whether each names a deed, ``type`` (D,) its type's index or
    `IGNORED`, ``serves`` (D, S) which spans belong to it, ``real`` (S,) which spans fill their role for any deed."""

    named: np.ndarray
    type: np.ndarray
    serves: np.ndarray
    real: np.ndarray


@dataclass(frozen=True, slots=True)
class Batch:
    """`Candidates` and `Gold` of several reports, padded; ``item``, ``deed`` and ``span`` say what is no padding.
    ``deeds`` (B, D) and ``spans`` (B, S) index the items, ``between`` (B, D, S, features) are the pairs' features."""

    first: torch.Tensor
    inner: torch.Tensor
    around: torch.Tensor
    facts: torch.Tensor
    kind: torch.Tensor
    pairs: torch.Tensor
    item: torch.Tensor
    deeds: torch.Tensor
    deed: torch.Tensor
    spans: torch.Tensor
    span: torch.Tensor
    between: torch.Tensor
    named: torch.Tensor
    type: torch.Tensor
    serves: torch.Tensor
    real: torch.Tensor


def padded(reports: Sequence[tuple[Candidates, Gold]]) -> Batch:
    """One batch of ``reports``."""
    items = max(len(c.kind) for c, _ in reports)
    deeds, spans = max(len(c.deeds) for c, _ in reports), max(len(c.spans) for c, _ in reports)
    size = len(reports)
    shape = {
        "item": (items,),
        "deeds": (deeds,),
        "deed": (deeds,),
        "spans": (spans,),
        "span": (spans,),
        "between": (deeds, spans, PAIR_FEATURES),
        "named": (deeds,),
        "type": (deeds,),
        "serves": (deeds, spans),
        "real": (spans,),
        "kind": (items,),
        "pairs": (items, items, PAIR_FEATURES),
    }
    whole = {"kind", "deeds", "spans", "type"}
    wide = {"first", "inner", "around", "facts"}
    c = reports[0][0]
    shape |= {name: (items, getattr(c, name).shape[1]) for name in wide}
    table = {n: np.zeros((size, *s), dtype=np.int64 if n in whole else np.float32) for n, s in shape.items()}
    table["type"][:] = IGNORED
    for row, (c, gold) in enumerate(reports):
        n, d, s = len(c.kind), len(c.deeds), len(c.spans)
        for name in (*wide, "kind"):
            table[name][row, :n] = getattr(c, name)
        table["pairs"][row, :n, :n] = c.pairs
        table["between"][row, :d, :s] = c.pairs[np.ix_(c.deeds, c.spans)]
        table["deeds"][row, :d], table["spans"][row, :s] = c.deeds, c.spans
        table["item"][row, :n], table["deed"][row, :d], table["span"][row, :s] = 1, 1, 1
        table["named"][row, :d], table["type"][row, :d] = gold.named, gold.type
        table["serves"][row, :d, :s], table["real"][row, :s] = gold.serves, gold.real
    return Batch(**{f.name: torch.from_numpy(table[f.name]) for f in fields(Batch)})


class Layer(nn.Module):
    """One pre-norm attention layer whose heads are biased by the features of each pair of items."""

    def __init__(self, width: int, drop: float) -> None:
        super().__init__()
        self.before, self.after = nn.LayerNorm(width), nn.LayerNorm(width)
        self.mix, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.up, self.down = nn.Linear(width, 2 * width), nn.Linear(2 * width, width)
        self.heads = nn.Linear(PAIR_FEATURES, HEADS)
        self.drop = nn.Dropout(drop)

    def forward(self, x: torch.Tensor, pairs: torch.Tensor, item: torch.Tensor) -> torch.Tensor:
        rows, items, width = x.shape
        q, k, v = self.mix(self.before(x)).view(rows, items, 3, HEADS, width // HEADS).permute(2, 0, 3, 1, 4)
        scores = q @ k.transpose(-1, -2) / (width // HEADS) ** 0.5 + self.heads(pairs).permute(0, 3, 1, 2)
        scores = scores.masked_fill(item[:, None, None] == 0, -1e9).softmax(-1)
        x = x + self.drop(self.out((scores @ v).transpose(1, 2).reshape(rows, items, width)))
        return x + self.drop(self.down(torch.relu(self.up(self.after(x)))))


class ReportHead(nn.Module):
    """Logits from a `Batch`: (B, D) named, (B, D, types), (B, D, S) serves, (B, S) real. ``states`` is the width of its
    input."""

    def __init__(self, states: int, width: int = 128, layers: int = 3, size: int = 96, drop: float = 0.3) -> None:
        super().__init__()
        self.first, self.inner = nn.Linear(states, width), nn.Linear(states, width)
        self.around, self.facts = nn.Linear(2 * states, width), nn.Linear(FACTS, width)
        self.kind = nn.Embedding(SENTENCE + 1, width)
        self.layers = nn.ModuleList(Layer(width, drop) for _ in range(layers))
        self.norm = nn.LayerNorm(width)
        self.deed, self.span = nn.Linear(width, size), nn.Linear(width, size)
        self.joined, self.serves = nn.Linear(3 * size + PAIR_FEATURES, size), nn.Linear(size, 1)
        self.named = _two(width, size, 1, drop)
        self.real = _two(width, size, 1, drop)
        self.types = _two(width, size, len(EVENT_TYPES), drop)
        self.drop = nn.Dropout(drop)

    def forward(self, b: Batch) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
        x = self.drop(self.first(b.first)) + self.drop(self.inner(b.inner)) + self.drop(self.around(b.around))
        x = x + self.facts(b.facts) + self.kind(b.kind)
        for layer in self.layers:
            x = layer(x, b.pairs, b.item)
        x = self.norm(x)
        deeds, spans = (torch.gather(x, 1, i[:, :, None].expand(-1, -1, x.shape[2])) for i in (b.deeds, b.spans))
        one, other = self.drop(torch.tanh(self.deed(deeds))), self.drop(torch.tanh(self.span(spans)))
        size, weight = one.shape[2], self.joined.weight
        hidden = (one @ weight[:, :size].T)[:, :, None] + (other @ weight[:, size : 2 * size].T)[:, None]
        hidden = hidden + (one[:, :, None] * other[:, None]) @ weight[:, 2 * size : 3 * size].T
        hidden = hidden + b.between @ weight[:, 3 * size :].T + self.joined.bias
        serves = self.serves(self.drop(torch.relu(hidden))).squeeze(-1)
        return self.named(deeds).squeeze(-1), self.types(deeds), serves, self.real(spans).squeeze(-1)

    def weights(self) -> dict[str, np.ndarray]:
        """What `ReportLinker` computes with."""
        return {name: value.detach().float().cpu().numpy() for name, value in self.state_dict().items()}


def _two(width: int, size: int, out: int, drop: float) -> nn.Sequential:
    return nn.Sequential(nn.Linear(width, size), nn.ReLU(), nn.Dropout(drop), nn.Linear(size, out))


def loss(head: ReportHead, b: Batch) -> torch.Tensor:
    """Links over all pairs (those of false candidates weigh less), candidates, and the types of the true ones."""
    named, types, serves, real = head(b)
    weight = b.deed[:, :, None] * b.span[:, None] * (b.named + (1 - b.named) * FALSE_WEIGHT)[:, :, None]
    links = nn.functional.binary_cross_entropy_with_logits(serves, b.serves, reduction="none")
    total = (links * weight).sum() / weight.sum().clamp(min=1)
    candidates = nn.functional.binary_cross_entropy_with_logits(named, b.named, reduction="none")
    total = total + NAMED_WEIGHT * (candidates * b.deed).sum() / b.deed.sum().clamp(min=1)
    fills = nn.functional.binary_cross_entropy_with_logits(real, b.real, reduction="none")
    total = total + REAL_WEIGHT * (fills * b.span).sum() / b.span.sum().clamp(min=1)
    known = b.type.flatten()
    if (known != IGNORED).any():
        kinds = nn.functional.cross_entropy(types.flatten(0, 1), known, ignore_index=IGNORED)
        total = total + TYPE_WEIGHT * kinds
    return total
