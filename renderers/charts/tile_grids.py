"""Maps of equal tiles: where each region of a map has its tile."""

from __future__ import annotations

from collections.abc import Iterable

_UNITED_STATES = """
AK . . . . . . . . . . ME
. . . . . . . . . . VT NH
. WA ID MT ND MN IL WI MI NY RI MA
. OR NV WY SD IA IN OH PA NJ CT .
. CA UT CO NE MO KY WV VA MD DE .
. . AZ NM KS AR TN NC SC DC . .
. . . . OK LA MS AL GA . . .
HI . . . TX . . . . FL . .
"""
_EUROPE = """
IS . . NO SE FI .
. . . . . . EE
IE UK . DK . . LV
. BE NL DE PL LT .
. FR LU CZ SK UA .
. CH AT HU RO MD .
PT ES IT SI HR RS BG
. . MT . AL MK GR
"""
_CHINA = """
. . . . . . . 黑
. . . . . 蒙 . 吉
新 . 甘 宁 晋 京 津 辽
. 青 . 陕 豫 冀 鲁 .
藏 川 渝 鄂 皖 苏 沪 .
. 云 贵 湘 赣 浙 . .
. . 桂 粤 闽 . . .
. . . 琼 . . . .
"""


def _places(rows: str) -> dict[str, tuple[int, int]]:
    return {
        name: (r, c)
        for r, row in enumerate(rows.split("\n")[1:-1])
        for c, name in enumerate(row.split())
        if name != "."
    }


TILE_GRIDS: dict[str, tuple[dict[str, tuple[int, int]], ...]] = {
    "en": (_places(_UNITED_STATES), _places(_EUROPE)),
    "zh": (_places(_CHINA),),
}
"""The maps of each language: row and column of each region, by the name on its tile."""


def tile_grid(names: Iterable[str]) -> dict[str, tuple[int, int]] | None:
    """The map that has all of these regions; None if there is none."""
    wanted = set(names)
    grids = (grid for grids in TILE_GRIDS.values() for grid in grids)
    return next((grid for grid in grids if wanted <= set(grid)), None)


def tile_place(name: str, names: Iterable[str]) -> tuple[int, int]:
    """Row and column of a region in the map that has all of `names`.

    Raises:
        ValueError: no map has them all.
    """
    grid = tile_grid(names)
    if grid is None:
        raise ValueError("no map of tiles has all of these regions")
    return grid[name]
