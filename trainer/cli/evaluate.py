"""`vary-train evaluate`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from trainer.cli import options

NORMALIZERS = ("layout", "exact", "loose")


@click.command(name="evaluate")
@options.dataset
@click.option(
    "--model",
    "-m",
    type=click.Path(path_type=Path),
    help="A run, a checkpoint or a model folder that answers the test set.",
)
@click.option(
    "--predictions",
    "-p",
    type=click.Path(dir_okay=False, path_type=Path),
    help='Answers of any system: lines of {"id": …, "answer": …}.',
)
@click.option("--split", help="The split.  [the first of test, validation, train]")
@click.option(
    "--tasks",
    "-t",
    multiple=True,
    metavar="NAME",
    help="Only these kinds or configurations: a,b. Repeatable.",
)
@click.option(
    "--out",
    "-o",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("evaluation"),
    show_default=True,
    help="Folder of the results.",
)
@click.option(
    "--unit-tests",
    type=click.Path(path_type=Path),
    help="Tests of the rows as well: a folder of `vary-data unit-tests`.",
)
@options.batch
@options.max_new_tokens
@options.no_repeat_ngram
@options.no_repeat
@click.option(
    "--device",
    type=click.Choice(["auto", "cpu", "cuda"]),
    default="auto",
    show_default=True,
    help="Device of the model.",
)
@click.option(
    "--normalize",
    type=click.Choice(NORMALIZERS),
    default="layout",
    show_default=True,
    help="Normalization of texts before they are compared.",
)
@click.option(
    "--worst",
    default=12,
    show_default=True,
    type=click.IntRange(0),
    metavar="N",
    help="Samples in the report, of each kind and language.",
)
@click.option(
    "--draws",
    default=1000,
    show_default=True,
    type=click.IntRange(1),
    metavar="N",
    help="Bootstrap samples of the 95 % intervals.",
)
@click.option("--seed", default=0, show_default=True, type=click.IntRange(0), metavar="N",
              help="Seed of the bootstrap.")  # fmt: skip
def command(
    datasets: tuple[str, ...],
    model: Path | None,
    predictions: Path | None,
    split: str | None,
    tasks: tuple[str, ...],
    out: Path,
    **flags: Any,
) -> None:
    """Score a model, or the answers of any system, on a test set.

    Prints a table per kind of data and writes OUT/report.html with the worst samples,
    OUT/scores.json, OUT/samples.jsonl, with --model OUT/answers.jsonl, and with --unit-tests
    OUT/unit_tests.json. The same command
    again continues an interrupted run. Several GPUs: torchrun --nproc-per-node 8 -m trainer
    evaluate …
    """
    from trainer.errors import SettingsError
    from trainer.evaluation.example import open_examples

    if (model is None) == (predictions is None):
        raise SettingsError("nothing to score", "give either --model or --predictions")
    tests = None
    if flags["unit_tests"] is not None:
        from trainer.evaluation.unit_tests import open_unit_tests

        tests = open_unit_tests(flags["unit_tests"])
    names = [name for entry in tasks for name in entry.split(",") if name]
    examples = open_examples(datasets, split, names)
    settings: dict[str, Any] = {"datasets": list(datasets), "split": split, "tasks": names}
    settings |= {name: flags[name] for name in ("normalize", "draws", "seed")}
    if predictions is not None:
        from trainer.evaluation.answers import read_predictions

        answers, notes = read_predictions(predictions), list[str]()
        settings["predictions"] = str(predictions)
    else:
        assert model is not None
        settings["model"] = str(model)
        result = _answers(model, examples, out, **flags)
        if result is None:
            return
        answers, notes = result
    _report(examples, answers, notes, settings, out, **flags)
    if tests is not None:
        _report_unit_tests(tests, {example.id for example in examples}, answers, out)


def _answers(
    model: Path,
    examples: list[Any],
    out: Path,
    *,
    device: str,
    batch: int,
    max_new_tokens: int,
    no_repeat_ngram: int,
    no_repeat: bool,
    **_: Any,
) -> tuple[dict[str, str], list[str]] | None:
    """The model's answers and notes on them; None in all processes except the first."""
    from trainer.evaluation.generate import Decoding, answer_examples
    from trainer.training.world import open_world

    def show_progress(done: int, count: int) -> None:
        if done == count or done * 10 // count > (done - 1) * 10 // count:
            click.echo(f"answered {done} of {count}" + share, err=True)

    options.no_weight_bars()
    decoding = Decoding(max_new_tokens, no_repeat_ngram, no_repeat)
    with open_world(device) as world:
        share = f" (of one process among {world.size})" if world.size > 1 else ""
        progress = show_progress if world.first else (lambda done, count: None)
        answers = answer_examples(model, examples, decoding, out, world, batch, progress)
        if not world.first:
            return None
    notes = []
    unfinished = sum(not answer.finished for answer in answers.values())
    if unfinished:
        notes.append(f"{unfinished} answers did not end within {max_new_tokens} tokens")
    unread = [answer for answer in answers.values() if answer.error]
    if unread:
        notes.append(f"{len(unread)} pictures could not be read: {unread[0].id}: {unread[0].error}")
    return {name: answer.answer for name, answer in answers.items()}, notes


def _report_unit_tests(
    tests: dict[str, list[Any]], ids: set[str], answers: dict[str, str], out: Path
) -> None:
    """Score, print and save the tests of the rows in the test set."""
    from trainer.errors import DataError
    from trainer.evaluation.unit_tests import score_unit_tests

    chosen = {row: found for row, found in tests.items() if row in ids}
    if not chosen:
        raise DataError("the unit tests are of other rows than the test set", "check --unit-tests")
    scores = score_unit_tests(chosen, answers)
    click.echo(scores.table())
    (out / "unit_tests.json").write_text(scores.to_json(), encoding="utf-8")


def _report(
    examples: list[Any],
    answers: dict[str, str],
    notes: list[str],
    settings: dict[str, Any],
    out: Path,
    *,
    normalize: str,
    worst: int,
    draws: int,
    seed: int,
    **_: Any,
) -> None:
    """Score, print and save."""
    from trainer.evaluation import scoring, summary
    from trainer.evaluation.answers import coverage
    from trainer.evaluation.report.page import write_report

    notes = [
        *scoring.notes(examples),
        *coverage(examples, answers, not settings["tasks"]).notes(),
        *notes,
    ]
    scored = scoring.score(examples, answers, normalize)
    groups = scoring.groups(scored, seed, draws)
    summary.save(out, scored, groups, notes, settings)
    path = write_report(out, scored, groups, notes, settings, worst)
    click.echo(summary.tables(groups))
    for note in notes:
        click.echo(f"note: {note}")
    click.echo(str(path))
