"""Degrades samples: scans and photographs of what a generator drew, with regions that follow."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from PIL import Image

from renderers.degrade.step import no_back
from renderers.picture import ImageFormat, Pixels, encode
from vary_data.base.seed import TaskSeed
from vary_data.dataset.rejection import Rejected, Rejection
from vary_data.engine.generator import Task, TaskRunner
from vary_data.engine.sample import Outcome, Sample
from vary_data.generators.degradation import Degradation

if TYPE_CHECKING:
    from renderers.degrade.pipeline import Degraded
    from renderers.degrade.step import Back

MAX_ATTEMPTS = 6
"""The last one has a quarter of the strength of the first one."""
WEAKER = 0.75
"""Factor of the strength after a picture with illegible text."""
LEFT_OUT = {"marks": frozenset({"binarize"}), "colors": frozenset({"gray", "binarize"})}
"""By the reason of a chart that cannot be read: the steps that are left out, before it is made
weaker. A weaker gray has no more color."""
UNREADABLE = (OSError, ValueError, SyntaxError, Image.DecompressionBombError)
"""Errors of Pillow for a picture that does not decode."""
QUALITY = 92
"""Of the stored JPEG or WebP: the losses that are wanted are steps of the profile."""


Picture = Callable[[], bytes | None]
"""Gives an encoded picture, if there is one."""


class Degrader:
    """Applies a degradation to samples, in a worker process."""

    def __init__(self, degradation: Degradation, image_format: str) -> None:
        from renderers.degrade.process import prepare_process

        self.degradation = degradation
        self.profile = degradation.resolved().load()
        self.image_format = cast(ImageFormat, image_format)  # a choice of the recipe
        prepare_process()

    def outcomes(
        self, sample: Sample, task: str, seed: TaskSeed, back: Picture = no_back
    ) -> Iterator[Outcome]:
        """The degraded sample, after rejections of attempts that were too strong; or the sample
        unchanged, if it is not in the share that is degraded. `task` is the key of its task, `back`
        gives the picture on the other side of the sheet."""
        chosen = seed.generator(0, f"{sample.id}/degrade").random() < self.degradation.share
        if not chosen:
            yield sample
            return
        try:
            pixels = _pixels(sample.image)
        except UNREADABLE as error:
            yield Rejection(sample.id, "unreadable-image", str(error)[:200], task=task)
            return
        strength, left_out = self.degradation.strength, frozenset[str]()
        other_side = cache(lambda: _gray(back()))
        for attempt in range(MAX_ATTEMPTS):
            try:
                made, problem = self._attempt(sample, pixels, strength, seed, other_side, left_out)
            except Rejected as error:
                yield Rejection(sample.id, error.reason, error.detail, task=task)
                return
            if made is not None:
                yield made
                return
            last = attempt == MAX_ATTEMPTS - 1
            reason, detail = problem
            yield Rejection(sample.id, reason, detail, attempt, not last, task=task)
            if left_out < (more := left_out | LEFT_OUT.get(reason, frozenset())):
                left_out = more
            else:
                strength *= WEAKER

    def _attempt(
        self,
        sample: Sample,
        pixels: Pixels,
        strength: float,
        seed: TaskSeed,
        back: Back,
        left_out: frozenset[str],
    ) -> tuple[Sample | None, tuple[str, str]]:
        """The sample at a strength, or None with the reason and the detail of a rejection.

        A weaker attempt has the same random numbers, so it is the same degradation, but weaker.
        """
        from renderers.degrade.legibility import MAX_ILLEGIBLE, lost_share
        from renderers.degrade.pipeline import degrade, illegible_share
        from renderers.degrade.regions import (
            content_quads,
            mapped_regions,
            outside,
            printed_texts,
            quads_of,
        )
        from renderers.degrade.series import alike, mark_quads, series_of

        texts = [sample.regions[i] for i in printed_texts(sample.regions)]
        quads = quads_of(texts)
        made = degrade(
            pixels,
            quads,
            self.profile,
            strength,
            lambda name: seed.generator(0, f"{sample.id}/degrade/{name}"),
            content_quads(sample.regions, sample.width, sample.height),
            back,
            mark_quads(sample.regions),
            left_out,
        )
        height, width = made.pixels.shape[:2]
        if lost := outside(texts, made.warp, width, height):
            return None, ("outside", f"{lost[0].text[:60]!r} is not inside the picture")
        characters = np.array([len("".join(text.text.split())) for text in texts], np.float64)
        share = illegible_share(made, quads, characters)
        if share > MAX_ILLEGIBLE:
            return None, ("illegible", f"{share:.1%} of the characters at strength {strength:.2f}")
        if (share := lost_share(made.marks)) > MAX_ILLEGIBLE:
            return None, ("marks", f"{share:.1%} of the marks at strength {strength:.2f}")
        if same := alike(series_of(sample.regions), pixels, made.pixels, made.warp):
            return None, ("colors", f"{same[0][:40]!r} and {same[1][:40]!r} have one color")
        regions = mapped_regions(sample.regions, made.warp, width, height)
        degraded = replace(
            sample,
            image=encode(made.pixels, self.image_format, QUALITY),
            image_format=self.image_format,
            width=width,
            height=height,
            regions=regions,
            meta={**sample.meta, "degrade": _facts(made, strength)},
        )
        return with_its_target(degraded), ("", "")


class DegradingTaskRunner:
    """Degrades the samples of another task runner.

    The other side of a sheet is `back` of the task; without it, the sample before in the task, as
    the result must not depend on other tasks.
    """

    def __init__(
        self,
        runner: TaskRunner,
        degrader: Degrader,
        back: Callable[[Task], Picture] | None = None,
    ) -> None:
        self._runner = runner
        self._degrader = degrader
        self._back = back

    def run(self, task: Task, seed: TaskSeed) -> Iterator[Outcome]:
        other_side = no_back if self._back is None else self._back(task)
        for outcome in self._runner.run(task, seed):
            if isinstance(outcome, Sample):
                yield from self._degrader.outcomes(outcome, task.key, seed, other_side)
                if self._back is None:
                    other_side = _stored(outcome.image)
            else:
                yield outcome

    def close(self) -> None:
        self._runner.close()


def _stored(image: bytes) -> Picture:
    return lambda: image


def with_its_target(sample: Sample) -> Sample:
    """The sample with the text of its degraded picture: boxes in a text, and answers of questions,
    are made from the moved regions.

    Raises:
        Rejected: `target` if the answer of a question is another one on this picture, or if the
            text cannot be written.
    """
    from vary_data.engine.rows import to_batch
    from vary_data.targets.target import OF_THE_PICTURE, written_anew

    if sample.kind not in OF_THE_PICTURE:
        return sample
    (row,) = to_batch([sample]).to_pylist()
    text = written_anew(row)
    if text == sample.text:
        return sample
    if sample.format == "answer":
        detail = f"the answer was {sample.text[:60]!r} and would be {text[:60]!r}"
        raise Rejected("target", detail)
    if not sample.turns:
        return replace(sample, text=text)
    *before, last = sample.turns
    return replace(sample, text=text, turns=(*before, replace(last, text=text)))


def _facts(made: Degraded, strength: float) -> Mapping[str, Any]:
    """What was applied, for the column `meta`."""
    return {"profile": made.profile, "strength": round(strength, 4), "steps": made.steps}


def _gray(image: bytes | None) -> Pixels | None:
    """[h, w] of a picture; None without one, or if it does not decode: its own row counts that."""
    if image is None:
        return None
    try:
        with Image.open(io.BytesIO(image)) as opened:
            return np.asarray(opened.convert("L"))
    except UNREADABLE:
        return None


def _pixels(image: bytes) -> Pixels:
    """[h, w, 3], or [h, w] of a picture without color."""
    with Image.open(io.BytesIO(image)) as opened:
        if opened.mode in ("L", "1", "I;16", "LA"):
            return np.asarray(opened.convert("L"))
        pixels = np.asarray(opened.convert("RGB"))
    first = pixels[..., 0]
    gray = bool((first == pixels[..., 1]).all() and (first == pixels[..., 2]).all())
    return np.ascontiguousarray(first) if gray else pixels
