"""Bar charts and histograms as inline SVG; the page's style sheet sets the colors."""

from __future__ import annotations

from collections.abc import Sequence

from vary_data.quality.html import escape
from vary_data.quality.stats.summary import Histogram, round_step

WIDTH = 560
ROW = 26
NAME = 168
"""Width for the names of bars; longer names are truncated and shown in full on hover."""
NAME_CHARACTERS = 25
VALUE = 96
PLOT = 150
GROUND = 24


def bars(items: Sequence[tuple[str, Sequence[int]]], total: int | None = None) -> str:
    """A horizontal bar per item, of one or more adjacent parts; with shares of `total` if given."""
    longest = max((sum(parts) for _, parts in items), default=0) or 1
    room = WIDTH - NAME - VALUE
    rows = [
        _bar(name, parts, i * ROW, room / longest, total) for i, (name, parts) in enumerate(items)
    ]
    return _svg(len(items) * ROW, "".join(rows), "bars")


def histogram(data: Histogram, unit: str) -> str:
    """A histogram over a value axis with a few round ticks."""
    first, last = data.edges[0], data.edges[-1]
    left, right = 4.0, WIDTH - 4.0
    scale = (right - left) / (last - first)
    highest = max(data.counts)
    columns = []
    for low, high, count in zip(data.edges, data.edges[1:], data.counts, strict=False):
        if not count:
            continue
        height = max(1.5, (PLOT - 22) * count / highest)
        x, width = left + (low - first) * scale, max(1.0, (high - low) * scale - 2)
        label = (
            f"{low:,.0f} to {high - 1:,.0f} {unit}: {count:,}"
            if high - low > 1
            else (f"{low:,.0f} {unit}: {count:,}")
        )
        columns.append(
            f'<g class="column"><rect class="hit" x="{x:.1f}" y="0" width="{width:.1f}" '
            f'height="{PLOT}"/><path class="part0" d="{_column(x, PLOT - height, width, height)}"/>'
            f"<title>{escape(label)}</title></g>"
        )
    peak = f'<text class="note" x="{left}" y="11">most in one column: {highest:,}</text>'
    ground = f'<line class="axis" x1="{left}" x2="{right}" y1="{PLOT}" y2="{PLOT}"/>'
    ticks = "".join(_tick(v, left + (v - first) * scale) for v in _ticks(first, last))
    return _svg(PLOT + GROUND, peak + "".join(columns) + ground + ticks, "histogram")


def _bar(name: str, parts: Sequence[int], y: int, scale: float, total: int | None) -> str:
    x = float(NAME)
    drawn = []
    for i, part in enumerate(parts):
        width = part * scale
        if part:
            drawn.append(
                f'<rect class="part{i}" x="{x:.1f}" y="{y + 5}" width="{max(width - 1, 1.5):.1f}" '
                f'height="{ROW - 10}" rx="3"/>'
            )
        x += width
    count = sum(parts)
    share = f" · {count / total:.1%}" if total else ""
    short = name if len(name) <= NAME_CHARACTERS else name[: NAME_CHARACTERS - 1] + "…"
    middle = y + ROW / 2 + 4.5
    return (
        f'<g class="row"><title>{escape(name)}: {count:,}{share}</title>'
        f'<text class="name" x="{NAME - 12}" y="{middle}">{escape(short)}</text>{"".join(drawn)}'
        f'<text class="value" x="{x + 8:.1f}" y="{middle}">{count:,}'
        f'<tspan class="note">{share}</tspan></text></g>'
    )


def _column(x: float, y: float, width: float, height: float) -> str:
    """A rectangle with rounded upper corners."""
    r = min(3.0, width / 2, height)
    return (
        f"M{x:.1f} {y + height:.1f}v{-(height - r):.1f}q0 {-r:.1f} {r:.1f} {-r:.1f}"
        f"h{width - 2 * r:.1f}q{r:.1f} 0 {r:.1f} {r:.1f}v{height - r:.1f}z"
    )


def _ticks(first: float, last: float) -> list[int]:
    step = round_step((last - first) / 6)
    start = -(-int(first) // step) * step
    return list(range(start, int(last) + 1, step))


def _tick(value: int, x: float) -> str:
    anchor = "start" if x < 20 else "end" if x > WIDTH - 20 else "middle"
    return f'<text class="note" x="{x:.1f}" y="{PLOT + 17}" text-anchor="{anchor}">{value:,}</text>'


def _svg(height: int, content: str, name: str) -> str:
    return (
        f'<svg class="{name}" viewBox="0 0 {WIDTH} {height}" role="img" '
        f'xmlns="http://www.w3.org/2000/svg">{content}</svg>'
    )
