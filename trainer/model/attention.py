"""Exact attention with decomposed relative positions on stock attention kernels.

SAM's logit of query i at row qh, column qw and key j at row kh, column kw is

    scale * q_i·k_j  +  q_i·Rh[qh - kh]  +  q_i·Rw[qw - kw]

(the relative terms use the *unscaled* query). As a bias it is an N x N matrix per head that needs
a gradient, which no fast kernel supports. But it is also one plain dot product of longer vectors,

    [scale * q_i, rel_h_i, rel_w_i] · [k_j, onehot(kh_j), onehot(kw_j)]

where rel_h_i is q_i·Rh for every key row and rel_w_i q_i·Rw for every key column. Products with 0
and 1 are exact and sums are in float32, so this is at least as exact as the bias form, and autograd
through any attention kernel gives the exact gradient.

On large grids the longer vectors cost 2.5 times the matrix products, and in windows the copies
into them cost more than the attention. So CUDA devices with Triton use special kernels
(`relative_kernel`, `window_kernel`), which compute the same without them.
"""

from __future__ import annotations

import os
import shutil

import torch
import torch.nn.functional as F
from torch import Tensor
from torch.nn.attention import SDPBackend, sdpa_kernel

try:
    from trainer.model.relative_kernel import kernel_attention
    from trainer.model.window_kernel import WIDEST, attend_windows
except ModuleNotFoundError as error:  # Triton comes with PyTorch for CUDA only
    if error.name != "triton":
        raise
    HAVE_TRITON = False
else:
    HAVE_TRITON = True

CUDA_KERNELS = [
    SDPBackend.CUDNN_ATTENTION,
    SDPBackend.FLASH_ATTENTION,
    SDPBackend.EFFICIENT_ATTENTION,
    SDPBackend.MATH,
]
CUDA_QK_WIDTHS = (64, 96, 128, 192, 256)
"""Query and key widths that the fused kernels are tuned for."""

COMPILERS = (os.environ.get("CC", ""), "gcc", "clang")
"""C compilers; Triton needs one of them to start a kernel."""
USE_KERNEL = (
    HAVE_TRITON
    and any(map(shutil.which, filter(None, COMPILERS)))
    and os.environ.get("VARY_RELATIVE_KERNEL", "1") != "0"
)
"""Whether the Triton kernels may be used; VARY_RELATIVE_KERNEL=0 turns them off."""
KERNEL_HEAD_DIM = 64
KERNEL_MIN_TOKENS = 512
"""In smaller grids (windows) a row of keys does not fill a tile, and stock kernels are cheap."""


def relative_table(table: Tensor, size: int) -> Tensor:
    """Rows of a relative-position table for every query and key coordinate of a line.

    `table` is [2L-1, d] for lines of up to L; a shorter line uses its central rows, so that the
    same weights are used for pictures of several sizes. Returns [size, size, d].
    """
    center = (table.shape[0] - 1) // 2
    line = torch.arange(size, device=table.device)
    return table[line[:, None] - line[None, :] + center]


def relative_logits(q: Tensor, rel_pos_h: Tensor, rel_pos_w: Tensor) -> tuple[Tensor, Tensor]:
    """Dot products of queries with the relative positions of every key row and column.

    `q` is [B, heads, gh, gw, d]; returns [B, heads, gh*gw, gh] and [B, heads, gh*gw, gw].
    """
    gh, gw = q.shape[2:4]
    rel_h = torch.einsum("bnhwd,hkd->bnhwk", q, relative_table(rel_pos_h, gh).to(q.dtype))
    rel_w = torch.einsum("bnhwd,wkd->bnhwk", q, relative_table(rel_pos_w, gw).to(q.dtype))
    return rel_h.flatten(2, 3), rel_w.flatten(2, 3)


def key_coordinates(gh: int, gw: int, like: Tensor) -> Tensor:
    """One-hot row and column of every key of a gh x gw grid: [gh*gw, gh+gw]."""
    rows = torch.eye(gh, dtype=like.dtype, device=like.device)[:, None].expand(gh, gw, gh)
    columns = torch.eye(gw, dtype=like.dtype, device=like.device)[None].expand(gh, gw, gw)
    return torch.cat([rows, columns], dim=-1).flatten(0, 1)


def suits_kernel(q: Tensor, grid: tuple[int, int]) -> bool:
    """Whether `relative_kernel` computes these queries: half precision on a large grid."""
    relative_logits_of_rows = q.shape[:3].numel() * grid[0]
    return (
        q.is_cuda
        and q.dtype in (torch.bfloat16, torch.float16)
        and q.shape[-1] == KERNEL_HEAD_DIM
        and grid[0] * grid[1] >= KERNEL_MIN_TOKENS
        and grid[1] <= 64  # a wider row of keys would spill registers
        and relative_logits_of_rows < 2**31  # the kernel's offsets are 32 bits
    )


