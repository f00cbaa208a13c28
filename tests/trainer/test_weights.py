"""Other projects' checkpoints: names, shapes, positions, and what is new."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor
from transformers import Qwen2Config, Qwen2ForCausalLM, SamVisionConfig, SamVisionModel

from tests.trainer.small import CLIP, TEXT, VISION, small_batch, small_model
from trainer.data.tokenizer import train_tokenizer
from trainer.errors import WeightsError
from trainer.model import VaryVisionConfig, VaryVisionModel
from trainer.weights import convert as conversion
from trainer.weights.assemble import load_vocabulary
from trainer.weights.convert import qwen1_tokenizer
from trainer.weights.export import export_vocabulary
from trainer.weights.load import grow_rows, resize_positions
from trainer.weights.names import text_tensors, vocabulary_tensors


def qwen1_from_qwen2(state: dict[str, Tensor], layers: int) -> dict[str, Tensor]:
    """The layout of Qwen-1 (research: w2 goes through silu, so it is the gate)."""
    out = {
        "transformer.wte.weight": state["model.embed_tokens.weight"],
        "transformer.ln_f.weight": state["model.norm.weight"],
        "lm_head.weight": state["lm_head.weight"],
    }
    for i in range(layers):
        old, new = f"model.layers.{i}.", f"transformer.h.{i}."
        for kind in ("weight", "bias"):
            parts = [state[f"{old}self_attn.{c}_proj.{kind}"] for c in "qkv"]
            out[f"{new}attn.c_attn.{kind}"] = torch.cat(parts)
        out[f"{new}attn.c_proj.weight"] = state[f"{old}self_attn.o_proj.weight"]
        out[f"{new}mlp.w1.weight"] = state[f"{old}mlp.up_proj.weight"]
        out[f"{new}mlp.w2.weight"] = state[f"{old}mlp.gate_proj.weight"]
        out[f"{new}mlp.c_proj.weight"] = state[f"{old}mlp.down_proj.weight"]
        out[f"{new}ln_1.weight"] = state[f"{old}input_layernorm.weight"]
        out[f"{new}ln_2.weight"] = state[f"{old}post_attention_layernorm.weight"]
    return out


QWEN1_CONFIG = {
    "model_type": "qwen", "hidden_size": 32, "intermediate_size": 128, "num_hidden_layers": 2,
    "num_attention_heads": 2, "layer_norm_epsilon": 1e-6, "rotary_emb_base": 10000,
    "seq_length": 512, "vocab_size": 300, "tie_word_embeddings": False,
}  # fmt: skip


def save_checkpoint(folder: Path, tensors: dict[str, Tensor], config: dict[str, Any]) -> None:
    folder.mkdir()
    save_file({k: v.contiguous().clone() for k, v in tensors.items()}, folder / "model.safetensors")
    (folder / "config.json").write_text(json.dumps(config))
    train_tokenizer(["abc"], 300).save_pretrained(folder)


def test_qwen1_becomes_qwen2(tmp_path: Path) -> None:
    torch.manual_seed(0)
    config = Qwen2Config(**{k: v for k, v in TEXT["qwen2"].items() if k != "model_type"},
                         vocab_size=300, rope_theta=10000.0)  # fmt: skip
    model = Qwen2ForCausalLM(config).eval()
    save_checkpoint(tmp_path / "qwen1", qwen1_from_qwen2(model.state_dict(), 2), QWEN1_CONFIG)
    converted = conversion.convert(str(tmp_path / "qwen1"))
    assert converted.kind == "Qwen-1"
    assert converted.model.config.max_position_embeddings == 512
    ids = torch.randint(0, 300, (2, 20), generator=torch.Generator().manual_seed(1))
    torch.testing.assert_close(converted.model.eval()(ids).logits, model(ids).logits)


def original_vary(clip: bool) -> tuple[Any, dict[str, Tensor]]:
    """A model of ours, and its tensors in the original's layout."""
    model = small_model("qwen2", clip=True) if clip else small_model("opt")
    state = model.state_dict()
    out: dict[str, Tensor] = {}
    tower = "transformer.vision_tower_high." if clip else "model.vision_tower_2."
    for name, value in state.items():
        if name.startswith("model.vision_tower."):
            out[tower + name.removeprefix("model.vision_tower.")] = value
        elif name.startswith("model.clip_tower."):
            inner = name.removeprefix("model.clip_tower.").removeprefix("vision_model.")
            out["transformer.vision_tower.vision_model." + inner] = value
        elif name.startswith("model.projector."):
            part, kind = name.removeprefix("model.projector.").split(".")
            which = "mm_projector_vary" if clip and part == "vocabulary" else "mm_projector"
            out[f"{'transformer' if clip else 'model'}.{which}.{kind}"] = value
        elif not clip and name.startswith("model.language_model."):
            out["model." + name.removeprefix("model.language_model.")] = value
    if clip:
        text = {k.replace("model.language_model.", "model."): v for k, v in state.items()}
        out |= qwen1_from_qwen2(text, 2)
        # the original's CLIP is whole: a last layer that nothing looks at
        third = {k: v for k, v in out.items() if ".vision_model.encoder.layers.1." in k}
        out |= {k.replace("layers.1.", "layers.2."): v for k, v in third.items()}
    else:
        out["lm_head.weight"] = state["lm_head.weight"]
    return model, out


