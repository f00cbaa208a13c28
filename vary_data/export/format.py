"""What a format of exports is: how it writes a split, and which texts it cannot hold."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vary_data.export.pictures import ExportedPicture

CONTROL_STRINGS = (
    *("<image>", "<video>", "<audio>", "<img>", "</img>", "<imgpad>", "<IMG_CONTEXT>"),
    *("<ref-object>", "<bbox>"),
    *("<im_start>", "<im_end>", "<im_patch>", "<s>", "</s>", "<unk>", "[INST]", "[/INST]"),
)
"""Strings that trainers of conversations read as a picture, a box or the end of a turn, wherever
they stand: the marks of LLaVA, Vary, Qwen-VL, InternVL, ms-swift and the LLaMA tokenizer."""


@dataclass(frozen=True, slots=True)
class ExportedRow:
    """A row with its picture, whose name has the number of the row in the whole export."""

    row: Mapping[str, Any]
    picture: ExportedPicture


@dataclass(frozen=True, slots=True)
class ExportFormat:
    """A format.

    `write_split(split, rows, folder)` writes one split into a folder that all splits share.
    `finish(folder, counts)` is called once, with the number of rows of each split.
    `refuses(row)` names why a row is left out; the empty string takes it.
    With `plain_conversations`, turns are plain text in which the strings of control tokens have a
    meaning: rows that contain one are left out. With `layout`, regions are written: rows are left
    out whose regions cannot be relied on.
    """

    write_split: Callable[[str, Iterable[ExportedRow], Path], None]
    plain_conversations: bool
    layout: bool = False
    finish: Callable[[Path, Mapping[str, int]], None] = lambda folder, counts: None
    refuses: Callable[[Mapping[str, Any]], str] = lambda row: ""
