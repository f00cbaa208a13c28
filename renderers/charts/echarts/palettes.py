"""Palettes: those of the project, of ECharts and of its themes."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from renderers.charts.palette import PALETTES, Palette


def _palette(name: str, background: str, inks: str, colors: str, ramp: str) -> Palette:
    ink, faint, grid = inks.split()
    return Palette(name, background, ink, faint, grid, tuple(colors.split()), tuple(ramp.split()))


ECHARTS_PALETTES: tuple[Palette, ...] = (
    _palette(
        "echarts6",
        "#ffffff",
        "#3c3c41 #54555a #dbdee4",
        "#5070dd #b6d634 #505372 #ff994d #0ca8df #fb628b #3fbe95 #585810 #a02828 #b8b8d0",
        "#e1ecff #8fa7f0 #3a54b8",
    ),
    _palette(
        "echarts5",
        "#ffffff",
        "#464646 #5f6368 #e0e6f1",
        "#5470c6 #91cc75 #ee6666 #73c0de #3ba272 #9a60b4 #ea7ccc #705810 #105858 #d0a058",
        "#f6efa6 #e6a15c #bf444c",
    ),
    _palette(
        "echarts5-dark",
        "#100c2a",
        "#eef1fa #b9b8ce #484753",
        "#4992ff #7cffb2 #fddd60 #ff6e76 #58d9f9 #ff8a45 #8d48e3 #dd79ff #107010 #885828",
        "#1d2a5c #3467b8 #58d9f9",
    ),
    _palette(
        "vintage",
        "#fef8ef",
        "#333333 #5a5248 #e3d9c8",
        "#d87c7c #919e8b #d7ab82 #6e7074 #724e58 #287028 #4040b8 #b888d0 #705828 #40a0b8",
        "#f3e3d3 #d7ab82 #7d4f3c",
    ),
    _palette(
        "macarons",
        "#ffffff",
        "#27727b #4d6a70 #dfe9ea",
        "#2ec7c9 #b6a2de #5ab1ef #ffb980 #d87a80 #97b552 #4028d0 #105840 #704010 #704058",
        "#e3f5f5 #8cd3d8 #1b7f88",
    ),
)
"""Colors as in ECharts 6.1 and 5, and in two of the themes that come with them. Those too near to
an earlier one are replaced, and text colors are darkened where they could not be read."""

PALETTES_BY_NAME: Mapping[str, Palette] = MappingProxyType(
    {p.name: p for p in (*PALETTES, *ECHARTS_PALETTES)}
)
"""All of them by name."""
