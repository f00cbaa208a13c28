"""The kernels of windows against float64, on the GPU or in Triton's interpreter."""

from __future__ import annotations

import copy
from collections.abc import Callable

import pytest
import torch
from torch import Tensor

pytest.importorskip("triton", reason="Triton is not installed: its kernels are not tested here")

from tests.trainer.small import VISION
from trainer.model import attention, window_kernel
from trainer.model.attention import window_attention
from trainer.model.configuration import VaryVisionConfig
from trainer.model.vision import VaryVisionBlock

GPU = torch.cuda.is_available()
DEVICE = "cuda" if GPU else "cpu"
DTYPES = [torch.bfloat16] if GPU else [torch.float32, torch.float16]
TOLERANCE = {torch.float32: 1e-5, torch.float16: 5e-3, torch.bfloat16: 2e-2}
NAMES = ("out", "qkv", "bias", "rel_pos_h", "rel_pos_w")
HEADS = 2


def operands(grid: tuple[int, int], window: int, d: int) -> list[Tensor]:
    """Queries, keys and values, those of the padding, and the two tables."""
    generator = torch.Generator().manual_seed(5)
    width = 3 * HEADS * d
    shapes = [(2, *grid, width), (width,), (2 * window - 1, d), (2 * window - 1, d)]
    scales = (1.0, 0.5, 0.25, 0.25)
    return [
        scale * torch.randn(shape, generator=generator, dtype=torch.float64)
        for shape, scale in zip(shapes, scales, strict=True)
    ]


def with_gradients(inputs: list[Tensor], window: int, kernel: bool) -> list[Tensor]:
    """The output and the gradients of all inputs."""
    inputs = [x.detach().requires_grad_() for x in inputs]
    if kernel:
        out = window_kernel.attend_windows(*inputs, HEADS, window)[0]
    else:
        out = window_attention(*inputs, HEADS, window)
    weight = torch.randn(out.shape, generator=torch.Generator().manual_seed(6))
    return [out.detach(), *torch.autograd.grad(out, inputs, weight.to(out))]


def error(a: Tensor, b: Tensor) -> float:
    a, b = a.cpu().double(), b.cpu().double()
    return float((a - b).norm() / b.norm().clamp(min=1e-9))  # without padding, its gradient is 0


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(
    ("grid", "window", "d"),
    [((14, 14), 14, 64), ((16, 9), 7, 16), ((5, 6), 4, 16), ((3, 3), 4, 32), ((17, 16), 16, 16)],
)
def test_output_and_gradients(
    grid: tuple[int, int], window: int, d: int, dtype: torch.dtype
) -> None:
    inputs = [x.to(DEVICE, dtype) for x in operands(grid, window, d)]
    expected = with_gradients([x.cpu().double() for x in inputs], window, kernel=False)
    found = with_gradients(inputs, window, kernel=True)
    for name, a, b in zip(NAMES, found, expected, strict=True):
        assert a.dtype == dtype
        assert error(a, b) < TOLERANCE[dtype], name


def test_gradients_repeat_bit_by_bit() -> None:
    inputs = [x.to(DEVICE, DTYPES[0]) for x in operands((5, 6), 4, 16)]
    first, second = (with_gradients(inputs, 4, kernel=True) for _ in range(2))
    assert all(torch.equal(a, b) for a, b in zip(first, second, strict=True))


@pytest.mark.parametrize("rows", [4, 16])
def test_every_division_of_the_keys_gives_the_same(
    rows: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    inputs = [x.to(DEVICE, DTYPES[0]) for x in operands((12, 12), 12, 16)]
    expected = with_gradients(inputs, 12, kernel=True)
    monkeypatch.setitem(window_kernel.KEYS, "KEY_ROWS", rows)
    for a, b in zip(with_gradients(inputs, 12, kernel=True), expected, strict=True):
        assert error(a, b) < TOLERANCE[DTYPES[0]]


def test_the_operator_is_fit_for_compilation() -> None:
    inputs = [x.to(DEVICE, DTYPES[0]).requires_grad_() for x in operands((3, 5), 4, 16)]
    torch.library.opcheck(window_kernel.attend_windows, (*inputs, HEADS, 4))


def test_a_compiled_block_takes_the_kernel_in_one_graph(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attention, "suits_window_kernel", lambda *_: True)
    torch.manual_seed(0)
    config = VaryVisionConfig(**VISION)
    block = VaryVisionBlock(config, window=4).to(DEVICE, DTYPES[0])
    for parameter in (block.attn.rel_pos_h, block.attn.rel_pos_w, block.attn.qkv.bias):
        torch.nn.init.normal_(parameter)
    x = torch.randn(2, 6, 6, config.hidden_size).to(DEVICE, DTYPES[0])

    def run(forward: Callable[[Tensor], Tensor], weights: VaryVisionBlock) -> list[Tensor]:
        leaf = x.to(next(weights.parameters()).dtype).requires_grad_()
        out = forward(leaf)
        return [out.detach(), *torch.autograd.grad(out, [leaf, *weights.parameters()], out)]

    monkeypatch.setattr(attention, "USE_KERNEL", False)
    exact = copy.deepcopy(block).double()
    truth, stock = run(exact, exact), run(block, block)
    monkeypatch.setattr(attention, "USE_KERNEL", True)
    compiled = torch.compile(block, dynamic=False, fullgraph=True, backend="aot_eager")
    for a, b, c in zip(run(compiled, block), stock, truth, strict=True):
        assert error(a, c) <= 2 * error(b, c) + TOLERANCE[DTYPES[0]] / 10
