"""Pre-training: shards from raw text, whole-word masks, exact resume, an ordinary checkpoint at the end."""

import json
import shutil

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from adwar.train.build_shards import build_shards, measured_texts  # noqa: E402
from adwar.train.config import ConfigError  # noqa: E402
from adwar.train.contamination import Contamination, conflict_share  # noqa: E402
from adwar.train.masking import mask_words  # noqa: E402
from adwar.train.pretrain import Batches, Run, learning_rate_factor, pretrain  # noqa: E402
from adwar.train.pretrain_config import PretrainConfig  # noqa: E402
from adwar.train.shards import Shards  # noqa: E402

ENCODER = {
    "model_type": "modernbert",
    "num_hidden_layers": 1,
    "hidden_size": 16,
    "intermediate_size": 24,
    "num_attention_heads": 2,
    "local_attention": 8,
    "max_position_embeddings": 64,
}


@pytest.fixture(scope="module")
def raw(tmp_path_factory):
    folder = tmp_path_factory.mktemp("raw")
    rng = np.random.default_rng(0)
    text = "قتل ثلاثة مدنيين في غارة جوية على بلدة حارم وقال مصدر طبي ان الجرحى نقلوا الى مستشفى"
    words = text.split()
    docs = ["\n".join(" ".join(rng.choice(words, 12)) for _ in range(4)) for _ in range(250)]
    (folder / "news.txt").write_text("\n\n".join(docs), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def shards(raw, tmp_path_factory):
    folder = tmp_path_factory.mktemp("shards")
    build_shards(raw, folder, vocabulary=120)
    return folder


def config(shards, output, **changes):
    base = {"steps": 6, "batch": 4, "length": 16, "warmup": 2, "bf16": False, "checkpoint_minutes": 100.0}
    return PretrainConfig(
        shards=str(shards), output=str(output), encoder=ENCODER, eval_sequences=4, **{**base, **changes}
    )


def test_what_is_measured_on_is_kept_out(raw, tmp_path):
    first = (raw / "news.txt").read_text(encoding="utf-8").split("\n\n")[0]
    measured = tmp_path / "dev.jsonl"
    measured.write_text(json.dumps({"title": "", "text": first.replace("ا", "أ")}), encoding="utf-8")
    report = build_shards(raw, tmp_path / "shards", keep_out=[str(measured)], vocabulary=120)
    assert report["dropped"] == {"news": 1} and report["documents"] == 249


def test_contamination_ignores_spelling():
    held = Contamination()
    held.add(["واحد اثنان ثلاثة أربعة خمسة ستة سبعة ثمانية"])
    assert held.touches("x واحد اثنان ثلاثة اربعةُ خمسة، ستة سبعة ثمانية y")
    assert not held.touches("واحد اثنان ثلاثة أربعة خمسة ستة سبعة")


def test_token_files_are_read_as_sentences(tmp_path):
    file = tmp_path / "ner.txt"
    file.write_text("قال O\nعلي B-PER\n\nبغداد B-LOC\n", encoding="utf-8")
    assert measured_texts([str(file)]) == ["قال علي", "بغداد"]


def test_conflict_share():
    assert conflict_share("قتل جندي وأصيب آخر في غارة") == 0.5
    assert conflict_share("") == 0


def test_masks_take_whole_words():
    continuation = np.array([False] * 6 + [True] * 4)
    ids = np.random.default_rng(0).integers(5, 10, (8, 32))
    inputs, chosen = mask_words(ids, continuation, 5, 4, 0.5, np.random.default_rng(1))
    assert inputs.shape == ids.shape and 0.2 < chosen.mean() < 0.8
    for row in range(8):
        for at in range(1, 32):
            if continuation[ids[row, at]]:
                assert chosen[row, at] == chosen[row, at - 1]
    assert (inputs[~chosen] == ids[~chosen]).all()


def test_special_pieces_are_never_masked():
    ids = np.array([[2, 7, 3, 8, 0]])
    assert not mask_words(ids, np.zeros(9, dtype=bool), 5, 4, 1.0, np.random.default_rng(0))[1][0, [0, 2, 4]].any()


def test_batches_depend_on_seed_and_step_alone(shards, tmp_path):
    settings = config(shards, tmp_path)
    one, other = Batches(Shards(shards), settings), Batches(Shards(shards), settings)
    wanted = [one.batch(step) for step in range(5)]
    assert (other.batch(4) == wanted[4]).all() and (other.batch(1) == wanted[1]).all()
    far = 10 * len(Shards(shards).tokens) // (4 * 16)
    assert one.batch(far).shape == (4, 16)


REPLACED = {"task": "replaced", "generator": {"hidden_size": 8, "intermediate_size": 8, "num_attention_heads": 1}}


GROWING = {"batch_start": 1, "batch_ramp": 4, "length_end": 32, "length_end_share": 0.34}


@pytest.mark.parametrize("task", [{}, REPLACED, GROWING], ids=["masked", "replaced", "growing"])
def test_resuming_gives_what_a_straight_run_gives(shards, tmp_path, task):
    straight = pretrain(config(shards, tmp_path / "a", **task))
    pretrain(config(shards, tmp_path / "b", **task), stop_after_minutes=0)
    resumed = pretrain(config(shards, tmp_path / "b", **task))
    assert resumed.step == straight.step == 6
    for (name, a), b in zip(straight.model.state_dict().items(), resumed.model.state_dict().values(), strict=True):
        assert torch.allclose(a, b, atol=1e-6), name


@pytest.mark.parametrize("task", [{}, REPLACED], ids=["masked", "replaced"])
def test_training_lowers_the_held_out_loss(shards, tmp_path, task):
    settings = config(shards, tmp_path / "c", steps=60, learning_rate=0.01, **task)
    before = Run(settings).held_out()
    run = pretrain(settings)
    assert run.held_out() < before - 0.3
    assert json.loads((tmp_path / "c" / "curve.json").read_text())


def test_the_export_is_an_ordinary_checkpoint(shards, tmp_path):
    from transformers import AutoModel, AutoTokenizer

    folder = pretrain(config(shards, tmp_path / "d", steps=1)).export(tmp_path / "encoder")
    assert AutoModel.from_pretrained(folder).config.hidden_size == 16
    assert (
        AutoTokenizer.from_pretrained(folder)("قُتل").input_ids == AutoTokenizer.from_pretrained(folder)("قتل").input_ids
    )


def test_a_run_may_start_from_an_encoder(shards, raw, tmp_path):
    first = pretrain(config(shards, tmp_path / "f", steps=2))
    folder = first.export(tmp_path / "encoder")
    run = Run(config(shards, tmp_path / "g", start=str(folder)))
    for name, value in first.model.state_dict().items():
        assert torch.allclose(value, run.model.state_dict()[name], atol=1e-2), name
    again = tmp_path / "again"
    build_shards(raw, again, tokenizer_file=folder / "tokenizer.json")
    Run(config(again, tmp_path / "h", start=str(folder)))
    other = tmp_path / "other"
    build_shards(raw, other, vocabulary=90)
    with pytest.raises(ValueError, match="another tokenizer"):
        Run(config(other, tmp_path / "i", start=str(folder)))


@pytest.mark.parametrize("kind", ["bert", "convbert", "roformer", "electra", "deberta-v2"])
def test_other_architectures_step(shards, tmp_path, kind):
    encoder = {"model_type": kind, "num_hidden_layers": 1, "hidden_size": 16, "intermediate_size": 24}
    encoder |= {"num_attention_heads": 2, "embedding_size": 16, "max_position_embeddings": 64}
    settings = config(shards, tmp_path / kind, steps=1)
    settings.encoder = encoder
    assert pretrain(settings).step == 1


def test_another_encoders_checkpoint_is_refused(shards, tmp_path):
    pretrain(config(shards, tmp_path / "e", steps=1))
    other = config(shards, tmp_path / "e", batch=8)
    with pytest.raises(ValueError, match="made with batch=4, this run says 8"):
        pretrain(other)


def test_a_checkpoint_of_other_shards_is_refused(shards, raw, tmp_path):
    out = tmp_path / "run"
    pretrain(config(shards, out, steps=1))
    for name, changes in (("tokenizer.json", {"vocabulary": 119}), ("weights.npy", {"by_source": {"news": 0.5}})):
        other = tmp_path / name
        build_shards(raw, other, **{"vocabulary": 120, **changes})
        if Shards(other).vocabulary == Shards(shards).vocabulary:
            with pytest.raises(ValueError, match=f"made from other shards: .*{name}.* another output folder"):
                pretrain(config(other, out))
        else:
            with pytest.raises(ValueError, match=r"made from other shards: tokenizer\.json"):
                pretrain(config(other, out))
    copied = tmp_path / "copied"
    shutil.copytree(shards, copied)  # the same under another name
    assert pretrain(config(copied, out, steps=2)).step == 2
    state = torch.load(out / "checkpoint.pt", weights_only=True)
    del state["shards"]  # as earlier versions wrote it
    torch.save(state, out / "checkpoint.pt")
    assert pretrain(config(shards, out, steps=3)).step == 3


def test_a_damaged_checkpoint_is_told(shards, tmp_path):
    out = tmp_path / "run"
    pretrain(config(shards, out, steps=1))
    whole = (out / "checkpoint.pt").read_bytes()
    for held in (b"", whole[:-1], whole[: len(whole) // 2], b"x" * 1000, b"\x80\x02}q\x00."):
        (out / "checkpoint.pt").write_bytes(held)
        with pytest.raises(ValueError, match=r"checkpoint\.pt: no whole checkpoint, cut short or damaged; put a copy"):
            pretrain(config(shards, out, steps=2))
    (out / "checkpoint.pt").write_bytes(whole)
    assert pretrain(config(shards, out, steps=2)).step == 2


def test_missing_and_empty_shards_are_told(tmp_path, shards):
    with pytest.raises(FileNotFoundError, match=r"tokens\.npy is missing; make the shards first"):
        Shards(tmp_path)
    with pytest.raises(FileNotFoundError, match=r"no \.txt"):
        build_shards(tmp_path, tmp_path / "out")
    for name in ("tokens.npy", "lengths.npy"):
        np.save(tmp_path / name, np.empty(0, dtype=np.uint16))
    (tmp_path / "tokenizer.json").write_bytes((shards / "tokenizer.json").read_bytes())
    with pytest.raises(ValueError, match="is empty"):
        Shards(tmp_path)


def test_the_rate_rises_stays_and_falls():
    settings = PretrainConfig(steps=100, warmup=10, decay=0.2)
    factors = [learning_rate_factor(step, settings) for step in range(100)]
    assert factors[0] == pytest.approx(0.1) and factors[50] == 1.0 and factors[99] == pytest.approx(0.05)


def test_the_curve_is_drawn(tmp_path):
    pytest.importorskip("matplotlib")
    from adwar.train.loss_curve import draw_loss

    draw_loss([{"step": 1, "loss": 3.0}, {"step": 2, "held_out": 2.0}], tmp_path / "curve.png")
    assert (tmp_path / "curve.png").read_bytes()[:4] == b"\x89PNG"


def test_another_run_goes_on_with_the_generator(shards, tmp_path):
    first = pretrain(config(shards, tmp_path / "a", steps=2, **REPLACED))
    folder = first.export(tmp_path / "encoder")
    other = Run(config(shards, tmp_path / "b", start=str(folder), **REPLACED))
    ours, theirs = first.beside.state_dict(), other.beside.state_dict()
    assert ours and all(torch.allclose(ours[k], theirs[k], atol=1e-3) for k in ours)
    wider = {"task": "replaced", "generator": {**REPLACED["generator"], "hidden_size": 16}}
    with pytest.raises(ValueError, match="another generator"):
        Run(config(shards, tmp_path / "c", start=str(folder), **wider))
    pretrain(config(shards, tmp_path / "d", steps=1)).export(folder)
    assert not (folder / "replaced.safetensors").exists()


def test_an_encoder_trained_on_replaced_pieces_is_an_ordinary_folder(shards, tmp_path):
    from transformers import AutoModelForTokenClassification

    run = pretrain(config(shards, tmp_path / "run", **REPLACED))
    folder = run.export(tmp_path / "encoder")
    tagger = AutoModelForTokenClassification.from_pretrained(folder, num_labels=3)
    ours, theirs = run.model.get_input_embeddings().weight, tagger.get_input_embeddings().weight
    assert torch.allclose(ours.half().float(), theirs.float())


def test_a_task_that_is_none_is_told(tmp_path):
    with pytest.raises(ConfigError, match="masked or replaced"):
        PretrainConfig(task="guessed")
    with pytest.raises(ConfigError, match="generator"):
        PretrainConfig(task="replaced")
