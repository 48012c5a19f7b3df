"""``nlp.add_pipe("adwar")``: event frames in any spaCy pipeline, found by name once adwar is installed beside spaCy.

    nlp = spacy.blank("ar")
    nlp.add_pipe("adwar", config={"model": None, "min_score": 0.0})
    doc = nlp(text); doc._.frames; doc.spans["adwar"]

``doc._.frames`` are our `EventFrame`\\ s, with offsets in characters of ``doc.text``, exact whatever the tokens are.
``doc.spans["adwar"]`` holds each role span and trigger on tokens (label: the role, or the event's type; scores in the
group's ``attrs["scores"]``). A tokenizer may keep together what we take apart ("12جندي", "#غارة_حارم"): such a span
then covers the whole tokens it touches, a warning says so, and ``doc._.adwar_widened`` lists each. What is kept in
``doc.user_data`` is plain, so documents pass through ``DocBin``, ``to_bytes`` and several processes.
Leaves out sentence splitting, entities and dependency parses: it reads ``doc.text`` alone.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator
from dataclasses import fields
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc, SpanGroup
from spacy.util import minibatch

from ..data.schema import ROLES
from .context import read_in_context
from .gazetteer import own_gazetteer
from .labeler import Labeler
from .loading import load
from .results import CountMention, EventFrame, LocationMention, Mention, Prediction

#: The key of a prediction in ``doc.user_data``. Annotated documents (`adwar.data.formats.docbin`) use another.
PREDICTION = "adwar_prediction"
WIDENED = (
    "some spans do not fall on this pipeline's token borders: doc.spans covers the whole tokens, doc._.frames has the "
    "exact characters, doc._.adwar_widened lists the spans"
)


@Language.factory(
    "adwar",
    assigns=["doc.spans", "doc._.frames", "doc._.adwar_widened"],
    default_config={"model": None, "min_score": 0.0, "spans_key": "adwar"},
)
def create(nlp: Language, name: str, model: str | None, min_score: float, spans_key: str) -> FrameReader:
    """The component. ``model``: a model folder, or None for the embedded model. Raises `ModelError`."""
    if not 0.0 <= min_score <= 1.0:
        raise ValueError(f"min_score {min_score}: a number from 0 to 1 is expected")
    return FrameReader(load(model), min_score=min_score, spans_key=spans_key)


class FrameReader:
    """Puts a `Labeler`'s predictions upon documents."""

    def __init__(self, labeler: Labeler, *, min_score: float = 0.0, spans_key: str = "adwar") -> None:
        self.labeler, self.min_score, self.spans_key = labeler, min_score, spans_key
        for name, getter in (("frames", frames_of), ("adwar_widened", widened_of)):
            if not Doc.has_extension(name):
                Doc.set_extension(name, getter=getter)

    def __call__(self, doc: Doc) -> Doc:
        return annotate(doc, self.labeler.predict(doc.text, min_score=self.min_score), self.spans_key)

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = 64) -> Iterator[Doc]:
        """As one by one, but in batches."""
        for docs in minibatch(stream, batch_size):
            found = self.labeler.predict_many([doc.text for doc in docs], min_score=self.min_score)
            for doc, prediction in zip(docs, found, strict=True):
                yield annotate(doc, prediction, self.spans_key)


def annotate(doc: Doc, prediction: Prediction, spans_key: str = "adwar") -> Doc:
    """``prediction`` of ``doc.text`` put upon ``doc``. Raises `ValueError` where it is of another text."""
    if prediction.text != doc.text:
        raise ValueError("the prediction is of another text than the document's")
    found = {(s.start, s.end, s.role): s.score for s in prediction.spans}
    found |= {(t.start, t.end, f.type): t.score for f in prediction.frames if (t := f.trigger)}
    spans, scores, widened = [], [], []
    for (start, end, label), score in sorted(found.items()):
        span = doc.char_span(start, end, label=label, alignment_mode="expand")
        assert span is not None  # our spans are words, so they touch a token
        spans.append(span)
        scores.append(score)
        if (span.start_char, span.end_char) != (start, end):
            widened.append([start, end, label, span.start_char, span.end_char])
    doc.spans[spans_key] = SpanGroup(doc, name=spans_key, attrs={"scores": scores}, spans=spans)
    doc.user_data[PREDICTION] = {"frames": [f.to_dict() for f in prediction.frames], "widened": widened}
    if widened:
        warnings.warn(WIDENED, stacklevel=2)
    return doc


def frames_of(doc: Doc) -> tuple[EventFrame, ...]:
    """``doc._.frames``: the event frames of ``doc``; none for a document that the component has not seen."""
    held = doc.user_data.get(PREDICTION, {}).get("frames", ())
    if not held:
        return ()
    # what the report's context adds follows from text and frames alone, so it is read again and not kept
    bare = Prediction(doc.text, (), tuple(_frame(one) for one in held), 1)
    return read_in_context(bare, gazetteer=own_gazetteer()).frames


def widened_of(doc: Doc) -> list[tuple[int, int, str, int, int]]:
    """``doc._.adwar_widened``: (start, end, label, start of its tokens, their end), in characters, of each span that
    covers more in ``doc.spans`` than it should."""
    return [tuple(one) for one in doc.user_data.get(PREDICTION, {}).get("widened", ())]


def _frame(held: dict[str, Any]) -> EventFrame:
    kinds = dict.fromkeys(ROLES, Mention) | {"count": CountMention, "location": LocationMention}
    fillers: dict[str, Any] = {role: tuple(_mention(kind, m) for m in held[role]) for role, kind in kinds.items()}
    return EventFrame(
        held["type"],
        _mention(Mention, held["trigger"]) if held["trigger"] else None,
        **fillers,
        sentences=tuple((start, end) for start, end in held["sentences"]),
        score=held["score"],
    )


def _mention(kind: type[Mention], held: dict[str, Any]) -> Any:
    return kind(**{f.name: held[f.name] for f in fields(kind) if f.name in held and f.name != "place"})
