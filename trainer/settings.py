"""All settings of a training run, as nested frozen dataclasses.

A recipe is the same tree in YAML; `optim.lr=1e-4` on the command line overrides one value.
"""

from __future__ import annotations

import dataclasses
import json
import types
import typing
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints

import yaml

from trainer.errors import SettingsError, nearest

CONVERSATIONS = ("opt", "qwen", "vicuna")
"""The formats of `trainer.model.conversation`, without importing torch."""
STAGES = ("tiny", "pretrain", "sft")
PARTS = ("vision", "compressor", "clip", "projector", "text")
RENAMED = {"model.normalisation": "model.normalization"}
"""New names by old ones, which recipes and runs of older versions have."""


@dataclass(frozen=True, slots=True)
class WeightsSettings:
    """The weights to start from: local paths or hub ids; null: random weights."""

    vary: str | None = None
    """A complete Vary model (a run, a converted checkpoint); the others are then not read."""
    vision: str | None = None
    """SAM base, an exported vocabulary, or any Vary or GOT-OCR2 checkpoint."""
    clip: str | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class ModelSettings:
    conversation: str = "opt"
    tokenizer: str | None = None
    """A path or hub id; `bytes` trains a byte-level one on the data; null: the text model's."""
    tokenizer_size: int = 512
    image_size: int = 1024
    normalization: str = "imagenet"
    resample: str = "bicubic"
    clip_fit: str = "crop"
    max_length: int = 4096
    """Tokens of a sample with its image tokens; OPT's positions are interpolated to it."""
    vision: dict[str, Any] = field(default_factory=dict)
    """Fields of `VaryVisionConfig` that differ from the paper's."""
    text: dict[str, Any] = field(default_factory=dict)
    """`model_type` and shape of a language model with random weights."""
    clip: dict[str, Any] = field(default_factory=dict)
    """Fields of `CLIPVisionConfig` that differ from ViT-L/14-224."""
    weights: WeightsSettings = field(default_factory=WeightsSettings)


@dataclass(frozen=True, slots=True)
class DataSettings:
    datasets: tuple[str, ...] = ()
    weights: dict[str, float] = field(default_factory=dict)
    """Share by configuration name; empty: all, by their number of rows."""
    split: str = "train"
    validation: str = "validation"
    shuffle_groups: int = 16
    """Row groups of a configuration that are shuffled together; 0 shuffles all of them."""
    cache_mb: int = 512
    """Row groups that a worker keeps in memory."""
    workers: int = 8
    prefetch: int = 2
    sequences: str = "padded"
    pad_to_multiple: int = 8
    too_long: str = "skip"
    """`skip` skips samples over max_length, `cut` trains on their start; both are counted."""
    augment: bool = False


@dataclass(frozen=True, slots=True)
class OptimSettings:
    lr: float = 5e-5
    lr_scale: dict[str, float] = field(default_factory=dict)
    """A factor by part: vision, compressor (net_2, net_3), clip, projector, text."""
    schedule: str = "cosine"
    min_lr_ratio: float = 0.0
    warmup: float = 0.03
    """Below 1, a share of all steps, else a number of steps."""
    weight_decay: float = 0.0
    betas: tuple[float, float] = (0.9, 0.999)
    clip: float = 1.0


@dataclass(frozen=True, slots=True)
class TrainSettings:
    batch_size: int = 512
    """Samples of one optimizer step, over all devices."""
    micro_batch: int = 16
    """Samples of one forward pass on one device."""
    epochs: float = 1.0
    steps: int | None = None
    """Overrides epochs."""
    freeze: tuple[str, ...] = ()
    precision: str = "bf16"
    """`bf16` computes in bf16 with float32 weights; `bf16-pure` has weights and Adam in bf16."""
    parallel: str = "auto"
    compile: bool = False
    activation_checkpointing: bool = False
    device: str = "auto"
    seed: int = 0


@dataclass(frozen=True, slots=True)
class EvaluationSettings:
    every: int = 500
    samples: int = 512


@dataclass(frozen=True, slots=True)
class CheckpointSettings:
    every: int = 1000
    keep: int = 2


