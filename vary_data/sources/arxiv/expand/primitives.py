"""Commands of TeX and LaTeX that change only the state of the expander."""

from __future__ import annotations

import re
from collections.abc import Callable

from vary_data.sources.arxiv.expand.assignments import (
    read_advance,
    read_number,
    read_parshape,
)
from vary_data.sources.arxiv.expand.boxes import fill_box
from vary_data.sources.arxiv.expand.kernel import print_name, print_source
from vary_data.sources.arxiv.expand.macros import Macro
from vary_data.sources.arxiv.expand.state import State
from vary_data.sources.arxiv.expand.stream import plain_source
from vary_data.sources.arxiv.expand.tokens import Token, tokenize
from vary_data.sources.arxiv.limits import is_number


def insert_xspace(state: State) -> None:
    """Inserts a space unless punctuation, a brace or a space follows."""
    token = state.stream.peek()
    if token is None or token.kind in ("open", "close", "space", "par"):
        return
    if token.kind == "text" and token.text[0] in ".,'/?;:!~-)]":
        return
    if token.kind in ("command", "primitive") and token.text in (
        "\\ ", "\\/", "\\xspace", "\\@xspace", "\\footnote", "\\footnotemark", "\\end",
    ):  # fmt: skip
        return
    state.out.append(Token("space", " "))


def loop(state: State) -> None:
    """`\\loop … \\repeat`: the body is kept and read again while its condition holds."""
    body = state.stream.delimited([Token("command", "\\repeat")])
    if "\\loop" in state.endless:
        state.out.append(Token("primitive", "\\VaryUndecided", " "))
        return
    state.loops.append(tuple(body))
    _repeat(state, len(state.loops) - 1)


def loop_again(state: State) -> None:
    """The next round of a loop."""
    number = state.stream.word()
    if is_number(number) and int(number) < len(state.loops):
        _repeat(state, int(number))


def _repeat(state: State, number: int) -> None:
    state.count_expansion("\\loop")
    again = (Token("primitive", "\\VaryLoop"), Token("open", "{"), Token("text", str(number)),
             Token("close", "}"), Token("primitive", "\\fi"))  # fmt: skip
    state.stream.push([*state.loops[number], *again])


def make_global(state: State) -> None:
    """The next assignment holds outside the group too."""
    state.make_global = True


def drop_two(state: State) -> None:
    """Reads two arguments and drops them."""
    state.stream.argument()
    state.stream.argument()


def change_register(state: State) -> None:
    """Registers are not kept: `\\advance\\x by 1` is only read."""
    if not read_advance(state):
        state.out.append(Token("primitive", "\\VaryUndecided", " "))


def shape_paragraph(state: State) -> None:
    """`\\parshape` prints nothing."""
    read_parshape(state)


def new_register(holds: str) -> Callable[[State], None]:
    """A command such as `\\newcount`, after which a name is a register."""

    def declare(state: State) -> None:
        if name := state.stream.name():
            state.registers[name] = holds

    return declare


def set_box(state: State) -> None:
    """`\\setbox0=\\hbox to 3cm{..}` prints nothing."""
    stream = state.stream
    token = stream.peek()
    if token is not None and token.kind in ("command", "primitive"):
        stream.next()
    else:
        read_number(state)
    while (token := stream.peek()) is not None and token.kind not in ("open", "close", "par"):
        stream.next()
    if token is not None and token.kind == "open":
        stream.argument()


def write_to_stream(state: State) -> None:
    """`\\write18{..}`, `\\message{..}` and the like print nothing on the page."""
    token = state.stream.peek()
    if token is not None and token.kind in ("command", "primitive"):
        state.stream.next()
    elif token is not None and token.kind == "text":
        read_number(state)
    state.stream.argument()


def open_stream(state: State) -> None:
    """`\\openout3=name` is not run."""
    token = state.stream.peek()
    if token is not None and token.kind in ("command", "primitive"):
        state.stream.next()
    else:
        read_number(state)
    state.stream.skip_spaces()
    while (token := state.stream.peek()) is not None and token.kind == "text":
        state.stream.next()
    if token is not None and token.kind == "space":
        state.stream.next()


