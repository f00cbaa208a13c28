"""The look of a composed page: CSS file, fonts that have all of its characters, sizes in pixels."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from renderers.fonts import Family, covering, needs_glyph
from renderers.languages.registry import Language, language
from renderers.rejected import Rejected
from renderers.web.document import PageStyle, WebPage
from renderers.web.renderer import hyphenated_share, looks_of
from renderers.web.texts import texts_of
from vary_data.sources.web_pages.composition import Composition

MONO = "DejaVu Sans Mono"
PREFERRED = 0.75
"""Share of the pages that have a family of the genre's first style."""
COMMON_LEADING = 1.55
"""Scripts with higher lines keep theirs where a genre has a leading of its own."""
NARROW_FALLBACK = ("sans", "serif", "kai", "mono")


def choose_style(
    page: WebPage,
    composition: Composition,
    long_side: int,
    fonts: Sequence[Family],
    rng: np.random.Generator,
    larger: float = 1.0,
) -> PageStyle:
    """A look of the genre for this page, in one of the fonts; the longer side of a sheet is
    `long_side` pixels. The text is `larger` than that of the sheet.

    Raises:
        Rejected: `glyph`: none of the fonts has all characters of the page.
    """
    sheet = composition.sheet
    known = covering(fonts, map(_drawn, texts_of(page)))
    if not known:
        raise Rejected("glyph", "no font can write all of its texts")
    scale = long_side / max(sheet.width, sheet.tallest)
    lang = language(page.lang)
    size = larger * max(lang.smallest, sheet.size * scale)
    looks = composition.looks or looks_of(page.genre)
    leading = lang.leading + float(rng.uniform(-0.08, 0.12))
    variables = dict(composition.variables)
    if "leading" in variables and lang.leading <= COMMON_LEADING:
        leading = float(variables["leading"])
    return PageStyle(
        look=looks[int(rng.integers(len(looks)))],
        width=round(sheet.width * scale),
        height=None if sheet.height is None else round(sheet.height * scale),
        max_height=round(sheet.tallest * scale),
        size=size,
        body=_family(known, composition.body, rng),
        head=_family(known, composition.head, rng),
        mono=MONO,
        variables={**variables, "leading": f"{leading:.2f}"},
        vertical=composition.vertical,
    )


def is_hyphenated(style: PageStyle, lang: Language, rng: np.random.Generator) -> bool:
    """Whether words are broken at the ends of lines: in a share of the pages of some looks."""
    share = hyphenated_share(style.look) if lang.hyphenation else 0.0
    return bool(share and rng.random() < share)


def _drawn(text: str) -> str:
    """The characters of a text that need a glyph, each once, in any order."""
    return "".join(filter(needs_glyph, set(text)))


def _family(known: Sequence[Family], styles: Sequence[str], rng: np.random.Generator) -> str:
    """A family of the first style that is installed, now and then of the next one."""
    wanted = [style for style in styles if any(f.style == style for f in known)]
    wanted = wanted or [style for style in NARROW_FALLBACK if any(f.style == style for f in known)]
    style = wanted[0] if len(wanted) == 1 or rng.random() < PREFERRED else wanted[1]
    fitting = [family.name for family in known if family.style == style]
    return fitting[int(rng.integers(len(fitting)))]
