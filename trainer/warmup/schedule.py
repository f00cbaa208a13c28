"""The curriculum: picture size and answer length grow as the model learns.

A decision takes effect a fixed number of steps later, so that batches can be prepared in advance.
Runs with the same losses still have the same batches, on any number of workers.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from trainer.settings import WarmUpSettings

SMOOTHING = 0.9


@dataclass(frozen=True, slots=True)
class Level:
    """From step `start` on: the index of the stage, and the most target tokens of an answer."""

    start: int
    stage: int
    length: int


@dataclass
class Curriculum:
    """Which pictures and answers each step has. Its fields are all of its state.

    `levels` are decided, the last one possibly for a later step. `loss` and `accuracy` are running
    means, `gain` is the last one measured. The mean of the loss begins at step `since`. `active`
    characters are classes; their number last grew at step `grown`. `last_steps` are
    the steps of the last stage if they follow from the time that is left; 0: as in the settings.
    """

    levels: list[Level]
    active: int
    loss: float | None = None
    accuracy: float | None = None
    gain: float | None = None
    since: int = 0
    grown: int = 0
    last_steps: int = 0
    settings: WarmUpSettings = field(default_factory=WarmUpSettings, repr=False)

    @classmethod
    def begin(cls, settings: WarmUpSettings, characters: int) -> Curriculum:
        """The curriculum before the first step."""
        first = Level(0, 0, min(settings.first_length, settings.lengths[0]))
        return cls([first], min(settings.first_characters, characters), settings=settings)

    @classmethod
    def restore(cls, settings: WarmUpSettings, state: Mapping[str, Any]) -> Curriculum:
        """The curriculum from what `state` gave."""
        fields = {name: value for name, value in state.items() if name != "phases"}
        levels = [Level(**level) for level in state["phases"]]
        return cls(levels=levels, **fields, settings=settings)

    def state(self) -> dict[str, Any]:
        """Plain values; levels are called phases in checkpoints."""
        fields = asdict(self)
        del fields["settings"]
        return {"phases": fields.pop("levels"), **fields}

    def at(self, step: int) -> Level:
        """The level of a step, at most `lag` steps after the last one observed."""
        return next(level for level in reversed(self.levels) if level.start <= step)

    def stage_start(self, stage: int) -> int:
        """The first step of a stage."""
        return next(level.start for level in self.levels if level.stage == stage)

    @property
    def last_stage(self) -> int:
        """Its index."""
        return len(self.settings.sizes) - 1

    def finished(self, step: int) -> bool:
        """Whether the last stage is over when `step` steps are done."""
        last = self.levels[-1]
        if last.stage < self.last_stage:
            return False
        return step >= self.stage_start(last.stage) + self.steps_of_last_stage

    @property
    def steps_of_last_stage(self) -> int:
        """The steps of the last stage, by the settings or by the time left."""
        return self.last_steps or self.settings.steps[-1]

    def fit(self, step: int, seconds_left: float, seconds_per_step: float) -> None:
        """With `step` steps done, give the last stage the steps that fit into the time left.

        Once the last stage fades, its end does not change any more.
        """
        if self.at(step).stage == self.last_stage and self.fading(step) == 1.0:
            done = step - self.stage_start(self.last_stage)
            fade = self.settings.fade
            soonest = math.ceil(done / (1 - fade)) if fade < 1 else done  # fading would begin now
            self.last_steps = max(soonest, done + int(seconds_left / seconds_per_step), 1)

    def fading(self, step: int) -> float:
        """1 until the last part of the last stage, during which it falls to 0."""
        if self.at(step).stage < self.last_stage:
            return 1.0
        done = (step - self.stage_start(self.last_stage)) / self.steps_of_last_stage
        return min(1.0, max(0.0, (1.0 - done) / self.settings.fade))

    def dense_weight(self, step: int) -> float:
        """The weight of the loss of characters, which falls to 0 in the last stage."""
        return self.settings.dense_weight * self.fading(step)

    def learning_rate(self, step: int) -> float:
        """Rises over the first steps, is constant, and falls in the last stage."""
        options = self.settings
        rising = min(1.0, (step + 1) / max(1, options.warmup))
        return options.lr * rising * (options.lr_end + (1 - options.lr_end) * self.fading(step))

    def observe(
        self, step: int, loss: float | None, accuracy: float | None, characters: int
    ) -> None:
        """Record the result of step number `step` (from 0), and decide what follows.

        Loss and accuracy are None if there was nothing to read; `characters` is the most that can
        become classes.
        """
        level = self.at(step)
        if level.start > self.since:
            self.since, self.loss, self.gain = level.start, None, None
        if loss is not None:
            self.loss = _mean(self.loss, loss)
        if accuracy is not None:
            self.accuracy = _mean(self.accuracy, accuracy)
        self._grow_classes(step, characters)
        if self.levels[-1].start <= step:
            following = self._following(step, level)
            if following is not None:
                self.levels.append(replace(following, start=step + 1 + self.settings.lag))

    def _following(self, step: int, level: Level) -> Level | None:
        """The next level, if it is time for one."""
        options, stage = self.settings, level.stage
        longest = options.lengths[stage]
        ready = step - level.start + 1 >= options.patience
        ready = ready and self.loss is not None and self.loss < options.loss_below[stage]
        ready = ready and self.gain is not None and self.gain > options.gain_above
        if level.length < longest and (ready or self._late(step, level)):
            return replace(level, length=min(longest, math.ceil(level.length * options.growth)))
        over = step - self.stage_start(stage) + 1 + options.lag >= options.steps[stage]
        if stage < self.last_stage and (ready or over):
            # keep the answer length when the picture grows before the target was reached
            return replace(level, stage=stage + 1)
        return None

    def _late(self, step: int, level: Level) -> bool:
        """Whether the next length is due, ready or not: a stage's lengths rise evenly, on a
        logarithmic scale, to its longest within the share `grown_by` of its steps.

        A loss says how hard the text is, too: for program code and names, or where many characters
        are not known yet, the losses that stand for having learned prose are never reached.
        """
        options, stage = self.settings, level.stage
        share = options.grown_by[stage] if options.grown_by else 0.0
        if not share:
            return False
        start = self.stage_start(stage)
        first = self.at(start).length
        following = min(options.lengths[stage], math.ceil(level.length * options.growth))
        risen = math.log(following / first) / math.log(options.lengths[stage] / first)
        steps = self.steps_of_last_stage if stage == self.last_stage else options.steps[stage]
        due = start + share * risen * steps
        return step + 1 + options.lag >= due

    def _grow_classes(self, step: int, characters: int) -> None:
        options = self.settings
        if (
            self.active < characters
            and self.accuracy is not None
            and self.accuracy > options.accuracy_above
            and step - self.grown >= options.patience
        ):
            self.active = min(characters, math.ceil(self.active * options.growth))
            self.grown = step


def _mean(running: float | None, value: float) -> float:
    return value if running is None else SMOOTHING * running + (1 - SMOOTHING) * value
