"""Title blocks of the common classes: authors, affiliations, abstract, keywords, in their order."""

from __future__ import annotations

from pathlib import Path

import pytest

from renderers.latex.blocks import Heading, Inline, Paragraph
from vary_data.sources.arxiv import read_document

FILLER = "This is a paragraph that is here for the language, with the words that are usual."


def title_block(folder: Path, body: str, preamble: str = "") -> list[tuple[str, str]]:
    """Role and text of the blocks before the filler."""
    path = folder / "paper.tex"
    text = rf"{body} \section{{S}}{FILLER}"
    path.write_text(rf"\documentclass{{article}}{preamble}\begin{{document}}{text}\end{{document}}")
    found: list[tuple[str, str]] = []
    for block in read_document(path, "en").document.blocks[:-2]:
        assert isinstance(block, Heading | Paragraph)
        text = "".join(
            span.latex if isinstance(span, Inline) else getattr(span, "text", "")
            for span in block.spans
        )
        if isinstance(block, Paragraph):
            found.append((block.role, f"{block.label} {text}".strip()))
        else:
            found.append(("title" if block.level == 0 else "heading", text))
    return found


ONE, TWO = r"{}^{\text{1}}", r"{}^{\text{2}}"


@pytest.mark.parametrize(
    ("preamble", "body", "expected"),
    [
        (
            r"\title{T\thanks{x}}\author{Ann One \and Bea Two}\date{May}",
            r"\maketitle\begin{abstract}Short.\end{abstract}",
            [
                ("title", "T"),
                ("author", "Ann One, Bea Two"),
                ("heading", "Abstract"),
                ("abstract", "Short."),
            ],
        ),
        (
            r"\title{T}\author{Ann One\thanks{Paid.}\\ Uni A\\ City, \texttt{a@b.c} \AND"
            r" Bea Two \\ Uni B}",
            r"\maketitle",
            [
                ("title", "T"), ("author", "Ann One"), ("affiliation", "Uni A, City, a@b.c"),
                ("author", "Bea Two"), ("affiliation", "Uni B"),
            ],
        ),
        (  # IEEEtran
            r"\title{T}\author{\IEEEauthorblockN{Ann One}\IEEEauthorblockA{\textit{Lab}\\City}\and"
            r"\IEEEauthorblockN{Bea Two}\IEEEauthorblockA{Other}}",
            r"\maketitle\begin{IEEEkeywords}one, two\end{IEEEkeywords}",
            [
                ("title", "T"), ("author", "Ann One"), ("affiliation", "Lab, City"),
                ("author", "Bea Two"), ("affiliation", "Other"),
                ("keywords", "Index Terms— one, two"),
            ],
        ),
        (  # llncs
            r"\title{T}\author{Ann One\inst{1} \and Bea Two\inst{2}}"
            r"\institute{Uni A \and Uni B\\ \email{b@u.x}}",
            r"\maketitle\begin{abstract}A.\keywords{x \and y}\end{abstract}",
            [
                ("title", "T"), ("author", f"Ann One{ONE}, Bea Two{TWO}"),
                ("affiliation", f"{ONE}Uni A"), ("affiliation", f"{TWO}Uni B, b@u.x"),
                ("heading", "Abstract"), ("abstract", "A."), ("keywords", "Keywords: x, y"),
            ],
        ),
        (  # elsarticle
            "",
            r"\begin{frontmatter}\title{T}\author[in]{Ann One\corref{c}}\author[in,ou]{Bea Two}"
            r"\affiliation[in]{organization={Uni A},city={Town}}\address[ou]{Uni B}"
            r"\begin{keyword} x \sep y \end{keyword}\end{frontmatter}",
            [
                ("title", "T"), ("author", rf"Ann One{ONE}, Bea Two{{}}^{{\text{{1,2}}}}"),
                ("affiliation", f"{ONE}Uni A, Town"), ("affiliation", f"{TWO}Uni B"),
                ("keywords", "Keywords: x, y"),
            ],
        ),
        (  # REVTeX and AASTeX
            "",
            r"\title{T}\author[0000-0001-2345-6789]{Ann One}\author{Bea Two}\affiliation{Uni A}"
            r"\author{Cay Three}\affiliation{Uni B}\begin{abstract}A.\end{abstract}\maketitle",
            [
                ("title", "T"), ("author", "Ann One, Bea Two"), ("affiliation", "Uni A"),
                ("author", "Cay Three"), ("affiliation", "Uni B"),
                ("heading", "Abstract"), ("abstract", "A."),
            ],
        ),
        (  # acmart
            "",
            r"\title{T}\author{Ann One}\affiliation{\institution{Uni A}\city{Town}\country{Land}}"
            r"\email{a@u.x}\maketitle",
            [
                ("title", "T"), ("author", "Ann One"), ("affiliation", "Uni A, Town, Land"),
                ("affiliation", "a@u.x"),
            ],
        ),
        (  # amsart: the class prints the abstract after the title
            r"\title{T}\author{Ann One}\address{Uni A}",
            r"\begin{abstract}A.\end{abstract}\maketitle",
            [
                ("title", "T"), ("author", "Ann One"), ("affiliation", "Uni A"),
                ("heading", "Abstract"), ("abstract", "A."),
            ],
        ),
    ],
)  # fmt: skip
def test_the_title_block_of_a_class(
    tmp_path: Path, preamble: str, body: str, expected: list[tuple[str, str]]
) -> None:
    assert title_block(tmp_path, body, preamble) == expected


def test_a_note_of_an_author_is_counted(tmp_path: Path) -> None:
    path = tmp_path / "paper.tex"
    text = rf"\author{{Ann\thanks{{Paid.}}}} {FILLER}"
    path.write_text(rf"\documentclass{{article}}\begin{{document}}{text}\end{{document}}")
    (lost,) = read_document(path, "en").rejected
    assert (lost.kind, lost.reason, lost.snippet) == ("front-matter", "no-block", "Paid.")


def test_proofs_and_theorems_have_their_styles(tmp_path: Path) -> None:
    path = tmp_path / "paper.tex"
    path.write_text(r"""\documentclass{article}\begin{document}
\begin{theorem}One.

Two.\end{theorem}\begin{remark}R.\end{remark}\begin{definition}D.\end{definition}
\begin{proof}By \[x=y.\]\end{proof}\begin{proof}Clear.\end{proof}
This is a paragraph that is here for the language, with the words that are usual.\end{document}""")
    found = [
        (block.label, block.style, block.ends_proof, bool(block.spans))
        for block in read_document(path, "en").document.blocks
        if isinstance(block, Paragraph)
    ]
    assert found == [
        ("Theorem 1.", "plain", False, True), ("", "plain", False, True),
        ("Remark 1.", "remark", False, True), ("Definition 1.", "definition", False, True),
        ("Proof.", "proof", False, True), ("", "proof", True, False),
        ("Proof.", "proof", True, True), ("", "", False, True),
    ]  # fmt: skip
