"""The Python interface: `from vary_data import Recipe, generate, open_dataset, validate`.

The commands are thin wrappers over the same functions.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from vary_data import generators
from vary_data.base.errors import UsageError, nearest
from vary_data.base.remote_path import RemotePath
from vary_data.base.storage import Location, location
from vary_data.dataset.languages import language_name, tag_of
from vary_data.dataset.reader import Dataset
from vary_data.dataset.schema import LANGUAGES
from vary_data.engine.generator import Generator, languages_of
from vary_data.engine.recipe import Recipe, check_keys
from vary_data.engine.run import RunResult, RunSettings, resolve_plans, run_plan

if TYPE_CHECKING:
    from vary_data.engine.executors.progress import Progress
    from vary_data.quality.validate import ValidationReport

PathOrUrl = str | os.PathLike[str] | RemotePath
"""A folder, a URL, or the `path` of a `RunResult`."""


def make_recipe(
    generator: str,
    *,
    lang: str = "en",
    name: str | None = None,
    seed: int = 0,
    splits: Mapping[str, float] | None = None,
    samples_per_shard: int = 1000,
    timeout: float = 60.0,
    image_format: str = "png",
    **options: Any,
) -> Recipe:
    """A recipe from keywords; `options` are those of the generator.

    `generator` is a name such as `render-charts`, or `module:Class`. `timeout` is in seconds
    per task. `splits` maps names to shares that add up to 1, by default `{"train": 1.0}`.

    Raises:
        UsageError: an unknown generator or option (with the nearest known one), or a value that
            is not allowed.
    """
    data: dict[str, Any] = {
        "generator": generator,
        "lang": lang,
        "seed": seed,
        "splits": dict(splits or {"train": 1.0}),
        "samples_per_shard": samples_per_shard,
        "timeout": timeout,
        "image_format": image_format,
        "options": {key: _plain(value) for key, value in options.items()},
    }
    recipes = expand(data if name is None else {**data, "name": name})
    if len(recipes) > 1:
        raise UsageError(f"lang {lang!r} is {len(recipes)} recipes", "make one for each language")
    return recipes[0]


def generate(
    recipe: Recipe | str,
    out: PathOrUrl = "out",
    *,
    workers: int | None = None,
    executor: str = "local",
    ray_address: str | None = None,
    overwrite: bool = False,
    progress: Progress | None = None,
    **options: Any,
) -> RunResult:
    """Make a dataset configuration in the folder or URL `out`, or finish a started one.

        generate("render-charts", "out", lang="zh", num_samples=1000, workers=4)

    `recipe` is a `Recipe`, or the name of a generator; `options` are then the keywords of
    `make_recipe`. A call with the same recipe makes only what is missing.

    Raises:
        UsageError: a value that is not allowed, or options next to a `Recipe`.
        SourceError: the sources cannot be read, or hold no task.
        PlanMismatch: `out` holds data of another recipe under this name.
        OutputError: `out` cannot be written; finished shards stay.
    """
    if isinstance(recipe, str):
        recipe = make_recipe(recipe, **options)
    elif options:
        raise UsageError(f"a Recipe has its options already, also given: {', '.join(options)}")
    settings = RunSettings(workers, executor, ray_address, overwrite=overwrite)
    (plan,) = resolve_plans([recipe], generators.load)
    return run_plan(plan, _location(out), generators.load, settings, progress)


def open_dataset(path: PathOrUrl) -> Dataset:
    """Open a dataset folder, the folder of one of its configurations, or a URL of either.

    Raises:
        SourceError: `path` holds no dataset.
    """
    return Dataset.open(_location(path))


def validate(
    path: PathOrUrl,
    *,
    deep: bool = False,
    workers: int | None = None,
    replays: int = 4,
    limit: int = 20,
    reader: str | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> ValidationReport:
    """Check the files of a dataset and, with `deep`, every row against its own image.

    With `deep`, `replays` samples of each configuration are also drawn again and compared. At
    most `limit` problems of each check are listed; all are counted. `reader` names an OCR engine
    (`rapidocr`) that reads every image as well; this includes `deep`. `progress` gets the number
    of rows checked so far and their total.

    Raises:
        SourceError: `path` holds no dataset.
    """
    from vary_data.quality.validate import validate as check

    return check(
        _location(path),
        deep=deep,
        jobs=workers,
        replays=replays,
        limit=limit,
        reader=reader,
        progress=progress,
    )


def expand(data: Mapping[str, Any]) -> list[Recipe]:
    """The recipes of one entry of a recipe file.

    `lang: both` gives one recipe per language. A missing name is generator label and language.

    Raises:
        UsageError: an unknown generator, key or option, or a value that is not allowed.
    """
    check_keys(data)
    if "generator" not in data:
        raise UsageError("a configuration has no `generator`", nearest("", generators.GENERATORS))
    generator = generators.load(str(data["generator"]))
    lang = data.get("lang", "en")
    langs = _languages(lang, generator)
    recipes = []
    for language in langs:
        name = data.get("name") or generator.label
        if "name" not in data or len(langs) > 1:
            name = f"{name}-{language}"
        values = {**data, "lang": language, "name": name}
        recipes.append(_with_profile(Recipe.from_dict(values, generator.Options)))
    return recipes


def _languages(value: Any, generator: Generator) -> list[str]:
    """The tags of `lang`: one, several separated by commas or as a list, with `both` and `all`.

    Raises:
        UsageError: an unknown language, or one that the generator has not.
    """
    known = languages_of(generator)
    groups = {"both": LANGUAGES, "all": known}
    parts = value.split(",") if isinstance(value, str) else value
    named = isinstance(parts, list | tuple) and all(isinstance(p, str) and p for p in parts)
    if not named or not parts:
        raise UsageError(f"lang must be a language, not {value!r}", f"known: {', '.join(known)}")
    tags = [tag for part in parts for tag in groups.get(part) or (tag_of(part),)]
    tags = list(dict.fromkeys(tags))
    for tag in tags:
        if tag not in known:
            name = language_name(tag)
            raise UsageError(
                f"{generator.name} has no {name} texts", f"its languages: {', '.join(known)}"
            )
    return tags


def _with_profile(recipe: Recipe) -> Recipe:
    """The recipe with the content of the profile that it names, which is checked."""
    if recipe.degrade is None:
        return recipe
    from vary_data.generators.degradation import Degradation

    degradation = Degradation.from_plain(recipe.degrade, "degrade").resolved()
    return replace(recipe, degrade=degradation.to_plain())


def _plain(value: Any) -> Any:
    """Paths as strings, as they are in a recipe file; also within a list."""
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return os.fspath(value) if isinstance(value, os.PathLike) else value


def _location(path: PathOrUrl) -> Location:
    return path if isinstance(path, RemotePath) else location(os.fspath(path))
