"""What `bench.py` measures: each measure with its sides, how often they are run in turn, and how long that takes.

A side is a function that starts one process, waits for it, and returns figures. What the sides read is made once, in a
temporary folder, when the first of them asks for it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path

import bench_texts
from bench_children import found_in
from processes import Run, measured

from adwar.model.loading import EMBEDDED
from adwar.scale.parts import DOCUMENTS

HERE = Path(__file__).resolve().parent
ARTICLE = HERE.parent / "examples" / "article.txt"
LENGTHS = (30, 150, 2000)
#: Points of the plot: words of a report, and numbers of reports of 150 words.
GROWTH, NUMBERS = (30, 75, 150, 300, 600, 1000, 2000, 4000), (50, 100, 200, 400)
#: The encoder whose dimensions stand for a published base model.
BASE = "arabertv02-base"
OURS = "import adwar; adwar.load().predict(open({article!r}, encoding='utf-8').read())"
THEIRS = (
    "from transformers import pipeline; pipe = pipeline('token-classification', model={checkpoint!r}, "
    "aggregation_strategy='simple', stride=128, device='cpu'); pipe(open({article!r}, encoding='utf-8').read())"
)
#: Whole parts that extraction cuts for the comparison of workers: an even number, so that two have as much to do.
PARTS = 6
Figures = dict[str, float]
Side = Callable[[], Figures]


@dataclass(frozen=True, kw_only=True)
class Options:
    """What a run is asked for. ``documents`` is the number of conflict reports that a side reads at once."""

    rounds: int = 4
    documents: int = 40
    memory_documents: int = 5000
    threads: int = os.cpu_count() or 1
    real: str | None = None
    raw: str | None = None


@dataclass(frozen=True)
class Measure:
    """``rounds`` of all ``sides`` in turn; about ``minutes`` on two quiet cores with the usual settings."""

    title: str
    rounds: int
    minutes: float
    sides: dict[str, Side]


class Inputs:
    """Files of texts and folders of models, made when they are first asked for."""

    def __init__(self, folder: Path, options: Options) -> None:
        self.folder, self.options = folder, options

    def texts(self, name: str, make: Callable[[], Sequence[str]]) -> Path:
        file = self.folder / f"{name}.jsonl"
        return file if file.exists() else bench_texts.write(file, make())

    def of_length(self, words: int, number: int) -> Path:
        name = f"{words} words" if number == self.many(words) else f"{words} words x {number}"
        return self.texts(name, partial(bench_texts.of_length, words, number))

    def many(self, words: int) -> int:
        """As many reports of ``words`` as make ``documents`` of 150 words, within reason."""
        return max(2, min(4 * self.options.documents, self.options.documents * 150 // words))

    def conflict(self) -> list[str]:
        """Files of conflict reports: our test split's, real ones if there are any, and the given lengths."""
        number = self.options.documents
        found = [self.texts("our corpus", lambda: bench_texts.spread(bench_texts.conflict(), number))]
        if real := self.options.real:
            found.append(self.texts("real news", lambda: bench_texts.spread(bench_texts.conflict(real), number)))
        return [str(file) for file in (*found, *(self.of_length(words, self.many(words)) for words in LENGTHS))]

    def mixed(self, kind: str) -> Path:
        """A stream with attacks in 5%; the others: ``frameless`` raw news, ``raw`` news as it comes, or ``ours``."""
        number = 8 * self.options.documents
        return self.texts(f"mixed {kind}", lambda: bench_texts.mixed(self._quiet(kind, number), number))

    def _quiet(self, kind: str, number: int) -> list[str]:
        if kind == "ours" or not self.options.raw:
            return bench_texts.our_quiet()
        news = bench_texts.raw_news(self.options.raw)
        return bench_texts.without_frames(news, number) if kind == "frameless" else news

    @cached_property
    def checkpoint(self) -> str:
        """The embedded model's own weights as transformers reads them."""
        return self._made("checkpoint", "from same_weights import as_checkpoint; as_checkpoint(Path(model), out)")

    @cached_property
    def base(self) -> str:
        """A published base model's dimensions, random weights and our tokenizer, so that it reads as many pieces."""
        return self._made("base", f"from encoders import stand_in; stand_in({BASE!r}, out, Path(model))")

    def _made(self, name: str, code: str) -> str:
        out = self.folder / name
        head = f"import sys; sys.path.insert(0, {str(HERE)!r}); from pathlib import Path; "
        code = f"{head}model = {str(EMBEDDED)!r}; out = Path({str(out)!r}); {code}"
        subprocess.run([sys.executable, "-c", code], check=True)
        return str(out)


def child(kind: str, *arguments: str, script: str = "bench_children.py") -> Figures:
    command = [sys.executable, str(HERE / script), kind, *arguments]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True)
    if done.returncode:
        raise SystemExit(f"bench.py: status {done.returncode} of {' '.join(command)}")
    return found_in(done.stdout)


def extract(source: Callable[[], Path], *options: str) -> Figures:
    """``adwar extract`` over a file: seconds by the clock, of all cores, documents, and megabytes of all processes."""
    file = source()
    out = file.with_name("out.jsonl")
    run = measured([*_EXTRACT, str(file), "-o", str(out), *options])
    with file.open(encoding="utf-8") as lines:
        number = sum(1 for _ in lines)
    return {"seconds": run.seconds, "core seconds": run.core_seconds, "documents": number, **_memory(run)}


_EXTRACT = (sys.executable, "-m", "adwar", "extract", "--quiet", "--restart")


