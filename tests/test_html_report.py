"""The HTML page: everything escaped, every span an isolate, gold and prediction in place, links that lead somewhere."""

import json
import re
import shutil
import subprocess

import pytest
from conftest import Found, Guess, gold_guess
from strict_page import StrictPage

from adwar.data.schema import Document, Event, Span
from adwar.eval.charts import ALONE, learning_curve, reliability_diagram, whisker
from adwar.eval.html_report import html_report
from adwar.eval.html_text import compared_sentence, marked_text, shown
from adwar.eval.markdown import document
from adwar.eval.seeds import spread
from adwar.eval.whole import sets_of, whole_report, without_texts


class Page(StrictPage):
    """Keeps also the isolates with their words, and how many scripts there are."""

    DRAWN = frozenset({"line", "circle", "polyline"})

    def __init__(self, source):
        self.bdi, self.scripts = [], 0
        super().__init__(source)

    def handle_starttag(self, tag, attrs):
        super().handle_starttag(tag, attrs)
        if tag == "script":
            self.scripts += 1
        if tag == "bdi":
            self.bdi.append([dict(attrs), ""])

    def handle_data(self, data):
        super().handle_data(data)
        if self.open and self.open[-1] == "bdi":
            self.bdi[-1][1] += data


def read(text):
    return None


def report_of(docs, guesses, **options):
    return whole_report(docs, guesses, read=read, texts=True, **options)


@pytest.fixture(scope="module")
def evaluation(documents):
    guesses = [gold_guess(d) for d in documents]
    first = guesses[0].spans
    first[0] = Found(0, first[0].end, first[0].role, 0.7)  # another edge
    first[2] = Found(first[2].start, first[2].end, "source", 0.4)  # another role
    del first[4]
    guesses[1].spans.append(Found(0, 3, "target", 0.6))
    return report_of(documents, guesses)


def test_the_page_is_whole_and_asks_for_nothing(evaluation):
    source = html_report([("dev", evaluation)], title="tiny")
    page = Page(source)
    assert page.fetched == [] and page.scripts == 1
    assert "http:" not in source.replace("http://www.w3.org/2000/svg", "") and "https:" not in source
    assert "default-src 'none'" in source
    assert len(page.ids) == len(set(page.ids))
    assert {link[1:] for link in page.links} <= set(page.ids)


def test_every_error_is_linked_and_marked_on_its_sides(evaluation, documents):
    page = Page(html_report([("dev", evaluation)], title="tiny"))
    spans = [(a, text) for a, text in page.bdi if a.get("class", "").startswith("s ")]
    assert len(spans) == sum(len(r["gold"]) + len(r["predicted"]) for r in evaluation["texts"])
    marked = {(a["class"].split()[2], text) for a, text in spans if "error" not in a["class"] and "data-error" in a}
    wrong = [(e["kind"], r["text"][e[s]["start"] : e[s]["end"]]) for r in evaluation["texts"] for e in r["errors"]
             for s in ("gold", "predicted") if e[s]]  # fmt: skip
    assert marked == set(wrong) and {kind for kind, _ in marked} == {"boundary", "role", "missed", "spurious"}
    for number, record in enumerate(evaluation["texts"]):
        for place in range(len(record["errors"])):
            assert f"#s0d{number}e{place}" in page.links
    for doc in documents:
        assert page.words.split("Texts")[1].count(doc.text) == 2  # gold and prediction hold the text letter for letter


def test_arabic_blocks_run_from_right_to_left(evaluation):
    source = html_report([("dev", evaluation)], title="tiny")
    blocks = re.findall(r"<(?:p|div) ([^>]*class=\"ar\")", source)
    assert len(blocks) == 2 * len(evaluation["texts"]) + sum(len(r["errors"]) for r in evaluation["texts"])
    assert all('dir="rtl" lang="ar"' in block for block in blocks)


