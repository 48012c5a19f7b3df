"""The model card, written from the evaluation's JSON and the run's own record: no figure in it is typed.

python -m adwar.train.card model/embedded
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from ..data.schema import ROLES

EVALUATION = "evaluation.json"

HEAD = """---
language: ar
license: apache-2.0
library_name: adwar
pipeline_tag: token-classification
tags: [arabic, event-extraction, conflict, token-classification]
---
# {name}

Reads Arabic news into event frames: attacker, target, count, location, source. Part of
[adwar](../../README.md); load it with `adwar.load()`.

## Intended use
To find, in many Arabic reports, the sentences that tell of attacks and who, whom, how many, where and by whose word;
as a first pass for people who then read the sentence. **Not** as evidence by itself, not to decide about persons, not
to compute tolls without review.

## How right it is
"""

LIMITS = """
## Limits and cautions
- It reports what a text says, not what happened: sources err, lie and disagree; a claimed attack is found like a proven
  one. It does not know irony, and a denied attack inside a long sentence may still be marked.
- Partisan wording goes into the spans as it stands.
- Modern Standard Arabic news of the years 2005 to 2024; dialect, social media and older prose were not measured.
- Which attack a name belongs to is the weakest part: in round-ups with many attacks, fillers may be assigned wrongly.
- Names of persons may be found in reports of killings. Respect the law and the dignity of those named.

## Data
{data}
"""


def percent(value: float) -> str:
    return f"{100 * value:.1f}"


def table(report: dict[str, Any]) -> list[str]:
    """Markdown rows of one evaluation: per role exact and overlapping, then frames."""
    rows = ["| role | exact F1 | 95% | overlapping F1 | gold spans |", "|---|---|---|---|---|"]
    for role in (*ROLES, "micro"):
        strict, overlap = report["spans"]["strict"][role], report["spans"]["overlap"][role]
        low, high = strict["interval"]
        name = "all five" if role == "micro" else role
        rows.append(
            f"| {name} | {percent(strict['f1'])} | {percent(low)}–{percent(high)} | {percent(overlap['f1'])} "
            f"| {strict['gold']:.0f} |"
        )
    frames = report["frames"]
    fillers, events = frames["role_fillers"]["micro"], frames["events"]
    rows += [
        "",
        f"Frames: filler F1 {percent(fillers['f1'])}; attacks found: recall {percent(events['recall'])}, "
        f"precision {percent(events['precision'])}; type right for {percent(frames['type_accuracy'])}% of those found.",
    ]
    return rows


def card(folder: str | Path) -> str:
    """The text of the card of ``folder``, which holds `EVALUATION`: sets by name, and what it was trained on."""
    folder = Path(folder)
    held = json.loads((folder / EVALUATION).read_text(encoding="utf-8"))
    lines = [HEAD.format(name=held["name"])]
    for name, report in held["sets"].items():
        lines += [
            f"### {name} ({report['documents']} reports, {report['gold events']} attacks)",
            "",
            *table(report),
            "",
        ]
    if "quiet" in held:
        quiet = held["quiet"]
        lines.append(
            f"Reports with no attack words in them: {quiet['with a frame']} of {quiet['documents']} got a frame "
            f"({percent(quiet['with a frame'] / quiet['documents'])}%)."
        )
    lines.append(LIMITS.format(data="\n".join(f"- {line}" for line in held["data"])))
    return "\n".join(lines)


def insert(path: Path, text: str) -> None:
    """Put ``text`` between the figure markers of ``path``."""
    begin, end = "<!-- figures -->", "<!-- /figures -->"
    whole = path.read_text(encoding="utf-8")
    head, _, rest = whole.partition(begin)
    _, _, tail = rest.partition(end)
    path.write_text(f"{head}{begin}\n{text}\n{end}{tail}", encoding="utf-8")


if __name__ == "__main__":
    target = Path(sys.argv[1])
    (target / "README.md").write_text(card(target), encoding="utf-8")
