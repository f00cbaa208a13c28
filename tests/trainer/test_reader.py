"""A reader's answers: the same in slots and by transformers' loop, in order."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from PIL import Image

from tests.trainer.small import small_model
from trainer.data.tokenizer import train_tokenizer
from trainer.errors import DataError
from trainer.input_pages import InputPage
from trainer.model import VaryImageProcessor, VaryProcessor
from trainer.prediction import AnswerText, Reader, read_pages

PICTURES = [Image.linear_gradient("L").rotate(30 * k).convert("RGB") for k in range(5)]


def reader(text: str = "opt", conversation: str = "opt", **options: Any) -> Reader:
    words = train_tokenizer(["some words to merge, some words"], 300)
    model = small_model(text)
    model.config.image_token_id = words.convert_tokens_to_ids("<imgpad>")
    with torch.no_grad():
        for name, weight in model.model.named_parameters():
            if weight.dim() > 1 and "embed_tokens" not in name:
                weight.mul_(4)
    processor = VaryProcessor(VaryImageProcessor(image_size=256), words, conversation=conversation)
    return Reader(model, processor, max_new_tokens=12, **options)


@pytest.mark.parametrize(("text", "conversation"), [("opt", "opt"), ("qwen2", "qwen")])
def test_both_ways_of_generation_answer_the_same(text: str, conversation: str) -> None:
    ours = reader(text, conversation)
    questions = ["", "some", "some words to merge", "", "words"]
    assert ours.in_slots
    found = ours.read(PICTURES, questions)
    assert len(set(found)) > 1
    transformers = [
        next(ours._ids_of_transformers([pair], 1, AnswerText(ours.processor, None)))
        for pair in zip(PICTURES, questions, strict=True)
    ]
    assert found == [ours._answer(ids) for ids in transformers]
    in_turns = ours.read_each(zip(PICTURES, questions, strict=True), batch=2)
    assert list(in_turns) == found


@pytest.mark.parametrize("change", ["ngram", "model"])
def test_transformers_generates_what_slots_cannot(
    change: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = reader()
    expected = ours.read(PICTURES)
    calls: list[int] = []
    generate = type(ours.model).generate

    def counted(self: Any, **arguments: Any) -> Any:
        calls.append(len(arguments["input_ids"]))
        return generate(self, **arguments)

    monkeypatch.setattr(type(ours.model), "generate", counted)
    if change == "ngram":
        other = replace(ours, no_repeat_ngram=100)  # longer than the answers: forbids nothing
    else:
        other = ours
        monkeypatch.setattr("trainer.generation.attention.COVERED", ("llama",))
    assert not other.in_slots
    assert list(other.read_each(((p, "") for p in PICTURES), batch=2)) == expected
    assert calls == [2, 2, 1]


@pytest.mark.parametrize("ngram", [0, 100])
def test_text_is_passed_on_while_it_is_generated(ngram: int) -> None:
    ours = reader(no_repeat_ngram=ngram)
    pieces: list[str] = []
    (answer,) = ours.read(PICTURES[:1], on_text=pieces.append)
    assert "".join(pieces).startswith(answer.text.rstrip("\ufffd"))


def test_pages_without_a_picture_keep_their_place() -> None:
    ours = reader()
    page, broken = Path("page.png"), Path("broken.png")
    pages = [
        InputPage(broken, None, None, "no picture"),
        *(InputPage(page, k, picture) for k, picture in enumerate(PICTURES)),
        InputPage(broken, None, None, "no picture"),
        InputPage(page, 9, PICTURES[0]),
        InputPage(broken, None, None, "no picture"),
    ]
    found = list(read_pages(ours, iter(pages), batch=3))
    assert [one for one, _ in found] == pages
    assert [answer is None for _, answer in found] == [one.image is None for one in pages]
    assert [a for _, a in found if a] == ours.read([*PICTURES, PICTURES[0]])


def test_a_question_without_space_for_an_answer_is_refused() -> None:
    ours = reader("qwen2", "qwen")
    ours.model.config.text_config.max_position_embeddings = 64
    with pytest.raises(DataError, match="leaves no space for an answer in 64 positions"):
        ours.read(PICTURES[:1], "some words " * 40)
