from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from renderers.latex import prepare, specimen, style, template
from renderers.latex.engine import Engine, EngineMissing
from renderers.latex.faces import read_widths, tfm
from renderers.latex.pages import Page, verified_pages
from renderers.latex.typeset import typeset

TEMPLATES = template.load()


def test_every_file_has_an_entry_and_every_entry_a_file() -> None:
    files = {path.stem for path in template.FOLDER.glob("*.tex")}
    assert files == set(TEMPLATES)


def test_there_are_enough_templates_of_both_languages() -> None:
    languages = [t.lang for t in TEMPLATES.values()]
    assert languages.count("en") >= 12
    assert languages.count("zh") >= 5
    assert len({t.cjk for t in TEMPLATES.values() if t.cjk}) >= 4
    assert {t.columns for t in TEMPLATES.values()} == {1, 2, 3}


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_sets_every_kind_of_block(name: str, engine: Engine, tmp_path: Path) -> None:
    chosen = TEMPLATES[name]
    set_and_verify(chosen, engine, tmp_path)


def set_and_verify(chosen: template.Template, engine: Engine, folder: Path) -> None:
    document = specimen.chinese() if chosen.lang == "zh" else specimen.english()
    look = style.sample(chosen, np.random.default_rng(7))
    blocks = prepare.prepare(document, look)
    try:
        setting = typeset(
            engine, chosen, blocks, look, folder, "A running head"[: 99 * (chosen.lang == "en")]
        )
    except EngineMissing as e:
        pytest.skip(str(e))
    assert {p.reason for p in setting.dropped.values()} <= {"too-wide"}
    assert len(setting.dropped) <= 1
    results = list(verified_pages(setting, look, 400))
    assert all(isinstance(r, Page) for r in results), results


def test_an_unknown_key_of_the_manifest_is_named(tmp_path: Path) -> None:
    (tmp_path / "mine.tex").write_text("\\documentclass{article}")
    (tmp_path / "manifest.yaml").write_text(
        "mine: {margins: {horizontal: [1, 2], vertical: [1, 2]}, sizes: [10], font: x}"
    )
    with pytest.raises(template.TemplateError, match=r"entry mine: .*font"):
        template.load(tmp_path)


def test_metrics_come_back_as_written() -> None:
    widths = {0: 1.0, 7: 0.5, 255: 1.0}
    assert read_widths(tfm(widths)) == widths
