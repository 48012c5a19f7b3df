"""Products in whole numbers of eight bits: a smaller and, on most processors, quicker export, by choice.

The scales of the activations are fixed beforehand, from the smallest and the largest that windows of real reports bring
about, so that a report's scores do not hang on what shares its batch (scaled anew for each batch, as ONNX Runtime's
dynamic int8 does, they would). Weights have seven bits of the eight: on processors without VNNI the sums of products
would overflow otherwise, and one model would score differently from machine to machine. Embeddings are looked up, not
multiplied, and stay fp16.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from .export import halve_weights, to_onnx

#: Weights of fewer numbers (scales, norms) keep their precision.
LEAST = 10_000


#: Windows that the scales are taken from; more change next to nothing.
WINDOWS = 100


def to_int8(model: Any, file: Path, windows: Sequence[np.ndarray]) -> None:
    """Trace ``model`` (token classification) into ``file``, its products with weights in int8; ``windows`` are the
    piece ids of windows of reports, special pieces included. Raises ValueError without any."""
    import onnx
    from onnxruntime.quantization import CalibrationMethod, QuantFormat, QuantType, quantize_static

    if not len(windows):
        raise ValueError("int8 scales are taken from reports: none were given")
    with TemporaryDirectory(prefix="adwar-int8-") as scratch:
        whole, small = Path(scratch) / "whole.onnx", Path(scratch) / "int8.onnx"
        to_onnx(model, whole, half=False)
        quiet = logging.getLogger()
        level = quiet.level
        quiet.setLevel(logging.ERROR)  # it advises a preparation that is for other kinds of graphs
        try:
            quantize_static(
                whole,
                small,
                _Windows(windows[:WINDOWS]),
                quant_format=QuantFormat.QDQ,
                op_types_to_quantize=["MatMul"],
                nodes_to_quantize=_weighted(onnx.load(str(whole)).graph),
                per_channel=True,
                reduce_range=True,
                activation_type=QuantType.QUInt8,
                weight_type=QuantType.QInt8,
                calibrate_method=CalibrationMethod.MinMax,
            )
        finally:
            quiet.setLevel(level)
        onnx.save(halve_weights(onnx.load(str(small)), LEAST), str(file))


def _weighted(graph: Any) -> list[str]:
    """The names of the products with weights; those of attention, which have none, keep their precision."""
    weights = {held.name for held in graph.initializer}
    return [node.name for node in graph.node if node.op_type == "MatMul" and weights & set(node.input)]


class _Windows:
    """ONNX Runtime's way of asking for inputs, one window at a time."""

    def __init__(self, windows: Sequence[np.ndarray]) -> None:
        self.windows: Iterator[np.ndarray] = iter(windows)

    def get_next(self) -> dict[str, np.ndarray] | None:
        ids = next(self.windows, None)
        if ids is None:
            return None
        return {"input_ids": ids[None], "attention_mask": np.ones((1, len(ids)), dtype=np.int64)}
