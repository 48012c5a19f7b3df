"""Random sound documents for property tests: any Unicode text, events on whole words of it."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import strategies as st

from adwar.data.schema import EVENT_TYPES, ROLES, Document, Event, Span, words

TEXT = st.one_of(st.text(max_size=80), st.text(alphabet="قتل مدني،.{}\\\n=12ـَ#_\u200f٣😀", max_size=120))
IDS, TITLES = st.text(min_size=1, max_size=8), st.text(max_size=20)
META = st.dictionaries(st.text(min_size=1, max_size=8), st.one_of(st.text(max_size=8), st.integers(), st.none()))


@st.composite
def documents_of_any_text(draw, texts=TEXT, ids=IDS, titles=TITLES, metas=META):
    """A document whose spans are disjoint runs of words; some serve several events."""
    text = draw(texts)
    spots = words(text)
    cuts = sorted(draw(st.sets(st.integers(0, len(spots)), max_size=10)))
    spans = [Span(spots[a][0], spots[b - 1][1], text[spots[a][0] : spots[b - 1][1]]) for a, b in pairwise(cuts)]
    number = draw(st.integers(0, min(3, len(spans))))
    triggers, fillers = spans[:number], [(span, draw(st.sampled_from(ROLES))) for span in spans[number:]]
    events = []
    for trigger in triggers:
        owned = [(span, role) for span, role in fillers if draw(st.booleans())]
        roles = {role: tuple(s for s, r in owned if r == role) for role in ROLES}
        events.append(Event(draw(st.sampled_from(EVENT_TYPES)), trigger, **roles))
    return Document(draw(ids), text, draw(titles), tuple(events), draw(metas))
