"""Scans and photographs of pictures as they are read; docs/degrade.md describes profiles."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from trainer.errors import SettingsError
from vary_data.base.plain_yaml import plain_yaml

if TYPE_CHECKING:
    from renderers.degrade.pipeline import Degraded
    from renderers.degrade.profile import Profile

Quads = npt.NDArray[np.floating[Any]]
"""`[n, 4, 2]`: corners in pixels."""


@dataclass(frozen=True, slots=True)
class ReadDegradation:
    """A profile that a share of the pictures gets; the same picture for the same key."""

    profile: Profile
    strength: float
    share: float
    seed: int

    def applied(
        self, image: Image.Image, quads: Quads, key: tuple[int, ...]
    ) -> tuple[Image.Image, Degraded | None]:
        """The picture, and what was done to it; None if it is not in the share.

        `quads` are its texts, `key` is what distinguishes it from others.
        """
        from renderers.degrade.pipeline import degrade
        from renderers.degrade.process import prepare_process

        def streams(name: str) -> np.random.Generator:
            return np.random.default_rng((self.seed, *key, *name.encode()))

        if streams("share").random() >= self.share:
            return image, None
        prepare_process()  # the workers of a loader share the cores
        pixels = np.asarray(image if image.mode == "L" else image.convert("RGB"))
        found = degrade(pixels, quads.astype(np.float64), self.profile, self.strength, streams)
        return Image.fromarray(found.pixels), found


def open_degradation(text: str, strength: float, seed: int) -> ReadDegradation | None:
    """A degradation from `PROFILE[:SHARE]`; a profile is a name or a YAML file.

    Raises:
        SettingsError: there is no such profile, or it has an error, or OpenCV is not installed.
    """
    if not text:
        return None
    try:
        import cv2  # noqa: F401
    except ImportError as error:
        hint = "pip install 'vary-data[degrade]'"
        raise SettingsError("data.degrade needs OpenCV", hint) from error
    from renderers.degrade.profile import NAMES, ProfileError, packaged, parse

    name, colon, share_text = text.rpartition(":")
    name = name if colon else text
    try:
        share = float(share_text) if colon else 1.0
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1 or not 0 <= strength <= 1:
        hint = "expected a profile and a share, such as photo:0.3, and a strength from 0 to 1"
        raise SettingsError(f"data.degrade is {text!r}, data.degrade_strength {strength}", hint)
    try:
        if name in NAMES:
            profile = packaged(name)
        else:
            path = Path(name)
            profile = parse(path.read_text("utf-8"), path.stem, plain_yaml)
    except ProfileError as error:
        raise SettingsError(f"data.degrade: {name}: {error}", "see docs/degrade.md") from error
    except (OSError, UnicodeDecodeError) as error:
        hint = f"a YAML file, or one of {', '.join(NAMES)}"
        raise SettingsError(f"data.degrade: {name!r} cannot be read", hint) from error
    return ReadDegradation(profile, strength, share, seed)
