"""An evaluation as one HTML page that needs nothing else: no network, no font, no library.

    adwar eval --data dev --html report.html         adwar report evaluation.json

Figures come first, each with its interval; then every error by kind; then the texts with gold and prediction side by
side. Without scripts the links and folds still work; the script adds filters, steps from error to error, and lights up
both sides of one. A content policy in the page forbids it to fetch anything, whatever a document says.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ..data.schema import ROLES
from . import html_tables as tables
from .charts import learning_curve
from .errors import KINDS
from .html_errors import document_blocks, error_lists
from .html_text import isolated, shown
from .markdown import interval, percent

HOME = Path(__file__).parent
POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'"


def html_report(
    sets: Sequence[tuple[str, Mapping[str, Any]]],
    *,
    title: str,
    curve: Mapping[str, Any] | None = None,
    seeds: Mapping[str, Any] | None = None,
) -> str:
    """The page. ``sets`` are (name, report of `eval.whole`); ``curve`` is a learning curve's JSON and ``seeds`` what
    `eval.seeds` found. Raises ValueError naming the document whose spans do not fit its text."""
    parts, links = [], []
    if seeds:
        links.append(("seeds", "Seeds"))
        blocks = "".join(tables.seed_table(name, one, seeds["seeds"]) for name, one in seeds["sets"].items())
        parts.append(f'<section id="seeds"><h2>Seeds: mean and spread</h2>{blocks}</section>')
    if curve:
        links.append(("curve", "Learning curve"))
        parts.append(f'<section id="curve"><h2>Learning curve</h2>{_curve(curve)}</section>')
    for number, (name, report) in enumerate(sets):
        prefix = f"s{number}"
        links.append((prefix, name))
        parts.append(f'<section id="{prefix}"><h2>{isolated(name)}</h2>{_set(prefix, report)}</section>')
    nav = "".join(f'<a href="#{where}">{isolated(name)}</a>' for where, name in links)
    style, script = ((HOME / f).read_text(encoding="utf-8") for f in ("page.css", "page.js"))
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{shown(title)}</title><style>{style}</style></head><body>"
        f"<header><h1>{isolated(title)}</h1><nav>{nav}</nav></header><main>{''.join(parts)}</main>"
        f"<script>{script}</script></body></html>\n"
    )


def _set(prefix: str, report: Mapping[str, Any]) -> str:
    frames = report["frames"]
    texts = report.get("texts", [])
    blocks = [
        _summary(report),
        f"<h3>Spans, exact</h3>{tables.role_table(report['spans']['strict'])}",
        f"<h3>Spans, overlapping</h3>{tables.role_table(report['spans']['overlap'])}",
        f"<h3>Frames: fillers of roles, attacks found</h3>{tables.role_table(frames['role_fillers'])}"
        f"{tables.event_table(frames)}{_frame_notes(report)}",
        f"<h3>Other figures</h3>{tables.figure_table(report)}",
    ]
    if "role_fillers_exact" in frames:
        folded = f"<details><summary>by role</summary>{tables.role_table(frames['role_fillers_exact'])}</details>"
        blocks.append(f"<h3>Fillers, exact</h3>{folded}")
    if "errors" in report:
        errors, link = report["errors"], bool(texts)
        blocks += [
            f"<h3>Errors by role</h3>{tables.error_counts(prefix, errors, link=link)}",
            f"<h3>Confusion of roles</h3>{tables.confusion(prefix, errors, link=link)}",
            f"<h3>Boundary errors</h3>{tables.boundary_table(prefix, errors, link=link)}",
        ]
    if "calibration" in report:
        blocks.append(f"<h3>Do scores mean what they say?</h3>{tables.calibration_block(report['calibration'])}")
    if "slices" in report:
        folded = f"<details><summary>by {', '.join(map(shown, report['slices']))}</summary>"
        blocks.append(f"<h3>Slices</h3>{folded}{tables.slice_tables(report['slices'])}</details>")
    if texts:
        blocks += [
            f"<h3>Every error, by kind</h3>{error_lists(prefix, texts)}",
            f"<h3>Texts</h3>{_legend()}{_controls(prefix)}{document_blocks(prefix, texts)}",
        ]
    else:
        blocks.append("<p class=note>This evaluation holds no texts, so no errors can be shown in their place.</p>")
    return "".join(blocks)


def _summary(report: Mapping[str, Any]) -> str:
    frames = report["frames"]
    cards = [
        ("exact F1", report["spans"]["strict"]["micro"]),
        ("overlapping F1", report["spans"]["overlap"]["micro"]),
        ("filler F1", frames["role_fillers"]["micro"]),
        ("attacks found, F1", frames["events"]),
    ]
    shown_cards = "".join(
        f'<div class="card"><span>{name}</span><b>{percent(score["f1"])}</b><small>95% {interval(dict(score))}</small>'
        "</div>"
        for name, score in cards
    )
    size = f"{report['documents']} documents, {report['gold events']} gold events. Intervals: bootstrap over documents."
    return f'<p>{size}</p><div class="cards">{shown_cards}</div>'


def _frame_notes(report: Mapping[str, Any]) -> str:
    told = [
        f"Reports with no event: {report['reports with no event']}, of these with a frame: "
        f"{report['of these with a frame']}.",
    ]
    if "count values" in report:
        values = report["count values"]
        told.append(
            f"Numbers read off counts: {values['exact']} of {values['readable']} exact, {values['within']} in range."
        )
    return f"<p>{' '.join(told)}</p>"


def _curve(curve: Mapping[str, Any]) -> str:
    how = "passes over its share" if curve.get("equal") == "passes" else "steps"
    note = f"Shares are nested, the seed is fixed, every point had the same number of {how}; bars are 95% intervals."
    return f"{learning_curve(curve)}<p class=note>{note}</p>"


def _legend() -> str:
    roles = "".join(f'<span class="key {role}">{role[0].upper()} {role}</span>' for role in ROLES)
    signs = "".join(
        f'<span class="chip {kind}">{sign} {kind}</span>'
        for kind, sign in (("boundary", "≈"), ("role", "⇄"), ("missed", "∅"), ("spurious", "+"))
    )
    return f'<p class="legend">{roles}{signs}</p>'


def _controls(prefix: str) -> str:
    """Filters and steps; shown by the script alone, since without it they would do nothing."""
    options = "".join(f'<option value="{kind}">{kind}</option>' for kind in KINDS)
    return (
        f'<form class="controls" data-set="{prefix}" hidden><label>show <select name="kind"><option value="">all '
        f'documents</option><option value="any">documents with errors</option>{options}</select></label>'
        '<label>id or words <input name="find" type="search"></label>'
        '<button type="button" name="previous">previous error (k)</button>'
        '<button type="button" name="next">next error (j)</button><output></output></form>'
    )
