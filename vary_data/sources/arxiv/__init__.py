"""LaTeX sources as arXiv gives them, read into the blocks of a document."""

from vary_data.sources.arxiv.blocks.converter import Rejected
from vary_data.sources.arxiv.document import Extraction, read_document
from vary_data.sources.arxiv.errors import UnusableSource
from vary_data.sources.arxiv.limits import Limits
from vary_data.sources.arxiv.read.find import find_documents, is_readable

__all__ = [
    "Extraction",
    "Limits",
    "Rejected",
    "UnusableSource",
    "find_documents",
    "is_readable",
    "read_document",
]
