"""A checkpoint to a model folder that predicts without torch: ONNX with weights kept in half precision.

Weights are stored as fp16 and computed with as fp32 (ONNX Runtime casts them once, at load): half the size on disk,
and scores that differ from the original's in the third digit at most. The export is accepted only against the
original's F1 on dev documents. int8 is there by choice (`int8.py`) and accepted on the same terms.
"""

from __future__ import annotations

import json
import shutil
import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from ..data.jsonl import read_jsonl
from ..data.lock import only_run
from ..data.schema import Document
from ..data.whole_file import recover_folder, replace_folder
from ..eval.spans import score_spans
from ..model.encoding import encode_all
from ..model.engine import ONNX_FILE
from ..model.integrity import write_checksums
from ..model.labeler import Labeler
from ..model.loading import SETTINGS_FILE, load
from ..model.pair_linker import FILE as LINKER_FILE
from ..scale.gate import FILE as GATE_FILE
from .card import EVALUATION
from .choose import choose

#: What is taken from the checkpoint's folder as it is, if it is there.
TAKEN = ("tokenizer.json", SETTINGS_FILE, LINKER_FILE, GATE_FILE, "gate.json", "README.md", EVALUATION, "config.json")


class ExportError(ValueError):
    """The export is not as good as the original; nothing was written."""


def export(
    checkpoint: str | Path,
    output: str | Path,
    dev: Sequence[str] = (),
    *,
    max_loss: float = 0.5,
    int8: bool = False,
    choose_on: Sequence[str] = (),
) -> dict[str, Any]:
    """Write ``output`` from ``checkpoint``; with ``dev`` files, compare the F1 of both and refuse a loss of
    ``max_loss`` points or more. ``int8`` needs ``dev``, and times both in turn. On the files ``choose_on`` thresholds,
    boosts, the linker's numbers and scales are chosen (`choose.py`). Returns what was measured. The folder appears
    whole or not at all. Raises `Locked` where another export writes it."""
    checkpoint, output = Path(checkpoint), Path(output)
    if int8 and not dev:
        raise ExportError("an int8 export is accepted by its F1 alone: give documents to compare on with --dev")
    docs = [doc for file in dev for doc in read_jsonl(file, repair=True)]
    if dev and not docs:
        raise ExportError(f"{', '.join(dev)}: no documents to compare the export on")
    choosing = [doc for file in choose_on for doc in read_jsonl(file, repair=True)]
    if choose_on and not choosing:
        raise ExportError(f"{', '.join(choose_on)}: no documents to choose on")
    original = load(checkpoint, engine="torch", device="cpu")
    with only_run(output, beside=True):
        return _export(original, checkpoint, output, docs, max_loss, int8, choosing)


def _export(
    original: Labeler,
    checkpoint: Path,
    output: Path,
    dev: Sequence[Document],
    max_loss: float,
    int8: bool,
    choosing: Sequence[Document],
) -> dict[str, Any]:
    from .int8 import to_int8

    folder = output.with_name(f"{output.name}.part")
    recover_folder(output)
    shutil.rmtree(folder, ignore_errors=True)  # what a killed export left
    folder.mkdir()
    try:
        model = original.engine.model  # type: ignore[attr-defined]
        if int8:
            to_int8(model, folder / ONNX_FILE, _windows(original, dev))
        else:
            to_onnx(model, folder / ONNX_FILE)
        for name in TAKEN:
            if (checkpoint / name).exists():
                shutil.copyfile(checkpoint / name, folder / name)
        write_checksums(folder)
        report = compare(original, load(folder, engine="onnx", device="cpu"), dev, passes=3 if int8 else 1)
        report["precision"] = "int8" if int8 else "fp32, weights kept as fp16"
        if dev and report["f1 lost in points"] >= max_loss:
            raise ExportError(
                f"export refused: dev F1 {report['f1 original']:.4f} -> {report['f1 export']:.4f}, "
                f"{report['f1 lost in points']:.2f} points lost (allowed: less than {max_loss}); documents a second "
                f"{report['documents a second original']} -> {report['documents a second export']}"
            )
        settings = json.loads((folder / SETTINGS_FILE).read_text(encoding="utf-8"))
        settings["export"] = report
        (folder / SETTINGS_FILE).write_text(json.dumps(settings, ensure_ascii=False, indent=1), encoding="utf-8")
        write_checksums(folder)
        if choosing:
            report["chosen"] = choose(folder, choosing)
            write_checksums(folder)
        replace_folder(folder, output)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return report


