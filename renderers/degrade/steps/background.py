"""What is around the page: a table, cloth, the lid of a scanner, or a photograph of a folder."""

from __future__ import annotations

from renderers.degrade.backdrop import backdrop
from renderers.degrade.step import Choice, Folder, Number, Stage, Step

STEP = Step(
    Stage.GEOMETRY,
    backdrop,
    {
        "kind": Choice(("wood", "cloth", "stone", "desk", "lid", "black", "sheet")),
        "folder": Folder(),
        "shadow": Number((0.2, 0.6), 0, 0.9, neutral=0.0),
    },
)
