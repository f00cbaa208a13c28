"""Marks of charts as dense targets: their strings, their places, and the loss at them."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from trainer.data.samples import Encoding, RejectedRow, TrainingSample
from trainer.data.tokenizer import train_tokenizer
from trainer.warmup.cells import BACKGROUND, UNKNOWN
from trainer.warmup.crops import View, crop_page, open_page, whole_page
from trainer.warmup.head import COUNTED, CharacterHead
from trainer.warmup.marks import LENGTH, NO_MARKS, STRINGS, Marks, placed_marks
from trainer.warmup.samples import CollateGrounded, Grounded


def region(role: str, text: str, *box: float) -> dict[str, Any]:
    return {"role": role, "text": text, "bbox": list(box)}


def row(truth: Any, links: Any, *regions: dict[str, Any], **meta: Any) -> dict[str, Any]:
    file = io.BytesIO()
    Image.new("RGB", (400, 200), "white").save(file, "png")
    return {
        "image": {"bytes": file.getvalue()},
        "text": truth if isinstance(truth, str) else repr(truth),
        "kind": "chart",
        "meta": json.dumps({"values": links, **meta}),
        "regions": [region("word", "Rice", 10, 10, 50, 26), *regions],
    }


TWO_SERIES = row(
    {"title": "T", "values": {"2019": {"Rice": "1,234.5", "White corn": "7"}}},
    [{"path": ["2019", "Rice"], "mark": 1}, {"path": ["2019", "White corn"], "mark": 2}],
    region("mark", "2019/Rice", 100, 20, 120, 190),
    region("mark", "2019/White corn", 200, 100, 220, 180),
)


def strings(marks: Marks) -> list[list[str]]:
    """The strings of marks; `$` stands for the end and `?` for what is not known."""
    signs = {BACKGROUND: "$", UNKNOWN: "?"}
    return [
        ["".join(signs.get(code) or chr(code) for code in codes).rstrip("?") for codes in mark]
        for mark in marks.codes.tolist()
    ]


def test_a_mark_stands_for_its_names_and_its_value() -> None:
    marks = Marks.of(TWO_SERIES)
    assert strings(marks) == [["Rice$", "2019$", "1,234."], ["Whitec", "2019$", "7$"]]
    assert marks.quads.mean(1).tolist() == [[110, 105], [210, 140]]


def test_the_only_series_of_a_chart_has_an_empty_name() -> None:
    truth = {"values": {"Rice": "5 t"}}
    links = [{"path": ["Rice"], "mark": 1}]
    marks = Marks.of(row(truth, links, region("mark", "Rice", 0, 0, 9, 9)))
    assert strings(marks) == [["Rice$", "$", "5t$"]]


def test_a_mark_of_several_values_has_names_only() -> None:
    truth = {"values": {"Rice": {"min": "1", "max": "2"}}}
    links = [{"path": ["Rice", "min"], "mark": 1}, {"path": ["Rice", "max"], "mark": 1}]
    marks = Marks.of(row(truth, links, region("mark", "Rice", 0, 0, 9, 9)))
    assert strings(marks) == [["Rice$", "$", ""]]


@pytest.mark.parametrize("form", [repr, json.dumps, lambda truth: "Two panels."])
def test_marks_of_panels(form: Callable[[Any], str]) -> None:
    """The name of a panel is no name of its marks, whatever form the text has."""
    truth = {
        "title": None,
        "panels": {"(a)": {"values": {"Rice": "1"}}, "(b)": {"values": {"Rice": "2"}}},
    }
    links = [{"path": [name, "Rice"], "mark": i} for i, name in ((1, "(a)"), (2, "(b)"))]
    boxes = [region("mark", "Rice", 20 * i, 0, 20 * i + 9, 9) for i in range(2)]
    panels = {name: {"type": "bar"} for name in ("(a)", "(b)")}
    values = ["1$", "2$"] if form is repr else ["", ""]
    assert strings(Marks.of(row(form(truth), links, *boxes, panels=panels))) == [
        ["Rice$", "$", value] for value in values
    ]


def test_a_mark_of_a_degraded_picture_has_its_own_corners() -> None:
    quad = [10.0, 20.0, 110.0, 40.0, 100.0, 90.0, 0.0, 70.0]
    turned = region("mark", "Rice", 0, 20, 110, 90) | {"quad": quad}
    links = [{"path": ["Rice"], "mark": 1}]
    marks = Marks.of(row({"values": {"Rice": "1"}}, links, turned))
    assert marks.quads.ravel().tolist() == quad


@pytest.mark.parametrize(
    "links",
    [
        None,
        7,
        [7],
        [{}],
        [{"path": ["Rice"], "mark": 99}],
        [{"path": ["Rice"], "mark": -1}],
        [{"path": ["Rice"], "mark": 0}],  # a word
        [{"path": [], "mark": 1}],
        [{"path": "Rice", "mark": 1}],
        [{"path": ["Rice"], "mark": "1"}],
        [{"path": ["Rice"], "mark": 2}],  # a mark without a box
    ],
)
def test_links_of_others_that_lead_nowhere_have_no_marks(links: Any) -> None:
    boxes = (region("mark", "Rice", 0, 0, 9, 9), region("mark", "Rice"))
    assert len(Marks.of(row({"values": {"Rice": "1"}}, links, *boxes)).codes) == 0


@pytest.mark.parametrize(
    "text", ["a,b\n1,2", "{", "[1]", "{'values': 3}", "{'values': {'Rice': 3}}"]
)
def test_without_a_dict_the_value_is_not_known(text: str) -> None:
    links = [{"path": ["Rice"], "mark": 1}]
    assert strings(Marks.of(row(text, links, region("mark", "Rice", 0, 0, 9, 9)))) == [
        ["Rice$", "$", ""]
    ]


def test_rows_without_meta_have_no_marks() -> None:
    assert len(Marks.of({**TWO_SERIES, "meta": None}).codes) == 0
    assert len(Marks.of({k: v for k, v in TWO_SERIES.items() if k != "meta"}).codes) == 0
    for other in ("not JSON", "[1]", "[" * 5000, {"values": None}, 7):
        assert len(Marks.of({**TWO_SERIES, "meta": other}).codes) == 0


def test_the_place_of_a_mark_has_its_center() -> None:
    codes = np.arange(4 * len(STRINGS) * LENGTH, dtype=np.int32).reshape(4, len(STRINGS), LENGTH)
    centers = [(17, 33), (40, 8), (42, 9), (99, 9)]  # the second and third share a place
    quads = np.array([[[x, y]] * 4 for x, y in centers], np.float32)
    found = placed_marks(Marks(quads, codes), 64, 64, (2, 4))  # places of 4 x 8 pixels
    assert found[:, :2].tolist() == [[4, 4]]
    assert found[0, 2:].tolist() == codes[0].ravel().tolist()
    assert len(placed_marks(Marks(quads[:0], codes[:0]), 64, 64, (2, 4))) == 0


@pytest.mark.parametrize("x", [float("nan"), float("inf"), 1e30, -1.0, 64.0])
def test_a_mark_outside_of_the_picture_has_no_place(x: float) -> None:
    codes = np.zeros((2, len(STRINGS), LENGTH), np.int32)
    quads = np.array([[[x, 5]] * 4, [[5, 5]] * 4], np.float32)
    assert placed_marks(Marks(quads, codes), 64, 64, (1, 1))[:, :2].tolist() == [[0, 0]]


def test_only_whole_pictures_have_marks() -> None:
    assert len(whole_page(open_page(TWO_SERIES), 128, (2, 4)).marks) == 0  # not asked for
    page = open_page(TWO_SERIES, marks=True)
    whole = whole_page(page, 128, (2, 4))
    # the first center, (110, 105) of 400 x 200 pixels, is at (35, 67) of 128 x 128
    assert whole.marks[:, :2].tolist() == [[8, 8], [11, 16]]
    rng = np.random.default_rng(0)
    part = crop_page(page, View(64, 128, (16, 16), 20), rng)
    assert len(part.marks) == 0
    isolated = crop_page(page, View(128, 128, (1, 1), 20, isolated=True), rng)
    assert len(isolated.marks) == 0


def test_a_batch_numbers_its_pictures_as_it_orders_them() -> None:
    """Rows that are left out move behind the others."""
    make = CollateGrounded(Encoding(train_tokenizer(["ab"], 300), "opt", 256, 512), 0, 8, (2, 4))
    white = torch.full((64, 64, 3), 255, dtype=torch.uint8)
    cells = torch.zeros(8, 16, dtype=torch.int32)
    marks = torch.ones(2, NO_MARKS.shape[1], dtype=torch.int32)
    sample = TrainingSample(0, "a", "chart", [1, 2, 3], [-100, 2, 3], white)
    bad = Grounded(RejectedRow(1, "b", "c", "no words"), None, 64)
    items = [Grounded(sample, cells, 64, marks), bad, Grounded(sample, cells, 64, 5 * marks)]
    found = make(items).marks
    assert found is not None
    assert found[:, :2].tolist() == [[0, 1], [0, 1], [1, 5], [1, 5]]
    nothing = make([bad]).marks
    assert nothing is not None
    assert nothing.shape == (0, 1 + NO_MARKS.shape[1])


def placed(*found: tuple[int, int, int, str, str, str | None]) -> torch.Tensor:
    """Marks as in a batch: picture, row, column and the strings."""

    def codes(text: str | None) -> list[int]:
        ends = [] if text is None else [*map(ord, text), BACKGROUND]
        return (ends + [UNKNOWN] * LENGTH)[:LENGTH]

    return torch.tensor(
        [[*at, *codes(c), *codes(s), *codes(v)] for *at, c, s, v in found], dtype=torch.int32
    )


def solved_head() -> CharacterHead:
    """A head set to the solution: channel i of a cell is the class i of every character of the
    string of which the channels are the only ones that its matrices pass on."""
    head = CharacterHead(4, 4 * 16, list("abc"), 3, 0.05, (2, 4), mark_weight=0.5)
    assert head.strings is not None
    assert head.unfold is not None
    with torch.no_grad():
        head.classifier.weight.copy_(100 * torch.eye(4))
        head.unfold.weight.copy_(torch.eye(4 * 16))
    return head


def test_a_mark_is_predicted_at_its_place() -> None:
    head = solved_head()
    codes = torch.full((2, 8, 16), UNKNOWN, dtype=torch.int32)  # 4 x 4 cells
    marks = placed((1, 5, 9, "aaaaaa", "aaaaaa", "aaaaaa"), (0, 0, 0, "bbbbbb", "", None))
    neck = torch.zeros(2, 4, 4, 4)
    neck[1, 1, 2, 2] = 1  # class 1, which is `a`, in row 5 // 2 and column 9 // 4
    neck[0, 2, 0, 0] = 1
    # the token of 4 x 4 cells unfolds into them
    tokens = neck.permute(0, 2, 3, 1).reshape(2, 1, -1)
    out = head(neck, tokens, head.sample(codes, marks))
    counts = dict(zip(COUNTED, zip(out.seen, out.right, out.token_right, strict=True), strict=True))
    # the empty series does not count; it is wrong here
    assert {name: [int(n) for n in counts[name]] for name in STRINGS} == {
        "category": [2, 2, 2],
        "series": [1, 1, 1],
        "value": [1, 1, 1],
    }
    assert int(out.seen.sum()) == 4


def test_one_wrong_character_makes_a_string_wrong() -> None:
    head = solved_head()
    neck = torch.zeros(1, 4, 4, 4)
    neck[0, 1] = 1  # every place says `a`
    codes = torch.full((1, 8, 16), UNKNOWN, dtype=torch.int32)
    marks = placed((0, 3, 3, "aaaaab", "aaaaaa", "zaaaaa"))  # z is not a class: not known
    out = head(neck, neck.permute(0, 2, 3, 1).reshape(1, 1, -1), head.sample(codes, marks))
    assert out.right[-3:].tolist() == [0, 1, 1]


def test_the_loss_of_marks_is_a_mean_over_known_characters() -> None:
    head = CharacterHead(2, 4, ["a", "b"], 2, 0.05, token_weight=0.0, mark_weight=0.5)
    codes = torch.full((1, 2, 2), UNKNOWN, dtype=torch.int32)
    neck = torch.randn(1, 2, 2, 2)
    out = head(neck, torch.zeros(1, 1, 4), head.sample(codes, placed((0, 1, 0, "ab", "", None))))
    logits = head.classifier(neck[0, :, 1, 0])  # the matrices begin as the identity
    losses = -logits.log_softmax(-1)
    # a, b and the end; then the end at once: six classes, three of them the end
    expected = (losses[1] + losses[2] + 2 * losses[0]) / 4
    assert out.loss.item() == pytest.approx(0.5 * expected.item(), rel=1e-5)


def test_a_batch_without_marks_keeps_the_matrices_in_the_graph() -> None:
    head = solved_head()
    codes = torch.zeros(1, 8, 16, dtype=torch.int32)
    none = torch.zeros(0, 1 + NO_MARKS.shape[1], dtype=torch.int32)
    head(torch.randn(1, 4, 4, 4), torch.randn(1, 1, 64), head.sample(codes, none)).loss.backward()
    assert all(parameter.grad is not None for parameter in head.parameters())


def test_without_their_weight_there_are_no_marks() -> None:
    head = CharacterHead(4, 4 * 16, list("abc"), 3, 0.05, (2, 4))
    codes = torch.full((1, 8, 16), UNKNOWN, dtype=torch.int32)
    out = head(
        torch.randn(1, 4, 4, 4), torch.randn(1, 1, 64),
        head.sample(codes, placed((0, 0, 0, "a", "a", "a"))),
    )  # fmt: skip
    assert head.strings is None
    assert not out.seen.any()
    assert float(out.loss.detach()) == 0