def test_nothing_of_a_text_becomes_markup():
    evil = '<script>alert("x")</script> & \u202eقتل\u2069 \x00 "\' \ud800 جندي'
    start = evil.index("جندي")
    doc = Document("<b>'\"", evil, "<i>", (Event("other", None, target=(Span(start, len(evil), "جندي"),)),))
    found = report_of([doc], [Guess([Found(0, 8, "source", 0.5), Found(start, len(evil), "target", 0.5)])])
    source = html_report([("<u>", found)], title="</title><script>")
    page = Page(source)
    assert page.scripts == 1 and "<script>alert" not in source and "<b>'" not in source and "<u>" not in source
    assert not set(source) & {"\u202e", "\u2069", "\x00", "\ud800"}
    assert "[U+202E]" in page.words and "[U+2069]" in page.words and "[U+D800]" in page.words
    source.encode("utf-8")


def test_shown_keeps_what_joins_letters_and_escapes_the_rest():
    assert shown("می\u200cشود <&>'\"\t\n") == "می\u200cشود &lt;&amp;&gt;&#x27;&quot;\t\n"


def test_marks_need_spans_that_fit():
    assert marked_text("قتل 12 جنديا", [{"start": 4, "end": 6, "role": "count"}]) == (
        'قتل <bdi class="s count right" data-mark="C" title="count" dir="rtl">12</bdi> جنديا'
    )
    for spans in ([(0, 5), (4, 8)], [(0, 99)], [(3, 3)]):
        with pytest.raises(ValueError, match="overlaps another or lies outside"):
            marked_text("قتل 12 جنديا", [{"start": a, "end": b, "role": "count"} for a, b in spans])


def test_a_sentence_shows_where_gold_and_found_part():
    text = "في بلدة حارم اليوم"
    error = {"gold": {"start": 3, "end": 12}, "predicted": {"start": 8, "end": 18}, "sentence": {"start": 0, "end": 18}}
    assert compared_sentence(text, error) == (
        'في <bdi class="g">بلدة </bdi><bdi class="g p">حارم</bdi><bdi class="p"> اليوم</bdi>'
    )


def test_without_texts_no_word_of_the_documents_is_left(evaluation, documents):
    bare = without_texts(evaluation)
    written = json.dumps(bare, ensure_ascii=False) + html_report([("dev", bare)], title="t") + document(bare, "t")
    for doc in documents:
        assert not [w for w in doc.text.split() if len(w) > 3 and w in written]
    assert "holds no texts" in written
    assert bare == without_texts(whole_report(documents, [gold_guess(d) for d in documents], read=read)) | bare


def test_a_report_that_does_not_fit_its_text_is_refused(evaluation):
    broken = json.loads(json.dumps(evaluation))
    broken["texts"][0]["gold"][0]["end"] = 10**6
    with pytest.raises(ValueError, match="document 'a-1': span"):
        html_report([("dev", broken)], title="t")


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("chromium"), reason="no chromium here")
def test_the_script_opens_and_lights_up_both_sides_of_an_error(evaluation, tmp_path):
    file = tmp_path / "r.html"
    file.write_text(html_report([("dev", evaluation)], title="tiny"), encoding="utf-8")
    browser = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=4000", "--dump-dom"]
    done = subprocess.run([*browser, f"file://{file}#s0d0e0"], capture_output=True, text=True, check=True)
    assert re.search(r'<details class="doc" id="s0d0"[^>]* open', done.stdout)
    assert len(re.findall(r'<bdi class="s [^"]* lit"[^>]*data-error="s0d0e0"', done.stdout)) == 2
    assert '<form class="controls" data-set="s0">' in done.stdout and "3 documents, " in done.stdout


def test_seeds_and_curve_have_their_place(evaluation):
    seeds = spread({1: {"dev": evaluation}, 2: {"dev": evaluation}})
    assert seeds["sets"]["dev"]["events"]["deviation"] == 0
    score = {"f1": 0.5, "interval": [0.4, 0.6]}
    curve = {"points": [{"documents": n, "exact": score, "overlap": score, "fillers": score} for n in (5, 10)]}
    page = Page(html_report([("dev", evaluation)], title="t", curve=curve, seeds=seeds))
    assert {"seeds", "curve", "s0"} <= set(page.ids) and "seed 2" in page.words
    assert learning_curve(curve, style=ALONE).startswith("<svg class=") and "5 documents: exact 50.0" in page.words


