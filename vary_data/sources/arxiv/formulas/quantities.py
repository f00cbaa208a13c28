"""Convert quantities and chemistry (siunitx, mhchem) to formula source."""

from __future__ import annotations

import re

from renderers.rejected import Rejected
from vary_data.sources.arxiv.limits import is_number
from vary_data.sources.arxiv.vocabulary.units import PREFIXES, UNITS

_SIGNS = {"°": "^{\\circ}", "°C": "^{\\circ}\\mathrm{C}", "Ω": "\\Omega", "′": "'", "″": "''",
          "%": "\\%", "Å": "\\mathring{\\mathrm{A}}"}  # fmt: skip
_PIECE = re.compile(
    r"\\([A-Za-z]+)\s*|([A-Za-z]+)|\{([^{}]*)\}|\^\s*\{?\s*(-?\d+)\s*\}?|([~.·/\s]|\\[,.])"
)
_NUMBER = re.compile(
    r"\s*([-+]|\\pm\s*)?\s*(\d[\d\s,]*(?:\.\d+)?|\.\d+)?\s*(?:\(\d+\)|(?:\+-|\\pm|±)\s*[\d.]+)?"
    r"\s*(?:[eEdD]\s*([-+]?\d+))?\s*"
)
_CHEMICAL = re.compile(r"([A-Z][a-z]?|[()])(\d*)|\^\{?(\d*[+-])\}?|([+-])$|(\s*(?:->|\+)\s*)")


def source(command: str, arguments: list[str]) -> str:
    """The formula that such a command prints.

    Raises:
        Rejected: a number, unit or chemical formula that cannot be read.
    """
    if command == "num":
        return _number(arguments[0])
    if command in ("si", "unit"):
        return _unit(arguments[0])
    if command in ("SI", "qty"):
        unit = _unit(arguments[1])
        gap = "" if unit.startswith("^") else "\\,"
        return f"{_number(arguments[0])}{gap}{unit}"
    if command == "ang":
        return _number(arguments[0]) + "^{\\circ}"
    if command == "numrange":
        return f"{_number(arguments[0])}\\text{{ to }}{_number(arguments[1])}"
    if command in ("SIrange", "qtyrange"):
        unit = _unit(arguments[2])
        low, high = _number(arguments[0]), _number(arguments[1])
        return f"{low}\\,{unit}\\text{{ to }}{high}\\,{unit}"
    return _chemical(arguments[0])


def _number(text: str) -> str:
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
    parts: list[str] = []
    prefix, per, position = "", False, 0
    while position < len(text):
        match = _PIECE.match(text, position)
        if not match:
            raise Rejected("unit", text)
        position = match.end()
        word, letters, group, power, _ = match.groups()
        if word == "per":
            per = True
        elif word in ("squared", "square", "cubed", "cubic", "tothe", "raiseto"):
            if word in ("square", "cubic", "tothe", "raiseto") or not parts:
                raise Rejected("unit", text)
            parts[-1] = _powered(parts[-1], 2 if word == "squared" else 3)
        elif word in PREFIXES:
            prefix = PREFIXES[word]
        elif word is not None and word not in UNITS and word != "text" and word != "mathrm":
            raise Rejected("unit", "\\" + word)
        elif power is not None:
            if not parts or not is_number(power.lstrip("+-")):
                raise Rejected("unit", text)
            parts[-1] = _powered(parts[-1], int(power))
        elif word in UNITS or letters or group:
            name = str(UNITS.get(word or "") or letters or group)
            symbol = _SIGNS.get(name) or f"\\mathrm{{{prefix.replace('μ', '')}{name}}}"
            if prefix == "μ":
                symbol = f"\\mu {symbol}"
            elif name in _SIGNS and prefix:
                symbol = f"\\mathrm{{{prefix}}}{symbol}"
            parts.append(symbol + ("^{-1}" if per else ""))
            prefix, per = "", False
    return "\\,".join(parts)


def _powered(symbol: str, power: int) -> str:
    if symbol.endswith("^{-1}"):
        return f"{symbol[:-5]}^{{-{power}}}"
    return f"{symbol}^{{{power}}}"


def _chemical(text: str) -> str:
    parts: list[str] = []
    position = 0
    text = text.strip()
    while position < len(text):
        match = _CHEMICAL.match(text, position)
        if not match or match.end() == position:
            raise Rejected("chemistry", text)
        position = match.end()
        element, count, charge, last, sign = match.groups()
        if element:
            parts.append(f"\\mathrm{{{element}}}" if element.isalpha() else element)
            parts.append(f"_{{{count}}}" if count else "")
        elif charge or last:
            parts.append(f"^{{{charge or last}}}")
        elif sign:
            parts.append("\\rightarrow " if "->" in sign else "+")
    return "".join(parts)
