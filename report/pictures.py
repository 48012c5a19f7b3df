"""The pictures as inline SVG: bars over time, the map, bars beside names, ranges of tolls.

Every shape that counts events is drawn twice, pale for all events and strong for those that the filters leave; the
page's script only sets the size of the second. Colours come from the style sheet, since the page's policy forbids
styles in attributes. Numbers and ISO dates alone stand in the pictures, so they need no translation.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt

from ..eval.html_text import shown
from .counts import Bin, Counts, Spot
from .events import Figure
from .outline import WIDTH, outline, view_of

#: Places that the map draws, and names of places beside their dots.
DOTS, NAMED_DOTS = 500, 12
#: About how wide a letter and how high a line of a name is, for keeping names apart.
_LETTER, _LINE = 8.5, 20
_HEIGHT, _BASE, _TOP, _LEFT, _RIGHT = 220, 190, 14, 40, 36


def timeline(bars: Sequence[Bin]) -> str:
    """Events over time; each bar's group has ``data-bin``."""
    most = max((bar.events for bar in bars), default=1) or 1
    step = (WIDTH - _LEFT - _RIGHT) / max(1, len(bars))
    every = -(-len(bars) // 9)
    parts = [
        f'<line class="grid" x1="{_LEFT}" x2="{WIDTH}" y1="{y:.1f}" y2="{y:.1f}"/>'
        f'<text x="{_LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{value:,}</text>'
        for value in sorted({0, -(-most // 2), most})
        for y in [_BASE - (_BASE - _TOP) * value / most]
    ]
    for number, bar in enumerate(bars):
        x, wide = _LEFT + number * step, max(0.6, step - (2 if step > 6 else 0.4))
        tall = (_BASE - _TOP) * bar.events / most
        box = f'x="{x:.1f}" width="{wide:.1f}" y="{_BASE - tall:.1f}" height="{tall:.1f}"'
        parts.append(
            f'<g class="bar pick" data-bin="{number}"><title>{shown(bar.name)}: {bar.events:,}</title>'
            f'<rect class="catch" x="{x:.1f}" width="{step:.1f}" y="{_TOP}" height="{_BASE - _TOP}"/>'
            f'<rect class="all" {box}/><rect class="now" {box}/></g>'
        )
        if number % every == 0:
            parts.append(f'<text x="{x + wide / 2:.1f}" y="{_BASE + 20}" text-anchor="middle">{shown(bar.name)}</text>')
    return (
        f'<svg class="picture timeline" viewBox="0 0 {WIDTH} {_HEIGHT}" data-most="{most}" data-base="{_BASE}" '
        f'data-tall="{_BASE - _TOP}" role="img" aria-labelledby="h-time">{"".join(parts)}</svg>'
    )


def world(counts: Counts, spots: Sequence[Spot]) -> str:
    """The map with a dot for each of ``spots``, the first of which have the most events. A dot's group has
    ``data-id``, its number in ``spots``; its area is its events."""
    view = view_of(spots)
    land = "".join(f'<path d="{path}"/>' for path in outline(view))
    most = max((counts.places[spot] for spot in spots), default=1)
    dots: list[str] = []
    names: list[str] = []
    taken: list[tuple[float, float, float]] = []
    for number, spot in enumerate(spots):
        x, y = view.at(spot[1], spot[0])
        events = counts.places[spot]
        radius = round(dot_radius(events, most), 1)
        name = shown(counts.place(spot))
        circle = f'cx="{x:.1f}" cy="{y:.1f}" r="{radius}"'
        dots.append(
            f'<g class="pick" data-facet="place" data-id="{number}"><title>{name}: {events:,}</title>'
            f'<circle class="all" {circle}/><circle class="now" {circle}/></g>'
        )
        half, line = _LETTER * len(counts.place(spot)) / 2, y - radius - 4
        if (
            number < NAMED_DOTS
            and half < 160
            and not any(abs(x - other) < half + reach and abs(line - low) < _LINE for other, low, reach in taken)
        ):
            taken.append((x, line, half))
            names.append(f'<text x="{x:.1f}" y="{line:.1f}" text-anchor="middle" lang="ar">{name}</text>')
    return (
        f'<svg class="picture map" viewBox="0 0 {WIDTH} {view.height:g}" data-most="{most}" role="img" '
        f'aria-labelledby="h-map"><g class="land">{land}</g>{"".join(reversed(dots))}'
        f'<g class="names">{"".join(names)}</g></svg>'
    )


def dot_radius(events: int, most: int) -> float:
    """In units of the map; the script has the same formula."""
    return 3 + 19 * sqrt(events / most) if events else 0


def bar(events: int, most: int) -> str:
    """A bar beside a name; its length is a share of the largest."""
    wide = f"{100 * events / (most or 1):.1f}"
    rects = "".join(f'<rect class="{kind}" width="{wide}" height="6"/>' for kind in ("all", "now"))
    return f'<svg class="hbar" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">{rects}</svg>'


def toll_range(shown_figure: Figure, others: Sequence[Figure], most: int) -> str:
    """A figure as a line from its lower to its upper bound with a dot at the number written, an open end dashed; other
    figures as ticks. Lengths are square roots, so that small tolls can be seen beside large ones."""

    def x(number: int) -> float:
        return 6 + 268 * sqrt(number / (most or 1))

    low, high = shown_figure.min, shown_figure.max
    dot = shown_figure.number or 0
    parts = []
    if low is not None and high is not None and low != high:
        parts.append(f'<line class="span" x1="{x(low):.1f}" x2="{x(min(high, most)):.1f}" y1="9" y2="9"/>')
    if high is None:
        parts.append(f'<line class="open" x1="{x(dot):.1f}" x2="{min(296, x(dot) + 24):.1f}" y1="9" y2="9"/>')
    if low is None:
        parts.append(f'<line class="open" x1="{max(2, x(dot) - 24):.1f}" x2="{x(dot):.1f}" y1="9" y2="9"/>')
    for other in others:
        at = x(min(most, other.number or 0))
        parts.append(f'<line class="other" x1="{at:.1f}" x2="{at:.1f}" y1="3" y2="15"/>')
    return (
        '<svg class="toll" viewBox="0 0 300 18" aria-hidden="true"><line class="grid" x1="6" x2="296" y1="9" y2="9"/>'
        f'{"".join(parts)}<circle class="dot" cx="{x(dot):.1f}" cy="9" r="5"/></svg>'
    )
