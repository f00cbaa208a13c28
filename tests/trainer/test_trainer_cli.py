"""The command: settings, one-line errors and exit codes, and a run from training to answers."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import resource
import subprocess
import sys
import typing
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_type_hints

import pytest
import yaml
from click.testing import CliRunner, Result

from tests.tools.in_process import run_line
from tests.trainer.drawn_charts import charts, picture, write
from tests.trainer.small_runs import tree
from trainer.cli import COMMANDS, group
from trainer.errors import SettingsError, TrainerError
from trainer.settings import Settings, load_settings, recipe_path, settings_from, to_yaml


def run(*arguments: str) -> Result:
    return CliRunner().invoke(group, list(arguments))


def test_help_is_fast_and_names_all_commands() -> None:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    out = subprocess.run(
        [sys.executable, "-c", "import sys, trainer.cli; print('torch' in sys.modules)"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert out.stdout.strip() == "False"
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert after.ru_utime - before.ru_utime < 5
    text = run("--help").output
    assert all(name in text for name in COMMANDS)


@pytest.mark.parametrize("name", ["tiny", "base-pretrain", "base-sft", "tiny-toy", "base-toy"])
def test_recipes_are_valid_and_come_back(name: str) -> None:
    settings = load_settings(recipe_path(name))
    assert settings_from(yaml.safe_load(to_yaml(settings))) == settings


def test_the_toy_base_takes_the_vocabulary_of_the_toy_tiny() -> None:
    tiny, base = (load_settings(recipe_path(f"{name}-toy")) for name in ("tiny", "base"))
    assert tiny.model.vision == base.model.vision


def test_the_paper_s_values() -> None:
    tiny = load_settings(recipe_path("tiny"))
    assert (tiny.train.batch_size, tiny.train.epochs, tiny.optim.lr) == (512, 3, 5e-5)
    assert tiny.optim.schedule == "cosine"
    first, second = (load_settings(recipe_path(f"base-{s}")) for s in ("pretrain", "sft"))
    assert (first.train.batch_size, first.train.epochs, first.optim.lr) == (256, 1, 5e-5)
    assert (second.train.batch_size, second.train.epochs, second.optim.lr) == (256, 1, 1e-5)
    assert set(first.train.freeze) == {"vision", "compressor", "clip"}


def test_overrides() -> None:
    settings = load_settings(
        recipe_path("tiny"), ["optim.lr=1e-4", "data.weights.charts=2", "train.freeze=[text]"]
    )
    assert settings.optim.lr == 1e-4
    assert settings.data.weights == {"charts": 2.0}
    assert settings.train.freeze == ("text",)
    out = run("tiny", "--print-config", "optim.lr=1e-4")
    assert yaml.safe_load(out.output)["optim"]["lr"] == 1e-4


@pytest.mark.parametrize(
    ("override", "message"),
    [
        ("optim.lrr=1", "unknown setting optim.lrr; did you mean 'lr'?"),
        ("optin.lr=1", "unknown setting optin; did you mean 'optim'?"),
        ("optim.lr=fast", "optim.lr is 'fast'; expected a number"),
        ("optim.lr=.nan", "optim.lr is nan; expected a finite number"),
        ("train.batch_size=1.5", "train.batch_size is 1.5; expected a whole number"),
        ("train.compile=maybe", "train.compile is 'maybe'; expected true or false"),
        ("train.precision=bf61", "train.precision is 'bf61'; did you mean 'bf16'?"),
        ("train.freeze=[visoin]", "a part of the model is 'visoin'; did you mean 'vision'?"),
        ("model.image_size=1000", "model.image_size is 1000; it must be a multiple of 64"),
        (
            "warm_up.batch_sizes=8",
            "warm_up.batch_sizes is 8; expected a list, for example [8, 4]",
        ),
        ("optim.betas=[0.9]", "optim.betas is [0.9]; expected 2 values"),
        (
            "data.weights=2",
            "data.weights is 2; expected a group of values, for example {pages: 0.5}",
        ),
        ("optim.lr", "'optim.lr' is not a setting; write it as optim.lr=1e-4"),
        ("optim=3", "optim is 3; expected a group of settings"),
        ("train.micro_batch=0", "train.micro_batch is 0; it must be at least 1"),
        ("train.seed=-1", "train.seed is -1; it must be at least 0"),
        ("train.steps=-1", "train.steps is -1; it must be at least 0"),
    ],
)
def test_wrong_settings_are_explained(override: str, message: str) -> None:
    with pytest.raises(SettingsError) as error:
        load_settings(recipe_path("tiny"), [override])
    assert str(error.value) == message
    assert error.value.exit_code == 2


def leaves(group: type[Any], prefix: str = "") -> Iterator[str]:
    """The names of all settings of a group and of the groups in it."""
    for name, hint in get_type_hints(group).items():
        if dataclasses.is_dataclass(hint):
            yield from leaves(typing.cast(type[Any], hint), f"{prefix}{name}.")
        else:
            yield prefix + name


WRONG = ["8", "-1", "1.5", ".nan", "word", "true", "null", "[]", "[1]", "[word]", "{a: 1}", "[[1]]"]


@pytest.mark.parametrize("name", list(leaves(Settings)))
def test_a_value_of_any_type_gives_settings_or_one_error(name: str) -> None:
    for value in WRONG:
        with contextlib.suppress(SettingsError):
            load_settings(recipe_path("tiny"), [f"{name}={value}"])


def command(*arguments: str) -> subprocess.CompletedProcess[str]:
    return run_line(group, "vary-train", *arguments)


def test_one_line_errors(tmp_path: Path) -> None:
    out = command("tiny", "--dataset", str(tmp_path / "none"), "train.device=cpu")
    assert out.returncode == 1
    assert f"error: {tmp_path}/none is not a dataset folder\n  give a folder" in out.stderr
    out = command("base", "--dataset", str(tmp_path))
    assert out.returncode == 2
    assert "--preset toy" in out.stderr
    assert out.stderr.startswith("error: ")
    assert "Traceback" not in out.stderr
    out = command("tinny")
    assert out.returncode == 2
    assert "did you mean 'tiny'?" in out.stderr


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("trained")
    data = write(folder / "data", "charts", charts(24))
    recipe = folder / "recipe.yaml"
    recipe.write_text(yaml.safe_dump(tree(data, steps=2)))
    result = run("tiny", "--recipe", str(recipe), "--out", str(folder / "run"))
    assert result.exception is None, result.exception
    return folder / "run", data


def test_predict(trained: tuple[Path, Path], tmp_path: Path) -> None:
    import pymupdf

    model, _ = trained
    for name in ("b.png", "a.png"):
        (tmp_path / name).write_bytes(picture("12"))
    (tmp_path / "broken.png").write_bytes(b"no picture")
    document: Any = pymupdf.open()
    for text in ("one", "two"):
        document.new_page().insert_text((72, 72), text)
    document.save(tmp_path / "pages.pdf")
    options = ("--model", str(model), "--max-new-tokens", "4", "--device", "cpu")
    out = tmp_path / "answers.jsonl"
    result = run("predict", str(tmp_path), "--out", str(out), "--batch", "2", *options)
    assert isinstance(result.exception, TrainerError)
    assert "1 of the inputs could not be read" in str(result.exception)
    lines = [json.loads(line) for line in out.read_text().splitlines()]
    assert [(Path(x["source"]).name, x["page"]) for x in lines] == [
        ("a.png", None), ("b.png", None), ("broken.png", None), ("pages.pdf", 1), ("pages.pdf", 2),
    ]  # fmt: skip
    assert lines[2]["error"] == "picture unreadable"
    assert lines[0]["text"] == lines[1]["text"]  # the same picture, alone or in a batch
    assert lines[0]["tokens"] <= 4
    alone = run("predict", str(tmp_path / "a.png"), *options)
    assert alone.exception is None
    shown = alone.output.split("\n[stopped")[0]
    assert shown.rstrip("\n") == lines[0]["text"].rstrip("\n")


def test_export_and_curves(trained: tuple[Path, Path], tmp_path: Path) -> None:
    model, _ = trained
    assert run("export-vocabulary", str(model), str(tmp_path / "v")).exception is None
    assert (tmp_path / "v" / "model.safetensors").exists()
    assert run("curves", str(model), "-o", str(tmp_path / "c")).exception is None
    assert (tmp_path / "c.png").read_bytes().startswith(b"\x89PNG")
    page = (tmp_path / "c.html").read_text()
    assert "<th>run</th>" in page
    assert "data:image/png;base64," in page
    assert isinstance(run("curves", str(tmp_path)).exception, TrainerError)


def test_plan_of_the_paper_s_tiny() -> None:
    result = run("plan", "tiny", "--rows", "1000", "model.weights.text=null")
    assert result.exception is None, result.exception
    text = result.output
    assert "vision 89.7 M, compressor 5.9 M, projector 0.8 M" in text
    assert "3.80 TFLOP per sample" in text  # research: 2.84 + 0.96
    assert "assuming a language model like OPT-125M" in text
    base = run("plan", "base", "--rows", "1000", "--gpus", "4", "--text-tokens", "800").output
    assert "fits in 139 GiB" in base
    assert isinstance(run("plan", "tiny").exception, SettingsError)
    assert "did you mean 'H200'" in str(
        run("plan", "tiny", "--rows", "1", "--gpu", "H2000").exception
    )
