"""Full-size training steps with random weights: how many pictures a second, in how much memory.

    python benchmarks/train_step.py tiny [--batch 16] [--variants ours,sam] [--data FOLDER]
    python benchmarks/train_step.py base [--layers 32] [--batch 4] [--precision bf16-pure]
    torchrun --nproc-per-node 4 benchmarks/train_step.py base --precision bf16

`tiny` runs Vary-tiny (the 1024-pixel vocabulary network, a linear, OPT-125M with 256 image and
1000 text tokens, everything trained, AdamW, bf16) and the same step with transformers'
SamVisionEncoder, its best attention (sdpa) compiled, in one run on one device. `base` runs a step
of Vary-base with a Qwen-7B-shaped language model and frozen towers. Pictures and text are drawn
here, or come from the first row group of a dataset. Prints a table and one JSON line per variant.

Needs torch, transformers, numpy and pillow; pyarrow for --data. On a CPU, `--small` checks that
everything runs.
"""

from __future__ import annotations

import argparse
import gc
import json
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image, ImageDraw
from torch import Tensor, nn
from transformers import OPTConfig, OPTModel, SamVisionConfig, SamVisionModel

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from trainer.model import VaryConfig, VaryForConditionalGeneration
from trainer.model.loss import target_losses
from trainer.model.pixels import to_pixels
from trainer.training.flops import forward_flops
from trainer.training.parallel import checkpoint_activations

MEASURED_PEAK = 790e12
"""What a large bf16 matrix product reaches on one H200; the datasheet has 989."""


@dataclass(frozen=True)
class Shape:
    """What a step works on."""

    image_size: int
    image_tokens: int
    text_tokens: int
    vision: dict[str, Any]
    text: dict[str, Any]
    clip: dict[str, Any] | None = None


FULL_TINY = Shape(
    1024, 256, 1000, {},
    {"model_type": "opt", "vocab_size": 50268, "max_position_embeddings": 4096, "dropout": 0.0},
)  # fmt: skip
SMALL_VISION = {
    "hidden_size": 96, "num_hidden_layers": 3, "num_attention_heads": 3, "image_size": 256,
    "global_attn_indexes": [1], "mlp_dim": 192, "output_channels": 32,
    "compressor_channels": [48, 64],
}  # fmt: skip
SMALL_TINY = Shape(
    256, 16, 40, SMALL_VISION,
    {"model_type": "opt", "vocab_size": 500, "hidden_size": 64, "num_hidden_layers": 2,
     "ffn_dim": 128, "num_attention_heads": 2, "max_position_embeddings": 256, "dropout": 0.0},
)  # fmt: skip


def base_shape(small: bool, layers: int) -> Shape:
    """Qwen-7B: 32 layers of 4096, 151936 words; small: two layers of 64."""
    if small:
        text = {"model_type": "qwen2", "vocab_size": 500, "hidden_size": 64,
                "intermediate_size": 128, "num_hidden_layers": 2, "num_attention_heads": 2,
                "num_key_value_heads": 2, "tie_word_embeddings": False}  # fmt: skip
        clip = {"hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 3,
                "num_attention_heads": 2, "image_size": 56, "patch_size": 14}  # fmt: skip
        return Shape(256, 16, 40, SMALL_VISION, text, clip)
    text = {"model_type": "qwen2", "vocab_size": 151936, "hidden_size": 4096,
            "intermediate_size": 11008, "num_hidden_layers": layers, "num_attention_heads": 32,
            "num_key_value_heads": 32, "tie_word_embeddings": False}  # fmt: skip
    clip = {"hidden_size": 1024, "intermediate_size": 4096, "num_hidden_layers": 24,
            "num_attention_heads": 16, "image_size": 224, "patch_size": 14}  # fmt: skip
    return Shape(1024, 256, 800, {}, text, clip)


