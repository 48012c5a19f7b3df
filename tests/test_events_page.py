"""The page of an events table: what it counts, that nothing of a text becomes markup, what it refuses; in a browser."""

import base64
import gzip
import hashlib
import json
import re
import shutil
import time

import pytest
from event_rows import TEXT, event_row, many, toll, write_table
from strict_page import StrictPage

from adwar.data.errors import DataError
from adwar.report.counts import Counts, bins
from adwar.report.events import Figure, event_of, marked
from adwar.report.outline import WIDTH, outline, view_of
from adwar.report.page import events_page
from adwar.report.phrases import phrases
from adwar.report.table import read_events
from adwar.scale.rows import MENTIONS

HOSTILE = '</script><script>window.broken=1</script><img src=x onerror="window.broken=1"> \u202eمقلوب\u2069 \x00 &lt;'


class Page(StrictPage):
    """Keeps also styles and handlers in attributes, and what scripts hold."""

    DRAWN = frozenset({"line", "circle", "rect", "path"})

    def __init__(self, source):
        self.styled, self.run = [], []
        super().__init__(source)

    def handle_starttag(self, tag, attrs):
        super().handle_starttag(tag, attrs)
        self.styled += [v for k, v in attrs if k == "style" or k.startswith("on")]
        if tag == "script" and "type" not in dict(attrs):
            self.run.append("")

    def handle_data(self, data):
        super().handle_data(data)
        if self.open and self.open[-1] == "script" and self.run:
            self.run[-1] += data


def unpack(text):
    return json.loads(gzip.decompress(base64.b64decode(text)))


def data_of(source):
    facts = unpack(re.search(r'id="facts">([^<]*)<', source)[1])
    blocks = re.findall(r'class="sentences">([^<]*)<', source)
    return facts, [row for block in blocks for row in unpack(block)]


def page_of(rows, folder, name="events.jsonl", **options):
    source, told = events_page(str(write_table(folder / name, rows)), **options)
    return source, Page(source), told


def counted(rows):
    counts = Counts()
    for row in rows:
        counts.add(event_of(row))
    return counts


@pytest.fixture
def rows():
    """Two reports of one attack that differ, a third elsewhere, and one without a frame."""
    return [
        event_row("r-1"),
        event_row("r-2", attacker=["الطيران الروسي"], target=["مدنياً"], **toll(15, 15, None)),
        event_row("r-3", type="siege", attacker=[], date=None, latitude=15.3, longitude=44.2, location=["صنعاء"]),
        dict.fromkeys(event_row()) | {"document_id": "r-4", "status": "nothing", "attacker": [], "target": []}
        | {"location": [], "source": []},
    ]  # fmt: skip


def test_the_page_is_whole_and_asks_for_nothing(rows, tmp_path):
    source, page, told = page_of(rows, tmp_path)
    assert (told.events, told.rows, told.empty) == (3, 3, 1)
    assert page.fetched == [] and page.styled == [] and len(page.run) == 1
    assert "http:" not in source and "https:" not in source and "//" not in "".join(page.links)
    assert len(page.ids) == len(set(page.ids)) and {link[1:] for link in page.links} <= set(page.ids)
    style = re.search("<style>(.*?)</style>", source, re.DOTALL)[1]
    for kind, text in (("style", style), ("script", page.run[0])):
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}'" in source
    assert "default-src 'none'" in source and "unsafe" not in re.search('content="default[^"]*"', source)[0]


def test_the_same_bytes_twice(rows, tmp_path):
    assert page_of(rows, tmp_path)[0] == page_of(rows, tmp_path)[0]


@pytest.mark.parametrize("name", ["e.csv", "e.sqlite", "e.parquet", "e.duckdb"])
def test_every_kind_of_table_gives_the_same_page(rows, tmp_path, name):
    pytest.importorskip({"e.parquet": "pyarrow", "e.duckdb": "duckdb"}.get(name, "csv"))
    rows[0]["document_title"] = "=SUM(1)"
    expected = page_of(rows, tmp_path, title="t")[0]
    assert page_of(rows, tmp_path, name, title="t")[0] == expected


