"""Exports by choice: int8, accepted on its F1 alone; and the gate, which goes with the model."""

import json
import os
import subprocess
import sys

import numpy as np
import pytest

pytest.importorskip("torch")

from adwar.model.loading import EMBEDDED, load
from adwar.scale.gate import Gate
from adwar.train.export import ExportError, export


def test_int8_is_accepted_by_its_f1_and_timed(checkpoint, corpus_files, documents, tmp_path):
    import onnx

    out, dev = tmp_path / "int8", [str(corpus_files[1])]
    report = export(checkpoint, out, dev, int8=True, max_loss=50.0)
    held = json.loads((out / "adwar.json").read_text(encoding="utf-8"))["export"]
    assert held == report and held["precision"] == "int8"
    assert held["f1 lost in points"] == 100 * (held["f1 original"] - held["f1 export"]) < 50
    assert held["documents a second original"] > 0 and held["documents a second export"] > 0
    graph = onnx.load(str(out / "model.onnx")).graph
    made = {name: node.op_type for node in graph.node for name in node.output}
    products = [[made.get(name) for name in node.input] for node in graph.node if node.op_type == "MatMul"]
    layers = 2 * 4 + 2  # of each layer four products with weights, the head and the classifier
    assert products.count(["DequantizeLinear"] * 2) == layers and len(products) == layers + 2 * 2  # attention: fp32
    labeler = load(out)
    prediction = labeler.predict(documents[0].text)
    assert prediction.spans and all(prediction.text[s.start : s.end] == s.text for s in prediction.spans)

    texts = [doc.text for doc in documents]
    alone = [labeler.read([text])[0].log_probs for text in texts]  # scales are fixed: neighbours change nothing
    for one, among in zip(alone, labeler.read(texts), strict=True):
        assert np.allclose(one, among.log_probs, atol=1e-4)

    before = {file.name: file.read_bytes() for file in out.iterdir()}
    with pytest.raises(ExportError, match=r"export refused: dev F1 [01]\.\d+ -> [01]\.\d+") as told:
        export(checkpoint, out, dev, int8=True, max_loss=-100.0)
    assert "documents a second" in str(told.value)
    assert {file.name: file.read_bytes() for file in out.iterdir()} == before
    assert [path.name for path in tmp_path.iterdir()] == ["int8"]


def test_int8_without_documents_is_refused_before_anything_is_made(run_cli, tmp_path, checkpoint):
    status, _, err = run_cli("export", checkpoint, "-o", tmp_path / "out", "--int8")
    assert status == 2 and "with --dev" in err and not list(tmp_path.iterdir())
    (tmp_path / "empty.jsonl").write_text("", encoding="utf-8")
    with pytest.raises(ExportError, match=r"empty\.jsonl: no documents to compare"):
        export(checkpoint, tmp_path / "out", [str(tmp_path / "empty.jsonl")], int8=True)
    assert [path.name for path in tmp_path.iterdir()] == ["empty.jsonl"]


def test_the_gate_goes_with_the_model(checkpoint, tmp_path):
    import shutil

    folder = shutil.copytree(checkpoint, tmp_path / "with gate")
    gate = Gate(np.zeros(1 << 4, dtype=np.float32), 0.0, 0.25)
    gate.save(folder / "gate.npz")
    (folder / "gate.json").write_text("{}", encoding="utf-8")
    export(folder, tmp_path / "out")
    assert Gate.load(tmp_path / "out" / "gate.npz").least == 0.25 and (tmp_path / "out" / "gate.json").exists()
    listed = json.loads((tmp_path / "out" / "checksums.json").read_text(encoding="utf-8"))["files"]
    assert {"gate.npz", "gate.json"} <= set(listed)


def test_a_gate_is_named_by_file_folder_or_as_the_embedded_one(tmp_path):
    from adwar.cli import parser
    from adwar.commands.extract import _gate

    def chosen(*more):
        return _gate(parser().parse_args(["extract", "in", "-o", "out.jsonl", *map(str, more)]))

    own = str(EMBEDDED / "gate.npz")
    assert chosen() == chosen("--gate", "embedded") == chosen("--gate", EMBEDDED) == chosen("--gate", own) == own
    assert chosen("--model", tmp_path) is None and chosen("--no-gate") is None
    assert chosen("--model", tmp_path, "--gate", "embedded") == own
    with pytest.raises(ValueError, match=r"gate\.npz: no such file; .*--gate embedded"):
        chosen("--gate", tmp_path)


TRACED = """
import sys, torch
from pathlib import Path
from transformers import ModernBertConfig, ModernBertForTokenClassification
from adwar.train.export import to_onnx
torch.manual_seed(1)
sizes = dict(vocab_size=120, hidden_size=16, intermediate_size=16, num_hidden_layers=3, num_attention_heads=2)
config = ModernBertConfig(**sizes, global_attn_every_n_layers=2, num_labels=3, pad_token_id=0, cls_token_id=1,
    sep_token_id=2, bos_token_id=1, eos_token_id=2, attn_implementation="eager")
torch.manual_seed(2)
to_onnx(ModernBertForTokenClassification(config).eval(), Path(sys.argv[1]))
"""


def test_the_file_is_the_same_whatever_the_hash_seed(tmp_path):
    for seed in "01":  # these two give different orders of the kinds of layers
        told = os.environ | {"PYTHONHASHSEED": seed}
        subprocess.run([sys.executable, "-c", TRACED, str(tmp_path / seed)], env=told, check=True)
    assert (tmp_path / "0").read_bytes() == (tmp_path / "1").read_bytes()
