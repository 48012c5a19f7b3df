"""Reports for the tests of frames: texts with their spans marked by hand, read without a model."""

from __future__ import annotations

import datetime

from adwar.model.context import read_in_context
from adwar.model.frames import RoleSpan, Trigger, build_frame
from adwar.model.results import Prediction
from adwar.model.sentences import sentences

ROLE = {"A": "attacker", "T": "target", "C": "count", "L": "location", "S": "source"}


def read(marked: str, *, date: str | None = None, gazetteer=None) -> Prediction:
    """``marked`` holds spans as {A:…}, {T2:…}: role letter and number of the event (1 if none); E is a trigger."""
    text, spans, triggers = "", {}, {}
    rest = marked
    while "{" in rest:
        before, _, rest = rest.partition("{")
        inside, _, rest = rest.partition("}")
        label, _, words = inside.partition(":")
        text += before
        number = int(label[1:] or 1)
        if label[0] == "E":
            triggers[number] = Trigger(len(text), len(text) + len(words), words, "other", 0.9)
        else:
            spans.setdefault(number, []).append(RoleSpan(len(text), len(text) + len(words), words, ROLE[label[0]], 0.9))
        text += words
    text += rest
    spots = sentences(text)
    frames = [build_frame(text, triggers.get(n), spans.get(n, []), spots, "other") for n in sorted({*spans, *triggers})]
    reported = datetime.date.fromisoformat(date) if date else None
    return read_in_context(Prediction(text, (), tuple(frames), 1), reported=reported, gazetteer=gazetteer)


def joined(prediction: Prediction, role: str) -> list[list[str]]:
    """The mentions of each entity of ``role``, in text order."""
    return [[m.text for m in sorted(e.mentions, key=lambda m: m.start)] for e in prediction.entities if e.role == role]
