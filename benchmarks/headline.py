"""A Vary-tiny that reads, from random weights: data, training and test by one command.

    python -m benchmarks.headline prepare FOLDER [--cache FOLDER] [--lang both]
    python -m benchmarks.headline run FOLDER --out OUT [--gpus 4] [--minutes 22] [--seed 0]
                                  [--data-seed 0] [--scale 1] [--lang both] [--after RUN]
                                  [--recipe FILE] [SETTING ...]

`prepare` needs the network and some minutes: texts, fonts, and the test of real documents, none of
which the texts are from. The folder can be copied to the machine that trains. `run` needs no
network: it sets pages in many styles, draws charts, trains a Vary-tiny from random weights for
`--minutes` on all GPUs, and answers the test. A stage that ended is not repeated: the same command
goes on after an interruption. OUT gets data, pdf, run (the model), answers, a log per stage, and
stages.jsonl with their times. With `--after` the model of a run is trained on, by the last stage of
the warm-up only; another `--data-seed` gives it other charts and pages. `--scale` is that of the
data: 1 for 64 cores, 0.5 for 32. A trial with `--gpus 0 --scale 0.002 --recipe
trainer/recipes/tiny-toy.yaml` runs on two CPU cores.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import math
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from trainer.errors import RunError, SettingsError
from trainer.settings import load_settings
from trainer.training.run import model_folder

Command = tuple[str, ...]

LEDGER = "stages.jsonl"

PYTHON = sys.executable
DATA = (PYTHON, "-m", "vary_data")
LANGS = ("en", "zh")
DOCUMENTS = {"pages-en": 2800, "placed-en": 2200, "pages-zh": 2800, "placed-zh": 2200}
"""To train on, at scale 1: some 27,000 English and 24,000 Chinese pages. Of `placed` ones every
word has an exact place, as in manuals; `pages` are set by a flow of text."""
CHARTS = 9_000
"""Of each language, at scale 1."""
PLACED = 0.5
"""The share of placed documents among held-out ones."""
GAP_KINDS = ("natural", "scrambled")
BATCHES = (320, 112, 16)
"""Pictures of a step in the stages of the warm-up, for one GPU."""
LEARNING_RATES = {0: 3e-3, 1: 6e-4, 2: 8e-4, 4: 1e-3}
"""By the number of GPUs: a larger batch takes a larger rate."""
LAST_STAGE = ("warm_up.sizes=[1024]", "warm_up.glyph_low=[8]", "warm_up.glyph_high=[28]",
              "warm_up.loss_below=[2.5]", "warm_up.first_length=1700", "warm_up.lengths=[1700]",
              "warm_up.steps=[2600]")  # fmt: skip
"""Of the warm-up, for a model that reads already."""
ANSWER_NOISE = 0.05
"""The share of wrong tokens in what is read of an answer (experiment 20)."""
NEEDED = ("jieba", "matplotlib", "pyarrow", "pymupdf", "rapidfuzz", "scipy", "tokenizers", "torch",
          "transformers", "wordfreq")  # fmt: skip
"""Packages of which a stage may ask for one only after minutes."""
WEIGHTS = {"charts-en": 0.12, "charts-zh": 0.12, "pages-en": 0.3, "pages-zh": 0.32,
           "placed-en": 0.07, "placed-zh": 0.07}  # fmt: skip
"""Shares in the last stage. Placed pages are few: with more of them experiments 12, 15 and 16 read
late. One language alone takes a quarter of them (experiment 20); for both that is not tried."""
CROP_WEIGHTS = {"charts-en": 0.17, "charts-zh": 0.18, "pages-en": 0.22, "pages-zh": 0.31,
                "placed-en": 0.05, "placed-zh": 0.07}  # fmt: skip
"""Shares before it."""
ALONE = {
    "en": {"charts-en": 0.2, "pages-en": 0.56, "placed-en": 0.24},
    "zh": {"charts-zh": 0.16, "pages-zh": 0.4, "placed-zh": 0.24, "pages-en": 0.12,
           "placed-en": 0.08},
}  # fmt: skip
"""Shares of one language alone, before the last stage and in it (experiment 20). Chinese has
English pages beside it: more than half of the characters of real Chinese manuals are Latin. That is
not tried yet."""
BESIDE = 0.4
"""English documents beside Chinese ones, as a share of all."""


@dataclass(frozen=True, slots=True)
class Stage:
    """Commands that follow each other; the stage ended if `name` is in stages.jsonl."""

    name: str
    commands: Sequence[Command]
    gpu: int | None = None
    """The only GPU that it sees."""
    gives_way: bool = False
    """Whether it leaves the processors to the stages beside it."""


class StageError(Exception):
    """A command of a stage failed."""


def prepare_stages(folder: Path, cache: Path, langs: Sequence[str] = LANGS) -> list[list[Stage]]:
    """The stages that need the network. Stages of an inner list run side by side."""

    def stage(name: str, module: str, target: str, *options: str) -> Stage:
        command = (PYTHON, "-m", f"benchmarks.{module}", "--out", str(folder / target), *options)
        return Stage(name, [command])

    kept = ("--cache", str(cache))
    corpus = ("--corpus", str(folder / "corpus"))
    chosen = ("--langs", *langs)
    return [
        [stage("corpora", "corpora", "corpus", *kept, "--only", *texts_of(langs))],
        [
            stage("fonts", "font_sets", "fonts", *corpus, *kept, *chosen),
            stage("real-pages", "real_pages", "test", *kept, "--pages-zh", "6", *chosen),
        ],
        [stage("foreign-charts", "foreign_charts", "foreign", *chosen)],
    ]


def texts_of(langs: Sequence[str]) -> list[str]:
    """The corpora of some languages: Chinese has English pages beside it."""
    return [*sorted({"en", *langs}), "code"]


def data_stages(
    folder: Path,
    out: Path,
    scale: float,
    langs: Sequence[str] = LANGS,
    seed: int = 0,
) -> list[list[Stage]]:
    """Charts and pages to train on, pages held out, and pairs for the guessing gap. `seed` is that
    of what is trained on."""
    source = ("--corpus", str(folder / "corpus"), "--fonts", str(folder / "fonts"))
    style = (PYTHON, "-m", "benchmarks.styled_pages", *source)

    def count(full: int) -> str:
        return str(max(2, round(full * scale)))

    def charts(lang: str) -> Stage:
        draw = (*DATA, "render-charts", "--backend", "matplotlib", "--lang", lang, "--seed",
                str(seed))  # fmt: skip
        split = ("--splits", "train=0.985,validation=0.015")
        return Stage(
            f"charts-{lang}", [(*draw, *split, "-n", count(CHARTS), "-o", str(out / "data"))]
        )

    def pages(
        name: str, lang: str, documents: int, placed: float, options: Command, target: Command
    ) -> Stage:
        pdfs = str(out / "pdf" / name)
        drawn = ("--lang", lang, "--documents", count(documents), "--placed", str(placed))
        read = (*DATA, "pages", "--src", pdfs, "--lang", lang, "--long-side", "1024",
                "--drop-leaders")  # fmt: skip
        return Stage(name, [(*style, *drawn, *options, "--out", pdfs), (*read, *target)])

    def to_train(name: str) -> Stage:
        kind, lang = name.split("-")
        target = ("-o", str(out / "data"), "--name", name)
        documents = round(DOCUMENTS[name] * (1 if lang in langs else BESIDE))
        # held-out pages have the seeds 1 and 2
        drawn = ("--seed", str(10 * seed))
        return pages(name, lang, documents, float(kind == "placed"), drawn, target)

    held_out = ("--split", "validation")
    valid = (*held_out, "--kinds", "natural=0.7,shuffled=0.3", "--seed", "1")
    to_valid = ("--splits", "validation", "-o", str(out / "valid"))
    to_gap = ("--splits", "validation", "-o", str(out / "gap"))
    gap = [
        pages(
            f"{lang}-{kind}",
            lang,
            40,
            PLACED,
            (*held_out, "--kinds", f"{kind}=1", "--seed", "2"),
            (*to_gap, "--name", f"{lang}-{kind}"),
        )
        for lang in langs
        for kind in GAP_KINDS
    ]
    held = [pages(f"{lang}-valid", lang, 60, PLACED, valid, to_valid) for lang in langs]
    return [
        [charts(lang) for lang in langs],
        [*(to_train(name) for name in DOCUMENTS if name in shares(langs)[0]), *held],
        [replace(stage, gives_way=True) for stage in gap],
    ]


def shares(langs: Sequence[str]) -> tuple[dict[str, float], dict[str, float]]:
    """Of the configurations, in the last stage and before it."""
    if len(langs) > 1:
        return WEIGHTS, CROP_WEIGHTS
    return ALONE[langs[0]], ALONE[langs[0]]


def training_stage(
    out: Path,
    gpus: int,
    minutes: float,
    recipe: Path,
    rest: Command,
    langs: Sequence[str] = LANGS,
    after: Path | None = None,
) -> Stage:
    """The warm-up, which is the whole training, and one step after it; its last stage if the model
    of the run `after` is trained on."""
    launch: Command = (PYTHON, "-m", "trainer")
    if gpus > 1:
        launch = (PYTHON, "-m", "torch.distributed.run", "--nproc-per-node", str(gpus), "-m",
                  "trainer")  # fmt: skip
    data = ("-d", str(out / "data"), "-d", str(out / "valid"), "-o", str(out / "run"))
    command = (*launch, "tiny", "--recipe", str(recipe), *data, "--warm-up", "grounded")
    return Stage("train", [(*command, *training_settings(gpus, minutes, rest, langs, after))])


def training_settings(
    gpus: int,
    minutes: float,
    rest: Command,
    langs: Sequence[str] = LANGS,
    after: Path | None = None,
) -> Command:
    """What differs from the recipe; `rest` comes last and so replaces what is here."""
    batches = [size * max(1, gpus) for size in BATCHES]
    weights = [
        f"{group}.weights.{name}={share}"
        for group, chosen in zip(("data", "warm_up"), shares(langs), strict=True)
        for name, share in chosen.items()
    ]
    stages: Command = (
        f"warm_up.batch_sizes={batches}",
        "warm_up.steps=[520,420,2600]",
        "warm_up.lengths=[48,240,1700]",
    )
    if after:
        stages = (f"warm_up.batch_sizes={batches[-1:]}", *LAST_STAGE)
    settings = (
        f"model.tokenizer_size={8192 if 'zh' in langs else 4096}",
        f"train.batch_size={batches[-1]}",
        *stages,
        f"warm_up.minutes={minutes}",
        f"warm_up.lr={LEARNING_RATES[gpus]}",
        f"data.answer_noise={ANSWER_NOISE}",
        "evaluation.every=700",
        "evaluation.samples=128",
        f"train.compile={str(gpus > 0).lower()}",
        "train.steps=1",
    )
    start = [f"model.weights.vary={after}"] if after else []
    return (*(settings if gpus else ()), *start, *weights, *rest)


def reading_stages(folder: Path, out: Path, gpus: int, scale: float) -> list[Stage]:
    """Answers to real pages, foreign charts, held-out rows, and the pairs; a GPU each, in turns."""

    def read(number: int, name: str, *sources: Path, **counts: int) -> Stage:
        command = [PYTHON, "benchmarks/reading.py", str(out / "run"), *map(str, sources)]
        for kind in ("pages", "charts", "crops"):
            full = counts.get(kind, 0)
            command += [f"--{kind}", str(min(full, max(2, round(full * scale * 10))))]
        split = "test" if sources[0].is_relative_to(folder) else "validation"
        command += ["--split", split, "--out", str(out / "answers" / name)]
        return Stage(f"read-{name}", [tuple(command)], number % gpus if gpus else None)

    return [
        read(0, "real", folder / "test", pages=128),
        read(1, "own", out / "data", out / "valid", pages=64, charts=96, crops=64),
        read(2, "foreign", folder / "foreign", charts=40),
        read(3, "gap", out / "gap", pages=220),
    ]


def run_stages(groups: Sequence[Sequence[Stage]], out: Path) -> None:
    """Run groups of stages one after another, the stages of a group side by side.

    Raises:
        StageError: a command failed; its log is named. Other stages of its group end first.
    """
    out.mkdir(parents=True, exist_ok=True)
    done = ended(out)
    for group in groups:
        waiting = [stage for stage in group if stage.name not in done]
        failed = []
        with ThreadPoolExecutor(max(1, len(waiting))) as pool:
            for stage, seconds in zip(
                waiting, pool.map(partial(run_stage, out=out), waiting), strict=True
            ):
                if seconds is None:
                    failed.append(stage.name)
                    continue
                line = json.dumps({"stage": stage.name, "seconds": round(seconds, 1)})
                print(line, flush=True)
                with (out / LEDGER).open("a") as file:
                    file.write(line + "\n")
        if failed:
            logs = ", ".join(str(out / f"{name}.log") for name in failed)
            raise StageError(f"{' and '.join(failed)} failed: see {logs}")


def ended(out: Path) -> set[str]:
    """The names of the stages that ended."""
    ledger = out / LEDGER
    lines = ledger.read_text().splitlines() if ledger.exists() else []
    return {json.loads(line)["stage"] for line in lines}


def run_stage(stage: Stage, out: Path) -> float | None:
    """Run the commands of a stage; the seconds that they took, None if one failed."""
    environment = dict(os.environ)
    if stage.gpu is not None:
        environment["CUDA_VISIBLE_DEVICES"] = str(stage.gpu)
    prefix = ("nice", "-n", "19") if stage.gives_way else ()
    started = time.monotonic()
    with (out / f"{stage.name}.log").open("wb") as log:
        for command in stage.commands:
            if subprocess.run(
                (*prefix, *command), stdout=log, stderr=log, env=environment
            ).returncode:
                return None
    return time.monotonic() - started


def problem_of(arguments: argparse.Namespace, langs: Sequence[str], settings: Command) -> str:
    """What would end the task only after minutes; empty if nothing is known that would."""
    folder: Path = arguments.folder
    if missing := [name for name in NEEDED if importlib.util.find_spec(name) is None]:
        return f"not installed: {', '.join(missing)} (pip install -e '.[train]')"
    tests = [folder / "test" / f"real-{lang}" for lang in langs]
    if arguments.task == "prepare":
        if settings:
            return f"settings are for `run`: {' '.join(settings)}"
        # stages that ended are not repeated, whatever the language
        if "real-pages" in ended(folder) and not all(test.exists() for test in tests):
            return f"{folder} has been prepared for another language: name another folder"
        return ""
    texts = [folder / "corpus" / f"{name}.xz" for name in texts_of(langs)]
    others = (folder / "fonts" / "fonts.json", folder / "foreign")
    if absent := [path for path in (*texts, *tests, *others) if not path.exists()]:
        return f"{absent[0]} is missing: `prepare` with --lang {arguments.lang} makes it"
    try:
        load_settings(
            arguments.recipe,
            training_settings(arguments.gpus, arguments.minutes, settings, langs, arguments.after),
        )
        if arguments.after:
            model_folder(arguments.after)
    except (RunError, SettingsError) as error:
        return str(error)
    return ""


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
        "python -m benchmarks.headline", description=__doc__.splitlines()[0]
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
    running.add_argument("--minutes", type=positive, default=22, help="of training")
    running.add_argument("--seed", type=int, default=0, help="of the model; the data stays")
    running.add_argument("--data-seed", type=natural, default=0, help="of the data to train on")
    running.add_argument("--after", type=Path, metavar="RUN", help="whose model is trained on")
    running.add_argument("--scale", type=positive, default=1, help="of the data")
    running.add_argument(
        "--recipe", type=Path, default=Path("trainer/recipes/tiny-random.yaml"), help="of the model"
    )
    for task in (preparing, running):
        task.add_argument("--lang", choices=(*LANGS, "both"), default="both", help="of the texts")
    arguments, settings = parser.parse_known_args()
    if wrong := [word for word in settings if word.startswith("-") or "=" not in word]:
        parser.error(f"not a setting of vary-train: {' '.join(wrong)}")
    langs = LANGS if arguments.lang == "both" else (arguments.lang,)
    if arguments.task == "run":
        settings = [f"train.seed={arguments.seed}", *settings]
    if problem := problem_of(arguments, langs, tuple(settings)):
        parser.error(problem)
    try:
        if arguments.task == "prepare":
            stages = prepare_stages(arguments.folder, arguments.cache, langs)
            run_stages(stages, arguments.folder)
            return
        folder, out, gpus = arguments.folder, arguments.out, arguments.gpus
        train = training_stage(
            out, gpus, arguments.minutes, arguments.recipe, tuple(settings), langs, arguments.after
        )
        reading = reading_stages(folder, out, gpus, arguments.scale)
        *data, pairs = data_stages(folder, out, arguments.scale, langs, arguments.data_seed)
        # Training does not ask for the pairs: they are drawn beside it.
        at_once = 2 * max(1, gpus)  # a GPU has memory for two of them
        groups = [reading[i : i + at_once] for i in range(0, len(reading), at_once)]
        run_stages([*data, [train, *pairs], *groups], out)
    except StageError as error:
        sys.exit(str(error))
    for stage in reading:
        print((out / f"{stage.name}.log").read_text())


if __name__ == "__main__":
    main()
