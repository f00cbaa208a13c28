"""The head that names the character in every cell; it is no part of the saved model."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from trainer.warmup.characters import SCRIPTS, script
from trainer.warmup.targets import BACKGROUND

CODE_POINTS = 0x110000
FEWEST_BACKGROUND = 256
ELSEWHERE = -1
"""The class of cells that take no part: unknown text, and characters that are not yet classes."""


class DenseLoss(NamedTuple):
    """The mean `loss` per weighted cell; `right` and `seen` [scripts] count cells with text."""

    loss: Tensor
    right: Tensor
    seen: Tensor


class CharacterHead(nn.Module):
    """A 1x1 convolution from the neck's map to characters and background.

    It is made for all `characters`, the most frequent first, but only the first `active` are
    classes. Logits are computed on cells with text and on a sample of the background alone, whose
    weight makes up for the sampling: thousands of Chinese characters cost little.
    """

    def __init__(
        self, channels: int, characters: Sequence[str], active: int, background: float
    ) -> None:
        super().__init__()
        self.classifier = nn.Conv2d(channels, 1 + len(characters), 1)
        nn.init.trunc_normal_(self.classifier.weight, std=0.02)
        assert self.classifier.bias is not None
        nn.init.zeros_(self.classifier.bias)
        self.active = min(active, len(characters))
        self.weight = 1.0
        self._background = background
        table = torch.full((CODE_POINTS + 1,), ELSEWHERE, dtype=torch.int32)
        for i, character in enumerate(characters):
            table[ord(character)] = i + 1
        table[BACKGROUND] = 0
        scripts = torch.tensor([0, *(script(c) for c in characters)])
        self.register_buffer("_table", table, persistent=False)
        self.register_buffer("_scripts", scripts, persistent=False)
        self._table: Tensor
        self._scripts: Tensor

    @property
    def known(self) -> int:
        """Characters that are classes once all are active."""
        return self.classifier.out_channels - 1

    def classes(self, characters: Tensor) -> Tensor:
        """Classes of code points: 0 background, `ELSEWHERE` what takes no part."""
        found = self._table[characters.long()]  # -1 is the last entry, which is nobody's
        return found.masked_fill(found > self.active, ELSEWHERE)

    def forward(self, neck: Tensor, characters: Tensor) -> DenseLoss:
        """`neck` [B, C, gh, gw]; `characters` [B, gh, gw] code points, as in `character_cells`."""
        classes = self.classes(characters).flatten()
        text, empty = (classes > 0).nonzero()[:, 0], (classes == 0).nonzero()[:, 0]
        count = min(len(empty), max(len(text), FEWEST_BACKGROUND))
        chosen = empty[torch.randperm(len(empty), device=empty.device)[:count]]
        index = torch.cat([text, chosen])
        logits = self._logits(neck.permute(0, 2, 3, 1).flatten(0, 2)[index])
        targets = classes[index].long()
        weights = torch.ones_like(index, dtype=torch.float32)
        weights[len(text) :] = self._background * len(empty) / max(1, count)
        losses = F.cross_entropy(logits, targets, reduction="none")
        loss = (losses * weights).sum() / weights.sum().clamp(min=1.0)
        right = (logits[: len(text)].argmax(-1) == targets[: len(text)]).float()
        owner = self._scripts[targets[: len(text)]]
        zeros = torch.zeros(len(SCRIPTS), device=right.device)
        return DenseLoss(
            loss,
            zeros.index_add(0, owner, right),
            zeros.index_add(0, owner, torch.ones_like(right)),
        )

    def _logits(self, features: Tensor) -> Tensor:
        """[N, C] to [N, 1 + active], float32."""
        weight = self.classifier.weight[: 1 + self.active, :, 0, 0]
        assert self.classifier.bias is not None
        return F.linear(features, weight, self.classifier.bias[: 1 + self.active]).float()
