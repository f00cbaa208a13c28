"""The generator `retarget`: the rows of a configuration with their targets in another form."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vary_data.base.errors import SourceError, UsageError
from vary_data.base.options import option
from vary_data.base.seed import TaskSeed, stable_hash
from vary_data.base.storage import location
from vary_data.dataset.languages import languages
from vary_data.dataset.rejection import Rejected, Rejection
from vary_data.dataset.schema import LANGUAGES
from vary_data.engine.generator import Task
from vary_data.engine.sample import Outcome, Sample
from vary_data.generators.mix import MixTaskRunner, copied, described_kinds
from vary_data.targets.registry import NAMES, QUESTIONS, check_form
from vary_data.targets.target import (
    META_KEY,
    Target,
    rephrased,
    row_kinds,
    target_meta,
    targets,
)

if TYPE_CHECKING:
    from vary_data.dataset.row_kinds import RowKind
    from vary_data.engine.recipe import Recipe
    from vary_data.sources.llm.rephrase import Asked

WORDING_FIELDS = ("row", "template", "question")


@dataclass(frozen=True, slots=True)
class RetargetOptions:
    """Settings of the generator `retarget`."""

    source: str = option("", role="path", flags=())
    """Folder of the configuration whose rows are copied."""
    to: str = option("html", choices=NAMES, flags=())
    """Form of the targets."""
    questions: int = option(1, range=(1, 20), flags=())
    """Questions about each picture, with the form `questions`; each is a row."""
    prompts: tuple[str, ...] = option((), flags=())
    """Prompts, instead of those of the form."""
    rephrased: str = option("", role="path", flags=())
    """Questions in the wording of a language model (JSONL); others are those of the templates."""
    model: str = option("", flags=())
    """The language model."""


class Retarget:
    """The generator `retarget`: one task per row."""

    name = "retarget"
    label = "retarget"
    Options = RetargetOptions
    languages = tuple(languages())

    def tasks(self, recipe: Recipe) -> Sequence[Task]:
        """A task per row; rows keep their document, so that splits never share one.

        Raises:
            UsageError: no configuration was given.
            SourceError: it cannot be read.
        """
        from vary_data.dataset.reader import DatasetConfig

        if not recipe.options.source:
            raise UsageError("no dataset was given", "use `vary-data retarget DATASET --to FORM`")
        folder = location(recipe.options.source)
        rows = DatasetConfig(folder).rows(["id", "doc_id"])
        wordings = read_wordings(recipe.options.rephrased) if recipe.options.rephrased else {}
        tasks = []
        for row in rows:
            params = {"folder": str(folder), "id": row["id"], "turn": 0}
            if row["id"] in wordings:
                params["wordings"] = wordings[row["id"]]
            key = f"{recipe.name}-{stable_hash(row['id']):016x}"
            tasks.append(Task(key, row["doc_id"], 1, params))
        return tasks

    def row_kinds(self, recipe: Recipe) -> Sequence[RowKind]:
        """The kinds of the targets, and those that the source describes."""
        described = described_kinds([location(recipe.options.source)])
        return [*described, *row_kinds(recipe.options.to)]

    def open(self, recipe: Recipe) -> RetargetTaskRunner:
        check_form(recipe.options.to)
        return RetargetTaskRunner(recipe)


class RetargetTaskRunner(MixTaskRunner):
    """Copies rows with other targets; rows that have none are rejections."""

    def run(self, task: Task, seed: TaskSeed) -> Iterator[Outcome]:
        row = self.row(task)
        options = self.recipe.options
        try:
            found = targets(row, options.to, self.recipe.seed, options.prompts, options.questions)
        except Rejected as error:
            yield Rejection(task.key, error.reason, error.detail)
            return
        wordings: Mapping[str, str] = task.params.get("wordings", {})
        chosen = [
            rephrased(target, wordings[target.prompt], options.model)
            if target.prompt in wordings
            else target
            for target in found
        ]
        yield from _samples(row, task.key, chosen)


def asked_questions(recipe: Recipe) -> Iterator[tuple[str, Asked]]:
    """The questions of the templates of a recipe's rows, with their language."""
    from vary_data.engine.choice import chosen_tasks
    from vary_data.sources.llm.rephrase import Asked

    runner = RetargetTaskRunner(recipe)
    for task in chosen_tasks(Retarget().tasks(recipe), recipe):
        row = runner.row(task)
        # Wordings are checked in these languages alone; questions in others keep their template.
        if row["lang"] not in LANGUAGES:
            continue
        try:
            found = targets(row, QUESTIONS, recipe.seed, (), recipe.options.questions)
        except Rejected:  # counted by the run
            continue
        for target in found:
            yield row["lang"], Asked(row["id"], target.prompt, target.names, target.text)


def read_wordings(path: str) -> dict[str, dict[str, str]]:
    """The wordings of a file by row and template: JSONL of `row`, `template` and `question`.

    Raises:
        SourceError: it cannot be read, or a line has another form.
    """
    from vary_data.base.json_lines import json_lines
    from vary_data.sources.cache import local_only

    found: dict[str, dict[str, str]] = {}
    try:
        data = Path(local_only(path, "questions")).read_bytes()
    except OSError as error:
        raise SourceError(f"cannot read {path}: {error.strerror}") from error
    for line in json_lines(data.split(b"\n")):
        value = line.value if isinstance(line.value, dict) else {}
        texts = [value.get(name) for name in WORDING_FIELDS]
        if not all(isinstance(text, str) and text for text in texts):
            raise SourceError(
                f"{path}:{line.number}: expected the texts {', '.join(WORDING_FIELDS)}",
                "it is written by `vary-data retarget --provider openai`",
            )
        row, template, question = map(str, texts)
        found.setdefault(row, {})[template] = question
    return found


def retargeted(
    row: dict[str, Any], key: str, form: str, seed: int, prompts: Sequence[str]
) -> Iterator[Outcome]:
    """The sample of a row with its target in a form, or the rejection."""
    try:
        found = targets(row, form, seed, prompts)
    except Rejected as error:
        yield Rejection(key, error.reason, error.detail)
        return
    yield from _samples(row, key, found)


def _samples(row: dict[str, Any], key: str, found: Sequence[Target]) -> Iterator[Outcome]:
    from vary_data.targets.read import target_format

    try:
        columns = copied(row)
    except Rejected as error:
        yield Rejection(key, error.reason, error.detail)
        return
    for target in found:
        meta = {**json.loads(row["meta"]), "origin": row["id"], META_KEY: target_meta(row, target)}
        changed = {
            "text": target.text,
            "kind": target.kind,
            "format": target_format(target.form),
            "prompt": target.prompt,
            "meta": meta,
            "turns": (),
        }
        name = f"{key}#{target.part}" if len(found) > 1 else key
        yield Sample(**{**columns, "id": name, **changed})
