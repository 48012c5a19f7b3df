"""Configs, refusals, one step of every config at real dimensions, and resume = straight run."""

import json
import shutil
from dataclasses import replace

import numpy as np
import pytest

from adwar.train.config import CONFIGS, ConfigError, load_config

torch = pytest.importorskip("torch")

FINE_TUNING = sorted(p.stem for p in CONFIGS.glob("*.yaml") if not p.stem.startswith("pretrain"))
#: the published encoder behind each config: class, vocabulary
REAL = {"arabert": ("bert", 64000), "camelbert": ("bert", 30000), "marbert": ("bert", 100000)}
REAL |= {"araelectra": ("electra", 64000)}


@pytest.mark.parametrize("name", FINE_TUNING)
def test_every_config_loads(name):
    config = load_config(name)
    assert config.data.train and config.output


def stand_in(kind, vocabulary, tokenizer_folder, folder):
    """A randomly started base model of the published size, with a tokenizer as those are: no clean-up inside."""
    from tokenizers import Tokenizer, normalizers
    from transformers import AutoConfig, AutoModel

    shape = AutoConfig.for_model(kind, vocab_size=vocabulary, hidden_size=768, num_hidden_layers=12)
    if kind == "electra":
        shape.embedding_size = shape.intermediate_size = 768
        shape.intermediate_size, shape.num_attention_heads = 3072, 12
    AutoModel.from_config(shape).save_pretrained(folder)
    tokenizer = Tokenizer.from_file(str(tokenizer_folder / "tokenizer.json"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=False)
    tokenizer.save(str(folder / "tokenizer.json"))
    shutil.copyfile(tokenizer_folder / "tokenizer_config.json", folder / "tokenizer_config.json")


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(REAL))
def test_arabic_configs_step_at_real_dimensions(name, tiny_overrides, tokenizer_folder, tmp_path):
    from adwar.model.loading import load
    from adwar.train.finetune import train

    encoder = tmp_path / "encoder"
    encoder.mkdir()
    stand_in(*REAL[name], tokenizer_folder, encoder)
    overrides = [*tiny_overrides[:2], f"model.encoder={encoder}", f"output={tmp_path / 'out'}"]
    overrides += ["training.max_steps=1", "training.eval_strategy='no'", "training.save_strategy='no'"]
    overrides += ["training.disable_tqdm=true", "training.load_best_model_at_end=false"]
    folder = train(load_config(name, overrides))
    labeler = load(folder, engine="torch")
    assert labeler.engine.model.config.model_type == REAL[name][0]
    assert labeler.engine.model.config.hidden_size == 768
    prediction = labeler.predict("قُتِلَ ١٢جنديًّا في غارة")
    assert all(prediction.text[s.start : s.end] == s.text for s in prediction.spans)
    # the clean-up now travels with the tokenizer: diacritics and native digits reach known pieces
    assert labeler.tokenizer.encode("مَدَنيّين", add_special_tokens=False).tokens == (
        labeler.tokenizer.encode("مدنيين", add_special_tokens=False).tokens
    )
    shutil.rmtree(tmp_path)


@pytest.mark.parametrize(
    "name", ["aubmindlab/bert-base-arabertv2", "aubmindlab/bert-large-arabertv2", "x/bert-base-arabert"]
)
def test_farasa_encoders_are_refused_with_the_reason(name, tiny_overrides):
    from adwar.train.finetune import train

    with pytest.raises(ValueError, match=r"Farasa.*use aubmindlab/bert-base-arabertv02"):
        train(load_config("arabert", [*tiny_overrides[:2], f"model.encoder={name}"]))


def fast(folder, *extra):
    base = [f"output={folder}", "training.disable_tqdm=true", "training.eval_strategy='no'"]
    return [*base, "training.load_best_model_at_end=false", "training.save_strategy=steps", *extra]


def weights(folder):
    from safetensors.torch import load_file

    return load_file(folder / "model.safetensors")


