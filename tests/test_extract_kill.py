"""A run that is killed with no warning goes on where it stood, and ends with the bytes of an unbroken run."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import stub_labeler

STUB = stub_labeler.__file__
REPORTS = 60


@pytest.fixture(scope="module")
def reports(tmp_path_factory):
    file = tmp_path_factory.mktemp("reports") / "in.jsonl"
    with file.open("w", encoding="utf-8") as out:
        for number in range(REPORTS):
            text = stub_labeler.report(number) if number != 33 else "انهار"
            out.write(json.dumps({"id": f"r{number}", "text": text}, ensure_ascii=False) + "\n")
    return file


def command(folder, reports, *, die=0, labeler="quick", workers=0, ending=".jsonl"):
    out, mentions = folder / f"events{ending}", folder / "mentions.csv"
    return [sys.executable, STUB, str(die), labeler, str(workers), str(out), str(mentions), str(reports)]


def files(folder):
    """Name -> bytes of what a run leaves for its user."""
    return {f.name: f.read_bytes() for f in Path(folder).iterdir() if f.is_file()}


@pytest.fixture(scope="module", params=[".jsonl", ".parquet", ".sqlite"])
def unbroken(request, reports, tmp_path_factory):
    if request.param == ".parquet":
        pytest.importorskip("pyarrow")
    folder = tmp_path_factory.mktemp("unbroken")
    subprocess.run(command(folder, reports, ending=request.param), check=True)
    found = files(folder)
    assert set(found) == {f"events{request.param}", "mentions.csv", f"events{request.param}.errors.jsonl"}
    return request.param, found


def renames():
    """Renames of a run: the list, the manifest, eight parts, errors, mentions, events, the manifest."""
    return 2 + -(-REPORTS // 8) + 3 + 1


def check_finished(folder, reports, ending, expected):
    subprocess.run(command(folder, reports, ending=ending), check=True)
    assert files(folder) == expected
    work = folder / f"events{ending}.work"
    assert json.loads((work / "manifest.json").read_text())["state"] == "done"
    assert not list((work / "parts").iterdir())


def die_once(folder, reports, die, ending):
    done = subprocess.run(command(folder, reports, die=die, ending=ending), capture_output=True, text=True)
    assert done.returncode == -signal.SIGKILL, done.stderr


@pytest.mark.parametrize("die", [1, 3, 4, 7, 18, 21, 23, 25, 27, 28])
def test_killed_at_a_rename(die, unbroken, reports, tmp_path):
    """Before (odd) and after (even) the first renames, one in the middle, and every one of the last."""
    ending, expected = unbroken
    if ending != ".jsonl" and die < 20:
        pytest.skip("up to the tables all is the same")
    die_once(tmp_path, reports, die, ending)
    check_finished(tmp_path, reports, ending, expected)


@pytest.mark.slow
def test_killed_at_every_rename_one_after_the_other(unbroken, reports, tmp_path):
    """A run that dies again and again at its next rename comes to its end."""
    ending, expected = unbroken
    for die in range(1, 2 * renames() + 1):
        folder = tmp_path / str(die)
        folder.mkdir()
        die_once(folder, reports, die, ending)
        for again in (1, 2, 3):  # and again, early in the run that goes on
            subprocess.run(command(folder, reports, die=again, ending=ending), capture_output=True)
        check_finished(folder, reports, ending, expected)


def kill_when(folder, reports, ending, moment, *, whole_group):
    """Start a run with two slow workers and kill it when ``moment`` says so; False if it was faster."""
    run = subprocess.Popen(command(folder, reports, labeler="slow", workers=2, ending=ending), start_new_session=True)
    try:
        while run.poll() is None and not moment():
            time.sleep(0.001)
        if run.poll() is not None:
            return False
        os.killpg(run.pid, signal.SIGKILL) if whole_group else run.kill()
        run.wait()
        return True
    finally:
        if run.poll() is None:
            os.killpg(run.pid, signal.SIGKILL)


def finish_with_the_same(folder, reports, ending, expected):
    """The labeler's name is in the manifest: the same, slow one goes on."""
    subprocess.run(command(folder, reports, labeler="slow", workers=2, ending=ending), check=True)
    assert files(folder) == expected


@pytest.mark.parametrize("whole_group", [False, True])
def test_killed_while_workers_read(whole_group, reports, tmp_path, unbroken):
    """The parent alone, whose workers then end by themselves; and all at once."""
    ending, expected = unbroken
    if ending != ".jsonl":
        pytest.skip("the parts are the same for all")
    parts = tmp_path / f"events{ending}.work" / "parts"
    assert kill_when(tmp_path, reports, ending, lambda: len(list(parts.glob("*.gz"))) >= 2, whole_group=whole_group)
    assert not (tmp_path / f"events{ending}").exists()
    finish_with_the_same(tmp_path, reports, ending, expected)


@pytest.mark.slow
def test_killed_again_and_again_at_random(reports, tmp_path, unbroken):
    ending, expected = unbroken
    chance = random.Random(5)
    for _ in range(12):
        end = time.monotonic() + chance.uniform(0.05, 1.5)
        kill_when(tmp_path, reports, ending, lambda end=end: time.monotonic() > end, whole_group=chance.random() < 0.5)
    finish_with_the_same(tmp_path, reports, ending, expected)
