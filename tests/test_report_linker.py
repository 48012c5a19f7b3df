"""The report linker: its twin under torch, what it is told, its file, its fitting on a tagger that errs."""

import numpy as np
import pytest

from adwar.data.schema import EVENT_TYPES, Document, Event, Span
from adwar.model.candidates import AROUND, FACTS, PAIR_FEATURES, SENTENCE, candidates, content_words
from adwar.model.frames import RoleSpan, Trigger
from adwar.model.labels import IGNORED, LABELS
from adwar.model.link import RuleLinker, View, Words
from adwar.model.linkers import load_linker
from adwar.model.pair_linker import PairLinker
from adwar.model.report_linker import ReportLinker
from adwar.model.sentences import sentences
from adwar.model.stretches import WHOLE

TEXT = "غارة على حلب قتلت خمسة جنود. وتفجير في بغداد قتل عشرة مدنيين.\nوقال شاهد إن الغارة دمرت منزلا."
TRIGGERS = [("غارة", "airstrike"), ("وتفجير", "bombing"), ("الغارة", "airstrike")]
SPANS = [
    ("حلب", "location"),
    ("خمسة", "count"),
    ("جنود", "target"),
    ("بغداد", "location"),
    ("عشرة", "count"),
    ("مدنيين", "target"),
    ("شاهد", "source"),
    ("منزلا", "target"),
]


def view_of(text=TEXT, triggers=TRIGGERS, spans=SPANS, width=12, times=1):
    """The text ``times`` over, with random states."""
    from adwar.data.schema import words

    step = len(text) + 1
    whole = "\n".join([text] * times)
    spots = words(whole)
    at = {start: n for n, (start, _) in enumerate(spots)}
    deeds, roles = [], []
    for n in range(times):
        for word, kind in triggers:
            start = n * step + text.index(word)
            deeds.append(Trigger(start, start + len(word), word, kind, 0.7))
        for word, role in spans:
            start = n * step + text.index(word)
            roles.append(RoleSpan(start, start + len(word), word, role, 0.8))
    rng = np.random.default_rng(0)
    states = rng.normal(size=(len(spots), width)).astype(np.float32)
    log_probs = np.log(rng.dirichlet(np.ones(len(LABELS)), size=len(spots)))
    first = np.array([at[s.start] for s in roles])
    named = np.array([at[t.start] for t in deeds])
    held = Words(spots, states, log_probs)
    return View(
        whole, roles, deeds, sentences(whole), states[first], states[named], held, np.stack([first, first], 1), named
    )


def head_of(width=12):
    torch = pytest.importorskip("torch")
    from adwar.train.report_head import ReportHead

    torch.manual_seed(3)
    return ReportHead(width, width=16, layers=2, size=10).eval()


def test_the_torch_head_and_its_twin_agree_alone_and_padded():
    torch = pytest.importorskip("torch")
    from adwar.train.report_head import Gold, padded

    head, views = head_of(), [view_of(), view_of(spans=SPANS[:3]), view_of(triggers=TRIGGERS[:1])]
    golds = []
    for v in views:
        deeds, spans = len(v.triggers), len(v.spans)
        golds.append(Gold(np.zeros(deeds), np.zeros(deeds, int), np.zeros((deeds, spans)), np.zeros(spans)))
    batch = padded([(candidates(v, True), g) for v, g in zip(views, golds, strict=True)])
    with torch.no_grad():
        named, types, serves, real = head(batch)
    linker = ReportLinker([head.weights()])
    for row, view in enumerate(views):
        deeds, spans = len(view.triggers), len(view.spans)
        theirs = linker.chances(view)
        assert np.allclose(theirs[0], torch.sigmoid(named[row, :deeds]), atol=1e-5)
        assert np.allclose(theirs[1], torch.softmax(types[row, :deeds], -1), atol=1e-5)
        assert np.allclose(theirs[2], torch.sigmoid(serves[row, :deeds, :spans]), atol=1e-5)
        assert np.allclose(theirs[3], torch.sigmoid(real[row, :spans]), atol=1e-5)


