"""Typeset a document: run TeX, drop the blocks that it reports, and run it again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from renderers.figures.image import FigureImage
from renderers.latex import figures, tex
from renderers.latex.atoms import Path as AtomPath
from renderers.latex.blocks import Block, Figure, Formula, Program, Table
from renderers.latex.engine import TexEngine, TexProblem, TexRun
from renderers.latex.fit import off_page, split_formulas
from renderers.latex.glyphs import PageGlyphs, read_pages
from renderers.latex.style import PageStyle
from renderers.latex.template import Template
from renderers.rejected import Rejected

MAX_RUNS = 12
"""Runs of TeX for one document at most; most need one or two."""


_MAX_SURE_EXCESS_PT = 27.0
"""A formula that is too wide by less, in TeX points, nearly always fits in smaller type."""


@dataclass(frozen=True, slots=True)
class TypesetDocument:
    """A typeset document: its source, its pages, and the blocks that were dropped."""

    source: tex.TexSource
    blocks: tuple[Block, ...]
    run: TexRun
    page_glyphs: tuple[PageGlyphs, ...]
    dropped: Mapping[int, TexProblem]
    """By index into the given blocks."""


def typeset(
    engine: TexEngine,
    template: Template,
    blocks: Sequence[Block],
    style: PageStyle,
    folder: Path,
    running_title: str = "",
) -> TypesetDocument:
    """Typeset prepared blocks; blocks that TeX rejects or that do not fit are dropped.

    A formula that is too wide for its column is tried again in a smaller size, text with looser
    lines: first alone, unless that is nearly certain to help. An inline formula that is split over
    two pages is typeset again without line breaks.

    Raises:
        Rejected: no block remains, the last run still reports problems, or a timeout.
    """
    pictures = figures.files(blocks)
    for name, image in pictures.items():
        (folder / name).write_bytes(image.data)
    job = _TypesettingJob(engine, template, style, folder, running_title, list(blocks), pictures)
    while job.runs_left > 0 and any(block is not None for block in job.remaining):
        source, run = job.attempt(job.remaining)
        blamed = _blamed(source, run, job.remaining)
        if not blamed and _is_clean(run):
            page_glyphs = read_pages(run.pdf)
            blamed = job.off_page(page_glyphs, source)
            if not blamed and job.splits_formulas(page_glyphs, source):
                continue
            if not blamed:
                kept = tuple(block for block in job.remaining if block is not None)
                return TypesetDocument(source, kept, run, page_glyphs, job.dropped)
        if not blamed:
            blamed = job.bisect(run)
        job.drop(job.relax(blamed))
    last = next(reversed(job.dropped.values())).detail if job.dropped else "no blocks"
    raise Rejected(
        "tex-error", f"not clean after {MAX_RUNS - job.runs_left} runs of pdflatex: {last}"
    )


@dataclass(slots=True)
class _TypesettingJob:
    """The state of typesetting one document; blocks by their index among the given ones."""

    engine: TexEngine
    template: Template
    style: PageStyle
    folder: Path
    running_title: str
    remaining: list[Block | None]
    pictures: Mapping[str, FigureImage]
    dropped: dict[int, TexProblem] = field(default_factory=dict)
    relaxed: set[int] = field(default_factory=set)
    unbroken: set[AtomPath] = field(default_factory=set)
    """Inline formulas without line breaks."""
    runs_left: int = MAX_RUNS

    def attempt(self, parts: Sequence[Block | None]) -> tuple[tex.TexSource, TexRun]:
        self.runs_left -= 1
        source = tex.write(
            parts,
            self.template,
            self.style,
            self.running_title,
            self.relaxed,
            self.unbroken,
            self.pictures,
        )
        run = self.engine.typeset(self.template, source.text, self.folder)
        if run.timed_out:
            raise Rejected("timeout", "pdflatex did not end in time")
        return source, run

    def drop(self, blamed: Mapping[int, TexProblem]) -> None:
        for index, problem in blamed.items():
            self.remaining[index] = None
            self.dropped[index] = problem

    def relax(self, blamed: Mapping[int, TexProblem]) -> dict[int, TexProblem]:
        """Relax blocks that are too wide for the first time; returns those to drop.

        If it is doubtful whether that helps, they are first typeset alone.
        """
        wide = {i: problem for i, problem in blamed.items() if problem.reason == "too-wide"}
        relaxed = {
            i
            for i in wide
            if i not in self.relaxed and _can_relax(self.remaining[i], self.template)
        }
        self.relaxed |= relaxed
        to_drop = {i: problem for i, problem in blamed.items() if i not in relaxed}
        if self.runs_left > 1 and any(_doubtful(self.remaining[i], wide[i]) for i in relaxed):
            alone = [block if i in relaxed else None for i, block in enumerate(self.remaining)]
            source, run = self.attempt(alone)
            found = _blamed(source, run, alone)
            to_drop |= {i: problem for i, problem in found.items() if problem.reason == "too-wide"}
        return to_drop

    def off_page(
        self, page_glyphs: Sequence[PageGlyphs], source: tex.TexSource
    ) -> dict[int, TexProblem]:
        present = self._present()
        outside = off_page(page_glyphs, source.atoms, self.style)
        return {present[i]: problem for i, problem in outside.items()}

    def splits_formulas(self, page_glyphs: Sequence[PageGlyphs], source: tex.TexSource) -> bool:
        """Whether page breaks split formulas that another run could keep together."""
        present = self._present()
        split = {
            (present[int(path[0])], *path[1:]) for path in split_formulas(page_glyphs, source.atoms)
        }
        worthwhile = self.runs_left > 0 and not split <= self.unbroken
        self.unbroken |= split
        return worthwhile

    def bisect(self, run: TexRun) -> dict[int, TexProblem]:
        """The block that causes an error without a line."""
        detail = run.problems[0].detail if run.problems else "pdflatex made no PDF"

        def clean(parts: Sequence[Block | None]) -> bool:
            return _is_clean(self.attempt(parts)[1])

        found = _bisect(self.remaining, clean, lambda: self.runs_left)
        if found is None:
            raise Rejected("tex-error", detail)
        return {found: TexProblem(None, "tex-fatal", detail)}

    def _present(self) -> list[int]:
        return [i for i, block in enumerate(self.remaining) if block is not None]


def _blamed(
    source: tex.TexSource, run: TexRun, remaining: Sequence[Block | None]
) -> dict[int, TexProblem]:
    """The first problem of each block that has one.

    TeX reports a wide line with the lines of its whole paragraph, which may contain formulas.
    """
    blamed: dict[int, TexProblem] = {}
    for problem in run.problems:
        if problem.line is None:
            continue
        first = problem.first or problem.line
        lines = source.block_of_line[first - 1 : problem.line]
        blocks = list(dict.fromkeys(block for block in lines if block is not None))
        texts = [i for i in blocks if not isinstance(remaining[i], Formula)]
        if blocks:
            blamed.setdefault((texts or blocks)[0], problem)
    return blamed


def _doubtful(block: Block | None, problem: TexProblem) -> bool:
    """Whether a block may be too wide in smaller type, too."""
    return not isinstance(block, Formula) or problem.excess > _MAX_SURE_EXCESS_PT


def _can_relax(block: Block | None, template: Template) -> bool:
    """Whether a block can be relaxed; `macros.tex` fits tables, and formulas in narrow columns."""
    if isinstance(block, Formula):
        return template.columns == 1
    return not isinstance(block, Table | Figure | Program)


def _is_clean(run: TexRun) -> bool:
    return not run.fatal and not run.problems


def _bisect(
    remaining: Sequence[Block | None],
    clean: Callable[[Sequence[Block | None]], bool],
    runs_left: Callable[[], int],
) -> int | None:
    """Index of the last block of the shortest beginning of the document that TeX rejects."""
    present = [i for i, block in enumerate(remaining) if block is not None]
    low, high = 0, len(present)  # the first `low` blocks are clean, the first `high` are not
    while high - low > 1 and runs_left() > 0:
        middle = (low + high) // 2
        kept = set(present[:middle])
        if clean([block if i in kept else None for i, block in enumerate(remaining)]):
            low = middle
        else:
            high = middle
    return present[high - 1] if high - low == 1 else None
