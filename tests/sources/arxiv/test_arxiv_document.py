from __future__ import annotations

import os
import time
from importlib import resources
from pathlib import Path

import pytest

from renderers.latex.blocks import (
    Block,
    Footnote,
    Formula,
    Heading,
    Inline,
    ListBlock,
    Paragraph,
    Reference,
    Span,
    Table,
    TableCell,
    TableRow,
    Text,
)
from vary_data.sources.arxiv import DocumentRejected, Extraction, find_documents, read_document

FILLER = (
    "This is a paragraph that is only here for the language of the text to be found, and it is "
    "written in English with the usual words."
)


def read(tmp_path: Path, body: str, preamble: str = "", lang: str | None = None) -> Extraction:
    path = tmp_path / "paper.tex"
    path.write_text(
        f"\\documentclass{{article}}\n{preamble}\n\\begin{{document}}\n{body}\n\n{FILLER}\n"
        "\\end{document}\n",
        encoding="utf-8",
    )
    return read_document(path, lang)


def blocks(tmp_path: Path, body: str, preamble: str = "") -> tuple[Block, ...]:
    extraction = read(tmp_path, body, preamble)
    assert extraction.rejected == ()
    return extraction.document.blocks[:-1]


def text(*pieces: str) -> Paragraph:
    return Paragraph(tuple(Text(piece) for piece in pieces))


def plain_source(blocks: tuple[Block, ...]) -> str:
    """All words of a document, in order."""

    def of(spans: tuple[Span, ...]) -> str:
        return "".join(
            span.text if isinstance(span, Text)
            else span.latex if isinstance(span, Inline) else f" {of(span.spans)} "
            for span in spans
        )  # fmt: skip

    parts: list[str] = []
    for block in blocks:
        if isinstance(block, Heading):
            parts.append(of(block.spans))
        elif isinstance(block, Paragraph):
            parts.append(f"{block.label} {of(block.spans)}")
        elif isinstance(block, Formula):
            parts.extend(block.rows)
        elif isinstance(block, Reference):
            parts.append(f"{block.label} {of(block.spans)}")
        elif isinstance(block, Table):
            parts.append(of(block.caption))
            parts.extend(of(cell.spans) for row in block.rows for cell in row.cells)
        elif isinstance(block, ListBlock):
            parts.extend(block.labels)
            parts.extend(plain_source(item) for item in block.items)
    return " ".join(parts)


def test_headings_are_numbered_and_paragraphs_split(tmp_path: Path) -> None:
    assert blocks(tmp_path, r"""
\maketitle
\section{One} a % no
b

c\par d
\subsection{Two} \section*{Three} \appendix \section{Four}""",
        r"\title{A \emph{T}\thanks{no}}") == (
        Heading(0, (Text("A "), Text("T", italic=True))),
        Heading(1, (Text("1 One"),)), text("a b"), text("c"), text("d"),
        Heading(2, (Text("1.1 Two"),)), Heading(1, (Text("Three"),)), Heading(1, (Text("A Four"),)),
    )  # fmt: skip


def test_macros_with_optional_and_delimited_arguments(tmp_path: Path) -> None:
    preamble = r"""\newcommand{\norm}[2][2]{\lVert #2\rVert_{#1}}
\def\range#1to#2.{[#1,#2]}
\newcommand{\term}[1]{\textbf{#1}}"""
    body = r"A \term{norm} $\norm{x}=\norm[\infty]{y}$ on $\range 0to 1.$."
    assert blocks(tmp_path, body, preamble) == (
        Paragraph((
            Text("A "), Text("norm", bold=True), Text(" "),
            Inline(r"\lVert x\rVert_{2}=\lVert y\rVert_{\infty}"), Text(" on "), Inline("[0,1]"),
            Text("."),
        )),
    )  # fmt: skip


REFERENCE_LIST = r"""\begin{thebibliography}{9}
\bibitem[Foo et~al.(1999)]{b} Foo. {\em A Title}. \newblock J., 3:1--2.

\bibitem[Bar(2001)]{c} Bar. Other.
\end{thebibliography}"""


def test_entries_of_a_reference_list_are_blocks_with_their_printed_label(tmp_path: Path) -> None:
    foo = (Text("Foo. "), Text("A Title", italic=True), Text(". J., 3:1–2."))
    bar = (Text("Bar. Other."),)
    heading = Heading(1, (Text("References"),))
    assert blocks(tmp_path, r"By \cite{c}. " + REFERENCE_LIST) == (
        text("By [2]."), heading, Reference(foo, "[1]"), Reference(bar, "[2]"),
    )  # fmt: skip
    assert blocks(tmp_path, r"By \citep{c}. " + REFERENCE_LIST) == (
        text("By (Bar, 2001)."), heading, Reference(foo), Reference(bar),
    )  # fmt: skip


