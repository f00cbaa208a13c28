"""Flags of the generating commands, built from the declared options.

A flag that was not set has the value None, so that a recipe file or the default decides.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import MISSING
from typing import Any, TypeVar

import click

from vary_data.base.errors import UsageError
from vary_data.base.options import Option, help_texts, options_of, read_value, with_role
from vary_data.dataset.languages import FIRST, find
from vary_data.engine.generator import Generator
from vary_data.engine.recipe import Recipe

Function = TypeVar("Function", bound=Callable[..., Any])
Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]
Callback = Callable[[str | None, dict[str, Any], dict[str, Any]], None]
"""Called with the language, the generator's options and the other flags, by name."""
MAX_LISTED_CHOICES = 6
MORE = "more_paths"
"""Arguments behind a flag for paths."""

RUN_FLAGS = (
    click.option("-o", "--output", default="out", show_default=True, help="Dataset folder."),
    click.option(
        "-j", "--workers", type=click.IntRange(min=1), help="Worker processes.  [all cores]"
    ),
    click.option(
        "--executor",
        type=click.Choice(["local", "ray"]),
        default="local",
        show_default=True,
        help="Run on this machine, or on a Ray cluster.",
    ),
    click.option(
        "--ray-address",
        metavar="HOST:PORT",
        help="Address of the cluster.  [RAY_ADDRESS, or a local cluster]",
    ),
    click.option("--shards", metavar="I/N", help="Only this part of the shards, from 0/N on."),
    click.option("--overwrite", is_flag=True, help="Replace a configuration of another recipe."),
    click.option("--dry-run", is_flag=True, help="Print the plan and make nothing."),
    click.option(
        "--max-reject-rate",
        type=click.FloatRange(0, 1),
        default=1.0,
        show_default=True,
        help="Exit with 3 if a larger share of the input was rejected.",
    ),
    click.option("--json", "as_json", is_flag=True, help="Print the result as JSON on stdout."),
    click.option("-q", "--quiet", is_flag=True, help="No progress."),
)


def flags(*options: Callable[[Function], Function]) -> Callable[[Function], Function]:
    """Apply several options so that help lists them in this order."""

    def apply(function: Function) -> Function:
        for option in reversed(options):
            function = option(function)
        return function

    return apply


def option_flags(options_type: type[Any], left_out: Sequence[str] = ()) -> Iterator[Decorator]:
    """The flags and arguments of a dataclass of options, in order of its fields.

    Each has the field's name as its parameter. Values are converted and checked.
    """
    texts = help_texts(options_type)
    for option in options_of(options_type).values():
        names = () if option.name in left_out else flag_names(option)
        if option.rules.argument:
            yield click.argument(option.name, type=OptionType(option, option.name.upper()))
        elif names:
            yield _flag(option, names, texts.get(option.name, ""))


def flag_names(option: Option) -> tuple[str, ...]:
    """The names of an option's flag, e.g. `-n`, `--num-samples`; none if it has no flag."""
    if option.rules.argument:
        return ()
    if option.rules.flags is not None:
        return option.rules.flags
    return (f"--{option.name.replace('_', '-')}",)


def default_text(option: Option) -> str:
    """The default of an option as text; empty if there is nothing to state."""
    if option.rules.unset:
        return option.rules.unset
    default = option.default
    if default is MISSING or default is None or default in ("", ()) or isinstance(default, bool):
        return ""
    if isinstance(default, dict):
        return ",".join(default)
    return ",".join(default) if isinstance(default, tuple) else f"{default:{_format(default)}}"


