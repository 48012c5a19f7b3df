"""The page in a real browser: offsets behind emoji, corrections by mouse and keyboard, hostile texts, two languages.

Skipped, with a word why, where Playwright or a Chromium is missing (Debian: ``apt-get install chromium``).
"""

import json
import shutil
from dataclasses import replace
from unicodedata import category

import pytest

pytest.importorskip("fastapi", reason="the service is not installed: pip install 'adwar[serve]'")
pytest.importorskip("playwright", reason="no Playwright: pip install playwright")
from playwright.sync_api import sync_playwright
from serving import running, wait_until

from adwar.data.check import check_files
from adwar.data.jsonl import read_jsonl
from adwar.data.schema import words
from adwar.model.frames import CountMention, EventFrame, Mention, Prediction, RoleSpan
from adwar.model.results import Attribution, Cue, DateMention
from adwar.serve.app import create_app
from adwar.serve.token import Token

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))), None)
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine: apt-get install chromium"),
]

EMOJI = "عاجل 😀👨‍👩‍👧 "
SENTENCE = "قتل جنديين في غارة روسية على حارم بحسب مصدر طبي وفي انفجار آخر جرح ناشط"
HOSTILE = (
    '<script>window.broken=1</script><img src=x onerror="window.broken=1"> قتل \u202eمقلوب abc\u202c '
    "</textarea></mark><style>*{display:none}</style> &lt;b&gt; \u2067غارة في حارم"
)


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def address(labeler):
    with running(create_app(labeler, version="9.9")) as port:
        yield f"http://127.0.0.1:{port}/"


@pytest.fixture
def page(browser, address):
    """The page in English; fails on any error, any broken policy and any request to another host."""
    yield from opened(browser, address, locale="en-GB")


def opened(browser, address, **options):
    context = browser.new_context(**options)
    page = context.new_page()
    page.wrong = []
    page.on("pageerror", lambda error: page.wrong.append(str(error)))
    page.on("console", lambda said: page.wrong.append(said.text) if said.type == "error" else None)
    page.on("request", lambda asked: None if asked.url.startswith((address, "blob:")) else page.wrong.append(asked.url))
    page.goto(address)
    yield page
    assert page.wrong == []
    context.close()


def at(text, part, role=None, score=0.9):
    start = text.index(part)
    spot = (start, start + len(part), part)
    return RoleSpan(*spot, role, score) if role else Mention(*spot, part, score)


def prediction_of(text):
    """A made-up reading: two events that share a location, a number read off a noun, a span that no event has."""
    two = CountMention(*(getattr(at(text, "جنديين"), f) for f in ("start", "end", "text", "text")), 0.8, 2, 2, 2)
    m = lambda part: at(text, part)  # noqa: E731
    first = EventFrame(
        "airstrike", m("غارة"), (m("روسية"),), (m("جنديين"),), (two,), (m("حارم"),), (m("مصدر طبي"),), (), 0.75
    )
    second = EventFrame("bombing", m("انفجار"), (), (), (), (m("حارم"),), (), (), 0.5)
    spans = tuple(at(text, t, r) for t, r in (("جنديين", "target"), ("روسية", "attacker"), ("حارم", "location")))
    return Prediction(text, (*spans, at(text, "ناشط", "target", 0.4)), (first, second), 1)


def show(page, prediction):
    """Have the service answer with ``prediction`` and read its text."""
    body = json.dumps({"predictions": [prediction.to_dict()]})
    page.route("**/predict", lambda route: route.fulfill(body=body, content_type="application/json"))
    page.fill("#report", prediction.text)
    page.click("#read")
    page.wait_for_selector("#result:not([hidden])")


def marks(page):
    script = "all => all.map(m => [m.textContent, m.dataset.tag ?? '', [...m.classList].sort().join(' ')])"
    return page.eval_on_selector_all("#text mark", script)