def test_nested_lists(tmp_path: Path) -> None:
    assert blocks(tmp_path, r"""
\begin{enumerate}
\item one
  \begin{itemize} \item a \item[--] b \end{itemize}
\item two
  \begin{enumerate} \item x \item y see~\ref{i} \end{enumerate}
\item\label{i} three
\end{enumerate}
\begin{description} \item[K] v \end{description}
\begin{enumerate}[label=(\roman*)] \item p \end{enumerate}""") == (
        ListBlock(True, (
            (text("one"), ListBlock(False, ((text("a"),), (text("b"),)), ("•", "–"))),
            (text("two"), ListBlock(True, ((text("x"),), (text("y see 3"),)), ("(a)", "(b)"))),
            (text("three"),),
        ), ("1.", "2.", "3.")),
        ListBlock(False, ((text("v"),),), ("K",)),
        ListBlock(True, ((text("p"),),), ("(i)",)),
    )  # fmt: skip


ENUMITEM = r"\usepackage[shortlabels]{enumitem}"


@pytest.mark.parametrize(
    ("preamble", "options", "expected"),
    [
        ("", "", "2 and 2a and 2(a)i"),
        (r"\usepackage{enumerate}", "[(I)]", "II and IIa and II(a)i"),
        (ENUMITEM, "[(I)]", "(II) and (II)a and (II)(a)i"),
        (ENUMITEM, r"[label=(\roman*), nosep]", "(ii) and (ii)a and (ii)(a)i"),
        (ENUMITEM, r"[label={Step \arabic*:}]", "Step 2: and Step 2:a and Step 2:(a)i"),
        (ENUMITEM, r"[label=(A\arabic*), ref=A\arabic*]", "A2 and A2a and A2(a)i"),
    ],
)
def test_references_to_items_print_what_latex_prints(
    tmp_path: Path, preamble: str, options: str, expected: str
) -> None:
    *_, last = blocks(
        tmp_path,
        r"\begin{enumerate}"
        + options
        + r""" \item one
\item\label{a} two \begin{enumerate} \item\label{b} x
\begin{enumerate} \item\label{c} y \end{enumerate} \end{enumerate} \end{enumerate}

See \ref{a} and \ref{b} and \ref{c}.""",
        preamble,
    )
    assert last == text(f"See {expected}.")


@pytest.mark.parametrize(
    ("outside", "inside", "labels", "number"),
    [
        (r"\renewcommand{\labelenumi}{(\roman{enumi})}", "", ("(i)", "(ii)"), "2"),
        ("", r"\def\labelenumi{$(\alph{enumi})$}", ("(a)", "(b)"), "2"),
        (r"\renewcommand{\theenumi}{A\arabic{enumi}}", "", ("A1.", "A2."), "A2"),
        ("", r"\renewcommand{\labelenumi}{\textbf{Step \arabic{enumi}:}}",
         ("Step 1:", "Step 2:"), "2"),
    ],
)  # fmt: skip
def test_a_document_sets_the_labels_of_items(
    tmp_path: Path, outside: str, inside: str, labels: tuple[str, ...], number: str
) -> None:
    own, other, last = blocks(
        tmp_path,
        rf"""\begin{{enumerate}}{inside} \item one
\item\label{{a}} two \end{{enumerate}} \begin{{enumerate}} \item x \item y \end{{enumerate}}

See \ref{{a}}.""",
        outside,
    )
    assert isinstance(own, ListBlock)
    assert isinstance(other, ListBlock)
    assert own.labels == labels
    assert other.labels == (("1.", "2.") if inside else labels)
    assert last == text(f"See {number}.")


def test_a_label_with_a_formula_is_not_lost(tmp_path: Path) -> None:
    (found,) = blocks(
        tmp_path,
        r"""\begin{itemize} \item[$x_1$] the first \item[$\ast$] a star
\item[$\frac{1}{2}$] $$x=1$$ \end{itemize}""",
    )
    assert found == ListBlock(
        False,
        (
            (Paragraph((Inline("x_{1}"), Text(" "), Text("the first"))),),
            (text("a star"),),
            (Paragraph((Inline(r"\frac{1}{2}"),)), Formula("equation", ("x=1",), (None,))),
        ),
        ("•", "∗", "•"),
    )


