"""The three special tokens of a picture, and how a tokenizer encodes them."""

from __future__ import annotations

from typing import Any

from tokenizers import AddedToken

from trainer.errors import WeightsError

IMAGE_START, IMAGE_PAD, IMAGE_END = "<img>", "<imgpad>", "</img>"
IMAGE_TOKENS = (IMAGE_PAD, IMAGE_START, IMAGE_END)
"""In the order in which the original code adds them to OPT: ids 50265, 50266, 50267."""


def add_special_tokens(tokenizer: Any, names: tuple[str, ...] = IMAGE_TOKENS) -> list[str]:
    """Add the special tokens that `tokenizer` lacks and return their names."""
    missing = [name for name in names if not is_special(tokenizer, name)]
    tokenizer.add_tokens(
        [AddedToken(name, special=True, normalized=False) for name in missing], special_tokens=True
    )
    return missing


def is_special(tokenizer: Any, name: str) -> bool:
    """Whether `name` is one token that ordinary text is never encoded to."""
    return name in tokenizer.get_added_vocab() and bool(
        tokenizer.added_tokens_decoder[tokenizer.convert_tokens_to_ids(name)].special
    )


def special_id(tokenizer: Any, name: str) -> int:
    """The id of a special token.

    Raises:
        WeightsError: the tokenizer does not have it.
    """
    if not is_special(tokenizer, name):
        raise WeightsError(
            f"the tokenizer has no special token {name}",
            "use the tokenizer that was saved with the weights, or let training add it",
        )
    return int(tokenizer.convert_tokens_to_ids(name))


def plain_ids(tokenizer: Any, text: str) -> list[int]:
    """Token ids of ordinary text: strings like `</img>` in it are plain characters."""
    return list(tokenizer(text, add_special_tokens=False, split_special_tokens=True)["input_ids"])
