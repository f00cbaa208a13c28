"""`vary-data semantic-charts`."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from vary_data.base.errors import UsageError
from vary_data.cli.browser import BROWSER_FLAGS, use_browser
from vary_data.cli.flags import generator_command, lang_flag
from vary_data.cli.generate import generate
from vary_data.cli.language_model import (
    KEY,
    NAMES,
    asking,
    check_key,
    known_price,
    language_model_flags,
    spent,
)
from vary_data.dataset.schema import LANGUAGES
from vary_data.generators.semantic_charts import SemanticCharts

if TYPE_CHECKING:
    from vary_data.sources.llm.client import Usage
    from vary_data.sources.llm.cost import Price

LANG = lang_flag((*SemanticCharts.languages, "both"), "Language of the texts.  [en]")
LLM_FLAGS = language_model_flags(
    "Source of the records.  [openai if OPENAI_API_KEY or --base-url is set]"
)


@generator_command(SemanticCharts, LANG, *LLM_FLAGS, *BROWSER_FLAGS)
def command(lang: str | None, options: dict[str, Any], shared_flags: dict[str, Any]) -> None:
    """Charts with coherent content, written by a language model or by a built-in generator.

    Answers are cached below the dataset folder: no request is paid for twice, and a stopped run
    resumes. Without a key the built-in generator writes the records.
    """
    use_browser(shared_flags)
    llm_flags = {name: shared_flags.pop(name) for name in NAMES}
    if options["records"] and llm_flags["provider"]:
        raise UsageError("--records and --provider exclude each other")
    if not (options["records"] or shared_flags["dry_run"]):
        check_key(llm_flags)
    provider = llm_flags["provider"] or _default_provider(llm_flags["base_url"])
    if options["records"]:
        options["source"], options["license"] = Path(options["records"]).name, ""
    if options["records"] or provider == "builtin":
        told = options["records"] or llm_flags["provider"] or shared_flags["quiet"]
        if not told and (lang or "en") in (*LANGUAGES, "both"):
            click.echo(f"no {KEY}: records come from the built-in generator", err=True)
        generate("semantic-charts", lang, options, shared_flags)
        return
    from vary_data.sources.llm.client import Usage

    usage = Usage()
    estimated = 0.0
    for language in LANGUAGES if lang == "both" else (lang or "en",):
        name = shared_flags["name"] or "semantic-charts"
        if not shared_flags["name"] or lang == "both":
            name = f"{name}-{language}"
        records = _ask(language, name, options, llm_flags, shared_flags, usage)
        if isinstance(records, float):
            estimated += records
        else:
            written = {"source": llm_flags["model"], "license": "", "records": str(records)}
            named_flags = {**shared_flags, "name": name}
            generate("semantic-charts", language, {**options, **written}, named_flags)
    limit = llm_flags["max_cost"]
    if limit is not None and estimated > limit:
        click.echo(
            f"about ${estimated:.2f} is more than --max-cost {limit:g}: the run would stop before "
            "its end"
        )


def _default_provider(base_url: str | None) -> str:
    return "openai" if base_url or os.environ.get(KEY) else "builtin"


def _ask(
    lang: str,
    name: str,
    options: Mapping[str, Any],
    llm_flags: Mapping[str, Any],
    shared_flags: Mapping[str, Any],
    usage: Usage,
) -> Path | float:
    """Write the records into a file below the output folder; for a dry run, the expected cost.

    Raises:
        UsageError: a limit of the cost without a known price.
        VaryError: no server answers.
    """
    from vary_data.engine.writer import write_text
    from vary_data.generators.chart_drawing import drawn_types
    from vary_data.sources.llm.collect import collect
    from vary_data.sources.llm.connection import server_url

    set_options = {k: v for k, v in options.items() if v is not None and k != "records"}
    resolved = SemanticCharts.Options(**set_options)
    wanted = -(-resolved.num_samples // resolved.styles_per_record)
    seed = shared_flags["seed"] or 0
    price = known_price(llm_flags)
    if shared_flags["dry_run"]:
        return _estimate(wanted, lang, llm_flags, price, seed)
    folder = Path(shared_flags["output"]) / ".sources"
    before = replace(usage)

    def print_line(line: str) -> None:
        if not shared_flags["quiet"]:
            click.echo(f"{name}: {line}", err=True)

    model = llm_flags["model"]
    with asking(llm_flags, folder, usage, price, print_line) as ask:
        print_line(f"{wanted:,} records from {model} at {server_url(llm_flags['base_url'])}")
        drawn = drawn_types(resolved.backends)
        found = collect(wanted, lang, model, seed, ask, types=drawn)
    path = folder / "records" / f"{name}.jsonl"
    lines = [json.dumps(record.model_dump(), ensure_ascii=False) for record in found.records]
    write_text(path, "\n".join(lines) + "\n" if lines else "")
    if not shared_flags["quiet"]:
        refused = ", ".join(f"{word} {n:,}" for word, n in found.refused.most_common())
        click.echo(
            f"{len(found.records):,} records from {spent(usage, before, price)}"
            + (f"; refused: {refused}" if refused else ""),
            err=True,
        )
    return path


def _estimate(
    wanted: int, lang: str, llm_flags: Mapping[str, Any], price: Price | None, seed: int
) -> float:
    """Print what the records would cost; the dollars, 0 if the price is not known."""
    from vary_data.sources.llm.collect import PER_REQUEST
    from vary_data.sources.llm.cost import estimate_tokens
    from vary_data.sources.llm.prompt import request_body
    from vary_data.sources.llm.topics import grid

    requests = -(-wanted // PER_REQUEST)
    body = request_body(0, grid(lang).topic(0, seed), lang, llm_flags["model"], PER_REQUEST, 0)
    prompt, completion = (requests * tokens for tokens in estimate_tokens(body, PER_REQUEST))
    dollars = price.of(prompt, completion, llm_flags["batch"]) if price else 0.0
    cost = f"about ${dollars:.2f}" if price else "price unknown"
    click.echo(
        f"{lang}: {wanted:,} records in about {requests:,} requests, {prompt:,} tokens in, "
        f"{completion:,} out, {cost}"
    )
    return dollars
