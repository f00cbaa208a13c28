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

from trainer.data.pictures import decode
from trainer.errors import DataError, OutOfMemory, SettingsError
from trainer.model import VaryForConditionalGeneration, VaryProcessor
from trainer.weights.assemble import load_model
from vary_data.dataset.rejection import Rejected

PICTURES = (".png", ".jpg", ".jpeg", ".webp", ".bmp", ".tif", ".tiff", ".gif")


@dataclass(frozen=True, slots=True)
class Page:
    """A picture to read, or why it cannot be: `page` counts from 1 in documents of several."""

    source: Path
    page: int | None
    image: Image.Image | None
    error: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the model read; `finished` says that it ended by itself."""

    text: str
    tokens: int
    finished: bool


@dataclass(frozen=True, slots=True)
class Reader:
    """A model ready to read; greedy decoding."""

    model: VaryForConditionalGeneration
    processor: VaryProcessor
    max_new_tokens: int
    no_repeat_ngram: int = 0

    def read(
        self,
        images: Sequence[Image.Image],
        question: str | Sequence[str],
        said: Callable[[str], None] | None = None,
    ) -> list[Answer]:
        """One answer per picture, to one question for all or one for each.

        With one picture, `said` gets the text as it comes.
        """
        inputs = self.processor(list(images), question).to(self.model.device)
        length = inputs["input_ids"].shape[1]
        longest = self.model.config.text_config.max_position_embeddings
        room = min(self.max_new_tokens, longest - length)
        if room < 1:
            raise DataError(f"the question leaves no room in {longest} positions")
        pixels = {k: v.to(self.model.dtype) for k, v in inputs.items() if "pixel" in k}
        options: dict[str, Any] = {"streamer": TextStreamer(self.processor, said)} if said else {}
        try:
            with torch.inference_mode():
                out = self.model.generate(
                    input_ids=inputs["input_ids"],
                    attention_mask=inputs["attention_mask"],
                    **pixels,
                    max_new_tokens=room,
                    do_sample=False,
                    no_repeat_ngram_size=self.no_repeat_ngram or None,
                    eos_token_id=self.processor.end_token_id,
                    pad_token_id=self._pad,
                    **options,
                )
        except torch.OutOfMemoryError as error:
            raise OutOfMemory(
                f"{len(images)} pictures at a time are too many", "lower --batch"
            ) from error
        return [self._answer(row[length:].tolist()) for row in out]

    @property
    def _pad(self) -> int:
        pad = self.processor.tokenizer.pad_token_id
        return int(pad if pad is not None else self.processor.end_token_id)

    def _answer(self, ids: list[int]) -> Answer:
        end = self.processor.end_token_id
        finished = end in ids
        count = ids.index(end) if finished else len(ids)
        return Answer(self.processor.decode_answer(ids[:count]), count, finished)


class TextStreamer:
    """Passes on the new text of one answer, never half a character."""

    def __init__(self, processor: VaryProcessor, said: Callable[[str], None]) -> None:
        self._processor = processor
        self._said = said
        self._ids: list[int] = []
        self._shown = ""
        self._prompt = True

    def put(self, value: Tensor) -> None:
        if self._prompt:
            self._prompt = False
            return
        self._ids += value.flatten().tolist()
        self._show()

    def end(self) -> None:
        self._show()

    def _show(self) -> None:
        text = self._processor.decode_answer(self._ids)
        if not text.endswith("\ufffd") and text.startswith(self._shown):
            self._said(text[len(self._shown) :])
            self._shown = text


def load_reader(
    model: Path, device: str = "auto", max_new_tokens: int = 2048, no_repeat_ngram: int = 0
) -> Reader:
    """Load a run, checkpoint or model folder for reading."""
    place = _device(device)
    dtype = torch.bfloat16 if place.type == "cuda" else torch.float32
    assembly = load_model(model, dtype)
    return Reader(
        assembly.model.eval().to(place), assembly.processor, max_new_tokens, no_repeat_ngram
    )


def _device(name: str) -> torch.device:
    if name == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    try:
        place = torch.device(name)
        torch.empty(0, device=place)
    except (RuntimeError, AssertionError) as error:  # what torch raises without its GPU build
        raise SettingsError(f"--device is {name!r}, but there is no such device here") from error
    return place


def open_pages(sources: Iterable[Path], dpi: int) -> Iterator[Page]:
    """Pictures, the pictures in folders (in order of name), and the pages of PDF files."""
    for source in sources:
        if source.is_dir():
            files = sorted(p for p in source.rglob("*") if p.suffix.lower() in (*PICTURES, ".pdf"))
            if not files:
                yield Page(source, None, None, "no pictures in this folder")
            yield from open_pages(files, dpi)
        elif source.suffix.lower() == ".pdf":
            yield from _pdf_pages(source, dpi)
        else:
            yield _picture(source)


def batched(pages: Iterable[Page], size: int) -> Iterator[list[Page]]:
    iterator = iter(pages)
    while batch := list(islice(iterator, size)):
        yield batch


def _picture(source: Path) -> Page:
    try:
        return Page(source, None, decode(source.read_bytes()))
    except OSError as error:
        return Page(source, None, None, error.strerror or "cannot be read")
    except Rejected as error:
        return Page(source, None, None, str(error))


def _pdf_pages(source: Path, dpi: int) -> Iterator[Page]:
    pymupdf: Any = import_module("pymupdf")

    try:
        with pymupdf.open(source) as document:
            if document.needs_pass:
                yield Page(source, None, None, "the PDF is encrypted")
                return
            for number, page in enumerate(document, start=1):
                pixmap = page.get_pixmap(dpi=dpi, colorspace=pymupdf.csRGB, alpha=False)
                size = (pixmap.width, pixmap.height)
                yield Page(source, number, Image.frombytes("RGB", size, pixmap.samples))
    except (RuntimeError, OSError, ValueError) as error:
        reason = str(error).strip().splitlines()[0] if str(error).strip() else "unreadable"
        yield Page(source, None, None, f"PDF unreadable: {reason}")
