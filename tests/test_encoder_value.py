"""The yardsticks beside the encoder: the random twin has its shape, the BiLSTM learns, the benchmark goes on."""

import json
import sys

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("gensim")

import encoder_value  # noqa: E402
from bilstm import cbow, train_bilstm  # noqa: E402
from kept import kept  # noqa: E402

from adwar.data.jsonl import write_jsonl  # noqa: E402
from adwar.eval.report import evaluate  # noqa: E402
from adwar.model.encoding import Settings  # noqa: E402
from adwar.train.config import load_config  # noqa: E402
from adwar.train.encoder import OUR_ENCODER, load_encoder, load_tokenizer_of  # noqa: E402


@pytest.fixture
def raw(tmp_path):
    folder = tmp_path / "raw"
    folder.mkdir()
    rng = np.random.default_rng(0)
    some = "قتل ثلاثة مدنيين في غارة على بلدة حارم وقال مصدر طبي ان الجرحى نقلوا"
    (folder / "a.txt").write_text(
        "\n\n".join(" ".join(rng.choice(some.split(), 30)) for _ in range(20)), encoding="utf-8"
    )
    return folder


def test_the_twin_has_the_encoders_shape():
    overrides = encoder_value.twin(OUR_ENCODER)
    noise = load_encoder(load_config("embedded", overrides), 1)[0]
    ours = load_encoder(load_config("embedded", [f"model.encoder={OUR_ENCODER}"]), 1)[0]
    shapes = [{name: tuple(p.shape) for name, p in model.named_parameters()} for model in (noise, ours)]
    assert shapes[0] == shapes[1]
    for key in ("norm_eps", "local_attention", "layer_types", "mlp_dropout", "rope_parameters"):
        assert getattr(noise.config, key) == getattr(ours.config, key), key
    table, theirs = (m.get_input_embeddings().weight for m in (noise, ours))
    assert not torch.allclose(table, theirs, atol=1e-3)


def test_the_bilstm_learns_what_it_is_shown(documents, raw, tmp_path):
    tokenizer, ids = load_tokenizer_of(str(OUR_ENCODER))
    table = cbow(raw, tokenizer, [], 10_000, tmp_path)
    assert table.shape == (24000, 200) and 5 < (np.abs(table).sum(1) > 0).sum() < 60
    labeler, steps = train_bilstm(documents, tokenizer, Settings(512, 128, *ids), table, 60, 1)
    report = evaluate(documents, list(labeler.predict_many([d.text for d in documents])))
    assert steps == 60 and report["spans"]["strict"]["micro"]["f1"] > 0.6


def test_what_is_measured_on_gives_no_vectors(raw, documents, tmp_path):
    tokenizer, _ = load_tokenizer_of(str(OUR_ENCODER))
    measured = tmp_path / "dev.jsonl"
    text = (raw / "a.txt").read_text(encoding="utf-8").split("\n\n")[0]
    measured.write_text(json.dumps({"text": text}), encoding="utf-8")
    (raw / "a.txt").write_text(text + "\n\nكلام اخر عن الطقس", encoding="utf-8")
    table = cbow(raw, tokenizer, [measured], 10_000, tmp_path)
    seen = {tokenizer.id_to_token(int(i)) for i in np.flatnonzero(np.abs(table).sum(1))}
    assert "الطقس" in seen and "حارم" not in seen


def test_the_benchmark_keeps_each_side(documents, raw, tmp_path, monkeypatch, capsys):
    real = tmp_path / "real"
    real.mkdir()
    for name in ("train", "dev"):
        write_jsonl(documents, real / f"{name}.jsonl")
    out, vectors = tmp_path / "value.json", tmp_path / "v.npy"
    argv = ["x", "--real", real, "--raw", raw, "--steps", "1", "--passes", "2", "--vectors", vectors, "-o", out]
    monkeypatch.setattr(sys, "argv", list(map(str, argv)))
    encoder_value.main()
    assert set(kept(out)) == {
        "pre-trained, 1 steps, seed 1", "random twin, 1 steps, seed 1", "BiLSTM, 2 passes, seed 1"
    }  # fmt: skip
    monkeypatch.setattr(encoder_value, "run", None)  # a second call has nothing left to run
    encoder_value.main()
    assert "| BiLSTM, 2 passes | 1 |" in capsys.readouterr().out
    monkeypatch.setattr(sys, "argv", ["x", "--real", str(tmp_path)])
    with pytest.raises(SystemExit, match=r"train\.jsonl is not here"):
        encoder_value.main()
