"""The model card, written from the evaluation's JSON and the run's own record: no figure in it is typed.

python -m adwar.train.card model/embedded
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from ..data.whole_file import write_whole
from ..eval.gsr_set import set_markdown
from ..eval.markdown import figures_table, percent, seeds
from ..eval.markdown import short as table
from ..eval.seeds import SHOWN

EVALUATION = "evaluation.json"

HEAD = """---
language: ar
license: {license}
library_name: adwar
pipeline_tag: token-classification
tags: [arabic, event-extraction, conflict, token-classification]
{base}---
# {name}

Reads Arabic news into event frames: attacker, target, count, location, source. {home}load it with `{load}`.

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
{more}- Which attack a name belongs to is the weakest part: in round-ups with many attacks, fillers may be assigned
  wrongly.
- Names of persons may be found in reports of killings. Respect the law and the dignity of those named.

## Data
{data}
"""


def card(folder: str | Path) -> str:
    """The text of the card of ``folder``, which holds `EVALUATION`: sets by name, and what it was trained on.

    Optional keys: ``seeds`` (mean and spread come first, a folder a seed), ``load``, ``home``, ``limits``, ``license``,
    ``quiet``, ``gsr``. Raises ValueError if the file is not there or says nothing of ``name``, ``sets`` or ``data``.
    """
    file = Path(folder) / EVALUATION
    if not file.exists():
        raise ValueError(f"{file} is missing: 'adwar train' writes it, and 'adwar eval --card' for a folder without")
    held = json.loads(file.read_text(encoding="utf-8"))
    if missing := [key for key in ("name", "sets", "data") if key not in held]:
        raise ValueError(f"{file}: {', '.join(missing)} missing; write it again with 'adwar eval --card'")
    lines = [_head(held), *(_seeds(held) if "seeds" in held else _sets(held))]
    if not held["sets"]:
        lines += ["It was not measured: no development or test set was given.", ""]
    if "quiet" in held:
        quiet = held["quiet"]
        lines.append(
            f"Reports with hardly an attack word: {quiet['with a frame']} of {quiet['documents']} got a frame "
            f"({percent(quiet['with a frame'] / quiet['documents'])}%)."
        )
    if "gsr" in held:
        lines += ["", "### Beside people: the Arabic event gold-standard records", "", *set_markdown(held["gsr"])]
    more = "".join(f"- {line}\n" for line in held.get("limits", []))
    lines.append(LIMITS.format(data="\n".join(f"- {line}" for line in held["data"]), more=more))
    return "\n".join(lines)


def _head(held: dict[str, Any]) -> str:
    encoder = held.get("encoder") or ""
    on_hub = encoder.count("/") == 1 and not encoder.startswith(("adwar/", ".", "/", "runs/"))
    return HEAD.format(
        name=held["name"],
        license=held.get("license", "other" if on_hub else "apache-2.0"),
        base=f"base_model: {encoder}\n" if on_hub else "",
        home=f"Part of\n[adwar]({held['home']}); " if "home" in held else "With adwar\ninstalled, ",
        load=held.get("load", 'adwar.load("FOLDER")'),
    )


def _sets(held: dict[str, Any]) -> list[str]:
    lines = []
    for name, report in held["sets"].items():
        lines += [f"### {name} ({report['documents']} reports, {report['gold events']} attacks)", ""]
        lines += [*table(report), ""]
        if "ceaf" in report:
            lines += [*figures_table(report, short=True), ""]
    return lines


def _seeds(held: dict[str, Any]) -> list[str]:
    folders = ", ".join(f"`{name}` (seed {seed})" for seed, name in held["folders"].items())
    numbers = held["seeds"]["seeds"]
    told = (
        f"Trained {len(numbers)} times, with seeds {', '.join(map(str, numbers))} and nothing else changed: {folders}. "
        "The spread is what another seed would change."
    )
    return [told, "", *seeds(held["seeds"], (*SHOWN, "events"))]


def insert(path: Path, text: str, marker: str = "figures") -> None:
    """Put ``text`` between the markers of this name in ``path``. Raises ValueError if it has not both."""
    begin, end = f"<!-- {marker} -->", f"<!-- /{marker} -->"
    whole = path.read_text(encoding="utf-8")
    head, began, rest = whole.partition(begin)
    _, ended, tail = rest.partition(end)
    if not (began and ended):
        raise ValueError(f"{path}: no place between {begin} and {end} to write to")
    path.write_text(f"{head}{begin}\n{text}\n{end}{tail}", encoding="utf-8")


if __name__ == "__main__":
    target = Path(sys.argv[1])
    write_whole(target / "README.md", card(target))
