"""A saved model loads, and reads the same, where this package is not installed."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch
from transformers.dynamic_module_utils import get_imports

from tests.trainer.small import small_model
from trainer.data.tokenizer import train_tokenizer
from trainer.model import VaryImageProcessor, VaryProcessor
from trainer.weights.export import export_vocabulary
from trainer.weights.standalone import add_code, sources

READ = """
import json, sys

class Hidden:
    @staticmethod
    def find_spec(name, path=None, target=None):
        if name.split(".")[0] in ("trainer", "vary_data"):
            raise ModuleNotFoundError(name, name=name)

sys.meta_path.insert(0, Hidden)  # this package may well be installed here

import torch
from PIL import Image
from transformers import (AutoModel, AutoModelForCausalLM, AutoModelForImageTextToText,
                          AutoProcessor, pipeline)

folder, vocabulary = sys.argv[1:3]
processor = AutoProcessor.from_pretrained(folder, trust_remote_code=True)
model = AutoModelForImageTextToText.from_pretrained(folder, trust_remote_code=True)
again = AutoModelForCausalLM.from_pretrained(folder, trust_remote_code=True)
tower = AutoModel.from_pretrained(vocabulary, trust_remote_code=True)
assert type(AutoModel.from_pretrained(folder, trust_remote_code=True)).__name__ == "VaryModel"
inputs = processor(Image.linear_gradient("L"))
out = model.generate(**inputs, max_new_tokens=5, do_sample=False)
assert torch.equal(again.generate(**inputs, max_new_tokens=5, do_sample=False), out)
tokens = tower(inputs["high_res_pixel_values"]).tokens
model.save_pretrained(sys.argv[3])  # with the code, without this package
processor.save_pretrained(sys.argv[3])
processor = AutoProcessor.from_pretrained(sys.argv[3], trust_remote_code=True)
model = AutoModelForImageTextToText.from_pretrained(sys.argv[3], trust_remote_code=True)
assert torch.equal(model.generate(**inputs, max_new_tokens=5, do_sample=False), out)
assert torch.equal(processor(Image.linear_gradient("L"))["input_ids"], inputs["input_ids"])
chat = [{"role": "user", "content": [{"type": "image", "image": Image.linear_gradient("L")}]}]
pipe = pipeline("image-text-to-text", model=sys.argv[3], trust_remote_code=True)
(answer,) = pipe(text=chat, max_new_tokens=5, do_sample=False, return_full_text=False)
assert processor.decode_answer(out[0, inputs["input_ids"].shape[1]:]).strip() \
    == answer["generated_text"].strip()
print(json.dumps({"ids": out[0].tolist(), "sum": tokens.double().sum().item(),
                  "text": processor.decode_answer(out[0, inputs["input_ids"].shape[1]:])}))
"""

KERNELS = {"vary_relative_kernel.py", "vary_window_kernel.py"}


def ours(model: Any, processor: VaryProcessor) -> dict[str, Any]:
    from PIL import Image

    inputs = processor(Image.linear_gradient("L"))
    out = model.generate(**inputs, max_new_tokens=5, do_sample=False)
    with torch.no_grad():
        tokens = model.model.vision_tower(inputs["high_res_pixel_values"]).tokens
    return {
        "ids": out[0].tolist(),
        "sum": tokens.double().sum().item(),
        "text": processor.decode_answer(out[0, inputs["input_ids"].shape[1] :]),
    }


def test_a_saved_model_reads_without_this_package(tmp_path: Path) -> None:
    words = train_tokenizer(["some words to merge, some words"], 300)
    model = small_model("opt")
    model.config.image_token_id = words.convert_tokens_to_ids("<imgpad>")
    processor = VaryProcessor(VaryImageProcessor(image_size=256), words, conversation="opt")
    model.save_pretrained(tmp_path / "model")
    processor.save_pretrained(tmp_path / "model")
    add_code(tmp_path / "model")
    export_vocabulary(str(tmp_path / "model"), tmp_path / "vocabulary")
    folders = [str(tmp_path / name) for name in ("model", "vocabulary", "again")]
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    environment |= {"HF_HOME": str(tmp_path / "cache"), "HF_HUB_OFFLINE": "1"}
    done = subprocess.run(
        [sys.executable, "-P", "-c", READ, *folders],
        cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=280,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    read = json.loads(done.stdout.splitlines()[-1])
    expected = ours(model, processor)
    assert read["sum"] == pytest.approx(expected.pop("sum"), rel=1e-6)
    assert {key: read[key] for key in expected} == expected
    assert (tmp_path / "again" / "vary_modeling.py").exists()


def test_the_files_import_only_each_other_and_the_usual_packages() -> None:
    files = sources()
    usual = {"torch", "transformers", "tokenizers", "numpy", "PIL", *sys.stdlib_module_names}
    for name, text in files.items():
        # kernels are imported where there is Triton, which comes with PyTorch for CUDA
        allowed = usual | ({"triton"} if name in KERNELS else set())
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.ImportFrom) and node.level:
                assert f"{node.module}.py" in files, name
            elif isinstance(node, ast.ImportFrom):
                assert str(node.module).split(".")[0] in allowed, f"{name}: {node.module}"
            elif isinstance(node, ast.Import):
                assert {a.name.split(".")[0] for a in node.names} <= allowed, name


def test_triton_is_not_required(tmp_path: Path) -> None:
    """transformers checks what a hub model's files import, but not inside of `try`."""
    for name, text in sources().items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    for name in KERNELS:
        assert "triton" not in get_imports(tmp_path / name)
        assert "torch" in get_imports(tmp_path / name)
