"""Reads tensors from the usual formats of weight files."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping, Sequence
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor

from trainer.errors import WeightsError

PATTERNS = ("*.safetensors", "*.json", "*.bin", "*.pth", "*.pt", "*.tiktoken", "*.model",
            "*.txt", "*.jinja")  # fmt: skip
WEIGHT_FILES = ("*.safetensors", "*.bin", "*.pth", "*.pt")
INDEXES = ("*.safetensors.index.json", "*.bin.index.json")
"""Files that list the weight files of a model in several parts."""
OTHER_FILES = ("training_args.bin", "optimizer.*", "scheduler.*", "scaler.*", "rng_state*",
               "random_states*", "adapter_model.*")  # fmt: skip
"""What training leaves next to the weights, under names like theirs."""


def fetch(source: str) -> Path:
    """A local file or folder, or the folder to which a hub id is downloaded.

    Raises:
        WeightsError: it does not exist or cannot be downloaded.
    """
    path = Path(source).expanduser()
    if path.exists():
        return path
    if source.count("/") != 1 or source.startswith((".", "/", "~")):
        raise WeightsError(f"{source} does not exist", "give a file, a folder or a hub id")
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError

    try:
        return Path(snapshot_download(source, allow_patterns=list(PATTERNS)))
    except (HfHubHTTPError, LocalEntryNotFoundError, OSError, ValueError) as error:
        reason = str(error).strip().splitlines()[0]
        raise WeightsError(
            f"{source} is not a local file and could not be downloaded ({reason})"
        ) from error


def read_tensors(path: Path) -> dict[str, Tensor]:
    """All tensors of a file, or of a folder's safetensors (else PyTorch) files.

    Raises:
        WeightsError: there are no weights, or they cannot be read.
    """
    if path.is_file():
        return _read_file(path)
    tensors: dict[str, Tensor] = {}
    for file in _weight_files(path):
        tensors.update(_read_file(file))
    if tensors:
        return tensors
    raise WeightsError(f"{path} holds no weights", f"expected one of {', '.join(WEIGHT_FILES)}")


def _weight_files(folder: Path) -> list[Path]:
    """The files of an index, or those of the first pattern that has any."""
    for pattern in INDEXES:
        for index in sorted(folder.glob(pattern)):
            try:
                names = set(json.loads(index.read_text(encoding="utf-8"))["weight_map"].values())
            except (
                OSError,
                ValueError,
                KeyError,
                AttributeError,
                TypeError,
                RecursionError,
            ) as error:
                raise WeightsError(f"{index} is not an index of weights ({error})") from error
            if outside := [name for name in names if Path(str(name)).name != name]:
                raise WeightsError(f"{index} names {outside[0]!r}, outside its folder")
            return [folder / name for name in sorted(names)]
    for pattern in WEIGHT_FILES:
        found = [f for f in sorted(folder.glob(pattern)) if not _fits(f.name, OTHER_FILES)]
        if found:
            return found
    return []


def _fits(name: str, patterns: Sequence[str]) -> bool:
    return any(fnmatch(name, pattern) for pattern in patterns)


def _read_file(path: Path) -> dict[str, Tensor]:
    try:
        if path.suffix == ".safetensors":
            return dict(load_file(path))
        zipped = zipfile.is_zipfile(path)  # the format before torch 1.6 cannot be memory-mapped
        loaded = torch.load(path, map_location="cpu", weights_only=True, mmap=zipped)
    except (SafetensorError, RuntimeError, OSError, ValueError, KeyError, EOFError) as error:
        reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise WeightsError(f"{path} cannot be read as weights ({reason})") from error
    except Exception as error:  # weights_only raises an UnpicklingError for other objects
        raise WeightsError(f"{path} is not a plain file of tensors") from error
    for key in ("state_dict", "model"):
        if isinstance(loaded, Mapping) and isinstance(loaded.get(key), Mapping):
            loaded = loaded[key]
    tensors = {k: v for k, v in loaded.items() if isinstance(v, Tensor)}
    if not tensors:
        raise WeightsError(f"{path} holds no tensors")
    return tensors


def has_config(path: Path) -> bool:
    """Whether there is a `config.json` in a folder, or in the folder of a file."""
    return ((path if path.is_dir() else path.parent) / "config.json").exists()


def read_config(path: Path) -> dict[str, Any]:
    """`config.json` of a folder, or of the folder of a file.

    Raises:
        WeightsError: it does not exist, or is not JSON.
    """
    file = (path if path.is_dir() else path.parent) / "config.json"
    if not has_config(path):
        raise WeightsError(f"{file.parent} has no config.json", "it has the model's sizes")
    try:
        config = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise WeightsError(f"{file} is not JSON ({error})") from error
    if not isinstance(config, dict):
        raise WeightsError(f"{file} is not a JSON object")
    return config
