"""The HTML of a prediction: nothing of the text is lost, run or reordered."""

from __future__ import annotations

from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from adwar.model.frames import CountMention, EventFrame, Mention, Prediction, RoleSpan
from adwar.model.show import amount, html_of, marked_text, safe

TEXT = 'قتل 12-15 جندياً في غارة نفذتها NATO على <b>بلدة</b> "القائم" & غيرها،\nبحسب Reuters 24'


class Page(HTMLParser):
    """The text of the paragraph without the labels, the isolates with their text, and every tag."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags, self.shown, self.isolates, self.stack = [], "", [], []
        self.feed(html)
        assert not self.stack, self.stack

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag != "br":
            self.stack.append((tag, dict(attrs)))
        if tag == "bdi":
            self.isolates.append((dict(attrs), ""))

    def handle_endtag(self, tag):
        assert self.stack.pop()[0] == tag

    def handle_data(self, data):
        classes = [a.get("class") for _, a in self.stack]
        if "adwar-label" not in classes and "adwar-text" in classes:
            self.shown += data
        if self.stack and self.stack[-1][0] == "bdi":
            attrs, text = self.isolates[-1]
            self.isolates[-1] = attrs, text + data


def mention(word, of=Mention, **more):
    start = TEXT.index(word)
    return of(start, start + len(word), word, word, 0.9, **more)


def prediction():
    target, where, who = mention("جندياً"), mention("<b>بلدة</b>"), mention("NATO")
    count = mention("12-15", CountMention, min=12, max=15, kind="killed")
    source = mention("Reuters 24")
    frame = EventFrame("airstrike", mention("غارة"), (who,), (target,), (count,), (where,), (source,), (), 0.8)
    named = [("attacker", who), ("target", target), ("count", count), ("location", where), ("source", source)]
    spans = tuple(RoleSpan(m.start, m.end, m.text, role, m.score) for role, m in named)
    return Prediction(TEXT, spans, (frame,), 1)


def test_the_text_stands_whole_and_every_span_is_isolated_and_named():
    page = Page(prediction()._repr_html_())
    assert page.shown.replace("\u061c", "") == TEXT
    inside = [text.replace("\u061c", "") for attrs, text in page.isolates if attrs["dir"] == "rtl"]
    for span in prediction().spans:
        assert span.text in inside
    labels = [text for attrs, text in page.isolates if attrs.get("class") == "adwar-label"]
    assert sorted(labels) == ["airstrike 1", "attacker 1", "count 1", "location 1", "source 1", "target 1"]
    colours = {a["style"].split(";")[0] for tag, a in page.tags if tag == "mark"}
    assert len(colours) == 6
    assert page.tags[0] == ("div", page.tags[0][1]) and page.tags[0][1]["dir"] == "rtl"
    assert not {"b", "script"} & {tag for tag, _ in page.tags}
    assert "(12–15 killed)" in [text for _, text in page.isolates]


def test_a_range_of_numbers_keeps_the_direction_of_the_arabic_before_it():
    assert '<bdi dir="rtl">\u061c12-15</bdi>' in marked_text(TEXT, [(4, 9, "count", "count")])
    assert "\u061c" not in marked_text("NATO 12-15", [(5, 10, "count", "count")])
    assert "\u061c" not in marked_text("قتل 12", [(4, 6, "count", "count")])


def test_nothing_found_is_said():
    assert "nothing to report" in html_of(Prediction("<هدوء>", (), (), 1))
    assert "&lt;هدوء&gt;" in html_of(Prediction("<هدوء>", (), (), 1))


@given(st.text(alphabet=st.characters(exclude_characters="\r"), max_size=40), st.data())
def test_any_text_with_any_marks_comes_through(text, data):
    spots = st.tuples(st.integers(0, len(text)), st.integers(0, len(text)), st.sampled_from(["target", "<x>"]))
    marks = [(a, b, kind, "<i>&") for a, b, kind in data.draw(st.lists(spots, max_size=5)) if a < b]
    html = marked_text(text, marks)
    html.encode("utf-8")
    page = Page(html)
    held = "".join(c for c in page.shown if c != "\u061c")
    assert held == Page(f'<p class="adwar-text">{safe(text)}</p>').shown.replace("\u061c", "")
    covered = {spot for a, b, *_ in marks for spot in range(a, b)}
    assert sum(tag == "mark" for tag, _ in page.tags) >= bool(covered)


def test_control_characters_become_visible():
    assert safe("\x00\x1b\ud800<\n") == "␀␛\ufffd&lt;\n"


def test_amount_is_said_once():
    assert amount(CountMention(0, 1, "x", "x", 1.0, 12, 12, None, False, "killed")) == "≥ 12 killed"