@dataclass(frozen=True, slots=True)
class WarmUpSettings:
    """The grounded warm-up (trainer/warmup/).

    Tuples have an entry per stage; the last stage shows whole samples and fades the dense loss out.
    """

    mode: str = "auto"
    """`grounded`, `none`, or `auto`: grounded if Vary-tiny starts without a trained tower."""
    sizes: tuple[int, ...] = (224, 448, 1024)
    """Picture sides in pixels; the last is model.image_size. Windows of 14 patches of 16 pixels
    fill 224 and 448 pixels exactly; at 256, three quarters of their patches are padding."""
    batch_sizes: tuple[int, ...] = (256, 96, 16)
    steps: tuple[int, ...] = (1500, 1200, 2000)
    """Maximum steps of a stage, within `lag`; the last stage always has all of them."""
    minutes: float | None = None
    """Approximate duration of the warm-up: the last stage gets the steps that fit. Their number
    depends on the machine's speed and is logged."""
    glyph_low: tuple[float, ...] = (12.0, 7.0, 8.0)
    """Crops enlarge characters to widths in pixels from `glyph_low` to `glyph_high`."""
    glyph_high: tuple[float, ...] = (32.0, 20.0, 28.0)
    """Characters are never smaller than in the whole picture."""
    first_length: int = 4
    """Target tokens of an answer at the start."""
    lengths: tuple[int, ...] = (48, 240, 1200)
    growth: float = 1.5
    """Of length and of the number of characters."""
    loss_below: tuple[float, ...] = (2.5, 2.5, 2.5)
    gain_above: float = 0.5
    accuracy_above: float = 0.6
    """The lengths grow when running loss, vision gain and dense accuracy pass these."""
    grown_by: float | None = None
    """Share of the last stage's steps by whose end answers have their full length in any case."""
    patience: int = 20
    """Steps between two growths."""
    lag: int = 32
    """Steps from a decision to its effect; so many batches can be read ahead."""
    first_characters: int = 1500
    fewest: int = 10
    """A character must occur this often in the data to become a class."""
    dense_weight: float = 1.0
    token_weight: float = 1.0
    """Weight of classifying characters from the language model's image tokens."""
    places: tuple[int, ...] = (2, 4)
    """Rows and columns of places in a cell of 16 pixels that have a character each. Letters of a
    page at full size are about 8 pixels wide."""
    text_places: int = 16384
    """Maximum places with text in a step's dense loss on one device."""
    background: float = 0.05
    isolated: float = 0.5
    """Share of the first crops that show only their answer; it falls as answers grow."""
    weights: dict[str, float] = field(default_factory=dict)
    """Share by configuration name before the last stage, since pages have many characters even if
    `data.weights` gives them a small share. Empty: `data.weights`, as in the last stage."""
    whole: float = 0.7
    """Share of whole samples with their complete answers in the last stage."""
    crops_per_picture: int = 4
    optimizer: str = "muon"
    """`muon`: Muon for the matrices of the blocks, AdamW for the rest; or `adamw` for all."""
    lr: float = 8e-4
    lr_scale: dict[str, float] = field(default_factory=dict)
    betas: tuple[float, float] = (0.9, 0.98)
    momentum: float = 0.95
    """Of Muon."""
    weight_decay: float = 0.0
    warmup: int = 100
    """Steps to the full learning rate."""
    fade: float = 0.4
    """The last share of the last stage, over which dense loss and learning rate fall."""
    lr_end: float = 0.1
    """Final learning rate, as a share of `lr`."""
    clip: float = 1.0
    cache_mb: int = 1024
    """Decoded pictures that a worker keeps in memory."""

    @property
    def grid(self) -> tuple[int, int]:
        """`places` as rows and columns."""
        rows, columns = self.places
        return rows, columns


@dataclass(frozen=True, slots=True)
class LogSettings:
    every: int = 10
    gain_every: int = 50
    tensorboard: bool = True
    wandb: str | None = None
    """A W&B project name."""
    peak_tflops: float | None = None
    """The device's peak in bf16; null: the datasheet's value, if known."""


