"""Expand a document to one source: inputs merged, comments removed, macros expanded.

The expander does the part of TeX's expansion that documents need. Commands that the document does
not define stay unchanged. Three bounds (tokens, macro calls, files) make it end on any input.
"""

from __future__ import annotations

from dataclasses import replace

from vary_data.sources.arxiv.errors import DocumentRejected
from vary_data.sources.arxiv.expand.assignments import read_assignment
from vary_data.sources.arxiv.expand.bibliography import bbl_file, list_source
from vary_data.sources.arxiv.expand.boxes import begin_box, close_boxes, end_box, print_box
from vary_data.sources.arxiv.expand.conditionals import (
    decide_condition,
    is_conditional,
    run_choice_command,
    skip_branch,
)
from vary_data.sources.arxiv.expand.definitions import DEFINERS, begin_restatable
from vary_data.sources.arxiv.expand.expanded import Expanded, render
from vary_data.sources.arxiv.expand.fallbacks import FALLBACKS
from vary_data.sources.arxiv.expand.formula_mode import end_paragraph, keep_command, read_dollar
from vary_data.sources.arxiv.expand.inputs import END_OF_FILE, INPUTS, Inputs
from vary_data.sources.arxiv.expand.kernel import KERNEL_MACROS, printed_name
from vary_data.sources.arxiv.expand.macros import substitute
from vary_data.sources.arxiv.expand.primitives import PRIMITIVES
from vary_data.sources.arxiv.expand.state import State
from vary_data.sources.arxiv.expand.stream import TokenStream, plain_source
from vary_data.sources.arxiv.expand.tokens import Token, tokenize, verbatim_content
from vary_data.sources.arxiv.limits import ExtractionLimits
from vary_data.sources.arxiv.read.project import Project
from vary_data.sources.arxiv.vocabulary.definitions import REGISTERS
from vary_data.sources.arxiv.vocabulary.environments import FORMULA_MODE

_PREFIXES = {"\\long", "\\outer", "\\protected", "\\protect", "\\noexpand", "\\immediate",
             "\\robustify"}  # fmt: skip
_OPENERS = {"\\begingroup": "group", "\\bgroup": "group"}
_CLOSERS = {"\\endgroup": "group", "\\egroup": "group"}
_MAX_EXPANDAFTER = 50
"""`\\expandafter` in a row; below Python's limit on recursion."""
_MAX_NESTED_EXPANSION = 10
_MAX_ENDLESS = 3
"""Macros without end for which a document is expanded again."""
_MAX_TOKENS_FACTOR = 2
"""Tokens of all these expansions together, as a multiple of the limit of one."""
_MAX_NAME_TOKENS = 1000
"""Tokens between `\\csname` and `\\endcsname`, in case the latter is missing."""


def expand(project: Project, main: str, limits: ExtractionLimits) -> Expanded:
    """The expanded document.

    A macro that expands without end is one whose conditions were not understood. The document is
    expanded again with a mark in its place, so that only the blocks that use it are lost.

    Raises:
        DocumentRejected: `loop` or `not-latex`.
    """
    endless: frozenset[str] = frozenset()
    spent = 0
    while True:
        tokens = min(limits.tokens, _MAX_TOKENS_FACTOR * limits.tokens - spent)
        expander = Expander(project, main, replace(limits, tokens=tokens), endless)
        try:
            return expander.run()
        except DocumentRejected as error:
            culprit = expander.state.most_frequent()
            if error.reason != "loop" or not culprit or len(endless) == _MAX_ENDLESS:
                raise
            endless |= {culprit}
            spent += tokens - max(0, expander.state.stream.budget)


