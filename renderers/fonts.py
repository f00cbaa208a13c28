"""Which fonts there are, where, and which characters they can write.

Only families of a fixed list are used, so that a seed picks the same font on every machine that
has the same packages. Coverage is read from the font file before anything is drawn: no renderer
reports a missing glyph reliably.
"""

from __future__ import annotations

import importlib.util
import io
import logging
import os
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import cast

from fontTools.pens.boundsPen import BoundsPen
from fontTools.ttLib import TTCollection, TTFont

from renderers.languages.registry import FontEntry, language, languages

# Old fonts have odd dates, about which fontTools would warn at every start.
logging.getLogger("fontTools").setLevel(logging.ERROR)

BLANK_BYTES = 5
"""A compact outline that only ends, with a width before it, is no longer than this."""


@dataclass(frozen=True, slots=True)
class Face:
    """One face of a font file; `index` is its place in a `.ttc` collection, else 0. `sha256` is
    that of the file, for fonts of the user: what is remembered of a face is that of its content."""

    path: str
    index: int = 0
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Family:
    """An installed family. `name` is the name in the file, as fontconfig lists it."""

    name: str
    style: str
    """`sans`, `serif`, `mono`, `narrow` or `kai` (brush script)."""
    regular: Face
    bold: Face | None = None
    companion: Family | None = None
    """The family that writes what this one lacks, in browsers."""


@cache
def families(lang: str) -> tuple[Family, ...]:
    """The installed families that can set this language, in a fixed order; a family is left out
    if its companion is not installed.

    matplotlib's own copy of DejaVu is used where the system has none, so English is never empty.
    """
    files = _font_files()
    found = []
    for entry in language(lang).fonts:
        family = _family(files, entry)
        if family is None:
            continue
        if entry.companion:
            companion = _family(files, _entries()[entry.companion])
            if companion is None:
                continue
            family = replace(family, companion=companion)
        found.append(family)
    return tuple(found)


def packages(lang: str) -> tuple[str, ...]:
    """The Debian packages of the families of this language that are not installed."""
    have = {family.name for family in families(lang)}
    return tuple(dict.fromkeys(e.package for e in language(lang).fonts if e.name not in have))


@cache
def coverage(face: Face) -> frozenset[int]:
    """The code points that a face has something to draw for, and the spaces that it knows.

    Some faces map a character to a glyph without an outline (the `℃` of WenQuanYi Micro Hei):
    it takes room and leaves no ink, so it counts as missing. So does a glyph that a face refers to
    and does not have, and its first one, which stands for missing characters.
    """
    with TTFont(face.path, fontNumber=face.index, lazy=True) as font:
        mapped = font.getBestCmap() or {}
        own = frozenset(font.getGlyphOrder()[1:])
        drawn = own - _blank_glyphs(font)
        return frozenset(
            code
            for code, name in mapped.items()
            if name in drawn or (name in own and chr(code).isspace())
        )


def _blank_glyphs(font: TTFont) -> frozenset[str]:
    """Glyphs without an outline. In TrueType they have two equal offsets; compact outlines of a few
    bytes are drawn, since they may also call a shape that is written elsewhere."""
    names = font.getGlyphOrder()
    if "loca" in font:
        places = font["loca"]
        return frozenset(n for i, n in enumerate(names) if places[i] == places[i + 1])
    if "CFF " not in font:
        return frozenset()
    programs = font["CFF "].cff.topDictIndex[0].CharStrings.charStringsIndex
    ends = programs.offsets
    short = [n for i, n in enumerate(names) if ends[i + 1] - ends[i] <= BLANK_BYTES]
    return frozenset(name for name in short if _bounds(font, name) is None)


def _bounds(font: TTFont, name: str) -> tuple[float, float, float, float] | None:
    glyphs = font.getGlyphSet()
    pen = BoundsPen(glyphs)
    glyphs[name].draw(pen)
    return cast("tuple[float, float, float, float] | None", pen.bounds)


