"""Draws pages: HTML into the open browser, layout read back, audited, repaired or rejected."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from renderers.browser_page import BrowserPage, PageFailed
from renderers.find_browser import find_browser
from renderers.fonts import Family, families, needs_glyph, written_by
from renderers.languages.registry import Language, language
from renderers.picture import Picture, Pixels, garbage_collection_paused
from renderers.rejected import Rejected
from renderers.tool_errors import ToolNotFound
from renderers.web.audit import audit, check_overlap
from renderers.web.document import PageStyle, WebPage
from renderers.web.html import Written, write
from renderers.web.katex import load_katex, printed_letters, prints_all
from renderers.web.markdown import page_text
from renderers.web.metrics import LineMetrics
from renderers.web.readback import Layout, read_back
from renderers.web.regions import to_regions

POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
"""Nothing is loaded, and no script of a page runs; pictures are in the page itself."""
PDF_TIMES = 3
"""How much longer a call may take where PDFs are made: fonts are cut down for each."""
COMPOSED = ("Latn", "Cyrl")
"""Scripts whose letters need no composition by the font: marks are part of their characters."""
ONE_GLYPH_EACH = 'html { font-feature-settings: "ccmp" 0 }\n'
"""Composition (`ccmp`) gives the f of `für` another glyph in Linux Libertine, so that it keeps away
from the dots. That glyph belongs to no character, so that a PDF has no text for it: U+FFFD."""
REPAIRABLE = ("overflow", "overlap", "clipped")
SMALLER = 0.93
"""Size of the text of a repair, as a share of the size before it."""
MAX_REPAIRS = 3
LATIN_EXTENT = 1.18
"""Height of Latin letters with accents and descenders, by the size of the font."""
_JUSTIFIED = re.compile("(?<=align: )justify")
_HYPHENATED = re.compile(r"--hyphenated: ([\d.]+)")
_LINE_HEIGHT = re.compile(r"(line-height|--leading): ([\d.]+)(?=[;} ])")


@dataclass(frozen=True, slots=True)
class RenderedPage:
    """A drawn page. `text_ink` is the share of the ink that is under text, `size` the size of the
    body text in pixels after repairs, whose reasons are in `repairs`. `shown` says of each picture
    with a truth of its own, in their order, whether it is on the page."""

    picture: Picture
    text: str
    text_ink: float
    size: float
    repairs: tuple[str, ...]
    shown: tuple[bool, ...] = ()


class WebRenderer:
    """One Chromium, opened at once and kept until `close`; pages are at most `side` pixels."""

    def __init__(
        self,
        side: int,
        languages: Sequence[str],
        *,
        fonts: Sequence[Family] = (),
        browser: str | None = None,
        markdown: bool = True,
        katex: bool = False,
        as_pdf: bool = False,
        timeout: float = 20.0,
        recycle_after: int = 500,
    ) -> None:
        """Open the browser; pages may be in `fonts` besides the installed families.

        With `katex`, formulas without MathML are drawn by KaTeX. With `as_pdf`, pictures are those
        of the PDF that the browser makes, by MuPDF.

        Raises:
            ToolNotFound: no Chromium or KaTeX, or it refuses one of the fonts; the hint is what to
                do.
        """
        known = {family.name: family for lang in languages for family in families(lang)}
        known |= {family.name: family for family in fonts}
        self._families = known
        self._metrics = LineMetrics(known)
        self._markdown = markdown
        self._as_pdf = as_pdf
        self.name = "chromium-pdf" if as_pdf else "chromium"
        self._katex = load_katex() if katex else None
        own = ("hyphens.js", "page.js")
        scripts = [Path(__file__).with_name(name).read_text(encoding="utf-8") for name in own]
        if self._katex is not None:
            scripts.insert(0, self._katex.script.read_text(encoding="utf-8"))
        self._page = BrowserPage(
            find_browser(browser),
            scripts,
            timeout=PDF_TIMES * timeout if as_pdf else timeout,
            recycle_after=recycle_after,
            policy=POLICY,
            viewport=(side, side),
        )
        for family in fonts:
            if not self._page.add_font(family):
                self._page.close()
                raise ToolNotFound(
                    f"Chromium refuses the font {family.name}", "remove its files from the folder"
                )

        for name, weight, slant, path in self._katex.fonts if self._katex else ():
            self._page.add_font_file(name, weight, slant, path.read_bytes)

    def printable(self, formulas: Sequence[str]) -> list[bool]:
        """Which formulas KaTeX draws with all the letters of their source."""
        printed = self._page.call("vary.formulas", list(formulas))
        return [
            text is not None and prints_all(printed_letters(latex), text)
            for latex, text in zip(formulas, printed, strict=True)
        ]

    def figure_sizes(self, page: WebPage, style: PageStyle) -> list[tuple[float, float]]:
        """Width and height in pixels of each figure of the page, in order; 0 if it is not on it.

        Raises:
            Rejected: the browser cannot lay the page out.
        """
        written = write(page, hyphenated=style.hyphenated)
        self._page.count_use()
        try:
            sizes = self._page.call("vary.sizes", self._request(page, written, style))
        except PageFailed as error:
            raise Rejected("layout", error.message) from error
        return [
            (float(size[0]), float(size[1]))
            for entry, size in zip(written.entries, sizes, strict=True)
            if entry.role in ("figure", "chart")
        ]

    def render(self, page: WebPage, style: PageStyle) -> RenderedPage:
        """Lay the page out, compare, audit; smaller text where something did not fit.

        Raises:
            Rejected: no repair makes the page pass.
            BackendDied: the browser is gone; this renderer cannot be used any more.
        """
        written = write(page, hyphenated=style.hyphenated)
        check_glyphs(written, style, self._families)
        self._page.count_use()
        repairs: list[str] = []
        while True:
            try:
                return self._draw(page, written, style, tuple(repairs))
            except Rejected as rejected:
                if rejected.reason not in REPAIRABLE or len(repairs) == MAX_REPAIRS:
                    raise
                repairs.append(rejected.reason)
                style = replace(style, size=style.size * SMALLER)

    def close(self) -> None:
        self._page.close()

    def _draw(
        self, page: WebPage, written: Written, style: PageStyle, repairs: tuple[str, ...]
    ) -> RenderedPage:
        lang = language(page.lang)
        try:
            answer = self._page.call("vary.layout", self._request(page, written, style))
        except PageFailed as error:
            raise Rejected("layout", error.message) from error
        with garbage_collection_paused():
            layout = read_back(answer, written, self._metrics, lang, style.vertical)
            check_overlap([i for i in layout.laid if i is not None], layout.pictures)
            pixels = self._printed(layout, lang) if self._as_pdf else self._pixels(layout)
            text_ink = audit(layout, pixels)
            picture = Picture(pixels, to_regions(layout))
            text = page_text(layout, self._markdown)
        shown = tuple(
            item is not None
            for item, entry in zip(layout.laid, written.entries, strict=True)
            if entry.inset is not None
        )
        return RenderedPage(picture, text, text_ink, style.size, repairs, shown)

    def _request(self, page: WebPage, written: Written, style: PageStyle) -> dict[str, Any]:
        lang = language(page.lang)
        css = style_sheet(style, self._families, lang)
        if self._katex is not None:
            css = self._katex.css + css
        if self._as_pdf and lang.script in COMPOSED:
            css += ONE_GLYPH_EACH
        return {
            "lang": lang.html or lang.tag,
            "direction": lang.direction,
            "dictionary": lang.splitting == "dictionary",
            "css": css,
            "html": written.html,
        }

    def _printed(self, layout: Layout, lang: Language) -> Pixels:
        """The picture of the page's PDF, whose text is compared with the layout."""
        from renderers.pdf.start import import_pymupdf

        import_pymupdf()
        from renderers.web.pdf_page import SPARE, draw_pdf

        data = self._page.pdf(layout.width + SPARE, layout.height + SPARE)
        return draw_pdf(data, layout, lang.script)

    def _pixels(self, layout: Layout) -> Pixels:
        data = self._page.screenshot(layout.width, layout.height)
        with Image.open(io.BytesIO(data)) as image:
            pixels = np.asarray(image.convert("RGB"))
        if pixels.shape[:2] != (layout.height, layout.width):
            raise Rejected("layout", f"the picture is {pixels.shape[1]}x{pixels.shape[0]}")
        return pixels


