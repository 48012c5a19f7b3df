"""Runs from their first page to their end: facts, seeds, early stopping, kill and resume, the learning curve."""

import itertools
import json
import os
import shutil
import signal
import subprocess
import sys
import time

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from adwar.data.jsonl import read_jsonl, write_jsonl  # noqa: E402
from adwar.data.markup import parse  # noqa: E402
from adwar.data.schema import Document, Event, Span  # noqa: E402
from adwar.eval.seeds import measures, spread  # noqa: E402
from adwar.model.encoding import Settings, encode_all, load_tokenizer  # noqa: E402
from adwar.train.card import card  # noqa: E402
from adwar.train.checkpoint import out_of_patience, whole_checkpoints  # noqa: E402
from adwar.train.config import ConfigError, load_config  # noqa: E402
from adwar.train.facts import facts, unreachable  # noqa: E402
from adwar.train.facts_page import duration, warnings  # noqa: E402
from adwar.train.finetune import train  # noqa: E402
from adwar.train.learning_curve import subset  # noqa: E402

QUIET = ["training.disable_tqdm=true", "training.logging_steps=1000"]


def weights(folder):
    from safetensors.torch import load_file

    return load_file(folder / "model.safetensors")


def same_weights(a, b):
    ours, theirs = weights(a), weights(b)
    assert set(ours) == set(theirs)
    assert all(torch.equal(ours[name], theirs[name]) for name in ours)
    linkers = [np.load(folder / "linker.npz") for folder in (a, b)]
    assert all(np.array_equal(linkers[0][k], linkers[1][k]) for k in linkers[0].files)


# facts


def test_facts_count_what_is_there(documents, tokenizer_folder):
    found = facts(documents, load_tokenizer(tokenizer_folder), Settings())
    assert found["documents"] == 3 and found["without events"] == 1 and found["events"] == 3
    assert found["spans"] == {"target": 4, "count": 3, "location": 3, "source": 3, "attacker": 2}
    assert sum(found["labels of words"].values()) == found["words"]
    assert found["gold that can never be predicted"] == 0 and not [w for w in warnings(found) if "can never" in w]


def test_gold_behind_a_word_without_pieces_is_lost_and_named(tokenizer_folder):
    text = "قتل \u2066\u2069 جندي"  # two controls are a word to the schema and nothing to the tokenizer
    spans = [Span(0, 3, "قتل"), Span(4, 6, text[4:6]), Span(7, 11, "جندي")]
    doc = Document("d", text, events=(Event("other", spans[0], target=(spans[1], spans[2])),))
    tokenizer = load_tokenizer(tokenizer_folder)
    (encoded,) = encode_all([text], tokenizer, Settings())
    assert unreachable(doc, encoded) == [f"target: {text[4:6]}"]
    (warning,) = [w for w in warnings(facts([doc], tokenizer, Settings())) if "can never be predicted" in w]
    assert "1 gold spans" in warning and "d (target:" in warning


def test_every_gold_span_of_the_corpus_can_be_predicted():
    from adwar.data.splits import split_file
    from adwar.train.encoder import OUR_ENCODER

    tokenizer = load_tokenizer(OUR_ENCODER)
    for split in ("dev", "test"):
        docs = list(read_jsonl(split_file(split)))
        for doc, encoded in zip(docs, encode_all([d.text for d in docs], tokenizer, Settings()), strict=True):
            assert unreachable(doc, encoded) == [], doc.id


def test_a_dry_run_prints_the_page_and_trains_nothing(run_cli, tiny_overrides, tmp_path):
    out = tmp_path / "out"
    status, told, _ = run_cli("train", "--config", "tiny", "--dry-run", *tiny_overrides, f"output={out}")
    assert status == 0 and "expected time:" in told and "a-1: same text in train" in told
    assert "3 (1 without events)" in told and "written" not in told and not out.exists()


def test_durations_are_read_at_a_glance():
    assert [duration(s) for s in (40, 720, 12_000)] == ["40 seconds", "12 minutes", "3 hours 20 minutes"]


# seeds


@pytest.fixture(scope="module")
def seeded(tiny_overrides, corpus_files, tmp_path_factory):
    out = tmp_path_factory.mktemp("seeds") / "run"
    steps = ["training.max_steps=3", "seeds=[1,2,3]", f"data.test=[{corpus_files[0]}]", f"output={out}"]
    assert train(load_config("tiny", [*tiny_overrides, *QUIET, *steps])) == out
    return out


def test_seeds_are_all_reported_with_mean_and_spread(seeded):
    held = json.loads((seeded / "evaluation.json").read_text())
    assert held["seeds"]["seeds"] == [1, 2, 3] and set(held["seeds"]["sets"]) == {"development set", "test set"}
    alone = [json.loads((seeded / f"seed{s}" / "evaluation.json").read_text()) for s in (1, 2, 3)]
    values = [measures(one["sets"]["test set"])["spans strict micro"] for one in alone]
    row = held["seeds"]["sets"]["test set"]["spans strict micro"]
    assert row["values"] == values and row["mean"] == pytest.approx(np.mean(values))
    assert row["deviation"] == pytest.approx(np.std(values, ddof=1)) and row["least"] == min(values)
    assert not (weights(seeded / "seed1")["classifier.weight"] == weights(seeded / "seed2")["classifier.weight"]).all()


