"""Options: fields of a frozen dataclass, declared once for flags, checks, docs and publishing.

    long_side: int = option(1280, range=(64, 8192), unit="pixels")
    \"\"\"Longer side of the image.\"\"\"

The docstring is the help text. The declaration gives the command's flag with its default, the
checks of flags, `--set` and recipe files, and a line of docs/settings.md. `--scale` multiplies
options of role `count`; published recipes have variables in place of those of role `path`.
"""

from __future__ import annotations

import ast
import dataclasses
import inspect
import textwrap
import types
import typing
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass
from itertools import pairwise
from typing import Any, Literal, Union, get_args, get_origin

from vary_data.base.errors import UsageError, nearest

Role = Literal["", "count", "path"]
Range = tuple[float | None, float | None]
_KEY = "vary.option"


@dataclass(frozen=True, slots=True)
class Rules:
    """What is declared of an option besides its type and default; see `option`."""

    range: Range = (None, None)
    above: float | None = None
    choices: tuple[str, ...] = ()
    unit: str = ""
    role: Role = ""
    flags: tuple[str, ...] | None = None
    argument: bool = False
    metavar: str = ""
    unset: str = ""
    parse: Callable[[Any], Any] | None = None
    check: Callable[[Any], object] | None = None


@dataclass(frozen=True, slots=True)
class Option:
    """A field of a dataclass. `default` is `MISSING` for a required one."""

    name: str
    type: Any
    default: Any
    rules: Rules

    @property
    def optional(self) -> bool:
        """Whether None is a value of it."""
        return type(None) in get_args(self.type)

    @property
    def plain_type(self) -> Any:
        """`int` for `int | None`, and `tuple` for any tuple."""
        inner = [a for a in get_args(self.type) if a is not type(None)] if self.optional else []
        plain = inner[0] if inner else self.type
        return get_origin(plain) or plain

    @property
    def allowed(self) -> str:
        """The allowed values as text, e.g. `between 64 and 8192 pixels`; empty for any value."""
        rules, unit = self.rules, f" {self.rules.unit}" if self.rules.unit else ""
        low, high = rules.range
        if rules.above is not None:
            return f"above {rules.above:g}{unit}"
        if low is not None and high is not None:
            return f"between {low} and {high}{unit}"
        if low is not None:
            return f"at least {low}{unit}"
        return f"at most {high}{unit}" if high is not None else ""


def option(
    default: Any = MISSING,
    *,
    factory: Any = MISSING,
    range: Range = (None, None),
    above: float | None = None,
    choices: tuple[str, ...] = (),
    unit: str = "",
    role: Role = "",
    flags: tuple[str, ...] | None = None,
    argument: bool = False,
    metavar: str = "",
    unset: str = "",
    parse: Callable[[Any], Any] | None = None,
    check: Callable[[Any], object] | None = None,
) -> Any:
    """A dataclass field with the rules of an option.

    Args:
        default: The value if nothing is set; without one the option is required.
        factory: A function that returns the default, for mutable ones.
        range: The least and the greatest number allowed; None for no bound.
        above: An exclusive lower bound.
        choices: The allowed strings, for a tuple those of its items.
        unit: Of the number, e.g. `pixels`.
        role: `count` (multiplied by `--scale`) or `path` (not published).
        flags: Names of the flag, by default made from the field's name; `()` for no flag.
        argument: Whether the command takes it as an argument instead of a flag.
        metavar: The flag's value in the help, e.g. `WIDTHxHEIGHT`.
        unset: What the default means, if it is None or empty.
        parse: Reads the value of a flag or recipe, in place of the conversion by type.
        check: Raises `UsageError` for a value that is not allowed.
    """
    rules = Rules(range, above, choices, unit, role, flags, argument, metavar, unset, parse, check)
    metadata = {_KEY: rules}
    if factory is not MISSING:
        return dataclasses.field(default_factory=factory, metadata=metadata)
    return dataclasses.field(default=default, metadata=metadata)


def options_of(options_type: type[Any]) -> Mapping[str, Option]:
    """The options of a dataclass by name, in order; fields without rules allow any value."""
    hints = typing.get_type_hints(options_type)
    return {
        field.name: Option(
            field.name,
            hints[field.name],
            field.default if field.default_factory is MISSING else field.default_factory(),
            field.metadata.get(_KEY, Rules()),
        )
        for field in dataclasses.fields(options_type)
    }


