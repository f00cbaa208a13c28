"""Charts in other languages than English and Chinese, from the recipe to what reads their rows."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from renderers import fonts
from renderers.languages.registry import language
from trainer.evaluation.metrics.normalize import layout
from trainer.evaluation.tasks import chart_dict
from vary_data import generate, make_recipe, open_dataset, validate
from vary_data.base.errors import UsageError
from vary_data.dataset.schema import LANGUAGES
from vary_data.quality.validate.truth import check_truth
from vary_data.sources.corpus import chart_languages
from vary_data.sources.llm.prompt import request_body
from vary_data.sources.llm.topics import grid
from vary_data.targets.charts.chart import chart_of
from vary_data.targets.charts.source_code import columns_of
from vary_data.targets.target import targets


@pytest.fixture(scope="module")
def german(tmp_path_factory):
    """Four charts in German."""
    if not fonts.families("de"):
        pytest.skip("no font for German is installed")
    out = tmp_path_factory.mktemp("german")
    recipe = make_recipe(
        "render-charts",
        lang="de",
        num_samples=4,
        types=("bar", "line"),
        panels=0,
        annotations=0,
        seed=3,
    )
    generate(recipe, out, workers=1)
    return out


def rows_of(out):
    return list(open_dataset(out).config("charts-de").rows())


def test_rows_of_a_german_run_agree_with_their_pictures(german):
    assert validate(german, deep=True).clean
    rows = rows_of(german)
    assert [row["lang"] for row in rows] == ["de"] * 4
    prompts = {m["content"][-1]["text"] for row in rows for m in row["messages"][:1]}
    assert prompts & set(language("de").prompts["dict"]) or len(prompts) == 4


def test_a_moved_mark_is_found_by_the_decimal_comma():
    """On axes with `0,5` a bar of `1,5` that is as high as one of 1.0."""
    ticks = [("y_tick", f"{v},{d}", 195 - 40 * v - 4 * d) for v, d in ((0, 0), (0, 5), (1, 0))]
    ticks.append(("y_tick", "1,5", 135))
    regions = [{"role": "chart", "text": "", "bbox": [0, 0, 200, 220]}]
    regions += [{"role": r, "text": t, "bbox": [0, y, 20, y + 10]} for r, t, y in ticks]
    regions += [{"role": "x_tick", "text": "Tee", "bbox": [40, 205, 60, 215]}]

    def problems(top: float) -> list[str]:
        mark = {"role": "mark", "text": "Tee", "bbox": [40, top, 60, 200]}
        values = [{"path": ["Tee"], "mark": len(regions), "step": "0,1"}]
        truth = dict.fromkeys(("title", "source", "x_title", "y_title"), "None")
        row = {
            "text": repr({**truth, "values": {"Tee": "1,5"}}),
            "format": "dict",
            "lang": "de",
            "kind": "chart",
            "regions": [*regions, mark],
            "messages": [],
        }
        meta = {"type": "bar", "values": values}
        return [p for _, p in check_truth(row, meta) if "pixels off" in p]

    assert not problems(140.0)
    assert problems(160.0)


def test_forms_of_a_german_chart_have_its_numbers(german):
    titles = {"title": "Ernte", "source": "None", "x_title": "None", "y_title": "None"}
    values = {"Nord": "1.234,5 t", "Süd": "-2.310,0 t", "West": "0,5 t"}
    row = {**rows_of(german)[0], "text": repr({**titles, "values": values})}
    row |= {"meta": json.dumps({"type": "bar"}), "regions": []}
    _, (column,) = columns_of(chart_of(row))
    assert column.numbers == ("1234.5", "-2310.0", "0.5")
    (found,) = targets(row, "matplotlib", 0)
    assert "1234.5, -2310.0, 0.5" in found.text
    (found,) = targets(row, "caption", 0)
    assert "Der höchste Wert ist 1.234,5 t (Nord), der niedrigste -2.310,0 t (Süd)." in found.text


def test_scores_read_numbers_by_the_language():
    truth = "{'values': {'A': '1.234,5 €', 'B': '2,5 Mio. €'}}"
    same = "{'values': {'A': '1234,5 €', 'B': '2.500.000 €'}}"
    english = "{'values': {'A': '1.2345 €', 'B': '2.5 €'}}"
    assert chart_dict((truth,), same, layout, lang="de")["rms_f1"].value == pytest.approx(1)
    assert chart_dict((truth,), english, layout, lang="de")["rms_f1"].value < 0.5


def test_copies_and_imports_take_every_language():
    for name in ("mix", "select", "retarget", "crop", "degrade"):
        assert make_recipe(name, lang="ar").lang == "ar"
    assert make_recipe("import", lang="fa", dataset="llava").lang == "fa"
    with pytest.raises(UsageError, match="pages has no Arabic texts"):
        make_recipe("pages", lang="ar")


def test_the_built_in_generator_names_the_language_that_it_lacks():
    from vary_data.generators import load

    generator = load("semantic-charts")
    with pytest.raises(UsageError, match="writes no records in German"):
        generator.tasks(make_recipe("semantic-charts", lang="de"))


@pytest.mark.parametrize("lang", chart_languages())
def test_requests_name_the_language(lang):
    body = request_body(0, grid(lang).topic(0, 0), lang, "model", 2, 0)
    system = body["messages"][0]["content"]
    if lang in LANGUAGES:
        assert "Write every text in" not in system
    else:
        known = language(lang)
        assert f"Write every text in {known.name} ({known.native})" in system


def test_german_records_are_drawn_with_german_numbers(tmp_path: Path) -> None:
    record = {
        "topic": "Handel", "chart_type": "bar", "title": "Umsatz der Filialen", "source": "",
        "x_title": "Filiale", "y_title": "Umsatz", "unit": "€",
        "categories": ["Nord", "Süd", "West"],
        "series": [{"name": "", "values": [12500.5, 13250.25, 9800]}],
    }  # fmt: skip
    path = tmp_path / "records.jsonl"
    path.write_text(json.dumps(record, ensure_ascii=False), encoding="utf-8")
    recipe = make_recipe(
        "semantic-charts", lang="de", records=str(path), num_samples=4, backend="matplotlib"
    )
    generate(recipe, tmp_path / "out", workers=1)
    texts = [row["text"] for row in open_dataset(tmp_path / "out").configs[0].rows()]
    assert len(texts) == 4
    assert any("12.500,50 €" in text for text in texts)
    assert validate(tmp_path / "out", deep=True).clean
