"""Both halves of the Arabic event gold-standard records in one: coders of spans, and labels of attack or none.

A folder holds JSON Lines files of either kind, known by their first record; a file is read alone. No word of the texts
goes into the report, and no path: the name of the file or folder alone.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from ..data.errors import DataError
from .detection import Labelled, detection, detection_table, read_labelled
from .gsr import PARTS, Record, agreement, agreement_table, read_gsr
from .markdown import percent, rows

Predict = Callable[[list[str]], Sequence[Any]]
_PEOPLE = ("model with coders", "among themselves")


def read_set(path: str | Path) -> tuple[list[Record], list[Labelled]]:
    """(coded sentences, labelled texts) of a folder or file. Raises `DataError` if there is neither."""
    path = Path(path)
    files = sorted(path.glob("*.jsonl")) if path.is_dir() else [path]
    if not files:
        raise DataError("no .jsonl file in this folder; dev.jsonl and detection_dev.jsonl are expected", file=str(path))
    records: list[Record] = []
    texts: list[Labelled] = []
    for file in files:
        if _is_labelled(file):
            texts += read_labelled(file)
        else:
            records += read_gsr(file)
    if not records and not texts:
        raise DataError("no records", file=str(path))
    return records, texts


def _is_labelled(file: Path) -> bool:
    """Whether the first record has a label and no annotations; what cannot be read is left to the reader's message."""
    try:
        with file.open(encoding="utf-8") as lines:
            first = json.loads(next((line for line in lines if line.strip()), "{}"))
    except (OSError, ValueError):
        return False
    return isinstance(first, dict) and "label" in first and "annotations" not in first


def score_set(name: str, records: Sequence[Record], texts: Sequence[Labelled], predict: Predict) -> dict[str, Any]:
    """JSON-ready: ``file`` is ``name``; then `gsr.agreement`, if there are records, and ``detection``, if there are
    texts. ``predict`` reads many texts in order."""
    report: dict[str, Any] = {"file": name}
    if records:
        report |= agreement(records, list(predict([r.text for r in records])))
    if texts:
        report["detection"] = detection(texts, list(predict([t.text for t in texts])))
    return report


def set_table(report: dict[str, Any]) -> str:
    """Plain text of what there is."""
    blocks = [agreement_table(report)] if "among themselves" in report else []
    blocks += [detection_table(report["detection"])] if "detection" in report else []
    return "\n\n".join(blocks)


def set_markdown(report: dict[str, Any]) -> list[str]:
    """A table of the model beside people, and a sentence on detection."""
    lines = []
    if "among themselves" in report:
        body = []
        for part in PARTS:
            for who in (one for one in _PEOPLE if one in report):
                row = report[who][part]
                edges = row.get("intervals", {}).get("token_f1")
                spread = f"{percent(edges[0])}–{percent(edges[1])}" if edges else "–"
                figures = (percent(row[key]) for key in ("overlap", "exact"))
                body.append((f"{part}, {who}", percent(row["token_f1"]), spread, *figures, str(row["pairs"])))
        head = ("", "token F1", "95%", "overlap", "exact", "pairs")
        lines += [f"{report['records']} sentences, each coded by several people:", "", *rows(head, body), ""]
    if "detection" in report:
        found = report["detection"]
        told = ", ".join(
            f"{name} {percent(found[key])} (95% {percent(low)}–{percent(high)})"
            for name, key in (("precision", "precision"), ("recall", "recall"), ("F1", "f1"))
            for low, high in [found["intervals"][key]]
        )
        false = "; ".join(
            f"{row['with a frame']} of {row['texts']} labelled {label}" for label, row in found["by label"].items()
        )
        lines += [f"Attack or no attack, {found['texts']} texts: {told}. A frame was found in {false}.", ""]
    return lines