def check_glyphs(written: Written, style: PageStyle, known: dict[str, Family]) -> None:
    """Every character has a glyph in the families of the page, so that no other font is used.

    Raises:
        Rejected: `glyph`.
    """
    texts = "".join(
        "".join(entry.lines)
        + "".join(getattr(p, "text", "") + getattr(p, "reading", "") for p in entry.content or ())
        for entry in written.entries
    )
    wanted = {ord(c) for c in set(texts) if needs_glyph(c)}
    for name in {style.body, style.head}:
        missing = wanted - written_by(known[name])
        if missing:
            character = chr(min(missing))
            raise Rejected("glyph", f"{name} has no U+{ord(character):04X} {character}")


@cache
def looks() -> dict[str, str]:
    """The CSS files by name, without `.css`."""
    folder = resources.files(__package__) / "looks"
    return {
        entry.name.removesuffix(".css"): entry.read_text(encoding="utf-8")
        for entry in sorted(folder.iterdir(), key=lambda entry: entry.name)
        if entry.name.endswith(".css")
    }


def looks_of(genre: str) -> tuple[str, ...]:
    """The looks of a genre: the files whose name begins with it."""
    return tuple(name for name in looks() if name.partition(".")[0] == genre)


def hyphenated_share(look: str) -> float:
    """The share of a look's pages whose words are broken at the ends of lines, in languages that
    do so: `--hyphenated` of its CSS, 0 without it."""
    found = _HYPHENATED.search(looks()[look])
    return float(found[1]) if found else 0.0


