"""Engines: piece ids in, label scores and encoder states out. ONNX Runtime needs no torch; `tagger.py` is the other.

An engine is a callable ``(ids, mask) -> (scores, states)``: int64 (batch, length) twice in; float32 (batch, length,
labels) and (batch, length, 3 × width) out: the word vectors before the first layer, the middle layer, the last
(exports of older versions give the last alone).
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Protocol

import numpy as np

ONNX_FILE = "model.onnx"


class Engine(Protocol):
    def __call__(self, ids: np.ndarray, mask: np.ndarray) -> tuple[np.ndarray, np.ndarray]: ...


class OnnxEngine:
    """ONNX Runtime on the CPU (or whichever ``providers`` are named)."""

    def __init__(self, folder: str | Path, *, threads: int | None = None, providers: list[str] | None = None) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads or min(4, os.cpu_count() or 1)
        options.log_severity_level = 3
        self.session = onnxruntime.InferenceSession(
            str(Path(folder) / ONNX_FILE), options, providers=providers or ["CPUExecutionProvider"]
        )

    def __call__(self, ids: np.ndarray, mask: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        scores, states = self.session.run(["scores", "states"], {"input_ids": ids, "attention_mask": mask})
        return scores, states