@cache
def written_by(family: Family) -> frozenset[int]:
    """The code points that a family writes in a browser, in both of its weights, with those of its
    companion."""
    found = coverage(family.regular)
    if family.bold is not None:
        found &= coverage(family.bold)
    return found | written_by(family.companion) if family.companion else found


def needs_glyph(character: str) -> bool:
    """Whether a character is drawn; spaces and marks that only join or part letters are not."""
    return not character.isspace() and unicodedata.category(character) != "Cf"


def missing(face: Face, text: str) -> str:
    """The characters of `text` that the face cannot write; each once. Line breaks, and marks that
    only join or part letters, need no glyph."""
    known = coverage(face)
    unknown = (c for c in text if ord(c) not in known and c != "\n")
    return "".join(dict.fromkeys(c for c in unknown if unicodedata.category(c) != "Cf"))


def covering(known: Iterable[Family], texts: Iterable[str]) -> tuple[Family, ...]:
    """Those of the families that can write every one of the texts without a companion."""
    characters = set("".join(texts)) - {"\n"}
    codes = {ord(c) for c in characters if unicodedata.category(c) != "Cf"}
    alone = ((family, replace(family, companion=None)) for family in known)
    return tuple(family for family, own in alone if codes <= written_by(own))


def face_data(face: Face) -> bytes:
    """A font file with this face alone, as browsers take it."""
    data = Path(face.path).read_bytes()
    if not data.startswith(b"ttcf"):
        return data
    written = io.BytesIO()
    with TTFont(
        io.BytesIO(data),
        fontNumber=face.index,
        recalcBBoxes=False,
        recalcTimestamp=False,
        lazy=True,
    ) as font:
        font.save(written, reorderTables=None)
    return written.getvalue()


def font_folders() -> tuple[Path, ...]:
    """Where fonts are looked for, in order: system, user, TeX, then matplotlib's own."""
    home = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local/share")
    folders = [Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), home / "fonts"]
    # Latin Modern comes with TeX; fontconfig has a rule of its own for this folder.
    folders.append(Path("/usr/share/texmf/fonts/opentype"))
    matplotlib = importlib.util.find_spec("matplotlib")
    if matplotlib is not None and matplotlib.origin is not None:
        folders.append(Path(matplotlib.origin).parent / "mpl-data/fonts/ttf")
    return tuple(folders)


@cache
def _entries() -> dict[str, FontEntry]:
    """The entries of all languages by the names of their families, companions included."""
    return {entry.name: entry for known in languages().values() for entry in known.fonts}


@cache
def installed(entries: tuple[FontEntry, ...]) -> tuple[Family, ...]:
    """The installed ones of these families, which need not be those of a language."""
    files = _font_files(entries)
    found = (_family(files, entry) for entry in entries)
    return tuple(family for family in found if family is not None)


def _font_files(entries: Iterable[FontEntry] | None = None) -> dict[str, str]:
    """Path by file name, for the files of these families or of all languages'; the first folder
    that has one wins."""
    known = _entries().values() if entries is None else entries
    wanted = {name for e in known for name in (e.regular, e.bold) if name}
    files: dict[str, str] = {}
    for folder in font_folders():
        for root, below, names in os.walk(folder):
            below.sort()
            for name in sorted(wanted.intersection(names)):
                files.setdefault(name, str(Path(root, name)))
    return files


def _family(files: dict[str, str], entry: FontEntry) -> Family | None:
    regular = _face(files, entry.regular, entry.name)
    if regular is None:
        return None
    bold = _face(files, entry.bold, entry.name) if entry.bold else None
    return Family(entry.name, entry.style, regular, bold)


def _face(files: dict[str, str], file_name: str, family: str) -> Face | None:
    """The face of this family in a file: collections hold one for each region."""
    path = files.get(file_name)
    if path is None:
        return None
    if not path.endswith(".ttc"):
        return Face(path)
    with TTCollection(path, lazy=True) as collection:
        for index, font in enumerate(collection):
            if font["name"].getDebugName(1) == family:
                return Face(path, index)
    return None