def _windows(labeler: Labeler, docs: Sequence[Document]) -> list[np.ndarray]:
    """The piece ids of the windows of ``docs``."""
    encoded = encode_all([doc.text for doc in docs], labeler.tokenizer, labeler.settings)
    return [piece.ids for one in encoded for piece in one.windows]


def to_onnx(model: Any, file: Path, *, half: bool = True) -> None:
    """Trace ``model`` (token classification) with free batch and length into ``file``, weights in fp16 if ``half``."""
    import warnings

    import onnx
    import torch

    from ..model.tagger import layer_states

    class Traced(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, input_ids: Any, attention_mask: Any) -> Any:
            out = self.model(input_ids=input_ids, attention_mask=attention_mask, output_hidden_states=True)
            return out.logits, layer_states(out.hidden_states)

    ids = torch.randint(5, 100, (2, 24))
    mask = torch.ones_like(ids)
    mask[1, 16:] = 0
    names = ["input_ids", "attention_mask", "scores", "states"]
    with warnings.catch_warnings(), torch.no_grad(), sets_in_order(model):
        warnings.simplefilter("ignore")
        torch.onnx.export(
            Traced().eval(),
            (ids, mask),
            str(file),
            input_names=names[:2],
            output_names=names[2:],
            dynamic_axes={name: {0: "batch", 1: "length"} for name in names},
            opset_version=17,
            dynamo=False,
        )
    if half:
        onnx.save(halve_weights(onnx.load(str(file))), str(file))


class _Ordered(set[Any]):
    """A set that is walked in one order in every process."""

    def __iter__(self) -> Iterator[Any]:
        return iter(sorted(super().__iter__(), key=str))


@contextmanager
def sets_in_order(model: Any) -> Iterator[None]:
    """ModernBERT's forward pass walks a set of its layers' kinds, so the order of the traced nodes, and with it the
    bytes of the file, would change with the process's hash seed."""
    names = {type(part).__module__ for part in model.modules()}
    own = [sys.modules[name] for name in names if name.startswith("transformers.models.")]
    for module in own:
        module.set = _Ordered  # type: ignore[attr-defined]
    try:
        yield
    finally:
        for module in own:
            del module.set  # type: ignore[attr-defined]


def halve_weights(graph: Any, least: int = 1024) -> Any:
    """Store every float32 weight of at least ``least`` numbers as fp16 behind a Cast; the arithmetic stays fp32."""
    import onnx
    from onnx import numpy_helper

    casts = []
    for tensor in list(graph.graph.initializer):
        if tensor.data_type != onnx.TensorProto.FLOAT or int(np.prod(tensor.dims)) < least:
            continue
        name = tensor.name
        half = numpy_helper.from_array(numpy_helper.to_array(tensor).astype(np.float16), f"{name}.half")
        graph.graph.initializer.remove(tensor)
        graph.graph.initializer.append(half)
        casts.append(onnx.helper.make_node("Cast", [half.name], [name], to=onnx.TensorProto.FLOAT))
    for node in reversed(casts):
        graph.graph.node.insert(0, node)
    return graph


def compare(original: Labeler, exported: Labeler, docs: Sequence[Document], *, passes: int = 1) -> dict[str, Any]:
    """F1 and documents a second of both on ``docs``: the median of ``passes``, both in turn."""
    if not docs:
        return {"compared": "not on documents: no --dev given"}
    found: dict[str, Any] = {}
    taken: dict[str, list[float]] = {"original": [], "export": []}
    for _ in range(passes):
        for name, labeler in (("original", original), ("export", exported)):
            began = time.perf_counter()
            spans = [p.spans for p in labeler.predict_many([d.text for d in docs])]
            taken[name].append(time.perf_counter() - began)
            found[f"f1 {name}"] = score_spans(docs, spans).strict.f1
    for name, seconds in taken.items():
        found[f"documents a second {name}"] = round(len(docs) / statistics.median(seconds), 1)
    found["f1 lost in points"] = 100 * (found["f1 original"] - found["f1 export"])
    return found
