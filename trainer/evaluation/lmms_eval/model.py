"""lmms-eval's interface to a model, answered by a `Reader`."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NoReturn

import torch
from lmms_eval.api.model import lmms
from PIL import Image

from trainer.errors import DataError, SettingsError
from trainer.prediction import Reader, load_reader

PARAGRAPH = "\n\n"
"""lmms-eval's own delimiter of few-shot examples, put into `until` of tasks that name none. It
would cut every page after its first paragraph, and other models' wrappers ignore it as well."""


@dataclass(frozen=True, slots=True)
class Request:
    """One question about one picture, with the settings of its task."""

    question: str
    image: Image.Image
    max_new_tokens: int
    until: tuple[str, ...]


class Vary(lmms):
    """Vary-tiny and Vary-base, greedy, in batches. Vary-tiny takes no question: only tasks that
    ask for all the text of a picture make sense for it.

    `model` is a run, a checkpoint or a model folder.
    """

    is_simple = True

    def __init__(
        self,
        model: str = "",
        device: str = "auto",
        batch_size: int | str = 1,
        no_repeat_ngram: int = 0,
        **unknown: Any,
    ) -> None:
        super().__init__()
        if unknown:
            raise SettingsError(
                f"unknown model_args: {', '.join(sorted(unknown))}",
                "known: model, device, batch_size, no_repeat_ngram",
            )
        if not model:
            raise SettingsError("no model was named", "use --model_args model=RUN")
        if not str(batch_size).isdecimal() or int(batch_size) < 1:
            raise SettingsError(f"batch_size is {batch_size!r}; expected a whole number")
        # lmms-eval starts the process group; each process has its share of the requests.
        self._rank = int(os.environ.get("RANK", "0"))
        self._world_size = int(os.environ.get("WORLD_SIZE", "1"))
        self.device = _device(device)
        self._batch = int(batch_size)
        self._reader: Reader = load_reader(
            Path(model), str(self.device), no_repeat_ngram=int(no_repeat_ngram)
        )

    def generate_until(self, requests: Sequence[Any]) -> list[str]:
        """The answer to every request, in order."""
        given = [self._request(instance.args) for instance in requests]
        answers = [""] * len(given)
        for limit in sorted({request.max_new_tokens for request in given}):
            places = [i for i, request in enumerate(given) if request.max_new_tokens == limit]
            reader = replace(self._reader, max_new_tokens=limit)
            for start in range(0, len(places), self._batch):
                some = places[start : start + self._batch]
                read = reader.read(
                    [given[i].image for i in some], [given[i].question for i in some]
                )
                for i, answer in zip(some, read, strict=True):
                    answers[i] = _cut(answer.text, given[i].until)
                    self.cache_hook.add_partial("generate_until", requests[i].args[:2], answers[i])
        return answers

    def generate_until_multi_round(self, requests: Sequence[Any]) -> NoReturn:
        raise DataError("Vary answers one question about one picture", "choose another task")

    def loglikelihood(self, requests: Sequence[Any]) -> NoReturn:
        raise DataError("Vary is scored on what it writes", "choose a task of generate_until")

    def clean(self) -> None:
        """Free the model."""
        del self._reader
        super().clean()

    def _request(self, args: tuple[Any, ...]) -> Request:
        context, options, visual, document, task, split = args
        pictures = visual(self.task_dict[task][split][document])
        if len(pictures) != 1 or not isinstance(pictures[0], Image.Image):
            raise DataError(
                f"task {task}, document {document} has {len(pictures)} pictures or a video",
                "Vary answers one question about one picture",
            )
        _check_greedy(task, options)
        until = options.get("until") or ()
        stops = (until,) if isinstance(until, str) else tuple(until)
        return Request(
            question=context.replace("<image>", "").strip(),
            image=pictures[0],
            max_new_tokens=int(options.get("max_new_tokens") or 1024),
            until=tuple(stop for stop in stops if stop and stop != PARAGRAPH),
        )


def _device(name: str) -> torch.device:
    """`auto` is this process's GPU, or the CPU where there is none."""
    if name == "auto":
        name = "cuda" if torch.cuda.is_available() else "cpu"
    if name != "cuda":
        return torch.device(name)
    device = torch.device("cuda", int(os.environ.get("LOCAL_RANK", "0")))
    torch.cuda.set_device(device)
    return device


def _check_greedy(task: str, options: Mapping[str, Any]) -> None:
    """Refuse what would silently be another way of decoding."""
    sampled = options.get("do_sample") and float(options.get("temperature") or 0) > 0
    if sampled or int(options.get("num_beams") or 1) > 1:
        raise DataError(
            f"task {task} samples or searches with beams, and this is greedy",
            "--gen_kwargs do_sample=False,temperature=0,num_beams=1",
        )


def _cut(text: str, until: Sequence[str]) -> str:
    """The text before the first stop."""
    places = [place for stop in until if (place := text.find(stop)) >= 0]
    return text[: min(places)] if places else text
