"""Write blocks as LaTeX for a template.

No line of the source has parts of two blocks, so that the line of an error identifies the block.
Each atom has a color tag (`color_tag.py`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from renderers.figures.image import FigureImage
from renderers.latex import color_tag, figures, programs, table_latex
from renderers.latex.atoms import Atom, Path, atoms
from renderers.latex.blocks import (
    LINE_BREAK,
    Block,
    Figure,
    Footnote,
    Formula,
    Heading,
    Inline,
    ListBlock,
    Paragraph,
    Program,
    Span,
    Table,
    Text,
)
from renderers.latex.characters import CJK_PUNCTUATION
from renderers.latex.color_tag import Color
from renderers.latex.style import PageStyle
from renderers.latex.template import Template
from renderers.latex.tex_document import closing, opening, quick_characters
from renderers.latex.tex_text import breakable, needs_gap, text, underlined


@dataclass(frozen=True, slots=True)
class TexSource:
    """A LaTeX file, the atoms in it, and the block that each of its lines belongs to."""

    text: str
    atoms: tuple[Atom, ...]
    block_of_line: tuple[int | None, ...]
    """Index of line n at n - 1."""


def write(
    blocks: Sequence[Block | None],
    template: Template,
    style: PageStyle,
    running_title: str = "",
    relaxed: Collection[int] = (),
    unbroken: Collection[Path] = (),
    pictures: Mapping[str, FigureImage] = MappingProxyType({}),
) -> TexSource:
    """LaTeX of prepared blocks; None for a block that was dropped.

    The header prints `running_title`. `relaxed` are blocks in smaller type or with looser lines,
    `unbroken` inline formulas, by their path among all blocks, without line breaks. `pictures`
    are the files that TeX finds.
    """
    kept = [block for block in blocks if block is not None]
    origin = [i for i, block in enumerate(blocks) if block is not None]
    found = atoms(kept)
    unbroken_kept = frozenset(
        (i, *path[1:]) for i, o in enumerate(origin) for path in unbroken if path[0] == o
    )
    names = {id(image): name for name, image in pictures.items()}
    writer = _LatexWriter(found, style, template, unbroken_kept, names)
    lines: list[tuple[str, int | None]] = []

    def add(text: str, block: int | None = None) -> None:
        lines.extend((line, block) for line in text.split("\n"))

    wide = _wide_beginning(kept, style)
    add(opening(template, style, running_title, begins=not wide))
    if template.cjk:
        add(quick_characters({*running_title, *(char for atom in found for char in atom.text)}))
    if wide:
        add(r"\begin{vfront}")
    for i, block in enumerate(kept):
        if wide and i == wide:
            add(r"\end{vfront}\vopen")
        separation = writer.separation(kept[i - 1] if i else None, block)
        add(separation, origin[i - 1] if i else None)
        body = writer.block(block, (i,))
        add(_relaxed(block, body) if origin[i] in relaxed else body, origin[i])
    add(r"\par", origin[-1] if origin else None)
    if wide == len(kept):
        add(r"\end{vfront}\vopen")
    add(closing(template))
    return TexSource(
        "\n".join(line for line, _ in lines) + "\n",
        found,
        tuple(block for _, block in lines),
    )


def _wide_beginning(blocks: Sequence[Block], style: PageStyle) -> int:
    """How many blocks at the beginning span all columns: the title with its authors, the abstract.

    A footnote needs the column that it is in.
    """
    if not style.wide or not blocks or not (isinstance(blocks[0], Heading)):
        return 0
    if blocks[0].level != 0:
        return 0
    end = 1
    roles = {"author", "affiliation"}
    if style.wide == "abstract":
        roles |= {"abstract", "keywords"}
    while end < len(blocks):
        block, after = blocks[end], blocks[end + 1] if end + 1 < len(blocks) else None
        opens = isinstance(block, Heading) and isinstance(after, Paragraph)
        if not (isinstance(block, Paragraph) and block.role in roles) and not (
            opens
            and isinstance(after, Paragraph)
            and after.role == "abstract"
            and after.role in roles
        ):
            break
        end += 1
    front = [block for block in blocks[:end] if isinstance(block, Heading | Paragraph)]
    notes = any(isinstance(span, Footnote) for block in front for span in block.spans)
    return 0 if notes else end


def _relaxed(block: Block, body: str) -> str:
    if isinstance(block, Formula):
        return rf"\begingroup\footnotesize{body}" + "\n\\endgroup"
    if body.endswith(_END_OF_GROUP):
        return body.removesuffix(_END_OF_GROUP) + rf"\vease{_END_OF_GROUP}"
    return rf"{body}\vease"


_END_OF_GROUP = r"\par}"


class _LatexWriter:
    def __init__(
        self,
        found: Sequence[Atom],
        style: PageStyle,
        template: Template,
        unbroken: frozenset[Path],
        pictures: Mapping[int, str],
    ) -> None:
        self._pictures = pictures
        self._numbers = {atom.path: atom.number for atom in found}
        self._unbroken = unbroken
        self._style = style
        self._template = template
        self._notes = 0

    def separation(self, before: Block | None, block: Block) -> str:
        """The source between two blocks: formulas and text after them may continue a paragraph."""
        if isinstance(before, Paragraph | Formula) and isinstance(block, Formula):
            return "%"
        if isinstance(before, Formula) and isinstance(block, Paragraph) and _runs_on(block):
            return "%"
        return r"\par"

    def block(self, block: Block, path: Path) -> str:
        if isinstance(block, Heading):
            words = self.spans(block.spans, path, heading=True)
            return rf"\vheading{_LEVELS[block.level]}{{{words}}}"
        if isinstance(block, Paragraph):
            return self._paragraph(block, path)
        if isinstance(block, Formula):
            return self._formula(block, path)
        if isinstance(block, Table):
            return self._table(block, path)
        if isinstance(block, Figure):
            inner = figures.latex(block, path, self, self._pictures)
            return self._float(inner, block.floating, block.wide)
        if isinstance(block, Program):
            if block.kind == "algorithm":
                return self._float(programs.algorithm_latex(block, path, self), floating=True)
            return programs.code_latex(block, path, self)
        if isinstance(block, ListBlock):
            return self._list(block, path)
        raise TypeError(type(block).__name__)

    def _paragraph(self, block: Paragraph, path: Path) -> str:
        spans = self.spans(block.spans, path)
        if block.ends_proof:
            end = len(block.spans) - 1
            before = self.spans(block.spans[:-1], path)
            spans = before + r"\vqed{}" + self._span(block.spans[-1], (*path, end), heading=False)
        if block.role != "paragraph":
            return rf"{{\v{block.role}\leavevmode {spans}{_END_OF_GROUP}"
        if block.ends_proof:
            return rf"{{\leavevmode {spans}{_END_OF_GROUP}"
        return r"\leavevmode " + spans

    def code(self, plain: str, path: Path) -> str:
        """Text in typewriter with all of its spaces."""
        content = text(plain).replace(" ", r"\ ")
        return self._tagged(path, rf"\texttt{{{content}}}")

    def _tagged(
        self, path: Path, content: str, heading: bool = False, own: Color | None = None
    ) -> str:
        number = self._numbers.get(path)
        if number is None:
            return content
        color = own or (self._style.heading if heading else self._style.text)
        return rf"\vi{{{color_tag.encode(number, color)}}}{content}\vo{{}}"

    def spans(self, spans: Sequence[Span], path: Path, heading: bool = False) -> str:
        out: list[str] = []
        for i, span in enumerate(spans):
            if i and needs_gap(_edge(spans[i - 1], -1), _edge(span, 0)):
                out.append(r"\cj{}")
            out.append(self._span(span, (*path, i), heading))
        return "".join(out)

    def _span(self, span: Span, path: Path, heading: bool) -> str:
        if isinstance(span, Inline):
            breaks = r"\vwhole " if path in self._unbroken else ""
            return f"${breaks}{self._tagged(path, span.latex.strip(), heading)}$"
        if isinstance(span, Footnote):
            self._notes += 1
            raised = rf"\textsuperscript{{{self._notes}}}"
            mark = self._tagged((*path, "mark"), raised, heading)
            foot = self._tagged((*path, "foot"), raised)
            return rf"{mark}\vnote{{{foot}}}{{{self.spans(span.spans, (*path, 'note'))}}}"
        if span.text == LINE_BREAK:
            return r"\\"
        content = underlined(span.text) if span.underline else text(span.text)
        if span.mono:
            content = rf"\texttt{{{breakable(span.text)}}}"
        if span.italic:
            content = rf"\textit{{{content}}}"
        if span.bold:
            content = rf"\textbf{{{content}}}"
        return self._tagged(path, content, heading, span.color)

    def _formula(self, block: Formula, path: Path) -> str:
        rows = []
        for i, (row, tag) in enumerate(zip(block.rows, block.tags, strict=True)):
            tagged = self._tagged((*path, "tag", i), text(f"({tag})")) if tag else ""
            rows.append(
                self._tagged((*path, "row", i), row.strip())
                + (rf"\tag*{{{tagged}}}" if tagged else "")
            )
        name = f"{block.environment}*"
        body = "\\\\\n".join(rows)
        if self._template.columns > 1:
            inner = r" \\ ".join(row.strip() for row in block.rows)
            return rf"\vdisplay{{{name}}}{{{body}}}{{{_INNER[block.environment]}}}{{{inner}}}"
        return f"\\begin{{{name}}}\n{body}\n\\end{{{name}}}"

    def _table(self, table: Table, path: Path) -> str:
        number = self._tagged((*path, "number"), text(table.number)) if table.number else ""
        caption = self.spans(table.caption, (*path, "caption"))
        body = table_latex.latex(table, path, self, self._style.table_rules == "booktabs")
        caption = rf"\vcaption{{{number}}}{{{caption}}}" if number or caption else ""
        drawn = rf"\vtable{{{figures.path_key(path)}}}{{%" + f"\n{body}}}%"
        parts = [caption, drawn] if self._style.caption_above else [drawn, caption]
        inner = "\n".join(part for part in parts if part)
        return self._float(inner, table.floating, table.wide)

    def _float(self, inner: str, floating: bool, wide: bool = False) -> str:
        name = "vplaced"
        if floating and self._template.floats:
            name = "vwide" if wide and self._template.columns > 1 else "vfloat"
        return f"\\begin{{{name}}}\n{inner}\n\\end{{{name}}}"

    def _list(self, block: ListBlock, path: Path) -> str:
        lines = [r"\begin{vlist}"]
        for i, item in enumerate(block.items):
            label = text(block.labels[i])
            lines.append(rf"\item[{{{self._tagged((*path, 'label', i), label)}}}]")
            before: Block | None = None
            for j, inner in enumerate(item):
                if before is not None:
                    lines.append(self.separation(before, inner))
                lines.append(self.block(inner, (*path, "item", i, j)))
                before = inner
        return "\n".join([*lines, r"\end{vlist}"])


_LEVELS = "ABCDEF"
_INNER = {"equation": "vsingle", "align": "aligned", "gather": "gathered", "multline": "gathered"}
"""Environments with the width of a display that may be in a box."""


def _edge(span: Span, end: int) -> str:
    """The first or last letter of a span; a formula counts as a Latin letter."""
    if isinstance(span, Text):
        return span.text[end] if span.text else " "
    return "x" if isinstance(span, Inline) else " "


def _runs_on(block: Paragraph) -> bool:
    first = block.spans[0] if block.spans else None
    if not isinstance(first, Text):
        return False
    return first.text[:1].islower() or first.text[:1] in CJK_PUNCTUATION
