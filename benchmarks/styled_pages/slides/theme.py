"""How the slides of a deck look, drawn at random: size, colors, title, navigation, foot."""

from __future__ import annotations

import colorsys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from benchmarks.page_styles import Family
from benchmarks.styled_pages.lines import Type
from benchmarks.styled_pages.look import Look, pick, random_look, random_type
from benchmarks.styled_pages.sheet import BLACK, Face, Ink
from benchmarks.styled_pages.slides.inks import (
    FADED_CONTRAST,
    TEXT_CONTRAST,
    WHITE,
    blended,
    contrast,
    opposite,
    readable,
)

BEAMER = {(362.8, 272.1): 0.3, (453.5, 255.1): 0.3}
OFFICE = {(720.0, 540.0): 0.15, (960.0, 540.0): 0.25}
"""Points, with shares of all decks."""
BEAMER_SIZES = (9, 10, 10.95, 10.95, 12)
OFFICE_SIZES = (16, 18, 20, 24, 24, 28)
LEAST_SIZE = 0.0115
"""Of type in navigation and foot, as a share of the width: 12 of 1,024 pixels."""
SANS = 0.75
"""The share of decks in a sans-serif face."""
BEAMER_BLUE: Ink = (0.2, 0.2, 0.7)
MARK_STYLES = ("text", "text", "drawn", "number")
NUMBER_FORMS = ("{}.", "({})", "[{}]", "{})")


@dataclass(frozen=True)
class Theme:
    """Colors and places of what is around the content of slides.

    `title` is plain, bar, tint or rule; `navigation` none, row, left or right; `foot` none, page,
    of, line, bars or rows; `marks` of items are text, drawn or number, in `number_form`.
    `column` is the width of a navigation column, `band` the height of the row above [points]; its
    names take all of the width if `spread`.
    """

    paper: Ink
    bar: Ink
    tint: Ink
    accent: Ink
    navigation_ground: Ink
    foot_grounds: Sequence[Ink]
    title: str
    title_align: str
    title_size: float
    navigation: str
    column: float
    band: float
    spread: bool
    foot: str
    foot_size: float
    marks: str
    number_form: str
    lowered: float
    """The share of the free space that is above the content."""


def random_theme(rng: np.random.Generator, width: float, size: float) -> Theme:
    """A theme for slides of a width with type of a size [points]."""
    hue, strong = float(rng.random()), float(rng.uniform(0.5, 1.0))
    accent: Ink = BEAMER_BLUE if rng.random() < 0.25 else _color(hue, strong, rng.uniform(0.3, 0.7))
    if rng.random() < 0.12:
        accent = _color(0.0, 0.0, rng.uniform(0.2, 0.4))
    papers = (WHITE, _color(hue, 0.05, 0.97), _color(hue, strong * 0.7, rng.uniform(0.05, 0.25)))
    paper: Ink = pick(rng, papers, (0.62, 0.16, 0.22))
    bar = readable(accent, WHITE)
    lighter = opposite(paper) == WHITE
    tint = blended(paper, WHITE if lighter else accent, float(rng.uniform(0.06, 0.16)))
    navigation = pick(rng, ("none", "row", "left", "right"), (0.45, 0.25, 0.2, 0.1))
    grounds = (paper, bar, blended(bar, BLACK, 0.6), blended(paper, bar, 0.3))
    foot = pick(
        rng, ("none", "page", "of", "line", "bars", "rows"), (0.16, 0.14, 0.14, 0.14, 0.3, 0.12)
    )
    shades = [blended(bar, BLACK, share) for share in (0.5, 0.25, 0.0)]
    return Theme(
        paper=paper, bar=bar, tint=tint, accent=readable(accent, paper),
        navigation_ground=pick(rng, grounds),
        foot_grounds=pick(rng, (shades, shades[::-1], 3 * [bar], 3 * [tint])),
        title=pick(rng, ("plain", "bar", "tint", "rule"), (0.35, 0.3, 0.15, 0.2)),
        title_align=pick(rng, ("left", "left", "center")),
        title_size=float(pick(rng, (1.2, 1.44, 1.44, 1.7))) * size,
        navigation=navigation,
        column=float(rng.uniform(0.15, 0.22)) * width, band=float(rng.uniform(1.3, 2.0)) * size,
        spread=rng.random() < 0.5,
        foot=foot, foot_size=max(float(rng.uniform(0.55, 0.72)) * size, LEAST_SIZE * width),
        marks=pick(rng, MARK_STYLES), number_form=pick(rng, NUMBER_FORMS),
        lowered=float(pick(rng, (0.0, 0.1, 0.4, 0.5))),
    )  # fmt: skip