@pytest.mark.parametrize("optim", [[], ["optim.muon_rate=0.005"]], ids=["adamw", "muon"])
def test_resuming_gives_what_a_straight_run_gives(tiny_overrides, tmp_path, optim):
    tiny_overrides = [*tiny_overrides, *optim]
    from adwar.train.finetune import train

    steps = ["training.save_steps=3", "optim.batch_pieces=64", "optim.drop_surface=0.5", "optim.mask_pieces=0.2"]
    straight = train(load_config("tiny", [*tiny_overrides, *fast(tmp_path / "a", *steps, "training.max_steps=6")]))
    train(load_config("tiny", [*tiny_overrides, *fast(tmp_path / "b", *steps, "training.max_steps=6")]))
    shutil.rmtree(tmp_path / "b" / "checkpoints" / "checkpoint-6")  # as if killed after step 3
    resumed = train(
        load_config("tiny", [*tiny_overrides, *fast(tmp_path / "b", *steps, "training.max_steps=6")]), resume=True
    )
    a, b = weights(straight), weights(resumed)
    for name in a:
        assert np.allclose(a[name], b[name], atol=1e-5), name
    linkers = [np.load(folder / "linker.npz") for folder in (straight, resumed)]
    assert all(np.allclose(linkers[0][k], linkers[1][k], atol=1e-5) for k in linkers[0].files)


def test_muon_gets_the_matrices_of_the_layers_and_adamw_the_rest(tiny_overrides):
    from adwar.train.encoder import load_encoder
    from adwar.train.joint import JointModel
    from adwar.train.optimizer import make_optimizer

    config = load_config("tiny", [*tiny_overrides, "optim.muon_rate=0.005", "optim.layer_decay=0.5"])
    tagger = load_encoder(config, 1)[0]
    optimizer = make_optimizer(JointModel(tagger, 0.5), config, 1e-3, 0.01)
    held = [[p for group in part.param_groups for p in group["params"]] for part in optimizer.parts]
    names = {id(p): name for name, p in tagger.named_parameters(prefix="tagger")}
    assert {p.ndim for p in held[1]} == {2}
    assert all("layer" in names[id(p)] and "embed" not in names[id(p)] for p in held[1])
    assert "tagger.classifier.weight" in {names.get(id(p)) for p in held[0]}
    everything = list(JointModel(tagger, 0.5).parameters())
    assert len({id(p) for part in held for p in part}) == len(held[0]) + len(held[1]) == len(everything)


@pytest.fixture
def encoder_with_words(tokenizer_folder, tmp_path):
    """A tiny encoder as pre-training leaves it: with its masked-word head."""
    from transformers import AutoConfig, AutoModelForMaskedLM

    vocabulary = len(json.loads((tokenizer_folder / "tokenizer.json").read_text(encoding="utf-8"))["model"]["vocab"])
    small = {"hidden_size": 16, "intermediate_size": 24, "num_attention_heads": 2, "num_hidden_layers": 2}
    special = {"pad_token_id": 0, "bos_token_id": 2, "cls_token_id": 2, "eos_token_id": 3, "sep_token_id": 3}
    shape = AutoConfig.for_model("modernbert", vocab_size=vocabulary, max_position_embeddings=128, **small, **special)
    folder = tmp_path / "encoder"
    AutoModelForMaskedLM.from_config(shape).save_pretrained(folder)
    for name in ("tokenizer.json", "tokenizer_config.json"):
        shutil.copyfile(tokenizer_folder / name, folder / name)
    return folder


