"""Which learned linker a model folder holds: one file name, two kinds."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from .pair_linker import FILE, PairLinker
from .report_linker import MARK, ReportLinker


def load_linker(file: str | Path) -> PairLinker | ReportLinker:
    """The linker in ``file``. Nothing in it is ever executed; a broken file raises numpy's or ValueError."""
    with np.load(file, allow_pickle=False) as held:
        kind = ReportLinker if MARK in held.files else PairLinker
    return kind.load(file)


__all__ = ["FILE", "load_linker"]
