"""Reading pictures with a trained model."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import torch
from PIL import Image
from torch import Tensor

from trainer.errors import DataError, OutOfMemory, SettingsError
from trainer.generation.attention import covers
from trainer.generation.continuous import SlotGenerator
from trainer.generation.feed import open_feed
from trainer.generation.prompts import Prompt
from trainer.generation.slots import most_slots
from trainer.input_pages import InputPage, open_picture
from trainer.model import VaryForConditionalGeneration, VaryProcessor
from trainer.model.conversation import ChatTurn
from trainer.model.image_processing import as_uint8
from trainer.weights.assemble import load_model

Asked = tuple[Image.Image | str | Path, str]
"""A picture or picture file, and a question."""


@dataclass(frozen=True, slots=True)
class ReadAnswer:
    """The text that a model read; `finished` if it ended with the end token."""

    text: str
    tokens: int
    finished: bool


@dataclass(frozen=True, slots=True)
class Reader:
    """A model that reads pictures with greedy decoding; `load_reader` opens one.

    Answers are generated in slots (`trainer.generation`), where the language model allows it, and
    otherwise, or with `no_repeat_ngram`, by transformers' loop; `no_repeat` needs the former.
    """

    model: VaryForConditionalGeneration
    processor: VaryProcessor
    max_new_tokens: int
    no_repeat_ngram: int = 0
    no_repeat: bool = False
    _generators: list[SlotGenerator] = field(default_factory=list, init=False, repr=False)

    def read(
        self,
        images: Sequence[Image.Image | str | Path],
        question: str | Sequence[str] = "",
        on_text: Callable[[str], None] | None = None,
    ) -> list[ReadAnswer]:
        """One answer per picture.

        Args:
            images: pictures or picture files.
            question: one question for all pictures or one for each; Vary-tiny has none.
            on_text: called with new text while the answer to a single picture is generated.

        Raises:
            DataError: the question is too long, or a file is not a picture.
            OutOfMemory: the device is too small for so many pictures.
        """
        pictures = [open_picture(image) for image in images]
        questions = [question] * len(images) if isinstance(question, str) else list(question)
        if len(questions) != len(images):
            raise ValueError(f"{len(images)} pictures but {len(questions)} questions")
        return list(self.read_each(zip(pictures, questions, strict=True), len(images), on_text))

    def read_each(
        self,
        asked: Iterable[Asked],
        batch: int = 0,
        on_text: Callable[[str], None] | None = None,
    ) -> Iterator[ReadAnswer]:
        """Answers to pictures with a question each, in their order, `batch` at a time.

        `batch` 0 is as many as fit the device. On a GPU a thread of its own takes what is `asked`.

        Raises:
            as `read`.
        """
        batch = batch or most_slots(self.model, self.max_new_tokens)
        ids = self._ids_in_slots if self.in_slots else self._ids_of_transformers
        try:
            for found in ids(asked, batch, AnswerText(self.processor, on_text)):
                yield self._answer(found)
        except torch.OutOfMemoryError as error:
            raise OutOfMemory(
                f"{batch} pictures at a time are too many", "lower --batch"
            ) from error

    @property
    def in_slots(self) -> bool:
        """Whether answers are generated in slots."""
        return covers(self.model.config.text_config) and not self.no_repeat_ngram

    def _ids_in_slots(
        self, asked: Iterable[Asked], batch: int, text: AnswerText
    ) -> Iterator[list[int]]:
        # The tokenizer is used by the one thread that takes what is asked.
        prompts = ((image, self._prompt_ids(question)) for image, question in asked)
        feed = open_feed(prompts, self._prompt, self.model.device)
        generator = next((g for g in self._generators if g.count >= batch), None)
        if generator is None:
            end, longest = self.processor.end_token_id, self.max_new_tokens
            generator = SlotGenerator(self.model, end, longest, batch, self.no_repeat)
            self._generators[:] = [generator]  # frees the memory of a smaller one
        ended: dict[int, list[int]] = {}
        number = 0
        try:
            for which, ids in generator.generate(feed, text.put if text.wanted else None):
                ended[which] = ids
                while number in ended:
                    yield ended.pop(number)
                    number += 1
        finally:
            feed.close()

    def _prompt_ids(self, question: str) -> list[int]:
        turn = ChatTurn("user", question or self.processor.default_question, images=1)
        ids = self.processor.prompt_ids([turn])
        self._space(len(ids))
        return ids

    def _prompt(self, asked: tuple[Image.Image | str | Path, list[int]]) -> Prompt:
        """The prompt of a picture; a GPU resizes the picture."""
        picture = as_uint8(open_picture(asked[0])).to(self.model.device)
        pixels = self.processor.image_processor.pixels([picture])
        return Prompt(asked[1], {name: x.to(self.model.dtype) for name, x in pixels.items()})

    def _ids_of_transformers(
        self, asked: Iterable[Asked], batch: int, text: AnswerText
    ) -> Iterator[list[int]]:
        iterator = iter(asked)
        while group := list(islice(iterator, batch)):
            pictures = [open_picture(image) for image, _ in group]
            inputs = self.processor.ask(pictures, [question for _, question in group])
            inputs = inputs.to(self.model.device)
            length = inputs["input_ids"].shape[1]
            with torch.inference_mode():
                out = self.model.generate(
                    input_ids=inputs["input_ids"],
                    attention_mask=inputs["attention_mask"],
                    **{k: v.to(self.model.dtype) for k, v in inputs.items() if "pixel" in k},
                    max_new_tokens=self._space(length),
                    do_sample=False,
                    no_repeat_ngram_size=self.no_repeat_ngram or None,
                    eos_token_id=self.processor.end_token_id,
                    pad_token_id=self._pad_id,
                    **({"streamer": TextStreamer(text)} if text.wanted else {}),
                )
            for row in out:
                yield row[length:].tolist()

    def _space(self, prompt: int) -> int:
        """The most tokens of an answer to a prompt.

        Raises:
            DataError: there is none.
        """
        longest: int = self.model.config.text_config.max_position_embeddings
        if prompt >= longest:
            raise DataError(
                f"the question leaves no space for an answer in {longest} positions",
                "ask a shorter question",
            )
        return min(self.max_new_tokens, longest - prompt)

    @property
    def _pad_id(self) -> int:
        pad = self.processor.tokenizer.pad_token_id
        return int(pad if pad is not None else self.processor.end_token_id)

    def _answer(self, ids: list[int]) -> ReadAnswer:
        end = self.processor.end_token_id
        finished = end in ids
        count = ids.index(end) if finished else len(ids)
        return ReadAnswer(self.processor.decode_answer(ids[:count]), count, finished)


class AnswerText:
    """Passes the new text of one answer on, without incomplete characters."""

    def __init__(self, processor: VaryProcessor, on_text: Callable[[str], None] | None) -> None:
        self.wanted = on_text is not None
        self._processor = processor
        self._on_text = on_text or (lambda text: None)
        self._ids: list[int] = []
        self._shown = ""

    def put(self, number: int, ids: Sequence[int]) -> None:
        """New ids of the one answer."""
        self._ids += ids
        text = self._processor.decode_answer(self._ids)
        # U+FFFD at the end: the bytes of the last character are not complete yet.
        if not text.endswith("\ufffd") and text.startswith(self._shown):
            self._on_text(text[len(self._shown) :])
            self._shown = text


class TextStreamer:
    """transformers' interface of streamers to `AnswerText`."""

    def __init__(self, text: AnswerText) -> None:
        self._text = text
        self._prompt = True

    def put(self, value: Tensor) -> None:
        """Pass on the ids of new tokens; those of the prompt, which come first, are left out."""
        if not self._prompt:
            self._text.put(0, value.flatten().tolist())
        self._prompt = False

    def end(self) -> None:
        """Do nothing: there is one answer, whose end the caller sees."""


