"""The rows of the page's table as data: columns of small numbers and a list of names, gzip in base64.

The block of facts is read when the page opens; the sentences lie in blocks of `BLOCK` rows that are opened when they
are shown or searched. Base64 holds no character that HTML knows, so nothing of a text can end the element it is in.
"""

from __future__ import annotations

import gzip
import json
from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from .counts import Spot, key_of
from .events import KINDS, NAMED, Event

#: Rows whose sentences are packed together.
BLOCK = 500


class Numbers:
    """Each distinct value its number, in the order of coming."""

    def __init__(self, values: Sequence[Any] = ()) -> None:
        self.held: dict[Any, int] = {value: number for number, value in enumerate(values)}

    def __call__(self, value: Any) -> int:
        return self.held.setdefault(value, len(self.held))

    def values(self) -> list[Any]:
        return list(self.held)


def facts(
    rows: Sequence[tuple[int, Event]], *, keys: Mapping[str, Sequence[str]], spots: Sequence[Spot]
) -> dict[str, Any]:
    """The columns. ``rows`` are (number in the table, event); ``keys`` are by role the joined names that the page has a
    place for (matrix, lists), ``spots`` those of the map. A name is [spelling, number of its joined name]."""
    groups = {role: Numbers(keys[role]) for role in NAMED}
    texts, documents = Numbers(), Numbers()
    places = {spot: number for number, spot in enumerate(spots)}
    names = {role: Numbers() for role in NAMED}

    def column(read: Callable[[Event], Any]) -> list[Any]:
        return [read(event) for _, event in rows]

    def toll(event: Event, kind: str) -> Any:
        figure = event.shown.get(kind)
        return 0 if figure is None else [figure.told(), figure.number, [f.told() for f in event.others[kind]]]

    found: dict[str, Any] = {
        "number": [number for number, _ in rows],
        "document": column(lambda e: documents((e.document, e.title, e.reported))),
        "frame": column(lambda e: e.frame),
        "type": column(lambda e: texts(e.type)),
        "trigger": column(lambda e: texts(e.trigger)),
        "attribution": column(lambda e: texts(e.attribution)),
        "date": column(lambda e: texts(e.date)),
        "day": column(lambda e: e.day or 0),
        "own": column(lambda e: int(e.own_day)),
        "country": column(lambda e: texts(e.country)),
        "place": column(lambda e: places.get(e.spot, -1) if e.spot else -1),
        "score": column(lambda e: round(100 * e.score)),
        **{kind: column(lambda e, kind=kind: toll(e, kind)) for kind in KINDS},  # type: ignore[misc]
    }
    for role in NAMED:
        found[role] = column(lambda e, number=names[role], role=role: [number(n) for n in e.names[role]])  # type: ignore[misc]
    found["names"] = {role: [[name, groups[role](key_of(name))] for name in names[role].values()] for role in NAMED}
    found["documents"], found["texts"] = documents.values(), texts.values()
    return found


def packed(value: Any) -> str:
    """JSON, gzip (the same bytes for the same value), base64."""
    whole = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
    return b64encode(gzip.compress(whole, compresslevel=6, mtime=0)).decode("ascii")


def sentence_blocks(rows: Sequence[tuple[int, Event]]) -> list[str]:
    """The sentences of the rows, `BLOCK` rows a block."""
    return [packed([e.sentences for _, e in rows[at : at + BLOCK]]) for at in range(0, len(rows), BLOCK)]
