"""What `kills.py` kills: commands that write, what they start from, and how two of their results are compared.

Everything is made on the spot and small: invented markup, a tagger of two layers, a stand-in for the labeler in bulk
extraction (its reading is not what is tried). Leaves out the killing.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
TESTS = ROOT / "tests"
MARKUP = """@id: {name}-{number:03d}
@title: غارة
@event 1: airstrike
---
قتل {{C1:ثلاثة}} {{T1:مدنيين}} في {{E1:غارة}} {{A1:روسية}} على {{L1:بلدة حارم}} رقم {number}، بحسب {{S1:مصدر طبي}}.
"""
#: Imports come first and are not what is killed; then "ready" is said, and the clock runs.
AFTER_IMPORTS = (
    "import sys; [__import__(name) for name in sys.argv[1].split(',')]; print('ready', flush=True); "
    "from adwar.cli import main; sys.exit(main(sys.argv[2:]))"
)
TINY = ["training.disable_tqdm=true", "training.max_steps=16", "training.save_strategy=steps", "training.save_steps=2"]
TINY += ["training.eval_strategy=steps", "training.eval_steps=2"]
PRETRAIN = """shards: {shards}
output: {output}
encoder: {{model_type: modernbert, num_hidden_layers: 1, hidden_size: 32, intermediate_size: 48, num_attention_heads: 2,
  local_attention: 8, max_position_embeddings: 64}}
