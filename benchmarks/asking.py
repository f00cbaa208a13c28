"""How fast a Vary-tiny of full size answers, and whether its answers are those of transformers.

    python benchmarks/asking.py equal   [--dtype bfloat16] [--pages 32] [--tokens 300]
    python benchmarks/asking.py library [--batch 64] [--tokens 100]
    python benchmarks/asking.py slots   [--slots 32 64 128 256] [--tokens 1000] [--pages-per-slot 3]

The weights are random, so answers mean nothing; no token ends them. `equal` compares with
transformers' `generate` token for token. Where answers part, it gives transformers' logits of both
tokens: in bfloat16, products of other shapes round differently, and transformers parts from itself
in the same way when its batch changes (`library against itself`). With `--memorize N` the model
first learns an answer for each page in N steps, so that it is as sure as a trained one. `library`
and `slots` time whole answers, from pictures in the computer's memory. What they consist of:
`benchmarks/asking_parts.py`.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import torch
from torch import Tensor

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from trainer.generation.continuous import SlotGenerator
from trainer.generation.feed import open_feed
from trainer.generation.prompts import Prompt
from trainer.model import VaryConfig, VaryForConditionalGeneration, VaryImageProcessor

NEVER = -1
"""The end token: none."""
UNLIKELY = 50271
"""For transformers' loop, which is faster without an end token."""
RATE = 5e-4
"""Learning rate of memorizing."""
SPREAD = 4.0
"""By how much the language model's weights are larger than at the start of training, when every
answer would repeat one token."""
WORDS = 2000
"""Different tokens of the answers that are memorized."""
PICTURES = 64
"""Different pictures; more pages show them again."""


def build(
    dtype: torch.dtype, device: torch.device, spread: float = SPREAD
) -> VaryForConditionalGeneration:
    """A Vary-tiny with random weights, whose answers differ."""
    torch.manual_seed(0)
    text = {"model_type": "opt", "vocab_size": 50272, "max_position_embeddings": 4096}
    with torch.device(device):
        model = VaryForConditionalGeneration(VaryConfig(text_config=text))
    model.eval()
    with torch.no_grad():
        for name, weight in model.model.language_model.named_parameters():
            if weight.dim() > 1 and "embed_tokens" not in name:
                weight.mul_(spread)
    model.to(dtype)
    return model


def pictures(count: int) -> list[Tensor]:
    """Pages of random marks [1024, 1024, 3]."""
    generator = torch.Generator().manual_seed(1)
    small = torch.randint(0, 255, (min(count, PICTURES), 3, 64, 64), generator=generator).float()
    large = torch.nn.functional.interpolate(small, size=(1024, 1024)).byte()
    pages = list(large.permute(0, 2, 3, 1).contiguous())
    return [pages[k % len(pages)] for k in range(count)]


def prompt_of(model: VaryForConditionalGeneration) -> Callable[[Tensor], Prompt]:
    """Makes the prompt of a picture, as `trainer.prediction` does."""
    config = model.config
    processor = VaryImageProcessor(config.vision_config.image_size)
    image = [config.image_token_id] * config.image_seq_length
    ids = [2, config.image_start_token_id, *image, config.image_end_token_id, 50118]

    def make(picture: Tensor) -> Prompt:
        pixels = processor.pixels([picture.to(model.device)])
        return Prompt(ids, {name: x.to(model.dtype) for name, x in pixels.items()})

    return make


def synchronize(device: torch.device) -> None:
    if device.type == "cuda":
        torch.cuda.synchronize(device)


def library_answers(
    model: VaryForConditionalGeneration, prompts: list[Prompt], tokens: int
) -> list[list[int]]:
    """Answers of transformers' loop to prompts of one length, in one batch."""
    ids = torch.tensor([p.ids for p in prompts], device=model.device)
    pixels = torch.cat([p.pixels["high_res_pixel_values"] for p in prompts])
    with torch.inference_mode():
        out = model.generate(
            input_ids=ids, attention_mask=torch.ones_like(ids), high_res_pixel_values=pixels,
            max_new_tokens=tokens, do_sample=False, eos_token_id=UNLIKELY, pad_token_id=1,
        )  # fmt: skip
    answers: list[list[int]] = out[:, ids.shape[1] :].tolist()
    return answers


def slot_answers(
    generator: SlotGenerator, model: VaryForConditionalGeneration, pages: list[Tensor]
) -> list[list[int]]:
    feed = open_feed(pages, prompt_of(model), model.device)
    found = dict(generator.generate(feed))
    feed.close()
    return [found[k] for k in range(len(pages))]


def compare(
    name: str, model: VaryForConditionalGeneration, prompts: list[Prompt],
    true: list[list[int]], found: list[list[int]],
) -> Iterator[str]:  # fmt: skip
    """How many answers are equal, and how near to each other the tokens were where they part."""
    equal = sum(a == b for a, b in zip(true, found, strict=True))
    kinds = len({t for ids in true for t in ids})
    yield f"{name}: {equal} of {len(true)} answers equal in {len(true[0])} tokens ({kinds} kinds)"
    for prompt, a, b in zip(prompts, true, found, strict=True):
        if a == b or len(a) != len(b):
            continue
        at = next(k for k, (x, y) in enumerate(zip(a, b, strict=True)) if x != y)
        ids = torch.tensor([[*prompt.ids, *a[:at]]], device=model.device)
        with torch.inference_mode():
            logits = model(
                ids, prompt.pixels["high_res_pixel_values"], logits_to_keep=1, use_cache=False
            ).logits[0, -1]
        top = logits.topk(2).values.tolist()
        yield (
            f"  parts at {at}: logits {float(logits[a[at]]):.4f} and {float(logits[b[at]]):.4f}, "
            f"highest {top[0]:.4f} and {top[1]:.4f}"
        )


