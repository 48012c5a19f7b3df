"""What the speed of the project is held to: each goal with how it is reckoned from the figures of `bench.py`.

Every reckoning takes the measures as they are held and returns a value for each round, or None where a side is lacking.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

#: From this load on a run was not alone on its machine.
LOAD = 3.0
WORDS = ("30 words", "150 words", "2000 words")
SEEN = ("words of a report", "adwar, documents a second", "× pipeline", "× base dimensions", "core ms, one worker")
Measures = Mapping[str, Any]


@dataclass(frozen=True)
class Found:
    """A value for each round."""

    values: tuple[float, ...]
    unit: str = ""

    @property
    def median(self) -> float:
        return float(np.median(self.values))


@dataclass(frozen=True)
class Goal:
    title: str
    told: str
    of: Callable[[Measures], Found | None]
    good: Callable[[float], bool] | None = None


def rounds(measures: Measures, measure: str, side: str) -> list[dict[str, float]]:
    return measures.get(measure, {}).get("sides", {}).get(side, [])


def best(measures: Measures, figure: str) -> str:
    """The quickest of our ways to read, by its median."""
    ways = [name for name in measures.get("pipeline", {}).get("sides", {}) if name.startswith("adwar")]
    told = {name: [one[figure] for one in rounds(measures, "pipeline", name) if figure in one] for name in ways}
    return max((name for name in told if told[name]), key=lambda name: float(np.median(told[name])), default="")


def ratio(measures: Measures, measure: str, over: str, under: str, figure: str) -> Found | None:
    """``over`` by ``under``, round by round."""
    pairs = zip(rounds(measures, measure, over), rounds(measures, measure, under), strict=False)
    found = tuple(a[figure] / b[figure] for a, b in pairs if figure in a and figure in b)
    return Found(found, " ×") if found else None


def against(measures: Measures, side: str, figure: str = "our corpus", way: str | None = None) -> Found | None:
    """How much quicker our best ``way`` of reading (or the one given) is than ``side``."""
    return ratio(measures, "pipeline", way or best(measures, figure), side, figure)


def sooner(measures: Measures, measure: str, slow: str, quick: str, starts: tuple[str, str] | None) -> Found | None:
    """Seconds of ``slow`` by those of ``quick``, the medians of their ``starts`` taken off."""
    off = [_median(rounds(measures, measure, name)) for name in starts] if starts else [0.0, 0.0]
    pairs = list(zip(rounds(measures, measure, slow), rounds(measures, measure, quick), strict=False))
    if not pairs or None in off:
        return None
    return Found(tuple((a["seconds"] - off[0]) / max(1e-9, b["seconds"] - off[1]) for a, b in pairs), " ×")  # type: ignore[operator]


def _median(found: Sequence[Mapping[str, float]]) -> float | None:
    return float(np.median([one["seconds"] for one in found])) if found else None


def gate(measures: Measures, stream: str) -> Found | None:
    return sooner(measures, "gate", f"{stream}, gate off", f"{stream}, gate on", ("start", "start"))


def plain(measures: Measures, measure: str, side: str, figure: str, unit: str) -> Found | None:
    found = tuple(one[figure] for one in rounds(measures, measure, side))
    return Found(found, unit) if found else None


def cold_share(measures: Measures) -> Found | None:
    found = ratio(measures, "cold", "adwar", "pipeline", "seconds")
    return found and Found(tuple(100 * value for value in found.values), "%")


def share_of_peak(measures: Measures, kind: str) -> Found | None:
    """Percent of the products' peak in the same round, one thread, at the length where the encoder is best."""
    pairs = zip(rounds(measures, "peak", "encoder, 1 thread"), rounds(measures, "peak", "peak, 1 thread"), strict=False)
    found = tuple(100 * max(v for k, v in a.items() if k.endswith(kind)) / b["peak"] for a, b in pairs)
    return Found(found, "%") if found else None


def training(measures: Measures, ours: str, theirs: str, unit: str) -> Found | None:
    return ratio(measures, "training", f"{ours}, {unit}", f"{theirs}, {unit}", "pieces a second")


