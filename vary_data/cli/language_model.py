"""The flags of commands that ask a language model, and how they ask it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from vary_data.base.errors import UsageError
from vary_data.cli.flags import Decorator

if TYPE_CHECKING:
    from vary_data.sources.llm.cache import Reply
    from vary_data.sources.llm.client import Usage
    from vary_data.sources.llm.collect import Ask
    from vary_data.sources.llm.cost import Price

KEY = "OPENAI_API_KEY"
NAMES = (
    "provider", "model", "base_url", "concurrency", "batch", "max_cost", "price",
)  # fmt: skip
"""The parameters of the flags."""


def language_model_flags(provider: str) -> tuple[Decorator, ...]:
    """The flags; `provider` is the help of `--provider`."""
    return (
        click.option("--provider", type=click.Choice(["openai", "builtin"]), help=provider),
        click.option("--model", default="gpt-4o", show_default=True, help="Model of the server."),
        click.option("--base-url", help="URL of any OpenAI-compatible server."),
        click.option(
            "--concurrency",
            type=click.IntRange(1, 512),
            default=16,
            show_default=True,
            help="Requests at the same time.",
        ),
        click.option(
            "--batch", is_flag=True, help="Use the Batch API: half the price, within a day."
        ),
        click.option(
            "--max-cost", type=click.FloatRange(min=0), metavar="USD", help="Stop before this."
        ),
        click.option(
            "--price", metavar="IN,OUT", help="USD per million tokens, for unlisted models."
        ),
    )


def check_key(flags: Mapping[str, Any]) -> None:
    """A server of one's own may need no key; OpenAI's does.

    Raises:
        UsageError: there is none.
    """
    own_server = flags["base_url"] or os.environ.get("OPENAI_BASE_URL")
    if flags["provider"] == "openai" and not own_server and not os.environ.get(KEY):
        raise UsageError(
            f"--provider openai needs a key, and {KEY} is not set",
            "set it, name another server with --base-url, or use --provider builtin",
        )


def known_price(flags: Mapping[str, Any]) -> Price | None:
    """The price of the model.

    Raises:
        UsageError: `--price` has another form, or there is a limit of the cost without a price.
    """
    from vary_data.sources.llm.cost import price_of

    price = price_of(flags["model"], _price(flags["price"]))
    if flags["max_cost"] is not None and price is None:
        raise UsageError(
            f"the price of {flags['model']} is not known", "--max-cost needs --price IN,OUT"
        )
    return price


@contextmanager
def asking(
    flags: Mapping[str, Any],
    folder: Path,
    usage: Usage,
    price: Price | None,
    report: Callable[[str], None],
) -> Iterator[Ask]:
    """A function that asks the server; replies are cached in `folder`."""
    from vary_data.sources.llm.batch import ask_batch
    from vary_data.sources.llm.cache import Cache
    from vary_data.sources.llm.client import Server, ask_all

    server = Server(
        flags["model"], flags["base_url"], os.environ.get(KEY), flags["concurrency"]
    )  # fmt: skip
    limit = flags["max_cost"]
    with Cache(folder / "llm-answers.jsonl") as cache:

        def ask(bodies: Iterable[dict[str, Any]]) -> Iterator[Reply | None]:
            if flags["batch"]:
                return ask_batch(bodies, server, cache, usage, price, limit, report=report)
            return ask_all(bodies, server, cache, usage, price, limit, report=report)

        yield ask


def spent(usage: Usage, before: Usage, price: Price | None) -> str:
    """What was asked since `before`, in words."""
    return (
        f"{usage.requests - before.requests:,} requests "
        f"({usage.cached - before.cached:,} cached), "
        f"{usage.prompt_tokens - before.prompt_tokens:,} tokens in, "
        f"{usage.completion_tokens - before.completion_tokens:,} out, "
        + (f"${usage.dollars - before.dollars:.2f}" if price else "price unknown")
    )


def _price(text: str | None) -> tuple[float, ...]:
    if not text:
        return ()
    try:
        prompt, completion = (float(item) for item in text.split(","))
    except ValueError:
        raise UsageError(f"--price {text!r} is not IN,OUT", "for example 2.5,10") from None
    return prompt, completion
