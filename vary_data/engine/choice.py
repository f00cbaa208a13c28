"""A part of the sources: a seeded choice of documents, for `-n` and `--scale`.

Documents are ranked by a hash of the recipe's seed and their name. A choice takes the first ones by
rank, so that a larger choice holds the smaller one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from vary_data.base.seed import stable_hash
from vary_data.engine.generator import Task
from vary_data.engine.recipe import Recipe


def chosen_names(names: Iterable[str], recipe: Recipe) -> list[str]:
    """The share `recipe.fraction` of these names by rank, at least one."""
    ranked = sorted(dict.fromkeys(names), key=lambda name: (_rank(recipe, name), name))
    return ranked[: max(1, round(len(ranked) * recipe.fraction))]


def chosen_tasks(tasks: Sequence[Task], recipe: Recipe) -> Sequence[Task]:
    """The tasks of the chosen documents, up to `recipe.max_samples` expected samples, in order.

    The last document may lack tasks.
    """
    if recipe.fraction >= 1 and recipe.max_samples is None:
        return tasks
    documents: dict[str, list[int]] = {}
    for position, task in enumerate(tasks):
        documents.setdefault(task.doc_id, []).append(position)
    kept: list[int] = []
    expected = 0
    for name in chosen_names(documents, recipe):
        for position in documents[name]:
            if recipe.max_samples is not None and expected >= recipe.max_samples:
                return [tasks[i] for i in sorted(kept)]
            kept.append(position)
            expected += tasks[position].weight
    return [tasks[i] for i in sorted(kept)]


def _rank(recipe: Recipe, name: str) -> int:
    return stable_hash(recipe.seed, "choice", name)
