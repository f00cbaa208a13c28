"""The vocabulary network against transformers' GotOcr2, which is the same network."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn
from transformers.models.got_ocr2.configuration_got_ocr2 import GotOcr2VisionConfig
from transformers.models.got_ocr2.modeling_got_ocr2 import GotOcr2VisionEncoder

from trainer.model import VaryVisionConfig, VaryVisionModel
from trainer.weights.names import vocabulary_tensors


class GotTower(nn.Module):
    """GotOcr2's encoder with its two convolutions, as in its projector."""

    def __init__(self, config: VaryVisionConfig) -> None:
        super().__init__()
        fields = ("hidden_size", "output_channels", "num_hidden_layers", "num_attention_heads",
                  "image_size", "window_size", "global_attn_indexes", "mlp_dim")  # fmt: skip
        shape = {name: getattr(config, name) for name in fields}
        got = GotOcr2VisionConfig(**shape, attn_implementation="eager")
        mid, out = config.compressor_channels
        self.vision_tower = GotOcr2VisionEncoder(got)
        self.multi_modal_projector = nn.Module()
        self.multi_modal_projector.conv_upsampler1 = nn.Conv2d(
            config.output_channels, mid, 3, stride=2, padding=1, bias=False
        )
        self.multi_modal_projector.conv_upsampler2 = nn.Conv2d(
            mid, out, 3, stride=2, padding=1, bias=False
        )

    def forward(self, pixels: Tensor) -> Tensor:
        x = self.vision_tower(pixels).last_hidden_state
        x = self.multi_modal_projector.conv_upsampler1(x)
        return self.multi_modal_projector.conv_upsampler2(x).flatten(2).transpose(1, 2)


def pair(config: VaryVisionConfig, std: float = 0.1) -> tuple[VaryVisionModel, GotTower]:
    torch.manual_seed(0)
    ours, theirs = VaryVisionModel(config), GotTower(config)
    with torch.no_grad():
        for name, p in theirs.named_parameters():
            p.normal_(1.0 if "norm" in name and "weight" in name else 0.0, std)
    mapped = vocabulary_tensors(theirs.state_dict(), ours.state_dict())
    assert ours.load_state_dict(mapped).missing_keys == []
    return ours.eval(), theirs.eval()


SMALL = VaryVisionConfig(
    hidden_size=48, num_hidden_layers=3, num_attention_heads=3, image_size=256, window_size=14,
    global_attn_indexes=(1,), mlp_dim=96, output_channels=32, compressor_channels=(40, 64),
)  # fmt: skip


def test_agrees_with_got_ocr2() -> None:
    ours, theirs = pair(SMALL)
    pixels = torch.randn(2, 3, 256, 256, generator=torch.Generator().manual_seed(1))
    with torch.no_grad():
        out, expected = ours(pixels).tokens, theirs(pixels)
    assert out.shape == (2, 16, 64)
    torch.testing.assert_close(out, expected, rtol=1e-5, atol=1e-5 * expected.abs().max().item())


def test_gradients_agree_with_got_ocr2() -> None:
    ours, theirs = pair(SMALL)
    pixels = torch.randn(1, 3, 256, 256, generator=torch.Generator().manual_seed(1))
    ours(pixels).tokens.square().mean().backward()
    theirs(pixels).square().mean().backward()
    gradients = {k: p.grad for k, p in theirs.named_parameters()}
    for name, gradient in vocabulary_tensors(gradients, ours.state_dict()).items():
        own = ours.get_parameter(name).grad
        assert own is not None
        assert (own - gradient).norm() <= 1e-4 * gradient.norm(), name


@pytest.mark.slow
def test_agrees_with_got_ocr2_at_full_size() -> None:
    ours, theirs = pair(VaryVisionConfig(), std=0.02)
    assert sum(p.numel() for p in ours.parameters()) == 95_569_152
    pixels = torch.randn(1, 3, 1024, 1024, generator=torch.Generator().manual_seed(1))
    with torch.no_grad():
        out, expected = ours(pixels).tokens, theirs(pixels)
    assert out.shape == (1, 256, 1024)
    torch.testing.assert_close(out, expected, rtol=1e-5, atol=1e-5 * expected.abs().max().item())


def test_full_size_parameter_count() -> None:
    with torch.device("meta"):
        model = VaryVisionModel(VaryVisionConfig())
    assert sum(p.numel() for p in model.parameters()) == 95_569_152


def test_smaller_pictures_use_the_middle_or_a_given_part_of_the_positions() -> None:
    model = VaryVisionModel(SMALL).eval()
    pixels = torch.randn(1, 3, 128, 128, generator=torch.Generator().manual_seed(1))
    with torch.no_grad():
        middle = model(pixels).tokens
        assert middle.shape == (1, 4, 64)
        torch.testing.assert_close(model(pixels, position_offset=(4, 4)).tokens, middle)
        corner = model(pixels, position_offset=(0, 0)).tokens
    assert not torch.allclose(corner, middle)


def test_larger_pictures_are_refused() -> None:
    model = VaryVisionModel(SMALL)
    with pytest.raises(ValueError, match="larger than the 256 pixels"):
        model(torch.zeros(1, 3, 512, 512))


def test_neck_is_the_map_at_stride_16() -> None:
    model = VaryVisionModel(SMALL).eval()
    out = model(torch.zeros(1, 3, 256, 256))
    assert out.neck.shape == (1, 32, 16, 16)
