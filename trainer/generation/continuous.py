"""Greedy answers to many pictures: encoded in small groups, generated in slots.

On a GPU, towers and prompts run on a stream of their own beside the generation of other answers,
which has priority.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

import torch

from trainer.generation.feed import Feed
from trainer.generation.prompts import Encoded, Prompt, encode
from trainer.generation.slots import Slots
from trainer.model import VaryForConditionalGeneration

GROUP = 16
"""Pictures that a GPU encodes at a time: enough to fill it."""
STEPS = 16
"""Tokens that a GPU generates before the host looks which answers have ended."""

OnTokens = Callable[[int, list[int]], None]


@dataclass(slots=True)
class Answer:
    """An answer that is being generated, or has ended: which prompt's, and its ids so far."""

    number: int
    ids: list[int]
    ended: bool = False


class SlotGenerator:
    """Generates up to `count` answers together; a slot whose answer has ended takes the next.

    Args:
        model: a model that `covers` accepts.
        end: the token that ends an answer.
        max_new_tokens: the most tokens of an answer.
        count: answers generated together.
        stop_loops: end answers that repeat themselves (`loops`).
    """

    def __init__(
        self,
        model: VaryForConditionalGeneration,
        end: int,
        max_new_tokens: int,
        count: int,
        stop_loops: bool = False,
    ) -> None:
        self.count = count
        self._model, self._end, self._longest = model, end, max_new_tokens
        self._positions: int = model.config.text_config.max_position_embeddings
        self._stop_loops = stop_loops
        self._slots: Slots | None = None
        gpu = model.device.type == "cuda"
        self._group, self._steps, self._ahead = (GROUP, STEPS, GROUP) if gpu else (1, 1, 0)
        self._encoding = _stream(model.device)
        self._generating = _stream(model.device, priority=-1)

    def generate(
        self, feed: Feed[Prompt], on_tokens: OnTokens | None = None
    ) -> Iterator[tuple[int, list[int]]]:
        """The number of a prompt, counted from 0, and the ids of its answer, as answers end.

        An answer has at most as many tokens as the model has positions left. `on_tokens` gets new
        ids of every answer while it is generated.
        """
        if self._slots is not None:
            self._slots.clear()
        free = list(range(self.count))[::-1]
        answers: dict[int, Answer] = {}  # by slot
        encoded: deque[Encoded] = deque()
        number = 0
        while True:
            while free and encoded and (not answers or encoded[0].ready):
                slot = free.pop()
                self._begin(slot, encoded.popleft())
                answers[slot] = Answer(number, [])
                number += 1
            if answers:
                self._advance()
            wanted = len(free) + self._ahead - len(encoded)
            if wanted >= min(self._group, self.count) and (not encoded or encoded[-1].ready):
                prompts = feed.take(min(wanted, self._group), wait=not answers)
                if prompts:
                    with _on(self._encoding):
                        encoded += encode(self._model, prompts)
            if not answers and not encoded:
                return
            self._look(answers, on_tokens)
            for slot in [slot for slot, answer in answers.items() if answer.ended]:
                free.append(slot)
                ended = answers.pop(slot)
                yield ended.number, ended.ids

    @torch.inference_mode()
    def _begin(self, slot: int, prompt: Encoded) -> None:
        limit = min(self._longest, self._positions - prompt.length)
        space = prompt.length + limit
        with _on(self._generating):
            if self._slots is None:
                self._slots = Slots(self._model, self.count, space, self._end, self._stop_loops)
            if self._slots.capacity < space:
                self._slots.grow(space)
            if self._generating is not None:
                prompt.use(self._generating)
            self._slots.put(slot, prompt.states, prompt.length, prompt.first, limit)

    def _advance(self) -> None:
        """Generate more tokens; returns before a GPU has done it."""
        assert self._slots is not None
        with _on(self._generating):
            self._slots.advance(self._steps)

    @torch.inference_mode()
    def _look(self, answers: dict[int, Answer], on_tokens: OnTokens | None) -> None:
        """Find out which answers have ended, and take their tokens."""
        if not answers:
            return
        slots = self._slots
        assert slots is not None
        with _on(self._generating):
            active, made = torch.stack((slots.active.long(), slots.made)).tolist()
            for slot, answer in answers.items():
                answer.ended = not active[slot]
                if not answer.ended and not on_tokens:
                    continue
                shown = len(answer.ids)
                answer.ids = slots.tokens[slot, : made[slot]].tolist()
                if on_tokens:
                    on_tokens(answer.number, answer.ids[shown:])


def _stream(device: torch.device, priority: int = 0) -> torch.cuda.Stream | None:
    if device.type != "cuda":
        return None
    return torch.cuda.Stream(device, priority)  # type: ignore[no-untyped-call]


def _on(stream: torch.cuda.Stream | None) -> AbstractContextManager[object]:
    return nullcontext() if stream is None else torch.cuda.stream(stream)
