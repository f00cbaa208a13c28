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


def test_a_piece_without_end_is_text() -> None:
    assert without_chunks("<<>>=\nx\n") == "<<>>=\nx\n"
