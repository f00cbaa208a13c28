"""What the user asked for: a frozen value, written as YAML or as flags.

Everything in a `Recipe` decides the content of the dataset. How it is made (workers,
executors, progress) is not part of it.
"""

from __future__ import annotations

import dataclasses
import re
import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Union, get_args, get_origin

import yaml

from vary_data.base.errors import SourceError, UsageError, nearest
from vary_data.base.storage import location
from vary_data.dataset.schema import LANGUAGES

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
SPLIT = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Recipe:
    """One configuration of a dataset.

    `options` is the generator's own frozen dataclass (`Generator.Options`).
    """

    generator: str
    name: str
    lang: str
    options: Any
    seed: int = 0
    splits: Mapping[str, float] = field(default_factory=lambda: {"train": 1.0})
    samples_per_shard: int = 1000
    timeout: float = 60.0
    image_format: str = "png"

    def __post_init__(self) -> None:
        if not NAME.fullmatch(self.name):
            raise UsageError(
                f"{self.name!r} cannot name a configuration", "use letters, digits, . _ and -"
            )
        if self.lang not in LANGUAGES:
            raise UsageError(f"unknown language {self.lang!r}", nearest(self.lang, LANGUAGES))
        if not 0 <= self.seed < 2**63:
            raise UsageError(f"seed must be between 0 and 2^63, not {self.seed}")
        if self.samples_per_shard < 1:
            raise UsageError(f"samples_per_shard must be at least 1, not {self.samples_per_shard}")
        if not self.timeout > 0:
            raise UsageError(f"timeout must be above 0 seconds, not {self.timeout}")
        if self.image_format not in ("png", "jpeg", "webp"):
            raise UsageError(
                f"unknown image format {self.image_format!r}", "known: png, jpeg, webp"
            )
        _check_splits(self.splits)

    def to_dict(self) -> dict[str, Any]:
        """Plain data, every field resolved; the form that is hashed and written down."""
        plain = {f.name: getattr(self, f.name) for f in dataclasses.fields(self)}
        plain["options"] = _plain(self.options)
        plain["splits"] = dict(self.splits)
        return plain

    @classmethod
    def from_dict(cls, data: Mapping[str, Any], options_type: type[Any]) -> Recipe:
        """Build a recipe from plain data.

        Raises:
            UsageError: an unknown key (with the nearest known one) or a value of another type.
        """
        known = {f.name for f in dataclasses.fields(cls)}
        for key in data:
            if key not in known:
                raise UsageError(f"unknown recipe key {key!r}", nearest(key, known))
        for key in ("generator", "name", "lang"):
            if key not in data:
                raise UsageError(f"recipe has no {key!r}", f"add `{key}: …`")
        options = from_plain(options_type, data.get("options") or {}, "options")
        scalars = {
            "generator": str,
            "name": str,
            "lang": str,
            "seed": int,
            "samples_per_shard": int,
            "timeout": float,
            "image_format": str,
        }
        values = {k: _convert(t, data[k], k) for k, t in scalars.items() if k in data}
        if "splits" in data:
            values["splits"] = {
                str(k): _convert(float, v, f"splits.{k}")
                for k, v in _mapping(data["splits"], "splits").items()
            }
        return cls(options=options, **values)


def load_yaml(path: str) -> dict[str, Any]:
    """A recipe file as a mapping.

    Raises:
        SourceError: it cannot be read. UsageError: it is not YAML, or not a mapping.
    """
    try:
        data = yaml.safe_load(location(path).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(f"cannot read {path}: {error}") from error
    except yaml.YAMLError as error:
        raise UsageError(f"{path} is not YAML: {' '.join(str(error).split())}") from error
    if not isinstance(data, dict):
        raise UsageError(f"{path} must hold a mapping with `generator` or `configurations`")
    return data


def parse_splits(text: str) -> dict[str, float]:
    """`train=0.98,validation=0.01,test=0.01`, or one name for a single split."""
    if "=" not in text:
        return {text.strip(): 1.0}
    splits = {}
    for item in text.split(","):
        name, _, share = item.partition("=")
        splits[name.strip()] = _convert(float, share.strip(), f"splits.{name.strip()}")
    return splits


def from_plain(dataclass_type: type[Any], data: Any, where: str) -> Any:
    """A frozen dataclass of plain fields from a mapping, type by type.

    Raises:
        UsageError: an unknown key (with the nearest known one) or a value of another type.
    """
    hints = typing.get_type_hints(dataclass_type)
    values = {}
    for key, value in _mapping(data, where).items():
        if key not in hints:
            raise UsageError(f"unknown key {where}.{key}", nearest(key, hints))
        values[key] = _convert(hints[key], value, f"{where}.{key}")
    return dataclass_type(**values)


def _plain(options: Any) -> dict[str, Any]:
    fields = ((f.name, getattr(options, f.name)) for f in dataclasses.fields(options))
    return {name: list(v) if isinstance(v, tuple) else v for name, v in fields}


def _mapping(data: Any, where: str) -> Mapping[str, Any]:
    if not isinstance(data, Mapping):
        raise UsageError(f"{where} must be a mapping, not {data!r}")
    return data


def _convert(wanted: Any, value: Any, where: str) -> Any:
    """`value` as `wanted`; strings (from flags and `--set`) are read as the wanted type."""
    origin = get_origin(wanted)
    if origin in (Union, types.UnionType):
        if value is None or value in ("none", "null"):
            return None
        (inner,) = (a for a in get_args(wanted) if a is not type(None))
        return _convert(inner, value, where)
    if origin is tuple:
        items = value.split(",") if isinstance(value, str) else value
        if not isinstance(items, list | tuple):
            raise UsageError(f"{where} must be a list, not {value!r}")
        return tuple(_convert(get_args(wanted)[0], item, where) for item in items)
    if wanted is bool:
        words = {"true": True, "false": False, "yes": True, "no": False}
        if isinstance(value, str) and value.lower() in words:
            return words[value.lower()]
    elif wanted in (int, float) and not isinstance(value, bool):
        try:
            number = wanted(value)
        except (TypeError, ValueError):
            number = None
        if number is not None and (wanted is float or float(number) == float(value)):
            return number
    if wanted in (str, bool) and isinstance(value, wanted):
        return value
    raise UsageError(f"{where} must be of type {wanted.__name__}, not {value!r}")


def _check_splits(splits: Mapping[str, float]) -> None:
    if not splits:
        raise UsageError("no split was named", "for example train=0.98,validation=0.02")
    for name, share in splits.items():
        if not SPLIT.fullmatch(name):
            raise UsageError(f"{name!r} cannot name a split", "use small letters, digits and _")
        if not share > 0:
            raise UsageError(f"the share of split {name!r} must be above 0, not {share}")
    total = sum(splits.values())
    if abs(total - 1) > 1e-6:
        raise UsageError(f"the shares of the splits add up to {total:g}", "they must give 1")
