"""Rewrite the notation of the packages physics and braket, by their documentation."""

from __future__ import annotations

from collections.abc import Callable

from renderers.rejected import Rejected
from vary_data.sources.arxiv.formulas.tokens import MathTokens
from vary_data.sources.arxiv.limits import is_number

_CLOSING = {"(": ")", "[": "]", "|": "|"}
_NAMES = {
    "absolutevalue": "abs", "evaluated": "eval", "commutator": "comm", "anticommutator": "acomm",
    "poissonbracket": "pb", "vectorbold": "vb", "vectorarrow": "va", "vectorunit": "vu",
    "gradient": "grad", "divergence": "div", "crossproduct": "cross", "cp": "cross",
    "dotproduct": "vdot", "differential": "dd", "derivative": "dv", "partialderivative": "pdv",
    "pderivative": "pdv", "variation": "var", "functionalderivative": "fdv", "fderivative": "fdv",
    "innerproduct": "ip", "outerproduct": "dyad", "ketbra": "dyad", "op": "dyad",
    "expectationvalue": "expval", "ev": "expval", "matrixelement": "mel", "matrixel": "mel",
    "matrixquantity": "mqty", "quantity": "qty", "principalvalue": "pv", "qqtext": "qq",
}  # fmt: skip
"""Long names and synonyms."""
_WORDS = {
    "qif": "if", "qthen": "then", "qelse": "else", "qotherwise": "otherwise",
    "qunless": "unless", "qgiven": "given", "qusing": "using", "qassume": "assume",
    "qsince": "since", "qlet": "let", "qfor": "for", "qall": "all", "qeven": "even",
    "qodd": "odd", "qinteger": "integer", "qand": "and", "qor": "or", "qas": "as", "qin": "in",
    "qcc": "c.c.",
}  # fmt: skip
_MATRICES = {"mqty": "matrix", "pmqty": "pmatrix", "bmqty": "bmatrix", "vmqty": "vmatrix",
             "Pmqty": "pmatrix", "smqty": "smallmatrix"}  # fmt: skip
_MAX_SIZE = 10
"""Rows of a generated matrix."""


def rewritten(name: str, stream: MathTokens) -> str:
    """The source that a command stands for; its arguments are read from `stream`.

    Raises:
        Rejected: arguments that the packages do not describe.
    """
    name = _NAMES.get(name, name)
    if name in _WORDS:
        _star(stream)
        return f"\\quad\\text{{{_WORDS[name]}}}\\quad "
    if name in _MATRICES:
        return _matrix(name, stream)
    return _REWRITERS[name](stream)


def _star(stream: MathTokens) -> bool:
    if stream.token != "*":
        return False
    stream.next()
    return True


def _fenced(left: str, content: str, right: str) -> str:
    return f"\\left{left} {content}\\right{right} "


def _next_group(stream: MathTokens) -> str | None:
    """An argument in braces, if one follows."""
    return stream.argument() if stream.token == "{" else None


def _between(stream: MathTokens) -> tuple[str, str, str] | None:
    """Content between `( )`, `[ ]` or `| |` with these signs, if one of them follows."""
    opening = stream.token
    if opening is None or opening not in _CLOSING:
        return None
    stream.next()
    return opening, stream.until(opening, _CLOSING[opening]), _CLOSING[opening]


def _quantity(stream: MathTokens) -> str:
    _star(stream)
    found = _between(stream)
    return _fenced(*found) if found else _fenced("\\{", stream.argument(), "\\}")


def _around(left: str, right: str, before: str = "") -> Callable[[MathTokens], str]:
    def rewrite(stream: MathTokens) -> str:
        _star(stream)
        found = _between(stream) if before else None
        content = found[1] if found else stream.argument()
        return before + _fenced(left, content, right)

    return rewrite


def _pair(left: str, right: str) -> Callable[[MathTokens], str]:
    def rewrite(stream: MathTokens) -> str:
        _star(stream)
        return _fenced(left, f"{stream.argument()},{stream.argument()}", right)

    return rewrite