class Expander:
    """Expands the macros of a document, as TeX does, within limits."""

    def __init__(
        self,
        project: Project,
        main: str,
        limits: ExtractionLimits,
        endless: frozenset[str] = frozenset(),
    ) -> None:
        self.main = main
        self.inputs = Inputs(project, main)
        self.state = State(TokenStream([], limits.tokens), limits, dict(KERNEL_MACROS))
        self.state.endless = endless
        self.code: list[str] = []
        self.document_class = ""
        self.in_document = False
        self.preamble: list[Token] = []
        self.nested = 0
        self.resources: list[str] = []
        self.has_list = False
        self.handlers = {
            "\\begin": self._begin,
            "\\end": self._end,
            "\\csname": self._csname,
            "\\expandafter": self._expandafter,
            "\\usepackage": self._usepackage,
            "\\RequirePackage": self._usepackage,
            "\\documentclass": self._documentclass,
            "\\endinput": lambda: self.inputs.end_input(self.state),
            END_OF_FILE: lambda: self.inputs.ended(self.state),
            "\\VaryClose": self._close_own,
            "\\bibliography": self._bibliography,
            "\\printbibliography": self._bibliography,
            "\\addbibresource": self._bib_resource,
        }

    def run(self) -> Expanded:
        """The expanded document; an expander runs once.

        Raises:
            DocumentRejected: as `expand`.
        """
        self.inputs.open(self.state, self.main)
        self._loop_tokens()
        close_boxes(self.state)
        if not self.in_document:
            raise DocumentRejected(
                f"{self.main}: no \\begin{{document}}", "a LaTeX document is needed", "not-latex"
            )
        state = self.state
        return Expanded(
            render(self.preamble),
            render(state.out),
            tuple(self.code),
            {name: replace(one, title=self._plain(one.title))
             for name, one in list(state.theorems.items())},
            dict(state.columns),
            {
                name[1:]: plain_source(macro.body)
                for name, macro in state.macros.items()
                if name.endswith("name") and not macro.parameters
            },
            self.document_class,
            tuple(self.inputs.rejected),
            frozenset(self.inputs.islands.examples),
            tuple(sorted(state.endless)),
        )  # fmt: skip

    # -- the loop -----------------------------------------------------------------------------

    def _loop_tokens(self) -> None:
        state = self.state
        while (token := state.stream.next()) is not None:
            kind = token.kind
            if kind in ("text", "space", "param"):
                state.out.append(token)
            elif kind in ("command", "primitive"):
                self._command(token)
            elif kind == "open":
                state.open("{")
                state.out.append(token)
            elif kind == "close":
                state.close("{")
                state.out.append(token)
            elif kind == "math":
                read_dollar(state)
            elif kind == "par":
                end_paragraph(state, token)
            elif kind == "verbatim":
                self._verbatim(token)

    def _command(self, token: Token) -> None:
        state, name = self.state, token.text
        if name == "\\@":
            return  # only widens a space
        if token.kind == "command":
            macro = state.macros.get(name)
            if macro is not None:
                state.count_expansion(name)
                state.stream.push(macro.expand(state.stream))
                return
        handler = self.handlers.get(name)
        if handler is not None:
            handler()
        elif name in PRIMITIVES:
            PRIMITIVES[name](state)
        elif name in REGISTERS or name in state.registers:
            if not read_assignment(state, name):
                keep_command(state, token)
        elif name in DEFINERS:
            if name in ("\\edef", "\\xdef"):
                self._edef()
            DEFINERS[name](state)
        elif name == "\\usebox":
            print_box(state, token)
        elif name in _PREFIXES or run_choice_command(state, name):
            return
        elif is_conditional(state, name):
            self._conditional(name)
        elif name in ("\\else", "\\or"):
            if state.open_conditions:
                state.open_conditions -= 1
                skip_branch(state, to_else=False)
        elif name == "\\fi":
            state.open_conditions = max(0, state.open_conditions - 1)
        elif name in INPUTS:
            self.inputs.read(state, name, self._plain_tokens)
        elif name in _OPENERS:
            state.open(_OPENERS[name])
        elif name in _CLOSERS:
            state.close(_CLOSERS[name])
        elif name == "\\par":
            end_paragraph(state, Token("par", "\n\n"))
        elif name in FALLBACKS and token.kind == "command" and not state.math:
            state.count_expansion(name)
            FALLBACKS[name](state)
        else:
            keep_command(state, token)

    def _verbatim(self, token: Token) -> None:
        is_block, content = verbatim_content(token.text)
        if token.text.startswith("{"):  # the address in \href
            self.state.out.append(Token("text", "{}"))
            return
        name = "\\VaryCode" if is_block else "\\VaryVerb"
        self.code.append(token.text if is_block else content)
        self.state.out.append(Token("primitive", name))
        self.state.out.extend(tokenize(f"{{{len(self.code) - 1}}}"))

    def _conditional(self, name: str) -> None:
        state = self.state
        inverted = name == "\\unless"
        if inverted:
            token = state.stream.next()
            name = token.text if token is not None else name
        holds = decide_condition(state, name)
        if holds is None:
            state.out.append(Token("primitive", "\\VaryUndecided", " "))
            holds = inverted
        if holds != inverted or skip_branch(state, to_else=True):
            state.open_conditions += 1

    # -- environments -------------------------------------------------------------------------

    def _begin(self) -> None:
        state = self.state
        name = state.stream.word()
        if name == "document":
            self._begin_document()
            return
        if name == "restatable" and name not in state.environments:
            begin_restatable(state)
            return
        known = state.environments.get(name)
        if known is not None:
            state.count_expansion(f"\\begin{{{name}}}")
            arguments = known.begin.arguments(state.stream)
            state.open(name, substitute(known.end, arguments))
            state.stream.push(substitute(known.begin.body, arguments))
            return
        if name == "lrbox" and not self.nested:
            begin_box(state)
            return
        state.open(name)
        if name in FORMULA_MODE:
            state.math = "env"
        state.out.extend((Token("primitive", "\\begin"), Token("text", f"{{{name}}}")))

    def _end(self) -> None:
        state = self.state
        name = state.stream.word()
        if name == "document" and len(self.inputs.open_files) <= 1:
            while state.stream.next() is not None:
                pass
            return
        if name == "document":
            self.inputs.end_input(state)
            return
        if name in (*state.environments, "restatable") or any(
            scope.opener == name and scope.closing for scope in state.scopes[-1:]
        ):
            self._end_own(name)
            return
        if name == "lrbox" and state.open_boxes and not self.nested:
            end_box(state)
            return
        state.close(name)
        state.out.extend((Token("primitive", "\\end"), Token("text", f"{{{name}}}")))

    def _end_own(self, name: str) -> None:
        """Inserts the closing tokens; the group ends when they have been read."""
        state = self.state
        for scope in reversed(state.scopes):
            if scope.opener == name:
                closing, scope.closing, scope.opener = scope.closing, (), "own:" + name
                mark = (Token("primitive", "\\VaryClose"), Token("open", "{"),
                        Token("text", "own:" + name), Token("close", "}"))  # fmt: skip
                state.stream.push([*closing, *mark])
                return

    def _close_own(self) -> None:
        self.state.close(self.state.stream.word())

    def _begin_document(self) -> None:
        state = self.state
        if not self.in_document:
            self.in_document = True
            close_boxes(state)
            self.preamble, state.out = state.out, []
            state.math = ""
            state.scopes.clear()

    # -- files --------------------------------------------------------------------------------

    def _usepackage(self) -> None:
        stream = self.state.stream
        options = stream.optional()
        names = stream.word()
        stream.optional()
        self.state.out.extend(tokenize(f"\\usepackage[{plain_source(options or [])}]{{{names}}}"))
        for name in names.split(","):
            self.inputs.style(self.state, name.strip() + ".sty")

    def _documentclass(self) -> None:
        stream = self.state.stream
        options = plain_source(stream.optional() or [])
        name = stream.word()
        if not self.document_class:
            self.document_class = name
            self.state.out.extend(tokenize(f"\\documentclass[{options}]{{{name}}}"))
            self.inputs.style(self.state, name + ".cls")

    def _bib_resource(self) -> None:
        self.state.stream.optional()
        self.resources.append(self.state.stream.word())

    def _bibliography(self) -> None:
        """Reads the reference list, once; without one, the command prints nothing."""
        stream = self.state.stream
        stream.optional()
        token = stream.peek()
        names = stream.word() if token is not None and token.kind == "open" else ""
        if self.has_list or not self.in_document:
            return
        self.has_list = True
        project = self.inputs.project
        body = render(self.state.out)
        preamble = render(self.preamble)
        names = ",".join([names, *self.resources])
        source = list_source(project, self.main, names, preamble, body)
        path = bbl_file(project, self.main)
        if source:
            stream.push(tokenize(source, self.inputs.islands))
        elif path is not None:
            stream.push([Token("par", "\n\n")])
            self.inputs.open(self.state, path)

    # -- expansion primitives -----------------------------------------------------------------

    def _csname(self) -> None:
        stream = self.state.stream
        tokens: list[Token] = []
        while (token := stream.next()) is not None and token.text != "\\endcsname":
            tokens.append(token)
            if len(tokens) > _MAX_NAME_TOKENS:
                return
        name = "\\" + self._plain_tokens(tokens)
        stream.push([Token("command", name)])

    def _expandafter(self) -> None:
        stream = self.state.stream
        first = stream.next()
        second = stream.next()
        if first is None:
            return
        if second is not None:
            macro = self.state.macros.get(second.text) if second.kind == "command" else None
            if second.text == "\\csname":
                self._csname()
            elif second.text == "\\expandafter" and self.nested < _MAX_EXPANDAFTER:
                self.nested += 1
                self._expandafter()
                self.nested -= 1
            elif macro is not None:
                self.state.count_expansion(second.text)
                stream.push(macro.expand(stream))
            elif second.text == "\\string" and (printed := printed_name(stream)) is not None:
                stream.push(printed)
            else:
                stream.unread(second)
        stream.push([first])

    def _edef(self) -> None:
        """Expands the body that a following `\\edef` will read."""
        stream = self.state.stream
        head: list[Token] = []
        while (token := stream.peek()) is not None and token.kind not in ("open", "par"):
            head.append(token)
            stream.next()
        body = self._expanded(stream.argument())
        stream.push([*head, Token("open", "{"), *body, Token("close", "}")])

    def _expanded(self, tokens: list[Token]) -> list[Token]:
        """Tokens with the macros in them expanded, outside the document's flow."""
        state = self.state
        if self.nested > _MAX_NESTED_EXPANSION:
            raise DocumentRejected("definitions nest without end", "", "loop")
        self.nested += 1
        outer_stream, outer_out, math = state.stream, state.out, state.math
        state.stream, state.out = TokenStream(tokens, outer_stream.budget), []
        depth = len(state.scopes)
        self._loop_tokens()
        result = state.out
        del state.scopes[depth:]
        outer_stream.budget = state.stream.budget
        state.stream, state.out, state.math = outer_stream, outer_out, math
        self.nested -= 1
        return result

    def _plain_tokens(self, tokens: list[Token]) -> str:
        if all(token.kind == "text" for token in tokens):
            return plain_source(tokens)
        return render(self._expanded(tokens)).strip()

    def _plain(self, source: str) -> str:
        return self._plain_tokens(tokenize(source)) if "\\" in source else source
