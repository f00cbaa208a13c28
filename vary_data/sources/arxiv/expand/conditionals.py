"""Decide conditionals, and skip the branch that is not taken."""

from __future__ import annotations

import re

from vary_data.sources.arxiv.expand.macros import NO_VALUE, TRUE
from vary_data.sources.arxiv.expand.state import State
from vary_data.sources.arxiv.expand.stream import plain_source
from vary_data.sources.arxiv.expand.tokens import Token
from vary_data.sources.arxiv.limits import MAX_DIGITS
from vary_data.sources.arxiv.vocabulary import formula_commands, text_commands
from vary_data.sources.arxiv.vocabulary.definitions import CONDITIONALS, PROTECTED, REGISTERS

_PRIMITIVES = frozenset(("\\relax", "\\par", "\\\\", "\\begin", "\\end", "\\csname", "\\let"))
_COMPARISON = re.compile(r"(-?\d+)([<>=])(-?\d+)")
_MAX_COMPARISON = 40
"""Characters after `\\ifnum` that may belong to the comparison of two numbers."""


def is_conditional(state: State, name: str) -> bool:
    """Whether a name is a conditional of TeX or one that the source declares."""
    return name in CONDITIONALS or name in state.conditions


def decide_condition(state: State, name: str) -> bool | None:
    """Reads a condition; returns whether it holds, or None when that is unknown."""
    if name in state.conditions:
        return state.conditions[name]
    if CONDITIONALS.get(name) in ("yes", "no"):
        return CONDITIONALS[name] == "yes"
    if name == "\\ifmmode":
        return bool(state.math)
    if name == "\\ifx":
        return _ifx(state)
    if name == "\\if":
        return _if(state)
    if name == "\\ifnum":
        return _ifnum(state)
    if name == "\\ifdefined":
        token = state.stream.next()
        return token is not None and (token.text in state.macros or token.text in state.conditions)
    if name == "\\ifcsname":
        tokens: list[Token] = []
        while (token := state.stream.next()) is not None and token.text != "\\endcsname":
            tokens.append(token)
        return "\\" + plain_source(tokens) in state.macros
    return None


def skip_branch(state: State, to_else: bool) -> bool:
    """Drops tokens up to the matching `\\fi`, or `\\else` with `to_else`; returns which it was."""
    depth = 0
    while (token := state.stream.next()) is not None:
        if token.kind not in ("command", "primitive"):
            continue
        if is_conditional(state, token.text) and token.text != "\\unless":
            depth += 1
        elif token.text == "\\fi":
            if depth == 0:
                return False
            depth -= 1
        elif depth == 0 and to_else and token.text in ("\\else", "\\or"):
            return True
    return False


def run_choice_command(state: State, name: str) -> bool:
    """Runs a command whose branches are arguments; returns whether `name` is one."""
    stream = state.stream
    if name in ("\\IfNoValueTF", "\\IfValueTF", "\\IfNoValueT", "\\IfNoValueF", "\\IfValueT",
                "\\IfValueF"):  # fmt: skip
        missing = [*stream.argument()] == [NO_VALUE]
        wanted = missing if "No" in name else not missing
        _branch(state, wanted, name)
    elif name in ("\\IfBooleanTF", "\\IfBooleanT", "\\IfBooleanF"):
        _branch(state, [*stream.argument()] == [TRUE], name)
    elif name in ("\\ifblank", "\\ifstrempty", "\\IfBlankTF"):
        _branch(state, not plain_source(stream.argument()), name)
    elif name == "\\ifstrequal":
        _branch(state, plain_source(stream.argument()) == plain_source(stream.argument()), name)
    elif name in ("\\iftoggle", "\\ifbool", "\\ifboolean"):
        _branch(state, state.conditions.get("bool:" + stream.word()), name)
    elif name in ("\\@ifundefined", "\\ifcsdef", "\\ifcsundef", "\\ifdef", "\\ifundef"):
        tokens = stream.argument()
        known = any(
            form in state.macros for form in (plain_source(tokens), "\\" + plain_source(tokens))
        )
        _branch(state, known if name in ("\\ifcsdef", "\\ifdef") else not known, name)
    elif name == "\\@ifstar":
        _branch(state, stream.star(), name)
    elif name == "\\@ifnextchar":
        wanted_token = stream.character()
        yes, no = stream.argument(), stream.argument()
        stream.skip_spaces()
        follower = stream.peek()
        same = bool(follower and wanted_token and follower.text.startswith(wanted_token.text))
        stream.push(yes if same else no)
    elif name == "\\ifthenelse":
        _branch(state, _test(state, plain_source(stream.argument())), name)
    else:
        return False
    return True


