"""Token positions of a picture that is a part of a larger one."""

from __future__ import annotations

from torch import Tensor


def part_positions(image: Tensor, side: int, whole: int, corner: tuple[int, int]) -> Tensor:
    """Positions [B, T] of sequences with a part of a picture, as in sequences with all of it.

    `image` [B, T] is true at image tokens: `side` x `side` of them, in one run, of a picture of
    `whole` x `whole` tokens, with the first token of the part at `corner` (row, column). An image
    token gets the position that it has in the whole picture, and the text after it the one that
    it has after the whole picture. What a language model learns about positions on small pictures
    then applies to large ones.
    """
    number = image.long().cumsum(1)  # image tokens so far
    index = (number - 1).clamp(min=0)
    row, column = index // side + corner[0], index % side + corner[1]
    text = (~image).long().cumsum(1) - 1
    first = (text + 1).masked_fill(number > 0, 0).amax(1, keepdim=True)  # before the picture
    after = text + (number > 0) * whole * whole
    return after.where(~image, first + row * whole + column)
