"""Dense targets cell by cell, crops with whole words, and the loss and counts of the head."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from tests.trainer.drawn_charts import row as drawn_row
from tests.trainer.drawn_charts import write
from trainer.data.catalog import open_catalog
from trainer.data.samples import Encoding, RejectedRow, TrainingSample
from trainer.data.tokenizer import train_tokenizer
from trainer.warmup.cells import UNKNOWN, character_cells
from trainer.warmup.characters import by_frequency, count_characters, script
from trainer.warmup.crops import View, crop_page, open_page, whole_page
from trainer.warmup.head import CharacterHead, unfolded
from trainer.warmup.samples import CollateGrounded, Grounded
from trainer.warmup.words import crop_answer, whole_words, words_of, words_to_text
from vary_data.dataset.rejection import Rejected
from vary_data.dataset.row_kinds import RowKind, RowKinds


def region(text: str, *box: float, role: str = "word") -> dict[str, object]:
    return {"bbox": list(box), "text": text, "role": role}


def picture(
    *regions: dict[str, object], width: int = 128, height: int = 64,
    places: tuple[int, int] = (1, 1),
) -> list[str]:  # fmt: skip
    """The cells of a hand-made picture: `.` background, `?` unknown, else the character."""
    words = whole_words(words_of(regions, "page"), width, height)
    cells = character_cells(words, width, height, places)
    signs = {0: ".", UNKNOWN: "?"}
    return ["".join(signs.get(code) or chr(code) for code in row) for row in cells.tolist()]


def test_letters_of_a_latin_word_share_its_box() -> None:
    # four letters of 16 pixels: each covers the center of one cell in two rows
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
    # eight letters of 8 pixels: the cell centers at 8, 24, ... begin the letters b, d, g, k
    assert picture(region("abcdeghk", 0, 0, 64, 16))[0] == "bdgk...."
    assert picture(region("7", 70, 20, 75, 26))[1] == "....7..."


def test_a_cell_has_places_for_letters_smaller_than_it() -> None:
    # eight letters of 8 x 16 pixels, four places of 4 x 8 pixels for each
    assert picture(region("abcdeghk", 0, 0, 64, 16), width=64, height=32, places=(2, 4)) == [
        "aabbccddeegghhkk",
        "aabbccddeegghhkk",
        "................",
        "................",
    ]


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


def test_of_a_cut_chinese_run_whole_characters_remain() -> None:
    # eight characters of 16 pixels; the window begins inside the second and ends after the fifth
    words = words_of([region("一二三四五六七八", -24, 16, 104, 32)], "page")
    inside = whole_words(words, 56, 48)
    assert inside.texts == ("三四五",)
    assert inside.boxes.tolist() == [[8, 16, 56, 32]]
    assert inside.hidden.tolist() == [[-24, 16, 8, 32], [56, 16, 104, 32]]
    cells = character_cells(inside, 64, 48)
    assert [chr(c) if c > 0 else c for c in cells[1].tolist()] == ["三", "四", "五", UNKNOWN]
    # cut from above, all its characters are cut
    assert whole_words(words, 56, 28).texts == ()


def test_a_wide_space_is_not_part_of_a_run() -> None:
    words = words_of([region("一　二", 0, 0, 48, 16)], "page")
    assert whole_words(words, 32, 16).texts == ()  # an ordinary word, whole or not at all
    assert whole_words(words, 48, 16).texts == ("一　二",)


def test_of_a_long_run_only_the_answer_is_shown() -> None:
    page = open_page(row(region("一二三四五六七八九十" * 2, 10, 40, 330, 56)))
    lengths = set()
    for seed in range(9):
        crop = crop_page(page, View(128, 256, (16.0, 16.0), 4, True), np.random.default_rng(seed))
        lengths.add(sum(map(len, crop.words.texts)))
    assert max(lengths) == 4


def test_words_are_read_row_by_row() -> None:
    chart = [region("3", 70, 0, 80, 10), region("a", 0, 40, 10, 50), region("1", 0, 1, 10, 11)]
    assert words_to_text(words_of(chart, "chart")) == "1 3\na"
    page = [region("第一", 0, 0, 32, 16), region("章", 32, 0, 48, 16), region("of", 60, 0, 80, 16)]
    assert words_to_text(words_of(page, "page")) == "第一章 of"


def test_a_crop_has_leaders_if_the_answer_to_its_picture_has_them() -> None:
    dots = [region(".", 20 + 8 * i, 0, 22 + 8 * i, 10) for i in range(6)]
    words = words_of([region("Of", 0, 0, 14, 10), *dots, region("12", 70, 0, 80, 10)], "page")
    assert crop_answer(words, "1 Of . . . . . . 12") == "Of . . . . . . 12"
    assert crop_answer(words, "1 Of 12") == "Of 12"


def test_order_of_words_of_new_kinds() -> None:
    """Without a description, regions are in reading order if all are lines and words."""
    words = [region("b", 0, 40, 10, 50), region("a", 0, 0, 10, 10)]
    line = region("b a", 0, 0, 10, 50, role="line")
    title = region("b a", 0, 0, 10, 50, role="title")
    described = RowKinds([RowKind("receipt", reading_order=True)])
    assert words_of([line, *words], "invoice").texts == ("b", "a")
    assert words_of([title, *words], "invoice").texts == ("a", "b")
    assert words_of([title, *words], "receipt", described).texts == ("b", "a")


def row(*regions: dict[str, object], width: int = 400, height: int = 200) -> dict[str, object]:
    buffer = io.BytesIO()
    Image.new("RGB", (width, height), "white").save(buffer, "PNG")
    return {"image": {"bytes": buffer.getvalue()}, "regions": list(regions), "kind": "page"}


@settings(deadline=None)  # resizing takes long on a loaded machine
@given(st.integers(0, 2**32), st.sampled_from([64, 128, 256]), st.booleans())
def test_a_crop_holds_whole_words_and_repeats(seed: int, size: int, isolated: bool) -> None:
    words = [region(f"w{i}{j}", 100 * i + 10, 40 * j + 5, 100 * i + 40, 40 * j + 20)
             for i in range(4) for j in range(5)]  # fmt: skip
    page = open_page(row(*words))
    view = View(size, 256, (10.0, 30.0), 6, isolated)
    crop = crop_page(page, view, np.random.default_rng(seed))
    again = crop_page(page, view, np.random.default_rng(seed))
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
    crop = whole_page(open_page(row(region("ab", 100, 50, 300, 150))), 64)
    assert crop.words.boxes.tolist() == [[16, 16, 48, 48]]
    assert [chr(c) for c in crop.cells[1]][1:3] == ["a", "b"]


def test_a_crop_is_entire_only_with_all_text_of_the_page() -> None:
    """Even a little zoom cuts the border off, which does not matter if it has no text."""
    word, turned = region("ab", 180, 90, 220, 110), region("up", 0, 60, 8, 140, role="y_title")
    rng = np.random.default_rng(0)
    for regions, size, zoom, entire in (
        ([word], 256, 1.0, True),
        ([word], 256, 1.25, True),
        ([word], 128, 1.25, False),  # of a size that only crops have
        ([word, turned], 256, 1.0, True),
        ([word, turned], 256, 1.25, False),
        ([word, region("cd", 0, 0, 20, 10), region("ef", 380, 190, 400, 200)], 256, 1.25, False),
    ):
        page = open_page(row(*regions))
        glyph = zoom * page.character * 256
        assert crop_page(page, View(size, 256, (glyph, glyph), 9), rng).entire is entire
    assert not crop_page(page, View(256, 256, (1.0, 1.0), 9, isolated=True), rng).entire
    assert whole_page(page, 256).entire


def test_rows_without_words_or_picture_are_unreadable() -> None:
    with pytest.raises(Rejected, match="no words"):
        open_page(row(region("turned", 0, 0, 10, 90, role="y_title")))
    with pytest.raises(Rejected, match="no picture"):
        open_page({"image": None, "regions": [], "kind": "page"})


def test_the_head_learns_only_active_characters() -> None:
    torch.manual_seed(0)
    head = CharacterHead(8, 4, ["e", "1", "温"], active=2, background=0.05)
    codes = torch.tensor([[[ord("e"), ord("1"), ord("温")], [0, UNKNOWN, ord("z")]]])
    assert head.classes(codes).tolist() == [[[1, 2, -1], [0, -1, -1]]]
    neck, tokens = torch.randn(1, 8, 2, 3), torch.randn(1, 1, 4)
    out = head(neck, tokens, head.sample(codes.int()))
    assert out.seen.tolist() == [1, 1, 0, 0]  # latin, digit, han, other
    out.loss.backward()
    gradient = head.classifier.weight.grad
    assert gradient is not None
    assert gradient[:3].abs().sum() > 0
    assert gradient[3].abs().sum() == 0
    head.active = 3
    assert head(neck, tokens, head.sample(codes.int())).seen.tolist() == [1, 1, 1, 0]


def test_the_loss_is_that_of_all_background_cells() -> None:
    # below FEWEST_BACKGROUND cells nothing is sampled: weighted cross-entropy, by hand
    head = CharacterHead(2, 4, ["a"], active=1, background=0.05, token_weight=0.0)
    neck = torch.randn(1, 2, 2, 2)
    codes = torch.tensor([[[ord("a"), 0], [0, 0]]], dtype=torch.int32)
    logits = head.classifier(neck.permute(0, 2, 3, 1).reshape(4, 2))
    expected = torch.nn.functional.cross_entropy(
        logits, torch.tensor([1, 0, 0, 0]), weight=torch.tensor([0.05, 1.0])
    )
    assert head(neck, torch.zeros(1, 1, 4), head.sample(codes)).loss.item() == pytest.approx(
        expected.item(), rel=1e-5
    )


def test_every_place_of_a_cell_and_of_a_token_is_predicted_separately() -> None:
    """A head that is set to the solution: channel i of the map is the character in place i."""
    head = CharacterHead(8, 8 * 16, list("abcdefgh"), 8, 0.05, places=(2, 4))
    assert head.unfold is not None
    with torch.no_grad():
        head.classifier.weight.copy_(100 * torch.eye(9, 8).roll(1, 0))
        head.unfold.weight.copy_(torch.eye(8 * 16))
        for place in range(8):  # place i uses only channel i
            head.places[place] = torch.diag(torch.eye(8)[place])
    rows = [[ord(c) for c in text] for text in ("abcd", "efgh")]
    codes = torch.tensor(rows, dtype=torch.int32).repeat(1, 4, 4)  # 4 x 4 cells
    out = head(torch.ones(1, 8, 4, 4), torch.ones(1, 1, 8 * 16), head.sample(codes))
    assert out.seen.sum() == out.right.sum() == out.token_right.sum() == 8 * 16
    assert float(out.loss.detach()) < 1e-6


def test_tokens_unfold_into_the_cells_below_them() -> None:
    cells = torch.arange(7 * 7 * 2.0).view(7, 7, 2)
    padded = torch.nn.functional.pad(cells, (0, 0, 0, 1, 0, 1))  # 8 x 8: four tokens
    tokens = padded.view(2, 4, 2, 4, 2).transpose(1, 2).reshape(1, 4, 32)
    assert torch.equal(unfolded(tokens, 7, 7), cells.flatten(0, 1))


def test_without_a_token_loss_there_are_no_parameters_for_it() -> None:
    head = CharacterHead(2, 32, ["a"], 1, 0.05, token_weight=0.0)
    codes = torch.full((1, 4, 4), ord("a"), dtype=torch.int32)
    out = head(torch.randn(1, 2, 4, 4), torch.zeros(1, 1, 32), head.sample(codes))
    out.loss.backward()
    assert all(parameter.grad is not None for parameter in head.parameters())
    assert not out.token_right.any()


def test_places_are_sampled_and_weighted() -> None:
    head = CharacterHead(2, 32, ["a"], 1, 0.5, max_places=10, token_weight=0.0)
    codes = torch.zeros(1, 40, 40, dtype=torch.int32)
    codes[:, :1] = ord("a")  # 40 of 1,600
    out = head(torch.randn(1, 2, 40, 40), torch.zeros(1, 100, 32), head.sample(codes))
    assert out.seen.sum() == 10
    _, _, weights, text = head._sample_places(head._by_cell(codes))
    assert text == 10
    # ten represent forty: the background's share of all weights does not change
    assert weights[10:].sum() == pytest.approx(0.5 * 1560 * 10 / 40)


def test_a_batch_without_text_keeps_the_head_in_the_graph() -> None:
    head = CharacterHead(2, 4, ["a"], active=1, background=0.05)
    unknown = torch.full((1, 2, 2), UNKNOWN, dtype=torch.int32)
    out = head(torch.randn(1, 2, 2, 2), torch.randn(1, 1, 4), head.sample(unknown))
    out.loss.backward()
    assert float(out.loss.detach()) == 0
    assert all(parameter.grad is not None for parameter in head.parameters())


def test_characters_by_frequency_and_script() -> None:
    from collections import Counter

    assert by_frequency(Counter({"b": 2, "a": 2, "z": 9, "q": 1}), 2) == ["z", "a", "b"]
    assert [script(c) for c in "aé7温，%"] == [0, 0, 1, 2, 3, 3]
    assert count_characters(()) == Counter()


def test_characters_are_counted_as_often_as_their_words_occur(tmp_path: Path) -> None:
    words = [["ab", "ab", "温 b"], ["b\u3000𝑥"], [], ["z"]]
    rows = [
        drawn_row(f"r{i}", "x", regions=[*(region(w, 0, 0, 9, 9) for w in texts),
                                         region("qq", 0, 0, 9, 9, role="line")])
        for i, texts in enumerate(words)
    ]  # fmt: skip
    write(tmp_path, "pages", rows, group=2)
    catalog = open_catalog([str(tmp_path)], "train")
    assert count_characters(catalog) == {"a": 2, "b": 4, "温": 1, "𝑥": 1, "z": 1}
    assert count_characters(catalog, rows=1) == {"a": 2, "b": 3, "温": 1}


@pytest.mark.parametrize(
    "regions",
    [
        None,
        pa.null(),
        pa.string(),
        pa.list_(pa.null()),
        pa.list_(pa.struct([("text", pa.string())])),
        pa.list_(pa.struct([("bbox", pa.list_(pa.float32()))])),
    ],
)
def test_data_of_others_without_words_has_no_characters(
    regions: pa.DataType | None, tmp_path: Path
) -> None:
    """A column without any value has no type; it is not an error."""
    folder = write(tmp_path, "photos", [drawn_row("r", "x")])
    for file in folder.glob("**/*.parquet"):
        table = pq.read_table(file).drop_columns("regions")
        if regions is not None:
            table = table.append_column("regions", pa.nulls(len(table), regions))
        pq.write_table(table, file)
    assert count_characters(open_catalog([str(tmp_path)], "train")) == {}


def test_a_row_of_a_file_without_regions_has_no_words() -> None:
    without = {k: v for k, v in drawn_row("r", "x").items() if k != "regions"}
    with pytest.raises(Rejected, match="no words"):
        open_page(without)


def test_batches_keep_their_size_when_rows_are_left_out() -> None:
    """Another size would be compiled again, for a quarter of a minute."""
    words = train_tokenizer(["ab"], 300)
    make = CollateGrounded(Encoding(words, "opt", 256, 512), 0, 8, (2, 4))
    white = torch.full((64, 64, 3), 255, dtype=torch.uint8)
    seen = TrainingSample(0, "a", "chart", [1, 2, 3], [-100, 2, 3], white)
    good = Grounded(seen, torch.full((8, 16), ord("a"), dtype=torch.int32), 64)
    bad = Grounded(RejectedRow(1, "b", "c", "no words"), None, 64)
    batch = make([bad, good, bad])
    assert isinstance(batch.images, torch.Tensor)
    assert batch.images.shape == (3, 64, 64, 3)
    assert batch.characters is not None
    assert batch.characters[:, 0, 0].tolist() == [ord("a"), UNKNOWN, UNKNOWN]
    assert len(batch.input_ids) == 3
    assert make([bad]).targets == 0


def test_words_follow_the_order_of_the_rows_tree() -> None:
    first = {**region("a", 0, 0, 10, 10), "order": 1}
    second = {**region("b", 0, 20, 10, 30), "order": 0}
    assert words_of([first, second], "page").texts == ("b", "a")
    assert words_of([region("a", 0, 0, 10, 10), region("b", 0, 20, 10, 30)], "page").texts == (
        "a",
        "b",
    )


def test_turned_words_are_words() -> None:
    """A word that is read downwards has its letters one below the other."""
    slanted = {**region("b", 0, 20, 40, 50), "quad": [0, 40, 36, 20, 40, 30, 4, 50]}
    downwards = {**region("cd", 64, 0, 80, 32), "quad": [80, 0, 80, 32, 64, 32, 64, 0]}
    found = words_of([slanted, downwards], "page")
    assert found.texts == ("b", "cd")
    assert found.hidden.tolist() == []
    cells = character_cells(found, 128, 64)
    assert [chr(code) for code in cells[:2, 4]] == ["c", "d"]