def test_hidden_words_are_guessed_beside_the_tags(tiny_overrides, encoder_with_words, tmp_path):
    from adwar.train.finetune import train

    data = [o for o in tiny_overrides if o.startswith("data.")]
    ours = ["optim.words_weight=0.5", "optim.mask_pieces=0.3", "optim.batch_pieces=64", "model.random=null"]
    ours += [f"model.encoder={encoder_with_words}", "model.tokenizer=null", "model.window=64", "model.overlap=16"]

    def run(folder, **more):
        steps = ["training.save_steps=3", "training.max_steps=6"]
        return train(load_config("tiny", [*data, *ours, *fast(tmp_path / folder, *steps)]), **more)

    straight = run("a")
    run("b")
    shutil.rmtree(tmp_path / "b" / "checkpoints" / "checkpoint-6")
    resumed = run("b", resume=True)
    a, b = weights(straight), weights(resumed)
    assert all(np.allclose(a[name], b[name], atol=1e-5) for name in a)
    assert not [name for name in a if "decoder" in name], "the head is no part of the tagger"


def test_an_encoder_without_a_masked_word_head_is_told(tiny_overrides, checkpoint, tmp_path):
    from adwar.train.finetune import train

    ask = ["optim.words_weight=0.5", "optim.mask_pieces=0.3"]
    with pytest.raises(ConfigError, match="from noise has no masked-word head"):
        train(load_config("tiny", [*tiny_overrides, *fast(tmp_path / "a", *ask)]))
    with pytest.raises(ConfigError, match="has no masked-word head"):
        more = [f"model.encoder={checkpoint}", "model.random=null", "model.tokenizer=null"]
        train(load_config("tiny", [*tiny_overrides, *fast(tmp_path / "b", *ask, *more)]))
    with pytest.raises(ConfigError, match="guesses what"):
        load_config("tiny", ["optim.words_weight=0.5"])


def test_a_run_writes_its_provenance(checkpoint):
    run = json.loads((checkpoint / "run.json").read_text())
    assert run["config"]["model"]["random"]["model_type"] == "modernbert"
    assert run["facts"]["documents"] == 3 and run["facts"]["gold that can never be predicted"] == 0


@pytest.mark.parametrize(
    ("override", "message"),
    [
        ("trainning.max_steps=1", "unknown key 'trainning' (did you mean 'training'?)"),
        ("model.windw=3", "unknown key 'model.windw' (did you mean 'window'?)"),
        ("model.window=many", "'model.window' must be int, found 'many'"),
        ("data.train=one.jsonl", "'data.train' must be list"),
        ("seeds", "an override is written key.sub=value"),
        ("model=3", "'model' must hold keys"),
    ],
)
def test_config_mistakes_are_told(override, message):
    with pytest.raises(ConfigError) as caught:
        load_config("tiny", [override])
    assert message in str(caught.value)


def test_unknown_config_names_are_told():
    with pytest.raises(ConfigError, match="did you mean 'arabert'"):
        load_config("arabrt")
    with pytest.raises(ConfigError, match="no such file"):
        load_config("nowhere.yaml")


def test_a_broken_yaml_is_told(tmp_path):
    file = tmp_path / "bad.yaml"
    file.write_text("a: [1")
    with pytest.raises(ConfigError, match="not YAML"):
        load_config(str(file))
    file.write_text("- 1")
    with pytest.raises(ConfigError, match="a mapping of keys is expected"):
        load_config(str(file))


def test_missing_data_is_told(tiny_overrides, tmp_path):
    from adwar.data.errors import DataError
    from adwar.train.finetune import train

    with pytest.raises(DataError, match=r"nowhere\.jsonl: no such file"):
        train(load_config("tiny", [*tiny_overrides, f"data.train=[{tmp_path / 'nowhere.jsonl'}]"]))


def test_an_id_in_two_files_is_told(tiny_overrides, corpus_files):
    from adwar.train.finetune import train

    train_file, dev_file = corpus_files
    with pytest.raises(ConfigError, match="document id 'a-1' is in"):
        train(load_config("tiny", [*tiny_overrides, f"data.train=[{train_file},{dev_file}]"]))