def select(page, part):
    """Drag the mouse over ``part`` of the text."""
    spots = page.evaluate(
        """async part => {
          const { Points } = await import("/static/offsets.js");
          const { rangeOf } = await import("/static/marks.js");
          const box = document.getElementById("text");
          const start = box.textContent.indexOf(part);
          const points = new Points(box.textContent);
          const range = rangeOf(box, points, points.point(start), points.point(start + part.length));
          range.startContainer.parentElement.scrollIntoView({ block: "center" });
          const rects = [...range.getClientRects()];
          const [first, last] = [rects[0], rects.at(-1)];
          return [first.right - 1, first.top + first.height / 2, last.left + 1, last.top + last.height / 2];
        }""",
        part,
    )
    page.mouse.move(*spots[:2])
    page.mouse.down()
    page.mouse.move(*spots[2:], steps=4)
    page.mouse.up()
    page.wait_for_selector("#editor:not([hidden])")


def download(page, tmp_path, identity="mine"):
    page.click("#save-open")
    page.fill("#doc-id", identity)
    with page.expect_download() as held:
        page.click("#download")
    file = tmp_path / held.value.suggested_filename
    held.value.save_as(file)
    assert check_files([file]).faults == []
    (doc,) = read_jsonl(file)
    return doc


# ── reading ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_report_is_read_and_shown(page, documents):
    text = EMOJI + documents[0].text
    page.fill("#report", text)
    page.click("#read")
    page.wait_for_selector("#text mark")
    found = page.evaluate(
        "async t => (await (await fetch('/predict', {method: 'POST', headers: {'content-type': 'application/json'},"
        "body: JSON.stringify({text: t})})).json()).predictions[0]",
        text,
    )
    assert {"ثلاثة", "12", "دورية للشرطة"} <= {s["text"] for s in found["spans"]}
    expected = {s["text"] for s in found["spans"]} | {f["trigger"]["text"] for f in found["frames"] if f["trigger"]}
    assert {mark[0] for mark in marks(page)} == expected  # an offset in UTF-16 units would cut every word behind
    assert page.locator("#cards .card").count() == len(found["frames"])
    assert page.eval_on_selector("#text", "box => box.textContent") == text
    assert "events in" in page.inner_text("#status")


def test_the_reports_date_goes_along_and_the_cards_say_when_and_how_it_is_known(page):
    sent = []
    text = f"تبنى التنظيم هجوما أمس: {SENTENCE}"
    made = prediction_of(text)
    day = DateMention(text.index("أمس"), text.index("أمس") + 3, "أمس", "2017-09-04", "2017-09-04", True)
    cue = Cue(0, 4, "تبنى", "claimed")
    first = replace(made.frames[0], date=day, attribution=Attribution("claimed", cue, (cue,)))
    page.on("request", lambda asked: sent.append(asked.post_data_json) if asked.url.endswith("/predict") else None)
    page.fill("#date", "2017-09-05")
    show(page, replace(made, frames=(first, made.frames[1])))
    assert sent == [{"text": text, "date": "2017-09-05"}]
    card = page.inner_text("#cards .card >> nth=0")
    assert "2017-09-04" in card and "(أمس)" in card and "claimed" in card and "(تبنى)" in card
    assert "when" not in page.inner_text("#cards .card >> nth=1")


def test_roles_have_names_scores_and_shared_marks(page):
    show(page, prediction_of(EMOJI + SENTENCE))
    found = {mark[0]: mark[1:] for mark in marks(page)}
    assert found["حارم"] == ["location 1·2", "is-location"]  # one mention, two events
    assert found["جنديين"] == ["target + count 1", "is-count is-target shared-words"]
    assert found["ناشط"] == ["target", "is-target loose"]
    page.hover("#text mark.is-attacker")
    assert page.inner_text("#tip") == "attacker · score 0.90 · Event 1"
    page.hover("#text mark.shared-words")
    assert "count · = 2 casualties · read off the noun · Event 1" in page.inner_text("#tip")
    assert "2 casualties (read off the noun جنديين)" in page.inner_text("#cards .card >> nth=0")
    assert page.locator(".card .score").all_text_contents() == ["score 0.75", "score 0.50"]


