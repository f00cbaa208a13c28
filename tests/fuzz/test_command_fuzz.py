"""No flag and no recipe ends with a traceback."""

from __future__ import annotations

import os
import sys
import time
import warnings
from pathlib import Path

import pytest
from click.testing import CliRunner

from renderers.latex.renderer import LatexRenderer
from tests.fuzz.commands import run_seed
from trainer.cli import group as trainer_group
from trainer.errors import SettingsError
from vary_data.base.errors import UsageError
from vary_data.cli import group

FAST = 60


@pytest.fixture(autouse=True)
def no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)


@pytest.fixture(autouse=True)
def templates_are_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a new machine TeX takes minutes to measure the templates; nothing here depends on it."""
    monkeypatch.setattr(LatexRenderer, "coverage", lambda self, template: None)


@pytest.mark.parametrize("part", range(3))
def test_some_command_lines_and_recipes(part: int, tmp_path: Path) -> None:
    for number in range(part * FAST // 3, (part + 1) * FAST // 3):
        run_seed(f"fast-{number}", tmp_path)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("configurations: []\ndefaults: []\nvariables: [1]", "`variables` must be a mapping"),
        ("configurations: []\ndefaults: a", "`defaults` must be a mapping"),
        ("configurations: []\noutput: 5", "`output` must be a folder or URL, not 5"),
        ("configurations: [{generator: pages, seed: 2024-01-01}]", "is no plain data"),
        ("generator: pages\noptions: [1]", "must be a mapping"),
    ],
)
def test_what_the_fuzz_found_in_recipes(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "recipe.yaml").write_text(text)
    done = CliRunner().invoke(group, ["run", str(tmp_path / "recipe.yaml"), "--dry-run"])
    assert isinstance(done.exception, UsageError)
    assert message in str(done.exception)


@pytest.mark.parametrize(
    ("override", "message"),
    [
        ("data.augment=" + "9" * 5000, "cannot be read as YAML"),
        ("warm_up.isolated=1" + "0" * 400, "cannot be read as YAML"),
        ("warm_up.isolated=0x" + "f" * 5000, "cannot be read as YAML"),
        ("optim.lr=nan", "expected a number"),
        ("warm_up.batch_sizes=8", "expected a list, for example [8, 4]"),
    ],
)
def test_what_the_fuzz_found_in_settings(override: str, message: str) -> None:
    done = CliRunner().invoke(trainer_group, ["tiny", "--print-config", override])
    assert isinstance(done.exception, SettingsError)
    assert message in str(done.exception)


@pytest.mark.fuzz
@pytest.mark.timeout(7200)
def test_command_lines_and_recipes(tmp_path: Path) -> None:
    end = time.process_time() + float(os.environ.get("VARY_FUZZ_SECONDS", "20"))
    seed = os.environ.get("VARY_FUZZ_SEED", "1")
    number = 0
    while time.process_time() < end:
        number += 1
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            run_seed(f"{seed}-{number}", tmp_path)
    print(f"commands: {number:,} inputs of each kind", file=sys.stderr)
