"""The ``training:`` part of a config as `TrainingArguments`, checked by key."""

from __future__ import annotations

import os
import typing
from dataclasses import fields
from pathlib import Path
from typing import Any

import torch

from .config import ConfigError, RunConfig, nearest

DEFAULTS: dict[str, Any] = {
    "learning_rate": 3e-4,
    "num_train_epochs": 10,
    "warmup_steps": 0.1,
    "lr_scheduler_type": "linear",
    "weight_decay": 0.01,
    "save_strategy": "epoch",
    "save_total_limit": 2,
    "logging_steps": 20,
    "report_to": [],
}
#: Keys of ours beside those of `TrainingArguments`.
OURS = ("bf16_if_fast",)
#: Keys that the run itself decides.
TAKEN = {"output_dir": "output", "seed": "seeds", "remove_unused_columns": "", "use_cpu": ""}


def rank_and_world() -> tuple[int, int]:
    """Which of how many processes this is, as ``accelerate launch`` tells it: (0, 1) where it was started alone."""
    return int(os.environ.get("RANK", 0)), int(os.environ.get("WORLD_SIZE", 1))


def training_arguments(config: RunConfig, seed: int, out: Path, batches: int, *, has_dev: bool) -> Any:
    """`TrainingArguments` of a run whose passes have ``batches`` batches in each process. Raises `ConfigError` naming
    the key."""
    from transformers import TrainingArguments

    options = {**DEFAULTS, "eval_strategy": "epoch" if has_dev else "no", **checked(config.training)}
    if options.pop("bf16_if_fast", False) and not options.get("fp16") and bf16_is_fast():
        options["bf16"] = True  # a config's fp16 is asked for, this is only allowed
    passes = float(options.pop("num_train_epochs"))
    steps = -(-batches // int(options.get("gradient_accumulation_steps", 1)))
    if options.get("max_steps", -1) <= 0:
        options["max_steps"] = max(1, round(steps * passes))
    for key in ("eval_strategy", "save_strategy", "logging_strategy"):
        if options.get(key) is False:
            options[key] = "no"  # YAML 1.1 reads a bare `no` as false
    evaluated = options["eval_strategy"] != "no"
    if evaluated and not has_dev:
        raise ConfigError(f"training.eval_strategy is {options['eval_strategy']!r}, but data.dev names no documents")
    if config.optim.patience and not evaluated:
        raise ConfigError("optim.patience stops by the score on dev: give data.dev, and leave training.eval_strategy")
    if evaluated:
        best = {"load_best_model_at_end": True, "metric_for_best_model": "eval_f1", "greater_is_better": True}
        options = best | options
        if options["eval_strategy"] == "epoch":
            options |= {"eval_strategy": "steps", "eval_steps": steps, "save_strategy": "steps", "save_steps": steps}
    try:
        arguments = TrainingArguments(
            output_dir=str(out / "checkpoints"),
            seed=seed,
            remove_unused_columns=False,
            use_cpu=not torch.cuda.is_available(),
            dataloader_num_workers=0,
            **options,
        )
    except (TypeError, ValueError) as error:
        raise ConfigError(f"training: {str(error).strip()}") from None
    if arguments.n_gpu > 1:
        arguments._n_gpu = 1  # one process is one GPU; for more, `accelerate launch`
    return arguments


def checked(training: dict[str, Any]) -> dict[str, Any]:
    """``training`` with numbers that YAML reads as strings (``5e-5``) made numbers. Raises `ConfigError`."""
    from transformers import TrainingArguments

    names = [f.name for f in fields(TrainingArguments)]
    hints = typing.get_type_hints(TrainingArguments)
    values = {}
    for key, value in training.items():
        if key in TAKEN:
            instead = f"; set {TAKEN[key]}" if TAKEN[key] else ""
            raise ConfigError(f"'training.{key}' is the run's own to set{instead}")
        if key not in names and key not in OURS:
            raise ConfigError(f"unknown key 'training.{key}'{nearest(key, [*names, *OURS])}; it is none of Trainer's")
        values[key] = _number(key, value, hints.get(key))
    return values


def _number(key: str, value: Any, hint: Any) -> Any:
    options = typing.get_args(hint) or (hint,)
    wanted = next((kind for kind in (float, int) if kind in options), None)
    if wanted is None or str in options or value is None or isinstance(value, (int, float)):
        return value
    try:
        return wanted(value)
    except (TypeError, ValueError):
        raise ConfigError(f"'training.{key}' must be a number, found {value!r}") from None


def bf16_is_fast() -> bool:
    """bf16 pays on a GPU and on processors with bf16 arithmetic; elsewhere it is emulated and slower."""
    if torch.cuda.is_available():
        return torch.cuda.is_bf16_supported()
    try:
        flags = Path("/proc/cpuinfo").read_text()
    except OSError:
        return False
    return "avx512_bf16" in flags or "amx_bf16" in flags
