"""English LaTeX sources from Debian packages: papers and guides of R packages, full of formulas.

    python -m benchmarks.latex_sources --out FOLDER [--cache FOLDER]

`apt-get download` fetches the packages into the cache; nothing is installed. The vignettes of R
packages are LaTeX with pieces of program, which R runs and replaces by their output (Sweave).
Nothing is run here: a piece that readers would see is a `verbatim` environment, others are left
out, as are results. Writes FOLDER/PACKAGE-NAME.tex.
"""

from __future__ import annotations

import argparse
import re
from pathlib import Path

from benchmarks.text_pages import fetch

PACKAGES = {
    "r-cran": (
        "aer bbmle brobdingnag clue coin colorspace desolve diptest distr domc e1071 effects "
        "elliptic erm etm evd expm flexmix formula geepack glmmtmb gnm gsl gstat haplo.stats "
        "hypergeo intervals ipred irlba kernlab knitr lasso2 lme4 lmtest logcondens magic "
        "maptools matrix maxlik mcmc mixtools mnp multcomp mvtnorm network partitions party "
        "partykit pls pscl psych psychotools psychotree qtl rcmdr rcpp rcppgsl registry rgdal "
        "rmpfr robustbase rpart sandwich scatterplot3d seriation sets sp spacetime sparsem "
        "spatstat strucchange surveillance survey survival systemfit tikzdevice timeseries tm "
        "tmvtnorm vcd vegan xts zoo"
    ),
    "r-bioc": (
        "affy annotate biobase biostrings cummerbund dnacopy ebseq edger genefilter geneplotter "
        "genomicranges goseq graph hilbertvis iranges limma mergeomics metagenomeseq multtest "
        "qvalue rbgl rsamtools rtracklayer savr shortread snpstats sva titancna variantannotation"
    ),
}
"""With vignettes of LaTeX, by the beginning of the name. None is one whose documentation is a test
in `benchmarks.real_pages`."""
CHUNK = re.compile(r"^<<(?P<options>.*?)>>=.*\n(?P<code>(?:(?!@).*\n)*)@.*\n?", re.MULTILINE)
"""A piece of program: until a line that begins with @."""
ECHO = re.compile(r"\becho *= *(?P<shown>T|F)")
EVERYWHERE = re.compile(r"\\SweaveOpts\{(?P<options>[^}]*)\}")
"""Options of all pieces behind it."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--cache", type=Path, default=Path("text-pages-cache"))
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    packages = [f"{start}-{name}" for start, names in PACKAGES.items() for name in names.split()]
    for package in packages:
        for path in sorted(fetch(package, arguments.cache).rglob("*.Rnw")):
            # One character a byte: the source states its encoding to LaTeX.
            source = path.read_bytes().decode("latin-1")
            if r"\begin{document}" in source:
                target = arguments.out / f"{package}-{path.stem}.tex"
                target.write_bytes(without_chunks(source).encode("latin-1"))


def without_chunks(source: str) -> str:
    """LaTeX of a vignette: its shown pieces of program as `verbatim`, no others."""
    everywhere = shown(" ".join(found["options"] for found in EVERYWHERE.finditer(source)), True)

    def verbatim(chunk: re.Match[str]) -> str:
        code = chunk["code"].strip("\n")
        if not code.strip() or not shown(chunk["options"], everywhere):
            return ""
        return f"\\begin{{verbatim}}\n{code}\n\\end{{verbatim}}\n"

    return CHUNK.sub(verbatim, EVERYWHERE.sub("", source))


def shown(options: str, otherwise: bool) -> bool:
    """Whether a piece with these options is shown."""
    stated = ECHO.findall(options)
    return stated[-1] == "T" if stated else otherwise


if __name__ == "__main__":
    main()