def test_notes_under_a_table_have_raised_marks(tmp_path: Path) -> None:
    _, first, second, third = blocks(
        tmp_path,
        r"""\begin{table}\begin{threeparttable}
\begin{tabular}{l}x\tnote{1}\end{tabular}
\begin{tablenotes}[flushleft]\small \item[1] One. \item[$\dagger$] Two. \item Note: three.
\end{tablenotes}\end{threeparttable}\end{table}""",
    )
    assert first == Paragraph((Inline(r"{}^{\text{1}}"), Text(" One.")))
    assert second == Paragraph((Inline(r"{}^{\dagger}"), Text(" Two.")))
    assert third == text("Note: three.")


def test_items_in_braces_are_not_lost(tmp_path: Path) -> None:
    assert blocks(tmp_path, r"\begin{itemize}{\item one}{\item two}\end{itemize}") == (
        ListBlock(False, ((text("one"),), (text("two"),))),
    )


def test_align_with_tags_labels_and_unnumbered_rows(tmp_path: Path) -> None:
    assert blocks(tmp_path, r"""See \eqref{b} and \eqref{c}.
\begin{equation} x=1 \label{a} \end{equation}
\begin{align}
a &= b \label{b} \\
  &= c \nonumber \\[2pt]
d &= e \tag{T} \label{c}
\intertext{and}
f &= g
\end{align}""") == (
        text("See (2) and (T)."),
        Formula("equation", ("x=1",), ("1",)),
        Formula("align", ("a & =b", "& =c", "d & =e"), ("2", None, "T")),
        text("and"),
        Formula("align", ("f & =g",), ("3",)),
    )  # fmt: skip


def test_other_displays(tmp_path: Path) -> None:
    assert blocks(tmp_path, r"""
\[ a \]
$$ b $$
\begin{eqnarray} c &=& d \\ e &\le& f \nonumber \end{eqnarray}
\begin{multline} g \\ + h \label{m} \end{multline}
\begin{gather*} i \\ j \end{gather*}
\begin{subequations}\label{s}\begin{equation} k \label{k}\end{equation}\end{subequations}
\ref{m}, \ref{s}, \ref{k}""") == (
        Formula("equation", ("a",), (None,)), Formula("equation", ("b",), (None,)),
        Formula("align", ("c & =d", r"e & \le f"), ("1", None)),
        Formula("multline", ("g", "+h"), (None, "2")),
        Formula("gather", ("i", "j"), (None, None)),
        Formula("equation", ("k",), ("3a",)),
        text("2, 3, 3a"),
    )  # fmt: skip


def test_a_floating_table_with_its_caption(tmp_path: Path) -> None:
    assert blocks(tmp_path, r"""Table~\ref{t} is
\begin{table*}[t]\centering
\caption{Cap $x$.\label{t}}
\resizebox{\linewidth}{!}{\begin{tabular}{|l|r|} \hline
\multicolumn{2}{|c|}{A} \\ \hline b & c \\ \hline \end{tabular}}
\end{table*}
here.""") == (
        text("Table 1 is here."),
        Table("|l|r|", (
            TableRow((TableCell((Text("A"),), 2, 1, "|c|"),), ((1, 2),)),
            TableRow((TableCell((Text("b"),)), TableCell((Text("c"),))), ((1, 2),)),
        ), ((1, 2),), (Text("Cap "), Inline("x"), Text(".")), "Table 1", True, wide=True),
    )  # fmt: skip


def test_theorems_proofs_and_run_in_headings(tmp_path: Path) -> None:
    assert blocks(tmp_path, r"""\section{S}
\begin{theorem}[Euler]\label{t} a

b\end{theorem}
\begin{lem} \begin{itemize}\item c\end{itemize} \end{lem}
\begin{proof}[Proof of Theorem~\ref{t}] d\qedhere \end{proof}
\paragraph{Note.} e \paragraph{Empty.}""",
        r"\newtheorem{theorem}{Theorem}[section]\newtheorem{lem}[theorem]{Lemma}") == (
        Heading(1, (Text("1 S"),)),
        Paragraph((Text("a"),), "Theorem 1.1 (Euler).", style="plain"),
        Paragraph((Text("b"),), style="plain"),
        Paragraph((), "Lemma 1.2.", style="plain"),
        ListBlock(False, ((Paragraph((Text("c"),), style="plain"),),)),
        Paragraph((Text("d"),), "Proof of Theorem 1.1.", style="proof", ends_proof=True),
        Paragraph((Text("e"),), "Note."),
    )  # fmt: skip


