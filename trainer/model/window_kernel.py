"""Attention inside windows with decomposed relative positions in Triton, forward and backward.

One program has one window and one head. It reads queries, keys and values where the linear layer
has left them and writes its results where the next one takes them: nothing is cut into windows,
padded or transposed in memory. A window's tokens are rows of `WIDE` places, a power of two, so
that logits [queries, keys] can be seen as [queries, key rows, key columns] and both relative terms
be added by broadcasting. The terms themselves are products of the queries with the whole tables,
from which every query takes the entries of its own offsets.

Tokens beyond the edge of the grid are zeros *before* the linear layer, as in SAM: their keys and
values are the layer's bias, whose gradient from there is summed here.

Backward has no atomics, so it is deterministic. It is launched for some rows of keys at a time,
whose sums fit into registers; a launch adds to what the earlier ones have written for the queries.
Sums over windows are made by PyTorch, of one part per program.
"""

from __future__ import annotations

import math
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from trainer.model.relative_kernel import OPERATORS, device_index

try:  # transformers asks of a saved model's files only what they import outside of `try`
    import triton
    import triton.language as tl
except ModuleNotFoundError:
    raise

LOG2E = tl.constexpr(math.log2(math.e))
WIDEST = 16
"""The widest window: all of its keys and values are in one program."""

FORWARD = {"BLOCK_M": 64, "num_warps": 4, "num_stages": 1}
KEYS = {"BLOCK_M": 32, "KEY_ROWS": 4, "num_warps": 4, "num_stages": 3}
QUERIES = {"BLOCK_M": 64, "num_warps": 4, "num_stages": 1}
"""Fixed rather than tuned at run time, as in `relative_kernel`; below 100 KB of shared memory."""


