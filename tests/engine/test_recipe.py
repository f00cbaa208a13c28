from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from vary_data.base.errors import UsageError
from vary_data.engine.recipe import Recipe, parse_splits


@dataclass(frozen=True)
class Options:
    count: int = 3
    ratio: float = 0.5
    names: tuple[str, ...] = ()
    deep: bool = False
    limit: int | None = None


BASE = {"generator": "k", "name": "n", "lang": "en"}


def recipe(**changes: Any) -> Recipe:
    return Recipe.from_dict({**BASE, **changes}, Options)


def test_defaults_are_resolved() -> None:
    assert recipe().to_dict() == {
        **BASE,
        "seed": 0,
        "splits": {"train": 1.0},
        "samples_per_shard": 1000,
        "timeout": 60.0,
        "image_format": "png",
        "max_samples": None,
        "fraction": 1.0,
        "options": {"count": 3, "ratio": 0.5, "names": [], "deep": False, "limit": None},
    }


def test_plain_data_comes_back_the_same() -> None:
    first = recipe(options={"names": ["a", "b"], "limit": 4}, splits={"a": 0.25, "b": 0.75})
    assert Recipe.from_dict(first.to_dict(), Options) == first


def test_strings_from_flags_are_read_as_the_field_type() -> None:
    made = recipe(seed="7", options={"count": "12", "names": "a,b", "deep": "true", "limit": "5"})
    assert made.seed == 7
    assert made.options == Options(count=12, names=("a", "b"), deep=True, limit=5)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"sed": 1}, "unknown recipe key 'sed'; did you mean 'seed'?"),
        ({"options": {"nams": []}}, "unknown key options.nams; did you mean 'names'?"),
        ({"options": {"count": "many"}}, "options.count must be of type int, not 'many'"),
        ({"options": {"count": 1.5}}, "options.count must be of type int, not 1.5"),
        ({"options": {"deep": 1}}, "options.deep must be of type bool, not 1"),
        ({"options": [1]}, "options must be a mapping"),
        ({"lang": "xx"}, "there is no language 'xx'"),
        ({"lang": 1}, "there is no language 1"),
        ({"name": "a/b"}, "'a/b' cannot name a configuration"),
        ({"name": ".hidden"}, "cannot name a configuration"),
        ({"seed": -1}, "seed must be at least 0, not -1"),
        ({"seed": 2**63}, "seed must be below 2^63"),
        ({"samples_per_shard": 0}, "samples_per_shard must be at least 1"),
        ({"timeout": 0}, "timeout must be above 0"),
        ({"image_format": "gif"}, "image_format cannot be 'gif'"),
        ({"splits": {"train": 0.5}}, "add up to 0.5"),
        ({"splits": {"Train": 1.0}}, "'Train' cannot name a split"),
        ({"splits": {}}, "no split was named"),
    ],
)
def test_mistakes_are_named(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError) as error:
        recipe(**changes)
    assert message in str(error.value)


def test_splits_from_a_flag() -> None:
    assert parse_splits("train=0.98,validation=0.02") == {"train": 0.98, "validation": 0.02}
    assert parse_splits("test") == {"test": 1.0}
    with pytest.raises(UsageError, match=r"splits\.train must be of type float"):
        parse_splits("train=most")
