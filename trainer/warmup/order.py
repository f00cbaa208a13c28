"""Which rows the pictures of a step of the warm-up are cut from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from trainer.data.catalog import Configuration
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

    The stages before the last learn characters and take `warm_up.weights`; the last learns answers
    and takes `data.weights`. `counts` is all of its state: what was handed out to the one and to
    the other.
    """

    def __init__(
        self,
        catalog: Sequence[Configuration],
        settings: Settings,
        counts: Sequence[Mapping[str, int]] = ({}, {}),
    ) -> None:
        names = [configuration.name for configuration in catalog]
        for name in settings.warm_up.weights:
            if name not in names:
                raise SettingsError(f"warm_up.weights names {name!r}", nearest(name, names))
        self._catalog, self._settings = catalog, settings
        weights = settings.data.weights
        seed, mixed = settings.train.seed, settings.data.shuffle_groups
        self._orders = tuple(
            SampleOrder(catalog, shares, seed, mixed, handed_out)
            for shares, handed_out in zip(
                (settings.warm_up.weights or weights, weights), counts, strict=True
            )
        )

    @property
    def counts(self) -> list[dict[str, int]]:
        return [dict(order.counts) for order in self._orders]

    @property
    def position(self) -> int:
        """Rows handed out so far."""
        return sum(order.position for order in self._orders)

    def copy(self) -> CropOrder:
        """Another order that stands at the same crop."""
        return CropOrder(self._catalog, self._settings, self.counts)

    def take(self, step: int, phase: Phase) -> list[CropRef]:
        """A global batch: before the last stage several crops of each row, so that decoding keeps
        up."""
        how = self._settings.warm_up
        count, last = how.batch_sizes[phase.stage], phase.stage == len(how.sizes) - 1
        each = 1 if last else how.crops_per_picture
        rows = self._orders[last].take(-(-count // each))
        return [CropRef(step, i, rows[i // each], phase) for i in range(count)]
