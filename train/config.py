"""One YAML a run, checked against dataclasses: an unknown key is an error that names the nearest one.

``key.sub=value`` overrides on the command line; ``training:`` passes to ``TrainingArguments`` as it is.
"""

from __future__ import annotations

import difflib
import types
import typing
from dataclasses import MISSING, asdict, dataclass, field, fields, is_dataclass
from pathlib import Path
from typing import Any, Union

import yaml

CONFIGS = Path(__file__).resolve().parent.parent / "configs"


class ConfigError(ValueError):
    """A config that cannot be used: names the file, the key and what to write instead."""


@dataclass(kw_only=True)
class DataConfig:
    """JSON Lines files, or ``train``, ``dev``, ``test`` of our corpus; a file that does not exist is an error.
    ``dev`` is scored while training and the best step is kept by it; ``test`` is scored once, at the end, and nothing
    is chosen by it. ``repair`` widens misaligned spans to words."""

    train: list[str] = field(default_factory=list)
    dev: list[str] = field(default_factory=list)
    test: list[str] = field(default_factory=list)
    repair: bool = False


@dataclass(kw_only=True)
class ModelConfig:
    """``encoder`` is a folder, a hub name, or ``adwar/encoder`` for the one that ships here. ``random`` (a dict for
    ``AutoConfig.for_model``) starts from noise instead, with ``tokenizer`` naming a folder; ``embedding`` may then name
    a ``.npy`` of start values. ``overrides`` go to the encoder's config. ``fresh_head``: of a folder that is a tagger
    already take the encoder alone."""

    encoder: str | None = None
    random: dict[str, Any] | None = None
    tokenizer: str | None = None
    embedding: str | None = None
    window: int = 512
    overlap: int = 128
    overrides: dict[str, Any] = field(default_factory=dict)
    fresh_head: bool = False

    def __post_init__(self) -> None:
        if self.window < 8:
            raise ConfigError(f"'model.window' must be 8 pieces or more, found {self.window}")
        if not 0 <= self.overlap < self.window - 2:
            raise ConfigError(f"'model.overlap' must be from 0 to {self.window - 3}, found {self.overlap}")


#: What people look for under ``optim`` and Trainer has under ``training``.
TRAINERS = ("learning_rate", "weight_decay", "warmup_steps", "num_train_epochs", "max_steps", "lr_scheduler_type")


@dataclass(kw_only=True)
class OptimConfig:
    """``layer_decay`` multiplies the rate from layer to layer downwards; ``head_factor`` the head's rate;
    ``batch_pieces`` is the token budget of a batch; ``drop_surface`` the share of reports whose hamza, tashkeel or
    quotes are dropped for a pass; ``swap_mentions`` the share whose mentions are exchanged for others of the same form
    for a pass (`train.swaps`); ``role_weight`` is the weight of words that bear a role or name a deed beside all others
    in the tags' loss; ``average`` averages the weights of the last so many evaluations; ``link_weight`` is
    the weight of the links' loss beside the tags' (0: no learned linker); ``mask_pieces`` is the share of pieces hidden
    in training, so that a role is read off its surroundings and not off known names alone; ``doubtful`` is how many
    words a window that the tagger wrongly takes for deeds, and how many for spans, the linker is trained to leave
    alone; ``patience`` ends the run after so many evaluations on dev without a better one (0: never); ``muon_rate`` is
    the rate of Muon on the encoder's matrices and ``muon_decay`` their weight decay (0: AdamW for all, as published
    encoders want it); ``words_weight`` is the weight of guessing the hidden pieces beside the tags' loss (0: not asked;
    needs ``mask_pieces`` and an encoder folder with its masked-word head); ``report_passes`` is how often the report
    linker, fitted when the tagger is done, goes through the reports (0: the pair linker alone, which is trained with
    the tagger)."""

    layer_decay: float = 1.0
    head_factor: float = 1.0
    batch_pieces: int = 2048
    drop_surface: float = 0.0
    swap_mentions: float = 0.0
    role_weight: float = 1.0
    average: int = 1
    link_weight: float = 0.5
    doubtful: int = 8
    mask_pieces: float = 0.0
    patience: int = 0
    muon_rate: float = 0.0
    muon_decay: float = 0.1
    words_weight: float = 0.0
    report_passes: int = 12

    def __post_init__(self) -> None:
        for name in ("drop_surface", "mask_pieces"):
            if not 0 <= getattr(self, name) < 1:
                raise ConfigError(f"'optim.{name}' is a share from 0 to below 1, found {getattr(self, name)}")
        if not 0 <= self.swap_mentions <= 1:
            raise ConfigError(f"'optim.swap_mentions' is a share from 0 to 1, found {self.swap_mentions}")
        for name, least in (("batch_pieces", 1), ("average", 1), ("patience", 0), ("report_passes", 0)):
            if getattr(self, name) < least:
                raise ConfigError(f"'optim.{name}' must be {least} or more, found {getattr(self, name)}")
        for name in ("layer_decay", "head_factor", "role_weight"):
            if getattr(self, name) <= 0:
                raise ConfigError(f"'optim.{name}' must be above 0, found {getattr(self, name)}")
        for name in ("link_weight", "muon_rate", "muon_decay", "words_weight"):
            if getattr(self, name) < 0:
                raise ConfigError(f"'optim.{name}' must be 0 or more, found {getattr(self, name)}")
        if self.words_weight and not self.mask_pieces:
            raise ConfigError("'optim.words_weight' guesses what 'optim.mask_pieces' hides, and that is 0")


