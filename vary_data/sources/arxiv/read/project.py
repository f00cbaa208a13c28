"""The text files of one source: find the main file and resolve the names in `\\input`."""

from __future__ import annotations

import json
import posixpath
import re
from dataclasses import dataclass, field

from vary_data.sources.arxiv.errors import DocumentRejected
from vary_data.sources.arxiv.read.archive import Members
from vary_data.sources.arxiv.read.decode import decode

_COMMENT = re.compile(r"(?<!\\)((?:\\\\)*)%[^\n]*")
_CLASS = re.compile(r"\\documentclass\s*(?:\[[^\]]*\])?\s*\{([^{}]*)\}")
_INPUT = re.compile(r"\\(?:input|include|subfile)\s*\{([^{}]*)\}")
_PLAIN = re.compile(
    r"\\(?:bye|magnification|hsize|vsize|end)\b(?!\s*\{)|\\input\s+(?:amstex|eplain)"
)
_USUAL_NAMES = ("main", "ms", "paper", "article", "manuscript", "root")
_NOT_MAIN_CLASSES = ("standalone", "subfiles", "tikzposter", "letter")


@dataclass(slots=True)
class Project:
    """Text files by their path; decoded when first asked for."""

    members: Members
    _texts: dict[str, str] = field(default_factory=dict)

    def text(self, path: str) -> str:
        if path not in self._texts:
            self._texts[path] = decode(self.members.files[path])
        return self._texts[path]

    def resolve(self, name: str, folders: tuple[str, ...], suffix: str = ".tex") -> str | None:
        """The path of a file name, searched in folders inside the source only.

        Raises:
            PermissionError: a name that points outside.
        """
        name = name.strip().strip('"').replace("\\", "/")
        if posixpath.isabs(name) or name.startswith("~") or "|" in name or "\0" in name:
            raise PermissionError(name)
        outside = True
        for folder in folders:
            path = posixpath.normpath(posixpath.join(folder, name))
            if path.startswith(".."):
                continue
            outside = False
            for candidate in (path + suffix, path):
                if candidate in self.members.files:
                    return candidate
        if outside:
            raise PermissionError(name)
        return None


def find_main(project: Project, where: str) -> str:
    """The path of the main file.

    Raises:
        DocumentRejected: no file is a LaTeX document: `latex209`, `plain-tex` or `not-latex`.
    """
    named = _named_by_readme(project)
    if named:
        return named
    stripped = {
        path: _COMMENT.sub(r"\1", project.text(path))
        for path in project.members.files
        if not path.lower().endswith((".sty", ".cls", ".bbl", ".bib", ".def"))
    }
    candidates: list[str] = []
    for path, text in stripped.items():
        match = _CLASS.search(text)
        if match and match.group(1).strip() not in _NOT_MAIN_CLASSES and path_is_source(path, text):
            candidates.append(path)
    if not candidates:
        raise _why_not_latex(stripped, where)
    read_by_others = {
        posixpath.splitext(posixpath.basename(name))[0]
        for path, text in stripped.items()
        for name in _INPUT.findall(text)
        if posixpath.basename(name) != posixpath.basename(path)
    }
    return min(candidates, key=lambda path: _rank(path, stripped, read_by_others, project))


def path_is_source(path: str, text: str) -> bool:
    """Whether a file with a `\\documentclass` is TeX and not prose that quotes it."""
    return path.lower().endswith((".tex", ".ltx", ".latex")) or text.lstrip().startswith("\\")


def _rank(
    path: str, texts: dict[str, str], read_by_others: set[str], project: Project
) -> tuple[bool, bool, int, bool, bool, int, str]:
    """Smaller is more likely the main file."""
    stem = posixpath.splitext(posixpath.basename(path))[0]
    text = texts[path]
    size = len(text) + sum(
        len(content)
        for name in set(_INPUT.findall(text))
        for other, content in texts.items()
        if posixpath.splitext(other)[0].endswith(posixpath.splitext(name.strip())[0])
    )
    return (
        "\\begin{document}" not in text,
        stem in read_by_others,
        path.count("/"),
        posixpath.splitext(path)[0] + ".bbl" not in project.members.files,
        stem.lower() not in _USUAL_NAMES,
        -size,
        path,
    )


def _named_by_readme(project: Project) -> str | None:
    for path in project.members.files:
        if not posixpath.basename(path).lower().startswith("00readme"):
            continue
        text = project.text(path)
        if path.endswith(".json"):
            try:
                sources = json.loads(text).get("sources", [])
            except (ValueError, AttributeError):
                continue
            names = [
                str(entry.get("filename"))
                for entry in sources
                if isinstance(entry, dict) and entry.get("usage") == "toplevel"
            ]
        else:
            names = re.findall(r"^\s*(\S+)\s+toplevelfile\s*$", text, re.MULTILINE)
        for name in names:
            if name in project.members.files:
                return name
    return None


def _why_not_latex(texts: dict[str, str], where: str) -> DocumentRejected:
    if any("\\documentstyle" in text for text in texts.values()):
        return DocumentRejected(f"{where}: LaTeX 2.09", "only LaTeX2e is read", "latex209")
    if any(_PLAIN.search(text) for text in texts.values()):
        return DocumentRejected(f"{where}: plain TeX", "only LaTeX2e is read", "plain-tex")
    return DocumentRejected(
        f"{where}: no file with \\documentclass", "a LaTeX document is needed", "not-latex"
    )