@triton.jit
def _place(m, window, GH: tl.constexpr, GW: tl.constexpr, W: tl.constexpr, WIDE: tl.constexpr):
    """Tokens of the window's places `m`, and whether they are in the window and in the grid."""
    COLUMNS: tl.constexpr = (GW + W - 1) // W
    row = window // COLUMNS * W + m // WIDE
    column = window % COLUMNS * W + m % WIDE
    inside = (m // WIDE < W) & (m % WIDE < W) & (row < GH) & (column < GW)
    return row * GW + column, inside


@triton.jit
def _load(pointer, token, inside, stride, D: tl.constexpr):
    """Rows of a matrix as [len(token), D]; zeros beyond the grid."""
    at = pointer + token[:, None] * stride + tl.arange(0, D)[None, :]
    return tl.load(at, mask=inside[:, None], other=0.0)


@triton.jit
def _load_padded(pointer, bias_pointer, token, inside, stride, D: tl.constexpr):
    """Keys or values as [len(token), D]; beyond the grid the layer's bias."""
    x = _load(pointer, token, inside, stride, D)
    bias = tl.load(bias_pointer + tl.arange(0, D)).to(x.dtype)
    return tl.where(inside[:, None], x, bias[None, :])


@triton.jit
def _load_tables(rel_h_ptr, rel_w_ptr, W: tl.constexpr, T: tl.constexpr, D: tl.constexpr):
    """Both tables of 2W - 1 rows below each other, each filled up to T rows: [2T, D]."""
    row = tl.arange(0, 2 * T)
    at = (row % T)[:, None] * D + tl.arange(0, D)[None, :]
    known = row % T < 2 * W - 1
    rel_h = tl.load(rel_h_ptr + at, mask=(known & (row < T))[:, None], other=0.0)
    rel_w = tl.load(rel_w_ptr + at, mask=(known & (row >= T))[:, None], other=0.0)
    return rel_h + rel_w


@triton.jit
def _logits(products, coordinate, first, W: tl.constexpr, WIDE: tl.constexpr):
    """Of the products with all entries [M, 2T], those of queries with WIDE key rows or columns.

    `coordinate` is the queries' row or column; the table's entries begin at `first`.
    """
    other = tl.arange(0, WIDE)[None, :]
    entry = tl.maximum(coordinate[:, None] - other + (W - 1), 0)
    return tl.where(other < W, tl.gather(products, first + entry, 1), -float("inf"))


@triton.jit
def _forward_kernel(
    qkv_ptr, bias_ptr, rel_h_ptr, rel_w_ptr, out_ptr, lse_ptr, terms_ptr, scale2,
    H: tl.constexpr, GH: tl.constexpr, GW: tl.constexpr, W: tl.constexpr, WIDE: tl.constexpr,
    D: tl.constexpr, BLOCK_M: tl.constexpr,
):  # fmt: skip
    N: tl.constexpr = WIDE * WIDE
    COLUMNS: tl.constexpr = (GW + W - 1) // W
    ROWS: tl.constexpr = (GH + W - 1) // W
    program = tl.program_id(0).to(tl.int64)
    terms_ptr += program * 2 * WIDE * N
    head = program % H
    window = (program // H % (ROWS * COLUMNS)).to(tl.int32)
    batch = program // (H * ROWS * COLUMNS)
    qkv_ptr += batch * (GH * GW * 3 * H * D) + head * D
    bias_ptr += head * D
    out_ptr += batch * (GH * GW * H * D) + head * D
    key, known = _place(tl.arange(0, N), window, GH, GW, W, WIDE)
    k = _load_padded(qkv_ptr + H * D, bias_ptr + H * D, key, known, 3 * H * D, D)
    v = _load_padded(qkv_ptr + 2 * H * D, bias_ptr + 2 * H * D, key, known, 3 * H * D, D)
    tables = _load_tables(rel_h_ptr, rel_w_ptr, W, 2 * WIDE, D).to(k.dtype)
    real_rows = tl.minimum(W, GH - window // COLUMNS * W)
    for start in tl.range(0, real_rows * WIDE, BLOCK_M):
        m = start + tl.arange(0, BLOCK_M)
        token, inside = _place(m, window, GH, GW, W, WIDE)
        q = _load(qkv_ptr, token, inside, 3 * H * D, D)
        products = tl.dot(q, tl.trans(tables)) * LOG2E
        rel_h = _logits(products, m // WIDE, 0, W, WIDE)
        rel_w = _logits(products, m % WIDE, 2 * WIDE, W, WIDE)
        terms_at = terms_ptr + tl.arange(0, WIDE)[None, :] * N + m[:, None]
        tl.store(terms_at, rel_h)
        tl.store(terms_at + WIDE * N, rel_w)
        s = tl.reshape(tl.dot(q, tl.trans(k)) * scale2, [BLOCK_M, WIDE, WIDE])
        s = tl.reshape(s + rel_h[:, :, None] + rel_w[:, None, :], [BLOCK_M, N])
        top = tl.max(s, 1)
        p = tl.exp2(s - top[:, None])
        total = tl.sum(p, 1)
        out = tl.dot(p.to(v.dtype), v) / total[:, None]
        at = out_ptr + token[:, None] * (H * D) + tl.arange(0, D)[None, :]
        tl.store(at, out.to(out_ptr.dtype.element_ty), mask=inside[:, None])
        lse = tl.where(inside, top + tl.log2(total), float("inf"))
        tl.store(lse_ptr + program * N + m, lse)


@triton.jit
def _keys_kernel(
    qkv_ptr, bias_ptr, out_ptr, lse_ptr, terms_ptr, grad_ptr,
    d_qkv_ptr, d_bias_ptr, d_terms_ptr, scale2, scale, first,
    H: tl.constexpr, GH: tl.constexpr, GW: tl.constexpr, W: tl.constexpr, WIDE: tl.constexpr,
    D: tl.constexpr, BLOCK_M: tl.constexpr, KEY_ROWS: tl.constexpr,
):  # fmt: skip
    """dk and dv of KEY_ROWS key rows from `first` on, and what these add to dq and d terms.

    Tiles are [keys, queries].
    """
    N: tl.constexpr = WIDE * WIDE
    KEYS: tl.constexpr = KEY_ROWS * WIDE
    LINES: tl.constexpr = 4 * WIDE  # 2 * WIDE are used; 64 is the least that a product takes
    COLUMNS: tl.constexpr = (GW + W - 1) // W
    ROWS: tl.constexpr = (GH + W - 1) // W
    program = tl.program_id(0).to(tl.int64)
    head = program % H
    window = (program // H % (ROWS * COLUMNS)).to(tl.int32)
    batch = program // (H * ROWS * COLUMNS)
    here = batch * (GH * GW * 3 * H * D) + head * D
    qkv_ptr += here
    d_qkv_ptr += here
    bias_ptr += head * D
    out_ptr += batch * (GH * GW * H * D) + head * D
    grad_ptr += batch * (GH * GW * H * D) + head * D
    lse_ptr += program * N
    terms_ptr += program * 2 * WIDE * N
    d_terms_ptr += program * 2 * WIDE * N
    d = tl.arange(0, D)
    key, known = _place(first * WIDE + tl.arange(0, KEYS), window, GH, GW, W, WIDE)
    k = _load_padded(qkv_ptr + H * D, bias_ptr + H * D, key, known, 3 * H * D, D)
    v = _load_padded(qkv_ptr + 2 * H * D, bias_ptr + 2 * H * D, key, known, 3 * H * D, D)

    # the sums of a tile's key rows, and of its key columns, as one product: [LINES, KEYS]
    line, place = tl.arange(0, LINES)[:, None], tl.arange(0, KEYS)[None, :]
    is_row = line < KEY_ROWS
    is_column = (line >= WIDE) & (line < 2 * WIDE)
    of_row = is_row & (place // WIDE == line)
    of_line = (of_row | (is_column & (place % WIDE == line - WIDE))).to(k.dtype)
    sums_at = d_terms_ptr + tl.where(is_row, first + line, line) * N

    dk = tl.zeros([KEYS, D], tl.float32)
    dv = tl.zeros([KEYS, D], tl.float32)
    real_rows = tl.minimum(W, GH - window // COLUMNS * W)
    for start in tl.range(0, real_rows * WIDE, BLOCK_M):
        m = start + tl.arange(0, BLOCK_M)
        token, inside = _place(m, window, GH, GW, W, WIDE)
        q = _load(qkv_ptr, token, inside, 3 * H * D, D)
        grad = _load(grad_ptr, token, inside, H * D, D)
        out = _load(out_ptr, token, inside, H * D, D)
        delta = tl.sum(grad.to(tl.float32) * out.to(tl.float32), 1)
        lse = tl.load(lse_ptr + m)  # infinite outside: the probabilities are 0
        rows_at = (first + tl.arange(0, KEY_ROWS))[:, None] * N + m[None, :]
        columns_at = (WIDE + tl.arange(0, WIDE))[:, None] * N + m[None, :]
        rel_h = tl.load(terms_ptr + rows_at) - lse[None, :]
        rel_w = tl.load(terms_ptr + columns_at)
        s = tl.reshape(tl.dot(k, tl.trans(q)) * scale2, [KEY_ROWS, WIDE, BLOCK_M])
        s = tl.reshape(s + rel_h[:, None, :] + rel_w[None, :, :], [KEYS, BLOCK_M])
        p = tl.exp2(s)
        ds = p * (tl.dot(v, tl.trans(grad)) - delta[None, :])
        dv = tl.dot(p.to(grad.dtype), grad, dv)
        low = ds.to(q.dtype)
        dk = tl.dot(low, q, dk)
        dq = tl.dot(tl.trans(low), k) * scale
        earlier = (m >= 0) & (first > 0)
        sums = tl.dot(of_line, low)
        sums += tl.load(sums_at + m[None, :], mask=is_column & earlier[None, :], other=0.0)
        tl.store(sums_at + m[None, :], sums, mask=is_row | is_column)
        dq_at = d_qkv_ptr + token[:, None] * (3 * H * D) + d[None, :]
        dq += tl.load(dq_at, mask=(inside & earlier)[:, None], other=0.0).to(tl.float32)
        tl.store(dq_at, dq.to(d_qkv_ptr.dtype.element_ty), mask=inside[:, None])

    dk *= scale
    dk_at = d_qkv_ptr + H * D + key[:, None] * (3 * H * D) + d[None, :]
    tl.store(dk_at, dk.to(d_qkv_ptr.dtype.element_ty), mask=known[:, None])
    tl.store(dk_at + H * D, dv.to(d_qkv_ptr.dtype.element_ty), mask=known[:, None])
    # what the bias gets as key and value of the padding; places outside of the window have none
    for_k = d_bias_ptr + program // H * (2 * H * D) + head * D + d
    for_v = for_k + H * D
    before = (d >= 0) & (first > 0)
    padding_dk = tl.sum(tl.where(known[:, None], 0.0, dk), 0)
    padding_dv = tl.sum(tl.where(known[:, None], 0.0, dv), 0)
    tl.store(for_k, padding_dk + tl.load(for_k, mask=before, other=0.0))
    tl.store(for_v, padding_dv + tl.load(for_v, mask=before, other=0.0))


@triton.jit
def _queries_kernel(
    qkv_ptr, rel_h_ptr, rel_w_ptr, d_terms_ptr, d_qkv_ptr, d_tables_ptr,
    H: tl.constexpr, GH: tl.constexpr, GW: tl.constexpr, W: tl.constexpr, WIDE: tl.constexpr,
    D: tl.constexpr, BLOCK_M: tl.constexpr,
):  # fmt: skip
    """What d terms add to dq, and the gradients of the tables."""
    T: tl.constexpr = 2 * WIDE
    N: tl.constexpr = WIDE * WIDE
    COLUMNS: tl.constexpr = (GW + W - 1) // W
    ROWS: tl.constexpr = (GH + W - 1) // W
    program = tl.program_id(0).to(tl.int64)
    head = program % H
    window = (program // H % (ROWS * COLUMNS)).to(tl.int32)
    here = program // (H * ROWS * COLUMNS) * (GH * GW * 3 * H * D) + head * D
    qkv_ptr += here
    d_qkv_ptr += here
    d_terms_ptr += program * 2 * WIDE * N
    d = tl.arange(0, D)
    tables = _load_tables(rel_h_ptr, rel_w_ptr, W, T, D).to(qkv_ptr.dtype.element_ty)
    entry = tl.arange(0, 2 * T)[None, :]

    d_tables = tl.zeros([2 * T, D], tl.float32)
    real_rows = tl.minimum(W, GH - window // COLUMNS * W)
    for start in tl.range(0, real_rows * WIDE, BLOCK_M):
        m = start + tl.arange(0, BLOCK_M)
        token, inside = _place(m, window, GH, GW, W, WIDE)
        q = _load(qkv_ptr, token, inside, 3 * H * D, D)
        # the inverse of `_logits`: an entry belongs to one key row or column of each query
        row = (m // WIDE)[:, None] + (W - 1) - entry
        column = (m % WIDE)[:, None] + (W - 1) - (entry - T)
        other = tl.where(entry < T, row, column)
        at = d_terms_ptr + (tl.where(entry < T, 0, WIDE) + other) * N + m[:, None]
        written = inside[:, None] & (other >= 0) & (other < W)
        d_terms = tl.load(at, mask=written, other=0.0).to(q.dtype)
        dq_at = d_qkv_ptr + token[:, None] * (3 * H * D) + d[None, :]
        dq = tl.load(dq_at, mask=inside[:, None], other=0.0).to(tl.float32)
        dq = tl.dot(d_terms, tables, dq)
        tl.store(dq_at, dq.to(d_qkv_ptr.dtype.element_ty), mask=inside[:, None])
        d_tables = tl.dot(tl.trans(d_terms), q, d_tables)

    tables_at = (program * 2 * T + tl.arange(0, 2 * T))[:, None] * D + d[None, :]
    tl.store(d_tables_ptr + tables_at, d_tables)


def _sizes(qkv: Tensor, heads: int, window: int) -> tuple[int, dict[str, int]]:
    """The number of programs, and the constants of the kernels."""
    batch, gh, gw, width = qkv.shape
    wide = max(WIDEST, triton.next_power_of_2(window))  # 16 is the least that a product takes
    sizes = {"H": heads, "GH": gh, "GW": gw, "W": window, "WIDE": wide, "D": width // 3 // heads}
    return batch * -(-gh // window) * -(-gw // window) * heads, sizes


def _empty_results(qkv: Tensor, heads: int, window: int) -> tuple[Tensor, Tensor, Tensor]:
    """For the output, the logarithms of the sums, and the relative terms of every query."""
    batch, gh, gw, width = qkv.shape
    programs, sizes = _sizes(qkv, heads, window)
    wide = sizes["WIDE"]
    out = qkv.new_empty(batch, gh, gw, width // 3)
    # defined where the kernel writes nothing: rows beyond the grid
    lse = qkv.new_full((programs, wide**2), float("inf"), dtype=torch.float32)
    return out, lse, lse.new_zeros(programs, 2, wide, wide**2)


@torch.library.custom_op(f"{OPERATORS}::window_attention", mutates_args=())
def attend_windows(
    qkv: Tensor, bias: Tensor, rel_pos_h: Tensor, rel_pos_w: Tensor, heads: int, window: int
) -> tuple[Tensor, Tensor, Tensor]:
    """Attention inside windows [B, gh, gw, C], and two tensors for the backward pass.

    `qkv` [B, gh, gw, 3C] are queries, keys and values, `bias` [3C] those of the padding; the tables
    are [2 * window - 1, d] with d = C / heads, a power of two.
    """
    out, lse, terms = _empty_results(qkv, heads, window)
    programs, sizes = _sizes(qkv, heads, window)
    scale2 = sizes["D"] ** -0.5 * math.log2(math.e)
    with torch.cuda.device(device_index(qkv.device)):
        _forward_kernel[(programs,)](
            qkv.contiguous(), bias.contiguous(), rel_pos_h.contiguous(), rel_pos_w.contiguous(),
            out, lse, terms, scale2, **sizes, **FORWARD,
        )  # fmt: skip
    return out, lse, terms


@torch.library.custom_op(f"{OPERATORS}::window_attention_backward", mutates_args=())
def attend_windows_backward(
    grad: Tensor, qkv: Tensor, bias: Tensor, rel_pos_h: Tensor, rel_pos_w: Tensor, out: Tensor,
    lse: Tensor, terms: Tensor, heads: int, window: int,
) -> tuple[Tensor, Tensor, Tensor]:  # fmt: skip
    """Gradients of `qkv`, of the padding's keys and values [2C], and of both tables.

    All but the first are in float32; the tables lie as the kernel loads them, see `_load_tables`.
    """
    programs, sizes = _sizes(qkv, heads, window)
    d, wide = sizes["D"], sizes["WIDE"]
    d_qkv = torch.empty_like(qkv, memory_format=torch.contiguous_format)
    d_bias = lse.new_empty(programs // heads, len(bias) // 3 * 2)
    d_tables = lse.new_empty(programs, 4 * wide, d)
    d_terms = torch.empty_like(terms)
    qkv, bias, grad = qkv.contiguous(), bias.contiguous(), grad.contiguous()
    with torch.cuda.device(device_index(qkv.device)):
        for first in range(0, window, KEYS["KEY_ROWS"]):
            _keys_kernel[(programs,)](
                qkv, bias, out, lse, terms, grad, d_qkv, d_bias, d_terms,
                d**-0.5 * math.log2(math.e), d**-0.5, first, **sizes, **KEYS,
            )  # fmt: skip
        _queries_kernel[(programs,)](
            qkv, rel_pos_h.contiguous(), rel_pos_w.contiguous(), d_terms, d_qkv, d_tables,
            **sizes, **QUERIES,
        )  # fmt: skip
    return d_qkv, d_bias.sum(0), d_tables.sum(0)


@attend_windows.register_fake
def _(qkv: Tensor, *others: Any) -> tuple[Tensor, ...]:
    return _empty_results(qkv, *others[-2:])


@attend_windows_backward.register_fake
def _(
    grad: Tensor, qkv: Tensor, bias: Tensor, rel_pos_h: Tensor, rel_pos_w: Tensor, out: Tensor,
    lse: Tensor, terms: Tensor, heads: int, window: int,
) -> tuple[Tensor, ...]:  # fmt: skip
    _, sizes = _sizes(qkv, heads, window)
    d_qkv = torch.empty_like(qkv, memory_format=torch.contiguous_format)
    return d_qkv, lse.new_empty(len(bias) // 3 * 2), lse.new_empty(4 * sizes["WIDE"], sizes["D"])


def _save(ctx: Any, inputs: tuple[Any, ...], output: tuple[Tensor, ...]) -> None:
    *tensors, ctx.heads, ctx.window = inputs
    ctx.save_for_backward(*tensors, *output)


def _gradients(ctx: Any, grad: Tensor, *_: Tensor | None) -> tuple[Tensor | None, ...]:
    _, bias, rel_pos_h, rel_pos_w, *_ = ctx.saved_tensors
    sizes = ctx.heads, ctx.window
    d_qkv, d_padding, d_tables = attend_windows_backward(grad, *ctx.saved_tensors, *sizes)
    d_bias = F.pad(d_padding, (len(bias) - len(d_padding), 0))  # queries of the padding: none
    by_row, by_column = (part[: len(rel_pos_h)] for part in d_tables.chunk(2))
    d_rel_h, d_rel_w = by_row.to(rel_pos_h.dtype), by_column.to(rel_pos_w.dtype)
    return d_qkv, d_bias.to(bias.dtype), d_rel_h, d_rel_w, None, None


attend_windows.register_autograd(_gradients, setup_context=_save)
