"""The API as clients meet it: answers, limits with their status codes, the token, batches, hostile texts."""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import get_args

import pytest

pytest.importorskip("fastapi", reason="the service is not installed: pip install 'adwar[serve]'")
from fastapi.testclient import TestClient
from serving import Gated, wait_until

from adwar.model.loading import load
from adwar.serve import schemas
from adwar.serve.app import create_app
from adwar.serve.settings import ServeSettings
from adwar.serve.token import Token

SECRET = "a-secret-of-24-characters"


@pytest.fixture(scope="module")
def client(labeler):
    with TestClient(create_app(labeler, ServeSettings(max_wait=60), version="9.9")) as client:
        yield client


def narrow(labeler, timeout):
    """A client of a service with narrow limits, around a labeler that can be held up."""
    gated = Gated(labeler)
    settings = ServeSettings(
        max_body=20_000,
        max_chars=2_000,
        max_texts=3,
        max_reports=4,
        queue_pieces=600,
        max_wait=60,
        timeout=timeout,
        max_requests=6,
    )
    with TestClient(create_app(gated, settings)) as client:
        client.gated = gated
        yield client
        gated.gate.set()


@pytest.fixture
def small(labeler):
    yield from narrow(labeler, timeout=60)


@pytest.fixture
def hasty(labeler):
    yield from narrow(labeler, timeout=0.4)


def frames_of(answer):
    assert answer.status_code == 200, answer.text
    return [p["frames"] for p in answer.json()["predictions"]]


@pytest.fixture(scope="module")
def embedded():
    return load()


TOLD = (
    "أعلنت وزارة الدفاع الروسية أمس الثلاثاء أن مقاتلاتها قصفت مقرا قرب مدينة دير الزور، ما أدى إلى مقتل 40 مسلحا "
    "وإصابة عشرة آخرين. وتبنى تنظيم الدولة تفجيرا في بغداد قتل فيه ثلاثة جنود، بحسب الشرطة."
)


def undescribed(model, answer, at=""):
    """The keys of ``answer`` that ``model`` and the models in it do not describe."""
    found = []
    if isinstance(answer, list):
        return [key for one in answer for key in undescribed(model, one, at)]
    if not isinstance(answer, dict):
        return found
    for key, value in answer.items():
        if key not in model.model_fields:
            found.append(f"{at}{key}")
        else:
            kind = model.model_fields[key].annotation
            for one in (kind, *get_args(kind)):
                if isinstance(one, type) and issubclass(one, schemas.BaseModel):
                    found += undescribed(one, value, f"{at}{key}.")
    return found


def test_all_that_is_answered_is_described(embedded):
    answers = [prediction.to_dict() for prediction in embedded.predict_many([TOLD, ""])]
    frames = answers[0]["frames"]
    assert frames and answers[0]["dates"] and any(frame["killed"] for frame in frames)
    for answer in answers:
        schemas.Prediction.model_validate(answer)
        assert undescribed(schemas.Prediction, answer) == []
    assert undescribed(schemas.Prediction, {"frames": [{"new": 1}]}) == ["frames.new"]


def test_the_reports_date_is_what_yesterday_is_read_against(embedded):
    with TestClient(create_app(embedded, ServeSettings(max_wait=60))) as client:
        asked = {"text": TOLD, "date": "2017-09-06"}
        (answer,) = client.post("/predict", json=asked).json()["predictions"]
        assert answer == json.loads(json.dumps(embedded.predict(TOLD, date="2017-09-06").to_dict()))
        assert answer["date"] == "2017-09-06" and answer["dates"][0]["value"] == "2017-09-05"
        wrong = client.post("/predict", json=asked | {"date": "06/09/2017"})
        assert wrong.status_code == 422 and "YYYY-MM-DD" in wrong.text


def test_predict_gives_what_the_labeler_gives(client, labeler, documents):
    alone = client.post("/predict", json={"text": documents[0].text})
    assert alone.json() == {"predictions": [labeler.predict(documents[0].text).to_dict()]}
    texts = [d.text for d in documents]
    several = client.post("/predict", json={"texts": texts}).json()["predictions"]
    assert [p["text"] for p in several] == texts
    assert [len(p["frames"]) for p in several] == [2, 0, 1]


