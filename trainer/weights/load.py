"""Copies tensors into a model and reports exactly which of its tensors are new.

Loading towers in the constructor of a model whose language weights are then read by
`from_pretrained` silently initializes the towers again, which kept the published trainer from
starting at SAM. Here a model is built first and then filled part by part, with a report for each.
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
"""The first two rows of OPT's position table are not used by any position."""


@dataclass(frozen=True, slots=True)
class LoadReport:
    """The source of one part's tensors; those in `new` have random weights."""

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

    Raises:
        WeightsError: a shape differs, no tensor has a name of the module, or a tensor is missing
            that does not match a pattern in `may_be_new`.
    """
    state = module.state_dict()
    for name, value in tensors.items():
        if name in state and state[name].shape != value.shape:
            raise WeightsError(
                f"{source}: {part}.{name} is {list(value.shape)}, the model has "
                f"{list(state[name].shape)}",
                "the checkpoint belongs to a model of another shape",
            )
    matching = {name: value for name, value in tensors.items() if name in state}
    if not matching:
        raise WeightsError(f"{source} has no tensors for {part}", "is it the right checkpoint?")
    new = tuple(name for name in state if name not in matching)
    missing = [n for n in new if not any(fnmatch(n, pattern) for pattern in may_be_new)]
    if missing:
        raise WeightsError(
            f"{source} lacks {len(missing)} tensors of {part}: "
            f"{', '.join(_shorten(tuple(missing)))}"
        )
    module.load_state_dict(matching, strict=False)
    return LoadReport(part, source, len(matching), new, notes)


def resize_positions(table: Tensor, rows: int) -> Tensor:
    """OPT's learned positions, cut or interpolated linearly to a table [rows, D].

    The first two rows are not positions and are copied. In a shorter table all positions keep
    their vectors, in a longer one the first and the last.
    """
    if table.shape[0] >= rows:
        return table[:rows]
    head, positions = table[:POSITION_OFFSET], table[POSITION_OFFSET:]
    interpolated = F.interpolate(
        positions.float().T[None], size=rows - POSITION_OFFSET, mode="linear", align_corners=True
    )[0].T
    return torch.cat([head, interpolated.to(table.dtype)])


def grow_rows(matrix: Tensor, rows: int) -> Tensor:
    """An embedding matrix with more rows; the new ones are the mean of the others.

    Raises:
        WeightsError: the matrix has more than `rows` rows.
    """
    if matrix.shape[0] > rows:
        raise WeightsError(
            f"the checkpoint has {matrix.shape[0]} embeddings, the model {rows}",
            "embeddings are never dropped",
        )
    mean = matrix.float().mean(0, keepdim=True).to(matrix.dtype)
    return torch.cat([matrix, mean.expand(rows - matrix.shape[0], -1)])


def _shorten(names: tuple[str, ...], most: int = 6) -> list[str]:
    return [*names[:most], f"and {len(names) - most} more"] if len(names) > most else list(names)
