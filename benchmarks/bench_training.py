"""Real pieces a second in training: our batches, and every text padded to 256 as the stock ``run_ner.py`` pads.

    python benchmarks/bench_training.py ours reports            # or sentences
    python benchmarks/bench_training.py padded reports          # 8 rows of 256, all else as ours
    python benchmarks/bench_training.py stock reports           # the same, with attention and precision as they come
    python benchmarks/bench_training.py whole reports           # ours with all that the embedded config does

From the shipped encoder, AdamW, tags only (but for ``whole``), the same loop for all. Pieces beyond 256 are cut, as
there; padding is not counted.
"""

from __future__ import annotations

import argparse
import itertools
import json
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench_children import RESULT

from adwar.data.jsonl import read_jsonl
from adwar.data.schema import Document
from adwar.data.splits import CORPUS
from adwar.model.sentences import sentences

LENGTH, ROWS = 256, 8
#: Both sides learn tags alone, with the same optimizer.
PLAIN = ["optim.link_weight=0", "optim.mask_pieces=0", "optim.drop_surface=0", "optim.muon_rate=0"]
STOCK = ["training.bf16_if_fast=false", "model.overrides={attn_implementation: sdpa}"]


def documents(unit: str) -> list[Document]:
    """The reports of our dev and test splits, or their sentences (speed needs no labels)."""
    docs = [doc for split in ("dev", "test") for doc in read_jsonl(CORPUS / f"{split}.jsonl")]
    if unit == "reports":
        return docs
    texts = [doc.text[a:b].strip() for doc in docs for a, b in sentences(doc.text)]
    return [Document(str(number), text) for number, text in enumerate(texts) if text]


def padded(data: Any) -> Iterator[dict[str, Any]]:
    """Batches of `ROWS` windows of `LENGTH`, in the order of ``data``'s documents; longer ones are cut."""
    import torch

    from adwar.model.labels import IGNORED

    for start in itertools.count(0, ROWS):
        held = [data.plain[(start + n) % len(data.plain)] for n in range(ROWS)]
        ids = torch.full((ROWS, LENGTH), data.settings.pad_id)
        mask, labels = torch.zeros_like(ids), torch.full_like(ids, IGNORED)
        for number, row in enumerate(held):
            size = min(LENGTH, len(row.ids))
            ids[number, :size] = torch.from_numpy(row.ids[:size])
            labels[number, :size] = torch.from_numpy(row.labels[:size])
            mask[number, :size] = 1
        yield {"input_ids": ids, "attention_mask": mask, "labels": labels, "links": [row.links for row in held]}


def endless(data: Any) -> Iterator[dict[str, Any]]:
    for number in itertools.count():
        data.set_epoch(number)
        yield from data


def measure(kind: str, unit: str, steps: int) -> dict[str, float]:
    """Pieces a second over ``steps`` steps, after two to warm up."""
    import torch

    from adwar.train.config import load_config
    from adwar.train.finetune import make_trainer

    torch.manual_seed(1)
    more = [] if kind == "whole" else PLAIN + (STOCK if kind == "stock" else [])
    config = load_config("embedded", ["data.dev=[]", "training.max_steps=1000", "training.disable_tqdm=true", *more])
    with tempfile.TemporaryDirectory() as scratch:
        trainer, data, *_ = make_trainer(config, 1, Path(scratch), documents(unit), [])
        model = trainer.model
        optimizer = trainer.create_optimizer()
        batches = padded(data) if kind in ("padded", "stock") else endless(data)
        model.train()
        pieces, begun = 0, time.perf_counter()
        for number, batch in enumerate(itertools.islice(batches, steps + 2)):
            if number == 2:
                pieces, begun = 0, time.perf_counter()
            pieces += int(batch["attention_mask"].sum())
            with trainer.accelerator.autocast():
                loss = model(**batch)["loss"]
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), config.training["max_grad_norm"])
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
    seconds = time.perf_counter() - begun
    return {"pieces a second": pieces / seconds, "steps a second": steps / seconds, "threads": torch.get_num_threads()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kind", choices=("ours", "padded", "stock", "whole"))
    parser.add_argument("unit", choices=("reports", "sentences"))
    parser.add_argument("--steps", type=int, default=10)
    options = parser.parse_args()
    print(RESULT + json.dumps(measure(options.kind, options.unit, options.steps)), flush=True)


if __name__ == "__main__":
    sys.exit(main())
