"""Muon: its updates, and that grouping by shape does not change them."""

from __future__ import annotations

import torch
from torch import nn

from tests.trainer.small import small_model
from trainer.warmup.muon import Muon, hidden_matrices, maps_in_one, orthogonal


def test_singular_values_become_about_one() -> None:
    torch.manual_seed(0)
    for shape in ((3, 20, 50), (2, 50, 20), (1, 16, 16)):
        matrices = torch.randn(shape)
        moved = orthogonal(matrices)
        values = torch.linalg.svdvals(moved)
        assert values.max() < 1.25
        assert (values > 0.6).float().mean() > 0.9
        # the directions stay: U V of the same decomposition
        u, _, v = torch.linalg.svd(matrices, full_matrices=False)
        cosine = torch.cosine_similarity(moved.flatten(1), (u @ v).flatten(1))
        assert cosine.min() > 0.95


def test_queries_keys_and_values_are_orthogonalized_separately() -> None:
    torch.manual_seed(0)
    gradient = torch.randn(24, 8)
    gradient[:8] *= 100  # the large gradient of one map does not shrink the steps of the others
    moved = []
    for maps in (3, 1):
        parameter = nn.Parameter(torch.zeros(24, 8))
        parameter.grad = gradient.clone()
        Muon([{"params": [parameter], "maps": maps}], lr=0.01, momentum=0.95).step()
        moved.append(parameter.detach())
    assert moved[0][8:].norm() > 5 * moved[1][8:].norm()
    assert maps_in_one("model.vision_tower.blocks.0.attn.qkv.weight") == 3
    assert maps_in_one("model.language_model.layers.0.mlp.up_proj.weight") == 1


def test_decay_pulls_towards_zero() -> None:
    parameter = nn.Parameter(torch.full((8, 8), 5.0))
    parameter.grad = torch.zeros(8, 8)
    Muon([{"params": [parameter], "weight_decay": 0.5}], lr=0.1, momentum=0.9).step()
    assert torch.allclose(parameter, torch.full((8, 8), 5.0 * (1 - 0.05)))


def test_only_matrices_of_blocks_are_chosen() -> None:
    names = set(hidden_matrices(dict(small_model().named_parameters())))
    assert "model.vision_tower.blocks.0.attn.qkv.weight" in names
    assert "model.language_model.decoder.layers.1.fc2.weight" in names
    assert not [n for n in names if "embed" in n or "norm" in n or "rel_pos" in n or "net_" in n]
    qwen = set(hidden_matrices(dict(small_model("qwen2").named_parameters())))
    assert "model.language_model.layers.0.mlp.down_proj.weight" in qwen


def test_the_first_step_is_as_large_as_adamws() -> None:
    torch.manual_seed(0)
    several = [nn.Parameter(torch.zeros(64, 64)) for _ in range(3)]
    alone = nn.Parameter(torch.zeros(64, 64))
    for parameter in several:
        parameter.grad = torch.randn(64, 64)
    alone.grad = several[1].grad
    for parameters in (several, [alone]):
        Muon([{"params": parameters}], lr=0.01, momentum=0.95).step()
    assert torch.allclose(several[1], alone, atol=1e-6)
    size = several[0].detach().square().mean().sqrt()
    assert 0.8 * 0.2 * 0.01 < size < 1.2 * 0.2 * 0.01
    assert (several[0] * several[0].grad).sum() < 0


def test_a_restored_state_gives_the_same_steps() -> None:
    torch.manual_seed(0)
    gradients = [torch.randn(8, 24) for _ in range(4)]

    def run(stop: int | None) -> torch.Tensor:
        parameter = nn.Parameter(torch.ones(8, 24))
        optimizer = Muon([{"params": [parameter]}], lr=0.1, momentum=0.9)
        for i, gradient in enumerate(gradients):
            if i == stop:
                saved = optimizer.state_dict()
                optimizer = Muon([{"params": [parameter]}], lr=0.1, momentum=0.9)
                optimizer.load_state_dict(saved)
            parameter.grad = gradient.clone()
            optimizer.step()
        return parameter.detach()

    assert torch.equal(run(None), run(2))
