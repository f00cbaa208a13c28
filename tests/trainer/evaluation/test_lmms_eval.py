"""lmms-eval's interface, with its base class stood in for: it brings dozens of packages."""

from __future__ import annotations

import sys
import tomllib
import types
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from trainer.errors import DataError, SettingsError
from trainer.prediction import load_reader

ROOT = Path(__file__).resolve().parents[3]


@dataclass
class Instance:
    """What the wrapper sees of lmms-eval's class of this name."""

    args: tuple[Any, ...]


class Base:
    """What it needs of `lmms_eval.api.model.lmms`."""

    def __init__(self) -> None:
        self.cache_hook = types.SimpleNamespace(add_partial=lambda *_: None)
        self.task_dict: dict[str, dict[str, Any]] = {}

    def clean(self) -> None:
        pass


@pytest.fixture
def vary(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    for name in ("lmms_eval", "lmms_eval.api", "lmms_eval.api.model"):
        monkeypatch.setitem(sys.modules, name, types.ModuleType(name))
    sys.modules["lmms_eval.api.model"].lmms = Base  # type: ignore[attr-defined]
    yield import_module("trainer.evaluation.lmms_eval.model").Vary
    sys.modules.pop("trainer.evaluation.lmms_eval.model")


def pictures(count: int) -> list[Image.Image]:
    return [Image.linear_gradient("L").rotate(90 * i).convert("RGB") for i in range(count)]


def request(number: int, shown: int = 1, **options: Any) -> Instance:
    return Instance(("Read it.", options, lambda images: images[:shown], number, "task", "test"))


def test_answers_are_the_reader_s_in_the_order_of_the_requests(vary: Any, trained: Path) -> None:
    model = vary(model=str(trained), device="cpu", batch_size="2")
    images = pictures(4)
    model.task_dict = {"task": {"test": [[image] for image in images]}}
    limits = [3, 7, 3, 7]
    given = [request(i, max_new_tokens=n, until=["\n\n"]) for i, n in enumerate(limits)]
    expected = [
        load_reader(trained, "cpu", n).read([image], "Read it.")[0].text
        for image, n in zip(images, limits, strict=True)
    ]
    assert model.generate_until(given) == expected
    assert all(expected)
    stop = expected[1][-1]
    cut = model.generate_until([request(1, max_new_tokens=7, until=stop)])
    assert cut == [expected[1].split(stop)[0]]
    model.clean()


def test_unsupported_requests_are_refused(vary: Any, trained: Path) -> None:
    with pytest.raises(SettingsError, match="unknown model_args: pretrained; known: model"):
        vary(pretrained="x")
    with pytest.raises(SettingsError, match="no model is given"):
        vary()
    with pytest.raises(SettingsError, match="batch_size is 'auto'"):
        vary(model="x", batch_size="auto")
    model = vary(model=str(trained), device="cpu")
    model.task_dict = {"task": {"test": [pictures(2)]}}
    with pytest.raises(DataError, match="document 0 has 2 pictures"):
        model.generate_until([request(0, shown=2)])
    with pytest.raises(DataError, match="samples or beam search"):
        model.generate_until([request(0, num_beams=4)])
    for method in (model.loglikelihood, model.generate_until_multi_round):
        with pytest.raises(DataError):
            method([request(0)])


def test_the_entry_point_names_what_is_there() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    module, _, name = project["entry-points"]["lmms_eval.models"]["vary"].partition(":")
    assert callable(getattr(import_module(module), name))


def test_in_lmms_eval_s_own_registry() -> None:
    registry = pytest.importorskip("lmms_eval.models.registry_v2")
    from trainer.evaluation.lmms_eval import manifest

    models = registry.ModelRegistryV2()
    models.register_manifest(manifest())
    assert models.get_model_class("vary").__name__ == "Vary"
