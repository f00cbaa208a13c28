"""The topics of requests: a grid of field, subject, region and period, in a seeded order.

The grid has tens of thousands of cells per language, so that a million requests differ in their
content. Each request names one of a few general personas; specific personas add little
(arXiv 2505.17390).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources

import yaml

from vary_data.base.seed import stable_hash


@dataclass(frozen=True, slots=True)
class RequestTopic:
    """A cell of the grid, and the persona of the request."""

    field: str
    subject: str
    region: str
    period: str
    persona: str


@dataclass(frozen=True, slots=True)
class TopicGrid:
    """What requests combine: each subject with each region and period, and a persona."""

    subjects: tuple[tuple[str, str], ...]
    """(field, subject) pairs."""
    regions: tuple[str, ...]
    periods: tuple[str, ...]
    personas: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.subjects) * len(self.regions) * len(self.periods)

    def topic(self, number: int, seed: int) -> RequestTopic:
        """The topic of request `number`: one permutation of the grid after the other.

        Subjects change fastest, so that even a small dataset covers every field.
        """
        lap, place = divmod(number, len(self))
        place = (place * _stride(len(self)) + stable_hash("grid", seed, lap)) % len(self)
        region_and_period, subject = divmod(place, len(self.subjects))
        period, region = divmod(region_and_period, len(self.regions))
        persona = self.personas[stable_hash("persona", seed, number) % len(self.personas)]
        field, name = self.subjects[subject]
        return RequestTopic(field, name, self.regions[region], self.periods[period], persona)


@cache
def grid(lang: str) -> TopicGrid:
    """The grid of a language, from the file `topics-<lang>.yaml` of this package; where there is
    none, the English one, whose words the model translates."""
    own = resources.files(__package__).joinpath(f"topics-{lang}.yaml")
    if not own.is_file():
        return grid("en")
    text = own.read_text("utf-8")
    data = yaml.safe_load(text)
    subjects = [(field, name) for field, names in data["fields"].items() for name in names]
    return TopicGrid(
        tuple(subjects), tuple(data["regions"]), tuple(data["periods"]), tuple(data["personas"])
    )


def _stride(size: int) -> int:
    """A step near the golden section of `size` that is coprime with it."""
    from math import gcd

    step = int(size * 0.6180339887)
    while gcd(step, size) != 1:
        step += 1
    return step
