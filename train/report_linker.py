"""Fitting the report linker (`model.report_linker`) on a finished tagger, whose weights stay as they are.

On the reports it was trained on, a tagger errs less than on others; a linker fitted on its answers there would never
meet the errors that it has to live with. So the tagger reads them with its dropout on and some pieces hidden: then it
errs about as often as on unseen text. A few minutes on two cores; also for a checkpoint trained long ago:

    python -m adwar.train.report_linker MODEL --data train.jsonl [--data …] [--passes 12] [--members 1] [--repair]
"""

from __future__ import annotations

import argparse
import copy
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer

from ..data.schema import EVENT_TYPES, Document
from ..model.candidates import Candidates, candidates
from ..model.encoding import Settings
from ..model.labeler import FRAME, Labeler, Thresholds
from ..model.labels import IGNORED
from ..model.link import View
from ..model.loading import SETTINGS_FILE
from ..model.report_linker import ReportLinker
from ..model.stretches import WHOLE
from ..model.tagger import layer_states
from .checkpoint import write_json
from .report_head import Gold, ReportHead, loss, padded

#: Share of pieces hidden while the tagger reads what it was trained on.
HIDDEN = 0.07
#: How much more eagerly spans are proposed than they are found alone, in nats: four in ten of those added are right.
EAGER = 1.0
RATE, DECAY, WARM_UP, REPORTS = 1e-3, 0.05, 0.05, 16
#: The weights kept are a running mean of those of the last thousand steps or so.
KEPT = 0.998