def relative_attention(
    q: Tensor, k: Tensor, v: Tensor, rel_pos_h: Tensor, rel_pos_w: Tensor, grid: tuple[int, int]
) -> Tensor:
    """Attention of a grid over itself with decomposed relative positions.

    `q`, `k`, `v` are [B, heads, gh*gw, d]; the tables are [2L-1, d] with L >= gh (gw). Returns
    [B, heads, gh*gw, d]. Source: SAM (arXiv 2304.02643), MViTv2 (arXiv 2112.01526).
    """
    gh, gw = grid
    d = q.shape[-1]
    if USE_KERNEL and suits_kernel(q, grid):
        rows, columns = relative_table(rel_pos_h, gh), relative_table(rel_pos_w, gw)
        return kernel_attention(q, k, v, rows, columns)
    rel_h, rel_w = relative_logits(q.view(*q.shape[:2], gh, gw, d), rel_pos_h, rel_pos_w)
    wide_q = torch.cat([q * d**-0.5, rel_h, rel_w], dim=-1)  # [B, heads, N, d+gh+gw]
    coordinates = key_coordinates(gh, gw, k).expand(*k.shape[:2], -1, -1)
    wide_k = torch.cat([k, coordinates], dim=-1)
    if q.is_cuda:
        return _fused_cuda(wide_q, wide_k, v)
    # The fused CPU kernel needs the same width for queries, keys and values.
    wide_v = F.pad(v, (0, gh + gw))
    return F.scaled_dot_product_attention(wide_q, wide_k, wide_v, scale=1.0)[..., :d]


def suits_window_kernel(qkv: Tensor, heads: int, window: int) -> bool:
    """Whether `window_kernel` computes these queries: half precision and small windows."""
    return (
        qkv.is_cuda
        and qkv.dtype in (torch.bfloat16, torch.float16)
        and qkv.shape[-1] == 3 * heads * KERNEL_HEAD_DIM
        and window <= WIDEST
    )


def window_attention(
    qkv: Tensor, bias: Tensor, rel_pos_h: Tensor, rel_pos_w: Tensor, heads: int, window: int
) -> Tensor:
    """Attention inside windows of `window` x `window` tokens.

    `qkv` [B, gh, gw, 3C] are queries, keys and values, `bias` [3C] those of tokens beyond the grid:
    the original pads the input of the linear layer with zeros, without a mask, so that real queries
    attend to padding. The tables are [2 * window - 1, d]. Returns [B, gh, gw, C].
    """
    if USE_KERNEL and suits_window_kernel(qkv, heads, window):
        out: Tensor = attend_windows(qkv, bias, rel_pos_h, rel_pos_w, heads, window)[0]
        return out
    batch, gh, gw, _ = qkv.shape
    padding = (0, 0, 0, -gw % window, 0, -gh % window)
    is_padding = F.pad(bias.new_zeros(gh, gw, 1), padding, value=1.0)
    qkv = F.pad(qkv, padding) + is_padding * bias
    rows, columns = qkv.shape[1] // window, qkv.shape[2] // window
    qkv = qkv.view(batch, rows, window, columns, window, -1).transpose(2, 3).flatten(0, 2)
    out = grid_attention(qkv, rel_pos_h, rel_pos_w, heads)  # [B*rows*columns, w, w, C]
    out = out.view(batch, rows, columns, window, window, -1).transpose(2, 3)
    return out.reshape(batch, rows * window, columns * window, -1)[:, :gh, :gw]


def grid_attention(qkv: Tensor, rel_pos_h: Tensor, rel_pos_w: Tensor, heads: int) -> Tensor:
    """Attention of a grid over itself: [B, gh, gw, 3C] -> [B, gh, gw, C]."""
    batch, gh, gw, _ = qkv.shape
    q, k, v = qkv.view(batch, gh * gw, 3, heads, -1).permute(2, 0, 3, 1, 4).unbind(0)
    out = relative_attention(q, k, v, rel_pos_h, rel_pos_w, (gh, gw))  # [B, heads, gh*gw, d]
    return out.transpose(1, 2).reshape(batch, gh, gw, -1)


def _fused_cuda(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    """Pad with zero columns to widths that the kernels support.

    These are (192, 128) on the full grid and (96, 96) in windows of 14. cuDNN comes first: it is
    the fastest on Hopper and supports unequal widths.
    """
    d, width = v.shape[-1], q.shape[-1]
    padded = next((w for w in CUDA_QK_WIDTHS if w >= width), width)
    v_width = 128 if padded == 192 and d <= 128 else padded
    q, k = F.pad(q, (0, padded - width)), F.pad(k, (0, padded - width))
    with sdpa_kernel(CUDA_KERNELS, set_priority=True):
        out = F.scaled_dot_product_attention(q, k, F.pad(v, (0, v_width - d)), scale=1.0)
    return out[..., :d]
