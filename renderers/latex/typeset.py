"""Set a document until TeX has nothing to complain about: drop what it names, run again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from renderers.latex import glyphs, tex
from renderers.latex.atoms import Path as AtomPath
from renderers.latex.blocks import Block, Formula, Table
from renderers.latex.engine import Engine, Problem, Run
from renderers.latex.fit import off_page, split_formulas
from renderers.latex.glyphs import Sheet
from renderers.latex.style import Style
from renderers.latex.template import Template

RUNS = 12
"""Runs of TeX that one document may cost; most need one or two."""


_LITTLE = 27.0
"""By so many points a formula may stick out and yet nearly always fit in smaller type."""


class Unsettable(Exception):
    """A document of which TeX makes nothing; the reason is a short fixed word."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Setting:
    """A document in print: the source that it came from, and what had to be left out."""

    source: tex.Source
    blocks: tuple[Block, ...]
    run: Run
    sheets: tuple[Sheet, ...]
    dropped: Mapping[int, Problem]
    """By index into the blocks as they were given."""


def typeset(
    engine: Engine,
    template: Template,
    blocks: Sequence[Block],
    style: Style,
    folder: Path,
    running: str = "",
) -> Setting:
    """Set prepared blocks; blocks that TeX rejects or that do not fit its columns are dropped.

    A formula too wide for its column is tried once more in a smaller size, text once more with
    loose lines: by themselves first, unless that is nearly certain to help. An inline formula that
    goes over a page is set again without line breaks in it.

    Raises:
        Unsettable: nothing is left, the last run is still not clean, or time is over.
    """
    left: list[Block | None] = list(blocks)
    dropped: dict[int, Problem] = {}
    eased: set[int] = set()
    whole: set[AtomPath] = set()
    budget = RUNS

    def attempt(parts: Sequence[Block | None]) -> tuple[tex.Source, Run]:
        nonlocal budget
        budget -= 1
        source = tex.write(parts, template, style, running, eased, whole)
        run = engine.typeset(template, source.text, folder)
        if run.timed_out:
            raise Unsettable("timeout", "pdflatex did not end in time")
        return source, run

    while budget > 0 and any(block is not None for block in left):
        source, run = attempt(left)
        blamed = _blamed(source, run, left)
        if not blamed and _is_clean(run):
            sheets = glyphs.read_all(run.pdf)
            present = [i for i, block in enumerate(left) if block is not None]
            outside = off_page(sheets, source.atoms, style)
            cut = {(present[int(p[0])], *p[1:]) for p in split_formulas(sheets, source.atoms)}
            if not outside and budget > 0 and not cut <= whole:
                whole |= cut
                continue
            if not outside:
                kept = tuple(block for block in left if block is not None)
                return Setting(source, kept, run, sheets, dropped)
            blamed = {present[i]: problem for i, problem in outside.items()}
        if not blamed:
            detail = run.problems[0].detail if run.problems else "pdflatex made no PDF"
            found = _bisect(left, lambda parts: _is_clean(attempt(parts)[1]), lambda: budget)
            if found is None:
                raise Unsettable("tex-error", detail)
            blamed = {found: Problem(None, "tex-fatal", detail)}
        wide = {i: problem for i, problem in blamed.items() if problem.reason == "too-wide"}
        tried = {i for i in wide if i not in eased and _can_ease(left[i], template)}
        eased |= tried
        blamed = {i: problem for i, problem in blamed.items() if i not in tried}
        if budget > 1 and any(_doubtful(left[i], wide[i]) for i in tried):
            alone = [block if i in tried else None for i, block in enumerate(left)]
            source, run = attempt(alone)
            blamed |= {
                i: problem
                for i, problem in _blamed(source, run, alone).items()
                if problem.reason == "too-wide"
            }
        for index, problem in blamed.items():
            left[index] = None
            dropped[index] = problem
    last = next(reversed(dropped.values())).detail if dropped else "no blocks"
    raise Unsettable("tex-error", f"not clean after {RUNS - budget} runs of pdflatex: {last}")


def _blamed(source: tex.Source, run: Run, left: Sequence[Block | None]) -> dict[int, Problem]:
    """The first problem of each block that one can be laid at.

    TeX reports a wide line with the lines of its whole paragraph, which may hold formulas too.
    """
    blamed: dict[int, Problem] = {}
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


def _doubtful(block: Block | None, problem: Problem) -> bool:
    """Whether a block that is too wide may well stay so."""
    return not isinstance(block, Formula) or problem.excess > _LITTLE


def _can_ease(block: Block | None, template: Template) -> bool:
    """Tables, and formulas in narrow columns, look for a size that fits by themselves."""
    if isinstance(block, Formula):
        return template.columns == 1
    return not isinstance(block, Table)


def _is_clean(run: Run) -> bool:
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
