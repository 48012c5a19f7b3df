"""Killed at random points, out of disk, without rights: the last good file stays, a restart gives the same bytes."""

import os
import random
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
MARKUP = """@id: {name}-{number:03d}
@title: غارة
@event 1: airstrike
---
قتل {{C1:ثلاثة}} {{T1:مدنيين}} في {{E1:غارة}} {{A1:روسية}} على {{L1:بلدة حارم}} رقم {number}، بحسب {{S1:مصدر طبي}}.
"""
COMPILE = (
    "from adwar.data.build import compile_corpus as c; print('ready', flush=True); [c({!r}, {!r}) for _ in range({})]"
)
EXPORT = """
import sys, torch, onnx
from adwar.train.export import export
from adwar.model.loading import load
load({0!r}, engine="torch")
print("ready", flush=True)
for _ in range({2}):
    export({0!r}, {1!r})
"""


@pytest.fixture
def markup(tmp_path):
    folder = tmp_path / "markup"
    folder.mkdir()
    for name in ("aaa", "tst"):
        rows = (MARKUP.format(name=name, number=n) for n in range(200))
        (folder / f"{name}.txt").write_text("===\n".join(rows), encoding="utf-8")
    return folder


def kill_after(code, seconds):
    """Run ``code``; ``seconds`` after it says that it is ready, kill it as the kernel would."""
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout.readline() == "ready\n"
        time.sleep(seconds)
        child.send_signal(signal.SIGKILL)
    assert child.returncode == -signal.SIGKILL


def contents(folder):
    return {file.name: file.read_bytes() for file in sorted(Path(folder).iterdir()) if file.is_file()}


def test_a_killed_compilation_leaves_whole_files_and_starts_anew(markup, tmp_path):
    from adwar.data.build import compile_corpus
    from adwar.data.jsonl import read_jsonl

    compile_corpus(markup, tmp_path / "good")
    good, out = contents(tmp_path / "good"), tmp_path / "out"
    chance = random.Random(3)
    for _ in range(4):
        kill_after(COMPILE.format(str(markup), str(out), 10**6), chance.random() * 1.5)
        for file in out.glob("*.jsonl") if out.exists() else ():
            assert file.read_bytes() == good[file.name]
    compile_corpus(markup, out)
    assert contents(out) == good
    assert sum(len(list(read_jsonl(file))) for file in out.glob("*.jsonl")) == 400


@pytest.mark.slow
def test_a_killed_export_leaves_a_whole_model_and_starts_anew(checkpoint, tmp_path):
    from adwar.model.integrity import problem
    from adwar.model.loading import load
    from adwar.train.export import export

    export(checkpoint, tmp_path / "good")
    good, out = contents(tmp_path / "good"), tmp_path / "out" / "model"
    chance = random.Random(3)
    for _ in range(3):
        kill_after(EXPORT.format(str(checkpoint), str(out), 10**6), chance.random() * 4)
        assert not out.exists() or problem(out) is None
    export(checkpoint, out)
    assert contents(out) == good and load(out)
    assert [file.name for file in out.parent.iterdir()] == ["model"]


def test_an_export_killed_between_its_renames_is_put_right(checkpoint, exported, tmp_path):
    import shutil

    from adwar.data.whole_file import recover_folder
    from adwar.train.export import ExportError, export

    out = tmp_path / "model"
    shutil.copytree(exported, tmp_path / "model.old")
    recover_folder(out)
    assert contents(out) == contents(exported) and not (tmp_path / "model.old").exists()
    (tmp_path / "model.part").mkdir()
    dev = tmp_path / "dev.jsonl"
    dev.write_text('{"id": "a", "text": "لا شيء"}\n', encoding="utf-8")
    with pytest.raises(ExportError):
        export(checkpoint, out, [str(dev)], max_loss=-1.0)
    assert contents(out) == contents(exported) and not (tmp_path / "model.part").exists()


def compile_command(markup, out, **options):
    command = [sys.executable, "-m", "adwar", "data", "compile", "--markup", str(markup), "--out", str(out)]
    return subprocess.run(command, capture_output=True, text=True, **options)


def told(done, *words):
    assert done.returncode == 2 and done.stderr.count("\n") == 1 and done.stderr.startswith("adwar: "), done.stderr
    assert all(word in done.stderr for word in words), done.stderr


def test_a_full_disk_is_told_and_the_old_files_stay(markup, tmp_path):
    out = tmp_path / "out"
    assert compile_command(markup, out).returncode == 0
    before = contents(out)
    (markup / "more.txt").write_text("===\n".join(MARKUP.format(name="more", number=n) for n in range(300)))
    limit = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))  # noqa: E731
    told(compile_command(markup, out, preexec_fn=limit), str(out), "cannot be written: File too large", "free some")
    assert contents(out) == before


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full here")
def test_a_full_disk_under_standard_output_is_told(exported, tmp_path):
    file = tmp_path / "a.txt"
    file.write_text("غارة", encoding="utf-8")
    command = [sys.executable, "-m", "adwar", "predict", "--jsonl", "--model", str(exported), str(file)]
    with open("/dev/full", "w") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True)
    told(done, "cannot be written: No space left on device")


def test_a_folder_without_rights_is_told(markup, tmp_path):
    out = Path("/sys/kernel/out")  # not even root may make files there
    if not Path("/sys/kernel").is_dir():
        out = tmp_path / "closed" / "out"
        out.parent.mkdir(mode=0o555)
        if os.access(out.parent, os.W_OK):
            pytest.skip("this user may write anywhere")
    told(compile_command(markup, out), str(out))


def test_a_file_where_a_folder_should_be_is_told(markup, tmp_path):
    (tmp_path / "out").write_text("x")
    told(compile_command(markup, tmp_path / "out"), str(tmp_path / "out"))


def test_vanished_input_is_told(run_cli, exported, tmp_path):
    assert "no markup here" in run_cli("data", "compile", "--markup", tmp_path / "gone", "--out", tmp_path)[2]
    for arguments in (("data", "check"), ("data", "convert", "--to", "csv"), ("predict", "--model", exported)):
        extra = [tmp_path / "out.csv"] if "convert" in arguments else []
        status, _, err = run_cli(*arguments, tmp_path / "gone.jsonl", *extra)
        assert status == 2 and "gone.jsonl" in err and err.count("\n") == 1
    (tmp_path / "gone.txt").symlink_to(tmp_path / "nowhere")
    assert run_cli("predict", "--model", exported, tmp_path / "gone.txt")[0] == 2
