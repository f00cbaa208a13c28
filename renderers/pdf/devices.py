"""Running the operations of a page through a device of MuPDF."""

from __future__ import annotations

import pymupdf
from pymupdf import mupdf


def run_operations(display_list: pymupdf.DisplayList, device: mupdf.FzDevice2) -> None:
    """Call the device for every operation of a page, in points, and close it."""
    mupdf.fz_run_display_list(
        display_list.this,
        device,
        mupdf.FzMatrix(),
        mupdf.FzRect(mupdf.FzRect.Fixed_INFINITE),
        mupdf.FzCookie(),
    )
    mupdf.fz_close_device(device)
