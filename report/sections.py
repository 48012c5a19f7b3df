"""The sections of the page above its table: cards, time, map, lists of names, matrix, tolls. Pure strings of HTML.

Every phrase is an element with ``data-say``, written in the page's first language and put into the other by the script.
Names and texts are escaped and stand in elements of their own direction.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..eval.html_text import isolated, shown
from .counts import Bin, Counts, Spot, Told
from .events import KINDS, Figure
from .phrases import Say
from .pictures import bar, timeline, toll_range, world

#: Names in the matrix, and in each list.
MATRIX, LISTED = 12, 12
#: Steps of tint in the matrix.
TINTS = 5


def section(name: str, say: Say, body: str, note: str = "") -> str:
    told = f'<p class="note">{note}</p>' if note else ""
    return f'<section id="{name}" aria-labelledby="h-{name}"><h2 id="h-{name}">{say(name)}</h2>{told}{body}</section>'


def cards(counts: Counts, say: Say) -> str:
    places = len(counts.places)
    found = [("events", counts.events), ("documents", len(counts.documents) + counts.empty), ("places", places)]
    found += [("attackers", len(counts.names["attacker"])), ("sources", len(counts.names["source"]))]
    cells = "".join(f"<div class=card><b>{number:,}</b>{say(name)}</div>" for name, number in found)
    return f'<div class="cards">{cells}</div>'


def over_time(counts: Counts, bars: Sequence[Bin], say: Say) -> str:
    if not bars:
        return section("time", say, f"<p>{say('undatedAll')}</p>")
    dated = sum(counts.days.values())
    values = {"own": counts.own_days, "lent": dated - counts.own_days, "none": counts.events - dated}
    body = f'<div class="wide" tabindex="0" role="region" aria-labelledby="h-time">{timeline(bars)}</div>'
    return section("time", say, body, say("timeNote", **values))


def on_map(counts: Counts, spots: Sequence[Spot], drawn: int, say: Say) -> str:
    placed = sum(counts.places.values())
    if not spots:
        return section("map", say, f"<p>{say('unplacedAll')}</p>")
    values = {"placed": placed, "none": counts.events - placed, "spots": len(counts.places), "drawn": drawn}
    beside = facet(
        "place", [(n, isolated(counts.place(s)), counts.places[s]) for n, s in enumerate(spots[:LISTED])], say
    )
    body = f'<div class="beside">{world(counts, spots[:drawn])}{beside}</div><p class="note">{say("borders")}</p>'
    return section("map", say, body, say("mapNote", **values))


def facet(name: str, entries: Sequence[tuple[int, str, int]], say: Say) -> str:
    """A list of names with bars, each a button that filters. Entries are (number, HTML, events)."""
    most = max((events for _, _, events in entries), default=1)
    rows = "".join(
        f'<li><button type="button" data-facet="{name}" data-id="{number}" aria-pressed="false">{html}'
        f'<span class="n" dir="ltr">{events:,}</span>{bar(events, most)}</button></li>'
        for number, html, events in entries
    )
    return f'<div class="facet" data-most="{most}"><h3>{say("by." + name)}</h3><ul>{rows}</ul></div>'


def who(counts: Counts, keys: Mapping[str, Sequence[str]], say: Say) -> str:
    """Attackers, targets, sources, types and attributions as lists, and the matrix."""
    lists = []
    for role in ("attacker", "target", "source"):
        named = [(n, isolated(counts.name(k)), counts.names[role][k]) for n, k in enumerate(keys[role][:LISTED])]
        lists.append(facet(role, named, say))
    for name, counted in (("type", counts.types), ("attribution", counts.attributions)):
        entries = [(n, say.term(name, one), counted[one]) for n, one in enumerate(ranked(counted))]
        lists.append(facet(name, [e for e in entries if e[2]], say))
    grid = matrix(counts, keys["attacker"][:MATRIX], keys["target"][:MATRIX], say)
    return section("matrix", say, grid, say("matrixNote")) + section(
        "lists", say, f'<div class="facets">{"".join(lists)}</div>'
    )


def ranked(counted: Mapping[str, int]) -> list[str]:
    """Keys, the most frequent first, in an order that is the same every time."""
    return sorted(counted, key=lambda key: (-counted[key], key))


def matrix(counts: Counts, attackers: Sequence[str], targets: Sequence[str], say: Say) -> str:
    if not attackers or not targets:
        return f"<p>{say('noPairs')}</p>"
    rows_of, columns_of = ({k: n for n, k in enumerate(keys)} for keys in (attackers, targets))
    cells: dict[tuple[int, int], int] = {}
    for (a, t), events in counts.pairs.items():
        spot = (rows_of.get(a, len(attackers)), columns_of.get(t, len(targets)))
        cells[spot] = cells.get(spot, 0) + events
    most = max((n for (r, c), n in cells.items() if r < len(attackers) and c < len(targets)), default=1)

    def cell(row: int, column: int) -> str:
        events = cells.get((row, column), 0)
        named = row < len(attackers) and column < len(targets)
        tint = f"t{-(-TINTS * min(events, most) // most)}" if named else "rest"
        inner = f'<button type="button">{events:,}</button>' if named and events else f"<span>{events or ''}</span>"
        return f'<td class="{tint}" data-row="{row}" data-column="{column}">{inner}</td>'

    heads = [f"<th scope=col>{isolated(counts.name(k))}</th>" for k in targets]
    more_rows, more_columns = (
        any(place[i] == size for place in cells) for i, size in enumerate((len(attackers), len(targets)))
    )
    heads += [f"<th scope=col>{say('others')}</th>"] if more_columns else []
    across = range(len(targets) + more_columns)
    body = [
        f"<tr><th scope=row>{isolated(counts.name(k))}</th>{''.join(cell(n, c) for c in across)}</tr>"
        for n, k in enumerate(attackers)
    ]
    if more_rows:
        rest = "".join(cell(len(attackers), c) for c in across)
        body.append(f"<tr><th scope=row>{say('others')}</th>{rest}</tr>")
    return (
        f'<div class="wide" tabindex="0" role="region" aria-labelledby="h-matrix"><table class="matrix" '
        f'data-rows="{len(attackers)}" data-columns="{len(targets)}" data-most="{most}">'
        f"<thead><tr><td>{say('axes')}</td>"
        f"{''.join(heads)}</tr></thead><tbody>{''.join(body)}</tbody></table></div>"
    )


def tolls(counts: Counts, say: Say) -> str:
    parts = []
    for kind in KINDS:
        largest, groups = counts.largest_of(kind), counts.differing(kind)
        if not largest:
            continue
        most = max(h for t in largest for f in (t.figure, *t.event.others[kind]) for h in [f.max or f.number or 0])
        rows = "".join(_toll_row(told, kind, most, say) for told in largest)
        parts.append(f"<h3>{say('largest.' + kind)}</h3><ul class=tolls>{rows}</ul>")
        if groups:
            blocks = "".join(_group(group, kind, say) for group in groups)
            parts.append(f"<h3>{say('differ.' + kind)}</h3><p class=note>{say('differNote')}</p>{blocks}")
    return section("tolls", say, "".join(parts) or f"<p>{say('noTolls')}</p>", say("tollNote") if parts else "")


def _toll_row(told: Told, kind: str, most: int, say: Say) -> str:
    event = told.event
    others = event.others[kind]
    where = isolated(event.names["location"][0]) if event.names["location"] else ""
    when = f'<span dir="ltr">{shown(event.date or event.reported)}</span>'
    beside = f" · {say('alsoTold')} {', '.join(_credited(f, say) for f in others)}" if others else ""
    head = f'<b dir="ltr">{shown(told.figure.told())}</b> {say.term("type", event.type)} {where} {when}'
    return (
        f'<li><button type="button" class="go" data-numbers="{told.number}">{head}</button>'
        f"{toll_range(told.figure, others, most)}<small>{_sources(told.figure, say)}{beside}"
        f" · {isolated(event.document)}</small></li>"
    )


def _group(group: Sequence[Told], kind: str, say: Say) -> str:
    first = group[0].event
    where = isolated(first.names["location"][0]) if first.names["location"] else isolated(first.country)
    most = max((t.figure.max or t.figure.number or 0) for t in group)
    rows = "".join(
        f'<li><b dir="ltr">{shown(t.figure.told())}</b>{toll_range(t.figure, t.event.others[kind], most)}'
        f"<small>{_sources(t.figure, say)} · {isolated(t.event.document)} {isolated(t.event.title)}</small></li>"
        for t in group[:20]
    )
    numbers = ",".join(str(t.number) for t in group)
    values = f'<span dir="ltr">{shown(group[0].figure.told())} … {shown(group[-1].figure.told())}</span>'
    return (
        f'<details class="group"><summary><b>{values}</b> {where} <span dir="ltr">{shown(first.date)}</span> '
        f'<small>{say("reports", n=len(group))}</small></summary><ul class="tolls">{rows}</ul>'
        f'<button type="button" class="go" data-numbers="{numbers}">{say("showRows")}</button></details>'
    )


def _credited(figure: Figure, say: Say) -> str:
    by = f" ({', '.join(isolated(s) for s in figure.sources)})" if figure.sources else ""
    return f'<span dir="ltr">{shown(figure.told())}</span>{by}'


def _sources(figure: Figure, say: Say) -> str:
    return ", ".join(isolated(s) for s in figure.sources) or say("noSource")
