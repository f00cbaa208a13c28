"""Chinese faces of e-books.

MuPDF has one Chinese face of its own. A style sheet can name others: MuPDF asks for each family
that it does not know, and gets one of the installed families of `renderers.fonts`.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from pymupdf import mupdf

from renderers.fonts import Face, families

_PREFIX = "book face "
"""Before the names of these families in a style sheet, so that no font of a PDF file has them."""


def css_family(name: str) -> str:
    """The value of `font-family` for a Chinese family of `renderers.fonts`."""
    _installed()
    return f'"{_PREFIX}{name}"'


@cache
def _installed() -> _Fonts:
    """The hook for fonts of the system, which lives as long as the process."""
    fonts = _Fonts()
    fonts.fz_install_load_system_font_funcs2()
    return fonts


class _Fonts(mupdf.FzInstallLoadSystemFontFuncsArgs2):  # type: ignore[misc]
    """Gives MuPDF the fonts that it asks for by name; each file is read once."""

    def __init__(self) -> None:
        super().__init__()
        self.use_virtual_f()
        self._loaded: dict[Face, Any] = {}

    def f(self, _: Any, name: str, bold: int, italic: int, exact: int) -> Any:
        """A font of MuPDF, or None for its own. Errors must not reach C."""
        try:
            if not name.startswith(_PREFIX):
                return None
            family = next(f for f in families("zh") if f.name == name.removeprefix(_PREFIX))
            face = family.bold if bold and family.bold else family.regular
            if face not in self._loaded:
                self._loaded[face] = mupdf.fz_new_font_from_file(None, face.path, face.index, 0)
            return mupdf.ll_fz_keep_font(self._loaded[face].m_internal)
        except Exception:  # an unreadable font file: MuPDF takes its own face
            return None
