"""Styles for pages of text: paper, columns, fonts, sizes, headings, and what stands in margins."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pymupdf
from PIL import Image, ImageDraw

PAPERS = {(595, 842): 0.5, (612, 792): 0.27, (499, 709): 0.08, (420, 595): 0.06, (432, 648): 0.05,
          (540, 405): 0.02, (720, 540): 0.02}  # fmt: skip
"""Points: A4, Letter, B5, A5, six by nine inches, slides."""
WEIGHTS = {"regular": "", "bold": "font-weight:bold", "italic": "font-style:italic",
           "bolditalic": "font-weight:bold;font-style:italic"}  # fmt: skip
INDENTS = ("margin:0;text-indent:1.5em", "margin:0 0 0.6em", "margin:0 0 0.3em;text-indent:1em",
           "margin:0 0 1em", "margin:0")  # fmt: skip
INDENTS_ZH = ("margin:0;text-indent:2em", "margin:0 0 0.5em", "margin:0 0 0.4em;text-indent:2em")
FIGURES = 24


@dataclass(frozen=True)
class Family:
    """Files of a font family by style."""

    lang: str
    kind: str
    faces: Mapping[str, str]

    def rules(self, name: str) -> str:
        """The family as CSS knows it."""
        return "".join(
            f"@font-face{{font-family:{name};src:url({file});{WEIGHTS[style]}}}"
            for style, file in self.faces.items()
        )


@dataclass(frozen=True)
class Style:
    """How a document looks; lengths in points. `room` is about how many characters fill a page,
    `column` a column's width, `extra` how often a paragraph is followed by no paragraph."""

    css: str
    width: float
    height: float
    margins: tuple[float, float, float, float]
    columns: int
    gap: float
    size: float
    room: int
    latin: bool
    numbered: bool
    dot: str
    hyphenated: bool
    emphasis: float
    extra: float
    ordered: bool
    furniture: int
    title_room: float
    measure: Any = field(compare=False, repr=False)

    @property
    def column(self) -> float:
        left, _, right, _ = self.margins
        return (self.width - left - right - (self.columns - 1) * self.gap) / self.columns

    def columns_of(self, page: int) -> Iterator[tuple[float, float, float, float]]:
        """The columns of a page, left to right; a first page may begin lower."""
        left, top, _, bottom = self.margins
        top += self.title_room if page == 0 else 0
        for i in range(self.columns):
            x = left + i * (self.column + self.gap)
            yield x, top, x + self.column, self.height - bottom

    def margin_lines(self, head: str, page: int) -> str:
        """What head and foot of a page say."""
        number = (f"{page}", f"– {page} –", f"Page {page} of {page + 7}", f"[{page}]", f"{page}")
        foot = number[self.furniture % 5]
        if self.furniture % 7 == 0:
            head = f"{head}    {page}"
        lines = []
        if self.furniture & 1:
            lines.append(f"<p class=hf>{head}</p>")
        if self.furniture & 2:
            lines.append(f"<p class=hf>{foot}</p>")
        return "".join(lines)

    def margin_places(self) -> Iterator[tuple[float, float, float, float]]:
        left, top, right, bottom = self.margins
        if self.furniture & 1:
            y = max(8.0, top - 26)
            yield left, y, self.width - right, y + 14
        if self.furniture & 2:
            y = min(self.height - 20.0, self.height - bottom + 10)
            yield left, y, self.width - right, y + 14


