"""English and Chinese text and program code for pages to read, from Debian packages, in three
small files.

    python -m benchmarks.corpora --out FOLDER [--cache FOLDER] [--only en zh code]

`apt-get download` fetches the packages into the cache; nothing is installed. Writes FOLDER/en.xz
and zh.xz: a JSON line [package, tag, text] per paragraph, each text once, in the order of its
file. Tags are h (heading), p (paragraph) and li (item). In code.xz the tag is the suffix of the
file, the text some lines of it.
"""

from __future__ import annotations

import argparse
import gettext
import gzip
import html
import json
import lzma
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path

from benchmarks import text_pages
from benchmarks.text_pages import Paragraph, fetch

PAGES = {
    "en": {
        "anarchism": "*.html",
        "postgresql-doc-15": "*.html",
        "git-doc": "*.html",
        "developers-reference": "*.html",
    },
    "zh": {},
}
"""Documentation beside `text_pages.SOURCES`: packages, and what to read of them."""
CATALOGS = (
    "cataclysm-dda-data",
    "wesnoth-1.16-data",
    "freeciv-data",
    "digikam-data",
    "gnucash-common",
    "evolution-common",
    "git",
    "libreoffice-l10n-zh-cn",
    "krita-l10n",
    "gimp-data",
    "vlc-l10n",
    "gramps",
    "inkscape",
)
"""Packages with messages translated into Chinese (`zh_CN/*.mo`), stories among them."""
SHORTEST = {"en": 30, "zh": 14}
"""Characters of a message."""
CODE = {
    "texlive-latex-base": "*.sty *.cls *.def *.ltx *.tex",
    "texlive-latex-recommended": "*.sty *.cls *.def *.code.tex *.lua",
    "texlive-latex-extra": "*.sty *.cls *.def",
    "texlive-pictures": "*.code.tex *.sty",
    "libpython3.11-stdlib": "*.py",
    "perl-modules-5.36": "*.pm",
    "libc6-dev": "*.h",
    "bash-completion": "*",
    "git": "git-*",
    "gnuplot-data": "*.gp *.dem *.js *.awk",
    "cmake-data": "*.cmake",
    "sqlite3-doc": "*.c *.sql",
    "r-cran-mass": "*.R",
}
"""Packages with program code, and what to read of them. None is one whose documentation is a test
in `benchmarks.real_pages`."""
CODE_LINES = (6, 60)
"""Of a piece of code."""
LICENSE = re.compile(r"licen[sc]e|copyright|warrant|redistribut", re.IGNORECASE)
"""Pieces with such words are left out: the same sentences are in many documents."""
CODE_MOST = 700_000
"""Characters of code of a package."""
GLOSSES = "dict-wn"
MOST = 2_500_000
"""Characters of a package."""
GLOSS = re.compile(r"(?:n|v|adj|adv|r|s)? ?\d*: (.*)", re.DOTALL)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--cache", type=Path, default=Path("text-pages-cache"))
    parser.add_argument("--only", nargs="+", choices=("en", "zh", "code"), default=None)
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    for lang in arguments.only or ("en", "zh", "code"):
        if lang == "code":
            corpus = list(read_code(arguments.cache))
        else:
            text_pages.SOURCES[lang] |= PAGES[lang]
            corpus = list(balanced(read(lang, arguments.cache)))
        text_pages.report(lang, corpus)
        lines = (json.dumps([*p], ensure_ascii=False) + "\n" for p in corpus)
        with lzma.open(arguments.out / f"{lang}.xz", "wt", encoding="utf-8") as file:
            file.writelines(lines)


def read(lang: str, cache: Path) -> Iterator[Paragraph]:
    """All paragraphs of a language, each text once."""
    seen: set[str] = set()
    for paragraph in text_pages.read_corpus(lang, cache):
        seen.add(paragraph.text)
        yield paragraph
    for package, raw in messages(lang, cache):
        text = " ".join(raw.split())
        if text not in seen and text_pages.wanted_text(lang, "p", text):
            seen.add(text)
            yield Paragraph(package, "p", text)


