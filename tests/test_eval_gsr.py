"""Agreement with several coders, on invented records."""

import json
from dataclasses import dataclass

import pytest
from conftest import Guess

from adwar.data.errors import DataError
from adwar.eval.gsr import agreement, agreement_table, pair_agreement, read_gsr

TEXT = "هاجم خمسة رجال حارس المصنع"
#        0    5    10   15   20


@dataclass
class Spot:
    start: int
    end: int


@dataclass
class Frame:
    attacker: tuple = ()
    target: tuple = ()


def coder(attacker=(), target=()):
    return {"attacker": [list(s) for s in attacker], "trigger": [[0, 4]], "target": [list(s) for s in target]}


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "gsr.jsonl"
    records = [
        {"id": "1", "text": TEXT, "annotations": [coder([(10, 14)], [(15, 26)]), coder([(5, 14)], [(15, 19)])]},
        {"id": "2", "text": TEXT, "annotations": [coder(), coder(), coder(target=[(15, 19)])]},
    ]
    path.write_text("\n".join(json.dumps(r, ensure_ascii=False) for r in records) + "\n\n", encoding="utf-8")
    return path


def test_a_pair_by_hand():
    assert pair_agreement(TEXT, ((5, 14),), ((10, 14),)) == (pytest.approx(2 / 3), 1.0, 0.0)
    assert pair_agreement(TEXT, ((5, 9), (10, 14)), ((5, 14),)) == (1.0, 1.0, 1.0)
    assert pair_agreement(TEXT, ((5, 9),), ()) == (0.0, 0.0, 0.0)
    assert pair_agreement(TEXT, (), ()) is None


def test_coders_among_themselves(file):
    report = agreement(list(read_gsr(file)))
    ours = report["among themselves"]
    assert ours["attacker"]["pairs"] == 1 and ours["attacker"]["token_f1"] == pytest.approx(2 / 3)
    # targets: record 1 gives 2/3, record 2 two pairs of something against nothing and one both empty
    assert ours["target"]["pairs"] == 3 and ours["target"]["token_f1"] == pytest.approx(2 / 9)
    assert ours["target"]["overlap"] == pytest.approx(1 / 3) and ours["target"]["exact"] == 0.0
    assert "model with coders" not in report


def test_a_model_is_compared_with_each_coder_all_frames_together(file):
    guesses = [Guess(frames=[Frame((Spot(5, 9),)), Frame((Spot(10, 14),), (Spot(15, 19),))]), Guess()]
    report = agreement(list(read_gsr(file)), guesses)
    ours = report["model with coders"]
    assert ours["attacker"]["pairs"] == 2
    assert ours["attacker"]["token_f1"] == pytest.approx((2 / 3 + 1) / 2) and ours["attacker"]["exact"] == 0.5
    assert ours["target"]["pairs"] == 3  # two coders of record 1, the one of record 2 who marked something
    low, high = ours["target"]["intervals"]["token_f1"]
    assert low <= ours["target"]["token_f1"] <= high
    assert json.loads(json.dumps(report)) == report and "among themselves" in agreement_table(report)


def test_faults_are_told_by_line(tmp_path):
    path = tmp_path / "bad.jsonl"
    for line, problem in (
        ("{", "not a record"),
        ('{"text": "x"}', "annotations"),
        ('{"text": "x", "annotations": [{"attacker": [[0, 9]], "target": []}]}', "outside"),
        ('{"text": 5, "annotations": []}', "not a record"),
        ("[]", "not a record"),
    ):
        path.write_text(line, encoding="utf-8")
        with pytest.raises(DataError, match=problem) as error:
            list(read_gsr(path))
        assert error.value.line == 1
    with pytest.raises(DataError, match="cannot be read"):
        list(read_gsr(tmp_path / "none.jsonl"))


def test_predictions_must_fit_and_nothing_is_fine(file):
    with pytest.raises(ValueError, match="2 records but 1"):
        agreement(list(read_gsr(file)), [Guess()])
    assert agreement([], [])["model with coders"]["target"]["pairs"] == 0
    assert agreement_table(agreement([], []))