def test_nothing_of_a_text_becomes_markup(tmp_path):
    row = event_row(
        HOSTILE, text=HOSTILE + TEXT, type=HOSTILE, trigger=HOSTILE, document_title=HOSTILE, country=HOSTILE
    )
    row |= {"attacker": [HOSTILE], "target": [HOSTILE], "location": [HOSTILE], "source": [HOSTILE], "date": HOSTILE}
    source, page, _ = page_of([row, row | {"document_id": "b", **toll(90, 90, 90)}], tmp_path, title=HOSTILE)
    assert page.fetched == [] and page.styled == [] and len(page.run) == 1
    assert "<script>window" not in source and "<img" not in source
    assert not set(source) & {"\u202e", "\u2069", "\x00"} and "[U+202E]" in page.words
    facts, sentences = data_of(source)
    assert facts["documents"][0][0].startswith("</script><script>window")  # shown by the script, as text alone
    assert not set(json.dumps([facts, sentences], ensure_ascii=False)) & {"\u202e", "\u2069", "\x00"}


def test_a_sentence_is_cut_at_the_edges_of_its_evidence():
    row = event_row(at=40)
    parts = marked(row["sentences"][0], row["evidence"])
    assert "".join(parts[::2]) == TEXT
    assert [(t, r) for t, r in zip(parts[::2], parts[1::2], strict=True) if r] == [
        ("12", "c"), ("مدنيا", "t"), ("غارة", "e"), ("روسية", "a"), ("حلب", "l"), ("المرصد", "s"),
    ]  # fmt: skip
    both = marked(
        {"start": 0, "end": 5, "text": "جندين"}, [{"role": r, "start": 0, "end": 5} for r in ("target", "count")]
    )
    assert both == ["جندين", "tc"]
    with pytest.raises(ValueError, match="has 5 characters"):
        marked({"start": 0, "end": 9, "text": "جندين"}, [])


@pytest.mark.parametrize(
    ("value", "low", "high", "told"),
    [(12, 12, 12, "12"), (30, 30, None, "≥30"), (None, None, 5, "≤5"), (None, 20, 99, "20–99"), (50, None, None, "~50"),
     (50, 45, 55, "~50"), (1200, 1200, 1200, "1,200")],
)  # fmt: skip
def test_figures_say_what_is_known(value, low, high, told):
    assert Figure(value, low, high).told() == told


def test_other_figures_stand_beside_with_the_sources_of_their_sentence():
    second = event_row("x", text="وقال مصدر طبي إن 9 قتلوا.", parts=(("source", "مصدر طبي"), ("count", "9")), at=60)
    row = event_row()
    for name in ("sentences", "evidence"):
        row[name] = row[name] + second[name]
    row["counts"] = [*row["counts"], {**second["counts"][0], "value": 9, "min": 9, "max": 9}]
    event = event_of(row)
    assert event.shown["killed"] == Figure(12, 12, 12, ("المرصد",))
    assert event.others["killed"] == (Figure(9, 9, 9, ("مصدر طبي",)),)


def test_names_come_by_entity_and_are_joined_by_spelling(rows):
    entities = [{"id": 0, "role": "source", "name": "المرصد السوري", "mentions": [[0, 1]]}]
    event = event_of(event_row(entities=json.dumps(entities)))
    assert event.names["source"] == ("المرصد السوري",) and event.names["attacker"] == ("روسيا",)
    counts = counted(rows[:3])
    assert counts.names["target"] == {"مدنيا": 2, "مدني": 1}
    joined = counted([event_row(target=["مُدنٍ"]), event_row(target=["مدن"]), event_row(target=["مدن"])])
    assert list(joined.names["target"].values()) == [3] and joined.name("مدن") == "مدن"


def test_reports_that_differ_are_told(rows, tmp_path):
    counts = counted(rows[:3])
    (group,) = counts.differing("killed")
    assert [(t.event.document, t.figure.told()) for t in group] == [("r-1", "12"), ("r-2", "≥15")]
    assert counts.differing("wounded") == []
    assert counted([rows[0], rows[0] | {"document_id": "r-9"}]).differing("killed") == []
    words = page_of(rows, tmp_path)[1].words
    assert "Killed: reports that differ" in words and "12 … ≥15" in words


