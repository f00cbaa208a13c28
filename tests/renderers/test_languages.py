"""The registry of languages: every entry is complete and has fonts, prompts and a way to split."""

from __future__ import annotations

import pytest
from PIL import ImageFont, features
from PIL.ImageFont import Layout

from renderers.fonts import families, written_by
from renderers.languages.registry import find, language, languages

EXPECTED = {
    *("en", "zh", "zh-Hant", "ja", "ko", "de", "fr", "es", "pt", "it", "ru", "ar", "fa", "hi"),
    *("vi", "th"),
}


def test_the_registry_has_sixteen_languages() -> None:
    assert set(languages()) == EXPECTED
    assert list(languages())[:2] == ["en", "zh"]


@pytest.mark.parametrize(
    ("value", "tag"),
    [
        ("zh", "zh"),
        ("zh-Hans", "zh"),
        ("zh-CN", "zh"),
        ("zh_tw", "zh-Hant"),
        ("pt-BR", "pt"),
        ("DE-at-1996", "de"),
        ("ja-Jpan-JP", "ja"),
        ("zh-Latn", None),
        ("zh-yue-HK", None),
        ("xx", None),
        ("", None),
        ("en--us", None),
        ("englishlanguage", None),
    ],
)
def test_tags_are_looked_up(value: str, tag: str | None) -> None:
    found = find(value)
    assert (found.tag if found else None) == tag


@pytest.mark.parametrize("tag", sorted(EXPECTED))
def test_an_entry_is_complete(tag: str) -> None:
    entry = language(tag)
    assert entry.dates is not None
    assert (len(entry.dates.months), len(entry.dates.weekdays)) == (12, 7)
    assert all(len(digits) == 10 and digits.isdigit() for digits in entry.digits)
    assert entry.direction in ("ltr", "rtl")
    assert entry.splitting in ("spaces", "characters", "dictionary")
    assert len(entry.rare) in (0, len(entry.letters))
    assert all(len(set(letters)) == len(letters) for letters in entry.letters)
    if tag not in ("en", "zh"):
        kinds = {"markdown", "plain"} | ({"dict"} if entry.charts else set())
        assert set(entry.prompts) == kinds


def test_the_fonts_of_hindi_join_consonants() -> None:
    known = families("hi")
    if not known or not features.check("raqm"):
        pytest.skip("no font for hi, or Pillow without Raqm")
    for face in [face for family in known for face in (family.regular, family.bold) if face]:
        font = ImageFont.truetype(face.path, 100, face.index, layout_engine=Layout.RAQM)
        for joined, apart in (("प्र", "पर"), ("त्र", "तर"), ("र्य", "रय")):
            width = font.getlength(joined) / sum(map(font.getlength, apart))
            assert width < 0.8, f"{face.path}: {joined}"


@pytest.mark.parametrize("tag", ["ar", "de", "fa", "hi", "ru", "th", "vi"])
def test_the_installed_fonts_write_the_language(tag: str) -> None:
    known = families(tag)
    if not known:
        pytest.skip(f"no font for {tag} is installed")
    needed = {ord(c) for c in language(tag).needed if not c.isspace()}
    able = [family.name for family in known if needed <= written_by(family)]
    assert len(able) >= min(3, len(known)), able
    if language(tag).direction == "rtl":
        assert any(family.companion for family in known)
