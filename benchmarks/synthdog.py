"""SynthDoG's pipeline, for comparisons; run by a Python of its own.

    python -m venv V && V/bin/pip install synthtiger 'numpy<2' 'opencv-python<4.12' 'pillow<10'
    V/bin/python benchmarks/synthdog.py effects FOLDER
    V/bin/python benchmarks/synthdog.py pages FONT TEXT --count 40 --side 1024

SynthDoG is a template for the package `synthtiger` in `synthdog` of github.com/clovaai/donut. Its
effects are components of that package; they are put together here in the order and with the values
of its `config_en.yaml`. `effects` applies them to the PNG files of a folder: elastic distortion,
noise and perspective to the page, and color, shadow, contrast, brightness and blurs to the picture
of the page on a white ground. `pages` makes whole pages as SynthDoG does, a character at a time in
stacks of grids, on textures of paper and ground, and encodes them as JPEG.

It prints the pictures per processor second on its last line, `pages` before it the characters of a
picture.
"""

# ruff: noqa: NPY002  (synthtiger draws from numpy's global generator)
from __future__ import annotations

import argparse
import io
import itertools
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
from PIL import Image
from synthtiger import components, layers

WARM_UP = 2
CORNERS = [(0.75, 1)] * 4
ALWAYS = (1, 1)
PERSPECTIVES = [
    (750, CORNERS),
    (50, [(0.75, 1), ALWAYS, (0.75, 1), ALWAYS]),
    (50, [ALWAYS, (0.75, 1), ALWAYS, (0.75, 1)]),
    *((25, [(0.75, 1) if i == side else ALWAYS for i in range(4)]) for side in range(4)),
    (50, [ALWAYS] * 4),
]
"""Weights, and the lengths of the page's sides after the effect, as shares."""


def document_effect() -> components.Iterator:
    perspectives = [components.Perspective(percents=percents) for _, percents in PERSPECTIVES]
    weights = [weight for weight, _ in PERSPECTIVES]
    return components.Iterator(
        [
            components.ElasticDistortion(alpha=(0, 1), sigma=(0, 0.5)),
            components.AdditiveGaussianNoise(scale=(0, 8), per_channel=0),
            components.Selector(perspectives, weights=weights),
        ]
    )


def picture_effect() -> components.Iterator:
    shadow = components.Shadow((0, 160), (0, 1), (0.5, 1), 0)
    color = components.RGB(rgb=((0, 255), (0, 255), (0, 255)), alpha=(0, 0.2))
    return components.Iterator(
        [
            components.Switch(color, prob=0.2),
            shadow,
            components.Contrast(alpha=(1, 1.5)),
            components.Brightness(beta=(-48, 0)),
            components.Switch(components.MotionBlur(k=(3, 5), angle=(0, 360)), prob=0.5),
            components.GaussianBlur(sigma=(0, 1.5)),
        ]
    )


def effects(folder: Path) -> Callable[[int], int]:
    """A picture of the folder with all effects, by its number."""
    paths = sorted(folder.glob("*.png"))
    document, picture = document_effect(), picture_effect()

    def make(number: int) -> int:
        page = layers.Layer(np.asarray(Image.open(paths[number % len(paths)]).convert("RGB")))
        size = page.size
        document.apply([page])
        ground = layers.RectLayer(size, (255, 255, 255, 255))
        merged = layers.Group([page, ground]).merge()
        picture.apply([merged])
        merged.output(bbox=[0, 0, *size])
        return 0

    return make