def test_captions_of_figures_and_their_parts(tmp_path: Path) -> None:
    assert blocks(tmp_path, r"""See Figures~\ref{a} and \ref{b}.
\begin{figure}\includegraphics[width=3cm]{x}
\begin{subfigure}{2cm}\includegraphics{y}\caption{left}\label{a}\end{subfigure}
\caption{All\footnotemark.}\label{b}\end{figure}""") == (
        text("See Figures 1a and 1."),
        Paragraph((Text("left"),), "(a)"),
        Paragraph((Text("All."),), "Figure 1:"),
    )  # fmt: skip


def test_chinese_with_formulas(tmp_path: Path) -> None:
    path = tmp_path / "a.tex"
    path.write_text(r"""\documentclass{ctexart}\newtheorem{thm}{定理}
\begin{document}\section{引言}
设函数$f(x)$在区间
$[a,b]$上\textbf{连续}，
则
\begin{equation}
\int_a^b f(x)\,\mathrm{d}x \ge 0, \quad \text{当 $f\ge 0$ 时} \label{e}
\end{equation}
\begin{thm} 由式~\eqref{e}得结论。 \end{thm}
\begin{figure}\caption{示意图}\label{f}\end{figure}
\end{document}""", encoding="utf-8")  # fmt: skip
    extraction = read_document(path, "zh")
    assert extraction.document.lang == "zh"
    assert extraction.document.blocks == (
        Heading(1, (Text("1 引言"),)),
        Paragraph((
            Text("设函数"), Inline("f(x)"), Text("在区间 "), Inline("[a,b]"), Text("上"),
            Text("连续", bold=True), Text("，则"),
        )),
        Formula("equation", (
            r"\int_{a}^{b}f(x)\,\mathrm{d}x\ge0,\quad\text{当 }f\ge0\text{ 时}",
        ), ("1",)),
        Paragraph((Text("由式 (1)得结论。"),), "定理 1.", style="plain"),
        Paragraph((Text("示意图"),), "图 1:"),
    )  # fmt: skip


def test_a_block_that_does_not_fit_goes_alone_and_is_counted(tmp_path: Path) -> None:
    extraction = read(tmp_path, r"""Good one.

Bad \unknowncommand{word}.

\begin{equation} \alsounknown \end{equation}
\begin{tikzpicture}\draw;\end{tikzpicture}
\begin{oddenv}Inside odd.\end{oddenv}
Good two.""")  # fmt: skip
    assert [(r.kind, r.reason, r.detail) for r in extraction.rejected] == [
        ("text", "unknown-command", r"\unknowncommand"),
        ("formula", "unknown-command", r"\alsounknown"),
        ("picture", "no-block", "tikzpicture"),
        ("text", "unknown-environment", "oddenv"),
    ]
    assert extraction.document.blocks[:-1] == (text("Good one."), text("Good two."))
    assert extraction.counts["text"] == 3
    assert extraction.rejected[0].snippet == r"Bad \unknowncommand{word}."


def test_nothing_of_a_rejected_list_item_takes_others_with_it(tmp_path: Path) -> None:
    extraction = read(tmp_path, r"\begin{itemize}\item a \item \foo \item c\end{itemize}")
    assert extraction.document.blocks[0] == ListBlock(False, ((text("a"),), (text("c"),)))
    assert [r.detail for r in extraction.rejected] == [r"\foo"]


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        (r"\documentstyle{article}\begin{document}x\end{document}", "latex209"),
        (r"\magnification=1200 Hello \bye", "plain-tex"),
        (r"Hello, this is no TeX.", "not-latex"),
        (r"\documentclass{article} no body", "not-latex"),
        (r"\documentclass{article}\begin{document}\end{document}", "no-blocks"),
        (r"\documentclass{article}\begin{document}\section{Only}\end{document}", "no-blocks"),
        (r"\documentclass{article}\begin{document}\def\a{\a\a}\a\end{document}", "loop"),
        (r"\documentclass{article}\begin{document}\loop\iftrue\repeat\end{document}", "loop"),
        (r"\documentclass{article}\begin{document}Nous montrons que la méthode est plus rapide "
         r"que les autres dans le cas général et pour tous les exemples.\end{document}",
         "wrong-language"),
    ],
)  # fmt: skip
def test_documents_that_are_rejected(tmp_path: Path, source: str, reason: str) -> None:
    path = tmp_path / "a.tex"
    path.write_text(source, encoding="utf-8")
    start = time.process_time()
    with pytest.raises(DocumentRejected) as caught:
        read_document(path)
    assert caught.value.reason == reason
    assert time.process_time() - start < 30


