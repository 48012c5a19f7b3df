"""A model folder that is not as it was exported is refused by the file's name; nothing in one is ever run."""

import ast
import json
import pickle
import shutil
from pathlib import Path

import numpy as np
import pytest

from adwar.model import integrity
from adwar.model.loading import EMBEDDED, ModelError, load

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("adwar", "data", "model", "train", "eval", "configs", "serve", "scale", "benchmarks")
SOURCES = sorted(file for folder in FOLDERS for file in (ROOT / folder).rglob("*.py"))
GATE = ["gate.npz", "gate.json"]
NAMES = ["adwar.json", "tokenizer.json", "model.onnx", "linker.npz", "config.json", *GATE]


@pytest.fixture
def folder(exported, tmp_path):
    """An exported model with a gate beside it, as the embedded one has."""
    found = Path(shutil.copytree(exported, tmp_path / "model"))
    for name in GATE:
        found.joinpath(name).write_bytes((EMBEDDED / name).read_bytes())
    integrity.write_checksums(found)
    return found


def flip(file):
    raw = bytearray(file.read_bytes())
    raw[len(raw) // 2] ^= 1
    file.write_bytes(raw)


OTHER = "linker.npz"
HARM = {
    "truncated": lambda file: file.write_bytes(file.read_bytes()[:-1]),
    "empty": lambda file: file.write_bytes(b""),
    "flipped": flip,
    "swapped": lambda file: shutil.copyfile(EMBEDDED / (OTHER if file.name in GATE else file.name), file),
    "gone": lambda file: file.unlink(),
}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("harm", HARM)
def test_a_changed_file_is_refused_by_name(folder, name, harm):
    HARM[harm](folder / name)
    with pytest.raises(ModelError) as told:
        load(folder)
    assert str(folder / name) in str(told.value) and "export the folder again" in str(told.value)


@pytest.mark.parametrize("harm", [*HARM, "no archive", "another's weights"])
def test_a_broken_gate_is_told_by_its_name(folder, harm):
    """Also where it is given by itself, with no checksums beside it."""
    from adwar.scale.gate import Gate

    file = folder / "gate.npz"
    if harm == "no archive":
        file.write_bytes(b"x" * 5000)
    elif harm == "another's weights":
        np.savez(file, weights=np.zeros(1000, np.int8), scale=1.0, bias=0.0, least=0.0)
    else:
        HARM[harm](file)
    with pytest.raises(ValueError, match=r"gate\.npz: no usable gate"):
        Gate.load(file)


def test_the_checksums_themselves_may_be_broken(folder):
    for held in (
        b"",
        b"{",
        b"[]",
        b'{"format": 2, "files": {}}',
        b'{"format": 1, "files": {"../x": {}}}',
        b"[" * 99999,
    ):
        (folder / "checksums.json").write_bytes(held)
        with pytest.raises(ModelError, match=r"checksums\.json: broken"):
            load(folder)
    entry = {"bytes": 1, "sha256": ""}
    for name in ("../x", "/etc/passwd", "..", "a\\b"):
        (folder / "checksums.json").write_text(json.dumps({"format": 1, "files": {name: entry}}))
        with pytest.raises(ModelError, match="no plain file name"):
            load(folder)
    (folder / "checksums.json").unlink()
    with pytest.raises(ModelError, match=r"checksums\.json is missing"):
        load(folder)


def test_a_file_that_nobody_listed_is_refused(folder):
    (folder / "extra.safetensors").write_bytes(b"x")
    with pytest.raises(ModelError, match=r"extra\.safetensors is not in checksums\.json"):
        load(folder)


def test_the_card_may_be_written_anew(folder):
    (folder / "README.md").write_text("new card")
    (folder / "evaluation.json").write_text("{}")
    load(folder)


def test_the_command_writes_and_checks(folder, capsys):
    settings = json.loads((folder / "adwar.json").read_text())
    (folder / "adwar.json").write_text(json.dumps({**settings, "provenance": {"note": "changed on purpose"}}))
    assert integrity.main(["--check", str(folder)]) == 1
    assert integrity.main([str(folder)]) == 0 and integrity.main(["--check", str(folder)]) == 0
    assert load(folder).provenance == {"note": "changed on purpose"}
    assert integrity.main([str(folder / "nowhere")]) == 2
    assert "no such model folder" in capsys.readouterr().err


def test_the_embedded_model_is_as_its_checksums_say():
    assert (EMBEDDED / integrity.CHECKSUMS).exists(), "run: python -m adwar.model.integrity model/embedded"
    assert integrity.problem(EMBEDDED) is None


@pytest.mark.parametrize(
    ("chosen", "told"),
    [([], "chosen"), ({"temperature": "x"}, "chosen"), ({"temperature": 0}, "above 0"), ({"boosts": 3}, "chosen")],
)
def test_settings_of_the_wrong_kind_are_told(folder, chosen, told):
    settings = json.loads((folder / "adwar.json").read_text())
    (folder / "adwar.json").write_text(json.dumps({**settings, "chosen": chosen}))
    integrity.write_checksums(folder)
    with pytest.raises(ModelError, match=told):
        load(folder)


# ------------------------------------------------------------------ nothing runs


class Bomb:
    def __init__(self, mark):
        self.mark = mark

    def __reduce__(self):
        return Path.touch, (self.mark,)


def test_a_pickle_in_the_linker_is_refused(folder, tmp_path):
    mark = tmp_path / "it ran"
    np.savez(folder / "linker.npz", trigger_w=np.array([Bomb(mark)], dtype=object))
    integrity.write_checksums(folder)
    with pytest.raises(ModelError, match=r"linker\.npz: cannot be read"):
        load(folder)
    assert not mark.exists()


def test_pickled_weights_are_refused(checkpoint, tmp_path):
    mark = tmp_path / "it ran"
    folder = Path(shutil.copytree(checkpoint, tmp_path / "model"))
    (folder / "model.safetensors").unlink()
    (folder / "pytorch_model.bin").write_bytes(pickle.dumps(Bomb(mark)))
    with pytest.raises(ModelError, match="pickles"):
        load(folder, engine="torch")
    assert not mark.exists()


def test_code_named_by_a_config_is_not_run(checkpoint, tmp_path):
    mark = tmp_path / "it ran"
    folder = Path(shutil.copytree(checkpoint, tmp_path / "model"))
    (folder / "evil.py").write_text(f"open({str(mark)!r}, 'w')\n")
    config = json.loads((folder / "config.json").read_text())
    config["auto_map"] = {
        "AutoConfig": "evil.Config",
        "AutoModelForTokenClassification": "evil.Model",
        "AutoTokenizer": ["evil.Tokenizer", None],
    }
    (folder / "config.json").write_text(json.dumps({**config, "model_type": "evil"}))
    with pytest.raises(ModelError):
        load(folder, engine="torch")
    assert not mark.exists()


def test_an_onnx_file_cannot_read_outside_its_folder(folder, tmp_path):
    onnx = pytest.importorskip("onnx")
    graph = onnx.load(str(folder / "model.onnx"))
    (tmp_path / "outside.bin").write_bytes(b"\0" * 4096)
    tensor = max(graph.graph.initializer, key=lambda t: len(t.raw_data))
    tensor.ClearField("raw_data")
    tensor.data_location = onnx.TensorProto.EXTERNAL
    entry = tensor.external_data.add()
    entry.key, entry.value = "location", "../outside.bin"
    (folder / "model.onnx").write_bytes(graph.SerializeToString())
    integrity.write_checksums(folder)
    with pytest.raises(ModelError, match=r"model\.onnx: cannot be loaded"):
        load(folder)


def test_yaml_runs_nothing(tmp_path):
    from adwar.train.config import ConfigError, load_config

    mark = tmp_path / "it ran"
    file = tmp_path / "evil.yaml"
    file.write_text(f"output: !!python/object/apply:os.system ['touch {mark}']\n")
    with pytest.raises(ConfigError, match="not YAML"):
        load_config(str(file))
    assert not mark.exists()


def calls():
    for file in SOURCES:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                yield f"{file.relative_to(ROOT)}:{node.lineno}", ast.unparse(node.func), node


#: runs the code blocks of a page of our own docs, which is what it is for; it ships in no wheel
RUNS_OUR_DOCS = "benchmarks/recipes.py"


def test_no_source_loads_what_could_run():
    """Every call of the project's own code: np.load without pickles, YAML safely, never code from a model's folder."""
    faults, seen = [], set()
    for where, name, node in calls():
        given = {k.arg: ast.unparse(k.value) for k in node.keywords}
        seen.add(name)
        said = "False" if where.startswith("train") else None  # numpy's default; model folders are told it aloud
        if name in ("np.load", "numpy.load") and given.get("allow_pickle", said) != "False":
            faults.append(f"{where}: {name} without allow_pickle=False")
        if name in ("yaml.load", "yaml.unsafe_load", "yaml.full_load", "pickle.load", "pickle.loads", "eval", "exec"):
            if name == "exec" and where.startswith(RUNS_OUR_DOCS):
                continue
            faults.append(f"{where}: {name}")
        if name == "torch.load" and given.get("weights_only") != "True":
            faults.append(f"{where}: torch.load without weights_only=True")
        if given.get("trust_remote_code", "False") != "False":
            faults.append(f"{where}: trust_remote_code")
        if name.endswith(("extractall", "unpack_archive")) and given.get("filter") != "'data'":
            faults.append(f"{where}: {name} may leave its folder")
    assert not faults, "\n".join(faults)
    assert {"np.load", "yaml.safe_load"} <= seen
