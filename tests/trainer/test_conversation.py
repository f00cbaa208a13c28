"""The formats, token by token, against the literal strings of the original."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.data.tokenizer import train_tokenizer
from trainer.errors import WeightsError
from trainer.model.conversation import FORMATS, ChatTurn, check_tokenizer, encode, end_id
from trainer.model.tokens import add_special_tokens
from trainer.settings import CONVERSATIONS

IMAGE = "<img><imgpad><imgpad><imgpad><imgpad></img>"


@pytest.fixture(scope="module")
def tokenizer() -> Any:
    return train_tokenizer(["Read the page. assistant\nuser\n", "写出图中的文字。"], 400)


def text(tokenizer: Any, ids: list[int]) -> str:
    return str(tokenizer.decode(ids, skip_special_tokens=False))


def targets(tokenizer: Any, ids: list[int], labels: list[int]) -> str:
    assert all(label in (-100, token) for token, label in zip(ids, labels, strict=True))
    return text(tokenizer, [label for label in labels if label != -100])


def test_opt(tokenizer: Any) -> None:
    turns = [ChatTurn("user", "ignored", 1), ChatTurn("assistant", "Two\nlines")]
    out = encode(tokenizer, "opt", turns, 4)
    assert text(tokenizer, out.ids) == f"</s>{IMAGE}\nTwo\nlines\n</s>"
    assert targets(tokenizer, out.ids, out.labels) == "Two\nlines\n</s>"
    assert out.labels.index(out.ids[8]) == 8  # </s>, 6 of the image, one line break


def test_qwen(tokenizer: Any) -> None:
    turns = [ChatTurn("user", "Read.", 1), ChatTurn("assistant", "One"), ChatTurn("user", "And?"),
             ChatTurn("assistant", "Two")]  # fmt: skip
    out = encode(tokenizer, "qwen", turns, 4)
    assert text(tokenizer, out.ids) == (
        "<|im_start|>system\n"
        "You should follow the instructions carefully and explain your answers in detail."
        f"<|im_end|><|im_start|>user\n{IMAGE}Read.<|im_end|><|im_start|>assistant\nOne<|im_end|>"
        "<|im_start|>user\nAnd?<|im_end|><|im_start|>assistant\nTwo<|im_end|>"
    )
    assert targets(tokenizer, out.ids, out.labels) == "One<|im_end|>Two<|im_end|>"


def test_vicuna(tokenizer: Any) -> None:
    turns = [ChatTurn("user", "Read.", 1), ChatTurn("assistant", "One"), ChatTurn("user", "And?"),
             ChatTurn("assistant", "Two")]  # fmt: skip
    out = encode(tokenizer, "vicuna", turns, 4)
    assert text(tokenizer, out.ids) == (
        "<s>A chat between a curious user and an artificial intelligence assistant. The assistant "
        "gives helpful, detailed, and polite answers to the user's questions. "
        f"USER: {IMAGE}Read. ASSISTANT: One</s>USER: And? ASSISTANT: Two</s>"
    )
    assert targets(tokenizer, out.ids, out.labels) == " One</s> Two</s>"


@pytest.mark.parametrize("name", FORMATS)
def test_a_prompt_is_the_start_of_its_conversation(tokenizer: Any, name: str) -> None:
    question = [ChatTurn("user", "Read.", 1)]
    prompt = encode(tokenizer, name, question, 4)
    whole = encode(tokenizer, name, [*question, ChatTurn("assistant", "One")], 4)
    assert whole.ids[: len(prompt.ids)] == prompt.ids
    assert set(whole.labels[: len(prompt.ids)]) == {-100}
    assert -100 not in whole.labels[len(prompt.ids) :]


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=40))
def test_any_answer_survives(answer: str) -> None:
    tokenizer = train_tokenizer([], 300)
    turns = [ChatTurn("user", "", 1), ChatTurn("assistant", answer)]
    out = encode(tokenizer, "qwen", turns, 4)
    assert targets(tokenizer, out.ids, out.labels) == f"{answer}<|im_end|>"


def test_special_strings_in_the_truth_stay_text(tokenizer: Any) -> None:
    turns = [ChatTurn("user", "", 1), ChatTurn("assistant", "a <imgpad> b <|im_end|> c </s>")]
    for name in FORMATS:
        out = encode(tokenizer, name, turns, 4)
        assert out.ids.count(tokenizer.convert_tokens_to_ids("<imgpad>")) == 4
        ends = {tokenizer.convert_tokens_to_ids(t) for t in ("<|im_end|>", "</s>")}
        ends.add(end_id(tokenizer, name))
        assert sum(label in ends for label in out.labels) == 1


def test_a_system_turn_replaces_the_default(tokenizer: Any) -> None:
    out = encode(tokenizer, "qwen", [ChatTurn("system", "Be brief."), ChatTurn("user", "Hi")], 4)
    assert text(tokenizer, out.ids) == (
        "<|im_start|>system\nBe brief.<|im_end|><|im_start|>user\nHi<|im_end|>"
        "<|im_start|>assistant\n"
    )


def test_a_tokenizer_without_image_tokens_is_an_error() -> None:
    from tokenizers import Tokenizer, models
    from transformers import PreTrainedTokenizerFast

    bare = PreTrainedTokenizerFast(
        tokenizer_object=Tokenizer(models.BPE()), eos_token="</s>", pad_token="<pad>"
    )
    with pytest.raises(WeightsError, match="no special token <imgpad>"):
        encode(bare, "opt", [ChatTurn("user", "", 1)], 4)
    assert add_special_tokens(bare) == ["<imgpad>", "<img>", "</img>"]
    ids = [bare.convert_tokens_to_ids(t) for t in ("<imgpad>", "<img>", "</img>")]
    assert ids == [2, 3, 4]  # appended in the original's order
    with pytest.raises(WeightsError, match="belongs to another model"):
        check_tokenizer(bare, "opt", vocab_size=4)


def test_digits_and_chinese_characters_are_tokens_of_their_own() -> None:
    texts = ["温度温度温度，温度1024 litres of 1024 litres"] * 9
    words = train_tokenizer(texts, 400)
    ids = words("温度，1024 litres", add_special_tokens=False)["input_ids"]
    pieces = [words.decode([i]) for i in ids]
    assert pieces == ["温", "度", "，", "1", "0", "2", "4", " litres"]
    assert words.decode(ids) == "温度，1024 litres"


def test_the_setting_accepts_every_format() -> None:
    assert set(CONVERSATIONS) == set(FORMATS)
