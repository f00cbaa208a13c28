"""Which rows the pictures of a step of the warm-up are cut from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from trainer.data.catalog import TrainingSource
from trainer.data.order import Ref, SampleOrder
from trainer.errors import SettingsError, nearest
from trainer.settings import Settings
from trainer.warmup.schedule import Phase


@dataclass(frozen=True, slots=True)
class CropRef:
    """The `index`-th crop of a step, from the row that `ref` names."""

    step: int
    index: int
    ref: Ref
    phase: Phase


class CropOrder:
    """The crops of one step after the other.

    The stages before the last learn characters and take `warm_up.weights`, in an order of its own
    that begins at the first row; the last learns answers and takes `data.weights`. Without
    `warm_up.weights` all stages share one order. `counts` is all of its state: what was handed out
    to the crops and to the last stage.
    """

    def __init__(
        self,
        catalog: Sequence[TrainingSource],
        settings: Settings,
        counts: Sequence[Mapping[str, int]] = ({}, {}),
    ) -> None:
        names = [configuration.name for configuration in catalog]
        for name in settings.warm_up.weights:
            if name not in names:
                raise SettingsError(
                    f"warm_up.weights names {name!r}, which is not trained on",
                    f"{nearest(name, names)}; one that only crops are cut from: data.weights.X=0",
                )
        self._catalog, self._settings = catalog, settings
        weights = settings.data.weights
        seed, mixed = settings.train.seed, settings.data.shuffle_groups
        crops, last = counts
        self._last = SampleOrder(catalog, weights, seed, mixed, last)
        self._crops = self._last
        if settings.warm_up.weights:
            self._crops = SampleOrder(catalog, settings.warm_up.weights, seed, mixed, crops)

    @property
    def counts(self) -> list[dict[str, int]]:
        return [dict(self._crops.counts), dict(self._last.counts)]

    @property
    def position(self) -> int:
        """Rows handed out so far."""
        own = self._crops.position if self._crops is not self._last else 0
        return own + self._last.position

    def copy(self) -> CropOrder:
        """Another order that stands at the same crop."""
        return CropOrder(self._catalog, self._settings, self.counts)

    def take(self, step: int, phase: Phase) -> list[CropRef]:
        """A global batch: before the last stage several crops of each row, so that decoding keeps
        up."""
        how = self._settings.warm_up
        count, last = how.batch_sizes[phase.stage], phase.stage == len(how.sizes) - 1
        each = 1 if last else how.crops_per_picture
        rows = (self._last if last else self._crops).take(-(-count // each))
        return [CropRef(step, i, rows[i // each], phase) for i in range(count)]
