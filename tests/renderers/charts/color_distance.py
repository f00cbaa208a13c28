"""CIEDE2000, which the palettes must keep between any two of their colors."""

from __future__ import annotations

import math
from functools import cache
from itertools import combinations

from renderers.charts.palette import LINEAR, rgb_bytes

Lab = tuple[float, float, float]


@cache
def lab(color: str) -> Lab:
    """CIE L*a*b* (D65) of `#rrggbb`."""
    r, g, b = (float(LINEAR[level]) for level in rgb_bytes(color))
    x = (0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / 0.95047
    y = 0.2126729 * r + 0.7151522 * g + 0.0721750 * b
    z = (0.0193339 * r + 0.1191920 * g + 0.9503041 * b) / 1.08883
    fx, fy, fz = (
        t ** (1 / 3) if t > (6 / 29) ** 3 else t / (3 * (6 / 29) ** 2) + 4 / 29 for t in (x, y, z)
    )
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


@cache
def ciede2000(a: str, b: str) -> float:
    """Color difference CIEDE2000 of two `#rrggbb` colors."""
    return lab_distance(lab(a), lab(b))


def lab_distance(a: Lab, b: Lab) -> float:
    """CIEDE2000 (Sharma, Wu, Dalal 2005) with k_L = k_C = k_H = 1."""
    (l1, a1, b1), (l2, a2, b2) = a, b
    mean_c7 = ((math.hypot(a1, b1) + math.hypot(a2, b2)) / 2) ** 7
    g = 0.5 * (1 - math.sqrt(mean_c7 / (mean_c7 + 25**7)))
    a1, a2 = a1 * (1 + g), a2 * (1 + g)
    c1, c2 = math.hypot(a1, b1), math.hypot(a2, b2)
    h1, h2 = math.degrees(math.atan2(b1, a1)) % 360, math.degrees(math.atan2(b2, a2)) % 360

    dh = 0.0
    mean_h = h1 + h2
    if c1 * c2:
        dh = (h2 - h1 + 180) % 360 - 180
        mean_h = (h1 + h2) / 2
        if abs(h1 - h2) > 180:
            mean_h += 180 if h1 + h2 < 360 else -180
    delta_h = 2 * math.sqrt(c1 * c2) * math.sin(math.radians(dh / 2))
    mean_l, mean_c = (l1 + l2) / 2, (c1 + c2) / 2

    def cos(degrees: float) -> float:
        return math.cos(math.radians(degrees))

    t = (
        1
        - 0.17 * cos(mean_h - 30)
        + 0.24 * cos(2 * mean_h)
        + 0.32 * cos(3 * mean_h + 6)
        - 0.20 * cos(4 * mean_h - 63)
    )
    s_l = 1 + 0.015 * (mean_l - 50) ** 2 / math.sqrt(20 + (mean_l - 50) ** 2)
    s_c = 1 + 0.045 * mean_c
    s_h = 1 + 0.015 * mean_c * t
    turn = 60 * math.exp(-(((mean_h - 275) / 25) ** 2))
    r_t = -math.sin(math.radians(turn)) * 2 * math.sqrt(mean_c**7 / (mean_c**7 + 25**7))
    dl, dc, dhh = (l2 - l1) / s_l, (c2 - c1) / s_c, delta_h / s_h
    return math.sqrt(dl**2 + dc**2 + dhh**2 + r_t * dc * dhh)


def least_distance(colors: tuple[str, ...]) -> float:
    """The smallest CIEDE2000 among the colors."""
    return min(ciede2000(a, b) for a, b in combinations(colors, 2))
