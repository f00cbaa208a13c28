"""Opening the warm-up: whether there is one, and its model, head and optimizers."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import torch
from torch import nn

from trainer.data.batches import PACKED
from trainer.errors import DataError, RunError, SettingsError
from trainer.settings import OptimSettings, Settings
from trainer.training.finite import LeftOutSteps
from trainer.training.objective import Objective
from trainer.training.optimizer import build_optimizer, freeze, parameter_groups
from trainer.training.parallel import choose_method, compile_blocks, decoder_layers, replicate
from trainer.training.prepare import Setup
from trainer.training.world import World
from trainer.warmup.characters import by_frequency, count_characters
from trainer.warmup.checkpoint import Saved, read_saved, warmup_run
from trainer.warmup.head import CharacterHead
from trainer.warmup.muon import Muon, hidden_matrices, maps_in_one
from trainer.warmup.order import CropOrder
from trainer.warmup.phase import EVENTS, STEP_SUMS, WarmUp
from trainer.warmup.schedule import Curriculum
from trainer.weights.assemble import Assembly, load_model


def should_warm_up(settings: Settings) -> bool:
    """Whether a run starts with the warm-up, if its data has words.

    Raises:
        SettingsError: `warm_up.mode` is `grounded` and other settings exclude it.
    """
    mode, weights = settings.warm_up.mode, settings.model.weights
    if mode == "grounded" and settings.stage != "tiny":
        raise SettingsError("the grounded warm-up is for Vary-tiny", "use --warm-up none")
    if settings.stage != "tiny" or mode == "none":
        return False
    if {"vision", "compressor"} & set(settings.train.freeze):
        if mode == "grounded":
            raise SettingsError("the grounded warm-up trains the tower that train.freeze freezes")
        return False
    return mode == "grounded" or not (weights.vision or weights.vary)


def open_warm_up(setup: Setup) -> WarmUp | None:
    """A new warm-up, the interrupted one of this run, or None if the data has no words.

    Raises:
        DataError: The data has no words and `warm_up.mode` is `grounded`.
        SettingsError: Settings of the warm-up do not fit the run.
        RunError: The checkpoint of the interrupted warm-up is damaged, or of another version.
    """
    if choose_method(setup.settings, setup.world) == "fsdp":
        raise SettingsError("the grounded warm-up runs with DDP", "set train.parallel=ddp")
    characters = find_characters(setup)
    if not characters:
        return None
    check_settings(setup.settings, setup.world)
    checkpoint = warmup_run(setup.run).newest_checkpoint()
    if checkpoint is None:
        return build_warm_up(setup, characters, None)
    saved = read_saved(checkpoint)
    setup = replace(setup, assembly=load_model(checkpoint, torch.float32))
    return build_warm_up(setup, saved.characters, saved)


def check_settings(settings: Settings, world: World) -> None:
    """Check that the stages fit the model's pictures and the number of processes.

    Raises:
        SettingsError: They do not.
    """
    options = settings.warm_up
    if options.sizes[-1] != settings.model.image_size:
        raise SettingsError(
            f"warm_up.sizes ends at {options.sizes[-1]}, model.image_size is "
            f"{settings.model.image_size}",
            "the last stage shows whole samples at the model's size",
        )
    if any(size % world.size for size in options.batch_sizes):
        raise SettingsError(
            f"warm_up.batch_sizes {list(options.batch_sizes)} must be multiples of {world.size}"
        )


def find_characters(setup: Setup) -> list[str]:
    """The characters that become classes, most frequent first.

    Raises:
        DataError: There are none and `warm_up.mode` is `grounded`.
    """
    options = setup.settings.warm_up
    counts = count_characters(setup.catalog)
    characters = by_frequency(counts, options.fewest)
    if characters:
        return characters
    reason = "the data has no words in its regions"
    if counts:
        reason = f"no character occurs {options.fewest} times in the data's words"
    if options.mode == "grounded":
        lower = " or lower warm_up.fewest" if counts else ""
        raise DataError(reason, f"use --warm-up none{lower}")
    setup.log.say(f"warm-up: none, {reason}")
    return []


def build_warm_up(setup: Setup, characters: list[str], saved: Saved | None) -> WarmUp:
    """The warm-up at its first step, or restored from its checkpoint.

    Raises:
        RunError: The checkpoint is of a version with another head.
    """
    settings, world = setup.settings, setup.world
    order = CropOrder(setup.catalog, settings, ({}, {}) if saved is None else saved.counts)
    curriculum = (
        Curriculum.begin(settings.warm_up, len(characters))
        if saved is None
        else Curriculum.restore(settings.warm_up, saved.curriculum)
    )
    head = build_head(setup.assembly, settings, characters, curriculum.active)
    objective = build_objective(setup.assembly, head, settings, world)
    optimizers = build_optimizers(setup.assembly.model, head, settings)
    if saved is not None:
        if saved.head.keys() != head.state_dict().keys():
            raise RunError(
                f"{setup.run.folder} was begun by another version", "start a new run with --out"
            )
        head.load_state_dict(saved.head)
        for optimizer, state in zip(optimizers, saved.optimizers, strict=True):
            optimizer.load_state_dict(dict(state))
        setup.log.say(f"warm-up: resumed after step {saved.step}")
    else:
        setup.log.say(
            f"warm-up: {len(characters)} characters, {curriculum.active} of them from the start; "
            f"pictures of {', '.join(map(str, settings.warm_up.sizes))} pixels"
        )
    setup.log.discard_after(saved.step if saved else 0, 0, EVENTS)
    return WarmUp(
        setup=setup,
        run=warmup_run(setup.run),
        parallel=replicate(objective, world) if world.size > 1 else objective,
        optimizers=optimizers,
        curriculum=curriculum,
        characters=characters,
        order=order,
        step=saved.step if saved else 0,
        # of all processes, so only one of them restores it
        skipped=Counter(saved.skipped if saved and world.first else {}),
        # steps that another version counted in another way are left out of the next log line
        window=[sums for sums in saved.window if len(sums) == STEP_SUMS] if saved else [],
        left_out=LeftOutSteps(settings.train.nonfinite_limit),
    )


def build_head(
    assembly: Assembly, settings: Settings, characters: list[str], active: int
) -> CharacterHead:
    """The character head for a model, with weights drawn by the run's seed."""
    options, config = settings.warm_up, assembly.model.config
    torch.manual_seed(settings.train.seed)
    return CharacterHead(
        channels=config.vision_config.output_channels,
        token_channels=config.text_config.hidden_size,
        characters=characters,
        active=active,
        background=options.background,
        places=options.grid,
        token_weight=options.token_weight,
        max_places=options.text_places,
    )