def test_min_score_is_each_requests_own(client, documents):
    assert frames_of(client.post("/predict", json={"text": documents[0].text, "min_score": 1.0})) == [[]]
    assert len(frames_of(client.post("/predict", json={"text": documents[0].text}))[0]) == 2


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({}, "either 'text' or 'texts'"),
        ({"text": "a", "texts": ["b"]}, "either 'text' or 'texts'"),
        ({"texts": []}, "at least 1 item"),
        ({"text": 12}, "valid string"),
        ({"texts": ["a", None]}, "valid string"),
        ({"text": "a", "min_score": 2}, "less than or equal to 1"),
        ({"text": "a", "model": "x"}, "Extra inputs"),
        ({"text": "half \ud83d"}, "half a surrogate pair"),
        ([], "valid dictionary"),
    ],
)
def test_wrong_requests_are_told(client, body, told):
    content = json.dumps(body).encode()
    answer = client.post("/predict", content=content, headers={"content-type": "application/json"})
    assert answer.status_code == 422 and told in json.dumps(answer.json())


@pytest.mark.parametrize("content", [b"{", b"\xff\xfe{}", b"[" * 100_000, b'{"text": NaN', b""])
def test_bodies_that_are_no_json(client, content):
    answer = client.post("/predict", content=content, headers={"content-type": "application/json"})
    assert answer.status_code in (400, 422) and answer.json()["detail"]


def test_refusals_do_not_repeat_the_text(client):
    content = b'{"texts": ["PRIVATE", 3], "odd\\ud800": "PRIVATE"}'
    answer = client.post("/predict", content=content, headers={"content-type": "application/json"})
    assert answer.status_code == 422 and "PRIVATE" not in answer.text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<script>alert(1)</script> قتل ثلاثة مدنيين </textarea><img src=x onerror=alert(1)>",
        "\u202eقتل\u202c \u2066ثلاثة\u2069 \u200fمدنيين\u200f \u2067",
        "😀 قتل 👨‍👩‍👧 ثلاثة مدنيين",
        "قتل\r\nثلاثة\x00\x01 مدنيين\u2028\u2029",
    ],
)
def test_hostile_texts_come_back_as_they_went(client, text):
    found = client.post("/predict", json={"text": text}).json()["predictions"][0]
    assert found["text"] == text
    assert all(text[s["start"] : s["end"]] == s["text"] for s in found["spans"])


