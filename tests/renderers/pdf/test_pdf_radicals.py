"""Glyphs that several code points share: PDFs name radicals where ideographs are meant."""

import unicodedata
from collections import defaultdict

import pymupdf
import pytest
from pdf_inputs import named, read

from renderers.pdf.characters import normalise

SENTENCE = "户见页长母马鸟车门风飞食鱼"
RADICALS = "⼾⻅⻚⻓⺟⻢⻦⻋⻔⻛⻜⻝⻥"
SIMPLIFIED = f"{SENTENCE}。从前有座山，山上有座庙，庙里有个老和尚在讲故事。" * 2
TRADITIONAL = "戶長見門。從前有座山，山上有座廟，廟裡有個老和尚在講故事。" * 2
NAMES = dict(zip(SENTENCE, RADICALS, strict=True))


def written_as(text):
    return normalise(text, [(0.0, 0.0, 1.0, 1.0)] * len(text))[0]


def words(path):
    """The text without its line ends, which must be that of the regions too."""
    page = read(path, keep_rows=True)
    text = page.text.replace("\n", "")
    assert "".join(r.text for r in page.picture.regions if r.role == "word") == text
    return text


def raw(path):
    """What the ToUnicode tables say; Chromium says otherwise in `ActualText`."""
    with pymupdf.open(path) as document:
        return document[0].get_text(flags=pymupdf.TEXT_IGNORE_ACTUALTEXT).replace("\n", "")


def test_radicals_are_written_as_ideographs(tmp_path):
    path = named(tmp_path / "a.pdf", SIMPLIFIED, NAMES)
    assert raw(path).startswith(RADICALS)
    assert words(path) == SIMPLIFIED


def test_the_page_tells_which_door_is_meant(tmp_path):
    path = named(tmp_path / "a.pdf", TRADITIONAL, {"戶": "⼾", "長": "⻑", "見": "⾒"})
    assert raw(path).startswith("⼾⻑⾒")
    assert words(path) == TRADITIONAL


def test_radicals_that_share_no_glyph_stay():
    assert written_as("⺌⻗") == "⺌⻗"


def test_every_target_is_a_unified_ideograph():
    radicals = [chr(code) for code in (*range(0x2E80, 0x2EF4), *range(0x2F00, 0x2FD6))]
    changed = {c: written_as(c) for c in radicals if written_as(c) != c}
    assert len(changed) == 90 + 213  # of the supplement, and all Kangxi radicals but ⼾
    for target in changed.values():
        assert unicodedata.name(target).startswith("CJK UNIFIED IDEOGRAPH-")


@pytest.fixture(scope="module")
def twins():
    """By radical, the ideographs that have its glyph in any face of Noto CJK."""
    from fontTools.ttLib import TTCollection

    from renderers.fonts import families

    files = {f.regular.path for f in families("zh") if f.name.startswith("Noto ")}
    if len(files) < 2:
        pytest.skip("needs the fonts Noto Sans CJK and Noto Serif CJK")
    found = defaultdict(set)
    for file in files:
        with TTCollection(file, lazy=True) as collection:
            for font in collection.fonts:
                shared = defaultdict(list)
                for code, glyph in font.getBestCmap().items():
                    shared[glyph].append(chr(code))
                for same in shared.values():
                    names = {unicodedata.normalize("NFKC", c) for c in same if not radical(c)}
                    for c in filter(radical, same):
                        found[c] |= names
    return found


def radical(character):
    return "⺀" <= character <= "⿕"


def test_all_pairs_share_a_glyph_in_noto_and_all_that_share_one_are_pairs(twins):
    assert twins.pop("⼾") == {"户", "戶", "戸"}
    for character, same in twins.items():
        if same:
            assert {written_as(character)} == same
        elif character < "⼀":
            assert written_as(character) == character


def test_a_page_that_chromium_prints(tmp_path):
    from playwright.sync_api import sync_playwright

    from renderers.charts.backend import ToolNotFound
    from renderers.charts.echarts import find_browser
    from renderers.fonts import families

    if not any(family.name == "Noto Sans CJK SC" for family in families("zh")):
        pytest.skip("needs the font Noto Sans CJK SC")
    try:
        browser = find_browser()
    except ToolNotFound as error:
        pytest.skip(str(error))
    path = tmp_path / "a.pdf"
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        page = opened.new_page()
        page.set_content(f"<p lang=zh style='font: 16px Noto Sans CJK SC'>{SIMPLIFIED}胶</p>")
        page.pdf(path=path)
        opened.close()
    assert raw(path).startswith(RADICALS)
    assert words(path) == f"{SIMPLIFIED}胶"
