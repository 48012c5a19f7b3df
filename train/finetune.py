"""Fine-tuning any encoder for role tagging on the Hugging Face Trainer.

The dev score is that of the `Labeler` itself (constrained decoding over whole documents), so the best checkpoint is
the best by what users get, and evaluation keeps no logits. What it leaves out: the pair head (`joint.py`), choosing
thresholds (`choose.py`), export.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Sequence
from dataclasses import asdict
from itertools import pairwise
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer

from ..data.jsonl import read_jsonl
from ..data.schema import Document
from ..data.splits import split_file
from ..eval.frames import score_frames
from ..eval.spans import score_spans
from ..model.encoding import Settings
from ..model.labeler import SETTINGS_FILE, Labeler
from ..model.labels import LABELS
from ..model.pair_linker import FILE as LINKER_FILE
from ..model.tagger import TorchEngine
from .batches import Windows
from .config import ConfigError, RunConfig
from .encoder import load_encoder
from .features import facts
from .joint import JointModel


def read_all(files: Sequence[str], repair: bool) -> list[Document]:
    """The documents of ``files``; ids must be unique over all of them."""
    docs: list[Document] = []
    home: dict[str, str] = {}
    for file in files:
        for doc in read_jsonl(split_file(file), repair=repair):
            if doc.id in home:
                raise ConfigError(
                    f"document id {doc.id!r} is in {home[doc.id]} and in {file}; ids must be unique in a run"
                )
            home[doc.id] = file
            docs.append(doc)
    return docs


def parameter_groups(model: torch.nn.Module, config: RunConfig, rate: float, decay: float) -> list[dict[str, Any]]:
    """Groups with the layer-wise rates of ``config.optim``; vectors bear no weight decay."""
    depth = getattr(model.config, "num_hidden_layers", 1)  # type: ignore[union-attr]
    groups: dict[tuple[float, float], list[torch.nn.Parameter]] = {}
    for name, parameter in model.named_parameters():
        parts = name.split(".")
        layer = next((int(b) for a, b in pairwise(parts) if a in ("layers", "layer") and b.isdigit()), None)
        if name.startswith("pairs.") or "classifier" in name or name.startswith("tagger.head"):
            factor = config.optim.head_factor
        elif "embed" in name:
            factor = config.optim.layer_decay ** (depth + 1)
        else:
            factor = config.optim.layer_decay ** (depth - layer) if layer is not None else 1.0
        key = (rate * factor, decay if parameter.ndim > 1 else 0.0)
        groups.setdefault(key, []).append(parameter)
    return [{"params": p, "lr": r, "weight_decay": d} for (r, d), p in groups.items()]


def make_trainer(config: RunConfig, seed: int, out: Path, train: Sequence[Document], dev: Sequence[Document]) -> Any:
    """A Trainer whose ``evaluate`` scores ``dev`` with the Labeler, and the pieces that belong to it."""
    from transformers import EarlyStoppingCallback, Trainer, TrainerCallback, TrainingArguments

    tagger, tokenizer, settings, home = load_encoder(config, seed)
    data = Windows(train, tokenizer, settings, config, seed)
    options: dict[str, Any] = {
        "learning_rate": 3e-4,
        "num_train_epochs": 10,
        "warmup_steps": 0.1,
        "lr_scheduler_type": "linear",
        "weight_decay": 0.01,
        "eval_strategy": "epoch" if dev else "no",
        "save_strategy": "epoch",
        "save_total_limit": 2,
        "logging_steps": 20,
        "report_to": [],
        **config.training,
    }
    if options.pop("bf16_if_fast", False) and _bf16_is_fast():
        options["bf16"] = True
    steps = len(data)
    epochs = float(options.pop("num_train_epochs"))
    if "max_steps" not in options:
        options["max_steps"] = max(1, round(steps * epochs))
    for key in ("eval_strategy", "save_strategy", "logging_strategy"):
        if options.get(key) is False:
            options[key] = "no"  # YAML 1.1 reads a bare `no` as false
    if dev and options["eval_strategy"] != "no":
        options = {
            "load_best_model_at_end": True,
            "metric_for_best_model": "eval_f1",
            "greater_is_better": True,
        } | options
        if options["eval_strategy"] == "epoch":
            options |= {"eval_strategy": "steps", "eval_steps": steps, "save_strategy": "steps", "save_steps": steps}
    arguments = TrainingArguments(
        output_dir=str(out / "checkpoints"),
        seed=seed,
        remove_unused_columns=False,
        use_cpu=not torch.cuda.is_available(),
        dataloader_num_workers=0,
        **options,
    )

    joint = JointModel(tagger, config.optim.link_weight, config.optim.doubtful)

    class RoleTrainer(Trainer):
        labeler = Labeler(TorchEngine(tagger), tokenizer, settings)

        def get_train_dataloader(self) -> Any:
            # The dataset makes the batches itself, under its token budget, and shares them out among processes;
            # accelerate's own sharding would cut the ragged links as if they were rows.
            data.share(self.args.process_index, self.args.world_size)
            return torch.utils.data.DataLoader(data, batch_size=None)

        def create_optimizer(self, model: Any = None) -> Any:
            if self.optimizer is None:
                groups = parameter_groups(joint, config, self.args.learning_rate, self.args.weight_decay)
                self.optimizer = torch.optim.AdamW(groups, betas=(0.9, 0.98), eps=1e-6)
            return self.optimizer

        def evaluate(self, *_: Any, metric_key_prefix: str = "eval", **__: Any) -> dict[str, float]:
            self.labeler.engine = TorchEngine(joint.tagger)
            if config.optim.link_weight:
                self.labeler.linker = joint.pairs.to_linker()
            found = list(self.labeler.predict_many([d.text for d in dev]))
            scored = score_spans(dev, [p.spans for p in found])
            framed = score_frames(dev, [p.frames for p in found])
            metrics = {
                f"{metric_key_prefix}_f1": scored.strict.f1,
                f"{metric_key_prefix}_overlap_f1": scored.overlap.f1,
            }
            metrics |= {
                f"{metric_key_prefix}_frame_f1": framed.micro.f1,
                f"{metric_key_prefix}_event_f1": framed.events.f1,
            }
            metrics |= {f"{metric_key_prefix}_{role}_f1": s.f1 for role, s in scored.strict_by_role.items()}
            self.log(metrics)
            self.control = self.callback_handler.on_evaluate(self.args, self.state, self.control, metrics)
            return metrics

    class Passes(TrainerCallback):
        """Tells the dataset which pass begins, so that a resumed run draws the order a straight one does."""

        def on_epoch_begin(self, args: Any, state: Any, control: Any, **_: Any) -> None:
            data.set_epoch(int((state.epoch or 0) + 1e-6))

    # the Trainer wants to see a dev set before it lets itself be asked to evaluate; `evaluate` reads the documents
    trainer = RoleTrainer(model=joint, args=arguments, train_dataset=data, eval_dataset=list(dev) or None)
    trainer.add_callback(Passes())
    if dev and config.optim.patience:
        trainer.add_callback(EarlyStoppingCallback(config.optim.patience))
    return trainer, data, tokenizer, settings, home


def _bf16_is_fast() -> bool:
    """bf16 pays on a GPU and on processors with bf16 arithmetic; elsewhere it is emulated and slower."""
    if torch.cuda.is_available():
        return torch.cuda.is_bf16_supported()
    try:
        flags = Path("/proc/cpuinfo").read_text()
    except OSError:
        return False
    return "avx512_bf16" in flags or "amx_bf16" in flags


def train(config: RunConfig, *, resume: bool = False) -> Path:
    """Fine-tune once per seed of ``config.seeds``; returns the folder of the first. Each run's folder appears whole."""
    train_docs = read_all(config.data.train, config.data.repair)
    dev_docs = read_all(config.data.dev, config.data.repair)
    if not train_docs:
        raise ConfigError("data.train names no documents")
    first: Path | None = None
    for seed in config.seeds:
        out = Path(config.output) if len(config.seeds) == 1 else Path(config.output) / f"seed{seed}"
        folder = train_one(config, seed, out, train_docs, dev_docs, resume)
        first = first or folder
    assert first is not None
    return first


