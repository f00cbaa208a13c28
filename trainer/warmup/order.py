"""The order of the warm-up: the rows that the pictures of each step are cut from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from trainer.data.catalog import TrainingSource
from trainer.data.order import Ref, SampleOrder
from trainer.errors import SettingsError, nearest
from trainer.settings import Settings
from trainer.warmup.schedule import Level


@dataclass(frozen=True, slots=True)
class CropRef:
    """The `index`-th crop of a step, from the row that `ref` names."""

    step: int
    index: int
    ref: Ref
    level: Level


class CropOrder:
    """The crops of one step after the other.

    The stages before the last learn characters. They draw rows by `warm_up.weights`, in a separate
    order. The last stage learns answers and draws rows by `data.weights`. Without
    `warm_up.weights` all stages share one order. `counts` is the whole state: the samples handed
    out to the earlier stages and to the last one, by configuration.

    Raises:
        SettingsError: `warm_up.weights` names a configuration that is not trained on.
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
        """A copy, for checkpoints: earlier stages, then the last one."""
        return [dict(self._crops.counts), dict(self._last.counts)]

    @property
    def position(self) -> int:
        """Rows handed out so far."""
        crops = self._crops.position if self._crops is not self._last else 0
        return crops + self._last.position

    def copy(self) -> CropOrder:
        """Another order at the same position."""
        return CropOrder(self._catalog, self._settings, self.counts)

    def take(self, step: int, level: Level) -> list[CropRef]:
        """The next global batch.

        Before the last stage there are several crops of each row, so that decoding pictures does
        not limit the speed.
        """
        options = self._settings.warm_up
        count, last = options.batch_sizes[level.stage], level.stage == len(options.sizes) - 1
        per_row = 1 if last else options.crops_per_picture
        rows = (self._last if last else self._crops).take(-(-count // per_row))
        return [CropRef(step, i, rows[i // per_row], level) for i in range(count)]
