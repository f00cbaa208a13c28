"""The recipe: a frozen value with everything that decides the content of a dataset.

How the dataset is made (workers, executors, progress) is not part of it. A recipe is written as
YAML or as flags.
"""

from __future__ import annotations

import dataclasses
import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from vary_data.base.errors import SourceError, UsageError, nearest
from vary_data.base.options import (
    check_values,
    convert,
    from_plain,
    option,
    options_of,
    read_value,
    with_role,
)
from vary_data.base.plain_yaml import plain_yaml
from vary_data.base.storage import location
from vary_data.dataset.languages import check_language, tag_of

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
KNOWN_SPLITS = ("train", "validation", "test")
SPLIT = re.compile(r"[a-z][a-z0-9_]*")
SIZES = ("max_samples", "fraction")
"""The keys that decide how much is made, with the options of role `count`."""


def parse_splits(value: Any) -> dict[str, float]:
    """Splits from a mapping, from `train=0.98,test=0.02`, or from one name for a single split.

    Raises:
        UsageError: a share is not a number, a name alone is not one that `datasets` knows, or the
            value is something else.
    """
    if isinstance(value, str):
        if "=" not in value:
            return {_known_split(value.strip()): 1.0}
        pairs = (item.partition("=") for item in value.split(","))
        value = {name.strip(): share.strip() for name, _, share in pairs}
    if not isinstance(value, Mapping):
        raise UsageError(f"splits must be a mapping, not {value!r}")
    return {str(name): convert(float, share, f"splits.{name}") for name, share in value.items()}


def _known_split(name: str) -> str:
    """A split that was named without a share. A slip would give a split that no trainer reads."""
    if name not in KNOWN_SPLITS:
        raise UsageError(
            f"{name!r} is no usual split", f"{nearest(name, KNOWN_SPLITS)}; {name}=1 makes it"
        )
    return name


def check_splits(splits: Mapping[str, float]) -> None:
    """Check the names and shares of splits.

    Raises:
        UsageError: no split, a name or share that is not allowed, or shares that do not sum to 1.
    """
    if not splits:
        raise UsageError("no split was named", "for example train=0.98,validation=0.02")
    for name, share in splits.items():
        if not SPLIT.fullmatch(name):
            raise UsageError(f"{name!r} cannot name a split", "use small letters, digits and _")
        if not share > 0:
            raise UsageError(f"the share of split {name!r} must be above 0, not {share}")
    total = sum(splits.values())
    if abs(total - 1) > 1e-6:
        raise UsageError(f"the shares of the splits add up to {total:g}", "they must add up to 1")


def parse_degrade(value: Any) -> dict[str, Any] | None:
    """A degradation from a mapping, from `photo:0.3`, or from a name alone.

    Raises:
        UsageError: the share is not a number, or the value is something else.
    """
    if value is None or value == "none":
        return None
    if isinstance(value, str):
        profile, colon, share = value.rpartition(":")
        if not colon:
            return {"profile": value}
        return {"profile": profile, "share": convert(float, share, "the share in --degrade")}
    if not isinstance(value, Mapping) or "profile" not in value:
        raise UsageError(f"degrade must be a mapping with a profile, not {value!r:.100}")
    return dict(value)


def check_name(name: str) -> None:
    """Check the name of a configuration.

    Raises:
        UsageError: it has characters that are not allowed.
    """
    if not NAME.fullmatch(name):
        raise UsageError(f"{name!r} cannot name a configuration", "use letters, digits, . _ and -")


def check_seed(seed: int) -> None:
    """Check that a seed fits the column of the dataset.

    Raises:
        UsageError: it does not.
    """
    if seed >= 2**63:
        raise UsageError(f"a seed must be below 2^63, not {seed}")


