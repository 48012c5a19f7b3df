"""A model folder to the Hugging Face hub: the files that belong to it, with the card as its evaluation says.

    adwar push runs/mine someone/adwar-mine --private

What it leaves out on purpose: checkpoints, the log of the run (it holds paths of the machine), and anything with words
of the documents that were scored.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ..data.whole_file import write_whole
from ..eval.whole import without_texts
from ..model.engine import ONNX_FILE
from ..model.loading import SETTINGS_FILE
from ..model.pair_linker import FILE as LINKER_FILE
from .card import EVALUATION, card

WEIGHTS = ("model.safetensors", ONNX_FILE)
FILES = ("README.md", EVALUATION, SETTINGS_FILE, "config.json", "tokenizer.json", "tokenizer_config.json", LINKER_FILE)


class HubError(ValueError):
    """A folder that is not fit to be published, or a hub that refuses it: says what to do."""


def files_of(folder: str | Path) -> list[str]:
    """The names of the files of ``folder`` that would be published, after writing its card anew. Raises `HubError`."""
    folder = Path(folder)
    if not (folder / SETTINGS_FILE).exists():
        raise HubError(f"{folder / SETTINGS_FILE} is missing: not a folder that 'adwar train' or 'adwar export' wrote")
    if not any((folder / name).exists() for name in WEIGHTS):
        raise HubError(f"{folder}: no weights; one of {', '.join(WEIGHTS)} is expected")
    if not (folder / EVALUATION).exists():
        raise HubError(
            f"{folder / EVALUATION} is missing: a model is published with its figures; write them with "
            f"'adwar eval --model {folder} --data … --card'"
        )
    held = json.loads((folder / EVALUATION).read_text(encoding="utf-8"))
    for name, report in held.get("sets", {}).items():
        if without_texts(report) != report:
            raise HubError(f"{folder / EVALUATION}: {name} holds words of the documents; write it with --card")
    write_whole(folder / "README.md", card(folder))
    return [name for name in (*FILES, *WEIGHTS) if (folder / name).exists()]


def push(folder: str | Path, repository: str, *, private: bool = False, api: Any = None) -> str:
    """Publish ``folder`` as the model ``repository`` ("owner/name") and return the address of the commit. ``api`` is a
    `huggingface_hub.HfApi`; without it, the hub and the token that the environment names. Raises `HubError`."""
    from huggingface_hub import HfApi
    from huggingface_hub.errors import HfHubHTTPError, LocalTokenNotFoundError

    if repository.count("/") != 1 or not all(repository.split("/")):
        raise HubError(f"{repository!r}: a repository is written owner/name")
    names = files_of(folder)
    api = api or HfApi()
    try:
        api.create_repo(repository, repo_type="model", private=private, exist_ok=True)
        commit = api.upload_folder(
            repo_id=repository,
            repo_type="model",
            folder_path=str(folder),
            allow_patterns=names,
            commit_message="Model, its evaluation and its card, written by adwar",
        )
    except (HfHubHTTPError, LocalTokenNotFoundError, OSError) as error:
        first = str(error).strip().split("\n")[0]
        raise HubError(f"{repository}: not published: {first}; log in with 'hf auth login' or set HF_TOKEN") from None
    return str(commit.commit_url)
