"""An encoder with a fresh head, its tokenizer with our clean-up inside, and the window settings of a run.

A published tokenizer gets two things: the clean-up before its own normalizer, and a cut after its own pre-tokenizer
wherever one of our words ends. What does not fit together (labels, sizes, files) is refused here, with what to do.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer

from ..model.cleanup import apart, before_stock, has_cleanup
from ..model.encoding import Settings
from ..model.labels import LABEL_ID, LABELS
from ..model.loading import EMBEDDED
from ..model.tagger import label_difference, new_tagger, refuse_unusable
from .config import ConfigError, ModelConfig, RunConfig

#: The encoder that ships with the package, by the name that configs use.
OUR_NAME = "adwar/encoder"
OUR_ENCODER = EMBEDDED.parent / "encoder"


def load_encoder(config: RunConfig, seed: int) -> tuple[torch.nn.Module, Tokenizer, Settings, Path | None]:
    """(tagger with a fresh head, tokenizer with the clean-up inside, window settings, folder of the tokenizer)."""
    torch.manual_seed(seed)
    model = config.model
    encoder = encoder_of(model)
    name = str(OUR_ENCODER) if model.tokenizer == OUR_NAME else model.tokenizer or encoder
    if name is None or (encoder is None and model.random is None):
        missing, when = ("tokenizer", "with model.random say") if model.random is not None else ("encoder", "say")
        raise ConfigError(f"model.{missing} is missing: {when} which folder or hub name holds it")
    tokenizer, ids = load_tokenizer_of(name, "model.tokenizer" if model.tokenizer else "model.encoder")
    settings = Settings(model.window, model.overlap, *ids)
    tagger = _from_noise(model, tokenizer, ids) if model.random is not None else _from_weights(model, str(encoder))
    _check_sizes(tagger, tokenizer, model.window, name)
    return tagger, tokenizer, settings, Path(name) if Path(name).is_dir() else None


def encoder_of(model: ModelConfig) -> str | None:
    """The folder or hub name that ``model.encoder`` stands for."""
    return str(OUR_ENCODER) if model.encoder == OUR_NAME else model.encoder


def load_tokenizer_of(name: str, key: str = "model.encoder") -> tuple[Tokenizer, tuple[int, int, int]]:
    """(tokenizer with the clean-up inside, ids of its [CLS], [SEP], [PAD]) of the folder or hub name that ``key`` of
    the config gives."""
    from transformers import AutoTokenizer, PreTrainedTokenizerFast

    refuse_unusable(name)
    _refuse_missing(name, key)
    file = Path(name) / "tokenizer.json"
    ours = file.exists() and has_cleanup(file.read_text(encoding="utf-8"))
    try:
        fast: Any = (
            PreTrainedTokenizerFast.from_pretrained(name)
            if ours
            else AutoTokenizer.from_pretrained(name, use_fast=True)
        )
    except (OSError, ValueError, ImportError) as error:
        raise ConfigError(f"{key}: the tokenizer of {name} cannot be loaded: {_first_line(error)}{_HINT}") from None
    if not getattr(fast, "is_fast", False):
        raise ConfigError(f"{name}: its tokenizer has no fast version, and offsets need one; use another encoder")
    tokenizer: Tokenizer = fast.backend_tokenizer
    if (own := _own_file(name)) is not None:
        # transformers rebuilds BERT's from the class's defaults, lower case and no hamza; the file says what was used
        tokenizer = Tokenizer.from_file(own)
    if not ours:
        tokenizer.normalizer = before_stock(tokenizer.normalizer)
        tokenizer.pre_tokenizer = apart(tokenizer.pre_tokenizer)
    tokenizer.no_padding()
    tokenizer.no_truncation()
    ids = (fast.cls_token_id, fast.sep_token_id, fast.pad_token_id)
    if any(i is None for i in ids):
        raise ConfigError(f"{name}: its tokenizer names no [CLS], [SEP] or [PAD] token")
    return tokenizer, ids


_HINT = (
    "; a hub name needs a connection: fetch it elsewhere and give its folder. SentencePiece models need sentencepiece: "
    "pip install 'adwar[train]'"
)


def _refuse_missing(name: str, key: str) -> None:
    """A path that is no folder is told here: the hub's own message speaks of repositories."""
    path = Path(name).expanduser()
    if path.is_dir():
        return
    if path.exists():
        raise ConfigError(f"{key}: {name} is a file; give the folder that holds config.json and the weights")
    if name[:1] in "./~" or name.count("/") > 1 or (path.parent != Path() and path.parent.is_dir()):
        near = sorted(p.name for p in path.parent.glob("*") if p.is_dir()) if path.parent.is_dir() else []
        there = f"; {path.parent} holds {', '.join(near[:8])}" if near else ""
        raise ConfigError(f"{key}: no such folder: {name}{there}")


