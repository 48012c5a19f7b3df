"""The learning curve: what more annotated documents would bring, read off models trained on growing shares of them.

The shares are nested and the seed is fixed, so that two neighbours differ by the added documents alone. Held equal are
either the steps (every share is trained as long: what the documents give) or the passes (every document is read as
often: what a user with so many documents would do). A finished share is not trained again; a killed one goes on.
(The loss of pre-training over its steps: `loss_curve`.)

    adwar curve --config embedded --shares 0.1 0.25 0.5 1.0 output=runs/curve
"""

from __future__ import annotations

import json
import random
import shutil
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from ..data.jsonl import corpus_digest
from ..data.schema import ROLES, Document
from ..data.whole_file import write_whole
from ..eval.charts import ALONE, learning_curve
from .card import EVALUATION
from .checkpoint import differing, write_json
from .config import ConfigError, RunConfig

CURVE = "learning_curve.json"
POINT = "point.json"
SHARES = (0.1, 0.25, 0.5, 1.0)
EQUAL = ("steps", "passes")


def subset(docs: Sequence[Document], share: float, seed: int) -> list[Document]:
    """The first ``share`` of ``docs`` in an order that ``seed`` decides; a smaller share is part of a larger one."""
    order = random.Random(f"learning curve {seed}").sample(range(len(docs)), len(docs))
    return [docs[i] for i in order[: max(1, round(share * len(docs)))]]


def run_curve(config: RunConfig, shares: Sequence[float] = SHARES, *, equal: str = "steps") -> dict[str, Any]:
    """Train and score each share into ``config.output``; returns what is in `CURVE` there. Raises `ConfigError`."""
    from .finetune import read_sets

    shares = checked_shares(shares, equal)
    if len(config.seeds) > 1:
        raise ConfigError(f"a learning curve has one seed; set seeds=[{config.seeds[0]}]")
    train, measured = read_sets(config)
    if not measured["development set"]:
        raise ConfigError("data.dev names no documents: a learning curve is measured on them")
    seed, out = config.seeds[0], Path(config.output)
    fixed = same_steps(config, train, out) if equal == "steps" else config
    on = "test set" if measured["test set"] else "development set"
    curve: dict[str, Any] = {"equal": equal, "seed": seed, "measured on": on, "points": []}
    for share in shares:
        docs = subset(train, share, seed)
        if not any(doc.events for doc in docs):
            raise ConfigError(f"share {share:g} is {len(docs)} documents without an event; begin with a larger one")
        curve["points"].append(one_share(fixed, share, docs, measured, on, equal))
        write_curve(out / CURVE, curve)
    return curve


def one_share(
    config: RunConfig,
    share: float,
    docs: Sequence[Document],
    measured: dict[str, list[Document]],
    on: str,
    equal: str,
) -> dict[str, Any]:
    """The point of one share: read if it is finished, else trained to its end."""
    from .finetune import train_one

    folder = Path(config.output) / f"share-{share:g}"
    begun = {
        "config": json.loads(json.dumps(config.to_dict(), default=str)),
        "equal": equal,
        "documents": corpus_digest(docs),
        "measured": {name: corpus_digest(found) for name, found in measured.items()},
    }
    if (folder / POINT).exists():
        held = json.loads((folder / POINT).read_text(encoding="utf-8"))
        if changed := differing(held["begun"], begun):
            raise ConfigError(
                f"{folder} was trained with other settings ({', '.join(changed)} changed); give another output, or "
                "remove the folder to train it again"
            )
        print(f"share {share:g}: {len(docs)} documents, trained already", flush=True)
        return held["point"]
    began = time.perf_counter()
    train_one(config, config.seeds[0], folder, docs, measured, resume=True)
    report = json.loads((folder / EVALUATION).read_text(encoding="utf-8"))["sets"][on]
    run = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    point = {
        "share": share,
        "documents": len(docs),
        "events": sum(len(d.events) for d in docs),
        "steps": run["steps"],
        "passes": run["passes"],
        "seconds": round(time.perf_counter() - began, 1),
        **scores(report),
    }
    shutil.rmtree(folder / "checkpoints", ignore_errors=True)
    write_json(folder / POINT, {"begun": begun, "point": point})
    return point


