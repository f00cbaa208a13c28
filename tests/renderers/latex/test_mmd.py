"""Markdown written by hand, compared with the writer's for the same blocks."""

from __future__ import annotations

from renderers.latex import mmd
from renderers.latex.blocks import (
    Block,
    Footnote,
    Formula,
    Heading,
    Inline,
    ListBlock,
    Paragraph,
    Table,
    TableCell,
    TableRow,
    Text,
)


def paragraph(text: str) -> Paragraph:
    return Paragraph((Text(text),))


def cell(text: str, colspan: int = 1, rowspan: int = 1, align: str = "") -> TableCell:
    return TableCell((Text(text),) if text else (), colspan, rowspan, align)


def test_a_table_with_spans() -> None:
    table = Table(
        columns="|l|c|r|",
        rows=(
            TableRow((cell("Metal", rowspan=2), cell("Density & price", 2, align="c|")), ((1, 3),)),
            TableRow((cell("g/cm"), cell("€")), ((2, 3),)),
            TableRow((cell("Iron"), cell("7.9"), cell("100%")), ((1, 3),)),
        ),
        rules_below=((1, 3),),
        caption=(Text("Two metals"),),
        number="Table 2:",
    )
    assert (
        mmd.write([table])
        == r"""Table 2: Two metals

\begin{tabular}{|l|c|r|}
\hline
\multirow{2}{*}{Metal} & \multicolumn{2}{c|}{Density \& price} \\
\cline{2-3}
 & g/cm & € \\
\hline
Iron & 7.9 & 100\% \\
\hline
\end{tabular}"""
    )


def test_a_caption_below_its_table() -> None:
    table = Table("c", (TableRow((cell("x"),)),), caption=(Text("One cell"),), number="Table 1.")
    written = mmd.write([table], caption_above=False)
    assert written.endswith("\\end{tabular}\n\nTable 1. One cell")


def test_nested_lists() -> None:
    inner = ListBlock(False, ((paragraph("red"),), (paragraph("blue"),)), ("•", "•"))
    outer = ListBlock(True, ((paragraph("colors"), inner), (paragraph("shapes"),)), ("1.", "(b)"))
    assert mmd.write([outer]) == "1. colors\n   - red\n   - blue\n(b) shapes"


def test_an_alignment_with_tags() -> None:
    block = Formula("align", ("a &= b + c", "&= d"), ("4", None))
    assert mmd.write([block]) == ("\\begin{align*}\na &= b + c \\tag{4} \\\\\n&= d\n\\end{align*}")


def test_an_alignment_without_tags() -> None:
    block = Formula("align", ("a &= b", "&= d"), (None, None))
    assert mmd.write([block]) == ("\\[\n\\begin{aligned}\na &= b \\\\\n&= d\n\\end{aligned}\n\\]")


def test_one_equation() -> None:
    assert mmd.write([Formula("equation", ("E = mc^2",), ("1",))]) == "\\[\nE = mc^2 \\tag{1}\n\\]"


def test_headings_styles_and_footnotes() -> None:
    blocks: list[Block] = [
        Heading(0, (Text("Title"),)),
        Heading(2, (Text("Sub "), Inline("x"))),
        Paragraph(
            (
                Text("A "),
                Text("bold ", bold=True),
                Text("word", italic=True),
                Footnote((Text("Note."),)),
                Text(" and "),
                Text("a_b", mono=True),
            )
        ),
    ]
    notes = (mmd.FootnoteText(7, (Text("Note."),)),)
    assert mmd.write(blocks, notes, first_note=7) == (
        "# Title\n\n### Sub \\(x\\)\n\nA **bold** *word*[^7] and `a_b`\n\n[^7]: Note."
    )


def test_characters_of_markdown_stay_themselves() -> None:
    written = mmd.write([paragraph("2*3 costs $5 in C:\\ [see] <b>")])
    assert written == "2\\*3 costs \\$5 in C:\\\\ [see] \\<b>"


def test_a_paragraph_that_begins_like_something_else() -> None:
    assert mmd.write([paragraph("# five")]) == "\\# five"
    assert mmd.write([paragraph("1999. It was")]) == "1999\\. It was"
    assert mmd.write([paragraph("- five")]) == "\\- five"


def test_chinese_with_a_formula() -> None:
    block = Paragraph((Text("设"), Inline(r"\theta_i"), Text("为相位，则")))
    assert mmd.write([block]) == r"设\(\theta_i\)为相位，则"


def test_adjacent_code_is_one_span() -> None:
    spans = (Text("eval_", mono=True), Text("x", mono=True, italic=True), Text(" is"))
    assert mmd.write([Paragraph(spans)]) == "`eval_x` is"
