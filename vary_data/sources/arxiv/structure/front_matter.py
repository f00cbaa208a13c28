"""Read authors, affiliations and keywords, in the forms of the common classes.

Of `article`, `amsart`, `authblk`, IEEEtran, `llncs`, `elsarticle`, `acmart`, REVTeX and AASTeX:
names are paragraphs of the role `author`, addresses of the role `affiliation`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from renderers.rejected import Rejected
from vary_data.sources.arxiv.scan import group_end, read_argument, split_rows
from vary_data.sources.arxiv.structure.nodes import HeadingNode, Node, RejectedNode, TextNode

_AND = re.compile(r"\\(?:and|And|AND|newauthor)(?![A-Za-z@])")
_IEEE_BLOCK = re.compile(r"\\IEEEauthorblock[NA]\s*(?=\{)")
_NOTES = re.compile(
    r"\\(?:thanks|footnote|footnotemark|footnotetext|titlenote|authornote|corref|fnref|tnoteref"
    r"|orcidID|orcidlink|orcid|altaffilmark|IEEEcompsocitemizethanks)"
    r"(?![A-Za-z@])\s*(?:\[[^\[\]]*\]\s*)?(?=\{)"
)
_UNSEEN = re.compile(
    r"\\(?:footnotemark|IEEEcompsocthanksitem|affmark|authornotemark|corref)\b(?:\[[^\[\]]*\])?"
    r"|\\(?:centering|normalfont|large|Large|small|noindent|protect)\b"
    r"|\\(?:email|mail|emailaddress|homepage|urladdr)\b(?=\s*\{)"
)
_INSTITUTE_MARK = re.compile(r"\\inst\s*\{([^{}]*)\}")
_PART = re.compile(
    r"\\(?:institution|department|streetaddress|city|state|postcode|country|position|division)"
    r"(?![A-Za-z@])\s*(?=\{)"
)
_KEY_VALUE = re.compile(r"\b(?:organization|addressline|city|postcode|state|country)\s*=\s*(?=\{)")
_ORCID = re.compile(r"(?:orcid\s*=\s*)?\d{4}-\d{4}-\d{4}-\d{3}[\dXx]")
_MAX_NAMES = 400
"""Characters of the names that are printed in one paragraph at most."""


@dataclass(slots=True)
class Affiliations:
    """Marks of affiliations, `[inst1]` for example, in the order in which they were found."""

    marks: dict[str, str] = field(default_factory=dict)

    def raised(self, option: str | None) -> str:
        """The source of the raised marks for an optional argument such as `inst1,inst2`."""
        if not option or _ORCID.search(option) or "=" in option:
            return ""
        keys = [key.strip() for key in option.split(",") if key.strip()]
        signs = [self._sign(key) for key in keys[:8]]
        return rf"\textsuperscript{{{','.join(signs)}}}" if signs else ""

    def _sign(self, key: str) -> str:
        if re.fullmatch(r"\d{1,2}|[a-z*]", key):
            return key
        return self.marks.setdefault(key, str(len(self.marks) + 1))


def authors(source: str, option: str | None, marks: Affiliations) -> list[Node]:
    """The nodes of `\\author[option]{source}`."""
    rest, nodes = _without_notes(source)
    found: list[tuple[str, list[str]]] = []
    for person in _AND.split(rest):
        lines = _ieee_lines(person) or [line for line in split_rows(person) if line.strip()]
        if lines:
            name = _clean(_INSTITUTE_MARK.sub(r"\\textsuperscript{\1}", lines[0])).rstrip(" ,;")
            found.append((name + marks.raised(option), [_clean(line) for line in lines[1:]]))
    if not any(lines for _, lines in found):
        names = ", ".join(name for name, _ in found if name)
        return [*([TextNode(names, role="author")] if names else []), *nodes]
    for name, lines in found:
        nodes.append(TextNode(name, role="author"))
        nodes.extend(affiliation(", ".join(filter(None, lines)), None, marks))
    return nodes


def affiliation(source: str, option: str | None, marks: Affiliations) -> list[Node]:
    """The nodes of `\\affiliation[option]{source}` and similar commands."""
    rest, nodes = _without_notes(source)
    for form in (_PART, _KEY_VALUE):
        parts = [_clean(read_argument(rest, match.end())[0]) for match in form.finditer(rest)]
        if parts:
            rest = ", ".join(filter(None, parts))
            break
    rest = ", ".join(filter(None, (_clean(line).rstrip(",;") for line in split_rows(rest))))
    if rest:
        nodes.append(TextNode(marks.raised(option) + rest, role="affiliation"))
    return nodes


def institutes(source: str) -> list[Node]:
    """The nodes of `\\institute{source}` (`llncs`): numbered if there are several."""
    nodes: list[Node] = []
    pieces = _AND.split(source)
    for index, piece in enumerate(pieces, 1):
        option = str(index) if len(pieces) > 1 else None
        nodes.extend(affiliation(piece, option, Affiliations()))
    return nodes


def keywords(source: str, label: str) -> list[Node]:
    """The nodes of index terms, which classes separate by `\\sep`, `\\and` or `\\\\`."""
    terms = re.sub(r"\\(?:sep|and|PACS|MSC|JEL)(?![A-Za-z@])|\\\\|\n\s*\n", ", ", source)
    terms = re.sub(r"(?:\s*,)+", ",", terms).strip(" ,\n")
    return [TextNode(terms, label, role="keywords")] if terms else []


def joined_authors(nodes: Sequence[Node]) -> list[Node]:
    """The nodes with adjacent names in one paragraph, as classes with one command a name do."""
    result: list[Node] = []
    for node in nodes:
        last = result[-1] if result else None
        if (
            isinstance(node, TextNode)
            and isinstance(last, TextNode)
            and node.role == last.role == "author"
            and len(last.source) + len(node.source) < _MAX_NAMES
        ):
            result[-1] = TextNode(f"{last.source}, {node.source}", role="author")
        else:
            result.append(node)
    return result


def title_first(nodes: Sequence[Node]) -> list[Node]:
    """The nodes with the title before an abstract that precedes `\\maketitle` in the source."""
    title = next((i for i, node in enumerate(nodes) if _is_title(node)), 0)
    before = [node for node in nodes[:title] if not isinstance(node, RejectedNode)]
    if not before or not all(
        isinstance(node, HeadingNode) or (isinstance(node, TextNode) and node.role != "paragraph")
        for node in before
    ):
        return list(nodes)
    end = title + 1
    while end < len(nodes) and _is_name(nodes[end]):
        end += 1
    return [*nodes[title:end], *nodes[:title], *nodes[end:]]


def _is_title(node: Node) -> bool:
    return isinstance(node, HeadingNode) and node.level == 0


def _is_name(node: Node) -> bool:
    return isinstance(node, TextNode) and node.role in ("author", "affiliation")


def _ieee_lines(person: str) -> list[str]:
    """Names and lines of the address in blocks of IEEEtran."""
    lines: list[str] = []
    for match in _IEEE_BLOCK.finditer(person):
        lines.extend(split_rows(read_argument(person, match.end())[0]))
    return lines


def _without_notes(source: str) -> tuple[str, list[Node]]:
    """Source without its notes, and the notes as rejected nodes."""
    notes: list[Node] = []
    kept: list[str] = []
    position = 0
    while match := _NOTES.search(source, position):
        kept.append(source[position : match.start()])
        try:
            end = group_end(source, match.end())
        except Rejected:
            break
        note = source[match.end() + 1 : end - 1]
        if match.group().startswith((r"\thanks", r"\footnotetext", r"\authornote")):
            notes.append(RejectedNode("front-matter", "no-block", match.group().strip(), note))
        position = end
    return "".join((*kept, source[position:])), notes


def _clean(source: str) -> str:
    return " ".join(_UNSEEN.sub(" ", source).split()).strip("~ ")
