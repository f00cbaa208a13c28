"""Checkpoints of other projects and other software: files, configs, prompts and pictures."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from tests.trainer.small import CLIP, IMAGE_PAD_ID, TEXT, VISION, small_batch, small_model
from tests.trainer.test_weights import QWEN1_CONFIG, original_vary, save_checkpoint
from trainer.data.tokenizer import train_tokenizer
from trainer.errors import WeightsError
from trainer.model import VaryImageProcessor, VaryProcessor, VaryVisionConfig
from trainer.model.conversation import ChatTurn, encode
from trainer.model.pixels import NORMALIZATIONS, to_pixels
from trainer.model.tokens import add_special_tokens
from trainer.weights import convert as conversion
from trainer.weights.files import read_tensors
from trainer.weights.text_shape import rotary, text_config

OPT_CONFIG = TEXT["opt"] | {"model_type": "vary"}


@pytest.fixture(autouse=True)
def _small_towers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conversion, "VaryVisionConfig", lambda: VaryVisionConfig(**VISION))
    monkeypatch.setattr(conversion, "CLIP_LARGE", conversion.CLIP_LARGE | CLIP)


def lavis_names(tensors: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """Vary-tiny-600k's names for the tensors of an original Vary-tiny."""
    named = {}
    for name, value in tensors.items():
        tower, projector = "model.vision_tower_2.", "model.mm_projector."
        if name.startswith(tower):
            named["visual_encoder." + name.removeprefix(tower)] = value
        elif name.startswith(projector):
            named["opt_proj." + name.removeprefix(projector)] = value
        else:
            named["opt_model." + name] = value
    return named


def test_vary_tiny_600k(tmp_path: Path) -> None:
    model, tensors = original_vary(clip=False)
    folder = tmp_path / "lavis"
    save_checkpoint(folder, tensors, OPT_CONFIG)
    (folder / "model.safetensors").unlink()
    saved = {"model": lavis_names(tensors), "optimizer": {"state": {}}, "scaler": {}, "epoch": 3}
    torch.save(saved, folder / "checkpoint_3.pth")
    converted = conversion.convert(str(folder))
    assert converted.kind == "Vary-tiny-600k"
    assert all(report.new == () for report in converted.reports)
    batch = small_batch(model)
    expected = model(**batch).logits[:, 18:]
    batch["input_ids"][batch["input_ids"] == IMAGE_PAD_ID] = converted.model.config.image_token_id
    torch.testing.assert_close(converted.model.eval()(**batch).logits[:, 18:], expected)
    assert converted.model.generation_config.eos_token_id == converted.processor.end_token_id
    converted.save(tmp_path / "out")
    processor = VaryProcessor.from_pretrained(tmp_path / "out")
    processor.image_processor.image_size = 256
    words = processor.tokenizer
    ids = processor(Image.new("RGB", (9, 9)))["input_ids"][0].tolist()
    assert words.decode(ids) == "<imgpad>" * 16 + "</s>OCR: "
    answer = encode(
        words, "lavis", [ChatTurn("user", "OCR: ", 1), ChatTurn("assistant", "a\nb")], 16
    )
    assert [i for i, label in zip(answer.ids, answer.labels, strict=True) if label == -100] == ids
    targets = answer.labels[len(ids) :]
    assert words.decode(targets) == "a<lb>b\n"
    assert targets[-1] == processor.end_token_id
    assert processor.decode_answer([*targets, 5]) == "a\nb"


def test_lavis_without_a_config_is_opt_125m() -> None:
    text = {
        "decoder.embed_tokens.weight": torch.zeros(50272, 768),
        "decoder.embed_positions.weight": torch.zeros(2050, 768),
        **{f"decoder.layers.{i}.fc1.weight": torch.zeros(3072, 1) for i in range(12)},
    }
    shape = text_config({}, text, "x")
    assert (shape.num_hidden_layers, shape.num_attention_heads, shape.ffn_dim) == (12, 12, 3072)
    assert (shape.vocab_size, shape.max_position_embeddings) == (50272, 2048)


def test_a_folder_of_hugging_face_s_trainer(tmp_path: Path) -> None:
    weights = {"lm_head.weight": torch.ones(2)}
    torch.save(weights, tmp_path / "pytorch_model.bin")
    torch.save(torch.nn.Linear(1, 1), tmp_path / "training_args.bin")  # any object
    torch.save({"state": {}}, tmp_path / "optimizer.pt")
    assert read_tensors(tmp_path).keys() == weights.keys()
    (tmp_path / "pytorch_model.bin").rename(tmp_path / "part-2.bin")
    torch.save({"other": torch.ones(1)}, tmp_path / "consolidated.bin")
    index = tmp_path / "pytorch_model.bin.index.json"
    index.write_text(json.dumps({"weight_map": {"lm_head.weight": "part-2.bin"}}))
    assert read_tensors(tmp_path).keys() == weights.keys()
    index.write_text(json.dumps({"weight_map": {"lm_head.weight": "../part-2.bin"}}))
    with pytest.raises(WeightsError, match=r"names '../part-2.bin', outside its folder"):
        read_tensors(tmp_path)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"rope_theta": 1e6}, {"rope_type": "default", "rope_theta": 1e6}),
        ({"rotary_emb_base": 500}, {"rope_type": "default", "rope_theta": 500.0}),
        ({"rope_parameters": {"rope_theta": 1000000, "rope_type": "default"}},
         {"rope_type": "default", "rope_theta": 1e6}),
        ({"rope_theta": 2e4, "rope_scaling": {"type": "linear", "factor": 2.0}},
         {"rope_type": "linear", "rope_theta": 2e4, "factor": 2.0}),
        ({"rope_scaling": None}, {"rope_type": "default", "rope_theta": 10000.0}),
    ],
)  # fmt: skip
def test_rotary_frequencies_are_read_from_every_layout(
    fields: dict[str, Any], expected: dict[str, Any]
) -> None:
    assert rotary(fields) == expected


