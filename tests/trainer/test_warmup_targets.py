"""Dense targets cell by cell, crops with whole words, and what the head counts."""

from __future__ import annotations

import io

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from trainer.data.pictures import Unreadable
from trainer.warmup.characters import by_frequency, count_characters, script
from trainer.warmup.crops import View, cut, open_page, whole
from trainer.warmup.head import CharacterHead
from trainer.warmup.targets import (
    UNKNOWN,
    character_cells,
    read_aloud,
    whole_words,
    words_of,
)


def region(text: str, *box: float, role: str = "word") -> dict[str, object]:
    return {"bbox": list(box), "text": text, "role": role}


def picture(*regions: dict[str, object], width: int = 128, height: int = 64) -> list[str]:
    """The cells of a hand-made picture: `.` background, `?` unknown, else the character."""
    words = whole_words(words_of(regions, "page"), width, height)
    cells = character_cells(words, height // 16, width // 16)
    signs = {0: ".", UNKNOWN: "?"}
    return ["".join(signs.get(code) or chr(code) for code in row) for row in cells.tolist()]


def test_letters_of_a_latin_word_share_its_box() -> None:
    # four letters of 16 pixels: each covers the centre of one cell in two rows
    assert picture(region("abcd", 16, 16, 80, 48)) == [
        "........",
        ".abcd...",
        ".abcd...",
        "........",
    ]


def test_narrow_letters_take_less_of_the_box() -> None:
    # i is half as wide as n: shares of 16, 32 and 16 pixels
    assert picture(region("ini", 0, 0, 64, 16))[0] == "inni...."


def test_a_chinese_run_has_equal_shares() -> None:
    assert picture(region("温度，高", 32, 32, 96, 48))[2] == "..温度，高.."


def test_letters_smaller_than_cells_and_words_smaller_than_a_cell() -> None:
    # eight letters of 8 pixels: the cell centres at 8, 24, ... begin the letters b, d, g, k
    assert picture(region("abcdeghk", 0, 0, 64, 16))[0] == "bdgk...."
    assert picture(region("7", 70, 20, 75, 26))[1] == "....7..."


def test_cells_that_text_only_touches_are_unknown() -> None:
    assert picture(region("ab", 12, 4, 44, 14)) == ["?ab.....", *["........"] * 3]


def test_words_cut_by_the_border_and_rotated_text_are_unknown() -> None:
    rows = picture(
        region("cut", 112, 0, 160, 16),
        region("Sales (t)", 0, 0, 16, 48, role="y_title"),
        region("2020", 32, 32, 96, 48, role="x_tick"),
        region("2020", 32, 32, 96, 48),
        region("Rice", 48, 0, 64, 16, role="mark"),
    )
    assert rows == ["?......?", "?.......", "?.2020..", "........"]


def test_words_are_read_row_by_row() -> None:
    chart = [region("3", 70, 0, 80, 10), region("a", 0, 40, 10, 50), region("1", 0, 1, 10, 11)]
    assert read_aloud(words_of(chart, "chart")) == "1 3\na"
    page = [region("第一", 0, 0, 32, 16), region("章", 32, 0, 48, 16), region("of", 60, 0, 80, 16)]
    assert read_aloud(words_of(page, "page")) == "第一章 of"


def row(*regions: dict[str, object], width: int = 400, height: int = 200) -> dict[str, object]:
    buffer = io.BytesIO()
    Image.new("RGB", (width, height), "white").save(buffer, "PNG")
    return {"image": {"bytes": buffer.getvalue()}, "regions": list(regions), "kind": "page"}


@given(st.integers(0, 2**32), st.sampled_from([64, 128, 256]), st.booleans())
def test_a_crop_holds_whole_words_and_repeats(seed: int, size: int, isolated: bool) -> None:
    words = [region(f"w{i}{j}", 100 * i + 10, 40 * j + 5, 100 * i + 40, 40 * j + 20)
             for i in range(4) for j in range(5)]  # fmt: skip
    page = open_page(row(*words))
    view = View(size, 256, (10.0, 30.0), 6, isolated)
    crop = cut(page, view, np.random.default_rng(seed))
    again = cut(page, view, np.random.default_rng(seed))
    assert crop.pixels.shape == (size, size, 3)
    assert np.array_equal(crop.cells, again.cells)
    assert crop.words.texts == again.words.texts != ()
    assert set(crop.words.texts) <= {str(r["text"]) for r in words}
    assert crop.words.boxes.min() >= -0.1
    assert crop.words.boxes.max() <= size + 0.1
    written = {chr(code) for code in crop.cells.flatten() if code > 0}
    assert written
    assert written <= set("".join(crop.words.texts))
    if isolated:
        assert sum(map(len, crop.words.texts)) <= 6


def test_a_whole_page_is_stretched_with_its_words() -> None:
    crop = whole(open_page(row(region("ab", 100, 50, 300, 150))), 64)
    assert crop.words.boxes.tolist() == [[16, 16, 48, 48]]
    assert [chr(c) for c in crop.cells[1]][1:3] == ["a", "b"]


def test_rows_without_words_or_picture_say_so() -> None:
    with pytest.raises(Unreadable, match="no words"):
        open_page(row(region("turned", 0, 0, 10, 90, role="y_title")))
    with pytest.raises(Unreadable, match="no picture"):
        open_page({"image": None, "regions": [], "kind": "page"})


def test_the_head_learns_only_active_characters() -> None:
    torch.manual_seed(0)
    head = CharacterHead(8, ["e", "1", "温"], active=2, background=0.05)
    codes = torch.tensor([[[ord("e"), ord("1"), ord("温")], [0, UNKNOWN, ord("z")]]])
    assert head.classes(codes).tolist() == [[[1, 2, -1], [0, -1, -1]]]
    out = head(torch.randn(1, 8, 2, 3), codes.int())
    assert out.seen.tolist() == [1, 1, 0, 0]  # latin, digit, han, other
    out.loss.backward()
    gradient = head.classifier.weight.grad
    assert gradient is not None
    assert gradient[:3].abs().sum() > 0
    assert gradient[3].abs().sum() == 0
    head.active = 3
    assert head(torch.randn(1, 8, 2, 3), codes.int()).seen.tolist() == [1, 1, 1, 0]


def test_the_loss_is_that_of_all_background_cells() -> None:
    # below FEWEST_BACKGROUND cells nothing is sampled: weighted cross-entropy, by hand
    head = CharacterHead(2, ["a"], active=1, background=0.05)
    neck = torch.randn(1, 2, 2, 2)
    codes = torch.tensor([[[ord("a"), 0], [0, 0]]], dtype=torch.int32)
    logits = head.classifier(neck).permute(0, 2, 3, 1).reshape(4, 2)
    expected = torch.nn.functional.cross_entropy(
        logits, torch.tensor([1, 0, 0, 0]), weight=torch.tensor([0.05, 1.0])
    )
    assert head(neck, codes).loss.item() == pytest.approx(
        expected.item() * (1 + 3 * 0.05) / max(1.0, 1 + 3 * 0.05), rel=1e-5
    )


def test_a_batch_without_text_keeps_the_head_in_the_graph() -> None:
    head = CharacterHead(2, ["a"], active=1, background=0.05)
    out = head(torch.randn(1, 2, 2, 2), torch.full((1, 2, 2), UNKNOWN, dtype=torch.int32))
    out.loss.backward()
    assert float(out.loss.detach()) == 0
    assert head.classifier.weight.grad is not None


def test_characters_by_frequency_and_script() -> None:
    from collections import Counter

    assert by_frequency(Counter({"b": 2, "a": 2, "z": 9, "q": 1}), 2) == ["z", "a", "b"]
    assert [script(c) for c in "aé7温，%"] == [0, 0, 1, 2, 3, 3]
    assert count_characters(()) == Counter()
