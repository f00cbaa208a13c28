"""Writes docs/images/looks.png: charts of one content in every look by matplotlib."""

from __future__ import annotations

import math
import sys
from pathlib import Path

import numpy as np
from PIL import Image

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from renderers.charts.look_names import LOOKS  # noqa: E402
from renderers.charts.matplotlib.backend import MatplotlibBackend  # noqa: E402
from renderers.charts.spec import ChartSpec, Series, Table  # noqa: E402

FILE = ROOT / "docs" / "images" / "looks.png"
SIDES = (360, 270)
"""Of each chart, in pixels."""
COLUMNS, GAP, COLORS = 5, 12, 160
NAMES = ("Oslo", "Lima", "Cairo", "Perth", "Kyoto")
SERIES = (("2019", (31.0, 44.0, 27.0, 52.0, 38.0)), ("2024", (36.0, 41.0, 39.0, 58.0, 47.0)))


def content(name: str, chart_type: str) -> ChartSpec:
    """The content of the chart of a look, whose name is the title."""
    data = Table(NAMES, tuple(Series(year, values) for year, values in SERIES))
    return ChartSpec(chart_type, "en", data, title=name, y_title="Nights (thousand)")


def main() -> None:
    """Draw the charts and write the sheet, with few colors."""
    rows = math.ceil(len(LOOKS) / COLUMNS)
    width, height = (side + GAP for side in SIDES)
    sheet = Image.new("RGB", (COLUMNS * width + GAP, rows * height + GAP), "#e8e8e8")
    for i, name in enumerate(LOOKS):
        backend = MatplotlibBackend(size=SIDES, looks=(name,))
        spec = content(name, ("grouped_bar", "multi_line")[i % 2])
        pixels = backend.render(spec, np.random.default_rng(3)).drawing.pixels
        place = GAP + i % COLUMNS * width, GAP + i // COLUMNS * height
        sheet.paste(Image.fromarray(pixels), place)
    sheet.quantize(COLORS, dither=Image.Dither.NONE).save(FILE, optimize=True)


if __name__ == "__main__":
    main()