def test_twenty_thousand_words(client, documents):
    filler = documents[1].text + "\n"
    text = filler * (20_000 // len(filler.split()) + 1) + documents[0].text
    assert len(text.split()) > 20_000
    found = client.post("/predict", json={"text": text}).json()["predictions"][0]
    assert found["windows"] > 10 and max(s["end"] for s in found["spans"]) > len(text) - 40


# ── batches ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_requests_of_different_clients_are_read_together(small, documents, labeler):
    texts = [documents[n % 3].text for n in range(6)]
    small.gated.gate.clear()
    with ThreadPoolExecutor(6) as pool:
        first = pool.submit(small.post, "/predict", json={"text": texts[0]})
        wait_until(lambda: small.gated.batches)
        rest = [pool.submit(small.post, "/predict", json={"text": text}) for text in texts[1:]]
        wait_until(lambda: "adwar_queue_texts 5.0" in small.get("/metrics").text)
        small.gated.gate.set()
        answers = [one.result() for one in [first, *rest]]
    assert small.gated.batches == [1, 5]
    for text, answer in zip(texts, answers, strict=True):
        found, alone = answer.json()["predictions"][0], labeler.predict(text).to_dict()
        assert [(s["role"], s["start"], s["end"]) for s in found["spans"]] == [
            (s["role"], s["start"], s["end"]) for s in alone["spans"]
        ]
        assert [s["score"] for s in found["spans"]] == pytest.approx([s["score"] for s in alone["spans"]], abs=1e-5)
        assert len(found["frames"]) == len(alone["frames"])


def test_a_text_that_fails_harms_no_neighbour(small, documents):
    small.gated.gate.clear()
    with ThreadPoolExecutor(3) as pool:
        first = pool.submit(small.post, "/predict", json={"text": "x"})
        wait_until(lambda: small.gated.batches)
        bad = pool.submit(small.post, "/predict", json={"text": "BOOM"})
        good = pool.submit(small.post, "/predict", json={"text": documents[0].text})
        wait_until(lambda: "adwar_queue_texts 2.0" in small.get("/metrics").text)
        small.gated.gate.set()
        assert first.result().status_code == 200 and len(frames_of(good.result())[0]) == 2
        assert bad.result().status_code == 500 and "could not be read" in bad.result().json()["detail"]
    assert "adwar_failures_total 1.0" in small.get("/metrics").text


def test_a_batch_stays_within_its_budget(labeler):
    gated = Gated(labeler)
    with TestClient(create_app(gated, ServeSettings(batch_pieces=100))) as client:
        assert client.post("/predict", json={"texts": ["ا" * 100] * 5 + ["ب" * 1000]}).status_code == 200
    assert gated.batches == [2, 2, 1, 1]


# ── limits ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_bodies_too_large(small):
    for content in (b"x" * 20_001, iter([b"x" * 15_000] * 3)):
        answer = small.post("/predict", content=content)
        assert answer.status_code == 413 and "20000 bytes" in answer.json()["detail"]


def test_texts_too_long_or_too_many(small):
    long = small.post("/predict", json={"texts": ["", "ا" * 2_001]})
    assert long.status_code == 422 and "text 1 has 2001 characters; at most 2000" in long.json()["detail"]
    many = small.post("/predict", json={"texts": [""] * 4})
    assert many.status_code == 422 and "4 texts; at most 3" in many.json()["detail"]
    assert small.post("/predict", json={"texts": ["ا" * 2_000] * 2}).status_code == 413


@pytest.mark.parametrize("coding", ["gzip", "br", "deflate"])
def test_compressed_bodies_are_refused(client, coding):
    answer = client.post("/predict", content=b"\x1f\x8b", headers={"content-encoding": coding})
    assert answer.status_code == 415 and answer.headers["accept-encoding"] == "identity"


def test_a_full_queue_says_when_to_come_again(small):
    small.gated.gate.clear()
    with ThreadPoolExecutor(4) as pool:
        first = pool.submit(small.post, "/predict", json={"text": "x"})
        wait_until(lambda: small.gated.batches)
        second = pool.submit(small.post, "/predict", json={"text": "ا" * 2_000})
        wait_until(lambda: "adwar_queue_texts 1.0" in small.get("/metrics").text)
        third = small.post("/predict", json={"text": "ا" * 500})
        assert third.status_code == 503 and 1 <= int(third.headers["retry-after"]) <= 120
        small.gated.gate.set()
        assert [first.result().status_code, second.result().status_code] == [200, 200]
    assert small.post("/predict", json={"text": "x"}).status_code == 200


def test_what_is_given_up_leaves_the_queue(hasty):
    hasty.gated.gate.clear()
    for _ in range(2):  # the first is being read, the second waits: both run out of time
        answer = hasty.post("/predict", json={"text": "ا" * 1_000})
        assert answer.status_code == 504 and "not read in time" in answer.json()["detail"]
    page = hasty.get("/metrics").text
    assert "adwar_queue_texts 0.0" in page and "adwar_queue_pieces 0.0" in page
    hasty.gated.gate.set()
    assert hasty.post("/predict", json={"text": "x"}).status_code == 200
    assert hasty.gated.batches == [1, 1]


def test_too_many_requests_at_once(hasty):
    hasty.gated.gate.clear()
    with ThreadPoolExecutor(8) as pool:
        sent = [pool.submit(hasty.post, "/predict", json={"text": "x"}) for _ in range(8)]
        statuses = [one.result().status_code for one in sent]
    assert set(statuses) == {503, 504} and hasty.get("/health").status_code == 200


# ── files ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_extract_gives_a_row_an_event(client, documents):
    lines = "".join(json.dumps({"id": d.id, "text": d.text}) + "\n" for d in documents)
    answer = client.post("/extract?format=jsonl", files={"file": ("in.jsonl", lines)})
    rows = [json.loads(line) for line in answer.text.splitlines()]
    assert [(r["document"], r["event"], r["type"]) for r in rows] == [
        ("a-1", 1, "airstrike"),
        ("a-1", 2, "shooting"),
        ("a-3", 1, "bombing"),
    ]
    assert answer.headers["x-adwar-reports"] == "3" and answer.headers["x-adwar-events"] == "3"
    assert documents[0].text[rows[0]["trigger"]["start"] :].startswith("غارة")


def test_extract_as_csv(client, labeler, documents):
    import csv
    import io

    from adwar.serve.table import BETWEEN, amount

    answer = client.post("/extract", files={"file": ("تقرير.txt", documents[0].text)})
    assert (
        answer.text.startswith("\ufeffdocument,event,type,score")
        and "attachment" in answer.headers["content-disposition"]
    )
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    frames = labeler.predict(documents[0].text).frames  # a tiny model's, which need not be the same everywhere
    assert frames and [r["document"] for r in rows] == ["تقرير"] * len(frames) and rows[0]["target"]
    for row, frame in zip(rows, frames, strict=True):
        for role in ("attacker", "target", "location", "source"):
            assert row[role] == BETWEEN.join(mention.name for mention in getattr(frame, role))
        assert row["wounded"] == BETWEEN.join(amount(count) for count in frame.count if count.kind == "wounded")


def test_extract_reads_every_report_against_its_own_date(client, labeler, documents):
    import csv
    import io

    text = f"أمس {documents[0].text}"
    days = ("2017-09-05", "2024-03-01", "")
    lines = "".join(json.dumps({"text": text, "day": day}) + "\n" for day in days)
    answer = client.post("/extract", params={"date_column": "day"}, files={"file": ("a.jsonl", lines)})
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    expected = []
    for number, day in enumerate(days, 1):
        for frame in labeler.predict(text, date=day or None).frames:
            expected.append((f"a:{number}", (frame.date.value or "") if frame.date else ""))
    assert [(row["document"], row["date"]) for row in rows] == expected
    assert {"2017-09-04", "2024-02-29", ""} <= {date for _, date in expected}


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('{"text": "x", "day": "soon"}', "a.jsonl:1: the report's date 'soon' cannot be read"),
        ('{"text": "x"}', "no date"),
    ],
)
def test_extract_tells_a_date_that_cannot_be_read(small, line, told):
    answer = small.post("/extract", params={"date_column": "day"}, files={"file": ("a.jsonl", line)})
    assert answer.status_code == 422 and told in answer.json()["detail"]


