"""From steps of the warm-up to batches of crops, made ahead by worker processes."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import torch
from torch import Tensor
from torch.utils.data import DataLoader

from trainer.data.batches import PADDED, Batch, Collate
from trainer.data.loader import blank_sample
from trainer.data.order import Ref
from trainer.data.rows import RowReader
from trainer.data.samples import Encoding, RejectedRow, Sample, conversation_turns
from trainer.model.configuration import image_tokens
from trainer.model.conversation import Encoded, Turn, encode
from trainer.model.loss import IGNORE
from trainer.settings import WarmUpSettings
from trainer.warmup.crops import Crop, Page, View, cut, open_page, whole
from trainer.warmup.order import CropOrder, CropRef
from trainer.warmup.schedule import Curriculum, Phase
from trainer.warmup.targets import STRIDE, UNKNOWN, read_aloud
from vary_data.dataset.rejection import Rejected
from vary_data.dataset.row_kinds import RowKinds, row_kinds_of

COLUMNS = ("id", "image", "text", "messages", "kind", "regions")
LONGEST_TOKEN = 16
"""Characters of text per target token that are surely enough."""


@dataclass(frozen=True, slots=True)
class Grounded:
    """A sample (or why there is none) and the code points in its cells."""

    sample: Sample | RejectedRow
    cells: Tensor | None
    size: int


@dataclass(frozen=True, slots=True)
class Opened:
    page: Page
    turns: list[Turn]
    id: str
    kind: str


class Crops:
    """A mapping from `CropRef` to `Grounded`; keeps decoded pages, the last used ones."""

    def __init__(self, encoding: Encoding, settings: WarmUpSettings, seed: int) -> None:
        self._encoding = encoding
        self._settings = settings
        self._seed = seed
        self._reader = RowReader(COLUMNS, 256 * 2**20)
        self._pages: OrderedDict[Ref, Opened | str] = OrderedDict()
        self._bytes = 0
        self._row_kinds: dict[Path, RowKinds] = {}

    def __getitem__(self, crop: CropRef) -> Grounded:
        size = self._settings.sizes[crop.phase.stage]
        name = f"row {crop.ref.row} of {crop.ref.group.file.name}"
        try:
            opened = self._open(crop.ref)
            sample, cells = self._sample(opened, crop, size)
            return Grounded(sample, torch.from_numpy(cells), size)
        except Rejected as error:
            skipped = RejectedRow(-1, name, crop.ref.configuration, str(error))
            return Grounded(skipped, None, size)

    def _open(self, ref: Ref) -> Opened:
        """The decoded page of a row; what cannot be used is remembered as well."""
        key = replace(ref, n=0)
        if key in self._pages:
            self._pages.move_to_end(key)
        else:
            try:
                row = self._reader.row(ref.group, ref.row)
                page = open_page(row, self._kinds_of(ref.group.file))
                found: Opened | str = Opened(page, conversation_turns(row), row["id"], row["kind"])
                self._bytes += page.nbytes
            except Rejected as error:
                found = str(error)
            except (pa.ArrowException, OSError):
                found = "row unreadable"
            self._pages[key] = found
            while len(self._pages) > 1 and self._bytes > self._settings.cache_mb * 2**20:
                _, oldest = self._pages.popitem(last=False)
                self._bytes -= oldest.page.nbytes if isinstance(oldest, Opened) else 0
        opened = self._pages[key]
        if isinstance(opened, str):
            raise Rejected(opened)
        return opened

    def _kinds_of(self, file: Path) -> RowKinds:
        if file not in self._row_kinds:
            self._row_kinds[file] = row_kinds_of(file)
        return self._row_kinds[file]

    def _sample(self, opened: Opened, crop: CropRef, size: int) -> tuple[Sample, Any]:
        how, phase = self._settings, crop.phase
        rng = np.random.default_rng((self._seed, crop.step, crop.index))
        last = phase.stage == len(how.sizes) - 1
        if last and rng.random() < how.whole:
            found = whole(opened.page, size, how.grid)
        else:
            found = self._crop(opened.page, phase, size, rng)
        turns = opened.turns  # one picture has one answer, however it came about
        if not found.entire:
            turns = [Turn("user", "", images=1), Turn("assistant", read_aloud(found.words))]
        encoded, shortened = self._encode(turns, size, phase.length)
        pixels = torch.from_numpy(found.pixels)
        sample = Sample(-1, opened.id, opened.kind, encoded.ids, encoded.labels, pixels, shortened)
        return sample, found.cells

    def _crop(self, page: Page, phase: Phase, size: int, rng: np.random.Generator) -> Crop:
        how = self._settings
        # while answers are short, many crops show nothing but them
        isolated = rng.random() < how.isolated * how.first_length / phase.length
        glyph = (how.glyph_low[phase.stage], how.glyph_high[phase.stage])
        view = View(size, self._encoding.image_size, glyph, phase.length, isolated, how.grid)
        return cut(page, view, rng)

    def _encode(self, turns: Sequence[Turn], size: int, length: int) -> tuple[Encoded, bool]:
        """Token ids with at most `length` targets; a shortened answer has no end token."""
        longest = length * LONGEST_TOKEN
        cut_text = any(len(turn.text) > longest for turn in turns if turn.role == "assistant")
        if cut_text:
            turns = [replace(turn, text=turn.text[:longest]) for turn in turns]
        how = self._encoding
        encoded = encode(how.tokenizer, how.conversation, turns, image_tokens(size))
        targets = sum(label != IGNORE for label in encoded.labels)
        # the text stands where it stands after a whole picture
        missing = image_tokens(how.image_size) - image_tokens(size)
        room = min(length, how.max_length - missing - (len(encoded.ids) - targets))
        if not targets or room < 1:
            raise Rejected("no answer" if not targets else "too long")
        if targets <= room and not cut_text:
            return encoded, False
        end = len(encoded.ids) - targets + min(room, targets)
        return Encoded(encoded.ids[:end], encoded.labels[:end]), True


@dataclass(frozen=True, slots=True)
class CollateGrounded:
    """Batches whose pictures are one tensor [B, S, S, 3]: a tensor each would cost a file
    descriptor each on its way between processes, and a copy each on its way to the device."""

    encoding: Encoding
    pad_id: int
    pad_to_multiple: int
    places: tuple[int, int] = (1, 1)
    sequences: str = PADDED
    """Of pictures of the model's size; parts of pictures lie side by side, for their positions."""

    def __call__(self, items: Sequence[Grounded]) -> Batch:
        size = items[0].size
        blank = blank_sample(replace(self.encoding, image_size=size))
        blank = replace(blank, image=torch.full((size, size, 3), 255, dtype=torch.uint8))
        sequences = self.sequences if size == self.encoding.image_size else PADDED
        make = Collate(blank, sequences, self.pad_id, self.pad_to_multiple, fill=True)
        batch = make([item.sample for item in items])
        rows, columns = (size // STRIDE * n for n in self.places)
        cells = torch.full((len(items), rows, columns), UNKNOWN, dtype=torch.int32)
        for i, known in enumerate(item.cells for item in items if item.cells is not None):
            cells[i] = known
        return replace(batch, images=torch.stack(list(batch.images)), characters=cells)


def plan_crops(
    order: CropOrder,
    curriculum: Curriculum,
    step: int,
    share: Callable[[list[CropRef]], list[CropRef]],
) -> Iterator[list[CropRef]]:
    """One process's crops of every step from `step` on; `order` advances by the global batch."""
    while True:
        yield share(order.take(step, curriculum.at(step)))
        step += 1


def open_crops(
    refs: Iterator[list[CropRef]],
    crops: Crops,
    collate: CollateGrounded,
    workers: int,
    lag: int,
    pin: bool = False,
) -> Iterator[Batch]:
    """Batches in the order of `refs`, never read further ahead than `lag` steps."""
    workers = min(workers, max(0, lag - 1))
    options: dict[str, Any] = {}
    if workers:
        options = {"prefetch_factor": max(1, (lag - 1) // workers)}
    source: Any = crops
    loader: DataLoader[Batch] = DataLoader(
        source,
        batch_sampler=_Lists(refs),
        collate_fn=collate,
        num_workers=workers,
        pin_memory=pin,
        worker_init_fn=_one_thread,
        **options,
    )
    return iter(loader)


class _Lists:
    """DataLoader wants a batch sampler that it can iterate."""

    def __init__(self, lists: Iterator[list[CropRef]]) -> None:
        self._lists = lists

    def __iter__(self) -> Iterator[list[CropRef]]:
        return self._lists


def _one_thread(_: int) -> None:
    torch.set_num_threads(1)
