"""An evaluation as Markdown: the short tables of a model card, and the whole of it as a document.

Every figure comes from the JSON; F1 is in points, with its 95% interval over documents.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..data.schema import ROLES
from .figures import figures

_NONE = "–"


def percent(value: float | None) -> str:
    return _NONE if value is None else f"{100 * value:.1f}"


def interval(score: dict[str, Any]) -> str:
    """'71.4–78.5', or a dash where none was computed."""
    low_high = score.get("interval")
    return f"{percent(low_high[0])}–{percent(low_high[1])}" if low_high else _NONE


def rows(head: Sequence[str], body: Sequence[Sequence[str]]) -> list[str]:
    """A table, the first column to the left and all others to the right; bars inside cells are escaped."""
    lines = ["| " + " | ".join(head) + " |", "|---" + "|---:" * (len(head) - 1) + "|"]
    return lines + ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in body]


def short(report: dict[str, Any]) -> list[str]:
    """One evaluation in one table and one sentence, as a model card shows it."""
    body = []
    for role in (*ROLES, "micro"):
        strict, overlap = report["spans"]["strict"][role], report["spans"]["overlap"][role]
        name = "all five" if role == "micro" else role
        body.append(
            (name, percent(strict["f1"]), interval(strict), percent(overlap["f1"]), f"{strict['gold']:.0f}"),
        )
    frames = report["frames"]
    fillers, events = frames["role_fillers"]["micro"], frames["events"]
    return [
        *rows(("role", "exact F1", "95%", "overlapping F1", "gold spans"), body),
        "",
        f"Frames: filler F1 {percent(fillers['f1'])}; attacks found: recall {percent(events['recall'])}, "
        f"precision {percent(events['precision'])}; type right for {percent(frames['type_accuracy'])}% of those found.",
    ]


def figures_table(report: dict[str, Any], *, short: bool = False) -> list[str]:
    """What stands beside the tables of roles (`eval.figures`), in points; ``short``: the most important of it."""
    body = [
        (one.name, percent(one.value), interval({"interval": one.interval}), one.of)
        for one in figures(report)
        if one.short or not short
    ]
    return rows(("measure", "points", "95%", "of"), body)


def seeds(found: dict[str, Any], names: Sequence[str]) -> list[str]:
    """Mean and spread over the seeds of a run: the measures ``names`` of every set."""
    lines = []
    for title, measures in found["sets"].items():
        body = []
        for name in (n for n in names if n in measures):
            one = measures[name]
            spread = f"{percent(one['mean'])} ± {percent(one['deviation'])}"
            body.append((name, spread, f"{percent(one['least'])}–{percent(one['most'])}"))
        head = (f"{title}, F1", "mean ± standard deviation", "least–most")
        lines += [*rows(head, body), ""]
    return lines


def document(report: dict[str, Any], title: str) -> str:
    """The whole evaluation as a Markdown document."""
    parts = [f"# {title}", "", f"{report['documents']} documents, {report['gold events']} gold events.", ""]
    for kind, name in (("strict", "Spans, exact"), ("overlap", "Spans, overlapping")):
        parts += [f"## {name}", "", *_scores(report["spans"][kind]), ""]
    parts += ["## Frames: fillers of roles", "", *_scores(report["frames"]["role_fillers"]), ""]
    if "role_fillers_exact" in report["frames"]:
        parts += ["## Frames: fillers, exact", "", *_scores(report["frames"]["role_fillers_exact"]), ""]
    parts += ["## Frames: attacks found", "", *_frames(report), ""]
    parts += ["## Other figures", "", *figures_table(report), ""]
    if "errors" in report:
        parts += ["## Errors", "", *_errors(report["errors"]), ""]
    for name, values in report.get("slices", {}).items():
        parts += [f"## Slice: {name}", "", *_slice(values), ""]
    if "calibration" in report:
        parts += ["## Calibration", "", *_calibration(report["calibration"]), ""]
    return "\n".join(parts)


_COUNTS = ("gold", "predicted", "right")
_HEAD = ("", "precision", "recall", "F1", "95%", "gold", "found", "right")


def _scores(scores: dict[str, Any]) -> list[str]:
    names = {"micro": "all", "macro": "mean of the roles"}
    there = [n for n in (*ROLES, "micro", "macro") if n in scores]
    return rows(_HEAD, [(names.get(n, n), *_numbers(scores[n])) for n in there])


def _numbers(score: dict[str, Any]) -> list[str]:
    figures = [percent(score[k]) for k in ("precision", "recall", "f1")]
    return [*figures, interval(score), *(f"{score[k]:.0f}" if k in score else "" for k in _COUNTS)]


def _frames(report: dict[str, Any]) -> list[str]:
    frames = report["frames"]
    lines = rows(_HEAD, [("events found", *_numbers(frames["events"]))])
    told = (
        f"Reports with no event: {report['reports with no event']}, "
        f"of these with a frame: {report['of these with a frame']}."
    )
    return [*lines, "", told]


def _errors(errors: dict[str, Any]) -> list[str]:
    kinds = ("right", "boundary", "role", "missed", "spurious")
    names = (*ROLES, "none")
    counts = [(role, *(str(row[k]) for k in kinds)) for role, row in errors["counts"].items()]
    confusion = [(a, *(str(errors["confusion"][a][b]) for b in names)) for a in names]
    edges = [(r["kind"], r["side"], r["prediction"], str(r["count"])) for r in errors["boundary"]]
    return [
        *rows(("role", *kinds), counts),
        "",
        *rows(("gold \\ found", *names), confusion),
        "",
        *rows(("boundary error", "side", "prediction is", "count"), edges),
    ]


def _slice(values: dict[str, Any]) -> list[str]:
    body = [(value, *_numbers(s)[:6], str(s["documents"])) for value, s in values.items()]
    return rows((*_HEAD[:7], "documents"), body)


def _calibration(found: dict[str, Any]) -> list[str]:
    def figure(value: float | None) -> str:
        return _NONE if value is None else f"{value:.3f}"

    def error(one: dict[str, Any]) -> tuple[str, str]:
        low, high = one.get("expected_calibration_error_interval") or (None, None)
        spread = _NONE if low is None else f"{figure(low)}–{figure(high)}"
        return figure(one["expected_calibration_error"]), spread

    body = [
        (role, str(one["spans"]), figure(one["score"]), figure(one["right"]), *error(one), figure(one["brier"]))
        for role, one in found.items()
    ]
    return rows(("role", "found", "mean score", "share right", "ECE", "95%", "Brier"), body)
