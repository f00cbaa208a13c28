"""Seeded command lines and recipes: values of every kind for every option, by its declaration."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
import yaml
from click.testing import CliRunner

from trainer.cli import group as trainer_group
from trainer.settings.settings import Settings
from vary_data import generators
from vary_data.base.errors import VaryError
from vary_data.base.options import Option, options_of
from vary_data.cli import group
from vary_data.engine.recipe import Recipe

COMMANDS = (
    "render-charts", "semantic-charts", "pages", "latex", "negatives", "import",
)  # fmt: skip
WORDS = (
    "", "0", "1", "-1", "8", "1.5", "1e999", "nan", "-inf", "9" * 5000, str(2**63), str(2**64),
    "none", "null", "true", "yes", ",", "a,b", "=", "train=1", "train=nan", "train=0.5,test=0.5",
    "a=b=c", "x" * 300, "../..", "/dev/null", "/", ".", "\u202e漢", "\x1b[2J", "{}", "[]", "~",
    "s3://", "http://[", "os:system", "en", "both", "800x600", "0x0", "bar,pie", "!!python/none x",
)  # fmt: skip
MANY = 1_000_000
PLAIN: tuple[Any, ...] = (
    None, True, False, 0, -1, 7, 2**63, 10**400, 0.5, float("nan"), float("inf"), "", "a", [], [[]],
    {}, {"a": 1}, {1: 2}, ["a", 1, None], [{}], "train", {"train": 1}, {"train": "x"}, b"bytes",
    __import__("datetime").date(2024, 1, 1), {None: None}, ("a",), "{x}", "x\0y",
)  # fmt: skip
RECIPE_KEYS = ("configurations", "output", "defaults", "variables", "generator", "options", "lang")


class Traceback(AssertionError):
    """An input that ended with an exception instead of a message."""


def value_for(option: Option | None, rng: random.Random) -> str:
    """A value of a flag: often one that is nearly right."""
    if option is not None and rng.random() < 0.5:
        rules = option.rules
        low, high = rules.range
        near = [x for bound in (low, high) if bound is not None for x in (bound, bound - 1)]
        if high is not None and high >= MANY:  # a minute for the tasks of the largest run
            near = [x + 2 if MANY < x <= high else x for x in near]
        candidates = [*rules.choices, *map(str, near), str(option.default)]
        return rng.choice(candidates)
    return rng.choice(WORDS)


def command_line(rng: random.Random) -> list[str]:
    """A generating command with random flags; nothing is drawn."""
    name = rng.choice(COMMANDS)
    command = group.get_command(click.Context(group), name)
    assert command is not None
    declared = dict(options_of(Recipe)) | dict(options_of(generators.load(name).Options))
    flags = [p for p in command.params if isinstance(p, click.Option)]
    line = [name, "--dry-run"]
    for flag in rng.choices(flags, k=rng.choice((1, 1, 2, 3, 5))):
        if flag.name in ("help", "ray_address", "executor", "install_browser"):
            continue
        line.append(rng.choice(flag.opts))
        if not flag.is_flag:
            line.append(value_for(declared.get(flag.name or ""), rng))
    if rng.random() < 0.2:
        line += ["--set", f"{rng.choice(['options', 'splits', 'seed'])}.{rng.choice(WORDS)}"]
    if rng.random() < 0.3:
        key = rng.choice(["options.types", "seed", "splits", "splits.train", "options", "name"])
        line += ["--set", f"{key}={rng.choice(WORDS)}"]
    return line


def recipe_text(rng: random.Random) -> str:
    """A recipe file with random values of options and keys."""

    def entry() -> dict[Any, Any]:
        name = rng.choice([*generators.GENERATORS, *WORDS[:4]])
        made: dict[Any, Any] = {"generator": name}
        if name in generators.GENERATORS:
            known = list(options_of(generators.load(name).Options))
            chosen = rng.sample(known, min(len(known), rng.choice((0, 1, 2))))
            made["options"] = {key: rng.choice(PLAIN) for key in chosen}
        for key in rng.sample([*options_of(Recipe)], rng.choice((0, 1, 2))):
            made[key] = rng.choice(PLAIN)
        return made

    tree: Any = entry()
    if rng.random() < 0.5:
        tree = {"configurations": [entry() for _ in range(rng.choice((0, 1, 2)))]}
    for _ in range(rng.choice((0, 0, 1, 2))):
        tree[rng.choice(RECIPE_KEYS)] = rng.choice(PLAIN)
    return yaml.dump(tree, allow_unicode=True)


def settings_of(cls: type[Any], prefix: str = "") -> list[str]:
    """The names of all settings of the trainer."""
    names = []
    for field in dataclasses.fields(cls):
        default = field.default_factory() if callable(field.default_factory) else field.default
        if dataclasses.is_dataclass(default):
            names += settings_of(type(default), f"{prefix}{field.name}.")
        else:
            names.append(f"{prefix}{field.name}")
    return names


SETTINGS = settings_of(Settings)


def overrides(rng: random.Random) -> list[str]:
    """Settings of `vary-train` as arguments."""
    made = []
    for name in rng.choices(SETTINGS, k=rng.choice((1, 1, 2))):
        plain = rng.random() < 0.5
        value = rng.choice(WORDS) if plain else json.dumps(rng.choice(PLAIN), default=str)
        made.append(f"{name}={value}")
    return made


def invoke(commands: click.Group, line: Sequence[str]) -> None:
    """Run a command line in this process.

    Raises:
        Traceback: it ends with an exception that is not shown as a message.
    """
    done = CliRunner().invoke(commands, [*line], catch_exceptions=True)
    error = done.exception
    if error is None or isinstance(error, SystemExit | click.ClickException | VaryError | OSError):
        message = str(error) if isinstance(error, VaryError) else ""
        if "\n" in message.strip():
            raise Traceback(f"{line}: a message of several lines: {message!r}")
        return
    raise Traceback(f"{list(line)}: {error!r}") from error


def run_seed(seed: str, folder: Path) -> None:
    """One random input of each kind."""
    rng = random.Random(seed)
    with contextlib.chdir(folder):
        invoke(group, [*command_line(rng), "-o", str(folder / "out")])
        path = folder / "recipe.yaml"
        path.write_text(recipe_text(rng))
        invoke(group, ["run", str(path), "--dry-run", "-o", str(folder / "out")])
        line = [rng.choice(("tiny", "base")), "--print-config", *overrides(rng)]
        invoke(trainer_group, line)
