"""Everything that is measured on one set of documents in one JSON-ready dictionary: the truth behind every report.

`whole_report` gathers spans, frames, CEAF, count values, slices, calibration and errors. With ``texts`` it also holds
the documents themselves, so that the HTML report can show them; without, it holds no word of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ..data.schema import Document
from .calibration import calibration
from .ceaf import score_ceaf
from .counts import Reader, count_values
from .errors import error_report
from .report import evaluate
from .slices import slices
from .texts import text_records

#: A report without one of these keys is not one.
NEEDED = ("documents", "spans", "frames")


def whole_report(
    docs: Sequence[Document],
    predictions: Sequence[Any],
    *,
    read: Reader,
    training: Sequence[Document] = (),
    texts: bool = False,
) -> dict[str, Any]:
    """All figures of ``predictions`` (with ``spans`` and ``frames``) for ``docs``. ``read`` reads a number off a gold
    count; ``training`` documents tell seen from unseen mentions."""
    frames = [p.frames for p in predictions]
    values = count_values(docs, frames, read)
    errors = error_report(docs, [p.spans for p in predictions], top=30)
    kinds = [row if texts else {k: v for k, v in row.items() if k != "example"} for row in errors["boundary"]]
    report = {
        **evaluate(docs, predictions),
        "ceaf": score_ceaf(docs, frames),
        "count values": values if texts else {k: v for k, v in values.items() if k != "differing"},
        "errors": {"counts": errors["counts"], "confusion": errors["confusion"], "boundary": kinds},
        "slices": slices(docs, predictions, training),
        "calibration": calibration(docs, predictions),
    }
    return report | ({"texts": text_records(docs, predictions)} if texts else {})


def without_texts(report: dict[str, Any]) -> dict[str, Any]:
    """A report of `whole_report` with no word of its documents in it."""
    kept = {k: v for k, v in report.items() if k != "texts"}
    if "errors" in kept:
        rows = [{k: v for k, v in row.items() if k != "example"} for row in kept["errors"]["boundary"]]
        kept["errors"] = kept["errors"] | {"boundary": rows}
    if "count values" in kept:
        kept["count values"] = {k: v for k, v in kept["count values"].items() if k != "differing"}
    return kept


def sets_of(held: Any, file: str) -> list[tuple[str, dict[str, Any]]]:
    """(name, report) of each set in the JSON of ``file``: one of ``adwar eval --output``, or a model folder's
    ``evaluation.json``. Raises ValueError saying what is missing."""
    if not isinstance(held, dict):
        raise ValueError(f"{file}: not an evaluation: a JSON object is expected, found {type(held).__name__}")
    if isinstance(held.get("sets"), dict):
        found = list(held["sets"].items())
    elif "gsr" in held and "spans" not in held:
        raise ValueError(f"{file}: an agreement with coders only; evaluate with --data for a report")
    else:
        found = [(", ".join(Path(name).name for name in held.get("data", [])) or "evaluation", held)]
    for name, report in found:
        missing = [key for key in NEEDED if key not in report]
        if missing:
            raise ValueError(
                f"{file}: {name}: not an evaluation: {', '.join(missing)} missing; write one with "
                "'adwar eval --data … --output evaluation.json'"
            )
    return found
