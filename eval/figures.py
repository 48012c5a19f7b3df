"""The figures of an evaluation that stand beside its tables of roles, each with its 95% interval: one list for the
Markdown, the page and the model card.

What an evaluation does not hold (older ones lack the macro averages, and some intervals) is left out, never made up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Figure:
    """``value`` and ``interval`` from 0 to 1, ``of`` what they are taken over, ``short`` whether cards show it."""

    name: str
    value: float
    interval: Sequence[float] | None
    of: str
    short: bool = False


def figures(report: Mapping[str, Any]) -> list[Figure]:
    """All that ``report`` holds, in the order in which pages show it."""
    found: list[Figure] = []
    spans, frames = report["spans"], report["frames"]

    def score(name: str, row: Mapping[str, Any] | None, of: str, short: bool = False) -> None:
        if row is not None:
            found.append(Figure(name, row["f1"], row.get("interval"), of, short))

    def value(name: str, held: Mapping[str, Any], key: str, of: str, short: bool = False) -> None:
        if held.get(key) is not None:
            found.append(Figure(name, held[key], held.get(f"{key}_interval"), of, short))

    score("spans, exact: macro F1", spans["strict"].get("macro"), "the mean of the roles", short=True)
    score("spans, overlapping: macro F1", spans["overlap"].get("macro"), "the mean of the roles")
    fillers, exact = frames["role_fillers"], frames.get("role_fillers_exact", {})
    score("fillers: F1", fillers["micro"], _gold(fillers["micro"], "fillers"), short=True)
    score("fillers: macro F1", fillers.get("macro"), "the mean of the roles", short=True)
    if "micro" in exact:
        score("fillers, exact: F1", exact["micro"], _gold(exact["micro"], "fillers"))
        score("fillers, exact: macro F1", exact.get("macro"), "the mean of the roles")
    if "ceaf" in report:
        entities, phi = report["ceaf"]["REE"]["micro"], report["ceaf"]["RME"]
        score("CEAF-REE, F1", entities, _gold(entities, "entities and types"), short=True)
        score("CEAF-RME φ3, F1", phi["phi3-entity"], _gold(phi["phi3-entity"], "entities"), short=True)
        score("CEAF-RME φ-subset, F1", phi["phi-subset"], _gold(phi["phi-subset"], "entities"))
    attacks = f"{frames['events']['right']:.0f} attacks found"
    value("type: accuracy", frames, "type_accuracy", attacks, short=True)
    value("type: macro F1", frames, "type_macro_f1", "the mean of the types found")
    if "count values" in report:
        values = report["count values"]
        read = f"{values['readable']} counts read"
        value("count values: exact", values, "accuracy", read, short=True)
        value("count values: within range", values, "within_accuracy", read)
    if "calibration" in report:
        every = report["calibration"]["all"]
        key, of = "expected_calibration_error", f"{every['spans']} spans found"
        value("expected calibration error", every, key, of, short=True)
        if (whole := report["calibration"].get("frames")) and whole["spans"]:
            value("expected calibration error of frames", whole, key, f"{whole['spans']} frames found", short=True)
    return found


def _gold(row: Mapping[str, Any], what: str) -> str:
    return f"{row['gold']:.0f} gold {what}"
