"""``adwar eval`` and ``adwar compare`` end to end, with a stand-in that reads the gold: no model is trained."""

import json
from dataclasses import dataclass

import pytest

from adwar.model.frames import CountMention, EventFrame, Mention, Prediction, RoleSpan


def as_prediction(doc, drop=0):
    def mention(s, kind=Mention):
        return kind(s.start, s.end, s.text, s.text, 0.9)

    frames = [
        EventFrame(
            e.type,
            mention(e.trigger),
            *(tuple(mention(s) for s in getattr(e, r)) for r in ("attacker", "target")),
            tuple(mention(s, CountMention) for s in e.count),
            *(tuple(mention(s) for s in getattr(e, r)) for r in ("location", "source")),
            (),
            0.9,
        )
        for e in doc.events
    ]
    spans = [RoleSpan(s.start, s.end, s.text, role, 0.9) for role, s in doc.role_spans()]
    return Prediction(doc.text, tuple(spans[drop:]), tuple(frames), 1)


@dataclass
class Oracle:
    by_text: dict
    drop: int

    def predict_many(self, texts, *, min_score=0.0):
        return (
            as_prediction(self.by_text[t], self.drop) if t in self.by_text else Prediction(t, (), (), 1) for t in texts
        )


@pytest.fixture
def oracle(monkeypatch, documents):
    by_text = {d.text: d for d in documents}
    monkeypatch.setattr("adwar.model.loading.load", lambda path=None, **_: Oracle(by_text, 1 if path == "worse" else 0))


def test_eval_writes_all_it_is_asked_for(run_cli, oracle, corpus_files, tmp_path):
    train, _ = corpus_files
    output, errors = tmp_path / "report.json", tmp_path / "errors.json"
    status, out, _ = run_cli(
        *("eval", "--model", "worse", "--data", train, "--slices", "--training", train, "--calibration"),
        *("--errors", errors, "--output", output),
    )
    report = json.loads(output.read_text(encoding="utf-8"))
    assert status == 0 and "CEAF-REE" in out and "first third" in out and "ECE" in out
    old = {"model", "data", "documents", "gold events", "spans", "frames", "reports with no event"}
    new = {"ceaf", "count values", "slices", "calibration", "of these with a frame", "errors", "texts"}
    assert set(report) == old | new
    listed = json.loads(errors.read_text(encoding="utf-8"))
    assert [e["kind"] for e in listed["errors"]] == ["missed", "missed"]


def test_pages_and_a_json_without_words(run_cli, oracle, corpus_files, documents, tmp_path):
    html, markdown, output = tmp_path / "r.html", tmp_path / "r.md", tmp_path / "r.json"
    status, _, _ = run_cli(
        *("eval", "--model", "worse", "--data", corpus_files[0], "--html", html, "--markdown", markdown),
        *("--output", output, "--no-texts"),
    )
    assert status == 0 and documents[2].text[:6] in html.read_text(encoding="utf-8")
    assert "## Calibration" in markdown.read_text(encoding="utf-8")
    assert "texts" not in json.loads(output.read_text(encoding="utf-8"))
    assert "Every error" not in output.read_text(encoding="utf-8")
    assert not [d for d in documents if d.text.split()[2] in output.read_text(encoding="utf-8")]


def test_a_card_is_written_from_what_was_measured(run_cli, monkeypatch, corpus_files, documents, tmp_path):
    by_text = {d.text: d for d in documents}
    monkeypatch.setattr("adwar.model.loading.load", lambda path=None, **_: Oracle(by_text, 0))
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "evaluation.json").write_text(json.dumps({"name": "mine", "sets": {}, "data": ["ten reports"]}))
    assert run_cli("eval", "--model", folder, "--data", corpus_files[1], "--card")[0] == 0
    card = (folder / "README.md").read_text(encoding="utf-8")
    assert "# mine" in card and "### dev (1 reports, 2 attacks)" in card and "- ten reports" in card
    assert "| all five | 100.0 |" in card


