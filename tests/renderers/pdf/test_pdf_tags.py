"""The structure tree of a tagged PDF as a witness of the reading order."""

from dataclasses import replace

import pytest

from renderers.pdf.document import open_document
from renderers.pdf.order_check import check_order
from renderers.pdf.page import PageReader
from renderers.pdf.tags import is_tagged, tag_agreement
from renderers.pdf.text import page_text
from renderers.rejected import Rejected
from tests.renderers.pdf.pdf_inputs import written
from tests.renderers.pdf.placed_lines import column

LEFT = ("Blue glass bowl", "Red clay pot", "Two iron keys", "Old oak chest", "Fine silk scarf")
RIGHT = ("Tin soldier set", "Brass door bell", "Green wool hat", "Small tea cup", "Long rope end")


def tagged(path, *groups, depth=0):
    """Two columns that are drawn row by row; the tree has one paragraph for each group of texts.

    The paragraphs are inside of `depth` sections, each in the one before it.
    """
    texts = [text for pair in zip(LEFT, RIGHT, strict=True) for text in pair]
    shown = "".join(
        f"/P <</MCID {n}>> BDC BT /F1 11 Tf {72 + n % 2 * 250} {700 - n // 2 * 14} Td ({text}) Tj"
        " ET EMC\n"
        for n, text in enumerate(texts)
    )
    paragraphs = " ".join(f"{9 + i} 0 R" for i in range(len(groups)))
    tree = ["7 0 R", *(f"{9 + len(groups) + i} 0 R" for i in range(depth)), paragraphs]
    elements = [
        f"<</Type/StructElem/S/P/P {tree[-2]}/Pg 3 0 R"
        f"/K[{' '.join(str(texts.index(t)) for t in group)}]>>"
        for group in groups
    ]
    sections = [f"<</Type/StructElem/S/Sect/P {tree[i]}/K[{tree[i + 2]}]>>" for i in range(depth)]
    owners = (next(i for i, group in enumerate(groups) if text in group) for text in texts)
    objects = [
        "<</Type/Catalog/Pages 2 0 R/StructTreeRoot 6 0 R/MarkInfo<</Marked true>>>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/StructParents 0"
        "/Resources<</Font<</F1 5 0 R>>>>>>",
        f"<</Length {len(shown)}>>\nstream\n{shown}endstream",
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        "<</Type/StructTreeRoot/K[7 0 R]/ParentTree 8 0 R>>",
        f"<</Type/StructElem/S/Document/P 6 0 R/K[{tree[1]}]>>",
        f"<</Nums[0[{' '.join(f'{9 + i} 0 R' for i in owners)}]]>>",
        *elements,
        *sections,
    ]
    body = "".join(f"{n} 0 obj\n{text}\nendobj\n" for n, text in enumerate(objects, 1))
    path.write_text(f"%PDF-1.7\n{body}trailer<</Size {len(objects) + 1}/Root 1 0 R>>\n%%EOF")
    return path


def agreement(path, texts):
    """Of the rows of a page in this order with its tree."""
    with open_document(path) as document:
        display_list = document[0].get_displaylist(annots=0)
        rows = {row.text: row for row in _rows(display_list)}
        return tag_agreement(display_list, [rows[text] for text in texts])


def _rows(display_list):
    from renderers.pdf.character_reader import read_characters
    from renderers.pdf.rows import text_row

    return [text_row([line]) for line in read_characters(display_list).lines]


def test_columns_that_are_drawn_row_by_row_agree_with_their_tree(tmp_path):
    path = tagged(tmp_path / "a.pdf", LEFT, RIGHT)
    assert agreement(path, (*LEFT, *RIGHT)) == 1.0
    across = [text for pair in zip(LEFT, RIGHT, strict=True) for text in pair]
    assert agreement(path, across) < 0.6
    by_rows = tagged(tmp_path / "b.pdf", *zip(LEFT, RIGHT, strict=True))
    assert agreement(by_rows, across) == 1.0


def test_a_tree_of_any_depth(tmp_path):
    path = tagged(tmp_path / "a.pdf", LEFT, RIGHT, depth=3000)
    assert agreement(path, (*LEFT, *RIGHT)) == 1.0


def test_a_page_without_tags_has_no_witness(tmp_path):
    path = written(tmp_path / "a.pdf")
    with open_document(path) as document:
        assert not is_tagged(document)
        display_list = document[0].get_displaylist(annots=0)
        assert tag_agreement(display_list, _rows(display_list)) is None


def test_tags_settle_what_the_text_does_not(tmp_path):
    lines = [*column(72, 100, LEFT), *column(322, 100, RIGHT)]
    page = replace(page_text(lines, 800), doubts=1, order_agreement=0.4)
    check_order(page, tags=1.0)
    for tags in (None, 0.7):
        with pytest.raises(Rejected) as failure:
            check_order(page, tags=tags)
        assert failure.value.reason == "order-uncertain"


def outcome(path):
    with open_document(path) as document:
        try:
            return PageReader().read(document, 0, lambda: "en").text.replace("\n", " ")
        except Rejected as error:
            return error.reason


def test_a_page_is_rejected_if_its_tree_has_another_order(tmp_path):
    """The texts alone do not show whether the page has columns or rows."""
    columns = outcome(tagged(tmp_path / "a.pdf", LEFT, RIGHT))
    rows = outcome(tagged(tmp_path / "b.pdf", *zip(LEFT, RIGHT, strict=True)))
    across = " ".join(text for pair in zip(LEFT, RIGHT, strict=True) for text in pair)
    assert (columns, rows) == ("order-uncertain", across)
