"""The mean of runs: its weights, what it refuses, that it loads."""

import json

import numpy as np
import pytest

pytest.importorskip("torch")
from safetensors.numpy import load_file, save_file

from adwar.model.linkers import load_linker
from adwar.model.pair_linker import PairLinker
from adwar.train.mix import main, mix


@pytest.fixture
def runs(tmp_path):
    """Two folders as a run leaves them, as far as a mean looks at them."""
    from test_stretches import pair_linker_of

    for number, name in enumerate(("a", "b")):
        folder = tmp_path / name
        folder.mkdir()
        save_file({"w": np.full((2, 3), number, np.float32)}, folder / "model.safetensors")
        (folder / "config.json").write_text('{"model_type": "bert"}')
        (folder / "tokenizer.json").write_text("{}")
        settings = {"labels": ["O"], "encoding": {"window": 8}, "provenance": {"seed": number}, "chosen": {"x": 1}}
        (folder / "adwar.json").write_text(json.dumps(settings))
        (folder / "run.json").write_text(json.dumps({"config": {"output": name}}))
        linker = pair_linker_of()
        PairLinker({k: w * 0 + number for k, w in linker.weights.items()}).save(folder / "linker.npz")
    return tmp_path


def test_weights_and_linkers_are_averaged(runs):
    out = mix(runs / "out", {str(runs / "a"): 1, str(runs / "b"): 3})
    assert np.allclose(load_file(out / "model.safetensors")["w"], 0.75)
    assert all(np.allclose(w, 0.75) for w in load_linker(out / "linker.npz").weights.values())
    settings = json.loads((out / "adwar.json").read_text())
    assert "chosen" not in settings and settings["provenance"]["mean of"] == {"a": 0.25, "b": 0.75}
    assert [run["output"] for run in json.loads((out / "run.json").read_text())["runs"]] == ["a", "b"]
    assert not (runs / "out.part").exists()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda f: (f / "config.json").write_text("{}"), "config.json differs"),
        (lambda f: (f / "model.safetensors").unlink(), "no such file"),
        (lambda f: save_file({"v": np.zeros(1, np.float32)}, f / "model.safetensors"), "different weights"),
    ],
)
def test_what_does_not_fit_is_refused(runs, change, said, capsys):
    change(runs / "b")
    with pytest.raises(SystemExit):
        main([str(runs / "out"), f"{runs / 'a'}=0.5", f"{runs / 'b'}=0.5"])
    assert said in capsys.readouterr().err and not (runs / "out").exists()


def test_weights_that_are_none_are_told(runs, capsys):
    for parts in (["a"], ["a=x", "b=1"], [f"{runs / 'a'}=1"], [f"{runs / 'a'}=1", f"{runs / 'b'}=0"]):
        with pytest.raises(SystemExit):
            main([str(runs / "out"), *parts])
        assert "FOLDER=" in capsys.readouterr().err
    with pytest.raises(ValueError, match="another output"):
        mix(runs / "a", {str(runs / "a"): 1, str(runs / "b"): 1})
