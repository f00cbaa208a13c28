"""Compare pages with the papers' own PDFs: the share of a paper's words that is on its pages.

    python benchmarks/latex_words.py --src FOLDER [--template article] [--missing 20]

Each document is compiled in a temporary copy with pdflatex, else xelatex, without shell escape
(bibtex if it has no .bbl, three runs), and typeset in a template. A word of two letters or more,
or a Chinese character, counts as often as it occurs; a word is found as often as the pages have it.
Papers that do not compile have no share. Also counts pages with a figure, references, and
pseudo-code.
"""

from __future__ import annotations

import argparse
import re
import shutil
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pymupdf

from renderers.figures.converter import FigureConverter
from renderers.latex import style, template
from renderers.latex.engine import TexEngine
from renderers.latex.pages import VerifiedPage
from renderers.latex.renderer import LatexRenderer
from renderers.rejected import Rejected
from vary_data.generators import sandbox
from vary_data.generators.latex import cache_folder
from vary_data.sources.arxiv import DocumentRejected, FoundDocument, find_documents, read_document

reader: Any = pymupdf
KINDS = {"figure": "figure", "reference": "references", "algorithm": "pseudo-code"}
SECONDS = 120
ENVIRONMENT = {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": "/nonexistent", "openout_any": "p"}
_WORD = re.compile(r"[^\W\d_]{2,}|[\u4e00-\u9fff]")
_HYPHEN = re.compile(r"(?<=[a-z])[-\u00ad\u2010]\n(?=[a-z])")


def words(text: str) -> Counter[str]:
    joined = _HYPHEN.sub("", text)
    for ligature, letters in (("ﬁ", "fi"), ("ﬂ", "fl"), ("ﬀ", "ff"), ("ﬃ", "ffi"), ("ﬄ", "ffl")):
        joined = joined.replace(ligature, letters)
    found: Counter[str] = Counter()
    for word in _WORD.findall(joined.lower()):
        chinese = re.findall(r"[\u4e00-\u9fff]", word)
        found.update(chinese or [word])
    return found


def own_text(document: FoundDocument) -> str:
    """The text of a document's PDF as its own preamble makes it; empty if none is made."""
    if not document.path.is_dir() or not document.part.main:
        return ""
    with tempfile.TemporaryDirectory() as work:
        copy = Path(work) / "source"
        shutil.copytree(document.path, copy)
        main = copy / document.part.main
        pdf = main.with_suffix(".pdf")
        pdf.unlink(missing_ok=True)
        for program in ("pdflatex", "xelatex"):
            if shutil.which(program) is None:
                continue
            tex = [program, "-no-shell-escape", "-interaction=nonstopmode", main.name]
            lists = [] if main.with_suffix(".bbl").is_file() else [["bibtex", main.stem]]
            for command in (tex, *lists, tex, tex):
                sandbox.run(command, main.parent, ENVIRONMENT, SECONDS)
                if not pdf.is_file():
                    break
            if pdf.is_file():
                with reader.open(pdf) as opened:
                    return "\n".join(page.get_text() for page in opened)
    return ""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--src", type=Path, required=True)
    parser.add_argument("--template", default="", help="default: article, or zh_article_song")
    parser.add_argument("--missing", type=int, default=0, help="print the words most often lost")
    options = parser.parse_args()
    renderer = LatexRenderer(TexEngine(sandbox.run, cache_folder(), seconds=SECONDS))
    known = template.load()
    figures = FigureConverter(1000, sandbox.run)
    pages_with: Counter[str] = Counter()
    pages = theirs = shared = 0
    print(f"{'document':44} {'pages':>5} {'words':>7} {'found':>7}")
    for document in find_documents(options.src):
        if document.problem:
            continue
        try:
            found = read_document(document.path, part=document.part, convert=figures.convert)
        except DocumentRejected as error:
            print(f"{document.name:44} {error.reason}")
            continue
        lang = found.document.lang
        chosen = known[options.template or ("zh_article_song" if lang == "zh" else "article")]
        page_style = style.sample(chosen, np.random.default_rng(1))
        ours: Counter[str] = Counter()
        here = 0
        try:
            for page in renderer.pages(found.document, chosen, page_style, 400):
                if isinstance(page, VerifiedPage):
                    here += 1
                    regions = page.picture.regions
                    roles = {region.role for region in regions}
                    pages_with.update(name for role, name in KINDS.items() if role in roles)
                    ours += words("\n".join(r.text for r in regions if r.role == "line"))
                    ours += words("\n".join(r.text for r in regions if r.role == "cell"))
        except Rejected as error:
            print(f"{document.name:44} {error.reason}")
        pages += here
        own = words(own_text(document))
        both = own & ours
        line = f"{document.name:44} {here:5}"
        if own:
            theirs, shared = theirs + own.total(), shared + both.total()
            line += f" {own.total():7} {both.total() / own.total():7.1%}"
        print(line, flush=True)
        if own and options.missing:
            lost = (own - both).most_common(options.missing)
            print("   ", " ".join(f"{word}:{number}" for word, number in lost))
    figures.close()
    print(f"words of the papers on their pages: {shared / max(theirs, 1):.1%} of {theirs}")
    for name in KINDS.values():
        print(f"pages with {name}: {pages_with[name]} of {pages}")


if __name__ == "__main__":
    main()
