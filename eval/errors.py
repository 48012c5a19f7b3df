"""Every miss and false find with its document and sentence, sorted into kinds one can act on.

Spans that agree exactly with the same role are right. What is left is paired, one to one and optimally: first within
a role by overlap (``boundary``: right role, wrong edge; `eval.boundaries` says which), then across roles by overlap
(``role``: the same or overlapping words under another role). Gold left unpaired is ``missed``, a prediction left
unpaired is ``spurious``. A prediction that swallows two gold spans of its role is one boundary error and one miss.
Matching is on distinct (role, start, end), however many events share a mention. Sentences are cut by a plain rule
(``.``, ``!``, ``؟``, line break), not by the model's splitter, which this package does not import.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..data.schema import ROLES, Document
from .boundaries import boundary_kinds
from .match import best_matching
from .spans import HasRole

KINDS = ("boundary", "role", "missed", "spurious")
NONE = "none"
Found = tuple[str, int, int]
_SENTENCE_END = re.compile(r"(?<=[.!?؟])\s+|\n+")


@dataclass(frozen=True, slots=True)
class SpanError:
    """One error. ``gold`` and ``predicted`` are (role, start, end), None where there is none."""

    document: str
    kind: str
    gold: Found | None
    predicted: Found | None
    sentence: tuple[int, int]
    edges: list[dict[str, Any]] = field(default_factory=list)
    score: float | None = None

    def to_dict(self, text: str) -> dict[str, Any]:
        def span(found: Found | None) -> dict[str, Any] | None:
            if found is None:
                return None
            role, start, end = found
            return {"role": role, "start": start, "end": end, "text": text[start:end]}

        start, end = self.sentence
        return {
            "document": self.document,
            "kind": self.kind,
            "gold": span(self.gold),
            "predicted": span(self.predicted),
            "boundary": self.edges,
            "score": self.score,
            "sentence": {"start": start, "end": end, "text": text[start:end]},
        }


def sentence_around(text: str, start: int, end: int) -> tuple[int, int]:
    """Offsets of the sentence or sentences that hold [start, end), without white space at the edges."""
    low, high = 0, len(text)
    for cut in _SENTENCE_END.finditer(text):
        if cut.end() <= start:
            low = cut.end()
        elif cut.start() >= end:
            high = cut.start()
            break
    return low, high


def document_errors(doc: Document, predicted: Iterable[HasRole]) -> tuple[list[SpanError], list[Found]]:
    """(errors in text order, exactly right spans) of one document."""
    predicted = list(predicted)
    scores = {(p.role, p.start, p.end): getattr(p, "score", None) for p in predicted}
    gold_all = {(role, s.start, s.end) for role, s in doc.role_spans()}
    right = sorted(gold_all & set(scores), key=_place)
    gold = sorted(gold_all - set(scores), key=_place)
    ours = sorted(set(scores) - gold_all, key=_place)
    errors = []
    for kind, same_role in (("boundary", True), ("role", False)):
        weights = [[_shared(p, g) if (p[0] == g[0]) == same_role else 0 for g in gold] for p in ours]
        pairs = [(ours[i], gold[j]) for i, j in best_matching(weights)]
        errors += [_error(doc, kind, g, p, scores) for p, g in pairs]
        ours = [p for p in ours if p not in {a for a, _ in pairs}]
        gold = [g for g in gold if g not in {b for _, b in pairs}]
    errors += [_error(doc, "missed", g, None, scores) for g in gold]
    errors += [_error(doc, "spurious", None, p, scores) for p in ours]
    return sorted(errors, key=lambda e: _place(e.gold or e.predicted or ("", 0, 0))), right


def _error(
    doc: Document, kind: str, gold: Found | None, predicted: Found | None, scores: dict[Found, Any]
) -> SpanError:
    spots = [f[1:] for f in (gold, predicted) if f]
    sentence = sentence_around(doc.text, min(a for a, _ in spots), max(b for _, b in spots))
    edges = boundary_kinds(doc.text, gold[1:], predicted[1:]) if gold and predicted else []
    score = scores[predicted] if predicted else None
    return SpanError(doc.id, kind, gold, predicted, sentence, edges, None if score is None else float(score))


def _place(found: Found) -> tuple[int, int, str]:
    return found[1], found[2], found[0]


def _shared(a: Found, b: Found) -> int:
    return max(0, min(a[2], b[2]) - max(a[1], b[1]))


def error_report(docs: Sequence[Document], predicted: Sequence[Iterable[HasRole]], *, top: int = 10) -> dict[str, Any]:
    """JSON-ready: ``counts`` by role (by gold role; spurious ones by predicted role), ``confusion`` of roles (gold
    role, then predicted role; boundary errors are on the diagonal), the ``boundary`` kinds with the most errors,
    and every error of ``docs``; ``predicted[i]`` belongs to ``docs[i]``."""
    counts = {role: dict.fromkeys(("right", *KINDS), 0) for role in ROLES}
    confusion = {a: dict.fromkeys((*ROLES, NONE), 0) for a in (*ROLES, NONE)}
    kinds: Counter[tuple[str, str, str]] = Counter()
    examples: dict[tuple[str, str, str], dict[str, Any]] = {}
    listed = []
    for doc, spans in zip(docs, predicted, strict=True):
        errors, right = document_errors(doc, spans)
        for role, _, _ in right:
            counts[role]["right"] += 1
            confusion[role][role] += 1
        for error in errors:
            gold_role = error.gold[0] if error.gold else NONE
            found_role = error.predicted[0] if error.predicted else NONE
            counts[found_role if gold_role == NONE else gold_role][error.kind] += 1
            confusion[gold_role][found_role] += 1
            record = error.to_dict(doc.text)
            listed.append(record)
            for edge in error.edges if error.kind == "boundary" else []:
                key = (edge["kind"], edge["side"], edge["prediction"])
                kinds[key] += 1
                examples.setdefault(
                    key, {k: (record[k] or {}).get("text") for k in ("gold", "predicted")} | {"document": doc.id}
                )
    ranked = sorted(kinds.items(), key=lambda item: (-item[1], item[0]))[:top]
    return {
        "documents": len(docs),
        "counts": counts,
        "confusion": confusion,
        "boundary": [
            {"kind": kind, "side": side, "prediction": size, "count": n, "example": examples[kind, side, size]}
            for (kind, side, size), n in ranked
        ],
        "errors": listed,
    }
