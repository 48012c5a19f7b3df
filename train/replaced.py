"""Replaced pieces (ELECTRA, Clark et al. 2020): a narrow generator fills the masked places, and the encoder says of
every piece whether it was put there.

Every place teaches the encoder something, not the masked quarter alone, and there is no projection to the vocabulary
from its full width. Generator and encoder share the embedding; nothing flows back through the draw.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

#: Weight of the encoder's loss beside the generator's, as published.
FOUND_WEIGHT = 50.0


class Replaced(nn.Module):
    """What is trained beside the encoder ``model`` (any AutoModelForMaskedLM): the generator and the encoder's head.
    ``settings`` of the generator go to ``AutoConfig.for_model``; its width may differ from the encoder's."""

    def __init__(self, model: Any, settings: dict[str, Any]) -> None:
        from transformers import AutoConfig, AutoModel

        super().__init__()
        width = model.config.hidden_size
        self.generator = AutoModel.from_config(AutoConfig.for_model(**{**settings, "vocab_size": 8}))
        narrow = self.generator.config.hidden_size
        self.into, self.out = nn.Linear(width, narrow), nn.Linear(narrow, width)
        self.norm = nn.LayerNorm(width)
        self.bias = nn.Parameter(torch.zeros(model.config.vocab_size))
        self.head = nn.Sequential(nn.Linear(width, width), nn.GELU(), nn.Linear(width, 1))

    def guess(self, table: nn.Embedding, inputs: torch.Tensor, chosen: torch.Tensor) -> torch.Tensor:
        """Scores over the vocabulary (places, vocabulary) at the ``chosen`` places of ``inputs`` (rows, length)."""
        embedded = self.into(table(inputs))
        hidden = self.generator(inputs_embeds=embedded, attention_mask=torch.ones_like(inputs))[0][chosen]
        return nn.functional.linear(self.norm(nn.functional.gelu(self.out(hidden))), table.weight, self.bias)

    def found(self, hidden: torch.Tensor) -> torch.Tensor:
        """How surely each piece was replaced: logits (rows, length) from encoder states (rows, length, width)."""
        return self.head(hidden).squeeze(-1)


def draw(logits: torch.Tensor, seed: int) -> torch.Tensor:
    """One piece a place, drawn from ``logits`` (places, vocabulary); the same for the same ``seed``."""
    generator = torch.Generator(device=logits.device).manual_seed(seed)
    chances = logits.detach().float().softmax(-1)
    return torch.multinomial(chances, 1, generator=generator).squeeze(-1)
