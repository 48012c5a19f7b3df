"""The outline of the world's countries, cut to a view, as paths of SVG.

``outline/countries-50m.json`` is the file of that name in the package world-atlas 2.0.2 (ISC), TopoJSON of Natural
Earth 1:50m (public domain), unchanged. Borders are drawn as that source has them; no judgement of ours is in them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import cos, radians
from pathlib import Path
from typing import Any

FILE = Path(__file__).parent / "outline" / "countries-50m.json"
Ring = list[tuple[float, float]]
#: Width of a picture in its own units, and its bounds in height.
WIDTH, LOWEST, HIGHEST = 960, 400, 720
#: A view spans at least this many degrees.
_LEAST = 5.0
#: Points nearer to the last than this are left out.
_NEAR = 0.8


@dataclass(frozen=True, slots=True)
class View:
    """A rectangle of the map: degrees of its edges, and the picture's height; longitudes are narrowed by the cosine of
    its middle, so that shapes keep their proportions there."""

    west: float
    south: float
    east: float
    north: float
    height: float

    def at(self, longitude: float, latitude: float) -> tuple[float, float]:
        """The point of the picture."""
        x = (longitude - self.west) / (self.east - self.west) * WIDTH
        return x, (self.north - latitude) / (self.north - self.south) * self.height


def view_of(spots: Sequence[tuple[float, float]]) -> View:
    """The view that holds all ``spots`` (latitude, longitude) with a margin; all the world for none."""
    if not spots:
        return View(-180, -60, 180, 80, 400)
    south, north = min(a for a, _ in spots), max(a for a, _ in spots)
    west, east = min(o for _, o in spots), max(o for _, o in spots)
    tall, wide = max(_LEAST, 1.2 * (north - south)), max(_LEAST, 1.2 * (east - west))
    middle, centre = (south + north) / 2, (west + east) / 2
    narrow = max(0.3, cos(radians(min(70, abs(middle)))))
    height = min(HIGHEST, max(LOWEST, WIDTH * tall / (wide * narrow)))
    wide = max(wide, WIDTH / height * tall / narrow)
    tall = max(tall, wide * narrow * height / WIDTH)
    return View(centre - wide / 2, middle - tall / 2, centre + wide / 2, middle + tall / 2, round(height))


@lru_cache(maxsize=1)
def _topology() -> tuple[list[Ring], list[list[list[int]]]]:
    """(arcs in degrees, rings of arc numbers)."""
    held = json.loads(FILE.read_text(encoding="utf-8"))
    (kx, ky), (dx, dy) = held["transform"]["scale"], held["transform"]["translate"]
    arcs: list[Ring] = []
    for arc in held["arcs"]:
        x = y = 0
        points = []
        for step_x, step_y in arc:
            x, y = x + step_x, y + step_y
            points.append((x * kx + dx, y * ky + dy))
        arcs.append(points)
    countries: list[Any] = held["objects"]["countries"]["geometries"]
    return arcs, [list(_outer(country)) for country in countries]


def _outer(country: dict[str, Any]) -> Iterator[list[int]]:
    polygons = country.get("arcs", [])
    for polygon in [polygons] if country["type"] == "Polygon" else polygons:
        yield from polygon


def outline(view: View) -> Iterator[str]:
    """The ``d`` of a path for each country that reaches into ``view``."""
    arcs, countries = _topology()
    for country in countries:
        parts = [path for numbers in country if (path := _ring(numbers, arcs, view))]
        if parts:
            yield "".join(parts)


def _ring(numbers: Sequence[int], arcs: Sequence[Ring], view: View) -> str:
    points: Ring = []
    for number in numbers:
        arc = arcs[number] if number >= 0 else arcs[~number][::-1]
        points += arc[1:] if points else arc
    xs, ys = [p[0] for p in points], [p[1] for p in points]
    if max(xs) < view.west or min(xs) > view.east or max(ys) < view.south or min(ys) > view.north:
        return ""
    kept: list[tuple[float, float]] = []
    for longitude, latitude in points:
        x, y = view.at(longitude, latitude)
        # what lies far outside is drawn at the edge of a wider frame, where it melts into few points
        x, y = min(max(x, -WIDTH / 2), 1.5 * WIDTH), min(max(y, -view.height / 2), 1.5 * view.height)
        if not kept or abs(x - kept[-1][0]) + abs(y - kept[-1][1]) >= _NEAR:
            kept.append((x, y))
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in kept) + "Z" if len(kept) > 2 else ""