def style_sheet(style: PageStyle, known: Mapping[str, Family], lang: Language) -> str:
    """The CSS of a page: its variables, the common rules, the rules of its look."""
    variables = {
        "width": f"{style.width}px",
        "height": "auto" if style.height is None else f"{style.height}px",
        "max-height": f"{style.max_height}px",
        "body-font": _stack(style.body, known),
        "head-font": _stack(style.head, known),
        "mono-font": f'"{style.mono}"',
        **style.variables,
    }
    sheet = looks()
    root = "".join(f"--{name}:{value};" for name, value in variables.items())
    head = f"html{{font-size:{style.size:.3f}px}}#sheet{{{root}}}"
    rules = sheet["base"] + sheet["_tables"] + sheet[style.look]
    if lang.splitting == "dictionary":  # justified lines would have gaps between phrases alone
        rules = _JUSTIFIED.sub("start", rules)
    if lang.digits_in_formulas:  # the math font has only ASCII digits
        rules += "mn { font-family: var(--body-font); }"
    if not lang.italic:
        rules += "#sheet * { font-style: normal; }"
    return head + _LINE_HEIGHT.sub(lambda match: f"{match[1]}: {_higher(match[2], lang)}", rules)


def _higher(height: str, lang: Language) -> str:
    """A line height of a look for letters that reach further than Latin ones."""
    scale = sum(lang.extent) / LATIN_EXTENT
    return height if scale <= 1 or float(height) < 1 else f"{float(height) * scale:.3f}"


def _stack(name: str, known: Mapping[str, Family]) -> str:
    """A family and its companion, as a value of CSS."""
    family = known[name]
    names = [name, *([family.companion.name] if family.companion else [])]
    return ",".join(f'"{each}"' for each in names)
