"""Agreement of two annotations of the same documents, per role, exact and overlapping.

    python benchmarks/agreement.py data/agreement/second.jsonl data/corpus/{train,dev,test}.jsonl

The first file holds the second annotation (made without sight of the first); the first annotation of each of its
documents is looked up by id in the others. Agreement is the F1 of one against the other, which is symmetric.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass

from adwar.data.jsonl import read_jsonl
from adwar.data.schema import ROLES, Document
from adwar.eval.frames import score_frames
from adwar.eval.spans import score_spans


@dataclass(frozen=True, slots=True)
class Marked:
    start: int
    end: int
    role: str


def marks(doc: Document) -> list[Marked]:
    return [Marked(span.start, span.end, role) for role, span in doc.role_spans()]


def main(second_file: str, *first_files: str) -> None:
    second = {doc.id: doc for doc in read_jsonl(second_file)}
    first = [doc for file in first_files for doc in read_jsonl(file) if doc.id in second]
    other = [second[doc.id] for doc in first]
    spans = score_spans(first, [marks(doc) for doc in other])
    frames = score_frames(first, [doc.events for doc in other])
    print(f"{len(first)} documents annotated twice")
    for role in ROLES:
        print(f"{role:<10} exact {spans.strict_by_role[role].f1:.3f}  overlap {spans.overlap_by_role[role].f1:.3f}")
    print(f"{'all':<10} exact {spans.strict.f1:.3f}  overlap {spans.overlap.f1:.3f}")
    print(f"events found by both {frames.events.f1:.3f}, type equal {frames.to_dict()['type_accuracy']:.3f}")
    print(f"fillers of frames {frames.micro.f1:.3f}")


if __name__ == "__main__":
    main(*sys.argv[1:])
