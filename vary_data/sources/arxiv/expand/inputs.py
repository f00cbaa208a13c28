"""Files that the expander opens: inputs, and style files next to the document."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable

from vary_data.sources.arxiv.errors import DocumentRejected
from vary_data.sources.arxiv.expand.definitions import DEFINERS
from vary_data.sources.arxiv.expand.state import State
from vary_data.sources.arxiv.expand.stream import TokenStream
from vary_data.sources.arxiv.expand.tokens import Islands, Token, tokenize
from vary_data.sources.arxiv.read.project import Project
from vary_data.sources.arxiv.vocabulary import formula_commands, text_commands

END_OF_FILE = "\\VaryEndOfFile"
_NEW_ISLAND = re.compile(
    r"\\(?:lstnewenvironment|DefineVerbatimEnvironment|RecustomVerbatimEnvironment)\s*\{(\w+\*?)\}"
    r"|\\newminted\s*(?:\[(?P<minted>\w+)\])?\s*\{(?P<language>\w+)\}"
)
_INLINE_ALIAS = re.compile(
    r"\\(?:newcommand|def)\s*\{?\\([A-Za-z]+)\}?\s*"
    r"\{\s*\\(?:mintinline\s*(?:\[[^\]]*\])?\s*\{\w+\}|lstinline\s*(?:\[[^\]]*\])?)\s*\}"
)
_VERB_ALIAS = re.compile(r"\\let\s*\\([A-Za-z]+)\s*=?\s*\\(?:verb|lstinline)(?![A-Za-z@])")
_EXAMPLE = re.compile(
    r"\\(?:newtcblisting|DeclareTCBListing|NewTCBListing)\s*(?:\[[^\[\]]*\]\s*)?\{(\w+\*?)\}"
    r"|\\(?:newenvironment|NewDocumentEnvironment)\s*\{(\w+\*?)\}"
    r"(?:(?!\\newenvironment|\\NewDocument|\n\s*\n)[\s\S]){1,400}?"
    r"(?:\\VerbatimEnvironment(?![A-Za-z])|\\begin\s*\{(?:VerbatimOut|verbatimwrite)\})"
)
"""Environments whose content is written to a file and shown, as code and as what it prints."""
_EXCLUDED = re.compile(r"\\excludecomment\s*\{(\w+)\}")
INPUTS = frozenset(
    {
        "\\input", "\\include", "\\subfile", "\\InputIfFileExists", "\\import", "\\subimport",
        "\\subfileinclude", "\\@input",
    }
)  # fmt: skip


class Inputs:
    """Opens files of one project for one expander.

    `rejected` collects (reason, name) of inputs that are missing or point outside.
    """

    def __init__(self, project: Project, main: str) -> None:
        self.project = project
        self.main = main
        self.islands = _islands(project)
        self.rejected: list[tuple[str, str]] = []
        self.open_files: list[str] = []
        self.opened = 0
        self.styles: set[str] = set()

    def open(self, state: State, path: str) -> None:
        """Puts a file's tokens before all others.

        Raises:
            DocumentRejected: `loop`, a file that reads itself, or too many files.
        """
        limits = state.limits
        self.opened += 1
        if path in self.open_files or len(self.open_files) >= limits.input_depth:
            raise DocumentRejected(f"{path}: \\input reads itself", "", "loop")
        if self.opened > limits.inputs:
            raise DocumentRejected(f"more than {limits.inputs} files are read", "", "loop")
        text = self.project.text(path)
        if self.open_files and "\\begin{document}" in text:
            text = text.split("\\begin{document}", 1)[1]
        tokens = tokenize(text, self.islands, path.endswith((".sty", ".cls")))
        state.stream.push([*tokens, Token("primitive", END_OF_FILE)])
        self.open_files.append(path)

    def ended(self, state: State) -> None:
        """Called when the mark after a file's tokens was read."""
        if self.open_files:
            self.open_files.pop()

    def end_input(self, state: State) -> None:
        """`\\endinput`: the rest of the file is dropped."""
        stream = state.stream
        while (token := stream.next()) is not None and token.text != END_OF_FILE:
            pass
        self.ended(state)

    def read(self, state: State, name: str, plain: Callable[[list[Token]], str]) -> None:
        """Runs `\\input` or a similar command; `plain` expands the file name in it."""
        stream = state.stream
        folders = ["", posixpath.dirname(self.main)]
        if self.open_files:
            folders.append(posixpath.dirname(self.open_files[-1]))
        if name in ("\\import", "\\subimport"):
            stream.star()
            folder = stream.word()
            folders = [posixpath.join(base, folder) for base in folders]
        stream.skip_spaces()
        token = stream.peek()
        if token is not None and token.kind == "text":  # \input file
            target = ""
            while (piece := stream.peek()) is not None and piece.kind == "text":
                target += piece.text
                stream.next()
        else:
            target = plain(stream.argument())
        branches = (stream.argument(), stream.argument()) if "IfFile" in name else ([], [])
        try:
            path = self.project.resolve(target, tuple(dict.fromkeys(folders[::-1])))
        except PermissionError:
            self.rejected.append(("refused-input", target[:80]))
            return
        if path is None:
            if "IfFile" not in name and name != "\\@input":
                self.rejected.append(("missing-input", target[:80]))
            stream.push(branches[1])
            return
        stream.push(branches[0])
        own_page = name in ("\\include", "\\subfileinclude")
        if own_page:
            stream.push([Token("par", "\n\n")])
        self.open(state, path)
        if own_page:
            stream.push([Token("par", "\n\n")])

    def style(self, state: State, name: str) -> None:
        """Takes the simple definitions of a style file that came with the document.

        Style files are programs. Definitions that replace a known command, or use internal
        commands (`@`), are ignored; the author's abbreviations remain.
        """
        folders = ("", posixpath.dirname(self.main))
        try:
            path = self.project.resolve(name, folders, suffix="")
        except PermissionError:
            return
        if path is None or path in self.styles:
            return
        self.styles.add(path)
        other = State(TokenStream([], state.stream.budget), state.limits)
        other.stream.push(tokenize(self.project.text(path), self.islands, at_letter=True))
        while (token := other.stream.next()) is not None:
            if token.kind == "command" and token.text in DEFINERS:
                DEFINERS[token.text](other)
            elif token.text in ("\\usepackage", "\\RequirePackage"):
                other.stream.optional()
                for inner in other.stream.word().split(","):
                    if inner.strip() + ".sty" != name:
                        self.style(state, inner.strip() + ".sty")
        state.stream.budget = other.stream.budget
        for command, macro in other.macros.items():
            simple = not any("@" in part.text for part in (Token("command", command), *macro.body)
                             if part.kind == "command")  # fmt: skip
            if simple and command[1:] not in text_commands.FIXED | formula_commands.FIXED:
                state.macros.setdefault(command, macro)
        for letter, specification in other.columns.items():
            state.columns.setdefault(letter, specification)
        for theorem, meaning in other.theorems.items():
            state.theorems.setdefault(theorem, meaning)


def _islands(project: Project) -> Islands:
    islands = Islands()
    for path in project.members.files:
        if path.endswith((".bib", ".bbl")):
            continue
        text = project.text(path)
        for match in _NEW_ISLAND.finditer(text):
            name = match[1] or match["minted"] or f"{match['language']}code"
            islands.environments.add(name)
        islands.commands.update(match.group(1) for match in _INLINE_ALIAS.finditer(text))
        examples = {match[1] or match[2] for match in _EXAMPLE.finditer(text)}
        islands.examples |= examples
        islands.environments |= examples
        islands.commands.update(match.group(1) for match in _VERB_ALIAS.finditer(text))
        for match in _EXCLUDED.finditer(text):
            islands.environments.add(match.group(1))
            islands.comments.add(match.group(1))
    return islands
