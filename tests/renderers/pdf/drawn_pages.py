"""Pages whose content stream a test writes itself."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pymupdf

from tests.renderers.pdf.pdf_inputs import A4, ENGLISH

WIDTH = 60
"""Characters of a row."""


def rows(text: str = ENGLISH) -> list[str]:
    """The text in rows of up to `WIDTH` characters."""
    found = [""]
    for word in text.split():
        if len(found[-1]) + len(word) >= WIDTH:
            found.append("")
        found[-1] = f"{found[-1]} {word}".strip()
    return found


def set_rows(
    lines: Sequence[str], *, x: float = 72, y: float = 740, font: str = "F1", size: float = 11
) -> str:
    """Operators that draw rows with a distance of 14 points."""
    shown = " ".join(f"({line}) Tj T*" for line in lines)
    return f"BT /{font} {size} Tf 14 TL {x} {y} Td {shown} ET\n"


def drawn(
    path: Path,
    stream: str,
    *,
    states: dict[str, str] | None = None,
    fonts: dict[str, str] | None = None,
    image: pymupdf.Pixmap | None = None,
    forms: dict[str, str] | None = None,
) -> Path:
    """A page with this content; `/F1` is Times, `/Im` the image over the whole page.

    `states`, `fonts` and `forms` have the dictionaries of `/ExtGState` and `/Font`, and the
    content of form objects, which are transparency groups.
    """
    with pymupdf.open() as document:
        page = document.new_page(width=A4[0], height=A4[1])
        if image is not None:
            page.insert_image(page.rect, pixmap=image)
        name = page.get_images()[0][7] if image is not None else ""
        resources = _object(document, "<<>>")
        font = _object(document, "<</Type/Font/Subtype/Type1/BaseFont/Times-Roman>>")
        _set(document, resources, "Font/F1", f"{font} 0 R")
        for key, value in (fonts or {}).items():
            _set(document, resources, f"Font/{key}", f"{_object(document, value)} 0 R")
        for key, value in (states or {}).items():
            _set(document, resources, f"ExtGState/{key}", value)
        if name:
            _set(document, resources, "XObject/Im", f"{page.get_images()[0][0]} 0 R")
        for key, value in (forms or {}).items():
            form = _object(
                document,
                "<</Type/XObject/Subtype/Form/BBox[0 0 595 842]/Group<</S/Transparency>>"
                f"/Resources<</Font<</F1 {font} 0 R>>>>>>",
            )
            document.update_stream(form, value.encode())
            _set(document, resources, f"XObject/{key}", f"{form} 0 R")
        content = _object(document, "<<>>")
        document.update_stream(content, stream.encode("latin-1"))
        document.xref_set_key(page.xref, "Resources", f"{resources} 0 R")
        document.xref_set_key(page.xref, "Contents", f"{content} 0 R")
        document.save(path)
    return path


def with_to_unicode(path: Path, font_name: str, table: dict[int, str], code: str = "%02x") -> Path:
    """Give the font of this base name a ToUnicode table."""
    lines = "".join(f"<{code % key}> <{ord(text):04x}>\n" for key, text in table.items())
    body = f"begincmap\n{len(table)} beginbfchar\n{lines}endbfchar\nendcmap\n"
    with pymupdf.open(path) as document:
        (font,) = {f[0] for f in document.get_page_fonts(0) if f[3] == font_name}
        stream = _object(document, "<<>>")
        document.update_stream(stream, body.encode())
        document.xref_set_key(font, "ToUnicode", f"{stream} 0 R")
        document.saveIncr()
    return path


def scan(lines: Sequence[str], **place: float) -> pymupdf.Pixmap:
    """A picture of these rows at 150 dots per inch, like a scanned page."""
    with pymupdf.open() as document:
        page = document.new_page(width=A4[0], height=A4[1])
        for index, line in enumerate(lines):
            page.insert_text((72, 102 + 14 * index), line, fontname="times-roman", fontsize=11)
        return page.get_pixmap(dpi=150)


def _object(document: pymupdf.Document, value: str) -> int:
    xref = document.get_new_xref()
    document.update_object(xref, value)
    return xref


def _set(document: pymupdf.Document, xref: int, key: str, value: str) -> None:
    document.xref_set_key(xref, key, value)
