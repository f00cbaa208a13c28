"""Measure which characters the fonts of a template print, by printing all of them.

TeX drops a character without a glyph and reports success; a Chinese character whose subfont does
not exist ends the run. So every candidate is printed once in each style and read back from the
PDF. The result is cached next to the format. Blocks with other characters never reach TeX.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import pymupdf

from renderers.latex import color_tag, formula_table
from renderers.latex.atoms import FIRST_ATOM_NUMBER, atoms
from renderers.latex.blocks import Block
from renderers.latex.characters import (
    CANDIDATES,
    CJK,
    FOLDED,
    SAFE_CANDIDATES,
    SHARED_PUNCTUATION,
)
from renderers.latex.engine import FormatFailed, TexEngine
from renderers.latex.formula_table import FormulaTable, Piece
from renderers.latex.formula_units import Unit
from renderers.latex.glyphs import PageGlyphs, read_page
from renderers.latex.style import PageStyle
from renderers.latex.template import Template
from renderers.latex.tex_document import closing, opening
from renderers.latex.tex_text import text

_STYLES = (r"\textup", r"\textbf", r"\textit")
_MONO_STYLES = (r"\texttt",)
_CJK_STYLES = (r"\textup", r"\textbf")
_TAG_OFFSET = FIRST_ATOM_NUMBER + 1
"""Color tags of candidates are above those of page furniture."""
_PER_PARAGRAPH = 20
"""Candidates in a paragraph: few enough for one line, so that none is broken."""


reader: Any = pymupdf
"""PyMuPDF has no type information."""


@dataclass(frozen=True, slots=True)
class GlyphCoverage:
    """Characters that a template prints in every style of text, in typewriter, and in its Chinese
    font."""

    text: frozenset[str]
    mono: frozenset[str]
    chinese: frozenset[str]
    formulas: FormulaTable

    def missing(self, blocks: Sequence[Block]) -> dict[int, str]:
        """What the template cannot print, by the index of its block: the first character without a
        glyph, or the first unit of a formula that is not drawn as its source says."""
        found: dict[int, str] = {}
        for atom in atoms(blocks):
            if atom.kind in ("text", "mono"):
                face = self.mono if atom.kind == "mono" else self.text
                lacking = next(self._lacking(atom.text, face), None)
            else:
                lacking = next((c for c in atom.text if not self._in_formula(c)), None)
                if lacking is None and atom.kind == "math":
                    lacking = self.formulas.missing(atom.text)
            if lacking is not None and atom.kind != "mark":
                found.setdefault(int(atom.path[0]), lacking)
        return found

    def _lacking(self, text: str, face: frozenset[str]) -> Iterator[str]:
        if face.issuperset(text.replace(" ", "")) and text.isascii():
            return
        chinese = CJK.search(text) is not None
        for char in text:
            is_chinese = CJK.match(char) or (chinese and char in SHARED_PUNCTUATION)
            if char not in (self.chinese if is_chinese else face) and not char.isspace():
                yield char

    def _in_formula(self, char: str) -> bool:
        return char.isascii() or char in self.chinese or char in self.text


def measure(engine: TexEngine, template: Template) -> GlyphCoverage:
    """A template's coverage, from the cache or by a run of TeX.

    Raises:
        EngineMissing, FormatFailed: as `TexEngine.format_of`.
    """
    path = engine.format_of(template).with_suffix(f".{_tables_key()}.coverage.json")
    if not path.is_file():
        latin = SAFE_CANDIDATES if template.cjk else CANDIDATES
        chinese = _chinese(engine, template)
        found = {
            "text": _printed(engine, template, latin, _STYLES),
            "mono": _printed(engine, template, latin, _MONO_STYLES),
            "chinese": _printed(engine, template, chinese, _CJK_STYLES),
        }
        units = _formulas(engine, template)
        handle, temporary = tempfile.mkstemp(dir=path.parent)
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            texts = {key: "".join(chars) for key, chars in found.items()}
            json.dump({**texts, "formulas": units}, out)
        Path(temporary).replace(path)
    data = json.loads(path.read_text("utf-8"))
    pieces = {
        Unit(*unit): tuple((char, style) for char, style in drawn)
        for unit, drawn in data["formulas"]
    }
    return GlyphCoverage(
        text=frozenset(data["text"]),
        mono=frozenset(data["mono"]),
        chinese=frozenset(data["chinese"]),
        formulas=FormulaTable(pieces),
    )


@cache
def _tables_key() -> str:
    """A hash of the tables of characters, commands and glyphs, which say what is measured."""
    digest = hashlib.sha256()
    tables = [file for file in files(__package__).iterdir() if file.name.endswith(".tsv")]
    for table in sorted(tables, key=lambda file: file.name):
        digest.update(table.read_bytes())
    return digest.hexdigest()[:12]


def _formulas(engine: TexEngine, template: Template) -> list[tuple[Unit, tuple[Piece, ...]]]:
    """The units of formulas that the template draws correctly, and their pieces."""
    measured = formula_table.every_unit()
    pages = _probe(engine, template, formula_table.probe(measured, _TAG_OFFSET))
    return list(formula_table.read(pages, measured, _TAG_OFFSET).pieces.items())


def _probe(engine: TexEngine, template: Template, lines: Iterable[str]) -> list[PageGlyphs]:
    """The pages of a document with these lines.

    Raises:
        FormatFailed: TeX makes no PDF of it.
    """
    style = PageStyle(template.sizes[0], template.margins[0][0], template.margins[1][0])
    with tempfile.TemporaryDirectory(prefix="probe-", dir=engine.cache) as work:
        body = "\n".join([opening(template, style, ""), *lines, closing(template)])
        run = engine.typeset(template, body, Path(work))
        if run.fatal:
            detail = run.problems[0].detail if run.problems else "no PDF"
            raise FormatFailed(f"template {template.name}: probing its glyphs failed: {detail}")
        with reader.open(run.pdf) as document:
            return [read_page(page) for page in document]


def _chinese(engine: TexEngine, template: Template) -> list[str]:
    """Every code point of the subfonts that exist; others would end the run."""
    folder = engine.face_folder(template)
    if folder is None:
        return []
    blocks = sorted({int(path.stem[-2:], 16) for path in folder.glob("*.tfm")})
    chars = (chr(block << 8 | low) for block in blocks for low in range(256))
    return [c for c in chars if c.isprintable() and (CJK.match(c) or c in SHARED_PUNCTUATION)]


def _printed(
    engine: TexEngine, template: Template, chars: Sequence[str], styles: Iterable[str]
) -> list[str]:
    """Those of `chars` that the PDF contains unchanged in every style."""
    left = list(chars)
    chinese = styles is _CJK_STYLES
    for style in styles:
        if left:
            left = _printed_in(engine, template, left, style, chinese)
    return left


def _printed_in(
    engine: TexEngine, template: Template, chars: Sequence[str], style: str, chinese: bool
) -> list[str]:
    lines = [r"\tracinglostchars=0 \hyphenpenalty=10000"]
    for number, char in enumerate(chars, 1):
        code = f"\\Unicode{{{ord(char) >> 8}}}{{{ord(char) & 255}}}" if chinese else text(char)
        lines.append(
            rf"\leavevmode\vi{{{color_tag.encode(number + _TAG_OFFSET)}}}{style}{{{code}}}\vo{{}} "
        )
        if number % _PER_PARAGRAPH == 0:
            lines.append(r"\par")
    seen: dict[int, str] = {}
    for glyphs in _probe(engine, template, lines):
        for number in glyphs.runs:
            seen[number] = seen.get(number, "") + glyphs.text(number)
    return [c for n, c in enumerate(chars, 1) if seen.get(n + _TAG_OFFSET) == FOLDED.get(c, c)]
