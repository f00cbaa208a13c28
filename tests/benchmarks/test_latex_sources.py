"""What LaTeX remains of a vignette."""

from __future__ import annotations

import pytest

from benchmarks.latex_sources import without_chunks

VIGNETTE = r"""\SweaveOpts{engine=R%s}
Before.
<<fit, fig=TRUE>>=
fit <- lm(y ~ x)

summary(fit)
@
Between, a @ in text.
<<echo=FALSE, results=tex>>=
xtable(fit)
@ %%def fit
<<>>=
@
<<data, echo = TRUE>>=
data(cars)
@
After.
"""
FIT = "\\begin{verbatim}\nfit <- lm(y ~ x)\n\nsummary(fit)\n\\end{verbatim}\n"
DATA = "\\begin{verbatim}\ndata(cars)\n\\end{verbatim}\n"


@pytest.mark.parametrize(("options", "fit"), [("", FIT), (", echo=FALSE", ""), (",echo=T", FIT)])
def test_shown_pieces_of_program_are_verbatim(options: str, fit: str) -> None:
    text = f"\nBefore.\n{fit}Between, a @ in text.\n{DATA}After.\n"
    assert without_chunks(VIGNETTE % options) == text


@pytest.mark.parametrize(
    ("source", "text"),
    [
        pytest.param("Text.\n@\nMore.\n", "Text.\nMore.\n", id="end without piece"),
        pytest.param("<<>>=\nx\n", "[x]", id="piece without end"),
        pytest.param("<<a, echo=false>>=\nx\n<<b>>=\ny\n@\n", "[y]", id="begin in a piece"),
        pytest.param("<<echo=-1>>=\nx\ny\n@\n", "", id="some lines hidden"),
        pytest.param("@book{a,\n@Misc {b,\n", "@book{a,\n@Misc {b,\n", id="bibliography"),
        pytest.param("<<a>>=\nx\n<<a>>\n@\n", "[x\nx]", id="reference to itself"),
        pytest.param("<<a>>=\nx\n@\n<<b>>=\n<<a>>\ny\n<<no>>\n@\n", "[x][x\ny]", id="reference"),
        pytest.param("<<label=a, echo=F>>=\nx\n@\n<<>>=\n<<a>>\n@\n", "[x]", id="label"),
        pytest.param("<<include=FALSE>>=\nx\n@\n", "[x]", id="figures of Sweave not included"),
        pytest.param(
            "% knitr\n<<include=FALSE>>=\nx\n@\n", "% knitr\n", id="piece of knitr not included"
        ),
        pytest.param(
            "<<>>=\nopts_chunk$set(tidy=T, echo=FALSE) # knitr\n@\n<<>>=\nx\n@\n",
            "[opts_chunk$set(tidy=T, echo=FALSE) # knitr]",
            id="everywhere by knitr",
        ),
        pytest.param(
            "<<>>=\nx\n@\n\\SweaveOpts{echo=F}\n<<>>=\ny\n@\n", "[x]\n", id="only behind options"
        ),
        pytest.param(
            "%\\SweaveOpts{echo=F}\n<<>>=\nx\n@\n",
            "%\\SweaveOpts{echo=F}\n[x]",
            id="options in a comment",
        ),
        pytest.param("A\r\n<<>>=\r\nx\r\n@\r\nB\r\n", "A\n[x]B\n", id="lines of Windows"),
    ],
)
def test_pieces_are_those_of_sweave(source: str, text: str) -> None:
    """Verbatim environments are in brackets here."""
    begin, end = "\\begin{verbatim}\n", "\n\\end{verbatim}\n"
    assert without_chunks(source) == text.replace("[", begin).replace("]", end)
