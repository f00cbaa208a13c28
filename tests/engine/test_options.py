"""Options are declared once: flags, `--set` and recipe files check alike; scale and help follow."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner

from vary_data.base.errors import UsageError
from vary_data.base.options import help_texts, option, options_of, with_role
from vary_data.cli.flags import flags, option_flags
from vary_data.engine.recipe import Recipe
from vary_data.generators import GENERATORS, load


@dataclass(frozen=True)
class Options:
    count: int = option(10, range=(1, None), role="count")
    """Number of samples."""
    side: int = option(640, range=(64, 4096), unit="pixels")
    """Longer side
    of the image."""
    share: float = option(0.5, above=0)
    color: str = option("red", choices=("red", "green"))
    parts: tuple[str, ...] = option((), choices=("tables", "formulas"))
    folders: tuple[str, ...] = option((), role="path")
    limit: int | None = option(None, range=(1, 5))
    plain: int = 3


BAD_VALUES = [
    ("side", "63", "must be between 64 and 4096 pixels, not 63"),
    ("side", "wide", "must be of type int, not 'wide'"),
    ("count", "0", "must be at least 1, not 0"),
    ("share", "0", "must be above 0, not 0.0"),
    ("share", "nan", "must be above 0, not nan"),
    ("color", "gren", "cannot be 'gren'; did you mean 'green'?"),
    ("parts", "tables,words", "cannot be 'words'; known: formulas, tables"),
    ("limit", "6", "must be between 1 and 5, not 6"),
]


def recipe(**options: Any) -> Recipe:
    return Recipe.from_dict(
        {"generator": "k", "name": "n", "lang": "en", "options": options}, Options
    )


@click.command()
@flags(*option_flags(Options))
def command(**values: Any) -> None:
    click.echo({name: value for name, value in values.items() if value is not None})


@pytest.mark.parametrize(("name", "value", "message"), BAD_VALUES)
def test_flags_and_recipes_refuse_the_same_values(name: str, value: str, message: str) -> None:
    with pytest.raises(UsageError) as error:
        recipe(**{name: value})
    assert str(error.value) == f"options.{name} {message}"
    with pytest.raises(UsageError) as error:
        command.main([f"--{name}", value], standalone_mode=False)
    assert str(error.value) == f"--{name} {message}"


def test_a_recipe_made_in_python_is_checked() -> None:
    with pytest.raises(UsageError, match=r"options\.side must be between"):
        Recipe("k", "n", "en", Options(side=5))


def test_flags_have_the_values_of_a_recipe() -> None:
    arguments = "--side 100 --parts tables,formulas --folders a --folders b --limit none"
    result = CliRunner().invoke(command, arguments.split(), standalone_mode=False)
    assert result.output == (
        "{'side': 100, 'parts': ('tables', 'formulas'), 'folders': ('a', 'b')}\n"
    )


def test_help_has_docstring_default_and_range() -> None:
    assert help_texts(Options) == {
        "count": "Number of samples.",
        "side": "Longer side of the image.",
    }
    text = " ".join(CliRunner().invoke(command, ["--help"]).output.split())
    assert (
        "--side PIXELS Longer side of the image. [default: 640; between 64 and 4096 pixels]" in text
    )
    assert "--color [red|green] [default: red]" in text


def test_options_of_role_count_are_scaled() -> None:
    scaled = recipe(count=1000).scaled(0.01)
    assert scaled.options == Options(count=10)
    assert recipe(count=3).scaled(0.001).options.count == 1
    imported = Recipe("import", "n", "en", load("import").Options(dataset="vary"))
    assert imported.scaled(0.5).options.max_rows == 0  # all rows


def test_roles_of_the_generators() -> None:
    roles = {
        name: (with_role(load(name).Options, "count"), with_role(load(name).Options, "path"))
        for name in GENERATORS
    }
    assert roles == {
        "render-charts": (("num_samples",), ("corpus", "fonts")),
        "pages": ((), ("src",)),
        "web-pages": (("num_samples",), ("corpus", "fonts", "coco")),
        "latex": ((), ("src",)),
        "crop": ((), ("dataset",)),
        "retarget": ((), ("source", "rephrased")),
        "negatives": (("n",), ("coco", "coco_text")),
        "semantic-charts": (("num_samples",), ("records", "fonts")),
        "import": ((), ("src", "images")),
        "mix": ((), ("mixture",)),
        "degrade": ((), ("dataset", "backgrounds")),
        "select": ((), ("selection",)),
    }


@pytest.mark.parametrize("name", [*GENERATORS])
def test_every_option_of_a_generator_has_a_help_text(name: str) -> None:
    options_type = load(name).Options
    assert list(help_texts(options_type)) == list(options_of(options_type))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--dpi", "1000"], "error: --dpi must be between 36 and 600, not 1000\n"),
        (
            ["--set", "options.dpi=1000"],
            "error: options.dpi must be between 36 and 600, not 1000\n",
        ),
        (["--config", "dpi.yaml"], "error: options.dpi must be between 36 and 600, not 1000\n"),
        (["--splits", "a=0.5"], "error: --splits: the shares of the splits add up to 0.5\n"),
        (["--config", "old.yaml"], "error: the recipe key 'kind' is now 'generator'\n"),
    ],
)
def test_a_command_refuses_a_value_in_one_line(
    tmp_path: Path, arguments: list[str], message: str
) -> None:
    (tmp_path / "dpi.yaml").write_text("generator: pages\noptions: {src: [.], dpi: 1000}")
    (tmp_path / "old.yaml").write_text("kind: pages\noptions: {src: [.]}")
    done = subprocess.run(
        [sys.executable, "-m", "vary_data", "pages", "--src", ".", *arguments],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 2
    assert done.stderr.startswith(message)
    assert len(done.stderr.splitlines()) <= 2  # a hint may follow
