"""Several runs that differ by their seed alone: mean and spread of every measure.

The spread over seeds (sample standard deviation, n - 1) is what another seed would change; the interval in each run's
own report is what other documents would change. They answer different questions and do not replace each other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import mean, stdev
from typing import Any

from ..data.schema import ROLES

#: What a card shows of them.
SHOWN = (
    "spans strict micro",
    "spans strict macro",
    *(f"spans strict {role}" for role in ROLES),
    "spans overlap micro",
    "fillers micro",
)


def measures(report: Mapping[str, Any]) -> dict[str, float]:
    """The F1 of every measure of an evaluation, and the accuracy of types, by the names of `eval.compare`."""
    names = ("micro", "macro", *ROLES)
    spans, frames = report["spans"], report["frames"]
    kinds = {"spans strict": spans["strict"], "spans overlap": spans["overlap"], "fillers": frames["role_fillers"]}
    # evaluations of before have no macro average
    found = {f"{kind} {n}": scores[n]["f1"] for kind, scores in kinds.items() for n in names if n in scores}
    return {**found, "events": frames["events"]["f1"], "type accuracy": frames["type_accuracy"]}


def spread(runs: Mapping[int, Mapping[str, Mapping[str, Any]]]) -> dict[str, Any]:
    """``runs[seed][set]`` are evaluations; for each set and measure: the values by seed, mean, deviation, least, most.

    Raises ValueError unless there are two runs or more with the same sets.
    """
    seeds = list(runs)
    if len(seeds) < 2:
        raise ValueError(f"a spread needs two seeds or more, found {seeds}")
    sets = list(runs[seeds[0]])
    for seed in seeds:
        if list(runs[seed]) != sets:
            raise ValueError(f"seed {seed} was evaluated on {list(runs[seed])}, seed {seeds[0]} on {sets}")
    found = {name: _spread([measures(runs[seed][name]) for seed in seeds]) for name in sets}
    return {"seeds": seeds, "sets": found}


def _spread(values: Sequence[Mapping[str, float]]) -> dict[str, dict[str, Any]]:
    rows = {}
    for name in (n for n in values[0] if all(n in one for one in values)):
        of_seeds = [one[name] for one in values]
        rows[name] = {
            "values": of_seeds,
            "mean": mean(of_seeds),
            "deviation": stdev(of_seeds),
            "least": min(of_seeds),
            "most": max(of_seeds),
        }
    return rows
