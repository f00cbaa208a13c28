"""Adapters of the toy base: trained, saved, resumed, read and merged."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest
import torch
from click.testing import CliRunner
from safetensors import SafetensorError
from safetensors.torch import load_file

from tests.trainer.drawn_charts import charts, write
from tests.trainer.small import small_batch
from tests.trainer.small_runs import losses, tree
from trainer.cli import group
from trainer.errors import SettingsError, WeightsError
from trainer.settings import settings_from
from trainer.training.loop import train
from trainer.training.run import Run, model_folder
from trainer.weights.assemble import load_model
from trainer.weights.lora import base_of, inject, load_adapters

pytest.importorskip("peft", reason="PEFT is not installed: adapters are not tested")


def settings(data: Path, **fields: Any) -> Any:
    lora = {"rank": 4, "targets": ["q_proj", "v_proj", "down_proj"]}
    values = tree(data, "sft", lora=lora, **fields)
    return settings_from(values | {"evaluation": {"every": 0}})


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("lora")
    data = write(folder / "data", "charts", charts(16))
    train(settings(data, steps=4), folder / "run")
    return data, folder / "run"


def test_checkpoints_have_only_adapters_and_projector(run: tuple[Path, Path]) -> None:
    folder = model_folder(run[1])
    names = load_file(folder / "adapter_model.safetensors").keys()
    assert not (folder / "model.safetensors").exists()
    parts = {"lora_A", "lora_B", "projector"}
    assert all(any(part in name for part in parts) for name in names)
    assert len(names) == 2 * 2 * 3 + 4  # two layers, three adapters each, two linear layers


def test_adapters_are_merged_to_the_same_logits(run: tuple[Path, Path], tmp_path: Path) -> None:
    out = run[1]
    result = CliRunner().invoke(group, ["merge", str(out), str(tmp_path / "merged")])
    assert result.exit_code == 0, result.output
    merged = load_model(tmp_path / "merged").model.eval()
    read = load_model(out).model.eval()
    apart = load_model(out / "base").model
    inject(apart, settings(run[0]).train.lora, out / "base")
    batch = small_batch(merged)
    batch["input_ids"][batch["input_ids"] == 290] = merged.config.image_token_id
    del batch["labels"]
    before = apart.eval()(**batch).logits
    load_adapters(apart, model_folder(out))
    expected = apart.eval()(**batch).logits
    assert (expected - before).abs().max() > 1e-3, "the adapters have learned"
    torch.testing.assert_close(merged(**batch).logits, expected)
    torch.testing.assert_close(read(**batch).logits, expected)
    frozen = "model.language_model.layers.0.self_attn.k_proj.weight"
    base = load_file(out / "base" / "model.safetensors")
    assert torch.equal(merged.state_dict()[frozen], base[frozen])


def test_a_run_with_adapters_resumes(run: tuple[Path, Path], tmp_path: Path) -> None:
    data, whole = run
    train(settings(data, steps=2), tmp_path / "run")
    longer = settings(data, steps=4)
    train(longer, tmp_path / "run")
    assert len(losses(tmp_path / "run")) == 4
    (*_, last) = Run(tmp_path / "run").checkpoints()
    assert (last / "model" / "adapter_config.json").exists()
    assert losses(tmp_path / "run")[0] == losses(whole)[0]


def test_layers_that_do_not_exist_are_named(run: tuple[Path, Path], tmp_path: Path) -> None:
    values = tree(run[0], "sft", lora={"rank": 2, "targets": ["c_attn"]})
    with pytest.raises(SettingsError, match=r"is called c_attn; set train\.lora\.targets"):
        train(settings_from(values), tmp_path / "run")
    with pytest.raises(SettingsError, match="is for Vary-base"):
        settings_from({"train": {"lora": {"rank": 2}}})


def test_merge_writes_all_or_nothing(
    run: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    used = tmp_path / "used"
    used.mkdir()
    (used / "adapter_config.json").write_text("{}")
    result = CliRunner().invoke(group, ["merge", str(run[1]), str(used)])
    assert isinstance(result.exception, WeightsError)
    assert "is not an empty folder" in str(result.exception)

    def full(*arguments: object, **settings: object) -> None:
        raise SafetensorError("I/O error: No space left on device (os error 28)")

    monkeypatch.setattr("trainer.weights.standalone.add_code", full)
    result = CliRunner().invoke(group, ["merge", str(run[1]), str(tmp_path / "out")])
    assert isinstance(result.exception, WeightsError)
    assert "cannot be written (I/O error: No space left on device" in str(result.exception)
    assert [path.name for path in tmp_path.iterdir()] == ["used"]


@pytest.mark.parametrize(
    "text", ["", "[]", "[" * 9999, '{"peft_type": "PREFIX_TUNING"}', '{"peft_type": 5}', "\0"]
)
def test_a_damaged_config_of_adapters_is_one_clear_line(tmp_path: Path, text: str) -> None:
    (tmp_path / "adapter_config.json").write_text(text)
    with pytest.raises(WeightsError, match=r"adapter_config\.json cannot be read \(.*\)") as caught:
        base_of(tmp_path)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"target_modules": "(.*.*.*.*.*.*.*.*.*.*)*$x"}, "'target_modules' must be a list"),
        ({"target_modules": "all-linear"}, "'target_modules' must be a list"),
        ({"target_modules": [".*"]}, "'target_modules' must be a list"),
        ({"target_modules": None}, "'target_modules' must be a list"),
        ({"r": 10**12}, "'r' must be a number from 1 to 4096"),
        ({"r": "8"}, "'r' must be a number"),
        ({"lora_alpha": []}, "must be numbers"),
        ({"use_dora": True}, "'use_dora' is set"),
        ({"rank_pattern": {"(a*)*b": 9}}, "'rank_pattern' is set"),
        ({"exclude_modules": "(a*)*b"}, "'exclude_modules' is set"),
        ({"layers_pattern": "(a*)*b"}, "'layers_pattern' is set"),
        ({"x\ny": 1}, "is set, which is not supported"),
        ({"base_model_name_or_path": 5}, "is no text"),
    ],
)
def test_a_hostile_config_of_adapters_is_refused(
    tmp_path: Path, changes: dict[str, object], message: str
) -> None:
    """Patterns that match forever, ranks that fill the memory, variants that would be ignored."""
    config = {"peft_type": "LORA", "r": 4, "target_modules": ["q_proj"], **changes}
    (tmp_path / "adapter_config.json").write_text(json.dumps(config))
    with pytest.raises(WeightsError) as caught:
        base_of(tmp_path)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_four_bits_need_bitsandbytes_and_adapters(
    run: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    values = tree(run[0], "sft", lora={"rank": 2, "bits": 4})
    monkeypatch.setitem(sys.modules, "bitsandbytes", None)
    with pytest.raises(
        SettingsError, match=r"needs bitsandbytes; pip install 'vary-data\[qlora\]'"
    ):
        train(settings_from(values), tmp_path / "run")
    with pytest.raises(SettingsError, match=r"train\.lora\.bits needs adapters"):
        settings_from(tree(run[0], "sft", lora={"bits": 4}))
    with pytest.raises(SettingsError, match=r"train\.lora\.bits is 8; expected 0 or 4"):
        settings_from(tree(run[0], "sft", lora={"rank": 2, "bits": 8}))


def test_adapters_on_four_bits_learn_and_merge(run: tuple[Path, Path], tmp_path: Path) -> None:
    pytest.importorskip("bitsandbytes", reason="bitsandbytes is not installed")
    values = tree(run[0], "sft", steps=8, lora={"rank": 4, "bits": 4})
    # on CPUs with AVX-512, bitsandbytes evaluates only layers with widths that are multiples of 64
    values |= {"evaluation": {"every": 0}}
    values["log"] |= {"gain_every": 0}
    out = tmp_path / "run"
    train(settings_from(values), out)
    found = losses(out)
    assert found[-1] < found[0] - 0.1
    shutil.rmtree(out / "checkpoints" / "step-00000008")
    train(settings_from(values), out)
    assert losses(out) == found
    assert load_model(out).model.get_submodule("model.language_model").dtype == torch.float32
