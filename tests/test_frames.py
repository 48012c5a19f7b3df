"""Frames from linked spans: names, counts with kinds, numbers read off nouns, sentences, linkers."""

import numpy as np
import pytest

from adwar.model.frames import CountMention, RoleSpan, Trigger, build_frame
from adwar.model.link import Group, RuleLinker, View, sentence_of
from adwar.model.pair_linker import FEATURES, PairLinker, pair_features, places
from adwar.model.sentences import sentences


def spans_of(text, *marked):
    found, at = [], 0
    for role, part in marked:
        start = text.index(part, at)
        found.append(RoleSpan(start, start + len(part), part, role, 0.9))
        at = start + len(part)
    return found


def frame_of(text, *marked):
    return build_frame(text, None, spans_of(text, *marked), sentences(text), "other")


@pytest.mark.parametrize(
    ("text", "marked", "expected"),
    [
        ("مقتل 12 جنديا في كمين", [("count", "12"), ("target", "جنديا")], [(12, "killed")]),
        (
            "مقتل جنديين وإصابة ثلاثة آخرين",
            [("target", "جنديين"), ("count", "ثلاثة"), ("target", "آخرين")],
            [(2, "killed"), (3, "wounded")],
        ),
        ("مقتل شخص في هجوم", [("target", "شخص")], [(1, "killed")]),
        ("استهدف الهجوم المسجد", [("target", "المسجد")], []),
        (
            "خطف مسلحون أربعة مهندسين",
            [("attacker", "مسلحون"), ("count", "أربعة"), ("target", "مهندسين")],
            [(4, "taken")],
        ),
    ],
)
def test_counts_of_a_frame(text, marked, expected):
    assert [(c.value, c.kind) for c in frame_of(text, *marked).count] == expected


def test_bounds_of_a_hedged_count():
    (count,) = frame_of("مقتل ما لا يقل عن 30 مدنيا", ("count", "ما لا يقل عن 30"), ("target", "مدنيا")).count
    assert (count.value, count.min, count.max) == (30, 30, None)


def test_names_lose_attached_letters_and_adjectives_become_states():
    text = "غارة إسرائيلية بالقنيطرة استهدفت رتلا لحزب الله"
    frame = frame_of(text, ("attacker", "إسرائيلية"), ("location", "بالقنيطرة"), ("target", "رتلا لحزب الله"))
    assert frame.attacker[0].name == "إسرائيل"
    assert frame.location[0].name == "القنيطرة"
    assert frame.location[0].text == "بالقنيطرة"


def test_a_frame_rests_on_the_sentences_of_its_parts():
    text = "قتل جندي في تعز. لا شيء هنا. واتهم الجيش الحوثيين."
    frame = frame_of(text, ("target", "جندي"), ("attacker", "الحوثيين"))
    assert [text[a:b] for a, b in frame.sentences] == ["قتل جندي في تعز.", "واتهم الجيش الحوثيين."]


def test_an_unsure_part_lowers_the_frame_score():
    text = "قتل جندي في تعز"
    trigger = Trigger(0, 3, "قتل", "shooting", 1.0)
    sure = build_frame(text, trigger, [RoleSpan(4, 8, "جندي", "target", 1.0)], [(0, 15)], "shooting")
    unsure = build_frame(text, trigger, [RoleSpan(4, 8, "جندي", "target", 0.4)], [(0, 15)], "shooting")
    assert sure.score == 1.0 and unsure.score == pytest.approx(0.4)
    assert isinstance(sure.count[0], CountMention)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("قتل اثنان. وجرح ثلاثة.", ["قتل اثنان.", "وجرح ثلاثة."]),
        ("قتل اثنان.وجرح ثلاثة.", ["قتل اثنان.", "وجرح ثلاثة."]),
        ("ارتفع 3.5 في المئة. ثم", ["ارتفع 3.5 في المئة.", "ثم"]),
        ("سطر\nسطر آخر", ["سطر", "سطر آخر"]),
        ('قال "انتهى." وخرج', ['قال "انتهى."', "وخرج"]),
        ("حلب.. قتلى؟ نعم", ["حلب..", "قتلى؟", "نعم"]),
        ("", []),
    ],
)
def test_sentences(text, parts):
    assert [text[a:b] for a, b in sentences(text)] == parts


