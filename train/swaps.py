"""Reports for a further pass with other mentions in the place of their own, so that roles are read off the sentence and
not off names that are known from training.

A mention gives way to one of the same role and form from the training reports: the same attached letters, the same
article and ending of its first word (so that verbs and adjectives around it still agree), about as many words. All
mentions of the same words change alike, so that a report still speaks of the same things throughout. Counts stay.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace

from ..data.schema import ROLES, Document, Event, Span, faults, words
from ..model.folded import folded

SWAPPED = ("attacker", "target", "location", "source")
#: Endings that verbs and adjectives agree with, the longest first.
ENDINGS = ("ات", "ون", "ين", "ان", "يه", "ه", "ي", "ا")
ATTACHED = ("وال", "بال", "فال", "كال", "لل", "ال", "و", "ب", "ل", "ف")
#: A form that fewer mentions have is left alone.
LEAST = 5

Form = tuple[str, str, str, int]


def form_of(role: str, text: str) -> Form:
    """Role, attached letters, ending of the first word, and how many words (4 stands for more)."""
    spots = words(text)
    first = folded(text[spots[0][0] : spots[0][1]])
    before = next((letters for letters in ATTACHED if first.startswith(letters) and len(first) > len(letters) + 1), "")
    ending = next((letters for letters in ENDINGS if first.endswith(letters)), "")
    return role, before, ending, min(4, len(spots))


def forms(docs: Iterable[Document]) -> dict[Form, list[str]]:
    """The different mentions of each form in ``docs``, sorted."""
    held: dict[Form, set[str]] = defaultdict(set)
    for doc in docs:
        for role, span in doc.role_spans():
            if role in SWAPPED:
                held[form_of(role, span.text)].add(span.text)
    return {form: sorted(texts) for form, texts in held.items() if len(texts) >= LEAST}


def swapped(doc: Document, known: Mapping[Form, list[str]], rng: random.Random, share: float = 0.5) -> Document:
    """``doc`` with that ``share`` of its different mentions exchanged for others of ``known``; as it was where the new
    ones would run together with their neighbours ("12جندي" with a target that begins with a digit)."""
    chosen: dict[tuple[str, str], str] = {}
    for role, span in doc.role_spans():
        key = role, span.text
        if role in SWAPPED and key not in chosen:
            others = known.get(form_of(*key), [])
            chosen[key] = rng.choice(others) if others and rng.random() < share else span.text
    marks = {(s.start, s.end): (role, s) for role, s in doc.role_spans()}
    marks |= {(s.start, s.end): ("", s) for s in doc.triggers()}
    parts: list[str] = []
    moved: dict[tuple[int, int], Span] = {}
    end, length = 0, 0
    for (start, stop), (role, span) in sorted(marks.items()):
        text = chosen.get((role, span.text), span.text)
        parts += [doc.text[end:start], text]
        at = length + start - end
        moved[start, stop] = Span(at, at + len(text), text)
        end, length = stop, at + len(text)
    other = replace(doc, text="".join([*parts, doc.text[end:]]), events=tuple(_moved(e, moved) for e in doc.events))
    return doc if any(faults(other)) else other


def _moved(event: Event, moved: Mapping[tuple[int, int], Span]) -> Event:
    def spans(role: str) -> tuple[Span, ...]:
        return tuple(moved[s.start, s.end] for s in getattr(event, role))

    trigger = moved[event.trigger.start, event.trigger.end] if event.trigger else None
    return Event(event.type, trigger, *(spans(role) for role in ROLES))
