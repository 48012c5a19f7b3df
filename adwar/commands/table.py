"""A prediction as a readable table in a terminal, safe for right-to-left text.

Every Arabic cell is isolated (U+2068 … U+2069), so that a terminal with bidi support never lets it reorder its
neighbours; control and bidi characters of the text itself are not passed on.
"""

from __future__ import annotations

import unicodedata

from ..model.frames import CountMention, EventFrame, Mention, Prediction

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


def amount(mention: CountMention) -> str:
    """'40 killed', '≥ 12 wounded', '20–99 casualties': the number as read, and its kind."""
    if mention.min is None and mention.max is None and mention.value is None:
        return mention.kind
    if mention.value is not None and mention.min in (None, mention.value) and mention.max in (None, mention.value):
        about = "~" if mention.approximate else ("≥ " if mention.min is not None and mention.max is None else "")
        return f"{about}{mention.value} {mention.kind}"
    if mention.max is None:
        return f"≥ {mention.min} {mention.kind}"
    if mention.min is None:
        return f"≤ {mention.max} {mention.kind}"
    return f"{mention.min}–{mention.max} {mention.kind}"


def _line(mention: Mention) -> str:
    extra = f"  [{amount(mention)}]" if isinstance(mention, CountMention) else ""
    return f"{isolate(mention.name)}{extra}  {mention.start}–{mention.end}  {mention.score:.2f}"


def show(identity: str, prediction: Prediction) -> None:
    """Print ``prediction`` to standard output."""
    from rich.console import Console
    from rich.table import Table

    console = Console(soft_wrap=False)
    count = len(prediction.frames)
    console.print(
        f"{isolate(identity)[1:-1]}: {count} event{'s' if count != 1 else ''}",
        style="bold",
        markup=False,
        highlight=False,
    )
    for number, frame in enumerate(prediction.frames, 1):
        named = f"{isolate(frame.trigger.text)}" if frame.trigger else "(no trigger)"
        table = Table(
            title=f"{number}. {frame.type}  {named}  score {frame.score:.2f}", title_justify="left", show_header=False
        )
        table.add_column(style="bold", no_wrap=True)
        table.add_column(overflow="fold")
        for role, lines in _rows(frame):
            table.add_row(role, lines)
        console.print(table, markup=False, highlight=False)
    if not count:
        console.print("nothing to report: no attack is told in this text", highlight=False)


def _rows(frame: EventFrame) -> list[tuple[str, str]]:
    from rich.markup import escape

    rows = []
    for role, title in ROLE_NAMES.items():
        mentions = getattr(frame, role)
        if mentions:
            rows.append((title, escape("\n".join(_line(m) for m in mentions))))
    return rows
