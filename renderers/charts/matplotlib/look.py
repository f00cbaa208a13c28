"""A style in a look (`renderers.charts.look_data`)."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

import numpy as np

from renderers import fonts
from renderers.charts.look_data import Look
from renderers.charts.matplotlib.style import ChartStyle
from renderers.fonts import Family

IN_EMS = ("radius", "line_width", "marker_size")
"""Choices of a look that are lengths."""


def with_look(
    style: ChartStyle,
    look: Look | None,
    able: Sequence[Family],
    texts: Sequence[str],
    rng: np.random.Generator,
    *,
    own_fonts: bool = True,
) -> ChartStyle:
    """The style in this look, with a font that covers the texts: one of the `able` families or, if
    `own_fonts`, of those that only the look has."""
    if look is None:
        return style
    changes: dict[str, Any] = dict(look.style)
    for key in IN_EMS:
        if key in changes:
            changes[key] = changes[key] * style.base
    fitting = _fitting(look, able, texts, own_fonts)
    changes["family"] = fitting[int(rng.integers(len(fitting)))]
    if look.trim.jitter:
        changes["jitter_seed"] = int(rng.integers(2**32))
    return dataclasses.replace(
        style,
        look=look.name,
        palette=look.palette,
        colors=look.palette.colors,
        panel=look.panel,
        accent=look.accent,
        trim=look.trim,
        plain_area=True,
        **changes,
    )


def _fitting(
    look: Look, able: Sequence[Family], texts: Sequence[str], own_fonts: bool
) -> Sequence[Family]:
    """The families that suit the look best: those that it names, of its kind, any."""
    if own_fonts and look.own_fonts:
        known = [*able, *fonts.installed(look.own_fonts)]
        own = {entry.name for entry in look.own_fonts}
        found = [f for f in fonts.covering(known, texts) if f.name in (*look.families, *own)]
    else:
        found = [f for f in able if f.name in look.families]
    return found or [f for f in able if f.style == look.font] or able
