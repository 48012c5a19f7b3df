"""An evaluation as Markdown: the short tables of a model card, and the whole of it as a document.

Every figure comes from the JSON; F1 is in points, with its 95% interval over documents.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..data.schema import ROLES

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


def seeds(found: dict[str, Any], names: Sequence[str]) -> list[str]:
    """Mean and spread over the seeds of a run: the measures ``names`` of every set."""
    lines = []
    for title, measures in found["sets"].items():
        body = []
        for name in names:
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
    parts += ["## Frames: fillers of roles", "", *_scores(report["frames"]["role_fillers"]), "", *_frames(report), ""]
    if "errors" in report:
        parts += ["## Errors", "", *_errors(report["errors"]), ""]
    for name, values in report.get("slices", {}).items():
        parts += [f"## Slice: {name}", "", *_slice(values), ""]
    if "calibration" in report:
        parts += ["## Calibration", "", *_calibration(report["calibration"]), ""]
    return "\n".join(parts)


_HEAD = ("", "precision", "recall", "F1", "95%", "gold", "found", "right")


def _scores(scores: dict[str, Any]) -> list[str]:
    return rows(_HEAD, [("all" if n == "micro" else n, *_numbers(scores[n])) for n in (*ROLES, "micro")])


def _numbers(score: dict[str, Any]) -> list[str]:
    figures = [percent(score[k]) for k in ("precision", "recall", "f1")]
    return [*figures, interval(score), *(f"{score[k]:.0f}" for k in ("gold", "predicted", "right"))]


def _frames(report: dict[str, Any]) -> list[str]:
    frames = report["frames"]
    lines = rows(_HEAD, [("events found", *_numbers(frames["events"]))])
    told = (
        f"Type of found events: accuracy {percent(frames['type_accuracy'])}, "
        f"macro F1 {percent(frames['type_macro_f1'])}. Reports with no event: {report['reports with no event']}, "
        f"of these with a frame: {report['of these with a frame']}."
    )
    if "ceaf" in report:
        ree, rme = report["ceaf"]["REE"]["micro"], report["ceaf"]["RME"]
        told += f" CEAF-REE {percent(ree['f1'])}, CEAF-RME {percent(rme['phi3-entity']['f1'])} (entities)."
    if "count values" in report:
        values = report["count values"]
        told += f" Count values: {values['exact']} of {values['readable']} exact, {values['within']} within range."
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

    keys = ("score", "right", "expected_calibration_error", "brier")
    body = [(role, str(one["spans"]), *(figure(one[k]) for k in keys)) for role, one in found.items()]
    return rows(("role", "spans", "mean score", "share right", "ECE", "Brier"), body)