def _evaluated(stream: MathTokens) -> str:
    _star(stream)
    if stream.token in ("(", "["):
        opening = stream.next()
        return _fenced(opening, stream.until(opening, "|"), "|")
    return _fenced(".", stream.argument(), "|")


def _vector(style: str) -> Callable[[MathTokens], str]:
    def rewrite(stream: MathTokens) -> str:
        bold = "\\boldsymbol" if _star(stream) else "\\mathbf"
        letters = f"{bold}{{{stream.argument()}}}"
        return f"{style}{{{letters}}}" if style else letters

    return rewrite


def _operator(sign: str) -> Callable[[MathTokens], str]:
    """A differential operator, with an argument or alone."""

    def rewrite(stream: MathTokens) -> str:
        if (content := _next_group(stream)) is not None:
            return f"{sign} {content}"
        return f"{sign} {_fenced(*found)}" if (found := _between(stream)) else f"{sign} "

    return rewrite


def _differential(sign: str) -> Callable[[MathTokens], str]:
    def rewrite(stream: MathTokens) -> str:
        power = f"^{{{found[1]}}}" if stream.token == "[" and (found := _between(stream)) else ""
        if (content := _next_group(stream)) is not None:
            return f"{sign}{power} {content}"
        if stream.token == "(" and (found := _between(stream)):
            return f"{sign}{power}{_fenced(*found)}"
        return f"{sign}{power} "

    return rewrite


def _derivative(sign: str) -> Callable[[MathTokens], str]:
    def rewrite(stream: MathTokens) -> str:
        inline = _star(stream)
        power = f"^{{{found[1]}}}" if stream.token == "[" and (found := _between(stream)) else ""
        first = stream.argument()
        second = _next_group(stream)
        if second is None:
            over, below, rest = f"{sign}{power}", f"{sign} {first}{power}", ""
            if stream.token == "(" and (found := _between(stream)):
                rest = _fenced(*found)
        else:
            rest = ""
            third = _next_group(stream) if sign == "\\partial" else None
            over = f"{sign}{power or ('^{2}' if third is not None else '')} {first}"
            below = f"{sign} {second}{power if third is None else ''}"
            if third is not None:
                below += f"{sign} {third}"
        fraction = f"{over}/{below}" if inline else f"\\frac{{{over}}}{{{below}}}"
        return f"{fraction}{rest} "

    return rewrite


def _ket(left: str, right: str) -> Callable[[MathTokens], str]:
    def rewrite(stream: MathTokens) -> str:
        _star(stream)
        return _fenced(left, stream.argument(), right)

    return rewrite


def _braket(stream: MathTokens) -> str:
    """`\\braket{a}{b}` of physics, `\\braket{a|b}` of braket."""
    _star(stream)
    content = _middle(stream.argument())
    second = _next_group(stream)
    if second is None and "\\middle" not in content:
        second = content
    inner = content if second is None else f"{content}\\middle|{second}"
    return _fenced("\\langle", inner, "\\rangle")


def _set(stream: MathTokens) -> str:
    content = stream.argument()
    return _fenced("\\{", _middle(content, once=True), "\\}")


def _middle(content: str, once: bool = False) -> str:
    """Vertical lines that grow with the fence around them."""
    return content.replace("\\|", "|").replace("|", "\\middle| ", 1 if once else -1)


def _dyad(stream: MathTokens) -> str:
    _star(stream)
    first = stream.argument()
    second = _next_group(stream)
    right = _fenced("\\langle", first if second is None else second, "|")
    return _fenced("|", first, "\\rangle") + right


def _expectation(stream: MathTokens) -> str:
    while _star(stream):
        pass
    content = stream.argument()
    state = _next_group(stream)
    if state is not None:
        content = f"{state}\\middle|{content}\\middle|{state}"
    return _fenced("\\langle", content, "\\rangle")


def _element(stream: MathTokens) -> str:
    while _star(stream):
        pass
    parts = [stream.argument() for _ in range(3)]
    return _fenced("\\langle", "\\middle|".join(parts), "\\rangle")


