"""The model in other people's tools: HF Trainer, PEFT, processors loaded by Auto classes."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from transformers import AutoProcessor, Trainer, TrainingArguments

from tests.trainer.small import small_batch, small_model
from trainer.data.tokenizer import train_tokenizer
from trainer.errors import SettingsError
from trainer.model import VaryImageProcessor, VaryProcessor
from trainer.model.pixels import to_pixels


def test_hf_trainer_trains_it(tmp_path: Path) -> None:
    pytest.importorskip("accelerate")
    model = small_model("qwen2", clip=True)
    batch = small_batch(model, 4)
    rows = [{k: v[i] for k, v in batch.items()} for i in range(4)]
    arguments = TrainingArguments(
        output_dir=str(tmp_path), per_device_train_batch_size=2, max_steps=4, learning_rate=1e-3,
        logging_steps=1, use_cpu=True, report_to="none", disable_tqdm=True, save_strategy="no",
    )  # fmt: skip
    trainer = Trainer(model=model, args=arguments, train_dataset=rows)  # type: ignore[arg-type]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Trainer's own, about a machine without a GPU
        trainer.train()
    losses = [entry["loss"] for entry in trainer.state.log_history if "loss" in entry]
    assert losses[-1] < losses[0]


def test_peft_wraps_it() -> None:
    peft = pytest.importorskip("peft")
    model = small_model("qwen2", clip=True)
    config = peft.LoraConfig(
        r=4, target_modules=r"model\.language_model\..*(q_proj|v_proj)", init_lora_weights=False
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # peft asks transformers by an old name
        wrapped = peft.get_peft_model(model, config)
    wrapped.train()
    wrapped(**small_batch(model)).loss.backward()
    trained = {n for n, p in wrapped.named_parameters() if p.grad is not None}
    assert trained
    assert all("lora_" in name for name in trained)


@pytest.fixture
def processor() -> VaryProcessor:
    tokenizer = train_tokenizer(["Read it."], 300)
    images = VaryImageProcessor(image_size=256, normalization="clip", clip_size=56)
    return VaryProcessor(images, tokenizer, conversation="qwen")


def test_processor_saves_and_loads(tmp_path: Path, processor: VaryProcessor) -> None:
    model = small_model("qwen2", clip=True)
    model.save_pretrained(tmp_path)
    processor.save_pretrained(tmp_path)
    again = AutoProcessor.from_pretrained(tmp_path)
    assert type(again) is VaryProcessor
    assert again.conversation == "qwen"
    assert again.image_processor.normalization == "clip"
    image = Image.fromarray(np.random.default_rng(0).integers(0, 255, (90, 60, 3), dtype=np.uint8))
    a, b = processor([image], "Read it."), again(image, ["Read it."])
    assert set(a) == {"input_ids", "attention_mask", "high_res_pixel_values", "pixel_values"}
    for key in a:
        assert torch.equal(a[key], b[key])
    assert a["high_res_pixel_values"].shape == (1, 3, 256, 256)


def test_questions_of_several_lengths_are_padded_on_the_left(processor: VaryProcessor) -> None:
    images = [Image.new("RGB", (8, 8))] * 2
    out = processor(images, ["Read it.", "Read it. Read it. Read it."])
    assert out["attention_mask"][0].tolist() == sorted(out["attention_mask"][0].tolist())
    assert out["attention_mask"][1].all()
    with pytest.raises(ValueError, match="2 pictures but 1 questions"):
        processor(images, ["Read it."])


def test_fits() -> None:
    picture = torch.zeros(40, 20, 3, dtype=torch.uint8)
    picture[10:30] = 255  # a white square in the middle of a black page
    crop = to_pixels([picture], 20, "none", "crop", "bilinear")[0]
    assert crop.min() == crop.max() == 1  # top and bottom are lost
    stretch = to_pixels([picture], 20, "none", "stretch", "bilinear")[0]
    assert stretch[0, :, 5].mean() == pytest.approx(0.5, abs=0.01)
    pad = to_pixels([picture], 20, "clip", "pad", "bilinear")[0]
    assert pad[:, :, 15].abs().max() < 1e-6  # right of the page: the mean color
    assert pad[0, 0, 0] < -1


def test_normalization_has_a_name() -> None:
    white = torch.full((4, 4, 3), 255, dtype=torch.uint8)
    for name, red in (("imagenet", (1 - 0.485) / 0.229), ("none", 1.0)):
        assert to_pixels([white], 64, name, "stretch", "bicubic")[0, 0, 0, 0] == pytest.approx(red)
    with pytest.raises(SettingsError, match="did you mean 'imagenet'"):
        VaryImageProcessor(normalization="image-net")


def test_decode_answer_leaves_out_special_tokens(processor: VaryProcessor) -> None:
    ids: Any = processor.tokenizer("Read it.", add_special_tokens=False)["input_ids"]
    assert processor.decode_answer([*ids, processor.end_token_id, *ids]) == "Read it."
