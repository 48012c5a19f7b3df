"""The same text gives the same answer: from run to run, whatever the batch, the threads, the process; and as before."""

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import adwar

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "benchmarks"))

import golden  # noqa: E402


@pytest.fixture(scope="module")
def embedded():
    return adwar.load()


@pytest.fixture(scope="module")
def straight(embedded):
    return [p.to_dict() for p in embedded.predict_many(golden.TEXTS)]


def same(found, straight):
    assert golden.difference(found, straight, score=1e-5) is None


def test_the_embedded_model_answers_as_the_golden_file_says(embedded):
    held = json.loads(golden.FILE.read_text(encoding="utf-8"))
    assert held["model"] == golden.model_checksum(), f"the embedded model has changed; {golden.AGAIN}"
    assert golden.difference(held["answers"], golden.answers(embedded)) is None
    assert any(answer["frames"] for answer in held["answers"])


def test_a_second_run_gives_the_same_bytes(embedded, straight):
    again = [p.to_dict() for p in embedded.predict_many(golden.TEXTS)]
    assert json.dumps(again) == json.dumps(straight)


@pytest.mark.parametrize("pieces", [1, 64, 100_000])
def test_the_size_of_batches_changes_nothing(embedded, straight, pieces, monkeypatch):
    monkeypatch.setattr(embedded, "batch_pieces", pieces)
    same([p.to_dict() for p in embedded.predict_many(golden.TEXTS, chunk=2)], straight)


@pytest.mark.parametrize("threads", [1, 3])
def test_the_number_of_threads_changes_nothing(straight, threads):
    same([p.to_dict() for p in adwar.load(threads=threads).predict_many(golden.TEXTS)], straight)


def test_callers_in_many_threads_do_not_disturb_each_other(embedded, straight):
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(embedded.predict, golden.TEXTS * 3))
    same([p.to_dict() for p in found], straight * 3)


def test_another_process_gives_the_same_bytes(tmp_path):
    file = tmp_path / "in.jsonl"
    file.write_text("".join(json.dumps({"text": t}) + "\n" for t in golden.TEXTS), encoding="utf-8")
    command = [sys.executable, "-m", "adwar", "predict", "--jsonl", str(file)]
    outputs = [
        subprocess.run(command, capture_output=True, check=True, env={"PYTHONHASHSEED": seed, "PATH": ""}).stdout
        for seed in ("1", "2")
    ]
    assert outputs[0] == outputs[1] and outputs[0].count(b"\n") == len(golden.TEXTS)
