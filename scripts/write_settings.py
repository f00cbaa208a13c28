"""Writes docs/settings.md from the options that recipes and generators declare."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from vary_data.base.options import Option, help_texts, options_of  # noqa: E402
from vary_data.cli.flags import MAX_LISTED_CHOICES, default_text, flag_names  # noqa: E402
from vary_data.engine.recipe import Recipe  # noqa: E402
from vary_data.generators import GENERATORS, load  # noqa: E402

FILE = ROOT / "docs" / "settings.md"
HEAD = """# Settings

Written by `make settings` from the declarations in the code; edit those, not this page.

A setting is a flag of its command, a key of a recipe file, or `--set KEY=VALUE`. All three are
checked by the same rules. Settings of a generator are below `options:` in a recipe file, so
`--set options.dpi=150`. `--scale` of `vary-data run` multiplies those with the role *count*;
published recipes have variables in place of those with the role *path*.
"""


def document() -> str:
    """The text of docs/settings.md."""
    parts = [HEAD, "## Every recipe\n", *_table(Recipe, skipped=("options",))]
    for name in sorted(GENERATORS):
        parts += [f"\n## {name}\n", *_table(load(name).Options)]
    return "\n".join(parts) + "\n"


def _table(options_type: type[Any], skipped: tuple[str, ...] = ()) -> Iterator[str]:
    yield "| key | flag | default | allowed | meaning |"
    yield "| --- | --- | --- | --- | --- |"
    texts = help_texts(options_type)
    for option in options_of(options_type).values():
        if option.name not in skipped:
            cells = (f"`{option.name}`", _flag(option), default_text(option), _allowed(option))
            role = f" (*{option.rules.role}*)" if option.rules.role else ""
            yield f"| {' | '.join(cells)} | {texts[option.name]}{role} |".replace("  ", " ")


def _flag(option: Option) -> str:
    if option.rules.argument:
        return f"argument {option.name.upper()}"
    return ", ".join(f"`{name}`" for name in flag_names(option))


def _allowed(option: Option) -> str:
    choices = option.rules.choices
    if len(choices) > MAX_LISTED_CHOICES:
        return "known names"
    return ", ".join(f"`{choice}`" for choice in choices) or option.allowed


if __name__ == "__main__":
    FILE.write_text(document(), encoding="utf-8")
