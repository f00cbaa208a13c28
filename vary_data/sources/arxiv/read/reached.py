"""Which files of a source its main file reads, by the names in their commands.

Names that macros build are not seen here; the expander resolves them when it runs.
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass

from vary_data.sources.arxiv.read.project import Project, without_comments

_GRAPHICS = ("", ".pdf", ".png", ".jpg", ".jpeg", ".eps", ".ps")
_SUFFIXES = {
    "input": (".tex", ""), "include": (".tex",), "subfile": (".tex", ""),
    "subfileinclude": (".tex", ""), "InputIfFileExists": (".tex", ""),
    "bibliography": (".bib",), "addbibresource": ("", ".bib"),
    "usepackage": (".sty",), "RequirePackage": (".sty",),
    "documentclass": (".cls",), "LoadClass": (".cls",),
    "includegraphics": _GRAPHICS, "lstinputlisting": ("",), "verbatiminput": ("",),
}  # fmt: skip
"""What TeX appends to the names that a command reads, in the order of its attempts."""
_NAMES = re.compile(
    rf"\\(?P<command>{'|'.join(_SUFFIXES)})(?![A-Za-z@])\*?\s*(?:\[[^\]]*\]\s*)?"
    r"(?:\{(?P<names>[^{}]*)\}|(?P<bare>[^\s{}\\%\[\]]+))"
    r"|\\(?:sub)?import\*?\s*\{(?P<folder>[^{}]*)\}\s*\{(?P<imported>[^{}]*)\}"
)
_GRAPHICS_PATH = re.compile(r"\\graphicspath\s*\{((?:\s*\{[^{}]*\}\s*)+)\}")
_TEXT = (".tex", ".ltx", ".latex", ".txt", ".sty", ".cls", "")
_MAX_FILES = 2_000


@dataclass(frozen=True, slots=True)
class Reached:
    """`inputs` are the main file and what it reads as text of the document; `others` the rest."""

    inputs: tuple[str, ...]
    others: tuple[str, ...]

    @property
    def files(self) -> tuple[str, ...]:
        return (*self.inputs, *self.others)


def reached(project: Project, main: str) -> Reached:
    """The main file and everything that is read from it, directly or not."""
    inputs: dict[str, None] = {main: None}
    others: dict[str, None] = {}
    bibliography = posixpath.splitext(main)[0] + ".bbl"
    if bibliography in project.members.files:
        others[bibliography] = None
    waiting = [main]
    while waiting and len(inputs) + len(others) < _MAX_FILES:
        path = waiting.pop()
        folders = tuple(dict.fromkeys((posixpath.dirname(path), posixpath.dirname(main), "")))
        for command, name, base in _names(without_comments(project.text(path))):
            found = _resolve(project, name, base, folders, _SUFFIXES[command])
            if found is None or found in inputs or found in others:
                continue
            is_text = posixpath.splitext(found)[1].lower() in _TEXT
            if _SUFFIXES[command][0] == ".tex" and is_text:
                inputs[found] = None
            else:
                others[found] = None
            if is_text and command != "lstinputlisting" and command != "verbatiminput":
                waiting.append(found)
    return Reached(tuple(inputs), tuple(others))


def _names(text: str) -> list[tuple[str, str, str]]:
    """(command, name, folder) of each file that a text names."""
    graphics = [""]
    for match in _GRAPHICS_PATH.finditer(text):
        graphics += re.findall(r"\{([^{}]*)\}", match.group(1))
    found = []
    for match in _NAMES.finditer(text):
        if match["imported"] is not None:
            found.append(("input", match["imported"], match["folder"]))
            continue
        command = match["command"]
        folders = graphics if command == "includegraphics" else [""]
        names = (match["names"] or match["bare"] or "").split(",")
        found += [(command, name.strip(), folder) for name in names for folder in folders]
    return found


def _resolve(
    project: Project, name: str, base: str, folders: tuple[str, ...], suffixes: tuple[str, ...]
) -> str | None:
    for suffix in suffixes:
        try:
            found = project.resolve(posixpath.join(base, name), folders, suffix, exact=True)
        except PermissionError:
            return None
        if found is not None:
            return found
    return None