@dataclass(frozen=True, slots=True)
class Settings:
    stage: str = "tiny"
    model: ModelSettings = field(default_factory=ModelSettings)
    data: DataSettings = field(default_factory=DataSettings)
    optim: OptimSettings = field(default_factory=OptimSettings)
    train: TrainSettings = field(default_factory=TrainSettings)
    warm_up: WarmUpSettings = field(default_factory=WarmUpSettings)
    evaluation: EvaluationSettings = field(default_factory=EvaluationSettings)
    checkpoint: CheckpointSettings = field(default_factory=CheckpointSettings)
    log: LogSettings = field(default_factory=LogSettings)

    def __post_init__(self) -> None:
        _choice("stage", self.stage, STAGES)
        _choice("model.conversation", self.model.conversation, CONVERSATIONS)
        _choice("model.normalization", self.model.normalization, ("imagenet", "clip", "none"))
        _choice("model.resample", self.model.resample, ("bilinear", "bicubic"))
        _choice("model.clip_fit", self.model.clip_fit, ("crop", "pad", "stretch"))
        _choice("data.sequences", self.data.sequences, ("padded", "packed"))
        _choice("data.too_long", self.data.too_long, ("skip", "cut"))
        _choice("optim.schedule", self.optim.schedule, ("cosine", "linear", "constant"))
        _choice("train.precision", self.train.precision, ("bf16", "bf16-pure", "fp32"))
        _choice("train.parallel", self.train.parallel, ("auto", "ddp", "fsdp"))
        _choice("train.device", self.train.device, ("auto", "cpu", "cuda"))
        _choice("warm_up.optimizer", self.warm_up.optimizer, ("adamw", "muon"))
        _choice("warm_up.mode", self.warm_up.mode, ("auto", "grounded", "none"))
        for part in (*self.train.freeze, *self.optim.lr_scale, *self.warm_up.lr_scale):
            _choice("a part of the model", part, PARTS)
        _check_warm_up(self.warm_up)
        if self.model.image_size % 64 or self.model.image_size < 64:
            raise SettingsError(
                f"model.image_size is {self.model.image_size}", "it must be a multiple of 64"
            )
        for name, value in (
            ("train.batch_size", self.train.batch_size),
            ("train.micro_batch", self.train.micro_batch),
            ("model.max_length", self.model.max_length),
            ("log.every", self.log.every),
        ):
            if value < 1:
                raise SettingsError(f"{name} is {value}", "it must be at least 1")
        if self.optim.lr <= 0:
            raise SettingsError(f"optim.lr is {self.optim.lr}", "it must be above 0")


def load_settings(path: Path, overrides: Iterable[str] = ()) -> Settings:
    """Read a recipe and apply overrides of the form `optim.lr=1e-4`.

    Raises:
        SettingsError: the file cannot be read, a key is not known, or a value has a wrong type.
    """
    tree = read_recipe(path)
    for override in overrides:
        _override(tree, override)
    return settings_from(tree)


def open_recipe(
    recipe: str | Path, datasets: Iterable[str] = (), overrides: Iterable[str] = ()
) -> Settings:
    """Settings of a recipe: a file, or the name of one shipped with the package (`tiny-toy`).

    Raises:
        SettingsError: there is no such recipe, or a setting is not valid.
    """
    is_name = isinstance(recipe, str) and not recipe.endswith((".yaml", ".yml"))
    path = recipe_path(str(recipe)) if is_name else Path(recipe)
    folders = list(datasets)
    chosen = [f"data.datasets={json.dumps(folders)}"] if folders else []
    return load_settings(path, [*chosen, *overrides])


def read_recipe(path: Path) -> dict[str, Any]:
    """The tree of a recipe, with settings of older versions under their new names.

    Raises:
        SettingsError: the file cannot be read.
    """
    try:
        tree = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise SettingsError(f"{path} does not exist", "give a recipe (YAML)") from None
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        reason = " ".join(str(error).split())
        raise SettingsError(f"{path} cannot be read as YAML ({reason})") from error
    if not isinstance(tree, dict):
        raise SettingsError(f"{path} is not a recipe", "expected a mapping of settings")
    for old, new in RENAMED.items():
        group, _, key = old.partition(".")
        if isinstance(tree.get(group), dict) and key in tree[group]:
            tree[group].setdefault(new.partition(".")[2], tree[group].pop(key))
    return tree


def recipe_path(name: str) -> Path:
    """The file of a recipe shipped with the package.

    Raises:
        SettingsError: there is no recipe of this name.
    """
    path = Path(str(resources.files("trainer") / "recipes" / f"{name}.yaml"))
    if not path.exists():
        known = [p.stem for p in path.parent.glob("*.yaml")]
        raise SettingsError(f"no recipe {name!r}", nearest(name, known))
    return path


def settings_from(tree: Mapping[str, Any]) -> Settings:
    """Settings from nested mappings.

    Raises:
        SettingsError: a key is not known, or a value has a wrong type.
    """
    return typing.cast(Settings, _build(Settings, tree, ""))


def to_yaml(settings: Settings) -> str:
    """The recipe that gives these settings."""
    return yaml.safe_dump(_plain(dataclasses.asdict(settings)), sort_keys=False, allow_unicode=True)


