"""The public functions: a short training run and the reader of its model."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from PIL import Image

from tests.trainer.drawn_charts import charts, picture, write
from tests.trainer.small_runs import tree
from trainer import load_reader, train
from trainer.errors import DataError, RunError, SettingsError
from trainer.settings import open_recipe, settings_from
from trainer.training.run import Run, read_lines, read_log, rewrite_lines


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run from a recipe file, with another dataset and one override."""
    folder = tmp_path_factory.mktemp("api")
    data = write(folder / "data", "charts", charts(24))
    recipe = folder / "recipe.yaml"
    recipe.write_text(yaml.safe_dump(tree(Path("elsewhere")) | {"warm_up": {"mode": "none"}}))
    out = train(recipe, folder / "run", datasets=[data], overrides=["train.steps=2"])
    assert out == folder / "run"
    return out


def test_training_follows_the_recipe(run: Path) -> None:
    steps = [line["step"] for line in read_lines(Run(run).log) if line["event"] == "train"]
    assert steps == [1, 2]
    assert (run / "checkpoints/step-00000002/model/config.json").exists()


def test_settings_train_like_their_recipe(run: Path, tmp_path: Path) -> None:
    settings = settings_from(yaml.safe_load((run / "settings.yaml").read_text()))
    train(settings, tmp_path / "again")
    first, second = (read_lines(Run(folder).log) for folder in (run, tmp_path / "again"))
    assert [line["loss"] for line in first] == [line["loss"] for line in second]
    with pytest.raises(TypeError, match="need a recipe"):
        train(settings, tmp_path / "again", datasets=["other"])


def test_a_reader_answers_pictures_and_files(run: Path, tmp_path: Path) -> None:
    file = tmp_path / "page.png"
    file.write_bytes(picture("12"))
    reader = load_reader(str(run), device="cpu", max_new_tokens=4)
    from_file, from_image = reader.read([str(file), Image.open(file)])
    assert from_file == from_image
    assert from_file.tokens <= 4
    pieces: list[str] = []
    (streamed,) = reader.read([file], on_text=pieces.append)
    assert "".join(pieces) == streamed.text
    (tmp_path / "broken.png").write_bytes(b"no picture")
    with pytest.raises(DataError, match=r"broken\.png: picture unreadable"):
        reader.read([tmp_path / "broken.png"])


def test_recipes_are_files_or_names(tmp_path: Path) -> None:
    assert open_recipe("tiny-toy", ["a", "b"]).data.datasets == ("a", "b")
    with pytest.raises(SettingsError, match="did you mean 'tiny-toy'"):
        open_recipe("tinytoy")
    with pytest.raises(SettingsError, match=r"none\.yaml does not exist"):
        open_recipe(str(tmp_path / "none.yaml"))


def test_older_recipes_and_checkpoints_are_read(tmp_path: Path) -> None:
    from trainer.model import VaryImageProcessor

    recipe = tmp_path / "recipe.yaml"
    recipe.write_text("model: {normalisation: clip}\n")
    assert open_recipe(recipe).model.normalization == "clip"
    VaryImageProcessor(normalization="clip").save_pretrained(tmp_path)
    file = tmp_path / "preprocessor_config.json"
    stored = json.loads(file.read_text())
    stored["normalisation"] = stored.pop("normalization")
    file.write_text(json.dumps(stored))
    assert VaryImageProcessor.from_pretrained(tmp_path).normalization == "clip"


def test_the_functions_are_found_in_any_order() -> None:
    """`trainer.train` is a function, whatever was imported before it."""
    code = "from trainer import load_reader; from trainer import train; print(train.__module__)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=250
    )
    assert done.stdout.strip() == "trainer.api"


def test_lines_of_a_run_end_only_at_line_feeds(tmp_path: Path) -> None:
    """An incomplete last line, of a run that was killed, is left out."""
    lines = [{"id": "a\u2028b"}, {"id": "c\x85d"}]
    rewrite_lines(tmp_path / "skipped.jsonl", lines)
    with (tmp_path / "skipped.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"id": "e"')
    assert read_lines(tmp_path / "skipped.jsonl") == lines


@pytest.mark.parametrize(
    "line", ["{", "5", '{"step": "1", "event": "train"}', "[" * 9999, "\udcff"]
)
def test_a_damaged_line_of_a_log_is_named_and_what_follows_is_kept(
    tmp_path: Path, line: str
) -> None:
    """The log is written again when a run is resumed."""
    run = Run(tmp_path)
    good = '{"step": 1, "event": "train", "loss": NaN}\n'
    run.log.write_bytes(f"{good}{line}\n{good}".encode(errors="surrogateescape"))
    with pytest.raises(RunError, match=r"log\.jsonl, line 2 is damaged: .*"):
        read_log(run)
    assert run.log.read_bytes().count(b"\n") == 3
