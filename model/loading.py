"""Model folders: `load` makes a `Labeler` of one, and refuses what is missing, broken or changed by name.

Nothing in a folder is ever executed: JSON, safetensors, ONNX and plain numpy arrays only.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ..data.schema import ROLES, TRIGGER
from .certainty import Scale, finite
from .device import DeviceError, torch_device
from .encoding import Settings, load_tokenizer
from .engine import ONNX_FILE, Engine, OnnxEngine
from .gazetteer import load_gazetteer
from .integrity import AGAIN, CHECKSUMS, problem
from .labeler import FRAME, Labeler, Thresholds
from .labels import LABELS
from .link import Linker, RuleLinker

SETTINGS_FILE = "adwar.json"
#: The key of the words that end no span (`bounds.hanging_words`).
HANGING = "hanging"
EMBEDDED = Path(__file__).parent / "embedded"


class ModelError(ValueError):
    """A model folder that cannot be used: names the file and what to do."""


def load(
    path: str | Path | None = None,
    *,
    threads: int | None = None,
    sessions: int = 1,
    engine: str = "auto",
    device: str | None = None,
    gazetteer: str | Path | None = None,
) -> Labeler:
    """A `Labeler` from a model folder, or the embedded model if ``path`` is None.

    ``device``: "cpu", "cuda" or "cuda:1"; None takes a GPU if the engine sees one. ``threads`` of the processor work on
    a batch and, with an export, ``sessions`` batches are worked on at once (then a thread each, unless given).
    ``gazetteer``: "geonames" or the path of a GeoNames dump, beside our own places (`gazetteer.load_gazetteer`).
    ``engine``: "onnx", "torch", or "auto" (ONNX where the folder holds an export, else torch). Raises `ModelError`
    naming the missing or broken file. Nothing in a model folder is ever executed: JSON, safetensors and ONNX only.
    """
    folder = EMBEDDED if path is None else Path(path)
    if not folder.is_dir():
        raise ModelError(f"{folder}: no such model folder; train one with 'adwar train' or give the path of one")
    _refuse_changed(folder)
    settings = _settings(folder)
    try:
        tokenizer = load_tokenizer(folder)
    except Exception as error:
        raise ModelError(f"{folder / 'tokenizer.json'}: cannot be read: {error}") from None
    return Labeler(
        _engine(folder, engine, device, threads, sessions),
        tokenizer,
        Settings(**settings["encoding"]),
        linker=_linker(folder),
        thresholds=_thresholds(settings, folder),
        provenance=settings.get("provenance", {}),
        gazetteer=load_gazetteer(gazetteer) if gazetteer is not None else None,
        hanging=settings.get(HANGING, ()),
    )


def _refuse_changed(folder: Path) -> None:
    if found := problem(folder):
        raise ModelError(found)
    if (folder / ONNX_FILE).exists() and not (folder / CHECKSUMS).exists() and (folder / SETTINGS_FILE).exists():
        raise ModelError(f"{folder / CHECKSUMS} is missing: cannot tell whether the export is whole; {AGAIN} {folder}")


def _settings(folder: Path) -> dict[str, Any]:
    file = folder / SETTINGS_FILE
    if not file.exists():
        raise ModelError(f"{file} is missing: not a folder that 'adwar train' or 'adwar export' wrote")
    try:
        settings = json.loads(file.read_text(encoding="utf-8"))
        Settings(**settings["encoding"])
        if not all(type(value) is int and value >= 0 for value in settings["encoding"].values()):
            raise ValueError("'encoding' must hold whole numbers")
        hanging = settings.get(HANGING, [])
        if not isinstance(hanging, list) or not all(isinstance(word, str) for word in hanging):
            raise ValueError(f"{HANGING!r} must be a list of words")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ModelError(f"{file}: broken: {error}") from None
    if settings.get("labels") != list(LABELS):
        raise ModelError(f"{file}: its labels are not this version's; train or export the model again")
    return settings


def _thresholds(settings: dict[str, Any], folder: Path) -> Thresholds:
    try:
        chosen = settings.get("chosen", {})
        roles, boosts = ({k: finite(v) for k, v in chosen.get(name, {}).items()} for name in ("thresholds", "boosts"))
        scales = {k: Scale.read(v) for k, v in chosen.get("scales", {}).items()}
        temperature = finite(chosen.get("temperature", 1.0))
        if unknown := {*roles, *boosts, *scales} - {*ROLES, TRIGGER, FRAME}:
            raise ValueError(f"{', '.join(sorted(unknown))}: no role, {TRIGGER!r} or {FRAME!r}")
        if temperature <= 0:
            raise ValueError(f"temperature {temperature}: a number above 0 is expected")
    except (ValueError, TypeError, AttributeError) as error:
        raise ModelError(f"{folder / SETTINGS_FILE}: broken under 'chosen': {error}") from None
    return Thresholds(roles, temperature, boosts, scales)


def _engine(folder: Path, engine: str, device: str | None, threads: int | None, sessions: int) -> Engine:
    if engine not in ("auto", "onnx", "torch"):
        raise ValueError(f"engine {engine!r}: one of auto, onnx, torch")
    if sessions < 1:
        raise ValueError(f"sessions must be 1 or more, found {sessions}")
    if engine == "onnx" or (engine == "auto" and (folder / ONNX_FILE).exists()):
        try:
            return OnnxEngine(folder, threads=threads, sessions=sessions, device=device)
        except DeviceError as error:
            raise ModelError(str(error)) from None
        except Exception as error:
            raise ModelError(f"{folder / ONNX_FILE}: cannot be loaded: {error}") from None
    if not any(folder.glob("*.safetensors")):
        raise ModelError(f"{folder}: no {ONNX_FILE} and no .safetensors; weights in other files (pickles) are not read")
    if sessions > 1:
        raise ModelError(f"{folder} holds no {ONNX_FILE}: several sessions need an export ('adwar export')")
    try:
        from .tagger import TorchEngine, load_tagger
    except ImportError:
        raise ModelError(
            f"{folder} holds no {ONNX_FILE}; to run its weights install torch: pip install 'adwar[train]'"
        ) from None
    try:
        return TorchEngine(load_tagger(folder), device=torch_device(device))
    except DeviceError as error:
        raise ModelError(str(error)) from None
    except ModuleNotFoundError:
        raise  # a library is missing: the command line says which
    except Exception as error:  # safetensors and transformers have errors of their own for a broken file
        raise ModelError(f"{folder}: no usable weights: {error}") from None


def _linker(folder: Path) -> Linker:
    from .linkers import FILE, load_linker

    if not (folder / FILE).exists():
        return RuleLinker()
    try:
        return load_linker(folder / FILE)
    except Exception as error:  # a broken archive ends in zlib's, zipfile's or numpy's own errors
        raise ModelError(f"{folder / FILE}: cannot be read: {error}") from None
