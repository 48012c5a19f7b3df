"""Any text, any bytes, any YAML: the config loader, HTTP bodies, HTML pages and the tokenizer's clean-up hold what they
promise. Readers, markup and converters have such tests of their own."""

import json
import re

import pytest
import stub_labeler
import yaml
from conftest import Found, Guess, build_tokenizer
from documents_strategy import documents_of_any_text
from event_rows import TEXT, event_row, write_table
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from strict_page import StrictPage

from adwar.data.schema import ROLES, words
from adwar.eval.html_report import html_report
from adwar.eval.html_text import marked_text, visible
from adwar.eval.whole import whole_report
from adwar.model.cleanup import SILENT, cleanup
from adwar.model.encoding import Settings, encode_all
from adwar.model.show import html_of
from adwar.report.page import events_page
from adwar.train.config import ConfigError, RunConfig, load_config
from adwar.train.pretrain_config import PretrainConfig

FEW = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
SOME = settings(FEW, max_examples=100)
ANY = st.text(st.characters(codec=None), max_size=40)
ODD = st.one_of(ANY, st.text(alphabet="<>&\"'/=;{}\x00\u202e\u2069\ufeff\n\t قتل3", max_size=40))
SCALARS = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=10))
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
)

# ------------------------------------------------------------------ configs


@pytest.fixture(scope="module")
def yaml_file(tmp_path_factory):
    return tmp_path_factory.mktemp("config") / "any.yaml"


def loaded(file, overrides, kind):
    """The config, or None where it is refused, in one line that names the file or the override."""
    try:
        return load_config(str(file), overrides, kind)
    except ConfigError as error:
        assert str(error) and (str(file) in str(error) or any(repr(o) in str(error) for o in overrides))
        return None


@SOME
@given(raw=st.one_of(st.binary(max_size=80), ODD.map(lambda t: t.encode("utf-8", "replace"))), override=ODD)
def test_no_bytes_break_the_config_loader(yaml_file, raw, override):
    yaml_file.write_bytes(raw)
    for kind in (RunConfig, PretrainConfig):
        loaded(yaml_file, [override], kind)


KEYS = {"data": ["train", "repair"], "model": ["window", "encoder", "random"], "optim": ["patience", "mask_pieces"]}
SECTION = st.one_of(
    VALUES, *(st.dictionaries(st.sampled_from([*names, "other"]), VALUES, max_size=3) for names in KEYS.values())
)


@SOME
@given(raw=st.dictionaries(st.sampled_from([*KEYS, "seeds", "output", "training", "x"]), SECTION, max_size=4))
def test_a_config_of_any_values_is_refused_or_comes_back_the_same(yaml_file, raw):
    try:
        yaml_file.write_text(yaml.safe_dump(raw, allow_unicode=True), encoding="utf-8")
    except (UnicodeEncodeError, yaml.YAMLError):
        return
    config = loaded(yaml_file, [], RunConfig)
    if config is not None:
        yaml_file.write_text(yaml.safe_dump(config.to_dict(), allow_unicode=True), encoding="utf-8")
        again = load_config(str(yaml_file))
        assert repr(again) == repr(config)  # NaN is not equal to itself


# ------------------------------------------------------------------ HTTP bodies


class Quick:
    """A labeler for the service that reads by pattern, so that thousands of bodies can be tried."""

    def __init__(self):
        self.stub = stub_labeler.Stub()

    def read(self, texts):
        return list(texts)

    def frames_of(self, reading, min_score=0.0, reported=None):
        return self.stub.predict(reading)

    def predict(self, text, *, min_score=0.0, date=None):
        return self.stub.predict(text)


@pytest.fixture(scope="module")
def client():
    pytest.importorskip("fastapi", reason="the service is not installed: pip install 'adwar[serve]'")
    from fastapi.testclient import TestClient

    from adwar.serve.app import create_app
    from adwar.serve.settings import ServeSettings

    limits = ServeSettings(max_body=5_000, max_chars=300, max_texts=4, max_reports=4)
    with TestClient(create_app(Quick(), limits), raise_server_exceptions=False) as client:
        yield client


