"""The whole model: where image features land, what is frozen, generation, saving, packing."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
import torch.nn.functional as F
from torch._dynamo.testing import CompileCounter
from transformers import AutoConfig, AutoModel, AutoModelForImageTextToText

from tests.trainer.small import IMAGE_PAD_ID, small_batch, small_model
from trainer.model import VaryConfig, VaryForConditionalGeneration, VaryModel
from trainer.training.parallel import decoder_layers

KINDS = [("opt", False), ("qwen2", True), ("llama", True)]


@pytest.mark.parametrize(("text", "clip"), KINDS)
def test_loss_is_cross_entropy_on_targets(text: str, clip: bool) -> None:
    model = small_model(text, clip)
    batch = small_batch(model)
    out = model(**batch)
    logits = out.logits[:, :-1].flatten(0, 1)
    expected = F.cross_entropy(logits, batch["labels"][:, 1:].flatten(), ignore_index=-100)
    torch.testing.assert_close(out.loss, expected)
    assert out.target_index.tolist() == [*range(30, 40), *range(70, 80)]
    halves = model(**batch, num_items_in_batch=40).loss
    torch.testing.assert_close(halves, expected / 2)


def test_training_leaves_out_the_logits() -> None:
    model = small_model().train()
    out = model(**small_batch(model))
    assert out.logits is None
    assert out.loss.requires_grad


def test_image_features_land_on_the_image_tokens() -> None:
    model = small_model("qwen2", clip=True)
    batch = small_batch(model)
    seen = {}
    model.model.language_model.register_forward_pre_hook(
        lambda _, args, kwargs: seen.update(kwargs), with_kwargs=True
    )
    out = model(**batch)
    embeddings = seen["inputs_embeds"]
    torch.testing.assert_close(embeddings[:, 2:18], out.image_hidden_states)
    words = model.get_input_embeddings()(batch["input_ids"])
    torch.testing.assert_close(embeddings[:, 18:], words[:, 18:])


def test_clip_half_comes_first_and_without_cls() -> None:
    model = small_model("qwen2", clip=True)
    batch = small_batch(model)
    inner = model.model
    assert len(inner.clip_tower.encoder.layers if hasattr(inner.clip_tower, "encoder")
               else inner.clip_tower.vision_model.encoder.layers) == 2  # fmt: skip
    tokens = inner.encode_images(batch["high_res_pixel_values"], batch["pixel_values"]).tokens
    clip = inner.clip_tower(batch["pixel_values"]).last_hidden_state[:, 1:]
    torch.testing.assert_close(tokens[..., :16], inner.projector.clip(clip))
    vocabulary = inner.vision_tower(batch["high_res_pixel_values"]).tokens
    torch.testing.assert_close(tokens[..., 16:], inner.projector.vocabulary(vocabulary))


def test_clip_states_are_those_before_the_last_layer() -> None:
    from transformers import CLIPVisionModel

    model = small_model("qwen2", clip=True)
    whole = CLIPVisionModel(model.config.clip_config).eval()
    whole.load_state_dict(model.model.clip_tower.state_dict(), strict=False)
    pixels = small_batch(model)["pixel_values"]
    expected = whole(pixels, output_hidden_states=True).hidden_states[-2]
    torch.testing.assert_close(model.model.clip_tower(pixels).last_hidden_state, expected)


def test_missing_image_tokens_are_an_error() -> None:
    model = small_model()
    batch = small_batch(model)
    batch["input_ids"][0, 17] = 5
    with pytest.raises(ValueError, match="31 image tokens in the text, but 2 images of 16"):
        model(**batch)


def test_frozen_towers_get_no_gradient_and_keep_no_graph() -> None:
    model = small_model("qwen2", clip=True).train()
    model.model.vision_tower.requires_grad_(False)
    model.model.clip_tower.requires_grad_(False)
    model(**small_batch(model)).loss.backward()
    towers = [*model.model.vision_tower.parameters(), *model.model.clip_tower.parameters()]
    assert all(p.grad is None for p in towers)
    assert model.model.projector.vocabulary.weight.grad.abs().sum() > 0


def test_every_parameter_of_tiny_learns() -> None:
    model = small_model().train()
    model(**small_batch(model)).loss.backward()
    silent = [n for n, p in model.named_parameters() if p.grad is None]
    assert silent == []


@pytest.mark.parametrize(("text", "clip"), KINDS)
def test_generate_looks_at_the_picture_once(text: str, clip: bool) -> None:
    model = small_model(text, clip)
    batch = small_batch(model)
    del batch["labels"]
    calls = []
    model.model.vision_tower.register_forward_hook(lambda *_: calls.append(1))
    mask = torch.ones_like(batch["input_ids"])
    out = model.generate(
        **batch, attention_mask=mask, max_new_tokens=4, do_sample=False, eos_token_id=299,
        pad_token_id=1,
    )  # fmt: skip
    assert len(calls) == 1
    ids = batch["input_ids"]
    for _ in range(4):  # greedy by hand, without a cache
        logits = model(**{**batch, "input_ids": ids}).logits[:, -1]
        ids = torch.cat([ids, logits.argmax(-1, keepdim=True)], dim=1)
    assert out.tolist() == ids.tolist()


@pytest.mark.parametrize(("text", "clip"), KINDS)
def test_save_and_load(tmp_path: Path, text: str, clip: bool) -> None:
    model = small_model(text, clip, conversation="qwen")
    model.save_pretrained(tmp_path)
    again = AutoModelForImageTextToText.from_pretrained(tmp_path)
    assert type(again) is VaryForConditionalGeneration
    assert again.config.conversation == "qwen"
    assert again.config.image_token_id == IMAGE_PAD_ID
    batch = small_batch(model)
    torch.testing.assert_close(again(**batch).loss, model(**batch).loss)
    assert type(AutoModel.from_config(AutoConfig.from_pretrained(tmp_path))) is VaryModel


@pytest.mark.parametrize(("text", "clip"), KINDS)
def test_packed_equals_one_by_one(text: str, clip: bool) -> None:
    model = small_model(text, clip)
    batch = small_batch(model, count=3)
    lengths = [40, 31, 25]
    rows = [(batch["input_ids"][i, :n], batch["labels"][i, :n]) for i, n in enumerate(lengths)]
    rows[2][1][20:] = rows[2][0][20:]  # the third sample is cut before its targets: give it some
    pixels = {k: v for k, v in batch.items() if "pixel" in k}
    alone = [
        model(ids[None], labels=labels[None], **{k: v[i : i + 1] for k, v in pixels.items()})
        for i, (ids, labels) in enumerate(rows)
    ]
    model.pack_sequences()
    ids = torch.cat([r[0] for r in rows])[None]
    labels = [r[1].clone() for r in rows]
    for part in labels:
        part[0] = -100  # the first label of a segment is ignored
    packed = model(ids, labels=torch.cat(labels)[None], segment_lengths=lengths, **pixels)
    expected = torch.cat([o.target_losses for o in alone])
    torch.testing.assert_close(packed.target_losses, expected, rtol=1e-5, atol=1e-5)


@torch.no_grad()
def test_compiled_layers_take_packed_rows_of_any_lengths() -> None:
    """The warm-up compiles them once: neither lengths nor their number are in a graph."""
    model, counter = small_model("opt"), CompileCounter()
    model.pack_sequences()
    for layer in decoder_layers(model):
        layer.compile(dynamic=True, backend=counter)
    ids = torch.arange(3, 203)[None]
    counts = []
    for lengths in ([40, 31, 25], [33, 20], [50, 22, 30, 12], [64, 64]):
        model.model(ids[:, : sum(lengths)], segment_lengths=lengths)
        counts.append(counter.frame_count)
    assert 0 < counts[0] == counts[-1]
    torch._dynamo.reset()


def test_default_config_is_the_paper_s_tiny() -> None:
    config = VaryConfig()
    assert config.text_config.model_type == "opt"
    assert config.text_config.max_position_embeddings == 4096
    assert config.image_seq_length == 256
    assert (config.image_token_id, config.image_start_token_id) == (50265, 50266)
