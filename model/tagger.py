"""The tagger under torch: any encoder `AutoModelForTokenClassification` knows. No other file of `model` needs torch.

What it leaves out: training (``train/``) and everything after the scores (``decode.py``).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch

from .labels import LABEL_ID, LABELS

#: Published names that cannot work here, each with the reason and what to use instead.
REFUSED = {
    "arabertv2": "it wants text cut by Farasa (Java) first, which breaks offsets; use aubmindlab/bert-base-arabertv02",
    "arabertv1": "it wants text cut by Farasa (Java) first, which breaks offsets; use aubmindlab/bert-base-arabertv02",
}


def refuse_unusable(name: str) -> None:
    """Raise ValueError for an encoder that is known not to work, with the name to use instead."""
    last = name.rstrip("/").lower().rsplit("/", 1)[-1].replace("_", "-")
    for bad, why in REFUSED.items():
        if last.endswith(bad):
            raise ValueError(f"{name}: cannot be used: {why}")
    if last in ("bert-base-arabert", "bert-large-arabert"):
        raise ValueError(f"{name}: cannot be used: {REFUSED['arabertv1']}")


def new_tagger(encoder: str | Path, *, fresh_head: bool = False, **overrides: Any) -> torch.nn.Module:
    """``encoder`` (a hub name or a folder) with a head over our labels: its own if it has one of that size, unless
    ``fresh_head``; else a fresh one. ``overrides`` go to its config."""
    from transformers import AutoModelForTokenClassification

    refuse_unusable(str(encoder))
    tagger = AutoModelForTokenClassification.from_pretrained(
        str(encoder),
        num_labels=len(LABELS),
        id2label=dict(enumerate(LABELS)),
        label2id=dict(LABEL_ID),
        dtype=torch.float32,
        ignore_mismatched_sizes=True,
        trust_remote_code=False,
        **overrides,
    )
    if not fresh_head:
        return tagger
    fresh = AutoModelForTokenClassification.from_config(tagger.config)
    fresh.base_model.load_state_dict(tagger.base_model.state_dict())
    return fresh


def label_difference(theirs: Sequence[str]) -> str:
    """What tells ``theirs``, the labels of a checkpoint, from ours; empty if nothing does."""
    missing, unknown = sorted(set(LABELS) - set(theirs)), sorted(set(theirs) - set(LABELS))
    if missing or unknown:
        return f"missing {missing}, unknown {unknown}"
    moved = [name for name, ours in zip(theirs, LABELS, strict=False) if name != ours]
    return f"the same labels in another order, from {moved[0]!r} on" if moved else ""


def load_tagger(folder: str | Path) -> torch.nn.Module:
    """A fine-tuned checkpoint folder. Raises ValueError if its labels are not ours, with the difference."""
    from transformers import AutoConfig, AutoModelForTokenClassification

    config = AutoConfig.from_pretrained(str(folder), trust_remote_code=False)
    if difference := label_difference([config.id2label[i] for i in sorted(config.id2label)]):
        raise ValueError(f"{folder}: labels differ from this version's: {difference}; train it again")
    # said aloud: a folder may name code of its own or hold pickles, and neither is ever run
    return AutoModelForTokenClassification.from_pretrained(
        str(folder), dtype=torch.float32, use_safetensors=True, trust_remote_code=False
    )


def layer_states(hidden: Sequence[torch.Tensor]) -> torch.Tensor:
    """(batch, length, 3 × width): what an engine gives as states: the word vectors before the first layer, the middle
    layer and the last. The last knows roles best; the others still know what the words mean, which the type needs."""
    return torch.cat([hidden[0], hidden[len(hidden) // 2], hidden[-1]], dim=-1)


class TorchEngine:
    """`Engine` over a torch tagger, on ``device``, or where its weights are."""

    def __init__(self, model: torch.nn.Module, *, device: str | None = None) -> None:
        self.model = model if device is None else model.to(device)

    @torch.inference_mode()
    def __call__(self, ids: np.ndarray, mask: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        was_training = self.model.training
        self.model.eval()
        device = next(self.model.parameters()).device
        out = self.model(
            input_ids=torch.from_numpy(ids).to(device),
            attention_mask=torch.from_numpy(mask).to(device),
            output_hidden_states=True,
        )
        if was_training:
            self.model.train()
        return out.logits.float().cpu().numpy(), layer_states(out.hidden_states).float().cpu().numpy()
