"""The warm-up in a run: it learns, resumes to the bit, and leaves no trace in the model."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file

from tests.trainer.drawn_charts import charts, row, write
from tests.trainer.small_runs import SMALL_WARM_UP, log_of, tree, warm_up_settings, write_digits
from trainer.data.answer_noise import AnswerNoise
from trainer.data.catalog import open_catalog
from trainer.data.order import SampleOrder
from trainer.data.samples import Encoding, TrainingSample
from trainer.data.tokenizer import train_tokenizer
from trainer.errors import DataError, RunError, SettingsError
from trainer.model.conversation import end_id
from trainer.settings import Settings, WarmUpSettings, settings_from
from trainer.training import loop
from trainer.training.loop import train
from trainer.training.prepare import prepare
from trainer.training.run import model_folder
from trainer.training.step import StepPlan
from trainer.training.world import World
from trainer.warmup import phase
from trainer.warmup.checkpoint import Saved
from trainer.warmup.opening import build_warm_up, find_characters, should_warm_up
from trainer.warmup.order import CropOrder, CropRef
from trainer.warmup.samples import Crops
from trainer.warmup.schedule import Curriculum, Level


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_digits(tmp_path_factory.mktemp("data"))


def tensors(out: Path) -> dict[str, torch.Tensor]:
    return load_file(model_folder(out) / "model.safetensors")


@pytest.fixture(scope="module")
def warmed(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("runs") / "whole"
    train(warm_up_settings(data), out)
    return out


def test_the_log_has_stage_size_length_and_accuracy(warmed: Path) -> None:
    lines = [line for line in log_of(warmed) if line["event"] == "warm-up"]
    # growth at steps 0 and 3 (2 -> 3 -> 4), each three steps later; stage 1 is due at step 6
    assert [line["length"] for line in lines[:6]] == [2, 2, 2, 3, 3, 3]
    assert sorted({(line["stage"], line["size"]) for line in lines}) == [(0, 128), (1, 256)]
    last = [line for line in lines if line["stage"] == 1]
    assert len(last) == 3
    assert [round(line["dense_weight"], 3) for line in last] == [1, 0.667, 0.333]
    assert [line["characters"] for line in lines[:4]] == [3, 3, 5, 8]
    assert lines[-1]["characters"] == 10
    assert set(lines[4]["dense_accuracy"]) == {"all", "digit"}
    assert set(lines[-1]["token_accuracy"]) == {"all", "digit"}
    valid = [line for line in log_of(warmed) if line["event"] == "warm-up valid"]
    assert valid[-1]["size"] == 256
    assert valid[-1]["gains"] == {"charts": pytest.approx(valid[-1]["gain"])}
    main = [line for line in log_of(warmed) if line["event"] == "train"]
    assert [line["step"] for line in main] == [1, 2]


def test_the_saved_model_has_no_trace_of_the_head(data: Path, warmed: Path, tmp_path: Path) -> None:
    train(warm_up_settings(data, mode="none"), tmp_path / "plain")
    warm, plain = tensors(warmed), tensors(tmp_path / "plain")
    assert {n: t.shape for n, t in warm.items()} == {n: t.shape for n, t in plain.items()}
    assert not (warmed / "warm-up").exists()
    assert all(line["event"] in ("train", "valid") for line in log_of(tmp_path / "plain"))
    names = [path.name for path in model_folder(warmed).iterdir()]
    assert not [name for name in names if "warm" in name or "ground" in name]


def test_a_warm_up_can_be_the_whole_training(data: Path, tmp_path: Path) -> None:
    settings = warm_up_settings(data)
    settings = replace(settings, train=replace(settings.train, steps=0))
    train(settings, tmp_path)
    lines = log_of(tmp_path)
    assert {line["event"] for line in lines} == {"warm-up", "warm-up crops", "warm-up valid"}
    weights = tensors(tmp_path)
    train(settings, tmp_path)
    assert log_of(tmp_path) == lines, "nothing is left to do"
    assert all(torch.equal(weights[name], tensor) for name, tensor in tensors(tmp_path).items())
    without = replace(settings, warm_up=replace(settings.warm_up, mode="none"))
    with pytest.raises(SettingsError, match="nothing would be trained"):
        train(without, tmp_path / "none")


@pytest.mark.parametrize("stop", [3, 7])
def test_a_killed_warm_up_resumes_to_the_bit(
    data: Path, warmed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stop: int
) -> None:
    class Killed(BaseException):
        pass

    real = loop.update_weights

    def dies(model: Any, optimizers: Any, batches: Any, plan: StepPlan, *args: Any) -> Any:
        if plan.name == f"step {stop + 1} of the warm-up":
            raise Killed
        return real(model, optimizers, batches, plan, *args)

    out = tmp_path / "run"
    monkeypatch.setattr(loop, "update_weights", dies)
    with pytest.raises(Killed):
        train(warm_up_settings(data, workers=1), out)
    monkeypatch.undo()
    train(warm_up_settings(data), out)
    assert log_of(out) == log_of(warmed)
    for name, tensor in tensors(warmed).items():
        assert torch.equal(tensor, tensors(out)[name]), name


def test_checkpoints_of_other_versions(data: Path, tmp_path: Path) -> None:
    """One that counted otherwise can be resumed; one with another head is refused in one line."""
    out = tmp_path / "run"
    train(warm_up_settings(data), out)
    setup = prepare(warm_up_settings(data), out, World(0, 1, torch.device("cpu")))
    characters = find_characters(setup)
    warm_up = build_warm_up(setup, characters, None)
    head = dict(warm_up.head.state_dict())
    saved = Saved(1, characters, warm_up.curriculum.state(), head, (), ({}, {}))
    without = {name: tensor for name, tensor in head.items() if name != "places"}
    with pytest.raises(RunError, match="another version"):
        build_warm_up(setup, characters, replace(saved, head=without))
    states = [optimizer.state_dict() for optimizer in warm_up.optimizers]
    counted = [torch.zeros(24), torch.ones(15)]
    resumed = build_warm_up(setup, characters, replace(saved, optimizers=states, window=counted))
    assert [len(sums) for sums in resumed.window] == [15]


def test_separate_weights_before_the_last_stage(tmp_path: Path) -> None:
    for name in ("charts", "pages"):
        write(tmp_path, name, charts(8))
    catalog = open_catalog([str(tmp_path)], "train")
    shares = {"charts": 3.0, "pages": 1.0}
    configured = warm_up_settings(tmp_path, batch_sizes=[8, 4], crops_per_picture=2, weights=shares)
    configured = replace(
        configured, data=replace(configured.data, weights={"charts": 1.0, "pages": 3.0})
    )
    order = CropOrder(catalog, configured)
    small, large = Level(0, 0, 4), Level(2, 1, 4)

    def names(found: list[CropRef]) -> Counter[str]:
        return Counter(crop.ref.configuration for crop in found)

    assert names(order.take(0, small)) == {"charts": 6, "pages": 2}
    assert names(order.take(1, large)) == {"charts": 1, "pages": 3}
    assert order.position == 8
    again = CropOrder(catalog, configured, order.counts)
    assert again.take(2, small) == order.copy().take(2, small)
    assert again.take(3, large) == order.copy().take(3, large)
    refs = [[crop.ref for crop in again.take(3, large)] for _ in range(2)]
    assert refs[0] != refs[1]
    shared = CropOrder(
        catalog, replace(configured, warm_up=replace(configured.warm_up, weights={}))
    )
    refs = [[crop.ref for crop in shared.take(0, level)] for level in (small, large)]
    assert {ref.n for ref in refs[0]}.isdisjoint(ref.n for ref in refs[1]), "one goes on"
    wrong = replace(configured, warm_up=replace(configured.warm_up, weights={"page": 1.0}))
    with pytest.raises(SettingsError, match=r"warm_up.weights names 'page'.*pages"):
        CropOrder(catalog, wrong)


def test_when_a_run_warms_up(data: Path, tmp_path: Path) -> None:
    values = tree(data)
    assert should_warm_up(settings_from(values))
    assert not should_warm_up(settings_from(values | {"warm_up": {"mode": "none"}}))
    base = tree(data, "pretrain")
    assert not should_warm_up(settings_from(base))
    with pytest.raises(SettingsError, match="for Vary-tiny"):
        should_warm_up(settings_from(base | {"warm_up": {"mode": "grounded"}}))
    write(tmp_path, "plain", charts(8))
    with pytest.raises(DataError, match="no words in its regions"):
        train(warm_up_settings(tmp_path), tmp_path / "run")
    with pytest.raises(DataError, match="no character occurs 1000 times"):
        train(warm_up_settings(data, fewest=1000), tmp_path / "rare")


def test_wrong_stages_are_one_line(data: Path) -> None:
    with pytest.raises(SettingsError, match=r"steps has 1 entries, warm_up\.sizes 2"):
        warm_up_settings(data, steps=[5])
    with pytest.raises(SettingsError, match="multiples of 16"):
        warm_up_settings(data, sizes=[100, 256])


def curriculum(**fields: Any) -> Curriculum:
    values: dict[str, Any] = {"lag": 3, "patience": 2, "first_characters": 10,
                              "steps": (50, 50, 10), **fields}  # fmt: skip
    return Curriculum.begin(WarmUpSettings(**values), 1000)


def test_length_grows_with_a_low_loss_and_a_gain() -> None:
    state = curriculum()
    state.observe(0, 0.1, None, 1000)
    state.observe(1, 0.1, None, 1000)
    assert len(state.levels) == 1  # a low loss, but no gain: it may not use the picture
    state.gain = 2.0
    state.observe(2, 0.1, None, 1000)
    assert state.levels[-1] == Level(6, 0, 6)  # 4 x 1.5, from step 2 + 1 + 3 on
    state.observe(3, 0.1, None, 1000)
    assert state.at(5).length == 4
    assert state.at(6).length == 6
    assert len(state.levels) == 2  # nothing is decided while a decision is pending


def test_answers_reach_their_full_length_however_hard_the_text_is() -> None:
    state = curriculum(steps=(5, 5, 200), lengths=(4, 4, 64), grown_by=(0, 0, 0.3))
    state.gain = 2.0
    for step in range(140):
        state.observe(step, 5.0, None, 1000)  # far above `loss_below`
    lengths = {level.length: level.start for level in state.levels if level.stage == 2}
    assert lengths[64] <= 10 + 0.3 * 200 + 1
    assert list(lengths) == [4, 6, 9, 14, 21, 32, 48, 64]
    starts = list(lengths.values())
    assert min(b - a for a, b in pairwise(starts)) > 4  # evenly
    stuck = curriculum(steps=(5, 5, 200), lengths=(4, 4, 64))
    for step in range(140):
        stuck.observe(step, 5.0, None, 1000)
    assert stuck.at(150).length == 4
    for shares in ((0.0, 0.0, 2.0), (0.3,)):
        with pytest.raises(
            SettingsError, match=r"grown_by is .* a share from 0 to 1 for each stage"
        ):
            Settings(warm_up=WarmUpSettings(grown_by=shares))


def test_answers_grow_in_a_stage_before_the_last() -> None:
    state = curriculum(steps=(5, 80, 200), lengths=(4, 32, 64), grown_by=(0, 0.5, 0))
    for step in range(100):
        state.observe(step, 5.0, None, 1000)
    lengths = {level.length: level.start for level in state.levels if level.stage == 1}
    assert list(lengths) == [4, 6, 9, 14, 21, 32]
    assert lengths[32] <= state.stage_start(1) + 0.5 * 80 + 1
    assert state.at(99) == Level(state.stage_start(2), 2, 32), "all steps of the stage"
    assert state.stage_start(2) == 80 + state.stage_start(1)


def test_a_stage_that_does_not_learn_ends_too() -> None:
    state = curriculum()
    for step in range(60):
        state.observe(step, 5.0, 0.0, 1000)
    assert state.at(49) == Level(0, 0, 4)
    assert state.at(50) == Level(50, 1, 4)
    assert state.active == 10


def test_the_last_stage_fades_and_ends() -> None:
    state = curriculum(sizes=(64,), batch_sizes=(1,), steps=(4,), lengths=(9,), glyph_low=(1,),
                       glyph_high=(2,), loss_below=(1,), fade=0.5, lr=2.0, lr_end=0.5,
                       warmup=0)  # fmt: skip
    assert [state.dense_weight(step) for step in range(4)] == [1.0, 1.0, 1.0, 0.5]
    assert [state.learning_rate(step) for step in range(4)] == [2.0, 2.0, 2.0, 1.5]
    assert [state.finished(done) for done in range(5)] == [False] * 4 + [True]


def test_the_last_stage_takes_the_steps_that_fit() -> None:
    state = curriculum(fade=0.5, steps=(5, 5, 1000))
    state.levels += [Level(5, 1, 4), Level(10, 2, 4)]
    state.fit(8, 100.0, 1.0)
    assert state.last_steps == 0  # not yet in the last stage
    state.fit(30, 100.0, 1.0)
    assert state.last_steps == 20 + 100
    state.fit(40, 0.0, 1.0)
    assert state.last_steps == 60  # no time is left: fading begins at once
    assert Curriculum.restore(state.settings, state.state()) == state
    state.fit(45, 100.0, 1.0)
    assert state.last_steps == 60  # and once it has begun, the end is fixed
    assert state.finished(70)
    assert not state.finished(69)


def test_a_step_without_answers_does_not_change_the_curriculum() -> None:
    state = curriculum()
    state.gain = 2.0
    state.observe(0, 3.0, None, 1000)
    for step in range(1, 9):
        state.observe(step, None, None, 1000)
    assert state.loss == 3.0
    assert len(state.levels) == 1


def test_classes_grow_with_accuracy_and_survive_saving() -> None:
    state = curriculum()
    for step in range(4):
        state.observe(step, 5.0, 0.9, 1000)
    assert state.active == 15
    copy = Curriculum.restore(state.settings, state.state())
    assert copy == state
    for other in (state, copy):
        for step in range(4, 40):
            other.gain = 1.0
            other.observe(step, 0.2, 0.9, 1000)
    assert copy == state
    assert state.active == 1000


def test_packed_answers_of_whole_pictures_give_the_same_losses(
    data: Path, warmed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last stage's samples in one sequence have the same losses."""
    packed: list[bool] = []
    real = loop.update_weights

    def records(model: Any, optimizers: Any, batches: Any, plan: StepPlan, *args: Any) -> Any:
        update = real(model, optimizers, batches, plan, *args)
        if "warm-up" in plan.name:
            packed.append(update.batch.segment_lengths is not None)
        return update

    monkeypatch.setattr(loop, "update_weights", records)
    values = tree(data, steps=2) | {"warm_up": SMALL_WARM_UP}
    values["log"] = {"every": 1, "gain_every": 1, "tensorboard": False}
    values["data"] |= {"workers": 0, "sequences": "packed", "answer_noise": 0.3}
    train(settings_from(values), tmp_path / "packed")
    assert packed[-3:] == [True] * 3
    assert not any(packed[:-3])
    for line, other in zip(log_of(tmp_path / "packed"), log_of(warmed), strict=True):
        assert (line["event"], line["step"]) == (other["event"], other["step"])
        assert line["loss"] == pytest.approx(other["loss"], rel=3e-5)


