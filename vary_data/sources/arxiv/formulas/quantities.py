"""Convert quantities and chemistry (siunitx, mhchem) to formula source."""

from __future__ import annotations

import re

from renderers.rejected import Rejected
from vary_data.sources.arxiv.formulas.chemistry import chemical
from vary_data.sources.arxiv.limits import is_number
from vary_data.sources.arxiv.scan import read_argument
from vary_data.sources.arxiv.vocabulary.units import PREFIXES, UNITS

_SIGNS = {"°": "^{\\circ}", "°C": "^{\\circ}\\mathrm{C}", "Ω": "\\Omega", "′": "'", "″": "''",
          "%": "\\%", "Å": "\\mathring{\\mathrm{A}}"}  # fmt: skip
_PIECE = re.compile(
    r"\\([A-Za-z]+)\s*|([A-Za-z]+)|\{([^{}]*)\}|\^\s*\{?\s*(-?\d+)\s*\}?|([~.·/\s]|\\[,.])"
)
_COMPARATOR = re.compile(
    r"\s*(<|>|~|\\(?:sim|approx|le|leq|ge|geq|ll|gg|lesssim|gtrsim))(?![A-Za-z])\s*"
)
_POWERS = {"squared": 2, "square": 2, "cubed": 3, "cubic": 3}
_NUMBER = re.compile(
    r"\s*([-+]|\\pm\s*)?\s*(\d[\d\s,]*(?:\.\d+)?|\.\d+)?\s*(?:\(\d+\)|(?:\+-|\\pm|±)\s*[\d.]+)?"
    r"\s*(?:[eEdD]\s*([-+]?\d+))?\s*"
)


def source(command: str, arguments: list[str]) -> str:
    """The formula that such a command prints.

    Raises:
        Rejected: a number, unit or chemical formula that cannot be read.
    """
    if command in ("num", "tablenum"):
        return _number(arguments[0])
    if command in ("numlist", "numproduct"):
        return _joined([_number(one) for one in _entries(arguments[0])], command)
    if command in ("SIlist", "qtylist", "qtyproduct"):
        unit = _unit(arguments[1])
        return _joined([f"{_number(one)}\\,{unit}" for one in _entries(arguments[0])], command)
    if command in ("si", "unit"):
        return _unit(arguments[0])
    if command in ("SI", "qty"):
        unit = _unit(arguments[1])
        gap = "" if unit.startswith("^") else "\\,"
        return f"{_number(arguments[0])}{gap}{unit}"
    if command == "ang":
        return _angle(arguments[0])
    if command == "numrange":
        return f"{_number(arguments[0])}\\text{{ to }}{_number(arguments[1])}"
    if command in ("SIrange", "qtyrange"):
        unit = _unit(arguments[2])
        low, high = _number(arguments[0]), _number(arguments[1])
        return f"{low}\\,{unit}\\text{{ to }}{high}\\,{unit}"
    return chemical(arguments[0])


def _entries(text: str) -> list[str]:
    return [one for one in re.split(r"[;x]", text) if one.strip()]


def _joined(entries: list[str], command: str) -> str:
    if "product" in command:
        return "\\times ".join(entries)
    if len(entries) < 3:
        return "\\text{ and }".join(entries)
    return ",\\ ".join(entries[:-1]) + "\\text{, and }" + entries[-1]


def _angle(text: str) -> str:
    """Degrees, or degrees, minutes and seconds with semicolons between them."""
    signs = ("^{\\circ}", "'", "''")
    parts = text.split(";")
    if len(parts) > len(signs):
        raise Rejected("number", text)
    written = (f"{_number(p)}{sign}" for p, sign in zip(parts, signs, strict=False) if p.strip())
    return "".join(written)