def scores(report: dict[str, Any]) -> dict[str, Any]:
    """F1 and 95% interval of spans (exact and overlapping), fillers, events, and of each role (exact)."""

    def one(score: dict[str, Any]) -> dict[str, Any]:
        return {"f1": score["f1"], "interval": score["interval"]}

    spans, frames = report["spans"], report["frames"]
    return {
        "exact": one(spans["strict"]["micro"]),
        "overlap": one(spans["overlap"]["micro"]),
        "fillers": one(frames["role_fillers"]["micro"]),
        "events found": one(frames["events"]),
        "roles": {role: one(spans["strict"][role]) for role in ROLES},
    }


def same_steps(config: RunConfig, train: Sequence[Document], out: Path) -> RunConfig:
    """``config`` with the steps of a run over all of ``train``, scored after as many steps as all documents' pass has,
    unless it says itself when."""
    from .batches import Windows
    from .encoder import load_encoder
    from .options import training_arguments

    _, tokenizer, settings, _ = load_encoder(config, config.seeds[0])
    pass_steps = len(Windows(train, tokenizer, settings, config, config.seeds[0]))
    arguments = training_arguments(config, config.seeds[0], out, pass_steps, has_dev=True)
    each = {"eval_strategy": "steps", "save_strategy": "steps", "eval_steps": pass_steps, "save_steps": pass_steps}
    if config.training.get("eval_strategy", "epoch") != "epoch":
        each = {}
    return replace(config, training={**config.training, **each, "max_steps": arguments.max_steps})


def checked_shares(shares: Sequence[float], equal: str) -> list[float]:
    """``shares`` in rising order. Raises `ConfigError`."""
    if equal not in EQUAL:
        raise ConfigError(f"equal {equal!r}: one of {', '.join(EQUAL)}")
    if not shares or len(set(shares)) < len(shares) or not all(0 < share <= 1 for share in shares):
        raise ConfigError(f"shares must lie above 0 and at most at 1, each once, found {list(shares)}")
    return sorted(shares)


def write_curve(file: Path, curve: dict[str, Any]) -> None:
    """The curve so far as JSON in ``file``, and as SVG and PNG beside it."""
    write_json(file, curve)
    write_whole(file.with_suffix(".svg"), learning_curve(curve, style=ALONE) + "\n")
    draw_png(curve, file.with_suffix(".png"))


def draw_png(curve: dict[str, Any], path: Path) -> None:
    """F1 over training documents with 95% intervals, by matplotlib."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    from ..eval.charts import LINES

    figure, axes = pyplot.subplots(figsize=(7, 4))
    sizes = [p["documents"] for p in curve["points"]]
    for key, name, _ in LINES:
        values = [100 * p[key]["f1"] for p in curve["points"]]
        edges = [[100 * abs(p[key]["f1"] - p[key]["interval"][side]) for p in curve["points"]] for side in (0, 1)]
        axes.errorbar(sizes, values, edges, label=name, marker="o", markersize=4, capsize=2)
    axes.set(xlabel=f"training documents (equal {curve['equal']})", ylabel="F1", ylim=(0, 100), xlim=(0, None))
    axes.grid(alpha=0.3)
    axes.legend(loc="lower right")
    figure.tight_layout()
    figure.savefig(path, dpi=120)
    pyplot.close(figure)


def table(curve: dict[str, Any]) -> str:
    """Plain text, a row a share."""
    names = ("documents", "steps", "passes", "exact F1")
    lines = [f"{'share':>6}" + "".join(f"{n:>11}" for n in names) + f"  {'95%':<14}{'overlap':>8}{'fill':>7}"]
    for p in curve["points"]:
        low, high = p["exact"]["interval"]
        lines.append(
            f"{p['share']:>6g}{p['documents']:>11}{p['steps']:>11}{p['passes']:>11.1f}{p['exact']['f1']:>11.3f}  "
            f"{f'{low:.3f}–{high:.3f}':<14}{p['overlap']['f1']:>8.3f}{p['fillers']['f1']:>7.3f}"
        )
    return "\n".join([*lines, f"measured on the {curve['measured on']}, seed {curve['seed']}, equal {curve['equal']}"])
