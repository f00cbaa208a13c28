"""The training objective: the sum of the losses of a batch's target tokens."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor, nn

from trainer.data.batches import Batch
from trainer.model import VaryForConditionalGeneration, VaryImageProcessor
from trainer.model.loss import without_waiting
from trainer.model.modeling import VaryOutput
from trainer.model.vision import Offset
from trainer.warmup.head import CharacterHead, DenseLoss


class Losses(NamedTuple):
    """`total` is what to call backward on: a sum over tokens, so that batches of any length can
    be summed up and divided once by the number of all their tokens.

    `by_sample` and `targets` [S] are each sample's sum of losses and number of target tokens.
    `dense` is the loss of the character head, if there is one.
    """

    total: Tensor
    by_sample: Tensor
    targets: Tensor
    dense: DenseLoss | None = None


class Objective(nn.Module):
    """The model and its loss; parallel wrappers go around this module.

    Losses that need more than the answer (such as that of the character head) belong here: they
    are added to `total`, and their parameters are not part of the saved model.

    Pictures have `image_size` pixels; with a position, they are parts of ones of `whole_size`.
    """

    def __init__(
        self,
        model: VaryForConditionalGeneration,
        pixels: VaryImageProcessor,
        image_size: int,
        precision: str,
        grounding: CharacterHead | None = None,
        whole_size: int | None = None,
    ) -> None:
        super().__init__()
        self.model = model
        self.grounding = grounding
        self._pixels = pixels
        self.image_size = image_size
        self._whole_size = whole_size
        self._precision = precision

    def forward(
        self, batch: Batch, position_offset: Offset | None = None, shuffled: bool = False
    ) -> Losses:
        """The losses of a batch.

        Args:
            batch: Moved to the model's device.
            position_offset: Position [patches] of the pictures in a larger one.
            shuffled: Give every sample the picture of another of its kind: the loss of a model
                that uses no more of a picture than its kind.
        """
        device = next(self.model.parameters()).device
        places = None  # sampled first: their number is waited for, and nothing else is under way
        if self.grounding is not None and batch.characters is not None and not shuffled:
            places = self.grounding.sample(batch.characters)
        with torch.autocast(device.type, torch.bfloat16, enabled=self._precision == "bf16"):
            out: VaryOutput = self.model(
                input_ids=batch.input_ids,
                labels=batch.labels,
                segment_lengths=batch.segment_lengths,
                position_offset=position_offset,
                whole_size=self._whole_size,
                skip_logits=True,
                **self._input_pixels(batch, shuffled),
            )
            dense = None
            if self.grounding is not None and places is not None:
                assert out.neck is not None
                assert out.image_hidden_states is not None
                dense = self.grounding(out.neck, out.image_hidden_states, places)
        assert out.target_losses is not None
        assert out.target_index is not None
        owner = without_waiting(batch.sample_of.flatten()[out.target_index], device)
        zeros = torch.zeros(len(batch.kinds) + 1, device=device)
        losses = out.target_losses.detach().float()
        total = out.target_losses.sum()
        if self.grounding is not None and dense is not None:  # a mean, scaled to the sum
            total = total + self.grounding.weight * dense.loss * len(losses)
        return Losses(
            total=total,
            by_sample=zeros.index_add(0, owner, losses)[:-1],
            targets=zeros.index_add(0, owner, torch.ones_like(losses))[:-1],
            dense=dense,
        )

    @torch.no_grad()
    def _input_pixels(self, batch: Batch, shuffled: bool) -> dict[str, Tensor]:
        dtype = torch.bfloat16 if self._precision == "bf16-pure" else torch.float32
        pixels = self._pixels.pixels(batch.images, self.image_size)
        if shuffled:
            others = neighbors(batch.kinds, len(batch.images))
            pixels = {name: p[others] for name, p in pixels.items()}
        return {name: p.to(dtype) for name, p in pixels.items()}


def neighbors(kinds: Sequence[str], count: int) -> list[int]:
    """For each of `count` pictures the index of another one: the next of its kind, if any.

    With a page in place of a chart, any model that distinguishes the two would seem to read.
    Pictures beyond those of `kinds` only fill the batch and keep their own. If samples without
    pictures are among `kinds`, the kind of a picture is unknown, and all count as one kind.
    """
    names = list(kinds) if len(kinds) <= count else [""] * count
    others = [(i - 1) % len(names) for i in range(len(names))] + list(range(len(names), count))
    for kind in dict.fromkeys(names):
        same = [i for i, name in enumerate(names) if name == kind]
        if len(same) > 1:
            for i, following in zip(same, same[1:] + same[:1], strict=True):
                others[i] = following
    return others
