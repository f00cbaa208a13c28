"""Read listings and pseudo-code into nodes."""

from __future__ import annotations

import re
import textwrap

from renderers.rejected import Rejected
from vary_data.sources.arxiv.references.references import Label
from vary_data.sources.arxiv.scan import environment_end, read_argument, read_optional
from vary_data.sources.arxiv.structure.nodes import LineNode, ProgramNode, RejectedNode
from vary_data.sources.arxiv.structure.pseudocode import (
    Step,
    algorithm2e,
    algorithmic,
    inline_commands,
)
from vary_data.sources.arxiv.structure.walker import LABEL, Walker

_NOT_LISTINGS = frozenset((
    "asy", "dot2tex", "luacode", "pycode", "sageblock",
    "LTXexample", "SideBySideExample", "codeexample", "dispExample", "dispExample*", "demohigh",
))  # fmt: skip
"""Verbatim environments whose content is run: what it prints is shown, too, or alone."""
_ENVIRONMENT = re.compile(r"\\begin\s*\{(\w+\*?)\}")
_ESCAPES = re.compile(r"mathescape|texcl|escapeinside|escapechar|commandchars")
_ESCAPE_SIGN = re.compile(r"escape(?:inside|char)\s*=\s*\{?\s*\\?([^\s{},\\])")
"""In settings of all listings."""
_MAX_LINES, _MAX_WIDTH = 200, 130
"""Of a listing; wider lines fit no column in readable type."""
_TAB = 4
_STEPS = re.compile(r"\\begin\s*\{(algorithmic|algpseudocode)\}")
_CAPTION = re.compile(r"\\caption\s*(?:\[[^\[\]]*\])?\s*(?=\{)")
_NUMBERED = re.compile(r"\\LinesNumbered|\\linesnumbered|linesnumbered")


def read_code(walker: Walker, source: str) -> None:
    """Reads a verbatim environment: a listing, or rejected."""
    walker.end_paragraph()
    match = _ENVIRONMENT.match(source)
    name = match.group(1) if match else ""
    content = source[match.end() : source.rfind("\\end")] if match else source
    try:
        if name in _NOT_LISTINGS or name in walker.expanded.examples:
            raise Rejected("no-block", name)
        walker.add_block(_listing(walker, name, content))
    except Rejected as error:
        walker.reject("code", error.reason, error.detail, content)


def _listing(walker: Walker, name: str, content: str) -> ProgramNode:
    options, position = read_optional(content, 0)
    options = options or ""
    if name.startswith("minted") and content.startswith("{", position):
        _, position = read_argument(content, position)
    if name == "alltt" or _ESCAPES.search(options):
        raise Rejected("code-escape", "TeX inside a listing")
    body = content[position:].partition("\n")[2] if position else content
    escape = _ESCAPE_SIGN.search(walker.expanded.preamble)
    if escape and escape.group(1) in body:
        raise Rejected("code-escape", f"TeX after {escape.group(1)} inside a listing")
    lines = textwrap.dedent(body.expandtabs(_TAB)).split("\n")
    lines = [line.rstrip() for line in lines]
    while lines and not lines[0]:
        del lines[0]
    while lines and not lines[-1]:
        del lines[-1]
    if not lines or len(lines) > _MAX_LINES or max(map(len, lines)) > _MAX_WIDTH:
        raise Rejected("code-size", f"{len(lines)} lines")
    if not all(line.isprintable() for line in lines):
        raise Rejected("character", "a control character in a listing")
    node = ProgramNode("code", [LineNode(line) for line in lines])
    caption = re.search(r"(?:^|,)\s*caption\s*=\s*(\{(?:[^{}]|\{[^{}]*\})*\}|[^,]*)", options)
    if caption:
        node.caption = caption.group(1).strip().removeprefix("{").removesuffix("}")
        number = walker.counters.step("listing")
        node.number = f"{'代码' if walker.lang == 'zh' else 'Listing'} {number}"
        label = re.search(r"(?:^|,)\s*label\s*=\s*\{?([^,{}]*)", options)
        if label:
            walker.labels.setdefault(label.group(1).strip(), Label(number, "listing"))
    return node


def read_algorithm(walker: Walker, name: str, content: str) -> None:
    """Reads pseudo-code with its caption; what cannot be read is rejected with its caption."""
    walker.end_paragraph()
    caption, number = "", ""
    match = _CAPTION.search(content)
    if match:
        caption, end = read_argument(content, match.end())
        number = walker.counters.step("algorithm")
        walker.label_all(content, Label(number, "algorithm"))
        content = content[: match.start()] + content[end:]
    try:
        steps, numbered = _steps(name, LABEL.sub("", content), walker.expanded.preamble)
    except Rejected as error:
        walker.deferred.append(RejectedNode("code", error.reason, error.detail, content))
        return
    if not steps:
        walker.deferred.append(RejectedNode("code", "no-block", name, content))
        return
    title = walker.expanded.names.get(
        "algorithmname", "算法" if walker.lang == "zh" else "Algorithm"
    )
    node = ProgramNode("algorithm", [], LABEL.sub("", caption).strip())
    node.number = f"{title} {number}" if number else ""
    count = 0
    for step in steps:
        count += step.numbered
        ordinal = f"{count}:" if numbered and step.numbered else ""
        node.lines.append(LineNode(inline_commands(step.source), step.indent, ordinal))
    walker.deferred.append(node)


def _steps(name: str, content: str, preamble: str) -> tuple[list[Step], bool]:
    """The steps, and whether they are numbered."""
    match = _STEPS.search(content)
    if match or name in ("algorithmic", "algpseudocode"):
        start = match.end() if match else 0
        stop = environment_end(content, start, match.group(1))[0] if match else len(content)
        option, position = read_optional(content[:stop], start)
        return algorithmic(content[position:stop]), bool(option and option.strip("0 "))
    _, position = read_optional(content, 0)
    return algorithm2e(content[position:], preamble), bool(_NUMBERED.search(content))
