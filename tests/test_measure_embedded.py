"""What the embedded model's evaluation.json holds, on the small sample: all figures, no word of a text."""

import json
import re

import measure_embedded
import pytest
from test_eval_commands import Oracle

from adwar.data.jsonl import write_jsonl
from adwar.train.card import card

INVENTED = "هاجم خمسة رجال حارس المصنع"


@pytest.fixture
def labeler(monkeypatch, documents):
    stand_in = Oracle({d.text: d for d in documents}, 1)
    monkeypatch.setattr("adwar.load", lambda path=None: stand_in)
    monkeypatch.setattr(measure_embedded, "CORPUS", None)
    return stand_in


@pytest.fixture
def real(monkeypatch, documents, tmp_path):
    folder = tmp_path / "real"
    folder.mkdir()
    for name in ("dev", "dev2", "test"):
        write_jsonl(documents, folder / f"{name}.jsonl")
    monkeypatch.setattr(measure_embedded, "CORPUS", folder)
    return folder


@pytest.fixture
def coded(documents, tmp_path):
    folder = tmp_path / "arabic_event_gsr"
    folder.mkdir()
    coder = {"attacker": [[5, 14]], "trigger": [[0, 4]], "target": [[15, 26]]}
    record = {"id": "1", "text": INVENTED, "annotations": [coder, coder]}
    (folder / "dev.jsonl").write_text(json.dumps(record), encoding="utf-8")
    texts = [(documents[0].text, "yes"), (INVENTED, "yes"), (documents[1].text, "easy no")]
    lines = [json.dumps({"id": str(i), "text": t, "label": label}) for i, (t, label) in enumerate(texts)]
    (folder / "detection_dev.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return folder


def test_everything_is_measured_and_no_word_is_kept(labeler, real, coded, documents, tmp_path, capsys):
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "evaluation.json").write_text(json.dumps({"home": "https://example.org", "data": ["nothing"]}))
    arguments = ["--real", str(real), "--gsr", str(coded), "--training", str(real / "dev.jsonl")]
    measure_embedded.main(arguments, folder=folder)
    written = (folder / "evaluation.json").read_text(encoding="utf-8")
    held = json.loads(written)
    assert held["home"] == "https://example.org" and held["data"] == ["nothing"] and len(held["sets"]) == 3
    for report in held["sets"].values():
        assert {"ceaf", "count values", "errors", "slices", "calibration"} <= set(report)
        assert "texts" not in report and "surface" in report["slices"]
        assert report["ceaf"]["REE"]["micro"]["interval"] and report["spans"]["strict"]["macro"]["interval"]
    assert held["gsr"]["detection"]["recall"] == 0.5 and held["gsr"]["among themselves"]["target"]["exact"] == 1.0
    assert str(tmp_path) not in written
    said = {word for doc in documents for word in re.findall(r"[\u0621-\u064a]{2,}", doc.text)}
    kept = set(re.findall(r"[\u0621-\u064a]{2,}", written))
    assert not said & kept and not set(INVENTED.split()) & kept
    told = (folder / "README.md").read_text(encoding="utf-8")
    assert told == card(folder)
    for name in ("CEAF-REE, F1", "CEAF-RME φ3, F1", "count values: exact", "expected calibration error"):
        assert told.count(f"| {name} |") == 3
    assert "| spans, exact: macro F1 |" in told and "attacker, model with coders" in told
    assert "Attack or no attack, 3 texts: precision 100.0" in told


def test_a_folder_that_is_not_there_is_skipped_and_told(labeler, real, tmp_path, capsys):
    folder = tmp_path / "model"
    folder.mkdir()
    before = {"gsr": {"file": "x"}, "quiet": {"documents": 3, "with a frame": 0}}
    found = measure_embedded.coders(labeler, str(tmp_path / "none"), before)
    assert found == {"gsr": {"file": "x"}} and "is not here: the gold-standard records were skipped" in (
        capsys.readouterr().out
    )
    assert measure_embedded.coders(labeler, None, {}) == {}
    measure_embedded.main(["--real", str(real)], folder=folder)
    assert "gsr" not in json.loads((folder / "evaluation.json").read_text(encoding="utf-8"))
    assert "gold-standard" not in (folder / "README.md").read_text(encoding="utf-8")