def _quad_text(stream: MathTokens) -> str:
    before = "" if _star(stream) else "\\quad"
    return f"{before}\\text{{{stream.argument()}}}\\quad "


def _matrix(name: str, stream: MathTokens) -> str:
    kind = _MATRICES[name]
    _star(stream)
    found = None if stream.token == "{" else _between(stream)
    if found:
        kind = {"(": "pmatrix", "[": "bmatrix", "|": "vmatrix"}[found[0]]
    content = found[1] if found else stream.argument()
    return f"\\begin{{{kind}}}{_generated(content)}\\end{{{kind}}}"


def _generated(content: str) -> str:
    """The rows of a matrix; `\\imat`, `\\zmat`, `\\xmat` and `\\dmat` in it write them."""
    inner = MathTokens(content)
    name = (inner.token or "").removeprefix("\\")
    names = {"identitymatrix": "imat", "zeromatrix": "zmat", "xmatrix": "xmat",
             "diagonalmatrix": "dmat"}  # fmt: skip
    name = names.get(name, name)
    if name not in ("imat", "zmat", "xmat", "dmat"):
        return content
    inner.next()
    _star(inner)
    if name == "dmat":
        entries = inner.argument().split(",")[:_MAX_SIZE]
        rows = [["0"] * i + [one] + ["0"] * (len(entries) - i - 1)
                for i, one in enumerate(entries)]  # fmt: skip
    else:
        fill = inner.argument() if name == "xmat" else "0"
        height = _size(inner)
        width = height if name == "imat" else _size(inner)
        rows = [["1" if name == "imat" and i == j else fill for j in range(width)]
                for i in range(height)]  # fmt: skip
    return " \\\\ ".join(" & ".join(row) for row in rows)


def _size(stream: MathTokens) -> int:
    text = stream.argument().strip()
    if not is_number(text) or not 0 < int(text) <= _MAX_SIZE:
        raise Rejected("number", text)
    return int(text)


_REWRITERS: dict[str, Callable[[MathTokens], str]] = {
    "qty": _quantity,
    "pqty": _around("(", ")"),
    "bqty": _around("[", "]"),
    "vqty": _around("|", "|"),
    "Bqty": _around("\\{", "\\}"),
    "abs": _around("|", "|"),
    "norm": _around("\\|", "\\|"),
    "order": _around("(", ")", "\\mathcal{O}"),
    "eval": _evaluated,
    "comm": _pair("[", "]"),
    "acomm": _pair("\\{", "\\}"),
    "pb": _pair("\\{", "\\}"),
    "vb": _vector(""),
    "va": _vector("\\vec"),
    "vu": _vector("\\hat"),
    "vdot": lambda stream: "\\cdot ",
    "cross": lambda stream: "\\times ",
    "grad": _operator("\\nabla"),
    "div": _operator("\\nabla\\cdot"),
    "curl": _operator("\\nabla\\times"),
    "laplacian": _operator("\\nabla^{2}"),
    "dd": _differential("\\mathrm{d}"),
    "var": _differential("\\delta"),
    "dv": _derivative("\\mathrm{d}"),
    "pdv": _derivative("\\partial"),
    "fdv": _derivative("\\delta"),
    "ket": _ket("|", "\\rangle"),
    "bra": _ket("\\langle", "|"),
    "Ket": _ket("|", "\\rangle"),
    "Bra": _ket("\\langle", "|"),
    "braket": _braket,
    "Braket": _braket,
    "ip": _braket,
    "set": _set,
    "Set": _set,
    "dyad": _dyad,
    "expval": _expectation,
    "mel": _element,
    "qq": _quad_text,
    "qcomma": lambda stream: ",\\quad ",
    "qc": lambda stream: ",\\quad ",
    "erf": lambda stream: "\\operatorname{erf}",
    "Res": lambda stream: "\\operatorname{Res}",
    "pv": lambda stream: "\\mathcal{P}",
    "PV": lambda stream: "\\operatorname{P.V.}",
}
COMMANDS = frozenset((*_REWRITERS, *_NAMES, *_WORDS, *_MATRICES)) - {"div"}
"""`\\div` is the sign of division in most documents."""
