"""Which letters and signs each LaTeX template draws as its source says.

    python benchmarks/latex_alphabets.py [--templates a,b]

Prints every letter in every alphabet and every sign that a template lacks: formulas with it are not
typeset in it.
"""

from __future__ import annotations

import argparse
from collections import defaultdict

from renderers.latex import formula_table, template
from renderers.latex.engine import EngineMissing, TexEngine
from renderers.latex.renderer import LatexRenderer
from vary_data.generators import sandbox
from vary_data.generators.latex import cache_folder


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--templates", default="")
    arguments = parser.parse_args()
    known = template.load()
    renderer = LatexRenderer(TexEngine(sandbox.run, cache_folder(), seconds=120))
    for name in arguments.templates.split(",") if arguments.templates else known:
        try:
            report(renderer, known[name])
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


if __name__ == "__main__":
    main()