def train_one(
    config: RunConfig, seed: int, out: Path, train_docs: Sequence[Document], dev_docs: Sequence[Document], resume: bool
) -> Path:
    trainer, _, tokenizer, settings, _ = make_trainer(config, seed, out, train_docs, dev_docs)
    known = facts(train_docs, tokenizer, settings)
    for key, value in known.items():
        print(f"{key:>28}: {value}", flush=True)
    checkpoints = out / "checkpoints"
    if not resume and checkpoints.exists():
        shutil.rmtree(checkpoints)
    last = resume and any(checkpoints.glob("checkpoint-*"))
    trainer.train(resume_from_checkpoint=bool(last))
    if config.optim.average > 1:
        _average(trainer.model, checkpoints, config.optim.average)
    if config.optim.link_weight:
        out.mkdir(parents=True, exist_ok=True)
        trainer.model.pairs.to_linker().save(out / LINKER_FILE)
    save(
        out,
        trainer.model.tagger,
        tokenizer,
        settings,
        config,
        seed,
        {"facts": known, "history": trainer.state.log_history},
    )
    return out


def _average(model: torch.nn.Module, checkpoints: Path, number: int) -> None:
    from safetensors.torch import load_file

    folders = sorted(checkpoints.glob("checkpoint-*"), key=lambda p: int(p.name.split("-")[1]))[-number:]
    states = [load_file(f / "model.safetensors") for f in folders]
    mean = {k: sum(s[k].float() for s in states) / len(states) for k in states[0]}
    model.load_state_dict(mean, strict=False)


def save(
    out: Path,
    model: Any,
    tokenizer: Tokenizer,
    settings: Settings,
    config: RunConfig,
    seed: int,
    report: dict[str, Any],
) -> None:
    """The checkpoint folder: Hugging Face weights and config, tokenizer, our settings, the resolved config, the log."""
    out.mkdir(parents=True, exist_ok=True)
    model.save_pretrained(out)
    tokenizer.save(str(out / "tokenizer.json"))
    special = {
        t: tokenizer.id_to_token(i)
        for t, i in (("cls", settings.cls_id), ("sep", settings.sep_id), ("pad", settings.pad_id))
    }
    tokenizer_config = {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "model_max_length": settings.window,
        **{f"{name}_token": token for name, token in special.items()},
        "unk_token": "[UNK]",
        "mask_token": "[MASK]",
    }
    write_json(out / "tokenizer_config.json", tokenizer_config)
    write_json(out / "run.json", {"config": config.to_dict(), "seed": seed, **report})
    write_json(
        out / SETTINGS_FILE,
        {
            "labels": list(LABELS),
            "encoding": asdict(settings),
            "provenance": {"seed": seed, "train": config.data.train},
        },
    )


def write_json(path: Path, value: Any) -> None:
    part = path.with_name(path.name + ".part")
    part.write_text(json.dumps(value, ensure_ascii=False, indent=1, default=str), encoding="utf-8")
    os.replace(part, path)
