"""Commands by which a document defines macros, environments and theorems."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Sequence
from functools import partial

from vary_data.sources.arxiv.expand.macros import (
    EnvironmentMacro,
    Macro,
    Parameter,
    latex_parameters,
    tex_parameters,
    xparse_parameters,
)
from vary_data.sources.arxiv.expand.state import State, Theorem
from vary_data.sources.arxiv.expand.stream import plain_source
from vary_data.sources.arxiv.expand.tokens import Token, tokenize
from vary_data.sources.arxiv.limits import is_number
from vary_data.sources.arxiv.vocabulary.definitions import PROTECTED

Definer = Callable[[State], None]


def _new(state: State, replace: bool = True) -> None:
    state.stream.star()
    name = state.stream.name()
    count = _integer(state.stream.optional())
    default = state.stream.optional() if count else None
    body = state.stream.argument()
    if name and (replace or name not in state.macros):
        _set(state, name, Macro(tuple(body), latex_parameters(count, default)))


def _newx(state: State) -> None:
    """`\\newcommandx{\\a}[3][1=x,3=z]{..}` of xargs."""
    name = state.stream.name()
    count = _integer(state.stream.optional())
    defaults = plain_source(state.stream.optional() or [])
    body = state.stream.argument()
    parameters = [Parameter()] * count
    for entry in defaults.split(","):
        number, _, value = entry.partition("=")
        if is_number(number) and 0 < int(number) <= count:
            parameters[int(number) - 1] = Parameter("o", tuple(tokenize(value.strip("{}"))))
    _set(state, name, Macro(tuple(body), tuple(parameters)))


def _def(state: State, everywhere: bool = False) -> None:
    state.stream.skip_spaces()
    token = state.stream.character()
    pattern: list[Token] = []
    while (piece := state.stream.peek()) is not None and piece.kind not in ("open", "par"):
        pattern.append(piece)
        state.stream.next()
    body = state.stream.argument()
    if token is None or token.kind not in ("command", "primitive"):
        return  # an active character: it stays itself
    prefix, parameters = tex_parameters(pattern)
    _set(state, token.text, Macro(tuple(body), parameters, prefix), everywhere)


def _let(state: State) -> None:
    name = state.stream.name()
    state.stream.skip_spaces()
    token = state.stream.peek()
    if token is not None and token.kind == "text" and token.text[0] == "=":
        state.stream.character()
        state.stream.skip_spaces()
    meaning = state.stream.character()
    if name and meaning is not None:
        let(state, name, meaning)


def let(state: State, name: str, meaning: Token) -> None:
    """Gives a name the present meaning of a token."""
    if meaning.kind == "command":
        known = state.macros.get(meaning.text)
        condition = state.conditions.get(meaning.text)
        if condition is not None or meaning.text in ("\\iftrue", "\\iffalse"):
            value = condition if condition is not None else meaning.text == "\\iftrue"
            state.assign(state.conditions, name, value)
        elif known is not None:
            _set(state, name, known)
        elif meaning.text != name:
            _set(state, name, Macro((Token("primitive", meaning.text, " "),)))
    else:
        _set(state, name, Macro((meaning,)))


def _futurelet(state: State) -> None:
    name = state.stream.name()
    first = state.stream.next()
    follower = state.stream.character()
    if follower is not None:
        state.stream.push([follower])
        if name:
            let(state, name, follower)
    if first is not None:
        state.stream.push([first])


def _environment(state: State) -> None:
    state.stream.star()
    name = state.stream.word()
    count = _integer(state.stream.optional())
    default = state.stream.optional() if count else None
    begin, end = state.stream.argument(), state.stream.argument()
    _set_environment(state, name, latex_parameters(count, default), begin, end)


def _xparse(state: State, replace: bool = True) -> None:
    name = state.stream.name()
    parameters = xparse_parameters(state.stream.argument())
    body = state.stream.argument()
    if replace or name not in state.macros:
        _set(state, name, Macro(tuple(body), parameters))


def _xparse_environment(state: State, replace: bool = True) -> None:
    name = state.stream.word()
    parameters = xparse_parameters(state.stream.argument())
    begin, end = state.stream.argument(), state.stream.argument()
    if replace or name not in state.environments:
        _set_environment(state, name, parameters, begin, end)


def _operator(state: State) -> None:
    star = "*" if state.stream.star() else ""
    name = state.stream.name()
    body = state.stream.argument()
    command = (Token("command", "\\operatorname"), *([Token("text", star)] if star else []))
    _set(state, name, Macro((*command, Token("open", "{"), *body, Token("close", "}"))))


def _paired(state: State, body: bool = False, around: bool = False) -> None:
    """`\\DeclarePairedDelimiter` of mathtools: delimiters with a star or size before the arguments.

    With `body`, it is the form that has a number of arguments and says what is between the
    delimiters, with `\\delimsize` for their size; with `around`, also what is around them.
    """
    name = state.stream.name()
    count = _integer(state.stream.optional()) if body else 1
    before = plain_source(state.stream.argument()) if around else ""
    left, right = plain_source(state.stream.argument()), plain_source(state.stream.argument())
    after = plain_source(state.stream.argument()) if around else ""
    inner = plain_source(state.stream.argument()) if body else "#1"

    def sized(text: str, size: str) -> str:
        """Text with its parameters after the star and the size."""
        moved = _PARAMETER.sub(lambda m: f"#{int(m[1]) + 2}" if m[1] else m[0], text)
        return re.sub(r"\\delimsize(?![A-Za-z])", lambda _: size, moved)

    def form(opening: str, size: str, closing: str) -> str:
        return (
            f"{sized(before, size)}{opening}{left} {sized(inner, size)}{closing}{right} "
            f"{sized(after, size)}"
        )

    source = (
        f"\\IfBooleanTF{{#1}}{{{form(_LEFT, _MIDDLE, _RIGHT)}}}"
        f"{{\\IfNoValueTF{{#2}}{{{form('', '', '')}}}{{{form('#2', '#2', '#2')}}}}}"
    )
    parameters = xparse_parameters(tokenize("so" + "m" * min(count, _MAX_PARAMETERS - 2)))
    _set(state, name, Macro(tuple(tokenize(source)), parameters))


def _theorem(state: State) -> None:
    starred = state.stream.star()
    name = state.stream.word()
    shared = state.stream.optional()
    title = plain_source(state.stream.argument())
    within = state.stream.optional()
    counter = plain_source(shared) if shared else name
    state.theorems[name] = Theorem(title, counter, plain_source(within or []), not starred)


def _declare_theorem(state: State) -> None:
    options = plain_source(state.stream.optional() or [])
    names = state.stream.word()
    options += "," + plain_source(state.stream.optional() or [])
    values = {
        key.strip(): value.strip().strip("{}")
        for key, _, value in (entry.partition("=") for entry in options.split(","))
    }
    for name in names.split(","):
        title = values.get("name") or values.get("title") or name.strip().capitalize()
        shared = values.get("sibling") or values.get("sharenumber") or values.get("numberlike")
        within = values.get("numberwithin") or values.get("within") or values.get("parent") or ""
        numbered = values.get("numbered", "yes") != "no"
        state.theorems[name.strip()] = Theorem(title, shared or name.strip(), within, numbered)


def _box_theorem(state: State) -> None:
    """`\\newtcbtheorem[number within=section]{name}{Title}{style}{prefix}`."""
    options = plain_source(state.stream.optional() or [])
    within = re.search(r"number within\s*=\s*(\w+)", options)
    shared = re.search(r"use counter from\s*=\s*(\w+)", options)
    name, title = state.stream.word(), plain_source(state.stream.argument())
    state.stream.argument()
    prefix = state.stream.word()
    parent = within.group(1) if within else ""
    counter = shared.group(1) if shared else name
    state.theorems[name] = Theorem(title, counter, parent, True, prefix)
    state.theorems[f"{name}*"] = Theorem(title, counter, "", False)


def _box(state: State) -> None:
    """`\\newtcolorbox[auto counter]{name}[count][default]{options}`."""
    state.stream.optional()
    name = state.stream.word()
    count, default = state.stream.optional(), state.stream.optional()
    options = state.stream.argument()
    begin = (*tokenize("\\begin{tcolorbox}[{"), *options, *tokenize("}]"))
    parameters = latex_parameters(_integer(count), default)
    _set_environment(state, name, parameters, begin, tokenize("\\end{tcolorbox}"))


def begin_restatable(state: State) -> None:
    """`\\begin{restatable}[note]{theorem}{again}`: a theorem, and `\\again`, which repeats it."""
    note = state.stream.optional()
    name, again = state.stream.word(), state.stream.word()
    body = tokenize(f"\\begin{{VaryRestated}}{again}\\end{{VaryRestated}}")
    _set(state, f"\\{again}", Macro(tuple(body), xparse_parameters(tokenize("s"))), True)
    state.open("restatable", tokenize(f"\\end{{{name}}}"))
    option = [] if note is None else [Token("text", "["), *note, Token("text", "]")]
    state.stream.push([*tokenize(f"\\begin{{{name}}}"), *option])


def _unit(state: State) -> None:
    """`\\DeclareSIUnit\\year{yr}`: the name stands for its symbol or for other units."""
    state.stream.optional()
    name = state.stream.name()
    _set(state, name, Macro(tuple(state.stream.argument())))


def _newif(state: State) -> None:
    name = state.stream.name()
    if not name.startswith("\\if"):
        return
    state.conditions.setdefault(name, False)
    for value in ("true", "false"):
        switch = Token("primitive", "\\VarySet", "")
        body = (switch, Token("text", value), Token("open", "{"), Token("text", name[1:]),
                Token("close", "}"))  # fmt: skip
        _set(state, "\\" + name[3:] + value, Macro(body))


def set_condition(state: State) -> None:
    """`\\VarySet true{ifname}`, the body of a switch of `\\newif`."""
    value = ""
    while value not in ("true", "false") and len(value) < 6:
        token = state.stream.character()
        value += token.text if token else "......"
    state.assign(state.conditions, "\\" + state.stream.word(), value == "true")


def _boolean(state: State) -> None:
    state.conditions.setdefault("bool:" + state.stream.word(), False)


def _set_boolean(state: State) -> None:
    name, value = state.stream.word(), state.stream.word()
    state.assign(state.conditions, "bool:" + name, value.strip() == "true")


def _toggle(state: State, value: bool) -> None:
    state.assign(state.conditions, "bool:" + state.stream.word(), value)


def _column_type(state: State) -> None:
    letter = state.stream.word()
    state.stream.optional()
    state.columns[letter] = plain_source(state.stream.argument())


_LEFT, _MIDDLE, _RIGHT = "\\left", "\\middle", "\\right"
_MAX_PARAMETERS = 9
_PARAMETER = re.compile(r"\\.|##|#(\d)", re.DOTALL)
"""A parameter; not the sign `\\#`, nor `##1` of a definition inside."""
_COUNTER_FORMAT = re.compile(r"\\(?:the([A-Za-z@]+)|((?:label|p@)enum[iv]{1,3}))")
"""`\\thesection`, the labels of items, and what references print before their numbers."""


def _set(state: State, name: str, macro: Macro, everywhere: bool = False) -> None:
    format = _COUNTER_FORMAT.fullmatch(name)
    if format and state.math == "":
        # The format of a counter: the numbering needs it at this point of the document.
        state.out.append(Token("primitive", "\\VaryFormat"))
        state.out.extend(tokenize(f"{{{format[1] or format[2]}}}"))
        body = [Token("open", "{"), *macro.body, Token("close", "}")]
        if format[1]:
            state.out.extend(body)
        else:
            state.stream.push(body)  # its own macros are expanded
    if name in PROTECTED or not name:
        state.make_global = False
        return
    if name in state.endless:
        macro = dataclasses.replace(macro, body=(Token("primitive", "\\VaryUndecided", " "),))
    state.assign(state.macros, name, macro, everywhere)


def _set_environment(
    state: State,
    name: str,
    parameters: tuple[Parameter, ...],
    begin: Sequence[Token],
    end: Sequence[Token],
) -> None:
    if name in ("document", "figure", "table", "equation", "abstract", "proof", "tabular"):
        return
    state.theorems.pop(name, None)
    if f"\\begin{{{name}}}" in state.endless:
        return
    environment = EnvironmentMacro(Macro(tuple(begin), parameters), tuple(end))
    state.assign(state.environments, name, environment)


def _integer(tokens: Sequence[Token] | None) -> int:
    text = plain_source(tokens or [])
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0


DEFINERS: dict[str, Definer] = {
    "\\newcommand": _new,
    "\\renewcommand": _new,
    "\\DeclareRobustCommand": _new,
    "\\providecommand": lambda state: _new(state, replace=False),
    "\\newrobustcmd": _new,
    "\\renewrobustcmd": _new,
    "\\newcommandx": _newx,
    "\\renewcommandx": _newx,
    "\\def": _def,
    "\\edef": _def,
    "\\gdef": lambda state: _def(state, everywhere=True),
    "\\xdef": lambda state: _def(state, everywhere=True),
    "\\let": _let,
    "\\futurelet": _futurelet,
    "\\newenvironment": _environment,
    "\\renewenvironment": _environment,
    **{
        f"\\{verb}{kind}DocumentCommand": partial(_xparse, replace=verb != "Provide")
        for verb in ("New", "Renew", "Provide", "Declare")
        for kind in ("", "Expandable")
    },
    **{
        f"\\{verb}DocumentEnvironment": partial(_xparse_environment, replace=verb != "Provide")
        for verb in ("New", "Renew", "Provide", "Declare")
    },
    "\\DeclareMathOperator": _operator,
    "\\DeclarePairedDelimiter": _paired,
    "\\DeclarePairedDelimiterX": lambda state: _paired(state, body=True),
    "\\DeclarePairedDelimiterXPP": lambda state: _paired(state, body=True, around=True),
    "\\newtheorem": _theorem,
    "\\spnewtheorem": _theorem,
    "\\newdefinition": _theorem,
    "\\newproof": _theorem,
    "\\declaretheorem": _declare_theorem,
    "\\newtcbtheorem": _box_theorem,
    "\\renewtcbtheorem": _box_theorem,
    "\\newtcolorbox": _box,
    "\\renewtcolorbox": _box,
    "\\DeclareSIUnit": _unit,
    "\\newif": _newif,
    "\\newboolean": _boolean,
    "\\provideboolean": _boolean,
    "\\newtoggle": _boolean,
    "\\setboolean": _set_boolean,
    "\\settoggle": _set_boolean,
    "\\toggletrue": lambda state: _toggle(state, True),
    "\\togglefalse": lambda state: _toggle(state, False),
    "\\newcolumntype": _column_type,
    "\\VarySet": set_condition,
}
"""Defining commands, each reading its own arguments. `\\edef` is expanded by the expander."""
