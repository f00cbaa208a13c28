"""Applies a profile to a picture: pixels, and the map that its regions follow."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from renderers.degrade.frame import Frame, framed, whole
from renderers.degrade.legibility import Legibility, measure
from renderers.degrade.pixels import as_gray, blended, scaled
from renderers.degrade.profile import Profile, stages
from renderers.degrade.quads import Quads, bounds, corners_of, heights, mapped_quads
from renderers.degrade.sampling import Sampling, sampling
from renderers.degrade.step import Back, Image, Points, Stage, Streams, Surface, Values, no_back
from renderers.degrade.warp import Area, Composition
from renderers.picture import Pixels

OUTLINE_POINTS = 33
NO_QUADS: Quads = np.zeros((0, 4, 2))
AROUND_MARKS = np.array([-2.0, -2.0, 2.0, 2.0])
"""Pixels around a mark, so that its edge against the ground counts."""
SAMPLES_OF_UNIT = 60
"""The unit of a picture without text: its longer side divided by this."""


@dataclass(frozen=True, slots=True)
class Degraded:
    """A degraded picture, the map from the page to it, and what was applied.

    `quads` [n, 4, 2] are those of the given texts, `legibility` is how well they can be read,
    `marks` the same of the given marks, and `steps` the drawn values of each applied step.
    """

    pixels: Pixels
    warp: Composition
    quads: Quads
    legibility: Legibility
    marks: Legibility
    profile: str
    steps: dict[str, dict[str, Any]] = field(default_factory=dict)


def degrade(
    pixels: Pixels,
    texts: Quads,
    profile: Profile,
    strength: float,
    streams: Streams,
    content: Quads | None = None,
    back: Back = no_back,
    marks: Quads = NO_QUADS,
    left_out: Collection[str] = (),
) -> Degraded:
    """Apply a profile to a picture with texts at the quads [n, 4, 2].

    Neither texts nor `content` [m, 4, 2] (figures, marks) are cropped; without both, nothing is.
    `back` gives the page whose print shines through; without it, it is the page itself. `marks`
    [k, 4, 2] are measured like texts. Steps whose names are in `left_out` are not applied; the
    others are the same as with them.
    The result depends only on the arguments. A strength of 0 leaves the picture as it is, apart
    from steps without a strength, such as `gray` and `quarter_turn`.

    Raises:
        Rejected: `background`: a photograph of the folder of backgrounds cannot be read.
    """
    kept = texts if content is None else np.concatenate([texts, content])
    chosen = profile.chosen(streams("profile"))
    run = _Run(pixels, texts, kept, chosen, strength, streams, back)
    return run.result(marks, left_out)


class _Run:
    """One application of a profile."""

    def __init__(
        self,
        pixels: Pixels,
        texts: Quads,
        kept: Quads,
        profile: Profile,
        strength: float,
        streams: Streams,
        back: Back,
    ) -> None:
        self.page = np.asarray(pixels, np.float32)
        self.texts = texts
        self.kept = kept
        self.profile = profile
        self.strength = strength
        self.streams = streams
        self.back = back
        self.steps = stages(profile)
        self.used: dict[str, dict[str, Any]] = {}

    def result(self, marks: Quads, left_out: Collection[str]) -> Degraded:
        for stage, planned in self.steps.items():
            self.steps[stage] = [step for step in planned if step[1].name not in left_out]
        boxes = bounds(self.texts) if len(self.texts) else np.zeros((0, 4))
        page = self._photometric(Stage.PAPER, self.page, boxes, self._unit(self.texts, self.page))
        warp, frame, background = self._geometry()
        page_size, size = self.page.shape[:2], (frame.height, frame.width)
        resampling = sampling(warp, (page_size[0], page_size[1]), size)
        picture = self._composed(resampling.pixels(page), resampling, size, background)
        quads = mapped_quads(self.texts, warp)
        boxes = bounds(quads) if len(quads) else boxes
        unit = self._unit(quads, picture)
        for stage in (Stage.LIGHT, Stage.CAMERA, Stage.FILE):
            picture = self._photometric(stage, picture, boxes, unit)
        picture = np.clip(picture, 0, 255)
        clean, gray = resampling.pixels(as_gray(self.page)), as_gray(picture)
        shapes = mapped_quads(marks, warp)
        if len(shapes):
            boxes = np.concatenate([boxes, bounds(shapes) + AROUND_MARKS])
        seen = measure(clean, gray, boxes, heights(np.concatenate([quads, shapes])), unit)
        text, shape = seen[: len(quads)], seen[len(quads) :]
        final = np.rint(picture).astype(np.uint8)
        return Degraded(final, warp, quads, text, shape, self.profile.name, self.used)

    def _unit(self, quads: Quads, image: Image) -> float:
        if len(quads):
            return max(4.0, float(np.median(heights(quads))))
        return max(4.0, float(max(image.shape[:2])) / SAMPLES_OF_UNIT)

    def _draw(self, number: int, planned: Any) -> tuple[Values | None, np.random.Generator]:
        rng = self.streams(f"{number}.{planned.name}")
        values = planned.draw(self.strength, rng)
        if values is not None:
            rounded = {k: round(v, 4) if isinstance(v, float) else v for k, v in values.items()}
            self.used[
                planned.name if planned.name not in self.used else f"{planned.name}.{number}"
            ] = rounded
        return values, rng

    def _photometric(self, stage: Stage, image: Image, boxes: Any, unit: float) -> Image:
        for number, planned, step in self.steps[stage]:
            values, rng = self._draw(number, planned)
            if values is not None:
                changed = step.apply(Surface(image, boxes, unit, self.back), values, rng)
                image = np.asarray(changed, np.float32)
        return image

    def _geometry(self) -> tuple[Composition, Frame, tuple[Values, np.random.Generator] | None]:
        """The map, the frame, and the step of the background if there is one."""
        height, width = self.page.shape[:2]
        outline = _outline(width, height)
        kept = self.kept.reshape(-1, 2) if len(self.kept) else outline
        warp = Composition()
        background = frame = None
        for number, planned, step in self.steps[Stage.GEOMETRY]:
            values, rng = self._draw(number, planned)
            if values is None:
                continue
            if planned.name == "background":
                background = values, rng
            elif planned.name == "frame":
                frame = values, rng
            else:
                seen = warp.forward(outline)
                warp = warp.then(step.apply(Area(*seen.min(0), *seen.max(0)), values, rng))
        seen, long_side = warp.forward(outline), float(max(width, height))
        if frame is None:
            found = whole(seen, long_side)
        else:
            found = framed(seen, warp.forward(kept), frame[0], long_side, frame[1])
        return warp.then(found.warp), found, background

    def _composed(
        self,
        picture: Image,
        resampling: Sampling,
        size: tuple[int, int],
        background: tuple[Values, np.random.Generator] | None,
    ) -> Image:
        """The lit page on its background."""
        if resampling.shade is not None:
            picture = scaled(picture, resampling.shade)
        if background is None or resampling.inside is None:
            return picture
        values, rng = background
        from renderers.degrade.backdrop import backdrop

        behind = backdrop(*size, values, rng)
        behind = _shadowed(behind, resampling.inside, values["shadow"], rng)
        return blended(behind, picture, resampling.inside)


def _shadowed(behind: Image, inside: Image, darkness: float, rng: np.random.Generator) -> Image:
    """The background with the shadow of the sheet, moved by about one percent of the picture."""
    height, width = inside.shape
    small = cv2.resize(
        inside, (max(2, width // 8), max(2, height // 8)), interpolation=cv2.INTER_AREA
    )
    reach = max(small.shape) * rng.uniform(0.004, 0.012)
    shift = np.array([[1, 0, rng.uniform(-1, 1) * reach], [0, 1, rng.uniform(-1, 1) * reach]])
    small = cv2.warpAffine(small, shift, small.shape[::-1], borderMode=cv2.BORDER_REPLICATE)
    small = cv2.GaussianBlur(small, (0, 0), max(0.5, reach))
    return scaled(behind, np.asarray(cv2.resize(1 - darkness * small, (width, height))))


def _outline(width: int, height: int) -> Points:
    """Points along the border of a page."""
    corners = corners_of(np.array([[0.0, 0.0, width, height]]))[0]
    share = np.linspace(0, 1, OUTLINE_POINTS)[:, None]
    sides = zip(corners, np.roll(corners, -1, axis=0), strict=True)
    return np.concatenate([a + (b - a) * share for a, b in sides])


def illegible_share(found: Degraded, texts: Quads, characters: npt.NDArray[np.float64]) -> float:
    """The share of the characters whose text the degradation made illegible.

    `texts` are the quads before it, `characters` [n] their numbers of characters.
    """
    total = float(characters.sum())
    if not total:
        return 0.0
    return float(characters[found.legibility.illegible(heights(texts))].sum()) / total
