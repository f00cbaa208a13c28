"""Batches: one padded row per sample, or all samples packed into one row."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import torch
from torch import Tensor

from trainer.data.samples import RejectedRow, TrainingSample
from trainer.model.loss import IGNORE

PADDED, PACKED = "padded", "packed"


@dataclass(frozen=True, slots=True)
class Batch:
    """The input of one forward pass.

    `input_ids` and `labels` are [B, T]; packed, B is 1 and `segment_lengths` has the length of
    each sample. `images` are uint8 [H, W, 3] in the order of the image tokens, or one tensor of
    them if all have one size. `sample_of` [B, T] is the index of each position's sample, -1 for
    padding.
    """

    input_ids: Tensor
    labels: Tensor
    images: Sequence[Tensor] | Tensor
    kinds: list[str]
    sample_of: Tensor
    segment_lengths: list[int] | None = None
    skipped: list[RejectedRow] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    cut: int = 0
    characters: Tensor | None = None
    """[B, S/16 * rows, S/16 * columns] code points of the characters at rows x columns places of
    each cell of 16 pixels, if they are known."""

    @property
    def tokens(self) -> int:
        """Tokens that are not padding."""
        return int((self.sample_of >= 0).sum())

    @property
    def targets(self) -> int:
        """Positions with a label, which the loss is a mean over."""
        return int((self.labels != IGNORE).sum())

    def pin_memory(self) -> Batch:
        """A copy in page-locked memory; data loaders call it by this name."""
        return replace(
            self,
            input_ids=self.input_ids.pin_memory(),
            labels=self.labels.pin_memory(),
            sample_of=self.sample_of.pin_memory(),
            images=_map_images(self.images, Tensor.pin_memory),
            characters=None if self.characters is None else self.characters.pin_memory(),
        )

    def to(self, device: torch.device) -> Batch:
        """The batch with its pictures and characters on a device.

        Tokens stay on the CPU: the model finds image tokens and targets there without waiting for
        the device, and moves what it needs.
        """

        def move(tensor: Tensor) -> Tensor:
            return tensor.to(device, non_blocking=True)

        return replace(
            self,
            images=_map_images(self.images, move),
            characters=None if self.characters is None else move(self.characters),
        )


def _map_images(
    images: Sequence[Tensor] | Tensor, change: Callable[[Tensor], Tensor]
) -> Sequence[Tensor] | Tensor:
    return change(images) if isinstance(images, Tensor) else [change(image) for image in images]


@dataclass(frozen=True, slots=True)
class Collate:
    """Makes a `Batch` of samples; `blank` is added to a batch without a picture or a sample.

    The blank sample has no targets. It keeps every parameter in every backward pass, which
    distributed training requires. With `fill`, it replaces every rejected row, after the other
    samples: batches of one size are compiled once. Padding ends at `longest` tokens, where the
    positions of a model end.
    """

    blank: TrainingSample
    sequences: str
    pad_id: int
    pad_to_multiple: int = 1
    fill: bool = False
    longest: int | None = None

    def __call__(self, items: Sequence[TrainingSample | RejectedRow]) -> Batch:
        samples = [item for item in items if isinstance(item, TrainingSample)]
        skipped = [item for item in items if isinstance(item, RejectedRow)]
        cut = sum(sample.cut for sample in samples)
        kinds = [sample.kind for sample in samples]
        numbers = [sample.n for sample in samples]
        if self.fill:
            samples += [self.blank] * len(skipped)
        elif not any(sample.image is not None for sample in samples):
            samples.append(self.blank)
        images = [sample.image for sample in samples if sample.image is not None]
        rows = _packed_rows(samples) if self.sequences == PACKED else _padded_rows(samples)
        width = self._width(max(len(ids) for ids, _, _ in rows))
        batch = Batch(
            input_ids=_stack([ids for ids, _, _ in rows], width, self.pad_id),
            labels=_stack([labels for _, labels, _ in rows], width, IGNORE),
            sample_of=_stack([owners for _, _, owners in rows], width, -1),
            images=images,
            kinds=kinds,
            skipped=skipped,
            numbers=numbers,
            cut=cut,
        )
        if self.sequences != PACKED:
            return batch
        lengths = [len(sample.ids) for sample in samples]
        padding = width - sum(lengths)
        return replace(batch, segment_lengths=lengths + [padding] * (padding > 0))

    def _width(self, tokens: int) -> int:
        """The length of padded rows, the longest of which has `tokens`."""
        width = tokens + -tokens % self.pad_to_multiple  # round up
        if self.sequences == PACKED or self.longest is None:
            return width
        return max(tokens, min(width, self.longest))


TokenRow = tuple[list[int], list[int], list[int]]
"""Token ids, labels, and the index of each token's sample."""


def _padded_rows(samples: Sequence[TrainingSample]) -> list[TokenRow]:
    return [(s.ids, s.labels, [i] * len(s.ids)) for i, s in enumerate(samples)]


def _packed_rows(samples: Sequence[TrainingSample]) -> list[TokenRow]:
    """One row of all samples; the first label of each sample is ignored.

    The token before it belongs to another sample and must not predict it.
    """
    ids = [token for s in samples for token in s.ids]
    labels = [label for s in samples for label in (IGNORE, *s.labels[1:])]
    owners = [i for i, s in enumerate(samples) for _ in s.ids]
    return [(ids, labels, owners)]


def _stack(rows: Sequence[list[int]], width: int, fill: int) -> Tensor:
    return torch.tensor([row + [fill] * (width - len(row)) for row in rows])
