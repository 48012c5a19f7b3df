"""Masked-word pre-training of a small encoder on packed shards: two cores or one GPU, exact resume.

What it does: whole-word masking on packed sequences without padding, the vocabulary projection at masked
positions only, Muon on the matrices and AdamW on the rest, warm-up, a flat stretch and a closing decay (so that a
run can be lengthened), a checkpoint every so many minutes, a loss curve as JSON. What it leaves out: the
tokenizer and the shards (`shards.py`) and every downstream task.

    adwar pretrain --config pretrain-small shards=runs/shards output=runs/encoder
"""

from __future__ import annotations

import json
import math
import os
import shutil
import time
import typing
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch
from torch import nn

from ..data.lock import only_run
from ..data.whole_file import whole_path, write_whole
from .heads import named_once, vocabulary_logits
from .masking import Hidden, mask_words
from .optimizer import muon, split_parameters
from .packing import Batches, pieces_before
from .pretrain_checkpoint import CHECKPOINT, check_same_run, read_checkpoint
from .pretrain_config import PretrainConfig
from .replaced import FOUND_WEIGHT, Replaced, draw
from .shards import Shards

#: Beside an exported encoder: what was trained beside it and is needed to go on.
BESIDE = "replaced.safetensors"


def learning_rate_factor(step: int, config: PretrainConfig) -> float:
    """1 in the flat stretch; rises from 0 over ``warmup`` steps, falls to 0 over the last ``decay`` share."""
    rise = min(1.0, (step + 1) / max(1, config.warmup))
    left = (config.steps - step) / max(1.0, config.decay * config.steps)
    return rise * min(1.0, max(0.0, left))


