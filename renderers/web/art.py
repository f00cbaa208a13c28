"""Drawings without text for the figures of pages: SVG, drawn from a seed."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise

import numpy as np

from renderers.web.document import Art

WIDTH = 400


def draw(art: Art) -> str:
    """The drawing as inline SVG; the same value always gives the same text."""
    height = max(40, round(WIDTH * art.ratio))
    rng = np.random.Generator(np.random.Philox(key=art.seed))
    body = DRAWINGS[art.kind](rng, height)
    return f'<svg viewBox="0 0 {WIDTH} {height}" preserveAspectRatio="xMidYMid slice">{body}</svg>'


def _color(rng: np.random.Generator, low: int = 30, high: int = 225) -> str:
    r, g, b = rng.integers(low, high, 3).tolist()
    return f"#{r:02x}{g:02x}{b:02x}"


def _ridge(rng: np.random.Generator, base: float, rough: float) -> list[float]:
    heights = [base + float(rng.normal(0, rough)) for _ in range(2)]
    for level in range(5):
        step = rough / 1.7**level
        heights = [
            value
            for a, b in pairwise(heights)
            for value in (a, (a + b) / 2 + float(rng.normal(0, step)))
        ] + heights[-1:]
    return heights


def _landscape(rng: np.random.Generator, height: int) -> str:
    """Hills in front of each other under a sky."""
    hue = int(rng.integers(360))
    parts = [f'<rect width="{WIDTH}" height="{height}" fill="hsl({hue},35%,82%)"/>']
    x, y, r = rng.uniform(60, 340), rng.uniform(0.12, 0.4) * height, rng.uniform(10, 30)
    parts.append(f'<circle cx="{x:.0f}" cy="{y:.0f}" r="{r:.0f}" fill="hsl({hue},60%,94%)"/>')
    for layer in range(4):
        ridge = _ridge(rng, height * (0.42 + 0.15 * layer), height * 0.09)
        points = " ".join(
            f"{WIDTH * i / (len(ridge) - 1):.0f},{v:.0f}" for i, v in enumerate(ridge)
        )
        shade = 62 - 14 * layer
        parts.append(
            f'<polygon points="0,{height} {points} {WIDTH},{height}" '
            f'fill="hsl({(hue + 25 * layer) % 360},28%,{shade}%)"/>'
        )
    return "".join(parts)


def _skyline(rng: np.random.Generator, height: int) -> str:
    """Buildings with windows."""
    hue = int(rng.integers(360))
    parts = [f'<rect width="{WIDTH}" height="{height}" fill="hsl({hue},25%,86%)"/>']
    x = -10.0
    while x < WIDTH:
        w, h = rng.uniform(28, 70), rng.uniform(0.25, 0.85) * height
        shade = int(rng.integers(25, 60))
        parts.append(
            f'<rect x="{x:.0f}" y="{height - h:.0f}" width="{w:.0f}" height="{h:.0f}" '
            f'fill="hsl({hue},12%,{shade}%)"/>'
        )
        for wy in np.arange(height - h + 8, height - 8, 13).tolist():
            for wx in np.arange(x + 6, x + w - 8, 11).tolist():
                if rng.random() < 0.6:
                    parts.append(
                        f'<rect x="{wx:.0f}" y="{wy:.0f}" width="5" height="7" '
                        f'fill="hsl(48,70%,{shade + 28}%)"/>'
                    )
        x += w + rng.uniform(-6, 8)
    return "".join(parts)


def _portrait(rng: np.random.Generator, height: int) -> str:
    """A person from the shoulders up."""
    skin, coat, back = _color(rng, 120, 230), _color(rng, 30, 120), _color(rng, 150, 235)
    cx, r = WIDTH / 2 + rng.uniform(-30, 30), height * rng.uniform(0.17, 0.22)
    top = height * 0.42
    return (
        f'<rect width="{WIDTH}" height="{height}" fill="{back}"/>'
        f'<ellipse cx="{cx:.0f}" cy="{height * 1.02:.0f}" rx="{r * 2.1:.0f}" ry="{r * 1.6:.0f}"'
        f' fill="{coat}"/><rect x="{cx - r * 0.3:.0f}" y="{top:.0f}" width="{r * 0.6:.0f}" '
        f'height="{r * 1.6:.0f}" fill="{skin}"/><ellipse cx="{cx:.0f}" cy="{top - r * 0.2:.0f}" '
        f'rx="{r * 1.04:.0f}" ry="{r * 1.2:.0f}" fill="{_color(rng, 20, 90)}"/>'
        f'<ellipse cx="{cx:.0f}" cy="{top:.0f}" rx="{r * 0.85:.0f}" ry="{r:.0f}" fill="{skin}"/>'
    )


def _curves(rng: np.random.Generator, height: int) -> str:
    """Curves between axes, without labels."""
    parts = [f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>']
    left, bottom = 30, height - 24
    for i in range(1, 5):
        y = bottom - i * (bottom - 12) / 4
        parts.append(f'<path d="M{left} {y:.0f}H{WIDTH - 12}" stroke="#ddd"/>')
    for _ in range(int(rng.integers(1, 4))):
        phase, tall, slow = rng.uniform(0, 6), rng.uniform(0.1, 0.4), rng.uniform(0.5, 2.2)
        base = rng.uniform(0.35, 0.65)
        points = []
        for i in range(41):
            t = i / 40
            v = base + tall * math.sin(phase + slow * 6.28 * t) * (0.4 + 0.6 * t)
            x, y = left + t * (WIDTH - left - 16), bottom - v * (bottom - 16)
            points.append(f"{x:.0f},{min(bottom, max(10, y)):.0f}")
        parts.append(
            f'<polyline points="{" ".join(points)}" fill="none" stroke="{_color(rng, 0, 190)}" '
            f'stroke-width="2.4"/>'
        )
    parts.append(f'<path d="M{left} 10V{bottom}H{WIDTH - 12}" fill="none" stroke="#222"/>')
    return "".join(parts)


def _bars(rng: np.random.Generator, height: int) -> str:
    """Columns on an axis, without labels."""
    count, color = int(rng.integers(4, 12)), _color(rng, 20, 190)
    parts = [f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>']
    step = (WIDTH - 50) / count
    for i in range(count):
        h = rng.uniform(0.1, 0.95) * (height - 40)
        parts.append(
            f'<rect x="{34 + i * step:.0f}" y="{height - 22 - h:.0f}" width="{step * 0.7:.0f}" '
            f'height="{h:.0f}" fill="{color}"/>'
        )
    parts.append(f'<path d="M28 10V{height - 22}H{WIDTH - 10}" fill="none" stroke="#222"/>')
    return "".join(parts)


def _network(rng: np.random.Generator, height: int) -> str:
    """Boxes and circles joined by lines, as in a diagram of a system."""
    ink = _color(rng, 20, 120)
    parts = [f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>']
    columns = int(rng.integers(3, 5))
    places = [
        (
            50 + (WIDTH - 100) * c / (columns - 1),
            height * (r + 1) / (rows + 1),
        )
        for c in range(columns)
        for rows in [int(rng.integers(1, 4))]
        for r in range(rows)
    ]
    for (x0, y0), (x1, y1) in pairwise(places):
        parts.append(
            f'<path d="M{x0:.0f} {y0:.0f}L{x1:.0f} {y1:.0f}" stroke="{ink}" stroke-width="1.5"/>'
        )
    for x, y in places:
        fill = _color(rng, 170, 245)
        if rng.random() < 0.6:
            parts.append(
                f'<rect x="{x - 26:.0f}" y="{y - 15:.0f}" width="52" height="30" rx="4" '
                f'fill="{fill}" stroke="{ink}"/>'
            )
        else:
            parts.append(f'<circle cx="{x:.0f}" cy="{y:.0f}" r="17" fill="{fill}" stroke="{ink}"/>')
    return "".join(parts)


def _product(rng: np.random.Generator, height: int) -> str:
    """A thing on a plain ground: a bottle, a box or a cup."""
    ground, body, accent = _color(rng, 215, 250), _color(rng, 40, 200), _color(rng, 90, 240)
    cx, unit = WIDTH / 2, height / 10
    parts = [f'<rect width="{WIDTH}" height="{height}" fill="{ground}"/>']
    parts.append(
        f'<ellipse cx="{cx}" cy="{9 * unit:.0f}" rx="{3.4 * unit:.0f}" ry="{0.5 * unit:.0f}" '
        f'fill="#0002"/>'
    )
    match int(rng.integers(3)):
        case 0:
            parts.append(
                f'<rect x="{cx - 0.6 * unit:.0f}" y="{unit:.0f}" width="{1.2 * unit:.0f}" '
                f'height="{2.6 * unit:.0f}" fill="{accent}"/><rect x="{cx - 1.7 * unit:.0f}" '
                f'y="{3.2 * unit:.0f}" width="{3.4 * unit:.0f}" height="{5.8 * unit:.0f}" '
                f'rx="{0.9 * unit:.0f}" fill="{body}"/>'
            )
        case 1:
            parts.append(
                f'<rect x="{cx - 3 * unit:.0f}" y="{3 * unit:.0f}" width="{6 * unit:.0f}" '
                f'height="{6 * unit:.0f}" fill="{body}"/><rect x="{cx - 3 * unit:.0f}" '
                f'y="{5 * unit:.0f}" width="{6 * unit:.0f}" height="{unit:.0f}" fill="{accent}"/>'
            )
        case _:
            parts.append(
                f'<path d="M{cx - 2.4 * unit:.0f} {3 * unit:.0f}h{4.8 * unit:.0f}l'
                f'-{0.7 * unit:.0f} {6 * unit:.0f}h-{3.4 * unit:.0f}z" fill="{body}"/>'
                f'<circle cx="{cx + 2.7 * unit:.0f}" cy="{5.2 * unit:.0f}" r="{1.2 * unit:.0f}" '
                f'fill="none" stroke="{body}" stroke-width="{0.5 * unit:.0f}"/>'
            )
    return "".join(parts)


def _emblem(rng: np.random.Generator, height: int) -> str:
    """A seal or a company's sign."""
    color, r = _color(rng, 20, 170), height * 0.42
    cx, cy = WIDTH / 2, height / 2
    points = int(rng.integers(5, 13))
    star = " ".join(
        f"{cx + r * (0.72 if i % 2 else 0.4) * math.sin(math.pi * i / points):.1f},"
        f"{cy - r * (0.72 if i % 2 else 0.4) * math.cos(math.pi * i / points):.1f}"
        for i in range(2 * points)
    )
    return (
        f'<circle cx="{cx}" cy="{cy}" r="{r:.0f}" fill="none" stroke="{color}" '
        f'stroke-width="{r * 0.1:.1f}"/><polygon points="{star}" fill="{color}"/>'
    )


def _barcode(rng: np.random.Generator, height: int) -> str:
    x, parts = 0.0, []
    while x < WIDTH - 8:
        w = float(rng.choice([2, 2, 4, 6]))
        parts.append(f'<rect x="{x:.0f}" width="{w:.0f}" height="{height}"/>')
        x += w + float(rng.choice([2, 4, 4, 6]))
    return "".join(parts)


DRAWINGS: dict[str, Callable[[np.random.Generator, int], str]] = {
    "landscape": _landscape,
    "skyline": _skyline,
    "portrait": _portrait,
    "curves": _curves,
    "bars": _bars,
    "network": _network,
    "product": _product,
    "emblem": _emblem,
    "barcode": _barcode,
}
"""Drawings by name."""
PHOTOS = ("landscape", "skyline", "portrait")
DIAGRAMS = ("curves", "bars", "network")
