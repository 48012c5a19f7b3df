"""Engines: piece ids in, label scores and encoder states out. ONNX Runtime needs no torch; `tagger.py` is the other.

An engine is a callable ``(ids, mask) -> (scores, states)``: int64 (batch, length) twice in; float32 (batch, length,
labels) and (batch, length, 3 × width) out: the word vectors before the first layer, the middle layer, the last
(exports of older versions give the last alone). One with an attribute ``sessions`` above 1 may be called by that many
threads at once, and `each` does so; ``batch_pieces`` says how many pieces make a batch.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Protocol, TypeVar

import numpy as np

from .device import CPU, check_session, providers

ONNX_FILE = "model.onnx"
#: Pieces in a batch. A processor wants what stays in its cache (4,096 take a third longer a piece than 512,
#: `benchmarks/batch_sizes.py`); a GPU wants much at once.
BATCH_PIECES, GPU_BATCH_PIECES = 512, 16_384
In = TypeVar("In")
Out = TypeVar("Out")


class Engine(Protocol):
    def __call__(self, ids: np.ndarray, mask: np.ndarray) -> tuple[np.ndarray, np.ndarray]: ...


class OnnxEngine:
    """ONNX Runtime on ``device`` (`device.py`), with ``threads`` for each batch.

    ``sessions`` batches are worked on at once, each on ``threads`` (then 1 unless given): many small products share
    badly among threads, so two batches on a thread each may end sooner than one after the other on two. They go
    through one session of ONNX Runtime, which threads may share, so that the weights lie in memory once."""

    def __init__(
        self, folder: str | Path, *, threads: int | None = None, sessions: int = 1, device: str | None = "cpu"
    ) -> None:
        import onnxruntime

        if sessions < 1:
            raise ValueError(f"sessions must be 1 or more, found {sessions}")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads or (1 if sessions > 1 else min(4, os.cpu_count() or 1))
        options.log_severity_level = 3
        self.sessions = sessions
        self.session = onnxruntime.InferenceSession(str(Path(folder) / ONNX_FILE), options, providers=providers(device))
        check_session(device, self.session)
        on_processor = self.session.get_providers()[0] == CPU
        self.batch_pieces = BATCH_PIECES if on_processor else GPU_BATCH_PIECES

    def __call__(self, ids: np.ndarray, mask: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        scores, states = self.session.run(["scores", "states"], {"input_ids": ids, "attention_mask": mask})
        return scores, states


def each(engine: Engine, work: Callable[[In], Out], batches: Sequence[In]) -> Iterator[Out]:
    """``work`` of every batch, in order; as many at once as ``engine`` has sessions."""
    number = min(getattr(engine, "sessions", 1), len(batches))
    if number < 2:
        yield from map(work, batches)
        return
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(number, thread_name_prefix="adwar-session") as pool:
        yield from pool.map(work, batches)