def test_a_document_in_another_language_is_rejected(tmp_path: Path) -> None:
    assert read(tmp_path, "x", lang="en").document.lang == "en"
    with pytest.raises(DocumentRejected) as caught:
        read(tmp_path, "x", lang="zh")
    assert caught.value.reason == "wrong-language"


def test_hostile_commands_do_nothing(tmp_path: Path) -> None:
    before = sorted(path.name for path in tmp_path.iterdir())
    extraction = read(tmp_path, r"""a \input{/etc/passwd} b

\immediate\write18{touch owned}\openout3=x \input{|ls}

\input ../secret""")  # fmt: skip
    assert sorted({r.reason for r in extraction.rejected}) == ["refused-input"]
    assert extraction.document.blocks[0] == text("a b")
    assert sorted(path.name for path in tmp_path.iterdir()) == [*before, "paper.tex"]


def test_reading_twice_gives_the_same(tmp_path: Path) -> None:
    sample = _sample("tides.tex")
    assert read_document(sample) == read_document(sample)


def _sample(name: str) -> Path:
    folder = resources.files("vary_data.sources.arxiv") / "samples"
    return Path(str(folder / name))


COUNTS = {"formula": 8, "table": 1, "figure": 0, "code": 0}


@pytest.mark.parametrize(
    ("name", "lang", "counts"),
    [
        ("tides.tex", "en", {**COUNTS, "text": 31, "heading": 9, "list": 4, "reference": 2}),
        (
            "chazhi.tex",
            "zh",
            {**COUNTS, "text": 23, "heading": 8, "formula": 7, "list": 3, "reference": 1},
        ),
    ],
)
def test_the_samples_survive_whole(name: str, lang: str, counts: dict[str, int]) -> None:
    extraction = read_document(_sample(name), lang)
    assert extraction.rejected == ()
    assert extraction.counts == counts


def test_the_english_sample_word_by_word() -> None:
    words = plain_source(read_document(_sample("tides.tex")).document.blocks)
    for phrase in (
        "A Small Model of Tides in a Narrow Bay",
        "naïve averages of past years drift, because the moon’s orbit",
        "The nodes of the orbit take 18.6 years for one turn",
        "95 % of the hourly readings lie within 10 cm of it.",
        "Section 2 sets up the equations, Section 3 the readings, and Table 1 holds the result.",
        r"\varphi\in[0,\,2\pi]",
        "Theorem 1 (Response of the bay). Let the mouth be driven",
        "(“surge”), and no harmonic term can say so; see surge_2019.csv for one that did.",
        "Figure 1: Residuals at Old Lock in the first week of March, a stormy one.",
        "W. Thomson. The tide gauge",
    ):
        assert phrase in " ".join(words.replace("  ", " ").split())
    assert "must not be printed" not in words


REAL = os.environ.get("VARY_TEST_DATA")


@pytest.mark.skipif(not REAL, reason="VARY_TEST_DATA does not name a folder with real papers")
@pytest.mark.parametrize("folder", ["latex_en", "latex_zh"])
def test_most_of_real_papers_survives(folder: str) -> None:
    kept = lost = 0
    assert REAL is not None
    for found in find_documents(Path(REAL) / folder):
        if found.problem:
            continue
        start = time.process_time()
        try:
            extraction = read_document(found.path, part=found.part)
        except DocumentRejected:
            continue
        assert time.process_time() - start < 10, found.name
        kept += sum(extraction.counts[kind] for kind in ("text", "formula", "table"))
        lost += sum(one.kind in ("text", "formula", "table") for one in extraction.rejected)
    assert kept > 1000
    assert kept / (kept + lost) > 0.97


def test_footnotes_are_spans(tmp_path: Path) -> None:
    assert blocks(tmp_path, "a\\footnote{b\n\nc} d") == (
        Paragraph((Text("a"), Footnote((Text("b c"),)), Text(" d"))),
    )


def test_a_control_space_at_the_end_of_a_part_leaves_nothing(tmp_path: Path) -> None:
    body = (
        "Let $x\\ $ and $\\ $ or.\\ \n\n\\[a\\ \\]\n\\begin{align*}b\\ &=c\\ \\\\d&\\ \\end{align*}"
    )
    assert blocks(tmp_path, body) == (
        Paragraph((Text("Let "), Inline("x"), Text(" and or."))),
        Formula("equation", ("a",), (None,)),
        Formula("align", ("b & =c", "d &"), (None, None)),
    )  # fmt: skip


