"""Browser pages per processor second, against a plain script that opens a page for each sample.

    python benchmarks/web_pages.py [--pages 200] [--plain-pages 40] [--long-side 1024] [--lang en]
        [--content charts,formulas,molecules] [--as pdf] [--synthtiger PYTHON]

The plain side is what scripts with Playwright do: for each sample a new page of one open browser,
`set_content` with the same HTML and CSS, `screenshot` as PNG, `close`. It reads nothing back and
checks nothing. Ours composes the page, lays it out, reads every word back, compares, audits the
ink and encodes; with `--content` it draws what fills the figures, and with `--as pdf` it makes a
PDF, draws it and compares both layouts. Processor seconds are those of the whole process tree,
browser included. With `--synthtiger`, a Python that has this package, SynthDoG's pages are made as
well (`benchmarks/synthdog.py`), from the same prose, in one font.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

import numpy as np
import psutil
from playwright.sync_api import sync_playwright

from renderers.find_browser import find_browser
from renderers.fonts import families
from renderers.languages.registry import language
from renderers.picture import encode
from renderers.rejected import Rejected
from renderers.web.html import write
from renderers.web.renderer import WebRenderer, style_sheet
from vary_data.sources.prose.prose import Prose, load_prose
from vary_data.sources.web_pages.contents.filling import Contents
from vary_data.sources.web_pages.genres import GENRES, genres_of
from vary_data.sources.web_pages.page import ComposedPage, compose_page

WARM_UP = 30
"""Pages before the measured ones: fonts are read at their first use."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=200)
    parser.add_argument("--plain-pages", type=int, default=40)
    parser.add_argument("--long-side", type=int, default=1024)
    parser.add_argument("--lang", choices=("en", "zh"), default="en")
    parser.add_argument("--content", default="", help="charts,formulas,molecules")
    parser.add_argument(
        "--as", dest="drawn_as", choices=("screenshot", "pdf"), default="screenshot"
    )
    parser.add_argument("--synthtiger", help="a Python with the package synthtiger")
    arguments = parser.parse_args()
    names = tuple(filter(None, arguments.content.split(",")))
    ours_wall, ours_cpu = kept_seconds(
        arguments.lang, arguments.long_side, arguments.pages, names, arguments.drawn_as == "pdf"
    )
    plain_wall, plain_cpu = plain_seconds(
        arguments.lang, arguments.long_side, arguments.plain_pages
    )
    print(f"kept page: {1 / ours_wall:.1f} pages/s, {1 / ours_cpu:.1f} per processor second")
    print(
        f"a page per sample: {1 / plain_wall:.1f} pages/s, {1 / plain_cpu:.1f} per processor second"
    )
    print(f"ratio: {plain_wall / ours_wall:.2f} of time, {plain_cpu / ours_cpu:.2f} of work")
    if arguments.synthtiger:
        theirs = synthdog_seconds(arguments.synthtiger, arguments.lang, arguments.long_side)
        print(f"SynthDoG: {1 / theirs:.2f} per processor second")
        print(f"ratio: {theirs / ours_cpu:.1f} of work")


def pages(lang: str, long_side: int, first: int, count: int) -> Iterator[ComposedPage]:
    """Pages of all genres by their shares, the same in every run."""
    corpus = load_prose(lang)
    turns = [name for name in genres_of(lang) for _ in range(GENRES[name].share)]
    for index in range(first, first + count):
        rng = np.random.Generator(np.random.Philox(key=index))
        try:
            genre = turns[index % len(turns)]
            yield compose_page(genre, corpus, "natural", long_side, families(lang), rng)
        except Rejected:
            continue


def kept_seconds(
    lang: str, long_side: int, count: int, names: Sequence[str], as_pdf: bool
) -> tuple[float, float]:
    """Wall and processor seconds for each page that passed, with content of these names."""
    renderer = WebRenderer(long_side, (lang, "en"), katex="formulas" in names, as_pdf=as_pdf)
    contents = Contents(names, lang)
    rng = np.random.Generator(np.random.Philox(key=0))
    drawn = 0
    for first, number in ((0, WARM_UP), (WARM_UP, count)):
        drawn, cpu, start = 0, cpu_seconds(), time.perf_counter()
        for made in pages(lang, long_side, first, number):
            try:
                sizes = partial(renderer.figure_sizes, style=made.style)
                filled = contents.fill(made.page, sizes, rng)
                page = renderer.render(filled.page, made.style)
            except Rejected:
                continue
            encode(page.picture.pixels)
            drawn += 1
    wall, cpu = time.perf_counter() - start, cpu_seconds() - cpu
    renderer.close()
    return wall / drawn, cpu / drawn


def plain_seconds(lang: str, long_side: int, count: int) -> tuple[float, float]:
    """The same for pages of the plain side, composed before."""
    composed = list(pages(lang, long_side, WARM_UP, count))
    known = {family.name: family for tag in (lang, "en") for family in families(tag)}
    documents = [
        f"<!doctype html><style>{style_sheet(made.style, known, language(lang))}</style>"
        f'<div id="sheet">{write(made.page).html}</div>'
        for made in composed
    ]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser())
        cpu, start = cpu_seconds(), time.perf_counter()
        for made, document in zip(composed, documents, strict=True):
            height = made.style.height or made.style.max_height
            page = browser.new_page(viewport={"width": made.style.width, "height": height})
            page.set_content(document)
            page.screenshot()
            page.close()
        wall, cpu = time.perf_counter() - start, cpu_seconds() - cpu
        browser.close()
    return wall / count, cpu / count


def synthdog_seconds(python: str, lang: str, long_side: int) -> float:
    """Processor seconds for a page of SynthDoG."""
    prose = Prose(load_prose(lang), np.random.default_rng(0))
    script = Path(__file__).with_name("synthdog.py")
    with tempfile.NamedTemporaryFile("w", encoding="utf-8") as text:
        text.write("\n".join(prose.paragraph(3, 6) for _ in range(300)))
        text.flush()
        serif = next(family for family in families(lang) if family.style == "serif")
        command = [python, script, "pages", serif.regular.path, text.name, "--side", long_side]
        run = subprocess.run([*map(str, command)], capture_output=True, text=True, check=False)
    if run.returncode:
        sys.exit(run.stderr[-2000:])
    print(f"SynthDoG: {run.stdout.splitlines()[0]} on a page")
    return 1 / float(run.stdout.split()[-1])


def cpu_seconds() -> float:
    """Processor seconds of this process and those below it."""
    this = psutil.Process()
    total = 0.0
    for process in (this, *this.children(recursive=True)):
        try:
            times = process.cpu_times()
        except psutil.NoSuchProcess:
            continue
        total += times.user + times.system
    return total


if __name__ == "__main__":
    main()
