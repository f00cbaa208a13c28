"""Chinese faces for pdflatex: TrueType fonts split into subfonts of 256 characters.

Classic TeX fonts hold 256 characters, so a Chinese font is a family of subfonts, one for each
block of 256 code points, as CJKutf8 names them. For a TrueType font of the system this module
writes the files that pdfTeX needs, once per machine: small fonts, metrics (TFM), encodings, a
font map and the font definition. The fonts of the system are only read.
"""

from __future__ import annotations

import os
import shutil
import struct
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

BLOCKS = (0x20, 0x30, *range(0x4E, 0xA0), 0xFF)
"""Blocks of 256 code points in Chinese text: punctuation, hanzi, full-width forms."""
_HEIGHT, _DEPTH = 0.86, 0.14
"""How far Chinese glyphs extend from the baseline, in ems."""


class FaceMissing(Exception):
    """A font of the system that is not installed."""


@dataclass(frozen=True, slots=True)
class ChineseFace:
    """A font family for `\\begin{CJK*}{UTF8}{name}`.

    `fonts` and `bold` are file names of TrueType fonts or collections, the first that is found
    is used. Without `bold`, bold is the regular face printed three times, as in the CJK package.
    Without `fonts` the face comes with TeX, and only its metrics are replaced.
    """

    name: str
    fonts: tuple[str, ...] = ()
    bold: tuple[str, ...] = ()
    debian: str = "texlive-lang-chinese"
    member: int = 0
    """Number of the font in a collection."""


CHINESE_FACES = {
    face.name: face
    for face in (
        ChineseFace("gbsn"),
        ChineseFace("gkai"),
        ChineseFace("vhei", ("wqy-microhei.ttc", "wqy-zenhei.ttc"), debian="fonts-wqy-microhei"),
        ChineseFace("vzenhei", ("wqy-zenhei.ttc",), debian="fonts-wqy-zenhei"),
        ChineseFace(
            "vwenkai",
            ("LXGWWenKai-Regular.ttf",),
            ("LXGWWenKai-Bold.ttf",),
            debian="fonts-lxgw-wenkai",
        ),
        ChineseFace("vming", ("uming.ttc",), debian="fonts-arphic-uming"),
        ChineseFace("vmingtw", ("uming.ttc",), debian="fonts-arphic-uming", member=2),
        ChineseFace("vkaitw", ("ukai.ttc",), debian="fonts-arphic-ukai", member=2),
    )
}
"""`gbsn` (song) and `gkai` (kai) come with TeX Live as Type 1; the others are system fonts.
`vmingtw` and `vkaitw` have the forms of Taiwan.

In the metrics of gkai, 19 characters (引 and 非 among them) are up to 16 ems tall, and a line with
one of them is set far from the lines around it: hence the metrics are replaced.
"""

FOLDERS = (
    Path("/usr/share/fonts"),
    Path("/usr/local/share/fonts"),
    Path.home() / ".local/share/fonts",
    Path.home() / ".fonts",
)


def build(face: ChineseFace, folder: Path, fonts: Sequence[Path] = FOLDERS) -> Path:
    """Write a face's files into `folder/<name>` unless they exist; safe for many workers.

    Raises:
        FaceMissing: none of the face's fonts is installed.
    """
    target = folder / face.name
    if target.is_dir():
        return target
    folder.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix=f"{face.name}-", dir=folder))
    try:
        if face.fonts:
            _write_face(face, work, fonts)
        else:
            _write_metrics(face, work)
        work.rename(target)
    except OSError:
        if not target.is_dir():  # unless another worker was faster
            raise
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return target


def _write_face(face: ChineseFace, work: Path, fonts: Sequence[Path]) -> None:
    regular, bold = _find(face.fonts, fonts), _find(face.bold, fonts)
    if regular is None:
        raise FaceMissing(f"font {face.fonts[0]} was not found (Debian: {face.debian})")
    lines = _subfonts(face.name, regular, work, face.member)
    if bold:
        lines += _subfonts(face.name + "b", bold, work)
    (work / f"{face.name}.map").write_text("\n".join(lines) + "\n", "ascii")
    (work / f"c70{face.name}.fd").write_text(_definition(face.name, bold is not None), "ascii")


def _write_metrics(face: ChineseFace, work: Path) -> None:
    """The widths of TeX's metric files, with one height and depth for all."""
    one = f"{face.name}u4e.tfm"
    found = subprocess.run(["kpsewhich", one], capture_output=True, text=True, timeout=60)
    if not found.stdout.strip():
        raise FaceMissing(f"metrics {one} were not found (Debian: {face.debian})")
    for path in sorted(Path(found.stdout.strip()).parent.glob(f"{face.name}u??.tfm")):
        if widths := read_widths(path.read_bytes()):
            (work / path.name).write_bytes(tfm(widths))


def _find(names: Sequence[str], folders: Sequence[Path]) -> Path | None:
    for name in names:
        for folder in folders:
            found = sorted(folder.rglob(name)) if folder.is_dir() else []
            if found:
                return found[0]
    return None


def _subfonts(stem: str, path: Path, work: Path, member: int = 0) -> list[str]:
    """Writes a small font, an encoding and metrics for every block; returns lines of the font map.

    pdfTeX searches glyphs one by one from the start of a TrueType font: with whole Chinese fonts
    that takes minutes, with fonts of 256 glyphs no measurable time.
    """
    from fontTools.ttLib import TTFont

    lines = []
    with TTFont(path, fontNumber=member, lazy=True) as font:
        characters = font.getBestCmap()
        for block in BLOCKS:
            here = {c: g for c, g in characters.items() if c >> 8 == block}
            if not here:
                continue
            name = f"{stem}{block:02x}"
            widths = _write_font(font, here, name, work / f"{name}.ttf")
            names = " ".join(
                f"/{_glyph_name(c)}" if c in here else "/.notdef"
                for c in range(block << 8, (block << 8) + 256)
            )
            (work / f"{name}.enc").write_text(f"/{name}Encoding [ {names} ] def\n", "ascii")
            (work / f"{name}.tfm").write_bytes(tfm(widths))
            lines.append(f"{name} {name} <{name}.enc <{name}.ttf")
    return lines


