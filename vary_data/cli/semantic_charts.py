"""`vary-data semantic-charts`."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import click

from vary_data.base.errors import UsageError
from vary_data.cli.browser import BROWSER_FLAGS, use_browser
from vary_data.cli.generate import RECIPE_FLAGS, RUN_FLAGS, flags, generate
from vary_data.dataset.schema import LANGUAGES


@click.command(name="semantic-charts")
@click.option("--lang", type=click.Choice(["en", "zh", "both"]), help="Language.  [en]")
@click.option("-n", "--num-samples", type=click.IntRange(min=1), help="How many charts.  [1000]")
@click.option(
    "--styles-per-record", type=click.IntRange(min=1), help="Charts drawn of one record.  [4]"
)
@click.option(
    "--backend",
    type=click.Choice(["matplotlib", "pyecharts", "both"]),
    help="Who draws.  [both]",
)
@click.option("--records", type=click.Path(), help="Draw the records of this JSONL file.")
@click.option(
    "--provider",
    type=click.Choice(["openai", "builtin"]),
    help="Who writes the records.  [openai where OPENAI_API_KEY or --base-url is set]",
)
@click.option("--model", default="gpt-4o", show_default=True, help="Of the provider openai.")
@click.option("--base-url", help="Any OpenAI-compatible server.")
@click.option("--concurrency", type=click.IntRange(1, 512), default=16, show_default=True)
@click.option("--batch", is_flag=True, help="Use the Batch API: half the price, within a day.")
@click.option("--max-cost", type=click.FloatRange(min=0), metavar="USD", help="Stop before this.")
@click.option("--price", metavar="IN,OUT", help="USD per million tokens, for unlisted models.")
@flags(*BROWSER_FLAGS, *RECIPE_FLAGS, *RUN_FLAGS)
def command(lang: str | None, **given: Any) -> None:
    """Charts with coherent content, written by a language model or by a built-in generator.

    Answers are cached below the dataset folder: no request is paid for twice, and a stopped run
    goes on where it was. Without a key the built-in generator writes the records.
    """
    use_browser(given)
    llm = ("provider", "model", "base_url", "concurrency", "batch", "max_cost", "price")
    settings = {name: given.pop(name) for name in llm}
    own = ("num_samples", "styles_per_record", "backend", "records")
    options = {name: given.pop(name) for name in own}
    if options["records"] and settings["provider"]:
        raise UsageError("--records and --provider exclude each other")
    provider = settings["provider"] or _default_provider(settings["base_url"])
    if options["records"]:
        options["source"], options["license"] = Path(options["records"]).name, ""
    if options["records"] or provider == "builtin":
        if not options["records"] and not settings["provider"]:
            click.echo("no OPENAI_API_KEY: records come from the built-in generator", err=True)
        generate("semantic-charts", lang, options, given)
        return
    for one in LANGUAGES if lang == "both" else (lang or "en",):
        name = given["name"] or "semantic-charts"
        if not given["name"] or lang == "both":
            name = f"{name}-{one}"
        records = _ask(one, name, options, settings, given)
        if records is not None:
            own_source = {"source": settings["model"], "license": "", "records": str(records)}
            generate("semantic-charts", one, {**options, **own_source}, {**given, "name": name})


def _default_provider(base_url: str | None) -> str:
    return "openai" if base_url or os.environ.get("OPENAI_API_KEY") else "builtin"


def _ask(
    lang: str,
    name: str,
    options: Mapping[str, Any],
    settings: Mapping[str, Any],
    given: Mapping[str, Any],
) -> Path | None:
    """Have the records written into a file below the output folder; None for a dry run."""
    from vary_data.engine.writer import write_text
    from vary_data.generators.semantic_charts import SemanticOptions
    from vary_data.sources.llm.batch import ask_batch
    from vary_data.sources.llm.cache import Cache, Reply
    from vary_data.sources.llm.client import Server, Usage, ask_all
    from vary_data.sources.llm.collect import collect
    from vary_data.sources.llm.cost import price_of

    asked = {k: v for k, v in options.items() if v is not None and k != "records"}
    resolved = SemanticOptions(**asked)
    wanted = -(-resolved.num_samples // resolved.styles_per_record)
    seed = given["seed"] or 0
    price = price_of(settings["model"], _price(settings["price"]))
    if settings["max_cost"] is not None and price is None:
        raise UsageError(
            f"the price of {settings['model']} is not known", "--max-cost needs --price IN,OUT"
        )
    if given["dry_run"]:
        _estimate(wanted, lang, settings, price, seed)
        return None
    folder = Path(given["output"]) / ".sources"
    server = Server(
        settings["model"],
        settings["base_url"],
        os.environ.get("OPENAI_API_KEY"),
        settings["concurrency"],
    )
    usage = Usage()
    limit = settings["max_cost"]
    with Cache(folder / "llm-answers.jsonl") as cache:

        def ask(bodies: Iterable[dict[str, Any]]) -> Iterator[Reply | None]:
            if settings["batch"]:
                return ask_batch(bodies, server, cache, usage, price, limit, report=tell)
            return ask_all(bodies, server, cache, usage, price, limit)

        def tell(line: str) -> None:
            if not given["quiet"]:
                click.echo(line, err=True)

        found = collect(wanted, lang, settings["model"], seed, ask)
    path = folder / "records" / f"{name}.jsonl"
    lines = [json.dumps(record.model_dump(), ensure_ascii=False) for record in found.records]
    write_text(path, "\n".join(lines) + "\n" if lines else "")
    if not given["quiet"]:
        refused = ", ".join(f"{word} {n:,}" for word, n in found.refused.most_common())
        click.echo(
            f"{len(found.records):,} records from {usage.requests:,} requests "
            f"({usage.cached:,} cached), {usage.prompt_tokens:,} tokens in, "
            f"{usage.completion_tokens:,} out, "
            + (f"${usage.dollars:.2f}" if price else "price unknown")
            + (f"; refused: {refused}" if refused else ""),
            err=True,
        )
    return path


def _estimate(wanted: int, lang: str, settings: Mapping[str, Any], price: Any, seed: int) -> None:
    from vary_data.sources.llm.collect import PER_REQUEST
    from vary_data.sources.llm.cost import estimate_tokens
    from vary_data.sources.llm.prompt import request_body
    from vary_data.sources.llm.topics import grid

    requests = -(-wanted // PER_REQUEST)
    body = request_body(0, grid(lang).topic(0, seed), lang, settings["model"], PER_REQUEST, 0)
    prompt, completion = (requests * tokens for tokens in estimate_tokens(body, PER_REQUEST))
    cost = (
        f"about ${price.of(prompt, completion, settings['batch']):.2f}"
        if price
        else "price unknown"
    )
    click.echo(
        f"{lang}: {wanted:,} records in about {requests:,} requests, {prompt:,} tokens in, "
        f"{completion:,} out, {cost}"
    )


def _price(text: str | None) -> tuple[float, ...]:
    if not text:
        return ()
    try:
        prompt, completion = (float(item) for item in text.split(","))
    except ValueError:
        raise UsageError(f"--price {text!r} is not IN,OUT", "for example 2.5,10") from None
    return prompt, completion