def test_a_window_beyond_the_encoder_is_told(tiny_overrides):
    from adwar.train.finetune import train

    with pytest.raises(ConfigError, match=r"model\.window is 600, but the encoder reads at most 512"):
        train(load_config("tiny", [*tiny_overrides, "model.window=600"]))


def test_labels_of_another_version_are_told(checkpoint, tmp_path):
    from adwar.model.tagger import load_tagger

    folder = tmp_path / "old"
    shutil.copytree(checkpoint, folder, ignore=shutil.ignore_patterns("checkpoints"))
    config = json.loads((folder / "config.json").read_text())
    config["id2label"]["1"] = "B-WHO"
    (folder / "config.json").write_text(json.dumps(config))
    with pytest.raises(ValueError, match=r"missing \['B-attacker'\], unknown \['B-WHO'\]"):
        load_tagger(folder)


def test_surface_changes_keep_every_offset(documents, tokenizer_folder):
    import random

    from adwar.data.markup import parse
    from adwar.data.schema import Document
    from adwar.model.encoding import Settings, load_tokenizer
    from adwar.train.features import drop_surface, rows

    quoted = '@id: q-1\n@event 1: other\n---\n{E1:هجوم} لتنظيم "{A1:داعش}" على {T1:"جيش" الإسلام} في {L1:«حارم»}'
    tokenizer = load_tokenizer(tokenizer_folder)
    for doc in [*documents, *parse(quoted)]:
        for seed in range(30):
            changed = drop_surface(doc, random.Random(seed))
            assert len(changed) == len(doc.text)
            rows([Document(doc.id, changed, doc.title, doc.events)], tokenizer, Settings())


def test_export_refuses_a_loss(checkpoint, corpus_files, tmp_path):
    from adwar.train.export import ExportError, export

    with pytest.raises(ExportError, match="export refused"):
        export(checkpoint, tmp_path / "out", [str(corpus_files[1])], max_loss=-1.0)
    assert not (tmp_path / "out").exists()
    report = export(checkpoint, tmp_path / "out", [str(corpus_files[1])])
    assert abs(report["f1 lost in points"]) < 0.5
    assert (tmp_path / "out" / "model.onnx").exists()


def test_choosing_on_dev_never_lowers_its_score(exported, corpus_files, tmp_path):
    from adwar.data.jsonl import read_jsonl
    from adwar.model.integrity import write_checksums
    from adwar.model.loading import load
    from adwar.train.choose import choose

    folder = tmp_path / "model"
    shutil.copytree(exported, folder)
    docs = list(read_jsonl(corpus_files[0]))
    poorer = [replace(doc, events=tuple(replace(e, target=e.target[1:]) for e in doc.events)) for doc in docs]
    docs = (docs + poorer) * 8  # enough cases, right and wrong, to fit scales on
    chosen = choose(folder, docs)
    write_checksums(folder)
    assert chosen["after"]["span f1"] >= chosen["before"]["span f1"]
    assert chosen["after"]["frames"] >= chosen["before"]["frames"]
    thresholds = load(folder).thresholds
    assert thresholds.temperature == chosen["temperature"]
    assert {kind: scale.numbers() for kind, scale in thresholds.scales.items()} == chosen["scales"]
    assert "target" in chosen["scales"]


def test_hidden_pieces_are_drawn_anew_but_the_same_for_a_seed(tiny_overrides, documents):
    from adwar.train.batches import Windows
    from adwar.train.encoder import load_encoder

    config = load_config("tiny", [*tiny_overrides, "optim.mask_pieces=0.5"])
    _, tokenizer, settings, _ = load_encoder(config, 1)
    data = Windows(documents, tokenizer, settings, config, 1)
    first, second = ([b["input_ids"] for b in data] for _ in range(2))
    assert all((a == b).all() for a, b in zip(first, second, strict=True))
    share = float(np.mean([(ids == tokenizer.token_to_id("[MASK]")).float().mean() for ids in first]))
    assert 0.2 < share < 0.6
