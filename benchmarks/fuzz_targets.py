"""What `fuzz.py` feeds: each target reads bytes that strangers might have written, and asserts what must hold.

A target may raise the project's own errors (`DataError`, `ConfigError`) and nothing else. What can be built once is
built once, and each reads its bytes once, so that thousands of inputs a second are tried. Leaves out the model: no
weights are loaded; over HTTP and in pages a stand-in reads by pattern.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import sys
import tempfile
from collections.abc import Callable
from datetime import date
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.append(str(ROOT / "tests"))  # the stand-in for the labeler
SEEDS = (
    '{"id": "a", "text": "قتل ثلاثة", "events": [{"type": "clash", "trigger": {"start": 0, "end": 3, "text": "قتل"}}]}',
    "@id: a\n@event 1: clash\n---\n{E1:قتل} {C1:ثلاثة}",
    "document,event,type,role,start,end,text\na,,,document,,,قتل\na,1,clash,trigger,0,3,قتل\n",
    "# id = a\nقتل\tB-trigger\t0\t3\nثلاثة\tB-count\t4\t9\n",
    '[{"id": 1, "data": {"text": "قتل"}, "annotations": [{"result": [{"id": "1", "type": "labels", "value": '
    '{"start": 0, "end": 3, "text": "قتل", "labels": ["clash"]}}]}]}]',
    '{"id": 1, "text": "قتل", "entities": [{"id": 1, "label": "clash", "start_offset": 0, "end_offset": 3}], '
    '"relations": []}',
    "T1\tattack 0 3\tقتل\nE1\tattack:T1\nA1\ttype E1 clash\n",
    "ما لا يقل عن ١٢ ألفاً و3 مئات، بين 10 و15 من بضعة عشرات الآلاف",
    "data: {train: [a.jsonl]}\nmodel: {window: 512}\nseeds: [1]",
    "أعلن الجيش أمس الأحد 3 أيلول 2017 مسؤوليته عن غارة على بلدة حارم. واتهم المرصد تنظيم داعش، ونفى التنظيم ذلك.",
    '{"texts": ["غارة روسية على حلب فقتل 12 مدنيا"], "min_score": 0.5}',
    '--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\nid,text\r\n1,قتل\r\n--x--\r\n',
    "غارة <b>روسية</b> على </script><!-- &lt; \u202e حلب",
)


def _jsonl(raw: bytes) -> None:
    from adwar.data.jsonl import parse_line, to_record, widen_to_words
    from adwar.data.schema import faults

    doc = parse_line(raw, file="fuzz", number=1)
    list(faults(doc))
    if not any(faults(widen_to_words(doc))):
        to_record(doc)


def _inputs(raw: bytes) -> None:
    from adwar.data.inputs import read_inputs

    how = raw[0] if raw else 0
    file = _file(("a.txt", "a.jsonl", "a.csv", "a.jsonl.gz")[how % 4], raw[1:])
    encoding = (None, None, "cp1256", "utf-16")[how // 4 % 4]
    on_error = None if how & 16 else lambda error: None
    list(read_inputs([str(file)], encoding=encoding, on_error=on_error, max_unpacked=1 << 20))


def _markup(raw: bytes) -> None:
    from adwar.data.markup import parse, render_all

    docs = list(parse(_text(raw), file="fuzz"))
    try:
        source = render_all(docs)
    except ValueError:
        return
    assert list(parse(source)) == docs


def _converters(raw: bytes) -> None:
    from adwar.data.formats import FORMATS

    names = sorted(name for name, held in FORMATS.items() if held.read and name != "brat")
    if raw:
        read = FORMATS[names[raw[0] % len(names)]].read
        file = _file("converted", raw[1:])
        assert read is not None
        list(read(file, repair=raw[0] >= 128))


def _brat(raw: bytes) -> None:
    from adwar.data.formats import read_brat

    folder = _file("brat/a.ann", raw[1:]).parent
    if not (folder / "a.txt").exists():
        (folder / "a.txt").write_text("قتل ثلاثة مدنيين\nفي غارة 😀 على حارم", encoding="utf-8")
    list(read_brat(folder, repair=bool(raw) and raw[0] >= 128))


def _windows(raw: bytes) -> None:
    from adwar.model.windows import windows

    limit = 1 + (raw[0] if raw else 0)
    sizes = list(raw[2:])
    found = windows(sizes, limit, (raw[1] if len(raw) > 1 else 0) % limit)
    assert [n for w in found for n in range(w.keep_start, w.keep_end)] == list(range(len(sizes)))


@cache
def _normalizer() -> Any:
    from adwar.model.cleanup import cleanup

    return cleanup()


def _cleanup(raw: bytes) -> None:
    from adwar.data.schema import words
    from adwar.model.arabic import clean, fold, tokens
    from adwar.model.sentences import sentences

    text = _text(raw)
    _normalizer().normalize_str(text)
    tokens(fold(text))
    clean(text)
    for spots in (words(text), sentences(text)):
        assert all(a < b for a, b in spots) and all(x[1] <= y[0] for x, y in itertools.pairwise(spots))


def _counts(raw: bytes) -> None:
    from adwar.model.count_kinds import count_kind
    from adwar.model.counts import read_count, read_noun

    before, text, after = ([*_text(raw).split("|", 2), "", ""])[:3]
    found = read_count(text, after=after, before=before)
    if found and found.min is not None and found.max is not None:
        assert found.min <= found.max
    read_noun(text)
    assert count_kind(before, text, after) in ("killed", "wounded", "taken", "destroyed", "casualties")


def _names(raw: bytes) -> None:
    from adwar.model.names import naming_form, strip_clitics

    text = _text(raw)
    name = strip_clitics(text)
    assert name in text or (name.startswith("ال") and name[2:] in text)
    naming_form(text, "attacker", text[::-1])


def _frames(raw: bytes) -> None:
    import json

    from adwar.data.schema import EVENT_TYPES, ROLES, words
    from adwar.model.frames import RoleSpan, Trigger, build_frame
    from adwar.model.link import RuleLinker, View
    from adwar.model.sentences import sentences

    text, picks = _text(raw[8:]), raw[:8]
    spots = words(text)[:40]
    spans, triggers = [], []
    for number, (a, b) in enumerate(spots):
        pick = picks[number % len(picks)]
        if pick % 7 == 6:
            triggers.append(Trigger(a, b, text[a:b], EVENT_TYPES[pick % 10], 0.9))
        elif pick % 7 < 5:
            spans.append(RoleSpan(a, b, text[a:b], ROLES[pick % 7], 0.9))
    lines = sentences(text)
    for group in RuleLinker().link(View(text, spans, triggers, lines)):
        if group.spans:
            trigger = triggers[group.trigger] if group.trigger is not None else None
            frame = build_frame(text, trigger, [spans[i] for i in group.spans], lines, "other")
            json.dumps(frame.to_dict())
            assert all(text[m.start : m.end] == m.text for m in (*frame.target, *frame.count, *frame.attacker))


def _config(raw: bytes) -> None:
    from adwar.train.config import load_config

    head, _, override = _text(raw).partition("\x00")
    file = _file("fuzz.yaml", head.encode("utf-8", "replace"))
    load_config(str(file), [override] if override else [])


def _dates(raw: bytes) -> None:
    from adwar.model.dates import find_dates, report_date

    text = _text(raw[1:])
    reported = date(2017, 9, 5) if raw[:1] < b"\x80" else None
    for mention, _ in find_dates(text, reported):
        assert text[mention.start : mention.end] == mention.text
        assert mention.first is None or mention.last is None or mention.first <= mention.last
    with contextlib.suppress(ValueError):
        report_date(text)


def _some_frames(raw: bytes) -> tuple[str, tuple[Any, ...]]:
    """A text, and frames of its words: eight bytes say which word plays what role."""
    from adwar.data.schema import ROLES, words
    from adwar.model.frames import RoleSpan, build_frame
    from adwar.model.sentences import sentences

    text, picks = _text(raw[8:]), raw[:8] or b"\0"
    lines, spans, at = sentences(text), [], 0
    spots = words(text)[:80]
    while at < len(spots):
        pick = picks[len(spans) % len(picks)]
        first, last = spots[at][0], spots[min(at + pick % 3, len(spots) - 1)][1]
        spans.append(RoleSpan(first, last, text[first:last], ROLES[pick % len(ROLES)], 0.9))
        at += 1 + pick % 5
    size = 1 + picks[0] % 6
    return text, tuple(build_frame(text, None, spans[n : n + size], lines, "other") for n in range(0, len(spans), size))


def _attribution(raw: bytes) -> None:
    from adwar.model.attribution import attribute
    from adwar.model.folded import tokenize
    from adwar.model.sentences import sentences

    text, frames = _some_frames(raw)
    tokens, spots = tokenize(text), sentences(text)
    for frame in frames:
        found = attribute(text, tokens, frame, spots[-2:])
        assert all(text[cue.start : cue.end] == cue.text for cue in found.cues)
        assert found.cue is None or (found.cue in found.cues and found.cue.status == found.status)


def _entities(raw: bytes) -> None:
    from adwar.model.entities import ROLES, entities_of

    _, frames = _some_frames(raw)
    found, numbered = entities_of(frames)
    assert [entity.id for entity in found] == list(range(len(found)))
    for frame in numbered:
        for role in ROLES:
            for mention in getattr(frame, role):
                assert found[mention.entity].role == role


@cache
def _gazetteer() -> Any:
    from adwar.model.gazetteer import own_gazetteer

    return own_gazetteer()


def _places(raw: bytes) -> None:
    import json

    from adwar.model.context import read_in_context
    from adwar.model.results import Prediction

    text, frames = _some_frames(raw)
    found = read_in_context(Prediction(text, (), frames, 1), reported=date(2017, 9, 5), gazetteer=_gazetteer())
    json.dumps(found.to_dict())
    for frame in found.frames:
        for mention in frame.location:
            assert text[mention.start : mention.end] == mention.text


class Strict(HTMLParser):
    """Takes what our pages are made of, and nothing that a text could bring in."""

    TAGS = frozenset(["div", "p", "bdi", "mark", "table", "thead", "tbody", "tr", "th", "td", "span", "ul", "li", "br"])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in self.TAGS, tag
        assert not any(name.startswith("on") or name in ("src", "href") for name, _ in attrs), attrs

    def unknown_decl(self, data: str) -> None:
        raise AssertionError(data)

    handle_decl = handle_comment = handle_pi = unknown_decl


def _html(raw: bytes) -> None:
    from stub_labeler import Stub

    from adwar.eval.html_text import isolated, marked_text
    from adwar.model.show import html_of

    text = _text(raw[8:])
    cuts = sorted({min(byte, len(text)) for byte in raw[:8]})
    spans = [{"start": a, "end": b, "role": text[:9]} for a, b in zip(cuts[::2], cuts[1::2], strict=False)]
    for page in (marked_text(text, spans), isolated(text), html_of(Stub().predict(text))):
        parser = Strict()
        parser.feed(page)
        parser.close()


class Quick:
    """A labeler for the service that reads by pattern."""

    def __init__(self) -> None:
        from stub_labeler import Stub

        self.stub = Stub()

    def read(self, texts: list[str]) -> list[str]:
        return texts

    def frames_of(self, reading: str, min_score: float = 0.0, reported: Any = None) -> Any:
        return self.stub.predict(reading)

    def predict(self, text: str, *, min_score: float = 0.0, date: Any = None) -> Any:
        return self.stub.predict(text)


@cache
def _service() -> tuple[Any, asyncio.AbstractEventLoop, Any]:
    """The application, started, the loop it runs in, and its lifespan, which must not be thrown away."""
    from adwar.serve.app import create_app
    from adwar.serve.settings import ServeSettings

    app = create_app(Quick(), ServeSettings(max_body=3000, max_chars=500, timeout=20.0))  # type: ignore[arg-type]
    loop = asyncio.new_event_loop()
    held = app.router.lifespan_context(app)
    loop.run_until_complete(held.__aenter__())
    return app, loop, held


_KINDS = (b"application/json", b"multipart/form-data; boundary=x", b"text/plain", b"", b"application/json; charset=x")


def _http(raw: bytes) -> None:
    import json

    app, loop, _ = _service()
    how, body = (raw[0] if raw else 0), raw[1:]
    path = ("/predict", "/extract")[how % 2]
    headers = [(b"host", b"x"), (b"content-type", _KINDS[how // 2 % len(_KINDS)])]
    scope = {"type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST", "scheme": "http"}
    scope |= {"path": path, "raw_path": path.encode(), "query_string": b"", "root_path": "", "headers": headers}
    scope |= {"client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80)}
    told: list[dict[str, Any]] = []
    given = False

    async def receive() -> dict[str, Any]:
        nonlocal given
        if given:
            await asyncio.Event().wait()  # the client stays and waits
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        told.append(message)

    loop.run_until_complete(app(scope, receive, send))
    status, content = told[0]["status"], b"".join(one.get("body", b"") for one in told[1:])
    assert status in (200, 400, 413, 415, 422), (status, content)
    if path == "/predict" or status != 200:
        assert json.loads(content)


TARGETS: dict[str, Callable[[bytes], None]] = {
    "jsonl": _jsonl,
    "inputs": _inputs,
    "markup": _markup,
    "converters": _converters,
    "brat": _brat,
    "windows": _windows,
    "cleanup": _cleanup,
    "counts": _counts,
    "names": _names,
    "frames": _frames,
    "config": _config,
    "dates": _dates,
    "attribution": _attribution,
    "entities": _entities,
    "places": _places,
    "html": _html,
    "http": _http,
}
_scratch = tempfile.TemporaryDirectory(prefix="fuzz-", dir="/dev/shm" if Path("/dev/shm").is_dir() else None)


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "replace")


def _file(name: str, raw: bytes) -> Path:
    file = Path(_scratch.name) / name
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(raw)
    return file


def tried(target: Callable[[bytes], None], raw: bytes) -> None:
    """Run ``target`` on ``raw``: the project's own errors are what it may raise."""
    from adwar.data.errors import DataError
    from adwar.train.config import ConfigError

    try:
        target(raw)
    except (DataError, ConfigError) as error:
        assert str(error)
