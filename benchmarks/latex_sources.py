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
from collections.abc import Iterator, Mapping, Sequence
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
BEGIN = re.compile(r"<<(?P<options>.*)>>=")
"""The line before a piece of program, which ends before the next such line or one with END."""
END = re.compile(r"@(?![A-Za-z])")
"""Not the entry of a bibliography inside a `filecontents`."""
REFERENCE = re.compile(r"<<(?P<label>.*)>>")
"""A line of a piece that stands for another piece."""
EVERYWHERE = re.compile(
    r"^[^%#\n]*(?P<call>\\SweaveOpts\{(?P<sweave>[^}]*)\}|opts_chunk\$set\((?P<knitr>[^)]*)\))",
    re.MULTILINE,
)
"""Options of all pieces behind it: of Sweave in the text, of knitr in a piece."""
OPTION = re.compile(r"\b(?P<name>echo|include) *= *(?P<value>[^,\s]+)")
TRUE = ("T", "TRUE", "true")
"""Other values hide the piece, or some of its lines."""


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
    # For Sweave, `include` is of figures: it shows a piece whose figures are not included.
    hiding = ("echo", "include") if "knitr" in source else ("echo",)
    parts = list(_parts(source))
    pieces = {_label(options): lines for options, lines in parts if options is not None and lines}
    stated: dict[str, str] = {}
    written: list[str] = []
    for options, lines in parts:
        text = "".join(f"{line}\n" for line in lines)
        if options is None:
            written.append(EVERYWHERE.sub(lambda found: found[0].replace(found["call"], ""), text))
        else:
            own = {**stated, **_values(options)}
            code = "\n".join(_expanded(lines, pieces)).strip("\n")
            if code.strip() and all(own.get(name, "T") in TRUE for name in hiding):
                written.append(f"\\begin{{verbatim}}\n{code}\n\\end{{verbatim}}\n")
        for found in EVERYWHERE.finditer(text):
            stated |= _values(found["sweave"] or found["knitr"] or "")
    return "".join(written)


def _parts(source: str) -> Iterator[tuple[str | None, list[str]]]:
    """Text (None) and pieces of program with their options, as lines."""
    options, lines = None, []
    for line in source.replace("\r\n", "\n").removesuffix("\n").split("\n"):
        begin = BEGIN.match(line)
        if begin or END.match(line):
            yield options, lines
            options, lines = begin["options"] if begin else None, []
        else:
            lines.append(line)
    yield options, lines


def _label(options: str) -> str:
    """The name of a piece: `label=NAME`, or the first option if it is none."""
    first = options.split(",")[0].strip()
    return first.removeprefix("label").lstrip(" =") if first.startswith("label") else first


def _values(options: str) -> dict[str, str]:
    """What is stated about the showing of pieces."""
    return {found["name"]: found["value"] for found in OPTION.finditer(options)}


def _expanded(lines: Sequence[str], pieces: Mapping[str, Sequence[str]]) -> list[str]:
    """The lines of a piece with those of the pieces that it refers to; unknown ones have none."""
    whole: list[str] = []
    for line in lines:
        if reference := REFERENCE.match(line):
            label = reference["label"].strip()
            # No piece is inside itself.
            others = {name: lines for name, lines in pieces.items() if name != label}
            whole += _expanded(pieces.get(label, ()), others)
        else:
            whole.append(line)
    return whole


if __name__ == "__main__":
    main()