def _branch(state: State, holds: bool | None, name: str) -> None:
    """Reads the branches and pushes the one taken; an unknown one gives a mark that is rejected."""
    if name.endswith(("T", "F")) and not name.endswith("TF"):
        only = state.stream.argument()
        if holds == name.endswith("T"):
            state.stream.push(only)
        return
    yes, no = state.stream.argument(), state.stream.argument()
    if holds is None:
        state.out.append(Token("primitive", "\\VaryUndecided", " "))
    state.stream.push(yes if holds else no)


def _test(state: State, test: str) -> bool | None:
    match = re.fullmatch(r"(\\NOT|\\not)?\s*\\boolean\s*\{([^{}]*)\}", test)
    if match:
        value = state.conditions.get("bool:" + match.group(2))
        if value is None:
            value = state.conditions.get("\\if" + match.group(2))
        return value if value is None or not match.group(1) else not value
    match = re.fullmatch(r"(\\NOT|\\not)?\s*\\equal\s*\{([^{}\\]*)\}\s*\{([^{}\\]*)\}", test)
    if match:
        return (match.group(2).strip() == match.group(3).strip()) != bool(match.group(1))
    match = _COMPARISON.fullmatch(test.replace(" ", ""))
    return _compare(match) if match else None


def _ifx(state: State) -> bool:
    left, right = state.stream.character(), state.stream.character()
    return _meaning(state, left) == _meaning(state, right)


def _meaning(state: State, token: Token | None) -> object:
    if token is None:
        return None
    if token.kind == "command":
        macro = state.macros.get(token.text)
        if macro is None and token.text in ("\\empty", "\\@empty"):
            return ("macro", (), ())
        if macro is None:
            return ("primitive", token.text) if _is_known(token.text) else ("undefined",)
        if len(macro.body) == 1 and not macro.parameters:
            only = macro.body[0]
            return (only.kind if only.kind != "command" else "macro", only.text.strip())
        return ("macro", tuple((part.kind, part.text) for part in macro.body), macro.parameters)
    return (token.kind, token.text.strip())


def _is_known(name: str) -> bool:
    """Whether LaTeX or a package defines a command; all other ones are equal to `\\ifx`."""
    return (
        name in _PRIMITIVES
        or name in CONDITIONALS
        or name in REGISTERS
        or name in PROTECTED
        or name[1:] in text_commands.COMMANDS
        or name[1:] in formula_commands.COMMANDS
        or name[1:] in formula_commands.PLAIN
    )


def _if(state: State) -> bool | None:
    left, right = state.stream.character(), state.stream.character()
    if left is None or right is None:
        return None
    if "command" in (left.kind, right.kind) and left.text != "\\relax":
        return None  # macros would have to be expanded first
    return left.text == right.text


def _ifnum(state: State) -> bool | None:
    text = ""
    while (
        (token := state.stream.peek()) is not None
        and token.kind == "text"
        and len(text) < _MAX_COMPARISON
    ):
        state.stream.next()
        text += token.text
        match = re.match(r"(-?\d+)([<>=])(-?\d+)(?=\D|$)", text)
        follower = state.stream.peek()
        if match and (len(match.group()) < len(text) or follower is None
                      or follower.kind != "text"):  # fmt: skip
            rest = text[match.end() :]
            if rest:
                state.stream.unread(Token("text", rest))
            elif follower is not None and follower.kind == "space":
                state.stream.next()
            return _compare(match)
    return None


def _whole(text: str) -> int:
    """A number; one that is too long for TeX is an arbitrary large one."""
    text = text.replace(" ", "")
    if len(text) <= MAX_DIGITS + 1:
        return int(text)
    largest = int("9" * MAX_DIGITS)
    return -largest if text.startswith("-") else largest


def _compare(match: re.Match[str]) -> bool:
    left, right = (_whole(match.group(number)) for number in (1, 3))
    return {"<": left < right, ">": left > right, "=": left == right}[match.group(2)]