class NoisyEngine:
    """An `Engine` that reads as a tagger reads in training: dropout on, ``hidden`` of the pieces behind the mask."""

    def __init__(self, model: torch.nn.Module, mask_id: int | None, first_piece: int, hidden: float, seed: int) -> None:
        self.model, self.mask_id, self.first_piece, self.hidden = model, mask_id, first_piece, hidden
        self.drawn = torch.Generator().manual_seed(seed)

    @torch.inference_mode()
    def __call__(self, ids: np.ndarray, mask: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        pieces = torch.from_numpy(ids)
        if self.mask_id is not None and self.hidden:
            hide = torch.rand(pieces.shape, generator=self.drawn) < self.hidden
            pieces = pieces.masked_fill(hide & (pieces >= self.first_piece), self.mask_id)
        device = next(self.model.parameters()).device
        self.model.train()
        out = self.model(
            input_ids=pieces.to(device), attention_mask=torch.from_numpy(mask).to(device), output_hidden_states=True
        )
        self.model.eval()
        return out.logits.float().cpu().numpy(), layer_states(out.hidden_states).float().cpu().numpy()


def gold_of(doc: Document, view: View) -> Gold:
    """What ``doc`` says of the candidates of ``view``: a span serves a deed if it shares a character with one of its
    fillers of the same role."""
    numbers = {event.trigger.start: n for n, event in enumerate(doc.events) if event.trigger}
    owner = [numbers.get(trigger.start) for trigger in view.triggers]
    kinds = [IGNORED if n is None else EVENT_TYPES.index(doc.events[n].type) for n in owner]
    serves = np.zeros((len(view.triggers), len(view.spans)), dtype=np.float32)
    for row, number in enumerate(owner):
        if number is None:
            continue
        for column, span in enumerate(view.spans):
            fillers = getattr(doc.events[number], span.role)
            serves[row, column] = any(f.start < span.end and span.start < f.end for f in fillers)
    spots = [(role, gold.start, gold.end) for role, gold in doc.role_spans()]
    real = [any(r == s.role and a < s.end and s.start < b for r, a, b in spots) for s in view.spans]
    named = np.array([n is not None for n in owner], dtype=np.float32)
    return Gold(named, np.array(kinds), serves, np.array(real, dtype=np.float32))


def readings(labeler: Labeler, docs: Sequence[Document], chunk: int = 200) -> Iterator[tuple[Candidates, Gold]]:
    """Candidates and gold of every report that has both candidates and spans, in half precision."""
    for start in range(0, len(docs), chunk):
        part = docs[start : start + chunk]
        for doc, reading in zip(part, labeler.read([d.text for d in part]), strict=True):
            view = labeler.view(reading, eager=EAGER)
            if view.triggers and view.spans and len(view.triggers) + len(view.spans) <= WHOLE:
                yield _half(candidates(view, sentences=True)), gold_of(doc, view)


def _half(c: Candidates) -> Candidates:
    wide = {f.name: getattr(c, f.name) for f in fields(c)}
    return replace(c, **{n: v.astype(np.float16) for n, v in wide.items() if v.dtype == np.float32})


def fit(
    model: torch.nn.Module,
    tokenizer: Tokenizer,
    settings: Settings,
    docs: Sequence[Document],
    *,
    passes: int = 12,
    members: int = 1,
    seed: int = 1,
    thresholds: Thresholds | None = None,
    hanging: Iterable[str] = (),
) -> ReportLinker:
    """A report linker for the tagger ``model``, from the reports it was trained on. ``members`` are fitted from
    different starts, and their answers are averaged. Raises ValueError if there is nothing to learn from."""
    mask_id = tokenizer.token_to_id("[MASK]")
    special = max(settings.cls_id, settings.sep_id, settings.pad_id, mask_id or 0) + 1
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        engine = NoisyEngine(model, mask_id, special, HIDDEN, seed)
        held = list(readings(Labeler(engine, tokenizer, settings, thresholds=thresholds, hanging=hanging), docs))
        if not any(gold.named.any() for _, gold in held):
            raise ValueError("the tagger finds no deed in the reports: no report linker can be fitted; train it longer")
        weights = [_member(held, passes, seed + number) for number in range(members)]
    return ReportLinker(weights, eager=EAGER)


def _member(held: Sequence[tuple[Candidates, Gold]], passes: int, seed: int) -> dict[str, np.ndarray]:
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    head = ReportHead(held[0][0].first.shape[1]).train()
    kept = copy.deepcopy(head)
    optimizer = torch.optim.AdamW(head.parameters(), lr=RATE, weight_decay=DECAY)
    sizes = np.array([len(c.kind) for c, _ in held])
    total, step = passes * -(-len(held) // REPORTS), 0
    for _ in range(passes):
        for batch in _batches(sizes, rng):
            rate = RATE * min(1.0, (step + 1) / (WARM_UP * total)) * (1 - step / total)
            for group in optimizer.param_groups:
                group["lr"] = rate
            optimizer.zero_grad()
            loss(head, padded([held[i] for i in batch])).backward()
            torch.nn.utils.clip_grad_norm_(head.parameters(), 1.0)
            optimizer.step()
            step += 1
            share = 1 - min(KEPT, step / (step + 10))  # the first weights are nobody's mean
            with torch.no_grad():
                for mean, now in zip(kept.parameters(), head.parameters(), strict=True):
                    mean.lerp_(now, share)
    return kept.weights()


def _batches(sizes: np.ndarray, rng: np.random.Generator) -> list[np.ndarray]:
    """Indices of reports of about one size, in an order of their own each time."""
    order = np.argsort(sizes + rng.random(len(sizes)) * 8, kind="stable")
    groups = [order[at : at + REPORTS] for at in range(0, len(order), REPORTS)]
    return [groups[i] for i in rng.permutation(len(groups))]


def forget_scales(folder: Path) -> None:
    """Scales and the cut on frames were fitted on another linker's chances; until somebody chooses anew, scores are
    raw."""
    file = folder / SETTINGS_FILE
    settings = json.loads(file.read_text(encoding="utf-8"))
    chosen = settings.get("chosen", {})
    chosen.pop("scales", None)
    chosen.get("thresholds", {}).pop(FRAME, None)
    write_json(file, settings)


def main(arguments: Sequence[str] | None = None) -> Any:
    from ..data.jsonl import read_jsonl
    from ..model.linkers import FILE
    from ..model.loading import load
    from ..model.tagger import load_tagger

    parser = argparse.ArgumentParser(prog="python -m adwar.train.report_linker", description=__doc__)
    parser.add_argument("model", type=Path, help="a folder that 'adwar train' wrote (with .safetensors)")
    parser.add_argument("--data", action="append", required=True, help="the reports it was trained on (JSON Lines)")
    parser.add_argument("--passes", type=int, default=12)
    parser.add_argument("--members", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--repair", action="store_true", help="widen spans to whole words as training does")
    asked = parser.parse_args(arguments)
    labeler = load(asked.model, engine="torch")
    docs = [doc for file in asked.data for doc in read_jsonl(file, repair=asked.repair)]
    found = fit(
        load_tagger(asked.model),
        labeler.tokenizer,
        labeler.settings,
        docs,
        passes=asked.passes,
        members=asked.members,
        seed=asked.seed,
        thresholds=labeler.thresholds,
        hanging=labeler.hanging,
    )
    found.save(asked.model / FILE)
    forget_scales(asked.model)
    print(f"{asked.model / FILE}: fitted on {len(docs)} reports; now 'adwar export --choose' or choose on dev again")


if __name__ == "__main__":
    main()