def random_style(rng: np.random.Generator, lang: str, families: Sequence[Family]) -> Style:
    """A style, never the same twice."""

    def pick(values: Sequence[Any], p: Sequence[float] | None = None) -> Any:
        return values[int(rng.choice(len(values), p=p))]

    def of(language: str, *kinds: str) -> Family:
        found: Family = pick([f for f in families if f.lang == language and f.kind in kinds])
        return found

    chinese = lang == "zh"
    kinds = ("serif", "sans", "kai") if chinese else ("serif", "sans")
    kind = pick(kinds, (0.45, 0.37, 0.18) if chinese else (0.6, 0.4))
    if not chinese and rng.random() < 0.03:
        kind = "mono"
    body = of(lang, kind)
    heading = body if rng.random() < 0.6 else of(lang, "sans", "serif")
    latin = of("en", "serif", "sans")
    mono = of("en", "mono")
    width, height = pick(list(PAPERS), list(PAPERS.values()))
    scale = 842 / max(width, height)
    smallest = (7.8 if chinese else 6.4) / scale
    size = float(np.clip(np.exp(rng.normal(np.log(11.6 if chinese else 10.6), 0.19)), smallest, 18))
    if width > height:
        size = float(rng.uniform(10, 18))
    columns = pick((1, 2, 3), (0.66, 0.31, 0.03)) if size < 12 and width < height else 1
    if columns > 1:
        size = max(smallest, size * 0.93)
    leading = float(rng.uniform(1.08, 1.55) if not chinese else rng.uniform(1.2, 1.8))
    margins = tuple(float(rng.uniform(0.06, 0.16) * side) for side in (width, height) * 2)
    gap = float(rng.uniform(10, 30))
    justify = rng.random() < 0.7
    indent = pick(INDENTS)
    emphasis = ""
    if chinese:
        indent = pick(INDENTS_ZH)
        strong, soft = of(lang, "sans"), of(lang, "kai")
        emphasis = (
            f"{strong.rules('S')}{soft.rules('K')}b{{font-family:S}}"
            "i{font-family:K;font-style:normal}"
        )
    ink = pick(("#000", "#222", "#333", "#102040"), (0.78, 0.1, 0.07, 0.05))
    accent = pick((ink, ink, ink, "#003080", "#802020", "#206030"))
    heads = pick((1.0, 1.1, 1.2, 1.35, 1.6))
    framed = rng.random() < 0.5
    shade = pick(
        ("", "background-color:#eee;", "background-color:#f4f4ea;", "border:1px solid #999;")
    )
    css = (
        body.rules("B") + heading.rules("H") + latin.rules("L") + mono.rules("M")
        + f"body{{font-family:B;font-size:{size:.2f}pt;line-height:{leading:.2f};color:{ink};"
        f"text-align:{'justify' if justify else 'left'};margin:0}}"
        f"p{{{indent}}}"
        f"h2{{font-family:H;font-size:{heads * size:.2f}pt;color:{accent};"
        "line-height:1.25;text-indent:0;"
        f"margin:{rng.uniform(0.5, 1.2):.2f}em 0 {rng.uniform(0.2, 0.6):.2f}em;"
        f"font-weight:{pick(('bold', 'bold', 'normal'))};"
        f"font-style:{pick(('normal', 'normal', 'italic'))};"
        f"text-align:{pick(('left', 'left', 'left', 'center'))}}}"
        f"pre,code{{font-family:M}} pre{{font-size:{size * rng.uniform(0.72, 0.95):.2f}pt;"
        "line-height:1.2;"
        f"text-align:left;margin:0.6em 0;{shade}}} code{{font-size:0.92em}}"
        f".l{{font-family:L}} {emphasis}"
        f"ul,ol{{margin:0.4em 0 0.4em {rng.uniform(1.2, 2.4):.1f}em;padding:0}}"
        f"li{{margin:0 0 {rng.uniform(0, 0.4):.2f}em;text-indent:0}}"
        f"table{{margin:0.6em 0}} td,th{{padding:1pt {rng.uniform(2, 9):.0f}pt;text-align:left;"
        f"{'border:0.5pt solid #444;' if framed else ''}}} "
        f"th{{font-weight:{pick(('bold', 'normal'))}}}"
        f".cap{{font-size:{size * rng.uniform(0.8, 1):.2f}pt;text-indent:0;"
        f"text-align:{pick(('center', 'left'))};"
        f"margin:0.3em 0 0.7em}} .f{{text-align:center;margin:0.5em 0;text-indent:0}}"
        f".t{{text-indent:0;text-align:left;margin:0}}"
        f".b{{font-size:{size * rng.uniform(0.8, 1):.2f}pt;text-indent:0;margin:0 0 0.3em}}"
        f".hf{{font-size:{min(12.0, size * rng.uniform(0.75, 1)):.2f}pt;margin:0;text-indent:0;"
        f"line-height:1.1;text-align:{pick(('center', 'right', 'left'))};"
        f"page-break-after:always;color:{pick((ink, '#555'))}}}"
    )  # fmt: skip
    left, top, right, bottom = margins
    area = (width - left - right - (columns - 1) * gap) * (height - top - bottom)
    room = area / size**2 / leading * (0.5 if chinese else 1.75)  # Chinese paragraphs are short
    return Style(
        css=css, width=width, height=height, margins=(left, top, right, bottom),
        columns=columns, gap=gap, size=size, room=int(room),
        latin=chinese and rng.random() < 0.6, numbered=rng.random() < 0.5,
        dot=pick((".", "", ":")), hyphenated=not chinese and justify and rng.random() < 0.75,
        emphasis=pick((0.0, 0.01, 0.03)), extra=pick((0.0, 0.02, 0.06, 0.12)),
        ordered=rng.random() < 0.4,
        furniture=int(rng.integers(0, 40)), title_room=float(rng.choice((0, 0, 0, 120))),
        measure=pymupdf.Font("helv"),
    )  # fmt: skip


def pictures() -> Iterator[tuple[str, bytes]]:
    """Pictures without letters, for figures: names and PNG files."""
    for number in range(FIGURES):
        rng = np.random.default_rng(number)
        size = (int(rng.integers(160, 320)), int(rng.integers(90, 240)))
        image = Image.new("RGB", size, tuple(int(v) for v in rng.integers(200, 256, 3)))
        draw = ImageDraw.Draw(image)
        for _ in range(int(rng.integers(3, 14))):
            box = (
                sorted(int(v) for v in rng.integers(0, size[0], 2)),
                sorted(int(v) for v in rng.integers(0, size[1], 2)),
            )
            corners = (box[0][0], box[1][0], box[0][1] + 1, box[1][1] + 1)
            colour = tuple(int(v) for v in rng.integers(0, 256, 3))
            shape = (draw.rectangle, draw.ellipse)[int(rng.integers(2))]
            if rng.random() < 0.4:
                draw.line(corners, fill=colour, width=int(rng.integers(1, 4)))
            else:
                shape(corners, fill=colour)
        buffer = io.BytesIO()
        image.save(buffer, "PNG")
        yield f"fig{number}.png", buffer.getvalue()
