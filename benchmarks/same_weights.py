"""An exported model folder back to a checkpoint that transformers reads: one set of weights for both sides.

    python benchmarks/same_weights.py OUT [--model FOLDER]        # default: the embedded model

The export keeps the names of its layers, so every weight finds its place; what comes back is compared with the export
on a probe, and refused if the scores are not the same. Weights are the export's: rounded to fp16, kept in fp32.
"""

from __future__ import annotations

import argparse
import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np

from adwar.model.engine import ONNX_FILE, OnnxEngine
from adwar.model.loading import EMBEDDED, SETTINGS_FILE

#: What a score may differ by: fp32 sums in another order.
APART = 2e-3


def as_checkpoint(model: Path, out: Path) -> Path:
    """Write ``out`` (config, safetensors, tokenizer) from the export in ``model``; returns ``out``. Raises ValueError
    where a weight finds no place or the scores differ."""
    import torch
    from transformers import AutoConfig, AutoModelForTokenClassification

    out.mkdir(parents=True, exist_ok=True)
    tagger = AutoModelForTokenClassification.from_config(AutoConfig.from_pretrained(str(model)))
    held = weights(model / ONNX_FILE)
    state = tagger.state_dict()
    if lacking := sorted(set(state) - set(held)):
        raise ValueError(f"{model / ONNX_FILE}: no weight for {', '.join(lacking)}")
    tagger.load_state_dict({name: torch.from_numpy(held[name].astype(np.float32)) for name in state})
    tagger.eval().save_pretrained(out)
    settings = json.loads((model / SETTINGS_FILE).read_text(encoding="utf-8"))["encoding"]
    shutil.copyfile(model / "tokenizer.json", out / "tokenizer.json")
    (out / "tokenizer_config.json").write_text(json.dumps(tokenizer_config(model / "tokenizer.json", settings)))
    compare(tagger, OnnxEngine(model), settings)
    return out


def weights(file: Path) -> dict[str, np.ndarray]:
    """Name in the torch module -> weight. Products with a weight bear their layer's name; all else keeps its own."""
    import onnx
    from onnx import numpy_helper

    graph = onnx.load(str(file)).graph
    stored = {tensor.name.removesuffix(".half"): tensor for tensor in graph.initializer}
    found = {
        name.removeprefix("model."): numpy_helper.to_array(tensor)
        for name, tensor in stored.items()
        if name.startswith("model.")
    }
    for node in graph.node:
        if node.op_type == "MatMul" and node.input[1] in stored:
            layer = ".".join(node.name.split("/")[2:-1])  # /model/model/layers.0/attn/Wqkv/MatMul
            found[f"{layer}.weight"] = numpy_helper.to_array(stored[node.input[1]]).T.copy()
    return found


def tokenizer_config(file: Path, settings: dict[str, int]) -> dict[str, Any]:
    """What transformers wants to know beside ``tokenizer.json``."""
    pieces = {held["id"]: held["content"] for held in json.loads(file.read_text(encoding="utf-8"))["added_tokens"]}
    special = {f"{name}_token": pieces[settings[f"{name}_id"]] for name in ("cls", "sep", "pad")}
    return {"tokenizer_class": "PreTrainedTokenizerFast", "model_max_length": settings["window"], **special}


def compare(tagger: Any, engine: OnnxEngine, settings: dict[str, int]) -> None:
    """Raise ValueError where both give other scores for the same pieces."""
    import torch

    ids = np.random.default_rng(0).integers(5, 100, (2, 40))
    mask = np.ones_like(ids)
    mask[1, 30:] = 0
    ids[1, 30:] = settings["pad_id"]
    with torch.inference_mode():
        theirs = tagger(input_ids=torch.from_numpy(ids), attention_mask=torch.from_numpy(mask)).logits.numpy()
    apart = float(np.abs(theirs - engine(ids, mask)[0])[mask == 1].max())
    if not apart < APART:
        raise ValueError(f"the checkpoint's scores differ from the export's by {apart:.4f}: not the same model")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--model", type=Path, default=EMBEDDED)
    arguments = parser.parse_args()
    print(f"written: {as_checkpoint(arguments.model, arguments.out)}")
