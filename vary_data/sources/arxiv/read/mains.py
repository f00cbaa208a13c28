"""Find the main files among the text files of a source."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Collection

from vary_data.sources.arxiv.errors import DocumentRejected
from vary_data.sources.arxiv.read.project import Project, without_comments
from vary_data.sources.arxiv.read.reached import reached

_CLASS = re.compile(r"\\documentclass\s*(?:\[[^\]]*\])?\s*\{([^{}]*)\}")
_PLAIN = re.compile(
    r"\\(?:bye|magnification|hsize|vsize|end)\b(?!\s*\{)|\\input\s+(?:amstex|eplain)"
)
_CONTENT = re.compile(r"\\(?:part|chapter|(?:sub)*section)\s*\{|\\begin\s*\{(?!filecontents)")
"""What only the body of a document has."""
_USUAL_NAMES = ("main", "ms", "paper", "article", "manuscript", "root")
_NOT_MAIN_CLASSES = ("standalone", "subfiles", "tikzposter", "letter")


def find_mains(project: Project, where: str) -> tuple[str, ...]:
    """The main files of a source, the most likely one first.

    These are the files that arXiv's `00README` names; else every complete document that no other
    one reads.

    Raises:
        DocumentRejected: no file is a LaTeX document: `latex209`, `plain-tex` or `not-latex`.
    """
    named = _named_by_readme(project)
    if named:
        return named
    texts = [
        path
        for path in project.members.files
        if not path.lower().endswith((".sty", ".cls", ".bbl", ".bib", ".def"))
    ]
    complete: dict[str, bool] = {}
    for path in texts:
        text = without_comments(project.text(path))
        if is_main(path, text):
            complete[path] = "\\begin{document}" in text
    if not complete:
        raise _why_not_latex([project.text(path) for path in texts], where)
    inputs = {path: reached(project, path).inputs for path in complete}
    read_by_others = {name for names in inputs.values() for name in names[1:]}
    ranked = sorted(
        complete,
        key=lambda path: (
            not complete[path],
            path in read_by_others,
            path.count("/"),
            posixpath.splitext(path)[0] + ".bbl" not in project.members.files,
            posixpath.splitext(posixpath.basename(path))[0].lower() not in _USUAL_NAMES,
            -sum(len(project.members.files[name]) for name in inputs[path]),
            path,
        ),
    )
    mains = [path for path in ranked if complete[path] and path not in read_by_others]
    return tuple(mains or ranked[:1])


def is_main(path: str, text: str) -> bool:
    """Whether a file, its comments removed, is a document by its class."""
    match = _CLASS.search(text)
    if match is None or match.group(1).strip() in _NOT_MAIN_CLASSES:
        return False
    if _CONTENT.search(text, 0, match.start()):
        return False  # the class is quoted
    return path.lower().endswith((".tex", ".ltx", ".latex")) or text.lstrip().startswith("\\")


def _named_by_readme(project: Project) -> tuple[str, ...]:
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
        if found := tuple(dict.fromkeys(name for name in names if name in project.members.files)):
            return found
    return ()


def _why_not_latex(texts: Collection[str], where: str) -> DocumentRejected:
    if any("\\documentstyle" in text for text in texts):
        return DocumentRejected(f"{where}: LaTeX 2.09", "only LaTeX2e is read", "latex209")
    if any(_PLAIN.search(text) for text in texts):
        return DocumentRejected(f"{where}: plain TeX", "only LaTeX2e is read", "plain-tex")
    return DocumentRejected(
        f"{where}: no file with \\documentclass", "a LaTeX document is needed", "not-latex"
    )
