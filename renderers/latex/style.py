"""What varies between two documents in one template, drawn once before typesetting."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, TypeVar

import numpy as np

from renderers.latex.color_tag import BLACK, Color
from renderers.latex.template import Template

_TEXT_COLORS: tuple[Color, ...] = ((20, 20, 20), (35, 31, 32), (10, 10, 45), (50, 50, 50))
_HEADING_COLORS: tuple[Color, ...] = (
    (0, 60, 130),
    (150, 20, 30),
    (0, 95, 70),
    (90, 30, 110),
    (60, 60, 60),
    (180, 80, 0),
)
_PAPER_COLORS: tuple[Color, ...] = ((250, 246, 236), (244, 244, 244), (240, 246, 250))

TableRules = Literal["source", "booktabs", "grid", "none"]
_TABLE_RULES: tuple[TableRules, ...] = (
    "source", "source", "source", "booktabs", "booktabs", "grid", "none",
)  # fmt: skip
_PAPER_WIDTHS_PT = {"a4": 595.0, "letter": 612.0, "a5": 420.0}
_PT_PER_MM = 72 / 25.4
_LETTER_EM = 0.47
"""The average width of a letter, in ems."""

Wide = Literal["", "title", "abstract"]
Choice = TypeVar("Choice")

_COLORFUL_SHARE, _COLORED_TEXT_SHARE, _COLORED_PAPER_SHARE = 0.35, 0.4, 0.3
"""Share of documents with colored headings; of those, the shares with colored text and paper."""


_WIDE: tuple[Wide, ...] = ("", "title", "title", "abstract")


@dataclass(frozen=True, slots=True)
class PageStyle:
    """Sizes, margins and colors of a page; lengths in the unit of their name, colors in 0..255."""

    size: int
    horizontal_margin_mm: float
    vertical_margin_mm: float
    line_stretch: float = 1.0
    indent_em: float = 1.5
    paragraph_skip_pt: float = 0.0
    text: Color = BLACK
    heading: Color = BLACK
    paper: Color | None = None
    heading_numbers: bool = False
    caption_above: bool = True
    caption_mark: str = ":"
    bullet: str = "•"
    first_page: int = 1
    italic_theorems: bool = False
    italic_labels: bool = False
    """Of remarks and proofs; those of theorems are bold."""
    proof_mark: str = ""
    """The command of the sign at the end of a proof."""
    wide: Wide = ""
    """Which beginning of the document spans all columns."""
    table_rules: TableRules = "source"
    line_letters: float = 80.0
    """About how many letters a line of text has."""

    @property
    def colored(self) -> bool:
        """Whether a page needs more than gray pixels."""
        return any(len(set(c)) > 1 for c in (self.text, self.heading, self.paper or BLACK))


def sample(template: Template, rng: np.random.Generator) -> PageStyle:
    """A style within the limits of the template's manifest entry."""
    colorful = rng.random() < _COLORFUL_SHARE
    horizontal, vertical = template.margins
    chinese = template.cjk is not None
    size = int(rng.choice(template.sizes))
    style = PageStyle(
        size=size,
        horizontal_margin_mm=round(float(rng.uniform(*horizontal)), 1),
        vertical_margin_mm=round(float(rng.uniform(*vertical)), 1),
        line_stretch=round(float(rng.uniform(*((1.1, 1.5) if chinese else (0.98, 1.25)))), 2),
        indent_em=2.0 if chinese else float(rng.choice([0.0, 1.0, 1.5, 2.0])),
        paragraph_skip_pt=round(float(rng.choice([0.0, 0.0, 2.0, 5.0])), 1),
        text=_one(_TEXT_COLORS, rng) if colorful and rng.random() < _COLORED_TEXT_SHARE else BLACK,
        heading=_one(_HEADING_COLORS, rng) if colorful else BLACK,
        paper=_one(_PAPER_COLORS, rng)
        if colorful and rng.random() < _COLORED_PAPER_SHARE
        else None,
        heading_numbers=bool(rng.random() < 0.4),
        caption_above=bool(rng.random() < 0.6),
        caption_mark=str(rng.choice([":", "."])) if not chinese else "",
        bullet=str(rng.choice(["•", "•", "–", "∗"])),
        first_page=int(rng.choice([1, 1, int(rng.integers(2, 400))])),
        italic_theorems=bool(rng.random() < 0.4),
        italic_labels=bool(rng.random() < 0.5),
        proof_mark=str(rng.choice(["", r"\square", r"\square", r"\blacksquare"])),
        wide=_one(_WIDE, rng) if template.columns > 1 else "",
        table_rules=_one(_TABLE_RULES, rng),
    )
    return replace(style, line_letters=round(_line_letters(template, style), 1))


def _line_letters(template: Template, style: PageStyle) -> float:
    width = _PAPER_WIDTHS_PT.get(template.paper)
    if width is None:  # such as 160x100mm
        width = float(template.paper.partition("x")[0]) * _PT_PER_MM
    text = width - 2 * style.horizontal_margin_mm * _PT_PER_MM - 16 * (template.columns - 1)
    return text / template.columns / (_LETTER_EM * style.size)


def _one(choices: tuple[Choice, ...], rng: np.random.Generator) -> Choice:
    return choices[int(rng.integers(len(choices)))]
