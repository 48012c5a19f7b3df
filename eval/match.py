"""Optimal one-to-one matching, so that no score ever depends on the order of what is compared."""

from __future__ import annotations

from collections.abc import Sequence


def best_matching(weights: Sequence[Sequence[float]]) -> list[tuple[int, int]]:
    """Pairs (row, column) of the one-to-one matching with the highest total weight; pairs of weight 0 are left out.

    The Hungarian method with potentials (Kuhn 1955; the O(n²m) form of e-maxx), in pure Python: evaluation must run
    in the light install. ``weights`` is rows × columns of non-negative numbers.
    """
    rows, columns = len(weights), len(weights[0]) if weights else 0
    if not rows or not columns:
        return []
    if rows > columns:
        flipped = [[weights[r][c] for r in range(rows)] for c in range(columns)]
        return sorted((r, c) for c, r in best_matching(flipped))
    infinity = float("inf")
    u, v = [0.0] * (rows + 1), [0.0] * (columns + 1)
    owner, way = [0] * (columns + 1), [0] * (columns + 1)
    for row in range(1, rows + 1):
        owner[0] = row
        column = 0
        least = [infinity] * (columns + 1)
        used = [False] * (columns + 1)
        while True:
            used[column] = True
            current, delta, following = owner[column], infinity, 0
            for j in range(1, columns + 1):
                if used[j]:
                    continue
                cost = -weights[current - 1][j - 1] - u[current] - v[j]
                if cost < least[j]:
                    least[j], way[j] = cost, column
                if least[j] < delta:
                    delta, following = least[j], j
            for j in range(columns + 1):
                if used[j]:
                    u[owner[j]] += delta
                    v[j] -= delta
                else:
                    least[j] -= delta
            column = following
            if owner[column] == 0:
                break
        while column:
            owner[column] = owner[way[column]]
            column = way[column]
    pairs = [(owner[j] - 1, j - 1) for j in range(1, columns + 1) if owner[j]]
    return sorted((r, c) for r, c in pairs if weights[r][c] > 0)