@pytest.mark.parametrize("name", ["sc", "small", "bfseries", "bf", "ttfamily", "Large", "em"])
def test_every_declaration_is_an_environment_too(tmp_path: Path, name: str) -> None:
    (table,) = blocks(
        tmp_path,
        rf"\begin{{table}}\caption{{C}}\begin{{{name}}}\begin{{tabular}}{{l}}x\end{{tabular}}"
        rf"\end{{{name}}}\end{{table}}",
    )
    assert isinstance(table, Table)
    assert table.caption == (Text("C"),)
    assert blocks(tmp_path, r"a \begin{em}b\end{em} c") == (
        Paragraph((Text("a "), Text("b", italic=True), Text(" c"))),
    )


def test_footnotes_of_a_table_follow_it(tmp_path: Path) -> None:
    table, note = blocks(
        tmp_path, r"\begin{tabular}{l}x\footnote{Measured \emph{twice}.}\end{tabular}"
    )
    assert isinstance(table, Table)
    assert table.rows[0].cells[0].spans == (Text("x"), Inline(r"{}^{\text{a}}"))
    assert note == Paragraph(
        (Inline(r"{}^{\text{a}}"), Text(" Measured "), Text("twice", italic=True), Text("."))
    )


@pytest.mark.parametrize(
    ("table", "columns", "rows", "rules"),
    [
        (r"{lcr} a & b & c \\ \hline d & e & f",
         "lcr", [["a", "b", "c"], ["d", "e", "f"]], [0, 1, 0]),
        (r"{colspec={Q[c,m]X[r]|l}, row{1}={font=\bfseries}, hline{1,2,Z}={0.8pt}}"
         r"a & b & c \\ d & e & f \\",
         "cr|l", [["a", "b", "c"], ["d", "e", "f"]], [1, 1, 1]),
        (r"{hlines, vlines} \SetCell[c=2]{c} A & & c \\"
         r"\SetCell[r=2]{m} d & {e \\ f} & g \\ & h & i",
         "|l|l|l|", [["A", "c"], ["d", "e f", "g"], ["h", "i"]], [1, 1, 1, 1]),
    ],
)  # fmt: skip
def test_tables_of_tabularray(
    tmp_path: Path, table: str, columns: str, rows: list[list[str]], rules: list[int]
) -> None:
    (found,) = blocks(tmp_path, rf"\begin{{tblr}}{table}\end{{tblr}}")
    assert isinstance(found, Table)
    assert found.columns == columns
    assert [
        ["".join(s.text for s in c.spans if isinstance(s, Text)) for c in row.cells]
        for row in found.rows
    ] == rows
    assert [bool(row.rules) for row in found.rows] + [bool(found.rules_below)] == [
        bool(one) for one in rules
    ]


def test_paired_delimiters_with_a_body(tmp_path: Path) -> None:
    preamble = r"""\DeclarePairedDelimiterX{\inp}[2]{\langle}{\rangle}{#1, #2}
\DeclarePairedDelimiterX\Set[1]\{\}{#1}
\DeclarePairedDelimiterX\Card[1]||{\def\x##1{\##1##1}\x{s}}
\DeclarePairedDelimiterX{\kl}[2]{(}{)}{#1\;\delimsize\|\;#2}
\DeclarePairedDelimiterXPP\Norm[1]{L}{\lVert}{\rVert}{_2}{#1}"""
    found = blocks(
        tmp_path,
        r"A $\inp{a}{b}$ $\inp*{a}{b}$ $\kl[\big]{p}{q}$ $\Set{x}$ $\Norm{x}$ $\Card{a}$",
        preamble,
    )
    assert [span.latex for span in found[0].spans if isinstance(span, Inline)] == [
        r"\langle a,b\rangle", r"\left\langle a,b\right\rangle", r"\big(p\;\big\|\;q\big)",
        r"\{x\}", r"L\lVert x\rVert_{2}", r"|\#as|",
    ]  # fmt: skip


def test_characters_by_their_number(tmp_path: Path) -> None:
    found = blocks(
        tmp_path,
        r"""\renewcommand{\{}{\symbol{`\{}}
a\char`\~b \char'176 c\char"5Fd \char95 e \symbol{`\%}\symbol{92} \char`\{\{ \char`xy""",
    )
    assert found == (text("a~b ~c_d _e %\\ {{ xy"),)
