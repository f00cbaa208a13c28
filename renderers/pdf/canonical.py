"""Canonical characters: those that a reader of the picture would write.

PDF files name shared glyphs by the first of several code points, use ligatures and special spaces,
and draw accents as characters of their own.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from renderers.picture import Box
from renderers.twins import TWINS

# Where several code points share a glyph, many PDFs name the first of them. For Kangxi radicals
# and compatibility ideographs NFKC gives the ordinary character. NFKC does not change the radicals
# of the supplement: here each is followed by the ideograph with the same glyph in Noto CJK.
_NFKC_CODES = (*range(0x2F00, 0x2FD6), *range(0xF900, 0xFB00))
_RADICAL_SUPPLEMENT = (
    "⺂乛⺃乚⺅亻⺇𠘨⺉刂⺋㔾⺍𭕄⺎兀⺏尣⺐尢⺒巳⺓幺⺔彑⺕彐⺖忄⺘扌⺙攵⺛旡⺞歺⺟母⺠民⺡氵⺣灬"
    "⺤爫⺦丬⺨犭⺩𤣩⺫罒⺭礻⺮𥫗⺯糹⺰纟⺱罓⺲罒⺳㓁⺹耂⺺肀⺽𦥑⺾艹⺿艹⻀艹⻁虎⻂衤⻃覀⻄西⻅见"
    "⻆角⻇𧢲⻈讠⻉贝⻊𧾷⻋车⻌辶⻍辶⻎辶⻐钅⻑長⻒镸⻓长⻔门⻕𨸏⻖阝⻘青⻙韦⻚页⻛风⻜飞⻝食⻞𩙿"
    "⻟飠⻠饣⻡𩠐⻢马⻣骨⻤鬼⻥鱼⻦鸟⻧卤⻨麦⻩黄⻪黾⻫斉⻬齐⻭歯⻮齿⻯竜⻰龙⻱龜⻲亀⻳龟"
)
AMBIGUOUS_RADICAL = "⼾"
"""U+2FBE, the only radical whose glyph depends on the font: 户 in simplified fonts, 戶 in
traditional ones. Chromium embeds Noto CJK without its name, so the other characters of the page
decide."""
_COMMON_PUNCTUATION = {"‒": "–", "―": "—", "⸺": "——", "⸻": "———", "〜": "～"}
"""Rare code points of common marks. Each pair shares a glyph in Noto CJK; on Chinese pages
Chromium names — as ―, on pages without a language it names —— as ⸺."""
_NUMERALS = "ⅠⅤⅩⅬⅭⅮⅰⅴⅹⅼⅽⅾⅿ"
_SIGNS_BY_WIDTH = {
    "∕": "∕／", "\u2329": "⟨〈", "\u232a": "⟩〉",
    **{sign: unicodedata.normalize("NFKC", sign) + sign for sign in _NUMERALS},
}  # fmt: skip
"""Code points that name two signs: a narrow one, and one as wide as an ideograph. ∕ and ／, 〈 and
U+2329 have the same glyph in Noto CJK; ⟨ is the usual code of what Adobe's glyph list has at
U+2329. Roman numerals of Chinese fonts are wide; in other fonts they have the glyphs of letters,
and XeTeX names the m and l of some of them ⅿ and ⅼ."""
_LETTERS_AS_NUMERALS = re.compile(
    f"[a-zA-Z{_NUMERALS}][{_NUMERALS}]|[{_NUMERALS}][a-zA-Z]|[ⅬⅭⅮⅼⅽⅾⅿ]"
)
_NUMERALS_OF_LETTERS = re.compile("[ⅡⅢⅣⅥⅦⅧⅨⅪⅫⅱⅲⅳⅵⅶⅷⅸⅺⅻ]")
"""Beside these, and by themselves, Ⅰ, Ⅴ and Ⅹ are numerals, however narrow."""
_WIDTH_DEPENDENT = re.compile(f"[{''.join(_SIGNS_BY_WIDTH)}]")
_MIN_WIDE_EM = 0.9
"""Width in font sizes from which a character counts as wide as an ideograph."""
_NOT_HAN = re.compile("[^一-鿿]+")
_RARE_IDEOGRAPHS = "㫚曶㬵胶㬺幐㮣槩"
"""Pairs: an ideograph that usual text does not contain, then the ideograph of GBK with the same
glyph in Noto Sans CJK."""
_STYLED_LETTERS = (0x210E, *range(0x1D400, 0x1D49C), *range(0x1D5A0, 0x1D7D8),
                   *range(0x1D7E2, 0x1D800))  # fmt: skip
"""Bold, italic, sans-serif and fixed-width letters and digits of formulas, ℎ among them. Of other
fonts the same glyphs are letters. Script, Fraktur and double-struck letters look different, and so
do ϵ and ε, ϕ and φ, which NFKC does not tell apart."""
_SPACES = (0x00A0, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000, 0x09, 0x0A, 0x0D)
_ZERO_WIDTH = (0x034F, 0x061C, *range(0x180B, 0x1810), *range(0x200B, 0x2010),
               *range(0x202A, 0x202F), *range(0x2060, 0x2070), *range(0xFE00, 0xFE10), 0xFEFF,
               *range(0xE0001, 0xE0080), *range(0xE0100, 0xE01F0))  # fmt: skip
"""Joiners, directions, invisible operators, and selectors of variants."""
# Customary code points of the private use area: of the Symbol and Wingdings fonts, and of the
# pieces of tall brackets (Adobe glyph list), which later versions of Unicode contain.
PRIVATE_USE_SYMBOLS = {
    **dict(zip(range(0xF8EB, 0xF8FF), "⎛⎜⎝⎡⎢⎣⎧⎨⎩⎪⎮⎞⎟⎠⎤⎥⎦⎫⎬⎭", strict=True)),
    **dict(zip((0xF8E6, 0xF8E7), "⏐⎯", strict=True)),
    **dict(zip((0xF0B7, 0xF0A7, 0xF0A8, 0xF06E, 0xF06C), "•▪□■●", strict=True)),
    **dict(zip((0xF076, 0xF0D8, 0xF0FC, 0xF0FE, 0xF0E0), "❖➢✓☑→", strict=True)),
    **dict(zip((0xF0AE, 0xF02D, 0xF0B0, 0xF0B1, 0xF0B4), "→-°±×", strict=True)),
    **dict(zip((0xF061, 0xF062, 0xF067, 0xF06D), "αβγμ", strict=True)),
}


def _unstyled(code: int) -> str:
    """The letter that a styled one is by the first step of its decomposition, `<font> 0061`."""
    _, _, letter = unicodedata.decomposition(chr(code)).partition("<font> ")
    return chr(int(letter, 16)) if letter else chr(code)


_CANONICAL: dict[int, str] = {
    **{code: unicodedata.normalize("NFKC", chr(code)) for code in _NFKC_CODES},
    **dict(zip(map(ord, _RADICAL_SUPPLEMENT[::2]), _RADICAL_SUPPLEMENT[1::2], strict=True)),
    **{code: unicodedata.normalize("NFKC", chr(code)) for code in range(0xFB00, 0xFB07)},
    **{code: _unstyled(code) for code in _STYLED_LETTERS},
    **{ord(sign): usual for sign, usual in TWINS.items()},
    **dict.fromkeys(_SPACES, " "),
    **dict.fromkeys(_ZERO_WIDTH, ""),
    **PRIVATE_USE_SYMBOLS,
    0x00AD: "-",  # a soft hyphen that is drawn is a hyphen
    0x2010: "-",
    0x2011: "-",
    **{ord(rare): usual for rare, usual in _COMMON_PUNCTUATION.items()},
    **dict(zip(map(ord, _RARE_IDEOGRAPHS[::2]), _RARE_IDEOGRAPHS[1::2], strict=True)),
}
del _CANONICAL[ord(AMBIGUOUS_RADICAL)]
_HAS_CANONICAL_FORM = re.compile(
    "[" + "".join(f"\\U{code:08x}" for code in sorted(_CANONICAL)) + "]"
)


def normalize(text: str, boxes: list[Box]) -> tuple[str, list[Box]]:
    """Canonical characters, composed accents, no outer spaces; boxes stay parallel to the text."""
    if not text.isascii():
        text, boxes = _compose(text, boxes)
        if not _HAS_CANONICAL_FORM.search(text):
            return _stripped(text, boxes)
        shapes = [_CANONICAL.get(ord(c), c) for c in text]
        if any(len(shape) != 1 for shape in shapes):
            pairs = zip(boxes, shapes, strict=True)
            boxes = [part for box, shape in pairs for part in _parts(box, shape)]
        text = "".join(shapes)
    elif not text.isprintable():
        text = text.replace("\t", " ").replace("\n", " ").replace("\r", " ")
    return _stripped(text, boxes)


def usual_characters(text: str) -> str:
    """Canonical characters for a text without boxes, to compare with one of a PDF: all accents are
    taken to be by themselves."""
    return "".join(_CANONICAL.get(ord(c), _ALONE.get(c, c)) for c in text)


def resolve_by_width(text: str, boxes: Iterable[Box], size: float) -> str:
    """Replace each code point of two signs by the one of its width; `size` is the font size.

    The smaller side of a box is its width or, in rotated text, its height.
    """
    if not _WIDTH_DEPENDENT.search(text):
        return text
    wide = _MIN_WIDE_EM * size
    are_letters = _LETTERS_AS_NUMERALS.search(text) and not _NUMERALS_OF_LETTERS.search(text)
    kept = "" if are_letters else _NUMERALS
    return "".join(
        _SIGNS_BY_WIDTH[letter][min(x1 - x0, y1 - y0) > wide]
        if letter in _SIGNS_BY_WIDTH and letter not in kept
        else letter
        for letter, (x0, y0, x1, y1) in zip(text, boxes, strict=True)
    )


def radical_ideograph(texts: Iterable[str]) -> str:
    """What the ambiguous radical is on a page with these texts.

    户, or 戶 if Big5 has more of the page than GB 2312.
    """
    han = _NOT_HAN.sub("", "".join(texts))
    simplified, traditional = (len(han.encode(code, "ignore")) for code in ("gb2312", "big5"))
    return "戶" if traditional > simplified else "户"


def _parts(box: Box, shape: str) -> list[Box]:
    """A box for each character: dashes divide the box, letters of a ligature all get all of it."""
    count = len(shape)
    if count < 2 or shape[0] != "—":
        return [box] * count
    x0, y0, x1, y1 = box
    width = (x1 - x0) / count
    return [(x0 + i * width, y0, x0 + (i + 1) * width, y1) for i in range(count)]


def _stripped(text: str, boxes: list[Box]) -> tuple[str, list[Box]]:
    if text and text[0] != " " and text[-1] != " ":
        return text, boxes
    start = len(text) - len(text.lstrip(" "))
    stop = len(text.rstrip(" "))
    return text[start:stop], boxes[start:stop]


_ACCENTS = {
    "`": "\u0300",
    "´": "\u0301",
    "ˆ": "\u0302",
    "˜": "\u0303",
    "¯": "\u0304",
    "˘": "\u0306",
    "˙": "\u0307",
    "¨": "\u0308",
    "˚": "\u030a",
    "˝": "\u030b",
    "ˇ": "\u030c",
    "¸": "\u0327",
}
_ALONE = {"ˆ": "^", "˜": "~"}
"""Accents by themselves, as some fonts of TeX name these signs."""
_STROKE = "\u0338"
"""TeX draws the stroke of ≠ before the sign that it belongs to, as it does the bar of ↦; other
programs have it after the sign, as all marks that Unicode combines with a letter."""
_STROKE_AND_SPACE = re.compile(f"(.?){_STROKE} (?=(\\S))")
_ANY_ACCENT = re.compile("[" + "".join((*_ACCENTS, "↦")) + "\u0300-\u036f]")


def _compose(text: str, boxes: list[Box]) -> tuple[str, list[Box]]:
    """Join an accent that TeX draws over a letter with the letter: `´` on `e` gives `é`."""
    if not _ANY_ACCENT.search(text):
        return text, boxes
    text, boxes = _with_strokes_at_signs(text, boxes)
    out: list[str] = []
    kept: list[int] = []
    index = 0
    while index < len(text):
        pair = text[index : index + 2]
        if len(pair) == 2:
            joined = _negated(pair) or _accented(pair, boxes[index], boxes[index + 1])
            if joined:
                letter = index if pair[1] in _ACCENTS else index + 1
                out.append(joined)
                kept.append(letter)
                index += 2
                continue
        marked = _joined(out[-1], text[index]) if out and _is_mark(text[index]) else ""
        if marked:
            out[-1] = marked
            index += 1
            continue
        alone = text[index] in _ALONE and not _on_a_letter(text, boxes, index)
        out.append(_ALONE[text[index]] if alone else text[index])
        kept.append(index)
        index += 1
    return "".join(out), [boxes[i] for i in kept]


def _with_strokes_at_signs(text: str, boxes: list[Box]) -> tuple[str, list[Box]]:
    """The space between a stroke and its sign before the stroke.

    The stroke has no width, so that the space before the sign seems to be after it.
    """
    for match in _STROKE_AND_SPACE.finditer(text):
        at = match.end() - 2
        before, after = match.groups()
        if _joined(before, _STROKE) and not _joined(after, _STROKE):
            continue  # the stroke of the sign before it
        text = f"{text[:at]} {_STROKE}{text[at + 2 :]}"
        boxes = [*boxes[:at], boxes[at + 1], boxes[at], *boxes[at + 2 :]]
    return text, boxes


def _on_a_letter(text: str, boxes: list[Box], index: int) -> bool:
    """Whether an accent stands over or under the letter before or after it."""
    return any(
        text[other].isalpha() and _overlap(boxes[index], boxes[other])
        for other in (index - 1, index + 1)
        if 0 <= other < len(text)
    )


def _overlap(first: Box, second: Box) -> bool:
    """Whether half of the narrower box is above or below the other."""
    overlap = min(first[2], second[2]) - max(first[0], second[0])
    return overlap >= 0.5 * min(first[2] - first[0], second[2] - second[0])


def _negated(pair: str) -> str:
    """A sign after its stroke as one character, or the whole ↦; else nothing."""
    if pair[0] != _STROKE:
        return "↦" if pair == "↦→" else ""
    return _joined(pair[1], _STROKE)


def _is_mark(character: str) -> bool:
    """Whether Unicode combines a character with the letter or sign before it."""
    return "\u0300" <= character <= "\u036f"


def _joined(letter: str, mark: str) -> str:
    """A letter or sign, perhaps one of formulas, and its mark as one character; else nothing."""
    joined = unicodedata.normalize("NFC", usual_characters(letter) + mark)
    return joined if letter and len(joined) == 1 else ""


def _accented(pair: str, first: Box, second: Box) -> str:
    accent, letter = (pair[0], pair[1]) if pair[0] in _ACCENTS else (pair[1], pair[0])
    if accent not in _ACCENTS or not letter.isalpha():
        return ""
    if not _overlap(first, second):
        return ""
    return _joined({"ı": "i", "ȷ": "j"}.get(letter, letter), _ACCENTS[accent])
