"""Crops of real samples, with the words that are completely inside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

from trainer.data.degrading import ReadDegradation
from trainer.data.pictures import decode
from trainer.model.image_processing import as_uint8
from trainer.warmup.cells import Cells, character_cells
from trainer.warmup.quads import Quad, axes, bounds, upright
from trainer.warmup.words import Words, is_run, part_of_run, whole_words, words_of
from vary_data.dataset.rejection import Rejected
from vary_data.dataset.row_kinds import BUILT_IN_KINDS, RowKinds

CANDIDATES = 4
"""Windows that are tried for a crop; the one that cuts the smallest share of words is taken."""
MAX_ZOOM = 12.0
MARGIN = 2
"""Pixels around a word that stay visible in an isolated view: boxes can be tight."""


@dataclass(frozen=True, slots=True)
class Page:
    """A decoded sample: its picture, its words, and the median width of a character as a share of
    the picture's width."""

    image: Image.Image
    words: Words
    character: float

    @property
    def nbytes(self) -> int:
        """Bytes of the decoded picture, for the limit of a cache."""
        return self.image.width * self.image.height * len(self.image.getbands())


@dataclass(frozen=True, slots=True)
class View:
    """How to crop a sample: to a picture of `size` pixels, as part of one of `full` pixels.

    Characters are enlarged to a width between the two of `glyph` [pixels]; they are never smaller
    than in the whole picture. An `isolated` view shows at most `length` characters and blanks the
    rest. `places` are the rows and columns of a cell that have a character each.
    """

    size: int
    full: int
    glyph: tuple[float, float]
    length: int
    isolated: bool = False
    places: tuple[int, int] = (1, 1)


@dataclass(frozen=True, slots=True)
class Crop:
    """`pixels` [size, size, 3], the characters at the places of its cells, its words, and whether
    it is `entire`: a picture of the model's size with all text of the page."""

    pixels: npt.NDArray[np.uint8]
    cells: Cells
    words: Words
    entire: bool


def open_page(row: Mapping[str, Any], kinds: RowKinds = BUILT_IN_KINDS) -> Page:
    """Decode a row.

    Raises:
        Rejected: It has no picture or no words.
    """
    data = row["image"] and row["image"]["bytes"]
    if not data:
        raise Rejected("no picture")
    words = words_of(row.get("regions") or (), row["kind"], kinds)
    if not words.texts:
        raise Rejected("no words")
    image = decode(data)
    if image.mode not in ("L", "RGB"):
        image = Image.fromarray(as_uint8(image).numpy())
    return Page(image, words, _character(words) / image.width)


def _character(words: Words) -> float:
    """The median width of a character in pixels."""
    lengths = np.array([len(text) for text in words.texts])
    along, _ = axes(words.quads)
    return float(np.median(np.linalg.norm(along, axis=1) / lengths))


def degraded_page(page: Page, degradation: ReadDegradation, key: tuple[int, ...]) -> Page:
    """The page as a scan or photograph; words that it makes illegible are hidden.

    Raises:
        Rejected: No word is legible.
    """
    image, found = degradation.applied(page.image, page.words.quads, key)
    if found is None:
        return page
    from renderers.degrade.quads import heights, mapped_quads

    lost = found.legibility.illegible(heights(page.words.quads.astype(np.float64)))
    hidden = mapped_quads(page.words.hidden_quads.astype(np.float64), found.warp)
    words = Words(
        found.quads.astype(np.float32),
        page.words.texts,
        np.concatenate([hidden, found.quads[lost]]).astype(np.float32),
    ).chosen(np.flatnonzero(~lost).tolist())
    if not words.texts:
        raise Rejected("no words")
    return Page(image, words, _character(words) / image.width)


def crop_page(page: Page, view: View, rng: np.random.Generator) -> Crop:
    """A random window of the page that has at least one whole word.

    Raises:
        Rejected: No candidate has a whole word.
    """
    word = _anchor(page.words, rng)
    share = min(1.0, view.size / (view.full * _zoom(page, word, view, rng)))
    width, height = share * page.image.width, share * page.image.height
    best: tuple[float, float, float, Words] | None = None
    for _ in range(CANDIDATES):
        left, top = _corner(page, word, width, height, rng)
        words = whole_words(page.words.scaled(left, top, 1, 1), width, height)
        hidden_share = len(words.hidden) / (len(words.hidden) + len(words.texts) or 1)
        if words.texts and (best is None or hidden_share < best[0]):
            best = (hidden_share, left, top, words)
    if best is None:
        raise Rejected("no whole word in a crop")
    _, left, top, words = best
    box = (left, top, left + width, top + height)
    image = page.image.resize((view.size, view.size), Image.Resampling.BICUBIC, box=box)
    words = words.scaled(0, 0, view.size / width, view.size / height)
    pixels = np.array(image.convert("RGB"))
    if view.isolated:
        pixels, words = _isolate(pixels, words, view.length, rng)
    cells = character_cells(words, view.size, view.size, view.places)
    entire = share == 1.0 or (view.size == view.full and words.texts == page.words.texts)
    # rotated text is certain to be visible only on the whole page
    entire = entire and (share == 1.0 or not len(page.words.hidden)) and not view.isolated
    return Crop(pixels, cells, words, entire)


