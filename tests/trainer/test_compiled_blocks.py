"""Compiled blocks of the language model, as the warm-up on several GPUs has them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partialmethod
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import torch
import torch._inductor.config
import torch.distributed as dist
from torch import nn
from torch.nn.parallel import DistributedDataParallel
from transformers import OPTConfig, OPTForCausalLM

from trainer.training.parallel import compile_blocks


@pytest.fixture
def group(tmp_path: Path) -> Iterator[None]:
    dist.init_process_group("gloo", init_method=f"file://{tmp_path}/store", rank=0, world_size=1)
    yield
    dist.destroy_process_group()
    torch._dynamo.reset()


@pytest.mark.filterwarnings("ignore:The .grad attribute")  # asked for by the compiler
@pytest.mark.usefixtures("group")
def test_compiled_blocks_larger_than_a_bucket_take_any_length(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The graphs are those of any backend; this one needs no compiler."""
    monkeypatch.setattr(nn.Module, "compile", partialmethod(nn.Module.compile, backend="aot_eager"))
    torch.manual_seed(0)
    sizes = {"hidden_size": 256, "word_embed_proj_dim": 256, "ffn_dim": 1024}
    config = OPTConfig(
        **sizes, vocab_size=50, num_hidden_layers=1, num_attention_heads=2, dropout=0.0
    )
    model = OPTForCausalLM(config).train()
    batches = [torch.randint(3, 50, (rows, length)) for rows, length in ((3, 17), (4, 19), (5, 33))]
    expected = [model(input_ids=ids, labels=ids, use_cache=False).loss.item() for ids in batches]
    compile_blocks(model.model.decoder.layers, dynamic=True)
    # the smallest buckets, 1 MB: a third of the block
    parallel = DistributedDataParallel(model, bucket_cap_mb=1)
    for ids, loss in zip(batches, expected, strict=True):
        found = parallel(input_ids=ids, labels=ids, use_cache=False).loss
        found.backward()
        assert found.item() == pytest.approx(loss, rel=1e-5)


@pytest.mark.parametrize("on_gpu", [False, True])
@pytest.mark.filterwarnings("ignore:`torch.jit")  # by what the compiler imports
@torch._inductor.config.patch({"cpp.vec_isa_ok": None})
def test_vector_instructions_are_looked_for_only_if_code_for_the_processor_is_made(
    on_gpu: bool,
) -> None:
    """Each set of them takes a compilation and an import of PyTorch."""

    class Block(nn.Module):
        def parameters(self, recurse: bool = True) -> Iterator[Any]:
            return iter([SimpleNamespace(is_cuda=on_gpu)])

    compile_blocks([Block()])
    assert torch._inductor.config.cpp.vec_isa_ok is (False if on_gpu else None)
