"""The command: see `benchmarks.headline`."""

from __future__ import annotations

import argparse
import importlib.util
import math
import shutil
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import benchmarks.headline
from benchmarks.headline.data import data_stages, prepare_stages, texts_of
from benchmarks.headline.options import LANGS, LATEX, RunOptions
from benchmarks.headline.stages import StageError, ended, run_stages
from benchmarks.headline.training import (
    LEARNING_RATES,
    WHOLE_MINUTES,
    compiling_stage,
    reading_stages,
    training_settings,
    training_stage,
)
from trainer.errors import RunError, SettingsError
from trainer.settings import load_settings
from trainer.training.run import model_folder

NEEDED = ("fontTools", "jieba", "matplotlib", "pyarrow", "pymupdf", "rapidfuzz", "scipy",
          "tokenizers", "torch", "transformers", "wordfreq")  # fmt: skip
"""Packages of which a stage may ask for one only after minutes."""
NEEDED_TO_PREPARE = ("plotly", "pyecharts", "seaborn")
"""Further ones; nothing else in the project needs plotly and seaborn."""


def problem_of_preparing(arguments: argparse.Namespace, langs: Sequence[str]) -> str:
    """What would end `prepare` only after minutes; empty if nothing is known that would."""
    folder: Path = arguments.folder
    # stages that ended are not repeated, whatever the language
    if "real-pages" in ended(folder) and not all(
        test.exists() for test in real_pages(folder, langs)
    ):
        return f"{folder} has been prepared for another language: name another folder"
    if arguments.latex and not shutil.which("pdflatex"):
        return "--latex needs pdflatex, which is not installed: see docs/install.md"
    return missing(NEEDED + NEEDED_TO_PREPARE)


def problem_of_running(options: RunOptions) -> str:
    """What would end `run` only after minutes; empty if nothing is known that would."""
    folder, langs = options.folder, options.langs
    texts = [folder / "corpus" / f"{name}.xz" for name in texts_of(langs)]
    others = [folder / "fonts" / "fonts.json", folder / "foreign"]
    given = f"--lang {'both' if len(langs) > 1 else langs[0]}"
    if options.latex:
        others.append(folder / LATEX)
        given += " --latex"
    needed = (*texts, *real_pages(folder, langs), *others)
    if absent := [path for path in needed if not path.exists()]:
        return f"{absent[0]} is missing: `prepare` with {given} makes it"
    if options.latex and LATEX not in ended(folder):
        return f"{folder / LATEX} is not finished: `prepare` with {given} goes on"
    try:
        load_settings(options.recipe, training_settings(options))
        if options.after:
            model_folder(options.after)
    except (RunError, SettingsError) as error:
        return str(error)
    return missing(NEEDED)


def real_pages(folder: Path, langs: Sequence[str]) -> list[Path]:
    """The folders of the real pages of some languages, which are the test."""
    return [folder / "test" / f"real-{lang}" for lang in langs]


def missing(needed: Sequence[str]) -> str:
    """Which packages are not installed; empty if none."""
    absent = [name for name in needed if importlib.util.find_spec(name) is None]
    return f"not installed: {', '.join(absent)} (pip install {' '.join(absent)})" if absent else ""


def positive(text: str) -> float:
    """A number above 0."""
    number = float(text)
    if not 0 < number < math.inf:
        raise argparse.ArgumentTypeError(f"{text} is not above 0")
    return number


def natural(text: str) -> int:
    """A whole number from 0."""
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text} is no whole number from 0")
    return int(text)


def main() -> None:
    parser = argparse.ArgumentParser(
        "python -m benchmarks.headline", description=benchmarks.headline.__doc__.splitlines()[0]
    )
    tasks = parser.add_subparsers(dest="task", required=True)
    shown = argparse.ArgumentDefaultsHelpFormatter
    preparing = tasks.add_parser(
        "prepare", help="texts, fonts and the test; needs the network", formatter_class=shown
    )
    preparing.add_argument("folder", type=Path, help="to make")
    preparing.add_argument("--cache", type=Path, default=Path("cache"), help="of what is loaded")
    running = tasks.add_parser(
        "run",
        help="data, training and answers; needs no network",
        formatter_class=shown,
        epilog="SETTING=VALUE behind these are settings of vary-train, as data.answer_noise=0.",
    )
    running.add_argument("folder", type=Path, help="what `prepare` made")
    running.add_argument("--out", type=Path, required=True)
    running.add_argument("--gpus", type=int, choices=LEARNING_RATES, default=4, help="number")
    running.add_argument("--minutes", type=positive, default=WHOLE_MINUTES, help="of training")
    running.add_argument("--seed", type=int, default=0, help="of the model; the data stays")
    running.add_argument("--data-seed", type=natural, default=0, help="of the data to train on")
    running.add_argument("--after", type=Path, metavar="RUN", help="whose model is trained on")
    running.add_argument("--scale", type=positive, default=1, help="of the data")
    running.add_argument(
        "--recipe", type=Path, default=Path("trainer/recipes/tiny-random.yaml"), help="of the model"
    )
    for task in (preparing, running):
        task.add_argument("--lang", choices=(*LANGS, "both"), default="both", help="of the texts")
        task.add_argument(
            "--latex", action="store_true", help="English LaTeX pages with Mathpix Markdown, too"
        )
    arguments, settings = parser.parse_known_args()
    if wrong := [word for word in settings if word.startswith("-") or "=" not in word]:
        parser.error(f"not a setting of vary-train: {' '.join(wrong)}")
    langs = LANGS if arguments.lang == "both" else (arguments.lang,)
    if arguments.latex and "en" not in langs:
        parser.error("--latex is of English: it goes with --lang en or both")
    try:
        if arguments.task == "prepare":
            if settings:
                parser.error(f"settings are for `run`: {' '.join(settings)}")
            if problem := problem_of_preparing(arguments, langs):
                parser.error(problem)
            folder: Path = arguments.folder
            run_stages(prepare_stages(folder, arguments.cache, langs, arguments.latex), folder)
            return
        options = RunOptions(
            folder=arguments.folder,
            out=arguments.out,
            gpus=arguments.gpus,
            minutes=arguments.minutes,
            recipe=arguments.recipe,
            langs=langs,
            latex=arguments.latex,
            scale=arguments.scale,
            data_seed=arguments.data_seed,
            after=arguments.after,
            settings=(f"train.seed={arguments.seed}", *settings),
        )
        if problem := problem_of_running(options):
            parser.error(problem)
        run(options)
    except StageError as error:
        sys.exit(str(error))


def run(options: RunOptions) -> None:
    """Make the data, train, ask, and print the scores.

    Raises:
        StageError: a command failed.
    """
    train, reading = training_stage(options), reading_stages(options)
    data, pairs = data_stages(options)
    if options.gpus:
        # compilation takes one processor, drawing would leave it a small part of one
        data = [replace(stage, gives_way=True) for stage in data]
        data.append(compiling_stage(options))
    # Training does not ask for the pairs: they are drawn beside it.
    at_once = 2 * max(1, options.gpus)  # a GPU has memory for two of them
    groups = [reading[i : i + at_once] for i in range(0, len(reading), at_once)]
    run_stages([data, [train, *pairs], *groups], options.out)
    for stage in reading:
        print((options.out / f"{stage.name}.log").read_text())


if __name__ == "__main__":
    main()
