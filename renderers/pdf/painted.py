"""The pictures and drawings of a page: the operations of its display list, in drawing order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pymupdf
from pymupdf import mupdf

from renderers.pdf.characters import BoxArray
from renderers.pdf.devices import run_operations
from renderers.picture import Box

Operation = tuple[int, Box]
"""The position of an operation in drawing order, and the box that it paints."""


@dataclass(frozen=True, slots=True)
class Painted:
    """The pictures and drawings of a page, in points and in drawing order.

    `image_share` is the share of the page under pictures; `gray` is true if no picture or drawing
    has a color (text is not checked). `covers` has the boxes of everything that can hide text:
    all pictures, drawings, shadings, groups, masks and patterns, the edges of rectangular clips and
    all of other ones.
    """

    images: tuple[Box, ...]
    drawings: tuple[Box, ...]
    image_share: float
    gray: bool
    covers: tuple[Box, ...] = ()

    def shows_picture(self, boxes: BoxArray) -> npt.NDArray[np.bool_]:
        """Whether the center of each box (`[N, 4]`, points) is in a picture."""
        x, y = (boxes[:, :2] + boxes[:, 2:]).T / 2
        found = np.zeros(len(boxes), np.bool_)
        for x0, y0, x1, y1 in self.images:
            found |= (x0 <= x) & (x <= x1) & (y0 <= y) & (y <= y1)
        return found


def read_painted(display_list: pymupdf.DisplayList) -> Painted:
    """List the pictures and drawings of a page by running its display list."""
    device = _replay(display_list, text=False)
    page = display_list.rect
    limits = (page.x0, page.y0, page.x1, page.y1)
    images, drawings = (_visible(found, limits) for found in (device.images, device.drawings))
    # A larger drawing is a background: it has no edges, and it would explain all ink.
    background = 0.8 * page.width * page.height
    return Painted(
        images=tuple(box for _, box in images),
        drawings=tuple(box for _, box in drawings if _area(box) < background),
        image_share=_covered_page_share([box for _, box in images], page),
        gray=device.gray,
        covers=tuple(box for _, box in (*images, *drawings, *_visible(device.layers, limits))),
    )


def painted_texts(display_list: pymupdf.DisplayList) -> list[Box]:
    """The box of each text operation of a page, in points; much slower than `read_painted`."""
    page = display_list.rect
    found = _replay(display_list, text=True).texts
    return [box for _, box in _visible(found, (page.x0, page.y0, page.x1, page.y1))]


def _replay(display_list: pymupdf.DisplayList, *, text: bool) -> _Recorder:
    device = _Recorder(text=text)
    run_operations(display_list, device)
    return device


class _Recorder(mupdf.FzDevice2):  # type: ignore[misc]
    """A MuPDF device that records the box of each operation, and whether it has a color.

    Each call from MuPDF into Python takes microseconds, and most operations of a page are text:
    they are recorded only on request.
    """

    def __init__(self, *, text: bool) -> None:
        super().__init__()
        self.texts: list[Operation] = []
        self.images: list[Operation] = []
        self.drawings: list[Operation] = []
        self.layers: list[Operation] = []
        """Clips, groups, masks and patterns."""
        self.gray = True
        self.count = 0
        if text:
            self.use_virtual_fill_text()
            self.use_virtual_stroke_text()
        self.use_virtual_fill_path()
        self.use_virtual_stroke_path()
        self.use_virtual_fill_shade()
        self.use_virtual_fill_image()
        self.use_virtual_fill_image_mask()
        self.use_virtual_clip_path()
        self.use_virtual_clip_stroke_path()
        self.use_virtual_clip_text()
        self.use_virtual_clip_stroke_text()
        self.use_virtual_clip_image_mask()
        self.use_virtual_begin_mask()
        self.use_virtual_begin_group()
        self.use_virtual_begin_tile()

    def clip_path(self, _: Any, path: Any, __: Any, ctm: Any, ___: Any) -> None:
        box = mupdf.ll_fz_bound_path(path, None, ctm)
        if not mupdf.ll_fz_path_is_rect(path, ctm):
            self._record(self.layers, box)
            return
        for edge in _edges((box.x0, box.y0, box.x1, box.y1)):
            self.layers.append((self.count, edge))

    def clip_stroke_path(self, _: Any, path: Any, stroke: Any, ctm: Any, __: Any) -> None:
        self._record(self.layers, mupdf.ll_fz_bound_path(path, stroke, ctm))

    def clip_text(self, _: Any, text: Any, ctm: Any, __: Any) -> None:
        self._record(self.layers, mupdf.ll_fz_bound_text(text, None, ctm))

    def clip_stroke_text(self, _: Any, text: Any, stroke: Any, ctm: Any, __: Any) -> None:
        self._record(self.layers, mupdf.ll_fz_bound_text(text, stroke, ctm))

    def clip_image_mask(self, _: Any, __: Any, ctm: Any, ___: Any) -> None:
        self._record(self.layers, mupdf.ll_fz_transform_rect(mupdf.fz_unit_rect, ctm))

    def begin_mask(self, _: Any, area: Any, *__: Any) -> None:
        self._record(self.layers, area)

    def begin_group(self, _: Any, area: Any, *__: Any) -> None:
        self._record(self.layers, area)

    def begin_tile(
        self, _: Any, area: Any, __: Any, ___: Any, ____: Any, ctm: Any, *_____: Any
    ) -> int:
        self._record(self.layers, mupdf.ll_fz_transform_rect(area, ctm))
        return 0  # the identity of a pattern that is not cached

    def fill_text(self, _: Any, text: Any, ctm: Any, *__: Any) -> None:
        self._record(self.texts, mupdf.ll_fz_bound_text(text, None, ctm))

    def stroke_text(self, _: Any, text: Any, stroke: Any, ctm: Any, *__: Any) -> None:
        self._record(self.texts, mupdf.ll_fz_bound_text(text, stroke, ctm))

    def fill_path(
        self, _: Any, path: Any, __: Any, ctm: Any, space: Any, color: Any, *___: Any
    ) -> None:
        self._record(self.drawings, mupdf.ll_fz_bound_path(path, None, ctm))
        self.gray = self.gray and _is_gray(space, color)

    def stroke_path(
        self, _: Any, path: Any, stroke: Any, ctm: Any, space: Any, color: Any, *__: Any
    ) -> None:
        self._record(self.drawings, mupdf.ll_fz_bound_path(path, stroke, ctm))
        self.gray = self.gray and _is_gray(space, color)

    def fill_shade(self, _: Any, shade: Any, ctm: Any, *__: Any) -> None:
        self._record(self.drawings, mupdf.ll_fz_bound_shade(shade, ctm))
        self.gray = False

    def fill_image(self, _: Any, image: Any, ctm: Any, *__: Any) -> None:
        self._record(self.images, mupdf.ll_fz_transform_rect(mupdf.fz_unit_rect, ctm))
        self.gray = self.gray and _is_gray(image.colorspace, None)

    def fill_image_mask(self, _: Any, __: Any, ctm: Any, space: Any, color: Any, *___: Any) -> None:
        self._record(self.drawings, mupdf.ll_fz_transform_rect(mupdf.fz_unit_rect, ctm))
        self.gray = self.gray and _is_gray(space, color)

    def _record(self, found: list[Operation], box: Any) -> None:
        found.append((self.count, (box.x0, box.y0, box.x1, box.y1)))
        self.count += 1


def _is_gray(space: Any, color: Any) -> bool:
    """Whether a color, or without a color every color of the space, is certainly gray."""
    if space is None or mupdf.ll_fz_colorspace_is_gray(space):
        return True
    if color is None or not mupdf.ll_fz_colorspace_is_rgb(space):
        return False
    red, green, blue = (mupdf.floats_getitem(color, i) for i in range(3))
    return bool(red == green == blue)


def _edges(box: Box) -> tuple[Box, Box, Box, Box]:
    """The four sides of a box, as boxes of some width."""
    x0, y0, x1, y1 = box
    half = 0.5
    return (
        (x0 - half, y0, x0 + half, y1),
        (x1 - half, y0, x1 + half, y1),
        (x0, y0 - half, x1, y0 + half),
        (x0, y1 - half, x1, y1 + half),
    )


def _visible(found: Sequence[Operation], limits: Box) -> list[Operation]:
    """The operations clipped to the page, without those outside it."""
    left, top, right, bottom = limits
    out = []
    for order, (x0, y0, x1, y1) in found:
        x0 = x0 if x0 > left else left
        y0 = y0 if y0 > top else top
        x1 = x1 if x1 < right else right
        y1 = y1 if y1 < bottom else bottom
        if x0 < x1 and y0 < y1:
            out.append((order, (x0, y0, x1, y1)))
    return out


def _area(box: Box) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


def _covered_page_share(boxes: Sequence[Box], page: pymupdf.Rect) -> float:
    """Share of the page under any of the boxes, on a grid of 64 by 64."""
    if not boxes:
        return 0.0
    cells = 64
    grid = np.zeros((cells, cells), np.bool_)
    for x0, y0, x1, y1 in boxes:
        left, right = ((x - page.x0) / page.width * cells for x in (x0, x1))
        top, bottom = ((y - page.y0) / page.height * cells for y in (y0, y1))
        grid[int(top) : int(bottom) + 1, int(left) : int(right) + 1] = True
    return float(grid.mean())
