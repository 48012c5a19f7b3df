"""Optimal one-to-one matching, so that no score ever depends on the order of what is compared."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from math import inf


def best_matching(weights: Sequence[Sequence[float]]) -> list[tuple[int, int]]:
    """Pairs (row, column) of the one-to-one matching with the highest total weight; pairs of weight 0 are left out.

    The Hungarian method with potentials (Kuhn 1955; the O(n²m) form of e-maxx), in pure Python: evaluation must run
    in the light install. ``weights`` is rows × columns of non-negative numbers.
    """
    if not weights or not weights[0]:
        return []
    if len(weights) > len(weights[0]):
        return sorted((r, c) for c, r in best_matching(list(zip(*weights, strict=True))))
    of_row: dict[int, float] = defaultdict(float)
    of_column: dict[int | None, float] = defaultdict(float)
    owner: dict[int | None, int] = {}  # of a column: its row. None is where each row's search begins
    for row in range(len(weights)):
        owner[None] = row
        column: int | None = None
        free = list(range(len(weights[0])))
        taken: list[int | None] = []
        least, way = dict.fromkeys(free, inf), dict[int, int | None]()
        while column in owner:
            taken.append(column)
            free = [j for j in free if j != column]
            current = owner[column]
            for j in free:
                cost = -weights[current][j] - of_row[current] - of_column[j]
                if cost < least[j]:
                    least[j], way[j] = cost, column
            following = min(free, key=least.__getitem__)
            delta = least[following]
            for one in taken:
                of_row[owner[one]] += delta
                of_column[one] -= delta
            for j in free:
                least[j] -= delta
            column = following
        while column is not None:
            owner[column] = owner[way[column]]
            column = way[column]
    return sorted((r, c) for c, r in owner.items() if c is not None and weights[r][c] > 0)
