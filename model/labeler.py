"""The `Labeler` ties the stages together: text in, `Prediction` out. No torch needed with an exported model."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date as Date
from itertools import islice, repeat
from typing import Any

import numpy as np
from tokenizers import Tokenizer

from ..data.schema import EVENT_TYPES, ROLES, TRIGGER
from .bounds import Bounds, bounds
from .certainty import Scale
from .context import read_in_context
from .dates import report_date
from .decode import TaggedSpan, spans, viterbi
from .edges import tidy
from .encoding import Encoded, Piece, Settings, batches, encode_all
from .engine import BATCH_PIECES, Engine, each
from .frames import Prediction, RoleSpan, Trigger, build_frame, frame_score
from .gazetteer import Gazetteer, own_gazetteer
from .labels import FIRST_TRIGGER, LABELS, TAGS, log_softmax, tag_scores
from .link import Group, Linker, RuleLinker, View, Words, sentence_of, tells_of_harm
from .report_linker import ReportLinker
from .sentences import sentences

#: The key of a whole frame's threshold beside those of the roles.
FRAME = "frame"
#: Below this chance no word is a candidate for naming a deed.
LEAST_TRIGGER = 0.05
ROLE_TAGS = np.array([tag[2:] in ROLES for tag in TAGS], dtype=float)


@dataclass(frozen=True, slots=True)
class Thresholds:
    """What is chosen on dev and stored in the model folder: spans that the tagger finds by itself and scores below
    that of their role in ``roles`` are dropped (a linker that proposes more may bring them back), and frames below that
    of `FRAME`; the tagger's scores are divided by ``temperature``;
    decoding adds ``boosts`` (nats, by role or "trigger") to the tags of a kind, so that a role may be found more or
    less eagerly, but never to a span's score; ``scales`` turn raw scores, by role or `FRAME`, into those shown."""

    roles: dict[str, float]
    temperature: float = 1.0
    boosts: dict[str, float] = field(default_factory=dict)
    scales: dict[str, Scale] = field(default_factory=dict)

    def of(self, kind: str) -> float:
        return self.roles.get(kind, 0.0)

    def boost(self) -> np.ndarray:
        """(tags,) what decoding adds to each tag's log-score."""
        return np.array([self.boosts.get(tag[2:], 0.0) for tag in TAGS])

    def scaled(self, span: RoleSpan, real: float) -> RoleSpan:
        """``span`` with the score to show; ``real``: the linker's chance that it fills its role (0.5: none given)."""
        scale = self.scales.get(span.role)
        return span if scale is None else replace(span, score=scale.score(span.score, real))


@dataclass(frozen=True, slots=True)
class Reading:
    """Label log-probabilities (words, labels) and encoder states (words, width) of one text."""

    encoded: Encoded
    log_probs: np.ndarray
    states: np.ndarray


