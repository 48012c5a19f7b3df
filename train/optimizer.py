"""AdamW, or Muon on the encoder's matrices with AdamW beside it, under layer-wise rates.

Muon (Jordan 2024; `torch.optim.Muon`) makes every step of a matrix orthogonal. A small encoder that has seen little
text learns several times faster so in the first few hundred steps, and at a high rate forgets its pre-training in the
thousands that follow; the figures are in docs/quality.md. It works on hidden matrices only: embeddings, vectors and
heads stay with AdamW.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import torch

from .config import RunConfig


class Together(torch.optim.Optimizer):
    """Several optimizers as one: the groups are theirs, so that one schedule moves all rates."""

    def __init__(self, parts: list[torch.optim.Optimizer]) -> None:
        self.parts = parts
        super().__init__([group for part in parts for group in part.param_groups], {})
        self._join()

    def _join(self) -> None:
        self.param_groups = [group for part in self.parts for group in part.param_groups]

    @torch.no_grad()
    def step(self, closure: Any = None) -> None:  # type: ignore[override]
        for part in self.parts:
            part.step()

    def state_dict(self) -> dict[str, Any]:
        return {"parts": [part.state_dict() for part in self.parts]}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        for part, state in zip(self.parts, state_dict["parts"], strict=True):
            part.load_state_dict(state)
        self._join()


def make_optimizer(model: torch.nn.Module, config: RunConfig, rate: float, decay: float) -> torch.optim.Optimizer:
    """The optimizer of a run; ``rate`` is AdamW's (``training.learning_rate``), ``optim.muon_rate`` that of Muon."""
    for_muon = muon_matrices(model) if config.optim.muon_rate else []
    groups = parameter_groups(model, config, rate, decay, {id(p) for p in for_muon})
    adamw = torch.optim.AdamW(groups, betas=(0.9, 0.98), eps=1e-6, fused=True)
    if not for_muon:
        return adamw
    return Together([adamw, muon(for_muon, config.optim.muon_rate, config.optim.muon_decay)])


def muon(matrices: list[torch.nn.Parameter], rate: float, decay: float) -> torch.optim.Optimizer:
    """Muon on ``matrices``; match_rms_adamw lets one rate serve matrices of every shape (Moonlight's scaling)."""
    return torch.optim.Muon(matrices, lr=rate, weight_decay=decay, adjust_lr_fn="match_rms_adamw")


def muon_matrices(model: torch.nn.Module) -> list[torch.nn.Parameter]:
    """The matrices inside the encoder's layers."""
    return [
        p for name, p in model.named_parameters() if p.ndim == 2 and _layer(name) is not None and "embed" not in name
    ]


def _layer(name: str) -> int | None:
    return next((int(b) for a, b in pairwise(name.split(".")) if a in ("layers", "layer") and b.isdecimal()), None)


def parameter_groups(
    model: torch.nn.Module, config: RunConfig, rate: float, decay: float, left_out: set[int] | None = None
) -> list[dict[str, Any]]:
    """Groups with the layer-wise rates of ``config.optim``, without the parameters whose ``id`` is ``left_out``;
    vectors bear no weight decay."""
    depth = getattr(model.config, "num_hidden_layers", 1)  # type: ignore[union-attr]
    groups: dict[tuple[float, float], list[torch.nn.Parameter]] = {}
    for name, parameter in model.named_parameters():
        if left_out and id(parameter) in left_out:
            continue
        layer = _layer(name)
        if name.startswith("pairs.") or "classifier" in name or name.startswith("tagger.head"):
            factor = config.optim.head_factor
        elif "embed" in name:
            factor = config.optim.layer_decay ** (depth + 1)
        else:
            factor = config.optim.layer_decay ** (depth - layer) if layer is not None else 1.0
        key = (rate * factor, decay if parameter.ndim > 1 else 0.0)
        groups.setdefault(key, []).append(parameter)
    return [{"params": p, "lr": r, "weight_decay": d} for (r, d), p in groups.items()]


def split_parameters(
    model: torch.nn.Module,
) -> tuple[list[torch.nn.Parameter], list[torch.nn.Parameter], list[torch.nn.Parameter]]:
    """(matrices for Muon, embeddings and other weights for AdamW, vectors without weight decay)."""
    matrices, tables, vectors = [], [], []
    table_ids = {id(p) for m in model.modules() if isinstance(m, torch.nn.Embedding) for p in m.parameters()}
    for parameter in model.parameters():
        if parameter.ndim < 2:
            vectors.append(parameter)
        elif id(parameter) in table_ids or parameter.ndim != 2 or max(parameter.shape) > 8192:
            tables.append(parameter)
        else:
            matrices.append(parameter)
    return matrices, tables, vectors
