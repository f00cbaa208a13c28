"""The conversation formats of Vary, as token ids with a label for each.

`qwen` (mpt in the original code): `<|im_start|>system\\n…<|im_end|><|im_start|>user\\n…<|im_end|>
<|im_start|>assistant\\n…<|im_end|>`, without a line break between turns, unlike ChatML.
`vicuna` (v1): `… USER: … ASSISTANT: …</s>`. `opt`: `</s><img>…</img>\\n…\\n</s>`, without a
question. `lavis` (Vary-tiny-600k): image tokens without marks, `</s>`, question, answer, and a line
break that ends it; `<lb>` breaks its lines. Only answers and the token that ends them are targets.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from trainer.errors import DataError, WeightsError
from trainer.model.loss import IGNORE
from trainer.model.tokens import (
    IMAGE_END,
    IMAGE_PAD,
    IMAGE_START,
    IMAGE_TOKENS,
    plain_ids,
    special_id,
)

SYSTEM_QWEN = "You should follow the instructions carefully and explain your answers in detail."
SYSTEM_VICUNA = (
    "A chat between a curious user and an artificial intelligence assistant. "
    "The assistant gives helpful, detailed, and polite answers to the user's questions."
)


LINE_BREAK = "<lb>"


@dataclass(frozen=True, slots=True)
class ChatTurn:
    """One turn, with the number of pictures before its text."""

    role: str
    text: str
    images: int = 0


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of the sequence: one special token, or plain text that may be a target.

    `after` is the plain text directly before a target: tokenizers that mark the start of a word
    must encode the answer in its context.
    """

    text: str
    special: bool = False
    target: bool = False
    after: str = ""


@dataclass(frozen=True, slots=True)
class Encoded:
    """Token ids and, for each, the same id if it is a target, or -100."""

    ids: list[int]
    labels: list[int]


def _image(count: int, image_tokens: int) -> Iterator[Piece]:
    for _ in range(count):
        yield Piece(IMAGE_START, special=True)
        for _ in range(image_tokens):
            yield Piece(IMAGE_PAD, special=True)
        yield Piece(IMAGE_END, special=True)


def _opt(turns: Sequence[ChatTurn], image_tokens: int) -> Iterator[Piece]:
    answers = [t for t in turns if t.role == "assistant"]
    if len(answers) > 1:
        raise DataError("the format of Vary-tiny has only one answer")
    yield Piece("</s>", special=True)
    yield from _image(sum(t.images for t in turns), image_tokens)
    yield Piece("\n")
    for turn in answers:
        yield Piece(f"{turn.text}\n", target=True, after="\n")
        yield Piece("</s>", special=True, target=True)


def _lavis(turns: Sequence[ChatTurn], image_tokens: int) -> Iterator[Piece]:
    answers = [t for t in turns if t.role == "assistant"]
    if len(answers) > 1:
        raise DataError("the format of Vary-tiny-600k has only one answer")
    for _ in range(image_tokens * sum(t.images for t in turns)):
        yield Piece(IMAGE_PAD, special=True)
    yield Piece("</s>", special=True)
    yield Piece("".join(t.text for t in turns if t.role == "user"))
    for turn in answers:
        yield Piece(turn.text.strip().replace("\n", LINE_BREAK), target=True)
        yield Piece("\n", target=True)


def _qwen(turns: Sequence[ChatTurn], image_tokens: int) -> Iterator[Piece]:
    if turns[0].role != "system":
        turns = [ChatTurn("system", SYSTEM_QWEN), *turns]
    for turn in turns:
        answer = turn.role == "assistant"
        yield Piece("<|im_start|>", special=True)
        if answer:
            yield Piece("assistant\n")
        elif turn.images:
            yield Piece(f"{turn.role}\n")
            yield from _image(turn.images, image_tokens)
        head = "" if answer or turn.images else f"{turn.role}\n"
        yield Piece(head + turn.text, target=answer, after="assistant\n" if answer else "")
        yield Piece("<|im_end|>", special=True, target=answer)
    if turns[-1].role != "assistant":
        yield Piece("<|im_start|>", special=True)
        yield Piece("assistant\n")