class Run:
    """A model, its optimizers and a step counter; saves and restores all of it."""

    def __init__(self, config: PretrainConfig) -> None:
        from transformers import AutoConfig, AutoModelForMaskedLM

        self.config = config
        self.shards = Shards(config.shards)
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        if config.threads:
            torch.set_num_threads(config.threads)
        torch.manual_seed(config.seed)
        settings = {**config.encoder, **self.shards.special_ids(), "vocab_size": self.shards.vocabulary}
        if config.start:
            self.model = AutoModelForMaskedLM.from_pretrained(config.start, dtype=torch.float32)
            self._check_vocabulary(config.start)
        else:
            self.model = AutoModelForMaskedLM.from_config(AutoConfig.for_model(**settings))
            if config.skipgram and self.shards.skipgram is not None:
                self._start_from(self.shards.skipgram)
        self.model.to(self.device)
        self.beside = nn.ModuleDict()  # what is trained beside the encoder and not exported
        if config.task == "replaced":
            self.beside["replaced"] = Replaced(self.model, {**settings, **config.generator}).to(self.device)
            if config.start and (Path(config.start) / BESIDE).exists():
                self._begin_beside(Path(config.start) / BESIDE)
        matrices, tables, vectors = split_parameters(nn.ModuleList([self.model, self.beside]))
        if not config.muon_rate:  # AdamW for all
            tables, matrices = [*tables, *matrices], []
        groups = [{"params": tables, "weight_decay": config.weight_decay}, {"params": vectors, "weight_decay": 0.0}]
        self.optimizers: list[torch.optim.Optimizer] = [
            torch.optim.AdamW(groups, lr=config.learning_rate, betas=(0.9, 0.98), eps=1e-6)
        ]
        self.rates = [config.learning_rate]
        if matrices:
            self.optimizers.append(muon(matrices, config.muon_rate, config.weight_decay))
            self.rates.append(config.muon_rate)
        self.forward = torch.compile(self._hidden) if config.compile else self._hidden
        self.step = 0
        self.speed = 0.0  # pieces a second of the present call
        self.curve: list[dict[str, float]] = []

    def _check_vocabulary(self, folder: str) -> None:
        theirs, ours = (Path(f) / "tokenizer.json" for f in (folder, self.shards.folder))
        if theirs.read_bytes() != ours.read_bytes():
            raise ValueError(
                f"{theirs} and {ours} differ: shards made with another tokenizer; make them again with this one"
            )

    def _begin_beside(self, file: Path) -> None:
        from safetensors.torch import load_file

        try:
            self.beside.load_state_dict(load_file(file))
        except RuntimeError as error:
            raise ValueError(
                f"{file}: another generator than 'generator' says; use its settings, or remove the file to begin anew "
                f"({str(error).splitlines()[-1].strip()})"
            ) from None

    def _start_from(self, table: np.ndarray) -> None:
        weight = self.model.get_input_embeddings().weight
        if table.shape != tuple(weight.shape):
            return
        table = table.astype(np.float32)  # a half-precision sum of squares overflows
        scaled = table / max(float(table.std()), 1e-6) * 0.04
        empty = np.abs(table).sum(1) == 0
        with torch.no_grad():
            fresh = torch.from_numpy(scaled)
            fresh[torch.from_numpy(empty)] = weight[torch.from_numpy(empty)]
            weight.copy_(fresh)

    def _hidden(self, ids: torch.Tensor) -> torch.Tensor:
        return self.model.base_model(input_ids=ids, attention_mask=torch.ones_like(ids))[0]

    def hide(self, ids: np.ndarray, seed: Sequence[int]) -> Hidden:
        """Masks for ``ids`` (rows, length); ``seed`` alone decides what is hidden and what will be drawn."""
        rng = np.random.default_rng(list(seed))
        shards = self.shards
        inputs, chosen = mask_words(
            ids, shards.continuation, shards.special, shards.mask_id, self.config.mask_rate, rng
        )
        return Hidden(ids, inputs, chosen, rng)

    def loss(self, batch: Hidden) -> torch.Tensor:
        """The task's loss in nats."""
        ids, chosen, rng = batch.ids, batch.chosen, batch.rng
        hidden_ids = torch.from_numpy(batch.inputs).to(self.device)
        gold = torch.from_numpy(ids[chosen]).to(self.device)
        with torch.autocast(self.device.type, dtype=torch.bfloat16, enabled=self.config.bf16):
            if self.config.task == "masked":
                places = torch.from_numpy(np.flatnonzero(chosen)).to(self.device)  # a mask would make the GPU wait
                logits = vocabulary_logits(self.model, self.forward(hidden_ids).flatten(0, 1)[places])
                return nn.functional.cross_entropy(logits.float(), gold)
            hide = torch.from_numpy(chosen).to(self.device)
            beside = typing.cast(Replaced, self.beside["replaced"])
            logits = beside.guess(self.model.get_input_embeddings(), hidden_ids, hide)
            guessed = nn.functional.cross_entropy(logits.float(), gold)
            filled = torch.from_numpy(ids).to(self.device)
            drawn = draw(logits, int(rng.integers(2**31)))
            wrong = torch.zeros_like(filled, dtype=torch.float32)
            wrong[hide] = (drawn != gold).float()
            filled = filled.masked_scatter(hide, drawn)
            found = beside.found(self.forward(filled)).float()
        return guessed + FOUND_WEIGHT * nn.functional.binary_cross_entropy_with_logits(found, wrong)

    def train_step(self, batch: Hidden) -> torch.Tensor:
        """One step; its loss stays on the device, so that nothing waits for it."""
        factor = learning_rate_factor(self.step, self.config)
        for optimizer, rate in zip(self.optimizers, self.rates, strict=True):
            for group in optimizer.param_groups:
                group["lr"] = rate * factor
        loss = self.loss(batch)
        loss.backward()
        torch.nn.utils.clip_grad_norm_([*self.model.parameters(), *self.beside.parameters()], 1.0)
        for optimizer in self.optimizers:
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
        self.step += 1
        return loss.detach()

    @torch.no_grad()
    def held_out(self) -> float:
        """The task's loss in nats on the held-out documents; the same masks every time."""
        self.model.eval()
        losses = []
        for row, ids in enumerate(self.shards.held_out(self.config.length, self.config.eval_sequences, 32)):
            losses.append(float(self.loss(self.hide(ids, [99, row]))))
        self.model.train()
        return float(np.mean(losses)) if losses else math.nan

    def save(self) -> None:
        """Checkpoint in one file, written beside and renamed, so that a kill leaves the last good one."""
        out = Path(self.config.output)
        out.mkdir(parents=True, exist_ok=True)
        state = {
            "config": asdict(self.config),
            "shards": self.shards.digests(),
            "step": self.step,
            "curve": self.curve,
            "model": self.model.state_dict(),
            "beside": self.beside.state_dict(),
            "optimizers": [o.state_dict() for o in self.optimizers],
        }
        with whole_path(out / CHECKPOINT) as part:
            torch.save(state, part)
        write_whole(out / "curve.json", json.dumps(self.curve))

    def resume(self) -> bool:
        """Continue from ``checkpoint.pt`` if there is one. Steps, rates and minutes may change; the encoder and the
        shards may not. Raises ValueError for another run's and for a damaged one."""
        path = Path(self.config.output) / CHECKPOINT
        if not path.exists():
            return False
        state = read_checkpoint(path, self.device)
        check_same_run(path, state, self.config, self.shards)
        self.model.load_state_dict(state["model"])
        self.beside.load_state_dict(state.get("beside", {}))
        for optimizer, held in zip(self.optimizers, state["optimizers"], strict=True):
            optimizer.load_state_dict(held)
        self.step, self.curve = state["step"], state["curve"]
        return True

    def export(self, folder: str | Path) -> Path:
        """The encoder as an ordinary checkpoint folder in fp16, with its tokenizer; of the task ``replaced`` also its
        generator, small as it is, so that another run may go on from the folder."""
        from safetensors.torch import save_file

        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        part = folder / "model.part"
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir()
        weights = {name: value.half() for name, value in named_once(self.model.state_dict()).items()}
        try:
            self.model.save_pretrained(part, state_dict=weights, safe_serialization=True)
            self.shards.save_tokenizer(part)
            if self.beside:
                save_file(
                    {name: value.half().contiguous() for name, value in self.beside.state_dict().items()}, part / BESIDE
                )
            else:
                (folder / BESIDE).unlink(missing_ok=True)
            for file in sorted(part.iterdir(), key=lambda f: f.name == "config.json"):  # without it, it is no model
                os.replace(file, folder / file.name)
        finally:
            shutil.rmtree(part, ignore_errors=True)
        return folder


