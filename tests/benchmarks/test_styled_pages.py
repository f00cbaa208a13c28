"""Texts of benchmarks/styled_pages.py: what is kept and what is changed."""

from __future__ import annotations

import numpy as np

from benchmarks.styled_pages.text import HAN, cut_stretches, mixed, typographic


def test_splits_share_no_stretch() -> None:
    paragraphs = [("p", f"{i:04d}" * 10) for i in range(1000)]
    train = [p for s in cut_stretches(paragraphs, 400, "train") for p in s]
    held_out = [p for s in cut_stretches(paragraphs, 400, "validation") for p in s]
    assert held_out
    assert not set(train) & set(held_out)
    assert len(train) + len(held_out) == len(paragraphs)


def test_latin_words_are_put_between_chinese_characters() -> None:
    text = [("p", "一二三四五六七八九十" * 20)]
    assert mixed(text, ["word"], 0.0, np.random.default_rng(0)) == text
    ((_, changed),) = mixed(text, ["word"], 0.2, np.random.default_rng(0))
    assert "word" in changed
    assert HAN.findall(changed) == list(text[0][1])


def test_set_text_has_curly_quotation_marks() -> None:
    text = [("p", """He said "don't" and 'no'; the dogs' 5" disk, x['a']."""), ("h", '"A" and "B"')]
    assert typographic(text) == [
        ("p", "He said “don’t” and ‘no’; the dogs' 5\" disk, x[‘a’]."),
        ("h", "“A” and “B”"),
    ]
