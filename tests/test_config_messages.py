"""Every message that a config can bring on: it names the file or key, what is wrong, and what to do."""

import json
import shutil
from dataclasses import dataclass

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from adwar.data.errors import DataError  # noqa: E402
from adwar.model.labels import LABELS  # noqa: E402
from adwar.train.config import ConfigError, RunConfig, build, load_config  # noqa: E402
from adwar.train.encoder import load_encoder  # noqa: E402
from adwar.train.finetune import train  # noqa: E402
from adwar.train.learning_curve import checked_shares  # noqa: E402
from adwar.train.pretrain_config import PretrainConfig  # noqa: E402


def message(call, kind=ConfigError):
    with pytest.raises(kind) as caught:
        call()
    told = str(caught.value)
    assert "Traceback" not in told and "\n" not in told
    return told


@pytest.mark.parametrize(
    ("override", "told"),
    [
        ("optim.rhubarb=1", "tiny.yaml: unknown key 'optim.rhubarb'; known: layer_decay"),
        (
            "optim.learning_rate=1",
            "tiny.yaml: unknown key 'optim.learning_rate': it is one of Trainer's; set 'training.learning_rate'",
        ),
        ("optim.mask_piece=0.1", "unknown key 'optim.mask_piece' (did you mean 'mask_pieces'?)"),
        ("data.trian=[x]", "unknown key 'data.trian' (did you mean 'train'?)"),
        ("seed=1", "unknown key 'seed' (did you mean 'seeds'?)"),
        ("model.window=many", "'model.window' must be int, found 'many'"),
        ("model.window=1.5", "'model.window' must be int, found 1.5"),
        ("model.encoder=3", "'model.encoder' must be str or nothing, found 3"),
        ("data.repair=maybe", "'data.repair' must be bool, found 'maybe'"),
        ("data.train=one.jsonl", "'data.train' must be list"),
        ("data.train=[1]", "'data.train[0]' must be str, found 1"),
        ("optim=3", "'optim' must hold keys, found 3"),
        ("optim.layer_decay=fast", "'optim.layer_decay' must be float, found 'fast'"),
        ("model.window=4", "tiny.yaml: 'model.window' must be 8 pieces or more, found 4"),
        ("model.overlap=126", "'model.overlap' must be from 0 to 125, found 126"),
        ("optim.mask_pieces=1", "'optim.mask_pieces' is a share from 0 to below 1, found 1.0"),
        ("optim.drop_surface=-1", "'optim.drop_surface' is a share"),
        ("optim.swap_mentions=2", "'optim.swap_mentions' is a share from 0 to 1, found 2"),
        ("optim.role_weight=0", "'optim.role_weight' must be above 0"),
        ("optim.batch_pieces=0", "'optim.batch_pieces' must be 1 or more, found 0"),
        ("optim.patience=-1", "'optim.patience' must be 0 or more"),
        ("optim.layer_decay=0", "'optim.layer_decay' must be above 0"),
        ("optim.link_weight=-1", "'optim.link_weight' must be 0 or more"),
        ("seeds=[]", "'seeds' must name one seed or more, each once, found []"),
        ("seeds=[1,1]", "each once, found [1, 1]"),
        ("seeds=[one]", "'seeds[0]' must be int, found 'one'"),
        ("model.window", "'model.window': an override is written key.sub=value"),
        ("output.sub=1", "'output.sub=1': 'output' holds a value, not keys"),
        ("model.window=[1", "'model.window=[1': the value is not YAML"),
    ],
)
def test_keys_and_values(override, told):
    assert told in message(lambda: load_config("tiny", [override]))


def test_files(tmp_path):
    assert "arabert" in message(lambda: load_config("arabret"))
    assert "did you mean 'arabert'" in message(lambda: load_config("arabret"))
    assert message(lambda: load_config("none.yaml")) == "none.yaml: no such file"
    file = tmp_path / "mine.yaml"
    for content, told in ((b"- 1", "a mapping of keys is expected, found list"), (b"\xff\xfe", "not UTF-8")):
        file.write_bytes(content)
        assert told in message(lambda: load_config(str(file)))
    file.write_text("a: [1\nb: 2")
    with pytest.raises(ConfigError, match=r"mine\.yaml: not YAML"):
        load_config(str(file))


@pytest.fixture
def told(tiny_overrides, tmp_path):
    """The message that a run with some overrides ends with."""

    def run(*overrides, kind=ConfigError):
        base = [*tiny_overrides, f"output={tmp_path / 'out'}", "training.disable_tqdm=true", "training.max_steps=1"]
        return message(lambda: train(load_config("tiny", [*base, *overrides])), kind)

    return run


