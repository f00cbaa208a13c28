"""Decode the bytes of a TeX file."""

from __future__ import annotations

import codecs
import re

_DECLARED = re.compile(
    rb"\\usepackage\s*\[([^\]]*)\]\s*\{inputenc\}|%\s*!TEX\s+encoding\s*=\s*(\S+)"
    rb"|\\begin\s*\{CJK\*?\}\s*(?:\[[^\]]*\])?\s*\{([A-Za-z0-9]+)\+?\}"
)
_CODECS = {
    "latin1": "cp1252", "latin9": "iso8859-15", "ansinew": "cp1252", "cp1252": "cp1252",
    "applemac": "mac-roman", "latin2": "iso8859-2", "koi8-r": "koi8-r", "cp1251": "cp1251",
    "big5": "big5hkscs", "bg5": "big5hkscs", "b5": "big5hkscs",
    "gbk": "gb18030", "gb": "gb18030", "gb2312": "gb18030", "gb18030": "gb18030",
}  # fmt: skip
_CJK = re.compile("[\u4e00-\u9fff]")
_FREQUENT = frozenset(
    "，。、的一是不了在人有我他这這个個们們中来來上大为為和国國地到以说說时時要就出会會可也你对對生能而子那得于"
    "於下自之年过過发發后後作里裡用道行所然家种種事成方多经經么麼去法学學如都同现現当當没沒动動面起看定天分还"
    "還进進好小部其些主样樣理心本前开開但因只从從想实實"
)
"""The most frequent signs of both ways to write Chinese."""
_MIN_WIDE, _COMMON_SHARE = 8, 0.7
"""Non-ASCII characters, and the share of common Chinese ones, that make a text Chinese."""


def decode(data: bytes) -> str:
    """The text of a file, with line ends as newlines and no byte-order mark.

    UTF-8 when it is valid; else the encoding that the file declares; else GB 18030 or Big5
    when the result is mostly common Chinese; else Windows Latin-1, which decodes any bytes.
    """
    for mark, codec in ((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")):
        if data.startswith(mark):
            return _lines(data.decode(codec, "replace"))
    try:
        return _lines(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        pass
    declared = _DECLARED.search(data)
    name = next(filter(None, declared.groups()), b"") if declared else b""
    codec = _CODECS.get(name.decode("ascii", "replace").strip().lower(), "")
    codec = codec or _chinese_codec(data)
    return _lines(data.decode(codec or "cp1252", "replace"))


def _chinese_codec(data: bytes) -> str:
    """GB 18030 or Big5, whichever reads better; empty if neither gives mostly Chinese."""
    readings = {codec: _reading(data, codec) for codec in ("gb18030", "big5hkscs")}
    best = max(readings, key=lambda codec: readings[codec])
    return best if readings[best][0] else ""


def _reading(data: bytes, codec: str) -> tuple[bool, float]:
    """Whether the text is mostly Chinese, and its share of the most frequent characters."""
    try:
        text = data.decode(codec)
    except UnicodeDecodeError:
        return False, 0.0
    wide = [char for char in text if ord(char) > 127]
    # Latin letters with accents, read as GB, give rare characters, seldom the common block;
    # Chinese in the other encoding gives few frequent ones.
    chinese = len(wide) >= _MIN_WIDE and len(_CJK.findall(text)) > _COMMON_SHARE * len(wide)
    return chinese, sum(char in _FREQUENT for char in wide) / max(1, len(wide))


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
