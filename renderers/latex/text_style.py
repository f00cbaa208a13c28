"""Compare the weight and shape of a text with the fonts that draw it."""

from __future__ import annotations

from renderers.latex.atoms import Atom
from renderers.latex.characters import is_cjk
from renderers.latex.font_glyphs import look
from renderers.latex.glyphs import PageGlyphs

_ITALIC = ("italic", "slanted-sans")


def style_problem(atom: Atom, glyphs: PageGlyphs, start: int, end: int) -> tuple[str, str] | None:
    """Why the letters from glyph `start` to `end` are not in the style of their text, or None."""
    style = atom.style
    if style is None:
        return None
    chars, fonts = glyphs.chars, glyphs.fonts
    first: dict[str, str] = {}  # of each font
    for i in range(start, end):
        if fonts[i] not in first and chars[i].isalpha():
            if is_cjk(chars[i]):
                if not _heavy(glyphs, i) and style.bold:
                    return "text-style", f"{chars[i]!r} is not bold"
                if _heavy(glyphs, i) and not style.bold:
                    return "text-style", f"{chars[i]!r} is bold"
            first[fonts[i]] = chars[i]
    for font, char in first.items():
        if not is_cjk(char) and (wrong := _wrong(font, char, atom)):
            return "text-style", f"{char!r} in font {font} {wrong}"
    return None


def _heavy(glyphs: PageGlyphs, i: int) -> bool:
    drawn = look(glyphs.fonts[i], glyphs.chars[i])
    return bool(glyphs.heavy[i]) or (drawn is not None and drawn.bold)


def _wrong(font: str, char: str, atom: Atom) -> str:
    drawn, style = look(font, char), atom.style
    if drawn is None:
        return "has no entry in font_styles.tsv"
    if style is None or drawn.shape == "sign":
        return ""
    if (drawn.shape == "mono") != (atom.kind == "mono"):
        return "is not typewriter" if atom.kind == "mono" else "is typewriter"
    if drawn.bold != style.bold:
        return "is not bold" if style.bold else "is bold"
    if (drawn.shape in _ITALIC) != style.italic and atom.kind != "mono":
        return "is not italic" if style.italic else "is italic"
    return ""