def test_the_cards_say_what_was_measured(seeded, documents):
    whole, one = (seeded / "README.md").read_text(), (seeded / "seed1" / "README.md").read_text()
    assert "Trained 3 times, with seeds 1, 2, 3" in whole and "mean ± standard deviation" in whole
    assert "### test set (3 reports, 3 attacks)" in one and "fine-tuned on 3 annotated reports" in one
    assert one == card(seeded / "seed1")
    written = whole + one + (seeded / "seed1" / "evaluation.json").read_text()
    assert not [d for d in documents if d.text[:12] in written]


def test_a_spread_needs_comparable_runs():
    with pytest.raises(ValueError, match="two seeds or more"):
        spread({1: {}})
    with pytest.raises(ValueError, match=r"seed 2 was evaluated on \[\]"):
        spread({1: {"dev": {}}, 2: {}})


# stopping early, being killed


def test_patience_is_read_off_the_log():
    def log(*values):
        return [{"eval_f1": v} if v is not None else {"loss": 1.0} for v in values]

    assert not out_of_patience(log(0.1, 0.2, 0.2), 2)
    assert out_of_patience(log(0.1, 0.3, None, 0.2, 0.3), 2)  # as good is not better
    assert not out_of_patience(log(0.1, 0.3, 0.2, 0.31), 2)
    assert not out_of_patience(log(0.3, 0.1, 0.1), 0) and not out_of_patience([], 1)


def test_a_run_stops_when_dev_gets_no_better(tiny_overrides, tmp_path):
    # at a rate of almost nothing the score stays where it is
    steps = ["training.num_train_epochs=9", "training.learning_rate=1e-12", "optim.patience=2"]
    config = load_config("tiny", [*tiny_overrides, *QUIET, *steps, f"output={tmp_path / 'out'}"])
    run = json.loads((train(config) / "run.json").read_text())
    assert run["steps"] == 3 and sum("eval_f1" in row for row in run["history"]) == 3
    resumed = train(config, resume=True)  # had stopped by itself: nothing more is trained
    assert json.loads((resumed / "run.json").read_text())["steps"] == 3


def test_a_killed_run_goes_on_to_the_same_weights(tiny_overrides, tmp_path):
    steps = ["training.max_steps=60", "training.eval_steps=10", "training.save_steps=10", "optim.batch_pieces=64"]
    steps += ["training.eval_strategy=steps", "training.save_strategy=steps", "optim.mask_pieces=0.2"]
    steps += ["optim.drop_surface=0.5", "training.learning_rate=0.003", *tiny_overrides, *QUIET]
    straight = train(load_config("tiny", [*steps, f"output={tmp_path / 'a'}"]))
    command = [sys.executable, "-m", "adwar", "train", "--config", "tiny", *steps, f"output={tmp_path / 'b'}"]
    running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    checkpoints = tmp_path / "b" / "checkpoints"
    deadline = time.monotonic() + 240
    while not (checkpoints / "checkpoint-20").exists() and time.monotonic() < deadline and running.poll() is None:
        time.sleep(0.002)
    os.kill(running.pid, signal.SIGKILL)
    assert running.wait() == -signal.SIGKILL and not (tmp_path / "b" / "model.safetensors").exists()
    resumed = train(load_config("tiny", [*steps, f"output={tmp_path / 'b'}"]), resume=True)
    same_weights(straight, resumed)
    logs = [json.loads((folder / "run.json").read_text())["history"] for folder in (straight, resumed)]
    scores = [[row["eval_f1"] for row in log if "eval_f1" in row] for log in logs]
    assert scores[0] == scores[1] and len(scores[0]) == 6


def test_a_checkpoint_cut_off_by_a_kill_is_left_out(tmp_path):
    for step, state in ((3, '{"global_step": 3}'), (12, '{"global_step": 12}'), (15, '{"global_st')):
        folder = tmp_path / f"checkpoint-{step}"
        folder.mkdir()
        (folder / "trainer_state.json").write_text(state)
    (tmp_path / "checkpoint-18").mkdir()
    assert [p.name for p in whole_checkpoints(tmp_path)] == ["checkpoint-3", "checkpoint-12"]
    assert not (tmp_path / "checkpoint-15").exists() and whole_checkpoints(tmp_path / "none") == []


