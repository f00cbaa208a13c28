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
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import cast

from fontTools.pens.boundsPen import BoundsPen
from fontTools.ttLib import TTCollection, TTFont

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


@dataclass(frozen=True, slots=True)
class _KnownFamily:
    name: str
    style: str
    package: str
    regular: str
    bold: str = ""


_ENGLISH = (
    _KnownFamily(
        "DejaVu Sans", "sans", "fonts-dejavu-core", "DejaVuSans.ttf", "DejaVuSans-Bold.ttf"
    ),
    _KnownFamily(
        "DejaVu Serif", "serif", "fonts-dejavu-core", "DejaVuSerif.ttf", "DejaVuSerif-Bold.ttf"
    ),
    _KnownFamily(
        "Liberation Sans",
        "sans",
        "fonts-liberation2",
        "LiberationSans-Regular.ttf",
        "LiberationSans-Bold.ttf",
    ),
    _KnownFamily(
        "Liberation Serif",
        "serif",
        "fonts-liberation2",
        "LiberationSerif-Regular.ttf",
        "LiberationSerif-Bold.ttf",
    ),
    _KnownFamily(
        "Carlito", "sans", "fonts-crosextra-carlito", "Carlito-Regular.ttf", "Carlito-Bold.ttf"
    ),
    _KnownFamily(
        "Caladea", "serif", "fonts-crosextra-caladea", "Caladea-Regular.ttf", "Caladea-Bold.ttf"
    ),
    _KnownFamily("Lato", "sans", "fonts-lato", "Lato-Regular.ttf", "Lato-Bold.ttf"),
    _KnownFamily(
        "Open Sans", "sans", "fonts-open-sans", "OpenSans-Regular.ttf", "OpenSans-Bold.ttf"
    ),
    _KnownFamily(
        "Linux Libertine O",
        "serif",
        "fonts-linuxlibertine",
        "LinLibertine_R.otf",
        "LinLibertine_RB.otf",
    ),
    _KnownFamily(
        "Linux Biolinum O",
        "sans",
        "fonts-linuxlibertine",
        "LinBiolinum_R.otf",
        "LinBiolinum_RB.otf",
    ),
    _KnownFamily(
        "EB Garamond",
        "serif",
        "fonts-ebgaramond",
        "EBGaramond12-Regular.otf",
        "EBGaramond12-Bold.otf",
    ),
    _KnownFamily("FreeSans", "sans", "fonts-freefont-ttf", "FreeSans.ttf", "FreeSansBold.ttf"),
    _KnownFamily("FreeSerif", "serif", "fonts-freefont-ttf", "FreeSerif.ttf", "FreeSerifBold.ttf"),
    _KnownFamily(
        "DejaVu Sans Mono",
        "mono",
        "fonts-dejavu-core",
        "DejaVuSansMono.ttf",
        "DejaVuSansMono-Bold.ttf",
    ),
)
_CHINESE = (
    _KnownFamily(
        "Noto Sans CJK SC",
        "sans",
        "fonts-noto-cjk",
        "NotoSansCJK-Regular.ttc",
        "NotoSansCJK-Bold.ttc",
    ),
    _KnownFamily(
        "Noto Serif CJK SC",
        "serif",
        "fonts-noto-cjk",
        "NotoSerifCJK-Regular.ttc",
        "NotoSerifCJK-Bold.ttc",
    ),
    _KnownFamily("WenQuanYi Zen Hei", "sans", "fonts-wqy-zenhei", "wqy-zenhei.ttc"),
    _KnownFamily("WenQuanYi Micro Hei", "sans", "fonts-wqy-microhei", "wqy-microhei.ttc"),
    _KnownFamily("AR PL UMing CN", "serif", "fonts-arphic-uming", "uming.ttc"),
    _KnownFamily("AR PL UKai CN", "kai", "fonts-arphic-ukai", "ukai.ttc"),
    _KnownFamily("AR PL SungtiL GB", "serif", "fonts-arphic-gbsn00lp", "gbsn00lp.ttf"),
    _KnownFamily("AR PL KaitiM GB", "kai", "fonts-arphic-gkai00mp", "gkai00mp.ttf"),
    _KnownFamily(
        "LXGW WenKai", "kai", "fonts-lxgw-wenkai", "LXGWWenKai-Regular.ttf", "LXGWWenKai-Bold.ttf"
    ),
)
_FAMILIES_BY_LANGUAGE = {"en": _ENGLISH, "zh": _CHINESE}


@cache
def families(lang: str) -> tuple[Family, ...]:
    """The installed families that can set this language, in a fixed order.

    matplotlib's own copy of DejaVu is used where the system has none, so English is never empty.
    """
    files = _font_files()
    found = []
    for entry in _FAMILIES_BY_LANGUAGE[lang]:
        regular = _face(files, entry.regular, entry.name)
        if regular is not None:
            bold = _face(files, entry.bold, entry.name) if entry.bold else None
            found.append(Family(entry.name, entry.style, regular, bold))
    return tuple(found)


def packages(lang: str) -> tuple[str, ...]:
    """The Debian packages of the families of this language that are not installed."""
    have = {family.name for family in families(lang)}
    return tuple(
        dict.fromkeys(e.package for e in _FAMILIES_BY_LANGUAGE[lang] if e.name not in have)
    )


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


def missing(face: Face, text: str) -> str:
    """The characters of `text`, line breaks apart, that the face cannot write; each once."""
    known = coverage(face)
    return "".join(dict.fromkeys(c for c in text if ord(c) not in known and c != "\n"))


def covering(known: Iterable[Family], texts: Iterable[str]) -> tuple[Family, ...]:
    """Those of the families that can write every one of the texts."""
    codes = {ord(character) for character in set("".join(texts)) - {"\n"}}
    return tuple(
        f for f in known if all(codes <= coverage(face) for face in (f.regular, f.bold) if face)
    )


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
    """Where fonts are looked for, in order: system, user, then matplotlib's own."""
    home = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local/share")
    folders = [Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), home / "fonts"]
    matplotlib = importlib.util.find_spec("matplotlib")
    if matplotlib is not None and matplotlib.origin is not None:
        folders.append(Path(matplotlib.origin).parent / "mpl-data/fonts/ttf")
    return tuple(folders)


def _font_files() -> dict[str, str]:
    """Path by file name, for the files of our families; the first folder that has one wins."""
    wanted = {name for e in (*_ENGLISH, *_CHINESE) for name in (e.regular, e.bold) if name}
    files: dict[str, str] = {}
    for folder in font_folders():
        for root, below, names in os.walk(folder):
            below.sort()
            for name in sorted(wanted.intersection(names)):
                files.setdefault(name, str(Path(root, name)))
    return files


def _face(files: dict[str, str], file_name: str, family: str) -> Face | None:
    """The face of this family in a file: collections hold one for each region, so the one for
    Simplified Chinese is not the first."""
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
