"""A prediction as a readable table in a terminal, safe for right-to-left text.

Every Arabic cell is isolated (U+2068 … U+2069), so that a terminal with bidi support never lets it reorder its
neighbours; control and bidi characters of the text itself are not passed on.
"""

from __future__ import annotations

import unicodedata

from ..model.results import CountMention, EventFrame, LocationMention, Mention, Prediction, Toll
from ..model.show import amount

ROLE_NAMES = {
    "attacker": "attacker",
    "target": "target",
    "count": "count",
    "location": "location",
    "source": "source",
}


def isolate(text: str) -> str:
    """``text`` on one line without control characters, wrapped so that its direction stays its own."""
    clean = "".join(
        " " if c.isspace() else c for c in text if unicodedata.category(c) not in ("Cc", "Cf", "Cs") or c.isspace()
    )
    return f"\u2068{clean}\u2069"


def _line(mention: Mention) -> str:
    extra = f"  [{amount(mention)}]" if isinstance(mention, CountMention) else ""
    if isinstance(mention, LocationMention) and mention.place is not None:
        place = mention.place
        extra = f"  [{place.relation} {place.country} {place.latitude:.1f} {place.longitude:.1f}]"
    return f"{isolate(mention.name)}{extra}  {mention.start}–{mention.end}  {mention.score:.2f}"


def show(identity: str, prediction: Prediction) -> None:
    """Print ``prediction`` to standard output."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(soft_wrap=False)
    count = len(prediction.frames)
    heading = f"{isolate(identity)[1:-1]}: {count} event{'s' if count != 1 else ''}"
    console.print(heading, style="bold", markup=False, highlight=False)
    for number, frame in enumerate(prediction.frames, 1):
        named = f"{isolate(frame.trigger.text)}" if frame.trigger else "(no trigger)"
        table = Table(
            title=f"{number}. {frame.type}  {named}  score {frame.score:.2f}", title_justify="left", show_header=False
        )
        table.add_column(style="bold", no_wrap=True)
        table.add_column(overflow="fold")
        for role, lines in _rows(frame):
            table.add_row(role, Text(lines))
        console.print(table, markup=False, highlight=False)
    if not count:
        console.print("nothing to report: no attack is told in this text", highlight=False)


def _rows(frame: EventFrame) -> list[tuple[str, str]]:
    rows = _summary(frame)
    for role, title in ROLE_NAMES.items():
        mentions = getattr(frame, role)
        if mentions:
            rows.append((title, "\n".join(_line(m) for m in mentions)))
    return rows


def _summary(frame: EventFrame) -> list[tuple[str, str]]:
    """The lines above the roles: the figures to show, when it was, and how it is known who attacked."""
    lines = []
    if frame.killed or frame.wounded:
        lines.append(("toll", ", ".join(_toll(toll) for toll in (frame.killed, frame.wounded) if toll)))
    if frame.date:
        told = " (told)" if frame.date.statement else ""
        lines.append(("date", f"{frame.date.value or 'not resolved'}{told}  {isolate(frame.date.text)}"))
    if frame.attacker:
        cue = frame.attribution.cue
        lines.append(("attribution", f"{frame.attribution.status}  {isolate(cue.text) if cue else ''}".rstrip()))
    return lines


def _toll(toll: Toll) -> str:
    more = f" (others: {len(toll.others)})" if toll.others else ""
    return amount(toll.mention) + more
