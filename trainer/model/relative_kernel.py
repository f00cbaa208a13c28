"""Exact attention with decomposed relative positions in Triton, forward and backward.

The logit of query i and key j = (kh, kw) is scale * q_i·k_j + rel_h[i, kh] + rel_w[i, kw]. A tile
of keys is one row of the grid, its width padded to a power of two. Then rel_h is one number per
query and tile, and the tile of rel_w is the same for every row of keys: it stays in registers. No
N x N matrix exists, and no one-hot columns pass through the matrix units.

Backward has no atomics, so it is deterministic. The kernel over queries sees every dS of its
queries: summed over tiles that is d rel_w, and the sum of a tile's row is d rel_h, written once.
The kernel over keys meets another rel_w tile at every step and adds it to each of its rows of keys.

Logarithms are to base 2 throughout. Memory is laid out for what comes before and after: `out`,
dq, dk, dv are [B, N, heads, d]; rel_h and its gradient [gh, keys, B, heads, gw], so that numbers
of neighboring queries lie together; the gradient of rel_w [gw, B, heads, gh, keys], as the
products of the einsum's backward take it.
"""

from __future__ import annotations

import math
import zlib
from typing import Any

import torch
from torch import Tensor

try:  # transformers asks of a saved model's files only what they import outside of `try`
    import triton
    import triton.language as tl
except ModuleNotFoundError:
    raise

OPERATORS = f"vary_{zlib.crc32(__name__.encode()):08x}"
"""A saved model brings a copy of this file: where both are loaded, each has its own operators."""
LOG2E = tl.constexpr(math.log2(math.e))

Launch = dict[str, int]

LAUNCHES: dict[str, Launch] = {
    "forward": {"BLOCK_M": 64, "num_warps": 4, "num_stages": 4},
    "queries": {"BLOCK_M": 64, "num_warps": 4, "num_stages": 4},
    "keys": {"BLOCK_M": 64, "KEY_ROWS": 1, "num_warps": 4, "num_stages": 3},
}
"""Fixed rather than tuned at run time: another tile size rounds differently, and a resumed run
would no longer repeat the first one bit by bit. Fastest on an H200 with Triton 3.6; they need some
50 KB of shared memory, which all devices have."""


@triton.jit
def _load_rows(pointer, rows, stride, COUNT: tl.constexpr, D: tl.constexpr, MASK: tl.constexpr):
    """Rows of a matrix as [len(rows), D]; rows from COUNT on are zeros."""
    at = pointer + rows[:, None] * stride + tl.arange(0, D)[None, :]
    return tl.load(at, mask=(rows < COUNT)[:, None], other=0.0) if MASK else tl.load(at)


@triton.jit
def _load_rel_w(
    pointer, m, N: tl.constexpr, GW: tl.constexpr, WIDE: tl.constexpr, MASK: tl.constexpr
):
    """The tile [len(m), WIDE] of rel_w; zeros beyond N queries and GW columns."""
    kw = tl.arange(0, WIDE)
    at = pointer + m[:, None] * GW + kw[None, :]
    inside = (m < N)[:, None] & (kw < GW)[None, :]
    return tl.load(at, mask=inside, other=0.0) if MASK or GW < WIDE else tl.load(at)


@triton.jit
def _load_numbers(pointer, at, m, N: tl.constexpr, MASK: tl.constexpr, other: tl.constexpr):
    """One number per query, `other` beyond N of them."""
    return tl.load(pointer + at, mask=m < N, other=other) if MASK else tl.load(pointer + at)


