"""What Trainer has and a config passes on: curves in TensorBoard's format, torch.compile, fp16."""

import json

import pytest

from adwar.data.schema import ROLES
from adwar.train.config import ConfigError, load_config

torch = pytest.importorskip("torch")


def short(folder, *more):
    return [f"output={folder}", "training.disable_tqdm=true", "optim.batch_pieces=64", *more]


def test_curves_for_tensorboard_hold_the_dev_f1_of_every_role(tiny_overrides, tmp_path):
    pytest.importorskip("tensorboard", reason="TensorBoard is not installed")
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    from adwar.train.finetune import train

    steps = [
        "training.max_steps=2",
        "training.eval_strategy=steps",
        "training.eval_steps=1",
        "training.logging_steps=1",
    ]
    steps += ["training.save_strategy=steps", "training.save_steps=1", "training.report_to=[tensorboard]"]
    folder = train(load_config("tiny", [*tiny_overrides, *short(tmp_path / "out", *steps)]))
    files = list(folder.rglob("events.out.tfevents.*"))
    assert files and files[0].is_relative_to(folder)
    held = EventAccumulator(str(files[0].parent))
    held.Reload()
    names = held.Tags()["scalars"]
    assert {f"eval/{role}_f1" for role in ROLES} | {"eval/f1", "eval/frame_f1", "train/loss"} <= set(names)
    for role in ROLES:
        points = held.Scalars(f"eval/{role}_f1")
        assert [p.step for p in points] == [1, 2] and all(0 <= p.value <= 1 for p in points)
    history = json.loads((folder / "run.json").read_text(encoding="utf-8"))["history"]
    logged = [row["eval_f1"] for row in history if "eval_f1" in row]
    assert [p.value for p in held.Scalars("eval/f1")] == pytest.approx(logged)


def test_a_compiled_model_takes_two_steps_with_links(tiny_overrides, tmp_path):
    """With a back end that needs no C++ compiler: what is tested is that the model can be traced, links and all."""
    from adwar.model.loading import load
    from adwar.train.finetune import train

    options = ["training.torch_compile=true", "training.torch_compile_backend=aot_eager", "training.max_steps=2"]
    options += ["training.eval_strategy='no'", "training.save_strategy='no'", "training.load_best_model_at_end=false"]
    options += ["optim.mask_pieces=0.2", "training.logging_steps=1", "training.learning_rate=0.01"]
    folder = train(load_config("tiny", [*tiny_overrides, *short(tmp_path / "out", *options)]))
    run = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    losses = [row["loss"] for row in run["history"] if "loss" in row]
    assert run["steps"] == 2 and len(losses) == 2 and all(0 < loss < 10 for loss in losses)
    labeler = load(folder, engine="torch")
    assert (folder / "linker.npz").exists() and labeler.predict("قتل ثلاثة في غارة").text


def test_fp16_passes_through_and_takes_the_place_of_bf16(monkeypatch, tmp_path):
    from adwar.train.options import checked, training_arguments

    monkeypatch.setattr("adwar.train.options.bf16_is_fast", lambda: True)
    plain, half = (
        training_arguments(load_config("arabert", more), 1, tmp_path, 3, has_dev=False)
        for more in ([], ["training.fp16=true"])
    )
    assert plain.bf16 and not plain.fp16 and half.fp16 and not half.bf16

    assert checked({"fp16": True, "torch_compile": True}) == {"fp16": True, "torch_compile": True}
    with pytest.raises(ConfigError, match=r"unknown key 'training\.fp61' \(did you mean 'fp16'\?\)"):
        checked({"fp61": True})
