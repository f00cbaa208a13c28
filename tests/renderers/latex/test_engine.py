"""One run of pdflatex: which ends of it leave a complete page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from renderers.latex import template
from renderers.latex.engine import TexEngine
from renderers.program import ProcessResult

ARTICLE = template.load()["article"]
SOURCE = r"\csname endofdump\endcsname\begin{document}Some words.\end{document}"


@pytest.mark.parametrize(
    ("end", "fatal"),
    [
        (ProcessResult(0, False), False),
        (ProcessResult(-24, True), True),
        (ProcessResult(-25, False, True), True),
    ],
)
def test_a_run_that_exceeded_a_limit_is_fatal(
    engine: TexEngine, tmp_path: Path, end: ProcessResult, fatal: bool
) -> None:
    """Also if there is a file of the PDF, which may be half of one."""
    engine.format_of(ARTICLE)

    def run(
        command: Sequence[str], folder: Path, environment: Mapping[str, str], seconds: float
    ) -> ProcessResult:
        assert engine.run(command, folder, environment, seconds) == ProcessResult(0, False)
        return end

    made = replace(engine, run=run).typeset(ARTICLE, SOURCE, tmp_path)
    assert made.pdf.is_file()
    assert made.problems == ()
    assert (made.fatal, made.timed_out) == (fatal, end.timed_out)
