"""How much of what the processor can multiply the encoder reaches: products of its shapes, and its own arithmetic.

The peak is the highest rate that numpy or ONNX Runtime reaches in fp32 on any of the encoder's own matrix products, in
the same run. What the encoder does is counted from its config (a multiplication and an addition are two), products
only: attention over the whole window, as it is computed, and apart from that what its sliding layers would need.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

#: Rows of the products, and pieces of a batch.
ROWS = 4096
#: Lengths of the windows: reports of 30 and of 150 words, and a full window.
LENGTHS = (48, 224, 512)
SECONDS = 1.0


def shapes(config: dict[str, Any]) -> list[tuple[int, int]]:
    """(inner, columns) of the products of a piece with each weight of a layer. Raises ValueError but for ModernBERT."""
    if config["model_type"] != "modernbert":
        raise ValueError(f"arithmetic of {config['model_type']} is not counted here; give a ModernBERT")
    width, inner = config["hidden_size"], config["intermediate_size"]
    return [(width, 3 * width), (width, width), (width, 2 * inner), (inner, width)]


def flops(config: dict[str, Any], length: int, *, needed: bool = False) -> float:
    """Operations for one piece of a window of ``length``; with ``needed`` sliding layers count their span alone."""
    width, layers = config["hidden_size"], config["num_hidden_layers"]
    kinds = config["layer_types"]
    total = layers * sum(2.0 * a * b for a, b in shapes(config))
    for kind in kinds:
        seen = min(length, config["local_attention"] + 1) if needed and kind == "sliding_attention" else length
        total += 2 * 2.0 * seen * width
    return total + 2.0 * width * width + 2.0 * width * len(config["id2label"])


def products(threads: int) -> dict[str, float]:
    """GFLOP/s of each product of the embedded encoder's shapes, by numpy and by ONNX Runtime, and the ``peak``."""
    from adwar.model.loading import EMBEDDED

    config = json.loads((EMBEDDED / "config.json").read_text(encoding="utf-8"))
    random, found = np.random.default_rng(0), {}
    for inner, columns in shapes(config):
        left = random.normal(size=(ROWS, inner)).astype(np.float32)
        right = random.normal(size=(inner, columns)).astype(np.float32)
        work = 2e-9 * ROWS * inner * columns
        for name, go in _ways(left, right, threads):
            found[f"{name} {inner}x{columns}"] = work / quickest(go)
    return found | {"peak": max(found.values())}


def _ways(left: np.ndarray, right: np.ndarray, threads: int) -> Iterator[tuple[str, Callable[[], Any]]]:
    from threadpoolctl import threadpool_limits

    def numpy_product() -> Any:
        with threadpool_limits(threads):
            return left @ right

    session = _session(right, threads)
    yield "numpy", numpy_product
    yield "onnxruntime", lambda: session.run(None, {"left": left})


def _session(right: np.ndarray, threads: int) -> Any:
    """A graph of one product with a weight."""
    import onnxruntime
    from onnx import TensorProto, helper, numpy_helper

    ends = [helper.make_tensor_value_info(n, TensorProto.FLOAT, [None, None]) for n in ("left", "out")]
    node = helper.make_node("MatMul", ["left", "right"], ["out"])
    graph = helper.make_graph([node], "product", ends[:1], ends[1:], [numpy_helper.from_array(right, "right")])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    return onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])


def encoder(folder: Path, threads: int) -> dict[str, float]:
    """GFLOP/s of the exported encoder by length of window (as computed, and what it needs), and pieces a second."""
    from adwar.model.engine import OnnxEngine

    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    engine, random, found = OnnxEngine(folder, threads=threads), np.random.default_rng(0), {}
    for length in LENGTHS:
        ids = random.integers(5, 1000, (ROWS // length, length))
        mask = np.ones_like(ids)
        pieces = ids.size / quickest(lambda ids=ids, mask=mask: engine(ids, mask))
        found[f"{length} pieces a second"] = pieces
        found[f"{length} computed"] = 1e-9 * pieces * flops(config, length)
        found[f"{length} needed"] = 1e-9 * pieces * flops(config, length, needed=True)
    return found


def quickest(go: Callable[[], Any]) -> float:
    """Seconds of the quickest of some calls, after one to warm up."""
    go()
    best, until = float("inf"), time.perf_counter() + SECONDS
    while time.perf_counter() < until or best == float("inf"):
        begun = time.perf_counter()
        go()
        best = min(best, time.perf_counter() - begun)
    return best
