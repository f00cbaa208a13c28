"""Profiles: lists of steps with ranges, read from YAML.

    - perspective: {share: 0.8, tilt: [5, 25]}   # applied to 80 % of the samples
    - jpeg: {quality: [30, 80]}
    - gray                                         # always, with the default ranges

A file may instead name other profiles with weights, of which each sample has one:

    profiles: {scan: 2, photo: 1}
"""

from __future__ import annotations

import difflib
import json
import math
import reprlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from importlib import resources
from typing import Any

import numpy as np
import yaml

from renderers.degrade.step import (
    Choice,
    Folder,
    Number,
    Parameter,
    Stage,
    Step,
    find_step,
    step_names,
)

NAMES = ("scan", "fax", "copy", "photo", "screen", "old-print", "jpeg", "mix")
"""The profiles of this package."""
Load = Callable[[str], Any]
"""Reads YAML as plain data: for files of others, `vary_data.base.plain_yaml`, with its limits."""
SHARE = "share"
MAX_STEPS = 100


class ProfileError(ValueError):
    """A profile that cannot be used: one line that names the step and the key."""


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """A step of a profile: how often it is applied, and the range or names of each parameter."""

    name: str
    share: float
    ranges: Mapping[str, tuple[Any, ...]]

    def draw(self, strength: float, rng: np.random.Generator) -> dict[str, Any] | None:
        """The values of the parameters; None if the step is not applied.

        The same random numbers are used whatever the strength is.
        """
        applied = bool(rng.random() < self.share)
        parameters = find_step(self.name).parameters
        values = {
            name: _drawn(parameter, self.ranges[name], strength, rng)
            for name, parameter in parameters.items()
        }
        return values if applied else None


@dataclass(frozen=True, slots=True)
class Profile:
    """The steps of a profile, or weighted profiles of which each sample has one."""

    name: str
    steps: tuple[PlannedStep, ...] = ()
    parts: tuple[tuple[float, Profile], ...] = ()

    def chosen(self, rng: np.random.Generator) -> Profile:
        """The profile of a sample: this one, or one of its parts."""
        number = rng.random()
        if not self.parts:
            return self
        weights = np.cumsum([weight for weight, _ in self.parts])
        return self.parts[int(np.searchsorted(weights / weights[-1], number, side="right"))][1]

    def to_json(self) -> str:
        """All that determines the profile, to compare it."""
        return json.dumps(asdict(self), sort_keys=True, ensure_ascii=False)

    def with_backgrounds(self, folder: str) -> Profile:
        """This profile with the photographs of a folder as backgrounds."""
        steps = tuple(
            PlannedStep(s.name, s.share, {**s.ranges, "folder": (folder,)})
            if s.name == "background"
            else s
            for s in self.steps
        )
        parts = tuple((weight, part.with_backgrounds(folder)) for weight, part in self.parts)
        return Profile(self.name, steps, parts)

    def all_steps(self) -> Iterable[PlannedStep]:
        """Its steps, and those of its parts."""
        yield from self.steps
        for _, part in self.parts:
            yield from part.all_steps()


def packaged(name: str) -> Profile:
    """A profile of this package, one of `NAMES`."""
    path = resources.files("renderers.degrade") / "profiles" / f"{name}.yaml"
    return parse(path.read_text("utf-8"), name)


def parse(text: str, name: str, load: Load = yaml.safe_load) -> Profile:
    """A profile from the text of its file; `name` is its name in messages and rows.

    Raises:
        ProfileError: it is not YAML, or has a step, key or value that is not allowed.
    """
    return from_plain(read_yaml(text, load), name)


def read_yaml(text: str, load: Load = yaml.safe_load) -> Any:
    """The plain data of a profile's file.

    Raises:
        ProfileError: it is not YAML.
    """
    try:
        return load(text)
    except yaml.MarkedYAMLError as error:
        line = f", line {error.problem_mark.line + 1}" if error.problem_mark else ""
        raise ProfileError(f"not YAML{line}: {error.problem}") from error
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise ProfileError(f"not YAML: {' '.join(str(error).split())[:200]}") from None


def from_plain(data: Any, name: str) -> Profile:
    """A profile from the plain data of its file.

    Raises:
        ProfileError: it has a step, key or value that is not allowed.
    """
    if isinstance(data, dict) and set(data) == {"profiles"}:
        return Profile(name, parts=_parts(data["profiles"]))
    if not isinstance(data, list) or not data:
        raise ProfileError("it must be a list of steps, or `profiles:` with weights")
    if len(data) > MAX_STEPS:
        raise ProfileError(f"it has {len(data)} steps, more than {MAX_STEPS}")
    return Profile(name, tuple(_planned(item, i) for i, item in enumerate(data, 1)))