def view_of(text, triggers, spans):
    return View(
        text,
        spans,
        triggers,
        sentences(text),
        np.zeros((len(spans), 4), dtype=np.float32),
        np.zeros((len(triggers), 4), dtype=np.float32),
    )


def test_rules_link_to_the_trigger_of_the_sentence():
    text = "غارة على حلب قتلت خمسة. وتفجير في بغداد قتل عشرة. وقال شاهد ذلك."
    spans = spans_of(
        text, ("location", "حلب"), ("count", "خمسة"), ("location", "بغداد"), ("count", "عشرة"), ("source", "شاهد")
    )
    triggers = [Trigger(0, 4, "غارة", "airstrike", 0.9)]
    at = text.index("وتفجير")
    triggers.append(Trigger(at, at + 6, "وتفجير", "bombing", 0.9))
    assert RuleLinker().link(view_of(text, triggers, spans)) == [Group(0, (0, 1)), Group(1, (2, 3, 4))]


def test_spans_without_a_trigger_need_somebody_hit():
    text = "قتل خمسة جنود"
    spans = spans_of(text, ("count", "خمسة"), ("target", "جنود"))
    assert RuleLinker().link(view_of(text, [], spans)) == [Group(None, (0, 1))]
    assert RuleLinker().link(view_of(text, [], spans_of(text, ("location", "قتل")))) == []


def linker(width=4, size=3):
    rng = np.random.default_rng(0)
    shapes = {"trigger": (size, width), "span": (size, width), "hidden": (size, 3 * size + FEATURES), "out": (1, size)}
    weights = {f"{n}_w": rng.normal(size=s) for n, s in shapes.items()}
    weights |= {f"{n}_b": rng.normal(size=s[0]) for n, s in shapes.items()}
    return PairLinker(weights)


def test_every_span_joins_at_least_one_deed(tmp_path):
    text = "غارة على حلب قتلت خمسة. وتفجير في بغداد قتل عشرة."
    spans = spans_of(text, ("location", "حلب"), ("count", "خمسة"), ("location", "بغداد"), ("count", "عشرة"))
    triggers = [Trigger(0, 4, "غارة", "airstrike", 0.9), Trigger(24, 30, text[24:30], "bombing", 0.9)]
    model = linker()
    groups = model.link(view_of(text, triggers, spans))
    assert {i for g in groups for i in g.spans} == set(range(4))
    model.save(tmp_path / "linker.npz")
    assert PairLinker.load(tmp_path / "linker.npz").link(view_of(text, triggers, spans)) == groups


def test_the_torch_head_and_its_twin_agree():
    torch = pytest.importorskip("torch")
    from adwar.train.joint import PairHead

    head = PairHead(8).eval()
    rng = np.random.default_rng(1)
    arrays = [rng.normal(size=s).astype(np.float32) for s in ((2, 8), (3, 8), (2, 3, FEATURES))]
    with torch.no_grad():
        theirs = torch.sigmoid(head(*map(torch.from_numpy, arrays))).numpy()
    assert np.allclose(head.to_linker().scores(*arrays), theirs, atol=1e-5)


def test_pair_features_say_order_and_distance():
    text = "غارة على حلب. قتل خمسة."
    spot = places(text, [(0, 4)], [(9, 12), (18, 22)], ["location", "count"], sentences(text))
    features = pair_features(spot)
    assert features.shape == (1, 2, FEATURES)
    assert features[0, 0, 5] == 1 and features[0, 1, 5] == 0  # same sentence
    assert pair_features(places(text, [], [], [], [])).shape == (0, 0, FEATURES)


def test_a_linker_without_weights_is_refused():
    with pytest.raises(ValueError, match="lacks trigger_w"):
        PairLinker({})


def test_sentence_lookup():
    spots = [(0, 5), (6, 9), (10, 20)]
    assert [sentence_of(i, spots) for i in (0, 5, 6, 15, 99)] == [0, 0, 1, 2, 2]
