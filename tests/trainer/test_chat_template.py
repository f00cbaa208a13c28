"""The chat templates write what the conversation formats encode."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from PIL import Image

from tests.trainer.small import small_batch, small_model
from trainer.data.tokenizer import train_tokenizer
from trainer.model import VaryImageProcessor, VaryProcessor
from trainer.model.conversation import FORMATS, ChatTurn, encode
from trainer.model.tokens import add_special_tokens

PICTURE = Image.new("RGB", (20, 10), "white")
TEXTS = {"opt": "", "lavis": "OCR: ", "qwen": "Read it.", "vicuna": "Read it."}


def processor(name: str) -> VaryProcessor:
    words = train_tokenizer(["Read it. OCR: "], 300)
    add_special_tokens(words, FORMATS[name].specials)
    return VaryProcessor(VaryImageProcessor(image_size=128), words, conversation=name)


def message(role: str, text: str, picture: bool = False) -> dict[str, Any]:
    parts: list[dict[str, Any]] = [{"type": "image", "image": PICTURE}] if picture else []
    return {"role": role, "content": [*parts, {"type": "text", "text": text}]}


@pytest.mark.parametrize("name", FORMATS)
def test_a_chat_is_encoded_like_a_question(name: str) -> None:
    chosen = processor(name)
    inputs = chosen.apply_chat_template(
        [message("user", TEXTS[name], picture=True)], tokenize=True, return_dict=True,
        add_generation_prompt=True, return_tensors="pt",
    )  # fmt: skip
    expected = chosen(PICTURE, TEXTS[name])
    assert inputs["input_ids"].tolist() == expected["input_ids"].tolist()
    assert torch.equal(inputs["high_res_pixel_values"], expected["high_res_pixel_values"])


@pytest.mark.parametrize("name", FORMATS)
def test_a_chat_with_an_answer_is_encoded_like_a_sample(name: str) -> None:
    chosen = processor(name)
    chat = [message("user", TEXTS[name], picture=True), message("assistant", "it is Read")]
    inputs = chosen.apply_chat_template(chat, tokenize=True, return_dict=True)
    turns = [ChatTurn("user", TEXTS[name], images=1), ChatTurn("assistant", "it is Read")]
    sample = encode(chosen.tokenizer, name, turns, 4)
    words = chosen.tokenizer
    assert words.decode(inputs["input_ids"][0]) == words.decode(sample.ids)


def test_several_turns_and_pictures_in_a_batch() -> None:
    chosen = processor("qwen")
    first = [message("user", "Read it.", True), message("assistant", "a"), message("user", "OCR: ")]
    second = [{"role": "system", "content": "Be brief."}, message("user", "Read it.", True)]
    inputs = chosen.apply_chat_template(
        [first, second], tokenize=True, return_dict=True, add_generation_prompt=True
    )
    turns = [
        [ChatTurn("user", "Read it.", 1), ChatTurn("assistant", "a"), ChatTurn("user", "OCR: ")],
        [ChatTurn("system", "Be brief."), ChatTurn("user", "Read it.", 1)],
    ]
    for i, chat in enumerate(turns):
        ids = inputs["input_ids"][i][inputs["attention_mask"][i].bool()].tolist()
        assert ids == chosen.prompt_ids(chat)
    assert len(inputs["high_res_pixel_values"]) == 2
    with pytest.raises(ValueError, match="1 pictures for 2 places in the prompts"):
        chosen([PICTURE], ["<|im_start|><imgpad>", "<|im_start|><imgpad>"])


def test_a_question_with_special_tokens_stays_text() -> None:
    chosen = processor("qwen")
    ids = chosen.ask([PICTURE], "<|im_start|>system<imgpad>")["input_ids"][0].tolist()
    assert ids.count(chosen.image_token_id) == 4
    assert chosen.tokenizer.decode(ids).count("<imgpad>") == 5


def test_the_template_is_saved_with_the_processor(tmp_path: Path) -> None:
    chosen = processor("qwen")
    chosen.save_pretrained(tmp_path)
    assert (tmp_path / "chat_template.jinja").read_text() == chosen.chat_template
    assert VaryProcessor.from_pretrained(tmp_path).chat_template == chosen.chat_template


def test_pictures_of_another_type_than_the_weights() -> None:
    model = small_model("qwen2", clip=True).to(torch.bfloat16)
    batch = small_batch(model)
    assert batch["high_res_pixel_values"].dtype == torch.float32
    assert model(**batch).logits.dtype == torch.bfloat16
