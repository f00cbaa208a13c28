"""Render a document in one template: prepare, typeset, verify."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from renderers.latex import check, coverage
from renderers.latex.atoms import atoms, lookup
from renderers.latex.blocks import Block, Document, Figure, Formula, Heading, Text
from renderers.latex.characters import CJK
from renderers.latex.coverage import GlyphCoverage
from renderers.latex.engine import TexEngine
from renderers.latex.pages import PartRejection, VerifiedPage, verified_pages
from renderers.latex.prepare import prepare
from renderers.latex.style import PageStyle
from renderers.latex.template import Template
from renderers.latex.typeset import typeset
from renderers.picture import garbage_collection_paused

MAX_RUNNING_TITLE = 60
"""Characters of the title that a header prints at most."""


@dataclass(frozen=True)
class LatexRenderer:
    """Renders documents; keeps the glyph coverage of the templates that it used."""

    engine: TexEngine
    _coverages: dict[str, GlyphCoverage] = field(default_factory=dict, repr=False)

    def coverage(self, template: Template) -> GlyphCoverage:
        """Which characters a template prints; creates its format and fonts if needed.

        Raises:
            EngineMissing: TeX or a font is not installed.
            FormatFailed: TeX reports an error in the template's preamble.
        """
        if template.name not in self._coverages:
            self._coverages[template.name] = coverage.measure(self.engine, template)
        return self._coverages[template.name]

    def printable_share(self, document: Document, template: Template) -> float:
        """The share of a document's blocks for which a template has all glyphs."""
        style = PageStyle(template.sizes[0], template.margins[0][0], template.margins[1][0])
        blocks = prepare(document, style)
        return 1 - len(self.coverage(template).missing(blocks)) / max(len(blocks), 1)

    def pages(
        self,
        document: Document,
        template: Template,
        style: PageStyle,
        long_side: int = 1280,
        figure_marks: bool = False,
    ) -> Iterator[VerifiedPage | PartRejection]:
        """Every page of a document in one template, and every block that is on no page.

        With `figure_marks`, `![](figure)` is in the Markdown where a figure is.

        Blocks are rejected before TeX runs for a character without a glyph (`glyph`), an invalid
        formula (`formula`) or nothing to print (`empty`); otherwise as in `typeset`.

        Raises:
            Rejected: TeX cannot typeset the document.
        """
        with garbage_collection_paused():
            yield from self._pages(document, template, style, long_side, figure_marks)

    def _pages(
        self,
        document: Document,
        template: Template,
        style: PageStyle,
        long_side: int,
        figure_marks: bool,
    ) -> Iterator[VerifiedPage | PartRejection]:
        blocks = prepare(document, style)
        bad = dict(self._unprintable(blocks, template))
        yield from (
            PartRejection("block", i, reason, detail) for i, (reason, detail) in bad.items()
        )
        sound = [(i, block) for i, block in enumerate(blocks) if i not in bad]
        if not sound:
            return
        running_title = self._running_title(document, template)
        with tempfile.TemporaryDirectory(prefix="latex-") as folder:
            typeset_document = typeset(
                self.engine, template, [b for _, b in sound], style, Path(folder), running_title
            )
            for i, problem in typeset_document.dropped.items():
                yield PartRejection("block", sound[i][0], problem.reason, problem.detail)
            formulas = self.coverage(template).formulas
            kept = [i for k, (i, _) in enumerate(sound) if k not in typeset_document.dropped]
            for part in verified_pages(typeset_document, style, formulas, long_side, figure_marks):
                if isinstance(part, VerifiedPage):
                    part = replace(part, places=tuple(kept[place] for place in part.places))
                yield part

    def _unprintable(
        self, blocks: Sequence[Block], template: Template
    ) -> Iterator[tuple[int, tuple[str, str]]]:
        lacking = self.coverage(template).missing(blocks)
        for i, block in enumerate(blocks):
            if i in lacking:
                yield i, ("glyph", _named(lacking[i]))
            elif wrong := _block_problem(block):
                yield i, wrong

    def _running_title(self, document: Document, template: Template) -> str:
        """The beginning of the title, or of the first heading that a header can print."""
        for block in document.blocks:
            if isinstance(block, Heading):
                words = "".join(s.text for s in block.spans if isinstance(s, Text)).split()
                text = " ".join(words)
                short = text[:MAX_RUNNING_TITLE] if CJK.search(text) else _whole_words(text)
                title = replace(block, spans=(Text(short),))
                if short and not self.coverage(template).missing([title]):
                    return short
        return ""


def _named(lacking: str) -> str:
    """A character with its code point, or the source of a formula's letter or sign."""
    return f"{lacking!r} (U+{ord(lacking):04X})" if len(lacking) == 1 else f"{lacking!r}"


def _whole_words(text: str) -> str:
    return text if len(text) <= MAX_RUNNING_TITLE else text[:MAX_RUNNING_TITLE].rpartition(" ")[0]


def _block_problem(block: Block) -> tuple[str, str] | None:
    """Why a block must not reach TeX, or None: its formulas are checked like its Markdown."""
    found = atoms([block])
    if not isinstance(block, Figure) and not any(a.kind not in ("bullet", "mark") for a in found):
        return ("empty", type(block).__name__)
    for atom in found:
        if atom.kind == "math":
            inner = (
                lookup([block], atom.path[: atom.path.index("row")]) if "row" in atom.path else None
            )
            aligned = isinstance(inner, Formula) and inner.environment == "align"
            for problem in check.math_problems(atom.text, aligned):
                return ("formula", problem)
            if not atom.text.strip():
                return ("empty", "formula")
    return None
