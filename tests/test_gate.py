"""The gate: what it reads off a text, that long reports pass for one sentence, training it, and the one that ships."""

import json
from dataclasses import replace

import numpy as np
import pytest
from conftest import SHARED
from hypothesis import given, settings
from hypothesis import strategies as st

from adwar.data.jsonl import read_jsonl
from adwar.data.splits import CORPUS
from adwar.model.loading import EMBEDDED
from adwar.scale.gate import FILE, WINDOW, Gate, features, windows
from adwar.train.gate import figures, raw_figures, save, threshold
from adwar.train.gate_data import Example, annotated, sample, silver
from adwar.train.gate_fit import FitConfig, cut_windows, fit

BITS = 14
QUIET = "افتتح وزير الصحة مستشفى جديدا في المدينة بتكلفة 12 مليون دولار وقال إن العمل فيه يبدأ قريبا"
ATTACK = "قتل ثلاثة مدنيين في غارة جوية على سوق البلدة"


def told(text):
    owners, slots, count = features(text, BITS)
    return sorted(zip(owners.tolist(), slots.tolist(), strict=True)), count


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("قُتِلَ ٣ جنود", "قتل 3 جنود"),
        ("إلى الأنبار", "الى الانبار"),
        ("قتـــل", "قتل"),
        ("غارة، على «حلب»!", "غارة على حلب"),
        ("  a\n\nB ", "a b"),
        ("قتل 12", "قتل 95"),
    ],
)
def test_spellings_of_one_word_are_one(one, other):
    assert told(one) == told(other)


def test_words_pairs_and_grams_are_told_apart():
    one, count = told("غارة على")
    assert count == 2 and {word for word, _ in one} == {0, 1}
    # 2 words, 1 pair, and of " غارة " and " على " the n-grams of 3, 4 and 5 characters
    assert len(one) == 2 + 1 + (4 + 3 + 2) + (3 + 2 + 1)
    assert told("على غارة") != (one, count)


