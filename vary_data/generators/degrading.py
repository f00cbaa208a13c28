"""Degrades samples: scans and photographs of what a generator drew, with regions that follow."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from PIL import Image

from renderers.picture import ImageFormat, Pixels, encode
from vary_data.base.errors import SourceError, ToolMissing, UsageError, nearest
from vary_data.base.seed import TaskSeed, stable_hash
from vary_data.base.storage import location
from vary_data.dataset.rejection import Rejected, Rejection
from vary_data.engine.sample import Outcome, Sample

if TYPE_CHECKING:
    from renderers.degrade.pipeline import Degraded
    from renderers.degrade.profile import Profile

MAX_ATTEMPTS = 6
"""The last one has a quarter of the strength of the first one."""
WEAKER = 0.75
"""Factor of the strength after a picture with illegible text."""
QUALITY = 92
"""Of the stored JPEG or WebP: the losses that are wanted are steps of the profile."""
MAX_PROFILE_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class Degradation:
    """What to apply: a profile, its strength from 0 to 1, and to which share of the samples.

    `profile` is the name of a packaged profile or the path of a YAML file, `backgrounds` the path
    of a folder of photographs, empty for procedural backgrounds.
    """

    profile: str = "mix"
    strength: float = 0.6
    share: float = 1.0
    backgrounds: str = ""

    def load(self) -> Profile:
        """The profile.

        Raises:
            UsageError: it is unknown, or its file has an error.
            SourceError: its file or the folder of backgrounds cannot be read.
            ToolMissing: OpenCV is not installed.
        """
        try:
            import cv2  # noqa: F401
        except ImportError as error:
            raise ToolMissing(
                "OpenCV is not installed", "pip install 'vary-data[degrade]'"
            ) from error
        from renderers.degrade.backdrop import pictures
        from renderers.degrade.profile import NAMES, ProfileError, packaged, parse

        if self.profile in NAMES:
            profile = packaged(self.profile)
        elif not self.profile.endswith((".yaml", ".yml")):
            hint = f"{nearest(self.profile, NAMES)}; a file of your own ends in .yaml"
            raise UsageError(f"unknown profile {self.profile!r}", hint)
        else:
            try:
                profile = parse(_text(self.profile), Path(self.profile).stem)
            except ProfileError as error:
                raise UsageError(
                    f"{self.profile}: {error}", "docs/degrade.md describes profiles"
                ) from error
        if self.backgrounds:
            profile = profile.with_backgrounds(self.backgrounds)
        for folder in {
            s.ranges["folder"][0] for s in profile.all_steps() if s.name == "background"
        }:
            if folder and not pictures(folder):
                raise SourceError(
                    f"{folder} has no JPEG, PNG or WebP files", "name a local folder of photographs"
                )
        return profile

    def digest(self) -> str:
        """A hash of the profile's content and of the names of the backgrounds."""
        from renderers.degrade.backdrop import pictures

        names = pictures(self.backgrounds) if self.backgrounds else ()
        return f"{stable_hash(self.load().to_json(), *names):016x}"


def _text(path: str) -> str:
    try:
        data = location(path).read_bytes()
        if len(data) > MAX_PROFILE_BYTES:
            raise SourceError(
                f"{path} has {len(data):,} bytes", "a profile is a short list of steps"
            )
        return data.decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8"
        raise SourceError(f"cannot read the profile {path}: {reason}") from error


class Degrader:
    """Applies a degradation to samples, in a worker process."""

    def __init__(self, degradation: Degradation, image_format: str) -> None:
        import cv2

        self.degradation = degradation
        self.profile = degradation.load()
        self.image_format = cast(ImageFormat, image_format)  # a choice of the recipe
        cv2.setNumThreads(1)  # one worker per core

    def outcomes(self, sample: Sample, seed: TaskSeed) -> Iterator[Outcome]:
        """The degraded sample, after rejections of attempts that were too strong; or the sample
        unchanged, if it is not in the share that is degraded."""
        chosen = seed.generator(0, f"{sample.id}/degrade").random() < self.degradation.share
        if not chosen:
            yield sample
            return
        try:
            pixels = _pixels(sample.image)
        except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
            yield Rejection(sample.id, "unreadable-image", str(error)[:200])
            return
        strength = self.degradation.strength
        for attempt in range(MAX_ATTEMPTS):
            try:
                made, problem = self._attempt(sample, pixels, strength, seed)
            except Rejected as error:
                yield Rejection(sample.id, error.reason, error.detail)
                return
            if made is not None:
                yield made
                return
            last = attempt == MAX_ATTEMPTS - 1
            yield Rejection(sample.id, *problem, attempt=attempt, retried=not last)
            strength *= WEAKER

    def _attempt(
        self, sample: Sample, pixels: Pixels, strength: float, seed: TaskSeed
    ) -> tuple[Sample | None, tuple[str, str]]:
        """The sample at a strength, or None with the reason and the detail of a rejection.

        A weaker attempt has the same random numbers, so it is the same degradation, but weaker.
        """
        from renderers.degrade.legibility import MAX_ILLEGIBLE
        from renderers.degrade.pipeline import degrade, illegible_share
        from renderers.degrade.regions import mapped_regions, outside, printed_texts, quads_of

        texts = [sample.regions[i] for i in printed_texts(sample.regions)]
        quads = quads_of(texts)
        made = degrade(
            pixels,
            quads,
            self.profile,
            strength,
            lambda name: seed.generator(0, f"{sample.id}/degrade/{name}"),
        )
        height, width = made.pixels.shape[:2]
        if lost := outside(texts, made.warp, width, height):
            return None, ("outside", f"{lost[0].text[:60]!r} is not inside the picture")
        characters = np.array([len("".join(text.text.split())) for text in texts], np.float64)
        share = illegible_share(made, quads, characters)
        if share > MAX_ILLEGIBLE:
            return None, ("illegible", f"{share:.1%} of the characters at strength {strength:.2f}")
        regions = mapped_regions(sample.regions, made.warp, width, height)
        return (
            replace(
                sample,
                image=encode(made.pixels, self.image_format, QUALITY),
                image_format=self.image_format,
                width=width,
                height=height,
                regions=regions,
                meta={**sample.meta, "degrade": _facts(made, strength)},
            ),
            ("", ""),
        )


def _facts(made: Degraded, strength: float) -> Mapping[str, Any]:
    """What was applied, for the column `meta`."""
    return {"profile": made.profile, "strength": round(strength, 4), "steps": made.steps}


def _pixels(image: bytes) -> Pixels:
    """[h, w, 3], or [h, w] of a picture without color."""
    with Image.open(io.BytesIO(image)) as opened:
        if opened.mode in ("L", "1", "I;16", "LA"):
            return np.asarray(opened.convert("L"))
        pixels = np.asarray(opened.convert("RGB"))
    first = pixels[..., 0]
    gray = bool((first == pixels[..., 1]).all() and (first == pixels[..., 2]).all())
    return np.ascontiguousarray(first) if gray else pixels
