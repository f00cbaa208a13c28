"""The head that names the characters in every cell; it is no part of the saved model."""

from __future__ import annotations

import math
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
"""The class of places that take no part: unknown text, and characters not yet classes."""
TOKEN_CELLS = 4
"""Cells of a token's side."""


class DenseLoss(NamedTuple):
    """`loss` is what to minimise: the mean per weighted place from the map, and that from the
    tokens times its weight. `seen`, `right` and `token_right` [scripts] count places with text,
    and those that were named right from the map and from the tokens."""

    loss: Tensor
    right: Tensor
    seen: Tensor
    token_right: Tensor


class CharacterHead(nn.Module):
    """From the neck's map, and from the tokens made of it, to characters and background.

    A cell of the map has rows x columns `places`, each seen through a matrix of its own and named
    by one classifier for all. Tokens, as the language model gets them, are first unfolded by one
    matrix into the 4 x 4 cells that they were made from: what the map says must survive the two
    convolutions and the projector.

    The classifier is made for all `characters`, the most frequent first, but only the first
    `active` are classes. Logits are computed on at most `most` places with text and as many of
    the background, whose weight makes up for the sampling: thousands of Chinese characters cost
    little.
    """

    def __init__(
        self,
        channels: int,
        token_channels: int,
        characters: Sequence[str],
        active: int,
        background: float,
        places: tuple[int, int] = (1, 1),
        token_weight: float = 1.0,
        most: int = 16384,
    ) -> None:
        super().__init__()
        self.classifier = nn.Linear(channels, 1 + len(characters))
        # every place begins with the cell's own channels
        self.places = nn.Parameter(torch.eye(channels).repeat(places[0] * places[1], 1, 1))
        # none that would stay without a gradient: processes that train together need all of them
        self.unfold = nn.Linear(token_channels, TOKEN_CELLS**2 * channels) if token_weight else None
        for linear in (self.classifier, self.unfold):
            if linear is not None:
                nn.init.trunc_normal_(linear.weight, std=0.02)
                nn.init.zeros_(linear.bias)
        self.active = min(active, len(characters))
        self.weight = 1.0
        self._grid = places
        self._background = background
        self._token_weight = token_weight
        self._most = most
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
        return self.classifier.out_features - 1

    def classes(self, characters: Tensor) -> Tensor:
        """Classes of code points: 0 background, `ELSEWHERE` what takes no part."""
        found = self._table[characters.long()]  # -1 is the last entry, which is nobody's
        return found.masked_fill(found > self.active, ELSEWHERE)

    def forward(self, neck: Tensor, tokens: Tensor, characters: Tensor) -> DenseLoss:
        """`neck` [B, C, gh, gw]; `tokens` [B, n, D]; `characters` [B, gh*rows, gw*columns] code
        points, as in `character_cells`."""
        index, targets, weights, text = self._chosen(self._by_cell(characters))
        cells = neck.permute(0, 2, 3, 1).flatten(0, 2)
        named, loss = self._named(cells, index, targets, weights)
        right = (named[:text] == targets[:text]).float()
        token_right = torch.zeros_like(right)
        if self.unfold is not None:
            cells = unfolded(self.unfold(tokens), *neck.shape[2:])
            named, token_loss = self._named(cells, index, targets, weights)
            loss = loss + self._token_weight * token_loss
            token_right = (named[:text] == targets[:text]).float()
        owner = self._scripts[targets[:text]]
        zeros = torch.zeros(len(SCRIPTS), device=right.device)
        return DenseLoss(
            loss,
            zeros.index_add(0, owner, right),
            zeros.index_add(0, owner, torch.ones_like(right)),
            zeros.index_add(0, owner, token_right),
        )

    def _by_cell(self, characters: Tensor) -> Tensor:
        """[B, gh*rows, gw*columns] to [B*gh*gw, places]."""
        rows, columns = self._grid
        batch, high, wide = characters.shape
        split = characters.view(batch, high // rows, rows, wide // columns, columns)
        return split.transpose(2, 3).reshape(-1, rows * columns)

    def _chosen(self, characters: Tensor) -> tuple[Tensor, Tensor, Tensor, int]:
        """Flat indices into [cells, places], those with text first, their classes and weights,
        and how many have text."""
        classes = self.classes(characters).flatten()
        written, empty = (classes > 0).nonzero()[:, 0], (classes == 0).nonzero()[:, 0]
        text = _some(written, min(len(written), self._most))
        blank = _some(empty, min(len(empty), max(len(text), FEWEST_BACKGROUND)))
        share = len(text) / len(written) if len(written) else 1.0
        weights = torch.ones(len(text) + len(blank), device=classes.device)
        weights[len(text) :] = self._background * share * len(empty) / max(1, len(blank))
        index = torch.cat([text, blank])
        return index, classes[index].long(), weights, len(text)

    def _named(
        self, cells: Tensor, index: Tensor, targets: Tensor, weights: Tensor
    ) -> tuple[Tensor, Tensor]:
        """The classes that the chosen places of cells [N, C] are taken for, and the loss."""
        seen = torch.einsum("nc,pcd->npd", cells, self.places.to(cells.dtype))
        logits = self._logits(seen.flatten(0, 1)[index])
        losses = F.cross_entropy(logits, targets, reduction="none")
        return logits.argmax(-1), (losses * weights).sum() / weights.sum().clamp(min=1.0)

    def _logits(self, features: Tensor) -> Tensor:
        """[N, C] to [N, 1 + active], float32."""
        weight = self.classifier.weight[: 1 + self.active]
        return F.linear(features, weight, self.classifier.bias[: 1 + self.active]).float()


def unfolded(tokens: Tensor, rows: int, columns: int) -> Tensor:
    """Tokens [B, n, 4 * 4 * C] as the cells that they stand for: [B * rows * columns, C]."""
    side = math.isqrt(tokens.shape[1])
    cells = tokens.view(len(tokens), side, side, TOKEN_CELLS, TOKEN_CELLS, -1)
    cells = cells.transpose(2, 3).flatten(3, 4).flatten(1, 2)  # [B, 4 * side, 4 * side, C]
    return cells[:, :rows, :columns].flatten(0, 2)


def _some(index: Tensor, count: int) -> Tensor:
    return index[torch.randperm(len(index), device=index.device)[:count]]
