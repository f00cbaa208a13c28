"""The head that predicts the characters in every cell; it is not part of the saved model."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from trainer.warmup.cells import BACKGROUND
from trainer.warmup.characters import SCRIPTS, script

CODE_POINTS = 0x110000
MIN_BACKGROUND_PLACES = 256
"""Background places in the loss, also if there is less text."""
IGNORED_CLASS = -1
"""The class of places without a loss: unknown text, and characters that are not classes yet."""
TOKEN_CELLS = 4
"""Cells along a token's side."""


class DenseLoss(NamedTuple):
    """`loss` is what to minimize: the weighted mean over places from the map, plus that from the
    tokens times its weight. `seen` [scripts] counts places with text, `right` and `token_right`
    [scripts] those predicted correctly from the map and from the tokens."""

    loss: Tensor
    right: Tensor
    seen: Tensor
    token_right: Tensor


class SampledPlaces(NamedTuple):
    """Flat indices into [cells, places], the first `text` of them with text; the class and the
    weight of each."""

    places: Tensor
    classes: Tensor
    weights: Tensor
    text: int


class CharacterHead(nn.Module):
    """From the neck's map, and from the tokens made of it, to characters and background.

    A cell of the map has rows x columns `places`. Each place has its own matrix; one classifier
    serves all of them. Tokens, as the language model gets them, are first unfolded by one matrix
    into the 4 x 4 cells that they were made from: the information of the map has to survive the
    two convolutions and the projector.

    The classifier has an output for each of `characters`, the most frequent first, but only the
    first `active` are classes. Logits are computed at up to `max_places` places with text and as
    many of the background, whose weight compensates for the sampling. This keeps thousands of
    Chinese characters cheap.
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
        max_places: int = 16384,
    ) -> None:
        super().__init__()
        self.classifier = nn.Linear(channels, 1 + len(characters))
        # at first every place passes on the channels of its cell
        self.places = nn.Parameter(torch.eye(channels).repeat(places[0] * places[1], 1, 1))
        # DDP requires a gradient for every parameter, so an unused one must not exist
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
        self._max_places = max_places
        table = torch.full((CODE_POINTS + 1,), IGNORED_CLASS, dtype=torch.int32)
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
        """The number of classes once all characters are active."""
        return self.classifier.out_features - 1

    def classes(self, characters: Tensor) -> Tensor:
        """The classes of code points: 0 is background, `IGNORED_CLASS` has no loss."""
        found = self._table[characters.long()]  # -1 is the last entry, which no character has
        return found.masked_fill(found > self.active, IGNORED_CLASS)

    def sample(self, characters: Tensor) -> SampledPlaces:
        """Places of `characters` [B, gh*rows, gw*columns], code points as in `character_cells`.

        A GPU is waited for.
        """
        return self._sample_places(self._by_cell(characters))

    def forward(self, neck: Tensor, tokens: Tensor, places: SampledPlaces) -> DenseLoss:
        """The loss for `neck` [B, C, gh, gw] and `tokens` [B, n, D] at the sampled places."""
        index, targets, weights, text = places
        cells = neck.permute(0, 2, 3, 1).flatten(0, 2)
        predicted, loss = self._predict(cells, index, targets, weights)
        right = (predicted[:text] == targets[:text]).float()
        token_right = torch.zeros_like(right)
        if self.unfold is not None:
            cells = unfolded(self.unfold(tokens), *neck.shape[2:])
            predicted, token_loss = self._predict(cells, index, targets, weights)
            loss = loss + self._token_weight * token_loss
            token_right = (predicted[:text] == targets[:text]).float()
        scripts = self._scripts[targets[:text]]
        zeros = torch.zeros(len(SCRIPTS), device=right.device)
        return DenseLoss(
            loss,
            zeros.index_add(0, scripts, right),
            zeros.index_add(0, scripts, torch.ones_like(right)),
            zeros.index_add(0, scripts, token_right),
        )

    def _by_cell(self, characters: Tensor) -> Tensor:
        """From [B, gh*rows, gw*columns] to [B*gh*gw, places]."""
        rows, columns = self._grid
        batch, high, wide = characters.shape
        split = characters.view(batch, high // rows, rows, wide // columns, columns)
        return split.transpose(2, 3).reshape(-1, rows * columns)

    def _sample_places(self, characters: Tensor) -> SampledPlaces:
        classes = self.classes(characters).flatten()
        written, empty = (classes > 0).nonzero()[:, 0], (classes == 0).nonzero()[:, 0]
        text = _sample(written, min(len(written), self._max_places))
        blank = _sample(empty, min(len(empty), max(len(text), MIN_BACKGROUND_PLACES)))
        share = len(text) / len(written) if len(written) else 1.0
        weights = torch.ones(len(text) + len(blank), device=classes.device)
        weights[len(text) :] = self._background * share * len(empty) / max(1, len(blank))
        index = torch.cat([text, blank])
        return SampledPlaces(index, classes[index].long(), weights, len(text))

    def _predict(
        self, cells: Tensor, index: Tensor, targets: Tensor, weights: Tensor
    ) -> tuple[Tensor, Tensor]:
        """The predicted classes of the sampled places of cells [N, C], and the loss."""
        features = torch.einsum("nc,pcd->npd", cells, self.places.to(cells.dtype))
        logits = self._logits(features.flatten(0, 1).index_select(0, index))
        losses = F.cross_entropy(logits, targets, reduction="none")
        return logits.argmax(-1), (losses * weights).sum() / weights.sum().clamp(min=1.0)

    def _logits(self, features: Tensor) -> Tensor:
        """From [N, C] to [N, 1 + active], float32."""
        weight = self.classifier.weight[: 1 + self.active]
        return F.linear(features, weight, self.classifier.bias[: 1 + self.active]).float()


def unfolded(tokens: Tensor, rows: int, columns: int) -> Tensor:
    """Tokens [B, n, 4 * 4 * C] as the cells that they were made from: [B * rows * columns, C]."""
    side = math.isqrt(tokens.shape[1])
    cells = tokens.view(len(tokens), side, side, TOKEN_CELLS, TOKEN_CELLS, -1)
    cells = cells.transpose(2, 3).flatten(3, 4).flatten(1, 2)  # [B, 4 * side, 4 * side, C]
    return cells[:, :rows, :columns].flatten(0, 2)


def _sample(index: Tensor, count: int) -> Tensor:
    return index[torch.randperm(len(index), device=index.device)[:count]]
