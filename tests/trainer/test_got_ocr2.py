"""Models of ours in GOT-OCR2's layout compute the same in transformers' classes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from click.testing import CliRunner
from transformers import AutoImageProcessor, GotOcr2ForConditionalGeneration, GotOcr2Processor

from tests.trainer.small import CLIP, TEXT, VISION, small_batch
from trainer.cli import group
from trainer.data.tokenizer import train_tokenizer
from trainer.errors import WeightsError
from trainer.model import (
    VaryConfig,
    VaryForConditionalGeneration,
    VaryImageProcessor,
    VaryProcessor,
    VaryVisionConfig,
    VaryVisionModel,
)
from trainer.weights.assemble import load_vocabulary
from trainer.weights.convert import convert_to_got_ocr2
from trainer.weights.export import export_vocabulary

WIDE = VISION | {"compressor_channels": [2 * VISION["output_channels"], 32]}


def save(folder: Path, text: str = "qwen2", clip: bool = False, **shape: Any) -> Any:
    """A Vary whose weights differ from one another, with a processor, in `folder`."""
    torch.manual_seed(0)
    words = train_tokenizer(["words for a tokenizer"], 300)
    ids = {name: words.convert_tokens_to_ids(token) for name, token in
           (("image_token_id", "<imgpad>"), ("image_start_token_id", "<img>"),
            ("image_end_token_id", "</img>"))}  # fmt: skip
    conversation = "opt" if text == "opt" else "qwen"
    config = VaryConfig(
        vision_config=WIDE | shape, clip_config=CLIP if clip else None,
        text_config=TEXT[text] | {"vocab_size": len(words)}, conversation=conversation, **ids,
    )  # fmt: skip
    model = VaryForConditionalGeneration(config).eval()
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            parameter.normal_(1.0 if "norm" in name and "weight" in name else 0.0, 0.05)
    images = VaryImageProcessor(image_size=256, clip_size=56 if clip else None)
    model.save_pretrained(folder)
    VaryProcessor(images, words, conversation=conversation).save_pretrained(folder)
    return model


def close(ours: torch.Tensor, theirs: torch.Tensor) -> None:
    torch.testing.assert_close(theirs, ours, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize(("text", "square"), [("qwen2", True), ("llama", False)])
def test_the_vocabulary_is_got_s_vision_tower(tmp_path: Path, text: str, square: bool) -> None:
    shape = {} if square else {"compressor_channels": [32, 64]}  # 64 into a text of 32
    model = save(tmp_path / "run", text, **shape)
    report = export_vocabulary(str(tmp_path / "run"), tmp_path / "got", "got-ocr2")
    assert ("with its projection" in report.notes) == square
    got, info = GotOcr2ForConditionalGeneration.from_pretrained(
        tmp_path / "got", output_loading_info=True, attn_implementation="eager"
    )
    assert not info["unexpected_keys"]
    new = {name.split(".")[1] for name in info["missing_keys"] if name.startswith("model.")}
    assert new == ({"language_model"} if square else {"language_model", "multi_modal_projector"})
    pixels = torch.randn(2, 3, 256, 256)
    with torch.no_grad():
        ours = model.model.vision_tower(pixels)
        neck = got.eval().model.vision_tower(pixels).last_hidden_state
        projector = got.model.multi_modal_projector
        tokens = projector.conv_upsampler2(projector.conv_upsampler1(neck))
        close(ours.neck, neck)
        close(ours.tokens, tokens.flatten(2).transpose(1, 2))
        if square:
            close(model.model.projector(ours.tokens), got.get_image_features(pixels).pooler_output)
    images = AutoImageProcessor.from_pretrained(tmp_path / "got")
    assert tuple(images.image_mean) == (0.485, 0.456, 0.406)
    assert dict(images.size) == {"height": 256, "width": 256}
    again = VaryVisionModel(VaryVisionConfig(**WIDE | shape))
    assert load_vocabulary(again, str(tmp_path / "got")).new == ()


def test_a_whole_model_answers_the_same(tmp_path: Path) -> None:
    model = save(tmp_path / "run")
    done = CliRunner().invoke(
        group, ["convert", str(tmp_path / "run"), str(tmp_path / "got"), "--to", "got-ocr2"]
    )
    assert done.exception is None, done.exception
    got = GotOcr2ForConditionalGeneration.from_pretrained(
        tmp_path / "got", attn_implementation="eager"
    ).eval()
    batch = small_batch(model)
    ids, pixels = batch["input_ids"], batch["high_res_pixel_values"]
    ids[ids == 290] = model.config.image_token_id
    with torch.no_grad():
        close(model(input_ids=ids, high_res_pixel_values=pixels).logits,
              got(input_ids=ids, pixel_values=pixels).logits)  # fmt: skip
    processor = GotOcr2Processor.from_pretrained(tmp_path / "got")
    assert processor.image_token_id == got.config.image_token_id == model.config.image_token_id
    assert got.generation_config.eos_token_id == model.generation_config.eos_token_id


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"clip": True}, "GOT-OCR2 has no CLIP tower"),
        ({"text": "opt"}, "is a Qwen2, not opt; export-vocabulary"),
        ({"compressor_channels": [32, 64]}, "one width, here they have 32 and 64"),
        ({"compressor_channels": [24, 32]}, "doubles the channels, this one maps 16 to 24"),
    ],
)
def test_what_got_ocr2_cannot_hold(tmp_path: Path, fields: Any, message: str) -> None:
    save(tmp_path / "run", **fields)
    with pytest.raises(WeightsError, match=message):
        convert_to_got_ocr2(str(tmp_path / "run"), tmp_path / "got")
    assert not (tmp_path / "got").exists()
