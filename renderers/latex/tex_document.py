"""The LaTeX around the blocks of a document: settings of the style, its beginning and its end."""

from __future__ import annotations

from collections.abc import Collection

from renderers.latex import color_tag
from renderers.latex.atoms import FURNITURE
from renderers.latex.faces import CHINESE_FACES
from renderers.latex.style import PageStyle
from renderers.latex.template import Template
from renderers.latex.tex_text import text

_FORGET_SIZES = "".join(
    rf"\let\{name}\relax"
    for name in (
        "small",
        "footnotesize",
        "scriptsize",
        "tiny",
        "large",
        "Large",
        "LARGE",
        "huge",
        "Huge",
    )
)
"""The size files of extsizes use `\\newcommand` for these commands, which must be undefined."""


def opening(
    template: Template, style: PageStyle, running_title: str, *, begins: bool = True
) -> str:
    """The source before the first block: settings of the style, `\\begin{document}`.

    With `begins`, also what a template has before its text.
    """
    furniture = "".join(
        rf"\expandafter\def\csname vink{n}\endcsname{{{color_tag.encode(n, style.text)}}}"
        for n in FURNITURE
    )
    paper = style.paper
    lines = [
        r"\csname endofdump\endcsname",
        rf"\makeatletter{_FORGET_SIZES}\input{{{template.size_file}{style.size}.clo}}\makeatother",
        rf"\geometry{{hmargin={style.horizontal_margin_mm}mm,vmargin={style.vertical_margin_mm}mm}}",
        rf"\linespread{{{style.line_stretch}}}",
        rf"\AtBeginDocument{{\parindent={style.indent_em}em"
        rf"\parskip={style.paragraph_skip_pt}pt plus 1pt}}",
        furniture,
        rf"\pagecolor[RGB]{{{paper[0]},{paper[1]},{paper[2]}}}" if paper else "",
        rf"\definecolor{{vaccent}}{{RGB}}{{{','.join(map(str, style.heading))}}}",
        r"\begin{document}",
        rf"\setcounter{{page}}{{{style.first_page}}}",
        rf"\pdfmapfile{{+{template.cjk}.map}}" if _has_map(template) else "",
        rf"\begin{{CJK*}}{{UTF8}}{{{template.cjk}}}" if template.cjk else "",
        rf"\def\vrunning{{{text(running_title)}}}",
        r"\vopen" if begins else "",
    ]
    return "\n".join(lines)


def quick_characters(chars: Collection[str]) -> str:
    """Declares Chinese characters of the planes 4E to 9F to `macros.tex`."""
    known = sorted(char for char in chars if "\u4e00" <= char <= "\u9fff")
    return "\n".join(rf"\vu {char}{{{ord(char) >> 8:02x}}}{{{ord(char) & 255}}}" for char in known)


def closing(template: Template) -> str:
    """The source after the last block."""
    return r"\vclose" + (r"\end{CJK*}" if template.cjk else "") + "\n\\end{document}"


def _has_map(template: Template) -> bool:
    return template.cjk in CHINESE_FACES and bool(CHINESE_FACES[template.cjk].fonts)