class Labeler:
    """Reads Arabic news into event frames. Thread-safe as far as its engine is (ONNX Runtime's is)."""

    def __init__(
        self,
        engine: Engine,
        tokenizer: Tokenizer,
        settings: Settings,
        *,
        linker: Linker | None = None,
        thresholds: Thresholds | None = None,
        batch_pieces: int | None = None,
        provenance: dict[str, Any] | None = None,
        gazetteer: Gazetteer | None = None,
        hanging: Iterable[str] = (),
    ) -> None:
        self.engine, self.tokenizer, self.settings = engine, tokenizer, settings
        self.linker: Linker = linker or RuleLinker()
        self.thresholds = thresholds or Thresholds({})
        own: int = getattr(engine, "batch_pieces", BATCH_PIECES)
        self.batch_pieces = batch_pieces or own
        self.provenance = provenance or {}
        self.gazetteer = gazetteer or own_gazetteer()
        self.hanging = frozenset(hanging)

    def predict(self, text: str, *, min_score: float = 0.0, date: str | Date | None = None) -> Prediction:
        """Spans and frames of one text of any length. ``min_score`` leaves out spans and frames whose
        score is below it, of a frame that stays the mentions that are; what is read out of the rest (entities, tolls,
        dates) is of the rest. ``date`` is the report's own, which "yesterday" and "5 September" are resolved against
        (`dates.report_date` says its forms)."""
        if not isinstance(text, str):
            raise TypeError(f"predict takes one str, not {type(text).__name__}; for many texts use predict_many")
        return next(self.predict_many([text], min_score=min_score, dates=[date]))

    def predict_many(
        self,
        texts: Iterable[str],
        *,
        min_score: float = 0.0,
        chunk: int = 64,
        dates: Iterable[str | Date | None] | None = None,
    ) -> Iterator[Prediction]:
        """Predictions in the order of ``texts``, streamed: at most ``chunk`` texts are held at a time. ``dates``
        are the reports' own, one a text (None: not known)."""
        if isinstance(texts, str):
            raise TypeError("predict_many takes an iterable of texts; for one text use predict")
        source, days = iter(texts), repeat(None) if dates is None else iter(dates)
        while held := list(islice(source, chunk)):
            reported = [report_date(day) for day in islice(days, len(held))]
            if len(reported) < len(held):
                raise ValueError("dates ended before texts did: give one date, or None, for each text")
            for reading, day in zip(self.read(held), reported, strict=True):
                yield self.frames_of(reading, min_score, day)

    def read(self, texts: list[str]) -> list[Reading]:
        """The model's scores for ``texts``, windows batched by length, order kept."""
        for number, text in enumerate(texts):
            if not isinstance(text, str):
                raise TypeError(f"text {number} is {type(text).__name__}, not str")
        encoded = encode_all(texts, self.tokenizer, self.settings)
        jobs = [(n, piece) for n, one in enumerate(encoded) for piece in one.windows]
        rows: list[list[tuple[Piece, np.ndarray, np.ndarray]]] = [[] for _ in texts]
        outputs: list[tuple[np.ndarray, np.ndarray] | None] = [None] * len(jobs)
        groups = batches([len(piece.ids) for _, piece in jobs], self.batch_pieces)
        found = each(self.engine, lambda group: self._run([jobs[i][1] for i in group]), groups)
        for group, results in zip(groups, found, strict=True):
            for index, result in zip(group, results, strict=True):
                outputs[index] = result
        for (number, piece), output in zip(jobs, outputs, strict=True):
            assert output is not None
            rows[number].append((piece, *output))
        return [_reading(one, row, self.thresholds.temperature) for one, row in zip(encoded, rows, strict=True)]

    def _run(self, pieces: list[Piece]) -> list[tuple[np.ndarray, np.ndarray]]:
        longest = max(len(piece.ids) for piece in pieces)
        ids = np.full((len(pieces), longest), self.settings.pad_id, dtype=np.int64)
        mask = np.zeros((len(pieces), longest), dtype=np.int64)
        for row, piece in enumerate(pieces):
            ids[row, : len(piece.ids)] = piece.ids
            mask[row, : len(piece.ids)] = 1
        scores, states = self.engine(ids, mask)
        return [(scores[row, piece.firsts], states[row, piece.firsts]) for row, piece in enumerate(pieces)]

    def frames_of(self, reading: Reading, min_score: float = 0.0, reported: Date | None = None) -> Prediction:
        """Spans and frames from the scores of one text."""
        text = reading.encoded.text
        view, groups, real = self.linked(reading)
        shown = {span: self.thresholds.scaled(span, chance) for span, chance in real.items()}
        frames = []
        for group in groups:
            trigger = view.triggers[group.trigger] if group.trigger is not None else None
            if trigger and group.type is not None and group.score is not None:
                trigger = replace(trigger, type=group.type, score=group.score)
            members = [shown[view.spans[i]] for i in group.spans if view.spans[i] in shown]
            if not members or not (trigger or tells_of_harm(members)):
                continue  # a deed of which nothing is told is no frame
            score = frame_score(trigger, members, self.thresholds.scales.get(FRAME))
            sure = [span for span in members if span.score >= min_score]
            if not sure or score < max(min_score, self.thresholds.of(FRAME)):
                continue
            near = _around(view.sentences, [*sure, *([trigger] if trigger else [])])
            frames.append(build_frame(text, trigger, sure, near, trigger.type if trigger else "other", score))
        kept = tuple(span for span in shown.values() if span.score >= min_score)
        prediction = Prediction(text, kept, tuple(frames), len(reading.encoded.windows))
        return read_in_context(prediction, reported=reported, gazetteer=self.gazetteer)

    def linked(self, reading: Reading) -> tuple[View, list[Group], dict[RoleSpan, float]]:
        """What the linker saw, its groups, and the spans it kept with the chance of each (0.5 if it gives none)."""
        view = self.view(reading, getattr(self.linker, "eager", 0.0))
        if isinstance(self.linker, ReportLinker):
            return view, *self.linker.link_and_sift(view)
        return view, self.linker.link(view), dict.fromkeys(view.spans, 0.5)

    def view(self, reading: Reading, eager: float = 0.0) -> View:
        """What the linker looks at: role spans, candidate triggers, and the words that they stand on.

        Every word outside a role span that is at least `LEAST_TRIGGER` likely to name a deed is a candidate; which of
        them do is the linker's to decide. With ``eager``, spans that are found only if roles are given so many nats
        more are candidates, too, for a linker that sifts them."""
        scores = tag_scores(reading.log_probs)
        index = np.flatnonzero(np.isfinite(scores).all(axis=1))
        likely = scores[index]
        boost = self.thresholds.boost()
        text, words = reading.encoded.text, reading.encoded.words
        limits = bounds(text, [words[i] for i in index], self.hanging)
        found = [s for s in _role_spans(likely, boost, limits) if s.score >= self.thresholds.of(s.kind)]
        if eager:
            taken = {word for s in found for word in range(s.first, s.last + 1)}
            more = _role_spans(likely, boost + eager * ROLE_TAGS, limits)
            free = [s for s in more if taken.isdisjoint(range(s.first, s.last + 1))]
            found = sorted([*found, *free], key=lambda s: s.first)
        spelled = [text[a:b] for a, b in words] if found else []
        roles, span_words = [], []
        for number, span in enumerate(found):
            edges = tidy(spelled, int(index[span.first]), int(index[span.last]))
            if edges is None:
                continue  # nothing but marks
            first, last = edges
            if number + 1 < len(found):
                last = min(last, int(index[found[number + 1].first]) - 1)
            start, end = words[first][0], words[last][1]
            roles.append(RoleSpan(start, end, text[start:end], span.kind, span.score))
            span_words.append((first, last))
        inside = {word for first, last in span_words for word in range(first, last + 1)}
        chances = np.exp(scores[:, -1])
        trigger_words = [int(w) for w in np.flatnonzero(chances >= LEAST_TRIGGER) if w not in inside]
        firsts = [first for first, _ in span_words]
        return View(
            text,
            roles,
            [_trigger(reading, w, float(chances[w])) for w in trigger_words],
            sentences(text),
            reading.states[firsts],
            reading.states[trigger_words],
            Words(words, reading.states, reading.log_probs),
            np.array(span_words, dtype=np.int64).reshape(-1, 2),
            np.array(trigger_words, dtype=np.int64),
        )


