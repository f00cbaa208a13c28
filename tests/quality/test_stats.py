"""Numbers about a dataset that a person can count by hand."""

from __future__ import annotations

import io
import json
import re
import shutil
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from tests.tools.toy_datasets import CHARTS, PAGES, rewrite
from vary_data.cli.stats import command
from vary_data.dataset.reader import Dataset
from vary_data.quality.html import document
from vary_data.quality.stats import collect, page
from vary_data.quality.stats.characters import common_han, count
from vary_data.quality.stats.summary import Distribution, Histogram, RejectionCount, round_step
from vary_data.quality.stats.svg import bars, histogram

TRAIN = f"{CHARTS}/data/train-00000-of-00002.parquet"


def test_counts_of_a_known_dataset(pristine: Path) -> None:
    stats = collect(Dataset.open(pristine))
    assert (stats.samples, stats.documents) == (28, 24)
    assert stats.counts["config"] == {CHARTS: 20, PAGES: 8}
    assert stats.counts["kind"] == {"chart": 20, "page": 8}
    assert stats.counts["type"] == {"bar": 20}
    assert stats.counts["lang"] == {"en": 28}
    assert sum(stats.counts["split"].values()) == 28
    assert stats.bytes == sum(p.stat().st_size for p in pristine.glob("*/data/*"))
    # Of 25 tasks every fifth is lost; of the others every third was drawn twice.
    assert stats.rejections == (
        RejectionCount("overlap", 5, 0, 5, (("labels lie on each other", 5),)),
        RejectionCount("cut", 0, 7, 7, (("the title leaves the picture", 7),)),
    )
    assert stats.height is not None
    assert stats.height.most == 800
    assert stats.text_length["page"].count == 8
    assert stats.characters.han == 0
    speed = stats.speed[CHARTS]
    assert (speed.samples, speed.tasks, speed.failed_tasks) == (20, 25, 5)
    assert speed.per_second == pytest.approx(20 / speed.seconds)
    assert stats.duplicates.rows == 0


def test_repeated_truths_are_named(out: Path) -> None:
    ids: list[str] = []

    def repeat(rows: list[dict[str, Any]]) -> None:
        ids.extend(row["id"] for row in rows[:3])
        for row in rows[1:3]:
            row["text"] = rows[0]["text"]
        rows[3]["text"] = rows[4]["text"] = ""

    rewrite(out / TRAIN, repeat)
    duplicates = collect(Dataset.open(out)).duplicates
    assert (duplicates.rows, duplicates.groups) == (2, 1)
    assert duplicates.largest == (tuple(ids),)


def test_characters_by_script() -> None:
    found = count(set("Straße é 北京 鱻 ，3½\n"))
    assert found.han == 3
    assert found.common_han == 2
    assert found.latin == len(set("Straße é")) - 1
    assert found.other == 3
    assert len(common_han()) == 3755


def test_a_distribution_and_its_bins() -> None:
    spread = Distribution.of(np.array([3, 4, 4, 130]))
    assert (spread.least, spread.median, spread.mean, spread.most) == (3, 4.0, 35.25, 130)
    assert spread.histogram.edges[:3] == (0, 5, 10)
    assert spread.histogram.counts[0] == 3
    assert sum(spread.histogram.counts) == 4


@given(st.lists(st.integers(0, 10**7), min_size=1))
def test_every_value_falls_into_a_bin(values: list[int]) -> None:
    data = Distribution.of(np.array(values)).histogram
    assert sum(data.counts) == len(values)
    assert len(data.counts) == len(data.edges) - 1 <= 32


@given(st.floats(0, 1e9))
def test_steps_are_round(least: float) -> None:
    step = round_step(least)
    assert step >= least
    assert str(step).rstrip("0") in ("1", "2", "5")


def test_bars_are_in_proportion_and_well_formed() -> None:
    root = ElementTree.fromstring(bars([("<a&b>", (30, 10)), ("c", (20,))], 60))
    widths = [float(r.attrib["width"]) + 1 for r in root.iter("{http://www.w3.org/2000/svg}rect")]
    assert widths[0] == pytest.approx(3 * widths[1], abs=0.2)
    assert widths[2] == pytest.approx(2 * widths[1], abs=0.2)
    titles = [t.text for t in root.iter("{http://www.w3.org/2000/svg}title")]
    assert titles == ["<a&b>: 40 · 66.7%", "c: 20 · 33.3%"]


