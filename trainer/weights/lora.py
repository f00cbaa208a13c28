"""Low-rank adapters of the language model (LoRA, arXiv 2106.09685) through PEFT.

A run with adapters keeps its base model once, in RUN/base. Its checkpoints have the adapters and
the projector, in PEFT's files, and are read as if the adapters were merged.
"""

from __future__ import annotations

import json
import re
import warnings
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from trainer.errors import SettingsError, WeightsError
from trainer.settings import LoraSettings

CONFIG, TENSORS = "adapter_config.json", "adapter_model.safetensors"
PREFIX = "base_model.model."
"""What PEFT puts before the names of tensors."""
PROJECTOR = "model.projector."
READ = ("r", "lora_alpha", "lora_dropout", "target_modules", "base_model_name_or_path")
"""The keys of a config that are used."""
NOTED = ("peft_type", "peft_version", "task_type", "inference_mode", "revision", "auto_mapping",
         "modules_to_save", "runtime_config")  # fmt: skip
"""Keys that do not change what the adapters compute."""
MAX_RANK = 4096
NAME = re.compile(r"[A-Za-z0-9_.]{1,200}")
OWN_TARGETS = re.compile(r"model\\\.language_model\\\.\.\*\\\.\(\?:[A-Za-z0-9_|]{1,500}\)")
"""The pattern that `inject` writes. A pattern of others may take forever to match."""


def inject(model: nn.Module, settings: LoraSettings, base: Path) -> None:
    """Add adapters to the language model, and freeze everything but them and the projector.

    Args:
        model: A Vary model.
        settings: Rank, scale, dropout and layers.
        base: The folder of the model without adapters, which is noted in the adapters' config.

    Raises:
        SettingsError: PEFT is not installed, or no layer has one of the names.
    """
    targets = "|".join(settings.targets)
    config = _peft().LoraConfig(
        r=settings.rank,
        lora_alpha=settings.alpha,
        lora_dropout=settings.dropout,
        target_modules=rf"model\.language_model\..*\.(?:{targets})",
        base_model_name_or_path=str(base.resolve()),
        modules_to_save=["projector"],
    )
    _inject(model, config, settings.targets)


def has_adapters(model: nn.Module) -> bool:
    """Whether `inject` has added adapters to a model."""
    return any(_is_adapter(name) for name, _ in model.named_parameters())


def save_adapters(model: nn.Module, tensors: Mapping[str, Tensor], folder: Path) -> None:
    """Write adapters and projector; `tensors` are those of the whole model.

    Raises:
        OSError: the folder cannot be written.
    """
    chosen = {
        PREFIX + name.replace(".default.", "."): value.contiguous()
        for name, value in tensors.items()
        if _is_adapter(name) or name.startswith(PROJECTOR)
    }
    folder.mkdir(parents=True, exist_ok=True)
    config: Any = model.peft_config["default"]  # type: ignore[index]
    config.save_pretrained(folder)
    save_file(chosen, folder / TENSORS, metadata={"format": "pt"})


def load_adapters(model: nn.Module, folder: Path) -> None:
    """Fill the adapters and the projector of a model with those of a folder.

    Raises:
        WeightsError: the folder lacks tensors, or has others.
    """
    try:
        stored = load_file(folder / TENSORS)
    except (OSError, SafetensorError) as error:
        reason = str(error).strip().splitlines()[0]
        raise WeightsError(f"{folder / TENSORS} cannot be loaded ({reason})") from error
    names = {
        PREFIX + name.replace(".default.", "."): name
        for name in model.state_dict()
        if _is_adapter(name) or name.startswith(PROJECTOR)
    }
    if names.keys() != stored.keys():
        other = sorted(names.keys() ^ stored.keys())
        raise WeightsError(f"{folder} has other adapters than the model (for example {other[0]})")
    model.load_state_dict({names[key]: value for key, value in stored.items()}, strict=False)


