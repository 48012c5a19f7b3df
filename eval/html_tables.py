"""The figures of an evaluation as HTML tables: scores with intervals, confusion, errors, slices, calibration."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ..data.schema import ROLES
from .charts import reliability_diagram, whisker
from .errors import KINDS
from .figures import figures
from .html_text import isolated, shown
from .markdown import interval, percent

NONE = "none"
_HEAD = ("", "F1", "95%", "", "precision", "recall", "gold", "found", "right")


def anchor(*parts: str) -> str:
    """A name for a place on the page: letters, digits and dashes alone."""
    return "-".join(re.sub(r"\W+", "-", part.lower(), flags=re.ASCII).strip("-") for part in parts)


def table(head: Sequence[str], rows: Iterable[Sequence[str]], *, kind: str = "") -> str:
    """Cells are HTML already; the first of each row heads it."""
    top = "".join(f"<th scope=col>{cell}</th>" for cell in head)
    body = "".join(
        f"<tr><th scope=row>{row[0]}</th>{''.join(f'<td>{cell}</td>' for cell in row[1:])}</tr>" for row in rows
    )
    return f'<div class="wide"><table class="{kind}"><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table></div>'


def score_cells(score: Mapping[str, Any]) -> list[str]:
    """The cells of `_HEAD` behind the name; a macro average has no counts."""
    return [
        f"<b>{percent(score['f1'])}</b>",
        interval(dict(score)),
        whisker(score["f1"], score.get("interval")),
        percent(score["precision"]),
        percent(score["recall"]),
        *(f"{score[k]:.0f}" if k in score else "" for k in ("gold", "predicted", "right")),
    ]


def role_table(scores: Mapping[str, Any]) -> str:
    names = [(role, f'<span class="key {role}">{role}</span>') for role in ROLES]
    names += [("micro", "all five"), ("macro", "mean of the five")]
    rows = [[label, *score_cells(scores[name])] for name, label in names if name in scores]
    return table(_HEAD, rows, kind="scores")


def figure_table(report: Mapping[str, Any]) -> str:
    """What stands beside the tables of roles, each with its interval."""
    rows = [
        [
            one.name,
            f"<b>{percent(one.value)}</b>",
            interval({"interval": one.interval}),
            whisker(one.value, one.interval),
            one.of,
        ]
        for one in figures(report)
    ]
    return table(("", "points", "95%", "", "of"), rows, kind="scores")


def event_table(frames: Mapping[str, Any]) -> str:
    return table(_HEAD, [["attacks found", *score_cells(frames["events"])]], kind="scores")


def error_counts(prefix: str, errors: Mapping[str, Any], *, link: bool) -> str:
    """Right and wrong by role, each number a link to its list."""
    rows = []
    for role, counts in errors["counts"].items():
        cells = [str(counts["right"])]
        for kind in KINDS:
            number = str(counts[kind])
            name = anchor(prefix, kind) if kind in ("boundary", "role") else anchor(prefix, kind, role)
            cells.append(f'<a href="#{name}">{number}</a>' if link and counts[kind] else number)
        rows.append([f'<span class="key {role}">{role}</span>', *cells])
    return table(("role", "right", *KINDS), rows, kind="counts")


def confusion(prefix: str, errors: Mapping[str, Any], *, link: bool) -> str:
    """Gold roles down, found roles across; the tint is the share of the row."""
    names = (*ROLES, NONE)
    rows = []
    for gold in names:
        counts = errors["confusion"][gold]
        total = sum(counts.values()) or 1
        cells = []
        for found in names:
            number = counts[found]
            share = number / total
            kind = "same" if gold == found else "other"
            text = str(number)
            if link and number and gold != found:
                what = ("missed", gold) if found == NONE else ("spurious", found) if gold == NONE else ("role",)
                where = anchor(prefix, *what, *((gold, found) if what == ("role",) else ()))
                text = f'<a href="#{where}">{number}</a>'
            cells.append(f'<span class="heat {kind}" style="--share:{share:.3f}">{text}</span>')
        rows.append([gold, *cells])
    return table(("gold \\ found", *names), rows, kind="confusion")


def boundary_table(prefix: str, errors: Mapping[str, Any], *, link: bool) -> str:
    rows = []
    for row in errors["boundary"]:
        example = row.get("example")
        name = shown(row["kind"])
        cells = [
            f'<a href="#{anchor(prefix, "boundary", row["kind"])}">{name}</a>' if link else name,
            row["side"],
            f"prediction {row['prediction']}",
            str(row["count"]),
        ]
        if example:
            cells += [isolated(example["gold"]), isolated(example["predicted"])]
        rows.append(cells)
    head = ["kind", "side", "", "errors"]
    if any("example" in row for row in errors["boundary"]):
        head += ["for example, gold", "found"]
    return table(head, rows, kind="edges") if rows else "<p>No boundary errors.</p>"


def slice_tables(slices: Mapping[str, Any]) -> str:
    parts = []
    for name, values in slices.items():
        rows = [[shown(value), *score_cells(score), str(score["documents"])] for value, score in values.items()]
        parts.append(f"<h4>{shown(name)}</h4>{table((*_HEAD, 'documents'), rows, kind='scores')}")
    return "".join(parts)


def calibration_block(found: Mapping[str, Any]) -> str:
    order = ["all", *(role for role in (*ROLES, "frames") if role in found)]
    charts = "".join(reliability_diagram("all roles" if name == "all" else name, found[name]) for name in order)
    return f'<div class="charts">{charts}</div>'


def seed_table(title: str, measures: Mapping[str, Any], seeds: Sequence[int]) -> str:
    rows = [
        [
            shown(name),
            f"<b>{percent(one['mean'])}</b>",
            percent(one["deviation"]),
            *(percent(value) for value in one["values"]),
        ]
        for name, one in measures.items()
    ]
    head = (shown(title), "mean", "deviation", *(f"seed {seed}" for seed in seeds))
    return table(head, rows, kind="scores")
