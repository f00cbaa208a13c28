"""Generation in slots gives the tokens of transformers' `generate`."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from tests.trainer.small import IMAGE_PAD_ID, small_model
from trainer.generation.attention import covers, slotted
from trainer.generation.continuous import SlotGenerator
from trainer.generation.feed import DirectFeed
from trainer.generation.loops import LENGTH, PERIOD, REPEATS, LoopStop
from trainer.generation.prompts import Prompt, encode
from trainer.generation.slots import Slots
from trainer.model import VaryForConditionalGeneration

NEVER = -1
TOKENS = 60


def chatty_model(text: str, **fields: Any) -> VaryForConditionalGeneration:
    """A model whose answers differ and change: of small random weights, all repeat one token."""
    model = small_model(text, **fields)
    with torch.no_grad():
        for name, weight in model.model.named_parameters():
            if weight.dim() > 1 and "embed_tokens" not in name:
                weight.mul_(4)
    return model


def prompts_for(model: VaryForConditionalGeneration, count: int, seed: int = 1) -> list[Prompt]:
    """Prompts of 20 to 39 tokens with a picture each."""
    generator = torch.Generator().manual_seed(seed)
    prompts = []
    for _ in range(count):
        length = 20 + int(torch.randint(0, 20, (1,), generator=generator))
        ids = torch.randint(5, 200, (length,), generator=generator)
        ids[2:18] = IMAGE_PAD_ID
        pixels = {"high_res_pixel_values": torch.randn(1, 3, 256, 256, generator=generator)}
        if model.config.clip_config is not None:
            pixels["pixel_values"] = torch.randn(1, 3, 56, 56, generator=generator)
        prompts.append(Prompt(ids.tolist(), pixels))
    return prompts


def library_answer(
    model: VaryForConditionalGeneration, prompt: Prompt, end: int, tokens: int = TOKENS
) -> list[int]:
    ids = torch.tensor([prompt.ids])
    with torch.inference_mode():
        out = model.generate(
            input_ids=ids, attention_mask=torch.ones_like(ids), **prompt.pixels,
            max_new_tokens=tokens, do_sample=False, eos_token_id=end, pad_token_id=1,
        )  # fmt: skip
    answer: list[int] = out[0, len(prompt.ids) :].tolist()
    return answer


def slot_answers(generator: SlotGenerator, prompts: list[Prompt]) -> list[list[int]]:
    found = dict(generator.generate(DirectFeed(prompts, lambda prompt: prompt)))
    assert len(found) == len(prompts)
    return [found[number] for number in range(len(prompts))]


@pytest.mark.parametrize("count", [1, 3, 8])
@pytest.mark.parametrize("text", ["opt", "llama", "qwen2"])
def test_answers_are_those_of_transformers(text: str, count: int) -> None:
    model = chatty_model(text, clip=text == "qwen2")
    prompts = prompts_for(model, 7)
    # a token that ends some answers early, some later, and some not at all
    end = library_answer(model, prompts[3], NEVER)[11]
    expected = [library_answer(model, prompt, end) for prompt in prompts]
    lengths = {len(ids) for ids in expected}
    assert min(lengths) < TOKENS / 2
    assert max(lengths) == TOKENS
    generator = SlotGenerator(model, end, TOKENS, count)
    assert slot_answers(generator, prompts) == expected
    assert slot_answers(generator, prompts[::-1]) == expected[::-1]  # the same slots once more


def test_prompts_of_different_lengths_are_encoded_together() -> None:
    for text in ("opt", "llama"):
        model = chatty_model(text)
        prompts = prompts_for(model, 5)
        assert len({len(prompt.ids) for prompt in prompts}) > 1
        together = encode(model, prompts)
        for prompt, one in zip(prompts, together, strict=True):
            (alone,) = encode(model, [prompt])
            assert one.length == alone.length == len(prompt.ids)
            assert one.first == alone.first
            torch.testing.assert_close(one.states[..., : one.length, :], alone.states)


def test_grouped_queries_share_keys() -> None:
    model = chatty_model("llama")
    text = model.config.text_config
    assert text.num_key_value_heads == 2
    grouped = type(text)(**text.to_dict() | {"num_key_value_heads": 1})
    torch.manual_seed(0)
    model = VaryForConditionalGeneration(
        type(model.config)(**model.config.to_dict() | {"text_config": grouped})
    ).eval()
    prompts = prompts_for(model, 3)
    expected = [library_answer(model, prompt, NEVER, 20) for prompt in prompts]
    assert slot_answers(SlotGenerator(model, NEVER, 20, 2), prompts) == expected


def test_an_answer_ends_with_the_positions() -> None:
    model = chatty_model("opt")
    model.config.text_config.max_position_embeddings = 50
    prompts = prompts_for(model, 4)
    answers = slot_answers(SlotGenerator(model, NEVER, TOKENS, 2), prompts)
    assert [len(ids) for ids in answers] == [50 - len(prompt.ids) for prompt in prompts]


def test_a_longer_prompt_makes_the_slots_grow() -> None:
    model = chatty_model("opt")
    short, long = sorted(prompts_for(model, 2), key=lambda prompt: len(prompt.ids))
    assert len(short.ids) < len(long.ids)
    expected = [library_answer(model, prompt, NEVER) for prompt in (short, short, long, short)]
    generator = SlotGenerator(model, NEVER, TOKENS, 2)
    assert slot_answers(generator, [short, short, long, short]) == expected


def test_new_tokens_are_passed_on() -> None:
    model = chatty_model("llama")
    prompts = prompts_for(model, 3)
    passed: dict[int, list[int]] = {0: [], 1: [], 2: []}
    calls = 0

    def on_tokens(number: int, ids: list[int]) -> None:
        nonlocal calls
        calls += 1
        passed[number] += ids

    feed = DirectFeed(prompts, lambda prompt: prompt)
    found = dict(SlotGenerator(model, NEVER, 20, 2).generate(feed, on_tokens))
    assert passed == found
    assert calls >= 3 * 19


def test_an_abandoned_generation_leaves_nothing_behind() -> None:
    model = chatty_model("llama")
    prompts = prompts_for(model, 4)
    generator = SlotGenerator(model, NEVER, 30, 3)
    first = generator.generate(DirectFeed(prompts, lambda prompt: prompt))
    next(first)
    del first  # closes it
    assert torch.is_grad_enabled()
    assert not torch.is_inference_mode_enabled()
    assert model.model.language_model.config._attn_implementation == "sdpa"
    expected = [library_answer(model, prompt, NEVER, 30) for prompt in prompts]
    assert slot_answers(generator, prompts) == expected


def test_unused_memory_does_not_matter() -> None:
    model = chatty_model("opt")
    (encoded, *_) = encode(model, prompts_for(model, 1))
    slots = Slots(model, 3, 100, NEVER)
    with torch.inference_mode():
        slots.put(1, encoded.states, encoded.length, encoded.first, 30)
        assert slots._cache is not None
        assert torch.isfinite(slots._cache).all()
        slots.advance(29)
    expected = library_answer(model, prompts_for(model, 1)[0], NEVER, 30)
    assert slots.tokens[1, :30].tolist() == expected
    assert slots.active.tolist() == [False, False, False]


def test_which_language_models_are_covered() -> None:
    config = small_model("qwen2").config.text_config
    assert covers(config)
    config.layer_types = ["full_attention", "sliding_attention"]
    assert not covers(config)
    config.layer_types, config.model_type = ["full_attention"], "mistral"
    assert not covers(config)


def test_the_attention_is_changed_only_meanwhile() -> None:
    text = small_model("opt").model.language_model
    with slotted(text):
        assert text.config._attn_implementation == "vary_slotted"
    assert text.config._attn_implementation == "sdpa"


def looping_length(ids: list[int]) -> int | None:
    """The length up to which an answer has its repeated piece once, found by comparing pieces."""
    for count in range(1, len(ids) + 1):
        for period in range(1, PERIOD + 1):
            whole = max(REPEATS * period, LENGTH)
            tail = ids[count - whole : count] if count >= whole else []
            if tail and all(a == b for a, b in zip(tail, tail[period:], strict=False)):
                return count - whole + period
    return None


@pytest.mark.parametrize(
    "ids",
    [
        [*range(50), *[7, 8, 9] * 40],
        [5] * 100,
        [*range(30), *[*range(100, 120)] * 3, 1, 2],  # three times only
        [*range(9), *[*range(100, 130)] * 5],
        [1, 2] * 31,  # too short
        list(range(200)),
        [*[3] * 40, *range(10), *[4, 3] * 60],
    ],
)
def test_loops_end_where_a_piece_repeats(ids: list[int]) -> None:
    stop = LoopStop(1, torch.device("cpu"))
    tokens = torch.tensor([ids])
    found = None
    for count in range(2, len(ids) + 1):
        looping, once = stop.add(tokens, torch.tensor([count]))
        if looping[0]:
            found = int(once[0])
            break
    assert found == looping_length(ids)


def test_answers_that_loop_are_ended() -> None:
    model = small_model("opt")  # repeats one token
    prompts = prompts_for(model, 3)
    whole = [library_answer(model, prompt, NEVER, 150) for prompt in prompts]
    lengths = [looping_length(ids) for ids in whole]
    assert None not in lengths
    found = slot_answers(SlotGenerator(model, NEVER, 150, 2, stop_loops=True), prompts)
    assert found == [ids[:n] for ids, n in zip(whole, lengths, strict=True)]
    chatty = chatty_model("llama")
    same = SlotGenerator(chatty, NEVER, 20, 1, stop_loops=True)
    assert slot_answers(same, prompts[:1]) == [library_answer(chatty, prompts[0], NEVER, 20)]
