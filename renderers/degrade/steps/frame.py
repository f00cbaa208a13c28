"""What the camera or scanner sees: a margin around the page, or not all of its empty border.

Nothing with a region is cropped. The build of this step is that of the frame, which comes after all
maps.
"""

from __future__ import annotations

from renderers.degrade.frame import framed
from renderers.degrade.step import Number, Stage, Step

STEP = Step(
    Stage.GEOMETRY,
    framed,
    {
        "margin": Number((0.0, 0.1), 0, 1, neutral=0.0),
        "crop": Number((0.0, 0.0), 0, 1, neutral=0.0),
        "zoom": Number((1.0, 1.0), 0.25, 4, neutral=1.0),
    },
)
