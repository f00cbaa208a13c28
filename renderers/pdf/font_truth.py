"""Fonts whose ToUnicode table contradicts their own glyphs.

A ToUnicode table may call each glyph what it likes, for protection or by a fault; the picture then
shows another letter than the text. Three witnesses are compared with it, where a font has them:
the names of the glyphs (`Encoding`, ISO 32000-1, 9.6.6) of a simple font, the character map inside
an embedded TrueType font, and, without one, the heights of its glyphs. Only letters and digits are
compared, each with one of the same script: programs that write PDF often number their glyphs by
names such as `A`, `B`, `C`.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Iterator, Mapping

import pymupdf
from pymupdf import mupdf

from renderers.pdf.glyph_shapes import shapes_contradict
from renderers.pdf.resources import FontNumbers
from renderers.pdf.tex_glyphs import code_of_name

Codes = dict[int, str]
"""The text of each character code."""

_CODE = rb"<([0-9A-Fa-f]{1,4})>\s*"
_CHARACTER = rb"(?![Dd][89A-Fa-f])[0-9A-Fa-f]{4}"
"""One character of the first plane."""
_USUAL_CHARACTER = re.compile(_CODE + rb"<((?:" + _CHARACTER + rb")+)>")
_USUAL_RANGE = re.compile(_CODE + _CODE + rb"<(" + _CHARACTER + rb")>")
_TOKEN = re.compile(rb"<([0-9A-Fa-f\s]*)>|([\[\]])")
_DIFFERENCE = re.compile(r"/([^\s/\[\]<>()]+)|(\d+)")
_WIN_ANSI = {code: bytes([code]).decode("cp1252", "replace") for code in range(32, 256)}
_ASCII = {code: chr(code) for code in range(32, 127)}
_MAX_RANGE = 65_536
_ENCODING = re.compile("-Identity-[HV]$")
_STANDARD = re.compile("Times|Helvetica|Courier|Arial")
"""Fonts whose own encoding is known to be that of Latin letters."""


class FontTruth:
    """The fonts of one document that lie; each font is examined once."""

    def __init__(self, document: pymupdf.Document) -> None:
        self.document = document
        self._numbers = FontNumbers(document)
        self._by_xref: dict[int, dict[str, frozenset[str]]] = {}

    def wrong_characters(self, page: int) -> Mapping[str, frozenset[str]]:
        """For each font of a page that lies: the characters that it claims for other glyphs."""
        found: dict[str, frozenset[str]] = {}
        if not self.document.is_pdf:
            return found
        numbers = self._numbers.of_page(page)
        if not numbers <= self._by_xref.keys():
            for xref, _, kind, name, *_ in self.document.get_page_fonts(page):
                if xref not in self._by_xref:
                    wrong = self._examine(xref, kind)
                    names = self._names(xref, name) if wrong else ()
                    self._by_xref[xref] = dict.fromkeys(names, wrong)
            self._by_xref.update({number: {} for number in numbers - self._by_xref.keys()})
        for number in numbers:
            for name, wrong in self._by_xref[number].items():
                found[name] = found.get(name, frozenset()) | wrong
        return found

    def _names(self, xref: int, name: str) -> set[str]:
        """The names under which MuPDF may report a font: its own, or that of its descendant."""
        names = {name, _ENCODING.sub("", name)}
        for part in self._descendants(xref):
            names.add(self.document.xref_get_key(part, "BaseFont")[1].lstrip("/"))
        return {found.rpartition("+")[2] for found in names}

    def _descendants(self, xref: int) -> list[int]:
        value = self.document.xref_get_key(xref, "DescendantFonts")[1]
        return [int(number) for number in re.findall(r"(\d+) \d+ R", value)]

    def _examine(self, xref: int, kind: str) -> frozenset[str]:
        try:
            table = self.document.xref_get_key(xref, "ToUnicode")
            if table[0] != "xref":
                return frozenset()
            claimed = to_unicode(self.document.xref_stream(int(table[1].split()[0])) or b"")
            if kind == "Type0":
                font = self._true_type(xref)
                return _wrong_in_true_type(claimed, font) if font else frozenset()
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

    def _true_type(self, xref: int) -> bytes:
        """The embedded TrueType font of which codes are glyph numbers, as programs write them."""
        kind, encoding = self.document.xref_get_key(xref, "Encoding")
        if kind != "name" or not encoding.startswith("/Identity"):
            return b""
        descendants = self._descendants(xref)
        if len(descendants) != 1:
            return b""
        kind, mapping = self.document.xref_get_key(descendants[0], "CIDToGIDMap")
        if kind != "null" and mapping != "/Identity":
            return b""
        _, extension, _, data = self.document.extract_font(xref)
        return data if extension == "ttf" else b""


def to_unicode(stream: bytes) -> Codes:
    """The entries of a ToUnicode table that name one character (ISO 32000-1, 9.10.3)."""
    found: Codes = {}
    for part in stream.split(b"beginbf")[1:]:
        body, end, _ = part.partition(b"endbf")
        if end and body.startswith(b"char"):
            found.update(_usual_characters(body) or _characters(body))
        elif end and body.startswith(b"range"):
            found.update(_usual_ranges(body) or _ranges(_tokens(body)))
    return {code: text for code, text in found.items() if len(text) == 1}


def _usual_characters(body: bytes) -> Codes | None:
    """Entries `<code> <text>` of the first plane, as most programs write them; else None.

    The text of several characters is empty.
    """
    pairs = _USUAL_CHARACTER.findall(body)
    if not pairs or 2 * len(pairs) != body.count(b"<"):
        return None
    return {int(code, 16): chr(int(text, 16)) if len(text) == 4 else "" for code, text in pairs}


def _usual_ranges(body: bytes) -> Codes | None:
    """Entries `<first> <last> <text>` of the first plane; else None."""
    entries = _USUAL_RANGE.findall(body)
    if not entries or 3 * len(entries) != body.count(b"<"):
        return None
    found: Codes = {}
    for first, last, text in entries:
        code = int(first, 16)
        shift = int(text, 16) - code
        if first == last:
            found[code] = chr(code + shift)
            continue
        found.update((c, chr(c + shift)) for c in range(code, int(last, 16) + 1))
    return found


def _tokens(body: bytes) -> list[bytes]:
    return [m.group(1) if m.group(2) is None else m.group(2) for m in _TOKEN.finditer(body)]


def _characters(body: bytes) -> Codes:
    tokens = _tokens(body)
    pairs = zip(tokens[::2], tokens[1::2], strict=False)
    return {_number(code): _decode(text) for code, text in pairs}


def _ranges(tokens: list[bytes]) -> Iterator[tuple[int, str]]:
    """Entries of `first last text` (counted up) and of `first last [text text ...]`."""
    index = 0
    while index + 2 < len(tokens):
        first, last, text = tokens[index : index + 3]
        index += 3
        count = min(_number(last) - _number(first) + 1, _MAX_RANGE)
        if text == b"[":
            stop = tokens.index(b"]", index) if b"]" in tokens[index:] else len(tokens)
            for offset, entry in enumerate(tokens[index : min(stop, index + max(0, count))]):
                yield _number(first) + offset, _decode(entry)
            index = stop + 1
            continue
        start = _decode(text)
        for offset in range(count if len(start) == 1 else 0):
            if ord(start) + offset <= sys.maxunicode:
                yield _number(first) + offset, chr(ord(start) + offset)


def _number(token: bytes) -> int:
    if len(token) <= 4 and token.isalnum():
        return int(token, 16)
    return int(b"".join(token.split()) or b"0", 16)


def _decode(text: bytes) -> str:
    digits = b"".join(text.split()).decode()
    return bytes.fromhex(digits + "0" * (len(digits) % 2)).decode("utf-16-be", "replace")


def _wrong(claimed: Codes, shown: Codes) -> frozenset[str]:
    """The characters that a table claims for glyphs of other letters or digits."""
    return frozenset(
        text
        for code, text in claimed.items()
        if (glyph := shown.get(code, text)) != text and _differ(_plain(text), _plain(glyph))
    )


def _wrong_in_true_type(claimed: Codes, font: bytes) -> frozenset[str]:
    """The characters that a table claims for glyphs of other letters of an embedded font, by its
    own character map or the names of its glyphs; if it has neither, by their heights."""
    known = _own_map(font, claimed)
    if wrong := _wrong(claimed, known):
        return wrong
    unknown = {g: text for g, text in claimed.items() if g not in known and text.isalnum()}
    return frozenset(unknown.values()) if shapes_contradict(font, unknown) else frozenset()


def _own_map(data: bytes, claimed: Codes) -> Codes:
    font = pymupdf.Font(fontbuffer=data)
    found: Codes = {}
    for code in font.valid_codepoints():
        found.setdefault(font.has_glyph(code), chr(code))
    for glyph in claimed.keys() - found.keys():
        name = mupdf.ll_fz_get_glyph_name2(font.this.m_internal, glyph)
        text = code_of_name(name) if isinstance(name, str) and len(name) > 1 else None
        if text:
            found[glyph] = text
    return found


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