def load_reader(
    model: str | Path,
    device: str = "auto",
    max_new_tokens: int = 2048,
    no_repeat_ngram: int = 0,
    no_repeat: bool = False,
) -> Reader:
    """Load a run, checkpoint or model folder for reading.

        from trainer import load_reader

        reader = load_reader("runs/tiny")
        print(reader.read(["page.png"])[0].text)

    Args:
        model: the folder.
        device: `auto`, `cpu`, `cuda` or another device of torch.
        max_new_tokens: maximum length of an answer.
        no_repeat_ngram: forbid repeated runs of this many tokens; 0 allows them.
        no_repeat: end answers that repeat one piece of text again and again.

    Raises:
        RunError: the folder has no model.
        WeightsError: the model cannot be loaded.
        SettingsError: there is no such device, or the model cannot stop loops.
    """
    place = _device(device)
    dtype = torch.bfloat16 if place.type == "cuda" else torch.float32
    assembly = load_model(Path(model), dtype)
    network = assembly.model.eval().to(place)
    reader = Reader(network, assembly.processor, max_new_tokens, no_repeat_ngram, no_repeat)
    if no_repeat and not reader.in_slots:
        raise SettingsError(
            "transformers' loop cannot stop answers that repeat themselves",
            "leave out --no-repeat-ngram"
            if no_repeat_ngram
            else f"use --no-repeat-ngram with {network.config.text_config.model_type}",
        )
    return reader


def _device(name: str) -> torch.device:
    if name == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    try:
        device = torch.device(name)
        torch.empty(0, device=device)
    except (RuntimeError, AssertionError) as error:  # raised by torch without its GPU build
        raise SettingsError(f"--device is {name!r}, but there is no such device") from error
    return device


def read_pages(
    reader: Reader, pages: Iterable[InputPage], question: str = "", batch: int = 0
) -> Iterator[tuple[InputPage, ReadAnswer | None]]:
    """Every page with its answer, in order; None for a page without a picture.

    `batch` pages are read at a time, 0: as many as fit the device.
    """
    taken: deque[InputPage] = deque()

    def asked() -> Iterator[Asked]:
        for page in pages:
            taken.append(page)
            if page.image is not None:
                yield page.image, question

    for answer in reader.read_each(asked(), batch):
        while taken[0].image is None:
            yield taken.popleft(), None
        yield taken.popleft(), answer
    for page in taken:
        yield page, None
