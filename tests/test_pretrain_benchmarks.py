"""The benchmarks of pre-training at tiny size: speed, recipes at equal time, pieces a word."""

import json
import sys

import pytest

torch = pytest.importorskip("torch")

import pretrain_compare  # noqa: E402
import pretrain_speed  # noqa: E402
import tokens  # noqa: E402
from kept import kept  # noqa: E402

from adwar.data.jsonl import write_jsonl  # noqa: E402

SMALL = {"num_hidden_layers": 1, "hidden_size": 16, "intermediate_size": 24, "num_attention_heads": 2}


@pytest.fixture
def shards(tmp_path):
    return pretrain_speed.random_shards(tmp_path / "shards", 400 * 210)


def call(module, monkeypatch, *argv):
    monkeypatch.setattr(sys, "argv", ["x", *map(str, argv)])
    module.main()


def test_speed_and_share_of_the_peak(tmp_path, monkeypatch, capsys):
    out = tmp_path / "speed.json"
    tiny = [f"encoder.{key}={value}" for key, value in SMALL.items()]
    monkeypatch.setattr(pretrain_speed, "peak", lambda *_: 1e12)
    call(pretrain_speed, monkeypatch, "--minutes", 0, "-o", out, "--only", "fp32", *tiny, "batch=2", "compile=false")
    (found,) = kept(out).values()
    assert found["pieces a second"] > 0 and 0 < found["share of the peak"] < 1 and found["batch"] == "2 x 128"
    assert "| pretrain-small, fp32 |" in capsys.readouterr().out


def test_recipes_are_compared_once(shards, documents, tmp_path, monkeypatch, capsys):
    real = tmp_path / "real"
    real.mkdir()
    for name in ("train", "dev"):
        write_jsonl(documents, real / f"{name}.jsonl")
    tiny = {"model_type": "bert", **SMALL, "max_position_embeddings": 128}
    recipes = {"nothing": {"steps": 0, "encoder": tiny}, "bert": {"encoder": tiny}, "long-end": {"encoder": tiny}}
    recipes["long-end"] |= {"length_end": 64, "length_end_share": 0.5}
    monkeypatch.setattr(pretrain_compare, "RECIPES", recipes)
    out = tmp_path / "compare.json"
    argv = ["--shards", shards, "--work", tmp_path / "work", "-o", out, "--trial", 1, "--minutes", 0.001, "--steps", 1]
    argv += ["--real", real, "--recipes", *recipes, "--set", "compile=false", "batch=2", "length=32", "bf16=false"]
    call(pretrain_compare, monkeypatch, *argv)
    runs = kept(out)
    assert list(runs) == [f"{name}, 0.001 minutes" for name in recipes]
    assert all(r["held-out loss"] > 5 and 0 <= r["exact"] <= 1 for r in runs.values())
    assert runs["nothing, 0.001 minutes"]["steps of pre-training"] == 0
    monkeypatch.setattr(pretrain_compare, "train", None)
    call(pretrain_compare, monkeypatch, *argv)
    assert "| bert, 0.001 minutes |" in capsys.readouterr().out


def test_every_recipe_is_a_config(tmp_path, monkeypatch, capsys):
    from types import SimpleNamespace

    options = SimpleNamespace(shards=tmp_path, work=tmp_path, overrides=[])
    for name in pretrain_compare.RECIPES:
        assert pretrain_compare.config_of(name, options).length == 128
    call(pretrain_compare, monkeypatch, "--list")
    assert "deberta-v2" in capsys.readouterr().out


def test_pieces_a_word(tmp_path, monkeypatch, capsys):
    text = "قتل ثلاثة مدنيين في غارة جوية على بلدة حارم وقال مصدر طبي ان الجرحى نقلوا الى مستشفى"
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "a.txt").write_text("\n\n".join([text] * 399 + [text + " ☃"]), encoding="utf-8")
    out = tmp_path / "tokens.json"
    call(tokens, monkeypatch, "--raw", tmp_path / "raw", "--sizes", 60, 200, "--sample", 50, "-o", out)
    small, large, shipped = json.loads(out.read_text(encoding="utf-8")).values()
    assert small["pieces a word"] > large["pieces a word"] >= 1 and shipped["vocabulary"] == 24000
    assert large["held-out documents"] == 2 and 0 < large["unknown pieces"] < 0.1
    assert "| shipped | 24,000 |" in capsys.readouterr().out
    (tmp_path / "raw" / "a.txt").write_text(text, encoding="utf-8")
    with pytest.raises(SystemExit, match="nothing to hold out"):
        call(tokens, monkeypatch, "--raw", tmp_path / "raw", "-o", tmp_path / "other.json")
