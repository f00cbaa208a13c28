"""A folder of fonts: what is read of it, what is left out and why, and its hash."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from renderers.fonts import Face, coverage, covering
from tests.tools.font_files import collection, renamed, with_endless_glyph, with_lying_map, without
from vary_data.base.errors import SourceError
from vary_data.sources import user_fonts
from vary_data.sources.user_fonts import load_user_fonts

HEI = Path("/usr/share/fonts/truetype/wqy/wqy-microhei.ttc")


@pytest.fixture(scope="module")
def fonts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("fonts")
    (folder / "below").mkdir()
    renamed(folder / "b.ttf", "Own Sans")
    renamed(folder / "a.ttf", "Own Sans", bold=True)
    collection(folder / "below" / "c.ttc", "Own First", "Own Mono")
    return folder


def test_families_are_those_that_the_files_name(fonts: Path) -> None:
    own = load_user_fonts("en", str(fonts))
    files = [
        (f.name, f.style, Path(f.regular.path).name, f.regular.index, f.bold and f.bold.path)
        for f in own.families
    ]
    assert files == [
        ("Own First", "sans", "c.ttc", 0, None),
        ("Own Mono", "mono", "c.ttc", 1, None),
        ("Own Sans", "sans", "b.ttf", 0, str(fonts / "a.ttf")),
    ]
    assert own.unused == ()


def test_the_hash_is_that_of_the_contents(fonts: Path, tmp_path: Path) -> None:
    before = load_user_fonts("en", str(fonts))
    other = tmp_path / "other"
    other.mkdir()
    (other / "x.ttf").write_bytes((fonts / "a.ttf").read_bytes())
    (other / "y.ttf").write_bytes((fonts / "b.ttf").read_bytes())
    (other / "z.ttc").write_bytes((fonts / "below" / "c.ttc").read_bytes())
    same = load_user_fonts("en", str(other))
    assert same.digest == before.digest != ""
    assert [f.name for f in same.families] == [f.name for f in before.families]
    without(other / "y.ttf", "Own Sans", "Q")
    assert load_user_fonts("en", str(other)).digest != before.digest


def test_a_font_without_the_characters_is_not_chosen(fonts: Path, tmp_path: Path) -> None:
    without(tmp_path / "a.ttf", "No Degree", "°")
    renamed(tmp_path / "b.ttf", "Whole")
    own = load_user_fonts("en", str(tmp_path)).families
    assert [f.name for f in covering(own, ["16 %"])] == ["No Degree", "Whole"]
    assert [f.name for f in covering(own, ["16 °C"])] == ["Whole"]
    assert ord("°") not in coverage(own[0].regular)


def test_files_that_cannot_be_used_are_named(fonts: Path, tmp_path: Path) -> None:
    whole = renamed(tmp_path / "whole.ttf", "Whole").read_bytes()
    (tmp_path / "cut.otf").write_bytes(whole[:50_000])
    (tmp_path / "empty.ttf").write_bytes(b"")
    (tmp_path / "text.ttf").write_text("no font")
    (tmp_path / "faces.ttc").write_bytes(b"ttcf\x00\x01\x00\x00\xff\xff\xff\xff" + bytes(90))
    (tmp_path / "outside.ttf").symlink_to(fonts / "a.ttf")
    os.mkfifo(tmp_path / "pipe.ttf")
    own = load_user_fonts("en", str(tmp_path))
    assert [f.name for f in own.families] == ["Whole"]
    found = {file.detail.partition(":")[0]: file.reason for file in own.unused}
    broken = ("cut.otf", "empty.ttf", "faces.ttc", "text.ttf")
    other = {"outside.ttf": "outside", "pipe.ttf": "not-a-file"}
    assert found == {**dict.fromkeys(broken, "broken-font"), **other}
    assert all(len(file.detail) < 200 for file in own.unused)


def test_a_file_that_is_never_read_to_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_endless_glyph(tmp_path / "endless.otf")
    renamed(tmp_path / "whole.ttf", "Whole")
    monkeypatch.setattr(user_fonts, "FILE_SECONDS", 1.5)
    own = load_user_fonts("en", str(tmp_path))
    assert [f.name for f in own.families] == ["Whole"]
    (unused,) = own.unused
    assert (unused.reason, unused.detail) == (
        "broken-font", "endless.otf: reading it takes too long",
    )  # fmt: skip


def test_a_character_without_a_glyph_is_missing(tmp_path: Path) -> None:
    path = with_lying_map(tmp_path / "all.ttf", "All")
    known = coverage(Face(str(path)))
    assert 0x4E00 not in known
    assert max(known) < 70_000


def test_a_large_file_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    renamed(tmp_path / "a.ttf", "Whole")
    with (tmp_path / "huge.ttf").open("wb") as file:
        file.truncate(1 << 40)
    (unused,) = load_user_fonts("en", str(tmp_path)).unused
    assert unused.reason == "too-large"
    monkeypatch.setattr(user_fonts, "MAX_BYTES", 1000)
    with pytest.raises(SourceError, match="hold more than"):
        load_user_fonts("en", str(tmp_path))


def test_a_folder_without_a_usable_font_is_one_line(fonts: Path, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="is not a folder"):
        load_user_fonts("en", str(tmp_path / "none"))
    with pytest.raises(SourceError, match="has no font"):
        load_user_fonts("en", str(tmp_path))
    with pytest.raises(SourceError, match="no usable font for Chinese text among 3 files"):
        load_user_fonts("zh", str(fonts))
    (tmp_path / "a\nb.ttf").write_text("no font")
    with pytest.raises(SourceError, match="Not a TrueType") as error:
        load_user_fonts("en", str(tmp_path))
    assert "\n" not in error.value.message


def test_names_are_safe_to_quote(tmp_path: Path) -> None:
    renamed(tmp_path / "a.ttf", 'A"; } body { color: red\\\n' + "x" * 200)
    (family,) = load_user_fonts("en", str(tmp_path)).families
    assert family.name.startswith("A body color: red")
    assert len(family.name) <= 60
    assert not set("\"'\\,;{}<>\n") & set(family.name)


def test_a_chinese_font_of_the_system(tmp_path: Path) -> None:
    if not HEI.is_file():
        pytest.skip("fonts-wqy-microhei is not installed")
    (tmp_path / "hei.ttc").write_bytes(HEI.read_bytes())
    for lang in ("en", "zh"):
        names = [family.name for family in load_user_fonts(lang, str(tmp_path)).families]
        assert "WenQuanYi Micro Hei" in names