def test_what_it_is_told():
    found = candidates(view_of())
    items = len(TRIGGERS) + len(SPANS)
    assert (
        found.first.shape == (items, 12) and found.around.shape == (items, 24) and found.facts.shape == (items, FACTS)
    )
    assert found.pairs.shape == (items, items, PAIR_FEATURES) and np.isfinite(found.pairs).all()
    assert found.kind.tolist()[:4] == [0, 0, 0, 4] and found.spans.tolist() == list(range(3, items))
    shared = found.pairs[:, :, -5]
    assert shared[0, 2] == 1.0 and shared[0, 1] == 0.0  # غارة and الغارة are one word
    same = found.pairs[0, :, 15 + 3]
    assert same[3] == 1 and same[6] == 0  # حلب stands in its sentence, بغداد in the next
    assert np.allclose(found.pairs[:, :, :15].sum(-1), 1) and (found.pairs[:, :, 22].diagonal() == 1).all()


def test_sentences_are_items_behind_the_others():
    view = view_of()
    bare, found = candidates(view), candidates(view, sentences=True)
    items, told = len(bare.kind), len(view.sentences)
    assert found.kind.tolist() == [*bare.kind.tolist(), *[SENTENCE] * told]
    for name in ("first", "inner", "around", "facts"):
        assert np.allclose(getattr(found, name)[:items], getattr(bare, name))
    assert np.allclose(found.pairs[:items, :items], bare.pairs)
    assert found.deeds.tolist() == bare.deeds.tolist() and found.spans.tolist() == bare.spans.tolist()
    words = [n for n, (start, _) in enumerate(view.words.spots) if start < view.sentences[0][1]]
    assert np.allclose(found.inner[items], view.words.states[words].mean(0), atol=1e-6)
    assert np.allclose(found.first[items], view.words.states[words].max(0), atol=1e-6)


def test_only_sentences_near_an_item_are_told():
    text = "\n".join(["قتل جندي في غارة على حلب.", *["لا شيء هنا."] * 50])
    view = view_of(text, [("غارة", "airstrike")], [("جندي", "target"), ("حلب", "location")])
    assert (candidates(view, sentences=True).kind == SENTENCE).sum() == 1 + AROUND


def test_a_file_fitted_without_sentences_is_read_without():
    weights = head_of().weights()
    linker = ReportLinker([weights])
    older = ReportLinker([{**weights, "kind.weight": weights["kind.weight"][:SENTENCE]}])
    assert linker.sentences and not older.sentences
    assert not np.allclose(linker.chances(view_of())[0], older.chances(view_of())[0], atol=1e-6)


def test_content_words():
    assert content_words("والطائرات الروسية") == {"طايرات", "روسيه"}
    assert content_words("5 من الجنود") == {"5", "من", "جنود"}


def test_groups_bear_type_and_score_and_every_span_serves(tmp_path):
    linker = ReportLinker([head_of().weights()], sure=0.0, real=0.0)
    groups = linker.link(view_of())
    assert [g.trigger for g in groups] == [0, 1, 2] and {s for g in groups for s in g.spans} == set(range(8))
    assert all(g.type in EVENT_TYPES and 0 <= g.score <= 1 for g in groups)
    linker.save(tmp_path / "linker.npz")
    again = load_linker(tmp_path / "linker.npz")
    assert isinstance(again, ReportLinker) and again.sure == 0.0
    for ours, theirs in zip(linker.chances(view_of()), again.chances(view_of()), strict=True):
        assert np.allclose(ours, theirs, atol=2e-2)  # kept in half precision


def test_members_are_averaged():
    torch = pytest.importorskip("torch")
    one = head_of()
    torch.manual_seed(9)
    other = type(one)(12, width=16, layers=2, size=10).eval()
    both = ReportLinker([one.weights(), other.weights()]).chances(view_of())
    parts = [ReportLinker([h.weights()]).chances(view_of()) for h in (one, other)]
    assert np.allclose(both[2], (parts[0][2] + parts[1][2]) / 2, atol=1e-6)


