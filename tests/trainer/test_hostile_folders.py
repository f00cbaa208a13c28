"""Model folders of others: no code of theirs runs, and each fault is one line."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from PIL import Image
from transformers import AutoProcessor

from tests.trainer.small import save_small_model
from trainer import load_reader
from trainer.errors import WeightsError
from trainer.model import VaryProcessor
from trainer.model.chat_template import CHAT_TEMPLATES
from trainer.serving import served_folder
from trainer.weights.convert import load_tokenizer
from trainer.weights.files import read_config, read_tensors
from trainer.weights.folders import read_model_config

CODE = """
from transformers import *
open({mark!r}, "w").close()
class Part(PreTrainedConfig): pass
def generate(*arguments, **settings): open({mark!r}, "w").close()
"""
OWN_CODE = {
    "AutoConfig": "evil.Part",
    "AutoTokenizer": ["evil.Part", "evil.Part"],
    "AutoImageProcessor": "evil.Part",
    "AutoProcessor": "evil.Part",
    "AutoModel": "evil.Part",
    "AutoModelForImageTextToText": "evil.Part",
}
LOOP = "{%% for a in range(99999) %%}%s{%% endfor %%}"
ENDLESS = LOOP % (LOOP % "{{ a.__class__ }}")


class _Opens:
    """Pickled as a call that makes a file."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[Any, ...]:
        return open, (str(self.mark), "w")


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_small_model(tmp_path_factory.mktemp("model"))


@pytest.fixture
def mark(tmp_path: Path) -> Path:
    """A file that exists after code of the folder has run."""
    return tmp_path / "ran"


@pytest.fixture
def folder(good: Path, tmp_path: Path, mark: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the model with a module of its own, and somebody who answers yes to everything."""
    copy = tmp_path / "hostile"
    shutil.copytree(good, copy)
    (copy / "evil.py").write_text(CODE.format(mark=str(mark)))
    monkeypatch.setattr("builtins.input", lambda *_: "y")
    monkeypatch.setattr(
        "transformers.dynamic_module_utils.HF_MODULES_CACHE", str(tmp_path / "modules")
    )
    return copy


def change(folder: Path, name: str, **values: Any) -> None:
    path = folder / name
    path.write_text(json.dumps((json.loads(path.read_text()) if path.exists() else {}) | values))


def own_image_processor(folder: Path) -> None:
    stored = json.loads((folder / "processor_config.json").read_text())
    images = stored["image_processor"] | {"image_processor_type": "Evil", "auto_map": OWN_CODE}
    change(folder, "processor_config.json", image_processor=images, auto_map=OWN_CODE)


def pickled(folder: Path) -> None:
    (folder / "model.safetensors").unlink()
    torch.save({"lm_head.weight": _Opens(folder.parent / "ran")}, folder / "pytorch_model.bin")


def deep(folder: Path) -> None:
    (folder / "config.json").write_text("[" * 100_000)


def outside(folder: Path) -> None:
    (folder / "model.safetensors").rename(folder / "other.safetensors")
    weights = {"metadata": {}, "weight_map": {"a": "../../../../../../../etc/passwd"}}
    change(folder, "model.safetensors.index.json", **weights)


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda f: change(f, "config.json", model_type="evil", auto_map=OWN_CODE), "is not run"),
        (lambda f: change(f, "tokenizer_config.json", auto_map=OWN_CODE, tokenizer_class="Evil"),
         "is not run"),
        (own_image_processor, "is not run"),
        (lambda f: change(f, "config.json", attn_implementation="evil/kernel"),
         "asks for the attention code 'evil/kernel'"),
        (pickled, "not a plain file of tensors"),
        (deep, "recursion depth"),
        (outside, "cannot be loaded"),
        (lambda f: change(f, "processor_config.json", conversation="evil"),
         "'evil' is no conversation format"),
        (lambda f: change(f, "config.json", dtype="evil"), "has no readable config"),
        (lambda f: change(f, "tokenizer_config.json", model_input_names=5),
         "no readable processor"),
    ],
)  # fmt: skip
def test_a_hostile_model_is_one_line(
    folder: Path, mark: Path, damage: Callable[[Path], None], message: str
) -> None:
    damage(folder)
    with pytest.raises(WeightsError, match=message) as caught:
        load_reader(folder, device="cpu")
    assert "\n" not in caught.value.message
    assert not mark.exists()


def test_parts_of_a_hostile_model(folder: Path, mark: Path) -> None:
    """`convert`, `plan` and `tiny` read a tokenizer, a config and tensors of a folder."""
    change(folder, "tokenizer_config.json", auto_map=OWN_CODE, tokenizer_class="Evil")
    change(folder, "config.json", model_type="evil", auto_map=OWN_CODE)
    pickled(folder)
    for read in (load_tokenizer, read_model_config, read_tensors):
        with pytest.raises(WeightsError):
            read(folder)
    deep(folder)
    with pytest.raises(WeightsError, match="is not JSON"):
        read_config(folder)
    assert not mark.exists()


def test_the_chat_template_and_the_code_of_a_folder_are_not_used(folder: Path, mark: Path) -> None:
    """A template that never ends, code in `auto_map` of a known model, and a `generate`."""
    (folder / "chat_template.jinja").write_text(ENDLESS)
    (folder / "custom_generate").mkdir()
    shutil.copy(folder / "evil.py", folder / "custom_generate" / "generate.py")
    change(folder, "config.json", auto_map=OWN_CODE)
    change(folder, "generation_config.json", max_new_tokens=4)
    reader = load_reader(folder, device="cpu", max_new_tokens=4)
    assert reader.processor.chat_template == ENDLESS
    (answer,) = reader.read([Image.linear_gradient("L")])
    assert answer is not None
    assert not mark.exists()


def test_a_server_has_its_own_template(folder: Path, tmp_path: Path, mark: Path) -> None:
    """transformers' server runs the template of its folder for every request."""
    (folder / "chat_template.jinja").write_text(ENDLESS)
    served = tmp_path / "served"
    served_folder(folder, served)
    assert not list(served.glob("*.py"))
    processor = AutoProcessor.from_pretrained(served)
    assert isinstance(processor, VaryProcessor)
    assert processor.chat_template == CHAT_TEMPLATES["opt"]
    reader = load_reader(served, device="cpu", max_new_tokens=4)
    assert len(reader.read([Image.linear_gradient("L")])) == 1
    change(folder, "config.json", model_type="llama")
    with pytest.raises(WeightsError, match="has a llama model"):
        served_folder(folder, tmp_path / "other")
    assert not mark.exists()
