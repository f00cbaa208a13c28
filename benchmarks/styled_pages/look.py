"""How a document of the placed layouts looks, drawn at random: paper, type, listings, margins."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks.page_styles import Family
from benchmarks.styled_pages.lines import Type
from benchmarks.styled_pages.sheet import BLACK, Face, Ink

PAPERS = {(595, 842): 0.55, (612, 792): 0.28, (516, 729): 0.07, (420, 595): 0.06, (482, 680): 0.04}
"""Points: A4, Letter, B5, A5, a book."""
SERIF_TEX = ("lmroman", "texgyre", "LinLibertine", "FreeSerif", "LiberationSerif")
"""Names of files that TeX documents use often: half of all documents have one of them."""
INKS: tuple[Ink, ...] = ((0.0, 0.0, 0.55), (0.5, 0.0, 0.0), (0.0, 0.35, 0.1), (0.45, 0.1, 0.5),
                         (0.1, 0.35, 0.6), (0.8, 0.3, 0.0))  # fmt: skip
GRAYS: tuple[Ink, ...] = ((0.0, 0.0, 0.0), (0.0, 0.0, 0.0), (0.5, 0.5, 0.5), (0.35, 0.35, 0.35))
SHADES: tuple[Ink, ...] = (
    (0.95, 0.95, 0.95),
    (0.96, 0.97, 1.0),
    (1.0, 0.98, 0.92),
    (0.9, 0.9, 0.9),
)


@dataclass(frozen=True)
class CodeLook:
    """How listings look; sizes are shares of the body's. `numbers` is left, inside or none: before
    the margin, in the column, or not there. `step` numbers every so-many-th row."""

    size: float
    leading: float
    numbers: str
    number_style: str
    number_size: float
    step: int
    running: bool
    shade: Ink | None
    frame: str
    indent: float
    colored: bool


@dataclass(frozen=True)
class Look:
    """Lengths in points; `left`, `top`, `right`, `bottom` are margins. `head` and `foot` are the
    patterns of what stands above and below the text."""

    width: float
    height: float
    left: float
    top: float
    right: float
    bottom: float
    columns: int
    gap: float
    size: float
    leading: float
    indent: float
    skip: float
    align: str
    hyphenated: bool
    heading: float
    heading_style: str
    heading_align: str
    numbered: bool
    dot: str
    head: str
    foot: str
    rule: bool
    leader: str
    leader_pitch: float
    bullet: str
    page: int
    code: CodeLook
    shades: Sequence[Ink] = SHADES
    """Of boxes with text in them."""
    inks: Sequence[Ink] = INKS
    """Of their frames."""

    @property
    def column(self) -> float:
        return (self.width - self.left - self.right - (self.columns - 1) * self.gap) / self.columns


def pick(rng: np.random.Generator, values: Sequence[Any], p: Sequence[float] | None = None) -> Any:
    return values[int(rng.choice(len(values), p=p))]


def random_look(
    rng: np.random.Generator, lang: str, columns: Mapping[int, float], side: bool
) -> Look:
    """A look; with `side` the left margin has room for names."""
    chinese = lang == "zh"
    width, height = pick(rng, list(PAPERS), list(PAPERS.values()))
    count = pick(rng, list(columns), list(columns.values()))
    small = width < 500
    size = float(
        pick(rng, (9, 10, 10, 10, 11, 12)) if not chinese else pick(rng, (9, 10, 10.5, 10.5, 12))
    )
    size *= float(rng.uniform(0.95, 1.05))
    if count > 1 or small:
        size = min(size, 10.0)
    text_share = float(rng.uniform(0.58, 0.8 if count == 1 else 0.86))
    text = max(width * text_share, min(width * 0.82, 250.0))
    left = (width - text) * float(rng.uniform(0.4, 0.6))
    if side:
        left = max(left, width * float(rng.uniform(0.2, 0.3)))
        text = min(text, width - left - 0.08 * width)
    top, bottom = (float(rng.uniform(0.08, 0.17)) * height for _ in range(2))
    leading = float(rng.uniform(1.15, 1.35) if not chinese else rng.uniform(1.3, 1.75))
    spaced = rng.random() < 0.35
    return Look(
        width=width, height=height, left=left, top=top, right=width - left - text, bottom=bottom,
        columns=count, gap=float(rng.uniform(10, 24)), size=size, leading=size * leading,
        indent=0.0 if spaced else (2.0 if chinese else float(rng.uniform(1.2, 2))) * size,
        skip=float(rng.uniform(0.3, 0.9)) * size if spaced else 0.0,
        align=pick(rng, ("fill", "fill", "fill", "fill", "left")),
        hyphenated=not chinese and rng.random() < 0.8,
        heading=float(pick(rng, (1.0, 1.2, 1.2, 1.44, 1.7))),
        heading_style=pick(
            rng, ("bold", "sans", "italic", "heading", "caps"), (0.4, 0.2, 0.15, 0.2, 0.05)
        ),
        heading_align=pick(rng, ("left", "left", "left", "center")),
        numbered=rng.random() < 0.75, dot=pick(rng, ("", "", ".", "")),
        head=pick(rng, ("none", "split", "split", "split", "page", "title")),
        foot=pick(rng, ("none", "page", "page", "dashes", "of", "split")),
        rule=rng.random() < 0.35, leader=pick(rng, (".", ".", ".", "·")),
        leader_pitch=float(pick(rng, (0.28, 0.44, 0.5, 0.55, 0.8))),
        bullet=pick(rng, ("•", "•", "–", "◦", "∗", "■", "▸")), page=int(rng.integers(1, 220)),
        code=random_code(rng),
    )  # fmt: skip


def random_code(rng: np.random.Generator) -> CodeLook:
    numbers = pick(rng, ("left", "inside", "none"), (0.5, 0.15, 0.35))
    shaded = rng.random() < 0.35
    return CodeLook(
        size=float(pick(rng, (0.8, 0.9, 0.9, 1.0))),
        leading=float(rng.uniform(1.05, 1.3)),
        numbers=numbers,
        number_style=pick(rng, ("roman", "roman", "mono", "sans")),
        number_size=float(pick(rng, (0.5, 0.55, 0.7, 0.8, 1.0), (0.25, 0.25, 0.25, 0.15, 0.1))),
        step=pick(rng, (1, 1, 1, 1, 1, 1, 2, 5)),
        running=rng.random() < 0.6,
        shade=pick(rng, SHADES) if shaded else None,
        frame=pick(rng, ("none", "none", "none", "all", "rules", "left")),
        indent=float(pick(rng, (0.0, 0.0, 1.0, 2.0))),
        colored=rng.random() < 0.35,
    )


def random_type(
    rng: np.random.Generator,
    lang: str,
    families: Sequence[Family],
    open_face: Callable[[str], Face],
) -> Type:
    """Faces of a document: a text family, one for headings, a fixed-width one."""

    def of(language: str, *kinds: str) -> Family:
        found: Family = pick(rng, [f for f in families if f.lang == language and f.kind in kinds])
        return found

    def face(family: Family, style: str) -> Face:
        return open_face(family.faces.get(style) or family.faces["regular"])

    body = of("en", "serif") if rng.random() < 0.75 else of("en", "sans")
    if rng.random() < 0.5:
        usual = [f for f in families if f.lang == "en" and f.kind == "serif"
                 and f.faces["regular"].startswith(SERIF_TEX)]  # fmt: skip
        body = pick(rng, usual)
    sans, mono = of("en", "sans"), of("en", "mono")
    if rng.random() < 0.5:
        mono = pick(rng, [f for f in families if f.faces["regular"].startswith("lmmono")])
    heading = sans if rng.random() < 0.5 else body
    latin = {
        "roman": face(body, "regular"),
        "bold": face(body, "bold"),
        "italic": face(body, "italic"),
        "sans": face(sans, "regular"),
        "caps": face(of("en", "caps"), "regular"),
        "heading": face(heading, "bold"),
        "mono": face(mono, "regular"),
        "keyword": face(mono, "bold"),
        "comment": face(mono, "italic"),
        "name": face(mono, "regular"),
    }
    han: dict[str, Face] = {}
    if lang == "zh":
        song = of("zh", "serif") if rng.random() < 0.75 else of("zh", "sans", "kai")
        hei, kai = of("zh", "sans"), of("zh", "kai")
        fixed = pick(rng, (song, hei, kai))
        han = {
            "roman": face(song, "regular"),
            "bold": face(hei, "regular") if rng.random() < 0.6 else face(song, "bold"),
            "italic": face(kai, "regular"),
            "sans": face(hei, "regular"),
            "heading": face(hei, "bold"),
            "mono": face(fixed, "regular"),
            "keyword": face(fixed, "regular"),
            "comment": face(fixed, "regular"),
            "name": face(fixed, "regular"),
        }
    inks: dict[str, Ink] = {}
    accent: Ink = pick(rng, INKS)
    if rng.random() < 0.3:
        inks["heading"] = accent
    if rng.random() < 0.4:
        inks |= {"keyword": pick(rng, INKS), "comment": pick(rng, (*INKS, *GRAYS))}
    if rng.random() < 0.3:
        inks["name"] = accent
    return Type(
        latin=latin,
        han=han,
        signs=[open_face("DejaVuSans.ttf"), open_face("FreeSerif.ttf")],
        inks=inks,
        squeezed=pick(rng, (1.0, 1.0, 0.5, 0.75)),
        quarter=pick(rng, (0.25, 0.25, 0.2, 0.12, 0.0, None)),
        chinese=lang == "zh",
    )


NUMBER_INKS: tuple[Ink, ...] = (BLACK, BLACK, (0.5, 0.5, 0.5), (0.35, 0.35, 0.35))
