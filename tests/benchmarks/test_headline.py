"""The stages of the headline run: order, failure, and what is not done twice."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from benchmarks.headline import __main__ as command_line
from benchmarks.headline.data import DATA, LATEX_SHARE, data_stages, prepare_stages
from benchmarks.headline.options import RunOptions
from benchmarks.headline.stages import Stage, StageError, run_stages
from benchmarks.headline.training import (
    STEPS,
    compiling_stage,
    reading_stages,
    training_stage,
)
from trainer.settings.recipe import load_settings

BEFORE = {"corpora", "fonts", "real-pages", "foreign-charts"}
"""What `prepare` makes without LaTeX pages."""
RECIPE = Path(__file__).parents[2] / "trainer/recipes/tiny-random.yaml"


def options(tmp_path: Path, gpus: int = 1, **further: Any) -> RunOptions:
    folders = {"folder": tmp_path / "given", "out": tmp_path / "out"}
    return RunOptions(**{**folders, "gpus": gpus, "minutes": 20, "recipe": RECIPE, **further})


def writes(name: str, target: Path, status: int = 0) -> Stage:
    code = f"open({str(target)!r}, 'a').write({name!r}); raise SystemExit({status})"
    return Stage(name, [(sys.executable, "-c", code)])


def test_a_failed_stage_stops_the_run_and_the_next_run_goes_on(tmp_path: Path) -> None:
    said = tmp_path / "said"
    groups = [[writes("a", said)], [writes("b", said, status=3), writes("c", said)]]
    groups.append([writes("d", said)])
    with pytest.raises(StageError, match=r"^b failed: see .*b\.log$"):
        run_stages(groups, tmp_path / "out")
    assert sorted(said.read_text()) == ["a", "b", "c"]
    said.unlink()
    groups[1][0] = writes("b", said)
    run_stages(groups, tmp_path / "out")
    assert said.read_text() == "bd"
    lines = (tmp_path / "out" / "stages.jsonl").read_text().splitlines()
    assert [json.loads(line)["stage"] for line in lines] == ["a", "c", "b", "d"]


def test_an_optional_stage_that_fails_is_told_and_tried_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = tmp_path / "said"
    optional = replace(writes("a", said, status=1), optional=True)
    with pytest.raises(StageError, match=r"^b failed"):
        run_stages([[optional, writes("b", said, status=1)]], tmp_path / "out")
    run_stages([[optional, writes("b", said)], [writes("c", said)]], tmp_path / "out")
    assert sorted(said.read_text()) == ["a", "a", "b", "b", "c"]
    line = capsys.readouterr().out.splitlines()[0]
    assert line == f"a failed, the run goes on: see {tmp_path / 'out' / 'a.log'}"


def test_an_optional_stage_alone_is_not_waited_for(tmp_path: Path) -> None:
    """What is needed beside it has ended: the next stage would wait for something it can do."""
    said = tmp_path / "said"
    optional = replace(writes("a", said, status=1), optional=True)
    for _ in range(2):
        run_stages([[optional, writes("b", said)], [writes("c", said)]], tmp_path / "out")
        (tmp_path / "out" / "stages.jsonl").write_text('{"stage": "b", "seconds": 1}\n')
    assert sorted(said.read_text()) == ["a", "b", "c", "c"]


def test_a_chain_ends_at_the_first_command_that_fails(tmp_path: Path) -> None:
    said = tmp_path / "said"
    chain = [*writes("a", said, status=1).commands, *writes("b", said).commands]
    with pytest.raises(StageError):
        run_stages([[Stage("chain", chain)]], tmp_path / "out")
    assert said.read_text() == "a"


@pytest.mark.parametrize("gpus", [1, 2, 4])
def test_training_takes_the_settings(tmp_path: Path, gpus: int) -> None:
    given = options(tmp_path, gpus, settings=("train.seed=1",))
    (command,) = training_stage(given).commands
    settings = load_settings(RECIPE, [word for word in command if "=" in word])
    assert settings.warm_up.batch_sizes[-1] == settings.train.batch_size == 16 * gpus
    assert settings.train.seed == 1
    drawn = [stage for group in data_stages(given) for stage in group]
    names = {stage.name for stage in drawn if str(given.out / "data") in stage.commands[-1]}
    for weights in (settings.data.weights, settings.warm_up.weights):
        assert set(weights) == names
        assert sum(weights.values()) == pytest.approx(1)


@pytest.mark.parametrize("gpus", [1, 2, 4])
@pytest.mark.parametrize("after", [None, Path("before")])
def test_what_is_compiled_is_what_the_gpus_run(
    tmp_path: Path, gpus: int, after: Path | None
) -> None:
    """The compiler's cache serves if the pictures, batches and the model are the same, and the
    number of the GPU."""
    rest = ("model.text.num_hidden_layers=2", "data.weights.pages-en=0.5", "train.steps=900")
    given = options(tmp_path, gpus, settings=rest, langs=["zh"], after=after)
    (training,) = training_stage(given).commands
    stage = compiling_stage(given)
    _, compiling = stage.commands
    run, short = (
        load_settings(RECIPE, [word for word in command if "=" in word])
        for command in (training, compiling)
    )
    assert stage.gpu is None
    assert training[: training.index("-d")] == compiling[: compiling.index("-d")]
    assert short.model == run.model
    assert short.train.compile
    assert short.warm_up.sizes == run.warm_up.sizes
    assert short.warm_up.batch_sizes == run.warm_up.batch_sizes
    assert short.train.batch_size == run.train.batch_size
    assert run.train.steps == 900
    assert sum(short.warm_up.steps) + short.train.steps <= 6
    assert not short.data.weights
    assert not short.warm_up.weights


def test_stages_of_other_number_are_compiled(tmp_path: Path) -> None:
    stages = {"sizes": [448, 1024], "batch_sizes": [56, 16], "steps": [900, 2600],
              "glyph_low": [7, 8], "glyph_high": [20, 28], "lengths": [240, 1700],
              "loss_below": [2.5, 2.5], "grown_by": [0, 0.3]}  # fmt: skip
    rest = tuple(f"warm_up.{name}={values}" for name, values in stages.items())
    _, command = compiling_stage(options(tmp_path, settings=rest, langs=["zh"])).commands
    assert load_settings(RECIPE, [w for w in command if "=" in w]).warm_up.steps == (2, 2)


@pytest.mark.parametrize(
    ("minutes", "steps"), [(5.5, (300, 175)), (22, STEPS[:2]), (40, STEPS[:2])]
)
def test_a_short_training_has_time_for_its_last_stage(
    tmp_path: Path, minutes: float, steps: tuple[int, int]
) -> None:
    """Crops alone took more than the minutes."""
    (command,) = training_stage(options(tmp_path, minutes=minutes, langs=["zh"])).commands
    settings = load_settings(RECIPE, [word for word in command if "=" in word])
    assert settings.warm_up.steps[:2] == steps


@pytest.mark.parametrize("gpus", [0, 2])
def test_what_is_drawn_gives_way_to_the_compilation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, gpus: int
) -> None:
    """It runs in one process, beside some of each processor for every stage that draws."""
    out = tmp_path / "out"
    given: list[Stage] = []

    def run(groups: Sequence[Sequence[Stage]], out: Path) -> None:
        given.extend(groups[0])
        out.mkdir()
        for stage in chain.from_iterable(groups):
            (out / f"{stage.name}.log").touch()

    words = f"run {prepared(tmp_path / 'zh', 'zh')} --out {out} --lang zh --gpus {gpus}"
    monkeypatch.setattr(sys, "argv", ["headline", *words.split()])
    monkeypatch.setattr(command_line, "run_stages", run)
    command_line.main()
    kept = {stage.name for stage in given if not stage.gives_way}
    assert kept == ({"compiling"} if gpus else {stage.name for stage in given})


def test_pairs_leave_the_processors_to_the_training(tmp_path: Path) -> None:
    needed, pairs = data_stages(options(tmp_path))
    for stage in needed:
        assert not stage.gives_way
        assert all("-j" not in command for command in stage.commands)
    for stage in pairs:
        assert stage.gives_way
        assert all(command[command.index("-j") + 1] == "1" for command in stage.commands)


def test_a_model_is_trained_on_by_the_last_stage_only(tmp_path: Path) -> None:
    given = options(tmp_path, langs=["zh"], after=Path("before"))
    (command,) = training_stage(given).commands
    settings = load_settings(RECIPE, [word for word in command if "=" in word])
    assert settings.model.weights.vary == "before"
    assert settings.warm_up.sizes == (settings.model.image_size,)
    assert settings.warm_up.batch_sizes == (16,)
    assert settings.warm_up.first_length == settings.warm_up.lengths[-1]


def test_the_seed_of_the_data_is_that_of_what_is_trained_on(tmp_path: Path) -> None:
    def seeds(seed: int) -> dict[str, str]:
        given = options(tmp_path, langs=["zh"], data_seed=seed)
        stages = [s for group in data_stages(given) for s in group]
        drawn = {stage.name: stage.commands[0] for stage in stages}
        return {name: words[words.index("--seed") + 1] for name, words in drawn.items()}

    before, after = seeds(0), seeds(1)
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"charts-zh", "pages-zh", "placed-zh", "pages-en", "placed-en"}
    held_out = {after[name] for name in before if name not in changed}
    assert not held_out & {after[name] for name in changed if name != "charts-zh"}


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_one_language_alone(tmp_path: Path, lang: str) -> None:
    given = options(tmp_path, langs=[lang])
    (train,) = training_stage(given).commands
    settings = load_settings(RECIPE, [word for word in train if "=" in word])
    assert settings.model.tokenizer_size == {"en": 4096, "zh": 8192}[lang]
    stages = [s for group in data_stages(given) for s in group]
    names = {stage.name for stage in stages if str(given.out / "data") in stage.commands[-1]}
    english = {"pages-en", "placed-en"}
    assert names == {f"charts-{lang}", f"pages-{lang}", f"placed-{lang}"} | english
    for weights in (settings.data.weights, settings.warm_up.weights):
        assert set(weights) == names
        assert sum(weights.values()) == pytest.approx(1)
    of_test = [c for s in stages if s.name not in names for c in s.commands]
    assert of_test
    assert {word for c in of_test for word in c if word in ("en", "zh")} == {lang}


def test_english_is_prepared_alone(tmp_path: Path) -> None:
    stages = [s for group in prepare_stages(tmp_path, tmp_path, ["en"]) for s in group]
    assert {stage.name for stage in stages} == BEFORE
    for (command,) in (stage.commands for stage in stages):
        assert "en" in command
        assert "zh" not in command


def test_chinese_is_prepared_with_english_text_for_the_pages_beside(tmp_path: Path) -> None:
    stages = {s.name: s.commands[0] for g in prepare_stages(tmp_path, tmp_path, ["zh"]) for s in g}
    assert {name for name, command in stages.items() if "en" in command} == {"corpora"}
    assert all("zh" in command for command in stages.values())


def test_latex_pages_are_trained_on_and_asked_for(tmp_path: Path) -> None:
    stages = [s for group in prepare_stages(tmp_path, tmp_path, ["en"], latex=True) for s in group]
    (made,) = [s.commands for s in stages if s.name not in BEFORE]
    folder, name = (made[1][made[1].index(flag) + 1] for flag in ("-o", "--name"))
    given = options(tmp_path, folder=tmp_path, langs=["en"], latex=True)
    (train,) = training_stage(given).commands
    assert folder in train
    settings = load_settings(RECIPE, [word for word in train if "=" in word])
    for weights in (settings.data.weights, settings.warm_up.weights):
        assert weights[name] == LATEX_SHARE
        assert sum(weights.values()) == pytest.approx(1)
    (asked,) = [s.commands[0] for s in reading_stages(given) if folder in s.commands[0]]
    assert asked[asked.index("--split") + 1] == "test"


def test_leaders_are_left_out_of_all_pages(tmp_path: Path) -> None:
    stages = [s for g in data_stages(options(tmp_path)) for s in g]
    pages = [c for s in stages for c in s.commands if c[:4] == (*DATA, "pages")]
    assert len(pages) == 10
    assert all("--drop-leaders" in command for command in pages)


def test_what_is_read_is_what_was_made(tmp_path: Path) -> None:
    given = options(tmp_path, gpus=2)
    made = {
        Path(command[command.index("-o") + 1]).name
        for group in data_stages(given)
        for stage in group
        for command in stage.commands
        if command[: len(DATA)] == DATA
    }
    assert made == {"data", "valid", "gap"}
    stages = reading_stages(given)
    assert [stage.gpu for stage in stages] == [0, 1, 0, 1]
    words = {Path(word).name for stage in stages for word in stage.commands[0]}
    assert made <= words


def test_answers_to_own_pages_are_to_held_out_ones_wherever_they_are(tmp_path: Path) -> None:
    """OUT may be inside FOLDER, all of which was taken for a test."""
    given = options(tmp_path, folder=tmp_path, langs=["en"], latex=True)
    splits = {s.name: c[c.index("--split") + 1] for s in reading_stages(given) for c in s.commands}
    tests = {"read-real": "test", "read-foreign": "test", "read-latex": "test"}
    assert splits == {"read-own": "validation", "read-gap": "validation", **tests}


def said(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: str) -> str:
    """The last line of what the command says about wrong words."""
    monkeypatch.setattr(sys, "argv", ["headline", *words.split()])
    monkeypatch.setattr(command_line, "run_stages", lambda *_: pytest.fail("a stage began"))
    with pytest.raises(SystemExit) as ended:
        command_line.main()
    assert ended.value.code == 2
    return capsys.readouterr().err.splitlines()[-1]


def test_a_package_that_is_missing_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command_line, "NEEDED_TO_PREPARE", ("no_such_package",))
    line = said(monkeypatch, capsys, f"prepare {tmp_path / 'out'}")
    assert line.endswith("not installed: no_such_package (pip install no_such_package)")


def test_latex_pages_are_not_prepared_without_tex(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command_line.shutil, "which", lambda name: None)
    line = said(monkeypatch, capsys, f"prepare {tmp_path / 'out'} --latex")
    assert line.endswith("--latex needs pdflatex, which is not installed: see docs/install.md")


def test_latex_pages_that_are_not_finished_are_not_trained_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = prepared(tmp_path / "en", "en")
    (folder / "latex").mkdir()
    line = said(monkeypatch, capsys, f"run {folder} --out {tmp_path / 'out'} --lang en --latex")
    assert "latex is not finished: `prepare` with --lang en --latex goes on" in line


def prepared(folder: Path, lang: str) -> Path:
    """A folder as `prepare` leaves it, of empty files."""
    for name in ("corpus", "fonts", f"test/real-{lang}", "foreign"):
        (folder / name).mkdir(parents=True)
    for name in {"corpus/en.xz", f"corpus/{lang}.xz", "corpus/code.xz", "fonts/fonts.json"}:
        (folder / name).touch()
    (folder / "stages.jsonl").write_text('{"stage": "real-pages", "seconds": 1.0}\n')
    return folder


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("run {en} --out {out} --lang en data.answer_nose=0", "data.answer_nose"),
        ("run {en} --out {out} --lang en --recipe none.yaml", "none.yaml"),
        ("run {en} --out {out} --lang en --seed -1", "train.seed is -1"),
        ("run {en} --out {out} --minutes 0", "0 is not above 0"),
        ("run {en} --out {out} --data-seed -1", "-1 is no whole number from 0"),
        ("run {en} --out {out} --lang en --after {out}", "out holds no model"),
        ("run {en} --out {out} --scale nan", "nan is not above 0"),
        ("run {en} --out {out} --lang en --drop-leaders", "not a setting of vary-train"),
        ("run {en} --out {out} --lang zh", "zh.xz is missing: `prepare` with --lang zh makes it"),
        ("run {zh} --out {out} --lang en", "real-en is missing: `prepare` with --lang en makes"),
        ("run {out} --out {out} --lang en", "en.xz is missing"),
        (
            "run {en} --out {out} --lang en --latex",
            "latex is missing: `prepare` with --lang en --l",
        ),
        ("prepare {out} --lang zh --latex", "--latex is of English"),
        ("prepare {en}", "has been prepared for another language: name another folder"),
        ("prepare {out} train.seed=1", "settings are for `run`: train.seed=1"),
    ],
)
def test_what_is_wrong_is_said_before_the_first_stage(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: str,
    message: str,
) -> None:
    """Not after the minutes that data or training take."""
    folders = {lang: prepared(tmp_path / lang, lang) for lang in ("en", "zh")}
    given = words.format(**folders, out=tmp_path / "out")
    assert message in said(monkeypatch, capsys, given)
    assert not (tmp_path / "out").exists()
