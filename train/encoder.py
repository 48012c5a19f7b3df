"""An encoder with a fresh head, its tokenizer with our clean-up inside, and the window settings of a run."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer

from ..model.cleanup import before_stock
from ..model.encoding import Settings
from ..model.labeler import EMBEDDED
from ..model.labels import LABEL_ID, LABELS
from ..model.tagger import new_tagger, refuse_unusable
from .config import ConfigError, RunConfig

#: The encoder that ships with the package, by the name that configs use.
OUR_NAME = "adwar/encoder"
OUR_ENCODER = EMBEDDED.parent / "encoder"


def load_encoder(config: RunConfig, seed: int) -> tuple[torch.nn.Module, Tokenizer, Settings, Path | None]:
    """(tagger with a fresh head, tokenizer with the clean-up inside, window settings, folder of the tokenizer)."""
    from transformers import AutoConfig, AutoModelForTokenClassification, AutoTokenizer, PreTrainedTokenizerFast

    torch.manual_seed(seed)
    model = config.model
    encoder = str(OUR_ENCODER) if model.encoder == OUR_NAME else model.encoder
    name = str(OUR_ENCODER) if model.tokenizer == OUR_NAME else model.tokenizer or encoder
    if name is None:
        raise ConfigError("model.tokenizer is missing: with model.random say which folder holds tokenizer.json")
    refuse_unusable(name)
    fast = (
        PreTrainedTokenizerFast.from_pretrained(name)
        if _ours(name)
        else AutoTokenizer.from_pretrained(name, use_fast=True)
    )
    if not getattr(fast, "is_fast", False):
        raise ConfigError(f"{name}: its tokenizer has no fast version, and offsets need one; use another encoder")
    tokenizer: Tokenizer = fast.backend_tokenizer
    if not _ours(name):
        tokenizer.normalizer = before_stock(tokenizer.normalizer)
    tokenizer.no_padding()
    tokenizer.no_truncation()
    ids = (fast.cls_token_id, fast.sep_token_id, fast.pad_token_id)
    if any(i is None for i in ids):
        raise ConfigError(f"{name}: its tokenizer names no [CLS], [SEP] or [PAD] token")
    settings = Settings(model.window, model.overlap, *ids)
    if model.random is not None:
        shape = AutoConfig.for_model(
            **{
                "vocab_size": tokenizer.get_vocab_size(),
                "cls_token_id": ids[0],
                "bos_token_id": ids[0],
                "sep_token_id": ids[1],
                "eos_token_id": ids[1],
                "pad_token_id": ids[2],
                **model.random,
            },
            num_labels=len(LABELS),
            id2label=dict(enumerate(LABELS)),
            label2id=dict(LABEL_ID),
        )
        tagger = AutoModelForTokenClassification.from_config(shape)
        if model.embedding:
            _start_embedding(tagger, np.load(model.embedding))
    else:
        assert encoder is not None
        tagger = new_tagger(encoder, **model.overrides)
    limit = getattr(tagger.config, "max_position_embeddings", None)
    if limit and model.window > limit:
        raise ConfigError(
            f"model.window is {model.window}, but the encoder reads at most {limit} pieces; set it to {limit}"
        )
    return tagger, tokenizer, settings, Path(name) if Path(name).is_dir() else None


def _ours(name: str) -> bool:
    """Our own tokenizer folders carry the clean-up already."""
    file = Path(name) / "tokenizer.json"
    return file.exists() and "\\u0640" in file.read_text(encoding="utf-8").replace("\u0640", "\\u0640")


def _start_embedding(model: torch.nn.Module, table: np.ndarray) -> None:
    weight = model.get_input_embeddings().weight  # type: ignore[operator]
    if table.shape != tuple(weight.shape):
        raise ConfigError(f"model.embedding has shape {table.shape}, the encoder's embedding {tuple(weight.shape)}")
    with torch.no_grad():
        table = table.astype(np.float32)  # a half-precision sum of squares overflows
        weight.copy_(torch.from_numpy(table / max(float(table.std()), 1e-6) * 0.04))