def test_a_table_runs_no_formula(client, documents):
    line = json.dumps({"id": "=HYPERLINK(1)", "text": documents[0].text})
    assert "\r\n'=HYPERLINK(1),1," in client.post("/extract", files={"file": ("a.jsonl", line)}).text


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.pdf", b"%PDF", "a.pdf: unknown kind of file"),
        ("../../etc/a.jsonl", b'{"text": "x"}\n{bad\n', "a.jsonl:2: not JSON"),
        ("a.jsonl", b'{"txt": "x"}\n', "found: txt); name it with text_column"),
        ("a.jsonl", b'{"text": "\\ud800"}', "half a surrogate pair"),
        ("a.txt", "غارة".encode("cp1256"), "a.txt: not UTF-8"),
        ("a.csv", b"id,text\n1\n", "too few columns"),
        ("a.txt", "ا".encode() * 2_001, "2001 characters; this service reads at most 2000"),
        ("a.jsonl", b'{"text": "x"}\n' * 5, "more than 4 reports"),
    ],
)
def test_files_that_cannot_be_read_are_told_by_line(small, name, content, told):
    answer = small.post("/extract", files={"file": (name, content)})
    assert answer.status_code == 422 and told in answer.json()["detail"]


def test_a_large_file_leaves_room_for_others(small):
    small.gated.gate.clear()
    lines = '{"text": "%s"}\n' % ("ا" * 300) * 4  # 91 pieces each; a quarter of the queue are 150
    with ThreadPoolExecutor(1) as pool:
        sent = pool.submit(small.post, "/extract", files={"file": ("a.jsonl", lines)})
        wait_until(lambda: small.gated.batches)
        assert "adwar_queue_texts 0.0" in small.get("/metrics").text
        small.gated.gate.set()
        assert sent.result().headers["x-adwar-reports"] == "4"


def test_extract_without_a_file(client):
    assert client.post("/extract", data={"file": "x"}).status_code == 422
    assert client.post("/extract?format=xls", files={"file": ("a.txt", "x")}).status_code == 422


# ── token, state, page ─────────────────────────────────────────────────────────────────────────────────────────────


