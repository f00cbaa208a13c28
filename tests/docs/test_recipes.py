"""The recipes of docs/recipes.md are planned as they stand there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from tests.tools.plain_pdfs import write_pdfs
from vary_data import __version__
from vary_data.cli import group
from vary_data.engine.recipe_file import KEYS, PACKAGED

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "recipes.md").read_text("utf-8")
ONE, SEVERAL = re.findall(r"^```yaml\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


def test_one_configuration(tmp_path: Path) -> None:
    (tmp_path / "charts.yaml").write_text(ONE)
    done = CliRunner().invoke(group, ["run", str(tmp_path / "charts.yaml"), "--dry-run"])
    assert "charts-zh: 1,000 tasks" in done.output, done.exception
    flags = ["--config", str(tmp_path / "charts.yaml"), "-n", "50", "--dry-run"]
    done = CliRunner().invoke(group, ["render-charts", *flags, "--set", "options.size=800x600"])
    assert "charts-zh: 50 tasks" in done.output, done.exception


def test_several_configurations(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_pdfs(tmp_path / "pdfs", {"a.pdf": ["One page."]})
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.yaml").write_text(
        SEVERAL.replace("  - generator: latex", "  - generator: pages").replace(
            '["{samples}"]', '["{pdfs}"]'
        )
    )
    line = ["run", "mine.yaml", "--var", f"pdfs={tmp_path / 'pdfs'}", "--dry-run"]
    done = CliRunner().invoke(group, line)
    names = [text.partition(":")[0] for text in done.stdout.splitlines()]
    assert names == ["charts-en", "charts-zh", "pages-en", "papers"], done.exception


def test_the_page_names_all_keys_and_packaged_recipes() -> None:
    for name in (*KEYS, *PACKAGED):
        assert f"`{name}`" in PAGE


def test_the_citation_names_this_version() -> None:
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    assert citation["version"] == __version__
    assert {"cff-version", "message", "title", "authors"} <= set(citation)
