"""Macros as values: their parameters and their body."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from vary_data.sources.arxiv.expand.stream import TokenStream
from vary_data.sources.arxiv.expand.tokens import Token

NO_VALUE = Token("primitive", "\\VaryNoValue")
TRUE = Token("primitive", "\\VaryTrue")
FALSE = Token("primitive", "\\VaryFalse")
_MAX_PARAMETERS = 9
"""As TeX allows."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter.

    `kind` is `m` (undelimited), `o` (optional in brackets), `s` (star), `u` (up to `delimiter`),
    `r` (between the two characters of `delimiter`, optional).
    """

    kind: str = "m"
    default: tuple[Token, ...] | None = None
    delimiter: tuple[Token, ...] = ()


@dataclass(frozen=True, slots=True)
class Macro:
    """A macro; `prefix` comes before the first parameter, as in `\\def\\a[#1]{}`."""

    body: tuple[Token, ...]
    parameters: tuple[Parameter, ...] = ()
    prefix: tuple[Token, ...] = ()

    def arguments(self, stream: TokenStream) -> list[list[Token]]:
        """Read the arguments off the stream, one list of tokens for each parameter."""
        if self.prefix:
            for _ in self.prefix:
                stream.character()
        return [_read(parameter, stream) for parameter in self.parameters]

    def expand(self, stream: TokenStream) -> list[Token]:
        """Reads the arguments and returns the body with the arguments substituted."""
        return substitute(self.body, self.arguments(stream))


@dataclass(frozen=True, slots=True)
class EnvironmentMacro:
    """What `\\newenvironment` defines: code at the begin, with arguments, and at the end."""

    begin: Macro
    end: tuple[Token, ...]


def substitute(body: Sequence[Token], arguments: Sequence[Sequence[Token]]) -> list[Token]:
    """The body with `#n` replaced by argument n and `##` by `#`."""
    result: list[Token] = []
    index, size = 0, len(body)
    while index < size:
        token = body[index]
        index += 1
        if token.kind != "param" or index >= size:
            result.append(token)
            continue
        follower = body[index]
        if follower.kind == "param":
            result.append(follower)
            index += 1
        elif follower.kind == "text" and follower.text[0].isascii() and follower.text[0].isdigit():
            number = int(follower.text[0])
            if 0 < number <= len(arguments):
                result.extend(arguments[number - 1])
            if len(follower.text) > 1:
                result.append(Token("text", follower.text[1:]))
            index += 1
        else:
            result.append(token)
    return result


def latex_parameters(count: int, default: Sequence[Token] | None) -> tuple[Parameter, ...]:
    """The parameters of `\\newcommand{..}[count][default]`."""
    count = max(0, min(count, _MAX_PARAMETERS))
    if default is None or count == 0:
        return (Parameter(),) * count
    return (Parameter("o", tuple(default)), *((Parameter(),) * (count - 1)))


def tex_parameters(pattern: Sequence[Token]) -> tuple[tuple[Token, ...], tuple[Parameter, ...]]:
    """Prefix and parameters from the source between `\\def\\name` and its body."""
    runs: list[list[Token]] = [[]]
    stream = TokenStream(list(pattern), len(pattern) + 1)
    while (token := stream.character()) is not None:
        if token.kind == "param":
            stream.character()
            runs.append([])
        else:
            runs[-1].append(token)
    prefix, *rest = runs
    return tuple(prefix), tuple(
        Parameter("u", None, tuple(run)) if run else Parameter() for run in rest[:_MAX_PARAMETERS]
    )


def xparse_parameters(specification: Sequence[Token]) -> tuple[Parameter, ...]:
    """Parameters of an xparse specification: `m o O{..} s t* d() D(){..} +m` and `r()`."""
    stream = TokenStream(list(specification), 10 * len(specification) + 100)
    found: list[Parameter] = []
    while (token := stream.character()) is not None and len(found) < _MAX_PARAMETERS:
        letter = token.text
        if letter in "mv":
            found.append(Parameter())
        elif letter == "o":
            found.append(Parameter("o", (NO_VALUE,)))
        elif letter == "O":
            found.append(Parameter("o", tuple(stream.argument())))
        elif letter == "s":
            found.append(Parameter("s", None, (Token("text", "*"),)))
        elif letter == "t":
            found.append(Parameter("s", None, tuple(stream.argument())))
        elif letter in "drDR":
            pair = (*stream.argument(), *stream.argument())
            default = tuple(stream.argument()) if letter in "DR" else (NO_VALUE,)
            found.append(Parameter("r", default, pair))
    return tuple(found)


def _read(parameter: Parameter, stream: TokenStream) -> list[Token]:
    if parameter.kind == "m":
        return stream.argument()
    if parameter.kind == "o":
        argument = stream.optional()
        return argument if argument is not None else list(parameter.default or ())
    if parameter.kind == "u":
        return stream.delimited(parameter.delimiter)
    mark = parameter.delimiter[0].text if parameter.delimiter else "*"
    spaces = stream.skip_spaces()
    token = stream.peek()
    if token is None or token.kind != "text" or token.text[0] != mark:
        if spaces:
            stream.unread(Token("space", " "))
        return [FALSE] if parameter.kind == "s" else list(parameter.default or ())
    stream.character()
    return [TRUE] if parameter.kind == "s" else stream.until(parameter.delimiter[-1].text)
