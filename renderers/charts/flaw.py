"""Something that is wrong with a drawn chart."""

from __future__ import annotations

from dataclasses import dataclass

from renderers.picture import Box


@dataclass(frozen=True, slots=True)
class Flaw:
    """`reason` is a word that `renderers.charts.audit` or `mark_audit` lists, `text` what it is
    about, `bbox` where, if drawn."""

    reason: str
    text: str
    bbox: Box | None = None