def _vicuna(turns: Sequence[ChatTurn], image_tokens: int) -> Iterator[Piece]:
    system = turns[0].text if turns[0].role == "system" else SYSTEM_VICUNA
    yield Piece("<s>", special=True)
    lead = f"{system} "
    for turn in turns:
        if turn.role == "user" and turn.images:
            yield Piece(f"{lead}USER: ")
            yield from _image(turn.images, image_tokens)
            yield Piece(f"{turn.text} ASSISTANT:")
        elif turn.role == "user":
            yield Piece(f"{lead}USER: {turn.text} ASSISTANT:")
        elif turn.role == "assistant":
            yield Piece(f" {turn.text}", target=True, after="ASSISTANT:")
            yield Piece("</s>", special=True, target=True)
            lead = ""


@dataclass(frozen=True, slots=True)
class ConversationFormat:
    """A conversation format.

    Args:
        name: as in `model.conversation`.
        specials: its special tokens.
        end: the token that ends an answer, a special or an ordinary one.
        pieces: the pieces of turns, with the number of tokens of an image.
        answer_start, answer_end: the plain characters that it adds before and after an answer.
        line_break: what it has in place of the line breaks of an answer.
        prompt_start: how every prompt begins.
    """

    name: str
    specials: tuple[str, ...]
    end: str
    pieces: Callable[[Sequence[ChatTurn], int], Iterator[Piece]]
    answer_start: str = " "
    answer_end: str = " "
    line_break: str = "\n"
    prompt_start: str = "</s>"


FORMATS = {
    known.name: known
    for known in (
        ConversationFormat("opt", ("</s>", *IMAGE_TOKENS), "</s>", _opt, "", "\n"),
        ConversationFormat(
            "lavis", ("</s>", *IMAGE_TOKENS), "\n", _lavis, line_break=LINE_BREAK,
            prompt_start=IMAGE_PAD,
        ),
        ConversationFormat(
            "qwen", ("<|im_start|>", "<|im_end|>", *IMAGE_TOKENS), "<|im_end|>", _qwen,
            prompt_start="<|im_start|>",
        ),
        ConversationFormat(
            "vicuna", ("<s>", "</s>", *IMAGE_TOKENS), "</s>", _vicuna, prompt_start="<s>"
        ),
    )
}  # fmt: skip


def encode(
    tokenizer: Any, conversation: str, turns: Sequence[ChatTurn], image_tokens: int
) -> Encoded:
    """Token ids and labels of a conversation; without a last answer it is a prompt.

    Strings in the text that look like special tokens are encoded as plain text.

    Raises:
        WeightsError: the tokenizer lacks a special token of the format.
        DataError: the format cannot represent the conversation.
    """
    special = {name: special_id(tokenizer, name) for name in FORMATS[conversation].specials}
    ids: list[int] = []
    labels: list[int] = []
    for piece in FORMATS[conversation].pieces(turns, image_tokens):
        new = [special[piece.text]] if piece.special else _text_ids(tokenizer, piece)
        ids += new
        labels += new if piece.target else [IGNORE] * len(new)
    return Encoded(ids, labels)


def _text_ids(tokenizer: Any, piece: Piece) -> list[int]:
    """Ids of plain text; a target is encoded in the context of the text before it."""
    if not piece.text:
        return []
    if not piece.after:
        return plain_ids(tokenizer, piece.text)
    before = plain_ids(tokenizer, piece.after)
    whole = plain_ids(tokenizer, piece.after + piece.text)
    if whole[: len(before)] == before:
        return whole[len(before) :]
    return plain_ids(tokenizer, piece.text)  # a merge across the border, impossible in generation


def end_id(tokenizer: Any, conversation: str) -> int:
    """The token that ends an answer.

    Raises:
        WeightsError: the tokenizer does not have it.
    """
    known = FORMATS[conversation]
    if known.end in known.specials:
        return special_id(tokenizer, known.end)
    ids = plain_ids(tokenizer, known.end)
    if len(ids) != 1:
        raise WeightsError(f"{known.end!r} is {len(ids)} tokens, but {known.name} needs one")
    return ids[0]


def check_tokenizer(tokenizer: Any, conversation: str, vocab_size: int) -> None:
    """Check that a tokenizer fits a conversation format and a model's vocabulary size.

    Raises:
        WeightsError: it has too many entries, or lacks a special token of the format.
    """
    if len(tokenizer) > vocab_size:
        raise WeightsError(
            f"the tokenizer has {len(tokenizer)} entries, the model {vocab_size} embeddings",
            "the tokenizer belongs to another model",
        )
    for name in FORMATS[conversation].specials:
        if special_id(tokenizer, name) >= vocab_size:
            raise WeightsError(
                f"token {name} has id {special_id(tokenizer, name)}, but the model has "
                f"{vocab_size} embeddings",
                "the tokenizer belongs to another model",
            )
