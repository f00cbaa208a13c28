"""Estimates and computes the cost of requests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

PRICES = {
    "gpt-4o": (2.50, 10.00),
    "gpt-4o-mini": (0.15, 0.60),
    "gpt-4.1": (2.00, 8.00),
    "gpt-4.1-mini": (0.40, 1.60),
    "gpt-4.1-nano": (0.10, 0.40),
    "gpt-4-turbo": (10.00, 30.00),
    "gpt-4": (30.00, 60.00),
}
"""US dollars per million input and output tokens, as published when this was written; for other
models the user gives `--price IN,OUT`."""

BATCH_DISCOUNT = 0.5
EXPECTED_TOKENS_PER_RECORD = 260


@dataclass(frozen=True, slots=True)
class Price:
    """US dollars per million tokens."""

    prompt: float
    completion: float

    def of(self, prompt_tokens: int, completion_tokens: int, batch: bool = False) -> float:
        """US dollars for these numbers of tokens; those of a batch are cheaper."""
        dollars = prompt_tokens * self.prompt + completion_tokens * self.completion
        return dollars / 1e6 * (BATCH_DISCOUNT if batch else 1.0)


def price_of(model: str, user_price: tuple[float, ...] = ()) -> Price | None:
    """The price of a model: the user's, else that of the longest listed prefix of its name."""
    if user_price:
        return Price(user_price[0], user_price[1])
    names = sorted((name for name in PRICES if model.startswith(name)), key=len)
    return Price(*PRICES[names[-1]]) if names else None


def estimate_tokens(body: dict[str, Any], count: int) -> tuple[int, int]:
    """A rough estimate of the input and output tokens of a request for `count` records.

    A token is about four characters of Latin text or one and a half Chinese characters.
    """
    text = "".join(message["content"] for message in body["messages"])
    text += str(body["response_format"])
    wide = sum(ord(character) > 0x2E80 for character in text)
    return (len(text) - wide) // 4 + int(wide / 1.5) + 20, count * EXPECTED_TOKENS_PER_RECORD
