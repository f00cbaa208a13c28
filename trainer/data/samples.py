"""Rows of a dataset as token ids, labels and a picture."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa
from PIL import Image
from torch import Tensor

from trainer.data.answer_noise import AnswerNoise
from trainer.data.degrading import ReadDegradation
from trainer.data.order import Ref
from trainer.data.pictures import decode, picture_tensor
from trainer.data.rows import RowReader
from trainer.errors import DataError
from trainer.model.configuration import image_tokens
from trainer.model.conversation import ChatTurn, Encoded, encode
from trainer.model.loss import IGNORE
from vary_data.dataset.rejection import Rejected
from vary_data.dataset.row_groups import TRAINING_COLUMNS
from vary_data.targets.target import OF_THE_PICTURE


@dataclass(frozen=True, slots=True)
class TrainingSample:
    """One encoded sample; `image` is uint8 [H, W, 3], or None for text alone."""

    n: int
    id: str
    kind: str
    ids: list[int]
    labels: list[int]
    image: Tensor | None
    cut: bool = False

    def pin_memory(self) -> TrainingSample:
        """A copy in page-locked memory; data loaders call it by this name."""
        return replace(self, image=self.image if self.image is None else self.image.pin_memory())


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """A row that gave no sample: counted and listed, never replaced by another row.

    It has the rejection's reason and the row's place `n` in the order of the run.
    """

    n: int
    id: str
    configuration: str
    reason: str


@dataclass(frozen=True, slots=True)
class Encoding:
    """How rows are encoded as samples; `max_length` includes image tokens."""

    tokenizer: Any
    conversation: str
    image_size: int
    max_length: int
    too_long: str = "skip"
    augment_seed: int | None = None
    degradation: ReadDegradation | None = None
    answer_noise: AnswerNoise | None = None

    def held_out(self) -> Encoding:
        """The same for rows that are not trained on: pictures and answers stay as they are."""
        return replace(self, augment_seed=None, degradation=None, answer_noise=None)


class Samples:
    """A mapping from `Ref` to `TrainingSample` or `RejectedRow`, for a data loader's workers."""

    def __init__(self, encoding: Encoding, cache_bytes: int) -> None:
        self._encoding = encoding
        self._reader = RowReader(TRAINING_COLUMNS, cache_bytes)

    def __getitem__(self, ref: Ref) -> TrainingSample | RejectedRow:
        row_id = f"row {ref.row} of group {ref.group.index} of {ref.group.file.name}"
        try:
            row = self._reader.row(ref.group, ref.row)
            row_id = row["id"] or row_id
            return self._sample(row, ref.n)
        except Rejected as error:
            return RejectedRow(ref.n, row_id, ref.configuration, error.reason)
        except (pa.ArrowException, OSError):
            return RejectedRow(ref.n, row_id, ref.configuration, "row unreadable")

    def _sample(self, row: Mapping[str, Any], n: int) -> TrainingSample:
        encoding = self._encoding
        turns = conversation_turns(row)
        if not any(turn.role == "assistant" and turn.text for turn in turns):
            raise Rejected("no answer")
        image = row["image"] and row["image"]["bytes"]
        pictures = sum(turn.images for turn in turns)
        if pictures > 1:
            raise Rejected("several pictures")
        if bool(image) != bool(pictures):
            raise Rejected("conversation without its picture" if image else "no picture")
        try:
            tokens = image_tokens(encoding.image_size)
            encoded = encode(encoding.tokenizer, encoding.conversation, turns, tokens)
        except DataError:
            raise Rejected("several turns") from None
        cut = len(encoded.ids) > encoding.max_length
        if cut:
            encoded = _truncated(encoded, encoding)
        rng = None
        if encoding.augment_seed is not None:
            rng = np.random.default_rng((encoding.augment_seed, n))
        tensor = picture_tensor(self._degraded(row, decode(image), n), rng) if image else None
        ids, labels = encoded.ids, encoded.labels
        if encoding.answer_noise is not None:
            ids = encoding.answer_noise.applied(ids, labels, (n,))
        return TrainingSample(n, row["id"], row["kind"], ids, labels, tensor, cut)

    def _degraded(self, row: Mapping[str, Any], image: Image.Image, n: int) -> Image.Image:
        degradation = self._encoding.degradation
        if degradation is None or row["kind"] in OF_THE_PICTURE:
            return image
        # Without the places of its texts: rows of other makers have none.
        return degradation.applied(image, np.zeros((0, 4, 2)), (n,))[0]


def _truncated(encoded: Encoded, encoding: Encoding) -> Encoded:
    """The start of a sample that is too long; no end token is added.

    Raises:
        Rejected: such samples are skipped, or the start has no targets.
    """
    labels = encoded.labels[: encoding.max_length]
    if encoding.too_long == "skip" or all(label == IGNORE for label in labels):
        raise Rejected("too long")
    return Encoded(encoded.ids[: encoding.max_length], labels)


def conversation_turns(row: Mapping[str, Any]) -> list[ChatTurn]:
    """The turns of a row: its messages, or its text as the answer to an empty question.

    A picture that no message mentions comes before the first question.
    """
    turns = []
    for message in row["messages"] or ():
        parts = message["content"] or ()
        text = "".join(p["text"] or "" for p in parts if p["type"] == "text")
        turns.append(ChatTurn(message["role"], text, sum(p["type"] == "image" for p in parts)))
    if not turns and row["text"]:
        turns = [ChatTurn("user", ""), ChatTurn("assistant", row["text"])]
    has_image = bool(row["image"] and row["image"]["bytes"])
    if has_image and turns and not any(turn.images for turn in turns):
        first = next((i for i, turn in enumerate(turns) if turn.role == "user"), None)
        if first is not None:
            turns[first] = replace(turns[first], images=1)
    return turns