@pytest.mark.parametrize(
    ("override", "expected"),
    [
        ("training.learning_rat=1", "unknown key 'training.learning_rat' (did you mean 'learning_rate'?)"),
        ("training.learning_rate=fast", "'training.learning_rate' must be a number, found 'fast'"),
        ("training.output_dir=x", "'training.output_dir' is the run's own to set; set output"),
        ("training.seed=2", "'training.seed' is the run's own to set; set seeds"),
        ("training.lr_scheduler_type=linaer", "training: linaer is not a valid"),
        ("data.dev=[]", "training.eval_strategy is 'steps', but data.dev names no documents"),
        ("optim.patience=2", "optim.patience stops by the score on dev: give data.dev"),
    ],
)
def test_the_training_part(told, override, expected):
    more = {
        "data.dev=[]": ["training.eval_strategy=steps"],
        "optim.patience=2": ["training.eval_strategy=no"],
    }.get(override, [])
    assert expected in told(override, *more)


def test_numbers_that_yaml_reads_as_words_are_numbers():
    from adwar.train.options import checked

    found = checked({"learning_rate": "5e-5", "weight_decay": 0, "logging_steps": "7", "lr_scheduler_type": "cosine"})
    assert found == {"learning_rate": 5e-5, "weight_decay": 0, "logging_steps": 7.0, "lr_scheduler_type": "cosine"}


def test_data(told, documents, corpus_files, tmp_path):
    from adwar.data.jsonl import to_record, write_jsonl

    assert "nowhere.jsonl: no such file; splits are train, dev, test" in told(
        "data.train=[nowhere.jsonl]", kind=DataError
    )
    assert told("data.train=[]") == "data.train names no documents: nothing to train on"
    empty, quiet, strange = (tmp_path / f"{name}.jsonl" for name in ("empty", "quiet", "strange"))
    empty.write_text("")
    assert told(f"data.train=[{empty}]") == f"{empty}: no documents: nothing to train on"
    write_jsonl(documents[1:2], quiet)
    assert "not one event is annotated: nothing to learn" in told(f"data.train=[{quiet}]")
    assert "document id 'a-1' is in" in told(f"data.train=[{corpus_files[0]},{corpus_files[1]}]")
    for spoil, expected in (
        (lambda e: e.update(victim=[]), "document 'a-1': event 1: unknown role 'victim'; one of attacker, target"),
        (lambda e: e.update(type="riot"), "document 'a-1': event 1: unknown type 'riot'; one of airstrike"),
    ):
        record = to_record(documents[0])
        spoil(record["events"][0])
        strange.write_text(json.dumps(record), encoding="utf-8")
        assert f"strange.jsonl:1: {expected}" in told(f"data.train=[{strange}]", kind=DataError)


SMALL = ("model.window=128", "model.overlap=32")


def encoder_message(*overrides):
    return message(lambda: load_encoder(load_config("arabert", list(overrides)), 1))


def test_encoders_that_are_not_there(checkpoint, tmp_path, monkeypatch):
    (tmp_path / "arabertv02").mkdir()
    assert encoder_message(f"model.encoder={tmp_path / 'arabertv2x'}") == (
        f"model.encoder: no such folder: {tmp_path / 'arabertv2x'}; {tmp_path} holds arabertv02"
    )
    assert "model.encoder: no such folder: ./none" in encoder_message("model.encoder=./none")
    assert "is a file; give the folder" in encoder_message(f"model.encoder={checkpoint / 'config.json'}")
    assert "the tokenizer of" in encoder_message(f"model.encoder={tmp_path / 'arabertv02'}")
    assert "model.encoder is missing: say which folder" in encoder_message("model.encoder=null")
    assert "Farasa" in message(
        lambda: load_encoder(load_config("arabert", ["model.encoder=x/bert-base-arabertv2"]), 1), ValueError
    )
    assert message(lambda: load_encoder(RunConfig(), 1)).startswith("model.encoder is missing")
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    offline = encoder_message("model.encoder=someone/none")
    assert "the tokenizer of someone/none cannot be loaded" in offline and "fetch it elsewhere" in offline


def test_a_folder_without_weights(checkpoint, tmp_path):
    folder = tmp_path / "bare"
    shutil.copytree(checkpoint, folder, ignore=shutil.ignore_patterns("checkpoints", "model.safetensors"))
    assert f"model.encoder: {folder} cannot be loaded" in encoder_message(f"model.encoder={folder}")


def relabelled(checkpoint, folder, change):
    shutil.copytree(checkpoint, folder, ignore=shutil.ignore_patterns("checkpoints"))
    config = json.loads((folder / "config.json").read_text())
    change(config["id2label"])
    (folder / "config.json").write_text(json.dumps(config))
    return folder


def swap(labels):
    labels["1"], labels["3"] = labels["3"], labels["1"]


def test_a_tagger_with_other_labels(checkpoint, tmp_path):
    renamed = relabelled(checkpoint, tmp_path / "a", lambda labels: labels.update({"1": "B-WHO"}))
    told = encoder_message(f"model.encoder={renamed}", *SMALL)
    assert "a tagger with other labels than this version's data: missing ['B-attacker'], unknown ['B-WHO']" in told
    assert "set model.fresh_head=true" in told
    turned = relabelled(checkpoint, tmp_path / "b", swap)
    told = encoder_message(f"model.encoder={turned}", *SMALL)
    assert "the same labels in another order, from 'B-target' on" in told