def merge_adapters(model: nn.Module, folder: Path) -> None:
    """Add the adapters of a folder to the weights of their base model, which stays as it was
    otherwise.

    Raises:
        SettingsError: PEFT is not installed.
        WeightsError: the adapters cannot be read or belong to another model.
    """
    peft = _peft()
    config = _config(folder)
    _inject(model, config, (str(config.target_modules),))
    load_adapters(model, folder)
    layers = [(n, m) for n, m in model.named_modules() if isinstance(m, peft.tuners.lora.LoraLayer)]
    with torch.no_grad():
        for name, layer in layers:
            merging: Any = layer
            merging.merge()
            parent, _, attribute = name.rpartition(".")
            setattr(model.get_submodule(parent), attribute, merging.get_base_layer())
    del model.peft_config


def base_of(folder: Path) -> Path:
    """The base model of the adapters in `folder`: that of their run, or the noted one.

    Raises:
        WeightsError: it is not there.
    """
    in_run = folder.resolve().parent.parent.parent / "base"  # RUN/checkpoints/step-N/model
    if (in_run / "config.json").exists():
        return in_run
    noted = Path(str(_config(folder).base_model_name_or_path))
    if not (noted / "config.json").exists():
        raise WeightsError(f"the base model of {folder} is neither {in_run} nor {noted}")
    return noted


def _config(folder: Path) -> Any:
    """The config of adapters; it is a file of others, and nothing is downloaded for it.

    Raises:
        WeightsError: it cannot be read, or is not that of LoRA adapters.
    """
    peft = _peft()
    try:
        stored = json.loads((folder / CONFIG).read_bytes())
        if not isinstance(stored, dict) or stored.get("peft_type") != "LORA":
            raise ValueError("it is not a config of LoRA adapters")
        usual = peft.LoraConfig().to_dict()
        for key, value in stored.items():
            if key not in (*READ, *NOTED) and value not in (None, usual.get(key)):
                raise ValueError(f"{str(key)[:40]!r} is set, which is not supported")
        _check(stored)
        config = peft.LoraConfig(**{key: stored[key] for key in READ if key in stored})
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        reason = (str(error).strip() or type(error).__name__).splitlines()[0][:200]
        raise WeightsError(f"{folder / CONFIG} cannot be read ({reason})") from error
    return config


def _check(stored: Mapping[str, Any]) -> None:
    """Check what PEFT does not: how much memory adapters take, and how long names are matched.

    Raises:
        ValueError: a value is not allowed.
    """
    rank, targets = stored.get("r", 8), stored.get("target_modules")
    if not isinstance(rank, int) or not 1 <= rank <= MAX_RANK:
        raise ValueError(f"'r' must be a number from 1 to {MAX_RANK}")
    if not isinstance(stored.get("base_model_name_or_path") or "", str):
        raise ValueError("'base_model_name_or_path' is no text")
    numbers = (stored.get(key, 0) for key in ("lora_alpha", "lora_dropout"))
    if not all(isinstance(number, int | float) for number in numbers):
        raise ValueError("'lora_alpha' and 'lora_dropout' must be numbers")
    names = targets if isinstance(targets, list) else [targets]
    allowed = NAME if isinstance(targets, list) else OWN_TARGETS
    if not all(isinstance(name, str) and allowed.fullmatch(name) for name in names):
        raise ValueError("'target_modules' must be a list of names of layers")


def _inject(model: nn.Module, config: Any, targets: tuple[str, ...]) -> None:
    config.modules_to_save = None  # the projector is trained in place
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # PEFT asks transformers by old names
            _peft().inject_adapter_in_model(config, model)
    except ValueError as error:
        raise SettingsError(
            f"no layer of the language model is called {' or '.join(targets)}",
            "set train.lora.targets",
        ) from error
    finally:
        config.modules_to_save = ["projector"]
    for name, parameter in model.named_parameters():
        parameter.requires_grad_(_is_adapter(name) or name.startswith(PROJECTOR))


def _is_adapter(name: str) -> bool:
    return ".lora_" in name


def _peft() -> Any:
    try:
        return import_module("peft")
    except ImportError:
        raise SettingsError("adapters need PEFT", "pip install peft") from None