def _override(tree: dict[str, Any], text: str) -> None:
    key, equals, value = text.partition("=")
    if not equals or not key:
        raise SettingsError(f"{text!r} is not a setting", "write it as optim.lr=1e-4")
    *path, last = key.split(".")
    node = tree
    for name in path:
        node = node.setdefault(name, {})
        if not isinstance(node, dict):
            raise SettingsError(f"{key}: {name} is a single value, not a group of settings")
    try:
        node[last] = yaml.safe_load(value)
    except yaml.YAMLError as error:
        raise SettingsError(f"the value of {text!r} cannot be read as YAML") from error


def _build(cls: type[Any], tree: Any, prefix: str) -> Any:
    if tree is None:
        tree = {}
    if not isinstance(tree, Mapping):
        raise SettingsError(f"{prefix.rstrip('.')} is {tree!r}", "expected a group of settings")
    hints = get_type_hints(cls)
    for key in tree:
        if key not in hints:
            raise SettingsError(f"unknown setting {prefix}{key}", nearest(str(key), hints))
    return cls(**{key: _value(hints[key], tree[key], prefix + key) for key in tree})


def _value(hint: Any, value: Any, name: str) -> Any:
    if dataclasses.is_dataclass(hint):
        return _build(typing.cast(type[Any], hint), value, f"{name}.")
    origin, args = get_origin(hint), get_args(hint)
    if origin in (types.UnionType, typing.Union):
        if value is None:
            return None
        return _value(next(a for a in args if a is not type(None)), value, name)
    if origin is dict and isinstance(value, Mapping):
        return {str(k): _value(args[1], v, f"{name}.{k}") for k, v in value.items()}
    if origin is tuple and isinstance(value, str | list | tuple):
        items = [value] if isinstance(value, str) else value
        return tuple(_value(args[0], v, name) for v in items)
    if hint is Any or (isinstance(value, hint) and not (hint is int and isinstance(value, bool))):
        return value
    if hint is float and isinstance(value, int | str) and not isinstance(value, bool):
        try:
            return float(value)  # YAML reads 1e-4 as a string
        except ValueError:
            pass
    expected = {int: "a whole number", float: "a number", bool: "true or false", str: "a string"}
    raise SettingsError(f"{name} is {value!r}", f"expected {expected.get(hint, str(hint))}")


def _check_warm_up(settings: WarmUpSettings) -> None:
    """Check that every stage has all of its settings, and the ranges of values."""
    for name in ("batch_sizes", "steps", "glyph_low", "glyph_high", "lengths", "loss_below"):
        values = getattr(settings, name)
        if len(values) != len(settings.sizes):
            raise SettingsError(
                f"warm_up.{name} has {len(values)} entries, warm_up.sizes {len(settings.sizes)}",
                "give one for each stage",
            )
        if min(values) <= 0:
            raise SettingsError(f"warm_up.{name} is {list(values)}", "all must be above 0")
    if any(size < 64 or size % 16 for size in settings.sizes):
        raise SettingsError(f"warm_up.sizes is {list(settings.sizes)}", "expected multiples of 16")
    for name, value in (
        ("first_length", settings.first_length),
        ("first_characters", settings.first_characters),
        ("crops_per_picture", settings.crops_per_picture),
        ("patience", settings.patience),
        ("lag", settings.lag),
    ):
        if value < 1:
            raise SettingsError(f"warm_up.{name} is {value}", "it must be at least 1")
    if len(settings.places) != 2 or any(n < 1 or 16 % n for n in settings.places):
        raise SettingsError(
            f"warm_up.places is {list(settings.places)}", "expected rows and columns that divide 16"
        )
    if not 0 < settings.fade <= 1:
        raise SettingsError(
            f"warm_up.fade is {settings.fade}", "expected a share above 0, at most 1"
        )
    if settings.grown_by is not None and not 0 < settings.grown_by <= 1:
        raise SettingsError(
            f"warm_up.grown_by is {settings.grown_by}", "expected a share above 0, at most 1"
        )
    if settings.growth <= 1:
        raise SettingsError(f"warm_up.growth is {settings.growth}", "it must be above 1")


def _choice(name: str, value: str, known: tuple[str, ...]) -> None:
    if value not in known:
        raise SettingsError(f"{name} is {value!r}", nearest(value, known))


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _plain(v) for k, v in value.items()}
    return [_plain(v) for v in value] if isinstance(value, tuple | list) else value