def build_objective(
    assembly: Assembly, head: CharacterHead, settings: Settings, world: World
) -> Objective:
    """Model and head on this process's device, with float32 weights."""
    model = assembly.model
    freeze(model, settings.train.freeze)
    if settings.data.sequences == PACKED:
        model.pack_sequences()
    objective = Objective(
        model,
        assembly.processor.image_processor,
        settings.warm_up.sizes[0],
        "fp32" if settings.train.precision == "fp32" else "bf16",
        head,
        settings.model.image_size,
    )
    objective.train().to(world.device)
    if settings.train.compile:  # pictures have one size at a time, answers any length
        compile_blocks(model.model.vision_tower.blocks, dynamic=False)
        compile_blocks(decoder_layers(model), dynamic=True)
    return objective


def build_optimizers(
    model: nn.Module, head: CharacterHead, settings: Settings
) -> tuple[torch.optim.Optimizer, ...]:
    """AdamW; with `warm_up.optimizer=muon`, Muon for the matrices of the blocks and AdamW for the
    other parameters and the head."""
    options = settings.warm_up
    adamw_settings = OptimSettings(
        lr=options.lr,
        lr_scale=options.lr_scale,
        weight_decay=options.weight_decay,
        betas=options.betas,
    )
    named = dict(model.named_parameters())
    hidden = hidden_matrices(named) if options.optimizer == "muon" else {}
    others = {name: p for name, p in named.items() if name not in hidden}
    adamw = build_optimizer(others.items(), adamw_settings)
    adamw.add_param_group(
        {"params": list(head.parameters()), "part": "head", "scale": 1.0, "weight_decay": 0.0}
    )
    groups = [
        group | {"maps": maps}
        for maps in (1, 3)
        for group in parameter_groups(
            ((n, p) for n, p in hidden.items() if maps_in_one(n) == maps), adamw_settings
        )
    ]
    return (adamw, Muon(groups, options.lr, options.momentum)) if groups else (adamw,)
