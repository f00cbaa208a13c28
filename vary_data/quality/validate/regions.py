"""Checks of a row's regions and messages, without its pixels."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from renderers.roles import SHAPES, WORD
from vary_data.dataset.schema import ROLES
from vary_data.quality.validate.picture import RowProblem

BOX_TOLERANCE = 1.0
"""Pixels by which a box may exceed the picture: some renderers round boxes to whole pixels."""
WORD_TOLERANCE = (0.8, 0.25)
"""The same for a word and its line, as shares of the word's height along and across the line; at
least 2 pixels. Words have the advance width of their characters, lines may have the width of
their ink: the blank half of a closing Chinese bracket exceeds the line."""


def written(regions: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The regions with printed text, each text once: without shapes and words."""
    return [r for r in regions if r["text"].strip() and r["role"] not in SHAPES | {WORD}]


def check_regions(row: Mapping[str, Any]) -> Iterator[RowProblem]:
    """Check that boxes are valid and inside the picture, and words inside their line."""
    lines: list[Mapping[str, Any]] = []
    for region in row["regions"]:
        bbox, text = region["bbox"], region["text"]
        named = repr(text[:60]) if text else f"a {region['role']}"
        if len(bbox) != 4 or not all(map(math.isfinite, bbox)):
            yield "region", f"the box of {named} is not four numbers"
            continue
        if not _inside(bbox, (0, 0, row["width"], row["height"]), BOX_TOLERANCE, BOX_TOLERANCE):
            yield "region", f"{named} is not inside the picture: {_box(bbox)}"
        elif written([region]) and (
            bbox[2] <= bbox[0] or bbox[3] <= bbox[1]
        ):  # a bar of zero has no height
            yield "region", f"the box of {named} is empty: {_box(bbox)}"
        if region["role"] != WORD:
            lines += written([region])
        elif lines and not _belongs(region, lines):
            yield "word", f"the word {named} is not inside a line with its text: {_box(bbox)}"


def check_messages(row: Mapping[str, Any]) -> Iterator[RowProblem]:
    """Check that the conversation is complete, has the picture once, and ends with the truth."""
    messages = row["messages"]
    roles = [message["role"] for message in messages]
    if not messages or any(role not in ROLES for role in roles):
        yield "messages", f"the roles are {roles}"
        return
    turns = [role for role in roles if role != "system"]
    if turns != ["user", "assistant"] * (len(turns) // 2) or not turns:
        yield "messages", f"the turns are {turns}"
        return
    parts = [(m["role"], part) for m in messages for part in m["content"]]
    images = [role for role, part in parts if part["type"] == "image"]
    if images != ["user"]:
        yield "messages", f"the picture is in {len(images)} places, by {images}"
    if any(part["type"] not in ("image", "text") for _, part in parts):
        yield "messages", "a part is neither image nor text"
    texts = [_text(m) for m in messages]
    if not all(texts):
        yield "messages", "a turn has no text"
    elif len(turns) == 2 and texts[-1] != row["text"]:
        yield "messages", "the answer is not the text of the row"


def _text(message: Mapping[str, Any]) -> str:
    return "".join(part["text"] or "" for part in message["content"] if part["type"] == "text")


def _belongs(word: Mapping[str, Any], lines: list[Mapping[str, Any]]) -> bool:
    """Whether a word is inside a line with its text, usually the last line before it."""
    bbox = word["bbox"]
    along, across = (max(2.0, share * (bbox[3] - bbox[1])) for share in WORD_TOLERANCE)
    letters = "".join(word["text"].split())
    return any(
        _inside(bbox, line["bbox"], along, across) and letters in "".join(line["text"].split())
        for line in reversed(lines)
    )


def _inside(bbox: Any, outer: Any, along: float, across: float) -> bool:
    return bool(
        bbox[0] >= outer[0] - along
        and bbox[1] >= outer[1] - across
        and bbox[2] <= outer[2] + along
        and bbox[3] <= outer[3] + across
    )


def _box(bbox: Any) -> str:
    return "[" + ", ".join(f"{value:.1f}" for value in bbox) + "]"
