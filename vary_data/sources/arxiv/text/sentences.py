"""Split the source of a paragraph into sentences, so that one can be left out."""

from __future__ import annotations

import re

from vary_data.sources.arxiv.vocabulary.text_commands import DECLARATIONS

_SIGN = re.compile(
    r"\\(?:VaryBroken|VaryUndecided)(?![A-Za-z])|\\[A-Za-z@]+\*?|\\[\s\S]|[{}]"
    r"|(?P<end>[.?!][)'\u201d\u2019]*(?:\s+|$)|[。！？；][」』”’）]*\s*)"
)
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|cf|vs|etc|al|resp|approx|viz|ca|Fig|Figs|Eq|Eqs|Sec|Secs|Ref|Refs|Tab|Ch|App"
    r"|Thm|Lem|Prop|Cor|Def|No|Nos|Vol|Dr|Mr|Mrs|Ms|Prof|St|Jr|Sr|Inc|Ltd|Co|pp|p|eds|ed|w\.r\.t"
    r"|s\.t|a\.s|i\.i\.d|a\.k\.a|Alg|Chap|Assn|Dept|Univ)|\b[A-Z])\.$"
)
_STARTS_SENTENCE = re.compile(r"[\"'`(\[{]*(?:[A-Z0-9\\$]|[\u3400-\u9fff])")
_REFERS_BACK = re.compile(
    r"[\s~]*(?:(?:This|These|That|Those|It|Its|They|Their|Them|Such|Here|Hence|Thus|Therefore|So|Then"
    r"|Which|Where|Consequently|Accordingly|Likewise|Similarly|Otherwise|Conversely|Moreover"
    r"|Furthermore|However|Nevertheless|Instead|Also"
    r"|The (?:former|latter|above|same|following|last)"
    r"|(?:In|By|For|From|With|At|To|Under|On|As) (?:this|that|these|those|such|it|which)"
    r"|We (?:then|also)|As such|One such|Both|Neither|Each of)\b"
    r"|(?:这|该|此|其|它|他们|上述|上式|因此|所以|于是|从而|那么|即|故|其中|式中|前者|后者|同样|然而|但)"
    r"|[a-z,;:)])"
)


def sentences(source: str) -> list[str]:
    """The sentences, which joined are the source; one if it cannot be split.

    A full stop inside a group or formula ends no sentence. Where a declaration such as `\\em` sets
    the style up to the end, or a structure is not closed, nothing is split.
    """
    ends: list[int] = []
    depth = 0
    for match in _SIGN.finditer(source):
        sign = match.group()
        if sign.startswith(("\\VaryBroken", "\\VaryUndecided")):
            return [source]
        if sign in ("{", "\\(", "\\["):
            depth += 1
        elif sign in ("}", "\\)", "\\]"):
            depth -= 1
        elif sign[0] == "\\" and sign[1:] in DECLARATIONS and depth == 0:
            return [source]
        elif match["end"] and depth == 0 and _ends(source, match):
            ends.append(match.end())
    starts = [0, *ends]
    return [
        source[start:stop]
        for start, stop in zip(starts, [*ends, len(source)], strict=True)
        if source[start:stop].strip()
    ]


def refers_back(sentence: str) -> bool:
    """Whether a sentence points to the one before it, or continues it."""
    return _REFERS_BACK.match(sentence) is not None


def is_complete(sentence: str) -> bool:
    """Whether a sentence has its end."""
    return re.search(r"[.?!。！？；][)}'”’」』）\s~]*$", sentence) is not None


def _ends(source: str, match: re.Match[str]) -> bool:
    sign = match.group()
    if sign[0] in "。！？；":
        return True
    before = source[max(0, match.start() - 12) : match.start() + 1]
    if sign[0] == "." and _ABBREVIATION.search(before):
        return False
    return match.end() == len(source) or bool(_STARTS_SENTENCE.match(source, match.end()))
