"""Fonts whose ToUnicode table contradicts their own glyphs.

A ToUnicode table may call each glyph what it likes, for protection or by a fault; the picture then
shows another letter than the text. Two witnesses are compared with it, where a font has them: the
names of the glyphs (`Encoding`, ISO 32000-1, 9.6.6) of a simple font, and the character map inside
an embedded TrueType font. Only letters and digits are compared, each with one of the same script:
programs that write PDF often number their glyphs by names such as `A`, `B`, `C`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping

import pymupdf

from renderers.pdf.tex_glyphs import code_of_name

Codes = dict[int, str]
"""The text of each character code."""

_BLOCK = re.compile(rb"begin(bfchar|bfrange)(.*?)endbf(?:char|range)", re.DOTALL)
_TOKEN = re.compile(rb"<([0-9A-Fa-f\s]*)>|([\[\]])")
_DIFFERENCE = re.compile(r"/([^\s/\[\]<>()]+)|(\d+)")
_WIN_ANSI = {code: bytes([code]).decode("cp1252", "replace") for code in range(32, 256)}
_ASCII = {code: chr(code) for code in range(32, 127)}
_MAX_RANGE = 65_536
_STANDARD = re.compile("Times|Helvetica|Courier|Arial")
"""Fonts whose own encoding is known to be that of Latin letters."""


class FontTruth:
    """The fonts of one document that lie; each font is examined once."""

    def __init__(self, document: pymupdf.Document) -> None:
        self.document = document
        self._by_xref: dict[int, frozenset[str]] = {}

    def wrong_characters(self, page: int) -> Mapping[str, frozenset[str]]:
        """For each font of a page that lies: the characters that it claims for other glyphs."""
        found: dict[str, frozenset[str]] = {}
        if not self.document.is_pdf:
            return found
        for xref, _, kind, name, *_ in self.document.get_page_fonts(page):
            if xref not in self._by_xref:
                self._by_xref[xref] = self._examine(xref, kind)
            wrong = self._by_xref[xref]
            if wrong:
                base = name.rpartition("+")[2]
                found[base] = found.get(base, frozenset()) | wrong
        return found

    def _examine(self, xref: int, kind: str) -> frozenset[str]:
        try:
            table = self.document.xref_get_key(xref, "ToUnicode")
            if table[0] != "xref":
                return frozenset()
            claimed = to_unicode(self.document.xref_stream(int(table[1].split()[0])) or b"")
            if kind == "Type0":
                return _wrong(claimed, self._embedded_map(xref))
            return _wrong(claimed, self._encoding(xref))
        except Exception:  # damaged font dictionaries of any kind; MuPDF has read the text
            return frozenset()

    def _encoding(self, xref: int) -> Codes:
        """The characters of a simple font by its glyph names; codes without a name are left out."""
        kind, value = self.document.xref_get_key(xref, "Encoding")
        if kind == "name":
            return _WIN_ANSI if value == "/WinAnsiEncoding" else _ASCII
        name = self.document.xref_get_key(xref, "BaseFont")[1]
        if kind == "null":
            return _ASCII if _STANDARD.match(name.lstrip("/")) else {}
        found: Codes = {}
        if kind == "xref":
            value = self.document.xref_object(int(value.split()[0]))
        elif kind != "dict":
            return found
        if "WinAnsiEncoding" in value:
            found |= _WIN_ANSI
        start = value.find("/Differences")
        code = 0
        for glyph, number in _DIFFERENCE.findall(value[start + 12 :]) if start >= 0 else ():
            if number:
                code = int(number)
                continue
            text = code_of_name(glyph)
            found.pop(code, None)
            if text:
                found[code] = text
            code += 1
        return found

    def _embedded_map(self, xref: int) -> Codes:
        """The characters of a TrueType font by its own character map, if codes are glyphs."""
        kind, encoding = self.document.xref_get_key(xref, "Encoding")
        if kind != "name" or not encoding.startswith("/Identity"):
            return {}
        descendants = self.document.xref_get_key(xref, "DescendantFonts")[1]
        numbers = re.findall(r"(\d+) \d+ R", descendants)
        if len(numbers) != 1:
            return {}
        kind, mapping = self.document.xref_get_key(int(numbers[0]), "CIDToGIDMap")
        if kind != "null" and mapping != "/Identity":
            return {}
        _, extension, _, data = self.document.extract_font(xref)
        if extension != "ttf" or not data:
            return {}
        font = pymupdf.Font(fontbuffer=data)
        found: Codes = {}
        for code in font.valid_codepoints():
            found.setdefault(font.has_glyph(code), chr(code))
        return found


def to_unicode(stream: bytes) -> Codes:
    """The entries of a ToUnicode table that name one character (ISO 32000-1, 9.10.3)."""
    found: Codes = {}
    for kind, body in _BLOCK.findall(stream):
        tokens = [m.group(1) or m.group(2) for m in _TOKEN.finditer(body)]
        pairs = (
            _ranges(tokens) if kind == b"bfrange" else zip(tokens[::2], tokens[1::2], strict=False)
        )
        for code, text in pairs:
            decoded = _decode(text)
            if len(decoded) == 1:
                found[int(b"".join(code.split()), 16)] = decoded
    return found


def _ranges(tokens: list[bytes]) -> Iterator[tuple[bytes, bytes]]:
    index = 0
    while index + 2 < len(tokens):
        first, last, text = tokens[index : index + 3]
        start, stop = int(first, 16), int(last, 16)
        index += 3
        if text == b"[":
            for offset in range(min(stop - start + 1, _MAX_RANGE)):
                if index >= len(tokens) or tokens[index] == b"]":
                    break
                yield b"%x" % (start + offset), tokens[index]
                index += 1
            index += 1
            continue
        code = int(text, 16) if len(text) <= 4 else None
        for offset in range(min(stop - start + 1, _MAX_RANGE) if code is not None else 0):
            yield b"%x" % (start + offset), b"%04x" % (code + offset if code is not None else 0)


def _decode(text: bytes) -> str:
    digits = b"".join(text.split())
    return bytes.fromhex(digits.decode()).decode("utf-16-be", "replace") if digits else ""


def _wrong(claimed: Codes, shown: Codes) -> frozenset[str]:
    """The characters that a table claims for glyphs of other letters or digits."""
    return frozenset(
        text
        for code, text in claimed.items()
        if code in shown and _differ(_plain(text), _plain(shown[code]))
    )


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _differ(claim: str, glyph: str) -> bool:
    """Whether two characters are different letters of one script, or different digits."""
    if claim == glyph or len(claim) != 1 or len(glyph) != 1:
        return False
    kinds = [unicodedata.category(c)[0] for c in (claim, glyph)]
    if not set(kinds) <= {"L", "N"}:
        return False
    return (claim < "\u0250") == (glyph < "\u0250") and (claim >= "一") == (glyph >= "一")
