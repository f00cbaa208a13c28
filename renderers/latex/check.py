"""A strict checker of Mathpix Markdown.

The format's renderer prints what it does not understand as text, without an error. This checker
reports it: environments that are not closed, unknown commands, tables whose rows do not have the
same width when spans are counted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from renderers.latex.math_commands import (
    DISPLAYS,
    ENVIRONMENTS,
    KNOWN,
    KNOWN_SYMBOLS,
    TEXT_ARGUMENT,
)
from renderers.latex.mmd import column_count

_TEXT = re.compile(
    r"(?P<code>`+)|\\(?:(?P<open>[(\[])|(?P<close>[)\]])|begin\{(?P<begin>[^{}]*)\}"
    r"|(?P<end>end\{[^{}]*\})|(?P<command>[A-Za-z]+)|(?P<escape>.))|(?P<dollar>\$)",
    re.S,
)
_SIGN_IN_BRACKETS = re.compile(r"(?i)\((?:c|r|p|tm)$")
_LIST_NUMBER = re.compile(r"(?:^|\n)[ >]*\d{1,9}$")
_MATH = re.compile(
    r"\\(?:(begin|end)\s*\{([^{}]*)\}|([A-Za-z]+)\*?|(.))|([{}$&])|([^\x00-\x7f])", re.S
)
_SPAN = re.compile(r"\\(multicolumn|multirow)\{(\d{1,3})\}\{([^{}]*)\}\{")
_RULE = re.compile(r"\s*\\(?:hline\b|cline\{(\d{1,3})-(\d{1,3})\})")
_CELL_COMMANDS = frozenset(
    [
        "textbf",
        "textit",
        "texttt",
        "underline",
        "multicolumn",
        "multirow",
        "textbackslash",
        "textasciitilde",
        "textasciicircum",
        "hline",
        "cline",
    ]
)


def problems(mmd: str) -> list[str]:
    """Everything that is wrong with a page of Mathpix Markdown, as short sentences."""
    return list(_text_problems(mmd))


def math_problems(latex: str, aligned: bool = False) -> Iterator[str]:
    """What is wrong with a formula's source; `aligned` allows `&` outside of any environment."""
    environments: list[str] = []
    groups: list[str] = []
    fences = 0
    argument = ""
    for token in _MATH.finditer(latex):
        edge, name, command, symbol, sign, foreign = token.groups()
        opened, argument = argument, ""
        if edge == "begin":
            if name not in ENVIRONMENTS:
                yield f"environment {name!r} is not known inside a formula"
            environments.append(name)
            groups.append(name)
        elif edge == "end":
            if not environments or environments.pop() != name or groups.pop() != name:
                yield rf"\end{{{name}}} closes nothing"
                return
        elif command:
            fences += (command == "left") - (command == "right")
            if fences < 0:
                yield r"\right without \left"
                fences = 0
            if command not in KNOWN:
                yield rf"\{command} is not known"
            argument = command
        elif symbol:
            if symbol not in KNOWN_SYMBOLS:
                yield f"\\{symbol} is not known in a formula"
        elif sign == "{":
            inside = "text" if opened in TEXT_ARGUMENT or groups[-1:] == ["text"] else "{"
            groups.append(inside)
        elif sign == "}":
            if not groups or groups.pop() not in ("{", "text"):
                yield "a closing brace too many"
                return
        elif sign == "$":
            yield "a dollar sign inside a formula"
        elif sign == "&":
            if not environments and not aligned:
                yield "& outside of any environment"
        elif foreign and groups[-1:] != ["text"]:
            yield f"{foreign!r} outside of \\text"
    if environments:
        yield rf"\begin{{{environments[-1]}}} is not closed"
    elif groups:
        yield "a brace is not closed"
    if fences:
        yield r"\left without \right"


def table_problems(tabular: str) -> Iterator[str]:
    """What is wrong with the inside of a `tabular`, its column specification included."""
    head = re.match(r"\{([^{}]*)\}", tabular)
    if not head or not re.fullmatch(r"[lcr|]+", head[1]):
        yield f"column specification {head[1] if head else ''!r} is not made of l, c, r and |"
        return
    width = column_count(head[1])
    *rows, rest = _split(tabular[head.end() :], "\\\\")
    if _strip_rules(rest, width)[0].strip():
        yield "the last row does not end in \\\\"
    reaching: dict[int, int] = {}
    for number, row in enumerate(rows, 1):
        content, wrong = _strip_rules(row, width)
        yield from wrong
        column = 0
        below: dict[int, int] = {}
        for cell in _split(content, "&"):
            columns, down, inner, wrong = _cell(cell.strip())
            yield from wrong
            for place in range(column, column + columns):
                if reaching.get(place, 0) and inner:
                    yield f"row {number}: a cell overlaps one that reaches down from above"
                left = max(reaching.get(place, 0), down) - 1
                if left > 0:
                    below[place] = left
            column += columns
        if column != width:
            yield f"row {number} has {column} columns, not {width}"
        reaching = below
    if reaching:
        yield r"a \multirow reaches below the table"