@pytest.mark.parametrize("clip", [True, False])
def test_original_vary_layouts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clip: bool) -> None:
    model, tensors = original_vary(clip)
    opt = {k: v for k, v in TEXT["opt"].items() if k != "model_type"} | {"model_type": "vary"}
    save_checkpoint(tmp_path / "vary", tensors, QWEN1_CONFIG if clip else opt)
    small = lambda: VaryVisionConfig(**VISION)  # noqa: E731
    monkeypatch.setattr(conversion, "VaryVisionConfig", small)
    monkeypatch.setattr(conversion, "CLIP_LARGE", conversion.CLIP_LARGE | CLIP)
    real = conversion._clip_config

    def clip_config(found: Any) -> Any:
        config = real(found)
        if config is not None:
            assert (config.num_hidden_layers, config.image_size) == (3, 56)
            config.num_attention_heads = CLIP["num_attention_heads"]  # not in any tensor's shape
        return config

    monkeypatch.setattr(conversion, "_clip_config", clip_config)
    converted = conversion.convert(str(tmp_path / "vary"), normalization="imagenet")
    assert converted.kind == ("Vary" if clip else "Vary-tiny")
    assert all(report.new == () for report in converted.reports)
    batch = small_batch(model)
    batch["input_ids"][batch["input_ids"] == 290] = converted.model.config.image_token_id
    del batch["labels"]
    expected_batch = dict(batch)
    expected_batch["input_ids"] = small_batch(model)["input_ids"]
    torch.testing.assert_close(
        converted.model.eval()(**batch).logits[:, 18:], model(**expected_batch).logits[:, 18:]
    )
    converted.save(tmp_path / "out")
    assert (tmp_path / "out" / "processor_config.json").exists()


def test_sam_s_weights_lack_two_layers(tmp_path: Path) -> None:
    torch.manual_seed(0)
    fields = {k: v for k, v in VISION.items() if k != "compressor_channels"}
    sam = SamVisionModel(SamVisionConfig(**fields))
    tensors = {
        k.replace("vision_encoder.", "vision_encoder."): v for k, v in sam.state_dict().items()
    }
    save_file({k: v.clone() for k, v in tensors.items()}, tmp_path / "sam.safetensors")
    tower = VaryVisionModel(VaryVisionConfig(**VISION))
    report = load_vocabulary(tower, str(tmp_path / "sam.safetensors"))
    assert report.new == ("net_2.weight", "net_3.weight")
    assert "new: net_2.weight, net_3.weight" in str(report)
    own = {f"image_encoder.{k}": v for k, v in tower.state_dict().items() if "net_" not in k}
    torch.save(own, tmp_path / "sam.pth")  # the original file's names
    again = VaryVisionModel(VaryVisionConfig(**VISION))
    assert load_vocabulary(again, str(tmp_path / "sam.pth")).new == report.new
    pixels = torch.randn(1, 3, 256, 256)
    torch.testing.assert_close(again.eval()(pixels).neck, tower.eval()(pixels).neck)
    with torch.no_grad():
        expected = sam.eval()(pixels).last_hidden_state
    torch.testing.assert_close(tower(pixels).neck, expected, rtol=1e-4, atol=1e-4)


def test_wrong_weights_are_named(tmp_path: Path) -> None:
    tower = VaryVisionModel(VaryVisionConfig(**VISION))
    state = {f"image_encoder.{k}": v.clone() for k, v in tower.state_dict().items()}
    broken = dict(state)
    del broken["image_encoder.blocks.1.norm1.weight"]
    save_file(broken, tmp_path / "missing.safetensors")
    with pytest.raises(WeightsError, match=r"lacks 1 tensors of vision: blocks\.1\.norm1\.weight"):
        load_vocabulary(tower, str(tmp_path / "missing.safetensors"))
    broken = state | {"image_encoder.pos_embed": torch.zeros(1, 4, 4, 32)}
    save_file(broken, tmp_path / "shape.safetensors")
    with pytest.raises(WeightsError, match=r"pos_embed is \[1, 4, 4, 32\].*another shape"):
        load_vocabulary(tower, str(tmp_path / "shape.safetensors"))
    (tmp_path / "torn.safetensors").write_bytes(b"\x00" * 20)
    with pytest.raises(WeightsError, match="cannot be read as weights"):
        load_vocabulary(tower, str(tmp_path / "torn.safetensors"))
    with pytest.raises(WeightsError, match="does not exist"):
        load_vocabulary(tower, str(tmp_path / "nothing.pth"))


