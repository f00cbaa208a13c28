"""Converts pictures and questions to model input, in the format of the checkpoint."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import torch
from transformers import BatchFeature, ProcessorMixin

from trainer.model.chat_template import CHAT_TEMPLATES
from trainer.model.configuration import image_tokens
from trainer.model.conversation import FORMATS, ChatTurn, encode, end_id
from trainer.model.image_processing import Picture
from trainer.model.tokens import IMAGE_PAD, plain_ids, special_id


class VaryProcessor(ProcessorMixin):
    """`processor(images, text)` returns the arguments of `generate`.

    `conversation` is the name of the format (trainer/model/conversation.py), `default_question`
    what is asked if no question is given.
    """

    def __init__(
        self,
        image_processor: Any = None,
        tokenizer: Any = None,
        conversation: str = "opt",
        chat_template: str | None = None,
        default_question: str = "",
        **kwargs: Any,
    ) -> None:
        if conversation not in FORMATS:
            raise ValueError(f"{conversation!r} is no conversation format")
        self.conversation = conversation
        self.default_question = default_question
        self.image_token = IMAGE_PAD
        self.image_token_id = special_id(tokenizer, IMAGE_PAD)
        template = chat_template or CHAT_TEMPLATES.get(conversation)
        super().__init__(image_processor, tokenizer, chat_template=template)

    @property
    def end_token_id(self) -> int:
        """The token that ends an answer: `generate(eos_token_id=...)`."""
        return end_id(self.tokenizer, self.conversation)

    def __call__(
        self,
        images: Picture | Sequence[Picture] | Sequence[Sequence[Picture]] | None = None,
        text: str | Sequence[str] | None = None,
        **_: Any,
    ) -> BatchFeature:
        """Encode one question per picture, one for all, or prompts of the chat template.

        A prompt has `<imgpad>` for each of its pictures, which are in order, also in one list for
        each prompt. Returns `input_ids` and `attention_mask` [B, T] padded on the left, and the
        pixels.

        Raises:
            ValueError: there are not as many questions as pictures.
        """
        texts = [text] if isinstance(text, str) else list(text or ())
        if texts and (images is None or all(self._is_prompt(text) for text in texts)):
            return self._from_prompts(_flat(images), texts)
        return self.ask(_flat(images), text)

    def ask(self, images: Sequence[Picture], text: str | Sequence[str] | None) -> BatchFeature:
        """As `processor(images, text)`, with strings like special tokens as plain text.

        Raises:
            ValueError: there are not as many questions as pictures.
        """
        pixels = self.image_processor(images)
        count = len(pixels["high_res_pixel_values"])
        questions = [text or ""] * count if text is None or isinstance(text, str) else list(text)
        questions = [question or self.default_question for question in questions]
        if len(questions) != count:
            raise ValueError(f"{count} pictures but {len(questions)} questions")
        prompts = [
            self.prompt_ids([ChatTurn("user", question, images=1)]) for question in questions
        ]
        return BatchFeature({**self._padded(prompts), **pixels})

    def _is_prompt(self, text: str) -> bool:
        """Whether a text is one that the chat template wrote."""
        known = FORMATS[self.conversation]
        return text.startswith(known.prompt_start) and IMAGE_PAD in text

    def _from_prompts(self, images: Sequence[Picture], texts: Sequence[str]) -> BatchFeature:
        """Encode prompts with the special tokens of the format, and the picture's size of
        `<imgpad>`.

        Raises:
            ValueError: the prompts have another number of pictures.
        """
        places = sum(text.count(IMAGE_PAD) for text in texts)
        if places != len(images):
            raise ValueError(f"{len(images)} pictures for {places} places in the prompts")
        pixels = self.image_processor(images) if images else {}
        return BatchFeature({**self._padded([self._text_ids(text) for text in texts]), **pixels})

    def _text_ids(self, text: str) -> list[int]:
        names = FORMATS[self.conversation].specials
        ids: list[int] = []
        for part in re.split("(" + "|".join(map(re.escape, names)) + ")", text):
            if part in names:
                repeats = image_tokens(self.image_processor.image_size) if part == IMAGE_PAD else 1
                ids += [special_id(self.tokenizer, part)] * repeats
            elif part:
                ids += plain_ids(self.tokenizer, part)
        return ids

    def _padded(self, prompts: Sequence[Sequence[int]]) -> dict[str, torch.Tensor]:
        """`input_ids` and `attention_mask` [B, T], padded on the left."""
        longest = max(map(len, prompts))
        pad = self.tokenizer.pad_token_id if self.tokenizer.pad_token_id is not None else 0
        ids = torch.tensor([[pad] * (longest - len(p)) + list(p) for p in prompts])
        mask = torch.tensor([[0] * (longest - len(p)) + [1] * len(p) for p in prompts])
        return {"input_ids": ids, "attention_mask": mask}

    def prompt_ids(self, turns: Sequence[ChatTurn]) -> list[int]:
        """Token ids of a conversation up to the start of the next answer."""
        tokens = image_tokens(self.image_processor.image_size)
        return encode(self.tokenizer, self.conversation, turns, tokens).ids

    def decode_answer(self, ids: Sequence[int]) -> str:
        """The text of generated ids, up to the end token."""
        ids = list(ids)
        if self.end_token_id in ids:
            ids = ids[: ids.index(self.end_token_id)]
        special = set(self.tokenizer.all_special_ids) | set(self._control_ids())
        text = self.tokenizer.decode(
            [i for i in ids if i not in special], clean_up_tokenization_spaces=False
        )
        known = FORMATS[self.conversation]
        text = text.lstrip(known.answer_start).rstrip(known.answer_end)
        return text.replace(known.line_break, "\n")

    def _control_ids(self) -> list[int]:
        names = FORMATS[self.conversation].specials
        return [special_id(self.tokenizer, name) for name in names]


def _flat(images: Any) -> list[Any]:
    """The pictures of one picture, of many, or of a list for each prompt."""
    if images is None:
        return []
    if not isinstance(images, list | tuple):
        return [images]
    return [one for image in images for one in _flat(image)]
