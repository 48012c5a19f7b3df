"""The `Labeler` ties the stages together: text in, `Prediction` out. No torch needed with an exported model."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date as Date
from itertools import islice, repeat
from pathlib import Path
from typing import Any

import numpy as np
from tokenizers import Tokenizer

from ..data.schema import EVENT_TYPES, ROLES, TRIGGER
from .bounds import Bounds, bounds
from .context import read_in_context
from .dates import report_date
from .decode import TaggedSpan, spans, viterbi
from .device import DeviceError, torch_device
from .edges import tidy
from .encoding import Encoded, Piece, Settings, batches, encode_all, load_tokenizer
from .engine import ONNX_FILE, Engine, OnnxEngine, each
from .frames import Prediction, RoleSpan, Trigger, build_frame
from .gazetteer import Gazetteer, load_gazetteer, own_gazetteer
from .integrity import AGAIN, CHECKSUMS, problem
from .labels import FIRST_TRIGGER, LABELS, TAGS, log_softmax, tag_scores
from .link import Linker, RuleLinker, View, Words, sentence_of
from .report_linker import ReportLinker
from .sentences import sentences

SETTINGS_FILE = "adwar.json"
#: The key of a whole frame's threshold beside those of the roles.
FRAME = "frame"
#: Below this chance no word is a candidate for naming a deed.
LEAST_TRIGGER = 0.05
#: The key of the words that end no span (`bounds.hanging_words`).
HANGING = "hanging"
ROLE_TAGS = np.array([tag[2:] in ROLES for tag in TAGS], dtype=float)
EMBEDDED = Path(__file__).parent / "embedded"


class ModelError(ValueError):
    """A model folder that cannot be used: names the file and what to do."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """What is chosen on dev and stored in the model folder: spans and triggers below their ``roles`` score are dropped;
    scores are divided by ``temperature``; decoding adds ``boosts`` (nats, by role or "trigger") to the tags of a kind,
    so that a role may be found more or less eagerly. Scores of spans are never boosted."""

    roles: dict[str, float]
    temperature: float = 1.0
    boosts: dict[str, float] = field(default_factory=dict)

    def of(self, kind: str) -> float:
        return self.roles.get(kind, 0.0)

    def boost(self) -> np.ndarray:
        """(tags,) what decoding adds to each tag's log-score."""
        return np.array([self.boosts.get(tag[2:], 0.0) for tag in TAGS])


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
        batch_pieces: int = 4096,
        provenance: dict[str, Any] | None = None,
        gazetteer: Gazetteer | None = None,
        hanging: Iterable[str] = (),
    ) -> None:
        self.engine, self.tokenizer, self.settings = engine, tokenizer, settings
        self.linker: Linker = linker or RuleLinker()
        self.thresholds = thresholds or Thresholds({})
        self.batch_pieces = batch_pieces
        self.provenance = provenance or {}
        self.gazetteer = gazetteer or own_gazetteer()
        self.hanging = frozenset(hanging)

    def predict(self, text: str, *, min_score: float = 0.0, date: str | Date | None = None) -> Prediction:
        """Spans and frames of one text of any length. ``min_score`` drops spans and triggers below it; ``date`` is the
        report's own, which "yesterday" and "5 September" are resolved against (`dates.report_date` says its forms)."""
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
        view = self.view(reading, min_score, getattr(self.linker, "eager", 0.0))
        roles, triggers, spots = view.spans, view.triggers, view.sentences
        frames = []
        if isinstance(self.linker, ReportLinker):
            groups, kept = self.linker.link_and_sift(view)
        else:
            groups, kept = self.linker.link(view), list(view.spans)
        for group in groups:
            trigger = triggers[group.trigger] if group.trigger is not None else None
            if trigger and group.type is not None and group.score is not None:
                trigger = replace(trigger, type=group.type, score=group.score)
            fillers = [roles[i] for i in group.spans]
            if not fillers:
                continue  # a deed of which nothing is told is no frame
            near = _around(spots, [*fillers, *([trigger] if trigger else [])])
            frame = build_frame(text, trigger, fillers, near, trigger.type if trigger else "other")
            if frame.score >= self.thresholds.of(FRAME):
                frames.append(frame)
        prediction = Prediction(text, tuple(kept), tuple(frames), len(reading.encoded.windows))
        return read_in_context(prediction, reported=reported, gazetteer=self.gazetteer)

    def view(self, reading: Reading, min_score: float = 0.0, eager: float = 0.0) -> View:
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
        found = [s for s in _role_spans(likely, boost, limits) if s.score >= max(min_score, self.thresholds.of(s.kind))]
        if eager:
            taken = {word for s in found for word in range(s.first, s.last + 1)}
            more = _role_spans(likely, boost + eager * ROLE_TAGS, limits)
            free = [s for s in more if taken.isdisjoint(range(s.first, s.last + 1)) and s.score >= min_score]
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
        least = max(min_score, LEAST_TRIGGER)
        trigger_words = [int(w) for w in np.flatnonzero(chances >= least) if w not in inside]
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


