"""Charts and pages to train on, held-out ones, and pairs for the guessing gap."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from benchmarks.headline.options import LANGS, LATEX, RunOptions
from benchmarks.headline.stages import PYTHON, Command, Stage

DATA = (PYTHON, "-m", "vary_data")
DOCUMENTS = {"pages-en": 2800, "placed-en": 2200, "pages-zh": 2800, "placed-zh": 2200}
"""To train on, at scale 1: some 27,000 English and 24,000 Chinese pages. Of `placed` ones every
word has an exact place, as in manuals; `pages` are set by a flow of text."""
CHARTS = 9_000
"""Of each language, at scale 1."""
PLACED = 0.5
"""The share of placed documents among held-out ones."""
GAP_KINDS = ("natural", "scrambled")
BESIDE = 0.4
"""English documents beside Chinese ones, as a share of all."""
WEIGHTS = {"charts-en": 0.12, "charts-zh": 0.12, "pages-en": 0.3, "pages-zh": 0.32,
           "placed-en": 0.07, "placed-zh": 0.07}  # fmt: skip
"""Shares in the last stage. Placed pages are few: with more of them experiments 12, 15 and 16 read
late. One language alone takes a quarter of them (experiment 20); for both that is not tried."""
CROP_WEIGHTS = {"charts-en": 0.17, "charts-zh": 0.18, "pages-en": 0.22, "pages-zh": 0.31,
                "placed-en": 0.05, "placed-zh": 0.07}  # fmt: skip
"""Shares before it."""
ALONE = {
    "en": {"charts-en": 0.2, "pages-en": 0.56, "placed-en": 0.24},
    "zh": {"charts-zh": 0.16, "pages-zh": 0.4, "placed-zh": 0.24, "pages-en": 0.12,
           "placed-en": 0.08},
}  # fmt: skip
"""Shares of one language alone, before the last stage and in it (experiment 20). Chinese has
English pages beside it: more than half of the characters of real Chinese manuals are Latin. That is
not tried yet."""
LATEX_NAME = "latex-en"
LATEX_SHARE = 0.2
"""Of LaTeX pages, where there are some, in the last stage and before it. Not tried yet."""
TEMPLATES = 2
"""In which each LaTeX source is set."""


def prepare_stages(
    folder: Path, cache: Path, langs: Sequence[str] = LANGS, latex: bool = False
) -> list[list[Stage]]:
    """The stages that need the network, or TeX. Stages of an inner list run side by side."""

    def stage(name: str, module: str, target: str, *options: str) -> Stage:
        command = (PYTHON, "-m", f"benchmarks.{module}", "--out", str(folder / target), *options)
        return Stage(name, [command])

    kept = ("--cache", str(cache))
    corpus = ("--corpus", str(folder / "corpus"))
    chosen = ("--langs", *langs)
    return [
        [stage("corpora", "corpora", "corpus", *kept, "--only", *texts_of(langs))],
        [
            stage("fonts", "font_sets", "fonts", *corpus, *kept, *chosen),
            stage("real-pages", "real_pages", "test", *kept, "--pages-zh", "6", *chosen),
        ],
        [stage("foreign-charts", "foreign_charts", "foreign", *chosen)],
        [latex_stage(folder, cache)] * latex,
    ]


def latex_stage(folder: Path, cache: Path) -> Stage:
    """LaTeX sources, set in some templates each; a tenth of the documents is the test."""
    sources = str(cache / "latex-sources")
    collect = (PYTHON, "-m", "benchmarks.latex_sources", "--cache", str(cache), "--out", sources)
    typeset = (*DATA, "latex", "--src", sources, "--lang", "en", "--name", LATEX_NAME,
               "--templates-per-doc", str(TEMPLATES), "--long-side", "1024",
               "--image-format", "webp", "--splits", "train=0.9,test=0.1",
               "-o", str(folder / LATEX))  # fmt: skip
    return Stage(LATEX, [collect, typeset])


def texts_of(langs: Sequence[str]) -> list[str]:
    """The corpora of some languages: Chinese has English pages beside it."""
    return [*sorted({"en", *langs}), "code"]


def data_stages(options: RunOptions) -> list[list[Stage]]:
    """Charts and pages to train on, pages held out, and pairs for the guessing gap. The seed of the
    data is that of what is trained on."""
    folder, out, langs, seed = options.folder, options.out, options.langs, options.data_seed
    source = ("--corpus", str(folder / "corpus"), "--fonts", str(folder / "fonts"))
    style = (PYTHON, "-m", "benchmarks.styled_pages", *source)

    def count(full: int) -> str:
        return str(max(2, round(full * options.scale)))

    def charts(lang: str) -> Stage:
        draw = (*DATA, "render-charts", "--backend", "matplotlib", "--lang", lang, "--seed",
                str(seed))  # fmt: skip
        split = ("--splits", "train=0.985,validation=0.015")
        return Stage(
            f"charts-{lang}", [(*draw, *split, "-n", count(CHARTS), "-o", str(out / "data"))]
        )

    def pages(
        name: str,
        lang: str,
        documents: int,
        placed: float,
        chosen: Command,
        target: Command,
        gives_way: bool = False,
    ) -> Stage:
        pdfs = str(out / "pdf" / name)
        drawn = ("--lang", lang, "--documents", count(documents), "--placed", str(placed))
        read = (*DATA, "pages", "--src", pdfs, "--lang", lang, "--long-side", "1024",
                "--drop-leaders")  # fmt: skip
        processes = ("-j", "1") if gives_way else ()
        draw = (*style, *drawn, *chosen, "--out", pdfs, *processes)
        return Stage(name, [draw, (*read, *target, *processes)], gives_way=gives_way)

    def to_train(name: str) -> Stage:
        kind, lang = name.split("-")
        target = ("-o", str(out / "data"), "--name", name)
        documents = round(DOCUMENTS[name] * (1 if lang in langs else BESIDE))
        # held-out pages have the seeds 1 and 2
        drawn = ("--seed", str(10 * seed))
        return pages(name, lang, documents, float(kind == "placed"), drawn, target)

    held_out = ("--split", "validation")
    valid = (*held_out, "--kinds", "natural=0.7,shuffled=0.3", "--seed", "1")
    to_valid = ("--splits", "validation", "-o", str(out / "valid"))
    to_gap = ("--splits", "validation", "-o", str(out / "gap"))
    gap = [
        pages(
            f"{lang}-{kind}",
            lang,
            40,
            PLACED,
            (*held_out, "--kinds", f"{kind}=1", "--seed", "2"),
            (*to_gap, "--name", f"{lang}-{kind}"),
            gives_way=True,
        )
        for lang in langs
        for kind in GAP_KINDS
    ]
    held = [pages(f"{lang}-valid", lang, 60, PLACED, valid, to_valid) for lang in langs]
    return [
        [
            *(charts(lang) for lang in langs),
            *(to_train(name) for name in DOCUMENTS if name in shares(options)[0]),
            *held,
        ],
        gap,
    ]


def shares(options: RunOptions) -> tuple[dict[str, float], dict[str, float]]:
    """Of the configurations, in the last stage and before it."""
    if len(options.langs) > 1:
        last, before = WEIGHTS, CROP_WEIGHTS
    else:
        last = before = ALONE[options.langs[0]]
    return (with_latex(last), with_latex(before)) if options.latex else (last, before)


def with_latex(others: dict[str, float]) -> dict[str, float]:
    """Shares with that of LaTeX pages, which takes the same part of all others."""
    rest = {name: round(share * (1 - LATEX_SHARE), 4) for name, share in others.items()}
    return {**rest, LATEX_NAME: LATEX_SHARE}
