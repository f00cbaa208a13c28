"""PDF files of pages to read in thousands of styles, without a browser: 32 cores set and
read 27,000 pages in two minutes.

    python -m benchmarks.styled_pages --corpus FOLDER --fonts FOLDER --out FOLDER --lang en
        --documents 1000 [--split train] [--kinds natural=0.4,scrambled=0.6] [--placed 0.5]
        [--seed 0] [-j 64]

`benchmarks.corpora` makes the corpus and `benchmarks.font_sets` the fonts. A document is some four
pages in one style: flowing (`story`, `benchmarks.page_styles`) or, a share of `--placed`, with
every word at an exact place (`manual`, `look`, `blocks`), as TeX sets manuals with numbered
listings, names in the margin, contents, indexes, formulas and diagrams; some of these are slides
(`slides`). Its text is a stretch of the corpus as it stands (`natural`), its sentences among others
(`shuffled`), its words or Chinese characters in random order (`scrambled`), or words and characters
that nobody could guess (`random`). A stretch of the corpus belongs to one split. One seed and
number give one style and one choice of stretch, so that two calls with other kinds set the same
layouts with other text.
"""
