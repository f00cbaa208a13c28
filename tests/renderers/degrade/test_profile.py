"""Profiles: what is read, and one clear line for what cannot be used."""

from __future__ import annotations

import numpy as np
import pytest

from renderers.degrade.profile import NAMES, ProfileError, packaged, parse
from renderers.degrade.step import find_step, step_names


def test_packaged_profiles_are_read_and_use_every_step() -> None:
    used = {step.name for name in NAMES for step in packaged(name).all_steps()}
    assert used == set(step_names())
    # `share` is how often a step is applied, never a parameter of its own
    assert all("share" not in find_step(name).parameters for name in step_names())


def test_values_lie_in_the_range_and_move_to_neutral() -> None:
    (step,) = parse("- rotate: {degrees: [4, 8]}", "test").steps
    full = [step.draw(1.0, np.random.default_rng(seed))["degrees"] for seed in range(200)]  # type: ignore[index]
    assert all(4 <= abs(value) <= 8 for value in full)
    assert {np.sign(value) for value in full} == {-1, 1}
    half = [step.draw(0.5, np.random.default_rng(seed))["degrees"] for seed in range(200)]  # type: ignore[index]
    assert np.allclose(half, np.array(full) / 2)


def test_share_is_how_often_a_step_is_applied() -> None:
    (step,) = parse("- gray: {share: 0.25}", "test").steps
    drawn = [step.draw(1.0, np.random.default_rng(seed)) for seed in range(2000)]
    assert sum(values is not None for values in drawn) == pytest.approx(500, abs=80)


def test_weights_of_profiles() -> None:
    mixed = parse("profiles: {scan: 3, photo: 1}", "test")
    names = [mixed.chosen(np.random.default_rng(seed)).name for seed in range(2000)]
    assert names.count("photo") == pytest.approx(500, abs=80)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "must be a list of steps"),
        ("[]", "must be a list of steps"),
        ("5", "must be a list of steps"),
        ("steps: []", "must be a list of steps"),
        ("- [", "not YAML, line"),
        ("- a: &a [*a]\n- *b", "not YAML"),
        ("- rotat: {}", "step 1: unknown step 'rotat', did you mean 'rotate'?"),
        ("- gray\n- 7", "step 2 must be"),
        ("- {gray: {}, rotate: {}}", "step 1 must be"),
        ("- rotate: 5", "rotate: its parameters must be a mapping"),
        ("- rotate: {degree: 5}", "unknown parameter 'degree', did you mean 'degrees'?"),
        ("- rotate: {degrees: [5, 1]}", "must be a number or [low, high]"),
        ("- rotate: {degrees: [1, 2, 3]}", "must be a number or [low, high]"),
        ("- rotate: {degrees: [0, .nan]}", "must be a number or [low, high]"),
        ("- rotate: {degrees: .inf}", "must be a number or [low, high]"),
        ("- rotate: {degrees: true}", "must be a number or [low, high]"),
        ("- rotate: {degrees: 400}", "rotate.degrees must be between 0 and 180, not 400"),
        ("- rotate: {share: 2}", "rotate.share must be between 0 and 1"),
        ("- rotate: {share: yes}", "rotate.share must be between 0 and 1"),
        ("- binarize: {kind: best}", "binarize.kind cannot be 'best', only global"),
        ("- binarize: {kind: []}", "binarize.kind is an empty list"),
        ("- background: {folder: 3}", "background.folder must be the path of a folder"),
        ("profiles: {scann: 1}", "unknown profile 'scann', did you mean 'scan'?"),
        ("profiles: {mix: 1}", "unknown profile 'mix'"),
        ("profiles: {scan: 0}", "the weight of scan must be above 0"),
        ("profiles: []", "must be a mapping of names to weights"),
        ("[" * 3000, "not YAML"),
        ("- gray\n" * 200, "more than 100"),
        ("- __init__", "unknown step"),
        ("- ../../x", "unknown step"),
    ],
)
def test_a_profile_that_cannot_be_used(text: str, message: str) -> None:
    with pytest.raises(ProfileError) as caught:
        parse(text, "mine")
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 600
