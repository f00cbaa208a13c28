"""Formulas as MathML."""

from xml.etree import ElementTree

import pytest

from vary_data.dataset.rejection import Rejected
from vary_data.targets.formulas.mathml import formula_of, latex, mathml


@pytest.mark.parametrize("text", [r"\[ x^2 \]", r"\(x^2\)", "$$\nx^2\n$$", "x^2"])
def test_delimiters_are_removed(text):
    assert formula_of({"text": text}) == "x^2"


def test_a_formula_is_mathml():
    root = ElementTree.fromstring(mathml(r"\frac{a}{b} + \sqrt{x_1} \tag{3}"))
    names = [element.tag.split("}")[-1] for element in root.iter()]
    assert {"mfrac", "msqrt", "msub"} <= set(names)
    assert "3" not in "".join(root.itertext())
    assert latex("x") == "\\[\nx\n\\]"


@pytest.mark.parametrize("formula", [r"\frac{a", r"\unknowncommand{x}", "", r"\left( x"])
def test_what_the_library_does_not_read_is_rejected(formula):
    with pytest.raises(Rejected):
        mathml(formula) if formula else formula_of({"text": formula})
