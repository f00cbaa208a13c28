"""Checks pdflatex, the LaTeX packages that the templates load, and the Chinese fonts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import resources, util
from pathlib import PurePath

from vary_data.quality.doctor.check import MachineCheck, answer, first_line

GROUP = "LaTeX"
NEEDED_BY = "latex"
DEBIAN_PACKAGES = {
    "amsmath.sty": "texlive-latex-base",
    "amssymb.sty": "texlive-latex-base",
    "fontenc.sty": "texlive-latex-base",
    "geometry.sty": "texlive-latex-base",
    "graphicx.sty": "texlive-latex-base",
    "inputenc.sty": "texlive-latex-base",
    "mathrsfs.sty": "texlive-latex-base",
    "textcomp.sty": "texlive-latex-base",
    "xcolor.sty": "texlive-latex-recommended",
    "lmodern.sty": "lmodern",
    "tgtermes.sty": "tex-gyre",
    "CJKutf8.sty": "texlive-lang-chinese",
    "c70gbsn.fd": "latex-cjk-chinese-arphic-gbsn00lp",
    "c70gkai.fd": "latex-cjk-chinese-arphic-gkai00mp",
}
"""The Debian packages of files that no template names, and of the most common ones that do."""
ALWAYS_NEEDED = ("amsmath.sty", "amssymb.sty", "multirow.sty", "mylatexformat.ltx")
CHINESE = ("CJKutf8.sty", "c70gbsn.fd", "c70gkai.fd")
DEFAULT_PACKAGE = "texlive-latex-extra"
LOADED_PACKAGES = re.compile(r"\\(?:usepackage|RequirePackage)(?:\[[^]]*\])?\{([^}]*)\}")


def tex() -> Iterator[MachineCheck]:
    """pdflatex, the style files of the templates, and what Chinese needs."""
    version = first_line(answer(["pdflatex", "--version"]))
    if not version:
        wanted = ("texlive-latex-base", "texlive-latex-recommended", DEFAULT_PACKAGE)
        yield MachineCheck(GROUP, "pdflatex", "missing", "", NEEDED_BY, packages=wanted)
        return
    yield MachineCheck(GROUP, "pdflatex", "ok", version, NEEDED_BY)
    styles = sorted({*ALWAYS_NEEDED, *template_styles()})
    yield _files("styles", styles)
    yield _files("Chinese", list(CHINESE))


def template_styles() -> set[str]:
    """The style files that the templates load; empty if the templates are not installed."""
    spec = util.find_spec("latex_templates")
    if spec is None or spec.origin is None:  # an empty folder is a namespace package
        return set()
    sources = (
        item.read_text(encoding="utf-8")
        for item in resources.files("latex_templates").iterdir()
        if item.name.endswith(".tex")
    )
    names = (names for source in sources for names in LOADED_PACKAGES.findall(source))
    return {f"{name.strip()}.sty" for group in names for name in group.split(",") if name.strip()}


def _files(name: str, wanted: list[str]) -> MachineCheck:
    """Check all files with one run of kpsewhich, which prints the paths of the files it finds."""
    found = {PurePath(line).name for line in (answer(["kpsewhich", *wanted]) or "").splitlines()}
    missing = [file for file in wanted if file not in found]
    if not missing:
        return MachineCheck(GROUP, name, "ok", f"all {len(wanted)} files", NEEDED_BY)
    debian = tuple(dict.fromkeys(DEBIAN_PACKAGES.get(file, DEFAULT_PACKAGE) for file in missing))
    return MachineCheck(GROUP, name, "missing", ", ".join(missing), NEEDED_BY, packages=debian)
