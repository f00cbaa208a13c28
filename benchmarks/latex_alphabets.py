"""Which letters and signs each LaTeX template draws as its truth says, and how full its pages are.

    python benchmarks/latex_alphabets.py [--templates a,b] [--density]

Prints every letter in every alphabet and every sign that a template lacks: formulas with it are not
typeset in it. With --density, also the letters on a full page, for the manifest.
"""

from __future__ import annotations

import argparse
from collections import defaultdict

import numpy as np

from renderers.latex import formula_table, style, template
from renderers.latex.engine import EngineMissing, TexEngine
from renderers.latex.pages import VerifiedPage
from renderers.latex.renderer import LatexRenderer
from vary_data.generators import sandbox
from vary_data.generators.latex import cache_folder


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--templates", default="")
    parser.add_argument("--density", action="store_true")
    arguments = parser.parse_args()
    known = template.load()
    renderer = LatexRenderer(TexEngine(sandbox.run, cache_folder(), seconds=120))
    for name in arguments.templates.split(",") if arguments.templates else known:
        try:
            report(renderer, known[name])
            if arguments.density:
                print(f"  {density(renderer, known[name])} letters on a page")
        except EngineMissing as error:
            print(f"{name}: {error}")


def report(renderer: LatexRenderer, chosen: template.Template) -> None:
    drawn = renderer.coverage(chosen).formulas.pieces
    every = formula_table.every_unit()
    print(f"{chosen.name}: {len(drawn)} of {len(every)}")
    lacking: dict[str, list[str]] = defaultdict(list)
    for unit in every:
        if unit not in drawn:
            lacking[("bold " if unit.bold else "") + (unit.alphabet or "variables")].append(
                unit.symbol
            )
    for alphabet, symbols in lacking.items():
        print(f"  {alphabet}: {' '.join(symbols)}")


def density(renderer: LatexRenderer, chosen: template.Template) -> int:
    """Letters of Markdown on a page that is not the last, in the mean of three styles."""
    from benchmarks.latex_pages import document_of

    letters = []
    for seed in range(3):
        page_style = style.sample(chosen, np.random.default_rng(seed))
        found = list(renderer.pages(document_of(chosen, 4), chosen, page_style, 200))
        pages = [page for page in found if isinstance(page, VerifiedPage)]
        letters += [len("".join(page.markdown.split())) for page in pages[:-1]]
    return round(float(np.mean(letters)) / 10) * 10


if __name__ == "__main__":
    main()
