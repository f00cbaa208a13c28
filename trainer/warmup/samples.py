"""From the order of the warm-up to batches of crops."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import torch
from torch import Tensor

from trainer.data.batches import PADDED, Batch, Collate
from trainer.data.loader import blank_sample, pad_id
from trainer.data.order import Ref
from trainer.data.rows import RowReader
from trainer.data.samples import Encoding, RejectedRow, TrainingSample, conversation_turns
from trainer.model.configuration import image_tokens
from trainer.model.conversation import ChatTurn, Encoded, encode
from trainer.model.loss import IGNORE
from trainer.settings import Settings, WarmUpSettings
from trainer.warmup.cells import STRIDE, UNKNOWN
from trainer.warmup.crops import (
    Crop,
    Page,
    View,
    crop_page,
    degraded_page,
    open_page,
    whole_page,
)
from trainer.warmup.order import CropOrder, CropRef
from trainer.warmup.schedule import Curriculum, Level
from trainer.warmup.words import crop_answer
from vary_data.base.storage import Location
from vary_data.dataset.rejection import Rejected
from vary_data.dataset.row_groups import RowGroup
from vary_data.dataset.row_kinds import RowKinds
from vary_data.dataset.target_choice import TargetChoice
from vary_data.targets.read import group_kinds

COLUMNS = ("id", "image", "text", "messages", "kind", "regions")
MAX_TOKEN_CHARACTERS = 16
"""Characters of text that are tokenized per target token; more are hardly ever one token."""
ROW_CACHE_BYTES = 256 * 2**20
"""Row groups that a worker keeps in memory, besides decoded pages."""


@dataclass(frozen=True, slots=True)
class Grounded:
    """A sample (or why it was skipped), and the code points in its cells."""

    sample: TrainingSample | RejectedRow
    cells: Tensor | None
    size: int


@dataclass(frozen=True, slots=True)
class OpenedRow:
    """What crops of a row are made of."""

    page: Page
    turns: list[ChatTurn]
    id: str
    kind: str


class Crops:
    """A mapping from `CropRef` to `Grounded` that caches the last used pages, decoded."""

    def __init__(self, encoding: Encoding, settings: WarmUpSettings, seed: int) -> None:
        self._encoding = encoding
        self._settings = settings
        self._seed = seed
        self._reader = RowReader(COLUMNS, ROW_CACHE_BYTES)
        self._pages: OrderedDict[Ref, OpenedRow | str] = OrderedDict()
        self._bytes = 0
        self._row_kinds: dict[tuple[Location, TargetChoice | None], RowKinds] = {}

    def __getitem__(self, crop: CropRef) -> Grounded:
        size = self._settings.sizes[crop.level.stage]
        name = f"row {crop.ref.row} of {crop.ref.group.file.name}"
        try:
            opened = self._open(crop.ref)
            sample, found = self._sample(opened, crop, size)
            return Grounded(sample, torch.from_numpy(found.cells), size)
        except Rejected as error:
            skipped = RejectedRow(-1, name, crop.ref.configuration, str(error))
            return Grounded(skipped, None, size)

    def _open(self, ref: Ref) -> OpenedRow:
        """The decoded page of a row; the reason why one cannot be used is cached as well.

        Raises:
            Rejected: The row cannot be used.
        """
        key = replace(ref, n=0)
        if key in self._pages:
            self._pages.move_to_end(key)
        else:
            try:
                row = self._reader.row(ref.group, ref.row)
                page = open_page(row, self._kinds_of(ref.group))
                if self._encoding.degradation is not None:
                    place = (ref.group.index, ref.row)
                    page = degraded_page(page, self._encoding.degradation, place)
                turns = conversation_turns(row)
                found: OpenedRow | str = OpenedRow(page, turns, row["id"], row["kind"])
                self._bytes += page.nbytes
            except Rejected as error:
                found = str(error)
            except (pa.ArrowException, OSError):
                found = "row unreadable"
            self._pages[key] = found
            while len(self._pages) > 1 and self._bytes > self._settings.cache_mb * 2**20:
                _, oldest = self._pages.popitem(last=False)
                self._bytes -= oldest.page.nbytes if isinstance(oldest, OpenedRow) else 0
        opened = self._pages[key]
        if isinstance(opened, str):
            raise Rejected(opened)
        return opened

    def _kinds_of(self, group: RowGroup) -> RowKinds:
        key = (group.file, group.target)
        if key not in self._row_kinds:
            self._row_kinds[key] = group_kinds(group)
        return self._row_kinds[key]

    def _sample(self, opened: OpenedRow, crop: CropRef, size: int) -> tuple[TrainingSample, Crop]:
        options, level = self._settings, crop.level
        rng = np.random.default_rng((self._seed, crop.step, crop.index))
        last = level.stage == len(options.sizes) - 1
        if last and rng.random() < options.whole:
            found = whole_page(opened.page, size, options.grid)
        else:
            found = self._crop(opened.page, level, size, rng)
        turns = opened.turns  # an entire crop has the sample's answer: one picture, one answer
        if not found.entire:
            whole = next((turn.text for turn in turns if turn.role == "assistant"), "")
            turns = [
                ChatTurn("user", "", images=1),
                ChatTurn("assistant", crop_answer(found.words, whole)),
            ]
        encoded, shortened = self._encode(turns, size, level.length)
        ids = encoded.ids
        if self._encoding.answer_noise is not None:
            key = (crop.step, crop.index)
            ids = self._encoding.answer_noise.applied(ids, encoded.labels, key)
        pixels = torch.from_numpy(found.pixels)
        sample = TrainingSample(-1, opened.id, opened.kind, ids, encoded.labels, pixels, shortened)
        return sample, found

    def _crop(self, page: Page, level: Level, size: int, rng: np.random.Generator) -> Crop:
        options = self._settings
        # while answers are short, many crops show only the words of the answer
        isolated = rng.random() < options.isolated * options.first_length / level.length
        glyph = (options.glyph_low[level.stage], options.glyph_high[level.stage])
        view = View(size, self._encoding.image_size, glyph, level.length, isolated, options.grid)
        return crop_page(page, view, rng)

    def _encode(self, turns: Sequence[ChatTurn], size: int, length: int) -> tuple[Encoded, bool]:
        """Token ids with at most `length` targets, and whether the answer was shortened; a
        shortened answer has no end token.

        Raises:
            Rejected: There is no answer, or no room for one.
        """
        longest = length * MAX_TOKEN_CHARACTERS
        cut_text = any(len(turn.text) > longest for turn in turns if turn.role == "assistant")
        if cut_text:
            turns = [replace(turn, text=turn.text[:longest]) for turn in turns]
        encoding = self._encoding
        encoded = encode(encoding.tokenizer, encoding.conversation, turns, image_tokens(size))
        targets = sum(label != IGNORE for label in encoded.labels)
        # the text has the positions that it has after a whole picture
        missing = image_tokens(encoding.image_size) - image_tokens(size)
        room = min(length, encoding.max_length - missing - (len(encoded.ids) - targets))
        if not targets or room < 1:
            raise Rejected("no answer" if not targets else "too long")
        if targets <= room and not cut_text:
            return encoded, False
        end = len(encoded.ids) - targets + min(room, targets)
        return Encoded(encoded.ids[:end], encoded.labels[:end]), True


@dataclass(frozen=True, slots=True)
class CollateGrounded:
    """Makes batches whose pictures are one tensor [B, S, S, 3].

    Separate tensors would cost a file descriptor each between processes, and a copy each to the
    device. `sequences` is for pictures of the model's size; smaller ones are always padded, which
    their positions require.
    """

    encoding: Encoding
    pad_id: int
    pad_to_multiple: int
    places: tuple[int, int] = (1, 1)
    sequences: str = PADDED

    def __call__(self, items: Sequence[Grounded]) -> Batch:
        size = items[0].size
        blank = blank_sample(replace(self.encoding, image_size=size))
        blank = replace(blank, image=torch.full((size, size, 3), 255, dtype=torch.uint8))
        sequences = self.sequences if size == self.encoding.image_size else PADDED
        # the text has the positions that it has after a whole picture
        missing = image_tokens(self.encoding.image_size) - image_tokens(size)
        collate = Collate(
            blank,
            sequences,
            self.pad_id,
            self.pad_to_multiple,
            fill=True,
            longest=self.encoding.max_length - missing,
        )
        batch = collate([item.sample for item in items])
        rows, columns = (size // STRIDE * n for n in self.places)
        cells = torch.full((len(items), rows, columns), UNKNOWN, dtype=torch.int32)
        for i, known in enumerate(item.cells for item in items if item.cells is not None):
            cells[i] = known
        return replace(batch, images=torch.stack(list(batch.images)), characters=cells)


def crop_collate(encoding: Encoding, settings: Settings) -> CollateGrounded:
    """Batches of crops as the settings ask for."""
    return CollateGrounded(
        encoding,
        pad_id(encoding.tokenizer),
        settings.data.pad_to_multiple,
        settings.warm_up.grid,
        settings.data.sequences,
    )


def plan_crops(
    order: CropOrder, curriculum: Curriculum, step: int, rank: int, world: int
) -> Iterator[list[CropRef]]:
    """One process's crops of every step from `step` on; `order` advances by the global batch."""
    while True:
        refs = order.take(step, curriculum.at(step))
        size = len(refs) // world
        yield refs[rank * size : (rank + 1) * size]
        step += 1


def reading_ahead(workers: int, lag: int) -> tuple[int, int]:
    """Workers and batches that each prepares in advance: in sum fewer than `lag` steps, because
    the curriculum decides only so far in advance."""
    workers = min(workers, max(0, lag - 1))
    return workers, max(1, (lag - 1) // workers) if workers else 0
