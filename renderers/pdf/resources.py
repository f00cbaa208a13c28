"""Which fonts the pages of a document refer to, by their object numbers.

PyMuPDF's list of the fonts of a page has all of their properties, which takes ten times as long.
Most pages use fonts that an earlier page has shown.
"""

from __future__ import annotations

from typing import Any

import pymupdf
from pymupdf import mupdf

Numbers = tuple[frozenset[int], frozenset[int]]
"""The object numbers of the fonts and forms that a dictionary of resources names."""


class FontNumbers:
    """The fonts of the pages of one PDF document; a form is searched once.

    Forms may contain each other in circles, and the search may be interrupted. So what is kept of
    a form is what itself names, which no search before it changes.
    """

    def __init__(self, document: pymupdf.Document) -> None:
        self.document = document
        self._of_form: dict[int, Numbers] = {}

    def of_page(self, index: int) -> frozenset[int]:
        """The object numbers of the fonts of a page and of its forms; 0 is a font without one."""
        pdf = mupdf.PdfDocument(self.document.this)
        page = mupdf.pdf_lookup_page_obj(pdf, index)
        resources = mupdf.pdf_dict_get_inheritable(page, mupdf.PDF_ENUM_NAME_Resources)
        found, left = map(set, _named(resources.m_internal))
        seen: set[int] = set()
        while left:
            number = left.pop()
            seen.add(number)
            if number not in self._of_form:
                form = mupdf.pdf_new_indirect(pdf, number, 0)
                inner = mupdf.ll_pdf_dict_gets(form.m_internal, "Resources")
                self._of_form[number] = _named(inner)
            fonts, forms = self._of_form[number]
            found |= fonts
            left |= forms - seen
        return frozenset(found)


def _named(resources: Any) -> Numbers:
    if not resources:
        return frozenset(), frozenset()
    fonts, forms = (_numbers(mupdf.ll_pdf_dict_gets(resources, key)) for key in ("Font", "XObject"))
    return fonts, forms - {0}


def _numbers(dictionary: Any) -> frozenset[int]:
    """The object numbers of the values of a dictionary; 0 for one that is no object of its own."""
    count = mupdf.ll_pdf_dict_len(dictionary) if dictionary else 0
    values = [mupdf.ll_pdf_dict_get_val(dictionary, i) for i in range(count)]
    return frozenset(map(mupdf.ll_pdf_to_num, values))