REFUSED = (400, 413, 415, 422)


def answered(answer):
    """The JSON of an answer that is none of a fault of ours; its security headers stand."""
    assert answer.status_code in (200, *REFUSED), answer.text
    assert answer.headers["x-content-type-options"] == "nosniff" and "default-src 'none'" in str(answer.headers)
    if answer.status_code != 200:
        assert json.loads(answer.content)["detail"]
    return answer


KINDS = st.sampled_from(["application/json", "text/plain", "multipart/form-data; boundary=x", "application/x", "\x7f"])


@SOME
@given(body=st.one_of(st.binary(max_size=200), ODD.map(lambda t: t.encode("utf-8", "replace"))), kind=KINDS)
def test_no_body_breaks_the_service(client, body, kind):
    for path in ("/predict", "/extract"):
        answered(client.post(path, content=body, headers={"content-type": kind}))


ASKED = st.fixed_dictionaries(
    {}, optional={"text": st.one_of(ANY, VALUES), "texts": st.one_of(st.lists(ANY), VALUES), "min_score": VALUES}
)


@SOME
@given(asked=st.one_of(ASKED, VALUES))
def test_any_json_is_answered_or_refused_with_a_reason(client, asked):
    answer = answered(client.post("/predict", content=json.dumps(asked), headers={"content-type": "application/json"}))
    if answer.status_code == 200:
        texts = asked["texts"] if asked.get("texts") is not None else [asked["text"]]
        found = answer.json()["predictions"]
        assert [one["text"] for one in found] == texts
        for one in found:
            assert all(one["text"][s["start"] : s["end"]] == s["text"] for s in one["spans"])


@FEW
@given(name=ANY, raw=st.one_of(st.binary(max_size=200), ODD.map(lambda t: t.encode("utf-8", "replace"))))
def test_any_file_is_answered_or_refused_with_a_reason(client, name, raw):
    plain = re.sub(r"[\ud800-\udfff]", "?", name)
    for kind in (".txt", ".jsonl", ".csv", ""):
        answered(client.post("/extract", files={"file": (plain + kind, raw)}))


@pytest.mark.slow
def test_the_service_keeps_to_its_description():
    """schemathesis makes requests from the OpenAPI description, good and bad, and checks each answer against it."""
    pytest.importorskip("fastapi", reason="the service is not installed: pip install 'adwar[serve]'")
    schemathesis = pytest.importorskip("schemathesis", reason="pip install 'adwar[dev]'")
    from schemathesis.specs.openapi.checks import positive_data_acceptance as beyond_the_schema
    from serving import running

    from adwar.serve.app import create_app

    # what no schema says and 422 tells: one of text and texts, columns that a file must have
    checked = []
    with running(create_app(Quick())) as port:
        schema = schemathesis.openapi.from_url(f"http://127.0.0.1:{port}/openapi.json")
        for result in schema.get_all_operations():
            operation = result.ok()

            @settings(FEW, suppress_health_check=list(HealthCheck), derandomize=True)
            @given(case=operation.as_strategy())
            def keeps(case):
                case.call_and_validate(timeout=20, excluded_checks=[beyond_the_schema])

            keeps()
            checked.append(operation.path)
    assert {"/predict", "/extract", "/health", "/ready"} <= set(checked)


# ------------------------------------------------------------------ HTML


class Page(StrictPage):
    """Keeps what is executed, what is styled inline, the words in isolates, and all words."""

    DRAWN = frozenset({"line", "circle", "rect", "path", "polyline"})

    def __init__(self, source):
        self.run, self.handlers, self.isolates = 0, [], []
        super().__init__(source)

    def handle_starttag(self, tag, attrs):
        super().handle_starttag(tag, attrs)
        self.run += tag in ("script", "iframe", "object", "embed", "base") and "type" not in dict(attrs)
        self.handlers += [name for name, _ in attrs if name.startswith("on")]
        self.isolates += [""] if tag == "bdi" else []

    def handle_data(self, data):
        super().handle_data(data)
        if "bdi" in self.open:
            self.isolates[-1] += data


