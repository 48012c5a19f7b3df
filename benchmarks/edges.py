"""How many annotated spans the rules for a span's edges (`model/edges.py`, `model/bounds.py`) would change or forbid:
they should leave nearly all as they are. The words that end no span are counted in the same file unless --hanging
names another.

    python benchmarks/edges.py data/corpus/train.jsonl [--show 20]
"""

from __future__ import annotations

import argparse

from adwar.data.jsonl import read_jsonl
from adwar.data.schema import Document, Span, words
from adwar.model.bounds import APART, bounds, hanging_words
from adwar.model.edges import tidy


def located(doc: Document) -> list[tuple[str, Span, int, int]]:
    """(role, span, first word, last word) of the spans, in the order of the text."""
    spots = words(doc.text)
    starts, ends = {a: n for n, (a, _) in enumerate(spots)}, {b: n for n, (_, b) in enumerate(spots)}
    return [(role, span, starts[span.start], ends[span.end]) for role, span in doc.role_spans()]


def forbidden(doc: Document, hanging: frozenset[str]) -> list[tuple[str, str, str]]:
    """(document, span, why) of the spans that decoding never finds as they are."""
    limits = bounds(doc.text, words(doc.text), hanging)
    found, before = [], ("", -2)
    for role, span, first, last in located(doc):
        if limits.hanging[last]:
            found.append((doc.id, span.text, "ends with a word that leans on the next"))
        if limits.lone[first] or limits.fresh[first + 1 : last + 1].any():
            found.append((doc.id, span.text, "a lone و, or two paragraphs"))
        if before == (role, first - 1) and limits.torn[first] and APART[role] > 10:
            found.append((doc.id, span.text, "right behind another of its role"))
        before = (role, last)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+")
    parser.add_argument("--show", type=int, default=0, help="so many of the changed ones")
    parser.add_argument("--hanging", help="JSON Lines in which the words that end no span are counted")
    asked = parser.parse_args()
    for file in asked.files:
        spans, changed, barred = 0, [], []
        hanging = frozenset(hanging_words(read_jsonl(asked.hanging or file, repair=True)))
        for doc in read_jsonl(file, repair=True):
            barred += forbidden(doc, hanging)
            spelled = [doc.text[a:b] for a, b in words(doc.text)]
            for _, span, first, last in located(doc):
                spans += 1
                if (found := tidy(spelled, first, last)) != (first, last):
                    changed.append(
                        (doc.id, span.text, "" if found is None else " ".join(spelled[found[0] : found[1] + 1]))
                    )
        print(f"{file}: {spans} spans, {len(changed)} changed ({100 * len(changed) / max(1, spans):.2f}%)")
        for identity, before, after in changed[: asked.show]:
            print(f"  {identity}: {before} -> {after}")
        share = 100 * len(barred) / max(1, spans)
        print(f"{file}: {len(hanging)} words end no span; {len(barred)} spans forbidden ({share:.2f}%)")
        for identity, text, why in barred[: asked.show]:
            print(f"  {identity}: {text} ({why})")


if __name__ == "__main__":
    main()