class OptionType(click.ParamType):  # type: ignore[type-arg]  # not generic before click 8.4
    """Reads a flag's value by the rules of its option."""

    name = "value"

    def __init__(self, option: Option, flag: str) -> None:
        self.option = option
        self.flag = flag

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Raises:
        UsageError: the value has another type or is not allowed; the message names the flag.
        """
        return read_value(self.option, value, self.flag)

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str | None:
        """The name of the value on the help page; that of an argument in braces."""
        name = value_name(self.option)
        # Brackets would mean an optional argument.
        return f"{{{name.strip('[]')}}}" if isinstance(param, click.Argument) else name

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[click.shell_completion.CompletionItem]:
        choices = (c for c in self.option.rules.choices if c.startswith(incomplete))
        return [click.shell_completion.CompletionItem(choice) for choice in choices]


def value_name(option: Option) -> str:
    """How help names the value of a flag, e.g. `[en|zh]`, `PIXELS`, `PATH`."""
    rules = option.rules
    if rules.metavar:
        return rules.metavar
    if rules.role == "path":
        return "PATH"
    if option.plain_type is tuple:
        listed = rules.choices if len(rules.choices) <= MAX_LISTED_CHOICES else ()
        return ",".join(listed) or "NAME,…"
    if rules.choices:
        return f"[{'|'.join(rules.choices)}]"
    if rules.unit:
        return rules.unit.upper()
    return {int: "NUMBER", float: "NUMBER"}.get(option.plain_type, "TEXT")


def generator_command(
    generator: type[Generator],
    lang: Decorator,
    *extra_flags: Decorator,
    without: Sequence[str] = (),
) -> Callable[[Callback], click.Command]:
    """A decorator that makes the command of a generator from a callback.

    The command has the flags of the generator's options, the flag `lang`, `extra_flags`, and the
    flags that all generating commands share, except those of the recipe fields `without`.
    """
    options_type = generator.Options

    def make(callback: Callback) -> click.Command:
        paths = _path_lists(options_type)

        def run(**values: Any) -> None:
            more = values.pop(MORE, ())
            options = {
                name: values.pop(name) for name in options_of(options_type) if name in values
            }
            if more:
                _add_paths(options, paths, more)
            callback(values.pop("lang"), options, values)

        run.__doc__ = callback.__doc__
        counted = bool(with_role(options_type, "count"))  # then `-n` is an option of its own
        left_out = (*without, "max_samples") if counted else without
        shared = recipe_flags(*left_out)
        expanded = (click.argument(MORE, nargs=-1, metavar=""),) if paths else ()
        every = (*option_flags(options_type), lang, *extra_flags, *shared, *RUN_FLAGS, *expanded)
        return click.command(name=generator.name)(flags(*every)(run))

    return make


def _path_lists(options_type: type[Any]) -> tuple[str, ...]:
    """The options that are lists of paths."""
    options = options_of(options_type)
    names = with_role(options_type, "path")
    return tuple(name for name in names if options[name].plain_type is tuple)


def _add_paths(options: dict[str, Any], paths: Sequence[str], more: Sequence[str]) -> None:
    """Add arguments without a flag to the list of paths that was given: the shell writes
    `--src *.pdf` as `--src a.pdf b.pdf`.

    Raises:
        UsageError: no list of paths was given, or several.
    """
    given = [name for name in paths if options.get(name)]
    if len(given) != 1:
        flag = f"--{paths[0].replace('_', '-')}"
        raise UsageError(f"unexpected argument {more[0]!r}", f"name paths with {flag}")
    options[given[0]] = (*options[given[0]], *more)


def lang_flag(choices: Sequence[str], text: str) -> Decorator:
    """The flag `--lang` of a generating command."""
    return click.option("--lang", type=LanguageType(choices), help=text)


class LanguageType(click.Choice):  # type: ignore[type-arg]  # not generic before click 8.2
    """A language out of some, by any BCP 47 tag for it; `en,zh` is `both`."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The tag among the choices.

        Raises:
            UsageError: it is no tag of a language, or the command has no texts in it.
        """
        if value in self.choices:
            return value
        found = [find(part) for part in str(value).split(",")]
        tags = {entry.tag for entry in found if entry is not None}
        if None not in found and len(tags) == 1 and tags <= {*self.choices}:
            return tags.pop()
        if tags == {*FIRST} and None not in found and "both" in self.choices:
            return "both"
        names = [entry.name for entry in found if entry and entry.tag not in self.choices]
        what = f"this command has no {names[0]} texts" if names else f"--lang cannot be {value!r}"
        raise UsageError(what, f"--lang is one of {', '.join(self.choices)}")


def language_flag(known: Sequence[str]) -> Decorator:
    """The flag `--lang` of a command for many languages."""
    text = f"Languages of the texts, or `both` (en,zh), or `all`: {', '.join(known)}.  [en]"
    return click.option("--lang", multiple=True, metavar="TAG,…", callback=_tags, help=text)


def _tags(_context: click.Context, _param: click.Parameter, lists: Sequence[str]) -> str | None:
    """The languages of a flag that may be repeated, with commas; None if it was not set."""
    return ",".join(lists) if lists else None


def _flag(option: Option, names: Sequence[str], text: str) -> Decorator:
    default = default_text(option)
    details = "; ".join(filter(None, (default and f"default: {default}", option.allowed)))
    settings: dict[str, Any] = {"help": f"{text}  [{details}]" if details else text}
    if option.plain_type is bool:
        settings.update(is_flag=True, default=None)
    elif option.plain_type is tuple and option.rules.role == "path":
        settings.update(multiple=True, metavar="PATH")
    else:
        settings["type"] = OptionType(option, names[-1])
        if option.plain_type is tuple:
            settings.update(multiple=True, callback=_joined)
    return click.option(*names, option.name, **settings)


def _joined(
    _context: click.Context, _param: click.Parameter, lists: Sequence[tuple[Any, ...] | None]
) -> tuple[Any, ...] | None:
    """The items of a list whose flag may be repeated; None if it was not set."""
    return tuple(item for items in lists for item in items or ()) or None


def _format(value: Any) -> str:
    return "g" if isinstance(value, float) else ""


def recipe_flags(*left_out: str) -> tuple[Decorator, ...]:
    """Flags of what is in every recipe, without those of some fields."""
    return (
        *option_flags(Recipe, left_out),
        click.option(
            "--config", type=click.Path(dir_okay=False), help="Recipe file to start from (YAML)."
        ),
        click.option(
            "--set", "settings", multiple=True, metavar="KEY=VALUE", help="Any recipe key."
        ),
    )


RECIPE_FLAGS = recipe_flags()
CHOICE_FREE_FLAGS = recipe_flags("max_samples")
"""For commands whose own `-n` says how many samples to make."""