def _role_spans(scores: np.ndarray, boost: np.ndarray, limits: Bounds) -> list[TaggedSpan]:
    return [span for span in spans(viterbi(scores + boost, limits), scores) if span.kind != TRIGGER]


def _around(spots: Sequence[tuple[int, int]], parts: Sequence[RoleSpan | Trigger]) -> Sequence[tuple[int, int]]:
    """The sentences from the first part to the last: looking through all for every frame would be quadratic."""
    first, last = min(part.start for part in parts), max(part.start for part in parts)
    return spots[sentence_of(first, spots) : sentence_of(last, spots) + 1]


def _trigger(reading: Reading, word: int, score: float) -> Trigger:
    start, end = reading.encoded.words[word]
    kind = EVENT_TYPES[int(reading.log_probs[word, FIRST_TRIGGER:].argmax())]
    return Trigger(start, end, reading.encoded.text[start:end], kind, min(1.0, score))


def _reading(encoded: Encoded, rows: list[tuple[Piece, np.ndarray, np.ndarray]], temperature: float) -> Reading:
    width = rows[0][2].shape[1] if rows else 0
    log_probs = np.full((len(encoded.words), len(LABELS)), -np.inf)
    states = np.zeros((len(encoded.words), width), dtype=np.float32)
    for piece, scores, vectors in rows:
        log_probs[piece.words] = log_softmax(scores / temperature)
        states[piece.words] = vectors
    return Reading(encoded, log_probs, states)
