"""Sets a deck: the slides of a document, one after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np

from benchmarks.styled_pages.content import Content
from benchmarks.styled_pages.flow import Flow
from benchmarks.styled_pages.slides.bodies import Bodies
from benchmarks.styled_pages.slides.covers import (
    OUTLINES,
    THANKS,
    author,
    cover,
    divider,
    end,
    label,
    outline,
    sections,
)
from benchmarks.styled_pages.slides.frame import Frame, FullError, SlideFlow
from benchmarks.styled_pages.slides.theme import (
    in_theme,
    painted,
    random_theme,
    slide_look,
    slide_type,
)
from benchmarks.styled_pages.source import Source, open_content

Body = Callable[[Flow, Content], None]
SLIDES = (4, 9)
TRIES = 12
"""Contents of a slide that are tried until one fits."""


def set_slides(key: tuple[int, ...], source: Source) -> bytes:
    """The PDF of a deck; `key` seeds it."""
    lang = source.corpus.lang
    look_rng, text_rng, rng = (np.random.default_rng((*key, part)) for part in range(5, 8))
    look = slide_look(look_rng, lang)
    theme = random_theme(look_rng, look.width, look.size)
    faces = slide_type(look_rng, lang, source.families, source.face)
    faces = painted(faces, theme, look_rng)
    content = open_content(source, text_rng, rng)
    flow = SlideFlow(in_theme(look, theme), faces, lambda flow: None)
    flow.sheet.ink = faces.inks["roman"]
    count = content.integer(*SLIDES)
    whole = content.chance(0.6)  # else slides from the middle of a deck
    first = 1 if whole else content.integer(2, 40)
    frame = Frame(
        theme, label(content, 3, 8), author(content),
        sections(content, theme.navigation in ("left", "right") or content.chance(0.4)),
        first, first + count - 1 + content.integer(0, 1 if whole else 30),
    )  # fmt: skip
    bodies = Bodies(theme)
    for slide in _slides(content, frame, bodies, count, whole):
        draw_slide(flow, content, frame, slide)
    return flow.sheet.pdf()


@dataclass(frozen=True)
class Slide:
    """`section` is the current one of the deck; `draw` may be tried several times."""

    section: int
    title: str
    draw: Body
    lowered: float = 0.0
    """The share of the free space that is above the content."""


def _slides(
    content: Content, frame: Frame, bodies: Bodies, count: int, whole: bool
) -> Iterator[Slide]:
    """The slides of a deck in order."""
    before = 0
    for k in range(count):
        section = k * len(frame.sections) // count
        if whole and k == 0:
            draw = partial(cover, frame=frame)
            yield Slide(section, "", draw)
        elif whole and k == 1 and content.chance(0.7):
            draw = partial(outline, frame=frame)
            yield Slide(section, content.one_of(OUTLINES[content.lang]), draw, frame.theme.lowered)
        elif k == count - 1 and content.chance(0.6):
            title = content.one_of(THANKS[content.lang]) if content.chance(0.2) else ""
            yield Slide(section, title, partial(end, frame=frame))
        elif section != before and content.chance(0.12):
            yield Slide(section, "", partial(divider, frame=frame, section=section))
        elif section != before and content.chance(0.25):
            draw = partial(outline, frame=frame, section=section)
            yield Slide(section, content.one_of(OUTLINES[content.lang]), draw, frame.theme.lowered)
        else:
            title = frame.sections[section].name if content.chance(0.2) else label(content, 1, 7)
            yield Slide(section, title, _body(content, bodies), frame.theme.lowered)
        before = section


def _body(content: Content, bodies: Bodies) -> Body:
    shares: dict[Body, float] = {
        bodies.items: 0.36, bodies.text_and_items: 0.12, bodies.text: 0.08, bodies.columns: 0.12,
        bodies.box: 0.08, bodies.table: 0.08, bodies.equation: 0.05, bodies.program: 0.05,
        bodies.figure: 0.06,
    }  # fmt: skip
    return list(shares)[int(content.rng.choice(len(shares), p=list(shares.values())))]


def draw_slide(flow: SlideFlow, content: Content, frame: Frame, slide: Slide) -> None:
    """Draw a slide with the first of some contents that fits, or with none."""
    for draw in (*(TRIES * [slide.draw]), nothing):
        frame.begin(flow, slide.section, slide.title)
        mark = flow.sheet.mark()
        try:
            draw(flow, content)
        except FullError:
            flow.discard()
            continue
        if flow.y <= flow.low:
            break
        flow.discard()
    flow.sheet.lower(mark, slide.lowered * (flow.low - flow.y))
    frame.end(flow)
    flow.next_page()


def nothing(flow: Flow, content: Content) -> None:
    """The content of a slide with a title alone."""
