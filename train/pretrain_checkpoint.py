"""The checkpoint of a pre-training run, read and compared with the run that is to go on from it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch

from .pretrain_config import PretrainConfig
from .shards import Shards

CHECKPOINT = "checkpoint.pt"
DAMAGED = "no whole checkpoint, cut short or damaged; put a copy of it back, or remove it to start anew"
#: Settings that a run which goes on must share with the one before.
SAME = ("encoder", "batch", "length", "batch_start", "batch_ramp", "seed", "task", "generator")


def read_checkpoint(path: Path, device: torch.device) -> dict[str, Any]:
    """What `Run.save` wrote. Raises ValueError for a file that is cut short, damaged or something else."""
    path.open("rb").close()  # what the system refuses is told as that
    try:
        state = torch.load(path, map_location=device, weights_only=True)
        missing = {"config", "step", "curve", "model", "optimizers"} - set(state)
    except Exception as error:  # torch, zipfile and pickle raise anything here, also OSError for a file cut short
        why = str(error).strip().splitlines()
        raise ValueError(f"{path}: {DAMAGED} ({(why or [type(error).__name__])[0][:200]})") from None
    if missing:
        raise ValueError(f"{path}: {DAMAGED} (no {', '.join(sorted(missing))} in it)")
    return state


def check_same_run(path: Path, state: dict[str, Any], config: PretrainConfig, shards: Shards) -> None:
    """Raises ValueError if ``state``, read from ``path``, is of a run with other settings or from other shards."""
    for key in SAME:
        if state["config"].get(key, getattr(config, key)) != getattr(config, key):
            raise ValueError(
                f"{path}: made with {key}={state['config'][key]!r}, this run says {getattr(config, key)!r}; "
                "use the same, or another output folder"
            )
    ours = shards.digests()
    # checkpoints of earlier versions do not say
    changed = [name for name, held in state.get("shards", ours).items() if ours.get(name) != held]
    if changed:
        raise ValueError(
            f"{path}: made from other shards: {', '.join(changed)} of {shards.folder} differ; give the shards "
            "that it was begun with, or another output folder"
        )
