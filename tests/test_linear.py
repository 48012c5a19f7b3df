"""Time grows with the length, never with its square: 2n against n, in the process's own time, on inputs made to hurt.

Found so and mended: NFKC of marks out of order (`arabic._nfkc`), the rule linker and a frame's sentences on long
reports, UTF-16 offsets of many spans, the widening of many spans to words.
"""

import contextlib
import time
from datetime import date

import pytest
from test_stretches import long_view, pair_linker_of
from tokenizers import Tokenizer

from adwar.data.errors import DataError
from adwar.data.formats import FORMATS
from adwar.data.jsonl import widen_to_words
from adwar.data.markup import parse
from adwar.data.overlap import folded_words
from adwar.data.schema import ROLES, Document, Event, Span, check_document, words
from adwar.model import arabic, count_kinds, counts, names, number_words
from adwar.model.attribution import attribute
from adwar.model.attribution_cues import find_cues
from adwar.model.context import read_in_context
from adwar.model.date_choice import Choice
from adwar.model.dates import find_dates
from adwar.model.entities import ROLES as ENTITY_ROLES
from adwar.model.entities import entities_of
from adwar.model.entity_names import read_name
from adwar.model.folded import tokenize
from adwar.model.frames import RoleSpan, Trigger, build_frame
from adwar.model.gazetteer import load_gazetteer
from adwar.model.gold import frames_of_document
from adwar.model.link import RuleLinker, View
from adwar.model.loading import EMBEDDED
from adwar.model.place_names import known_names, words_of
from adwar.model.places import resolve_places
from adwar.model.results import Prediction
from adwar.model.sentences import sentences
from adwar.model.tolls import tolls

# timings: a busy machine must not fail the quick run
pytestmark = pytest.mark.slow

UNITS = [
    *("ق", "\u064e", "\u0301\u0323", "\u064e\u0651\u0650", "\u200b", ".", '"', "1", "1,234", "({[", ")]}", "\n", " "),
    *("ـ", "1ـ", "اً", "قتل 3 مدنيين. ", "ﷺ", "{", "\\", "ثلاثة و", "«“”»", " -", "{A1:قتل} ", "،", "و ", "12/", "100 "),
]
REPORTED = date(2017, 9, 5)
TOKENIZER = Tokenizer.from_file(str(EMBEDDED / "tokenizer.json"))


def marked(text):
    with contextlib.suppress(DataError):
        list(parse("@id: a\n@event 1: clash\n---\n" + text))


def in_context(text):
    """Attribution, entities, dates, places and tolls of a report whose every seventh word plays a role."""
    spots = words(text)[::7][:2000]
    spans = [RoleSpan(a, b, text[a:b], ROLES[n % len(ROLES)], 0.9) for n, (a, b) in enumerate(spots)]
    lines = sentences(text)
    frames = [build_frame(text, None, spans[n : n + 5], lines, "other") for n in range(0, len(spans), 5)]
    return read_in_context(Prediction(text, (), tuple(frames), 1), reported=REPORTED, gazetteer=GAZETTEER)


GAZETTEER = load_gazetteer()
READERS = {
    "fold": arabic.fold,
    "clean": arabic.clean,
    "tokens": arabic.tokens,
    "words": words,
    "folded words": folded_words,
    "sentences": sentences,
    "counts": lambda t: counts.read_count(t, after=t, before=t),
    "nouns": counts.read_noun,
    "number words": lambda t: number_words.read_number(number_words.lex(arabic.tokens(t)), 0),
    "names": lambda t: names.naming_form(t, "attacker", t),
    "count kinds": lambda t: count_kinds.count_kind(t, t, t),
    "markup": marked,
    "clean-up": TOKENIZER.normalizer.normalize_str,
    "dates": lambda t: find_dates(t, REPORTED),
    "cues": lambda t: list(find_cues(tokenize(t))),
    "names of entities": lambda t: [read_name(t, role) for role in ENTITY_ROLES],
    "places": lambda t: GAZETTEER and known_names(words_of(t), GAZETTEER),
    "context": in_context,
}
#: What reads a whole report; the others are given one mention of it, or the words around one.
WHOLE = ("fold", "clean", "tokens", "words", "sentences", "markup", "clean-up", "dates", "cues", "context")


def seconds(call, tries):
    best = float("inf")
    for _ in range(tries):
        began = time.process_time()
        call()
        best = min(best, time.process_time() - began)
    return best


def grows_linearly(small, large):
    """Whether ``large`` (twice the work) takes under 3 times as long; below 10 ms nothing is measured."""
    for tries in (1, 3, 5):
        a, b = seconds(small, tries), seconds(large, tries)
        if b < max(0.01, 3 * a):
            return True
    return False