def safe(source, scripts):
    page = Page(source)
    assert page.fetched == [] and page.handlers == [] and page.run == scripts
    assert not set(source) & set("\x00\x1b\u202e\u2066\u2069\ufeff")
    source.encode("utf-8")
    return page


@SOME
@given(text=ODD, cuts=st.sets(st.integers(0, 40), max_size=6), role=st.sampled_from([*ROLES, '"><b>']))
def test_marked_text_shows_each_character_in_its_place(text, cuts, role):
    spots = sorted(cut for cut in cuts if cut <= len(text))
    spans = [{"start": a, "end": b, "role": role, "score": 0.5} for a, b in zip(spots[::2], spots[1::2], strict=False)]
    page = safe(marked_text(text, spans), 0)
    assert page.words == visible(text).replace("\r\n", "\n").replace("\r", "\n") or page.words == visible(text)
    assert page.isolates == [visible(text[s["start"] : s["end"]]) for s in spans]


@FEW
@given(doc=documents_of_any_text(texts=ODD, titles=ODD, ids=ODD.filter(bool)), title=ODD, score=st.floats(0, 1))
def test_the_page_of_an_evaluation_holds_no_markup_of_a_text(doc, title, score):
    guess = Guess([Found(s.start, s.end, role, score) for role, s in doc.role_spans()][1:], [])
    report = whole_report([doc], [guess], read=lambda text: None, texts=True)
    page = safe(html_report([(title, report)], title=title), 1)
    assert len(page.ids) == len(set(page.ids))


@FEW
@given(said=ODD, title=ODD, before=ODD)
def test_the_page_of_events_holds_no_markup_of_a_text(tmp_path, said, title, before):
    row = event_row(said, text=before + TEXT, type=said, trigger=said, document_title=said, country=said, date=said)
    row |= {role: [said] for role in ("attacker", "target", "location", "source")}
    source, told = events_page(str(write_table(tmp_path / "e.jsonl", [row])), title=title)
    safe(source, 1)
    assert told.events == 1


@FEW
@given(parts=st.lists(st.one_of(ODD, st.just("غارة روسية على حلب قتلت 12 مدنيا. ")), max_size=4))
def test_a_shown_prediction_holds_no_markup_of_a_text(parts):
    prediction = stub_labeler.Stub().predict("".join(parts))
    page = Page(html_of(prediction))
    assert page.fetched == [] and page.handlers == [] and page.run == 0


# ------------------------------------------------------------------ clean-up


NORMAL = cleanup()


@SOME
@given(text=st.text(max_size=40))
def test_clean_up_leaves_no_silent_mark_and_is_done_once(text):
    clean = NORMAL.normalize_str(text)
    assert not re.search(SILENT, clean)
    assert NORMAL.normalize_str(clean) == clean
    assert len(clean) <= 18 * len(text)  # ﷺ is the longest that one character becomes


@pytest.fixture(scope="module")
def tokenizer():
    return build_tokenizer(["قتل ثلاثة مدنيين في غارة على بلدة حارم احمد الرقة 12 35 100"] * 20, 300)


@SOME
@given(text=ODD, marks=st.text(alphabet="\u064b\u064e\u0651\u0670\u0640\u200f\u200b", max_size=4))
def test_pieces_stand_at_their_places_in_the_text(tokenizer, text, marks):
    text = text + "غا" + marks + "رة" + text
    (found,) = encode_all([text], tokenizer, Settings(32, 8))
    assert found.words == words(text)
    kept = [int(w) for piece in found.windows for w in piece.words]
    assert kept == sorted(set(kept)) and all(0 <= w < len(found.words) for w in kept)
    assert all(len(piece.ids) <= 32 for piece in found.windows)