@dataclass(kw_only=True)
class RunConfig:
    """Fine-tuning, once for each of ``seeds``. ``training`` goes to ``TrainingArguments`` as it is."""

    data: DataConfig = field(default_factory=DataConfig)
    model: ModelConfig = field(default_factory=ModelConfig)
    optim: OptimConfig = field(default_factory=OptimConfig)
    seeds: list[int] = field(default_factory=lambda: [1])
    output: str = "runs/tagger"
    training: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.seeds or len(set(self.seeds)) < len(self.seeds):
            raise ConfigError(f"'seeds' must name one seed or more, each once, found {self.seeds}")

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def load_config(name: str, overrides: list[str] | None = None, kind: Any = RunConfig) -> Any:
    """The config ``name`` (a name in ``configs/`` or a path) with ``overrides`` applied. Raises `ConfigError`."""
    file = find(name)
    try:
        raw = yaml.safe_load(file.read_text(encoding="utf-8")) or {}
    except yaml.YAMLError as error:
        raise ConfigError(f"{file}: not YAML: {error}") from None
    except UnicodeDecodeError:
        raise ConfigError(f"{file}: not UTF-8") from None
    if not isinstance(raw, dict):
        raise ConfigError(f"{file}: a mapping of keys is expected, found {type(raw).__name__}")
    for override in overrides or []:
        _apply(raw, override)
    return build(kind, raw, str(file))


def find(name: str) -> Path:
    """The file of a config given by name or path."""
    path = Path(name)
    if path.suffix in (".yaml", ".yml"):
        if path.exists():
            return path
        raise ConfigError(f"{name}: no such file")
    known = sorted(p.stem for p in CONFIGS.glob("*.yaml"))
    if name in known:
        return CONFIGS / f"{name}.yaml"
    raise ConfigError(f"{name}: no such config{nearest(name, known)}; known: {', '.join(known)}; or give a .yaml file")


def _apply(raw: dict[str, Any], override: str) -> None:
    key, mark, value = override.partition("=")
    if not mark or not key:
        raise ConfigError(f"{override!r}: an override is written key.sub=value")
    *path, last = key.split(".")
    place = raw
    for part in path:
        place = place.setdefault(part, {})
        if not isinstance(place, dict):
            raise ConfigError(f"{override!r}: {part!r} holds a value, not keys")
    try:
        place[last] = yaml.safe_load(value)
    except yaml.YAMLError:
        raise ConfigError(f"{override!r}: the value is not YAML") from None


def build(kind: Any, raw: dict[str, Any], file: str, at: str = "") -> Any:
    """A dataclass of ``kind`` from plain values; unknown keys and wrong types are refused by name."""
    hints = typing.get_type_hints(kind)
    names = [f.name for f in fields(kind)]
    values: dict[str, Any] = {}
    for key, value in raw.items():
        if key not in names and at == "optim." and key in TRAINERS:
            raise ConfigError(f"{file}: unknown key '{at}{key}': it is one of Trainer's; set 'training.{key}'")
        if key not in names:
            raise ConfigError(f"{file}: unknown key '{at}{key}'{nearest(str(key), names)}; known: {', '.join(names)}")
        values[key] = _value(hints[key], value, file, f"{at}{key}")
    missing = [
        f.name for f in fields(kind) if f.default is MISSING and f.default_factory is MISSING and f.name not in values
    ]
    if missing:
        raise ConfigError(f"{file}: key '{at}{missing[0]}' is missing")
    try:
        return kind(**values)
    except ConfigError as error:
        raise ConfigError(f"{file}: {error}") from None


def _value(hint: Any, value: Any, file: str, key: str) -> Any:
    if is_dataclass(hint):
        if not isinstance(value, dict):
            raise ConfigError(f"{file}: '{key}' must hold keys, found {value!r}")
        return build(hint, value, file, f"{key}.")
    options = typing.get_args(hint) if typing.get_origin(hint) in (Union, types.UnionType) else (hint,)
    for option in options:
        if option is type(None) and value is None:
            return None
        origin = typing.get_origin(option) or option
        if origin is float and type(value) in (int, float):
            return float(value)
        if origin is float and isinstance(value, str):
            try:
                return float(value)  # YAML reads 1e-3 as a string
            except ValueError:
                continue
        if origin in (int, str, bool) and type(value) is origin:
            return value
        if origin is dict and isinstance(value, dict):
            return value
        if origin is list and isinstance(value, list):
            inner = (typing.get_args(option) or (Any,))[0]
            return value if inner is Any else [_value(inner, v, file, f"{key}[{i}]") for i, v in enumerate(value)]
    wanted = " or ".join("nothing" if o is type(None) else getattr(o, "__name__", str(o)) for o in options)
    raise ConfigError(f"{file}: '{key}' must be {wanted}, found {value!r}")


def nearest(name: str, known: list[str]) -> str:
    near = difflib.get_close_matches(name, known, 1, 0.5)
    return f" (did you mean '{near[0]}'?)" if near else ""