def test_a_frame_and_its_mentions_light_up(page):
    show(page, prediction_of(SENTENCE))
    lit = lambda: page.eval_on_selector_all("mark.lit", "all => all.map(m => m.textContent)")  # noqa: E731
    page.hover(".card >> nth=1 >> header")
    assert lit() == ["حارم", "انفجار"]
    page.hover(".card >> nth=0 >> .chip.is-attacker")
    assert lit() == ["روسية"]
    page.hover("h1")
    assert lit() == []


def test_switching_events(page):
    show(page, prediction_of(SENTENCE))
    bright = lambda: page.eval_on_selector_all("mark:not(.dim)", "all => all.map(m => m.textContent)")  # noqa: E731
    assert page.locator(".event").all_inner_texts() == ["All events", "1 airstrike – غارة", "2 bombing – انفجار"]
    page.click(".event >> nth=2")
    assert bright() == ["حارم", "انفجار"]
    assert page.get_attribute(".event >> nth=2", "aria-pressed") == "true"
    page.click(".event >> nth=0")
    assert len(bright()) == 7


def test_a_report_without_an_event(page, documents):
    page.fill("#report", documents[1].text)
    page.click("#read")
    wait_until(lambda: "No attack is told" in page.inner_text("#cards .none"))
    assert page.locator("mark").count() == 0 and not page.locator(".event").count()


def test_nothing_pasted(page):
    page.click("#read")
    assert page.inner_text("#status") == "Paste a report first."


# ── correcting ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_untouched_download_is_what_was_read(page, tmp_path):
    text = EMOJI + SENTENCE
    show(page, prediction_of(text))
    doc = download(page, tmp_path, "تقرير 7/أ")
    assert doc.id == "تقرير 7/أ" and doc.text == text
    assert [e.type for e in doc.events] == ["airstrike", "bombing"]
    first, second = doc.events
    assert first.trigger.text == "غارة" and [s.text for s in first.target] == ["جنديين"] and first.count == ()
    assert [s.text for s in second.location] == ["حارم"]
    assert doc.meta == {"made_with": "adwar 9.9", "changes_by_hand": 0}


def test_a_new_span_by_mouse_behind_emoji(page, tmp_path):
    show(page, prediction_of(EMOJI + SENTENCE))
    select(page, "خر جرح نا")  # broken words: widened to whole ones, and the loose span within gives way
    assert page.inner_text("#editor q") in ("“آخر جرح ناشط”", '"آخر جرح ناشط"', "آخر جرح ناشط")
    page.select_option(".event-choice", "1")
    page.click("#editor .kind.is-target")
    assert page.locator("#editor").is_hidden()
    doc = download(page, tmp_path)
    assert [s.text for s in doc.events[1].target] == ["آخر جرح ناشط"]
    assert doc.meta["changes_by_hand"] == 1


def test_moving_a_boundary_keeps_the_events(page, tmp_path):
    show(page, prediction_of(SENTENCE))
    select(page, "على حارم")
    assert page.input_value(".event-choice") == "0,1"  # the events of the span that it replaces
    page.click("#editor .kind.is-location")
    doc = download(page, tmp_path)
    assert [[s.text for s in e.location] for e in doc.events] == [["على حارم"], ["على حارم"]]


def test_role_events_and_deletion_of_a_mention(page, tmp_path):
    show(page, prediction_of(SENTENCE))
    page.click("mark.is-source")
    page.click("#editor .kind.is-attacker")
    page.click("mark:has-text('مصدر طبي')")
    page.select_option("#editor select", "1")
    page.click("mark:has-text('حارم')")
    page.click("#editor button:has-text('Event 1')")
    page.click("mark:has-text('روسية')")
    page.click("#editor .danger")
    doc = download(page, tmp_path)
    assert [[s.text for s in e.attacker] for e in doc.events] == [["مصدر طبي"], ["مصدر طبي"]]
    assert [[s.text for s in e.location] for e in doc.events] == [[], ["حارم"]]
    for _ in range(4):
        page.click("#undo")
    assert page.locator("#undo").is_disabled()
    assert download(page, tmp_path).events[0].attacker[0].text == "روسية"


