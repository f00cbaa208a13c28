"""Exports read by the code of those for whom they are made.

    pip install trl                      # for the first part
    pip install --no-deps llamafactory   # for the second
    python -m benchmarks.consumers

Makes a few charts, exports them, and

* trains a small random LLaVA for two steps on the CPU with TRL's `SFTTrainer`, from the folder of
  `--format trl`;
* reads the folder of `--format llava` with LLaMA-Factory's own parser and converter.

A part whose package is not installed is left out and named.
"""

from __future__ import annotations

import importlib
import importlib.machinery
import json
import sys
import tempfile
import types
from pathlib import Path
from typing import Any

from vary_data import generate
from vary_data.cli.export import command as export

STEPS = 2
TEMPLATE = (
    "{% for m in messages %}{{ m['role'] }} : {% if m['content'] is string %}{{ m['content'] }}"
    "{% else %}{% for p in m['content'] %}{% if p['type'] == 'image' %}<image>"
    "{% else %}{{ p['text'] }}{% endif %}{% endfor %}{% endif %}</s>{% endfor %}"
)
PATCH, SIDE = 8, 32


def exported(folder: Path, form: str) -> Path:
    target = folder / form
    arguments = [str(folder / "out"), "--format", form, "--to", str(target)]
    export(arguments, standalone_mode=False)
    return target


def tiny_llava(folder: Path) -> tuple[Any, Any]:
    """A random LLaVA of some thousand weights and its processor, whose words are characters."""
    import torch
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers
    from transformers import (
        CLIPImageProcessorPil,
        CLIPVisionConfig,
        LlamaConfig,
        LlavaConfig,
        LlavaForConditionalGeneration,
        LlavaProcessor,
        PreTrainedTokenizerFast,
    )

    names = ["<unk>", "<pad>", "<s>", "</s>", "<image>"]
    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    vocabulary = {token: i for i, token in enumerate([*names, *letters])}
    plain = Tokenizer(models.BPE(vocab=vocabulary, merges=[], unk_token="<unk>"))
    plain.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    plain.decoder = decoders.ByteLevel()
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=plain, unk_token="<unk>", pad_token="<pad>", bos_token="<s>",
        eos_token="</s>", additional_special_tokens=["<image>"],
    )  # fmt: skip
    size = {"height": SIDE, "width": SIDE}
    processor = LlavaProcessor(
        CLIPImageProcessorPil(size=size, crop_size=size), tokenizer, patch_size=PATCH,
        vision_feature_select_strategy="default", chat_template=TEMPLATE,
        num_additional_image_tokens=1,
    )  # fmt: skip
    shape = {"hidden_size": 16, "intermediate_size": 16, "num_hidden_layers": 2}
    vision = CLIPVisionConfig(
        **shape, num_attention_heads=2, image_size=SIDE, patch_size=PATCH, projection_dim=16
    )
    text = LlamaConfig(
        **shape, vocab_size=len(vocabulary), num_attention_heads=2, num_key_value_heads=2,
        max_position_embeddings=4096,
    )  # fmt: skip
    torch.manual_seed(0)
    config = LlavaConfig(
        vision_config=vision, text_config=text, image_token_index=vocabulary["<image>"]
    )
    return LlavaForConditionalGeneration(config), processor


def train_with_trl(source: Path, folder: Path) -> str:
    from datasets import load_dataset
    from trl import SFTConfig, SFTTrainer

    rows = load_dataset(str(source), split="train", cache_dir=str(folder / "cache"))
    model, processor = tiny_llava(folder)
    settings = SFTConfig(
        output_dir=str(folder / "run"), max_steps=STEPS, per_device_train_batch_size=2,
        max_length=None, report_to=[], use_cpu=True, logging_steps=1, save_strategy="no",
        remove_unused_columns=False, dataset_kwargs={"skip_prepare_dataset": True},
        gradient_checkpointing=False, bf16=False, disable_tqdm=True,
    )  # fmt: skip
    trainer = SFTTrainer(model=model, args=settings, train_dataset=rows, processing_class=processor)
    done = trainer.train()
    assert done.global_step == STEPS, done
    assert 0 < done.training_loss < 20, done
    return f"SFTTrainer: {len(rows)} rows, {STEPS} steps, loss {done.training_loss:.2f}"


def read_with_llama_factory(source: Path) -> str:
    # Its package imports audio and model hubs, which the converter does not use.
    for name in ("torchaudio", "modelscope", "librosa", "av"):
        stub = types.ModuleType(name)
        stub.__spec__ = importlib.machinery.ModuleSpec(name, None)
        sys.modules.setdefault(name, stub)
    parser = importlib.import_module("llamafactory.data.parser")
    converter = importlib.import_module("llamafactory.data.converter")
    names = list(json.loads((source / "dataset_info.json").read_text()))
    read = 0
    for found in parser.get_dataset_list(names, str(source)):
        convert = converter.get_dataset_converter(
            found.formatting, found, types.SimpleNamespace(media_dir=str(source))
        )
        for row in json.loads((source / found.dataset_name).read_text()):
            made = convert(row)
            (picture,) = made["_images"]
            assert Path(picture).is_file(), picture
            assert made["_prompt"][0]["content"].count("<image>") == 1
            assert made["_response"][0]["content"] == row["conversations"][-1]["value"]
            read += 1
    assert read, "no row was read"
    return f"LLaMA-Factory: {read} rows of {', '.join(names)}"


def main() -> int:
    lines = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        splits = {"train": 0.5, "validation": 0.5}
        generate(
            "render-charts", folder / "out", num_samples=12, workers=1, types=["bar", "line"],
            splits=splits,
        )  # fmt: skip
        trl, llava = exported(folder, "trl"), exported(folder, "llava")
        for package, part in (
            ("trl", lambda: train_with_trl(trl, folder)),
            ("llamafactory", lambda: read_with_llama_factory(llava)),
        ):
            try:
                importlib.import_module(package)
            except ImportError:
                lines.append(f"{package} is not installed: left out")
                continue
            lines.append(part())
    print("\n".join(lines))
    return 0


if __name__ == "__main__":
    sys.exit(main())