steps: 60
batch: 8
length: 32
warmup: 4
bf16: false
eval_sequences: 4
checkpoint_minutes: 0
"""


@dataclass(frozen=True, kw_only=True)
class Target:
    """``command(output, given)`` writes into the folder ``output`` from what ``prepare`` put into the folder ``given``;
    ``read`` is what of it must come out the same; ``sound`` says what is wrong in the middle of things, or None."""

    prepare: Callable[[Path], None]
    command: Callable[[Path, Path], list[str]]
    read: Callable[[Path], dict[str, Any]]
    sound: Callable[[Path, dict[str, Any]], str | None] = lambda output, expected: None
    alone: bool = False  # now and then only the parent is killed, and its workers are left behind
    around: Callable[[Path], Any] = lambda given: nullcontext()
    needs: tuple[str, ...] = field(default=())


def cli(modules: str, *arguments: object) -> list[str]:
    return [sys.executable, "-c", AFTER_IMPORTS, modules, *map(str, arguments)]


def finished(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{' '.join(command[:6])} … ended with {done.returncode}:\n{done.stderr[-2000:]}")


def files(folder: Path) -> dict[str, Any]:
    return {str(f.relative_to(folder)): f.read_bytes() for f in sorted(folder.rglob("*")) if f.is_file()}


def whole_files(output: Path, expected: dict[str, Any]) -> str | None:
    """What has its final name is whole."""
    for name, held in expected.items():
        file = output / name
        if file.exists() and file.read_bytes() != held:
            return f"{name} is there and not whole"
    return None


def write_markup(given: Path) -> None:
    for name in ("aaa", "tst"):
        rows = (MARKUP.format(name=name, number=n) for n in range(300))
        (given / f"{name}.txt").write_text("===\n".join(rows), encoding="utf-8")


def corpus(given: Path) -> None:
    (given / "markup").mkdir()
    write_markup(given / "markup")
    finished(
        sys.executable, "-m", "adwar", "data", "compile", "--markup", f"{given}/markup", "--out", f"{given}/corpus"
    )


def train_command(output: Path, given: Path) -> list[str]:
    data = [f"data.train=[{given}/corpus/dev.jsonl]", f"data.dev=[{given}/corpus/dev.jsonl]", f"output={output / 'm'}"]
    return cli("torch,transformers,accelerate", "train", "--config", "tiny", "--resume", *data, *TINY)


def weights(output: Path) -> dict[str, Any]:
    import numpy as np
    from safetensors.numpy import load_file

    found = dict(load_file(output / "m" / "model.safetensors"))
    return found | {f"linker {k}": v for k, v in np.load(output / "m" / "linker.npz", allow_pickle=False).items()}


def tagger(given: Path) -> None:
    corpus(given)
    finished(*train_command(given, given))


def export_command(output: Path, given: Path) -> list[str]:
    return cli("torch,onnx,onnxruntime,transformers", "export", given / "m", "-o", output / "exported")


def whole_model(output: Path, expected: dict[str, Any]) -> str | None:
    from adwar.model.integrity import problem

    return problem(output / "exported") if (output / "exported").exists() else None


def shards(given: Path) -> None:
    (given / "raw").mkdir()
    words = MARKUP.replace("{", " ").replace("}", " ").split()
    docs = [" ".join(words[(n * 7 + k * 5) % len(words)] for k in range(80)) for n in range(400)]
    (given / "raw" / "news.txt").write_text("\n\n".join(docs), encoding="utf-8")
    options = ["--vocabulary", "200", "--width", "0", "-o", f"{given}/shards"]
    finished(sys.executable, "-m", "adwar", "shards", f"{given}/raw", *options)


def pretrain_command(output: Path, given: Path) -> list[str]:
    config = given / f"{output.name}.yaml"
    config.write_text(PRETRAIN.format(shards=given / "shards", output=output / "p"), encoding="utf-8")
    return cli("torch,transformers,matplotlib.pyplot", "pretrain", "--config", config)


def pretrained(output: Path) -> dict[str, Any]:
    import torch

    state = torch.load(output / "p" / "checkpoint.pt", weights_only=True)
    return {name: value.numpy() for name, value in state["model"].items()} | {"step": state["step"]}


def reports(given: Path) -> None:
    sys.path.insert(0, str(TESTS))
    from stub_labeler import report

    rows = ({"id": f"r{n}", "text": report(n) if n != 77 else "انهار"} for n in range(160))
    lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    (given / "in.jsonl").write_text(lines, encoding="utf-8")


def extract_command(output: Path, given: Path, workers: str = "2") -> list[str]:
    tables = [str(output / "events.sqlite"), str(output / "mentions.csv")]
    return [sys.executable, str(TESTS / "stub_labeler.py"), "0", "slow", workers, *tables, str(given / "in.jsonl")]


def tables(output: Path) -> dict[str, Any]:
    return {file.name: file.read_bytes() for file in output.iterdir() if file.is_file()}


def ray_command(output: Path, given: Path) -> list[str]:
    return extract_command(output, given, f"1@{(given / 'address').read_text()}")


@contextmanager
def ray_node(given: Path) -> Iterator[None]:
    """A Ray cluster of this machine alone, on a free port."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{held.getsockname()[1]}"
    (given / "address").write_text(address)
    told = os.environ | {"RAY_USAGE_STATS_ENABLED": "0", "PYTHONPATH": str(TESTS)}
    with tempfile.TemporaryDirectory(prefix="r", ignore_cleanup_errors=True) as folder:
        head = ["--head", "--port", address.split(":")[1], "--num-cpus", "2", "--include-dashboard", "false"]
        more = ["--node-ip-address", "127.0.0.1", "--object-store-memory", "80000000", "--temp-dir", folder]
        command = [sys.executable, "-m", "ray.scripts.scripts", "start", "--block", *head, *more]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        process = subprocess.Popen(command, env=told, start_new_session=True, **quiet)  # type: ignore[call-overload]
        try:
            from adwar.scale.cluster import check_address

            limit = time.monotonic() + 120
            while True:
                with contextlib.suppress(ValueError):
                    check_address(address)
                    break
                if process.poll() is not None or time.monotonic() > limit:
                    raise SystemExit("the Ray node did not start")
                time.sleep(0.5)
            yield
        finally:
            process.terminate()  # it ends what it started
            process.wait()


TARGETS = {
    "compile": Target(
        prepare=write_markup,
        command=lambda out, given: cli("adwar.data.build", "data", "compile", "--markup", given, "--out", out),
        read=files,
        sound=whole_files,
    ),
    "extract": Target(prepare=reports, command=extract_command, read=tables, sound=whole_files, alone=True),
    "ray": Target(
        prepare=reports, command=ray_command, read=tables, sound=whole_files, around=ray_node, needs=("ray",)
    ),
    "train": Target(prepare=corpus, command=train_command, read=weights, needs=("torch",)),
    "pretrain": Target(prepare=shards, command=pretrain_command, read=pretrained, needs=("torch",)),
    "export": Target(prepare=tagger, command=export_command, read=files, sound=whole_model, needs=("torch", "onnx")),
}