def _number(text: str) -> str:
    compared = _COMPARATOR.match(text)
    if compared:
        sign = compared.group(1)
        return {"~": "\\sim "}.get(sign, f"{sign} ") + _number(text[compared.end() :])
    if len(factors := re.split(r"\s*x\s*", text)) > 1:
        return "\\times ".join(_number(one) for one in factors)
    match = _NUMBER.fullmatch(text)
    if not match or not (match.group(2) or match.group(3)):
        raise Rejected("number", text)
    if "(" in text or "\\pm" in text or "+-" in text or "±" in text:
        text = re.sub(r"\\pm|\+-|±", "\\\\pm ", text)
    sign, digits, exponent = match.groups()
    mantissa = text
    if exponent is not None and not is_number(exponent.lstrip("+-")):
        raise Rejected("number", text)
    if exponent is not None:
        mantissa = re.sub(r"[eEdD]\s*[-+]?\d+\s*$", "", text).strip()
        if not digits:
            mantissa = sign or ""
    result = re.sub(r"(?<=\d),(?=\d)", "{,}", re.sub(r"(?<=\d)\s+(?=\d)", "", mantissa.strip()))
    if exponent is not None:
        result += ("\\times " if digits else "") + f"10^{{{int(exponent)}}}"
    return result


def _unit(text: str) -> str:
    """Units one after the other; a slash is printed as it is written."""
    reader = _UnitReader(text)
    position = 0
    while position < len(text):
        match = _PIECE.match(text, position)
        if not match:
            raise Rejected("unit", text)
        position = reader.take(match)
    return reader.written()


class _UnitReader:
    """Symbols so far, and what the next one gets: a prefix, a power, `\\per`."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.parts: list[str] = []
        self.prefix = ""
        self.per = False
        self.power = 1

    def take(self, match: re.Match[str]) -> int:
        word, letters, group, power, mark = match.groups()
        position = match.end()
        if word in ("tothe", "raiseto", "of"):
            argument, position = read_argument(self.text, position)
            self._with_argument(word, argument)
        elif word in _POWERS:
            self._power(_POWERS[word], before=word in ("square", "cubic"))
        elif word == "per":
            self.per = True
        elif word in PREFIXES:
            self.prefix += PREFIXES[word]
        elif power is not None:
            if not is_number(power.lstrip("+-")):
                raise Rejected("unit", self.text)
            self._power(int(power), before=False)
        elif word in UNITS or letters or group:
            self._symbol(str(UNITS.get(word or "") or letters or group))
        elif mark == "/":
            self.parts.append("/")
        elif word is not None and word not in ("text", "mathrm"):
            raise Rejected("unit", "\\" + word)
        return position

    def _with_argument(self, word: str, argument: str) -> None:
        if word == "of" and self.parts:
            self.parts[-1] += f"_{{\\mathrm{{{argument}}}}}"
        elif word != "of" and re.fullmatch(r"\s*-?\d{1,3}\s*", argument):
            self._power(int(argument), before=word == "raiseto")
        else:
            raise Rejected("unit", self.text)

    def _power(self, power: int, before: bool) -> None:
        if before:
            self.power = power
        elif self.parts and self.parts[-1] != "/":
            self.parts[-1] = _powered(self.parts[-1], power)
        else:
            raise Rejected("unit", self.text)

    def _symbol(self, name: str) -> None:
        prefix = self.prefix
        symbol = _SIGNS.get(name) or f"\\mathrm{{{prefix.replace('μ', '')}{name}}}"
        if prefix == "μ":
            symbol = f"\\mu {symbol}"
        elif name in _SIGNS and prefix:
            symbol = f"\\mathrm{{{prefix}}}{symbol}"
        if self.per:
            symbol += "^{-1}"
        self.parts.append(_powered(symbol, self.power) if self.power != 1 else symbol)
        self.prefix, self.per, self.power = "", False, 1

    def written(self) -> str:
        if self.prefix or self.per:
            raise Rejected("unit", self.text)
        return "\\,".join(self.parts).replace("\\,/\\,", "/").replace("/\\,", "/")


def _powered(symbol: str, power: int) -> str:
    if symbol.endswith("^{-1}"):
        return f"{symbol[:-5]}^{{-{power}}}"
    return f"{symbol}^{{{power}}}"