def lengths(measures: Measures, shown: Callable[[Found | None], str]) -> list[list[str]]:
    """A row for each length: our rate, ratios to the two pipelines, core milliseconds."""
    rows = []
    for words in WORDS:
        way = best(measures, words)
        rate = plain(measures, "pipeline", way, words, "") if way else None
        ratios = [against(measures, side, words) if way else None for side in ("pipeline", "pipeline, base dimensions")]
        rows.append([words, *map(shown, (rate, *ratios, core_ms(measures, words)))])
    return rows if any(set(row[1:]) != {shown(None)} for row in rows) else []


def core_ms(measures: Measures, words: str) -> Found | None:
    """Core milliseconds a report of extraction by one worker, the start taken off."""
    found, start = rounds(measures, "length", words), rounds(measures, "length", "start")
    if not found or not start:
        return None
    off = float(np.median([one["core seconds"] for one in start]))
    return Found(tuple(1000 * max(0.0, one["core seconds"] - off) / one["documents"] for one in found))


def least(bound: float) -> Callable[[float], bool]:
    return lambda value: value >= bound


def most(bound: float) -> Callable[[float], bool]:
    return lambda value: value <= bound


_MB = "MB more from start to end"
GOALS = (
    Goal(
        "embedded model against the pipeline, same weights, our corpus",
        "3 ×",
        partial(against, side="pipeline"),
        least(3),
    ),
    Goal("… the same, real news", "3 ×", partial(against, side="pipeline", figure="real news"), least(3)),
    Goal("… one process of ours alone", "", partial(against, side="pipeline", way="adwar, one process")),
    Goal("… against the pipeline with batch_size=8", "", partial(against, side="pipeline, batch_size=8")),
    Goal(
        "against AraBERT-base dimensions in the pipeline",
        "20 ×",
        partial(against, side="pipeline, base dimensions"),
        least(20),
    ),
    Goal(
        "5% attacks, gate on against off, the rest news without a frame",
        "6 ×",
        partial(gate, stream="frameless"),
        least(6),
    ),
    Goal("… the rest raw news as it comes", "", partial(gate, stream="raw")),
    Goal("… the rest our corpus's quiet reports, made to be hard", "", partial(gate, stream="ours")),
    Goal(
        "cold start, start to end of the process",
        "under 1.0 s",
        partial(plain, measure="cold", side="adwar", figure="seconds", unit=" s"),
        most(1.0),
    ),
    Goal("… share of torch + transformers", "10%", cold_share, most(10)),
    Goal(
        "extraction, 2 workers against 1, start taken off",
        "1.8 ×",
        partial(sooner, measure="workers", slow="1 worker", quick="2 workers", starts=("start of 1", "start of 2")),
        least(1.8),
    ),
    Goal(
        "… with the start",
        "",
        partial(sooner, measure="workers", slow="1 worker", quick="2 workers", starts=None),
    ),
    Goal(
        "memory while extracting, two workers, all processes",
        "under 600 MB",
        partial(plain, measure="memory", side="2 workers", figure="peak MB", unit=" MB"),
        most(600),
    ),
    Goal(
        "… growth over the last three quarters of the run",
        "flat",
        partial(plain, measure="memory", side="2 workers", figure=_MB, unit=" MB"),
        most(20),
    ),
    Goal(
        "training, real pieces a second against padding to 256, a sentence a text as run_ner.py has it",
        "5 ×",
        partial(training, ours="ours", theirs="padded", unit="sentences"),
        least(5),
    ),
    Goal("… whole reports", "", partial(training, ours="ours", theirs="padded", unit="reports")),
    Goal(
        "… against its stock attention and precision as well, sentences",
        "",
        partial(training, ours="ours", theirs="stock", unit="sentences"),
    ),
    Goal("encoder, share of the fp32 peak", "75%", partial(share_of_peak, kind="computed"), least(75)),
    Goal("… counting what its sliding layers need", "", partial(share_of_peak, kind="needed")),
)
