"""Fine-tuning any encoder for role tagging on the Hugging Face Trainer.

The dev score is that of the `Labeler` itself (constrained decoding over whole documents), so the best checkpoint is
the best by what users get, and evaluation keeps no logits. What it leaves out: the linker (`linker.py`), export.
"""

from __future__ import annotations

import json
import os
import random
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer

from ..data.jsonl import read_jsonl
from ..data.schema import Document
from ..data.splits import split_file
from ..eval.frames import score_frames
from ..eval.spans import score_spans
from ..model.cleanup import before_stock
from ..model.encoding import Settings, batches
from ..model.labeler import EMBEDDED, SETTINGS_FILE, Labeler
from ..model.labels import IGNORED, LABEL_ID, LABELS
from ..model.pair_linker import FILE as LINKER_FILE
from ..model.tagger import TorchEngine, new_tagger, refuse_unusable
from .config import ConfigError, RunConfig
from .features import Row, drop_surface, facts, rows
from .joint import JointModel

#: The encoder that ships with the package, by the name that configs use.
OUR_NAME = "adwar/encoder"
OUR_ENCODER = EMBEDDED.parent / "encoder"
LINK_PARTS = ("triggers", "spans", "features", "gold")


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


class Windows(torch.utils.data.IterableDataset):  # type: ignore[type-arg]
    """Batches of windows under a token budget, lengths grouped, order drawn anew each pass from seed and pass."""

    def __init__(
        self, docs: Sequence[Document], tokenizer: Tokenizer, settings: Settings, config: RunConfig, seed: int
    ):
        self.docs, self.tokenizer, self.settings, self.config, self.seed = docs, tokenizer, settings, config, seed
        self.plain = rows(docs, tokenizer, settings)
        self.epoch = 0
        self.rank, self.world = 0, 1

    def __len__(self) -> int:
        return max(1, len(self._groups(self.plain)) // self.world)

    def share(self, rank: int, world: int) -> None:
        """Give every ``world``-th batch, beginning with number ``rank``, as one of several processes."""
        self.rank, self.world = rank, world

    def set_epoch(self, epoch: int) -> None:
        self.epoch = epoch

    def _groups(self, found: Sequence[Row]) -> list[list[int]]:
        return batches([len(row.ids) for row in found], self.config.optim.batch_pieces)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        rng = random.Random(f"{self.seed}:{self.epoch}")
        found = self.plain
        share = self.config.optim.drop_surface
        if share and self.epoch:
            changed = [
                Document(d.id, drop_surface(d, rng), d.title, d.events, d.meta) if rng.random() < share else d
                for d in self.docs
            ]
            found = rows(changed, self.tokenizer, self.settings)
        order = list(range(len(found)))
        rng.shuffle(order)
        shuffled = [found[i] for i in order]
        groups = self._groups(shuffled)
        rng.shuffle(groups)
        hide = np.random.default_rng([self.seed, self.epoch])
        for group in groups[self.rank :: self.world][: len(self)]:
            batch = collate([shuffled[i] for i in group], self.settings.pad_id)
            if self.config.optim.mask_pieces:
                self._hide(batch["input_ids"], hide)
            yield batch

    def _hide(self, ids: torch.Tensor, rng: np.random.Generator) -> None:
        """Put the mask in place of a share of the pieces; the special ones stay."""
        mask_id = self.tokenizer.token_to_id("[MASK]")
        if mask_id is None:
            raise ConfigError("optim.mask_pieces needs a tokenizer with a [MASK] token; set it to 0")
        special = torch.tensor([self.settings.cls_id, self.settings.sep_id, self.settings.pad_id])
        drawn = torch.from_numpy(rng.random(tuple(ids.shape)) < self.config.optim.mask_pieces)
        ids[drawn & ~torch.isin(ids, special)] = mask_id


def collate(found: Sequence[Row], pad_id: int) -> dict[str, Any]:
    """Padded tensors (rows, longest) of ids, mask and labels, and the rows' links."""
    longest = max(len(row.ids) for row in found)
    ids = np.full((len(found), longest), pad_id, dtype=np.int64)
    mask = np.zeros_like(ids)
    labels = np.full_like(ids, IGNORED)
    for number, row in enumerate(found):
        ids[number, : len(row.ids)] = row.ids
        mask[number, : len(row.ids)] = 1
        labels[number, : len(row.ids)] = row.labels
    return {
        "input_ids": torch.from_numpy(ids),
        "attention_mask": torch.from_numpy(mask),
        "labels": torch.from_numpy(labels),
        "links": [{name: torch.from_numpy(getattr(row.links, name)) for name in LINK_PARTS} for row in found],
    }


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

    joint = JointModel(tagger, config.optim.link_weight)

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
