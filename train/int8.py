"""Products with weights in whole numbers of eight bits: a smaller and, on most processors, quicker export, by choice.

ONNX Runtime scales the activations of each product by the largest among all that shares the batch, so a report's scores
hang on its neighbours; that is why this is not the default. Weights have seven bits of the eight: on processors
without VNNI the sums of products would overflow otherwise, and one model would score differently from machine to
machine. Embeddings are looked up, not multiplied, and stay fp16.
"""

from __future__ import annotations

import logging
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from .export import halve_weights, to_onnx

#: Weights of fewer numbers (scales, norms) keep their precision.
LEAST = 10_000


def to_int8(model: Any, file: Path) -> None:
    """Trace ``model`` (token classification) into ``file``, its products with weights in int8."""
    import onnx
    from onnxruntime.quantization import QuantType, quantize_dynamic

    with TemporaryDirectory(prefix="adwar-int8-") as scratch:
        whole, small = Path(scratch) / "whole.onnx", Path(scratch) / "int8.onnx"
        to_onnx(model, whole, half=False)
        quiet = logging.getLogger()
        level = quiet.level
        quiet.setLevel(logging.ERROR)  # it advises a preparation that is for other kinds of graphs
        try:
            quantize_dynamic(
                whole,
                small,
                op_types_to_quantize=["MatMul"],
                per_channel=True,
                reduce_range=True,
                weight_type=QuantType.QInt8,
            )
        finally:
            quiet.setLevel(level)
        onnx.save(halve_weights(onnx.load(str(small)), LEAST), str(file))