def test_a_new_event_wants_a_trigger(page, tmp_path):
    show(page, prediction_of(SENTENCE))
    page.click("mark.loose")
    page.select_option("#editor select", "2")
    assert "no word names it" in page.inner_text(".card >> nth=2")
    page.click("#save-open")
    assert "Event 3: no word names it" in page.inner_text("#faults") and page.locator("#download").is_disabled()
    page.keyboard.press("Escape")
    select(page, "جرح")
    page.select_option(".event-choice", "2")
    page.click("#editor .kind.is-trigger")
    page.select_option(".card >> nth=2 >> select", "shooting")
    doc = download(page, tmp_path)
    assert (doc.events[2].type, doc.events[2].trigger.text) == ("shooting", "جرح")
    page.click(".card >> nth=1 >> .drop")
    assert [e.type for e in download(page, tmp_path).events] == ["airstrike", "shooting"]


def test_all_by_keyboard(page, tmp_path):
    body = json.dumps({"predictions": [prediction_of(EMOJI + SENTENCE).to_dict()]})
    page.route("**/predict", lambda route: route.fulfill(body=body, content_type="application/json"))
    page.focus("#report")
    page.keyboard.insert_text(EMOJI + SENTENCE)
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("#text mark")
    while page.evaluate("document.activeElement.id") != "text":
        page.keyboard.press("Tab")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    for _ in range(3):
        page.keyboard.press("Control+ArrowLeft")
    assert page.evaluate("getSelection().toString()") == "روسية"
    assert "attacker · score 0.90" in page.inner_text("#spoken")
    page.keyboard.press("Delete")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowRight")
    assert page.evaluate("getSelection().toString()") == "في غارة"
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("getSelection().toString()") == "قتل"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.dataset.kind") == "trigger"
    page.keyboard.press("6")
    assert page.evaluate("document.activeElement.id") == "text"
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+ArrowLeft")
    page.keyboard.press("5")
    doc = download(page, tmp_path)
    assert doc.events[0].attacker == () and doc.events[0].target == ()
    assert [s.text for s in doc.events[0].location] == ["جنديين", "حارم"]


