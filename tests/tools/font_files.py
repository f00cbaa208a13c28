"""Font files for tests, made of the one that matplotlib brings."""

from __future__ import annotations

import struct
from pathlib import Path

import matplotlib
from fontTools.fontBuilder import FontBuilder
from fontTools.misc.psCharStrings import T2CharString
from fontTools.ttLib import TTCollection, TTFont
from fontTools.ttLib.tables.DefaultTable import DefaultTable

DEJAVU = Path(matplotlib.get_data_path()) / "fonts/ttf"
BOLD = 32
"""Bit of OS/2's `fsSelection`."""


def renamed(path: Path, family: str, *, bold: bool = False) -> Path:
    """A font under a name that no installed font has, so that only the file can be drawn."""
    source = DEJAVU / ("DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf")
    with TTFont(source) as font:
        _rename(font, family)
        font["OS/2"].fsSelection = BOLD if bold else 0
        font.save(path)
    return path


def collection(path: Path, *families: str) -> Path:
    """A `.ttc` with one face for each name: the first is DejaVu Sans, others are its monospace."""
    made = TTCollection()
    for family in families:
        name = "DejaVuSansMono.ttf" if made.fonts else "DejaVuSans.ttf"
        font = TTFont(DEJAVU / name)
        _rename(font, family)
        made.fonts.append(font)
    made.save(path)
    return path


def without(path: Path, family: str, characters: str) -> Path:
    """DejaVu Sans under another name, whose map lacks these characters."""
    with TTFont(DEJAVU / "DejaVuSans.ttf") as font:
        for table in font["cmap"].tables:
            for character in characters:
                table.cmap.pop(ord(character), None)
        _rename(font, family)
        font.save(path)
    return path


def with_endless_glyph(path: Path) -> Path:
    """A font of letters that are drawn by ten billion calls, in a few kilobytes."""
    builder = FontBuilder(1000, isTTF=False)
    builder.font.recalcBBoxes = False  # it would draw the letters
    letters = [chr(code) for code in range(33, 127)]
    builder.setupGlyphOrder([".notdef", "space", *(f"c{ord(c)}" for c in letters)])
    builder.setupCharacterMap({32: "space", **{ord(c): f"c{ord(c)}" for c in letters}})
    # Subroutine 0 has the number -107: numbers have a bias.
    calls = [[number, "callgsubr"] * 2000 + ["return"] for number in (-106, -105, -104)]
    programs = [[-107, "callgsubr", "endchar"] for _ in range(len(letters) + 2)]
    names = builder.font.getGlyphOrder()
    strings = {n: T2CharString(program=p) for n, p in zip(names, programs, strict=True)}
    builder.setupCFF("Endless", {}, strings, {})
    for program in (*calls, ["return"]):
        builder.font["CFF "].cff.GlobalSubrs.append(T2CharString(program=program))
    builder.setupHorizontalMetrics(dict.fromkeys(names, (500, 0)))
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": "Endless", "styleName": "Regular"})
    builder.setupOS2()
    builder.setupPost()
    builder.save(path)
    return path


def with_lying_map(path: Path, family: str) -> Path:
    """DejaVu Sans that claims to have every character of Unicode, most without a glyph."""
    with TTFont(DEJAVU / "DejaVuSans.ttf") as font:
        table = DefaultTable("cmap")
        group = struct.pack(">LLL", 0, 0xFFFFFFFF, 0)
        _rename(font, family)
        table.data = struct.pack(">HHHHL", 0, 1, 3, 10, 12)
        table.data += struct.pack(">HHLLL", 12, 0, 28, 0, 1) + group
        font["cmap"] = table
        font.save(path)
    return path


def _rename(font: TTFont, family: str) -> None:
    for number in (1, 4, 6, 16):
        font["name"].removeNames(nameID=number)
    for number in (1, 4):
        font["name"].setName(family, number, 3, 1, 0x409)
    font["name"].setName(family.replace(" ", ""), 6, 3, 1, 0x409)