def test_errors_as_text_and_json_output(run_cli, oracle, corpus_files, tmp_path):
    errors = tmp_path / "errors.txt"
    status, out, _ = run_cli("eval", "--model", "worse", "--data", corpus_files[0], "--errors", errors, "--json")
    assert status == 0 and json.loads(out)["ceaf"]["REE"]["micro"]["f1"] == 1.0
    assert "missed: gold" in errors.read_text(encoding="utf-8")


def test_eval_against_coders(run_cli, oracle, documents, tmp_path):
    doc = documents[0]
    coder = {"attacker": [[s.start, s.end] for e in doc.events for s in e.attacker], "trigger": [], "target": []}
    file = tmp_path / "gsr.jsonl"
    file.write_text(json.dumps({"id": "1", "text": doc.text, "annotations": [coder, coder]}), encoding="utf-8")
    status, out, _ = run_cli("eval", "--gsr", file, "--json")
    report = json.loads(out)["gsr"]
    assert status == 0 and report["model with coders"]["attacker"]["exact"] == 1.0
    assert report["model with coders"]["target"]["token_f1"] == 0.0
    assert report["file"] == "gsr.jsonl" and "among themselves" in run_cli("eval", "--gsr", file)[1]


def test_eval_on_a_folder_of_coded_and_labelled_texts(run_cli, oracle, documents, tmp_path):
    texts = [(documents[0].text, "yes"), (documents[1].text, "easy no"), ("لا شيء هنا.", "yes")]
    lines = [json.dumps({"text": text, "label": label}) for text, label in texts]
    (tmp_path / "detection_dev.jsonl").write_text("\n".join(lines), encoding="utf-8")
    status, out, _ = run_cli("eval", "--gsr", tmp_path, "--json")
    found = json.loads(out)["gsr"]["detection"]
    assert status == 0 and (found["precision"], found["recall"]) == (1.0, 0.5)
    assert found["by label"]["easy no"] == {"texts": 1, "with a frame": 0}
    markdown = tmp_path / "r.md"
    train = tmp_path / "train.jsonl"
    from adwar.data.jsonl import write_jsonl

    write_jsonl(documents, train)
    coded = tmp_path / "detection_dev.jsonl"
    assert run_cli("eval", "--gsr", coded, "--data", train, "--markdown", markdown)[0] == 0
    assert "Attack or no attack, 3 texts: precision 100.0" in markdown.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "arguments, message",
    [
        (["eval"], "needs --data"),
        (["eval", "--gsr", "x", "--slices"], "need --data"),
        (["eval", "--data", "dev", "--errors", "e.csv"], ".json or .txt"),
        (["eval", "--data", "dev", "--curve", "c.json"], "give both"),
        (["eval", "--data", "dev", "--card"], "name it with --model"),
        (["eval", "--gsr", "none.jsonl"], "cannot be read"),
        (["compare", "--a", "x", "--b", "y", "--data", "none.jsonl"], "no such file"),
        (["compare", "--a", "x", "--b", "y", "--data", "none.jsonl", "--samples", "0"], "1 or more"),
    ],
)
def test_what_is_wrong_is_told(run_cli, oracle, arguments, message):
    status, _, err = run_cli(*arguments)
    assert status == 2 and message in err and "Traceback" not in err


def test_compare(run_cli, oracle, corpus_files, tmp_path):
    output = tmp_path / "compare.json"
    arguments = ["compare", "--a", "worse", "--b", "embedded", "--data", corpus_files[0], "--samples", "200"]
    status, out, _ = run_cli(*arguments, "--output", output)
    report = json.loads(output.read_text(encoding="utf-8"))
    assert (
        status == 0 and out.startswith("A: worse\nB: embedded") and (report["a"], report["b"]) == ("worse", "embedded")
    )
    assert report["measures"]["spans strict micro"]["difference"] > 0
    assert report["measures"]["fillers micro"]["difference"] == 0
    assert json.loads(run_cli(*arguments, "--json")[1]) == report


def test_comparing_on_nothing_is_refused(run_cli, oracle, tmp_path):
    empty = tmp_path / "empty.jsonl"
    empty.write_text("", encoding="utf-8")
    status, _, err = run_cli("compare", "--a", "x", "--b", "y", "--data", empty)
    assert status == 2 and "no documents" in err
