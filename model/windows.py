"""Overlapping windows over a text of any length: pure functions on plain numbers.

Windows break between words only. Where two overlap, the hand-over is in the middle of the overlap: every word is
read from the window where it has the most context on both sides.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class Window:
    """Units ``start`` to ``end`` are read; of these, ``keep_start`` to ``keep_end`` are taken from this window."""

    start: int
    end: int
    keep_start: int
    keep_end: int


def windows(sizes: Sequence[int], limit: int, overlap: int) -> list[Window]:
    """Windows over units (words) of ``sizes`` pieces each, at most ``limit`` pieces a window.

    Neighbours share about ``overlap`` pieces. The kept ranges cover every unit exactly once. A unit larger than
    ``limit`` gets a window of its own (its pieces beyond the limit are the caller's to cut; its label sits on the
    first). No units, no windows. Raises ValueError unless ``0 <= overlap < limit``.
    """
    if not 0 <= overlap < limit:
        raise ValueError(f"overlap {overlap} must be at least 0 and less than the window of {limit}")
    if not sizes:
        return []
    ranges: list[tuple[int, int]] = []
    start = 0
    while True:
        end, held = start, 0
        while end < len(sizes) and (end == start or held + sizes[end] <= limit):
            held += sizes[end]
            end += 1
        ranges.append((start, end))
        if end == len(sizes):
            break
        back, shared = end, 0
        while back - 1 > start and shared + sizes[back - 1] <= overlap:
            back -= 1
            shared += sizes[back]
        start = back
    cuts = [0]
    for (_, end), (following, _) in pairwise(ranges):
        cuts.append((following + end) // 2)
    cuts.append(len(sizes))
    return [Window(a, b, cuts[i], cuts[i + 1]) for i, (a, b) in enumerate(ranges)]
