"""`vary-data retarget`: the pictures of a dataset with targets in another form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from vary_data.base.errors import SourceError, UsageError, nearest
from vary_data.base.storage import Location, location
from vary_data.cli.flags import RUN_FLAGS, flags, option_flags
from vary_data.cli.generate import run_all
from vary_data.cli.language_model import NAMES, check_key, language_model_flags
from vary_data.engine.recipe import Recipe, load_yaml
from vary_data.targets.registry import QUESTIONS, check_form

if TYPE_CHECKING:
    from vary_data.dataset.reader import DatasetConfig

FORMS_HINT = "docs/targets.md lists what has which form"
MAX_POOL_BYTES = 1 << 20
RECIPE_FIELDS = option_flags(Recipe, ("name", "image_format"))
"""Names and pictures are those of the copied configurations."""
LLM_FLAGS = language_model_flags("`openai`: a language model rephrases questions.  [builtin]")


@click.command(name="retarget")
@click.argument("dataset")
@click.option("--to", "form", required=True, help="The form: docs/targets.md lists all of them.")
@click.option("--config", "names", multiple=True, help="Only these configurations.  [all]")
@click.option(
    "--prompt-pool", metavar="FILE", help="Prompts, one a line, or a YAML list.  [built in]"
)
@click.option(
    "--questions",
    type=click.IntRange(1, 20),
    default=1,
    show_default=True,
    help="Questions about each picture, with --to questions.",
)
@click.option("--split", help="With --describe: this split.  [train]")
@click.option("--describe", is_flag=True, help="Only write a description: -o FILE.yaml.")
@flags(*LLM_FLAGS, *RECIPE_FIELDS, *RUN_FLAGS)
def command(
    dataset: str,
    form: str,
    names: tuple[str, ...],
    prompt_pool: str | None,
    questions: int,
    split: str | None,
    describe: bool,
    **shared_flags: Any,
) -> None:
    """Write the targets of DATASET in another form; pictures and regions stay.

    Each configuration NAME becomes NAME-FORM. Rows that have no such text are rejections. With
    --describe, no picture is copied: `vary-data mix` and `vary-train --dataset FILE.yaml` write
    the texts when they read the rows.

    With --provider openai, questions are rephrased; answers stay. Replies are cached below the
    output folder: no request is paid for twice, and a stopped run resumes.
    """
    from vary_data.dataset.reader import Dataset

    check_form(form)
    llm_flags = {name: shared_flags.pop(name) for name in NAMES}
    rephrases = _rephrases(llm_flags, form, describe, shared_flags["dry_run"])
    opened = Dataset.open(dataset)
    known = {config.name: config for config in opened.configs}
    for name in names:
        if name not in known:
            raise SourceError(f"{dataset} has no configuration {name!r}", nearest(name, known))
    prompts = _prompts(prompt_pool)
    output = location(shared_flags["output"])
    chosen = [known[name] for name in names or known if _has_form(known[name], form)]
    if not chosen:
        raise SourceError(f"no row of {dataset} has the form {form}", FORMS_HINT)
    if describe:
        _describe(opened.path, [c.name for c in chosen], form, prompts, split, output, shared_flags)
        return
    if output.resolve() == opened.path.resolve():
        raise UsageError(f"{output} is the dataset itself", "choose another folder with -o")
    recipes = [_recipe(c, form, questions, prompts, shared_flags) for c in chosen]
    if rephrases:
        from vary_data.cli.rephrasing import with_wordings

        recipes = with_wordings(recipes, llm_flags, shared_flags)
    run_all(recipes, shared_flags)


def _rephrases(llm_flags: Mapping[str, Any], form: str, describe: bool, dry_run: bool) -> bool:
    """Whether a language model is asked.

    Raises:
        UsageError: it has nothing to rephrase or no key, or its flags are without `--provider`.
    """
    if llm_flags["provider"] != "openai":
        for name in ("base_url", "batch", "max_cost", "price"):
            if llm_flags[name]:
                flag = f"--{name.replace('_', '-')}"
                raise UsageError(f"{flag} needs --provider openai", "it rephrases questions")
        return False
    if form != QUESTIONS:
        raise UsageError("--provider openai needs --to questions", "other texts stay as they are")
    if describe:
        raise UsageError(
            "--provider openai and --describe exclude each other",
            "a description has no room for questions; leave out one of them",
        )
    if not dry_run:
        check_key(llm_flags)
    return True


def _has_form(config: DatasetConfig, form: str) -> bool:
    """Whether any row of a configuration shows something that has the form; else it is named."""
    from vary_data.targets.target import has_form

    if any(has_form(row, form) for row in config.rows(["text", "kind", "format", "meta"])):
        return True
    click.echo(f"{config.name}: no row has the form {form}", err=True)
    return False


def _recipe(
    config: DatasetConfig,
    form: str,
    questions: int,
    prompts: tuple[str, ...],
    given: Mapping[str, Any],
) -> Recipe:
    """The recipe of a configuration, by default with its splits.

    Raises:
        UsageError: several questions were asked for, of another form.
    """
    from vary_data.generators.retarget import RetargetOptions

    source = config.recipe
    keys = ("seed", "splits", "samples_per_shard", "timeout", "max_samples")
    chosen = {key: given[key] for key in keys if given.get(key) is not None}
    if questions > 1 and form != QUESTIONS:
        raise UsageError("--questions needs --to questions")
    return Recipe.from_dict(
        {
            "generator": "retarget",
            "name": f"{config.name}-{form}"[:64],
            "lang": source.get("lang", "en"),
            "splits": source.get("splits", {"train": 1.0}),
            **chosen,
            "options": {
                "source": str(config.path.resolve()),
                "to": form,
                "questions": questions,
                "prompts": list(prompts),
            },
        },
        RetargetOptions,
    )


def _describe(
    root: Location,
    names: list[str],
    form: str,
    prompts: tuple[str, ...],
    split: str | None,
    output: Location,
    given: Mapping[str, Any],
) -> None:
    """Write the mixture in which all rows of a split have the form."""
    from vary_data.dataset.mixture import describe, resolve
    from vary_data.engine.writer import write_text

    if output.suffix not in (".yaml", ".yml"):
        raise UsageError(f"-o {output} is not a .yaml file", "a description is one file")
    part: dict[str, Any] = {"path": str(root.resolve()), "to": form, "split": split or "train"}
    if prompts:
        part["prompts"] = list(prompts)
    parts = [{**part, "config": name} for name in names]
    mixture = resolve({"datasets": parts, "seed": given["seed"] or 0})
    for line in describe(mixture):
        click.echo(line, err=True)
    write_text(output, mixture.to_yaml())
    click.echo(str(output))


def _prompts(path: str | None) -> tuple[str, ...]:
    """The prompts of a file.

    Raises:
        UsageError: it is not readable, or has no prompt.
    """
    from vary_data.dataset.mixture import prompt_texts

    if path is None:
        return ()
    file = location(path)
    try:
        data = file.read_bytes()
    except OSError as error:
        raise UsageError(f"{path} cannot be read ({error.strerror or error})") from error
    if len(data) > MAX_POOL_BYTES:
        raise UsageError(f"{path} has {len(data):,} bytes", "a pool has at most a megabyte")
    if file.suffix in (".yaml", ".yml"):
        entries = load_yaml(path).get("prompts")
    else:
        try:
            entries = [line.strip() for line in data.decode("utf-8").splitlines() if line.strip()]
        except UnicodeDecodeError as error:
            raise UsageError(f"{path} is not UTF-8: {error}") from error
    if not entries:
        raise UsageError(f"{path} has no prompts", "write one a line")
    return prompt_texts(entries)