@settings(max_examples=80, deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_read(text):
    owners, slots, count = features(text, BITS)
    assert len(owners) == len(slots) and ((slots >= 0) & (slots < 1 << BITS)).all()
    if count:
        assert set(owners.tolist()) == set(range(count))
    chance = np.random.default_rng(0).normal(size=1 << BITS).astype(np.float32)
    score = Gate(chance, 0.0, 0.0).score(text)
    assert np.isfinite(score) if count else score == float("-inf")


@pytest.mark.parametrize("count", [1, WINDOW, WINDOW + 1, 100, 1001])
def test_windows_cover_every_word(count):
    spots = windows(count)
    assert {w for a, b in spots for w in range(a, b)} == set(range(count))
    assert all(b - a == min(WINDOW, count) for a, b in spots)


@pytest.fixture(scope="module")
def taught():
    quiet = [Example(" ".join([QUIET] * n), (), 0, False) for n in (1, 2, 3)]
    attacks = [Example(f"{QUIET} {ATTACK} {QUIET}", (len(QUIET) + 1,), 4, True)]
    gate = fit(cut_windows([*quiet, *attacks] * 3, BITS), FitConfig(bits=BITS, l2=0.1))
    return replace(gate, least=0.0)


def test_it_learns(taught):
    assert taught.passes(ATTACK) and not taught.passes(QUIET)


def test_a_long_report_passes_for_one_sentence(taught):
    filler = f"{QUIET} " * 100
    assert not taught.passes(filler)
    assert taught.passes(filler + ATTACK + " " + filler)


def test_what_is_saved_scores_the_same(taught, tmp_path):
    save(taught, {"least": 0.0}, tmp_path / "gate.npz")
    read = Gate.load(tmp_path / "gate.npz")
    assert read.least == 0.0 and read.bits == BITS
    for text in (ATTACK, QUIET):
        assert read.score(text) == taught.score(text)
    assert json.loads((tmp_path / "gate.json").read_text())["bytes"] == (tmp_path / "gate.npz").stat().st_size
    assert sorted(f.name for f in tmp_path.iterdir()) == ["gate.json", "gate.npz"]


def test_a_broken_file_is_told(tmp_path):
    (tmp_path / "gate.npz").write_bytes(b"PK nothing")
    with pytest.raises(ValueError, match=r"gate\.npz: no usable gate: .*--no-gate"):
        Gate.load(tmp_path / "gate.npz")


def test_the_threshold_keeps_what_it_promises():
    scores, spans = np.array([3.0, -1.0, 2.0, 0.5, 1.0]), np.array([500, 1, 400, 2, 97])
    assert threshold(scores, spans, 0.998) == 0.5  # one span of a thousand may go, three may not
    assert threshold(scores, spans, 1.0) == -1.0
    for keep in (0.9, 0.997, 0.998, 1.0):
        assert spans[scores >= threshold(scores, spans, keep)].sum() / spans.sum() >= keep


def test_figures_count_what_passes():
    examples = [Example("", (), 8, True), Example("", (), 2, True), Example("", (), 0, False)]
    told = figures(np.array([1.0, -1.0, 0.5]), examples, 0.0)
    assert told["share of spans that pass"] == 0.8 and told["share of reports with attacks that pass"] == 0.5
    assert told["share of quiet reports that pass"] == 1.0 and told["quiet reports"] == 1


def test_figures_of_raw_news():
    examples = [Example("", (), 8, True, (0.4, 0.8)), Example("", (), 2, None, (0.3,)), Example("", (), 0, False)]
    told = raw_figures(np.array([1.0, -1.0, 0.5]), examples, 0.0)
    assert told["frames"] == {"number": 3, "share that pass": pytest.approx(2 / 3, abs=1e-3)}
    assert told["frames of a score of 0.5 or more"] == {"number": 1, "share that pass": 1.0}
    assert told["reports without a frame"] == {"number": 1, "share that pass": 1.0}
    assert told["reports"]["number"] == 3
    assert raw_figures(np.array([1.0]), examples[2:], 0.0)["frames"] == {"number": 0, "share that pass": None}


def test_raw_news_teaches_by_what_the_model_found(tmp_path):
    raw = tmp_path / "raw"
    raw.mkdir()
    body = [f"{QUIET} {n} {QUIET} {QUIET}" for n in range(5)]
    (raw / "news.txt").write_text("\n\n".join(f"عنوان\n{text}" for text in body), encoding="utf-8")
    (raw / "notes.txt").write_text(f"عنوان\n{body[0]}", encoding="utf-8")
    picked = sample(raw, {("news", 2)}, {"news": 9})
    assert sorted(number for _, number, _ in picked) == [0, 1, 3, 4]
    assert picked == sample(raw, {("news", 2)}, {"news": 9}) and len(sample(raw, set(), {"news": 2})) == 2
    found = [[], [[0.9, 3, [[0, 9]]]], [[0.3, 5, [[0, 9]]]], [[0.8, None, [[2, 9]]]]]
    lines = [json.dumps([*picked[i][:2], 60, frames, 2]) for i, frames in enumerate(found)]
    (tmp_path / "silver.jsonl").write_text("\n".join(lines) + "\n")
    examples = list(silver(picked, tmp_path / "silver.jsonl"))
    assert [e.attack for e in examples] == [False, True, None, True]
    assert [e.triggers for e in examples] == [(), (3,), (), (2,)]
    assert [e.text for e in examples] == [text for _, _, text in picked]


@pytest.fixture(scope="module")
def shipped():
    return Gate.load(EMBEDDED / FILE)


def test_what_ships_is_small_and_says_how_good_it_is():
    assert (EMBEDDED / FILE).stat().st_size < 500_000
    held = json.loads((EMBEDDED / "gate.json").read_text(encoding="utf-8"))
    assert held["bytes"] == (EMBEDDED / FILE).stat().st_size
    assert held["keep"] >= 0.998
    assert held["sets"]["dev (real and ours), chosen on"]["share of spans that pass"] >= 0.998


def test_the_shipped_gate_lets_attacks_pass(shipped):
    examples = annotated(read_jsonl(CORPUS / "dev.jsonl"))
    told = figures(shipped.scores(e.text for e in examples), examples, shipped.least)
    assert told["share of spans that pass"] >= 0.998
    assert shipped.passes(ATTACK) and not shipped.passes(QUIET) and not shipped.passes("")


def test_the_shipped_gate_on_real_news(shipped):
    file = SHARED / "real_news" / "dev.jsonl"
    if not file.exists():
        pytest.skip("real news is not here: it is not ours to ship")
    examples = annotated(read_jsonl(file, repair=True))
    told = figures(shipped.scores(e.text for e in examples), examples, shipped.least)
    assert told["share of spans that pass"] >= 0.998