def test_the_token_guards_all_but_page_and_health(labeler):
    with TestClient(create_app(labeler, token=Token(SECRET))) as client:
        for path in ("/", "/static/app.js", "/health", "/ready", "/openapi.json"):
            assert client.get(path).status_code == 200
        assert client.get("/health").json()["token"] is True
        for method, path in (("POST", "/predict"), ("POST", "/extract"), ("GET", "/metrics"), ("GET", "/other")):
            for header in ({}, {"authorization": "Bearer wrong"}, {"authorization": f"Basic {SECRET}"}):
                answer = client.request(method, path, headers=header)
                assert answer.status_code == 401 and answer.headers["www-authenticate"] == "Bearer"
                assert SECRET not in answer.text
        right = {"authorization": f"bearer {SECRET}"}
        assert client.post("/predict", json={"text": ""}, headers=right).status_code == 200
        assert client.get("/metrics", headers=right).status_code == 200
        described = client.get("/openapi.json").json()
        assert described["paths"]["/predict"]["post"]["security"] == [{"bearer": []}]


def test_pages_of_other_sites_are_refused(client):
    for site, status in (("cross-site", 403), ("same-site", 403), ("same-origin", 200), ("none", 200)):
        answer = client.post("/predict", json={"text": ""}, headers={"sec-fetch-site": site})
        assert answer.status_code == status


def test_health_ready_and_metrics(client):
    assert client.get("/health").json()["version"] == "9.9"
    assert client.get("/ready").json() == {"status": "ready"}
    client.get("/no/such/path")
    page = client.get("/metrics").text
    assert 'adwar_requests_total{method="GET",route="other",status="404"}' in page and "no/such" not in page
    assert "adwar_texts_total" in page and "process_resident_memory_bytes" in page


def test_a_service_that_ends_is_not_ready(labeler):
    with TestClient(create_app(labeler)) as client:
        pass
    assert client.get("/ready").status_code == 503
    for answer in (
        client.post("/predict", json={"text": ""}),
        client.post("/extract", files={"file": ("a.txt", "x")}),
    ):
        assert answer.status_code == 503 and answer.headers["retry-after"] == "5"


def test_the_description_has_examples_and_every_status(client):
    described = client.get("/openapi.json").json()
    assert described["components"]["schemas"]["PredictRequest"]["examples"][0]["text"]
    for path in ("/predict", "/extract"):
        statuses = set(described["paths"][path]["post"]["responses"])
        assert {"200", "401", "408", "413", "415", "422", "503", "504"} <= statuses


def test_every_answer_bears_the_security_headers(client):
    for answer in (client.get("/"), client.get("/nowhere"), client.post("/predict", content=b"{")):
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy and "unsafe" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"


def test_page_files_are_fresh_and_nothing_else_is_served(client):
    first = client.get("/static/app.js")
    assert first.status_code == 200 and first.headers["content-type"].startswith("text/javascript")
    again = client.get("/static/app.js", headers={"if-none-match": first.headers["etag"]})
    assert again.status_code == 304 and not again.content
    for path in ("/static/../app.py", "/static/%2e%2e%2fapp.py", "/static/none.js", "/docs", "/redoc"):
        assert client.get(path).status_code == 404


def test_who_would_wait_too_long_is_told_at_once(labeler):
    """One text is read and three wait; another would stand behind more work than ``max_wait`` allows."""
    gated = Gated(labeler)
    gated.gate.clear()
    with TestClient(create_app(gated, ServeSettings(max_wait=0.001))) as client, ThreadPoolExecutor() as pool:
        sent = [pool.submit(client.post, "/predict", json={"text": "x"})]
        wait_until(lambda: gated.batches)
        sent.append(pool.submit(client.post, "/predict", json={"texts": ["x", "y", "z"]}))
        wait_until(lambda: "adwar_queue_texts 3.0" in client.get("/metrics").text)
        refused = client.post("/predict", json={"text": "x"})
        gated.gate.set()
        assert refused.status_code == 503 and int(refused.headers["retry-after"]) >= 1
        assert [one.result().status_code for one in sent] == [200, 200]
        # a file's texts come one behind the other, and none is lost for it
        rows = "".join(json.dumps({"id": str(n), "text": "قتل جندي"}) + "\n" for n in range(6))
        answer = client.post("/extract", files={"file": ("a.jsonl", rows)})
        assert answer.status_code == 200 and answer.headers["x-adwar-reports"] == "6"
