"""Fine-tuning any encoder for role tagging on the Hugging Face Trainer.

The dev score is that of the `Labeler` itself (constrained decoding over whole documents), so the best checkpoint is
the best by what users get, and evaluation keeps no logits. A killed run goes on from its last whole checkpoint to the
same weights. What it leaves out: the pair head (`joint.py`), choosing thresholds (`choose.py`), export.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import torch

from ..data.jsonl import corpus_digest, read_jsonl
from ..data.lock import only_run
from ..data.schema import Document
from ..data.splits import split_file
from ..eval.frames import score_frames
from ..eval.spans import score_spans
from ..model.bounds import hanging_words
from ..model.encoding import Settings
from ..model.labeler import Labeler
from ..model.tagger import TorchEngine
from .batches import Windows
from .checkpoint import (
    average,
    check_same_run,
    out_of_patience,
    read_state,
    remember_run,
    save,
    whole_checkpoints,
)
from .config import ConfigError, RunConfig
from .encoder import encoder_of, load_encoder
from .evaluation import write_evaluation, write_seeds
from .facts import facts, seconds_a_step
from .facts_page import leaked, page
from .heads import masked_words
from .joint import JointModel
from .optimizer import make_optimizer
from .options import rank_and_world, training_arguments
from .report_linker import fit as fit_linker


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


def make_trainer(config: RunConfig, seed: int, out: Path, train: Sequence[Document], dev: Sequence[Document]) -> Any:
    """A Trainer whose ``evaluate`` scores ``dev`` with the Labeler, and the pieces that belong to it."""
    from transformers import Trainer, TrainerCallback

    tagger, tokenizer, settings, home = load_encoder(config, seed)
    data = Windows(train, tokenizer, settings, config, seed)
    # The dataset makes the batches itself, under its token budget, and shares them out among processes; accelerate's
    # own sharding would cut the ragged links as if they were rows.
    data.share(*rank_and_world())
    arguments = training_arguments(config, seed, out, len(data), has_dev=bool(dev))
    words = masked_words(encoder_of(config.model), tagger) if config.optim.words_weight else None
    optim = config.optim
    joint = JointModel(tagger, optim.link_weight, optim.doubtful, words, optim.words_weight, optim.role_weight)

    hanging = hanging_words(train)

    class RoleTrainer(Trainer):
        labeler = Labeler(TorchEngine(tagger), tokenizer, settings, hanging=hanging)

        def get_train_dataloader(self) -> Any:
            return torch.utils.data.DataLoader(data, batch_size=None)

        def create_optimizer(self, model: Any = None) -> Any:
            if self.optimizer is None:
                self.optimizer = make_optimizer(joint, config, self.args.learning_rate, self.args.weight_decay)
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

    class Patience(TrainerCallback):
        def on_evaluate(self, args: Any, state: Any, control: Any, **_: Any) -> None:
            if out_of_patience(state.log_history, config.optim.patience):
                control.should_training_stop = True

    # the Trainer wants to see a dev set before it lets itself be asked to evaluate; `evaluate` reads the documents
    trainer = RoleTrainer(model=joint, args=arguments, train_dataset=data, eval_dataset=list(dev) or None)
    trainer.add_callback(Passes())
    trainer.add_callback(Patience())
    return trainer, data, tokenizer, settings, home


def read_sets(config: RunConfig) -> tuple[list[Document], dict[str, list[Document]]]:
    """(training documents, the sets that are scored by name, dev first). Raises `ConfigError` if there is nothing to
    learn from."""
    train = read_all(config.data.train, config.data.repair)
    files = ", ".join(config.data.train)
    if not train:
        told = f"{files}: no documents" if files else "data.train names no documents"
        raise ConfigError(f"{told}: nothing to train on")
    if not any(doc.events for doc in train):
        raise ConfigError(f"{files}: not one event is annotated: nothing to learn")
    dev, test = read_all(config.data.dev, config.data.repair), read_all(config.data.test, config.data.repair)
    return train, {"development set": dev, "test set": test}


def train(config: RunConfig, *, resume: bool = False, dry_run: bool = False) -> Path:
    """Fine-tune once per seed of ``config.seeds``; returns the output folder, which is the model's own with one seed,
    and with several holds a folder a seed and what they give together. ``dry_run`` prints the facts and ends. Raises
    `Locked` where another run writes there."""
    train_docs, measured = read_sets(config)
    out = Path(config.output)
    folders = {seed: out if len(config.seeds) == 1 else out / f"seed{seed}" for seed in config.seeds}
    if dry_run:
        with TemporaryDirectory() as scratch:  # the Trainer makes its folder before it is asked to
            train_one(config, config.seeds[0], Path(scratch), train_docs, measured, dry_run=True)
        return out
    first = rank_and_world()[0] == 0
    with only_run(out) if first else nullcontext():
        for seed, folder in folders.items():
            train_one(config, seed, folder, train_docs, measured, resume=resume)
        if len(folders) > 1 and first:
            write_seeds(out, folders)
    return out


def train_one(
    config: RunConfig,
    seed: int,
    out: Path,
    train_docs: Sequence[Document],
    measured: dict[str, list[Document]],
    *,
    resume: bool = False,
    dry_run: bool = False,
) -> Path:
    """One run into ``out``; ``measured`` are the sets scored at the end, of which ``development set`` also chooses. Of
    several processes all train, and the first writes."""
    trainer, data, tokenizer, settings, _ = make_trainer(config, seed, out, train_docs, measured["development set"])
    known = facts(train_docs, tokenizer, settings)
    known["of dev or test in train"] = leaked(train_docs, [doc for docs in measured.values() for doc in docs])
    run = expected(trainer, data, config, settings, measured)
    first = trainer.is_world_process_zero()
    if first:
        print(page(known, run), flush=True)
    if dry_run:
        return out
    corpus, checkpoints = corpus_digest(train_docs), out / "checkpoints"
    if first:
        prepare_checkpoints(checkpoints, config, corpus, resume)
    trainer.accelerator.wait_for_everyone()
    fit(trainer, checkpoints, config.optim.patience)
    if config.optim.average > 1:
        average(trainer.model, checkpoints, config.optim.average)
    if first:
        hanging = sorted(trainer.labeler.hanging)
        linker = linker_of(trainer, config, seed, tokenizer, settings, train_docs)
        done = {"steps": trainer.state.global_step, "passes": passes(trainer.state.global_step, trainer, data)}
        report = {"corpus": corpus, **done, "expected": run, "facts": known, "history": trainer.state.log_history}
        save(out, trainer.model.tagger, tokenizer, settings, config, seed, report, linker, hanging)
        write_evaluation(out, config, seed, train_docs, measured)
    trainer.accelerator.wait_for_everyone()
    return out


def linker_of(
    trainer: Any, config: RunConfig, seed: int, tokenizer: Any, settings: Settings, docs: Sequence[Document]
) -> Any:
    """The linker that ships with the tagger: the report linker, fitted now; the pair head's where none is wanted or a
    tagger that finds no deed leaves nothing to fit; None where no links were learned."""
    pairs = trainer.model.pairs.to_linker() if config.optim.link_weight else None
    if not config.optim.report_passes:
        return pairs
    try:
        return fit_linker(
            trainer.model.tagger,
            tokenizer,
            settings,
            docs,
            passes=config.optim.report_passes,
            seed=seed,
            hanging=trainer.labeler.hanging,
        )
    except ValueError as error:
        print(f"no report linker: {error}", flush=True)
        return pairs


def prepare_checkpoints(checkpoints: Path, config: RunConfig, corpus: str, resume: bool) -> None:
    """Empty the folder, or leave the whole ones in it and refuse other settings (`ConfigError`)."""
    if resume:
        check_same_run(checkpoints, config, corpus)
        whole_checkpoints(checkpoints)
    elif checkpoints.exists():
        shutil.rmtree(checkpoints)
    remember_run(checkpoints, config, corpus)


def passes(steps: int, trainer: Any, data: Windows) -> float:
    """How often ``steps`` steps go through the documents."""
    return steps * trainer.args.gradient_accumulation_steps / len(data)


def expected(
    trainer: Any, data: Windows, config: RunConfig, settings: Settings, measured: dict[str, list[Document]]
) -> dict[str, Any]:
    """What the page of facts says of the run itself: sizes, steps, and the seconds of a step, timed."""
    steps = int(trainer.args.max_steps)
    return {
        "name": config.output,
        "encoder": config.model.encoder or "from noise",
        "parameters": sum(p.numel() for p in trainer.model.tagger.parameters()),
        "window": settings.window,
        "steps": steps,
        "passes": passes(steps, trainer, data),
        **seconds_a_step(trainer),
        "seeds": config.seeds,
        "dev": len(measured["development set"]),
        "test": len(measured["test set"]),
    }


def fit(trainer: Any, checkpoints: Path, patience: int) -> None:
    """Train from the start, or from the last whole checkpoint if there is one."""
    held = whole_checkpoints(checkpoints)
    if held:
        state = read_state(held[-1]) or {}
        if out_of_patience(state.get("log_history", []), patience):
            trainer.args.max_steps = state["global_step"]  # it had stopped by itself; only the best is to be loaded
    try:
        trainer.train(resume_from_checkpoint=str(held[-1]) if held else None)
    except Exception:
        if trainer.is_world_process_zero():
            whole_checkpoints(checkpoints)  # takes away what a full disk cut off
        raise
