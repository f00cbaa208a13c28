"""Targets made while a dataset is read: pictures stay as stored, texts are made in another form."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from vary_data.dataset.row_groups import RowGroup
from vary_data.dataset.row_kinds import RowKinds, row_kinds_of
from vary_data.dataset.target_choice import TargetChoice
from vary_data.targets.registry import QUESTIONS
from vary_data.targets.target import META_KEY, Target, row_kinds, target_meta, targets


def with_target(row: Mapping[str, Any], choice: TargetChoice) -> dict[str, Any]:
    """The row with its target in the chosen form, as `vary-data retarget` would store it.

    Raises:
        Rejected: the row has no such target.
        ToolMissing: the form needs a package that is not installed.
    """
    target = targets(row, choice.form, choice.seed, choice.prompts)[0]
    return {**row, **target_columns(row, target)}


def target_columns(row: Mapping[str, Any], target: Target) -> dict[str, Any]:
    """The columns of a row that a target changes."""
    meta = json.loads(row["meta"] or "{}")
    meta[META_KEY] = target_meta(row, target)
    image = {"type": "image", "text": None}
    question = [image, {"type": "text", "text": target.prompt}]
    return {
        "text": target.text,
        "kind": target.kind,
        "format": target_format(target.form),
        "messages": [
            {"role": "user", "content": question},
            {"role": "assistant", "content": [{"type": "text", "text": target.text}]},
        ],
        "meta": json.dumps(meta, ensure_ascii=False, sort_keys=True),
    }


def target_format(form: str) -> str:
    """The column `format` of rows in a form."""
    return "answer" if form == QUESTIONS else form


def group_kinds(group: RowGroup) -> RowKinds:
    """The row kinds of a group, with those of its other target."""
    stored = row_kinds_of(group.file)
    if group.target is None:
        return stored
    return RowKinds((*stored.described, *row_kinds(group.target.form)))
