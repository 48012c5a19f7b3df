"""Out of disk, without rights, without input, two at once, a clock that jumps: training, export and extraction."""

import json
import os
import resource
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
import stub_labeler
from stub_labeler import job
from test_kill import contents

from adwar.data.disk import of_the_disk
from adwar.data.lock import Locked, only_run

torch = pytest.importorskip("torch")

QUIET = ["training.disable_tqdm=true", "training.max_steps=4", "training.save_strategy=steps", "training.save_steps=2"]
QUIET += ["training.eval_strategy=steps", "training.eval_steps=2"]
ENCODER = "{model_type: modernbert, num_hidden_layers: 1, hidden_size: 16, intermediate_size: 24, "
ENCODER += "num_attention_heads: 2, local_attention: 8, max_position_embeddings: 64}"


@pytest.fixture(scope="module")
def raw(tmp_path_factory):
    folder = tmp_path_factory.mktemp("raw")
    sentence = "قتل ثلاثة مدنيين في غارة جوية على بلدة حارم وقال مصدر طبي ان الجرحى نقلوا"
    words = sentence.split()
    docs = [" ".join(words[(n * 7 + k * 5) % len(words)] for k in range(40)) for n in range(220)]
    (folder / "news.txt").write_text("\n\n".join(docs), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def shards(raw, tmp_path_factory):
    from adwar.train.build_shards import build_shards

    folder = tmp_path_factory.mktemp("shards")
    build_shards(raw, folder, vocabulary=100)
    return folder


@pytest.fixture(scope="module")
def pretraining(shards, tmp_path_factory):
    file = tmp_path_factory.mktemp("config") / "p.yaml"
    file.write_text(
        f"shards: {shards}\nencoder: {ENCODER}\nsteps: 2\nbatch: 2\nlength: 16\nbf16: false\neval_sequences: 2\n"
    )
    return file


@pytest.fixture
def reports(tmp_path):
    file = tmp_path / "in.jsonl"
    lines = [json.dumps({"id": f"r{n}", "text": stub_labeler.report(n)}, ensure_ascii=False) for n in range(40)]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


@contextmanager
def small_disk(size):
    """No file of this process may grow beyond ``size`` bytes, as on a disk that has so much left."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def told(found, *words):
    status, _, err = found
    lines = [line for line in err.splitlines() if line.startswith("adwar: ")]
    assert status == 2 and len(lines) == 1 and "Traceback" not in err, err
    assert all(str(word) in lines[0] for word in words), lines


FULL = ("cannot be written: ", "free some space")


# ------------------------------------------------------------------ a full disk


@pytest.mark.parametrize("error", [OSError(28, "full"), ValueError("x"), RuntimeError("unrelated"), KeyError("a")])
def test_only_the_disk_is_taken_for_the_disk(error):
    assert of_the_disk(error) is (error if isinstance(error, OSError) else None)


def test_a_fault_of_ours_beside_a_missing_file_keeps_its_traceback():
    for below, taken in ((FileNotFoundError(2, "no"), False), (OSError(28, "full"), True)):
        try:
            try:
                raise below
            except OSError:
                raise KeyError("a fault of ours")  # noqa: B904
        except KeyError as error:
            assert (of_the_disk(error) is not None) == taken


def test_what_libraries_say_of_a_full_disk_is_known(tmp_path):
    from safetensors.torch import save_file
    from tokenizers import Tokenizer, models

    tensor = {"a": torch.zeros(5000)}
    tokenizer = Tokenizer(models.WordLevel({str(n): n for n in range(2000)}, unk_token="0"))
    for write in (
        lambda: torch.save(tensor, tmp_path / "a.pt"),
        lambda: save_file(tensor, tmp_path / "a.safetensors"),
        lambda: tokenizer.save(str(tmp_path / "a.json")),
        lambda: np.save(tmp_path / "a.npy", np.zeros(5000)),
    ):
        with small_disk(2000), pytest.raises(Exception) as raised:
            write()
        assert of_the_disk(raised.value) is not None, raised.value


def test_a_full_disk_under_pretraining_leaves_the_last_checkpoint(run_cli, pretraining, tmp_path):
    out = tmp_path / "run"
    ask = ("pretrain", "--config", pretraining, f"output={out}")
    assert run_cli(*ask)[0] == 0
    before = (out / "checkpoint.pt").read_bytes()
    with small_disk(len(before) // 2):
        told(run_cli(*ask, "steps=4"), out, *FULL)
    assert (out / "checkpoint.pt").read_bytes() == before
    assert not list(out.glob("*.part")) and not (out / ".lock").exists()
    assert run_cli(*ask, "steps=4")[0] == 0


def test_a_full_disk_under_training_leaves_the_last_checkpoint(run_cli, tiny_overrides, tmp_path):
    out = tmp_path / "run"
    ask = ("train", "--config", "tiny", *tiny_overrides, *QUIET, f"output={out}")
    with small_disk(30_000):
        told(run_cli(*ask), out, *FULL)
    assert not list((out / "checkpoints").glob("checkpoint-*")) and not (out / "adwar.json").exists()
    assert run_cli(*ask, "--resume")[0] == 0
    kept = contents(out)
    with small_disk(30_000):
        told(run_cli(*ask), out, *FULL)
    assert contents(out).keys() == kept.keys() and contents(out)["model.safetensors"] == kept["model.safetensors"]


def test_a_full_disk_under_shards_and_export_is_told(run_cli, raw, checkpoint, exported, tmp_path):
    with small_disk(3000):
        told(run_cli("shards", raw, "-o", tmp_path / "s", "--vocabulary", "100", "--width", "0"), tmp_path / "s", *FULL)
        told(run_cli("export", checkpoint, "-o", tmp_path / "m"), tmp_path / "m", *FULL)
    assert not list((tmp_path / "s").iterdir()) and not (tmp_path / "m").exists()


@pytest.mark.parametrize("ending", [".jsonl", ".csv", ".sqlite", ".parquet"])
def test_a_full_disk_under_extraction_is_told_and_gone_on_from(reports, tmp_path, ending):
    from adwar.scale.run import run

    if ending == ".parquet":
        pytest.importorskip("pyarrow")
    out = tmp_path / f"events{ending}"
    for size in (300, 4000):  # the parts are too large, then the table is
        with small_disk(size), pytest.raises(Exception) as raised:
            run(job(out, [reports]))
        assert of_the_disk(raised.value) is not None, raised.value
        assert not out.exists()
    summary = run(job(out, [reports]))
    assert summary.documents == 40 and out.exists()


# ------------------------------------------------------------------ rights and inputs


CLOSED = Path("/sys/kernel/out")  # not even root may make files there


@pytest.mark.skipif(not CLOSED.parent.is_dir(), reason="no folder here that is closed to all")
def test_a_closed_folder_is_told(run_cli, pretraining, tiny_overrides, raw, checkpoint, reports, exported):
    told(run_cli("pretrain", "--config", pretraining, f"output={CLOSED}"), CLOSED)
    told(run_cli("train", "--config", "tiny", *tiny_overrides, *QUIET, f"output={CLOSED}"), CLOSED)
    told(run_cli("shards", raw, "-o", CLOSED, "--vocabulary", "100", "--width", "0"), CLOSED)
    told(run_cli("export", checkpoint, "-o", CLOSED), CLOSED)
    told(run_cli("extract", reports, "-o", f"{CLOSED}.csv", "--model", exported), CLOSED)


def test_vanished_input_is_told(run_cli, pretraining, tiny_overrides, tmp_path):
    gone = tmp_path / "gone"
    told(run_cli("pretrain", "--config", pretraining, f"shards={gone}", f"output={tmp_path}"), gone, "adwar shards")
    told(run_cli("train", "--config", "tiny", *tiny_overrides, f"data.train=[{gone}.jsonl]"), f"{gone}.jsonl")
    told(run_cli("train", "--config", f"{gone}.yaml"), "gone.yaml")
    told(run_cli("shards", gone, "-o", tmp_path / "s"), gone)
    told(run_cli("export", gone, "-o", tmp_path / "m"), gone)
    told(run_cli("extract", f"{gone}.jsonl", "-o", tmp_path / "e.csv"), f"{gone}.jsonl")


def test_input_that_vanishes_while_it_is_read_is_told(reports, tmp_path):
    from adwar.scale.progress import Quiet
    from adwar.scale.run import run

    other = tmp_path / "last.jsonl"
    other.write_text(reports.read_text(encoding="utf-8").replace('"r', '"s'), encoding="utf-8")
    held = other.read_bytes()

    class Meter(Quiet):
        def step(self, position, counts):
            other.unlink(missing_ok=True)

    out = tmp_path / "events.jsonl"
    summary = run(job(out, [reports, other]), Meter())  # one file that is gone does not end a run of thousands
    assert (summary.documents, summary.failed) == (41, 1)
    (error,) = map(json.loads, out.with_name("events.jsonl.errors.jsonl").read_text(encoding="utf-8").splitlines())
    assert error["file"].endswith("last.jsonl") and "FileNotFoundError" in error["reason"]
    other.write_bytes(held)
    assert run(job(out, [reports, other], restart=True)).documents == 80


# ------------------------------------------------------------------ two at once


def test_two_runs_on_one_output_are_refused(run_cli, pretraining, tiny_overrides, raw, checkpoint, tmp_path):
    out = tmp_path / "out"
    code = (
        "import sys, time; from adwar.data.lock import only_run\n"
        "with only_run(sys.argv[1]), only_run(sys.argv[1], beside=True): print('held', flush=True); time.sleep(600)"
    )
    other = subprocess.Popen([sys.executable, "-c", code, str(out)], stdout=subprocess.PIPE, text=True)
    try:
        assert other.stdout.readline() == "held\n"
        words = (out, f"another run is at work on this output (process {other.pid} on ", "wait for it or stop it")
        told(run_cli("pretrain", "--config", pretraining, f"output={out}"), *words)
        told(run_cli("train", "--config", "tiny", *tiny_overrides, *QUIET, f"output={out}"), *words)
        told(run_cli("shards", raw, "-o", out, "--vocabulary", "100", "--width", "0"), *words)
        told(run_cli("export", checkpoint, "-o", out), *words)
        (tmp_path / "a.txt").write_text("@id: a-1\n---\nقتل\n", encoding="utf-8")
        told(run_cli("data", "compile", "--markup", tmp_path, "--out", out), *words)
        assert {file.name for file in out.iterdir()} == {".lock"}
    finally:
        other.send_signal(signal.SIGKILL)
        other.wait()
    assert run_cli("data", "compile", "--markup", tmp_path, "--out", out)[0] == 0  # the dead hold nothing
    assert not (out / ".lock").exists()


def test_a_lock_whose_file_was_taken_away_holds_nobody_twice(tmp_path):
    with only_run(tmp_path):
        with pytest.raises(Locked), only_run(tmp_path):
            pass
        (tmp_path / ".lock").unlink()
        with only_run(tmp_path):  # another file, another lock: nothing to hold on to
            assert (tmp_path / ".lock").exists()
    with only_run(tmp_path):
        pass
    assert not (tmp_path / ".lock").exists()


# ------------------------------------------------------------------ the clock


@pytest.fixture
def jumping_clock(monkeypatch):
    """The system's clock goes a day back and two days on with each look at it, as a wrong time server makes it."""
    real, looks = time.time, [0]

    def jumps():
        looks[0] += 1
        return real() + 86_400 * (2 if looks[0] % 2 else -1)

    monkeypatch.setattr(time, "time", jumps)
    return looks


def test_a_clock_that_jumps_changes_no_table(reports, tmp_path, request):
    from adwar.scale.run import run

    run(job(tmp_path / "a.jsonl", [reports]))
    request.getfixturevalue("jumping_clock")
    run(job(tmp_path / "b.jsonl", [reports]))
    assert (tmp_path / "a.jsonl").read_bytes() == (tmp_path / "b.jsonl").read_bytes()


def test_a_clock_that_jumps_changes_no_weights(run_cli, pretraining, tiny_overrides, tmp_path, request):
    def weights(name):
        ask = (*tiny_overrides, *QUIET, f"output={tmp_path / name}")
        assert run_cli("train", "--config", "tiny", *ask, "training.save_total_limit=1")[0] == 0
        assert run_cli("pretrain", "--config", pretraining, f"output={tmp_path / name / 'pre'}")[0] == 0
        state = torch.load(tmp_path / name / "pre" / "checkpoint.pt", weights_only=True)
        kept = sorted(path.name for path in (tmp_path / name / "checkpoints").glob("checkpoint-*"))
        return (tmp_path / name / "model.safetensors").read_bytes(), state["model"], kept

    plain = weights("plain")
    looks = request.getfixturevalue("jumping_clock")
    # older by the file system's clock, too, is what was written later
    jumped = weights("jumped")
    assert looks[0] and jumped[0] == plain[0] and jumped[2] == plain[2]
    assert all(torch.equal(jumped[1][name], held) for name, held in plain[1].items())
    assert os.path.exists(tmp_path / "jumped" / "checkpoints" / "checkpoint-4")