@pytest.mark.parametrize("name", READERS)
def test_readers_are_linear(name):
    read, size = READERS[name], 10_000
    slow = []
    for unit in UNITS:
        text = (unit * (2 * size // len(unit) + 1))[: 2 * size]
        if not grows_linearly(lambda t=text: read(t[:size]), lambda t=text: read(t)):
            slow.append(unit)
    assert not slow


@pytest.mark.parametrize("name", WHOLE)
def test_a_megabyte_of_anything_takes_seconds(name):
    """A second a pattern in the mean, where a square would take hours; 60 on a slow machine."""
    read, slow = READERS[name], []
    for unit in UNITS:
        text = (unit * (1_000_000 // len(unit.encode()) + 1))[:1_000_000]
        if seconds(lambda t=text: read(t), 1) > 60:
            slow.append(unit)
    assert not slow


def many_events(number):
    piece, events = "قتل ثلاثة مدنيين في غارة 😀\n", []
    for n in range(number):
        at = n * len(piece)
        spans = [Span(at + a, at + b, piece[a:b]) for a, b in ((4, 9), (10, 16), (20, 24))]
        events.append(Event("airstrike", spans[2], target=(spans[1],), count=(spans[0],)))
    return Document("d", piece * number + "انتهى", "", tuple(events))


@pytest.mark.parametrize("kind", [k for k, held in FORMATS.items() if held.read and held.write])
def test_converters_are_linear_in_events(tmp_path, kind):
    small, large = many_events(250), many_events(500)

    def both(doc, file):
        FORMATS[kind].write([doc], file)
        return list(FORMATS[kind].read(file))

    turn = iter(range(100))
    assert grows_linearly(
        lambda: both(small, tmp_path / f"s{next(turn)}"), lambda: both(large, tmp_path / f"l{next(turn)}")
    )


@pytest.mark.parametrize("check", [check_document, widen_to_words])
def test_checks_are_linear_in_events(check):
    small, large = many_events(400), many_events(800)
    assert grows_linearly(lambda: check(small), lambda: check(large))


def test_the_rule_linker_is_linear():
    def view(number):
        doc = many_events(number)
        spans = [RoleSpan(s.start, s.end, s.text, role, 0.9) for role, s in doc.role_spans()]
        triggers = [Trigger(t.start, t.end, t.text, "airstrike", 0.9) for t in doc.triggers()]
        return View(doc.text, spans, triggers, sentences(doc.text))

    small, large = view(1000), view(2000)
    assert grows_linearly(lambda: RuleLinker().link(small), lambda: RuleLinker().link(large))
    assert all(len(group.spans) == 2 for group in RuleLinker().link(large))


def test_the_learned_linker_is_linear():
    small, large = long_view(400), long_view(800)
    linker = pair_linker_of()
    assert grows_linearly(lambda: linker.link(small), lambda: linker.link(large))


@pytest.mark.parametrize("part", ["entities", "attribution", "dates", "places", "tolls", "all"])
def test_context_is_linear_in_events(part):
    def read(number):
        doc = many_events(number)
        frames, spots, tokens = frames_of_document(doc), sentences(doc.text), tokenize(doc.text)
        dates = find_dates("في 3 أيلول 2017. " * number, REPORTED)
        choice = Choice(dates, spots)
        parts = {
            "entities": lambda: entities_of(frames),
            "attribution": lambda: [attribute(doc.text, tokens, frame) for frame in frames],
            "dates": lambda: [choice.of(frame, tokens) for frame in frames],
            "places": lambda: resolve_places(frames, entities, GAZETTEER),
            "tolls": lambda: [tolls(frame, tokens) for frame in frames],
            "all": lambda: read_in_context(Prediction(doc.text, (), frames, 1), gazetteer=GAZETTEER),
        }
        entities = entities_of(frames)[0]
        return parts[part]

    assert grows_linearly(read(400), read(800))


@pytest.mark.parametrize("name", ["التحالف", "وزارة الدفاع {n}", "تنظيم {n}", "مدينة {n}", "علي {n}", "الوزارة"])
def test_entities_are_linear_in_names(name):
    def frames(number):
        text, spans = "", []
        for n in range(number):
            said = name.format(n="".join(chr(0x628 + int(digit)) for digit in str(n)))
            spans.append(RoleSpan(len(text), len(text) + len(said), said, "attacker", 0.9))
            text += said + ". "
        lines = sentences(text)
        return [build_frame(text, None, [span], lines, "other") for span in spans]

    small, large = frames(500), frames(1000)
    assert grows_linearly(lambda: entities_of(small), lambda: entities_of(large))
