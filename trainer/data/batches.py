"""Batches: samples side by side with padding, or end to end in one row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import torch
from torch import Tensor

from trainer.data.samples import Sample, Skipped
from trainer.model.loss import IGNORE

PADDED, PACKED = "padded", "packed"


@dataclass(frozen=True, slots=True)
class Batch:
    """What one forward pass works on.

    `input_ids` and `labels` are [B, T]; packed, B is 1 and `segment_lengths` says where samples
    end. `images` are uint8 [H, W, 3] in the order of the image tokens, or one tensor of them
    where all have one size. `sample_of` [B*T] says which sample a position belongs to (padding:
    its row's).
    """

    input_ids: Tensor
    labels: Tensor
    images: Sequence[Tensor] | Tensor
    kinds: list[str]
    sample_of: Tensor
    segment_lengths: list[int] | None = None
    skipped: list[Skipped] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    cut: int = 0
    characters: Tensor | None = None
    """[B, S/16 * rows, S/16 * columns] code points of the characters at rows x columns places of
    the pictures' cells, if they are known."""

    @property
    def tokens(self) -> int:
        """Tokens that are not padding."""
        return int((self.sample_of >= 0).sum())

    @property
    def targets(self) -> int:
        return int((self.labels != IGNORE).sum())

    def kind_counts(self) -> Counter[str]:
        return Counter(self.kinds)

    def pin_memory(self) -> Batch:
        return replace(
            self,
            input_ids=self.input_ids.pin_memory(),
            labels=self.labels.pin_memory(),
            sample_of=self.sample_of.pin_memory(),
            images=_each(self.images, Tensor.pin_memory),
            characters=None if self.characters is None else self.characters.pin_memory(),
        )

    def to(self, device: torch.device) -> Batch:
        def move(tensor: Tensor) -> Tensor:
            return tensor.to(device, non_blocking=True)

        return replace(
            self,
            input_ids=move(self.input_ids),
            labels=move(self.labels),
            sample_of=move(self.sample_of),
            images=_each(self.images, move),
            characters=None if self.characters is None else move(self.characters),
        )


def _each(
    images: Sequence[Tensor] | Tensor, change: Callable[[Tensor], Tensor]
) -> Sequence[Tensor] | Tensor:
    return change(images) if isinstance(images, Tensor) else [change(image) for image in images]


@dataclass(frozen=True, slots=True)
class Collate:
    """Makes a `Batch` of samples; `blank` stands in where a batch has no picture or no sample.

    The blank sample has no targets. It keeps every parameter in every backward pass, which
    processes that train together need. With `fill` it stands in, after the others, for every row
    that was left out: batches of one size are compiled once.
    """

    blank: Sample
    sequences: str
    pad_id: int
    pad_to_multiple: int = 1
    fill: bool = False

    def __call__(self, items: Sequence[Sample | Skipped]) -> Batch:
        samples = [item for item in items if isinstance(item, Sample)]
        skipped = [item for item in items if isinstance(item, Skipped)]
        cut = sum(sample.cut for sample in samples)
        kinds = [sample.kind for sample in samples]
        numbers = [sample.n for sample in samples]
        if self.fill:
            samples += [self.blank] * len(skipped)
        elif not any(sample.image is not None for sample in samples):
            samples.append(self.blank)
        images = [sample.image for sample in samples if sample.image is not None]
        rows = _pack(samples) if self.sequences == PACKED else _pad_rows(samples)
        width = -(-max(len(ids) for ids, _, _ in rows) // self.pad_to_multiple)
        width *= self.pad_to_multiple
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


Row = tuple[list[int], list[int], list[int]]


def _pad_rows(samples: Sequence[Sample]) -> list[Row]:
    return [(s.ids, s.labels, [i] * len(s.ids)) for i, s in enumerate(samples)]


def _pack(samples: Sequence[Sample]) -> list[Row]:
    """One row of all samples; the first token of each is nobody's next token."""
    ids = [token for s in samples for token in s.ids]
    labels = [label for s in samples for label in (IGNORE, *s.labels[1:])]
    owners = [i for i, s in enumerate(samples) for _ in s.ids]
    return [(ids, labels, owners)]


def _stack(rows: Sequence[list[int]], width: int, fill: int) -> Tensor:
    return torch.tensor([row + [fill] * (width - len(row)) for row in rows])