def test_a_long_report_is_read_in_stretches():
    view = view_of(times=WHOLE // 11 + 5)
    linker = ReportLinker([head_of().weights()], sure=0.0)
    groups = linker.link(view)
    assert len(groups) == len(view.triggers) and all(g.type for g in groups)


def test_without_a_sure_deed_spans_that_tell_of_harm_stay():
    linker = ReportLinker([head_of().weights()], sure=1.1, real=0.0)
    assert linker.link(view_of()) == RuleLinker(sure=1.1).link(view_of())


def test_a_broken_file_is_refused(tmp_path):
    weights = head_of().weights()
    del weights["serves.weight"]
    with pytest.raises(ValueError, match=r"serves\.weight.*fit it again"):
        ReportLinker([weights])
    with pytest.raises(ValueError, match="one set"):
        ReportLinker([])


def test_a_pair_linkers_file_is_still_read(tmp_path):
    from test_stretches import pair_linker_of

    pair_linker_of().save(tmp_path / "linker.npz")
    assert isinstance(load_linker(tmp_path / "linker.npz"), PairLinker)


def test_gold_of_a_view():
    pytest.importorskip("torch")
    from adwar.train.report_linker import gold_of

    def span(word):
        start = TEXT.index(word)
        return Span(start, start + len(word), word)

    first = Event("airstrike", span("غارة"), location=(span("حلب"),), count=(span("خمسة"),), source=(span("شاهد"),))
    second = Event("bombing", span("وتفجير"), location=(span("بغداد"),), source=(span("شاهد"),))
    gold = gold_of(Document("a", TEXT, "", (first, second)), view_of())
    assert gold.real.tolist() == [1, 1, 0, 1, 0, 0, 1, 0]
    assert gold.named.tolist() == [1, 1, 0] and gold.type.tolist() == [0, EVENT_TYPES.index("bombing"), IGNORED]
    assert gold.serves.tolist() == [[1, 1, 0, 0, 0, 0, 1, 0], [0, 0, 0, 1, 0, 0, 1, 0], [0] * 8]


REAL = np.array([1, 1, 1, 1, 1, 0], dtype=np.float32)


def test_fitting_learns_which_span_belongs_to_which_deed():
    """Spans belong to the deed of their own sentence: what no random weights say."""
    torch = pytest.importorskip("torch")
    from adwar.train.report_head import Gold
    from adwar.train.report_linker import _member

    torch.manual_seed(0)
    held, views = [], []
    for seed in range(48):
        view = view_of(spans=SPANS[: 6 - seed % 3], triggers=TRIGGERS[:2])
        serves = np.array([[i < 3 for i in range(len(view.spans))], [i >= 3 for i in range(len(view.spans))]])
        held.append(
            (
                candidates(view, True),
                Gold(np.ones(2), np.array([0, 2]), serves.astype(np.float32), REAL[: len(view.spans)]),
            )
        )
        views.append(view)
    linker = ReportLinker([_member(held, 12, 1)])
    groups = linker.link(views[0])
    assert [g.spans for g in groups] == [(0, 1, 2), (3, 4)]  # مدنيين, the sixth, is never one
    assert [g.type for g in groups] == [EVENT_TYPES[0], EVENT_TYPES[2]] and all(g.score > 0.8 for g in groups)


def test_spans_that_fill_no_role_are_sifted_out():
    view = view_of()
    linker = ReportLinker([head_of().weights()], sure=0.0)
    chances = linker.chances(view)[3]
    linker.real = float(np.median(chances))
    groups, kept = linker.link_and_sift(view)
    stay = {i for i, c in enumerate(chances) if c >= linker.real}
    assert 0 < len(stay) < len(SPANS) and list(kept) == [view.spans[i] for i in sorted(stay)]
    assert list(kept.values()) == pytest.approx([chances[i] for i in sorted(stay)])
    assert {s for g in groups for s in g.spans} == stay