def pretrain(config: PretrainConfig, *, stop_after_minutes: float | None = None) -> Run:
    """Train to ``config.steps`` (or for so many minutes), saving as it goes; continues where the output left off.
    Raises `Locked` where another run writes there."""
    run = Run(config)
    with only_run(config.output):
        return _pretrain(run, config, stop_after_minutes)


def _pretrain(run: Run, config: PretrainConfig, stop_after_minutes: float | None) -> Run:
    resumed = run.resume()
    print(f"{'resuming' if resumed else 'starting'} at step {run.step} of {config.steps} on {run.device}", flush=True)
    run.model.train()
    batches = Batches(run.shards, config)

    def ready(step: int) -> Hidden:
        return run.hide(batches.batch(step), [config.seed, 7, step])

    began = last_save = last_print = time.monotonic()
    before = pieces_before(run.step, config)
    mean: list[torch.Tensor] = []
    with ThreadPoolExecutor(1) as ahead:  # the next batch is made while this one is computed
        coming = ahead.submit(ready, run.step)
        while run.step < config.steps:
            batch = coming.result()
            coming = ahead.submit(ready, run.step + 1)
            mean.append(run.train_step(batch))
            now = time.monotonic()
            run.speed = (pieces_before(run.step, config) - before) / max(now - began, 1e-9)
            if now - last_print > 30 or run.step == config.steps:
                loss = float(torch.stack(mean).mean())
                print(f"step {run.step} loss {loss:.3f} {run.speed:.0f} pieces/s", flush=True)
                run.curve.append({"step": run.step, "loss": loss})
                mean, last_print = [], now
            late = stop_after_minutes is not None and now - began > 60 * stop_after_minutes
            if now - last_save > 60 * config.checkpoint_minutes or late or run.step == config.steps:
                run.curve.append({"step": run.step, "held_out": run.held_out()})
                print(f"step {run.step} held-out {run.curve[-1]['held_out']:.3f}", flush=True)
                run.save()
                last_save = now
            if late:
                break
    return run