def test_a_field_that_is_not_read_is_an_error(tmp_path: Path) -> None:
    _, tensors = original_vary(clip=True)
    save_checkpoint(
        tmp_path / "a", tensors, QWEN1_CONFIG | {"alibi": True, "torch_dtype": "bfloat16"}
    )
    with pytest.raises(WeightsError, match=r"fields that the conversion does not know \(alibi\)"):
        conversion.convert(str(tmp_path / "a"))
    save_checkpoint(tmp_path / "b", tensors, QWEN1_CONFIG | {"rotary_pct": 0.5})
    with pytest.raises(WeightsError, match=r"rotary_pct is 0.5 in .*; only 1.0 is supported"):
        conversion.convert(str(tmp_path / "b"))


def test_got_s_question_follows_a_line_break(tmp_path: Path) -> None:
    model = small_model("qwen2")
    renamed = {
        name.replace("model.language_model.", "model.")
        .replace("model.vision_tower.", "model.vision_tower_high.")
        .replace("model.projector.vocabulary.", "model.mm_projector_vary."): value
        for name, value in model.state_dict().items()
    }
    save_checkpoint(tmp_path / "got", renamed, QWEN1_CONFIG | {"intermediate_size": 64})
    converted = conversion.convert(str(tmp_path / "got"))
    assert converted.kind == "GOT-OCR2"
    converted.save(tmp_path / "out")
    processor = VaryProcessor.from_pretrained(tmp_path / "out")
    processor.image_processor.image_size = 64
    picture = Image.new("RGB", (9, 9))
    (ids,) = processor(picture)["input_ids"]
    assert "<img><imgpad></img>\nOCR: <|im_end|>" in processor.tokenizer.decode(ids)
    (ids,) = processor(picture, "Read it.")["input_ids"]
    assert "</img>Read it.<|im_end|>" in processor.tokenizer.decode(ids)


def test_cv2_skips_pixels_as_opencv_does() -> None:
    row = torch.tensor([0, 100, 201, 50, 7, 8, 11, 200], dtype=torch.uint8)
    picture = row.repeat(8, 1)[..., None].expand(8, 8, 3)
    # a quarter: the mean of the two middle pixels of every four, rounded half to even
    found = to_pixels([picture], 2, "none", "stretch", "cv2") * 255
    assert found[0, 0].tolist() == [[150, 10], [150, 10]]
    cv2 = pytest.importorskip("cv2", reason="OpenCV is not installed: not compared with it")
    noise = np.random.default_rng(0).integers(0, 256, (173, 311, 3), dtype=np.uint8)
    ours = to_pixels([torch.from_numpy(noise)], 64, "none", "stretch", "cv2")[0] * 255
    theirs = cv2.resize(noise, (64, 64), interpolation=cv2.INTER_LINEAR)
    difference = np.abs(ours.permute(1, 2, 0).numpy() - theirs)
    assert difference.max() <= 1.01
    assert difference.mean() < 0.2  # OpenCV calculates with 11 bits


@pytest.mark.parametrize("size", [(157, 100), (100, 157), (123, 77)])
def test_clip_s_crop_is_that_of_transformers(size: tuple[int, int]) -> None:
    from transformers import CLIPImageProcessorPil

    ramp = np.add.outer(np.arange(size[1]), np.arange(size[0])) % 256
    picture = Image.fromarray(np.repeat(ramp[..., None], 3, axis=2).astype(np.uint8))
    theirs = CLIPImageProcessorPil(size={"shortest_edge": 56}, crop_size=56)(picture)
    ours = VaryImageProcessor(image_size=64, clip_size=56)(picture)["pixel_values"][0]
    levels = 255 * torch.tensor(NORMALIZATIONS["clip"][1])[:, None, None]
    difference = (ours - torch.as_tensor(theirs["pixel_values"][0])) * levels
    assert difference.abs().mean() < 1.0


def test_the_formats_of_vary_tiny_have_one_answer() -> None:
    words = train_tokenizer(["abc"], 300)
    add_special_tokens(words, ("</s>",))
    turns = [ChatTurn("user", "", 1), ChatTurn("assistant", "a"), ChatTurn("assistant", "b")]
    for name in ("opt", "lavis"):
        with pytest.raises(Exception, match="has only one answer"):
            encode(words, name, turns, 1)
