"""The tutorial's commands, run as they stand: every training ends after two steps, all else is as a reader gets it."""

import json
import re
import shlex
from pathlib import Path

import pytest

pytest.importorskip("torch")

ROOT = Path(__file__).resolve().parent.parent
#: What a reader does not type: an end to training.
SHORT = ["training.max_steps=2", "training.disable_tqdm=true", "training.bf16_if_fast=false"]


def commands(text):
    blocks = re.findall(r"^```bash\n(.*?)^```", text, flags=re.S | re.M)
    return [line for block in blocks for line in block.splitlines() if line.strip()]


def words_of(line):
    """(arguments of adwar, file that its output goes to), with * as a shell reads it."""
    command, _, target = line.partition(" > ")
    name, *words = shlex.split(command)
    assert name == "adwar"
    return [w for word in words for w in (sorted(map(str, Path().glob(word))) if "*" in word else [word])], target


def test_the_tutorial_runs(run_cli, monkeypatch, tmp_path):
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    monkeypatch.chdir(tmp_path)
    for line in commands((ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8")):
        words, target = words_of(line)
        status, out, err = run_cli(*words, *(SHORT if words[0] in ("train", "curve") else []))
        assert status == 0, f"{line}: {err}"
        if target:
            Path(target).write_text(out, encoding="utf-8")
    made = Path("runs/tutorial")
    frames = [json.loads(line) for line in (made / "frames.jsonl").read_text().splitlines()]
    assert [frame["id"] for frame in frames] == ["one", "three", "two"]
    assert "Learning curve" in (made / "report.html").read_text() and (made / "light" / "model.onnx").exists()
    assert "tutorial-09" in (made / "evaluation.json").read_text()
    assert json.loads((made / "seeds" / "evaluation.json").read_text())["seeds"]["seeds"] == [1, 2]
    assert (made / "curve" / "learning_curve.svg").exists() and (made / "light" / "README.md").exists()


def test_every_file_the_tutorial_names_is_there():
    text = (ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8")
    for name in re.findall(r"\]\(([^)]+)\)", text):
        assert (ROOT / "docs" / name).exists(), name