@triton.jit
def _rel_h_at(m, BH, GH: tl.constexpr, GW: tl.constexpr):
    """Where rel_h of queries `m` lies in a head; the next key row is BH * GW further. int32."""
    return (m // GW) * (GH * GW * BH) + m % GW


@triton.jit
def _forward_kernel(
    q_ptr, k_ptr, v_ptr, rel_h_ptr, rel_w_ptr, out_ptr, lse_ptr,
    stride_b, stride_h, stride_n, BH, scale2,
    H: tl.constexpr, GH: tl.constexpr, GW: tl.constexpr, D: tl.constexpr, WIDE: tl.constexpr,
    BLOCK_M: tl.constexpr,
):  # fmt: skip
    N: tl.constexpr = GH * GW
    MASK_M: tl.constexpr = N % BLOCK_M != 0
    bh = tl.program_id(1).to(tl.int64)
    m = tl.program_id(0) * BLOCK_M + tl.arange(0, BLOCK_M)
    kw = tl.arange(0, WIDE)
    head = (bh // H) * stride_b + (bh % H) * stride_h
    q = _load_rows(q_ptr + head, m, stride_n, N, D, MASK_M)
    rel_w = _load_rel_w(rel_w_ptr + bh * N * GW, m, N, GW, WIDE, MASK_M).to(tl.float32) * LOG2E
    if GW < WIDE:  # the padding of every row of keys
        rel_w = tl.where((kw < GW)[None, :], rel_w, -float("inf"))
    rel_h_at = rel_h_ptr + bh * GW + _rel_h_at(m, BH, GH, GW)
    rel_h = tl.load(rel_h_at, mask=m < N, other=0.0)

    top = tl.full([BLOCK_M], -float("inf"), tl.float32)
    total = tl.zeros([BLOCK_M], tl.float32)
    acc = tl.zeros([BLOCK_M, D], tl.float32)
    for kh in range(GH):
        first = head + kh * GW * stride_n
        k = _load_rows(k_ptr + first, kw, stride_n, GW, D, GW < WIDE)
        v = _load_rows(v_ptr + first, kw, stride_n, GW, D, GW < WIDE)
        rel_h_at += BH * GW  # the next row's, so that the load is done when it is wanted
        next_rel_h = tl.load(rel_h_at, mask=(m < N) & (kh + 1 < GH), other=0.0)
        row = rel_h.to(tl.float32) * LOG2E
        s = tl.dot(q, tl.trans(k)) * scale2 + rel_w
        new_top = tl.maximum(top, tl.max(s, 1) + row)
        p = tl.exp2(s - (new_top - row)[:, None])
        shrink = tl.exp2(top - new_top)
        total = total * shrink + tl.sum(p, 1)
        acc = tl.dot(p.to(v.dtype), v, acc * shrink[:, None])
        top = new_top
        rel_h = next_rel_h

    out_at = out_ptr + ((bh // H) * N * H + bh % H) * D
    out_at += m[:, None] * (H * D) + tl.arange(0, D)[None, :]
    tl.store(out_at, (acc / total[:, None]).to(out_ptr.dtype.element_ty), mask=(m < N)[:, None])
    tl.store(lse_ptr + bh * N + m, top + tl.log2(total), mask=m < N)


@triton.jit
def _queries_kernel(
    q_ptr, k_ptr, v_ptr, rel_h_ptr, rel_w_ptr, out_ptr, lse_ptr,
    grad_ptr, delta_ptr, dq_ptr, d_rel_h_ptr, d_rel_w_ptr,
    stride_b, stride_h, stride_n, BH, scale2, scale,
    H: tl.constexpr, GH: tl.constexpr, GW: tl.constexpr, D: tl.constexpr, WIDE: tl.constexpr,
    BLOCK_M: tl.constexpr,
):  # fmt: skip
    """dq, d rel_h and d rel_w of a block of queries, and rowsum(grad * out) for the next kernel."""
    N: tl.constexpr = GH * GW
    MASK_M: tl.constexpr = N % BLOCK_M != 0
    bh = tl.program_id(1).to(tl.int64)
    m = tl.program_id(0) * BLOCK_M + tl.arange(0, BLOCK_M)
    kw = tl.arange(0, WIDE)
    head = (bh // H) * stride_b + (bh % H) * stride_h
    plain = ((bh // H) * N * H + bh % H) * D
    q = _load_rows(q_ptr + head, m, stride_n, N, D, MASK_M)
    grad = _load_rows(grad_ptr + plain, m, H * D, N, D, MASK_M)
    out = _load_rows(out_ptr + plain, m, H * D, N, D, MASK_M)
    delta = tl.sum(grad.to(tl.float32) * out.to(tl.float32), 1)
    tl.store(delta_ptr + bh * N + m, delta, mask=m < N)
    lse = tl.load(lse_ptr + bh * N + m, mask=m < N, other=0.0)
    rel_w = _load_rel_w(rel_w_ptr + bh * N * GW, m, N, GW, WIDE, MASK_M).to(tl.float32) * LOG2E
    rel_w -= lse[:, None]
    if GW < WIDE:
        rel_w = tl.where((kw < GW)[None, :], rel_w, -float("inf"))
    rel_h_at = bh * GW + _rel_h_at(m, BH, GH, GW)
    rel_h = tl.load(rel_h_ptr + rel_h_at, mask=m < N, other=0.0)

    dq = tl.zeros([BLOCK_M, D], tl.float32)
    d_rel_w = tl.zeros([BLOCK_M, WIDE], tl.float32)
    for kh in range(GH):
        first = head + kh * GW * stride_n
        k = _load_rows(k_ptr + first, kw, stride_n, GW, D, GW < WIDE)
        v = _load_rows(v_ptr + first, kw, stride_n, GW, D, GW < WIDE)
        next_at = rel_h_at + BH * GW
        next_rel_h = tl.load(rel_h_ptr + next_at, mask=(m < N) & (kh + 1 < GH), other=0.0)
        s = tl.dot(q, tl.trans(k)) * scale2 + rel_w
        dp = tl.dot(grad, tl.trans(v))
        p = tl.exp2(s + (rel_h.to(tl.float32) * LOG2E)[:, None])
        ds = p * (dp - delta[:, None])
        d_rel_w += ds
        tl.store(d_rel_h_ptr + rel_h_at, tl.sum(ds, 1).to(d_rel_h_ptr.dtype.element_ty), mask=m < N)
        dq = tl.dot(ds.to(k.dtype), k, dq)
        rel_h_at = next_at
        rel_h = next_rel_h

    dq_at = dq_ptr + plain + m[:, None] * (H * D) + tl.arange(0, D)[None, :]
    tl.store(dq_at, (dq * scale).to(dq_ptr.dtype.element_ty), mask=(m < N)[:, None])
    rel_w_row = (((m % GW).to(tl.int64) * BH + bh) * GH + m // GW) * GW
    tl.store(
        d_rel_w_ptr + rel_w_row[:, None] + kw[None, :],
        d_rel_w.to(d_rel_w_ptr.dtype.element_ty),
        mask=(m < N)[:, None] & (kw < GW)[None, :],
    )


@triton.jit
def _keys_kernel(
    q_ptr, k_ptr, v_ptr, rel_h_ptr, rel_w_ptr, lse_ptr,
    grad_ptr, delta_ptr, dk_ptr, dv_ptr,
    stride_b, stride_h, stride_n, BH, scale,
    H: tl.constexpr, GH: tl.constexpr, GW: tl.constexpr, D: tl.constexpr, WIDE: tl.constexpr,
    BLOCK_M: tl.constexpr, KEY_ROWS: tl.constexpr,
):  # fmt: skip
    """dk and dv of KEY_ROWS rows of keys. Tiles are [keys, queries].

    Keys of the padding get numbers that are never stored; queries beyond N have an infinite `lse`,
    hence a probability of 0.
    """
    N: tl.constexpr = GH * GW
    MASK_M: tl.constexpr = N % BLOCK_M != 0
    KEYS: tl.constexpr = KEY_ROWS * WIDE
    bh = tl.program_id(1).to(tl.int64)
    n = tl.arange(0, KEYS)
    first = tl.program_id(0) * KEY_ROWS
    inside = ((n % WIDE < GW) & (first + n // WIDE < GH))[:, None]
    token = (first + n // WIDE) * GW + n % WIDE
    head = (bh // H) * stride_b + (bh % H) * stride_h
    plain = ((bh // H) * N * H + bh % H) * D
    key_at = head + token[:, None] * stride_n + tl.arange(0, D)[None, :]
    k = tl.load(k_ptr + key_at, mask=inside, other=0.0)
    v = tl.load(v_ptr + key_at, mask=inside, other=0.0)

    dk = tl.zeros([KEYS, D], tl.float32)
    dv = tl.zeros([KEYS, D], tl.float32)
    kh = tl.minimum(first + tl.arange(0, KEY_ROWS), GH - 1)[:, None]
    kw = tl.arange(0, WIDE)[:, None]
    rel_h_ptr += bh * GW + kh * GW * BH
    rel_w_ptr += bh * N * GW + kw
    for start in range(0, N, BLOCK_M):
        m = start + tl.arange(0, BLOCK_M)
        real = (m < N)[None, :]
        rel_h = tl.load(rel_h_ptr + _rel_h_at(m, BH, GH, GW)[None, :], mask=real, other=0.0)
        rel_w = tl.load(rel_w_ptr + m[None, :] * GW, mask=real & (kw < GW), other=0.0)
        lse = _load_numbers(lse_ptr + bh * N, m, m, N, MASK_M, float("inf"))
        delta = _load_numbers(delta_ptr + bh * N, m, m, N, MASK_M, 0.0)
        q = _load_rows(q_ptr + head, m, stride_n, N, D, MASK_M)
        grad = _load_rows(grad_ptr + plain, m, H * D, N, D, MASK_M)
        rows = rel_h.to(tl.float32) * LOG2E - lse[None, :]
        s = tl.reshape(tl.dot(k, tl.trans(q)), [KEY_ROWS, WIDE, BLOCK_M])
        s = (s * scale + rel_w.to(tl.float32)[None, :, :]) * LOG2E + rows[:, None, :]
        p = tl.exp2(tl.reshape(s, [KEYS, BLOCK_M]))
        dp = tl.dot(v, tl.trans(grad))
        dv = tl.dot(p.to(grad.dtype), grad, dv)
        ds = p * (dp - delta[None, :])
        dk = tl.dot(ds.to(q.dtype), q, dk)

    at = plain + token[:, None] * (H * D) + tl.arange(0, D)[None, :]
    tl.store(dk_ptr + at, (dk * scale).to(dk_ptr.dtype.element_ty), mask=inside)
    tl.store(dv_ptr + at, dv.to(dv_ptr.dtype.element_ty), mask=inside)


def device_index(device: torch.device) -> int:
    """For `torch.cuda.device`, to which -1 means: leave it."""
    return device.index if device.type == "cuda" else -1


def _like(x: Tensor, layout: Tensor) -> Tensor:
    """`x`, copied if its memory is laid out otherwise."""
    return x if x.stride() == layout.stride() else torch.empty_like(layout).copy_(x)


def _empty_like_out(q: Tensor) -> Tensor:
    batch, heads, n, d = q.shape
    return q.new_empty(batch, n, heads, d).transpose(1, 2)


def _empty_rel_h(rel_h: Tensor) -> Tensor:
    batch, heads, gh, gw, keys = rel_h.shape
    return rel_h.new_empty(gh, keys, batch, heads, gw).permute(2, 3, 0, 4, 1)


def _empty_gradients(q: Tensor, rel_h: Tensor, rel_w: Tensor) -> tuple[Tensor, ...]:
    batch, heads, gh, gw, keys = rel_w.shape
    d_rel_w = rel_w.new_empty(gw, batch, heads, gh, keys).permute(1, 2, 3, 0, 4)
    return *(_empty_like_out(q) for _ in range(3)), _empty_rel_h(rel_h), d_rel_w


def _operands(q: Tensor, k: Tensor, v: Tensor, rel_h: Tensor, rel_w: Tensor) -> list[Tensor]:
    """The operands in the layouts that the kernels read: one set of strides for q, k and v."""
    if not q.stride() == k.stride() == v.stride() or q.stride(-1) != 1:
        q, k, v = q.contiguous(), k.contiguous(), v.contiguous()
    return [q, k, v, _like(rel_h, _empty_rel_h(rel_h)), rel_w.contiguous()]


def _sizes(q: Tensor, rel_h: Tensor) -> dict[str, int]:
    gh, gw = rel_h.shape[2:4]
    wide = max(16, triton.next_power_of_2(gw))  # 16 is the least that the matrix units take
    return {"H": q.shape[1], "GH": gh, "GW": gw, "D": q.shape[-1], "WIDE": wide}


@torch.library.custom_op(f"{OPERATORS}::relative_attention", mutates_args=())
def attend(q: Tensor, k: Tensor, v: Tensor, rel_h: Tensor, rel_w: Tensor) -> tuple[Tensor, Tensor]:
    """Attention, and the base-2 logarithm of the sums of exponentials [B, heads, N].

    `q`, `k`, `v` are [B, heads, gh*gw, d] with d = 16 or 64 (1/scale must be exact), `rel_h`
    [B, heads, gh, gw, gh], `rel_w` [B, heads, gh, gw, gw].
    """
    batch, heads, n, d = q.shape
    out, lse = _empty_like_out(q), q.new_empty(batch, heads, n, dtype=torch.float32)
    q, k, v, rel_h, rel_w = _operands(q, k, v, rel_h, rel_w)
    launch = LAUNCHES["forward"]
    with torch.cuda.device(device_index(q.device)):
        _forward_kernel[(triton.cdiv(n, launch["BLOCK_M"]), batch * heads)](
            q, k, v, rel_h, rel_w, out, lse,
            *q.stride()[:3], batch * heads, d**-0.5 * math.log2(math.e),
            **_sizes(q, rel_h), **launch,
        )  # fmt: skip
    return out, lse


@torch.library.custom_op(f"{OPERATORS}::relative_attention_backward", mutates_args=())
def attend_backward(
    grad: Tensor, q: Tensor, k: Tensor, v: Tensor, rel_h: Tensor, rel_w: Tensor, out: Tensor,
    lse: Tensor,
) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:  # fmt: skip
    """Gradients of `attend`'s operands for the gradient of its output."""
    batch, heads, n, d = q.shape
    dq, dk, dv, d_rel_h, d_rel_w = _empty_gradients(q, rel_h, rel_w)
    delta = torch.empty_like(lse)
    grad, out = _like(grad, dq), _like(out, dq)
    q, k, v, rel_h, rel_w = _operands(q, k, v, rel_h, rel_w)
    numbers = (*q.stride()[:3], batch * heads)
    sizes = _sizes(q, rel_h)
    launch = LAUNCHES["queries"]
    with torch.cuda.device(device_index(q.device)):
        _queries_kernel[(triton.cdiv(n, launch["BLOCK_M"]), batch * heads)](
            q, k, v, rel_h, rel_w, out, lse, grad, delta, dq, d_rel_h, d_rel_w,
            *numbers, d**-0.5 * math.log2(math.e), d**-0.5, **sizes, **launch,
        )  # fmt: skip
        launch = LAUNCHES["keys"]
        _keys_kernel[(triton.cdiv(sizes["GH"], launch["KEY_ROWS"]), batch * heads)](
            q, k, v, rel_h, rel_w, lse, grad, delta, dk, dv,
            *numbers, d**-0.5, **sizes, **launch,
        )  # fmt: skip
    return dq, dk, dv, d_rel_h, d_rel_w


@attend.register_fake
def _(q: Tensor, k: Tensor, v: Tensor, rel_h: Tensor, rel_w: Tensor) -> tuple[Tensor, Tensor]:
    return _empty_like_out(q), q.new_empty(q.shape[:3], dtype=torch.float32)


@attend_backward.register_fake
def _(
    grad: Tensor, q: Tensor, k: Tensor, v: Tensor, rel_h: Tensor, rel_w: Tensor, *saved: Tensor
) -> tuple[Tensor, ...]:
    return _empty_gradients(q, rel_h, rel_w)


def _save(ctx: Any, inputs: tuple[Tensor, ...], output: tuple[Tensor, Tensor]) -> None:
    ctx.save_for_backward(*inputs, *output)


def _gradients(ctx: Any, grad: Tensor, _: Tensor | None) -> tuple[Tensor, ...]:
    return attend_backward(grad, *ctx.saved_tensors)


attend.register_autograd(_gradients, setup_context=_save)


def kernel_attention(q: Tensor, k: Tensor, v: Tensor, rows: Tensor, columns: Tensor) -> Tensor:
    """Attention of a grid over itself in one kernel, differentiable in everything.

    `q`, `k`, `v` are [B, heads, gh*gw, d]; `rows` [gh, gh, d] and `columns` [gw, gw, d] hold the
    relative positions of every query and key coordinate. Returns [B, heads, gh*gw, d].
    """
    grid = q.view(*q.shape[:2], rows.shape[0], columns.shape[0], -1)
    rel_h = torch.einsum("bnhwd,hkd->bnhwk", grid, rows.to(q.dtype))
    rel_w = torch.einsum("bnhwd,wkd->bnhwk", grid, columns.to(q.dtype)).contiguous()
    # copied here, not by the operators, which would do it in the backward pass again
    rel_h = rel_h.permute(2, 4, 0, 1, 3).contiguous().permute(2, 3, 0, 4, 1)
    out: Tensor = attend(q, k, v, rel_h, rel_w)[0]
    return out
