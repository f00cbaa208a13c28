"""docling-core's own parser reads DocTags and OTSL; needs docling-core (docs/targets.md)."""

import pytest
from PIL import Image

from tests.targets.page_rows import random_page
from tests.targets.random_tables import random_tables
from vary_data.dataset.rejection import Rejected
from vary_data.targets.pages.doctags import doctags
from vary_data.targets.pages.page import page_of
from vary_data.targets.tables.otsl import otsl

pytest.importorskip("docling_core.types.doc")
pytestmark = pytest.mark.filterwarnings("ignore")


def test_docling_reads_the_cells_of_otsl():
    from docling_core.types.doc.utils import parse_otsl_table_content

    for table in random_tables(2000):
        if any("<" in cell.text for cell in table.cells):
            continue  # docling takes it for a tag
        read = {
            (c.start_row_offset_idx, c.start_col_offset_idx, c.row_span, c.col_span, c.text)
            for c in parse_otsl_table_content(otsl(table)).table_cells
        }
        assert read == {(c.row, c.column, c.rowspan, c.colspan, c.text) for c in table.cells}


def test_docling_reads_every_block_of_doctags():
    from docling_core.types.doc.document import DoclingDocument, DocTagsDocument

    for seed in range(100):
        page = page_of(random_page(seed))
        try:
            text = doctags(page)
        except Rejected:
            continue
        picture = Image.new("RGB", (page.width, page.height), "white")
        pair = DocTagsDocument.from_doctags_and_image_pairs([text], [picture])
        read = DoclingDocument.load_from_doctags(pair, document_name="page")
        texts = [item.text for item in read.texts]
        for block in page.blocks:
            if block.table is None and block.role not in ("figure", "formula", "code"):
                wanted = block.item_text if block.role == "list_item" else block.text
                assert wanted.replace("<", "\\lt ") in texts
        tables = [block.table for block in page.blocks if block.table]
        assert [(t.data.num_rows, t.data.num_cols) for t in read.tables] == [
            (table.rows, table.columns) for table in tables
        ]
        assert len(read.pictures) == sum(block.role == "figure" for block in page.blocks)
