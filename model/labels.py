"""The tag set: BIO over the five roles, and one single-word tag for each type of deed.

A trigger is one word, so it needs no inside tag; its tag also names the event type, so that the type is learned in
the same pass (``trigger:airstrike``). Detection sums over the types, so that an unsure type costs no trigger.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..data.schema import EVENT_TYPES, ROLES, TRIGGER, Document

OUTSIDE = "O"
TRIGGER_PREFIX = f"B-{TRIGGER}:"
LABELS: tuple[str, ...] = (
    OUTSIDE,
    *(f"{mark}-{role}" for role in ROLES for mark in "BI"),
    *(f"{TRIGGER_PREFIX}{kind}" for kind in EVENT_TYPES),
)
#: The tags that decoding works on: all trigger types are one.
TAGS: tuple[str, ...] = (*LABELS[: 1 + 2 * len(ROLES)], f"B-{TRIGGER}")
LABEL_ID = {label: number for number, label in enumerate(LABELS)}
FIRST_TRIGGER = 1 + 2 * len(ROLES)
IGNORED = -100


def gold_labels(doc: Document, words: Sequence[tuple[int, int]]) -> list[int]:
    """The label id of every word of ``doc``. Every span must start and end with a word (`check_document`)."""
    labels = [0] * len(words)
    starts = {start: number for number, (start, _) in enumerate(words)}
    for role, span in doc.role_spans():
        number = starts[span.start]
        labels[number] = LABEL_ID[f"B-{role}"]
        number += 1
        while number < len(words) and words[number][1] <= span.end:
            labels[number] = LABEL_ID[f"I-{role}"]
            number += 1
    for event in doc.events:
        if event.trigger is not None:
            labels[starts[event.trigger.start]] = LABEL_ID[f"{TRIGGER_PREFIX}{event.type}"]
    return labels


def tag_scores(log_probs: np.ndarray) -> np.ndarray:
    """(words, labels) log-probabilities -> (words, tags): the trigger types summed into one."""
    triggers = np.logaddexp.reduce(log_probs[:, FIRST_TRIGGER:], axis=1, keepdims=True)
    return np.concatenate([log_probs[:, :FIRST_TRIGGER], triggers], axis=1)


def log_softmax(scores: np.ndarray) -> np.ndarray:
    """Along the last axis, in float64, so that batch and single calls agree to the last shown digit."""
    scores = scores.astype(np.float64)
    shifted = scores - scores.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
