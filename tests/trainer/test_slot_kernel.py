"""The attention kernel of slots against float64, in Triton's interpreter where there is no GPU."""

from __future__ import annotations

import pytest
import torch

pytest.importorskip("triton", reason="Triton is not installed: its kernels are not tested here")

from trainer.generation.attention import masked_attention
from trainer.generation.slot_kernel import kernel_attention

DEVICE = "cuda" if torch.cuda.is_available() else "cpu"


@pytest.mark.parametrize(("dtype", "bound"), [(torch.float32, 1e-6), (torch.float16, 1e-3)])
@pytest.mark.parametrize(("heads", "kv_heads", "width"), [(4, 4, 64), (4, 2, 16), (2, 2, 24)])
def test_every_slot_attends_to_what_it_holds(
    heads: int, kv_heads: int, width: int, dtype: torch.dtype, bound: float
) -> None:
    generator = torch.Generator().manual_seed(0)

    def drawn(*shape: int) -> torch.Tensor:
        return torch.randn(shape, generator=generator).to(DEVICE, dtype)

    lengths = torch.tensor([0, 149, 64, 77], device=DEVICE)
    cache = drawn(2, 4, kv_heads, 150, width)
    query, key, value = (drawn(4, 1, n, width).transpose(1, 2) for n in (heads, kv_heads, kv_heads))
    expected = cache.clone()
    slots = torch.arange(4, device=DEVICE)
    expected[0, slots, :, lengths] = key[:, :, 0]
    expected[1, slots, :, lengths] = value[:, :, 0]
    scale = width**-0.5
    true = masked_attention(
        query.double(), expected[0].double(), expected[1].double(), lengths, scale
    )
    beyond = torch.arange(150, device=DEVICE) > lengths[:, None]
    cache.masked_fill_(beyond[None, :, None, :, None], float("nan"))  # is never used
    out = kernel_attention(query, key, value, cache[0], cache[1], lengths, scale)
    assert float((out.double() - true).norm() / true.norm()) < bound
    kept = ~beyond[None, :, None, :, None].expand_as(cache)
    assert torch.equal(cache[kept], expected[kept])
