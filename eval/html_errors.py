"""The documents of an evaluation and every error in them as HTML: gold and prediction side by side, and lists by kind.

Each error has one name on the page: its line in the lists links to the words in the text, and both sides of the text
carry the name, so that the page can light them up together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..data.schema import ROLES
from .errors import KINDS
from .html_tables import NONE, anchor, table
from .html_text import arabic, compared_sentence, isolated, marked_text, shown

TOLD = {
    "boundary": "the right role with another edge",
    "role": "the same or overlapping words under another role",
    "missed": "gold that nothing found touches",
    "spurious": "found where nothing is annotated",
}


def error_lists(prefix: str, texts: Sequence[Mapping[str, Any]]) -> str:
    """Every error by kind and, within it, by edge, pair of roles or role; the groups with most errors first."""
    groups: dict[str, dict[str, list[str]]] = {kind: {} for kind in KINDS}
    for number, record in enumerate(texts):
        for place, error in enumerate(record["errors"]):
            name = f"{prefix}d{number}e{place}"
            groups[error["kind"]].setdefault(group_of(error), []).append(_item(record, error, name))
    parts = []
    for kind, found in groups.items():
        total = sum(map(len, found.values()))
        inner = "".join(
            f'<details id="{anchor(prefix, kind, name)}"><summary>{shown(name)}: {len(rows)}</summary>'
            f"<ul>{''.join(rows)}</ul></details>"
            for name, rows in sorted(found.items(), key=lambda item: (-len(item[1]), item[0]))
        )
        parts.append(
            f'<details class="kind {kind}" id="{anchor(prefix, kind)}"><summary>{kind}: {total} '
            f"<small>{TOLD[kind]}</small></summary>{inner}</details>"
        )
    return "".join(parts)


def group_of(error: Mapping[str, Any]) -> str:
    """Boundary errors by the kind of their first edge, role errors by the two roles, others by their role."""
    if error["kind"] == "boundary":
        return error["boundary"][0]["kind"] if error["boundary"] else "words"
    if error["kind"] == "role":
        return f"{error['gold']['role']} {error['predicted']['role']}"
    return (error["gold"] or error["predicted"])["role"]


def _item(record: Mapping[str, Any], error: Mapping[str, Any], name: str) -> str:
    told = []
    for label, side in (("gold", error["gold"]), ("found", error["predicted"])):
        if side:
            words = isolated(record["text"][side["start"] : side["end"]])
            told.append(f'{label} <span class="key {shown(side["role"])}">{shown(side["role"])}</span> {words}')
    if error["score"] is not None:
        told.append(f"score {error['score']:.2f}")
    edges = error["boundary"] if error["kind"] == "boundary" else []
    told += [f"{shown(e['kind'])} ({shown(e['side'])}, {shown(e['prediction'])})" for e in edges]
    link = f'<a href="#{name}">{isolated(record["id"])}</a>'
    return f"<li>{link}: {'; '.join(told)}{arabic(compared_sentence(record['text'], error), 'div')}</li>"


def document_blocks(prefix: str, texts: Sequence[Mapping[str, Any]]) -> str:
    return "".join(document_block(prefix, number, record) for number, record in enumerate(texts))


def document_block(prefix: str, number: int, record: Mapping[str, Any]) -> str:
    """One document: folded away, its errors counted in the line that stays. Raises ValueError naming the document."""
    name = f"{prefix}d{number}"
    wrong = {kind: sum(e["kind"] == kind for e in record["errors"]) for kind in KINDS}
    chips = "".join(f'<span class="chip {kind}">{kind} {count}</span>' for kind, count in wrong.items() if count)
    try:
        sides = [
            f"<section><h5>{title}</h5>{arabic(marked_text(record['text'], _spans(record, side, name)))}</section>"
            for title, side in (("gold", "gold"), ("prediction", "predicted"))
        ]
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError(f"document {record.get('id')!r}: {error}") from None
    kinds = " ".join([*(k for k, n in wrong.items() if n), *sorted({anchor(group_of(e)) for e in record["errors"]})])
    title = isolated(record["title"]) if record.get("title") else ""
    return (
        f'<details class="doc" id="{name}" data-kinds="{shown(kinds)}">'
        f"<summary><b>{isolated(record['id'])}</b> {title} "
        f'<span class="chip right">right {record["right"]}</span>{chips}</summary>'
        f'<div class="two">{"".join(sides)}</div>{frame_table(record)}</details>'
    )


def _spans(record: Mapping[str, Any], side: str, name: str) -> list[dict[str, Any]]:
    """The spans of one side with the kind and name of their error; the id stands on the gold side if there is one."""
    wrong = {}
    for place, error in enumerate(record["errors"]):
        if error[side]:
            key = (error[side]["role"], error[side]["start"], error[side]["end"])
            wrong[key] = (error["kind"], f"{name}e{place}", side == "gold" or not error["gold"])
    marked = []
    for span in record[side]:
        one = dict(span)
        if found := wrong.get((span["role"], span["start"], span["end"])):
            one |= {"kind": found[0], "error": found[1]} | ({"id": found[1]} if found[2] else {})
        marked.append(one)
    return marked


def frame_table(record: Mapping[str, Any]) -> str:
    """Gold events beside the frames they were held against; what has no partner stands alone."""
    pairs = {event: frame for frame, event in record["pairs"]}
    rows = []
    for number, event in enumerate(record["events"]):
        frame = record["frames"][pairs[number]] if number in pairs else None
        rows.append([f"{number + 1}", _frame(record["text"], event), _frame(record["text"], frame, event)])
    for number, frame in enumerate(record["frames"]):
        if number not in pairs.values():
            rows.append([NONE, _frame(record["text"], None), _frame(record["text"], frame)])
    return table(("event", "gold", "prediction"), rows, kind="frames") if rows else "<p>No events, none found.</p>"


def _frame(text: str, frame: Mapping[str, Any] | None, against: Mapping[str, Any] | None = None) -> str:
    if frame is None:
        return '<span class="chip missed">none</span>'
    trigger = isolated(text[slice(*frame["trigger"])]) if frame["trigger"] else "no trigger"
    other = against is not None and against["type"] != frame["type"]
    kind = f'<span class="{"chip role" if other else "type"}">{shown(frame["type"])}</span>'
    fillers = {role: " · ".join(isolated(text[a:b]) for a, b in frame[role]) for role in ROLES if frame[role]}
    lines = [f'<dt class="key {role}">{role}</dt><dd dir="rtl">{words}</dd>' for role, words in fillers.items()]
    return f"{kind} {trigger}<dl>{''.join(lines)}</dl>"