def _memory(run: Run) -> Figures:
    """The peak, and the slope over the last three quarters of the run, when all is loaded."""
    import numpy as np

    samples = np.array(run.memory[len(run.memory) // 4 :] or [0.0])
    slope = float(np.polyfit(np.linspace(0.25, 1, len(samples)), samples, 1)[0]) if len(samples) > 2 else 0.0
    return {"peak MB": max(run.memory, default=0.0), "MB more from start to end": slope}


def clock(code: Callable[[], str]) -> Figures:
    """Seconds of a new Python that runs ``code``, from its start to its end."""
    command = [sys.executable, "-c", code()]
    begun = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return {"seconds": time.perf_counter() - begun}


def measures(folder: Path, options: Options) -> dict[str, Measure]:
    """All measures by name; nothing is run or made yet."""
    inputs, threads = Inputs(folder, options), ("--threads", str(options.threads))
    rounds, three = options.rounds, min(3, options.rounds)
    start = partial(inputs.texts, "start", lambda: ["خبر"])

    def reads(kind: str, folder_of: Callable[[], str] | None = None, *more: str) -> Side:
        def side() -> Figures:
            checkpoint = ("--checkpoint", folder_of()) if folder_of else ()
            return child(kind, *threads, *checkpoint, *more, "--texts", *inputs.conflict())

        return side

    def all_of(kinds: Sequence[str], source: Callable[[str], Path], *more: str) -> dict[str, Side]:
        return {kind: partial(extract, partial(source, kind), "--workers", "1", *more) for kind in kinds}

    streams = ("frameless", "raw") if options.raw else ("ours",)
    gate = {f"{kind}, gate on": side for kind, side in all_of(streams, inputs.mixed).items()}
    gate |= {f"{kind}, gate off": side for kind, side in all_of(streams, inputs.mixed, "--no-gate").items()}
    one, two = ("--no-gate", "--workers", "1"), ("--no-gate", "--workers", "2")
    many = partial(inputs.of_length, 150, max(4, PARTS * DOCUMENTS * options.documents // Options.documents))
    training = {
        f"{kind}, {unit}": partial(child, kind, unit, script="bench_training.py")
        for unit in ("reports", "sentences")
        for kind in ("ours", "padded", "stock", "whole")
    }
    article = str(ARTICLE)
    return {
        "pipeline": Measure(
            "documents a second against the stock pipeline (gate off)",
            rounds,
            12,
            {
                "adwar, one process": reads("labeler"),
                "adwar, a session a core": reads("sessions"),
                "adwar, a process a core": reads("crew"),
                "pipeline": reads("pipeline", lambda: inputs.checkpoint),
                "pipeline, batch_size=8": reads("pipeline", lambda: inputs.checkpoint, "--batch", "8"),
                "pipeline, base dimensions": reads("pipeline", lambda: inputs.base),
            },
        ),
        "gate": Measure("a stream with attacks in 5%", three, 4, gate | {"start": partial(extract, start, *one)}),
        "cold": Measure(
            "cold start: new process, import, load, first prediction",
            2 * rounds,
            2,
            {
                "adwar": partial(clock, lambda: OURS.format(article=article)),
                "pipeline": partial(clock, lambda: THEIRS.format(article=article, checkpoint=inputs.checkpoint)),
                "Python alone": partial(clock, lambda: "pass"),
            },
        ),
        "workers": Measure(
            "extraction by workers",
            three,
            6,
            {
                "1 worker": partial(extract, many, *one),
                "2 workers": partial(extract, many, *two),
                "start of 1": partial(extract, start, *one),
                "start of 2": partial(extract, start, *two),
            },
        ),
        "memory": Measure(
            "memory over many short reports",
            1,
            1,
            {"2 workers": partial(extract, partial(inputs.of_length, 30, options.memory_documents), *two)},
        ),
        "training": Measure("training, real pieces a second", three, 10, training),
        "length": Measure(
            "extraction by length, one worker",
            three,
            3,
            {
                f"{words} words": partial(extract, partial(inputs.of_length, words, 2 * inputs.many(words)), *one)
                for words in GROWTH
            }
            | {"start": partial(extract, start, *one)},
        ),
        "number": Measure(
            "extraction by number of reports of 150 words, one worker",
            three,
            2,
            {
                f"{number} reports": partial(extract, partial(inputs.of_length, 150, _number(number, options)), *one)
                for number in NUMBERS
            }
            | {"start": partial(extract, start, *one)},
        ),
        "peak": Measure(
            "fp32 arithmetic of the encoder and of matrix products alone",
            rounds,
            3,
            {
                f"{kind}, {number} thread{'s' * (number > 1)}": partial(child, kind, "--threads", str(number))
                for number in sorted({1, options.threads})
                for kind in ("peak", "encoder")
            },
        ),
    }


def _number(number: int, options: Options) -> int:
    """Fewer where the run is to be a small one."""
    return max(2, number * options.documents // Options.documents)


def settings(name: str, options: Options, machine: dict[str, object]) -> dict[str, object]:
    """What must be the same for a measure to go on where it stood."""
    asked = {
        "documents": options.documents,
        "threads": options.threads,
        "real": bool(options.real) if name == "pipeline" else None,
        "raw": bool(options.raw) if name == "gate" else None,
        "memory documents": options.memory_documents if name == "memory" else None,
        **{key: machine[key] for key in ("cores", "processor", "python")},
    }
    return json.loads(json.dumps({key: value for key, value in asked.items() if value is not None}))
