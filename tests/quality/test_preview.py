"""The preview page: the choice of samples, the embedded data, and the page in Chromium."""

from __future__ import annotations

import base64
import io
import json
import re
import shutil
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image

from tests.tools.toy_datasets import CHARTS, PAGES, rewrite
from vary_data.base.errors import SourceError
from vary_data.cli.preview import command
from vary_data.dataset.reader import Dataset
from vary_data.quality import html as html_page
from vary_data.quality.preview import page
from vary_data.quality.preview.choose import choose
from vary_data.quality.preview.entry import json_size, picture

preview_page = sys.modules["vary_data.quality.preview.page"]
HOSTILE = '</script><img src=x onerror="document.title=1">\u2028<!--{{7*7}}'


def embedded(html: str) -> Any:
    match = re.search(r'<script type="application/json" id="data">(.*?)</script>', html, re.S)
    assert match
    return json.loads(match[1])


def png(width: int, height: int, noise: bool = False) -> bytes:
    pixels = np.zeros((height, width, 3), np.uint8)
    if noise:
        pixels[:] = np.random.default_rng(0).integers(0, 256, pixels.shape)
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, "PNG")
    return stream.getvalue()


def test_configurations_take_turns_and_a_seed_repeats_itself(pristine: Path) -> None:
    dataset = Dataset.open(pristine)
    places = choose(dataset, 10, seed=0)
    assert [place.config for place in places] == [PAGES, CHARTS] * 5
    assert choose(dataset, 10, seed=0) == places
    assert choose(dataset, 10, seed=1) != places
    assert len(set(choose(dataset, 1000, seed=0))) == 28


def test_the_page_holds_rows_as_they_are(pristine: Path) -> None:
    data = embedded(page(Dataset.open(pristine), 28))
    assert {c["name"]: c["samples"] for c in data["configs"]} == {CHARTS: 20, PAGES: 8}
    for sample in data["samples"]:
        config = next(c for c in Dataset.open(pristine).configs if c.name == sample["config"])
        row = config.find(sample["id"])
        assert row is not None
        assert sample["text"] == row["text"]
        assert sample["about"]["seed"] == str(row["seed"])
        assert len(sample["regions"]) == len(row["regions"])
        mime, _, data_uri = sample["image"].partition(";base64,")
        assert mime in ("data:image/png", "data:image/jpeg")
        assert base64.b64decode(data_uri) == row["image"]["bytes"]
    chart = next(s for s in data["samples"] if s["kind"] == "chart")
    assert chart["type"] == "bar"
    assert chart["truth"]["title"].startswith("Harvest in")


def test_a_large_picture_is_scaled_into_its_share() -> None:
    data = png(600, 480, noise=True)
    uri, ground = picture({"bytes": data}, 20_000)
    assert re.fullmatch(r"rgb\(\d+ \d+ \d+\)", ground)
    assert uri.startswith("data:image/webp;base64,")
    small = base64.b64decode(uri.partition(",")[2])
    assert len(small) <= 20_000
    with Image.open(io.BytesIO(small)) as image:
        assert image.width / image.height == pytest.approx(1.25, abs=0.01)


def test_what_is_no_picture_is_left_out() -> None:
    assert picture({"bytes": b"GIF89a"}, 1000) == ("", "")
    assert picture({"bytes": png(50, 50, noise=True)[:2000]}, 1000) == ("", "")
    assert picture({}, 1000) == ("", "")


def test_nothing_finished_is_said_so(out: Path) -> None:
    for shard in out.glob("*/data/*"):
        shard.unlink()
    with pytest.raises(SourceError, match="no finished samples"):
        page(Dataset.open(out))


