"""The sample, one of the two outcomes of a task; the other is a `Rejection`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from renderers.picture import ImageFormat, Region
from vary_data.dataset.rejection import Rejection


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of a conversation. `role` is `system`, `user` or `assistant`."""

    role: str
    text: str
    image: bool = False
    """Whether the picture is part of this turn."""
    image_at: int = 0
    """The position of the picture in the text, in characters: 0 is before the text."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One row of a dataset; docs/dataset.md describes the columns.

    `id` is the task's key, or `<key>#<part>` where a task yields several samples. `turns` is
    empty for single-turn kinds: the engine then writes `prompt` and `text` as the conversation.
    """

    id: str
    image: bytes
    image_format: ImageFormat
    width: int
    height: int
    text: str
    prompt: str
    kind: str
    format: str
    lang: str
    doc_id: str
    source: str
    license: str
    renderer: str
    template: str
    seed: int
    attempt: int = 0
    regions: tuple[Region, ...] = ()
    turns: tuple[Turn, ...] = ()
    meta: Mapping[str, Any] = field(default_factory=dict)


Outcome = Sample | Rejection
