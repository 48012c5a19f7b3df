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
    rate falls to 0. ``muon_rate`` is Muon's, on the matrices (0: AdamW for all). ``task`` is ``masked`` (guess masked
    words) or ``replaced`` (find the words that a generator put in; ``generator`` is laid over ``encoder`` for its
    settings).

    ``batch`` sequences of ``length`` make a step. With ``length_end`` the last ``length_end_share`` of the steps has
    sequences of that length, as many pieces a batch. With ``batch_ramp`` the run begins with ``batch_start`` sequences
    and reaches ``batch`` in four strides over so many steps.
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
    length_end: int = 0
    length_end_share: float = 0.1
    batch_start: int = 0
    batch_ramp: int = 0
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
        if bool(self.batch_start) != bool(self.batch_ramp) or not 0 <= self.batch_start <= self.batch:
            raise ConfigError(
                f"'batch_start' and 'batch_ramp' go together, and the start is at most 'batch': found batch_start="
                f"{self.batch_start}, batch_ramp={self.batch_ramp}, batch={self.batch}"
            )
        if self.length_end:
            self._check_lengths()

    def _check_lengths(self) -> None:
        if not 0 < self.length_end_share <= 1:
            raise ConfigError(f"'length_end_share' is a share above 0 and at most 1, found {self.length_end_share}")
        if self.length_end < 1 or self.batch * self.length % self.length_end:
            raise ConfigError(
                f"'length_end' must divide the pieces of a batch: {self.batch} x {self.length} is no multiple of "
                f"{self.length_end}"
            )
        room = self.encoder.get("max_position_embeddings")
        if room is not None and self.length_end > room:
            raise ConfigError(f"'length_end' is {self.length_end}, but encoder.max_position_embeddings is {room}")
        if self.batch_ramp > self.steps - round(self.length_end_share * self.steps):
            raise ConfigError("'batch_ramp' must end before the steps of 'length_end' begin")