def test_its_encoder_can_be_taken_with_a_fresh_head(checkpoint, tmp_path):
    turned = relabelled(checkpoint, tmp_path / "b", swap)
    options = [f"model.encoder={turned}", *SMALL]
    kept, *_ = load_encoder(load_config("arabert", [f"model.encoder={checkpoint}", *SMALL]), 1)
    fresh, *_ = load_encoder(load_config("arabert", [*options, "model.fresh_head=true"]), 1)
    assert [fresh.config.id2label[i] for i in range(len(LABELS))] == list(LABELS)
    ours, theirs = fresh.state_dict(), kept.state_dict()
    same = {name for name in ours if torch.equal(ours[name], theirs[name])}
    assert {n for n in ours if n.startswith("model.")} <= same and "classifier.weight" not in same


def test_parts_that_do_not_belong_together(told, checkpoint, tokenizer_folder, tmp_path):
    random = "model.random={model_type: modernbert, vocab_size: 20, hidden_size: 16, num_attention_heads: 2}"
    assert "pieces, the encoder only 20; they do not belong together" in told(random)
    assert "model.window is 600, but the encoder reads at most 512 pieces; set it to 512" in told("model.window=600")
    assert "model.random:" in told("model.random={model_type: nobert}")
    assert "model.tokenizer is missing: with model.random say" in told("model.tokenizer=null")
    assert "no such folder" in told("model.tokenizer=./none")
    table = tmp_path / "table.npy"
    np.save(table, np.zeros((3, 4)))
    assert "model.embedding has shape (3, 4), the encoder's embedding" in told(f"model.embedding={table}")
    bare = tmp_path / "bare"
    shutil.copytree(tokenizer_folder, bare)
    names = {"tokenizer_class": "PreTrainedTokenizerFast", "unk_token": "[UNK]"}
    (bare / "tokenizer_config.json").write_text(json.dumps(names))
    assert "its tokenizer names no [CLS], [SEP] or [PAD] token" in told(f"model.tokenizer={bare}")


def test_a_mask_where_there_is_none(told, tokenizer_folder, tmp_path):
    folder = tmp_path / "maskless"
    shutil.copytree(tokenizer_folder, folder)
    held = (folder / "tokenizer.json").read_text(encoding="utf-8")
    (folder / "tokenizer.json").write_text(held.replace("[MASK]", "[HIDE]"), encoding="utf-8")
    config = json.loads((folder / "tokenizer_config.json").read_text())
    (folder / "tokenizer_config.json").write_text(json.dumps({k: v for k, v in config.items() if k != "mask_token"}))
    expected = "optim.mask_pieces needs a tokenizer with a [MASK] token; set it to 0"
    assert expected in told(f"model.tokenizer={folder}", "optim.mask_pieces=0.5")


def test_a_tokenizer_without_a_fast_version(monkeypatch, tmp_path):
    class Slow:
        is_fast = False

    monkeypatch.setattr("transformers.AutoTokenizer.from_pretrained", lambda *_, **__: Slow())
    folder = tmp_path / "slow"
    folder.mkdir()
    assert encoder_message(f"model.encoder={folder}") == (
        f"{folder}: its tokenizer has no fast version, and offsets need one; use another encoder"
    )


def test_a_key_that_must_be_there():
    @dataclass(kw_only=True)
    class Inner:
        size: int

    @dataclass(kw_only=True)
    class Outer:
        part: Inner
        name: str = "x"

    assert message(lambda: build(Outer, {"name": "y"}, "mine.yaml")) == "mine.yaml: key 'part' is missing"
    assert message(lambda: build(Outer, {"part": {}}, "mine.yaml")) == "mine.yaml: key 'part.size' is missing"
    assert build(Outer, {"part": {"size": 3}}, "mine.yaml").part.size == 3


def test_pretraining_to_find_replaced_words_needs_a_generator(tmp_path):
    file = tmp_path / "mine.yaml"
    file.write_text("task: replaced\n")
    told = f"{file}: 'task: replaced' needs 'generator', the settings in which it differs from 'encoder'"
    assert message(lambda: load_config(str(file), kind=PretrainConfig)) == told
    assert load_config(str(file), ["generator.hidden_size=32"], PretrainConfig).generator == {"hidden_size": 32}
    assert "'task' is masked or replaced, found 'guess'" in message(
        lambda: load_config(str(file), ["task=guess"], PretrainConfig)
    )


def test_what_the_shares_of_a_curve_have_alike():
    assert message(lambda: checked_shares([0.5, 1.0], "time")) == "equal 'time': one of steps, passes"
    assert checked_shares([1.0, 0.5], "passes") == [0.5, 1.0]