def _parts(data: Any) -> tuple[tuple[float, Profile], ...]:
    if not isinstance(data, dict) or not data:
        raise ProfileError("`profiles` must be a mapping of names to weights")
    parts = []
    for name, weight in data.items():
        if name not in NAMES or name == "mix":
            raise ProfileError(f"unknown profile {shown(name)}{_nearest(name, NAMES)}")
        if not _is_number(weight) or not 0 < weight < math.inf:
            raise ProfileError(f"the weight of {name} must be above 0, not {shown(weight)}")
        parts.append((float(weight), packaged(name)))
    return tuple(parts)


def _planned(item: Any, number: int) -> PlannedStep:
    if isinstance(item, str):
        item = {item: {}}
    if not isinstance(item, dict) or len(item) != 1:
        raise ProfileError(f"step {number} must be `name: {{parameters}}`")
    ((name, given),) = item.items()
    if name not in step_names():
        raise ProfileError(
            f"step {number}: unknown step {shown(name)}{_nearest(name, step_names())}"
        )
    given = {} if given is None else given
    if not isinstance(given, dict):
        raise ProfileError(f"{name}: its parameters must be a mapping, not {shown(given)}")
    step = find_step(name)
    for key in given:
        if key != SHARE and key not in step.parameters:
            known = (SHARE, *step.parameters)
            raise ProfileError(f"{name}: unknown parameter {shown(key)}{_nearest(key, known)}")
    share = given.get(SHARE, 1.0)
    if not _is_number(share) or not 0 <= share <= 1:
        raise ProfileError(f"{name}.share must be between 0 and 1, not {shown(share)}")
    ranges = {
        key: _range(parameter, given.get(key), f"{name}.{key}")
        for key, parameter in step.parameters.items()
    }
    return PlannedStep(name, float(share), ranges)


def _range(parameter: Parameter, value: Any, where: str) -> tuple[Any, ...]:
    """The range or the names of a parameter; a single value stands for itself alone."""
    if isinstance(parameter, Folder):
        if value is not None and not isinstance(value, str):
            raise ProfileError(f"{where} must be the path of a folder, not {shown(value)}")
        return (value or "",)
    if isinstance(parameter, Choice):
        names = parameter.names if value is None else value if isinstance(value, list) else [value]
        for name in names:
            if isinstance(name, list | dict) or str(name) not in parameter.names:
                raise ProfileError(
                    f"{where} cannot be {shown(name)}, only {', '.join(parameter.names)}"
                )
        if not names:
            raise ProfileError(f"{where} is an empty list")
        return tuple(map(str, names))
    ends = parameter.default if value is None else value if isinstance(value, list) else [value] * 2
    if len(ends) != 2 or not all(map(_is_number, ends)) or not ends[0] <= ends[1]:
        raise ProfileError(f"{where} must be a number or [low, high], not {shown(value)}")
    if not (parameter.least <= ends[0] and ends[1] <= parameter.greatest):
        bounds = f"between {parameter.least:g} and {parameter.greatest:g}"
        raise ProfileError(f"{where} must be {bounds}, not {shown(value)}")
    return tuple(map(float, ends))


def _drawn(
    parameter: Parameter, ends: tuple[Any, ...], strength: float, rng: np.random.Generator
) -> Any:
    # Python's floats: numpy's would make every field that they scale one of doubles.
    number, sign = rng.random(2).tolist()
    if not isinstance(parameter, Number):
        return ends[int(number * len(ends))]
    value = ends[0] + (ends[1] - ends[0]) * number
    if parameter.neutral is not None:
        value = parameter.neutral + strength * (value - parameter.neutral)
    return -value if parameter.signed and sign < 0.5 else value


def shown(value: Any) -> str:
    """The start of a value for a person; aliases may make it endless."""
    return reprlib.repr(value)[:80]


def _is_number(value: Any) -> bool:
    """Whether it is a number that fits a float."""
    try:
        return not isinstance(value, bool) and math.isfinite(value)
    except (TypeError, OverflowError):
        return False


def _nearest(name: Any, known: Iterable[str]) -> str:
    found = difflib.get_close_matches(str(name), list(known), 1, 0.5)
    return f", did you mean {found[0]!r}?" if found else f" (known: {', '.join(known)})"


def stages(profile: Profile) -> dict[Stage, list[tuple[int, PlannedStep, Step]]]:
    """The steps of each stage in order, with their numbers in the profile."""
    found: dict[Stage, list[tuple[int, PlannedStep, Step]]] = {stage: [] for stage in Stage}
    for number, planned in enumerate(profile.steps):
        step = find_step(planned.name)
        found[step.stage].append((number, planned, step))
    return found
