"""lmms-eval's interface to a model, implemented by a `Reader`."""

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
"""lmms-eval's delimiter of few-shot examples, the default of a task's `until`. It would truncate
every page after its first paragraph; wrappers of other models ignore it as well."""


@dataclass(frozen=True, slots=True)
class Request:
    """One question about one picture, with the settings of its task."""

    question: str
    image: Image.Image
    max_new_tokens: int
    until: tuple[str, ...]


class Vary(lmms):
    """Vary-tiny and Vary-base with greedy decoding, in batches.

    `model` is a run, a checkpoint or a model folder. Vary-tiny has no question, so it can only do
    tasks that ask for all the text of a picture.
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
            raise SettingsError("no model is given", "use --model_args model=RUN")
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
        items = [self._request(instance.args) for instance in requests]
        answers = [""] * len(items)
        for limit in sorted({item.max_new_tokens for item in items}):
            indices = [i for i, item in enumerate(items) if item.max_new_tokens == limit]
            reader = replace(self._reader, max_new_tokens=limit)
            for start in range(0, len(indices), self._batch):
                batch = indices[start : start + self._batch]
                read = reader.read(
                    [items[i].image for i in batch], [items[i].question for i in batch]
                )
                for i, answer in zip(batch, read, strict=True):
                    answers[i] = _until(answer.text, items[i].until)
                    self.cache_hook.add_partial("generate_until", requests[i].args[:2], answers[i])
        return answers

    def generate_until_multi_round(self, requests: Sequence[Any]) -> NoReturn:
        """Not supported.

        Raises:
            DataError: always.
        """
        raise DataError("Vary answers one question about one picture", "choose another task")

    def loglikelihood(self, requests: Sequence[Any]) -> NoReturn:
        """Not supported.

        Raises:
            DataError: always.
        """
        raise DataError("Vary can only generate answers", "choose a task of generate_until")

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
    """The device of a name; `auto` is this process's GPU, or the CPU if there is none."""
    if name == "auto":
        name = "cuda" if torch.cuda.is_available() else "cpu"
    if name != "cuda":
        return torch.device(name)
    device = torch.device("cuda", int(os.environ.get("LOCAL_RANK", "0")))
    torch.cuda.set_device(device)
    return device


def _check_greedy(task: str, options: Mapping[str, Any]) -> None:
    """Check that a task asks for greedy decoding.

    Raises:
        DataError: it asks for sampling or beam search.
    """
    sampled = options.get("do_sample") and float(options.get("temperature") or 0) > 0
    if sampled or int(options.get("num_beams") or 1) > 1:
        raise DataError(
            f"task {task} asks for sampling or beam search, but decoding is greedy",
            "--gen_kwargs do_sample=False,temperature=0,num_beams=1",
        )


def _until(text: str, stops: Sequence[str]) -> str:
    """The text before the first stop string."""
    ends = [end for stop in stops if (end := text.find(stop)) >= 0]
    return text[: min(ends)] if ends else text
