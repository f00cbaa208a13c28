"""The page's answer as a `Drawing`: pixels, texts with ink boxes and contrast, marks, scales."""

from __future__ import annotations

import base64
import dataclasses
import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from renderers.charts.drawing import Drawing, DrawnText, Line, Mark, Path, Scale, Sector
from renderers.charts.echarts.context import EchartsFigure
from renderers.charts.echarts.layout import NOTE_IDS
from renderers.charts.palette import contrast_to, pixel_luminance, rgb_bytes
from renderers.charts.ticks import ValueAxis
from renderers.charts.warp import LINEAR, Warp
from renderers.picture import Box, Pixels, Region
from renderers.roles import WORD

RIGHT_ANGLE = 90
CHANNELS = 3
"""Red, green and blue."""

BLANK = 255
"""The color of a picture that is not drawn yet."""
NOTE_PATHS: Mapping[str, Path] = {title: (kind,) for kind, title in NOTE_IDS.items()}
"""The paths of annotations that are texts around the plot, by their components."""
MIN_EXTENT = 0.1
"""Pixels."""

_CLIPPED = 1.0
"""Pixels of a text that a clip path may hide: the blur of antialiasing."""
_UPRIGHT_SHARE, _SLANTED_SHARE = 0.15, 0.6
"""Quantile of the background's contrast that counts: thin lines may cross the ring around an
upright text, and most of the ring around a slanted one is not next to its ink."""
_RGB = re.compile(r"rgba?\((\d+),\s*(\d+),\s*(\d+)")


def read_back(
    answer: Mapping[str, Any], figure: EchartsFigure, ratio: float, paths: Sequence[Path] = ()
) -> Drawing:
    """The drawing from the answer of `ChartPage.draw`; CSS pixels become picture pixels.

    `paths` are those of the elements that annotations added. A chart that is only laid out has
    blank pixels.
    """
    if answer["picture"]:
        pixels = decode_pixels(answer["picture"])
    else:
        size = (round(side * ratio) for side in (figure.frame.height, figure.frame.width))
        pixels = np.full((*size, CHANNELS), BLANK, np.uint8)
    texts = answer["texts"]
    boxes = [_scaled(text["box"], ratio) for text in texts]
    inks = [parse_color(text["fill"]) for text in texts]
    slanted = [abs(text["angle"]) % RIGHT_ANGLE > 1 for text in texts]
    contrasts = contrast_of(pixels, boxes, inks, slanted, 2 * ratio)
    drawn = tuple(
        DrawnText(
            text=text["text"],
            bbox=_shown(text, box, ratio),
            role=text["role"],
            angle=round(text["angle"], 2),
            size=text["size"] * ratio,
            contrast=float(contrast),
            words=tuple(Region(_scaled(w["box"], ratio), w["text"], WORD) for w in text["words"]),
            path=_text_path(text, figure, paths),
            plate=_scaled(text["plate"], ratio) if text["plate"] else None,
            joined=bool(text["item"] and text["item"]["joined"]),
        )
        for text, box, contrast in zip(texts, boxes, contrasts, strict=True)
    )
    return Drawing(
        pixels,
        drawn,
        read_marks(answer["marks"], figure, ratio),
        {
            key: _scale(scale, ratio, figure.warps.get(key))
            for key, scale in sorted(answer["scales"].items())
        },
        tuple(_scaled(box, ratio) for box in answer["plots"]),
        (
            *(_line(line, figure, ratio) for line in answer["lines"]),
            *(_annotation_line(s, paths, ratio) for s in answer["shapes"] if s["line"]),
        ),
        figure.ramp,
        tuple(_shape(shape, paths, ratio) for shape in answer["shapes"]),
    )


def _text_path(text: Mapping[str, Any], figure: EchartsFigure, paths: Sequence[Path]) -> Path:
    """The path of the mark or annotation that a text belongs to."""
    if "shows" in text:
        shown: int = text["shows"]
        return paths[shown]
    around = figure.notes.get(text["title"]) or NOTE_PATHS.get(text["title"])
    return around or _path(figure, text["item"])


def _annotation_line(shape: Mapping[str, Any], paths: Sequence[Path], ratio: float) -> Line:
    corners = tuple((x * ratio, y * ratio) for x, y in shape["corners"])
    return Line(corners, shape["width"] * ratio, paths[shape["shows"]])


