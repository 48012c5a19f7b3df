"""Agreement with several coders, on invented records."""

import json
from dataclasses import dataclass

import pytest
from conftest import SHARED, Guess

from adwar.data.errors import DataError
from adwar.eval.detection import detection, detection_table, read_labelled
from adwar.eval.gsr import agreement, agreement_table, pair_agreement, read_gsr
from adwar.eval.gsr_set import read_set, score_set, set_markdown, set_table

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


# attack or no attack

LABELLED = (
    ("هاجم مسلحون القرية", "yes"),
    (TEXT, "yes"),
    ("نفى الوزير النبأ", "difficult no"),
    ("فاز الفريق", "easy no"),
)


@pytest.fixture
def labelled(tmp_path):
    path = tmp_path / "detection.jsonl"
    lines = [json.dumps({"id": str(i), "text": t, "label": label}) for i, (t, label) in enumerate(LABELLED)]
    path.write_text("\n".join([*lines, ""]), encoding="utf-8")
    return path


def test_detection_by_hand(labelled):
    texts = list(read_labelled(labelled))
    report = detection(texts, [Guess(frames=[Frame()]), Guess(), Guess(frames=[Frame(), Frame()]), Guess()])
    assert (report["precision"], report["recall"], report["f1"]) == (0.5, 0.5, 0.5)
    assert report["by label"]["difficult no"] == {"texts": 1, "with a frame": 1}
    assert report["by label"]["easy no"]["with a frame"] == 0
    low, high = report["intervals"]["f1"]
    assert 0 <= low < 0.5 < high <= 1 and json.loads(json.dumps(report)) == report
    assert "difficult no" in detection_table(report)
    right = detection(texts, [Guess(frames=[Frame()] * (label == "yes")) for _, label in LABELLED])
    assert right["f1"] == 1.0 and right["intervals"]["recall"][1] == 1.0
    with pytest.raises(ValueError, match="4 texts but 0"):
        detection(texts, [])


def test_faults_of_labelled_texts_are_told_by_line(tmp_path):
    path = tmp_path / "bad.jsonl"
    for line, problem in (
        ('{"text": "x", "label": "maybe"}', "label 'maybe': one of yes, easy no"),
        ('{"label": "yes"}', "without 'text'"),
        ('{"text": 1, "label": "yes"}', "no string"),
    ):
        path.write_text(line, encoding="utf-8")
        with pytest.raises(DataError, match=problem) as error:
            read_set(path)
        assert error.value.line == 1


def test_a_folder_holds_both_and_either_file_is_read_alone(file, labelled, tmp_path):
    records, texts = read_set(tmp_path)
    assert (len(records), len(texts)) == (2, 4)
    assert [len(part) for part in read_set(file)] == [2, 0] and [len(part) for part in read_set(labelled)] == [0, 4]
    report = score_set("coded", records, texts, lambda many: [Guess() for _ in many])
    assert report["file"] == "coded" and report["records"] == 2 and report["detection"]["recall"] == 0.0
    assert "among themselves" in set_table(report) and "attack or no attack" in set_table(report)
    told = "\n".join(set_markdown(report))
    assert "| target, among themselves |" in told and "1 of 1" not in told and "0 of 2 labelled yes" in told
    alone = score_set("x", [], texts, lambda many: [Guess() for _ in many])
    assert "among themselves" not in set_table(alone) and len(set_markdown(alone)) == 2


def test_an_empty_folder_is_told(tmp_path):
    with pytest.raises(DataError, match=r"no \.jsonl file in this folder; dev\.jsonl"):
        read_set(tmp_path)
    (tmp_path / "dev.jsonl").write_text("", encoding="utf-8")
    with pytest.raises(DataError, match="no records"):
        read_set(tmp_path)


def test_the_records_themselves_if_they_are_here():
    folder = SHARED / "external" / "arabic_event_gsr"
    if not folder.is_dir():
        pytest.skip("the gold-standard records are not here: they are not ours to ship")
    records, texts = read_set(folder)
    assert len(records) > 100 and sum(one.label == "yes" for one in texts) > 100
    people = agreement(records)["among themselves"]
    assert 0.55 < people["attacker"]["token_f1"] < 0.75 and 0.45 < people["target"]["token_f1"] < 0.7
