"""Figures that a benchmark keeps in a JSON file and goes on from: an object by name, written whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from adwar.data.whole_file import write_whole


def kept(file: Path) -> dict[str, Any]:
    """What ``file`` holds; nothing where there is none yet."""
    return json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}


def keep(file: Path, figures: Mapping[str, Any], *, in_order: bool = False) -> None:
    """Write ``figures`` beside and rename; with ``in_order`` sorted by name."""
    write_whole(file, json.dumps(figures, ensure_ascii=False, indent=1, sort_keys=in_order) + "\n")
