"""A page of words that Pillow draws, with the box of each."""

from __future__ import annotations

from pathlib import Path

import matplotlib
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from renderers.picture import Pixels, Region
from renderers.roles import LINE, WORD

FONT = Path(matplotlib.get_data_path()) / "fonts/ttf/DejaVuSans.ttf"
TEXT = "Every map that was lent in spring came back with 1,204 names of borrowers; rain fell."


def drawn_page(width: int = 480, height: int = 640, size: int = 15) -> tuple[Pixels, list[Region]]:
    """A gray page and its regions: lines with their words."""
    image = Image.new("L", (width, height), 255)
    draw = ImageDraw.Draw(image)
    font = ImageFont.truetype(str(FONT), size)
    words = TEXT.split()
    regions: list[Region] = []
    for row, y in enumerate(range(40, height - 60, int(1.7 * size))):
        line, x = len(regions), 40.0
        start = (5 * row) % len(words)
        drawn = []
        for word in (words[start:] + words[:start])[:8]:
            end = x + font.getlength(word)
            if end > width - 40:
                break
            draw.text((x, y), word, fill=20, font=font)
            drawn.append(Region((x, float(y), end, y + 1.2 * size), word, WORD, line))
            x = end + font.getlength(" ")
        box = (40.0, float(y), drawn[-1].bbox[2], y + 1.2 * size)
        regions += [Region(box, " ".join(w.text for w in drawn), LINE), *drawn]
    return np.asarray(image), regions