def test_empty_columns_of_a_histogram_are_not_drawn() -> None:
    root = ElementTree.fromstring(histogram(Histogram((0, 10, 20, 30), (4, 0, 2)), "pixels"))
    titles = [t.text for t in root.iter("{http://www.w3.org/2000/svg}title")]
    assert titles == ["0 to 9 pixels: 4", "20 to 29 pixels: 2"]


def test_the_command_prints_tables_json_and_a_page(pristine: Path, tmp_path: Path) -> None:
    result = CliRunner().invoke(command, [str(pristine)])
    assert result.exit_code == 0
    assert re.search(r"toys-en\s+20\s+71\.4%", result.output)
    assert re.search(r"cut\s+0\s+7\s+7", result.output)
    target = tmp_path / "stats.html"
    result = CliRunner().invoke(command, [str(pristine), "--json", "--page", str(target)])
    data = json.loads(result.output)
    assert data["samples"] == 28
    assert data["speed"][PAGES]["samples"] == 8
    assert "http" not in target.read_text().replace("http://www.w3.org/2000/svg", "").replace(
        "http-equiv", ""
    )


def test_nothing_finished_gives_zeros_and_a_page(out: Path) -> None:
    for shard in out.glob("*/data/*"):
        shard.unlink()
    stats = collect(Dataset.open(out))
    assert stats.samples == 0
    assert "<h1>out</h1>" in page(stats)
    assert CliRunner().invoke(command, [str(out)]).exit_code == 0


def test_missing_and_damaged_shards_are_named(out: Path) -> None:
    assert collect(Dataset.open(out)).missing_shards == {}
    assert "missing" not in CliRunner().invoke(command, [str(out)]).output
    first, second = sorted(out.glob(f"{CHARTS}/data/train-*"))
    first.unlink()
    second.write_bytes(second.read_bytes()[:1000])
    stats = collect(Dataset.open(out))
    assert stats.missing_shards == {CHARTS: 2}
    assert "; 2 shards are missing" in page(stats)
    said = CliRunner().invoke(command, [str(out)]).output
    assert re.search(r"shards missing from toys-en\s+2\b", said)
    assert json.loads(CliRunner().invoke(command, [str(out), "--json"]).output)[
        "missing_shards"
    ] == {CHARTS: 2}


def test_names_are_escaped() -> None:
    html = document("<script>x", "<p></p>", "p{}", "", {"a": "</script>"})
    assert "<title>&lt;script&gt;x</title>" in html
    assert html.count("</script>") == 1


@pytest.mark.skipif(shutil.which("chromium") is None, reason="Chromium is not installed")
def test_the_page_in_a_real_browser(pristine: Path, tmp_path: Path) -> None:
    from playwright.sync_api import sync_playwright

    target = tmp_path / "stats.html"
    target.write_text(page(collect(Dataset.open(pristine))), encoding="utf-8")
    trouble: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        tab = browser.new_page()
        tab.on("console", lambda message: trouble.append(message.text))
        tab.goto(target.as_uri())
        assert tab.locator("section").count() >= 7
        bar = tab.locator("svg.bars rect").first
        assert bar.evaluate("bar => getComputedStyle(bar).fill") == "rgb(42, 120, 214)"
        browser.close()
    assert trouble == []


def test_tables_keep_labels_and_figures_at_80_columns(pristine: Path) -> None:
    from dataclasses import replace

    from rich.console import Console

    from vary_data.quality.stats import tables

    name = "charts-of-the-national-statistics-office-zh"
    stats = collect(Dataset.open(pristine))
    (speed, *_) = stats.speed.values()
    large = replace(speed, samples=12_345_678, tasks=12_345_678, failed_tasks=1_234_567)
    ids = tuple(f"{name}-{i:032d}" for i in range(3))
    repeated = replace(stats.duplicates, rows=2, groups=1, largest=(ids,))
    stats = replace(stats, speed={name: replace(large, seconds=7_654_321.5)}, duplicates=repeated)
    console = Console(width=80, record=True, file=io.StringIO())
    for table in tables(stats):
        console.print(table)
    lines = console.export_text().splitlines()
    assert max(map(len, lines)) <= 80
    assert lines[1].split() == ["samples", f"{stats.samples:,}"]
    assert "".join(line[18:].strip() for line in lines).count(ids[0]) == 1, "to copy it"
    (at,) = [i for i, line in enumerate(lines) if "12,345,678" in line]
    label, *figures = lines[at].split()
    assert figures == ["12,345,678", "12,345,678", "1,234,567", "7,654,321.5", "1.6"]
    assert len(label) >= 18
    assert "".join([label, *(line.strip() for line in lines[at + 1 : at + 3])]) == name