def _glyph_name(code: int) -> str:
    return f"uni{code:04X}"


def _write_font(font: Any, glyphs: Mapping[int, str], name: str, path: Path) -> dict[int, float]:
    """A TrueType font of these glyphs; returns their widths in ems by low byte of the code."""
    from fontTools.fontBuilder import FontBuilder
    from fontTools.ttLib import newTable
    from fontTools.ttLib.tables._g_l_y_f import Glyph

    em = font["head"].unitsPerEm
    source = font.getGlyphSet()
    outlines = {".notdef": Glyph()}
    metrics = {".notdef": (em, 0)}
    for code, glyph in glyphs.items():
        outlines[_glyph_name(code)] = _outline(font, source, glyph)
        metrics[_glyph_name(code)] = font["hmtx"].metrics[glyph]
    builder = FontBuilder(em, isTTF=True)
    builder.font.recalcBBoxes = False
    builder.setupGlyphOrder(list(outlines))
    builder.setupCharacterMap({code: _glyph_name(code) for code in glyphs})
    for tag in ("loca", "glyf"):  # by hand: `setupGlyf` would unpack every glyph
        builder.font[tag] = newTable(tag)
    builder.font["glyf"].glyphs = outlines
    builder.font["glyf"].glyphOrder = list(outlines)
    builder.setupHorizontalMetrics(metrics)
    builder.setupHorizontalHeader(ascent=round(_HEIGHT * em), descent=-round(_DEPTH * em))
    builder.setupNameTable({"familyName": name, "styleName": "Regular", "psName": name})
    builder.setupOS2()
    builder.setupPost(keepGlyphNames=True)
    _bound(builder.font, font)
    builder.save(path)
    return {code & 0xFF: metrics[_glyph_name(code)][0] / em for code in glyphs}


def _outline(font: Any, source: Any, glyph: str) -> Any:
    """A glyph in compiled form; a composite glyph is resolved."""
    from fontTools.pens.recordingPen import DecomposingRecordingPen
    from fontTools.pens.ttGlyphPen import TTGlyphPen

    found = font["glyf"].glyphs[glyph]
    if not found.isComposite():
        return found
    recording, pen = DecomposingRecordingPen(source), TTGlyphPen(None)
    source[glyph].draw(recording)
    recording.replay(pen)
    resolved = pen.glyph()
    resolved.recalcBounds(font["glyf"])
    return resolved


def _bound(small: Any, whole: Any) -> None:
    """Copy the limits of the whole font, which bound those of a part: computing them would unpack
    every glyph."""
    for table in ("head", "maxp"):
        for name, value in vars(whole[table]).items():
            if name.startswith(("max", "xM", "yM")):
                setattr(small[table], name, value)


def _definition(name: str, bold: bool) -> str:
    shape = rf"\DeclareFontShape{{C70}}{{{name}}}"
    heavy = f"{{<-> CJK * {name}b}}{{}}" if bold else rf"{{<-> CJKb * {name}}}{{\CJKbold}}"
    return "\n".join(
        [
            rf"\ProvidesFile{{c70{name}.fd}}",
            rf"\DeclareFontFamily{{C70}}{{{name}}}{{\hyphenchar\font\m@ne}}",
            rf"{shape}{{m}}{{n}}{{<-> CJK * {name}}}{{}}",
            rf"{shape}{{bx}}{{n}}{heavy}",
            rf"\endinput{os.linesep}",
        ]
    )


def tfm(widths: Mapping[int, float], height: float = _HEIGHT, depth: float = _DEPTH) -> bytes:
    """A TeX font metric file: `widths` in ems by character code, one height and depth for all.

    Layout as in "TeX: The Program", part 30: twelve halfwords of lengths, header, char_info,
    then the tables of widths, heights, depths and italic corrections, and seven parameters.
    """
    first, last = min(widths), max(widths)
    table = sorted(set(widths.values()))[:255]
    index = {width: i for i, width in enumerate(table, 1)}
    header = struct.pack(">II", 0, 10 << 20)  # no checksum; design size 10 pt
    info = b"".join(
        struct.pack(">BBBB", index.get(widths[c], len(table)), 1 << 4 | 1, 0, 0)
        if c in widths
        else bytes(4)
        for c in range(first, last + 1)
    )
    words = [
        (0.0, *table),
        (0.0, height),
        (0.0, depth),
        (0.0,),
        (0.0, 0.0, 0.0, 0.0, 0.5, 1.0, 0.0),
    ]
    sizes = [len(w) for w in words]
    total = 6 + 2 + (last - first + 1) + sum(sizes)
    lengths = (total, 2, first, last, *sizes[:4], 0, 0, 0, sizes[4])
    tables = b"".join(struct.pack(">i", round(v * 2**20)) for w in words for v in w)
    return struct.pack(">12H", *lengths) + header + info + tables


def read_widths(data: bytes) -> dict[int, float]:
    """Widths in ems by character code from a TeX font metric file."""
    _, header, first, last, count = struct.unpack(">5H", data[:10])
    info = 24 + 4 * header
    start = info + 4 * (last - first + 1)
    table = struct.unpack(f">{count}i", data[start : start + 4 * count])
    indices = {c: data[info + 4 * (c - first)] for c in range(first, last + 1)}
    return {c: table[i] / 2**20 for c, i in indices.items() if i}