def slide_look(rng: np.random.Generator, lang: str) -> Look:
    """The look of a deck's content: paper, margins and type of slides."""
    look = random_look(rng, lang, {1: 1.0}, False)
    sizes = {**BEAMER, **OFFICE}
    width, height = pick(rng, list(sizes), list(sizes.values()))
    size = float(pick(rng, BEAMER_SIZES if width < 500 else OFFICE_SIZES))
    side = float(rng.uniform(0.03, 0.08)) * width
    leading = float(rng.uniform(1.15, 1.3) if lang == "en" else rng.uniform(1.25, 1.5))
    return replace(
        look, width=width, height=height, left=side, right=side, top=0.04 * height,
        bottom=0.04 * height, gap=1.5 * size, size=size, leading=leading * size, indent=0.0,
        skip=float(rng.uniform(0.25, 0.9)) * size, hyphenated=False,
        align="left" if rng.random() < 0.85 else "fill",
        code=replace(look.code, numbers=pick(rng, ("inside", "none")), indent=0.0),
    )  # fmt: skip


def in_theme(look: Look, theme: Theme) -> Look:
    """The look with colors that fit the theme's paper, and room for its navigation."""
    beside = {"left": (theme.column, 0.0), "right": (0.0, theme.column)}
    left, right = beside.get(theme.navigation, (0.0, 0.0))
    code = replace(look.code, shade=theme.tint if look.code.shade else None)
    if opposite(theme.paper) == WHITE:  # rows are numbered in black or gray
        code = replace(code, numbers="none")
    return replace(
        look, left=look.left + left, right=look.right + right, code=code,
        shades=(theme.tint,), inks=(theme.accent,),
    )  # fmt: skip


def slide_type(
    rng: np.random.Generator,
    lang: str,
    families: Sequence[Family],
    open_face: Callable[[str], Face],
) -> Type:
    """Faces of a deck, most of them without serifs."""
    faces = random_type(rng, lang, families, open_face)
    family = pick(rng, [f for f in families if f.lang == "en" and f.kind == "sans"])
    if rng.random() >= SANS:
        return faces
    regular = open_face(family.faces["regular"])
    bold = open_face(family.faces.get("bold") or family.faces["regular"])
    latin = {**faces.latin, "roman": regular, "sans": regular, "bold": bold, "heading": bold}
    han = dict(faces.han)
    if han and rng.random() < SANS:
        han |= {"roman": han["sans"], "bold": han["heading"]}
    return replace(faces, latin=latin, han=han)


def painted(faces: Type, theme: Theme, rng: np.random.Generator) -> Type:
    """The faces with styles of slides, and inks for all styles that can be read on their ground."""
    text = blended(opposite(theme.paper), theme.bar, 0.15 * float(rng.random()))
    heavy = "heading" if rng.random() < 0.6 else "sans"
    on_title = {"bar": theme.bar, "tint": theme.tint}.get(theme.title, theme.paper)
    title = WHITE if theme.title == "bar" else readable(theme.accent, on_title)
    faded = blended(text, theme.paper, 0.5)
    ground = theme.navigation_ground
    here = opposite(ground)
    inks = dict.fromkeys(faces.latin, text)
    for name, ink in faces.inks.items():  # of code, which may be on a shade
        on_paper = readable(ink, theme.paper)
        inks[name] = on_paper if contrast(on_paper, theme.tint) >= TEXT_CONTRAST else text
    styles: Mapping[str, tuple[str, Ink]] = {
        "title": (heavy, title),
        "on bar": (heavy, WHITE),
        "accent": ("heading", theme.accent),
        "mark": ("roman", theme.accent),
        "faded": ("roman", readable(faded, theme.paper, FADED_CONTRAST)),
        "here": ("heading", here),
        "elsewhere": ("sans", readable(blended(here, ground, 0.5), ground, FADED_CONTRAST)),
        **{
            f"foot {k}": ("sans", WHITE if opposite(foot) == WHITE else readable(theme.bar, foot))
            for k, foot in enumerate(theme.foot_grounds)
        },
        "foot": ("sans", readable(blended(text, theme.paper, 0.3), theme.paper)),
    }
    latin = {**faces.latin, **{name: faces.latin[like] for name, (like, _) in styles.items()}}
    han = dict(faces.han)
    if han:
        han |= {name: han[like] for name, (like, _) in styles.items()}
    return replace(
        faces, latin=latin, han=han, inks={**inks, **{n: ink for n, (_, ink) in styles.items()}}
    )


def _color(hue: float, saturation: float, value: float) -> Ink:
    r, g, b = (round(part, 2) for part in colorsys.hsv_to_rgb(hue, saturation, float(value)))
    return r, g, b
