"""The facts of a run as a page for a terminal, with a warning for each that should not be so."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..data.schema import ROLES, Document
from ..model.labels import LABELS, OUTSIDE


def page(found: dict[str, Any], run: dict[str, Any]) -> str:
    """The page. ``found`` is `facts` of the training documents; ``run`` holds ``name``, ``encoder``, ``parameters``,
    ``window``, ``steps``, ``passes``, ``seconds a step``, ``seeds``, ``dev`` and ``test`` (documents of each)."""
    seconds = run["seconds a step"]
    words = max(1, found["words"])
    lines = [
        f"{run['name']}: {run['encoder']}, {run['parameters'] / 1e6:.1f} million parameters",
        "",
        *_rows(
            [
                ("documents", f"{found['documents']} ({found['without events']} without events)"),
                ("dev, test", f"{run['dev']}, {run['test']}"),
                ("words", f"{found['words']} ({found['pieces'] / words:.2f} pieces a word)"),
                (
                    "windows",
                    f"{found['windows']} of at most {run['window']} pieces; "
                    f"{found['documents of several windows']} documents take several",
                ),
                ("unknown pieces", f"{found['unknown pieces']} ({100 * found['share unknown']:.2f}%)"),
                ("events", f"{found['events']}: {_counts(found['types'])}"),
                ("spans", _counts({r: found["spans"].get(r, 0) for r in ROLES})),
                ("words outside all spans", f"{100 * found['labels of words'].get(OUTSIDE, 0) / words:.1f}%"),
                ("rarest labels", _counts(_rarest(found["labels of words"]))),
                (
                    "gold that can never be predicted",
                    f"{found['gold that can never be predicted']} "
                    f"({100 * found['share that can never be predicted']:.2f}%)",
                ),
                ("steps", f"{run['steps']} ({run['passes']:.1f} passes) for each of {len(run['seeds'])} seed(s)"),
                ("seconds a step", f"{seconds:.3f} (timed over {run['steps timed']})"),
                ("expected time", f"{duration(seconds * run['steps'] * len(run['seeds']))}, without scoring dev"),
            ]
        ),
    ]
    return "\n".join([*lines, *(f"warning: {w}" for w in warnings(found))])


def warnings(found: dict[str, Any]) -> list[str]:
    """One sentence for each fact that should be otherwise, with what to do."""
    told = []
    if found["gold that can never be predicted"]:
        places = "; ".join(f"{name} ({', '.join(spans[:3])})" for name, spans in found["lost in"].items())
        more = found["documents with lost gold"] - len(found["lost in"])
        told.append(
            f"{found['gold that can never be predicted']} gold spans can never be predicted with this tokenizer, in "
            f"{places}{f' and {more} documents more' if more else ''}; correct them or take another encoder"
        )
    if found["share unknown"] > 0.01:
        told.append(
            f"{100 * found['share unknown']:.1f}% of the pieces are unknown to this tokenizer; is it made for Arabic?"
        )
    if missing := [label for label in LABELS if not found["labels of words"].get(label) and "trigger" not in label]:
        told.append(f"never seen in training, so never predicted: {', '.join(missing)}")
    if found["pieces with a hamza that the tokenizer takes off"]:
        told.append(
            f"the tokenizer takes the hamza off (أ becomes ا) although {found[HAMZA]} of its pieces have one; "
            'write "do_lower_case": false, "strip_accents": false into tokenizer_config.json of a local copy'
        )
    if found.get("of dev or test in train"):
        told.append(f"{_names(found['of dev or test in train'])}: same text in train; their figures would flatter")
    return told


HAMZA = "pieces with a hamza that the tokenizer takes off"


def leaked(train: Sequence[Document], measured: Sequence[Document]) -> list[str]:
    """The ids of ``measured`` whose text is in ``train``, white space apart."""
    seen = {" ".join(doc.text.split()) for doc in train}
    return [doc.id for doc in measured if " ".join(doc.text.split()) in seen]


def duration(seconds: float) -> str:
    """'40 seconds', '12 minutes', '3 hours 20 minutes'."""
    if seconds < 90:
        return f"{seconds:.0f} seconds"
    minutes = round(seconds / 60)
    hours, rest = divmod(minutes, 60)
    return f"{hours} hours {rest} minutes" if hours > 1 else f"{minutes} minutes"


def _rarest(labels: dict[str, int], number: int = 4) -> dict[str, int]:
    return dict(sorted(labels.items(), key=lambda item: item[1])[:number])


def _counts(counts: dict[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.items()) or "none"


def _names(ids: Sequence[str], number: int = 10) -> str:
    more = len(ids) - number
    return ", ".join(ids[:number]) + (f" and {more} more" if more > 0 else "")


def _rows(rows: Sequence[tuple[str, str]]) -> list[str]:
    return [f"{name:>34}: {value}" for name, value in rows]
