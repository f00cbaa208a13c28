"""A camera that looks at the page aslant."""

from __future__ import annotations

import numpy as np

from renderers.degrade.step import Number, Stage, Step, Values
from renderers.degrade.warp import Area, Homography, Warp


def build(area: Area, values: Values, rng: np.random.Generator) -> Warp:
    """The page is tilted about an axis in its plane, `distance` sizes away from the camera."""
    tilt = np.radians(values["tilt"])
    direction = rng.uniform(0, 2 * np.pi)
    axis = np.array([np.cos(direction), np.sin(direction), 0.0])
    cross = np.array([[0, -axis[2], axis[1]], [axis[2], 0, -axis[0]], [-axis[1], axis[0], 0]])
    # Rodrigues' formula; the page is the plane z = 0, so the third column is not needed.
    turn = np.eye(3) + np.sin(tilt) * cross + (1 - np.cos(tilt)) * cross @ cross
    distance = values["distance"] * area.size
    camera = np.array([turn[0] * distance, turn[1] * distance, turn[2]])[:, :2]
    matrix = np.column_stack([camera, [0.0, 0.0, distance]])
    shift = np.eye(3)
    shift[:2, 2] = -area.center
    back = np.eye(3)
    back[:2, 2] = area.center
    return Homography(back @ matrix @ shift / distance)


STEP = Step(
    Stage.GEOMETRY,
    build,
    {
        "tilt": Number((5, 25), 0, 60, neutral=0.0),
        "distance": Number((1.2, 2.5), 1.0, 20),
    },
)
