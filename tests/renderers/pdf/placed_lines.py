"""Lines of text placed by hand, as `read_characters` gives them."""

from __future__ import annotations

from renderers.pdf.characters import Line

SIZE = 10.0


def line(text, x, y, size=SIZE, advance=0.5, **fields):
    """A line whose characters stand `advance` font sizes apart, with its base line at `y`.

    Vowels are narrower than that, so that the font has no fixed pitch.
    """
    step = advance * size
    widths = [0.8 if c in "aeiou" else 1 for c in text]
    boxes = tuple(
        (x + i * step, y - 0.9 * size, x + (i + width) * step, y + 0.3 * size)
        for i, width in enumerate(widths)
    )
    box = (boxes[0][0], boxes[0][1], boxes[-1][2], boxes[-1][3])
    return Line(text, boxes, size, y, True, False, box, y - 0.75 * size, y + 0.2 * size, **fields)


def column(x, y, texts, leading=12.0, **fields):
    return [line(text, x, y + i * leading, **fields) for i, text in enumerate(texts)]


def wrapped(text, width):
    """The rows of a text that has at most `width` characters in a row."""
    rows, row = [], ""
    for word in text.split():
        if row and len(row) + 1 + len(word) > width:
            rows.append(row)
            row = word
        else:
            row = f"{row} {word}".strip()
    return [*rows, row]


STORIES = (
    "It is a truth universally acknowledged, that a single man in possession of a good fortune,"
    " must be in want of a wife. However little known the feelings or views of such a man may be"
    " on his first entering a neighbourhood, this truth is so well fixed in the minds of the"
    " surrounding families, that he is considered the rightful property of some one or other of"
    " their daughters.",
    "The studio was filled with the rich odour of roses, and when the light summer wind stirred"
    " amidst the trees of the garden, there came through the open door the heavy scent of the"
    " lilac, or the more delicate perfume of the pink-flowering thorn. In the centre of the room,"
    " clamped to an upright easel, stood the full-length portrait of a young man of beauty.",
    "There was no possibility of taking a walk that day. We had been wandering, indeed, in the"
    " leafless shrubbery an hour in the morning; but since dinner the cold winter wind had brought"
    " with it clouds so sombre, and a rain so penetrating, that further exercise in the open air"
    " was now out of the question. I was glad of it: I never liked long walks.",
)
"""The first sentences of three novels (Austen, Wilde, Brontë)."""
