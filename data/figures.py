"""The figures of `stats` as lines: plain columns for a terminal, Markdown tables for the data card."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from .errors import DataError
from .stats import Row
from .whole_file import write_whole

OPEN, CLOSE = "<!-- figures -->", "<!-- /figures -->"
Cells = Sequence[str]


def number(value: float | None) -> str:
    """Whole numbers whole, others with as many digits as a reader needs."""
    if value is None:
        return "–"
    if isinstance(value, int) or float(value).is_integer():
        return f"{int(value)}"
    return f"{value:.1f}" if abs(value) >= 20 else f"{value:.2f}" if abs(value) >= 1 else f"{value:.3f}"


def tables(stats: Mapping[str, Any]) -> Iterator[tuple[str, list[Cells]]]:
    """(title, rows) of every table of ``stats``; the first row of each is its head."""
    yield "Size", [("figure", "value"), *((k, number(v)) for k, v in stats.items() if isinstance(v, int | float))]
    for title in ("words a document", "event types", "counts written", "years"):
        if stats[title]:
            yield title.capitalize(), [("figure", "value"), *((k, number(v)) for k, v in stats[title].items())]
    roles = stats["roles"]
    names = list(next(iter(roles.values())))
    yield (
        "Roles (the first letter of a span is only a guess at an attached letter)",
        [("role", *names), *((role, *(number(roles[role][name]) for name in names)) for role in roles)],
    )
    size = max(stats["documents"], 1)
    body = [(name, number(found), number(found / size)) for name, found in stats["patterns"].items()]
    yield "Patterns (documents that show each once or more)", [("pattern", "documents", "share"), *body]
    matrix = stats["theatre × voice"]
    if matrix:
        voices = sorted({voice for row in matrix.values() for voice in row})
        body = [
            (theatre, *(number(row[v]) if v in row else "·" for v in voices), number(sum(row.values())))
            for theatre, row in sorted(matrix.items(), key=lambda item: -sum(item[1].values()))
        ]
        sums = (number(sum(row.get(v, 0) for row in matrix.values())) for v in voices)
        yield "Theatre × voice", [("theatre", *voices, "all"), *body, ("all", *sums, number(stats["documents"]))]


def comparison(rows: Iterable[Row], other: str) -> tuple[str, list[Cells]]:
    """The table of two sets side by side; '!' marks what differs by more than a third."""
    body = [(r.name, number(r.ours), number(r.theirs), number(r.ratio), "!" if r.apart else "") for r in rows]
    return f"Against {other} ('!': apart by more than a third)", [("figure", "ours", "theirs", "ratio", ""), *body]


def plain(title: str, rows: Sequence[Cells]) -> Iterator[str]:
    """A table as lines of aligned columns."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    yield title
    for row in rows:
        first = row[0].ljust(widths[0])
        yield ("  " + "  ".join([first, *(c.rjust(w) for c, w in zip(row[1:], widths[1:], strict=True))])).rstrip()
    yield ""


def markdown(title: str, rows: Sequence[Cells]) -> Iterator[str]:
    """A table as Markdown, under a heading of the third level."""
    yield f"### {title}"
    yield ""
    for index, row in enumerate(rows):
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |"
        if index == 0:
            yield "|---" + "|---:" * (len(row) - 1) + "|"
    yield ""


def write_card(path: str | Path, found: Iterable[tuple[str, list[Cells]]]) -> None:
    """Put ``found`` between the markers of the card at ``path``, in the place of what stood there.

    Raises `DataError` if the card has not exactly one pair of markers.
    """
    path = Path(path)
    try:
        card = path.read_text(encoding="utf-8")
    except OSError as error:
        raise DataError(f"cannot be read: {error.strerror}", file=str(path)) from None
    if card.count(OPEN) != 1 or card.count(CLOSE) != 1 or card.index(CLOSE) < card.index(OPEN):
        raise DataError(f"one {OPEN!r} and after it one {CLOSE!r} are expected", file=str(path))
    before, rest = card.split(OPEN)
    after = rest.split(CLOSE)[1]
    inside = "\n".join(line for title, rows in found for line in markdown(title, rows))
    write_whole(path, f"{before}{OPEN}\n\n{inside}\n{CLOSE}{after}")