def memorize(
    model: VaryForConditionalGeneration, prompts: list[Prompt], answers: list[list[int]], steps: int
) -> float:
    """Train the language model to give these answers; returns the last loss."""
    dtype = model.dtype
    with torch.no_grad():
        tokens = [
            model.model.encode_images(p.pixels["high_res_pixel_values"]).tokens for p in prompts
        ]
    features = torch.cat(tokens).float()
    text = model.float().model.language_model
    ids = torch.tensor(
        [[*p.ids, *a] for p, a in zip(prompts, answers, strict=True)], device=model.device
    )
    start = len(prompts[0].ids)
    optimizer = torch.optim.AdamW(text.parameters(), lr=RATE, betas=(0.9, 0.95), weight_decay=0)
    loss = torch.zeros(())
    for step in range(steps):
        for group in optimizer.param_groups:
            group["lr"] = RATE * min(1, (step + 1) / 20, (steps - step) / (steps / 2))
        with torch.autocast(model.device.type, torch.bfloat16):
            embedded = model.model.place_images(text.get_input_embeddings()(ids), ids, features)
            hidden = text(inputs_embeds=embedded, use_cache=False).last_hidden_state
            logits = model.lm_head(hidden[:, start - 1 : -1])
        loss = torch.nn.functional.cross_entropy(
            logits.float().flatten(0, 1), ids[:, start:].flatten()
        )
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(text.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad()
    model.to(dtype)
    return float(loss.detach())


def equal(arguments: argparse.Namespace, device: torch.device) -> Iterator[str]:
    spread = 1.0 if arguments.memorize else SPREAD
    model = build(getattr(torch, arguments.dtype), device, spread)
    pages = pictures(arguments.pages)
    prompts = [prompt_of(model)(page) for page in pages]
    if arguments.memorize:
        # what to learn: a random text for each page
        seeded = torch.Generator().manual_seed(2)
        shape = (len(pages), arguments.tokens)
        wanted = torch.randint(4, WORDS, shape, generator=seeded).tolist()
        loss = memorize(model, prompts, wanted, arguments.memorize)
        yield f"memorized {len(pages)} answers with loss {loss:.4f}"
    true = library_answers(model, prompts, arguments.tokens)
    half = arguments.pages // 2
    parts = (prompts[:half], prompts[half:])
    itself = [ids for some in parts for ids in library_answers(model, some, arguments.tokens)]
    yield from compare(f"{arguments.dtype}, library against itself", model, prompts, true, itself)
    # fewer slots than pages: slots are filled again while others go on
    generator = SlotGenerator(model, NEVER, arguments.tokens, max(1, arguments.pages // 3))
    found = slot_answers(generator, model, pages)
    yield from compare(f"{arguments.dtype}, slots against library", model, prompts, true, found)


def library(arguments: argparse.Namespace, device: torch.device) -> Iterator[str]:
    model = build(getattr(torch, arguments.dtype), device)
    make = prompt_of(model)
    library_answers(model, [make(page) for page in pictures(2)], 3)
    for batch in arguments.slots:
        synchronize(device)
        began = time.perf_counter()
        library_answers(model, [make(page) for page in pictures(batch)], arguments.tokens)
        synchronize(device)
        seconds = time.perf_counter() - began
        yield (
            f"library, batch {batch}: {batch} pages of {arguments.tokens} tokens in {seconds:.2f} "
            f"s: {batch / seconds:.2f} pages/s, {seconds / arguments.tokens * 1e3:.2f} ms a token"
        )


def slots(arguments: argparse.Namespace, device: torch.device) -> Iterator[str]:
    model = build(getattr(torch, arguments.dtype), device)
    if arguments.compile:
        torch._dynamo.config.recompile_limit = 64
        for block in model.model.vision_tower.blocks:
            block.compile()
    began = time.perf_counter()
    slot_answers(SlotGenerator(model, NEVER, 40, 16), model, pictures(48))
    yield f"kernels loaded and compiled in {time.perf_counter() - began:.1f} s"
    for count in arguments.slots:
        generator = SlotGenerator(model, NEVER, arguments.tokens, count)
        pages = pictures(count * arguments.pages_per_slot)
        synchronize(device)
        began = time.perf_counter()
        found = slot_answers(generator, model, pages)
        seconds = time.perf_counter() - began
        made = sum(map(len, found))
        assert made == arguments.tokens * len(pages)
        peak = torch.cuda.max_memory_allocated() / 2**30 if device.type == "cuda" else 0
        yield (
            f"slots {count}: {len(pages)} pages of {arguments.tokens} tokens in {seconds:.2f} s: "
            f"{len(pages) / seconds:.2f} pages/s, {made / seconds:.0f} tokens/s, {peak:.1f} GiB"
        )
        del generator


TASKS = {task.__name__: task for task in (equal, library, slots)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("task", choices=TASKS)
    parser.add_argument("--dtype", default="bfloat16", choices=("bfloat16", "float32"))
    parser.add_argument("--pages", type=int, default=32)
    parser.add_argument("--tokens", type=int, default=1000)
    parser.add_argument("--slots", type=int, nargs="+", default=[256])
    parser.add_argument("--pages-per-slot", type=int, default=3)
    parser.add_argument("--compile", action="store_true", help="compile the tower's blocks")
    parser.add_argument("--memorize", type=int, default=0, metavar="STEPS")
    arguments = parser.parse_args()
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    if arguments.dtype == "float32":
        torch.backends.cuda.matmul.allow_tf32 = False
    for line in TASKS[arguments.task](arguments, device):
        print(line, flush=True)


if __name__ == "__main__":
    main()