def test_a_page_of_many_long_rows_stays_small(
    pristine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Thousands of words with boxes in each row, and long texts: only the largest are cut."""
    data = embedded(page(Dataset.open(pristine), 28))["samples"]
    word = [1.5, 2.5, 300.5, 20.5, "word", "word " * 8]
    turns = [{"role": "user", "image": False, "text": "t" * 40_000}] * 30
    large = {**data[0], "regions": [word] * 4000, "text": "x" * 40_000, "messages": turns}
    lines = {
        **data[0],
        "regions": [[*word[:4], "line", "line " * 90]] * 4000,
        "meta": {"a": "b" * 9**6},
    }
    found = preview_page._bounded([*data, *[large, lines] * 12])
    assert sum(json_size(sample) for sample in found) <= preview_page.OTHER_BYTES
    assert found[: len(data)] == data, "small ones stay whole"
    assert all(sample["cut"] for sample in found[len(data) :])
    assert preview_page._bounded(data) == data
    monkeypatch.setattr(preview_page, "OTHER_BYTES", 10**6)
    (one, two) = preview_page._bounded([large, lines])
    assert one["text"].startswith("xxx")
    assert two["regions"]


def test_hostile_strings_stay_inside_the_data(out: Path) -> None:
    def spoil(rows: list[dict[str, Any]]) -> None:
        rows[0].update(text=HOSTILE, template=HOSTILE, meta=json.dumps({"type": HOSTILE}))
        rows[0]["regions"][0]["text"] = HOSTILE
        rows[1]["image"]["bytes"] = b"\x89PNG broken"
        rows[2].update(text="(" * 100_000, meta="[1, 2]")

    rewrite(next((out / CHARTS / "data").glob("train-00000-*")), spoil)
    html = page(Dataset.open(out), 28)
    assert html.count("</script>") == 2
    assert "<img src=x" not in html
    assert any(sample["text"] == HOSTILE for sample in embedded(html)["samples"])


def test_the_command_writes_beside_the_configurations(out: Path) -> None:
    result = CliRunner().invoke(command, [str(out / PAGES), "-n", "3"])
    assert result.exit_code == 0
    assert result.output == f"{out / 'preview.html'}\n"
    assert len(embedded((out / "preview.html").read_text())["samples"]) == 3


@pytest.mark.skipif(shutil.which("chromium") is None, reason="Chromium is not installed")
def test_cards_say_what_pages_are_about(out: Path) -> None:
    """Not the page number or a command, but the heading; the count is that of the dataset."""
    from playwright.sync_api import sync_playwright

    texts = {
        "26\n\n## **Supplement** returns\n\n1": "Supplement returns",
        "\\begin{tabular}{l}\n1 \\\\\n\\end{tabular}\n\n**Name:** \\_\\_": "Name: __",
        "7": "7",
        "```\n# half the width\nx = 1\n```\n\n## 4\n\nOf rivers\n\n## Of lakes": "Of lakes",
        "```python\n# half the width\n```\n\nOf hills": "Of hills",
        "```\nprint(1)\n```": "print(1)",
    }

    def spoil(rows: list[dict[str, Any]]) -> None:
        for row, text in zip(rows, texts, strict=False):
            row.update(text=text, format="mmd", lang="zh-Hant")

    rewrite(next((out / PAGES / "data").glob("train-00000-*")), spoil)
    target = out / "preview.html"
    target.write_text(page(Dataset.open(out), 16), encoding="utf-8")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        tab = browser.new_page()
        tab.goto(target.as_uri())
        assert tab.locator("#shown").inner_text() == "16 chosen of 28 samples"
        tab.select_option("#by-lang", label="Traditional Chinese")
        shown = len(texts)
        assert tab.locator("#shown").inner_text() == f"{shown} of the 16 chosen"
        assert set(tab.locator(".card .lead").all_inner_texts()) == set(texts.values())
        browser.close()


@pytest.mark.skipif(shutil.which("chromium") is None, reason="Chromium is not installed")
def test_the_page_in_a_real_browser(out: Path, tmp_path: Path) -> None:
    """Opened from disk, offline: it shows, filters, walks, highlights, and runs nothing hostile."""
    from playwright.sync_api import sync_playwright

    shard = next((out / CHARTS / "data").glob("train-00000-*"))
    rewrite(shard, lambda rows: rows[0].update(text=HOSTILE, doc_id=HOSTILE))
    target = out / "preview.html"
    target.write_text(page(Dataset.open(out), 28), encoding="utf-8")
    asked: list[str] = []
    trouble: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        tab = browser.new_page(viewport={"width": 1440, "height": 900})
        tab.on("request", lambda request: asked.append(request.url))
        tab.on("console", lambda message: trouble.append(message.text))
        tab.on("pageerror", lambda error: trouble.append(str(error)))
        tab.goto(target.as_uri())
        assert tab.title() == "out · preview"
        assert tab.locator(".card").count() == 28
        tab.select_option("#by-kind", "page")
        assert tab.locator(".card").count() == 8
        assert tab.locator("#shown").inner_text() == "8 of 28 samples"
        tab.select_option("#by-kind", "")
        tab.fill("#search", "onerror")
        assert tab.locator(".card").count() == 1
        tab.fill("#search", "Harvest")
        charts = tab.locator(".card").count()
        assert charts == 19

        tab.locator(".card").first.click()
        assert tab.locator("#place").inner_text() == f"1 of {charts}"
        assert tab.locator("#picture").evaluate("image => image.naturalWidth") > 500
        name = tab.locator("#name").inner_text()
        shown = tab.locator("#overlay rect").count()
        tab.keyboard.press("w")
        assert tab.locator("#overlay rect").count() > shown
        tab.keyboard.press("b")
        assert tab.locator("#overlay rect").count() == 0
        tab.keyboard.press("b")
        tab.keyboard.press("w")
        tab.locator("#overlay rect").last.hover()
        assert tab.locator("#tip").is_visible()
        tab.locator(".grid td .seen").first.hover()
        assert tab.locator("#overlay rect.hot").count() == 1
        tab.screenshot(path=tmp_path / "preview.png")
        tab.keyboard.press("ArrowRight")
        assert tab.locator("#name").inner_text() != name
        tab.keyboard.press("ArrowLeft")
        assert tab.locator("#name").inner_text() == name
        tab.keyboard.press("2")
        tab.get_by_role("button", name="markdown", exact=True).click()
        assert tab.locator("#content .code").inner_text().startswith("| ")
        tab.keyboard.press("3")
        assert tab.locator(".turn").count() == 2
        background = "getComputedStyle(document.body).backgroundColor"
        light = tab.evaluate(background)
        tab.keyboard.press("t")
        assert tab.evaluate(background) != light
        tab.keyboard.press("Escape")
        assert not tab.locator("#viewer").is_visible()

        # A link to a sample that a filter hides, and to one that is not on the page.
        hidden = next(
            s["id"] for s in embedded(target.read_text())["samples"] if s["kind"] == "page"
        )
        tab.select_option("#by-kind", "chart")
        tab.evaluate("id => { location.hash = id; }", hidden)
        tab.wait_for_selector("#viewer:visible")
        assert tab.locator("#name").inner_text() == hidden
        tab.keyboard.press("Escape")
        assert tab.locator(".card").count() == 28
        tab.goto(f"{target.as_uri()}#another-sample")
        tab.reload()
        assert tab.locator("#absent").is_visible()

        many = target.read_text().replace("const PER_PAGE = 500;", "const PER_PAGE = 10;")
        assert many != target.read_text()
        script = many.rpartition("<script>")[2].partition("</script>")[0]
        policy = re.sub(r"script-src '[^']*'", f"script-src {html_page._hash(script)}", many)
        target.write_text(policy)
        tab.goto("about:blank")
        tab.goto(target.as_uri())
        assert tab.locator(".card").count() == 10
        assert tab.locator("#page").inner_text() == "Page 1 of 3"
        tab.click("#later")
        tab.click("#later")
        assert tab.locator(".card").count() == 8
        assert tab.locator("#later").is_disabled()
        tab.locator(".card").first.click()
        assert tab.locator("#place").inner_text() == "21 of 28"
        tab.keyboard.press("ArrowLeft")
        tab.keyboard.press("Escape")
        assert tab.locator("#page").inner_text() == "Page 2 of 3"
        tab.fill("#search", "onerror")
        assert not tab.locator("#pages").is_visible()
        browser.close()
    assert trouble == []
    assert {url[:5] for url in asked if not url.startswith("data:")} == {"file:"}
    with Image.open(tmp_path / "preview.png") as screenshot:
        assert len(screenshot.convert("RGB").getcolors(1 << 20) or ()) > 100
