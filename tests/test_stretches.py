"""A long report is linked stretch by stretch: the same groups where links are near, in time that grows with length."""

import numpy as np

from adwar.model import pair_linker
from adwar.model.frames import RoleSpan, Trigger
from adwar.model.link import Group, RuleLinker, View
from adwar.model.pair_linker import FEATURES, PairLinker, pair_features, places
from adwar.model.sentences import sentences
from adwar.model.stretches import WHOLE, link_in_stretches

DEED = "ضرب زيد عمرا هنا. "
WIDTH = 8


def long_view(deeds, width=WIDTH):
    """A text of ``deeds`` sentences, each with a trigger and two spans."""
    text, step = DEED * deeds, len(DEED)
    starts = [n * step for n in range(deeds)]
    triggers = [Trigger(s, s + 3, "ضرب", "other", 0.9 if n % 3 else 0.3) for n, s in enumerate(starts)]
    spans = []
    for s in starts:
        spans += [RoleSpan(s + 4, s + 7, "زيد", "attacker", 0.9), RoleSpan(s + 8, s + 12, "عمرا", "target", 0.9)]
    sentences = [(s, s + step - 1) for s in starts]
    noise = np.random.default_rng(0)
    vectors = [noise.normal(size=(n, width)).astype(np.float32) for n in (len(spans), deeds)]
    return View(text, spans, triggers, sentences, *vectors)


def pair_linker_of(width=WIDTH, inner=6):
    noise = np.random.default_rng(1)
    shapes = {
        "trigger_w": (inner, width),
        "trigger_b": (inner,),
        "span_w": (inner, width),
        "span_b": (inner,),
        "hidden_w": (inner, 3 * inner + FEATURES),
        "hidden_b": (inner,),
        "out_w": (1, inner),
        "out_b": (1,),
    }
    return PairLinker({name: noise.normal(size=shape) for name, shape in shapes.items()})


def test_near_links_are_the_same_as_in_one_piece():
    view = long_view(400)
    linker = RuleLinker(sure=0.0)
    assert link_in_stretches(linker.link, view) == linker.link(view)


def test_every_deed_once_with_spans_of_its_own_text():
    view = long_view(500)
    groups = link_in_stretches(pair_linker_of().link, view)
    triggers = [group.trigger for group in groups]
    assert triggers == sorted(set(triggers)) and {i for i in range(500) if i % 3} <= set(triggers)
    near = [abs(view.spans[i].start - view.triggers[g.trigger].start) for g in groups for i in g.spans]
    assert near and max(near) < 150 * len(DEED)


def test_short_reports_are_linked_in_one_piece(monkeypatch):
    monkeypatch.setattr(pair_linker, "link_in_stretches", lambda link, view: "cut")
    linker = pair_linker_of()
    assert linker.link(long_view(WHOLE // 3)) != "cut" and linker.link(long_view(WHOLE // 3 + 1)) == "cut"


def test_no_deed_in_any_stretch_is_no_deed_at_all():
    view = long_view(200)
    groups = link_in_stretches(lambda part: [Group(None, tuple(range(len(part.spans))))], view)
    assert groups == [Group(None, tuple(range(400)))]  # attacker and target tell of harm: one group of the whole


def test_work_grows_with_length_only(monkeypatch):
    done = []
    scores = PairLinker.scores

    def counted(self, triggers, spans, features):
        done[-1] += len(triggers) * len(spans)
        return scores(self, triggers, spans, features)

    monkeypatch.setattr(PairLinker, "scores", counted)
    for deeds in (150, 600):
        done.append(0)
        pair_linker_of().link(long_view(deeds))
    assert done[1] < 6 * done[0]  # four times the text; in one piece it would be 64 times the work


def test_a_stretch_counts_only_its_own_text():
    text, spots = "قتل زيد.\nثم " * 50, [(0, 3), (4, 7), (12, 15)]
    near = places(text, spots[:1], spots[1:], ["target", "target"], sentences(text))
    moved = [[(a + 240, b + 240) for a, b in part] for part in (spots[:1], spots[1:])]
    far = places(text, *moved, ["target", "target"], sentences(text))
    assert np.array_equal(pair_features(near), pair_features(far)) and near.span_word.tolist() == [1, 3]

    class Counted(str):
        read = 0

        def __getitem__(self, key):
            found = super().__getitem__(key)
            Counted.read += len(found)
            return found

        def __iter__(self):
            raise AssertionError("the whole text was read")

    places(Counted(text), *moved, ["target", "target"], sentences(text))
    assert Counted.read == 2 * 12
