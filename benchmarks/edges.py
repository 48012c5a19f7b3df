"""How many annotated spans the rules for a span's edges (`model/edges.py`) would change: they should leave nearly all
as they are.

    python benchmarks/edges.py data/corpus/train.jsonl [--show 20]
"""

from __future__ import annotations

import argparse

from adwar.data.jsonl import read_jsonl
from adwar.data.schema import words
from adwar.model.edges import tidy


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+")
    parser.add_argument("--show", type=int, default=0, help="so many of the changed ones")
    asked = parser.parse_args()
    for file in asked.files:
        spans, changed = 0, []
        for doc in read_jsonl(file, repair=True):
            spots = words(doc.text)
            spelled = [doc.text[a:b] for a, b in spots]
            starts, ends = {a: n for n, (a, _) in enumerate(spots)}, {b: n for n, (_, b) in enumerate(spots)}
            for _, span in doc.role_spans():
                first, last = starts[span.start], ends[span.end]
                spans += 1
                if (found := tidy(spelled, first, last)) != (first, last):
                    changed.append(
                        (doc.id, span.text, "" if found is None else " ".join(spelled[found[0] : found[1] + 1]))
                    )
        print(f"{file}: {spans} spans, {len(changed)} changed ({100 * len(changed) / max(1, spans):.2f}%)")
        for identity, before, after in changed[: asked.show]:
            print(f"  {identity}: {before} -> {after}")


if __name__ == "__main__":
    main()
