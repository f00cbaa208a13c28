"""Compares formulas by a canonical form of their LaTeX."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TypeAlias

from trainer.evaluation.metrics.overlap import Overlap, overlap

_TOKEN = re.compile(r"\\[A-Za-z]+\*?|\\.|\S", re.DOTALL)
_DELIMITERS = re.compile(r"^(?:\\\(|\\\[|\${1,2})(.*?)(?:\\\)|\\\]|\${1,2})$", re.DOTALL)
_SPACES = r"\, \; \: \! \> \quad \qquad \thinspace \enspace ~"
_SIZES = (
    r"\displaystyle \textstyle \scriptstyle \limits \nolimits \left \right \middle \notag "
    r"\nonumber \big \Big \bigg \Bigg \bigl \bigr \bigm \Bigl \Bigr \Bigm "
    r"\biggl \biggr \Biggl \Biggr"
)
_INVISIBLE = frozenset([*f"{_SPACES} {_SIZES}".split(), "\\", "\\ ", "\\\n"])
_SYNONYMS = {
    r"\le": r"\leq", r"\ge": r"\geq", r"\ne": r"\neq", r"\to": r"\rightarrow",
    r"\gets": r"\leftarrow", r"\iff": r"\Longleftrightarrow", r"\implies": r"\Longrightarrow",
    r"\land": r"\wedge", r"\lor": r"\vee", r"\lnot": r"\neg", r"\owns": r"\ni",
    r"\dfrac": r"\frac", r"\tfrac": r"\frac", r"\lbrace": r"\{", r"\rbrace": r"\}",
    r"\vert": "|", r"\lvert": "|", r"\rvert": "|", r"\mid": "|",
    r"\|": r"\Vert", r"\lVert": r"\Vert", r"\rVert": r"\Vert", r"\parallel": r"\Vert",
    r"\ast": "*", r"\lt": "<", r"\gt": ">", r"\colon": ":", r"\ldots": r"\dots",
    r"\dotsc": r"\dots", r"\dotsb": r"\cdots", r"\mbox": r"\text", r"\hbox": r"\text",
    r"\operatorname": r"\mathrm", r"\rm": r"\mathrm", r"\bf": r"\mathbf",
    r"\lbrack": "[", r"\rbrack": "]", r"\prime": "'",
}  # fmt: skip
"""Commands that print the same, except for spacing."""
_MAX_DEPTH = 100

Item: TypeAlias = "str | list[Item]"


def normalized(latex: str) -> tuple[str, ...]:
    """The tokens of a formula in a canonical form.

    Delimiters, spaces, sizes and \\left \\right are dropped, synonyms replaced, groups of one token
    lose their braces, `x^2_i` becomes `x_i^2`, `x^{\\prime}` becomes `x'`. Formulas that look
    different stay different. Similar to im2markup (arXiv 1609.04938), which normalizes by KaTeX's
    parse tree.
    """
    latex = latex.strip()
    if inner := _DELIMITERS.match(latex):
        latex = inner[1]
    tokens: list[str] = []
    size = False
    for token in _TOKEN.findall(latex):
        if size and token == ".":
            size = False
            continue  # \left. and \right. print nothing
        size = token in (r"\left", r"\right")
        if token not in _INVISIBLE:
            tokens.append(_SYNONYMS.get(token, token))
    return tuple(_flat(_ordered(_parse(iter(tokens), 0))))


def formulas_matched(truth: Iterable[str], answer: Iterable[str]) -> Overlap:
    """Overlap of formulas that were read exactly, as multisets after `normalized`."""
    return overlap(map(normalized, truth), map(normalized, answer))


def _parse(tokens: Iterator[str], depth: int) -> list[Item]:
    """Groups as nested lists; a group without a closing brace ends with the formula."""
    items: list[Item] = []
    for token in tokens:
        if token == "{" and depth < _MAX_DEPTH:
            items.append(_bare(_parse(tokens, depth + 1)))
        elif token == "}" and depth:
            break
        else:
            items.append(token)
    return items


def _ordered(items: list[Item]) -> list[Item]:
    """Subscripts before superscripts, and primes as `'`, at every depth."""
    found: list[Item] = []
    for item in items:
        if isinstance(item, list):
            item = _bare(_ordered(item))
        if _primes(item) and found[-1:] == ["^"]:
            while found[-1:] == ["^"]:  # `^^'` is a prime, too
                found.pop()
            found += item
        else:
            found.append(item)
    return _scripts_ordered(found)


def _scripts_ordered(items: list[Item]) -> list[Item]:
    """In each run of scripts the subscripts first, otherwise as they follow each other."""
    out: list[Item] = []
    above: list[Item] = []
    i = 0
    while i < len(items):
        if items[i] in ("_", "^") and i + 1 < len(items):
            (out if items[i] == "_" else above).extend(items[i : i + 2])
            i += 2
        else:
            out += [*above, items[i]]
            above = []
            i += 1
    return out + above


def _primes(item: Item) -> bool:
    return bool(item) and all(part == "'" for part in item)


def _bare(group: list[Item]) -> Item:
    """A group of one without its braces."""
    return group[0] if len(group) == 1 else group


def _flat(items: Iterable[Item]) -> Iterator[str]:
    for item in items:
        if isinstance(item, str):
            yield item
        else:
            yield "{"
            yield from _flat(item)
            yield "}"