def with_role(options_type: type[Any], role: Role) -> tuple[str, ...]:
    """The names of the options with a role."""
    options = options_of(options_type).values()
    return tuple(option.name for option in options if option.rules.role == role)


def help_texts(options_type: type[Any]) -> Mapping[str, str]:
    """The docstrings below the fields of a dataclass, read from its source; each as one line."""
    try:
        source = textwrap.dedent(inspect.getsource(options_type))
    except (OSError, TypeError):
        return {}
    (definition,) = ast.parse(source).body
    texts = {}
    for field, text in pairwise(getattr(definition, "body", ())):
        match field, text:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(str(value))):
                texts[name] = " ".join(value.split())
    return texts


def from_plain(options_type: type[Any], data: Any, where: str) -> Any:
    """An instance of a dataclass from a mapping of plain values; `where` names it in errors.

    Raises:
        UsageError: an unknown key (with the nearest known one), or a value that is not allowed.
    """
    if not isinstance(data, Mapping):
        raise UsageError(f"{where} must be a mapping, not {data!r}")
    options = options_of(options_type)
    values = {}
    for key, value in data.items():
        if key not in options:
            raise UsageError(f"unknown key {where}.{key}", nearest(str(key), options))
        values[key] = read_value(options[key], value, f"{where}.{key}")
    return options_type(**values)


def read_value(option: Option, value: Any, where: str) -> Any:
    """A value from a flag, `--set` or a recipe file as the option's type.

    `where` names the flag or key in errors.

    Raises:
        UsageError: the value has another type, or is not allowed.
    """
    parse = option.rules.parse
    read = parse(value) if parse else convert(option.type, value, where)
    check_value(option, read, where)
    return read


def check_values(options: Any, prefix: str = "") -> None:
    """Check every field of a dataclass instance; `prefix` precedes its name in errors.

    Raises:
        UsageError: a value is not allowed.
    """
    for name, option in options_of(type(options)).items():
        check_value(option, getattr(options, name), f"{prefix}{name}")


def check_value(option: Option, value: Any, where: str) -> None:
    """Check one value against the option's rules.

    Raises:
        UsageError: the value is not allowed.
    """
    rules = option.rules
    if value is None or (option.default is not MISSING and value == option.default):
        return
    for item in value if isinstance(value, tuple) else (value,):
        if rules.choices and item not in rules.choices:
            raise UsageError(f"{where} cannot be {item!r}", nearest(str(item), rules.choices))
        if not _in_range(rules, item):
            raise UsageError(f"{where} must be {option.allowed}, not {item}")
    if rules.check:
        try:
            rules.check(value)
        except UsageError as error:
            raise UsageError(f"{where}: {error.message}", error.hint) from error


def convert(wanted: Any, value: Any, where: str) -> Any:
    """A plain value as the type `wanted`; strings (of flags and `--set`) are parsed.

    Raises:
        UsageError: the value has another type.
    """
    origin = get_origin(wanted)
    if origin in (Union, types.UnionType):
        if value is None or value in ("none", "null"):
            return None
        (inner,) = (a for a in get_args(wanted) if a is not type(None))
        return convert(inner, value, where)
    if origin is tuple:
        items = value.split(",") if isinstance(value, str) else value
        if not isinstance(items, list | tuple):
            raise UsageError(f"{where} must be a list, not {value!r}")
        return tuple(convert(get_args(wanted)[0], item, where) for item in items)
    if wanted is bool:
        words = {"true": True, "false": False, "yes": True, "no": False}
        if isinstance(value, str) and value.lower() in words:
            return words[value.lower()]
    elif wanted in (int, float) and not isinstance(value, bool):
        try:
            number = wanted(value)
            if wanted is float or float(number) == float(value):
                return number
        except (TypeError, ValueError, OverflowError):
            pass
    if wanted in (str, bool) and isinstance(value, wanted):
        return value
    raise UsageError(f"{where} must be of type {wanted.__name__}, not {_shown(value)}")


def _shown(value: Any) -> str:
    """A value for a message; Python refuses to print very long numbers."""
    try:
        return repr(value)[:200]
    except ValueError:
        return "a very long number"


def _in_range(rules: Rules, value: Any) -> bool:
    """Whether a number is in the range; False for NaN."""
    low, high = rules.range
    if rules.above is not None and not value > rules.above:
        return False
    if low is not None and not value >= low:
        return False
    return high is None or bool(value <= high)
