"""Checkpoints of a run: which are whole, whether the run had ended, their average, and the model folder at the end.

A kill may fall into the writing of a checkpoint. The Trainer writes ``trainer_state.json`` last, so a checkpoint whose
state cannot be read is cut off and is removed before resuming.
"""

from __future__ import annotations

import json
import os
import platform
import shutil
from collections.abc import Sequence
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any

from tokenizers import Tokenizer

from ..data.whole_file import write_whole
from ..model.encoding import Settings
from ..model.labels import LABELS
from ..model.loading import HANGING, SETTINGS_FILE
from .config import ConfigError, RunConfig
from .encoder import mask_token

STATE = "trainer_state.json"
RUN = "run.json"


def whole_checkpoints(folder: Path) -> list[Path]:
    """The checkpoints of ``folder`` in order of steps; those that a kill cut off are removed."""
    found = []
    for path in folder.glob("checkpoint-*"):
        if read_state(path) is None:
            shutil.rmtree(path)
        else:
            found.append(path)
    return sorted(found, key=lambda p: int(p.name.split("-")[1]))


def read_state(checkpoint: Path) -> dict[str, Any] | None:
    """The Trainer's state, None if it is not whole."""
    try:
        return json.loads((checkpoint / STATE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def remember_run(folder: Path, config: RunConfig, corpus: str) -> None:
    """Write into a run's checkpoint folder what it was begun with."""
    folder.mkdir(parents=True, exist_ok=True)
    write_json(folder / RUN, {"config": config.to_dict(), "corpus": corpus})


def check_same_run(folder: Path, config: RunConfig, corpus: str) -> None:
    """Refuse to go on with other settings or documents than the run in ``folder`` was begun with: `ConfigError`."""
    file = folder / RUN
    if not file.exists():
        return
    held = json.loads(file.read_text(encoding="utf-8"))
    ours = json.loads(json.dumps(config.to_dict(), default=str))
    changed = differing(held["config"], ours) + (["the training documents"] if held["corpus"] != corpus else [])
    if changed:
        raise ConfigError(
            f"{folder}: begun with other settings, so it cannot go on to the same weights: {', '.join(changed)} "
            "changed; put them back, or start anew without --resume"
        )


def differing(a: dict[str, Any], b: dict[str, Any], at: str = "") -> list[str]:
    """The keys, dotted, whose values differ; where a run is written to and its seeds make no difference."""
    found = []
    for key in sorted({*a, *b}):
        if f"{at}{key}" in ("output", "seeds", "training.disable_tqdm"):
            continue
        if isinstance(a.get(key), dict) and isinstance(b.get(key), dict):
            found += differing(a[key], b[key], f"{at}{key}.")
        elif a.get(key) != b.get(key):
            found.append(f"{at}{key}")
    return found


def out_of_patience(history: Sequence[dict[str, Any]], patience: int, metric: str = "eval_f1") -> bool:
    """Whether the last ``patience`` evaluations in the log brought nothing better than the best before them. Read off
    the log, which checkpoints hold, so that a resumed run stops where a straight one does."""
    values = [row[metric] for row in history if metric in row]
    if not patience or len(values) <= patience:
        return False
    return max(values[-patience:]) <= max(values[:-patience])


def average(model: Any, checkpoints: Path, number: int) -> None:
    """Give ``model`` the mean of the weights of the last ``number`` checkpoints."""
    from safetensors.torch import load_file

    states = [load_file(f / "model.safetensors") for f in whole_checkpoints(checkpoints)[-number:]]
    mean = {k: sum(s[k].float() for s in states) / len(states) for k in states[0]}
    model.load_state_dict(mean, strict=False)


def save(
    out: Path,
    model: Any,
    tokenizer: Tokenizer,
    settings: Settings,
    config: RunConfig,
    seed: int,
    report: dict[str, Any],
    linker: Any = None,
    hanging: Sequence[str] = (),
) -> None:
    """The model folder: Hugging Face weights and config, tokenizer, our settings, the resolved config, the log. It is
    written beside and moved in file by file, our settings last: without them the folder is refused by `load`."""
    from ..model.pair_linker import FILE as LINKER_FILE

    part = out / "model.part"
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    model.save_pretrained(part)
    tokenizer.save(str(part / "tokenizer.json"))
    special = {"cls": settings.cls_id, "sep": settings.sep_id, "pad": settings.pad_id}
    tokenizer_config: dict[str, Any] = {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "model_max_length": settings.window,
        **{f"{name}_token": tokenizer.id_to_token(number) for name, number in special.items()},
        "unk_token": next((t for t in ("[UNK]", "<unk>") if tokenizer.token_to_id(t) is not None), None),
        "mask_token": mask_token(tokenizer),
    }
    write_json(part / "tokenizer_config.json", {k: v for k, v in tokenizer_config.items() if v is not None})
    write_json(part / RUN, {"config": config.to_dict(), "seed": seed, "versions": versions(), **report})
    if linker is not None:
        linker.save(part / LINKER_FILE)
    provenance = {"seed": seed, "train": config.data.train, "corpus": report.get("corpus")}
    ours = {"labels": list(LABELS), "encoding": asdict(settings), HANGING: list(hanging), "provenance": provenance}
    write_json(part / SETTINGS_FILE, ours)
    (out / SETTINGS_FILE).unlink(missing_ok=True)
    for file in sorted(part.iterdir(), key=lambda f: f.name == SETTINGS_FILE):
        os.replace(file, out / file.name)
    part.rmdir()


def versions() -> dict[str, str]:
    """Of Python and of the libraries that weights depend on."""
    names = ("adwar", "torch", "transformers", "accelerate", "tokenizers", "numpy")
    return {"python": platform.python_version(), **{name: version(name) for name in names}}


def write_json(path: Path, value: Any) -> None:
    write_whole(path, json.dumps(value, ensure_ascii=False, indent=1, default=str))
