"""The head that predicts the characters in every cell, and what the marks of charts stand for.

It is not part of the saved model.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from trainer.warmup.cells import BACKGROUND
from trainer.warmup.characters import SCRIPTS, script
from trainer.warmup.marks import LENGTH, STRINGS

CODE_POINTS = 0x110000
MIN_BACKGROUND_PLACES = 256
"""Background places in the loss, also if there is less text."""
IGNORED_CLASS = -1
"""The class of places without a loss: unknown text, and characters that are not classes yet."""
TOKEN_CELLS = 4
"""Cells along a token's side."""
COUNTED = (*SCRIPTS, *STRINGS)
"""What is counted: places with text by script, and the strings of marks."""


class DenseLoss(NamedTuple):
    """`loss` is what to minimize: the weighted mean over places from the map, plus that from the
    tokens times its weight. `seen` [`COUNTED`] counts places with text and strings of marks,
    `right` and `token_right` those predicted correctly from the map and from the tokens."""

    loss: Tensor
    right: Tensor
    seen: Tensor
    token_right: Tensor


class SampledPlaces(NamedTuple):
    """Flat indices into [cells, places], the first `text` of them with text; the class and the
    weight of each. `marks` [n] are indices of the same kind, `mark_classes` [n, 3, LENGTH] the
    classes of the strings of each mark."""

    places: Tensor
    classes: Tensor
    weights: Tensor
    text: int
    marks: Tensor
    mark_classes: Tensor


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

    At the place of a mark, one matrix for each character of its strings (names and value) takes
    the place's channels to the same classifier. With `mark_weight` 0 there are none.
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
        mark_weight: float = 0.0,
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
        strings = torch.eye(channels).repeat(len(STRINGS), LENGTH, 1, 1)
        self.strings = nn.Parameter(strings) if mark_weight else None
        self.active = min(active, len(characters))
        self.weight = 1.0
        self._grid = places
        self._background = background
        self._token_weight = token_weight
        self._mark_weight = mark_weight
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

    def sample(self, characters: Tensor, marks: Tensor) -> SampledPlaces:
        """Places of `characters` [B, gh*rows, gw*columns], code points as in `character_cells`,
        and those of `marks` [n, 3 + 3 * LENGTH], as in a `Batch`.

        A GPU is waited for.
        """
        return SampledPlaces(
            *self._sample_text(self._by_cell(characters)),
            *self._sample_marks(marks, characters.shape[1:]),
        )

    def forward(self, neck: Tensor, tokens: Tensor, places: SampledPlaces) -> DenseLoss:
        """The loss for `neck` [B, C, gh, gw] and `tokens` [B, n, D] at the sampled places."""
        loss, right = self._predict(neck.permute(0, 2, 3, 1).flatten(0, 2), places)
        token_right = torch.zeros_like(right)
        if self.unfold is not None:
            cells = unfolded(self.unfold(tokens), *neck.shape[2:])
            token_loss, token_right = self._predict(cells, places)
            loss = loss + self._token_weight * token_loss
        text, strings = places.classes[: places.text], places.mark_classes
        seen = self._count(torch.ones_like(text), torch.ones_like(strings), places)
        return DenseLoss(loss, right, seen, token_right)

    def _by_cell(self, characters: Tensor) -> Tensor:
        """From [B, gh*rows, gw*columns] to [B*gh*gw, places]."""
        rows, columns = self._grid
        batch, high, wide = characters.shape
        split = characters.view(batch, high // rows, rows, wide // columns, columns)
        return split.transpose(2, 3).reshape(-1, rows * columns)

    def _sample_text(self, characters: Tensor) -> tuple[Tensor, Tensor, Tensor, int]:
        classes = self.classes(characters).flatten()
        written, empty = (classes > 0).nonzero()[:, 0], (classes == 0).nonzero()[:, 0]
        text = _sample(written, min(len(written), self._max_places))
        blank = _sample(empty, min(len(empty), max(len(text), MIN_BACKGROUND_PLACES)))
        share = len(text) / len(written) if len(written) else 1.0
        weights = torch.ones(len(text) + len(blank), device=classes.device)
        weights[len(text) :] = self._background * share * len(empty) / max(1, len(blank))
        index = torch.cat([text, blank])
        return index, classes[index].long(), weights, len(text)

    def _sample_marks(self, marks: Tensor, grid: Sequence[int]) -> tuple[Tensor, Tensor]:
        """Places and classes of marks in pictures with a `grid` of places."""
        limit = self._max_places // (len(STRINGS) * LENGTH) if self.strings is not None else 0
        if len(marks) > limit:
            marks = _sample(marks, limit)
        picture, row, column = marks[:, :3].long().unbind(1)
        (high, wide), (rows, columns) = grid, self._grid
        cell = (picture * (high // rows) + row // rows) * (wide // columns) + column // columns
        places = cell * rows * columns + row % rows * columns + column % columns
        return places, self.classes(marks[:, 3:]).view(-1, len(STRINGS), LENGTH).long()

    def _predict(self, cells: Tensor, sampled: SampledPlaces) -> tuple[Tensor, Tensor]:
        """The loss at the sampled places of cells [N, C], and how many of `COUNTED` are right."""
        features = torch.einsum("nc,pcd->npd", cells, self.places.to(cells.dtype)).flatten(0, 1)
        logits = self._logits(features.index_select(0, sampled.places))
        losses = F.cross_entropy(logits, sampled.classes, reduction="none")
        loss = (losses * sampled.weights).sum() / sampled.weights.sum().clamp(min=1.0)
        right = logits.argmax(-1) == sampled.classes
        mark_right = torch.zeros_like(sampled.mark_classes, dtype=torch.bool)
        if self.strings is not None:
            strings = self.strings.to(cells.dtype)
            told = torch.einsum("nc,slcd->nsld", features.index_select(0, sampled.marks), strings)
            logits, targets = self._logits(told.flatten(0, 2)), sampled.mark_classes.flatten()
            losses = F.cross_entropy(logits, targets, reduction="sum", ignore_index=IGNORED_CLASS)
            known = (targets != IGNORED_CLASS).sum()
            loss = loss + self._mark_weight * losses / known.clamp(min=1)
            mark_right = (logits.argmax(-1) == targets).view_as(mark_right)
        return loss, self._count(right[: sampled.text], mark_right, sampled)

    def _count(self, right: Tensor, mark_right: Tensor, sampled: SampledPlaces) -> Tensor:
        """[`COUNTED`]: places with text that are `right` [text], and strings of which every known
        character is `mark_right` [marks, 3, LENGTH].

        An empty string, as that of the only series of a chart, does not count.
        """
        scripts = self._scripts[sampled.classes[: sampled.text]]
        by_script = torch.zeros(len(SCRIPTS), device=right.device)
        known = sampled.mark_classes != IGNORED_CLASS
        strings = (mark_right.bool() | ~known).all(-1) & (sampled.mark_classes > 0).any(-1)
        return torch.cat([by_script.index_add(0, scripts, right.float()), strings.sum(0).float()])

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
