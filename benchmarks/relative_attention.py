"""Our attention kernel with relative positions against stock kernels: errors and times.

    python benchmarks/relative_attention.py [--tune]

Checks outputs and gradients of both in bf16 against float64 (ours may have twice the error of the
stock path), then times the kernels alone, the attention with the products around it, and a whole
compiled block of the tower. `--tune` first times tile sizes and goes on with the fastest; those
that `trainer/model/relative_kernel.py` uses stay as they are. Needs a CUDA GPU and Triton.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import torch
from torch import Tensor
from triton.runtime.errors import OutOfResources
from triton.testing import do_bench

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from trainer.model import attention, relative_kernel
from trainer.model.configuration import VaryVisionConfig
from trainer.model.vision import VaryVisionBlock

HEADS, HEAD_DIM = 12, 64
NAMES = ("out", "dq", "dk", "dv", "d rel_pos_h", "d rel_pos_w")
PATHS = ("stock", "kernel")

CANDIDATES: dict[str, list[tuple[int, ...]]] = {  # BLOCK_M, num_warps, num_stages[, KEY_ROWS]
    "forward": [(128, 8, 3), (128, 8, 2), (128, 4, 3), (128, 4, 4), (64, 4, 3), (64, 4, 4),
                (256, 8, 2)],
    "queries": [(128, 8, 2), (128, 8, 3), (64, 4, 2), (64, 4, 3), (64, 4, 4)],
    "keys": [(64, 8, 2, 2), (64, 8, 3, 2), (64, 8, 1, 2), (32, 8, 2, 2), (32, 8, 3, 2),
             (32, 4, 2, 2), (64, 4, 2, 1), (64, 4, 3, 1), (32, 4, 2, 1), (32, 4, 3, 1)],
}  # fmt: skip


def operands(batch: int, side: int) -> list[Tensor]:
    """q, k, v as views of one packed product, and two tables, in bf16."""
    generator = torch.Generator("cuda").manual_seed(0)
    shape = (batch, side * side, 3, HEADS, HEAD_DIM)
    packed = torch.randn(shape, generator=generator, device="cuda", dtype=torch.bfloat16)
    packed.requires_grad_()
    tables = [
        (torch.randn(2 * side - 1, HEAD_DIM, generator=generator, device="cuda") / 4)
        .bfloat16()
        .requires_grad_()
        for _ in range(2)
    ]
    return [packed, *tables]


def attend(inputs: list[Tensor], side: int, path: str) -> Tensor:
    packed, rel_h, rel_w = inputs
    q, k, v = packed.permute(2, 0, 3, 1, 4).unbind(0)
    if path == "kernel":
        rows = attention.relative_table(rel_h, side)
        return relative_kernel.kernel_attention(
            q, k, v, rows, attention.relative_table(rel_w, side)
        )
    attention.USE_KERNEL = False
    return attention.relative_attention(q, k, v, rel_h, rel_w, (side, side))


def with_gradients(inputs: list[Tensor], side: int, path: str, weight: Tensor) -> list[Tensor]:
    out = attend(inputs, side, path)
    d_packed, *d_tables = torch.autograd.grad(out, inputs, weight)
    return [out.detach(), *d_packed.permute(2, 0, 3, 1, 4).unbind(0), *d_tables]


def exact(inputs: list[Tensor], side: int, weight: Tensor) -> list[Tensor]:
    """The formula in float64, one head of one picture at a time, for its N x N matrices."""
    packed, *tables = (x.detach().double() for x in inputs)
    q, k, v = packed.permute(2, 0, 3, 1, 4).unbind(0)
    results = [torch.empty_like(q) for _ in range(4)] + [torch.zeros_like(t) for t in tables]
    for at in ((b, h) for b in range(q.shape[0]) for h in range(HEADS)):
        leaves = [x.clone().requires_grad_() for x in (q[at], k[at], v[at], *tables)]
        one_q, one_k, one_v, rel_h, rel_w = leaves
        grid = one_q.view(side, side, HEAD_DIM)
        by_row = torch.einsum("hwd,hkd->hwk", grid, attention.relative_table(rel_h, side))
        by_column = torch.einsum("hwd,wkd->hwk", grid, attention.relative_table(rel_w, side))
        logits = (one_q @ one_k.T * HEAD_DIM**-0.5).view(side, side, side, side)
        logits = logits + by_row[..., :, None] + by_column[..., None, :]
        out = logits.view(side**2, side**2).softmax(-1) @ one_v
        gradients = torch.autograd.grad(out, leaves, weight[at].double())
        for whole, part in zip(results[:4], [out.detach(), *gradients[:3]], strict=True):
            whole[at] = part
        for whole, part in zip(results[4:], gradients[3:], strict=True):
            whole += part
    return results


def error(a: Tensor, b: Tensor) -> float:
    return float((a.double() - b).norm() / b.norm())


def check(batch: int, side: int) -> bool:
    inputs = operands(batch, side)
    weight = torch.randn_like(attend(inputs, side, "stock"))
    truth = exact(inputs, side, weight)
    found = {path: with_gradients(inputs, side, path, weight) for path in PATHS}
    again = with_gradients(inputs, side, "kernel", weight)
    fine = all(torch.equal(a, b) for a, b in zip(found["kernel"], again, strict=True))
    print(f"relative errors, grid {side}, batch {batch}; repeats bit by bit: {fine}")
    for i, name in enumerate(NAMES):
        stock, ours = (error(found[path][i], truth[i]) for path in PATHS)
        fine &= ours <= 2 * stock  # false for NaN as well
        print(f"  {name:<12} stock {stock:.2e}  kernel {ours:.2e}")
    return fine


def milliseconds(step: Callable[[], object]) -> float:
    return float(do_bench(step, warmup=20, rep=100, return_mode="median"))


def kernel_steps(batch: int, side: int) -> tuple[Callable[[], object], Callable[[], object], float]:
    """The two operators without what surrounds them, and the FLOPs of a forward pass."""
    packed = operands(batch, side)[0].detach()
    q, k, v = packed.permute(2, 0, 3, 1, 4).unbind(0)
    biases = torch.randn(2, batch, HEADS, side, side, side, device="cuda", dtype=torch.bfloat16)
    # the layout that kernel_attention's product has
    rel_h = biases[0].permute(2, 4, 0, 1, 3).contiguous().permute(2, 3, 0, 4, 1)
    inputs = (q, k, v, rel_h, biases[1])
    out, lse = relative_kernel.attend(*inputs)
    grad = torch.randn_like(out)
    flops = 4 * batch * HEADS * side**4 * HEAD_DIM
    return (
        lambda: relative_kernel.attend(*inputs),
        lambda: relative_kernel.attend_backward(grad, *inputs, out, lse),
        flops,
    )


def tune(batch: int, side: int) -> None:
    forward, backward, _ = kernel_steps(batch, side)
    for name, candidates in CANDIDATES.items():
        step = forward if name == "forward" else backward
        best = (float("inf"), relative_kernel.LAUNCHES[name])
        for block, warps, stages, *rows in candidates:
            launch = {"BLOCK_M": block, "num_warps": warps, "num_stages": stages}
            if rows:
                launch["KEY_ROWS"] = rows[0]
            relative_kernel.LAUNCHES[name] = launch
            try:
                time = milliseconds(step)
            except OutOfResources as reason:
                print(f"  {name:<8} {launch}: {reason}")
                continue
            print(f"  {name:<8} {launch}: {time:.3f} ms", flush=True)
            best = min(best, (time, launch), key=lambda pair: pair[0])
        relative_kernel.LAUNCHES[name] = best[1]
        print(f"  {name:<8} fastest: {best[1]}")


def compare(name: str, times: dict[str, float], flops: float) -> None:
    rates = "  ".join(
        f"{path} {time:.2f} ms ({flops / time / 1e9:.0f} TFLOP/s)" for path, time in times.items()
    )
    print(f"{name:<44} {rates}  ratio {times['kernel'] / times['stock']:.2f}", flush=True)


def time_attention(batch: int, side: int) -> None:
    forward, backward, flops = kernel_steps(batch, side)
    a, b = milliseconds(forward), milliseconds(backward)
    rates = f"{flops / a / 1e9:.0f} and {2.5 * flops / b / 1e9:.0f} TFLOP/s"
    shape = f"grid {side}, batch {batch}"
    print(f"{shape}: kernels alone: forward {a:.2f} ms, backward {b:.2f} ms, {rates}")
    inputs = operands(batch, side)
    weight = torch.randn_like(attend(inputs, side, "stock"))
    forwards = {p: milliseconds(partial(attend, inputs, side, p)) for p in PATHS}
    compare(f"{shape}: forward, tables to out", forwards, flops)
    both = {p: milliseconds(partial(with_gradients, inputs, side, p, weight)) for p in PATHS}
    compare(f"{shape}: forward and backward", both, 3.5 * flops)


def time_block(batch: int, side: int) -> None:
    """A compiled block of the tower with global attention, under autocast, as in training."""
    torch.manual_seed(0)
    config = VaryVisionConfig(image_size=16 * side)
    block = VaryVisionBlock(config, window=0).cuda().train()
    x = torch.randn(batch, side, side, config.hidden_size, device="cuda", requires_grad=True)
    trained = [x, *block.parameters()]
    times = {}
    for path in PATHS:
        attention.USE_KERNEL = path == "kernel"
        torch.compiler.reset()
        compiled = torch.compile(block, dynamic=False, fullgraph=True)

        def step(compiled: Callable[[Tensor], Tensor] = compiled) -> None:
            with torch.autocast("cuda", torch.bfloat16):
                out = compiled(x)
            torch.autograd.grad(out, trained, out)

        torch.cuda.reset_peak_memory_stats()
        times[path] = milliseconds(step)
        print(f"  {path}: peak {torch.cuda.max_memory_allocated() / 2**30:.1f} GiB")
    tokens, width = batch * side**2, config.hidden_size
    linears = 2 * tokens * width * (4 * width + 2 * config.mlp_dim)
    flops = 3 * linears + 3.5 * 4 * batch * HEADS * side**4 * HEAD_DIM
    compare(f"grid {side}, batch {batch}: compiled block, both ways", times, flops)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tune", action="store_true", help="time tile sizes first")
    arguments = parser.parse_args()
    torch.set_float32_matmul_precision("high")
    print(torch.cuda.get_device_name(), "torch", torch.__version__)
    if arguments.tune:
        tune(16, 64)
    fine = [check(2, side) for side in (64, 28, 14)]
    print("OK" if all(fine) else "FAILED", flush=True)
    time_attention(16, 64)
    time_attention(64, 28)
    time_block(16, 64)
    sys.exit(not all(fine))


if __name__ == "__main__":
    main()
