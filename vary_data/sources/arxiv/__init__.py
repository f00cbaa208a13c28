"""LaTeX sources as arXiv gives them, read into the blocks of a document."""

from vary_data.sources.arxiv.convert import Rejected
from vary_data.sources.arxiv.document import Extraction, read_document
from vary_data.sources.arxiv.errors import UnusableSource
from vary_data.sources.arxiv.find import find_documents, is_readable
from vary_data.sources.arxiv.limits import Limits

__all__ = [
    "Extraction",
    "Limits",
    "Rejected",
    "UnusableSource",
    "find_documents",
    "is_readable",
    "read_document",
]
