"""`--degrade` of a generating command reaches the recipe."""

from __future__ import annotations

from vary_data.cli.generate import recipes_of


def test_flags_of_a_recipe_are_part_of_it() -> None:
    flags = {"config": None, "settings": (), "name": "a", "seed": 3, "degrade": "scan:0.5"}
    (made,) = recipes_of("render-charts", "en", {}, flags)
    assert made.seed == 3
    assert made.degrade is not None
    assert (made.degrade["profile"], made.degrade["share"]) == ("scan", 0.5)