def messages(lang: str, cache: Path) -> Iterator[tuple[str, str]]:
    """Messages of programs without their placeholders, and an English dictionary's glosses."""
    for package in CATALOGS:
        for path in sorted(fetch(package, cache).rglob("*zh_CN*/**/*.mo")):
            with path.open("rb") as file:
                catalog = gettext.GNUTranslations(file)
            pairs: dict[object, object] = vars(catalog)["_catalog"]
            for original, translated in pairs.items():
                text = original if lang == "en" else translated
                if not isinstance(text, str) or not original or len(text) < SHORTEST[lang]:
                    continue
                text = words_of(text)
                if not re.search(r"%[-\d.$]*[a-z]|\$[\w|]|\{\w*\}|[|_^\\]", text):
                    yield package, text
    if lang == "en":
        yield from ((GLOSSES, text) for text in glosses(fetch(GLOSSES, cache)))


def words_of(message: str) -> str:
    """A message without its context, its tags and the marks of its keys, as a program shows it."""
    text = re.sub(r"<(?:[^>]{1,60}|[A-Za-z!][^<>]*)>|^[^\x04]*\x04|\\n", " ", message)
    return html.unescape(re.sub(r"&(?!#?\w+;|\s)", "", text))


def read_code(cache: Path) -> Iterator[Paragraph]:
    """Pieces of code of some lines each, evenly from the files of every package."""
    for package, patterns in CODE.items():
        root = fetch(package, cache)
        files = sorted({p for pattern in patterns.split() for p in root.rglob(pattern)})
        pieces = [(p.suffix[1:] or "sh", piece) for p in files for piece in pieces_of(p)]
        size = sum(len(piece) for _, piece in pieces)
        step = max(1.0, size / CODE_MOST)
        for i in range(int(len(pieces) / step)):
            yield Paragraph(package, *pieces[int(i * step)])


def pieces_of(path: Path) -> Iterator[str]:
    """The code of a file in pieces that end at an empty line if there is one; lines of letters
    and signs that ASCII has, not too long for a page."""
    if path.is_symlink() or not path.is_file() or path.stat().st_size > 400_000:
        return
    try:
        text = path.read_text(encoding="ascii")
    except UnicodeDecodeError:
        return
    lines = [line.rstrip().expandtabs(4) for line in text.splitlines()]
    piece: list[str] = []
    for line in lines:
        if len(line) > 110 or not line.isprintable():
            piece = []
            continue
        piece.append(line)
        if len(piece) >= CODE_LINES[1] or (len(piece) >= CODE_LINES[0] and not line):
            found = "\n".join(piece).strip("\n")
            if len(found) > 80 and not LICENSE.search(found):
                yield found
            piece = []


def glosses(folder: Path) -> Iterator[str]:
    """Definitions, ten of neighbouring words in a paragraph."""
    (file,) = folder.rglob("wn.dict.dz")
    text = re.sub(r"\s*\[[^]]*\]|[{}]", "", gzip.decompress(file.read_bytes()).decode())
    entries: list[str] = []
    for block in re.split(r"\n(?=\S)", text)[60:]:
        word, _, body = block.partition("\n")
        found = [GLOSS.fullmatch(part.strip()) for part in re.split(r"\n(?= +\S* ?\d*: )", body)]
        meant = [" ".join(match[1].split()) for match in found if match]
        if meant and word.isascii():
            entries.append(f"{word}: {'; '.join(meant)}.")
        if len(entries) == 10:
            yield " ".join(entries)
            entries = []


def balanced(corpus: Iterable[Paragraph]) -> Iterator[Paragraph]:
    """No more than `MOST` characters of a package: of larger ones, stretches all over them."""
    for _, group in groupby(corpus, lambda p: p.package):
        paragraphs = list(group)
        size = sum(len(p.text) for p in paragraphs)
        taken: Counter[bool] = Counter()
        for start in range(0, len(paragraphs), 100):
            stretch = paragraphs[start : start + 100]
            length = sum(len(p.text) for p in stretch)
            keep = taken[True] * size <= MOST * taken.total()
            taken[keep] += length
            if keep:
                yield from stretch


if __name__ == "__main__":
    main()
