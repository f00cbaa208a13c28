"""Pages of real documents as a test: manuals, guides, papers and books in their authors' layout.

    python -m benchmarks.real_pages --out FOLDER [--cache FOLDER] [--pages-en 2] [--pages-zh 3]
                                   [--further NAME=PATH]

The PDF files are documentation that Debian packages bring, none of which `benchmarks.corpora` or
`benchmarks.text_pages` takes text from; `apt-get download` fetches them into the cache. Of each
document some pages are drawn by `vary-data pages` at 1024 pixels. Writes
configurations real-en and real-zh of the split `test`, and one for each NAME of further PDF files
or folders.
"""

from __future__ import annotations

import argparse
import gzip
import subprocess
import sys
from pathlib import Path

from benchmarks.text_pages import fetch

SOURCES = {
    "en": {
        "asymptote-doc": "CAD.pdf asymptote.pdf asy-latex.pdf TeXShopAndAsymptote.pdf",
        "gap-doc": "hpc/manual.pdf ref/manual.pdf tut/manual.pdf",
        "gnuplot-doc": "gnuplot.pdf",
        "installation-guide-amd64": "install.en.pdf.gz",
        "octave-doc": "octave.pdf liboctave.pdf",
        "pari-doc": "users.pdf libpari.pdf tutorial.pdf develop.pdf tutorial-mf.pdf",
        "r-doc-pdf": "R-FAQ.pdf R-admin.pdf R-exts.pdf R-intro.pdf R-lang.pdf fullrefman.pdf",
        "zsh-doc": "zsh.pdf zsh_us.pdf",
        "texlive-humanities-doc": "covington.pdf expex-doc.pdf reledmac.pdf poemscol.pdf verse.pdf "
        "screenplay.pdf metrix.pdf bibleref.pdf gb4e-doc.pdf dramatist.pdf xyli-doc.pdf",
        "texlive-publishers-doc": "*.pdf",
        "texlive-science-doc": "*.pdf",
    },
    "zh": {
        "installation-guide-amd64": "install.zh_CN.pdf.gz",
        "linuxcnc-doc-zh-cn": "*.pdf",
        "packaging-tutorial": "*.zh_CN.pdf",
        "debmake-doc": "*.zh-cn.pdf",
        "texlive-lang-chinese": "*.pdf",
        "texlive-publishers-doc": "hitszthesis-*.pdf hitszbeamer/main.pdf hustthesis-zh*.pdf "
        "inkpaper-cn.pdf njuthesis.pdf nwafuthesis.pdf",
    },
}
"""Packages, and patterns of the files to take."""
MOST = {"texlive-publishers-doc": 40, "texlive-science-doc": 25}
"""Of packages with hundreds of documents, so many, evenly from the sorted list."""
SMALLEST = 60_000
"""Bytes of a file."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--cache", type=Path, default=Path("text-pages-cache"))
    parser.add_argument("--langs", nargs="+", choices=("en", "zh"), default=("en", "zh"))
    parser.add_argument("--pages-en", type=int, default=2, help="of a document")
    parser.add_argument("--pages-zh", type=int, default=3)
    parser.add_argument("--further", action="append", default=[], metavar="NAME=PATH")
    parser.add_argument("-j", "--workers", type=int, default=1)
    arguments = parser.parse_args()
    for lang in arguments.langs:
        folder = arguments.cache / f"real-{lang}"
        collect(lang, arguments.cache, folder)
        draw(f"real-{lang}", lang, folder, arguments)
    for entry in arguments.further:
        name, _, path = entry.partition("=")
        draw(name, "zh" if "zh" in name else "en", Path(path), arguments)


def collect(lang: str, cache: Path, folder: Path) -> None:
    """Put the documents of a language into a folder, unpacked, each name with its package."""
    folder.mkdir(parents=True, exist_ok=True)
    for package, patterns in SOURCES[lang].items():
        root = fetch(package, cache)
        found = sorted({p for pattern in patterns.split() for p in root.rglob(pattern)})
        found = [p for p in found if p.is_file() and p.stat().st_size >= SMALLEST]
        if package in MOST and lang == "en":
            step = max(1.0, len(found) / MOST[package])
            found = [found[int(i * step)] for i in range(min(len(found), MOST[package]))]
        for path in found:
            name = f"{package}-{path.parent.name}-{path.name.removesuffix('.gz')}"
            data = path.read_bytes()
            (folder / name).write_bytes(gzip.decompress(data) if path.suffix == ".gz" else data)


def draw(name: str, lang: str, source: Path, arguments: argparse.Namespace) -> None:
    """Draw pages of the documents as one configuration."""
    pages = arguments.pages_zh if lang == "zh" else arguments.pages_en
    command = [sys.executable, "-m", "vary_data", "pages", "--src", str(source), "--lang", lang,
               "--long-side", "1024", "--image-format", "webp", "--name", name, "--splits", "test",
               "--max-pages-per-doc", str(pages), "-o", str(arguments.out),
               "-j", str(arguments.workers)]  # fmt: skip
    subprocess.run(command, check=True)


if __name__ == "__main__":
    main()