class SamTiny(nn.Module):
    """The same model with transformers' SAM encoder: what one gets without this project."""

    def __init__(self, shape: Shape, image_token: int) -> None:
        super().__init__()
        fields = dict(shape.vision)
        mid, out = fields.pop("compressor_channels", (512, 1024))
        text = {k: v for k, v in shape.text.items() if k != "model_type"}
        self.tower = SamVisionModel(SamVisionConfig(**fields, attn_implementation="sdpa"))
        channels = self.tower.config.output_channels
        self.net_2 = nn.Conv2d(channels, mid, 3, stride=2, padding=1, bias=False)
        self.net_3 = nn.Conv2d(mid, out, 3, stride=2, padding=1, bias=False)
        self.text = OPTModel(OPTConfig(**text, use_cache=False, attn_implementation="sdpa"))
        width = self.text.config.hidden_size
        self.projector = nn.Linear(out, width)
        self.head = nn.Linear(width, self.text.config.vocab_size, bias=False)
        self.head.weight = self.text.get_input_embeddings().weight
        self.image_token = image_token

    def forward(self, batch: dict[str, Tensor]) -> Tensor:
        x = self.tower(batch["high_res_pixel_values"]).last_hidden_state
        x = self.projector(self.net_3(self.net_2(x)).flatten(2).transpose(1, 2))
        ids = batch["input_ids"]
        embeddings = self.text.get_input_embeddings()(ids)
        places = (ids == self.image_token)[..., None]
        embeddings = embeddings.masked_scatter(places, x.to(embeddings.dtype))
        hidden = self.text(inputs_embeds=embeddings, use_cache=False).last_hidden_state
        return target_losses(hidden, batch["labels"], self.head)[0].mean()


class Vary(nn.Module):
    def __init__(self, model: VaryForConditionalGeneration) -> None:
        super().__init__()
        self.model = model

    def forward(self, batch: dict[str, Tensor]) -> Tensor:
        loss: Tensor = self.model(**batch, use_cache=False).loss
        return loss


def ours(shape: Shape, image_token: int) -> nn.Module:
    config = VaryConfig(
        vision_config=shape.vision,
        text_config=shape.text,
        clip_config=shape.clip,
        image_token_id=image_token,
    )
    return Vary(VaryForConditionalGeneration(config))


def compile_blocks(model: nn.Module) -> None:
    """Compile repeated blocks one by one: compiled once, used by all layers of a kind."""
    for module in model.modules():
        if type(module).__name__ in ("VaryVisionBlock", "OPTDecoderLayer", "Qwen2DecoderLayer",
                                     "SamVisionLayer"):  # fmt: skip
            module.compile()


