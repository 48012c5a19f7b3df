"""The masked-word head of an encoder, whatever class that is: what scores the vocabulary at a place, and the table that
it shares with the encoder."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import nn

from .config import ConfigError


def vocabulary_logits(model: Any, hidden: torch.Tensor) -> torch.Tensor:
    """Scores over the vocabulary for ``hidden`` (positions, width), by the head of whichever class ``model`` is."""
    if hasattr(model, "decoder") and hasattr(model, "head"):  # ModernBERT
        return model.decoder(model.head(hidden))
    if hasattr(model, "generator_lm_head"):  # ConvBERT, ELECTRA generator
        return model.generator_lm_head(model.generator_predictions(hidden))
    return model.cls(hidden) if hasattr(model, "cls") else model.lm_head(hidden)  # BERT, RoFormer, DeBERTa


def masked_words(encoder: str | None, tagger: Any) -> nn.Module:
    """The masked-word model of the folder or hub name ``encoder`` around the encoder of ``tagger``, which it shares.
    Raises `ConfigError` if ``encoder`` holds no such head."""
    from transformers import AutoModelForMaskedLM

    if encoder is None:
        raise ConfigError("optim.words_weight: an encoder from noise has no masked-word head; set it to 0")
    try:
        model, told = AutoModelForMaskedLM.from_pretrained(
            encoder, dtype=torch.float32, trust_remote_code=False, output_loading_info=True
        )
    except (OSError, ValueError) as error:
        raise ConfigError(f"optim.words_weight: {encoder} has no masked-word head: {error}") from None
    if missing := [name for name in told["missing_keys"] if "decoder.weight" not in name]:
        raise ConfigError(
            f"optim.words_weight: {encoder} has no masked-word head ({missing[0]} is missing); set it to 0"
        )
    setattr(model, model.base_model_prefix, tagger.base_model)
    model.tie_weights()
    return model


def named_once(state: Mapping[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """``state`` with every tensor under the first of its names: a table that serves twice (embedding and output) is
    written once, and safetensors refuses to write it twice."""
    first: dict[int, str] = {}
    for name, value in state.items():
        first.setdefault(value.data_ptr(), name)
    return {name: state[name] for name in first.values()}
