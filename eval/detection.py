"""Attack or no attack, text by text: the other half of the Arabic event gold-standard records.

Each text was labelled by several people: ``yes`` (all of them: an assault is reported), ``easy no`` (none), ``difficult
no`` (most not). The model says yes where it finds a frame of any type. Precision, recall and F1 are those of yes, with
95% intervals by bootstrap over texts; how many of the easy and the difficult ones got a frame stands beside them, since
a false alarm weighs differently there. *Known limits:* the texts are single sentences without their report; yes needed
all coders, so some of the difficult ones do report an attack; the records ask for assault, our frames also hold what
does no bodily harm (a seized truck), so precision is a lower bound. For comparison, not for tuning.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from .gsr import read_lines
from .intervals import resampled, share, spread
from .scores import Score

LABELS = ("yes", "easy no", "difficult no")


@dataclass(frozen=True, slots=True)
class Labelled:
    """A text and one of `LABELS`."""

    id: str
    text: str
    label: str


def read_labelled(path: str | Path) -> Iterator[Labelled]:
    """The texts of a JSON Lines file with ``id``, ``text`` and ``label``. Raises `DataError` by line."""

    def labelled(identity: str, text: str, held: Mapping[str, Any]) -> Labelled:
        if held["label"] not in LABELS:
            raise ValueError(f"label {held['label']!r}: one of {', '.join(LABELS)}")
        return Labelled(identity, text, held["label"])

    return read_lines(path, "labelled text", labelled)


def detection(texts: Sequence[Labelled], predictions: Sequence[Any]) -> dict[str, Any]:
    """JSON-ready: `Score.to_dict` of yes with an interval for each of the three, and by label how many got a frame.
    ``predictions[i]`` (with ``frames``) belongs to ``texts[i]``; ValueError if there are more of one."""
    if len(predictions) != len(texts):
        raise ValueError(f"{len(texts)} texts but {len(predictions)} predictions")
    said = [bool(prediction.frames) for prediction in predictions]
    rows = [[yes, one.label == "yes", yes and one.label == "yes"] for one, yes in zip(texts, said, strict=True)]
    counts = np.array(rows, dtype=float).reshape(-1, 3)
    predicted, gold, right = counts.sum(0)
    drawn = resampled(counts)
    sizes = {"precision": drawn[:, 0], "recall": drawn[:, 1], "f1": (drawn[:, 0] + drawn[:, 1]) / 2}
    by_label = {label: [yes for one, yes in zip(texts, said, strict=True) if one.label == label] for label in LABELS}
    return {
        "texts": len(texts),
        **Score(float(predicted), float(gold), float(right), float(right)).to_dict(),
        "intervals": {name: spread(share(drawn[:, 2], size)) for name, size in sizes.items()},
        "by label": {label: {"texts": len(yes), "with a frame": sum(yes)} for label, yes in by_label.items()},
    }


def detection_table(report: dict[str, Any]) -> str:
    """Plain text: the three figures with intervals, then the labels."""
    lines = [f"{report['texts']} texts, attack or no attack", ""]
    for name in ("precision", "recall", "f1"):
        low, high = report["intervals"][name]
        lines.append(f"  {name:<20}{report[name]:>7.3f}  {low:.3f}–{high:.3f}")
    lines += ["", f"{'label':<22}{'texts':>7}{'with a frame':>14}"]
    lines += [f"  {label:<20}{row['texts']:>7}{row['with a frame']:>14}" for label, row in report["by label"].items()]
    return "\n".join(lines)