def drawn_pictures(count: int, size: int) -> list[Tensor]:
    """White pages with rows of random digits."""
    rng = np.random.default_rng(0)
    pages = []
    for _ in range(count):
        page = Image.new("RGB", (size, size), "white")
        draw = ImageDraw.Draw(page)
        for y in range(8, size - 16, 24):
            draw.text((8, y), "".join(map(str, rng.integers(0, 10, size=size // 12))), fill="black")
        pages.append(torch.from_numpy(np.array(page)))
    return pages


def dataset_pictures(folder: Path, count: int) -> list[Tensor]:
    """The first pictures of a dataset made by vary-data."""
    import io

    import pyarrow.parquet as pq

    file = next(iter(sorted(folder.rglob("*.parquet"))))
    rows = pq.ParquetFile(file).read_row_group(0, columns=["image"]).to_pylist()
    images = [Image.open(io.BytesIO(r["image"]["bytes"])).convert("RGB") for r in rows]
    return [torch.from_numpy(np.array(images[i % len(images)])) for i in range(count)]


def make_batch(shape: Shape, pictures: list[Tensor], image_token: int, device: torch.device,
               dtype: torch.dtype) -> dict[str, Tensor]:  # fmt: skip
    generator = torch.Generator().manual_seed(0)
    count, length = len(pictures), shape.image_tokens + shape.text_tokens
    ids = torch.randint(3, image_token - 1, (count, length), generator=generator)
    ids[:, 2 : 2 + shape.image_tokens] = image_token
    labels = ids.clone()
    labels[:, : shape.image_tokens + 4] = -100
    on_device = [p.to(device) for p in pictures]
    pixels = to_pixels(on_device, shape.image_size, "imagenet", "stretch", "bicubic").to(dtype)
    batch = {
        "input_ids": ids.to(device),
        "labels": labels.to(device),
        "high_res_pixel_values": pixels,
    }
    if shape.clip:
        size = shape.clip["image_size"]
        batch["pixel_values"] = to_pixels(on_device, size, "clip", "crop", "bicubic").to(dtype)
    return batch


def measure(step: Callable[[], Tensor], device: torch.device, warmup: int, steps: int) -> Result:
    """Median seconds of a step, after warming up, and the most memory that it took."""
    for _ in range(warmup):
        loss = step()
    synchronise(device)
    if device.type == "cuda":
        torch.cuda.reset_peak_memory_stats()
    seconds = []
    for _ in range(steps):
        synchronise(device)
        start = time.perf_counter()
        loss = step()
        synchronise(device)
        seconds.append(time.perf_counter() - start)
    memory = torch.cuda.max_memory_allocated() / 2**30 if device.type == "cuda" else 0.0
    return Result(statistics.median(seconds), memory, float(loss))


@dataclass(frozen=True)
class Result:
    seconds: float
    memory_gib: float
    loss: float


def synchronise(device: torch.device) -> None:
    if device.type == "cuda":
        torch.cuda.synchronize()


def training_step(
    model: nn.Module, batch: dict[str, Tensor], device: torch.device, autocast: bool
) -> Callable[[], Tensor]:
    trained = [p for p in model.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(trained, lr=1e-5, fused=device.type == "cuda" or None)

    def step() -> Tensor:
        with torch.autocast(device.type, torch.bfloat16, enabled=autocast):
            loss: Tensor = model(batch)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(trained, 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        return loss.detach()

    return step


def tiny(arguments: argparse.Namespace, device: torch.device) -> Iterator[dict[str, Any]]:
    shape = SMALL_TINY if arguments.small else FULL_TINY
    token = shape.text["vocab_size"] - 3
    pictures = load_pictures(arguments, shape.image_size)
    builders: dict[str, Callable[[Shape, int], nn.Module]] = {"ours": ours, "sam": SamTiny}
    flops = tiny_flops(shape) * arguments.batch
    for name in arguments.variants.split(","):
        batch = make_batch(shape, pictures, token, device, torch.float32)
        torch.manual_seed(0)
        with torch.device(device):
            model = builders[name](shape, token)
        model.train()
        if arguments.compile:
            compile_blocks(model)
        result = measure(
            training_step(model, batch, device, autocast=True), device, arguments.warmup,
            arguments.steps,
        )  # fmt: skip
        yield report(f"tiny/{name}", arguments, result, flops)
        del model, batch
        gc.collect()
        torch._dynamo.reset()
        if device.type == "cuda":
            torch.cuda.empty_cache()


def tiny_flops(shape: Shape) -> float:
    config = VaryConfig(vision_config=shape.vision, text_config=shape.text, clip_config=shape.clip)
    answers = shape.text_tokens - 4
    frozen = ("vision", "clip") if shape.clip else ()
    return forward_flops(config, shape.image_size, shape.text_tokens, answers).training(frozen)


def base(arguments: argparse.Namespace, device: torch.device) -> Iterator[dict[str, Any]]:
    """Frozen towers; one device keeps weights and Adam in bf16, several shard float32 ones."""
    import torch.distributed as dist
    from torch.distributed.fsdp import MixedPrecisionPolicy, fully_shard

    shape = base_shape(arguments.small, arguments.layers)
    token = shape.text["vocab_size"] - 3
    world = dist.get_world_size() if dist.is_initialized() else 1
    pure = arguments.precision == "bf16-pure"
    dtype = torch.bfloat16 if pure else torch.float32
    torch.manual_seed(0)
    if world == 1:
        torch.set_default_dtype(dtype)
        with torch.device(device):
            model = ours(shape, token)
        torch.set_default_dtype(torch.float32)
    else:
        with torch.device("meta"):
            model = ours(shape, token)
    inner: Any = model.get_submodule("model.model")
    for tower in (inner.vision_tower, inner.clip_tower):
        tower.requires_grad_(False)
    if arguments.checkpointing:
        checkpoint_activations(inner.language_model)
    model.train()
    if world > 1:
        policy = MixedPrecisionPolicy(param_dtype=torch.bfloat16, reduce_dtype=torch.float32)
        frozen = {p for p in model.parameters() if not p.requires_grad}
        for layer in inner.language_model.layers:
            fully_shard(layer, mp_policy=policy)
        fully_shard(model, mp_policy=policy, ignored_params=frozen)
        model.to_empty(device=device)
        initialise(model)
    if arguments.compile:
        compile_blocks(model)
    pictures = load_pictures(arguments, shape.image_size)
    batch = make_batch(shape, pictures, token, device, dtype)
    step = training_step(model, batch, device, autocast=not pure)
    result = measure(step, device, arguments.warmup, arguments.steps)
    yield report(f"base/{world} device(s)", arguments, result, tiny_flops(shape) * arguments.batch)


def initialise(model: nn.Module) -> None:
    """Fresh weights for a model that was built without any, shard by shard."""
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if parameter.dim() < 2:
                parameter.fill_(0.0 if name.endswith("bias") else 1.0)
            else:
                parameter.normal_(0, 0.02)
        for module in model.modules():
            if hasattr(module, "inv_freq") and hasattr(module, "rope_init_fn"):
                frequencies, _ = module.rope_init_fn(module.config, module.inv_freq.device)
                module.inv_freq.copy_(frequencies)
            elif hasattr(module, "inv_freq"):
                module.inv_freq.fill_(0.5)
            elif hasattr(module, "position_ids"):
                module.position_ids.copy_(torch.arange(module.position_ids.numel())[None])


def load_pictures(arguments: argparse.Namespace, size: int) -> list[Tensor]:
    if arguments.data:
        return dataset_pictures(arguments.data, arguments.batch)
    return drawn_pictures(arguments.batch, size)


def report(
    name: str, arguments: argparse.Namespace, result: Result, flops: float
) -> dict[str, Any]:
    rate = arguments.batch / result.seconds
    return {
        "variant": name,
        "batch": arguments.batch,
        "compiled": arguments.compile,
        "images_per_s_per_device": round(rate, 2),
        "seconds": round(result.seconds, 4),
        "memory_gib": round(result.memory_gib, 1),
        "tflops": round(flops / result.seconds / 1e12, 1),
        "share_of_790": round(flops / result.seconds / MEASURED_PEAK, 3),
        "loss": round(result.loss, 3),
        "torch": torch.__version__,
        "device": torch.cuda.get_device_name() if torch.cuda.is_available() else "CPU",
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=["tiny", "base"])
    parser.add_argument("--batch", type=int, help="samples per device (16 for tiny, 4 for base)")
    parser.add_argument("--variants", default="ours,sam")
    parser.add_argument("--layers", type=int, default=32, help="of the 7B language model")
    parser.add_argument("--precision", choices=["bf16", "bf16-pure"], default="bf16-pure")
    parser.add_argument("--no-checkpointing", dest="checkpointing", action="store_false")
    parser.add_argument("--no-compile", dest="compile", action="store_false")
    parser.add_argument("--data", type=Path, help="a dataset folder made by vary-data")
    parser.add_argument("--warmup", type=int, default=5)
    parser.add_argument("--steps", type=int, default=20)
    parser.add_argument("--small", action="store_true", help="toy shapes, to check the script")
    arguments = parser.parse_args()
    arguments.batch = arguments.batch or (16 if arguments.what == "tiny" else 4)
    torch.set_float32_matmul_precision("high")
    from trainer.training.world import open_world

    with open_world() as world:
        for line in (tiny if arguments.what == "tiny" else base)(arguments, world.device):
            if world.first:
                print(
                    f"{line['variant']:<18} {line['images_per_s_per_device']:>8} images/s/device  "
                    f"{line['memory_gib']:>6} GiB  {line['tflops']:>6} TFLOP/s  "
                    f"{line['share_of_790']:>6.1%} of 790"
                )
                print(json.dumps(line), flush=True)


if __name__ == "__main__":
    main()
