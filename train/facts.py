"""One page of facts before the first step: what is trained on, what can never be learned, how long it will take.

The share of gold that can never be predicted is measured and not guessed: the gold labels go through the same windows
and the same decoding as predictions do, and what does not come back exactly is lost for this tokenizer and window.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer

from ..data.schema import Document
from ..model.decode import spans, viterbi
from ..model.encoding import Encoded, Settings, encode_all
from ..model.labels import FIRST_TRIGGER, LABELS, TAGS, gold_labels
from .encoder import loses_hamza, unknown_id

#: How many documents a warning names.
NAMED = 10


def facts(docs: Sequence[Document], tokenizer: Tokenizer, settings: Settings) -> dict[str, Any]:
    """JSON-ready figures of ``docs`` under ``tokenizer`` and windows of ``settings``."""
    encoded = encode_all([d.text for d in docs], tokenizer, settings)
    roles: Counter[str] = Counter()
    types: Counter[str] = Counter()
    labels = np.zeros(len(LABELS), dtype=int)
    lost: dict[str, list[str]] = {}
    for doc, one in zip(docs, encoded, strict=True):
        roles.update(role for role, _ in doc.role_spans())
        types.update(event.type for event in doc.events)
        labels += np.bincount(gold_labels(doc, one.words), minlength=len(LABELS))
        if missing := unreachable(doc, one):
            lost[doc.id] = missing
    unknown = unknown_id(tokenizer)
    pieces = sum(len(p.ids) - 2 for e in encoded for p in e.windows)
    strange = 0 if unknown is None else sum(int((p.ids == unknown).sum()) for e in encoded for p in e.windows)
    gone, gold = sum(map(len, lost.values())), sum(roles.values()) + len([t for d in docs for t in d.triggers()])
    return {
        "documents": len(docs),
        "without events": sum(not d.events for d in docs),
        "words": sum(len(e.words) for e in encoded),
        "pieces": pieces,
        "windows": sum(len(e.windows) for e in encoded),
        "documents of several windows": sum(len(e.windows) > 1 for e in encoded),
        "unknown pieces": strange,
        "share unknown": strange / pieces if pieces else 0.0,
        "events": sum(len(d.events) for d in docs),
        "types": dict(types.most_common()),
        "spans": dict(roles.most_common()),
        "labels of words": {LABELS[i]: int(labels[i]) for i in np.argsort(-labels, kind="stable") if labels[i]},
        "gold that can never be predicted": gone,
        "share that can never be predicted": gone / gold if gold else 0.0,
        "lost in": {name: lost[name] for name in list(lost)[:NAMED]},
        "documents with lost gold": len(lost),
        "pieces with a hamza that the tokenizer takes off": loses_hamza(tokenizer),
    }


def unreachable(doc: Document, encoded: Encoded) -> list[str]:
    """The gold spans and triggers of ``doc`` that a perfect model would not find: ``role: text``."""
    kept = np.array(sorted({int(w) for piece in encoded.windows for w in piece.words}), dtype=int)
    gold = np.minimum(np.array(gold_labels(doc, encoded.words), dtype=int)[kept], FIRST_TRIGGER)
    scores = np.full((len(kept), len(TAGS)), -30.0)
    scores[np.arange(len(kept)), gold] = 0.0
    found = set()
    for span in spans(viterbi(scores), scores):
        start, end = encoded.words[kept[span.first]][0], encoded.words[kept[span.last]][1]
        # of a trigger only its first word is tagged, and only that is asked for
        found.add((span.kind, start, end if span.kind != "trigger" else 0))
    wanted = [(role, s.start, s.end, s.text) for role, s in doc.role_spans()]
    wanted += [("trigger", s.start, 0, s.text) for s in doc.triggers()]
    return [f"{role}: {text}" for role, start, end, text in wanted if (role, start, end) not in found]


def seconds_a_step(trainer: Any, batches: int = 3, budget: float = 20.0) -> dict[str, Any]:
    """Seconds of one step (forward, backward, optimizer) by the clock and by the processor (all threads), and how many
    steps were timed after one to warm up. Nothing is changed: the optimizer of the measurement has a rate of 0,
    gradients are dropped, random states are put back."""
    model = trainer.model.to(trainer.args.device)
    still = torch.optim.AdamW(model.parameters(), lr=0.0, weight_decay=0.0)
    timed: list[tuple[float, float]] = []
    began = time.perf_counter()
    model.train()
    with torch.random.fork_rng():
        for number, batch in enumerate(trainer.train_dataset):
            step, worked = time.perf_counter(), time.process_time()
            inputs = {k: v.to(trainer.args.device) if hasattr(v, "to") else v for k, v in batch.items()}
            with trainer.accelerator.autocast():  # as the Trainer's own steps run
                loss = model(**inputs)["loss"]
            loss.backward()
            still.step()
            still.zero_grad(set_to_none=True)
            if torch.cuda.is_available():
                torch.cuda.synchronize()
            timed.append((time.perf_counter() - step, time.process_time() - worked))
            if number == batches or (timed[1:] and time.perf_counter() - began > budget):
                break
    used = timed[1:] or timed
    clock, processor = np.mean(used, axis=0) * trainer.args.gradient_accumulation_steps
    return {
        "seconds a step": float(clock),
        "processor seconds a step": float(processor),
        "steps timed": len(used),
    }
