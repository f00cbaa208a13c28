"""Small multiples: a panel of bars for each series, side by side on one scale."""

from __future__ import annotations

from renderers.charts.drawing import Scale
from renderers.charts.matplotlib.canvas import Canvas, Ink
from renderers.charts.matplotlib.layout import lay_out_frame
from renderers.charts.matplotlib.placed_text import AUTO
from renderers.charts.matplotlib.spacing import NAME_GAP, NAME_SIZE
from renderers.charts.matplotlib.style import ChartStyle
from renderers.charts.matplotlib.text import stamp, wrap
from renderers.charts.paths import table_paths
from renderers.charts.spec import ChartSpec

MAX_NAME_WIDTH = 0.22
"""Share of the width that names may take before they wrap."""
PANEL_GAP = 1.4
"""Between two panels, in ems."""
TITLE_GAP = 0.6
"""Below the title of a panel, in ems."""
LABEL_GAP = 0.35
"""Between a bar and its value, in ems."""
FRAMED_VARIANT = 1
"""Panels have a frame."""


def small_multiples(spec: ChartSpec, style: ChartStyle, canvas: Canvas) -> dict[str, Scale]:
    """Panels share the names at the left; each value is printed at the end of its bar."""
    data = spec.table
    margins = lay_out_frame(spec, style, canvas).margins
    font, name_font = style.font(style.label_size), style.font(NAME_SIZE)
    widest = margins.width * MAX_NAME_WIDTH
    names = [stamp(wrap(n, name_font, widest) or n, name_font, "right") for n in data.categories]
    pad, gap = style.base * NAME_GAP, style.base * PANEL_GAP
    left = margins.left + max(s.width for s in names) + pad
    count = len(data.series)
    wide = (margins.right - left - gap * (count - 1)) / count
    bold = style.font(NAME_SIZE, bold=True)
    titles = [stamp(wrap(s.name, bold, wide) or s.name, bold) for s in data.series]
    high = max(s.line_height for s in titles) + style.base * TITLE_GAP
    top = margins.top + high
    labels = [[stamp(s.number.print(v), font) for v in s.values] for s in data.series]
    label_gap = style.base * LABEL_GAP
    space = max(s.width for row in labels for s in row) + 2 * label_gap
    largest = max(v for s in data.series for v in s.values)
    per_pixel = largest / max(wide - space, wide * 0.2)
    slot = (margins.bottom - top) / len(data.categories)
    half = slot * style.bar_width / 2
    centers = [top + slot * (i + 0.5) for i in range(len(data.categories))]
    for name, y in zip(names, centers, strict=True):
        canvas.write(name, left - pad, y, "y_tick", style.palette.ink, (1.0, 0.5))
    scales = {}
    for s, (series, paths) in enumerate(zip(data.series, table_paths(data), strict=True)):
        start = left + s * (wide + gap)
        box = (start, top, start + wide, margins.bottom)
        canvas.plot_area(box)
        scales[f"x/{series.name}"] = Scale(0.0, wide * per_pixel, wide, 0.0, start)
        line = Ink(edge=style.palette.faint, line=style.stroke)
        if style.variant == FRAMED_VARIANT:
            canvas.rectangle(box, line, z=0.6)
        else:
            canvas.segments([((start, top), (start, margins.bottom))], line, z=2.6)
        x = start + wide / 2 if style.title_align == "center" else start + titles[s].width / 2
        canvas.write(
            titles[s], x, margins.top + titles[s].top, "legend", style.palette.ink, (0.5, 0.0)
        )
        color = style.color(0) if style.one_color else style.color(s)
        for y, value, label, path in zip(centers, series.values, labels[s], paths, strict=True):
            end = start + value / per_pixel
            bar = canvas.rectangle((start, y - half, end, y + half), Ink(fill=color))
            canvas.mark(path, bar)
            canvas.write(label, end + label_gap, y, "value", AUTO, (0.0, 0.5), path=path)
    return scales