def test_resuming_with_other_settings_or_documents_is_refused(tiny_overrides, corpus_files, tmp_path):
    base = [*tiny_overrides, *QUIET, f"output={tmp_path / 'out'}", "training.max_steps=2"]
    train(load_config("tiny", base))
    for change, told in (
        ("optim.batch_pieces=100", "optim.batch_pieces changed"),
        (f"data.train=[{corpus_files[1]}]", "data.train, the training documents changed"),
    ):
        with pytest.raises(ConfigError, match=told):
            train(load_config("tiny", [*base, change]), resume=True)


# the learning curve


@pytest.fixture(scope="module")
def more_documents(documents, tmp_path_factory):
    file = tmp_path_factory.mktemp("more") / "train.jsonl"
    write_jsonl([Document(f"{d.id}-{n}", d.text, d.title, d.events) for n in range(4) for d in documents], file)
    return file


def curve_of(run_cli, overrides, *more):
    steps = ["training.num_train_epochs=2", "optim.batch_pieces=128", *QUIET]
    return run_cli("curve", "--config", "tiny", "--shares", "0.5", "1", *more, *overrides, *steps)


@pytest.mark.parametrize("equal", ["steps", "passes"])
def test_the_learning_curve(run_cli, tiny_overrides, more_documents, monkeypatch, tmp_path, equal):
    overrides = [*tiny_overrides, f"data.train=[{more_documents}]", f"output={tmp_path}"]
    copy = tmp_path / "figures" / "curve.json"
    status, told, err = curve_of(run_cli, overrides, "--equal", equal, "--output", copy)
    assert status == 0, err
    assert copy.read_text() == (tmp_path / "learning_curve.json").read_text()
    assert copy.with_suffix(".svg").exists() and copy.with_suffix(".png").exists()
    curve = json.loads((tmp_path / "learning_curve.json").read_text())
    half, full = curve["points"]
    assert (half["documents"], full["documents"], curve["measured on"]) == (6, 12, "development set")
    low, high = half["exact"]["interval"]
    assert low - 1e-9 <= half["exact"]["f1"] <= high + 1e-9
    if equal == "steps":
        assert half["steps"] == full["steps"] and half["passes"] > full["passes"]
    else:
        assert half["steps"] < full["steps"] and half["passes"] == full["passes"] == 2
    assert (tmp_path / "learning_curve.svg").read_text().startswith("<svg")
    assert (tmp_path / "learning_curve.png").read_bytes()[:4] == b"\x89PNG" and "equal" in told
    monkeypatch.setattr("adwar.train.finetune.train_one", lambda *a, **k: pytest.fail("trained again"))
    status, printed, _ = curve_of(run_cli, overrides, "--equal", equal, "--json")
    assert status == 0 and json.loads(printed) == curve
    assert json.loads((tmp_path / "learning_curve.json").read_text()) == curve
    status, _, err = curve_of(run_cli, [*overrides, "model.overlap=8"], "--equal", equal)
    assert status == 2 and "trained with other settings (config.model.overlap changed)" in err


def test_shares_are_nested_and_of_one_seed(documents):
    docs = [Document(str(n), "") for n in range(40)]
    parts = [[d.id for d in subset(docs, share, 1)] for share in (0.1, 0.25, 0.5, 1.0)]
    assert [len(p) for p in parts] == [4, 10, 20, 40]
    assert all(small == large[: len(small)] for small, large in itertools.pairwise(parts))
    assert parts[1] != [d.id for d in subset(docs, 0.25, 2)]


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (["--shares", "2"], "shares must lie above 0 and at most at 1"),
        (["--shares", "0.5", "0.5"], "each once"),
        (["--shares", "half"], "--shares: could not convert"),
        (["seeds=[1,2]"], "a learning curve has one seed; set seeds=[1]"),
        (["data.dev=[]"], "data.dev names no documents"),
        (["--output", "curve.txt"], "the name must end in .json"),
    ],
)
def test_a_curve_that_cannot_be_is_told(run_cli, tiny_overrides, tmp_path, more, message):
    status, _, err = run_cli("curve", "--config", "tiny", *tiny_overrides, f"output={tmp_path}", *more)
    assert status == 2 and message in err and "Traceback" not in err


def test_a_share_without_an_event_is_told(run_cli, tiny_overrides, tmp_path):
    quiet = list(parse("@id: q-1\n---\nلا شيء.\n===\n@id: q-2\n@event 1: other\n---\n{E1:هجوم} على {T1:بيت}"))
    order = [d.id for d in subset([Document("q-1", ""), Document("q-2", "")], 0.5, 1)]
    file = tmp_path / "train.jsonl"
    write_jsonl(quiet if order == ["q-1"] else [Document(d.id, *vals) for d, vals in zip(quiet, (
        (quiet[1].text, "", quiet[1].events), (quiet[0].text,)), strict=True)], file)  # fmt: skip
    overrides = [*tiny_overrides, f"data.train=[{file}]", f"output={tmp_path / 'out'}"]
    status, _, err = curve_of(run_cli, overrides)
    assert status == 2 and "share 0.5 is 1 documents without an event" in err
    shutil.rmtree(tmp_path / "out", ignore_errors=True)
