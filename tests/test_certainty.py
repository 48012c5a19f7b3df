"""Scores that mean what they say: the scales of `model.certainty`, and how `train.scales` fits them."""

import json
import shutil
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

import adwar
from adwar.data.schema import ROLES, Span
from adwar.eval.calibration import reliability
from adwar.model.certainty import Scale
from adwar.model.integrity import write_checksums
from adwar.model.labeler import FRAME
from adwar.model.results import RoleSpan
from adwar.train.scales import DEED, PARTS, fit_scale, frame_scale, span_scales


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def test_a_scale_that_changes_nothing_and_one_that_halves_the_odds():
    for chance in (0.03, 0.5, 0.97):
        assert Scale(0.0, 1.0).score(chance) == pytest.approx(chance)
        assert DEED.score(chance, 0.9) == pytest.approx(chance) and PARTS.score(0.9, chance) == pytest.approx(chance)
    assert Scale(-np.log(2), 1.0).score(0.5) == pytest.approx(1 / 3)
    assert 0 < Scale(0.0, 1.0).score(0.0) < 1e-3 and 0.999 < Scale(0.0, 1.0).score(1.0) < 1
    assert 0 < Scale(-800.0, 1.0).score(0.5) < 1e-9 and 1 - 1e-9 < Scale(800.0, 1.0).score(0.5) < 1


def test_what_was_drawn_from_a_scale_is_found_again():
    rng = np.random.default_rng(3)
    own, other = rng.uniform(0.3, 1, 6000), rng.uniform(0.05, 0.95, 6000)
    truth = -0.7 + 0.6 * np.log(own / (1 - own + 1e-9)).clip(-9, 9) + 0.8 * np.log(other / (1 - other))
    right = (rng.random(6000) < sigmoid(truth)).tolist()
    scale = fit_scale(own[:3000], other[:3000], right[:3000])
    assert scale.base == pytest.approx(-0.7, abs=0.2)
    assert (scale.own, scale.other) == (pytest.approx(0.6, abs=0.15), pytest.approx(0.8, abs=0.15))
    held, hits = own[3000:], np.array(right[3000:])
    scaled = np.array([scale.score(a, b) for a, b in zip(held, other[3000:], strict=True)])
    before, after = (reliability(scores, hits)["expected_calibration_error"] for scores in (held, scaled))
    assert after < 0.04 < before


def test_too_little_to_learn_from_leaves_scores_raw(documents, labeler):
    assert fit_scale([0.5] * 29, [0.5] * 29, [True, False] * 14 + [True]) is None
    assert fit_scale([0.5] * 40, [0.5] * 40, [True] * 40) is None
    found = labeler.predict(documents[0].text)
    assert span_scales(documents[:1], [dict.fromkeys(found.spans, 0.5)]) == {}
    assert frame_scale(documents[:1], [found.frames], [found.frames]) == {}


def many(documents, right):
    """Forty documents, each with its own targets as spans, of which ``right`` says whether they are right."""
    docs, sifted, frames = [], [], []
    for number in range(40):
        doc = documents[number % len(documents)]
        good = right(number)
        spans = {
            RoleSpan(s.start, s.end - (not good), "", role, 0.7): 0.9 if good else 0.2 for role, s in doc.role_spans()
        }
        event = doc.events[0]
        spot = event.trigger if good else Span(len(doc.text) + 5, len(doc.text) + 6, "x")
        roles = {role: getattr(event, role) if good else () for role in ROLES}
        frames.append([SimpleNamespace(trigger=spot, score=0.9 if good else 0.3, **roles)])
        docs.append(doc)
        sifted.append(spans)
    return docs, sifted, frames


def test_scales_of_spans_and_frames_follow_what_was_right(documents):
    told = [doc for doc in documents if doc.events]
    docs, sifted, frames = many(told, lambda number: number % 4 != 0)
    scales = span_scales(docs, sifted)
    assert set(scales) >= {"attacker", "target"} and scales["target"].other > 0.5
    assert scales["target"].score(0.7, 0.9) > 0.85 and scales["target"].score(0.7, 0.2) < 0.2
    other = [[SimpleNamespace(**{**vars(f), "score": 0.6}) for f in found] for found in frames]
    scale = frame_scale(docs, frames, other)[FRAME]  # the deed tells, the parts do not
    assert scale.score(0.9, 0.6) > 0.85 and scale.score(0.3, 0.6) < 0.2
    swapped = frame_scale(docs, other, frames)[FRAME]
    assert swapped.score(0.6, 0.9) > 0.85 and swapped.score(0.6, 0.3) < 0.2


def test_scales_change_scores_and_nothing_that_is_found(labeler, documents):
    texts = [document.text for document in documents[:6]]
    before = list(labeler.predict_many(texts))
    scales = {"target": Scale(-1.0, 0.5, 0.5), FRAME: Scale(0.5, 0.2, 0.1)}
    held = labeler.thresholds
    try:
        labeler.thresholds = replace(held, scales=scales)
        after = list(labeler.predict_many(texts))
    finally:
        labeler.thresholds = held
    spots = [[(s.role, s.start, s.end) for s in p.spans] for p in before]
    assert [[(s.role, s.start, s.end) for s in p.spans] for p in after] == spots
    for one, other in zip(before, after, strict=True):
        for old, new in zip(one.spans, other.spans, strict=True):
            assert (old.score != new.score) == (old.role == "target") and 0 < new.score < 1
        assert [f.type for f in one.frames] == [f.type for f in other.frames]
    old, new = ([f.score for p in found for f in p.frames] for found in (before, after))
    assert old and len(old) == len(new) and all(a != b and 0 < b < 1 for a, b in zip(old, new, strict=True))


BROKEN = [{"scales": {"target": wrong}} for wrong in ([1.0, 2.0], "1 2 3", [0.0, "1", 1.0], [0.0, True, 1.0])]
BROKEN += [{"scales": {"target": [0.0, float("inf"), 1.0]}}, {"scales": {"nobody": [0.0, 1.0, 0.0]}}]
BROKEN += [{"thresholds": {"target": float("nan")}}, {"boosts": {"target": 10**400}}, {"temperature": float("nan")}]


@pytest.mark.parametrize("wrong", BROKEN)
def test_a_broken_choice_in_a_model_folder_is_refused(exported, tmp_path, wrong):
    folder = tmp_path / "model"
    shutil.copytree(exported, folder)
    settings = json.loads((folder / "adwar.json").read_text(encoding="utf-8"))
    settings["chosen"] = wrong
    (folder / "adwar.json").write_text(json.dumps(settings), encoding="utf-8")
    write_checksums(folder)
    with pytest.raises(adwar.ModelError, match="broken under 'chosen'"):
        adwar.load(folder)
