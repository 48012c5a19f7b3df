"""Devices and sessions: a GPU that is there (a stand-in), one that is not, and batches that run side by side."""

import threading
from typing import ClassVar

import numpy as np
import onnxruntime
import pytest

from adwar.model.device import CPU, CUDA, DeviceError, number_of, providers, torch_device
from adwar.model.engine import OnnxEngine, each
from adwar.model.loading import ModelError, load


class StandIn:
    """ONNX Runtime's session on a machine with a GPU, which computes on the processor."""

    real = onnxruntime.InferenceSession
    asked: ClassVar[list] = []

    def __init__(self, path, options, providers, got=(CUDA, CPU)):
        self.asked.append(providers)
        self.got = list(got)
        self.session = self.real(path, options, providers=[CPU])

    def get_providers(self):
        return self.got

    def run(self, *arguments):
        return self.session.run(*arguments)


@pytest.fixture
def with_gpu(monkeypatch):
    StandIn.asked.clear()
    monkeypatch.setattr(onnxruntime, "get_available_providers", lambda: [CUDA, CPU])
    monkeypatch.setattr(onnxruntime, "InferenceSession", StandIn)


def test_a_gpu_is_used_where_there_is_one(exported, documents, labeler, with_gpu):
    text = documents[0].text
    for device, number in ((None, 0), ("cuda", 0), ("cuda:1", 1)):
        assert load(exported, device=device).predict(text) == labeler.predict(text)
        assert StandIn.asked.pop() == [(CUDA, {"device_id": number, "use_tf32": 0}), CPU]
    load(exported, device="cpu")
    assert StandIn.asked.pop() == [CPU]


def test_a_gpu_that_fails_is_told_and_not_replaced_in_silence(exported, with_gpu, monkeypatch):
    fell_back = type("FellBack", (StandIn,), {"get_providers": lambda self: [CPU]})
    monkeypatch.setattr(onnxruntime, "InferenceSession", fell_back)
    with pytest.raises(ModelError, match="could not use it; 'nvidia-smi'"):
        load(exported, device="cuda")
    assert load(exported).engine.session.get_providers() == [CPU]  # nobody asked for it by name


def test_a_device_that_is_not_there(exported, monkeypatch, run_cli, tmp_path):
    monkeypatch.setattr(onnxruntime, "get_available_providers", lambda: [CPU])
    assert providers(None) == providers("cpu") == [CPU]
    with pytest.raises(ModelError, match=r"device 'cuda': this ONNX Runtime computes with CPU.*onnxruntime-gpu"):
        load(exported, device="cuda")
    with pytest.raises(ModelError, match="device 'gpu': cpu, cuda or cuda:N is expected"):
        load(exported, device="gpu")
    (tmp_path / "report.txt").write_text("خبر", encoding="utf-8")
    status, _, err = run_cli("predict", tmp_path / "report.txt", "--model", exported, "--device", "cuda")
    assert status == 2 and "onnxruntime-gpu" in err
    assert [number_of(name) for name in ("cpu", "cuda", "cuda:3", None)] == [None, 0, 3, 0]


def test_torch_is_asked_in_the_same_words(monkeypatch):
    torch = pytest.importorskip("torch")
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert torch_device(None) == torch_device("cpu") == "cpu"
    with pytest.raises(DeviceError, match="torch sees no GPU"):
        torch_device("cuda")
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 1)
    assert (torch_device(None), torch_device("cuda"), torch_device("cpu")) == ("cuda:0", "cuda:0", "cpu")
    with pytest.raises(DeviceError, match="torch sees 1 GPU;"):
        torch_device("cuda:1")


def test_the_torch_engine_moves_the_model():
    torch = pytest.importorskip("torch")
    from adwar.model.tagger import TorchEngine

    layer = torch.nn.Linear(2, 2)
    moved = TorchEngine(layer, device="meta").model
    assert next(moved.parameters()).device.type == "meta"
    assert next(TorchEngine(torch.nn.Linear(2, 2)).model.parameters()).device.type == "cpu"


def test_extraction_takes_one_worker_for_a_gpu_and_no_cluster(run_cli, tmp_path):
    from adwar.cli import parser
    from adwar.commands.extract import _usual_workers, cores

    def asked(*more):
        return parser().parse_args(["extract", "in", "-o", "out.jsonl", *more])

    assert _usual_workers(asked("--device", "cuda")) == 1 and _usual_workers(asked()) == cores()
    status, _, err = run_cli("extract", tmp_path, "-o", tmp_path / "o.jsonl", "--device", "cuda", "--engine", "ray")
    assert status == 2 and "--device cuda is for --engine local" in err


def test_sessions_give_what_one_gives(exported, documents):
    texts = [d.text * n for n in (1, 4) for d in documents] * 4
    one, two = load(exported, threads=1, device="cpu"), load(exported, sessions=2, device="cpu")
    one.batch_pieces = two.batch_pieces = 256  # many small batches
    for a, b in zip(one.read(texts), two.read(texts), strict=True):
        assert np.array_equal(a.log_probs, b.log_probs) and np.array_equal(a.states, b.states)
    assert list(one.predict_many(texts)) == list(two.predict_many(texts))


def test_batches_run_side_by_side_and_come_in_order():
    both = threading.Barrier(2, timeout=20)  # passed only by two at once

    def work(number):
        both.wait()
        return number

    engine = type("Two", (), {"sessions": 2})()
    assert list(each(engine, work, [0, 1, 2, 3])) == [0, 1, 2, 3]
    assert list(each(object(), lambda n: n, [1, 2])) == [1, 2] and list(each(engine, lambda n: n, [])) == []


def test_an_error_of_one_batch_is_told():
    def work(number):
        raise RuntimeError(f"batch {number}")

    with pytest.raises(RuntimeError, match="batch 0"):
        list(each(type("Two", (), {"sessions": 2})(), work, [0, 1]))


def test_sessions_that_cannot_be(exported, checkpoint):
    with pytest.raises(ValueError, match="1 or more, found 0"):
        load(exported, sessions=0)
    with pytest.raises(ValueError, match="1 or more"):
        OnnxEngine(exported, sessions=0)
    with pytest.raises(ModelError, match="several sessions need an export"):
        load(checkpoint, sessions=2)
