"""Reading pictures with a trained model."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import Any

import torch
from PIL import Image
from torch import Tensor

from trainer.data.pictures import count_pages, decode_page
from trainer.errors import DataError, OutOfMemory, SettingsError
from trainer.model import VaryForConditionalGeneration, VaryProcessor
from trainer.weights.assemble import load_model
from vary_data.dataset.rejection import Rejected

PICTURE_SUFFIXES = (".png", ".jpg", ".jpeg", ".webp", ".bmp", ".tif", ".tiff", ".gif")


@dataclass(frozen=True, slots=True)
class InputPage:
    """A picture to read, or the error that prevents it.

    `page` counts from 1 in a PDF file and in a picture file of several pages; it is None for a
    single picture.
    """

    source: Path
    page: int | None
    image: Image.Image | None
    error: str = ""


@dataclass(frozen=True, slots=True)
class ReadAnswer:
    """The text that a model read; `finished` if it ended with the end token."""

    text: str
    tokens: int
    finished: bool


@dataclass(frozen=True, slots=True)
class Reader:
    """A model that reads pictures with greedy decoding; `load_reader` opens one."""

    model: VaryForConditionalGeneration
    processor: VaryProcessor
    max_new_tokens: int
    no_repeat_ngram: int = 0

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
        pictures = [_opened(image) for image in images]
        inputs = self.processor.ask(pictures, question).to(self.model.device)
        length = inputs["input_ids"].shape[1]
        longest = self.model.config.text_config.max_position_embeddings
        limit = min(self.max_new_tokens, longest - length)
        if limit < 1:
            raise DataError(
                f"the question leaves no space for an answer in {longest} positions",
                "ask a shorter question",
            )
        pixels = {k: v.to(self.model.dtype) for k, v in inputs.items() if "pixel" in k}
        streamer = TextStreamer(self.processor, on_text) if on_text else None
        try:
            with torch.inference_mode():
                out = self.model.generate(
                    input_ids=inputs["input_ids"],
                    attention_mask=inputs["attention_mask"],
                    **pixels,
                    max_new_tokens=limit,
                    do_sample=False,
                    no_repeat_ngram_size=self.no_repeat_ngram or None,
                    eos_token_id=self.processor.end_token_id,
                    pad_token_id=self._pad_id,
                    **({"streamer": streamer} if streamer else {}),
                )
        except torch.OutOfMemoryError as error:
            raise OutOfMemory(
                f"{len(images)} pictures at a time are too many", "lower --batch"
            ) from error
        return [self._answer(row[length:].tolist()) for row in out]

    @property
    def _pad_id(self) -> int:
        pad = self.processor.tokenizer.pad_token_id
        return int(pad if pad is not None else self.processor.end_token_id)

    def _answer(self, ids: list[int]) -> ReadAnswer:
        end = self.processor.end_token_id
        finished = end in ids
        count = ids.index(end) if finished else len(ids)
        return ReadAnswer(self.processor.decode_answer(ids[:count]), count, finished)


class TextStreamer:
    """Passes the new text of one answer on, without incomplete characters.

    It has the interface of transformers' streamers: `put` and `end`.
    """

    def __init__(self, processor: VaryProcessor, on_text: Callable[[str], None]) -> None:
        self._processor = processor
        self._on_text = on_text
        self._ids: list[int] = []
        self._shown = ""
        self._prompt = True

    def put(self, value: Tensor) -> None:
        if self._prompt:  # the first call has the ids of the prompt
            self._prompt = False
            return
        self._ids += value.flatten().tolist()
        self._show()

    def end(self) -> None:
        self._show()

    def _show(self) -> None:
        text = self._processor.decode_answer(self._ids)
        # U+FFFD at the end: the bytes of the last character are not complete yet.
        if not text.endswith("\ufffd") and text.startswith(self._shown):
            self._on_text(text[len(self._shown) :])
            self._shown = text


def load_reader(
    model: str | Path, device: str = "auto", max_new_tokens: int = 2048, no_repeat_ngram: int = 0
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

    Raises:
        RunError: the folder has no model.
        WeightsError: the model cannot be loaded.
        SettingsError: there is no such device.
    """
    place = _device(device)
    dtype = torch.bfloat16 if place.type == "cuda" else torch.float32
    assembly = load_model(Path(model), dtype)
    return Reader(
        assembly.model.eval().to(place), assembly.processor, max_new_tokens, no_repeat_ngram
    )


def _opened(image: Image.Image | str | Path) -> Image.Image:
    if isinstance(image, Image.Image):
        return image
    page, *more = _pictures(Path(image))
    if more:
        raise DataError(f"{image} has {len(more) + 1} pages", "read them with open_pages")
    if page.image is None:
        raise DataError(f"{image}: {page.error}")
    return page.image


def _device(name: str) -> torch.device:
    if name == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    try:
        device = torch.device(name)
        torch.empty(0, device=device)
    except (RuntimeError, AssertionError) as error:  # raised by torch without its GPU build
        raise SettingsError(f"--device is {name!r}, but there is no such device") from error
    return device


def open_pages(sources: Iterable[Path], dpi: int) -> Iterator[InputPage]:
    """Pictures, the pictures in folders (sorted by name), and the pages of PDF, TIFF and GIF
    files."""
    for source in sources:
        if source.is_dir():
            suffixes = (*PICTURE_SUFFIXES, ".pdf")
            files = sorted(p for p in source.rglob("*") if p.suffix.lower() in suffixes)
            if not files:
                yield InputPage(source, None, None, "no pictures in this folder")
            yield from open_pages(files, dpi)
        elif source.suffix.lower() == ".pdf":
            yield from _pdf_pages(source, dpi)
        else:
            yield from _pictures(source)


def read_pages(
    reader: Reader, pages: Iterable[InputPage], question: str = "", batch: int = 8
) -> Iterator[tuple[InputPage, ReadAnswer | None]]:
    """Every page with its answer, in order; None for a page without a picture."""
    iterator = iter(pages)
    while group := list(islice(iterator, batch)):
        images = [page.image for page in group if page.image is not None]
        answers = iter(reader.read(images, question) if images else [])
        for page in group:
            yield page, None if page.image is None else next(answers)


def _pictures(source: Path) -> Iterator[InputPage]:
    """The pages of a picture file."""
    try:
        data = source.read_bytes()
        count = count_pages(data)
    except OSError as error:
        yield InputPage(source, None, None, error.strerror or "cannot be read")
        return
    except Rejected as error:
        yield InputPage(source, None, None, error.reason)
        return
    for index in range(count):
        number = index + 1 if count > 1 else None
        try:
            yield InputPage(source, number, decode_page(data, index))
        except Rejected as error:
            yield InputPage(source, number, None, error.reason)


def _pdf_pages(source: Path, dpi: int) -> Iterator[InputPage]:
    pymupdf: Any = import_module("pymupdf")

    try:
        with pymupdf.open(source) as document:
            if document.needs_pass:
                yield InputPage(source, None, None, "the PDF is encrypted")
                return
            for number, page in enumerate(document, start=1):
                pixmap = page.get_pixmap(dpi=dpi, colorspace=pymupdf.csRGB, alpha=False)
                size = (pixmap.width, pixmap.height)
                yield InputPage(source, number, Image.frombytes("RGB", size, pixmap.samples))
    except (RuntimeError, OSError, ValueError) as error:
        reason = str(error).strip().splitlines()[0] if str(error).strip() else "unreadable"
        yield InputPage(source, None, None, f"PDF unreadable: {reason}")
