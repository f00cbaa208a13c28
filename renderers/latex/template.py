"""LaTeX templates: a preamble per file, and a manifest that describes each one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml

from renderers.latex.faces import CHINESE_FACES

FOLDER = Path(str(files("latex_templates")))
"""The templates that ship with the project."""

MANIFEST = "manifest.yaml"

_PAPER_MM = {"a4": (210.0, 297.0), "letter": (215.9, 279.4), "a5": (148.0, 210.0)}

STATISTICS = frozenset(["paragraph", "listed"])
"""What `suits` may bound: the mean letters of a paragraph, and the share of list items and displays
among those and paragraphs."""


class TemplateError(Exception):
    """A manifest or template that cannot be used; the message is one line."""


@dataclass(frozen=True, slots=True)
class Template:
    """One template: `preamble` ends before `\\begin{document}`; margins are in mm.

    `margins` holds the least and greatest horizontal, then vertical margin. `cjk` names the
    Chinese font family, None for Latin templates. `size_file` is the stem of the `.clo` files
    that set the size of the text. With `floats`, TeX may move tables. `suits` bounds the
    statistics of the documents that the template takes (`choice.py`).
    """

    name: str
    preamble: str
    lang: str
    columns: int
    paper: str
    text_font: str
    math_font: str
    license: str
    sizes: tuple[int, ...]
    margins: tuple[tuple[float, float], tuple[float, float]]
    size_file: str = "size"
    floats: bool = True
    cjk: str | None = None
    suits: Mapping[str, tuple[float, float]] = field(default_factory=dict)

    @property
    def capacity(self) -> float:
        """How much a page holds: its text area in mm² divided by the square of the letter size."""
        width, height = _PAPER_MM.get(self.paper) or _custom(self.paper)
        (left, right), (low, high) = self.margins
        letter = sum(size**2 for size in self.sizes) / len(self.sizes)
        return (width - left - right) * (height - low - high) / letter


def _custom(paper: str) -> tuple[float, float]:
    width, _, height = paper.removesuffix("mm").partition("x")
    return float(width), float(height)


@cache
def load(folder: Path = FOLDER) -> Mapping[str, Template]:
    """Every template of a folder by name, in the order of the manifest.

    Raises:
        TemplateError: a missing file, a missing key, or one that no template has.
    """
    manifest = folder / MANIFEST
    entries = yaml.safe_load(manifest.read_text("utf-8"))
    return {name: _template(folder, name, dict(entry)) for name, entry in entries.items()}


def _template(folder: Path, name: str, entry: dict[str, Any]) -> Template:
    source = folder / str(entry.pop("file", f"{name}.tex"))
    if not source.is_file():
        raise TemplateError(f"{folder / MANIFEST}: {name} has no file {source.name}")
    try:
        margins = entry.pop("margins")
        (left, right), (low, high) = margins["horizontal"], margins["vertical"]
        template = Template(
            name=name,
            preamble=source.read_text("utf-8"),
            sizes=tuple(entry.pop("sizes")),
            margins=((left, right), (low, high)),
            suits={name: (low, high) for name, (low, high) in entry.pop("suits", {}).items()},
            **entry,
        )
        if template.capacity <= 0:
            raise ValueError("the margins leave no text area")
        if unknown := template.suits.keys() - STATISTICS:
            raise ValueError(f"suits {min(unknown)!r} is none of {', '.join(sorted(STATISTICS))}")
        if template.cjk is not None and template.cjk not in CHINESE_FACES:
            raise ValueError(f"cjk {template.cjk!r} is none of {', '.join(CHINESE_FACES)}")
        return template
    except (KeyError, TypeError, ValueError) as e:
        raise TemplateError(f"{folder / MANIFEST}: entry {name}: {e}") from e
