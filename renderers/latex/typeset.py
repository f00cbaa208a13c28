"""Set a document until TeX has nothing to complain about: drop what it names, run again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from renderers.latex import glyphs, tex
from renderers.latex.atoms import Path as AtomPath
from renderers.latex.blocks import Block, Formula, Table
from renderers.latex.engine import TexEngine, TexProblem, TexRun
from renderers.latex.fit import off_page, split_formulas
from renderers.latex.glyphs import PageGlyphs
from renderers.latex.style import PageStyle
from renderers.latex.template import Template
from renderers.rejected import Rejected

MAX_RUNS = 12
"""Runs of TeX that one document may cost; most need one or two."""


_MAX_SURE_EXCESS_PT = 27.0
"""By so many points a formula may stick out and yet nearly always fit in smaller type."""


@dataclass(frozen=True, slots=True)
class TypesetDocument:
    """A document in print: the source that it came from, and what had to be left out."""

    source: tex.TexSource
    blocks: tuple[Block, ...]
    run: TexRun
    sheets: tuple[PageGlyphs, ...]
    dropped: Mapping[int, TexProblem]
    """By index into the blocks as they were given."""


def typeset(
    engine: TexEngine,
    template: Template,
    blocks: Sequence[Block],
    style: PageStyle,
    folder: Path,
    running: str = "",
) -> TypesetDocument:
    """Set prepared blocks; blocks that TeX rejects or that do not fit its columns are dropped.

    A formula too wide for its column is tried once more in a smaller size, text once more with
    loose lines: by themselves first, unless that is nearly certain to help. An inline formula that
    goes over a page is set again without line breaks in it.

    Raises:
        Rejected: nothing is left, the last run is still not clean, or time is over.
    """
    job = _TypesettingJob(engine, template, style, folder, running, list(blocks))
    while job.budget > 0 and any(block is not None for block in job.left):
        source, run = job.attempt(job.left)
        blamed = _blamed(source, run, job.left)
        if not blamed and _is_clean(run):
            sheets = glyphs.read_all(run.pdf)
            blamed = job.off_page(sheets, source)
            if not blamed and job.cuts_formulas(sheets, source):
                continue
            if not blamed:
                kept = tuple(block for block in job.left if block is not None)
                return TypesetDocument(source, kept, run, sheets, job.dropped)
        if not blamed:
            blamed = job.bisect(run)
        job.drop(job.ease(blamed))
    last = next(reversed(job.dropped.values())).detail if job.dropped else "no blocks"
    raise Rejected("tex-error", f"not clean after {MAX_RUNS - job.budget} runs of pdflatex: {last}")


@dataclass(slots=True)
class _TypesettingJob:
    """What is known of a document that is being set; blocks by their index as they were given."""

    engine: TexEngine
    template: Template
    style: PageStyle
    folder: Path
    running: str
    left: list[Block | None]
    dropped: dict[int, TexProblem] = field(default_factory=dict)
    eased: set[int] = field(default_factory=set)
    whole: set[AtomPath] = field(default_factory=set)
    """Inline formulas that no line may break."""
    budget: int = MAX_RUNS

    def attempt(self, parts: Sequence[Block | None]) -> tuple[tex.TexSource, TexRun]:
        self.budget -= 1
        source = tex.write(parts, self.template, self.style, self.running, self.eased, self.whole)
        run = self.engine.typeset(self.template, source.text, self.folder)
        if run.timed_out:
            raise Rejected("timeout", "pdflatex did not end in time")
        return source, run

    def drop(self, blamed: Mapping[int, TexProblem]) -> None:
        for index, problem in blamed.items():
            self.left[index] = None
            self.dropped[index] = problem

    def ease(self, blamed: Mapping[int, TexProblem]) -> dict[int, TexProblem]:
        """Ease blocks that are too wide for the first time; returns those to drop.

        If it is doubtful whether that helps, they are set alone, to know before the next run.
        """
        wide = {i: problem for i, problem in blamed.items() if problem.reason == "too-wide"}
        eased = {i for i in wide if i not in self.eased and _can_ease(self.left[i], self.template)}
        self.eased |= eased
        hopeless = {i: problem for i, problem in blamed.items() if i not in eased}
        if self.budget > 1 and any(_doubtful(self.left[i], wide[i]) for i in eased):
            alone = [block if i in eased else None for i, block in enumerate(self.left)]
            source, run = self.attempt(alone)
            found = _blamed(source, run, alone)
            hopeless |= {i: problem for i, problem in found.items() if problem.reason == "too-wide"}
        return hopeless

    def off_page(
        self, sheets: Sequence[PageGlyphs], source: tex.TexSource
    ) -> dict[int, TexProblem]:
        present = self._present()
        outside = off_page(sheets, source.atoms, self.style)
        return {present[i]: problem for i, problem in outside.items()}

    def cuts_formulas(self, sheets: Sequence[PageGlyphs], source: tex.TexSource) -> bool:
        """Whether pages cut formulas that another run could keep whole."""
        present = self._present()
        cut = {(present[int(path[0])], *path[1:]) for path in split_formulas(sheets, source.atoms)}
        worthwhile = self.budget > 0 and not cut <= self.whole
        self.whole |= cut
        return worthwhile

    def bisect(self, run: TexRun) -> dict[int, TexProblem]:
        """The block that an error without a place must be laid at."""
        detail = run.problems[0].detail if run.problems else "pdflatex made no PDF"

        def clean(parts: Sequence[Block | None]) -> bool:
            return _is_clean(self.attempt(parts)[1])

        found = _bisect(self.left, clean, lambda: self.budget)
        if found is None:
            raise Rejected("tex-error", detail)
        return {found: TexProblem(None, "tex-fatal", detail)}

    def _present(self) -> list[int]:
        return [i for i, block in enumerate(self.left) if block is not None]


def _blamed(
    source: tex.TexSource, run: TexRun, left: Sequence[Block | None]
) -> dict[int, TexProblem]:
    """The first problem of each block that one can be laid at.

    TeX reports a wide line with the lines of its whole paragraph, which may hold formulas too.
    """
    blamed: dict[int, TexProblem] = {}
    for problem in run.problems:
        if problem.line is None:
            continue
        first = problem.first or problem.line
        lines = source.block_of_line[first - 1 : problem.line]
        around = list(dict.fromkeys(block for block in lines if block is not None))
        texts = [i for i in around if not isinstance(left[i], Formula)]
        if around:
            blamed.setdefault((texts or around)[0], problem)
    return blamed


def _doubtful(block: Block | None, problem: TexProblem) -> bool:
    """Whether a block that is too wide may well stay so."""
    return not isinstance(block, Formula) or problem.excess > _MAX_SURE_EXCESS_PT


def _can_ease(block: Block | None, template: Template) -> bool:
    """Tables, and formulas in narrow columns, look for a size that fits by themselves."""
    if isinstance(block, Formula):
        return template.columns == 1
    return not isinstance(block, Table)


def _is_clean(run: TexRun) -> bool:
    return not run.fatal and not run.problems


def _bisect(
    left: Sequence[Block | None],
    clean: Callable[[Sequence[Block | None]], bool],
    budget: Callable[[], int],
) -> int | None:
    """Index of the block with which the shortest unclean beginning of the document ends."""
    present = [i for i, block in enumerate(left) if block is not None]
    low, high = 0, len(present)  # the first `low` blocks are clean, the first `high` are not
    while high - low > 1 and budget() > 0:
        middle = (low + high) // 2
        kept = set(present[:middle])
        if clean([block if i in kept else None for i, block in enumerate(left)]):
            low = middle
        else:
            high = middle
    return present[high - 1] if high - low == 1 else None