def _own_file(name: str) -> str | None:
    """The ``tokenizer.json`` of a folder or hub name, None if it has none."""
    from transformers.utils import cached_file

    return cached_file(name, "tokenizer.json", _raise_exceptions_for_missing_entries=False)


def _from_noise(model: ModelConfig, tokenizer: Tokenizer, ids: tuple[int, int, int]) -> torch.nn.Module:
    from transformers import AutoConfig, AutoModelForTokenClassification

    assert model.random is not None
    special = {
        "vocab_size": tokenizer.get_vocab_size(),
        "cls_token_id": ids[0],
        "bos_token_id": ids[0],
        "sep_token_id": ids[1],
        "eos_token_id": ids[1],
        "pad_token_id": ids[2],
    }
    labels = {"num_labels": len(LABELS), "id2label": dict(enumerate(LABELS)), "label2id": dict(LABEL_ID)}
    settings: dict[str, Any] = {**special, **model.random, **labels}
    try:
        shape = AutoConfig.for_model(**settings)
    except (TypeError, ValueError) as error:
        raise ConfigError(f"model.random: {_first_line(error)}") from None
    tagger = AutoModelForTokenClassification.from_config(shape)
    if model.embedding:
        _start_embedding(tagger, np.load(model.embedding))
    return tagger


def _from_weights(model: ModelConfig, encoder: str) -> torch.nn.Module:
    from transformers import AutoConfig

    _refuse_missing(encoder, "model.encoder")
    try:
        held = AutoConfig.from_pretrained(encoder)
        tags = any(name.endswith("ForTokenClassification") for name in held.architectures or [])
        theirs = [held.id2label[i] for i in sorted(held.id2label)] if tags else list(LABELS)
        if not model.fresh_head and (difference := label_difference(theirs)):
            raise ConfigError(
                f"model.encoder: {encoder} is a tagger with other labels than this version's data: {difference}; "
                "set model.fresh_head=true to take its encoder and start with a new head"
            )
        return new_tagger(encoder, fresh_head=model.fresh_head, **model.overrides)
    except OSError as error:
        raise ConfigError(f"model.encoder: {encoder} cannot be loaded: {_first_line(error)}{_HINT}") from None


def _check_sizes(tagger: torch.nn.Module, tokenizer: Tokenizer, window: int, name: str) -> None:
    config: Any = tagger.config
    pieces = tokenizer.get_vocab_size()
    if pieces > config.vocab_size:
        raise ConfigError(
            f"{name}: its tokenizer knows {pieces} pieces, the encoder only {config.vocab_size}; they do not belong "
            "together: leave model.tokenizer out, or give the tokenizer that the encoder was trained with"
        )
    limit = getattr(config, "max_position_embeddings", None)
    for part, module in tagger.named_modules():
        if part.endswith("position_embeddings") and getattr(module, "padding_idx", None) is not None:
            limit -= module.padding_idx + 1  # RoBERTa counts positions from behind the padding's
    if limit and window > limit:
        raise ConfigError(f"model.window is {window}, but the encoder reads at most {limit} pieces; set it to {limit}")


def unknown_id(tokenizer: Tokenizer) -> int | None:
    """The id that words outside the vocabulary get; None if there is none."""
    model = json.loads(tokenizer.to_str())["model"]
    return model["unk_id"] if "unk_id" in model else tokenizer.token_to_id(model.get("unk_token") or "")


def mask_token(tokenizer: Tokenizer) -> str | None:
    """The name of the mask: BERT's or SentencePiece's."""
    return next((name for name in ("[MASK]", "<mask>") if tokenizer.token_to_id(name) is not None), None)


def loses_hamza(tokenizer: Tokenizer) -> int:
    """How many pieces with a hamza on alif the vocabulary holds although the tokenizer takes it off the text: they can
    never be reached, and the encoder meets spellings it was not trained on. 0 for our own, which folds by design."""
    normalizer = tokenizer.normalizer
    if normalizer is None or normalizer.normalize_str("أ") == "أ":
        return 0
    return sum(any(c in piece for c in "أإآ") for piece in tokenizer.get_vocab())


def _start_embedding(model: torch.nn.Module, table: np.ndarray) -> None:
    weight = model.get_input_embeddings().weight  # type: ignore[operator]
    if table.shape != tuple(weight.shape):
        raise ConfigError(f"model.embedding has shape {table.shape}, the encoder's embedding {tuple(weight.shape)}")
    with torch.no_grad():
        table = table.astype(np.float32)  # a half-precision sum of squares overflows
        weight.copy_(torch.from_numpy(table / max(float(table.std()), 1e-6) * 0.04))


def _first_line(error: Exception) -> str:
    return str(error).strip().split("\n")[0].rstrip(".")
