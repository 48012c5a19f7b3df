"""Agreement with the coders of the Arabic event gold-standard records (Open Event Data Alliance 2018; assault).

Each record is a sentence that two to four people coded independently: for ``attacker`` (source actor), ``trigger``
and ``target`` a list of character spans, empty if they marked none. They may have coded different deeds, so there is
no single gold: a system is compared with each coder, as the coders are with each other, and stands beside them.

For a pair (a, b) and a part, with the words that a's and b's spans touch (`data.schema.words`): ``token_f1`` is
2·|both| / (|a| + |b|), ``overlap`` is 1 if any word is in both, ``exact`` is 1 if the words are the same. Pairs where
both marked nothing are left out; where one did, all three are 0. Figures are means over pairs. The system's spans are
those of all frames of the sentence together. *Known limits:* coders are anonymous and differ from record to record,
so there is no figure for one person; a sentence with four coders has six pairs and weighs more; definitions differ
from ours (a bomb may be attacker, targets exclude number words), so this is for comparison with people, not tuning.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from ..data.errors import DataError
from ..data.schema import words

PARTS = ("attacker", "target")
MEASURES = ("token_f1", "overlap", "exact")
Spots = tuple[tuple[int, int], ...]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Record:
    """A sentence; ``coders[i][part]`` are the half-open spans of coder i."""

    id: str
    text: str
    coders: tuple[Mapping[str, Spots], ...]


def read_gsr(path: str | Path) -> Iterator[Record]:
    """The records of a JSON Lines file with ``id``, ``text`` and ``annotations``. Raises `DataError` by line."""

    def record(identity: str, text: str, held: Mapping[str, Any]) -> Record:
        coders = tuple({part: _spots(a[part], len(text)) for part in PARTS} for a in held["annotations"])
        return Record(identity, text, coders)

    return read_lines(path, "record", record)


def read_lines(path: str | Path, noun: str, read: Callable[[str, str, Mapping[str, Any]], T]) -> Iterator[T]:
    """``read(id, text, line)`` of each line of a JSON Lines file of the set. What ``read`` cannot take becomes a
    `DataError` that names file and line and calls it a ``noun``."""
    try:
        raw = Path(path).read_bytes()
    except OSError as error:
        raise DataError(f"cannot be read: {error.strerror}", file=str(path)) from None
    for number, line in enumerate(raw.split(b"\n"), 1):
        if not line.strip():
            continue
        try:
            held = json.loads(line.decode("utf-8"))
            text = held["text"]
            if not isinstance(text, str):
                raise ValueError("text is no string")
            yield read(str(held.get("id", number)), text, held)
        except KeyError as error:
            raise DataError(f"a {noun} without {error}", file=str(path), line=number) from None
        except (ValueError, TypeError, AttributeError) as error:
            raise DataError(f"not a {noun} of this set: {error}", file=str(path), line=number) from None


def _spots(value: Any, length: int) -> Spots:
    found = tuple((int(start), int(end)) for start, end in value)
    for start, end in found:
        if not 0 <= start < end <= length:
            raise ValueError(f"span [{start}, {end}) lies outside the text of {length} characters")
    return found


def pair_agreement(text: str, a: Spots, b: Spots) -> tuple[float, float, float] | None:
    """`MEASURES` of two lists of spans; None if both are empty."""
    if not a and not b:
        return None
    spots = words(text)
    ours, theirs = ({w for w in spots if any(w[0] < end and start < w[1] for start, end in s)} for s in (a, b))
    both = len(ours & theirs)
    size = len(ours) + len(theirs)
    return (2 * both / size if size else 0.0, float(both > 0), float(both > 0 and ours == theirs))


def agreement(
    records: Sequence[Record], predictions: Sequence[Any] | None = None, *, samples: int = 1000, seed: int = 0
) -> dict[str, Any]:
    """JSON-ready: for each part the coders ``among themselves`` and, with predictions, the ``model with coders``."""
    result: dict[str, Any] = {"records": len(records), "among themselves": {}}
    if predictions is not None:
        result["model with coders"] = {}
    for part in PARTS:

        def among(i: int, part: str = part) -> list[tuple[Spots, Spots]]:
            return list(combinations([c[part] for c in records[i].coders], 2))

        def with_model(i: int, part: str = part) -> list[tuple[Spots, Spots]]:
            assert predictions is not None
            found = {(m.start, m.end) for frame in predictions[i].frames for m in getattr(frame, part)}
            return [(tuple(sorted(found)), coder[part]) for coder in records[i].coders]

        result["among themselves"][part] = _means(records, among, samples, seed)
        if predictions is not None:
            if len(predictions) != len(records):
                raise ValueError(f"{len(records)} records but {len(predictions)} predictions")
            result["model with coders"][part] = _means(records, with_model, samples, seed)
    return result


def _means(
    records: Sequence[Record], pairs: Callable[[int], list[tuple[Spots, Spots]]], samples: int, seed: int
) -> dict[str, Any]:
    """Means over pairs, with 95% intervals by bootstrap over records."""
    sums = np.zeros((len(records), len(MEASURES) + 1))  # the last column: how many pairs
    for i, record in enumerate(records):
        for a, b in pairs(i):
            values = pair_agreement(record.text, a, b)
            if values is not None:
                sums[i] += (*values, 1.0)
    total = sums.sum(0)
    row: dict[str, Any] = {"pairs": int(total[-1])}
    if not total[-1]:
        return row | dict.fromkeys(MEASURES, 0.0)
    rng = np.random.default_rng(seed)
    drawn = rng.multinomial(len(records), np.full(len(records), 1 / len(records)), samples) @ sums
    spread = np.percentile(drawn[:, :-1] / np.maximum(drawn[:, -1:], 1), [2.5, 97.5], axis=0)
    row |= {name: float(total[k] / total[-1]) for k, name in enumerate(MEASURES)}
    row["intervals"] = {name: [float(spread[0, k]), float(spread[1, k])] for k, name in enumerate(MEASURES)}
    return row


def agreement_table(report: dict[str, Any]) -> str:
    """Plain text: model and coders beside each other."""
    lines = [f"{report['records']} sentences, each coded by several people", ""]
    for part in PARTS:
        lines.append(f"{part:<22}{'pairs':>7}{'token F1':>10}  {'95%':<14}{'overlap':>8}{'exact':>8}")
        for name in ("model with coders", "among themselves"):
            if name in report:
                row = report[name][part]
                low, high = row.get("intervals", {}).get("token_f1", (0.0, 0.0))
                lines.append(
                    f"  {name:<20}{row['pairs']:>7}{row['token_f1']:>10.3f}  {f'{low:.3f}–{high:.3f}':<14}"
                    f"{row['overlap']:>8.3f}{row['exact']:>8.3f}"
                )
    return "\n".join(lines)
