"""Parts of pictures have the positions that they have in the whole picture."""

from __future__ import annotations

import pytest
import torch

from tests.trainer.small import IMAGE_PAD_ID, small_model
from trainer.model.positions import part_positions

SIDE = 2
"""Tokens of a side of a 128-pixel part of the small model's 256-pixel pictures."""


def test_tokens_of_a_part_take_the_places_of_the_whole() -> None:
    # two tokens, a part of 2 x 2 at row 1, column 2 of 4 x 4, three tokens
    image = torch.tensor([[0, 0, 1, 1, 1, 1, 0, 0, 0]]).bool()
    positions = part_positions(image, 2, 4, (1, 2))
    assert positions.tolist() == [[0, 1, 2 + 6, 2 + 7, 2 + 10, 2 + 11, 18, 19, 20]]


def test_a_whole_picture_and_text_alone_keep_their_positions() -> None:
    image = torch.tensor([[0, 1, 1, 1, 1, 0], [0, 0, 0, 0, 0, 0]]).bool()
    assert part_positions(image, 2, 2, (0, 0)).tolist() == [[0, 1, 2, 3, 4, 5]] * 2


def batch(text: int = 8) -> dict[str, torch.Tensor]:
    torch.manual_seed(1)
    ids = torch.randint(5, 200, (2, 2 + SIDE**2 + text))
    ids[:, 2 : 2 + SIDE**2] = IMAGE_PAD_ID
    return {"input_ids": ids, "high_res_pixel_values": torch.randn(2, 3, 128, 128)}


@pytest.mark.parametrize("text", ["opt", "qwen2", "llama"])
def test_a_part_is_seen_whole_by_what_follows(text: str) -> None:
    """transformers must not take a jump in positions for the start of another sample."""
    model = small_model(text)
    inputs = batch()
    with torch.no_grad():
        # without labels a cache would be made, and packed samples would not be detected
        out = model(**inputs, position_offset=(4, 8), use_cache=False).logits
        pixels = inputs["high_res_pixel_values"].clone()
        pixels[:, :, :16, :16] += 3  # the first token's corner
        other = model(inputs["input_ids"], pixels, position_offset=(4, 8), use_cache=False).logits
    assert (out[:, -1] - other[:, -1]).abs().max() > 1e-6


def test_an_offset_of_nothing_changes_nothing_for_whole_pictures() -> None:
    model = small_model("opt")
    torch.manual_seed(1)
    ids = torch.randint(5, 200, (1, 24))
    ids[:, 2:18] = IMAGE_PAD_ID
    pixels = torch.randn(1, 3, 256, 256)
    with torch.no_grad():
        plain = model(ids, pixels).logits
        offset = model(ids, pixels, position_offset=(0, 0)).logits
    torch.testing.assert_close(plain, offset)


def test_elsewhere_in_the_picture_is_elsewhere_in_the_text() -> None:
    model = small_model("opt")
    inputs = batch()
    with torch.no_grad():
        model.model.vision_tower.pos_embed.zero_()  # only the text distinguishes the places
        here, there = (model(**inputs, position_offset=o).logits for o in ((0, 0), (8, 8)))
    assert (here[:, -1] - there[:, -1]).abs().max() > 1e-6
