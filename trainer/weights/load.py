"""Putting tensors into a model and saying exactly which of its tensors are new.

Loading towers in the constructor of a model whose language weights are then read by
`from_pretrained` re-initialises them without a word: what kept the published trainer from starting
at SAM. Here a model is built first, filled part by part afterwards, and every part reports.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatch

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from trainer.errors import WeightsError

COMPRESSOR = ("net_2.weight", "net_3.weight")
POSITION_OFFSET = 2
"""OPT's position table begins with two rows that no position uses."""


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What one part of the model was filled from; `new` names are freshly initialised."""

    part: str
    source: str
    loaded: int
    new: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def __str__(self) -> str:
        new = f"; new: {', '.join(_shorten(self.new))}" if self.new else ""
        notes = "".join(f"; {note}" for note in self.notes)
        return f"{self.part}: {self.loaded} tensors from {self.source}{new}{notes}"


def load_part(
    module: nn.Module,
    tensors: Mapping[str, Tensor],
    part: str,
    source: str,
    may_be_new: Iterable[str] = (),
    notes: tuple[str, ...] = (),
) -> LoadReport:
    """Copy `tensors` into `module`.

    Raises `WeightsError` where a shape differs, where nothing fits, or where a tensor is missing
    that matches none of the patterns in `may_be_new`.
    """
    own = module.state_dict()
    for name, value in tensors.items():
        if name in own and own[name].shape != value.shape:
            raise WeightsError(
                f"{source}: {part}.{name} is {list(value.shape)}, the model has "
                f"{list(own[name].shape)}",
                "the checkpoint belongs to a model of another shape",
            )
    fitting = {name: value for name, value in tensors.items() if name in own}
    if not fitting:
        raise WeightsError(f"{source} has no tensors for {part}", "is it the right checkpoint?")
    new = tuple(name for name in own if name not in fitting)
    lost = [n for n in new if not any(fnmatch(n, pattern) for pattern in may_be_new)]
    if lost:
        raise WeightsError(
            f"{source} lacks {len(lost)} tensors of {part}: {', '.join(_shorten(tuple(lost)))}"
        )
    module.load_state_dict(fitting, strict=False)
    return LoadReport(part, source, len(fitting), new, notes)


def interpolate_positions(table: Tensor, rows: int) -> Tensor:
    """OPT's learned positions stretched linearly to a longer table [rows, D].

    The first two rows are no positions and stay. The first and last position keep their vectors.
    """
    if table.shape[0] == rows:
        return table
    head, positions = table[:POSITION_OFFSET], table[POSITION_OFFSET:]
    stretched = F.interpolate(
        positions.float().T[None], size=rows - POSITION_OFFSET, mode="linear", align_corners=True
    )[0].T
    return torch.cat([head, stretched.to(table.dtype)])


def grow_rows(matrix: Tensor, rows: int) -> Tensor:
    """An embedding matrix with more rows, the new ones at the mean of the old.

    Raises `WeightsError` where rows would have to be thrown away.
    """
    if matrix.shape[0] > rows:
        raise WeightsError(
            f"the checkpoint has {matrix.shape[0]} embeddings, the model {rows}",
            "a vocabulary is never shrunk",
        )
    mean = matrix.float().mean(0, keepdim=True).to(matrix.dtype)
    return torch.cat([matrix, mean.expand(rows - matrix.shape[0], -1)])


def _shorten(names: tuple[str, ...], most: int = 6) -> list[str]:
    return [*names[:most], f"and {len(names) - most} more"] if len(names) > most else list(names)
