"""Figures of sources: which pictures they have, and what happens where one is missing."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

import pytest

from renderers.figures.image import FigureImage
from renderers.latex.blocks import Figure, Inline, Paragraph, Table, Text
from renderers.rejected import Rejected
from vary_data.sources.arxiv import Extraction, read_document
from vary_data.sources.arxiv.limits import ExtractionLimits

FILLER = "This is a paragraph that is here for the language, with the words that are usual."
A, B = (FigureImage(name, "png", 80, 40, False) for name in (b"a", b"b"))


def convert(data: bytes) -> FigureImage:
    if data == b"broken":
        raise Rejected("figure-broken", "it is")
    return {b"a": A, b"b": B}[data]


def read(
    folder: Path,
    body: str,
    preamble: str = "",
    limits: ExtractionLimits = ExtractionLimits(),  # noqa: B008 - frozen
    *,
    files: dict[str, bytes],
) -> Extraction:
    text = f"{body}\n\n{FILLER}\n"
    source = rf"\documentclass{{article}}{preamble}\begin{{document}}{text}\end{{document}}"
    path = folder / "paper.tar"
    with tarfile.open(path, "w") as archive:
        for name, data in {"paper.tex": source.encode(), **files}.items():
            member = tarfile.TarInfo(name.replace("__", "/"))
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return read_document(path, "en", limits, convert=convert)


def figures(extraction: Extraction) -> list[Figure]:
    return [block for block in extraction.document.blocks if isinstance(block, Figure)]


def reasons(extraction: Extraction) -> list[tuple[str, str]]:
    return [(one.kind, one.reason) for one in extraction.rejected]


def test_a_figure_with_its_caption_and_width(tmp_path: Path) -> None:
    body = r"""See Fig.~\ref{x}.\begin{figure*}[t]\centering
{\includegraphics[width=.5\textwidth]{plots/a}}
\caption{Of $x$.}\label{x}\end{figure*}"""
    found = read(tmp_path, body, files={"plots__a.png": b"a"})
    assert found.rejected == ()
    (figure,) = figures(found)
    assert [(panel.image, panel.width) for panel in figure.panels] == [(A, 0.5)]
    assert figure.caption == (Text("Of "), Inline("x"), Text("."))
    assert (figure.number, figure.floating, figure.wide) == ("Figure 1", True, True)


def test_parts_are_one_figure(tmp_path: Path) -> None:
    body = r"""\begin{figure}
\begin{subfigure}{.4\textwidth}\includegraphics[width=\textwidth]{a.png}\caption{left}\end{subfigure}
\subfloat[right]{\label{r}{\includegraphics{b}}}\resizebox{2cm}{!}{\includegraphics{a}}
\caption{All.}\end{figure}"""
    (figure,) = figures(read(tmp_path, body, files={"a.png": b"a", "b.pdf": b"b"}))
    assert [(p.image, p.label, p.caption) for p in figure.panels] == [
        (A, "(a)", (Text("left"),)), (B, "(b)", (Text("right"),)), (A, "", ()),
    ]  # fmt: skip
    assert figure.panels[0].width == 0.4


def test_two_captions_are_two_figures(tmp_path: Path) -> None:
    body = r"""\begin{figure}\includegraphics{a}\caption{One.}\includegraphics{b}\includegraphics{a}
\caption{Two.}\end{figure}"""
    one, two = figures(read(tmp_path, body, files={"a.png": b"a", "b.png": b"b"}))
    assert ([p.image for p in one.panels], one.number) == ([A], "Figure 1")
    assert ([p.image for p in two.panels], two.number) == ([B, A], "Figure 2")


def test_a_picture_outside_of_a_float(tmp_path: Path) -> None:
    body = r"Before.\begin{center}\includegraphics{a}\end{center} With an icon \includegraphics{b}."
    found = read(tmp_path, body, files={"a.png": b"a", "b.png": b"b"})
    (figure,) = figures(found)
    assert (figure.panels[0].image, figure.floating, figure.number) == (A, False, "")
    assert Paragraph((Text("With an icon ."),)) in found.document.blocks


@pytest.mark.parametrize(
    ("picture", "files", "reason"),
    [
        (r"\includegraphics{nowhere}", {}, "figure-missing"),
        (r"\includegraphics{../../etc/passwd}", {}, "figure-missing"),
        (r"\includegraphics{/etc/passwd}", {"etc__passwd.png": b"a"}, "figure-missing"),
        (r"\includegraphics{a}", {"a.png": b"broken"}, "figure-broken"),
        (r"\includegraphics{a}", {"a.png": b"a" * 101}, "figure-too-large"),
        (r"\begin{tikzpicture}\draw(0,0);\end{tikzpicture}", {}, "figure-drawn"),
        (r"\includegraphics{b}\begin{tikzpicture}\end{tikzpicture}", {}, "figure-drawn"),
        (r"\includegraphics{a}" * 13, {"a.png": b"a"}, "figure-panels"),
    ],
)  # fmt: skip
def test_a_figure_that_cannot_be_used_goes_with_its_caption_and_references(
    tmp_path: Path, picture: str, files: dict[str, bytes], reason: str
) -> None:
    body = rf"""Compare \ref{{good}}.
\begin{{figure}}{picture}\caption{{Lost.}}\label{{bad}}\end{{figure}}
\begin{{figure}}\includegraphics{{b}}\caption{{Kept.}}\label{{good}}\end{{figure}}

Figure~\ref{{bad}} shows it."""
    limits = ExtractionLimits(picture_bytes=100)
    found = read(tmp_path, body, limits=limits, files={"b.png": b"b", **files})
    assert [figure.number for figure in figures(found)] == ["Figure 2"]
    assert ("figure", reason) in reasons(found)
    assert ("text", "figure-reference") in reasons(found)
    assert Paragraph((Text("Compare 2."),)) in found.document.blocks
    assert "Lost" not in repr(found.document)


def test_graphicspath_and_older_commands(tmp_path: Path) -> None:
    body = r"\begin{figure}\epsfig{file=a.eps,width=3in}\plottwo{a}{b}\caption{Old.}\end{figure}"
    files = {"img__a.png": b"a", "b.jpg": b"b"}
    (figure,) = figures(read(tmp_path, body, r"\graphicspath{{img/}{other/}}", files=files))
    assert [panel.image for panel in figure.panels] == [A, A, B]


def test_a_table_that_is_a_picture(tmp_path: Path) -> None:
    body = r"\begin{table}\caption{T}\includegraphics{a}\end{table}"
    found = read(tmp_path, body, files={"a.png": b"a"})
    assert figures(found)[0].number == "Table 1"
    assert not any(isinstance(block, Table) for block in found.document.blocks)


def test_pictures_in_memory_are_bounded_together(tmp_path: Path) -> None:
    body = r"\begin{figure}\includegraphics{a}\caption{A}\end{figure}\begin{figure}\includegraphics{b}\caption{B}\end{figure}"  # noqa: E501
    limits = ExtractionLimits(pictures_bytes=1)
    found = read(tmp_path, body, limits=limits, files={"a.png": b"a", "b.png": b"b"})
    assert [figure.number for figure in figures(found)] == ["Figure 1"]
    assert ("figure", "figure-too-large") in reasons(found)
