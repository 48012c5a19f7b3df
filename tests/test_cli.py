"""The command line as a stranger meets it: inputs of each kind, JSON, tables, and messages for what is wrong."""

import json

import pytest

from adwar.commands.table import amount, isolate
from adwar.model.frames import CountMention


@pytest.fixture
def article(tmp_path, documents):
    file = tmp_path / "report.txt"
    file.write_text(documents[0].text, encoding="utf-8")
    return file


def test_json_of_a_text_file(run_cli, exported, article, documents):
    status, out, _ = run_cli("predict", article, "--model", exported, "--json")
    (record,) = json.loads(out)
    assert status == 0 and record["id"] == "report" and record["text"] == documents[0].text
    assert len(record["frames"]) == 2


def test_jsonl_and_csv_inputs_give_the_same(run_cli, exported, tmp_path, documents):
    import csv

    lines = tmp_path / "in.jsonl"
    lines.write_text("".join(json.dumps({"key": d.id, "body": d.text}) + "\n" for d in documents), encoding="utf-8")
    table = tmp_path / "in.csv"
    with table.open("w", encoding="utf-8", newline="") as out_file:
        writer = csv.writer(out_file)
        writer.writerow(["key", "body"])
        writer.writerows([d.id, d.text] for d in documents)
    options = ["--model", exported, "--jsonl", "--text-column", "body", "--id-column", "key"]
    first = run_cli("predict", lines, *options)[1]
    second = run_cli("predict", table, *options)[1]
    assert first == second
    assert [json.loads(line)["id"] for line in first.splitlines()] == [d.id for d in documents]


def test_the_table_is_readable_and_isolated(run_cli, exported, article):
    status, out, _ = run_cli("predict", article, "--model", exported)
    assert status == 0
    assert "report: 2 events" in out and "attacker" in out and "⁨" in out


def test_a_report_with_nothing_says_so(run_cli, exported, tmp_path, documents):
    file = tmp_path / "quiet.txt"
    file.write_text(documents[1].text, encoding="utf-8")
    assert "nothing to report" in run_cli("predict", file, "--model", exported)[1]


def test_standard_input(exported, documents):
    import subprocess
    import sys

    command = [sys.executable, "-m", "adwar", "predict", "--model", str(exported), "--jsonl", "-"]
    done = subprocess.run(command, input=documents[0].text.encode(), capture_output=True, check=True)
    assert json.loads(done.stdout)["id"] == "-"


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.jsonl", b'{"text": "x"}\n{bad\n', "a.jsonl:2: not JSON"),
        ("a.jsonl", b'{"txt": "x"}\n', "a.jsonl:1: no text under 'text' (found: txt); name it with --text-column"),
        ("a.csv", "عنوان,نص\nا,ب\n".encode(), "no column 'text'; columns: عنوان, نص"),
        (
            "a.txt",
            "غارة".encode("cp1256"),
            "a.txt: not UTF-8 at byte 0; it looks like CP1256 (Windows Arabic): read it with --encoding cp1256",
        ),
        ("a.txt", "غارة".encode("utf-16"), "is UTF-16, not UTF-8: read it with --encoding utf-16"),
        ("a.docx", b"PK", "unknown kind of file"),
    ],
)
def test_bad_input_is_told_by_file_and_line(run_cli, exported, tmp_path, name, content, message):
    (tmp_path / name).write_bytes(content)
    status, _, err = run_cli("predict", tmp_path / name, "--model", exported)
    assert status == 2 and message in err and "Traceback" not in err


def test_missing_things_are_told(run_cli, exported, tmp_path):
    assert "no such file" in run_cli("predict", tmp_path / "x.txt", "--model", exported)[2]
    assert "no such model folder" in run_cli("predict", "--model", tmp_path / "x", __file__)[2]
    assert "from 0 to 1" in run_cli("predict", "--min-score", "7", __file__)[2]
    assert "splits are train, dev, test" in run_cli("eval", "--model", exported, "--data", "nowhere.jsonl")[2]


def test_eval_prints_and_writes(run_cli, exported, corpus_files, tmp_path):
    report = tmp_path / "report.json"
    status, out, _ = run_cli("eval", "--model", exported, "--data", corpus_files[1], "--output", report)
    assert status == 0 and "micro" in out and "events found" in out
    held = json.loads(report.read_text(encoding="utf-8"))
    assert held["spans"]["strict"]["micro"]["f1"] == 1.0 and held["documents"] == 1


def test_train_from_the_command_line(run_cli, tiny_overrides, tmp_path):
    overrides = ["training.max_steps=1", "training.disable_tqdm=true", f"output={tmp_path / 'out'}"]
    status, out, _ = run_cli("train", "--config", "tiny", *tiny_overrides, *overrides)
    assert status == 0 and "gold that can never be predicted: 0" in out
    assert (tmp_path / "out" / "model.safetensors").exists()
    status, _, err = run_cli("train", "--config", "tiny", "model.windw=3")
    assert status == 2 and "did you mean 'window'" in err


def test_help_is_there_for_every_command(capsys):
    from adwar.cli import COMMANDS, parser

    assert {"predict", "train", "evaluate", "data", "export"} <= set(COMMANDS)
    with pytest.raises(SystemExit):
        parser().parse_args(["--help"])
    out = capsys.readouterr().out
    assert all(name in out for name in ("predict", "train", "eval", "data", "export", "pretrain"))


def test_text_cannot_break_out_of_its_cell():
    assert isolate("a\u202eb\nc\x1b[31m") == "\u2068ab c[31m\u2069"


@pytest.mark.parametrize(
    ("numbers", "shown"),
    [
        ((40, 40, 40, False), "40 killed"),
        ((85, None, None, True), "~85 killed"),
        ((12, 12, None, False), "≥ 12 killed"),
        ((None, 20, 99, True), "20–99 killed"),
        ((None, 2, None, True), "≥ 2 killed"),
        ((None, None, 9, True), "≤ 9 killed"),
        ((None, None, None, False), "killed"),
    ],
)
def test_amounts(numbers, shown):
    assert amount(CountMention(0, 1, "x", "x", 1.0, *numbers, "killed")) == shown
