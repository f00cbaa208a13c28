"""Glyphs that several code points share: PDFs name radicals where ideographs are meant."""

import unicodedata
from collections import defaultdict

import pytest

from tests.renderers.pdf.pdf_inputs import (
    characters_by_glyph,
    named,
    noto_faces,
    printed,
    raw,
    words,
    written_as,
)

SENTENCE = "户见页长母马鸟车门风飞食鱼"
RADICALS = "⼾⻅⻚⻓⺟⻢⻦⻋⻔⻛⻜⻝⻥"
SIMPLIFIED = f"{SENTENCE}。从前有座山，山上有座庙，庙里有个老和尚在讲故事。" * 2
TRADITIONAL = "戶長見門。從前有座山，山上有座廟，廟裡有個老和尚在講故事。" * 2
NAMES = dict(zip(SENTENCE, RADICALS, strict=True))


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
    found = defaultdict(set)
    for font in noto_faces():
        for same in characters_by_glyph(font).values():
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
    path = printed(tmp_path / "a.pdf", f"<p lang=zh>{SIMPLIFIED}胶</p>")
    assert raw(path).startswith(RADICALS)
    assert words(path) == f"{SIMPLIFIED}胶"
