"""An events table as one HTML page that needs nothing else: no network, no font, no library.

    adwar report events.parquet -o report.html

The pictures are drawn here, as aggregates of all events; the rows of the table travel as packed data (`data_block`) and
are shown a page at a time by the script. A content policy names the page's one style sheet and one script by their
digests: nothing else runs, is fetched or sent, whatever a report says.
"""

from __future__ import annotations

import heapq
from base64 import b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from ..data.errors import DataError
from ..eval.html_text import isolated, shown
from . import sections
from .counts import Counts, bins
from .data_block import facts, packed, sentence_blocks
from .events import NAMED, Event, event_of
from .phrases import Say, phrases
from .pictures import DOTS
from .table import Row, read_events

HOME = Path(__file__).parent / "static"
SCRIPTS = ("block.js", "filter.js", "show.js", "page.js")
#: Rows of the table unless told otherwise.
MOST_ROWS = 100_000
ROLES = ("trigger", "attacker", "target", "count", "location", "source")
FIELDS = (
    ("find", 'type="search" dir="auto"'),
    ("from", 'type="date"'),
    ("to", 'type="date"'),
    ("least", 'type="number" min="0"'),
    ("score", 'type="number" min="0" max="1" step="0.1"'),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a page was made of: ``events`` counted, ``rows`` of them in its table, documents ``empty`` of any."""

    events: int
    rows: int
    empty: int


def events_page(
    path: str, *, title: str | None = None, language: str = "en", most_rows: int = MOST_ROWS
) -> tuple[str, Told]:
    """The page of the events table at ``path``. Its own table holds at most ``most_rows``, those with the highest
    scores. Raises DataError for a table of another kind, ValueError for options that make no sense."""
    if most_rows < 1:
        raise ValueError(f"rows: 1 or more are expected, found {most_rows}")
    say = Say(language)
    counts, rows = gather(read_events(path), most_rows, path)
    html = page(counts, rows, title=title or Path(path).name, say=say)
    return html, Told(events=counts.events, rows=len(rows), empty=counts.empty)


def gather(table: Iterable[Row], most_rows: int, path: str) -> tuple[Counts, list[tuple[int, Event]]]:
    """Counts of all rows, and (number, event) of those to keep, in the table's order."""
    counts = Counts()
    held: list[tuple[float, int, Event]] = []
    for line, row in enumerate(table, 1):
        if row["frame"] is None:
            counts.empty += 1
            continue
        try:
            event = event_of(row)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            told = f"row {line} is none that 'adwar extract' writes: {error}"
            raise DataError(told, file=path, document=str(row["document_id"])) from None
        entry = (event.score, -counts.events, event)
        (heapq.heappush if len(held) < most_rows else heapq.heappushpop)(held, entry)
        counts.add(event)
    return counts, sorted(((-number, event) for _, number, event in held), key=lambda pair: pair[0])


def page(counts: Counts, rows: list[tuple[int, Event]], *, title: str, say: Say) -> str:
    """The page as HTML."""
    bars = bins(counts.days)
    keys = {role: sections.ranked(counts.names[role]) for role in NAMED}
    spots = sorted(counts.places, key=lambda spot: (-counts.places[spot], spot))
    listed = {role: names[: max(sections.LISTED, sections.MATRIX)] for role, names in keys.items()}
    facets = {"type": sections.ranked(counts.types), "attribution": sections.ranked(counts.attributions)}
    block = facts(rows, keys=listed, spots=spots) | {
        "bins": [[b.name, b.first, b.last] for b in bars],
        "spots": [counts.place(spot) for spot in spots],
        "facets": facets,
        "all": counts.events,
    }
    parts = [f"<p class=note>{say('caution')}</p>", sections.cards(counts, say)]
    if counts.events:
        parts += [
            sections.over_time(counts, bars, say),
            sections.on_map(counts, spots, min(DOTS, len(spots)), say),
            sections.who(counts, keys, say),
            sections.tolls(counts, say),
            _table(counts, len(rows), say),
        ]
    else:
        parts.append(sections.section("table", say, f"<p>{say('empty')}</p>"))
    style = (HOME / "page.css").read_text(encoding="utf-8")
    script = "".join((HOME / name).read_text(encoding="utf-8") for name in SCRIPTS)
    data = {"facts": packed(block), "phrases": packed(phrases())}
    blocks = "".join(f'<script type="text/plain" class="sentences">{b}</script>' for b in sentence_blocks(rows))
    return (
        f'<!doctype html>\n<html lang="{say.language}" dir="{"rtl" if say.language == "ar" else "ltr"}">'
        f'<head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="{policy(style, script)}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="referrer" '
        f'content="no-referrer"><title>{shown(title)}</title><style>{style}</style></head><body>'
        f'<a class="skip" href="#table">{say("skip")}</a><header>'
        f"<h1>{say('title')} <small>{isolated(title)}</small></h1>"
        f"{_nav(counts, say)}</header><main>{''.join(parts)}</main>"
        + "".join(f'<script type="text/plain" id="{name}">{held}</script>' for name, held in data.items())
        + f"{blocks}<script>{script}</script></body></html>\n"
    )


def policy(style: str, script: str) -> str:
    """Nothing is loaded, sent or framed; one style sheet and one script, by digest; no HTML is made by scripts."""

    def digest(text: str) -> str:
        return f"'sha256-{b64encode(sha256(text.encode('utf-8')).digest()).decode('ascii')}'"

    return (
        f"default-src 'none'; style-src {digest(style)}; script-src {digest(script)}; base-uri 'none'; "
        "form-action 'none'; require-trusted-types-for 'script'"
    )


def _nav(counts: Counts, say: Say) -> str:
    names = ("time", "map", "matrix", "lists", "tolls", "table") if counts.events else ()
    links = "".join(f'<a href="#{name}">{say(name)}</a>' for name in names)
    return f'<nav>{links}</nav><button type="button" id="other" hidden>{say("other")}</button>'


def _table(counts: Counts, kept: int, say: Say) -> str:
    orders = "".join(
        f'<option value="{name}" data-say="order.{name}">{shown(say.plain("order." + name))}</option>'
        for name in ("table", "newest", "oldest", "killed", "score")
    )

    fields = "".join(f"<label>{say(name)}<input name={name} {kind}></label>" for name, kind in FIELDS)
    legend = " ".join(f'<span class="m {role}">{say("role." + role)}</span>' for role in ROLES)
    form = (
        f'<form id="filters" hidden>{fields}<label>{say("order")}<select name="order">{orders}</select></label></form>'
    )
    note = say("capped", kept=kept, all=counts.events) if kept < counts.events else ""
    body = (
        f"<noscript><p>{say('script')}</p></noscript><p id=old hidden>{say('tooOld')}</p>{form}"
        '<div id="chips" role="group"></div><p id="now" role="status" aria-live="polite"></p>'
        f'<p class="legend">{say("key")} {legend}</p><div id="rows"></div><div id="pager" hidden></div>'
    )
    return sections.section("table", say, body, note)
