"""Logos of publishers: drawn shapes in the row of the source line."""

from __future__ import annotations

from renderers.charts.drawing import XY
from renderers.charts.matplotlib.canvas import Canvas, Ink
from renderers.charts.matplotlib.style import ChartStyle

LOGOS = ("bars", "disc", "peak", "square", "stripes")
HEIGHT = 1.3
"""In ems."""
LOGO_Z = 2.0


def draw_logo(style: ChartStyle, canvas: Canvas, right: float, bottom: float) -> float:
    """Draw the logo of a style with its right lower corner at a place; its width in pixels."""
    size = style.base * HEIGHT
    left, top = right - size, bottom - size
    first, second = Ink(fill=style.color(0)), Ink(fill=style.color(1))
    part = size / 5

    def column(number: int, share: float, ink: Ink) -> object:
        x = left + part * number
        return canvas.rectangle((x, bottom - size * share, x + part, bottom), ink, LOGO_Z)

    match style.logo:
        case "bars":
            shapes = [column(0, 0.5, first), column(2, 0.8, second), column(4, 1.0, first)]
        case "disc":
            center = (left + size / 2, top + size / 2)
            shapes = [
                canvas.ellipse(center, size, size, first, LOGO_Z),
                canvas.ellipse(center, size / 2, size / 2, second, LOGO_Z + 0.1),
            ]
        case "peak":
            high: list[XY] = [
                (left, bottom),
                (left + size * 0.45, top),
                (left + size * 0.9, bottom),
            ]
            low: list[XY] = [(left + size * 0.4, bottom), (right - size * 0.3, top + size * 0.4),
                             (right, bottom)]  # fmt: skip
            shapes = [canvas.polygon(high, first, LOGO_Z), canvas.polygon(low, second, LOGO_Z)]
        case "square":
            box = (left, top, right, bottom)
            inner = (left + part, top + part, left + 3 * part, top + 3 * part)
            shapes = [canvas.rectangle(box, first, LOGO_Z, part),
                      canvas.rectangle(inner, second, LOGO_Z + 0.1)]  # fmt: skip
        case _:
            shapes = [
                canvas.rectangle((left, y, right, y + part), ink, LOGO_Z)
                for y, ink in ((top, first), (top + 2 * part, second), (top + 4 * part, first))
            ]
    canvas.annotation(("logo",), *shapes)  # type: ignore[arg-type]
    return size