def load_font(state: State) -> None:
    """`\\font\\x=cmr10 scaled 1200`: the name changes the font, and prints nothing."""
    name = state.stream.name()
    while (token := state.stream.peek()) is not None and token.kind in ("text", "space"):
        stop = token.kind == "space"
        state.stream.next()
        if stop and not _font_size_follows(state):
            break
    if name:
        state.assign(state.macros, name, Macro(()))


def _font_size_follows(state: State) -> bool:
    token = state.stream.peek()
    return token is not None and re.match(r"scaled|at|[\d=]", token.text) is not None


def define_character(state: State) -> None:
    """`\\chardef\\x=65` makes `\\x` print a character."""
    name = state.stream.name()
    code = read_number(state)
    if name and code is not None and 32 < code < 127:
        letter = chr(code)
        sign = Token("text", letter) if letter.isalnum() else Token("command", f"\\{letter}")
        state.assign(state.macros, name, Macro((sign,)))


def print_character(state: State) -> None:
    """`\\char`, whose number TeX reads in four notations, as `\\symbol` with a decimal one."""
    code = read_number(state)
    if code is None:
        state.out.append(Token("primitive", "\\char"))
    else:
        state.out.extend(tokenize(f"\\symbol{{{code}}}"))


def print_symbol(state: State) -> None:
    """`\\symbol{`\\_}`: the command in its number is a character, and is not expanded.

    A number is octal after `'` and hexadecimal after `"`.
    """
    number = plain_source(state.stream.argument()).strip()
    if sign := re.fullmatch(r"`\\?(.)", number):
        number = str(ord(sign[1]))
    elif re.fullmatch(r"'[0-7]{1,4}", number):
        number = str(int(number[1:], 8))
    elif re.fullmatch(r'"[0-9A-F]{1,4}', number):
        number = str(int(number[1:], 16))
    state.out.extend(tokenize(f"\\symbol{{{number}}}"))


def drop_rule(state: State) -> None:
    """A line drawn by TeX prints no letter."""
    _drop_words(state, r"(height|depth|width|-?[\d.]+|pt|em|ex|mm|cm|in|sp|fil)+")


def _drop_words(state: State, pattern: str) -> None:
    """Drops words as long as they match."""
    stream = state.stream
    while stream.skip_spaces() or True:
        token = stream.peek()
        match = re.match(pattern, token.text) if token and token.kind == "text" else None
        if token is None or not match or not match.group():
            return
        stream.next()
        if match.end() < len(token.text):
            stream.unread(Token("text", token.text[match.end() :]))
            return


def new_counter(state: State) -> None:
    """Passes a new counter on to the numbering."""
    name = state.stream.word()
    within = plain_source(state.stream.optional() or [])
    state.out.extend(tokenize(f"\\newcounter{{{name}}}[{within}]"))


PRIMITIVES: dict[str, Callable[[State], None]] = {
    "\\xspace": insert_xspace,
    "\\loop": loop,
    "\\VaryLoop": loop_again,
    "\\global": make_global,
    "\\newunicodechar": drop_two,
    "\\DeclareUnicodeCharacter": drop_two,
    "\\newcounter": new_counter,
    **dict.fromkeys(("\\advance", "\\multiply", "\\divide"), change_register),
    "\\parshape": shape_paragraph,
    "\\newcount": new_register("number"),
    "\\newdimen": new_register("dimension"),
    "\\newskip": new_register("glue"),
    "\\newlength": new_register("glue"),
    "\\newmuskip": new_register("muglue"),
    "\\newtoks": new_register("tokens"),
    "\\setbox": set_box,
    "\\sbox": fill_box,
    "\\savebox": fill_box,
    **dict.fromkeys(
        ("\\write", "\\message", "\\typeout", "\\special", "\\pdfliteral"), write_to_stream
    ),
    **dict.fromkeys(("\\openout", "\\openin", "\\closeout", "\\closein"), open_stream),
    "\\font": load_font,
    "\\chardef": define_character,
    "\\string": print_name,
    "\\detokenize": print_source,
    "\\char": print_character,
    "\\symbol": print_symbol,
    "\\vrule": drop_rule,
    "\\hrule": drop_rule,
}
