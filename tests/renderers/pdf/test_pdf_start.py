"""PyMuPDF as the workers import it."""

import subprocess
import sys

PROGRAM = """
import sys
from renderers.pdf.start import import_pymupdf
import_pymupdf()
loaded = {name.partition(".")[0] for name in sys.modules}
assert "pymupdf" in loaded
assert not {"onnxruntime", "pymupdf4llm"} & loaded
assert "pymupdf.layout" not in sys.modules
import pymupdf4llm  # later imports find everything
assert "pymupdf.layout" in sys.modules
import_pymupdf()
assert "pymupdf.layout" in sys.modules
"""


def test_the_analysis_of_layout_is_not_loaded():
    subprocess.run([sys.executable, "-c", PROGRAM], check=True)
