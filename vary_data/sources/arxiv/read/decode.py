"""Decode the bytes of a TeX file."""

from __future__ import annotations

import codecs
import re

_DECLARED = re.compile(
    rb"\\usepackage\s*\[([^\]]*)\]\s*\{inputenc\}|%\s*!TEX\s+encoding\s*=\s*(\S+)"
)
_CODECS = {
    "latin1": "cp1252", "latin9": "iso8859-15", "ansinew": "cp1252", "cp1252": "cp1252",
    "applemac": "mac-roman", "latin2": "iso8859-2", "koi8-r": "koi8-r", "cp1251": "cp1251",
    "gbk": "gb18030", "gb2312": "gb18030", "gb18030": "gb18030",
}  # fmt: skip
_CJK = re.compile("[\u4e00-\u9fff]")
_MIN_WIDE, _COMMON_SHARE = 8, 0.7
"""Non-ASCII characters, and the share of common Chinese ones, that make a text Chinese."""


def decode(data: bytes) -> str:
    """The text of a file, with line ends as newlines and no byte-order mark.

    UTF-8 when it is valid; else the encoding that the file declares; else GB 18030 when the
    result is mostly common Chinese; else Windows Latin-1, which decodes any bytes.
    """
    for mark, codec in ((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")):
        if data.startswith(mark):
            return _lines(data.decode(codec, "replace"))
    try:
        return _lines(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        pass
    declared = _DECLARED.search(data)
    name = (declared.group(1) or declared.group(2)).decode("ascii", "replace") if declared else ""
    codec = _CODECS.get(name.strip().lower(), "")
    if not codec and _reads_as_chinese(data):
        codec = "gb18030"
    return _lines(data.decode(codec or "cp1252", "replace"))


def _reads_as_chinese(data: bytes) -> bool:
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError:
        return False
    wide = [char for char in text if ord(char) > 127]
    # Latin letters with accents, read as GB, give rare characters, seldom the common block.
    return len(wide) >= _MIN_WIDE and len(_CJK.findall(text)) > _COMMON_SHARE * len(wide)


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
