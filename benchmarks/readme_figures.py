"""Writes the figures of README.md and README.ar.md from the embedded model's evaluation, so that neither is typed.

    python benchmarks/readme_figures.py

Reads model/embedded/evaluation.json, which benchmarks/measure_embedded.py writes; that command calls this one.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from adwar.data.schema import ROLES
from adwar.eval.markdown import interval, percent, rows
from adwar.eval.markdown import short as english
from adwar.train.card import EVALUATION, insert

ROOT = Path(__file__).resolve().parent.parent
#: The sets that the README shows, and their names in Arabic.
SHOWN = {
    "real news, development set": "أخبار حقيقية، مجموعة التطوير",
    "real news, second set (only reported)": "أخبار حقيقية، المجموعة الثانية (للقياس وحده)",
}
NAMES = {
    "attacker": "المهاجِم",
    "target": "المستهدَف",
    "count": "العدد",
    "location": "المكان",
    "source": "المصدر",
    "micro": "الخمسة معًا",
}
HEAD = ("الدور", "F1 المطابق تمامًا", "95%", "F1 المتقاطع", "المقاطع المرجعية")


def arabic(report: dict[str, Any]) -> list[str]:
    """What `english` says, in Arabic, with the same figures in the same order."""
    strict, overlap = (report["spans"][kind] for kind in ("strict", "overlap"))
    body = [
        (
            NAMES[role],
            percent(strict[role]["f1"]),
            # two numbers with a dash between would change places in Arabic text
            f'<bdi dir="ltr">{interval(strict[role])}</bdi>',
            percent(overlap[role]["f1"]),
            f"{strict[role]['gold']:.0f}",
        )
        for role in (*ROLES, "micro")
    ]
    frames = report["frames"]
    fillers, events = frames["role_fillers"]["micro"], frames["events"]
    return [
        *rows(HEAD, body),
        "",
        f"الأطر: F1 لما يملأ الأدوار {percent(fillers['f1'])}؛ "
        f"الهجمات التي وُجدت: الاستدعاء {percent(events['recall'])} "
        f"والدقة {percent(events['precision'])}؛ والنوع صحيح في {percent(frames['type_accuracy'])}% منها.",
    ]


def figures(sets: dict[str, Any]) -> tuple[str, str]:
    """(English, Arabic) Markdown of the sets that the README shows."""
    ours, theirs = [], []
    for name, translated in SHOWN.items():
        report = sets[name]
        ours += [f"**{name}** ({report['documents']} reports)", "", *english(report), ""]
        theirs += [f"**{translated}** ({report['documents']} تقريرًا)", "", *arabic(report), ""]
    return "\n".join(ours).rstrip(), "\n".join(theirs).rstrip()


def main() -> None:
    held = json.loads((ROOT / "model" / "embedded" / EVALUATION).read_text(encoding="utf-8"))
    for name, text in zip(("README.md", "README.ar.md"), figures(held["sets"]), strict=True):
        insert(ROOT / name, text)


if __name__ == "__main__":
    main()
