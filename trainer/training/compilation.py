"""`torch.compile` block by block: a tower's blocks are alike, so a few graphs serve all of them."""

from __future__ import annotations

from collections.abc import Iterable

import torch._dynamo
from torch import nn

GRAPHS = 64
"""Graphs of one function that are kept: windowed and global blocks, each picture size, with and
without gradients; past the stock limit of 8, blocks would quietly run uncompiled."""


def compile_blocks(blocks: Iterable[nn.Module], dynamic: bool | None = None) -> None:
    """Compile each block in place; `dynamic` as in `torch.compile`."""
    torch._dynamo.config.recompile_limit = max(GRAPHS, torch._dynamo.config.recompile_limit)
    for block in blocks:
        block.compile(dynamic=dynamic)