def whole_page(page: Page, size: int, places: tuple[int, int] = (1, 1)) -> Crop:
    """The whole page, stretched to a square as the model sees it."""
    image = page.image.resize((size, size), Image.Resampling.BICUBIC)
    words = page.words.scaled(0, 0, size / page.image.width, size / page.image.height)
    cells = character_cells(words, size, size, places)
    return Crop(np.array(image.convert("RGB")), cells, words, True)


def _anchor(words: Words, rng: np.random.Generator) -> Quad:
    """The box of a random word that the window should contain; of a Chinese run, that of one
    character."""
    i = int(rng.integers(len(words.texts)))
    quad, text = words.quads[i], words.texts[i]
    if is_run(text):
        index = int(rng.integers(len(text)))
        quad = part_of_run(quad, len(text), index, index + 1)
    return bounds(quad[None])[0]


def _zoom(page: Page, word: npt.NDArray[np.float32], view: View, rng: np.random.Generator) -> float:
    """How much larger than in the whole picture, at most so much that `word` fits in."""
    low, high = view.glyph
    glyph = float(np.exp(rng.uniform(np.log(max(low, 1.0)), np.log(max(high, 1.0)))))
    zoom = glyph / max(1e-6, page.character * view.full)
    word_share = max((word[2:] - word[:2]) / page.image.size)
    # 5 % of room, so that the window has more than one position
    max_zoom = 0.95 * view.size / (view.full * max(1e-6, float(word_share)))
    return float(np.clip(min(zoom, max_zoom), 1.0, MAX_ZOOM))


def _corner(
    page: Page, word: npt.NDArray[np.float32], width: float, height: float, rng: np.random.Generator
) -> tuple[float, float]:
    """The upper left corner of a window with `word` in it, or with its start if it is too long."""
    x0, y0, x1, y1 = word
    left = rng.uniform(min(x1 - width, x0), x0)
    top = rng.uniform(min(y1 - height, y0), y0)
    return (
        min(max(left, 0.0), page.image.width - width),
        min(max(top, 0.0), page.image.height - height),
    )


def _shortened(words: Words, index: int, length: int, rng: np.random.Generator) -> Words:
    """The words, one of them shortened to `length` characters if it is a longer Chinese run."""
    quad, text = words.quads[index], words.texts[index]
    if len(text) <= length or not is_run(text):
        return words
    first = int(rng.integers(len(text) - length + 1))
    quads, texts = words.quads.copy(), list(words.texts)
    quads[index] = part_of_run(quad, len(text), first, first + length)
    texts[index] = text[first : first + length]
    return Words(quads, tuple(texts), words.hidden_quads)


def _isolate(
    pixels: npt.NDArray[np.uint8], words: Words, length: int, rng: np.random.Generator
) -> tuple[npt.NDArray[np.uint8], Words]:
    """Keep consecutive words of up to `length` characters, but at least one (of a longer Chinese
    run, a part); the rest is filled with the most frequent color."""
    start = int(rng.integers(len(words.texts)))
    words = _shortened(words, start, length, rng)
    end, count = start + 1, len(words.texts[start])
    while end < len(words.texts) and count + len(words.texts[end]) <= length:
        count += len(words.texts[end])
        end += 1
    blank = np.empty_like(pixels)
    blank[:] = _most_frequent_color(pixels[::8, ::8])
    kept = words.chosen(range(start, end))
    for (x0, y0, x1, y1), quad, level in zip(
        kept.boxes, kept.quads, upright(kept.quads), strict=True
    ):
        rows = slice(max(0, int(y0) - MARGIN), int(np.ceil(y1)) + MARGIN)
        columns = slice(max(0, int(x0) - MARGIN), int(np.ceil(x1)) + MARGIN)
        if level:
            blank[rows, columns] = pixels[rows, columns]
        else:
            inside = _mask(quad - (columns.start, rows.start), blank[rows, columns].shape[:2])
            blank[rows, columns][inside] = pixels[rows, columns][inside]
    return blank, Words(kept.quads, kept.texts, kept.hidden_quads[:0])


def _most_frequent_color(pixels: npt.NDArray[np.uint8]) -> list[int]:
    """Red, green and blue; of colors that are equally frequent the darkest red, then green."""
    red, green, blue = pixels.reshape(-1, 3).T.astype(np.int32)
    colors, counts = np.unique(red << 16 | green << 8 | blue, return_counts=True)
    color = int(colors[counts.argmax()])
    return [color >> 16, color >> 8 & 255, color & 255]


def _mask(quad: Quad, shape: tuple[int, int]) -> npt.NDArray[np.bool_]:
    """[height, width]: the pixels of a quad and of the margin around it."""
    mask = Image.new("1", shape[::-1])
    corners = [tuple(map(float, corner)) for corner in quad]
    draw = ImageDraw.Draw(mask)
    draw.polygon(corners, fill=1)
    draw.line([*corners, corners[0], corners[1]], fill=1, width=2 * MARGIN)
    return np.array(mask)
