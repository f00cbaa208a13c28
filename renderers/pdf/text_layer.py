"""Draws a page twice more: its text alone, and the page without its text.

Both run the page's display list through MuPDF's drawing device, from which some operations are
removed.

* Text alone: the coverage of every text operation, whatever its color, transparency group, mask
  or clip. This is where the ink of each character belongs.
* Without text: all other operations, inside their groups, masks and clips. A difference between
  this and the page is what the text contributes to the picture. It is zero for text that is
  covered, clipped, transparent or blended away, for whatever reason.

All three pictures come from one rasterizer, so they are equal where nothing differs.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pymupdf
from pymupdf import mupdf

from renderers.picture import Pixels

PixelBox = tuple[int, int, int, int]
"""Left, top, right and bottom in pixels."""

_TEXT_OPERATIONS = ("fill_text", "stroke_text")
_OTHER_OPERATIONS = (
    *("fill_path", "stroke_path", "fill_shade", "fill_image", "fill_image_mask"),
    *("clip_path", "clip_stroke_path", "clip_image_mask", "clip_text", "clip_stroke_text"),
    *("pop_clip", "begin_mask", "end_mask", "begin_group", "end_group"),
    *("begin_tile", "end_tile", "set_default_colorspaces", "begin_layer", "end_layer"),
)
"""Members of MuPDF's `fz_device`: a null member is skipped."""


def drawn_apart(
    display_list: pymupdf.DisplayList, scale: float, area: PixelBox, *, color: bool
) -> tuple[Pixels, Pixels]:
    """`text_coverage` and `page_without_text` of the same pixels."""
    coverage = text_coverage(display_list, scale, area)
    return coverage, page_without_text(display_list, scale, area, color=color)


def text_coverage(display_list: pymupdf.DisplayList, scale: float, area: PixelBox) -> Pixels:
    """How much of each pixel of `area` text covers, 0 to 255, times the opacity of its color."""
    return _draw(empty_coverage(area), display_list, scale, _OTHER_OPERATIONS)


def page_without_text(
    display_list: pymupdf.DisplayList, scale: float, area: PixelBox, *, color: bool
) -> Pixels:
    """The pixels of `area`, drawn without the text of the page: `[H, W, 3]`, or gray `[H, W]`."""
    space = mupdf.FzColorspace.Fixed_RGB if color else mupdf.FzColorspace.Fixed_GRAY
    pixmap = mupdf.FzPixmap(
        mupdf.FzColorspace(space), mupdf.FzIrect(*area), mupdf.FzSeparations(), 0
    )
    pixmap.fz_clear_pixmap_with_value(255)
    return _draw(pixmap, display_list, scale, _TEXT_OPERATIONS)


def empty_coverage(area: PixelBox) -> mupdf.FzPixmap:
    """A pixmap without colors, in which every operation leaves its opacity."""
    pixmap = mupdf.FzPixmap(mupdf.FzColorspace(), mupdf.FzIrect(*area), mupdf.FzSeparations(), 1)
    pixmap.fz_clear_pixmap()
    return pixmap


def samples(pixmap: mupdf.FzPixmap) -> Pixels:
    """A copy of the bytes of a pixmap, `[H, W]`, or `[H, W, N]` if it has several components."""
    height, width, parts, stride = pixmap.h(), pixmap.w(), pixmap.n(), pixmap.stride()
    start = mupdf.ll_fz_pixmap_samples(pixmap.m_internal)
    view = mupdf.python_memoryview_from_memory(start, height * stride, 0)
    rows = np.frombuffer(view, np.uint8).reshape(height, stride)[:, : width * parts].copy()
    return rows if parts == 1 else rows.reshape(height, width, parts)


def _draw(
    pixmap: mupdf.FzPixmap,
    display_list: pymupdf.DisplayList,
    scale: float,
    left_out: Iterable[str],
) -> Pixels:
    device = mupdf.fz_new_draw_device(mupdf.FzMatrix(), pixmap)
    for name in left_out:
        setattr(device.m_internal, name, None)
    mupdf.fz_run_display_list(
        display_list.this,
        device,
        mupdf.FzMatrix(scale, 0, 0, scale, 0, 0),
        mupdf.FzRect(pixmap.fz_pixmap_bbox()),
        mupdf.FzCookie(),
    )
    mupdf.fz_close_device(device)
    return samples(pixmap)
