"""What a document cites, and in which style."""

from __future__ import annotations

import re

_CITE = re.compile(r"\\(?:no)?[A-Za-z]*[cC]ite[A-Za-z]*\*?\s*(?:\[[^\]]*\]\s*){0,2}\{([^{}]*)\}")
_AUTHOR_YEAR = re.compile(
    r"\\usepackage\s*\[[^\]]*(?:authoryear|style\s*=\s*(?:apa|author))[^\]]*\]\s*\{(?:natbib|biblatex)"
)
_NUMERIC = re.compile(
    r"\\usepackage\s*\[[^\]]*(?:numbers|super|numeric)[^\]]*\]|\\(?:bibpunct|setcitestyle)[^\n]*numbers"
    r"|\\citestyle\{[^}]*num"
)


def cited_keys(body: str) -> tuple[str, ...]:
    """The keys of citations in the order of their first one."""
    return tuple(_keys(body, nocite=False))


def listed_keys(body: str) -> tuple[str, ...]:
    """The keys that the reference list has: those cited, and those of `\\nocite`."""
    return tuple(_keys(body, nocite=True))


def _keys(body: str, nocite: bool) -> dict[str, None]:
    return {
        key.strip(): None
        for match in _CITE.finditer(body)
        if nocite or not match.group().startswith("\\nocite")
        for key in match.group(1).split(",")
        if key.strip()
    }


def uses_author_year(preamble: str, body: str) -> bool:
    """Whether citations are printed as author and year instead of numbers."""
    if _NUMERIC.search(preamble):
        return False
    return bool(_AUTHOR_YEAR.search(preamble)) or "\\citep" in body