def test_all_optimizers_follow_the_schedule_and_frozen_parts_stay(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rates: list[set[float]] = []
    text: list[torch.Tensor] = []
    real = loop.update_weights

    def records(model: Any, optimizers: Any, batches: Any, plan: StepPlan, *args: Any) -> Any:
        text.append(model.model.lm_head.weight.detach().clone())
        update = real(model, optimizers, batches, plan, *args)
        if "warm-up" in plan.name:
            assert len(optimizers) == 2
            rates.append({g["lr"] for o in optimizers for g in o.param_groups})
        return update

    monkeypatch.setattr(loop, "update_weights", records)
    values = tree(data, steps=1) | {"warm_up": SMALL_WARM_UP | {"lr": 0.01}}
    values["data"]["workers"] = 0
    values["train"] = values["train"] | {"freeze": ["text"]}
    train(settings_from(values), tmp_path / "run")
    assert [len(rate) for rate in rates] == [1] * len(rates)
    assert [round(rate.pop(), 4) for rate in rates][:3] == [0.005, 0.01, 0.01]
    assert torch.equal(text[0], text[-1])


def test_held_out_crops_are_the_same_every_time_and_exchanged(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    crops: list[torch.Tensor] = []
    offsets: set[tuple[int, int]] = set()
    gains: list[float] = []
    real = phase.measure

    def records(parallel: Any, batches: Any, names: Any, world: Any, offset: Any) -> Any:
        kept = list(batches)
        if names != [""] and kept[0][1].characters is not None:
            crops.append(kept[0][1].images)
            targets = kept[0][1].labels != -100
            assert torch.equal(kept[0][1].input_ids[targets], kept[0][1].labels[targets])
        found = real(parallel, kept, names, world, offset)
        offsets.add(offset)
        gains.append(found.gain or 0.0)
        return found

    monkeypatch.setattr(phase, "measure", records)
    values = tree(data, steps=1) | {"warm_up": SMALL_WARM_UP | {"steps": [6, 2]}}
    values["log"] = {"every": 1, "gain_every": 1, "tensorboard": False}
    values["data"] |= {"workers": 0, "answer_noise": 0.9}
    values["evaluation"] = {"every": 1, "samples": 8}
    train(settings_from(values), tmp_path / "run")
    assert len(crops) > 3
    assert torch.equal(crops[0], crops[1])  # of one size and length
    assert any(abs(gain) > 1e-5 for gain in gains)
    assert len(offsets) > 3
    assert all(place % 4 == 0 for offset in offsets for place in offset)


@pytest.mark.parametrize(
    ("glyph", "isolated", "share", "starts"),
    [(1.0, 0.0, 0.0, "90"), (96.0, 0.0, 0.0, "7"), (1.0, 1.0, 0.0, "7"), (96.0, 1.0, 1.0, "90")],
)
def test_a_whole_picture_has_one_answer(
    tmp_path: Path, glyph: float, isolated: float, share: float, starts: str
) -> None:
    """A crop of the whole picture has the sample's answer, because the same picture occurs as a
    sample. The answer of one that shows a part, or blanks a part, is its words."""
    boxes = ([6.0, 10.0, 36.0, 30.0], [60.0, 80.0, 90.0, 100.0])
    regions = [{"bbox": box, "text": "7", "role": "word"} for box in boxes]
    write(tmp_path, "charts", [row(f"r{i}", "90", regions=regions) for i in range(4)])
    words = train_tokenizer(["0123456789"], 300)
    glyphs = {"glyph_low": [16, glyph], "glyph_high": [32, glyph]}
    configured = warm_up_settings(tmp_path, whole=share, isolated=isolated, **glyphs).warm_up
    crops = Crops(Encoding(words, "opt", 256, 512), configured, seed=0)
    level = Level(0, 1, configured.first_length)  # the length at which `isolated` is the share
    for ref in SampleOrder(open_catalog([str(tmp_path)], "train"), {}, 0, 0).take(4):
        sample = crops[CropRef(0, 0, ref, level)].sample
        assert isinstance(sample, TrainingSample)
        answer = words.decode([label for label in sample.labels if label >= 0])
        assert answer.startswith(starts)


def test_answers_end_where_the_positions_end(data: Path) -> None:
    """The text of a crop has the positions after a whole picture's 16 tokens; the crop has 4."""
    words = train_tokenizer(["0123456789"], 300)
    catalog = open_catalog([str(data)], "train")
    ref = SampleOrder(catalog, {}, 0, 0).take(1)[0]
    configured = warm_up_settings(data).warm_up
    for longest, count in ((512, 4), (22, 2)):
        crops = Crops(Encoding(words, "opt", 256, longest), configured, seed=0)
        sample = crops[CropRef(0, 0, ref, Level(0, 0, 1000))].sample
        assert isinstance(sample, TrainingSample)
        assert sum(label != -100 for label in sample.labels) == count
        assert len(sample.ids) - 4 + 16 <= longest


def test_crops_have_noise_in_their_answers(tmp_path: Path) -> None:
    """It depends on the step and the place in it alone; the crop is that without noise."""
    digits = "0123456789" * 5
    regions = [{"bbox": [6.0, 10.0, 126.0, 30.0], "text": digits, "role": "word"}]
    write(tmp_path, "charts", [row("a", digits, regions=regions)])
    words = train_tokenizer(["0123456789"], 300)
    ref = SampleOrder(open_catalog([str(tmp_path)], "train"), {}, 0, 0).take(1)[0]

    def sample(noise: AnswerNoise | None, step: int) -> TrainingSample:
        encoding = Encoding(words, "opt", 256, 512, answer_noise=noise)
        crops = Crops(encoding, warm_up_settings(tmp_path, whole=1.0).warm_up, seed=0)
        found = crops[CropRef(step, 0, ref, Level(0, 1, 1000))].sample
        assert isinstance(found, TrainingSample)
        return found

    plain = sample(None, 0)
    noise = AnswerNoise(0.9, 0, end_id(words, "opt"))
    first, again, other = (sample(noise, step) for step in (0, 0, 1))
    assert first.labels == plain.labels
    assert first.image is not None
    assert torch.equal(first.image, sample(None, 0).image)
    assert first.ids == again.ids
    assert plain.ids != first.ids != other.ids


def test_positions_count_in_pictures_of_the_run_s_size(data: Path, tmp_path: Path) -> None:
    """The tower's tables are for 256 pixels, the run has 128: 4 image tokens, not 16. The longest
    sequence has 4 + 8 tokens, and no padding has a position after `max_length`."""
    values = tree(data, steps=1) | {"warm_up": SMALL_WARM_UP | {"sizes": [64, 128]}}
    values["model"] |= {"image_size": 128, "max_length": 13}
    values["data"]["workers"] = 0
    train(settings_from(values), tmp_path / "run")
    lines = log_of(tmp_path / "run")
    assert {line["size"] for line in lines if line["event"] == "warm-up"} == {64, 128}
    assert not any(line["skipped"] for line in lines if "skipped" in line)