def pages(font: str, text: str, side: int) -> Callable[[int], int]:
    """A whole page, by its number; its characters."""
    folder = tempfile.TemporaryDirectory()
    rng = np.random.default_rng(0)
    for name in ("paper", "ground"):  # SynthDoG's photographs have about this size
        Path(folder.name, name).mkdir()
        small = rng.uniform(120, 255, (40, 60, 3)).astype(np.uint8)
        large = cv2.resize(small, (1200, 800), interpolation=cv2.INTER_CUBIC)
        Image.fromarray(large).save(Path(folder.name, name, "texture.jpg"))
    paper = components.BaseTexture([f"{folder.name}/paper"], [1], (0, 0.2), grayscale=1, crop=1)
    ground = components.BaseTexture([f"{folder.name}/ground"], [1])
    ground_blur = components.GaussianBlur(sigma=(0, 10))
    document, picture = document_effect(), picture_effect()
    ink = components.Switch(components.Gray(gray=(0, 64), colorize=1), prob=0.2)
    characters = itertools.cycle(" ".join(text.split()))

    def make(number: int) -> int:
        assert folder  # kept as long as this function
        sides = [side, round(side / np.random.uniform(1, 2))]
        size = np.array(sides if np.random.rand() < 0.5 else sides[::-1])
        behind = layers.RectLayer(size, (255, 255, 255, 255))
        ground.apply([behind])
        ground_blur.apply([behind])
        lines, count = [], 0
        for left, top, width, height in line_boxes(*size):
            line, length = text_line(width, height, characters, font)
            if line is None:
                continue
            line.left, line.top = left, top
            ink.apply([line])
            lines.append(line)
            count += length
        sheet = layers.RectLayer(size, (255, 255, 255, 255))
        paper.apply([sheet])
        document.apply([*lines, sheet])
        merged = layers.Group([*lines, sheet, behind]).merge()
        picture.apply([merged])
        pixels = merged.output(bbox=[0, 0, *size])[..., :3].astype(np.uint8)
        Image.fromarray(pixels).save(io.BytesIO(), "JPEG", quality=np.random.randint(50, 96))
        return count

    return make


def line_boxes(width: float, height: float) -> list[tuple[float, float, float, float]]:
    """Grids of lines from top to bottom: a text size each, up to 10 rows and 3 columns."""
    margin = np.random.uniform(0, 0.1, 2) * (width, height)
    inner = np.array([width, height]) - 2 * margin
    short = inner.min()
    boxes, y, end = [], 0.0, inner[1] * np.random.uniform(0.5, 1)
    while True:
        size = short * np.random.uniform(0.0334, 0.1)
        fitting = [
            (rows, columns)
            for rows, columns in itertools.product(range(1, 11), range(1, 4))
            if rows * size <= end - y and (2 * columns - 1) * size <= inner[0]
        ]
        if not fitting:
            return boxes
        rows, columns = fitting[np.random.randint(len(fitting))]
        filled = inner[0] * np.random.uniform(0.5, 1)
        for column, row in itertools.product(range(columns), range(rows)):
            left = margin[0] + column * inner[0] / columns
            boxes.append((left, margin[1] + y + row * size, filled / columns, size))
        y += rows * size + 0.0334 * short


def text_line(
    width: float, height: float, characters: itertools.cycle[str], font: str
) -> tuple[layers.Layer | None, int]:
    """A layer per character, scaled to the height of the line, merged to one."""
    width = max(height, width * np.random.uniform(0.5, 1))
    drawn, left = [], 0.0
    for character in characters:
        layer = layers.TextLayer(character, font, int(height))
        layer.bbox = [left, 0, *(layer.size * height / max(layer.height, 1))]
        if layer.right > width:
            break
        drawn.append(layer)
        left = layer.right
    return (layers.Group(drawn).merge() if drawn else None), len(drawn)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    commands = parser.add_subparsers(dest="what", required=True)
    command = commands.add_parser("effects")
    command.add_argument("folder", type=Path)
    command.add_argument("--count", type=int, default=0, help="pictures; 0: those of the folder")
    command = commands.add_parser("pages")
    command.add_argument("font")
    command.add_argument("text", type=Path)
    command.add_argument("--side", type=int, default=1024)
    command.add_argument("--count", type=int, default=40)
    options = parser.parse_args()
    cv2.setNumThreads(1)
    np.random.seed(0)
    if options.what == "effects":
        make = effects(options.folder)
    else:
        make = pages(options.font, options.text.read_text("utf-8"), options.side)
    count = options.count or len(list(options.folder.glob("*.png")))
    for number in range(WARM_UP):
        make(number)
    start = time.process_time()
    drawn = sum(make(number) for number in range(count))
    seconds = time.process_time() - start
    if options.what == "pages":
        print(f"{drawn / count:.0f} characters")
    print(count / seconds)


if __name__ == "__main__":
    main()