def _text_problems(text: str) -> Iterator[str]:
    at = 0
    while token := _TEXT.search(text, at):
        at = token.end()
        if mark := token["code"]:
            close = text.find(mark, at)
            if close < 0:
                yield "a backtick is not closed"
                return
            at = close + len(mark)
        elif token["open"]:
            closing = "\\)" if token["open"] == "(" else "\\]"
            end = _closing(text, at, closing)
            if end is None or (closing == "\\)" and "\n\n" in text[at:end]):
                yield f"\\{token['open']} is not closed"
                return
            yield from math_problems(text[at:end])
            at = end + 2
        elif token["close"]:
            if _SIGN_IN_BRACKETS.search(text, max(token.start() - 3, 0), token.start()):
                continue  # `(c\)`, escaped because it would be shown as a sign
            if _LIST_NUMBER.search(text, max(token.start() - 20, 0), token.start()):
                continue  # `3\)`, escaped because it would begin a list
            yield f"\\{token['close']} closes nothing"
        elif token["begin"] is not None:
            name = token["begin"]
            end = text.find(rf"\end{{{name}}}", at)
            if end < 0:
                yield rf"\begin{{{name}}} is not closed"
                return
            inner, at = text[at:end], end + len(name) + 6
            if name == "tabular":
                yield from table_problems(inner)
            elif name in DISPLAYS:
                yield from math_problems(inner, aligned=not name.startswith("equation"))
            else:
                yield f"environment {name!r} is not known"
        elif token["end"]:
            yield rf"\{token['end']} closes nothing"
        elif token["command"] == "underline" and text.startswith("{", at):
            pass  # the only command of text that is written; its argument is text
        elif token["command"]:
            yield rf"\{token['command']} is outside of any formula"
        elif token["dollar"]:
            yield "a single dollar sign"


def _closing(text: str, at: int, closing: str) -> int | None:
    """The position of `closing`, skipping escaped backslashes."""
    for token in re.compile(r"\\.", re.S).finditer(text, at):
        if token.group() == closing:
            return token.start()
    return None


def _split(text: str, separator: str) -> list[str]:
    """Split at a separator outside of braces, escapes and formulas."""
    parts, depth, start, i = [], 0, 0, 0
    math = False
    while i < len(text):
        if not depth and not math and text.startswith(separator, i):
            parts.append(text[start:i])
            i += len(separator)
            start = i
            continue
        if text[i] == "\\":
            math = {"(": True, ")": False}.get(text[i + 1 : i + 2], math)
            i += 2
            continue
        depth += (text[i] == "{") - (text[i] == "}")
        i += 1
    return [*parts, text[start:]]


def _strip_rules(row: str, width: int) -> tuple[str, list[str]]:
    wrong = []
    while rule := _RULE.match(row):
        if rule[1] and not 1 <= int(rule[1]) <= int(rule[2]) <= width:
            wrong.append(rf"\cline{{{rule[1]}-{rule[2]}}} leaves the table")
        row = row[rule.end() :]
    return row, wrong


def _cell(cell: str) -> tuple[int, int, str, list[str]]:
    """Columns, rows, content and problems of a cell."""
    columns = rows = 1
    while (span := _SPAN.match(cell)) and cell.endswith("}"):
        if span[1] == "multicolumn":
            columns = int(span[2])
        else:
            rows = int(span[2])
        cell = cell[span.end() : -1]
    wrong: list[str] = []
    rest = cell
    while (start := rest.find("\\(")) >= 0:
        end = _closing(rest, start + 2, "\\)")
        if end is None:
            return columns, rows, cell, ["\\( is not closed in a cell"]
        wrong += math_problems(rest[start + 2 : end])
        rest = rest[:start] + rest[end + 2 :]
    for command in re.findall(r"\\([A-Za-z]+)", rest):
        if command not in _CELL_COMMANDS:
            wrong.append(rf"\{command} is not known in a cell")
    plain = re.sub(r"\\[^A-Za-z]", "", rest)
    if plain.count("{") != plain.count("}"):
        wrong.append("braces of a cell do not match")
    if "$" in plain:
        wrong.append("a single dollar sign in a cell")
    return columns, rows, cell, wrong
