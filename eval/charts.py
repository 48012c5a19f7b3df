"""Small charts as inline SVG: an interval in a table cell, a reliability diagram, a learning curve.

Plain strings, no library, no script, no network; colours come from the page's style sheet by class, and each chart has
a title that says its numbers to who cannot see it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

#: What a learning curve draws: key of a point, name shown, class of its colour.
LINES = (("overlap", "spans, overlapping", "line-b"), ("exact", "spans, exact", "line-a"), ("fillers", "fillers", "c"))


def whisker(value: float, interval: Sequence[float] | None, *, width: int = 150) -> str:
    """A score from 0 to 1 as a dot on a line, with its interval."""

    def x(v: float) -> str:
        return f"{4 + v * (width - 8):.1f}"

    band = ""
    told = f"{100 * value:.1f}"
    if interval:
        low, high = interval
        told += f", 95% {100 * low:.1f} to {100 * high:.1f}"
        band = f'<line class="band" x1="{x(low)}" y1="7" x2="{x(high)}" y2="7"/>'
    grid = "".join(f'<line class="grid" x1="{x(v)}" y1="1" x2="{x(v)}" y2="13"/>' for v in (0, 0.25, 0.5, 0.75, 1))
    dot = f'<circle class="dot" cx="{x(value)}" cy="7" r="3"/>'
    return f'<svg class="whisker" width="{width}" height="14" role="img"><title>{told}</title>{grid}{band}{dot}</svg>'


def reliability_diagram(name: str, found: Mapping[str, Any], *, size: int = 200) -> str:
    """Share of right ones over their mean score, bin by bin (`eval.calibration`); a dot's area is its bin's count."""
    left, top, side = 34, 22, size - 56

    def at(score: float, right: float) -> tuple[float, float]:
        return left + score * side, top + (1 - right) * side

    bins = [b for b in found["bins"] if b["count"]]
    most = max((b["count"] for b in bins), default=1)
    points = [(*at(b["score"], b["right"]), 2 + 5 * (b["count"] / most) ** 0.5, b) for b in bins]
    dots = "".join(
        f'<circle class="dot" cx="{x:.1f}" cy="{y:.1f}" r="{r:.1f}"><title>score {b["score"]:.2f}, '
        f"right {b['right']:.2f}, {b['count']} found</title></circle>"
        for x, y, r, b in points
    )
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y, _, _ in points)
    error = found["expected_calibration_error"]
    told = "nothing found" if error is None else f"{found['spans']} found, error {error:.3f}"
    a, b = at(0, 0), at(1, 1)
    return (
        f'<svg class="chart" width="{size}" height="{size}" role="img"><title>Reliability of {escape(name)}: {told}'
        f'</title><text class="name" x="2" y="13">{escape(name)}: {told}</text>{_axes(left, top, side)}'
        f'<line class="ideal" x1="{a[0]}" y1="{a[1]}" x2="{b[0]}" y2="{b[1]}"/>'
        f'<polyline class="line-a" points="{path}"/>{dots}'
        f'<text x="{left + side / 2}" y="{size - 4}" text-anchor="middle">mean score</text>'
        f'<text transform="rotate(-90)" x="{-(top + side / 2)}" y="9" text-anchor="middle">share right</text></svg>'
    )


def _axes(left: int, top: int, side: int) -> str:
    lines = []
    for value in (0, 0.5, 1):
        x, y = left + value * side, top + (1 - value) * side
        lines.append(f'<line class="grid" x1="{left}" y1="{y}" x2="{left + side}" y2="{y}"/>')
        lines.append(f'<line class="grid" x1="{x}" y1="{top}" x2="{x}" y2="{top + side}"/>')
        lines.append(f'<text x="{left - 4}" y="{y + 3}" text-anchor="end">{value:g}</text>')
        lines.append(f'<text x="{x}" y="{top + side + 11}" text-anchor="middle">{value:g}</text>')
    return "".join(lines)


def learning_curve(curve: Mapping[str, Any], *, width: int = 640, height: int = 300, style: str = "") -> str:
    """F1 over the number of training documents with 95% intervals; ``curve`` is what ``adwar curve`` writes. With a
    ``style`` sheet inside, the SVG stands alone as a file."""
    points = sorted(curve["points"], key=lambda p: p["documents"])
    left, right, top, bottom = 44, 150, 14, 40
    most = max((p["documents"] for p in points), default=1) or 1
    scores = [v for p in points for key, _, _ in LINES for v in (*p[key]["interval"], p[key]["f1"])]
    floor = max(0.0, int(10 * min(scores, default=0.0)) / 10)
    wide, high = width - left - right, height - top - bottom

    def x(documents: float) -> float:
        return left + wide * documents / most

    def y(f1: float) -> float:
        return top + high * (1 - (f1 - floor) / max(1e-9, 1 - floor))

    parts = []
    for tenth in range(round(10 * floor), 11):
        value = tenth / 10
        parts.append(f'<line class="grid" x1="{left}" y1="{y(value):.1f}" x2="{left + wide}" y2="{y(value):.1f}"/>')
        parts.append(f'<text x="{left - 6}" y="{y(value) + 4:.1f}" text-anchor="end">{100 * value:.0f}</text>')
    for point in points:
        parts.append(
            f'<text x="{x(point["documents"]):.1f}" y="{top + high + 16}" text-anchor="middle">'
            f"{point['documents']}</text>"
        )
    for row, (key, name, kind) in enumerate(LINES):
        parts.append(_line([(x(p["documents"]), p[key]) for p in points], kind, y))
        edge, down = left + wide, 24 + 20 * row
        parts.append(f'<line class="{kind}" x1="{edge + 14}" y1="{down}" x2="{edge + 34}" y2="{down}"/>')
        parts.append(f'<text x="{edge + 40}" y="{down + 4}">{name}</text>')
    parts.append(f'<text x="{left + wide / 2}" y="{height - 6}" text-anchor="middle">training documents</text>')
    parts.append(f'<text transform="rotate(-90)" x="{-(top + high / 2)}" y="13" text-anchor="middle">F1</text>')
    told = "; ".join(f"{p['documents']} documents: exact {100 * p['exact']['f1']:.1f}" for p in points)
    return (
        f'<svg class="chart curve" xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" role="img">'
        f"{f'<style>{style}</style>' if style else ''}<title>{told}</title>{''.join(parts)}</svg>"
    )


def _line(points: Sequence[tuple[float, Mapping[str, Any]]], kind: str, y: Any) -> str:
    path = " ".join(f"{x:.1f},{y(score['f1']):.1f}" for x, score in points)
    drawn = [f'<polyline class="{kind}" points="{path}"/>']
    for x, score in points:
        low, high = score["interval"]
        drawn.append(f'<line class="{kind} thin" x1="{x:.1f}" y1="{y(low):.1f}" x2="{x:.1f}" y2="{y(high):.1f}"/>')
        drawn.append(
            f'<circle class="{kind} filled" cx="{x:.1f}" cy="{y(score["f1"]):.1f}" r="3.5"><title>'
            f"{100 * score['f1']:.1f}, 95% {100 * low:.1f} to {100 * high:.1f}</title></circle>"
        )
    return "".join(drawn)


#: The style of a chart that stands alone as a file.
ALONE = (
    "svg{background:#fff;font:12px sans-serif}text{fill:#333}.grid{stroke:#ddd}.line-a,.line-b,.c{fill:none;"
    "stroke-width:2}.thin{stroke-width:1.2}.line-a{stroke:#1d4ed8}.line-b{stroke:#0f766e}.c{stroke:#b45309}"
    ".line-a.filled{fill:#1d4ed8}.line-b.filled{fill:#0f766e}.c.filled{fill:#b45309}"
)