def test_bars_have_no_gap_and_outliers_stand_at_the_edge():
    from datetime import date

    def days(*told):
        return {date.fromisoformat(day).toordinal(): number for day, number in told}

    assert [(b.name, b.events) for b in bins(days(("2017-09-05", 2), ("2017-09-07", 1)))] == [
        ("2017-09-05", 2), ("2017-09-06", 0), ("2017-09-07", 1),
    ]  # fmt: skip
    months = bins(days(("2016-11-28", 1), ("2017-03-01", 1)))
    assert [b.name for b in months] == ["2016-11", "2016-12", "2017-01", "2017-02", "2017-03"]
    far = bins(days(("1967-06-05", 1), ("2017-09-05", 100), ("2017-09-06", 99)))
    assert [(b.name, b.events) for b in far] == [("≤2017-09-05", 101), ("2017-09-06", 99)]
    assert far[0].first == date(1967, 6, 5).toordinal() and bins({}) == []


def test_the_map_shows_what_lies_in_its_view():
    view = view_of([(36.2, 37.2), (33.5, 36.3)])
    x, y = view.at(37.2, 36.2)
    assert 0 < x < WIDTH and 0 < y < view.height
    paths = list(outline(view))
    assert 3 <= len(paths) < 20 and all(p.startswith("M") and p.endswith("Z") for p in paths)
    assert len("".join(paths)) < 60_000 and len(list(outline(view_of([])))) > 150


def test_the_matrix_counts_pairs(rows, tmp_path):
    source, page, _ = page_of(rows, tmp_path)
    cells = re.findall(r'data-row="(\d)" data-column="(\d)"><button type="button">(\d+)', source)
    assert sorted(n for _, _, n in cells) == ["1", "1"]
    assert "siege" in page.words and "الطيران الروسي" in page.words


def test_the_table_has_a_cap_that_is_told(tmp_path):
    rows = [event_row(f"r-{n}", score=n / 10) for n in range(5)]
    source, page, told = page_of(rows, tmp_path, most_rows=2)
    assert (told.events, told.rows) == (5, 2) and "2 events of the highest scores out of 5" in page.words
    facts, sentences = data_of(source)
    assert facts["number"] == [3, 4] and len(sentences) == 2 and facts["all"] == 5
    with pytest.raises(ValueError, match="1 or more"):
        events_page(str(tmp_path / "events.jsonl"), most_rows=0)


def test_in_arabic_the_page_runs_from_right_to_left(rows, tmp_path):
    source, page, _ = page_of(rows, tmp_path, language="ar")
    assert '<html lang="ar" dir="rtl">' in source and "المهاجم والهدف" in page.words and "Over time" not in page.words
    assert all(len(pair) == 2 and all(pair) for pair in phrases().values())
    for english, arabic in phrases().values():
        assert set(re.findall(r"{\w+}", english)) == set(re.findall(r"{\w+}", arabic))


@pytest.mark.parametrize("name", ["e.jsonl", "e.csv", "e.sqlite", "e.parquet"])
def test_an_empty_table_is_a_page_that_says_so(tmp_path, name):
    _, page, told = page_of([], tmp_path, name)
    assert set(page.links) == {"#table"} and "table" in page.ids
    assert told.events == 0 and "This table holds no event." in page.words


def test_other_tables_are_refused(tmp_path, run_cli):
    mentions = write_table(tmp_path / "m.csv", [dict.fromkeys((c.name for c in MENTIONS), "")], MENTIONS)
    documents = tmp_path / "d.jsonl"
    documents.write_text('{"id": "a", "text": "خبر"}\n', encoding="utf-8")
    broken = tmp_path / "b.jsonl"
    broken.write_text("{bad\n", encoding="utf-8")
    for path, message in [
        (mentions, "m.csv: a table of mentions"),
        (documents, "d.jsonl: not a table of events: document_id, frame"),
        (broken, "b.jsonl:1: not JSON"),
        (tmp_path / "none.parquet", "none.parquet: no such file"),
        (shutil.copy(broken, tmp_path / "b.sqlite"), "b.sqlite: no table of events can be read"),
        (shutil.copy(broken, tmp_path / "b.parquet"), "b.parquet: not a Parquet file"),
    ]:
        status, _, err = run_cli("report", path)
        assert status == 2 and message in err and not list(tmp_path.glob("*.html"))
    changed = event_row() | {"sentences": [{"start": 0, "end": 3, "text": "قتل خمسة"}]}
    with pytest.raises(DataError, match=r"c\.jsonl: document 'r-1': row 1 is none"):
        page_of([changed], tmp_path, "c.jsonl")