def load(
    path: str | Path | None = None,
    *,
    threads: int | None = None,
    sessions: int = 1,
    engine: str = "auto",
    device: str | None = None,
    gazetteer: str | Path | None = None,
) -> Labeler:
    """A `Labeler` from a model folder, or the embedded model if ``path`` is None.

    ``device``: "cpu", "cuda" or "cuda:1"; None takes a GPU if the engine sees one. ``threads`` of the processor work on
    a batch and, with an export, ``sessions`` batches are worked on at once (then a thread each, unless given).
    ``gazetteer``: "geonames" or the path of a GeoNames dump, beside our own places (`gazetteer.load_gazetteer`).
    ``engine``: "onnx", "torch", or "auto" (ONNX where the folder holds an export, else torch). Raises `ModelError`
    naming the missing or broken file. Nothing in a model folder is ever executed: JSON, safetensors and ONNX only.
    """
    folder = EMBEDDED if path is None else Path(path)
    if not folder.is_dir():
        raise ModelError(f"{folder}: no such model folder; train one with 'adwar train' or give the path of one")
    _refuse_changed(folder)
    settings = _settings(folder)
    try:
        tokenizer = load_tokenizer(folder)
    except Exception as error:
        raise ModelError(f"{folder / 'tokenizer.json'}: cannot be read: {error}") from None
    return Labeler(
        _engine(folder, engine, device, threads, sessions),
        tokenizer,
        Settings(**settings["encoding"]),
        linker=_linker(folder),
        thresholds=_thresholds(settings, folder),
        provenance=settings.get("provenance", {}),
        gazetteer=load_gazetteer(gazetteer) if gazetteer is not None else None,
        hanging=settings.get(HANGING, ()),
    )


def _refuse_changed(folder: Path) -> None:
    if found := problem(folder):
        raise ModelError(found)
    if (folder / ONNX_FILE).exists() and not (folder / CHECKSUMS).exists() and (folder / SETTINGS_FILE).exists():
        raise ModelError(f"{folder / CHECKSUMS} is missing: cannot tell whether the export is whole; {AGAIN} {folder}")


def _settings(folder: Path) -> dict[str, Any]:
    file = folder / SETTINGS_FILE
    if not file.exists():
        raise ModelError(f"{file} is missing: not a folder that 'adwar train' or 'adwar export' wrote")
    try:
        settings = json.loads(file.read_text(encoding="utf-8"))
        Settings(**settings["encoding"])
        if not all(type(value) is int and value >= 0 for value in settings["encoding"].values()):
            raise ValueError("'encoding' must hold whole numbers")
        hanging = settings.get(HANGING, [])
        if not isinstance(hanging, list) or not all(isinstance(word, str) for word in hanging):
            raise ValueError(f"{HANGING!r} must be a list of words")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ModelError(f"{file}: broken: {error}") from None
    if settings.get("labels") != list(LABELS):
        raise ModelError(f"{file}: its labels are not this version's; train or export the model again")
    return settings


def _thresholds(settings: dict[str, Any], folder: Path) -> Thresholds:
    try:
        chosen = settings.get("chosen", {})
        roles, boosts = ({k: float(v) for k, v in chosen.get(name, {}).items()} for name in ("thresholds", "boosts"))
        temperature = float(chosen.get("temperature", 1.0))
        if not 0 < temperature < float("inf"):
            raise ValueError(f"temperature {temperature}: a number above 0 is expected")
    except (ValueError, TypeError, AttributeError) as error:
        raise ModelError(f"{folder / SETTINGS_FILE}: broken under 'chosen': {error}") from None
    return Thresholds(roles, temperature, boosts)


def _engine(folder: Path, engine: str, device: str | None, threads: int | None, sessions: int) -> Engine:
    if engine not in ("auto", "onnx", "torch"):
        raise ValueError(f"engine {engine!r}: one of auto, onnx, torch")
    if sessions < 1:
        raise ValueError(f"sessions must be 1 or more, found {sessions}")
    if engine == "onnx" or (engine == "auto" and (folder / ONNX_FILE).exists()):
        try:
            return OnnxEngine(folder, threads=threads, sessions=sessions, device=device)
        except DeviceError as error:
            raise ModelError(str(error)) from None
        except Exception as error:
            raise ModelError(f"{folder / ONNX_FILE}: cannot be loaded: {error}") from None
    if not any(folder.glob("*.safetensors")):
        raise ModelError(f"{folder}: no {ONNX_FILE} and no .safetensors; weights in other files (pickles) are not read")
    if sessions > 1:
        raise ModelError(f"{folder} holds no {ONNX_FILE}: several sessions need an export ('adwar export')")
    try:
        from .tagger import TorchEngine, load_tagger
    except ImportError:
        raise ModelError(
            f"{folder} holds no {ONNX_FILE}; to run its weights install torch: pip install 'adwar[train]'"
        ) from None
    try:
        return TorchEngine(load_tagger(folder), device=torch_device(device))
    except DeviceError as error:
        raise ModelError(str(error)) from None
    except ModuleNotFoundError:
        raise  # a library is missing: the command line says which
    except Exception as error:  # safetensors and transformers have errors of their own for a broken file
        raise ModelError(f"{folder}: no usable weights: {error}") from None


def _linker(folder: Path) -> Linker:
    from .linkers import FILE, load_linker

    if not (folder / FILE).exists():
        return RuleLinker()
    try:
        return load_linker(folder / FILE)
    except Exception as error:  # a broken archive ends in zlib's, zipfile's or numpy's own errors
        raise ModelError(f"{folder / FILE}: cannot be read: {error}") from None


__all__ = ["EMBEDDED", "Labeler", "ModelError", "Reading", "TaggedSpan", "Thresholds", "load"]