@dataclass(frozen=True, slots=True)
class Recipe:
    """One configuration of a dataset.

    `options` is an instance of the generator's `Options`, a frozen dataclass.
    """

    generator: str = option(flags=())
    """Name of a generator, or `module:Class` for one outside of this package."""
    name: str = option(check=check_name, unset="generator and language")
    """Name of the configuration."""
    lang: str = option(parse=tag_of, check=check_language, flags=(), metavar="TAG")
    """Language of the texts (BCP 47); a recipe file may list several, `both` is en and zh."""
    options: Any = option(flags=())  # noqa: RUF009
    """Settings of the generator."""
    seed: int = option(0, range=(0, None), check=check_seed)
    """Seed of all randomness."""
    splits: Mapping[str, float] = option(
        factory=lambda: {"train": 1.0},
        metavar="NAME=SHARE,…",
        parse=parse_splits,
        check=check_splits,
    )
    """Splits, e.g. train=0.98,validation=0.02, or one name."""
    samples_per_shard: int = option(1000, range=(1, None))
    """Expected rows per Parquet file."""
    timeout: float = option(60.0, above=0, unit="seconds")
    """Time limit per task."""
    image_format: str = option("png", choices=("png", "jpeg", "webp"))
    """Encoding of the images."""
    max_samples: int | None = option(
        None, range=(1, None), flags=("-n", "--max-samples"), unset="all of the sources"
    )
    """About this many samples at most: of a seeded choice of documents."""
    fraction: float = option(1.0, above=0, range=(None, 1), flags=())
    """Share of the documents to read, a seeded choice."""
    degrade: Mapping[str, Any] | None = option(
        None, metavar="PROFILE[:SHARE]", parse=parse_degrade, unset="no sample"
    )
    """Turn samples, or a share of them, into scans or photographs, e.g. photo:0.3."""

    def __post_init__(self) -> None:
        check_values(self)
        check_values(self.options, "options.")

    def to_dict(self) -> dict[str, Any]:
        """Plain data with every field; the form that is hashed and written to recipe.json."""
        plain = {f.name: getattr(self, f.name) for f in dataclasses.fields(self)}
        plain["options"] = _plain(self.options)
        plain["splits"] = dict(self.splits)
        if self.degrade is None:  # as the recipes of versions without this key
            del plain["degrade"]
        return plain

    @classmethod
    def from_dict(cls, data: Mapping[str, Any], options_type: type[Any]) -> Recipe:
        """A recipe from plain data.

        Raises:
            UsageError: an unknown key (with the nearest known one), or a value that is not allowed.
        """
        check_keys(data)
        fields = options_of(cls)
        for key in ("generator", "name", "lang"):
            if key not in data:
                raise UsageError(f"recipe has no {key!r}", f"add `{key}: …`")
        values = {
            key: read_value(fields[key], value, key)
            for key, value in data.items()
            if key != "options"
        }
        options = from_plain(options_type, data.get("options") or {}, "options")
        return cls(options=options, **values)

    @property
    def counts(self) -> dict[str, int]:
        """The options of role `count` that are set: how many samples the generator makes."""
        options = self.options
        values = {name: getattr(options, name) for name in with_role(type(options), "count")}
        return {name: value for name, value in values.items() if value}

    def scaled(self, factor: float) -> Recipe:
        """This recipe with `factor` times as many samples.

        Options of role `count` are multiplied. Without one, a share of the documents is read, all
        of them for a factor above 1.
        """
        if counts := self.counts:
            return self._with_counts({n: max(1, round(v * factor)) for n, v in counts.items()})
        return dataclasses.replace(self, fraction=min(1.0, self.fraction * factor))

    def limited(self, samples: int) -> Recipe:
        """This recipe with at most about this many samples."""
        if counts := self.counts:
            return self._with_counts({name: min(v, samples) for name, v in counts.items()})
        return dataclasses.replace(self, max_samples=min(samples, self.max_samples or samples))

    def extends(self, stored: Mapping[str, Any]) -> bool:
        """Whether a recipe, as plain data, is this one with a smaller size."""
        own, other = self._split_sizes(self.to_dict()), self._split_sizes(stored)
        if other is None or own is None or own[0] != other[0] or own[1] == other[1]:
            return False
        return all(before <= now for before, now in zip(other[1], own[1], strict=True))

    def _split_sizes(self, plain: Mapping[str, Any]) -> tuple[str, list[float]] | None:
        """Plain data without its sizes, as JSON, and the sizes; None for other data."""
        names = with_role(type(self.options), "count")
        rest = {key: value for key, value in plain.items() if key not in SIZES}
        options = rest.get("options")
        if not isinstance(options, Mapping):
            return None
        rest["options"] = {key: value for key, value in options.items() if key not in names}
        sizes = [plain.get(key) for key in SIZES] + [options.get(name) for name in names]
        if not all(size is None or isinstance(size, int | float) for size in sizes):
            return None
        # A size that is not set means all.
        return json.dumps(rest), [size or math.inf for size in sizes]

    def _with_counts(self, counts: Mapping[str, int]) -> Recipe:
        return dataclasses.replace(self, options=dataclasses.replace(self.options, **counts))


def check_keys(data: Mapping[str, Any]) -> None:
    """Check the keys of a recipe.

    Raises:
        UsageError: an unknown key, with the nearest known one.
    """
    known = options_of(Recipe)
    for key in data:
        if key == "kind":
            raise UsageError("the recipe key 'kind' is now 'generator'")
        if key not in known:
            hint = nearest(str(key), known)
            raise UsageError(
                f"unknown recipe key {key!r}", f"{hint}; those of the generator are options.NAME"
            )


def load_yaml(path: str) -> dict[str, Any]:
    """A recipe file as a mapping.

    Raises:
        SourceError: it cannot be read.
        UsageError: it is not YAML, or not a mapping.
    """
    try:
        text = location(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(f"cannot read {path}: {getattr(error, 'strerror', error)}") from error
    return parse_yaml(text, path)


def parse_yaml(text: str, path: str) -> dict[str, Any]:
    """The text of the recipe file `path` as a mapping.

    Raises:
        UsageError: it is not YAML, or not a mapping.
    """
    try:
        data = plain_yaml(text)
    except ValueError as error:
        raise UsageError(f"{path} cannot be read: {error}", "the file is not a recipe") from None
    except yaml.MarkedYAMLError as error:
        line = f", line {error.problem_mark.line + 1}" if error.problem_mark else ""
        raise UsageError(f"{path}{line}: {error.problem}", "the file is not YAML") from error
    except yaml.YAMLError as error:
        raise UsageError(f"{path} is not YAML: {' '.join(str(error).split())}") from error
    if not isinstance(data, dict):
        raise UsageError(f"{path} must hold a mapping with `generator` or `configurations`")
    return data


def _plain(options: Any) -> dict[str, Any]:
    fields = ((f.name, getattr(options, f.name)) for f in dataclasses.fields(options))
    return {name: list(v) if isinstance(v, tuple) else v for name, v in fields}
