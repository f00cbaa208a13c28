"""The curriculum: picture size and answer length grow with what the model can do.

A decision takes effect a fixed number of steps later, so that batches may be read ahead and yet
every run with the same losses makes the same batches, on any number of workers.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from trainer.settings import WarmUpSettings

SMOOTHING = 0.9


@dataclass(frozen=True, slots=True)
class Phase:
    """From step `start` on: the index into the stages, and the target tokens of an answer."""

    start: int
    stage: int
    length: int


@dataclass
class Curriculum:
    """What is shown at which step. Its fields are all of its state.

    `phases` are settled, the last possibly in the future. `loss`, `accuracy` are running means,
    `gain` the last one measured; `since` is where the mean of the loss begins, `active` the number
    of characters that are classes. `last_steps` are the steps of the last stage where they were
    counted from the time that is left; 0: as the settings say.
    """

    phases: list[Phase]
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
        first = Phase(0, 0, min(settings.first_length, settings.lengths[0]))
        return cls([first], min(settings.first_characters, characters), settings=settings)

    @classmethod
    def restore(cls, settings: WarmUpSettings, state: Mapping[str, Any]) -> Curriculum:
        phases = [Phase(**phase) for phase in state["phases"]]
        return cls(**{**state, "phases": phases}, settings=settings)

    def state(self) -> dict[str, Any]:
        fields = asdict(self)
        del fields["settings"]
        return fields

    def at(self, step: int) -> Phase:
        """The phase of a step, which must not lie beyond what is settled."""
        return next(phase for phase in reversed(self.phases) if phase.start <= step)

    def stage_start(self, stage: int) -> int:
        return next(phase.start for phase in self.phases if phase.stage == stage)

    @property
    def last_stage(self) -> int:
        return len(self.settings.sizes) - 1

    def finished(self, step: int) -> bool:
        """Whether the last stage is over when `step` steps are done."""
        last = self.phases[-1]
        if last.stage < self.last_stage:
            return False
        return step >= self.stage_start(last.stage) + self.steps_of_last

    @property
    def steps_of_last(self) -> int:
        return self.last_steps or self.settings.steps[-1]

    def fit(self, step: int, seconds_left: float, seconds_a_step: float) -> None:
        """With `step` steps done, give the last stage the steps that fit into the time that is
        left. Once it fades its end stands fast."""
        if self.at(step).stage == self.last_stage and self.fading(step) == 1.0:
            done = step - self.stage_start(self.last_stage)
            soonest = math.ceil(done / (1 - self.settings.fade)) if self.settings.fade < 1 else done
            self.last_steps = max(soonest, done + int(seconds_left / seconds_a_step), 1)

    def fading(self, step: int) -> float:
        """1 until the last part of the last stage, over which it falls to 0."""
        if self.at(step).stage < self.last_stage:
            return 1.0
        done = (step - self.stage_start(self.last_stage)) / self.steps_of_last
        return min(1.0, max(0.0, (1.0 - done) / self.settings.fade))

    def dense_weight(self, step: int) -> float:
        return self.settings.dense_weight * self.fading(step)

    def learning_rate(self, step: int) -> float:
        how = self.settings
        rising = min(1.0, (step + 1) / max(1, how.warmup))
        return how.lr * rising * (how.lr_end + (1 - how.lr_end) * self.fading(step))

    def observe(
        self, step: int, loss: float | None, accuracy: float | None, characters: int
    ) -> None:
        """Take in what step number `step` (from 0) gave, and settle what follows. Loss and accuracy
        are None where there was nothing to read."""
        phase = self.at(step)
        if phase.start > self.since:
            self.since, self.loss, self.gain = phase.start, None, None
        if loss is not None:
            self.loss = _mean(self.loss, loss)
        if accuracy is not None:
            self.accuracy = _mean(self.accuracy, accuracy)
        self._grow_classes(step, characters)
        if self.phases[-1].start <= step:
            following = self._following(step, phase)
            if following is not None:
                self.phases.append(replace(following, start=step + 1 + self.settings.lag))

    def _following(self, step: int, phase: Phase) -> Phase | None:
        how = self.settings
        longest = how.lengths[phase.stage]
        ready = step - phase.start + 1 >= how.patience
        ready = ready and self.loss is not None and self.loss < how.loss_below[phase.stage]
        ready = ready and self.gain is not None and self.gain > how.gain_above
        if ready and phase.length < longest:
            return replace(phase, length=min(longest, math.ceil(phase.length * how.growth)))
        tired = step - self.stage_start(phase.stage) + 1 + how.lag >= how.steps[phase.stage]
        if phase.stage < self.last_stage and (ready or tired):
            # what was not learned small is not asked for large: the length stays
            return replace(phase, stage=phase.stage + 1)
        return None

    def _grow_classes(self, step: int, characters: int) -> None:
        how = self.settings
        if (
            self.active < characters
            and self.accuracy is not None
            and self.accuracy > how.accuracy_above
            and step - self.grown >= how.patience
        ):
            self.active = min(characters, math.ceil(self.active * how.growth))
            self.grown = step


def _mean(running: float | None, value: float) -> float:
    return value if running is None else SMOOTHING * running + (1 - SMOOTHING) * value
