"""Questions of `vary-data retarget` in the wording of a language model."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from vary_data.cli.language_model import asking, known_price, spent
from vary_data.cli.progress import waiting
from vary_data.sources.cache import local_only

if TYPE_CHECKING:
    from vary_data.engine.recipe import Recipe
    from vary_data.sources.llm.client import Usage
    from vary_data.sources.llm.cost import Price
    from vary_data.sources.llm.rephrase import Asked


def with_wordings(
    recipes: Sequence[Recipe], llm_flags: Mapping[str, Any], shared_flags: Mapping[str, Any]
) -> list[Recipe]:
    """The recipes with files of wordings below the output folder; for a dry run, print the cost.

    Raises:
        UsageError: a limit of the cost without a known price.
        CostLimit: the limit is reached; replies so far are kept.
        VaryError: no server answers, or a request had no reply.
    """
    from vary_data.generators.retarget import asked_questions
    from vary_data.sources.llm.client import Usage

    price = known_price(llm_flags)
    usage = Usage()
    folder = Path(local_only(shared_flags["output"], "the replies of a language model"))
    made = []
    for recipe in recipes:
        questions: dict[str, list[Asked]] = {}
        with waiting(f"{recipe.name}: writing the questions …", shared_flags["quiet"]):
            for lang, asked in asked_questions(recipe):
                questions.setdefault(lang, []).append(asked)
        if shared_flags["dry_run"]:
            _estimate(recipe, questions, llm_flags, price)
            made.append(recipe)
            continue
        path = folder / ".sources" / "rephrased" / f"{recipe.name}.jsonl"
        _ask(recipe, questions, path, llm_flags, price, usage, shared_flags["quiet"])
        options = replace(
            recipe.options, rephrased=str(path.resolve()), model=llm_flags["model"]
        )  # fmt: skip
        made.append(replace(recipe, options=options))
    return made


def _ask(
    recipe: Recipe,
    questions: Mapping[str, list[Asked]],
    path: Path,
    llm_flags: Mapping[str, Any],
    price: Price | None,
    usage: Usage,
    quiet: bool,
) -> None:
    """Write the wordings of a recipe's questions into a file, and say how many were kept."""
    from vary_data.engine.writer import write_text
    from vary_data.sources.llm.connection import server_url
    from vary_data.sources.llm.rephrase import Rephrased, rephrase

    def print_line(line: str) -> None:
        if not quiet:
            click.echo(f"{recipe.name}: {line}", err=True)

    total = sum(map(len, questions.values()))
    before = replace(usage)
    model = llm_flags["model"]
    print_line(f"{total:,} questions for {model} at {server_url(llm_flags['base_url'])}")
    found = Rephrased()
    with asking(llm_flags, path.parents[1], usage, price, print_line) as ask:
        for lang in sorted(questions):
            part = rephrase(questions[lang], lang, model, recipe.seed, ask)
            found.wordings.update(part.wordings)
            found.refused.update(part.refused)
    lines = [
        json.dumps({"row": row, "template": template, "question": text}, ensure_ascii=False)
        for (row, template), text in found.wordings.items()
    ]
    write_text(path, "".join(f"{line}\n" for line in lines))
    reasons = ", ".join(f"{reason} {count:,}" for reason, count in found.refused.most_common())
    print_line(
        f"{total - found.refused.total():,} of {total:,} questions rephrased by "
        f"{spent(usage, before, price)}" + (f"; as in the template: {reasons}" if reasons else "")
    )


def _estimate(
    recipe: Recipe,
    questions: Mapping[str, list[Asked]],
    llm_flags: Mapping[str, Any],
    price: Price | None,
) -> None:
    """Print what the wordings would cost."""
    from vary_data.sources.llm.rephrase import expected_tokens

    model = llm_flags["model"]
    parts = [expected_tokens(asked, lang, model, recipe.seed) for lang, asked in questions.items()]
    requests, prompt, completion = (sum(part[i] for part in parts) for i in range(3))
    dollars = price.of(prompt, completion, llm_flags["batch"]) if price else 0.0
    click.echo(
        f"{recipe.name}: {sum(map(len, questions.values())):,} questions in about {requests:,} "
        f"requests, {prompt:,} tokens in, {completion:,} out, "
        + (f"about ${dollars:.2f}" if price else "price unknown")
    )
    limit = llm_flags["max_cost"]
    if limit is not None and dollars > limit:
        click.echo(f"this is more than --max-cost {limit:g}: the run would stop before its end")