def test_export_and_load_again(tmp_path: Path) -> None:
    model = small_model("opt")
    model.save_pretrained(tmp_path / "tiny")
    export_vocabulary(str(tmp_path / "tiny"), tmp_path / "vocabulary")
    alone = VaryVisionModel.from_pretrained(tmp_path / "vocabulary")
    for name, value in alone.state_dict().items():
        assert torch.equal(value, model.model.vision_tower.state_dict()[name]), name
    again = VaryVisionModel(VaryVisionConfig(**VISION))
    assert load_vocabulary(again, str(tmp_path / "vocabulary")).new == ()


def test_positions_are_stretched_or_cut() -> None:
    table = torch.cat([torch.full((2, 1), -7.0), torch.arange(5.0)[:, None]])
    longer = resize_positions(table, 2 + 9)
    assert longer[:, 0].tolist() == [-7, -7, 0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4]
    assert resize_positions(table, 7)[:, 0].tolist() == table[:, 0].tolist()
    assert resize_positions(table, 2 + 3)[:, 0].tolist() == [-7, -7, 0, 1, 2]


def test_new_embeddings_stand_at_the_mean() -> None:
    grown = grow_rows(torch.tensor([[1.0, 2.0], [3.0, 6.0]]), 3)
    assert grown.tolist() == [[1, 2], [3, 6], [2, 4]]
    with pytest.raises(WeightsError, match="embeddings are never dropped"):
        grow_rows(torch.zeros(3, 2), 2)


def test_names_do_not_mix_towers_and_text() -> None:
    one = torch.zeros(1)
    tensors = {
        "transformer.vision_tower.vision_model.encoder.layers.0.layer_norm1.weight": one,
        "model.vision_tower.layers.0.layer_norm1.weight": one,
        "model.layers.0.mlp.up_proj.weight": one,
        "model.decoder.layers.0.fc1.weight": one,
        "language_model.model.norm.weight": one,
    }
    assert set(text_tensors(tensors)) == {
        "layers.0.mlp.up_proj.weight", "decoder.layers.0.fc1.weight", "norm.weight",
    }  # fmt: skip
    assert set(vocabulary_tensors(tensors, ["blocks.0.norm1.weight"])) == {"blocks.0.norm1.weight"}


def test_qwen1_s_tokenizer_is_made_from_its_ranks(tmp_path: Path) -> None:
    tokens = [bytes([b]) for b in range(256)] + [
        b"he",
        b"ll",
        b"hell",
        b"hello",
        b" w",
        "中".encode()[:2],
    ]
    tokens.append("中".encode())
    lines = [base64.b64encode(t) + b" " + str(i).encode() for i, t in enumerate(tokens)]
    (tmp_path / "qwen.tiktoken").write_bytes(b"\n".join(lines))
    words = qwen1_tokenizer(tmp_path / "qwen.tiktoken")
    first = len(tokens)
    ids = {
        n: words.convert_tokens_to_ids(n) - first for n in ("<|endoftext|>", "<img>", "<imgpad>")
    }
    assert ids == {"<|endoftext|>": 0, "<img>": 151857 - 151643, "<imgpad>": 151859 - 151643}
    encoded = words("hello world 12 中", add_special_tokens=False)["input_ids"]
    assert encoded[:2] == [tokens.index(b"hello"), tokens.index(b" w")]
    assert encoded[-1] == tokens.index("中".encode())
    assert words.decode(encoded) == "hello world 12 中"


def test_got_ocr2_of_transformers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from transformers import GotOcr2Config, GotOcr2ForConditionalGeneration

    torch.manual_seed(0)
    fields = {k: v for k, v in VISION.items() if k != "compressor_channels"}
    text = TEXT["qwen2"] | {"vocab_size": 300, "tie_word_embeddings": True}
    config = GotOcr2Config(
        vision_config=fields, text_config=text, image_token_index=290, image_seq_length=16,
        attn_implementation="eager",
    )  # fmt: skip
    got = GotOcr2ForConditionalGeneration(config).eval()
    with torch.no_grad():
        for name, parameter in got.named_parameters():
            parameter.normal_(1.0 if "norm" in name and "weight" in name else 0.0, 0.05)
    got.save_pretrained(tmp_path / "got")
    train_tokenizer(["abc"], 300).save_pretrained(tmp_path / "got")
    shape = VISION | {"compressor_channels": [32, 32]}  # twice the neck, then the text's width
    monkeypatch.setattr(conversion, "VaryVisionConfig", lambda: VaryVisionConfig(**shape))
    converted = conversion.convert(str(tmp_path / "got"))
    assert converted.kind == "GOT-OCR2"
    assert converted.processor.image_processor.normalization == "clip"
    batch = small_batch(small_model("qwen2"))
    ids, pixels = batch["input_ids"], batch["high_res_pixel_values"]
    expected = got(input_ids=ids, pixel_values=pixels).logits
    ours = ids.where(ids != 290, torch.tensor(converted.model.config.image_token_id))
    out = converted.model.eval()(input_ids=ours, high_res_pixel_values=pixels).logits
    torch.testing.assert_close(out, expected, rtol=1e-4, atol=1e-4)
