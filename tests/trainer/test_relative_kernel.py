"""The Triton kernels against float64: on the GPU where there is one, else in Triton's interpreter.

The interpreter is chosen when the kernels' module is imported, by conftest.py.
"""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

pytest.importorskip("triton", reason="Triton is not installed: its kernels are not tested here")

from tests.trainer.small import VISION
from trainer.model import attention, relative_kernel
from trainer.model.attention import relative_attention, relative_table
from trainer.model.configuration import VaryVisionConfig
from trainer.model.vision import VaryVisionBlock

# the interpreter's numpy minds what happens in keys of the padding, which are never stored
pytestmark = pytest.mark.filterwarnings("ignore:(overflow|invalid value):RuntimeWarning")

GPU = torch.cuda.is_available()
DEVICE = "cuda" if GPU else "cpu"
DTYPES = [torch.bfloat16] if GPU else [torch.float32, torch.float16]
TOLERANCE = {torch.float32: 1e-5, torch.float16: 5e-3, torch.bfloat16: 2e-2}
NAMES = ("out", "q", "k", "v", "rel_pos_h", "rel_pos_w")


def packed_operands(batch: int, heads: int, grid: tuple[int, int], d: int) -> list[Tensor]:
    """Views of q, k, v in one packed product as the tower has them, and the two tables."""
    generator = torch.Generator().manual_seed(5)
    n = grid[0] * grid[1]
    qkv = torch.randn(batch, n, 3, heads, d, generator=generator, dtype=torch.float64)
    tables = [torch.randn(2 * g - 1, d, generator=generator, dtype=torch.float64) for g in grid]
    return [*qkv.permute(2, 0, 3, 1, 4).unbind(0), *(table / 4 for table in tables)]


def with_gradients(
    inputs: list[Tensor], grid: tuple[int, int], dtype: torch.dtype, kernel: bool
) -> list[Tensor]:
    """The output and the gradients of all inputs."""
    inputs = [x.detach().to(dtype).requires_grad_() for x in inputs]
    q, k, v, rel_h, rel_w = inputs
    if kernel:
        rows, columns = relative_table(rel_h, grid[0]), relative_table(rel_w, grid[1])
        out = relative_kernel.kernel_attention(q, k, v, rows, columns)
    else:
        out = relative_attention(q, k, v, rel_h, rel_w, grid)
    weight = torch.randn(out.shape, generator=torch.Generator().manual_seed(6))
    gradients = torch.autograd.grad(out, inputs, weight.to(out))
    assert all(g.dtype == dtype for g in gradients)
    return [out.detach(), *gradients]


def error(a: Tensor, b: Tensor) -> float:
    return float((a.cpu().double() - b.cpu().double()).norm() / b.cpu().double().norm())


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(
    ("grid", "d"), [((4, 4), 64), ((7, 7), 16), ((3, 5), 16), ((14, 14), 64), ((16, 16), 16)]
)
def test_output_and_gradients(grid: tuple[int, int], d: int, dtype: torch.dtype) -> None:
    inputs = [x.to(dtype).to(DEVICE) for x in packed_operands(2, 2, grid, d)]
    expected = with_gradients([x.cpu() for x in inputs], grid, torch.float64, kernel=False)
    for name, a, b in zip(NAMES, with_gradients(inputs, grid, dtype, True), expected, strict=True):
        assert error(a, b) < TOLERANCE[dtype], name


def test_half_precision_is_about_as_exact_as_the_stock_kernels() -> None:
    grid, dtype = (16, 16), DTYPES[-1]
    inputs = [x.to(dtype).to(DEVICE) for x in packed_operands(1, 2, grid, 64)]
    exact = with_gradients([x.cpu() for x in inputs], grid, torch.float64, kernel=False)
    stock = with_gradients(inputs, grid, dtype, kernel=False)
    ours = with_gradients(inputs, grid, dtype, kernel=True)
    for name, a, b, truth in zip(NAMES, ours, stock, exact, strict=True):
        assert error(a, truth) <= 2 * error(b, truth), name


@pytest.mark.parametrize("name", ["forward", "queries", "keys"])
def test_every_block_size_gives_the_same(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    grid, dtype = (5, 5), DTYPES[0]  # 5 rows: a pair of key rows is half empty
    inputs = [x.to(dtype).to(DEVICE) for x in packed_operands(1, 2, grid, 16)]
    expected = with_gradients(inputs, grid, dtype, kernel=True)
    for block in (16, 32):
        launch = {"BLOCK_M": block, "num_warps": 4, "num_stages": 1}
        if name == "keys":
            launch["KEY_ROWS"] = block // 16
        monkeypatch.setitem(relative_kernel.LAUNCHES, name, launch)
        found = with_gradients(inputs, grid, dtype, kernel=True)
        for a, b in zip(found, expected, strict=True):
            assert error(a, b) < TOLERANCE[dtype]


def test_operators_are_fit_for_compilation() -> None:
    q, k, v, *_ = (
        x.detach().to(DTYPES[0]).to(DEVICE).requires_grad_()
        for x in packed_operands(1, 2, (4, 4), 16)
    )
    biases = [torch.randn(1, 2, 4, 4, 4).to(q).requires_grad_() for _ in range(2)]
    torch.library.opcheck(relative_kernel.attend, (q, k, v, *biases))


def test_a_compiled_block_takes_the_kernel_in_one_graph(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attention, "suits_kernel", lambda *_: True)
    torch.manual_seed(0)
    config = VaryVisionConfig(**VISION | {"image_size": 96})  # pictures of 6 by 6 patches
    block = VaryVisionBlock(config, window=0).to(DEVICE, DTYPES[0])
    for table in (block.attn.rel_pos_h, block.attn.rel_pos_w):
        torch.nn.init.normal_(table)
    x = torch.randn(2, 6, 6, config.hidden_size).to(DEVICE, DTYPES[0]).requires_grad_()
    results = []
    for use, forward in (
        (False, block),
        (True, torch.compile(block, dynamic=False, fullgraph=True, backend="aot_eager")),
    ):
        monkeypatch.setattr(attention, "USE_KERNEL", use)
        out = forward(x)
        results.append([out.detach(), *torch.autograd.grad(out, [x, *block.parameters()], out)])
    for a, b in zip(*results, strict=True):
        assert error(a, b) < TOLERANCE[DTYPES[0]]
