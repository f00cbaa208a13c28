"""LaTeX sources as arXiv gives them, read into the blocks of a document.

`read` → `expand` → `structure` → `blocks`, with `references`, `formulas` and `text` for the
content of nodes and `vocabulary` for the commands that are known; `document` runs the steps.
"""

from vary_data.sources.arxiv.blocks.converter import SourceRejection
from vary_data.sources.arxiv.document import Extraction, read_document
from vary_data.sources.arxiv.errors import DocumentRejected
from vary_data.sources.arxiv.limits import ExtractionLimits
from vary_data.sources.arxiv.read.find import (
    FoundDocument,
    find_documents,
    find_units,
    is_readable,
    not_latex,
)
from vary_data.sources.arxiv.read.part import Part

__all__ = [
    "DocumentRejected",
    "Extraction",
    "ExtractionLimits",
    "FoundDocument",
    "Part",
    "SourceRejection",
    "find_documents",
    "find_units",
    "is_readable",
    "not_latex",
    "read_document",
]
