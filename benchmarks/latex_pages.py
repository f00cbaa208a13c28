"""LaTeX pages per core: this project against a plain script (pdflatex and pdf2image per page).

    python benchmarks/latex_pages.py [--copies N] [--plain N] [--templates a,b]

The plain script typesets the first of the same pages from a full preamble, once per page, with
the default compression of pdfTeX and characters of CJKutf8, and writes the same picture. This
project typesets `copies` copies of the specimen per template as one document (20 make 20 to 50
pages, the length of papers), with drawing, truth, checks, regions and encoding. Processor time of
child processes is counted.
"""

from __future__ import annotations

import argparse
import gc
import resource
import subprocess
import tempfile
from pathlib import Path

import numpy as np
from pdf2image import convert_from_path

from renderers.latex import specimen, style, template
from renderers.latex.blocks import Document
from renderers.latex.engine import MACROS, TexEngine
from renderers.latex.pages import VerifiedPage
from renderers.latex.renderer import LatexRenderer
from renderers.latex.tex import write
from renderers.picture import encode
from vary_data.generators import sandbox
from vary_data.generators.latex import cache_folder

STOCK = r"\pdfcompresslevel=9 \pdfobjcompresslevel=2"


def processor_seconds() -> float:
    parent, children = resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN
    usages = [resource.getrusage(who) for who in (parent, children)]
    return sum(u.ru_utime + u.ru_stime for u in usages)


def document_of(chosen: template.Template, copies: int) -> Document:
    one = specimen.chinese() if chosen.lang == "zh" else specimen.english()
    return Document(one.blocks * copies, one.lang)


def project_pages(
    renderer: LatexRenderer, chosen: template.Template, copies: int
) -> tuple[list[VerifiedPage], float]:
    """Pages made and processor seconds spent."""
    renderer.coverage(chosen)
    page_style = style.sample(chosen, np.random.default_rng(1))
    began = processor_seconds()
    pages = []
    for result in renderer.pages(document_of(chosen, copies), chosen, page_style):
        if isinstance(result, VerifiedPage):
            encode(result.picture.pixels)
            pages.append(result)
    return pages, processor_seconds() - began


def plain_script_seconds(
    engine: TexEngine, chosen: template.Template, page: VerifiedPage, pages: int, folder: Path
) -> float:
    """Processor seconds for `pages` pages, each with a run of pdflatex and pdf2image."""
    page_style = style.sample(chosen, np.random.default_rng(1))
    body = write(page.blocks, chosen, page_style).text.partition("\n")[2]
    stock = [line for line in body.split("\n") if not line.startswith(r"\vu ")]
    source = "\n".join([chosen.preamble, MACROS.read_text("utf-8"), STOCK, *stock])
    (folder / "page.tex").write_text(source, "utf-8")
    environment = engine.environment(chosen)
    began = processor_seconds()
    for i in range(pages):
        command = ["pdflatex", "-interaction=batchmode", "page.tex"]
        subprocess.run(command, cwd=folder, env=dict(environment), stdout=subprocess.DEVNULL)
        (image,) = convert_from_path(folder / "page.pdf", size=1280, first_page=1, last_page=1)
        image.save(folder / f"page{i}.png")
    return processor_seconds() - began


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--copies", type=int, default=20)
    parser.add_argument("--plain", type=int, default=3)
    parser.add_argument("--templates", default="article,two_column,zh_article_song,zh_report_hei")
    arguments = parser.parse_args()
    known = template.load()
    gc.freeze()  # as in a worker
    engine = TexEngine(sandbox.run, cache_folder(), seconds=120)
    renderer = LatexRenderer(engine)
    print(f"{'template':18} {'pages':>5} {'pages/s':>8} {'plain/s':>8} {'ratio':>6}")
    for name in arguments.templates.split(","):
        pages, seconds = project_pages(renderer, known[name], arguments.copies)
        with tempfile.TemporaryDirectory() as folder:
            slow = plain_script_seconds(
                engine, known[name], pages[0], arguments.plain, Path(folder)
            )
        fast, stock = len(pages) / seconds, arguments.plain / slow
        print(f"{name:18} {len(pages):5} {fast:8.1f} {stock:8.2f} {fast / stock:6.1f}")


if __name__ == "__main__":
    main()
