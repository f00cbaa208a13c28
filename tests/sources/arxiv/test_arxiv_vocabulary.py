"""The data tables of TeX commands: every row is loaded, and a wrong row is an error."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Literal

import pytest

from renderers.latex import characters, data_table, math_commands
from renderers.latex.blocks import Text
from renderers.latex.data_table import TableError, read_table
from vary_data.sources.arxiv.references.references import References
from vary_data.sources.arxiv.text import spans, special_commands
from vary_data.sources.arxiv.vocabulary import (
    definitions,
    environments,
    formula_commands,
    table_commands,
    text_commands,
    units,
)
from vary_data.sources.arxiv.vocabulary.load import commands_by_name
from vary_data.sources.arxiv.vocabulary.text_commands import TextCommand

TABLES = {
    "block_commands": environments.BLOCK_COMMANDS,
    "column_types": table_commands.COLUMN_TYPES,
    "conditionals": definitions.CONDITIONALS,
    "environments": environments.ENVIRONMENTS,
    "formula_characters": formula_commands.LISTED_CHARACTERS,
    "formula_commands": formula_commands.COMMANDS,
    "formula_environments": formula_commands.ENVIRONMENTS,
    "protected_commands": definitions.PROTECTED,
    "registers": definitions.REGISTERS,
    "table_commands": table_commands.BETWEEN_ROWS,
    "text_commands": text_commands.COMMANDS,
    "theorems": environments.THEOREMS,
    "units": units.PREFIXES | units.UNITS,
    "verbatim_environments": environments.VERBATIM,
}
FOLDER = files("vary_data.sources.arxiv.vocabulary")


def test_every_table_is_tested() -> None:
    names = {path.name.removesuffix(".tsv") for path in FOLDER.iterdir() if ".tsv" in path.name}
    assert names == TABLES.keys()


@pytest.mark.parametrize("name", TABLES)
def test_no_row_is_dropped_when_a_table_is_loaded(name: str) -> None:
    header, *lines = (FOLDER / f"{name}.tsv").read_text("utf-8").splitlines()
    assert len(TABLES[name]) == len(lines)
    keys = [line.split("\t")[0] for line in lines]
    if "star" not in header.split("\t"):
        assert len(set(keys)) == len(keys)
    assert not [key for key in keys if len(key) > 1 and key.endswith("*")] or name in (
        "environments",
        "formula_environments",
        "verbatim_environments",
    ), "a starred form is a row of its own with `always` in the column star"


def test_every_special_command_has_a_function_and_the_other_way_round() -> None:
    special = {name for name, row in text_commands.COMMANDS.items() if row.action == "special"}
    assert special == special_commands.SPECIAL_COMMANDS.keys()


@pytest.mark.parametrize(
    "row",
    [*text_commands.COMMANDS.values(), *environments.BLOCK_COMMANDS.values()],
    ids=lambda row: row.command,
)
def test_arguments_are_letters_of_the_signature(
    row: TextCommand | environments.BlockCommand,
) -> None:
    assert set(row.arguments) <= set("omdT")


def test_styles_are_known() -> None:
    styles = {
        row.value
        for row in text_commands.COMMANDS.values()
        if row.action in ("style", "declaration")
    }
    known = {
        "bold",
        "italic",
        "mono",
        "plain",
        "upright",
        "medium",
        "upper",
        "lower",
        "quote",
        "underline",
        "",
    }
    assert styles <= known


def test_code_points_carry_their_unicode_name() -> None:
    for table in (
        read_table(FOLDER / "formula_characters.tsv", formula_commands.FormulaCharacter),
        read_table(files("renderers.latex") / "characters.tsv", characters.Character),
    ):
        for row in table:
            character = chr(int(row.code_point.removeprefix("U+"), 16))
            assert row.name == unicodedata.name(character).lower()


def test_the_renderer_s_tables_are_loaded_whole() -> None:
    folder = files("renderers.latex")
    rows = (folder / "math_commands.tsv").read_text("utf-8").splitlines()[1:]
    assert len(math_commands.COMMANDS) == len(math_commands.KNOWN) == len(rows)
    rows = (folder / "characters.tsv").read_text("utf-8").splitlines()[1:]
    assert len(characters.SYMBOLS) == len(rows)


def read(source: str, *rows: TextCommand) -> str:
    """The text of a source, read with rows added to the table of text commands."""
    commands = commands_by_name([*text_commands.COMMANDS.values(), *rows])
    reader = spans.SpanReader(References({}, {}), commands=commands)
    return "".join(span.text for span in reader.read(source) if isinstance(span, Text))


def test_a_row_for_a_starred_command_works_next_to_the_unstarred_one() -> None:
    plain = TextCommand("gap", "never", "m", "drop", "", True)
    starred = TextCommand("gap", "always", "mm", "drop", "", True)
    assert read(r"a\gap{1}b\gap*{2}{3}c", plain, starred) == "abc"


def test_vspace_takes_a_star() -> None:
    assert text_commands.COMMANDS["vspace"].star == "optional"
    assert read(r"a\vspace{1em}b\vspace*{2em}c") == "abc"


def test_a_starred_row_of_vspace_is_used(tmp_path: Path) -> None:
    header = (FOLDER / "text_commands.tsv").read_text("utf-8").splitlines()[0]
    path = tmp_path / "text_commands.tsv"
    path.write_text(
        f"{header}\nvspace\tnever\tm\tdrop\tnone\tno\nvspace\talways\tm\tsymbol\t!\tno\n", "utf-8"
    )
    commands = commands_by_name(read_table(path, TextCommand, ("command", "star")))
    assert commands.keys() == {"vspace", "vspace*"}
    reader = spans.SpanReader(References({}, {}), commands=commands)
    assert reader.read(r"a\vspace{b}c\vspace*d") == (Text("ac!d"),)


def test_two_rows_for_one_form_of_a_command_are_an_error() -> None:
    row = TextCommand("gap", "never", "m", "drop", "", True)
    other = TextCommand("gap", "optional", "m", "drop", "", True)
    with pytest.raises(TableError, match="two rows for"):
        commands_by_name([row, other])


@dataclass(frozen=True)
class Row:
    name: str
    kind: Literal["a", "b"]
    count: int
    active: bool


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (["name\tkind\tcount"], "header must be name kind count active"),
        (["name\tkind\tcount\tactive", "x\ta\t1"], "line 2: 3 cells, not 4"),
        (["name\tkind\tcount\tactive", "x\ta\t1\t"], "line 2, column active: the cell is empty"),
        (["name\tkind\tcount\tactive", "x\tc\t1\tyes"], "column kind: 'c' is none of a, b"),
        (["name\tkind\tcount\tactive", "x\ta\tmany\tyes"], "column count: 'many' is not a number"),
        (["name\tkind\tcount\tactive", "x\ta\t1\tmaybe"], "'maybe' is not yes or no"),
        (
            ["name\tkind\tcount\tactive", "x\ta\t1\tyes", "x\tb\t2\tno"],
            "line 3: .'x',. is already in the table",
        ),
    ],
)
def test_a_wrong_table_is_an_error_that_names_the_line(
    tmp_path: Path, lines: list[str], message: str
) -> None:
    path = tmp_path / "rows.tsv"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    with pytest.raises(data_table.TableError, match=message):
        read_table(path, Row)


def test_a_table_is_read_with_its_types(tmp_path: Path) -> None:
    path = tmp_path / "rows.tsv"
    path.write_text("name\tkind\tcount\tactive\n<space>\ta\t1\tyes\nnone\tb\t20\tno\n", "utf-8")
    assert read_table(path, Row) == (Row(" ", "a", 1, True), Row("", "b", 20, False))
