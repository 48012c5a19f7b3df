"""Floating-point operations of a pre-training step, counted from the model; and the peak of matrix products, measured.

Counted are matrix products alone, forward and backward, a multiply-add as two: 6 for each weight of the layers and
piece; attention's scores and mixtures (12 x length seen x width a piece and layer, by the layer's window); and the
projection to the vocabulary, at the masked places alone. Norms, the softmax and the optimizer count nothing, so the
share of the peak says how much of the machine the useful work reaches.
"""

from __future__ import annotations

import time
from typing import Any

import torch
from torch import nn


def windows(config: Any, length: int) -> list[int]:
    """How many places a piece looks at in each layer, at ``length`` pieces a sequence."""
    local = getattr(config, "local_attention", None)
    kinds = getattr(config, "layer_types", None) or []
    layers = range(config.num_hidden_layers)
    if not local or not kinds:
        return [length for _ in layers]
    return [length if kinds[layer] == "full_attention" else min(length, local + 1) for layer in layers]


def step_flops(model: nn.Module, pieces: int, length: int, masked: int) -> float:
    """Operations of one step over ``pieces`` pieces in sequences of ``length``, ``masked`` of them to guess. ``model``
    is any AutoModelForMaskedLM."""
    shape: Any = model.config
    tables = {id(p) for m in model.modules() if isinstance(m, nn.Embedding) for p in m.parameters()}
    encoder: nn.Module = model.base_model  # type: ignore[assignment]
    inner = sum(p.numel() for p in encoder.parameters() if p.ndim >= 2 and id(p) not in tables)
    taken = {id(p) for p in encoder.parameters()} | tables
    beside = [p for p in model.parameters() if p.ndim == 2 and id(p) not in taken]
    head = sum(p.numel() for p in beside if shape.vocab_size not in p.shape)
    attention = 12 * shape.hidden_size * sum(windows(shape, length))
    projection = head + shape.vocab_size * getattr(shape, "embedding_size", shape.hidden_size)
    return pieces * (6.0 * inner + attention) + 6.0 * masked * projection


def peak(rows: int, width: int, between: int, kind: torch.dtype, device: torch.device, seconds: float = 3.0) -> float:
    """Operations a second of the best of some matrix products at the encoder's own shapes and a large square one."""
    best = 0.0
    for a, b, c in ((rows, width, 3 * width), (rows, width, 2 * between), (rows, between, width), (2048, 2048, 2048)):
        left = torch.randn(a, b, device=device).to(kind)
        right = torch.randn(b, c, device=device).to(kind)
        for _ in range(3):
            left @ right
        _wait(device)
        began, times = time.perf_counter(), 0
        while time.perf_counter() - began < seconds:
            for _ in range(10):
                left @ right
            _wait(device)
            times += 10
        best = max(best, 2.0 * a * b * c * times / (time.perf_counter() - began))
    return best


def _wait(device: torch.device) -> None:
    if device.type == "cuda":
        torch.cuda.synchronize(device)