def _shape(shape: Mapping[str, Any], paths: Sequence[Path], ratio: float) -> Mark:
    corners = [(x * ratio, y * ratio) for x, y in shape["corners"]]
    points = tuple(corners[end] for end in shape["ends"])
    color = _color(shape["color"])
    width = shape["width"] * ratio
    return Mark(paths[shape["shows"]], _scaled(shape["box"], ratio), points, None, color, width)


def read_marks(
    found: Sequence[Mapping[str, Any]], figure: EchartsFigure, ratio: float
) -> tuple[Mark, ...]:
    """The marks; several shapes of one path are one mark with the geometry of the first series
    listed in `figure.marks`."""
    order = {series: rank for rank, series in enumerate(figure.marks)}
    marks: dict[Path, Mark] = {}
    for item in sorted(found, key=lambda item: order[item["series"]]):
        path = _path(figure, item)
        mark = _mark(path, item, figure.marks[item["series"]].picks, ratio)
        if not path or not _visible(mark):
            continue
        before = marks.get(path)
        marks[path] = mark if before is None else _joined(before, mark)
    return tuple(marks.values())


def _mark(path: Path, item: Mapping[str, Any], picks: Sequence[int], ratio: float) -> Mark:
    points = [(x * ratio, y * ratio) for x, y in item["points"] or ()]
    sector = None
    if item["sector"]:
        cx, cy, inner, outer, start, end = item["sector"]
        # ECharts turns clockwise.
        sector = Sector((cx * ratio, cy * ratio), inner * ratio, outer * ratio, -end, -start)
    box = _scaled(item["box"], ratio)
    if item["round"]:
        points = [((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)]
    return Mark(
        path,
        box,
        tuple(points[i] for i in picks) if picks else tuple(points),
        sector,
        _color(item["color"]),
        item["stroke"] * ratio,
        item["round"],
    )


def _color(text: str) -> str:
    """As `#rrggbb`; empty for transparent and mixed colors."""
    try:
        red, green, blue = parse_color(text)
    except ValueError:
        return ""
    return f"#{red:02x}{green:02x}{blue:02x}"


def _visible(mark: Mark) -> bool:
    """Whether there is anything to see: bars of other parts of a value have no extent."""
    x0, y0, x1, y1 = mark.bbox
    return max(x1 - x0, y1 - y0) > MIN_EXTENT and all(map(math.isfinite, mark.bbox))


def _joined(a: Mark, b: Mark) -> Mark:
    """The mark `a`, with a box that also bounds `b`."""
    low = (min(x, y) for x, y in zip(a.bbox[:2], b.bbox[:2], strict=True))
    high = (max(x, y) for x, y in zip(a.bbox[2:], b.bbox[2:], strict=True))
    left, top, right, bottom = (*low, *high)
    return dataclasses.replace(a, bbox=(left, top, right, bottom))


def _path(figure: EchartsFigure, item: Mapping[str, Any] | None) -> Path:
    marks = figure.marks.get(item["series"]) if item else None
    return marks.path(item) if marks and item else ()


def _line(line: Mapping[str, Any], figure: EchartsFigure, ratio: float) -> Line:
    corners = tuple((x * ratio, y * ratio) for x, y in line["corners"])
    marks = figure.marks[line["series"]]
    if "index" in line:
        path = marks.path(line)
    elif marks.owner is not None:
        path = marks.owner
    else:
        path = (marks.items or marks.parts)[0][:-1]
    return Line(corners, line["width"] * ratio, path)


def _scale(scale: Mapping[str, Any], ratio: float, warped: ValueAxis | None) -> Scale:
    """The scale of an axis; of a `warped` one, what is read are places on the line of its warp."""
    center, ticks = scale.get("center"), tuple(scale.get("ticks", ()))
    warp = Warp("log") if ticks else LINEAR
    low, high = scale["low"], scale["high"]
    if warped is not None:
        warp, ticks = warped.warp, warped.ticks
        low, high = warp.value(low), warp.value(high)
    if ticks:
        scale = {**scale, "tick": 0.0}
    return Scale(
        low,
        high,
        scale["pixels"] * ratio,
        scale["tick"],
        scale["start"] * ratio,
        scale["reverse"],
        (center[0] * ratio, center[1] * ratio) if center else None,
        warp,
        ticks,
    )


def decode_pixels(picture: Mapping[str, Any]) -> Pixels:
    """`[height, width, 3]` from runs of equal pixels, as `readPixels` in `page_readback.js`
    lays them out."""
    runs: int = picture["runs"]
    raw = np.frombuffer(base64.b64decode(picture["data"]), np.uint8)
    counts = raw[: 2 * runs].view("<u2")
    # Whole words are repeated much faster than triples of bytes.
    words = np.zeros((runs, 4), np.uint8)
    words[:, :CHANNELS] = raw[2 * runs :].reshape(CHANNELS, runs).T
    flat = np.repeat(words.view(np.uint32)[:, 0], counts).view(np.uint8).reshape(-1, 4)
    pixels = np.empty((len(flat), CHANNELS), np.uint8)
    for channel in range(CHANNELS):
        pixels[:, channel] = flat[:, channel]
    return pixels.reshape(picture["height"], picture["width"], CHANNELS)


def parse_color(text: str) -> tuple[int, int, int]:
    """`#rgb`, `#rrggbb` or `rgb(…)`.

    Raises:
        ValueError: any other way of writing a color; our options use none.
    """
    if text.startswith("#") and len(text) == len("#rgb"):
        text = "#" + "".join(digit * 2 for digit in text[1:])
    if text.startswith("#") and len(text) == len("#rrggbb"):
        return rgb_bytes(text)
    found = _RGB.match(text)
    if found is None:
        raise ValueError(f"unknown color {text!r}")
    red, green, blue = (int(digits) for digits in found.groups())
    return red, green, blue


def contrast_of(
    pixels: Pixels,
    boxes: Sequence[Box],
    inks: Sequence[tuple[int, int, int]],
    slanted: Sequence[bool],
    distance: float,
) -> npt.NDArray[np.float64]:
    """WCAG ratio of each text's ink against the pixels at this distance around its box.

    The ring around the ink is nearly all background, also where the text lies half on a mark.
    """
    if not boxes:
        return np.empty(0)
    rings = [_ring(pixels, box, distance) for box in boxes]
    background = pixel_luminance(np.concatenate(rings))
    ink = pixel_luminance(np.asarray(inks, np.uint8))
    ends = np.cumsum([len(ring) for ring in rings])
    result = np.empty(len(boxes))
    for i, (low, high) in enumerate(zip((0, *ends[:-1]), ends, strict=True)):
        ratio = contrast_to(background[low:high], float(ink[i]))
        share = _SLANTED_SHARE if slanted[i] else _UPRIGHT_SHARE
        rank = int(share * (len(ratio) - 1))
        result[i] = np.partition(ratio, rank)[rank]
    return result


def _ring(pixels: Pixels, box: Box, distance: float) -> Pixels:
    """The pixels `[n, 3]` just outside the box, as far as they are on the picture."""
    height, width = pixels.shape[:2]
    x0, x1 = box[0] - distance, box[2] + distance - 1
    y0, y1 = box[1] - distance, box[3] + distance - 1
    x0, x1 = (min(max(round(x), 0), width - 1) for x in (x0, x1))
    y0, y1 = (min(max(round(y), 0), height - 1) for y in (y0, y1))
    columns, rows = slice(x0, x1 + 1), slice(y0, y1 + 1)
    sides = (pixels[y0, columns], pixels[y1, columns], pixels[rows, x0], pixels[rows, x1])
    return np.concatenate(sides)


def _shown(text: Mapping[str, Any], box: Box, ratio: float) -> Box:
    """The box; moved off the picture where a clip path hides part of the text, so that the
    audit finds it cut."""
    clip = text["clip"]
    if clip is None:
        return box
    x0, y0, x1, y1 = _scaled(clip, ratio)
    visible = (
        box[0] >= x0 - _CLIPPED
        and box[1] >= y0 - _CLIPPED
        and box[2] <= x1 + _CLIPPED
        and box[3] <= y1 + _CLIPPED
    )
    x0, y0, x1, y1 = box
    return box if visible else (-x1, -y1, -x0, -y0)


def _scaled(box: Sequence[float], ratio: float) -> Box:
    x0, y0, x1, y1 = (round(v * ratio, 2) for v in box)
    return x0, y0, x1, y1
