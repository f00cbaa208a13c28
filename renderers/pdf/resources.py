"""Which fonts the pages of a document refer to, by their object numbers.

PyMuPDF's list of the fonts of a page has all of their properties, which takes ten times as long.
Most pages use fonts that an earlier page has shown.
"""

from __future__ import annotations

from typing import Any

import pymupdf
from pymupdf import mupdf


class FontNumbers:
    """The fonts of the pages of one PDF document; a form is searched once."""

    def __init__(self, document: pymupdf.Document) -> None:
        self.document = document
        self._of_form: dict[int, frozenset[int]] = {}

    def of_page(self, index: int) -> frozenset[int]:
        """The object numbers of the fonts of a page and of its forms; 0 is a font without one."""
        pdf = mupdf.PdfDocument(self.document.this)
        page = mupdf.pdf_lookup_page_obj(pdf, index)
        resources = mupdf.pdf_dict_get_inheritable(page, mupdf.PDF_ENUM_NAME_Resources)
        return self._search(resources.m_internal)

    def _search(self, resources: Any) -> frozenset[int]:
        if not resources:
            return frozenset()
        found = {number for number, _ in _values(mupdf.ll_pdf_dict_gets(resources, "Font"))}
        for number, form in _values(mupdf.ll_pdf_dict_gets(resources, "XObject")):
            if number not in self._of_form:
                self._of_form[number] = frozenset()  # while it is searched: forms may be circular
                self._of_form[number] = self._search(mupdf.ll_pdf_dict_gets(form, "Resources"))
            found |= self._of_form[number]
        return frozenset(found)


def _values(dictionary: Any) -> list[tuple[int, Any]]:
    """The values of a dictionary, with their object numbers."""
    if not dictionary:
        return []
    count = mupdf.ll_pdf_dict_len(dictionary)
    values = [mupdf.ll_pdf_dict_get_val(dictionary, i) for i in range(count)]
    return [(mupdf.ll_pdf_to_num(value), value) for value in values]
