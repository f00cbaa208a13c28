"""Read pseudo-code of `algorithmic`, `algorithmicx` and `algorithm2e` into steps.

Key words are bold, as those packages print them. What a step says is LaTeX source, read later like
any text; a command that is not known there rejects the algorithm.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from renderers.rejected import Rejected
from vary_data.sources.arxiv.scan import group_end, read_argument, read_optional, skip_space

_MAX_STEPS = 150
_MAX_DEPTH = 12


@dataclass(frozen=True, slots=True)
class Step:
    """A line; `numbered` lines are counted where the algorithm has numbers."""

    source: str
    indent: int
    numbered: bool = True


@dataclass(frozen=True, slots=True)
class _Word:
    """A command of `algorithmicx`: what it prints around its arguments, and what it opens."""

    before: str
    after: str = ""
    arguments: int = 0
    opens: bool = False
    closes: bool = False
    numbered: bool = True


_WORDS = {
    "state": _Word(""),
    "statex": _Word("", numbered=False),
    "require": _Word("Require:", numbered=False),
    "ensure": _Word("Ensure:", numbered=False),
    "input": _Word("Input:", numbered=False),
    "output": _Word("Output:", numbered=False),
    "for": _Word("for", "do", 1, opens=True),
    "forall": _Word("for all", "do", 1, opens=True),
    "while": _Word("while", "do", 1, opens=True),
    "if": _Word("if", "then", 1, opens=True),
    "elsif": _Word("else if", "then", 1, opens=True, closes=True),
    "elseif": _Word("else if", "then", 1, opens=True, closes=True),
    "else": _Word("else", opens=True, closes=True),
    "repeat": _Word("repeat", opens=True),
    "until": _Word("until", "", 1, closes=True),
    "loop": _Word("loop", opens=True),
    "function": _Word("function", "", 2, opens=True),
    "procedure": _Word("procedure", "", 2, opens=True),
    "endfor": _Word("end for", closes=True),
    "endwhile": _Word("end while", closes=True),
    "endif": _Word("end if", closes=True),
    "endloop": _Word("end loop", closes=True),
    "endfunction": _Word("end function", closes=True),
    "endprocedure": _Word("end procedure", closes=True),
}
_OWN_LINE = re.compile(r"\\([A-Za-z]+)(?![A-Za-z@])")
_COMMENT = re.compile(
    r"\\(?:Comment|COMMENT|LComment|tcp|tcc|tcpstar)\*?\s*(?:\[[^\[\]]*\]\s*)?(?=\{)"
)
_CALL = re.compile(r"\\Call\s*(?=\{)")


def algorithmic(source: str) -> list[Step]:
    """The steps of an `algorithmic` environment.

    Raises:
        Rejected: arguments that are not complete, blocks that do not close, too many steps.
    """
    steps: list[Step] = []
    depth = 0
    position = 0
    word: _Word | None = None
    pending: list[str] = []

    def end() -> None:
        if word is not None:
            text = " ".join("".join(pending).split())
            label = rf"\textbf{{{word.before}}}" if word.before else ""
            if text or label:
                steps.append(Step(f"{label} {text}".strip(), depth, word.numbered))
        elif "".join(pending).strip():
            raise Rejected("algorithm", f"text before a step: {''.join(pending).strip()[:40]}")
        pending.clear()

    for match in _OWN_LINE.finditer(source):
        if match.start() < position:
            continue
        found = _WORDS.get(match.group(1).lower())
        if found is None or match.group(1).islower():
            continue
        pending.append(source[position : match.start()])
        end()
        if word is not None and word.opens:
            depth += 1
        word, position = found, match.end()
        depth -= found.closes
        if not 0 <= depth <= _MAX_DEPTH or len(steps) > _MAX_STEPS:
            raise Rejected("algorithm", "blocks that do not match, or too many steps")
        position = _arguments(source, position, found, pending)
    pending.append(source[position:])
    end()
    return steps


def _arguments(source: str, position: int, word: _Word, pending: list[str]) -> int:
    """Reads the arguments of a command into the open line; returns the position after them."""
    _, position = read_optional(source, position)
    if not word.arguments:
        return position
    first, position = read_argument(source, position)
    if word.arguments == 2:
        second, position = read_argument(source, position)
        first = rf"{first}({second})"
    pending.append(f"{first} \\textbf{{{word.after}}} " if word.after else f"{first} ")
    return position


def inline_commands(source: str) -> str:
    """A step with its comments and calls as plain LaTeX."""
    for pattern, form in ((_COMMENT, r" \(\triangleright\) {}"), (_CALL, "{}")):
        while match := pattern.search(source):
            content, end = read_argument(source, match.end())
            if pattern is _CALL:
                arguments, end = read_argument(source, end)
                content = f"{content}({arguments})"
            source = source[: match.start()] + form.replace("{}", content) + source[end:]
    source = re.sub(r"\\(?:Return|RETURN|KwRet)(?![A-Za-z])", lambda _: r"\textbf{return} ", source)
    source = re.sub(r"\\(?:Print|PRINT)(?![A-Za-z])", lambda _: r"\textbf{print} ", source)
    source = re.sub(r"\\(?:KwTo|TO)(?![A-Za-z])", lambda _: r" \textbf{to} ", source)
    source = re.sub(r"\\(AND|OR|NOT|TRUE|FALSE|XOR)(?![A-Za-z])",
                    lambda m: rf" \textbf{{{m.group(1).lower()}}} ", source)  # fmt: skip
    return " ".join(source.split())


# -- algorithm2e ------------------------------------------------------------------------------

_HEADS = {
    "KwIn": "Input:", "KwOut": "Output:", "KwData": "Data:", "KwResult": "Result:",
    "Input": "Input:", "Output": "Output:",
}  # fmt: skip
_BLOCKS = {
    "For": ("for", "do"), "ForEach": ("foreach", "do"), "ForAll": ("forall", "do"),
    "While": ("while", "do"), "If": ("if", "then"), "uIf": ("if", "then"),
    "ElseIf": ("else if", "then"), "uElseIf": ("else if", "then"), "lIf": ("if", "then"),
    "lFor": ("for", "do"), "lElseIf": ("else if", "then"), "lForEach": ("foreach", "do"),
    "Else": ("else", ""), "uElse": ("else", ""), "lElse": ("else", ""),
}  # fmt: skip
_SETTING = re.compile(
    r"\\(?:SetAlgoLined|SetAlgoNoLine|SetAlgoVlined|SetAlgoNoEnd|DontPrintSemicolon|LinesNumbered"
    r"|LinesNotNumbered|PrintSemicolon|Indp|Indm|SetNoFillComment|RestyleAlgo\{[^{}]*\}"
    r"|SetKwProg\s*(?:\{[^{}]*\}){4}|SetKw(?:Comment)?\s*\{[^{}]*\}\{[^{}]*\}\{[^{}]*\}"
    r"|Set(?:AlFnt|KwSty|DataSty|ArgSty|FuncSty|CommentSty|AlgoCaptionSeparator)\s*\{[^{}]*\}"
    r"|(?:small|footnotesize|normalsize|scriptsize|centering|BlankLine|noindent)"
    r"|(?:v|h)space\*?\s*\{[^{}]*\}|algsetup\s*\{[^{}]*\})(?![A-Za-z])"
)
_OWN_WORD = re.compile(
    r"\\SetKw(InOut|Input|Output|Function|Data|Array|)\s*\{(\w+)\}\s*\{([^{}]*)\}"
)
_NEXT = re.compile(r"\\;|\\([A-Za-z]+)|\{|\n\s*\n|\\.", re.DOTALL)


def algorithm2e(source: str, preamble: str = "") -> list[Step]:
    """The steps of an `algorithm2e` environment, without its caption.

    The preamble may define key words.

    Raises:
        Rejected: as `algorithmic`.
    """
    own = " ".join(match.group() for match in _OWN_WORD.finditer(preamble))
    source = _SETTING.sub(" ", _own_words(own + source))
    steps = list(_statements(source, 0))
    if len(steps) > _MAX_STEPS:
        raise Rejected("algorithm", "too many steps")
    return steps


def _own_words(source: str) -> str:
    """Source with the key words that the document defines replaced by what they print."""
    own = {name: (kind, text) for kind, name, text in _OWN_WORD.findall(source)}
    source = _OWN_WORD.sub(" ", source)
    for name, (kind, text) in own.items():
        word = re.compile(rf"\\{name}(?![A-Za-z@])\s*")
        if kind in ("InOut", "Input", "Output"):
            source = word.sub(lambda m, t=text: rf"\VaryHead{{{t.strip().rstrip(':')}:}}", source)  # type: ignore[misc]
        elif kind in ("Function", "Array"):
            source = _calls(source, word, text)
        elif kind == "Data":
            source = re.sub(rf"\\{name}(?![A-Za-z@])", lambda _, t=text: t, source)  # type: ignore[misc]
        else:
            source = word.sub(lambda _, t=text: rf"\textbf{{{t}}} ", source)  # type: ignore[misc]
    return source


def _calls(source: str, word: re.Pattern[str], text: str) -> str:
    """Source with `\\F{x}` as `f(x)`."""
    position = 0
    while match := word.search(source, position):
        printed, end = text, match.end()
        if source.startswith("{", end):
            arguments, end = read_argument(source, end)
            printed = f"{text}({arguments})"
        source = source[: match.start()] + printed + source[end:]
        position = match.start() + len(text)
    return source


def _statements(source: str, depth: int) -> Iterator[Step]:
    if depth > _MAX_DEPTH:
        raise Rejected("algorithm", "too deep")
    open_line: list[str] = []
    position = 0

    def ended() -> Iterator[Step]:
        text = " ".join("".join(open_line).split())
        open_line.clear()
        if text:
            yield Step(text, depth)

    while match := _NEXT.search(source, position):
        open_line.append(source[position : match.start()])
        position = match.end()
        name = match.group(1) or ""
        if match.group() == r"\;" or match.group().isspace():
            yield from ended()
        elif match.group() == "{":
            position = group_end(source, match.start())
            open_line.append(source[match.start() : position])
        elif name in _HEADS or name == "VaryHead":
            yield from ended()
            head = _HEADS.get(name, "")
            if name == "VaryHead":
                head, position = read_argument(source, position)
            content, position = read_argument(source, position)
            yield Step(rf"\textbf{{{head}}} {' '.join(content.split())}", depth, numbered=False)
        elif name in _BLOCKS or name in ("eIf", "Repeat"):
            yield from ended()
            steps, position = _block(name, source, position, depth)
            yield from steps
        else:
            open_line.append(match.group())
    open_line.append(source[position:])
    yield from ended()


def _block(name: str, source: str, position: int, depth: int) -> tuple[list[Step], int]:
    """The lines of a block of `algorithm2e`, and the position after it."""
    note = ""
    if source.startswith("(", skip_space(source, position)):  # a comment beside the condition
        close = source.find(")", position)
        note, position = source[skip_space(source, position) + 1 : close], close + 1
    condition = ""
    if not name.endswith("Else"):
        condition, position = read_argument(source, position)
    body, position = read_argument(source, position)
    inner = list(_statements(body, depth + 1))
    if name == "Repeat":
        until = Step(rf"\textbf{{until}} {condition}", depth)
        return [Step(r"\textbf{repeat}", depth), *inner, until], position
    opening, word = _BLOCKS.get(name, ("if", "then"))
    words = rf"\textbf{{{opening}}} {condition}" + (rf" \textbf{{{word}}}" if word else "")
    steps = [Step(" ".join(f"{words} {note}".split()), depth), *inner]
    if name == "eIf":
        otherwise, position = read_argument(source, position)
        steps += [Step(r"\textbf{else}", depth), *_statements(otherwise, depth + 1)]
    if name[0] not in "ul":
        steps.append(Step(r"\textbf{end}", depth))
    return steps, position
