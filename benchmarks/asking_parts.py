"""What asking a Vary-tiny of full size consists of: towers, steps, and attention of one layer.

    python benchmarks/asking_parts.py kernel  [--slots 256]
    python benchmarks/asking_parts.py profile [--slots 256] [--out FILE]

Weights are random. `kernel` times attention with several shapes of its kernel (needs a GPU);
`profile` times encoding and steps apart from each other and writes tables of their operations.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.asking import NEVER, build, pictures, prompt_of, synchronize
from trainer.generation.prompts import encode
from trainer.generation.slots import Slots

SHAPES = (
    (64, 1, 4), (64, 2, 4), (64, 3, 4), (64, 1, 2), (64, 3, 2), (32, 1, 2), (32, 3, 2), (32, 4, 1),
    (32, 1, 1), (16, 4, 1), (128, 1, 4), (128, 2, 4), (128, 1, 8), (128, 2, 8), (256, 1, 8),
)  # fmt: skip


def kernel(arguments: argparse.Namespace, device: torch.device) -> Iterator[str]:
    """Microseconds of attention in one layer, for shapes of its kernel."""
    from trainer.generation import slot_kernel

    for count in arguments.slots:
        caches = torch.randn(12, 2, count, 12, 1300, 64, device=device, dtype=torch.bfloat16)
        new = torch.randn(3, count, 12, 1, 64, device=device, dtype=torch.bfloat16)
        for shape in SHAPES:
            slot_kernel.BLOCK, slot_kernel.STAGES, slot_kernel.WARPS = shape
            times = {n: layer_time(caches, new, n) for n in (260, 750, 1250)}
            yield f"{count} slots, block, stages, warps {shape}: " + ", ".join(
                f"{n}: {t:.0f} us ({count * n * 3072 / t / 1e6:.2f} TB/s)" for n, t in times.items()
            )


def layer_time(caches: Tensor, new: Tensor, length: int) -> float:
    """Microseconds of a layer's attention at one length of all slots."""
    from trainer.generation.slot_kernel import kernel_attention

    held = torch.full((new.shape[1],), length, device=new.device)
    events: Any = torch.cuda.Event
    start, end = events(enable_timing=True), events(enable_timing=True)
    for repeat in range(6):
        if repeat == 1:
            start.record()
        for keys, values in caches:
            kernel_attention(new[0], new[1], new[2], keys, values, held, 0.125)
    end.record()
    torch.cuda.synchronize()
    return float(start.elapsed_time(end)) / (5 * len(caches)) * 1e3


def profile(arguments: argparse.Namespace, device: torch.device) -> Iterator[str]:
    """Times encoding and steps apart from each other, and what they consist of."""
    model = build(getattr(torch, arguments.dtype), device)
    make = prompt_of(model)
    tables = []

    def timed(name: str, work: Callable[[], object], repeats: int) -> Iterator[str]:
        work()
        synchronize(device)
        began = time.perf_counter()
        for _ in range(repeats):
            work()
        host = time.perf_counter() - began
        synchronize(device)
        seconds = (time.perf_counter() - began) / repeats
        yield f"{name}: {seconds * 1e3:.3f} ms (host {host / repeats * 1e3:.3f} ms)"
        with torch.profiler.profile() as recorded:
            work()
            synchronize(device)
        averages = recorded.key_averages()
        sort = "self_device_time_total" if device.type == "cuda" else "self_cpu_time_total"
        table = averages.table(sort_by=sort, row_limit=40, max_name_column_width=90)
        tables.append(f"{name}\n{table}\n")

    stream: Any = torch.cuda.Stream(device) if device.type == "cuda" else None  # type: ignore[no-untyped-call]
    with torch.cuda.stream(stream) if stream else torch.inference_mode():
        for group in (16, 32):
            prompts = [make(page) for page in pictures(group)]
            yield from timed(f"{group} pictures and prompts", partial(encode, model, prompts), 5)
        ready = encode(model, prompts[:1])[0]
        for count in arguments.slots:
            for length in (ready.length, 750, 1250):
                some = Slots(model, count, 1500, NEVER)
                with torch.inference_mode():
                    for slot in range(count):
                        some.put(slot, ready.states, ready.length, ready.first, 1000)
                    some._length.fill_(length)
                    yield from timed(
                        f"{count} slots at length {length}, 8 steps", partial(some.advance, 8), 4
                    )
                del some
    arguments.out.write_text("\n".join(tables), encoding="utf-8")
    yield f"tables in {arguments.out}"


TASKS = {task.__name__: task for task in (kernel, profile)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("task", choices=TASKS)
    parser.add_argument("--dtype", default="bfloat16", choices=("bfloat16", "float32"))
    parser.add_argument("--slots", type=int, nargs="+", default=[256])
    parser.add_argument("--out", type=Path, default=Path("asking-parts.txt"))
    arguments = parser.parse_args()
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    for line in TASKS[arguments.task](arguments, device):
        print(line, flush=True)


if __name__ == "__main__":
    main()
