"""The settings of a pre-training run, apart from the training itself so that a config is checked without torch."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from .config import ConfigError


@dataclass(kw_only=True)
class PretrainConfig:
    """One pre-training run. Sizes are in pieces; ``encoder`` goes to ``AutoConfig.for_model`` as it is.

    ``start`` names a checkpoint folder whose weights to begin with (no optimizer state is there; a run of one's own
    resumes exactly). ``checkpoint_minutes`` lie between two checkpoints; in the last ``decay`` share of the steps the
    rate falls to 0. ``task`` is ``masked`` (guess masked words) or ``replaced`` (find the words that a generator put
    in; ``generator`` is laid over ``encoder`` for its settings).
    """

    shards: str = "runs/shards"
    output: str = "runs/encoder"
    encoder: dict[str, Any] = field(default_factory=dict)
    task: str = "masked"
    generator: dict[str, Any] = field(default_factory=dict)
    start: str | None = None
    seed: int = 1
    steps: int = 6000
    batch: int = 32
    length: int = 128
    mask_rate: float = 0.25
    learning_rate: float = 1.5e-3
    muon_rate: float = 0.01
    warmup: int = 200
    decay: float = 0.15
    weight_decay: float = 0.01
    bf16: bool = True
    compile: bool = False
    skipgram: bool = True
    checkpoint_minutes: float = 5.0
    eval_sequences: int = 128
    threads: int | None = None

    def __post_init__(self) -> None:
        if self.task not in ("masked", "replaced"):
            raise ConfigError(f"'task' is masked or replaced, found {self.task!r}")
        if self.task == "replaced" and not self.generator:
            raise ConfigError("'task: replaced' needs 'generator', the settings in which it differs from 'encoder'")