def test_corrections_are_not_lost_unasked(page):
    show(page, prediction_of(SENTENCE))
    page.click(".card >> nth=1 >> .drop")
    asked = []
    page.once("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    page.click("#read")
    assert asked == ["Your corrections will be lost. Read anew?"] and page.locator(".card").count() == 1


# ── hostile, long, small ───────────────────────────────────────────────────────────────────────────────────────────


def test_html_and_bidi_tricks_stay_text(page):
    page.on("dialog", lambda dialog: page.wrong.append(dialog.message))
    tricky = at(HOSTILE, '<img src=x onerror="window.broken=1">', "source", 0.5)
    mention = Mention(tricky.start, tricky.end, tricky.text, tricky.text + "\u202e", 0.5)
    trigger = at(HOSTILE, "غارة")
    frame = EventFrame("other", trigger, (), (), (), (at(HOSTILE, "\u202eمقلوب abc\u202c"),), (mention,), (), 0.5)
    show(page, Prediction(HOSTILE, (tricky,), (frame,), 1))
    assert page.eval_on_selector("#text", "box => box.textContent") == HOSTILE
    assert page.evaluate("window.broken") is None
    assert page.locator("#text :is(script, img, style, b), #cards :is(script, img, style)").count() == 0
    controls = page.eval_on_selector_all(
        "#text .control", "all => all.map(c => [c.dataset.name, c.textContent.length])"
    )
    assert controls == [["RLO", 1], ["PDF", 1], ["RLI", 1]]
    isolated = "all => all.every(m => getComputedStyle(m).unicodeBidi === 'isolate')"
    assert page.eval_on_selector_all("#text mark, .control, .card bdi", isolated)


def test_other_hosts_and_inline_scripts_are_forbidden(page):
    tried = page.evaluate(
        """async () => {
          const found = [];
          document.addEventListener("securitypolicyviolation", e => found.push(e.effectiveDirective));
          await fetch("https://example.org/").catch(() => 0);
          try { document.body.innerHTML = "<p>x</p>"; } catch { found.push("trusted-types"); }
          try { document.createElement("img").setAttribute("onclick", "x"); } catch { found.push("no-inline"); }
          await new Promise(done => setTimeout(done, 100));
          return found;
        }"""
    )
    assert {"connect-src", "trusted-types", "no-inline"} <= set(tried)
    page.wrong.clear()  # the browser's reports of what was just tried


def test_thousands_of_marks_are_drawn(page):
    text = " ".join([SENTENCE] * 1_400)
    step = len(SENTENCE) + 1
    one = prediction_of(SENTENCE)
    assert len(text.split()) > 20_000

    def moved(m, by):
        return Mention(m.start + by, m.end + by, m.text, m.name, m.score)

    frames = tuple(
        EventFrame("other", moved(one.frames[0].trigger, n * step), (), (), (),
                   (moved(one.frames[0].location[0], n * step),), (), (), 0.5)
        for n in range(0, 1_400, 2)
    )  # fmt: skip
    show(page, Prediction(text, (), frames, 90))
    assert page.locator("#text mark").count() == 1_400 and page.locator(".card").count() == 700
    page.click(".event >> nth=700")
    assert page.locator("mark:not(.dim)").count() == 2


@pytest.mark.parametrize("language", ["ar", "en"])
def test_a_phone_shows_all_without_scrolling_sideways(browser, address, language):
    options = {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True, "locale": language}
    for page in opened(browser, address, **options):
        show(page, prediction_of(SENTENCE + " " + "طويلة" * 60))
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        page.tap("mark.is-source")
        page.wait_for_selector("#editor:not([hidden])")
        box = page.locator("#editor").bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= 360 and box["y"] + box["height"] <= 741
        assert page.locator("mark.is-source").bounding_box()["y"] < box["y"]


# ── words, colours, languages, files, token ────────────────────────────────────────────────────────────────────────


def test_words_are_cut_as_the_schema_cuts_them(page, documents):
    texts = [d.text for d in documents] + [
        EMOJI + SENTENCE,
        HOSTILE,
        "12جندي و٣٥جريحا ½² ①",
        "قُتِلَ ثَلاثَةُ مَدَنِيِّينَ ـــ",
        "#وسم_آخر a_b «x»\u200f،",
        "\x1c\x1d a\x85b\xa0c\u3000d\ufeffe\u200bf",
        "".join(c for c in map(chr, range(1, 0x3100)) if category(c) != "Cn"),  # not what only newer Unicode knows
    ]
    script = (
        "async all => { const { Points } = await import('/static/offsets.js'); "
        "return all.map(t => new Points(t).words()); }"
    )
    for text, found in zip(texts, page.evaluate(script, texts), strict=True):
        assert [tuple(word) for word in found] == words(text)


def test_colours_have_contrast_and_a_second_sign(page):
    show(page, prediction_of(SENTENCE))
    found = page.evaluate(
        """() => ["trigger", "attacker", "target", "count", "location", "source"].map(role => {
          const style = getComputedStyle(document.querySelector(`.swatch.is-${role}`));
          const light = color => {
            const linear = v => (v / 255 <= 0.04045 ? v / 3294.6 : ((v / 255 + 0.055) / 1.055) ** 2.4);
            const [r, g, b] = color.match(/\\d+/g).map(linear);
            return 0.2126 * r + 0.7152 * g + 0.0722 * b;
          };
          const [a, b] = [light(style.color), light(style.backgroundColor)].sort((x, y) => y - x);
          const edges = [style.borderTopStyle, style.borderTopWidth, style.borderBottomStyle, style.borderLeftStyle];
          return [role, (a + 0.05) / (b + 0.05), edges.join(" ")];
        })"""
    )
    assert all(contrast > 7 for _, contrast, _ in found), found
    assert len({edges for *_, edges in found}) == 6, found


def test_arabic_and_english(page, browser, address):
    assert page.evaluate("[document.documentElement.lang, document.documentElement.dir]") == ["en", "ltr"]
    show(page, prediction_of(SENTENCE))
    page.click("#language")
    assert page.evaluate("[document.documentElement.lang, document.documentElement.dir]") == ["ar", "rtl"]
    assert page.inner_text("#read") == "استخرج الأحداث" and marks(page)[0][1] == "الهدف + العدد 1"
    assert page.inner_text("#status").startswith("حدثان")
    page.reload()
    assert page.evaluate("document.documentElement.lang") == "ar"
    silent = "all => all.filter(e => !e.textContent.trim() && !e.getAttribute('aria-label')).map(e => e.outerHTML)"
    assert page.eval_on_selector_all("button, label, [data-say]", silent) == []
    for other in opened(browser, address, locale="ar"):
        assert other.evaluate("document.documentElement.dir") == "rtl"


def drop(page, name, content):
    page.set_input_files("#file", {"name": name, "mimeType": "application/octet-stream", "buffer": content})


def status_says(page, told):
    wait_until(
        lambda: told in page.inner_text("#status")
    )  # Playwright's own wait evaluates text, which the CSP forbids


def test_files_of_three_encodings_and_tables(page, documents):
    text = documents[0].text
    for content in (text.encode(), text.encode("utf-16"), b"\xef\xbb\xbf" + text.encode()):
        drop(page, "report.txt", content)
        page.wait_for_selector("#text mark")
        assert page.input_value("#report") == text
        page.click("#clear")
    drop(page, "old.txt", text.encode("cp1256"))
    status_says(page, "CP1256")
    assert page.input_value("#report") == text
    line = json.dumps({"id": "n", "text": text}).encode()
    with page.expect_download() as held:
        drop(page, "news.jsonl", line)
    assert held.value.suggested_filename == "news-events.csv"
    status_says(page, "Reports: 1; 2 events")
    drop(page, "x.pdf", b"%PDF")
    status_says(page, "Only .txt")


def test_refusals_are_told_in_words(page):
    answers = {"status": 503, "headers": {"retry-after": "7"}, "body": "{}"}
    page.route("**/predict", lambda route: route.fulfill(**answers))
    for status, told in ((503, "again in 7 s"), (504, "not read in time"), (413, "refused (413): too <b>much")):
        answers.update(status=status, body=json.dumps({"detail": "too <b>much"}))
        page.fill("#report", SENTENCE)
        page.click("#read")
        status_says(page, told)
    page.wrong.clear()  # the browser reports every such status as an error


def test_the_token_is_asked_for_and_used(browser, labeler, documents):
    secret = "a-secret-of-24-characters"
    with running(create_app(labeler, token=Token(secret))) as port:
        for page in opened(browser, f"http://127.0.0.1:{port}/", locale="en"):
            page.wait_for_selector("#token-form:not([hidden])")
            page.fill("#report", documents[0].text)
            page.fill("#token", "wrong")
            page.click("#token-form button")
            status_says(page, "The token is not right.")
            page.fill("#token", secret)
            page.click("#token-form button")
            page.wait_for_selector("#text mark")
            kept = page.evaluate("JSON.stringify([localStorage, sessionStorage, document.cookie, location.href])")
            assert secret not in kept
            page.wrong.clear()  # the 401 that was asked for