def test_adwar_report(run_cli, rows, tmp_path):
    table = write_table(tmp_path / "events.csv", rows)
    status, out, _ = run_cli("report", table, "-o", tmp_path / "page.html", "--title", "سجل", "--language", "ar")
    assert status == 0 and "3 events" in out
    assert "سجل" in Page((tmp_path / "page.html").read_text(encoding="utf-8")).words
    assert run_cli("report", table)[0] == 0 and (tmp_path / "events.html").exists()
    assert "--curve: only for evaluations" in run_cli("report", table, "--curve", "c.json")[2]
    assert "--rows: only for events tables" in run_cli("report", tmp_path / "e.json", "--rows", 3)[2]
    assert "would overwrite" in run_cli("report", table, "-o", table)[2]


def timed(number, folder):
    table = write_table(folder / "many.jsonl", many(number))
    assert sum(1 for _ in read_events(str(table))) == number
    start = time.process_time()
    source, told = events_page(str(table))
    return source, told, time.process_time() - start


def test_work_and_size_grow_with_the_rows_alone(tmp_path):
    source, told, seconds = timed(3000, tmp_path)
    assert told.rows == 3000 and seconds < 15 and 1000 <= source.count("<circle") <= 1024
    assert len(re.sub(r'<script type="text/plain".*?</script>', "", source)) < 400_000


@pytest.mark.slow
def test_100_000_rows_in_seconds(tmp_path):
    source, told, seconds = timed(100_000, tmp_path)
    assert told.rows == 100_000 and seconds < 60 and len(source) < 20e6


CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))), None)


@pytest.fixture
def opened(tmp_path):
    """Opens a page of rows in a browser; fails on any error, broken policy or request."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="no Playwright: pip install playwright")
    wrong = []
    with sync_api.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])

        def open_(rows, **options):
            file = tmp_path / "page.html"
            file.write_text(page_of(rows, tmp_path)[0], encoding="utf-8")
            page = browser.new_context(**options).new_page()
            page.on("pageerror", lambda error: wrong.append(str(error)))
            page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
            page.on("request", lambda asked: None if asked.url == file.as_uri() else wrong.append(asked.url))
            page.goto(file.as_uri())
            page.wait_for_selector("table.events")
            return page, lambda text: sync_api.expect(page.locator("#now")).to_have_text(text)

        yield open_
        browser.close()
    assert wrong == []


@pytest.mark.slow
@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine: apt-get install chromium")
class TestInABrowser:
    def test_filters_search_and_language(self, opened, rows):
        rows += [event_row(f"n-{n}", type="clash", text=f"قُتِل {n + 100} في إشتباك", parts=()) for n in range(40)]
        page, now = opened(rows)
        now("43 of 43 events")
        assert page.locator("table.events mark.attacker").first.inner_text() == "روسية"
        assert page.locator("p.ar").first.get_attribute("dir") == "rtl"
        page.keyboard.press("/")
        page.keyboard.type("قتل اشتباك ١٣٩")  # marks, hamza and digits of another set are no hindrance
        now("1 of 43 events")
        assert (
            page.locator(".bar .now").evaluate_all("all => all.filter(b => +b.getAttribute('height') > 0).length") == 1
        )
        page.keyboard.press("Escape")
        now("43 of 43 events")
        page.locator('.facet button[data-facet="type"]', has_text="clash").press("Enter")
        now("40 of 43 events")
        page.locator("#pager button", has_text="Next").press("Enter")
        page.locator("#pager", has_text="Page 2 of 2").wait_for()
        page.click("#chips button >> nth=0")
        now("43 of 43 events")
        page.locator(".bar").last.click()
        page.locator('[name="least"]').fill("15")
        page.locator(".matrix button").first.wait_for()
        page.click("#chips button:last-child")
        page.locator("details.group summary").first.click()
        page.locator("details.group .go").first.click()
        page.locator("#chips", has_text="chosen events").wait_for()
        page.click("#other")
        assert page.locator("html").get_attribute("dir") == "rtl"
        page.locator("#now", has_text="من 43 حدثاً").wait_for()

    def test_hostile_rows_on_a_phone(self, opened):
        names = {role: [HOSTILE, "ن" * 300] for role in ("attacker", "target", "location", "source")}
        row = event_row(HOSTILE, text=HOSTILE + TEXT, document_title=HOSTILE, type=HOSTILE, **names)
        page, now = opened([row, event_row("b")], viewport={"width": 390, "height": 844}, is_mobile=True)
        now("2 of 2 events")
        page.locator(".events button.name").first.click()
        now("1 of 2 events")
        assert page.evaluate("window.broken") is None and page.locator("img").count() == 0
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
