"""What a run was asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.headline.stages import Command

LANGS = ("en", "zh")
LATEX = "latex"
"""The folder of LaTeX pages in what `prepare` made, and the name of the stage that makes them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOptions:
    """The options of `run`, whose help describes them."""

    folder: Path
    out: Path
    gpus: int
    minutes: float
    recipe: Path
    langs: Sequence[str] = LANGS
    latex: bool = False
    scale: float = 1
    data_seed: int = 0
    after: Path | None = None
    settings: Command = ()
    """Of vary-train; they replace those of the run."""