def test_charts_say_their_numbers():
    assert "<title>50.0, 95% 40.0 to 60.0</title>" in whisker(0.5, [0.4, 0.6])
    empty = {"spans": 0, "expected_calibration_error": None, "bins": [{"count": 0}]}
    assert "nothing found" in reliability_diagram("count", empty)


def test_markdown_has_every_table(evaluation):
    text = document(evaluation, "tiny")
    assert text.startswith("# tiny\n") and text.count("## Slice: ") == len(evaluation["slices"])
    for title in ("Spans, exact", "Frames: fillers of roles", "Errors", "Calibration"):
        assert f"## {title}\n" in text
    tables = [block.split("\n") for block in text.strip().split("\n\n") if block.startswith("|")]
    assert all(len({line.count("|") for line in block}) == 1 for block in tables)


def test_adwar_report(run_cli, evaluation, tmp_path):
    file = tmp_path / "evaluation.json"
    file.write_text(json.dumps({"model": "m", "data": ["/x/dev.jsonl"], **evaluation}), encoding="utf-8")
    status, out, _ = run_cli("report", file, "--markdown", tmp_path / "e.md")
    assert status == 0 and "evaluation.html" in out
    page = Page((tmp_path / "evaluation.html").read_text(encoding="utf-8"))
    assert "dev.jsonl" in page.words and "/x/" not in page.words
    bare = {"name": "tiny", "sets": {"development set": without_texts(evaluation)}, "data": []}
    file.write_text(json.dumps(bare), encoding="utf-8")
    status, out, _ = run_cli("report", file, "--html", tmp_path / "bare.html")
    assert status == 0 and "figures only" in out and "development set" in (tmp_path / "bare.html").read_text()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{bad", "e.json: not JSON"),
        ("[1]", "a JSON object is expected, found list"),
        ('{"spans": {}}', "documents, frames missing"),
        ('{"gsr": {}}', "agreement with coders only"),
        ('{"sets": {"dev": {}}}', "e.json: dev: not an evaluation"),
    ],
)
def test_what_is_no_evaluation_is_told(run_cli, tmp_path, content, message):
    file = tmp_path / "e.json"
    file.write_text(content, encoding="utf-8")
    status, _, err = run_cli("report", file)
    assert status == 2 and message in err and not (tmp_path / "e.html").exists()


def test_mean_and_spread_of_seeds_as_a_small_file(run_cli, evaluation, tmp_path):
    file, small, page = (tmp_path / name for name in ("e.json", "seeds.json", "seeds.md"))
    sets = {"dev": without_texts(evaluation)}
    held = {"name": "run", "encoder": "x", "data": ["ten"], "seeds": spread({1: sets, 2: sets}), "sets": sets}
    file.write_text(json.dumps(held), encoding="utf-8")
    assert run_cli("report", file, "--seeds", small)[0] == 0 and run_cli("report", file, "--seeds", page)[0] == 0
    found = json.loads(small.read_text(encoding="utf-8"))
    assert set(found) == {"name", "encoder", "data", "seeds"} and found["seeds"]["seeds"] == [1, 2]
    told = page.read_text(encoding="utf-8")
    assert "| spans strict macro |" in told and "mean ± standard deviation" in told
    assert "end in .json or .md" in run_cli("report", file, "--seeds", tmp_path / "x.csv")[2]
    file.write_text(json.dumps(evaluation), encoding="utf-8")
    status, _, err = run_cli("report", file, "--seeds", small)
    assert status == 2 and "of one seed; 'adwar train' with seeds=[1,2,3]" in err


def test_a_curve_must_be_one(run_cli, evaluation, tmp_path):
    file = tmp_path / "e.json"
    file.write_text(json.dumps(evaluation), encoding="utf-8")
    assert "not a learning curve" in run_cli("report", file, "--curve", file)[2]
    assert "no such file" in run_cli("report", tmp_path / "none.json")[2].lower()
    assert sets_of(evaluation, "e")[0][0] == "evaluation"
