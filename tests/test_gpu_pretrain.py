"""The launcher for a GPU, at tiny size on the processor: parts, exact resume, a start from weights alone, a report."""

import json
import sys

import pytest

torch = pytest.importorskip("torch")

import gpu_pretrain  # noqa: E402
from flops import peak, step_flops, windows  # noqa: E402
from pretrain_speed import random_shards  # noqa: E402

SMALL = [
    "encoder.num_hidden_layers=1", "encoder.hidden_size=16", "encoder.intermediate_size=24",
    "encoder.num_attention_heads=2", "encoder.local_attention=8", "encoder.max_position_embeddings=64", "batch=2",
    "length=16", "compile=false", "bf16=false", "eval_sequences=2",
]  # fmt: skip


@pytest.fixture
def launch(tmp_path, monkeypatch):
    shards = random_shards(tmp_path / "shards", 400 * 210)

    def call(name, *more):
        monkeypatch.setattr(sys, "argv", ["x", str(shards), "-o", str(tmp_path / name), *map(str, more), *SMALL])
        gpu_pretrain.main()
        return tmp_path / name

    return call


def weights(folder):
    gpu_pretrain.join(folder, folder.with_name(folder.name + "-whole"))
    state = torch.load(folder.with_name(folder.name + "-whole") / "checkpoint.pt", weights_only=True)
    return state["step"], state["model"]


def test_parts_are_joined_and_resumed_exactly(launch, tmp_path):
    straight = launch("straight", "steps=3")
    launch("first", "--minutes", 0, "--split", 0.5, "steps=3")
    names = {p.name for p in (tmp_path / "first").iterdir()}
    assert "checkpoint.pt.part00" in names and "checkpoint.pt" not in names
    assert all(p.stat().st_size <= 500_000 for p in (tmp_path / "first").rglob("*") if p.is_file())
    second = launch("second", "--begin", tmp_path / "first", "steps=3")
    (step, ours), (done, theirs) = weights(second), weights(straight)
    assert step == done == 3
    assert all(torch.allclose(ours[name], theirs[name], atol=1e-6) for name in theirs)
    report = json.loads((second / "report.json").read_text())
    assert report["pieces a second"] > 0 and 0 < report["share of the peak"] < 1


def test_without_a_checkpoint_the_weights_begin_a_new_run(launch, tmp_path):
    from safetensors.torch import load_file

    light = launch("light", "--no-checkpoint", "steps=1")
    assert not (light / "checkpoint.pt").exists()
    again = launch("again", "--begin", light, "--no-checkpoint", "steps=0")
    one, two = (load_file(folder / "encoder" / "model.safetensors") for folder in (light, again))
    assert all(torch.equal(one[name], two[name]) for name in one)
    (tmp_path / "empty").mkdir()
    with pytest.raises(SystemExit, match="holds neither"):
        launch("none", "--begin", tmp_path / "empty", "steps=1")


def test_a_missing_part_is_told(tmp_path):
    file = tmp_path / "a" / "weights"
    file.parent.mkdir()
    file.write_bytes(bytes(range(100)))
    parts = gpu_pretrain.split(tmp_path / "a", 30)
    assert [p.name for p in parts] == [f"weights.part0{n}" for n in range(4)] and not file.exists()
    gpu_pretrain.join(tmp_path / "a", tmp_path / "b")
    assert (tmp_path / "b" / "weights").read_bytes() == bytes(range(100))
    parts[1].unlink()
    with pytest.raises(ValueError, match="a part of weights is missing"):
        gpu_pretrain.join(tmp_path / "a", tmp_path / "c")
    parts[0].unlink()
    with pytest.raises(ValueError, match="the first part of weights is missing"):
        gpu_pretrain.join(tmp_path / "a", tmp_path / "c")


def test_operations_are_counted_by_hand():
    from transformers import AutoConfig, AutoModelForMaskedLM

    shape = AutoConfig.for_model(
        "bert", vocab_size=100, hidden_size=8, num_hidden_layers=2, num_attention_heads=2, intermediate_size=16
    )
    model = AutoModelForMaskedLM.from_config(shape, attn_implementation="eager")
    layers = 2 * (4 * 8 * 8 + 2 * 8 * 16) + 8 * 8 * any("pooler" in n for n, _ in model.named_parameters())
    attention = 12 * 8 * 32 * 2
    projection = 8 * 8 + 100 * 8
    assert step_flops(model, 64, 32, 10) == 64 * (6 * layers + attention) + 6 * 10 * projection
    assert windows(shape, 32) == [32, 32]
    near = AutoConfig.for_model(
        "modernbert", num_hidden_layers=4, local_attention=8, global_attn_every_n_layers=3, vocab_size=100
    )
    assert windows(near, 64) == [64, 9, 9, 64] and windows(near, 4) == [4] * 4


def test_the_peak_is_more_than_nothing():
    assert peak(64, 16, 32, torch.float32, torch.device("cpu"), seconds=0.01) > 1e6
