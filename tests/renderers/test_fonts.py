from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from renderers import fonts


def test_english_is_never_without_a_font():
    assert fonts.families("en")


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_faces_carry_the_name_of_their_family(lang):
    for family in fonts.families(lang):
        for face in (family.regular, family.bold):
            if face is None:
                continue
            assert Path(face.path).is_file()
            with TTFont(face.path, fontNumber=face.index, lazy=True) as font:
                names = {font["name"].getDebugName(1), font["name"].getDebugName(16)}
            assert family.name in names


def test_simplified_chinese_is_not_the_first_face_of_the_collection():
    noto = [f for f in fonts.families("zh") if f.name == "Noto Sans CJK SC"]
    if not noto:
        pytest.skip("fonts-noto-cjk is not installed")
    with TTFont(noto[0].regular.path, fontNumber=0, lazy=True) as first:
        assert first["name"].getDebugName(1) == "Noto Sans CJK JP"
    assert noto[0].regular.index > 0


def test_missing_characters_are_named_once_in_order():
    face = fonts.families("en")[0].regular
    assert fonts.missing(face, "Tea\n茶茶") == "茶"
    assert fonts.missing(face, "12% ±3") == ""


def test_able_leaves_out_what_cannot_write_the_text():
    assert fonts.covering(fonts.families("en"), ["Growth", "12%"]) == fonts.families("en")
    assert fonts.covering(fonts.families("en"), ["Growth", "增长"]) == ()
    assert fonts.covering(fonts.families("zh"), ["\U0001f600"]) == ()


def test_a_glyph_without_outline_counts_as_missing() -> None:
    for lang in ("en", "zh"):
        for family in fonts.families(lang):
            assert fonts.missing(family.regular, "ABCXYZabcxyz019,.-%") == ""
            assert fonts.missing(family.regular, " ") == ""
    hei = [f for f in fonts.families("zh") if f.name == "WenQuanYi Micro Hei"]
    if not hei:
        pytest.skip("WenQuanYi Micro Hei is not installed")
    assert fonts.missing(hei[0].regular, "16℃") == "℃"
