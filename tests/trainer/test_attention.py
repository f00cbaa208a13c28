"""The augmented attention against the formula, written out in float64."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from trainer.model.attention import key_coordinates, relative_attention, relative_table


def eager(q: Tensor, k: Tensor, v: Tensor, rh: Tensor, rw: Tensor, grid: tuple[int, int]) -> Tensor:
    """SAM's attention as it is written in the paper's code: a bias per pair of positions."""
    gh, gw = grid
    logits = (q * q.shape[-1] ** -0.5) @ k.transpose(-2, -1)
    bias = torch.empty_like(logits)
    for i in range(gh * gw):
        for j in range(gh * gw):
            rel_h = rh[i // gw - j // gw + (rh.shape[0] - 1) // 2]
            rel_w = rw[i % gw - j % gw + (rw.shape[0] - 1) // 2]
            bias[..., i, j] = q[..., i, :] @ rel_h + q[..., i, :] @ rel_w
    return (logits + bias).softmax(-1) @ v


def operands(grid: tuple[int, int], table: tuple[int, int], dtype: torch.dtype) -> list[Tensor]:
    generator = torch.Generator().manual_seed(3)
    n, d = grid[0] * grid[1], 8
    shapes = [(2, 3, n, d)] * 3 + [(2 * table[0] - 1, d), (2 * table[1] - 1, d)]
    return [
        torch.randn(s, generator=generator, dtype=torch.float64).to(dtype).requires_grad_()
        for s in shapes
    ]


@pytest.mark.parametrize(("grid", "table"), [((4, 4), (4, 4)), ((3, 5), (3, 5)), ((2, 3), (5, 4))])
def test_forward_and_backward_are_exact(grid: tuple[int, int], table: tuple[int, int]) -> None:
    ours, theirs = operands(grid, table, torch.float64), operands(grid, table, torch.float64)
    out, expected = relative_attention(*ours, grid), eager(*theirs, grid)
    torch.testing.assert_close(out, expected, rtol=0, atol=1e-12)
    weight = torch.randn(out.shape, dtype=torch.float64, generator=torch.Generator().manual_seed(4))
    (out * weight).sum().backward()
    (expected * weight).sum().backward()
    for a, b in zip(ours, theirs, strict=True):
        assert a.grad is not None
        torch.testing.assert_close(a.grad, b.grad, rtol=0, atol=1e-12)


def test_bfloat16_is_no_worse_than_the_bias_form() -> None:
    grid = (6, 6)
    exact = eager(*operands(grid, grid, torch.float64), grid)
    low = operands(grid, grid, torch.bfloat16)
    reference = eager(*(t.double() for t in low), grid)
    ours = (relative_attention(*low, grid).double() - reference).norm() / exact.norm()
    bias_form = (eager(*low, grid).double() - reference).norm() / exact.norm()
    assert ours < 2e-2
    assert ours < 2 * bias_form


def test_a_shorter_line_uses_the_middle_of_the_table() -> None:
    table = torch.arange(7.0)[:, None]  # relative positions -3 .. 3
    assert relative_table(table, 2)[..., 0].tolist() == [[3.0, 2.0], [4.0, 3.0]]
    assert relative_table(table, 4)[0, :, 0].tolist() == [3.0, 2.0, 1.0, 0.0]


def test_key_coordinates() -> None:
    grid = key_coordinates(2, 3, torch.zeros(1))
    assert grid[4].tolist() == [0, 1, 0, 1, 0]  # key 4 is in row 1, column 1
