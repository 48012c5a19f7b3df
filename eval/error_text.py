"""The error report of `eval.errors` as plain text: counts, confusion, boundary kinds, then every error in its sentence.

Arabic runs stand between Unicode isolates (U+2068, U+2069), so that a viewer with bidi support keeps the columns in
order; they are the only characters added. The span is marked [gold] and {predicted} inside its sentence.
"""

from __future__ import annotations

from typing import Any

from ..data.schema import ROLES

_NAMES = (*ROLES, "none")


def isolate(text: str) -> str:
    """``text`` on one line between first-strong isolates."""
    return f"\u2068{' '.join(text.split())}\u2069"


def listing(report: dict[str, Any]) -> str:
    """The whole report of `errors.error_report` as text; ends without a line break."""
    return "\n".join([*_counts(report), "", *_confusion(report), "", *_kinds(report), "", *_errors(report)])


def _counts(report: dict[str, Any]) -> list[str]:
    columns = ("right", "boundary", "role", "missed", "spurious")
    lines = [f"{report['documents']} documents", "", f"{'errors by role':<16}" + "".join(f"{c:>10}" for c in columns)]
    for role, row in report["counts"].items():
        lines.append(f"  {role:<14}" + "".join(f"{row[c]:>10}" for c in columns))
    return lines


def _confusion(report: dict[str, Any]) -> list[str]:
    lines = [f"{'gold / found':<16}" + "".join(f"{name:>10}" for name in _NAMES)]
    for name in _NAMES:
        lines.append(f"  {name:<14}" + "".join(f"{report['confusion'][name][other]:>10}" for other in _NAMES))
    return lines


def _kinds(report: dict[str, Any]) -> list[str]:
    lines = ["boundary errors, most frequent kinds"]
    for row in report["boundary"]:
        example = row["example"]
        lines.append(
            f"  {row['count']:>5}  {row['kind']} ({row['side']}, prediction {row['prediction']})  "
            f"gold {isolate(example['gold'])}  found {isolate(example['predicted'])}  ({example['document']})"
        )
    return lines


def _errors(report: dict[str, Any]) -> list[str]:
    lines = []
    for error in report["errors"]:
        gold, found = error["gold"], error["predicted"]
        parts = [f"gold {gold['role']} {isolate(gold['text'])}"] if gold else []
        parts += [f"found {found['role']} {isolate(found['text'])}"] if found else []
        if error["score"] is not None:
            parts.append(f"score {error['score']:.2f}")
        if error["kind"] == "boundary":
            parts += [f"{edge['kind']} ({edge['side']}, {edge['prediction']})" for edge in error["boundary"]]
        lines.append(f"{error['document']}  {error['kind']}: " + "; ".join(parts))
        lines.append("    " + isolate(marked(error)))
    return lines


def marked(error: dict[str, Any]) -> str:
    """The sentence of an error with [gold] and {predicted} around the words."""
    sentence = error["sentence"]
    # at one place closing marks stand before opening ones, and the longer span is the outer one
    spans = [(span, marks) for span, marks in ((error["gold"], ("[", "]")), (error["predicted"], ("{", "}"))) if span]
    inserts = []
    for depth, (span, (left, right)) in enumerate(sorted(spans, key=lambda one: (one[0]["start"], -one[0]["end"]))):
        inserts += [(span["start"], 1, depth, left), (span["end"], 0, -depth, right)]
    text = sentence["text"]
    for at, _, _, mark in sorted(inserts, reverse=True):
        at -= sentence["start"]
        text = text[:at] + mark + text[at:]
    return text
