"""docs/loop.md and docs/tools.md as a stranger follows them: every command and block, in order."""

from __future__ import annotations

import json
import os
import re
import shlex
import statistics
import subprocess
import sys
import time
from pathlib import Path

import pytest

from adwar.data.jsonl import read_jsonl, write_jsonl
from adwar.data.splits import SPLITS

DOCS = Path(__file__).parents[1] / "docs"


def commands():
    page = (DOCS / "loop.md").read_text("utf-8")
    blocks = re.findall(r"```\n(.*?)```", page, re.S)
    return [shlex.split(line)[1:] for block in blocks for line in block.splitlines() if line.startswith("adwar ")]


def corrected(tasks: list) -> list:
    """What Label Studio exports when people submit the predictions, the first trigger's type changed."""
    for task in tasks:
        (prediction,) = task.pop("predictions")
        regions = [{k: v for k, v in one.items() if k != "score"} for one in prediction["result"]]
        task["annotations"] = [{"id": 7, "was_cancelled": False, "result": regions}]
    triggers = [r for t in tasks for r in t["annotations"][0]["result"] if r["type"] == "labels"]
    triggers[0]["value"]["labels"] = ["arson"]
    return tasks


def test_the_loop_of_the_page(run_cli, exported, documents, tiny_overrides, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("my-model").symlink_to(exported)
    rows = [{"id": d.id, "text": d.text, "title": d.title, "date": "2019-05-01"} for d in documents]
    for name, some in (("new.jsonl", rows[:2]), ("more.jsonl", rows[2:])):
        Path(name).write_text("".join(json.dumps(row) + "\n" for row in some), "utf-8")
    write_jsonl(documents, "held-out.jsonl")
    ran = []
    for command in commands():
        if command[:3] == ["data", "convert", "label-studio-export.json"]:
            tasks = json.loads(Path("tasks.json").read_text("utf-8"))
            check_scores(tasks)
            Path("label-studio-export.json").write_text(json.dumps(corrected(tasks)), "utf-8")
        if command[:3] == ["data", "convert", "doccano-export.jsonl"]:
            lines = Path("doccano.jsonl").read_text("utf-8")
            assert all(
                set(r["scores"]) == {str(e["id"]) for e in r["entities"]} for r in records(lines) if r["entities"]
            )
            Path("doccano-export.jsonl").write_text(lines, "utf-8")
        if command[0] == "train":  # the tiny model, one step: what is tested is that the pieces fit
            command = [part.replace(",train]", "]") for part in command]
            command[command.index("embedded")] = "tiny"
            steps = ["training.max_steps=1", "training.disable_tqdm=true"]
            dev = next(part for part in tiny_overrides if part.startswith("data.dev="))
            command += [*(part for part in tiny_overrides if part.startswith("model.")), *steps, dev]
        if command[0] == "export":
            command = command[: command.index("--choose")]
        status, out, err = run_cli(*command)
        assert status == 0, (command, out, err)
        ran.append(command[0])
    assert ran == ["annotate"] * 2 + ["data"] * 3 + ["train", "export", "compare"]
    assert "paired bootstrap samples" in out and "spans strict micro" in out
    back = {doc.id: doc for name in ("corrected.jsonl", "corrected-too.jsonl") for doc in read_jsonl(name)}
    assert set(back) == {d.id for d in documents} and back["a-1"].meta == {"date": "2019-05-01"}
    assert back["a-1"].title == documents[0].title
    assert sum(e.type == "arson" for doc in back.values() for e in doc.events) == 1


def records(lines: str) -> list:
    return [json.loads(line) for line in lines.splitlines()]


def check_scores(tasks: list) -> None:
    regions = [r for t in tasks for r in t["predictions"][0]["result"] if r["type"] == "labels"]
    assert regions and all(0 < r["score"] <= 1 for r in regions)
    least = [t["predictions"][0].get("score", 1.0) for t in tasks]
    assert least == sorted(least)


def test_annotate_writes_every_format(run_cli, exported, documents, tmp_path):
    file = tmp_path / "new.jsonl"
    write_jsonl(documents, file)  # annotated reports are reports: their events are not looked at
    for kind in ("jsonl", "markup", "brat", "conll", "csv", "parquet", "spacy", "plover", "acled"):
        status, out, err = run_cli("annotate", file, tmp_path / kind, "--to", kind, "--model", exported)
        assert status == 0 and out.startswith(f"3 reports, predicted to {kind}"), err
    found = list(read_jsonl(tmp_path / "jsonl"))
    assert [d.id for d in found] == ["a-1", "a-2", "a-3"] and found[0].events and found[0].title == documents[0].title


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (["x.csv", "--to", "gsr"], "gsr is read only"),
        (["x.csv", "--to", "xml"], "unknown format 'xml'"),
        (["x.csv", "--utf16"], "does not know the option 'utf16'"),
        (["x.csv", "--min-score", "2"], "from 0 to 1"),
        (["x.nothing"], "to which format"),
    ],
)
def test_annotate_refuses_before_it_reads(run_cli, tmp_path, monkeypatch, more, message):
    monkeypatch.chdir(tmp_path)
    Path("new.txt").write_text("غارة", "utf-8")
    status, _, err = run_cli("annotate", "new.txt", *more)
    assert status == 2 and message in err and [p.name for p in tmp_path.iterdir()] == ["new.txt"]


def test_the_blocks_of_the_tools_page_run(exported, documents, tmp_path, monkeypatch, capsys):
    for library in ("spacy", "datasets", "pandas"):
        pytest.importorskip(library)
    import adwar
    import adwar.model.loading as labelers
    from adwar.data.formats import write_parquet

    load = labelers.load
    monkeypatch.setattr(labelers, "load", lambda path=None, **more: load(exported if path is None else path, **more))
    import adwar.model.spacy_component as component

    monkeypatch.setattr(component, "load", labelers.load)
    monkeypatch.setenv("HF_DATASETS_CACHE", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data").symlink_to(DOCS.parent / "data")
    write_parquet(documents, "mine.parquet")
    blocks = re.findall(r"```python\n(.*?)```", (DOCS / "tools.md").read_text("utf-8"), re.S)
    held: dict = {}
    for block in blocks:
        exec(compile(block, "tools.md", "exec"), held)
    sizes = [len((DOCS.parent / f"data/corpus/{split}.jsonl").read_bytes().splitlines()) for split in SPLITS]
    assert " ".join(map(str, sizes)) in capsys.readouterr().out and len(blocks) == 6
    assert held["frames"].num_rows == 3 and held["html"].startswith('<div class="adwar"')
    assert set(held["mentions"]["document"]) <= {"r-1", "r-2"} and adwar.to_dataframe is not None


def test_help_is_quick():
    """Nothing heavy is imported for it. The bound on time is generous: machines that run tests are busy."""
    heavy = ["numpy", "pandas", "torch", "spacy", "pyarrow", "onnxruntime", "tokenizers", "rich", "yaml", "datasets"]
    code = "import sys, adwar.cli as c\ntry: c.main(['--help'])\nexcept SystemExit: pass\n"
    code += f"print([m for m in {heavy!r} if m in sys.modules])"
    taken = []
    for _ in range(3):
        before = os.times()
        started = time.perf_counter()
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
        after = os.times()
        spent = after.children_user + after.children_system - before.children_user - before.children_system
        taken.append(min(spent, time.perf_counter() - started))
        assert done.stdout.rstrip().endswith("[]")
    assert statistics.median(taken) < 1.5
