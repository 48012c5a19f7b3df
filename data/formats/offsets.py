"""What other tools count where we count code points: UTF-16 units and grapheme clusters; and what was meant by offsets
that do not fit.

Pure functions on strings. Leaves out files and errors: `Reading` tells those.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ..schema import words


def utf16_offsets(text: str) -> list[int]:
    """The UTF-16 offset of every code point of ``text``, and of its end: what JavaScript and Java count."""
    offsets = [0]
    for char in text:
        offsets.append(offsets[-1] + (2 if char > "\uffff" else 1))
    return offsets


def grapheme_offsets(text: str) -> list[int]:
    """For every code point of ``text`` that begins a grapheme cluster (Unicode's UAX 29), and for its end, how many
    clusters stand before it: a letter and its marks count once, an emoji of many parts once. -1 inside a cluster,
    which such a count cannot name. Needs regex."""
    try:
        import regex
    except ModuleNotFoundError:
        raise ModuleNotFoundError(
            "counting grapheme clusters needs regex: pip install 'adwar[graphemes]'", name="regex"
        ) from None
    offsets: list[int] = []
    clusters = regex.findall(r"\X", text)
    for number, cluster in enumerate(clusters):
        offsets += [number] + [-1] * (len(cluster) - 1)
    return [*offsets, len(clusters)]


#: What a tool may count: the name, and the offset of every code point of a text and of its end.
UNITS: dict[str, Callable[[str], Sequence[int]]] = {
    "code points": lambda text: range(len(text) + 1),
    "UTF-16 units": utf16_offsets,
    "grapheme clusters": grapheme_offsets,
}


def spots_of(units: Sequence[int]) -> dict[int, int]:
    """The code-point offset that each of ``units`` names."""
    return {unit: index for index, unit in enumerate(units) if unit >= 0}


def placed(text: str, start: int, end: int, said: str) -> tuple[int, int] | None:
    """Where ``said`` must be meant, in code points: where other units put these offsets upon just these words, else
    the one place in ``text`` where they stand. None where that is no place or several."""
    found = set()
    for name in UNITS:
        spots = _spots(name, text)
        a, b = spots.get(start), spots.get(end)
        if a is not None and b is not None and text[a:b] == said:
            found.add((a, b))
    if not found and (first := text.find(said)) >= 0 and text.find(said, first + 1) < 0:
        found.add((first, first + len(said)))
    return found.pop() if len(found) == 1 else None


def other_units(text: str, pairs: Sequence[tuple[object, object]], chosen: str) -> str | None:
    """The units that ``pairs`` (start, end) were counted in, where by ``chosen`` they break words and by others all of
    them are whole words, at one and the same place. None where ``chosen`` fits or nothing else does."""
    edges = words(text)
    starts, ends = {a for a, _ in edges}, {b for _, b in edges}

    def places(name: str) -> tuple[tuple[int, int], ...] | None:
        spots = _spots(name, text)
        found = []
        for pair in pairs:
            a, b = (spots.get(edge) if type(edge) is int else None for edge in pair)
            if a is None or b is None or a not in starts or b not in ends or a >= b:
                return None
            found.append((a, b))
        return tuple(found)

    if places(chosen) is not None:
        return None
    fitting = {name: found for name in UNITS if (found := places(name)) is not None}
    return next(iter(fitting)) if len(set(fitting.values())) == 1 else None


def _spots(name: str, text: str) -> dict[int, int]:
    try:
        return spots_of(UNITS[name](text))
    except ModuleNotFoundError:
        return {}
