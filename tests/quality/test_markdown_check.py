"""What `validate --deep` says of right and wrong pages of Mathpix Markdown."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from renderers.latex.check import problems
from vary_data.quality.validate.markdown import black_boxes, check_markdown


def regions(*texts: str, role: str = "paragraph", **fields: Any) -> list[dict[str, Any]]:
    return [{"text": t, "role": role, "continues": None, **fields} for t in texts]


@pytest.mark.parametrize(
    ("truth", "shown"),
    [
        ("an operation `x\\((x*x)*y) = y`. More", "an operation x\\((x*x)*y) = y. More"),
        ("pig[\\underline{p}ig]，往往", "pig[pig]，往往"),
        ("“`a`” and \\(a`b\\)", "“a” and \\(a`b\\)"),
        ("3\\) satisfactorily fitting", "3) satisfactorily fitting"),
    ],
)
def test_right_pages(truth: str, shown: str) -> None:
    assert list(check_markdown(truth, regions(shown))) == []
    assert problems(truth) == []


@pytest.mark.parametrize("truth", ["`other`", "\\underline{q}ig", "a \\(c\\)", "another word"])
def test_what_no_region_shows(truth: str) -> None:
    found = list(check_markdown(truth, regions("pig, a \\(b\\), word")))
    assert [name for name, _ in found] == ["missing-string"]


def test_a_chinese_paragraph_that_goes_on_in_another_column() -> None:
    parts = regions("链化则是一种", "谱图论", "巧妙而精细的方法")
    truth = "链化则是一种巧妙而精细的方法\n\n谱图论"
    assert [name for name, _ in check_markdown(truth, parts)] == ["missing-string"]
    parts[2]["continues"] = 0
    assert list(check_markdown(truth, parts)) == []


def test_a_close_that_closes_nothing() -> None:
    assert problems("text 3\\) more") == ["\\) closes nothing"]


def test_strokes_of_heavy_chinese_faces_are_no_black_boxes() -> None:
    pixels = np.full((40, 60), 255, np.uint8)
    pixels[10:22, 10:22] = 0
    for text, expected in (("量", []), ("rate", ["black-box"])):
        word = regions(text, role="word", bbox=[8.0, 8.0, 24.0, 24.0])
        assert [name for name, _ in black_boxes(pixels, word)] == expected
